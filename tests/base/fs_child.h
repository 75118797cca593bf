/* SPDX-License-Identifier: MIT */
/* Children for whom the system is another: calls that fail, mounts of their own. */
#ifndef TESTS_BASE_FS_CHILD_H
#define TESTS_BASE_FS_CHILD_H

#include <linux/capability.h>
#include <linux/fs.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "../child.h"
#include "../filter.h"
#include "disk.h"

/*
 * From now on this system call fails with that error; of renameat2 only with NOREPLACE.
 */
static inline int deny(long number, int code)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 4),
		/* The C library makes a plain rename of renameat2 on some machines. */
		BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[4])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
			number == SYS_renameat2 ? 0 : 0xffffffff, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)code),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return filter_install(filter, sizeof filter / sizeof *filter) < 0 ? SKIPPED : 0;
}

/* A mount namespace of our own, or SKIPPED. */
static inline int own_mounts(void)
{
	if (unshare(CLONE_NEWNS) < 0 ||
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return SKIPPED;
	return 0;
}

/* Root without that capability: as in a container that drops them. */
static inline int drop_capability(int capability)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	REQUIRE(syscall(SYS_capget, &head, data) == 0);
	data[capability / 32].effective &= ~(1U << (capability % 32));
	data[capability / 32].permitted &= ~(1U << (capability % 32));
	REQUIRE(syscall(SYS_capset, &head, data) == 0);
	return 0;
}

#define MUST(what) \
	do { \
		int must_code = (what); \
\
		if (must_code != 0) \
			return must_code; \
	} while (0)

#endif
