/* SPDX-License-Identifier: MIT */
/* Following the system calls of a command and of all that it starts, by ptrace(2). */
#ifndef TESTS_FAULT_TRACE_H
#define TESTS_FAULT_TRACE_H

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define SYSCALL_STOP (SIGTRAP | 0x80)

/* PTRACE_GET_SYSCALL_INFO, whose struct the C libraries name differently. */
struct syscall_info {
	uint8_t op;
	uint8_t pad[3];
	uint32_t arch;
	uint64_t instruction_pointer;
	uint64_t stack_pointer;
	uint64_t nr; /* of an entry */
	uint64_t args[6];
};
#define GET_SYSCALL_INFO 0x420e
#define OP_ENTRY         1

/* Exits with 99, and the text of errno. */
static inline _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what,
		strerror(errno));
	exit(99);
}

/* Begins the command, which stops at its next system call. Returns its pid. */
static inline pid_t trace_begin(char **command)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
		PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
		PTRACE_O_EXITKILL;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		give_up("fork");
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 || raise(SIGSTOP) != 0)
			give_up("ptrace");
		(void)execvp(command[0], command);
		give_up(command[0]);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status) ||
		ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)options) < 0 ||
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL) < 0)
		give_up("ptrace");
	return pid;
}

#endif
