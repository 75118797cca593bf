/* SPDX-License-Identifier: MIT */
/*
 * Which boot of which container this is, and whether a process of it is still there: for
 * what one process writes into a file and a later one reads, who may be in another
 * container, or in the same one after it was restarted.
 */
#ifndef PROC_BOOT_H
#define PROC_BOOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What cannot be found out, without /proc, is "" or 0, and equals anything. */
struct boot {
	char id[64];            /* of the kernel's boot */
	char host[256];         /* the host name */
	uint64_t pid_namespace; /* its inode */
	int64_t init_start;     /* when its PID 1 was started, as boot_process_start() */
	int64_t self_start;     /* the same of us, which is no part of the boot */
};

void boot_read(struct boot *ret);

/* Is it the same boot of the same container? */
bool boot_is(const struct boot *boot, const struct boot *here);

/* When the process was started, in clock ticks since the kernel's boot; 0: not known. */
int64_t boot_process_start(pid_t pid);

/* Is the process that was started then still there, and no zombie? */
bool boot_process_lives(pid_t pid, int64_t start);

#endif
