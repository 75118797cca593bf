/* SPDX-License-Identifier: MIT */
/* What rights this process has (capget(2)). */
#include "base/privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

/* Of linux/capability.h, which not every C library has. */
#define VERSION_3           0x20080522
#define CAP_CHOWN           0
#define CAP_DAC_OVERRIDE    1
#define CAP_DAC_READ_SEARCH 2
#define CAP_FOWNER          3
#define CAP_KILL            5

struct header {
	uint32_t version;
	int pid;
};
/* The sets as the kernel has them: the low 32 bits of all, then the high ones. */
struct half {
	uint32_t effective, permitted, inheritable;
};

int privileges_get(struct privileges *ret)
{
	struct header header = {.version = VERSION_3};
	struct half half[2];

	if (syscall(SYS_capget, &header, half) < 0)
		return -1;
	*ret = (struct privileges){0};
	for (int i = 0; i < 2; i++) {
		ret->effective |= (uint64_t)half[i].effective << 32 * i;
		ret->permitted |= (uint64_t)half[i].permitted << 32 * i;
		ret->inheritable |= (uint64_t)half[i].inheritable << 32 * i;
	}
	return 0;
}

int privileges_set(const struct privileges *sets)
{
	struct header header = {.version = VERSION_3};
	struct half half[2];

	for (int i = 0; i < 2; i++)
		half[i] = (struct half){
			(uint32_t)(sets->effective >> 32 * i),
			(uint32_t)(sets->permitted >> 32 * i),
			(uint32_t)(sets->inheritable >> 32 * i),
		};
	return (int)syscall(SYS_capset, &header, half);
}

bool privileged(void)
{
	static const uint64_t over_files = 1u << CAP_CHOWN | 1u << CAP_DAC_OVERRIDE |
		1u << CAP_DAC_READ_SEARCH | 1u << CAP_FOWNER;
	struct privileges ours;

	return geteuid() == 0 || privileges_get(&ours) < 0 ||
		(ours.effective & over_files) != 0;
}

/*
 * A change of the user takes both away. None of this fails with what was set before. What
 * we kill(2) ourselves with would not count as a signal that was received.
 */
static void restore(int dumpable, int death_signal, pid_t parent)
{
	(void)prctl(PR_SET_DUMPABLE, dumpable);
	(void)prctl(PR_SET_PDEATHSIG, death_signal);
	if (death_signal && getppid() != parent)
		(void)sigqueue(getpid(), death_signal, (union sigval){0});
}

static bool have(int capability)
{
	struct privileges ours;

	return privileges_get(&ours) < 0 || (ours.effective & 1u << capability) != 0;
}

bool privileged_to_kill(void)
{
	return have(CAP_KILL);
}

bool privileged_to_give(void)
{
	return geteuid() == 0 && have(CAP_CHOWN);
}

bool privileged_to_set_modes(void)
{
	return geteuid() == 0 && have(CAP_FOWNER);
}

/*
 * Where one call is for many, those that we may not signal are left out without an error.
 * As that user root reaches its own all the same, by the real user that it stays.
 */
static bool reaches_all(uid_t user, pid_t pid)
{
	return pid > 0 || geteuid() != 0 || user == 0 || privileged_to_kill();
}

int privilege_kill(uid_t user, pid_t pid, int signal)
{
	uid_t ours = geteuid();
	pid_t parent = getppid();
	int dumpable, code, rc, death_signal = 0;

	if (reaches_all(user, pid)) {
		rc = kill(pid, signal);
		if (rc == 0 || errno != EPERM)
			return rc;
	}
	dumpable = prctl(PR_GET_DUMPABLE);
	(void)prctl(PR_GET_PDEATHSIG, &death_signal); /* neither can fail */
	if (seteuid(user) < 0)
		return kill(pid, signal);
	/* To signal us, others would have to be our real or saved user. */
	rc = kill(pid, signal);
	code = errno;
	(void)seteuid(ours); /* the saved one: it cannot fail */
	restore(dumpable, death_signal, parent);
	errno = code;
	return rc;
}

static ssize_t read_file(const char *path, char *ret, size_t size)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : read(fd, ret, size);
}

ssize_t privilege_read(uid_t user, gid_t group, const char *path, char *ret, size_t size)
{
	ssize_t count = read_file(path, ret, size);
	pid_t parent = getppid();
	int dumpable, death_signal = 0;

	if (count >= 0 || geteuid() != 0)
		return count;
	dumpable = prctl(PR_GET_DUMPABLE);
	(void)prctl(PR_GET_PDEATHSIG, &death_signal); /* neither can fail */
	(void)setfsgid(group); /* where these fail, so does what follows */
	(void)setfsuid(user);
	count = read_file(path, ret, size);
	(void)setfsuid(0);
	(void)setfsgid(getegid());
	restore(dumpable, death_signal, parent);
	return count;
}

int privilege_end(uid_t user, pid_t child)
{
	bool killed = privilege_kill(user, child, SIGKILL) == 0;
	int status = -1;

	while (waitpid(child, &status, killed ? 0 : WNOHANG) < 0 && errno == EINTR)
		continue;
	return status;
}
