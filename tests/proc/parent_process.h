/* SPDX-License-Identifier: MIT */
/*
 * Running parent, worker and application from a test: as any process, supervising, and as
 * PID 1 of a pid namespace. The application's stdout and our stderr come back as text.
 */
#ifndef TESTS_PROC_PARENT_PROCESS_H
#define TESTS_PROC_PARENT_PROCESS_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "proc/activity.h"
#include "proc/launch.h"
#include "proc/parent.h"
#include "proc/startup.h"
#include "proc/watch.h"

enum { BECOME, SUPERVISE, AS_PID_1, MODES };

/* Longer than anything here takes: a hang is a failure, not an endless run. */
#define HANG_MS 30000

struct parent_case {
	int mode;
	char *const *argv;                                    /* the application; or: */
	const char *script;                                   /* for /bin/sh -c */
	int (*work)(void *user, const struct worker *worker); /* NULL: launches it */
	void (*before)(void); /* in the process, before the parent begins */
	int64_t leftover_ms;
	int64_t stop_ms; /* 0: never */
	int kill_mode;
	void (*change)(struct launch *launch); /* a last word on the record; or NULL */
	int64_t grace_ms;
	bool at_once;                /* `argv`, as it was found and without a worker */
	bool stopped;                /* a TERM waits, sent when the mask was on */
	struct signal_rules signals; /* that work_until_stopped() announces */
};

struct parent_process {
	pid_t pid; /* of the parent */
	int out_fd, log_fd;
	char out[65536];
	char log[16384];
	size_t out_size, log_size;
	int status; /* of wait(2) */
};

/* Hands the case's application over. */
static inline int launch_case(const struct parent_case *c, const struct worker *worker)
{
	DECLARE_ERR(err);
	char sh[] = "/bin/sh";
	char option[] = "-c";
	char path[] = "PATH=/usr/bin:/bin";
	char *argv[] = {sh, option, NULL, NULL};
	char *env[] = {path, NULL};
	struct launch launch = LAUNCH_INIT;

	launch.init = c->mode == SUPERVISE ? LAUNCH_SUPERVISE : LAUNCH_AUTO;
	if (c->leftover_ms)
		launch.leftover_timeout_ms = c->leftover_ms;
	if (c->stop_ms)
		launch.stop_timeout_ms = c->stop_ms;
	launch.kill_mode = c->kill_mode;
	if (c->change)
		c->change(&launch);
	if (c->script)
		argv[2] = strdup(c->script);
	launch.argv = c->argv ? c->argv : argv;
	launch.env = env;
	if (launch_write(worker->record, &launch, &err) < 0)
		dprintf(2, "launch_write: %s\n", err.text);
	free(argv[2]);
	return 0;
}

static inline int work_case(void *user, const struct worker *worker)
{
	return launch_case(user, worker);
}

/* The process that is the parent. Says when its mask is on, by a byte on `ready_fd`. */
static inline void be_parent(
	const struct parent_case *c, int out_fd, int log_fd, int ready_fd)
{
	struct log log = {.fd = STDERR_FILENO, .level = LOG_INFO};
	struct parent_case copy = *c;
	struct startup startup;
	struct parent_job job = {
		.work = c->work ? c->work : work_case,
		.user = &copy,
		.log = &log,
		.grace_ms = c->grace_ms,
		.environment = environ,
	};
	struct launch launch = LAUNCH_INIT;

	dup2(out_fd, STDOUT_FILENO);
	dup2(log_fd, STDERR_FILENO);
	if (c->before)
		c->before();
	startup_begin(&startup);
	if (write(ready_fd, "r", 1) != 1)
		_exit(99);
	close(ready_fd);
	launch.init = c->mode == SUPERVISE ? LAUNCH_SUPERVISE : LAUNCH_AUTO;
	launch.argv = c->argv;
	launch.env = environ;
	if (c->at_once)
		job.at_once = &launch;
	if (c->stopped) /* queued: what we send to us by kill(2) is for others */
		(void)sigqueue(getpid(), SIGTERM, (union sigval){0});
	_exit(parent_run(&startup, &job));
}

/* Starts it and waits for its mask. Skips the test where a namespace is not permitted. */
static inline void start_parent(const struct parent_case *c, struct parent_process *run)
{
	int out[2], log[2], ready[2];
	unsigned long flags = SIGCHLD;
	char byte;

	memset(run, 0, sizeof *run);
	if (c->mode == AS_PID_1)
		flags |= CLONE_NEWPID;
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(log, O_CLOEXEC), 0);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	fflush(NULL);
	run->pid = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
	if (run->pid < 0 && errno == EPERM)
		SKIP("no pid namespace: %s", strerror(errno));
	assert_true(run->pid >= 0);
	if (run->pid == 0)
		be_parent(c, out[1], log[1], ready[1]);
	close(out[1]);
	close(log[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	run->out_fd = out[0];
	run->log_fd = log[0];
}

static inline void fill_from(int *fd, char *to, size_t size, size_t *used)
{
	ssize_t n = read(*fd, to + *used, size - 1 - *used);

	if (n <= 0) {
		close(*fd);
		*fd = -1;
		return;
	}
	*used += (size_t)n;
}

/* Reads on until `text` is in the output, or, where it is NULL, to the end of both. */
static inline void read_parent(struct parent_process *run, const char *text)
{
	while (run->out_fd >= 0 || run->log_fd >= 0) {
		struct pollfd fds[] = {
			{.fd = run->out_fd, .events = POLLIN},
			{.fd = run->log_fd, .events = POLLIN},
		};

		if (text && strstr(run->out, text))
			return;
		if (poll(fds, 2, HANG_MS) == 0) {
			kill(run->pid, SIGKILL);
			fail_msg("hangs; output '%s', log '%s'", run->out, run->log);
		}
		if (fds[0].revents)
			fill_from(
				&run->out_fd, run->out, sizeof run->out, &run->out_size);
		if (fds[1].revents)
			fill_from(
				&run->log_fd, run->log, sizeof run->log, &run->log_size);
	}
	if (text && !strstr(run->out, text))
		fail_msg("no '%s' in '%s'; log '%s'", text, run->out, run->log);
}

/* Reads to the end: then no process holds the pipes any more, so none is left. */
static inline int finish_parent(struct parent_process *run)
{
	read_parent(run, NULL);
	assert_int_equal(waitpid(run->pid, &run->status, 0), run->pid);
	return WIFSIGNALED(run->status) ? 128 + WTERMSIG(run->status)
					: WEXITSTATUS(run->status);
}

static inline int run_parent(const struct parent_case *c, struct parent_process *run)
{
	start_parent(c, run);
	return finish_parent(run);
}

/* On stdout, at once: the test may wait for it. */
static inline void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(98);
}

/* A worker that does nothing until it is stopped, then what it should. */
static inline int work_until_stopped(void *user, const struct worker *worker)
{
	struct stop stop = {
		.asked = activity_stop(worker->activity), .fd = worker->stop_fd};
	DECLARE_ERR(err);

	(void)launch_case(user, worker);
	activity_signals(worker->activity, &((const struct parent_case *)user)->signals);
	say("working\n");
	while (stop_sleep(&stop, 60000, &err) == 0)
		continue;
	return 128 + err.code;
}

#endif
