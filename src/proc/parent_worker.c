/* SPDX-License-Identifier: MIT */
/* The worker, and its further runs for `reload`. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/fork.h"
#include "proc/activity.h"
#include "proc/children.h"
#include "proc/descriptors.h"
#include "proc/parent_internal.h"
#include "proc/sources.h"
#include "proc/stack.h"

#define CATCH_UP_MS 1000

bool parent_adopt_orphans(void)
{
	int before = 0;

	if (getpid() == 1 || prctl(PR_GET_CHILD_SUBREAPER, &before) < 0 || before)
		return false;
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

/*
 * A child of ours: it keeps every signal blocked, dies with its parent, and has the
 * standard descriptors open. Its stack and umask are kept in `worker` as found.
 */
static void begin_child(struct parent *parent, pid_t ours, struct worker *worker)
{
	DECLARE_ERR(err);

	/* Cannot fail with a valid signal. The parent may have ended before it. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != ours)
		_exit(EXIT_FAILED);
	close_fd(&parent->watch.signal_fd);
	fds_fill_standard();
	worker->umask = umask(022);
	if (stack_raise(&worker->stack, &err) == 0)
		return;
	log_err(parent->job->log, LOG_ERROR, &err);
	exit(EXIT_FAILED);
}

static _Noreturn void run_worker(struct parent *parent, pid_t ours)
{
	const struct parent_job *job = parent->job;
	struct worker worker = {
		.record = parent->record,
		.activity = parent->activity,
		.stop_fd = parent->stop_fd,
		.again = parent->watch.again,
		.launched = parent->reloader.launched,
		.inotify_fd = parent->watch.again ? parent->reloader.inotify_fd : -1,
	};

	begin_child(parent, ours, &worker);
	exit(job->work(job->user, &worker));
}

static _Noreturn void run_lost(struct parent *parent, pid_t ours)
{
	const struct parent_job *job = parent->job;
	struct worker ignored; /* nothing is started that is to have it back */

	begin_child(parent, ours, &ignored);
	job->lost(job->user, parent->watch.why);
	exit(EXIT_DONE);
}

/* What the worker has left ends before, and whatever is left of the report at the end. */
static void report_lost(struct parent *parent)
{
	struct watch *watch = &parent->watch;
	struct pollfd fd = {.fd = watch->signal_fd, .events = POLLIN};
	pid_t ours = getpid(), pid, ended;
	int64_t until;
	int status;

	(void)children_end(
		SIGKILL, &watch->spared, watch->signal_fd, clock_ms() + GRACE_MS);
	until = clock_ms() + GRACE_MS;
	pid = fork();
	if (pid == 0)
		run_lost(parent, ours);
	if (pid < 0)
		log_warn(&parent->log, "make what writes the report: %s%s",
			strerror(errno), fork_hint(errno));
	while (pid > 0 && clock_ms() < until) {
		while ((ended = children_reap(&watch->spared, 0, &status)) > 0)
			if (ended == pid)
				return;
		/* As that of watch_worker(). */
		(void)poll(&fd, 1, clock_wait(until));
		(void)watch_stopped(watch); /* the exit code is known */
	}
}

int parent_open_stop(struct parent *parent)
{
	int ends[2];

	if (socket_pair_above_stderr(ends) < 0)
		return -1;
	parent->stop_fd = ends[0];
	parent->watch.stop_fd = ends[1];
	return 0;
}

/* Of a run of `reload`, which has no worker yet. */
static _Noreturn void fail_to_begin(const struct parent *parent, const char *what)
{
	reloader_warn_not_begun(&parent->reloader, what, errno);
	_exit(RELOAD_NOT_BEGUN);
}

int parent_work(struct parent *parent)
{
	struct watch *watch = &parent->watch;
	pid_t ours = getpid();
	int code;

	parent->adopted = parent_adopt_orphans();
	watch->worker = fork();
	if (watch->worker == 0)
		run_worker(parent, ours);
	if (watch->worker < 0 && watch->again)
		fail_to_begin(parent, "make the worker");
	if (watch->worker < 0) {
		watch_say_end(watch,
			"make the worker: %s%s; no report of this start is written",
			strerror(errno), fork_hint(errno));
		return EXIT_FAILED;
	}
	watch->grace_ms = parent->job->grace_ms ? parent->job->grace_ms : GRACE_MS;
	code = watch_worker(watch);
	if (WIFSIGNALED(watch->status) && parent->job->lost && !watch->again)
		report_lost(parent);
	return code;
}

/* ---- reload ---- */

/*
 * A run below a process of its own, which watches the worker as the first one was and
 * ends what it leaves: to the supervisor come the application's orphans, too.
 */
static _Noreturn void run_again(struct parent *parent, pid_t ours)
{
	struct watch *watch = &parent->watch;
	int code;

	(void)setpgid(0, 0); /* a fresh child: cannot fail */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0); /* before anything is read; neither fails */
	(void)signal(SIGTERM, SIG_DFL);  /* one that was ignored would stop nothing */
	if (getppid() != ours)
		_exit(EXIT_FAILED);
	children_spared_release(&watch->spared); /* they are none of this one's */
	launch_unmap(parent->record);
	parent->record = NULL;
	close_fd(&parent->stop_fd);
	close_fd(&watch->stop_fd);
	*watch = (struct watch){.activity = parent->activity,
		.signal_fd = watch->signal_fd,
		.log = watch->log,
		.again = true};
	if (fchdir(parent->workdir_fd) < 0)
		fail_to_begin(parent, "the working directory");
	if (parent_open_stop(parent) < 0)
		fail_to_begin(parent, "socket of the worker");
	close_fd(&parent->workdir_fd);
	code = parent_work(parent);
	(void)children_end(
		SIGKILL, &watch->spared, watch->signal_fd, clock_ms() + GRACE_MS);
	if (WIFSIGNALED(watch->status)) { /* it has not come to that */
		sources_end(activity_sources(parent->activity), false);
		if (!watch->stop)
			log_warn(&parent->log, "%s",
				reload_failed(parent->reloader.launched));
	}
	exit(code);
}

static pid_t fork_again(void *user)
{
	struct parent *parent = user;
	pid_t ours = getpid(), pid = fork();

	if (pid == 0)
		run_again(parent, ours);
	return pid;
}

void parent_prepare_reload(struct parent *parent)
{
	int inotify_fd = fd_take(parent->watch.stop_fd);

	if (inotify_fd < 0)
		return;
	parent->workdir_fd = fd_above_stderr(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
	parent->reloader = (struct reloader){
		.signal = parent->launch.reload,
		.inotify_fd = inotify_fd,
		.activity = parent->activity,
		.log = &parent->log,
		.grace_ms = parent->watch.grace_ms,
		.fork_worker = fork_again,
		.user = parent,
	};
}

void parent_catch_up(struct parent *parent)
{
	struct reloader *reloader = &parent->reloader;
	struct watch *watch = &parent->watch;
	int64_t until = clock_ms() + CATCH_UP_MS;
	int status;
	pid_t pid;

	reloader_turn(reloader);
	while (reloader_is_busy(reloader) &&
		((reloader->worker && !reloader->stopped) || clock_ms() < until)) {
		struct pollfd ready[] = {
			{.fd = watch->signal_fd, .events = POLLIN},
			{.fd = reloader_fd(reloader), .events = POLLIN},
		};

		/* As that of watch_worker(). */
		(void)poll(ready, 2, clock_wait(reloader_next(reloader)));
		if (watch_stopped(watch) && !reloader->stopped) {
			reloader_stop(reloader);
			until = clock_ms() + 3 * reloader->grace_ms;
		}
		while ((pid = children_reap(&watch->spared, 0, &status)) > 0)
			(void)reloader_ended(reloader, pid, status);
		reloader_turn(reloader);
	}
	/* Also that of a run that has failed. */
	(void)activity_take_change(parent->activity);
	reloader->launched = true;
}
