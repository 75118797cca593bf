/* SPDX-License-Identifier: MIT */
/* Starting the program under test, and ending it where it does not end. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "start.h"

static void open_output(struct output *output)
{
	output->fd = memfd_create("output", MFD_CLOEXEC);
	if (output->fd < 0)
		give_up("memfd_create");
}

void start_init(struct start *start)
{
	const char *limit = getenv("ATTACK_LIMIT");

	start->limit_ms = 1000 * (limit ? (int)strtol(limit, NULL, 10) : 20);
	open_output(&start->out);
	open_output(&start->err);
}

static void empty_output(struct output *output)
{
	if (ftruncate(output->fd, 0) < 0 || lseek(output->fd, 0, SEEK_SET) < 0)
		give_up("empty a memfd");
}

static void read_output(struct output *output)
{
	ssize_t size = pread(output->fd, output->data, OUTPUT_MAX, 0);

	if (size < 0)
		give_up("read a memfd");
	output->size = (size_t)size;
	output->data[size] = '\0';
}

static _Noreturn void execute(
	const struct start *start, char *const *argv, char *const *environment)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (setpgid(0, 0) < 0 || dup2(null, 0) < 0 || dup2(start->out.fd, 1) < 0 ||
		dup2(start->err.fd, 2) < 0)
		_exit(99);
	execve(argv[0], argv, environment);
	_exit(99);
}

void start_run(struct start *start, char *const *argv, char *const *environment)
{
	struct pollfd ended = {.events = POLLIN};
	pid_t pid;

	empty_output(&start->out);
	empty_output(&start->err);
	start->hung = false;
	pid = fork();
	if (pid < 0)
		give_up("fork");
	if (pid == 0)
		execute(start, argv, environment);
	ended.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (ended.fd < 0)
		give_up("pidfd_open");
	if (poll(&ended, 1, start->limit_ms) != 1) {
		start->hung = true;
		/* Its group has what it started; gone already is as good. */
		(void)kill(-pid, SIGKILL);
		(void)kill(pid, SIGKILL);
	}
	(void)close(ended.fd);
	if (waitpid(pid, &start->status, 0) != pid)
		give_up("waitpid");
	read_output(&start->out);
	read_output(&start->err);
}
