/* SPDX-License-Identifier: MIT */
/*
 * Included before each file of build/cov: what leaves by _exit(2), which runs no handler,
 * or by fexecve(3), which gcc does not know, writes its counts first. See "Profiling and
 * Test Coverage in Freestanding Environments" in gcc's manual.
 */
#ifndef COV_EXIT_H
#define COV_EXIT_H

#include <unistd.h>

extern void __gcov_dump(void);

static inline _Noreturn void cov_exit(int code)
{
	__gcov_dump();
	_exit(code);
}

static inline int cov_fexecve(int fd, char *const argv[], char *const envp[])
{
	__gcov_dump();
	return fexecve(fd, argv, envp);
}

#define _exit(code)             cov_exit(code)
#define fexecve(fd, argv, envp) cov_fexecve(fd, argv, envp)

#endif
