/* SPDX-License-Identifier: MIT */
/* A process that is asked, and answers through a pipe. */
#include "proc/ask.h"

#include <poll.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fork.h"
#include "base/privilege.h"
#include "base/stop.h"
#include "proc/descriptors.h"

#define ANSWER_MS 5000 /* that a few system calls may take */

/* Returns how much came, all of it where there is an answer; or -1. */
static ssize_t read_answer(
	int from, void *answer, size_t size, struct stop *stop, struct err *err)
{
	struct pollfd ready = {.fd = from, .events = POLLIN};
	size_t got = 0;

	while (got < size) {
		int rc = stop_poll(stop, &ready, 1, ANSWER_MS, err);
		ssize_t n;

		if (rc <= 0)
			return rc < 0 ? -1 : (ssize_t)got;
		n = read(from, (char *)answer + got, size - got);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

int ask_process(const struct ask *ask, void *answer, struct stop *stop, struct err *err)
{
	CLEANUP_FD int from = -1, to = -1;
	int ends[2];
	ssize_t got;
	pid_t pid;

	if (pipe_above_stderr(ends) < 0)
		return err_sys(err, "pipe");
	from = ends[0];
	to = ends[1];
	pid = fork();
	if (pid < 0)
		return fork_failed(err, ask->what);
	if (pid == 0) {
		ask->work(ask->user, answer);
		_exit(fd_write_all(to, answer, ask->size) == 0 ? 0 : 1);
	}
	close_fd(&to);
	got = read_answer(from, answer, ask->size, stop, err);
	(void)privilege_end(ask->uid, pid); /* it has answered, or is not waited for */
	return got < 0 ? -1 : (size_t)got == ask->size;
}
