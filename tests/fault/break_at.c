/* SPDX-License-Identifier: MIT */
/*
 * Breaks a command at its Nth system call, counted over all its processes:
 *
 *	break_at N kill COMMAND…	all of them are killed as the call begins
 *	break_at N ERRNO COMMAND…	the call is not made, and fails with that number
 *	break_at 0 kill|ERRNO COMMAND…	prints how many calls there are
 *
 * Counting begins with the command's own first call. What is killed is killed at every
 * call. Errors are for calls that deal with files, made by the command itself and not by
 * what it runs: a shell that cannot read its script proves nothing.
 *
 * Exit: killed, 0; else as the command ended (128+n for a signal). 99: could not be done.
 */
#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace.h"

#define PROCESSES_MAX 1024

struct process {
	pid_t pid;    /* 0: free */
	bool ours;    /* runs the command itself, or what it forked without exec */
	bool failing; /* in a call that was put out of action */
};

struct tracer {
	struct process processes[PROCESSES_MAX];
	long target; /* 0: only count */
	int error;   /* 0: kill */
	pid_t first;
	bool begun; /* the command was executed */
	char exe[PATH_MAX];
	long count;
	int status; /* of the first process */
	bool killed;
};

/* Not close(2), which closes even where it fails. */
static const long file_calls[] = {
#ifdef SYS_open
	SYS_open,
	SYS_rename,
	SYS_mkdir,
	SYS_link,
	SYS_unlink,
	SYS_rmdir,
	SYS_symlink,
	SYS_readlink,
	SYS_stat,
	SYS_lstat,
#endif
#ifdef SYS_newfstatat
	SYS_newfstatat,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
	SYS_openat,
	SYS_read,
	SYS_pread64,
	SYS_write,
	SYS_pwrite64,
	SYS_writev,
	SYS_fsync,
	SYS_fdatasync,
	SYS_renameat2,
	SYS_linkat,
	SYS_symlinkat,
	SYS_unlinkat,
	SYS_mkdirat,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_fchown,
	SYS_fchownat,
	SYS_ftruncate,
	SYS_fallocate,
	SYS_fstat,
	SYS_statx,
	SYS_lseek,
	SYS_getdents64,
	SYS_readlinkat,
	SYS_memfd_create,
	SYS_pipe2,
	SYS_clone,
};

static bool is_file_call(uint64_t number)
{
	for (size_t i = 0; i < sizeof file_calls / sizeof *file_calls; i++)
		if ((uint64_t)file_calls[i] == number)
			return true;
	return false;
}

static struct process *find(struct tracer *tracer, pid_t pid)
{
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		if (tracer->processes[i].pid == pid)
			return &tracer->processes[i];
	return NULL;
}

static struct process *add(struct tracer *tracer, pid_t pid, bool ours)
{
	struct process *process = find(tracer, 0);

	if (!process)
		give_up("too many processes");
	*process = (struct process){.pid = pid, .ours = ours};
	return process;
}

static void kill_all(struct tracer *tracer)
{
	tracer->killed = true;
	/* It may be gone already. */
	for (size_t i = 0; i < PROCESSES_MAX; i++)
		if (tracer->processes[i].pid)
			(void)kill(tracer->processes[i].pid, SIGKILL);
}

/* ---- the call itself ---- */

static void get_registers(pid_t pid, struct user_regs_struct *ret)
{
	struct iovec vector = {.iov_base = ret, .iov_len = sizeof *ret};

	if (ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &vector) < 0)
		give_up("read the registers");
}

static void set_registers(pid_t pid, intptr_t set, void *data, size_t size)
{
	struct iovec vector = {.iov_base = data, .iov_len = size};

	if (ptrace(PTRACE_SETREGSET, pid, (void *)set, &vector) < 0)
		give_up("write the registers");
}

/* At its entry: no call has this number. */
static void disable_call(pid_t pid)
{
#if defined __x86_64__
	struct user_regs_struct all;

	get_registers(pid, &all);
	all.orig_rax = (unsigned long long)-1;
	set_registers(pid, NT_PRSTATUS, &all, sizeof all);
#elif defined __aarch64__
	int none = -1;

	set_registers(pid, NT_ARM_SYSTEM_CALL, &none, sizeof none);
#else
	errno = ENOSYS;
	give_up("errors on this processor");
#endif
}

static void set_result(pid_t pid, int error)
{
	struct user_regs_struct all;

	get_registers(pid, &all);
#if defined __x86_64__
	all.rax = (unsigned long long)-error;
#elif defined __aarch64__
	all.regs[0] = (unsigned long long)-error;
#endif
	set_registers(pid, NT_PRSTATUS, &all, sizeof all);
}

static void at_call(struct tracer *tracer, struct process *process)
{
	struct syscall_info info = {0};

	if (ptrace(GET_SYSCALL_INFO, process->pid, (void *)sizeof info, &info) < 0)
		return; /* killed meanwhile */
	if (info.op != OP_ENTRY) {
		if (process->failing)
			set_result(process->pid, tracer->error);
		process->failing = false;
		return;
	}
	if (!tracer->begun)
		return;
	if (tracer->error && !(process->ours && is_file_call(info.nr)))
		return;
	if (++tracer->count != tracer->target)
		return;
	fprintf(stderr, "break_at: system call %d of process %d\n", (int)info.nr,
		(int)process->pid);
	if (!tracer->error) {
		kill_all(tracer);
		return;
	}
	disable_call(process->pid);
	process->failing = true;
}

/* ---- the processes ---- */

static void read_exe(pid_t pid, char exe[PATH_MAX])
{
	char link[64];
	ssize_t size;

	(void)snprintf(link, sizeof link, "/proc/%d/exe", (int)pid); /* it fits */
	size = readlink(link, exe, PATH_MAX - 1);
	exe[size > 0 ? size : 0] = '\0';
}

static void at_exec(struct tracer *tracer, struct process *process)
{
	char exe[PATH_MAX];

	read_exe(process->pid, exe);
	if (!tracer->begun)
		memcpy(tracer->exe, exe, sizeof exe);
	tracer->begun = true;
	process->ours = strcmp(exe, tracer->exe) == 0;
}

static void at_fork(struct tracer *tracer, const struct process *parent)
{
	unsigned long pid;

	if (ptrace(PTRACE_GETEVENTMSG, parent->pid, NULL, &pid) < 0)
		return; /* killed meanwhile */
	if (!find(tracer, (pid_t)pid))
		add(tracer, (pid_t)pid, parent->ours);
	else
		find(tracer, (pid_t)pid)->ours = parent->ours;
}

/* The signal that the process gets when it goes on, or 0. */
static int at_stop(struct tracer *tracer, struct process *process, int status)
{
	int signal = WSTOPSIG(status);

	switch (status >> 16) {
	case 0:
		break;
	case PTRACE_EVENT_EXEC:
		at_exec(tracer, process);
		return 0;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		at_fork(tracer, process);
		return 0;
	default:
		return 0;
	}
	if (signal == SYSCALL_STOP) {
		at_call(tracer, process);
		return 0;
	}
	/* A new process begins with a stop that nobody sent. */
	return signal == SIGSTOP ? 0 : signal;
}

static void trace_all(struct tracer *tracer)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		struct process *process = pid > 0 ? find(tracer, pid) : NULL;
		int signal;

		if (pid < 0)
			continue;
		if (!process)
			process = add(tracer, pid, false);
		if (!WIFSTOPPED(status)) {
			if (pid == tracer->first)
				tracer->status = status;
			process->pid = 0;
			continue;
		}
		signal = at_stop(tracer, process, status);
		/* Fails where it was killed meanwhile. */
		(void)ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)signal);
	}
}

int main(int argc, char **argv)
{
	static struct tracer tracer;

	if (argc < 4) {
		fprintf(stderr, "usage: break_at N kill|ERRNO COMMAND…\n");
		return 99;
	}
	tracer.target = strtol(argv[1], NULL, 10);
	tracer.error = strcmp(argv[2], "kill") == 0 ? 0 : (int)strtol(argv[2], NULL, 10);
	tracer.first = trace_begin(argv + 3);
	add(&tracer, tracer.first, true);
	trace_all(&tracer);
	if (tracer.target == 0)
		printf("%ld\n", tracer.count);
	if (tracer.killed)
		return 0;
	return WIFEXITED(tracer.status) ? WEXITSTATUS(tracer.status)
					: 128 + WTERMSIG(tracer.status);
}
