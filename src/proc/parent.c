/* SPDX-License-Identifier: MIT */
/* The parent: mask, worker, launch. */
#include "proc/parent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "proc/bootstrap.h"
#include "proc/descriptors.h"
#include "proc/exit_code.h"
#include "proc/launch.h"
#include "proc/signals.h"
#include "proc/supervise.h"
#include "proc/worker.h"

#define GRACE_MS 5000

void parent_begin(struct parent *parent)
{
	struct sigaction found;
	struct sigaction fresh = {.sa_handler = SIG_DFL};

	signals_block(&parent->mask);
	parent->dumpable = prctl(PR_GET_DUMPABLE) == 1;
	(void)prctl(PR_SET_DUMPABLE, 0); /* fails for another number only */
	/*
	 * Neither can fail for SIGCHLD. Ignored, children would vanish without a status.
	 */
	(void)sigaction(SIGCHLD, &fresh, &found);
	parent->chld_ignored = found.sa_handler == SIG_IGN;
	parent->starter = getppid();
}

void parent_restore_dumpable(const struct parent *parent)
{
	if (parent->dumpable)
		(void)prctl(PR_SET_DUMPABLE, 1); /* as above */
}

void parent_restore_signals(const struct parent *parent)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	if (parent->chld_ignored)
		(void)sigaction(SIGCHLD, &ignore, NULL); /* cannot fail */
	signals_set_mask(&parent->mask);
}

void parent_restore(const struct parent *parent)
{
	parent_restore_dumpable(parent);
	parent_restore_signals(parent);
}

void parent_death_signal(int signal, pid_t expected)
{
	if (signal == 0)
		return;
	/* Neither can fail with a valid signal. */
	(void)prctl(PR_SET_PDEATHSIG, signal);
	if (getppid() != expected)
		(void)kill(getpid(), signal);
}

/*
 * Orphans come to us while this is set, so that a worker that crashed leaves none behind.
 * Returns whether it was us who set it; a kernel without it leaves them to init.
 */
static bool adopt_orphans(void)
{
	int before = 0;

	if (getpid() == 1 || prctl(PR_GET_CHILD_SUBREAPER, &before) < 0 || before)
		return false;
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

static void disown_orphans(bool adopted)
{
	/* What could be set can be taken back. */
	if (adopted)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 0);
}

/* What the descriptors of a run are, from the worker's fork to the launch. */
struct tower {
	struct worker_pipes pipes;
	struct bootstrap bootstrap;
	struct log log; /* the parent's: from a fixed buffer */
	bool adopted;
};

#define CLEANUP_TOWER __attribute__((cleanup(tower_release)))

static void tower_release(struct tower *tower)
{
	launch_unmap(tower->pipes.record);
	close_fd(&tower->pipes.event_fds[0]);
	close_fd(&tower->pipes.event_fds[1]);
	close_fd(&tower->pipes.signal_fd);
}

static int tower_open(struct tower *tower, const struct parent_job *job, struct err *err)
{
	struct worker_pipes *pipes = &tower->pipes;

	pipes->signal_fd = signals_open_all();
	if (pipes->signal_fd < 0)
		return err_sys(err, "signalfd");
	if (job->at_once)
		return 0;
	pipes->record = launch_map(err);
	if (!pipes->record)
		return -1;
	if (pipe_above_stderr(pipes->event_fds) < 0)
		return err_sys(err, "pipe");
	if (fcntl(pipes->event_fds[0], F_SETFL, O_NONBLOCK) < 0)
		return err_sys(err, "make the pipe non-blocking");
	return 0;
}

static int bootstrap(struct tower *tower, const struct parent_job *job)
{
	struct bootstrap *b = &tower->bootstrap;

	tower->adopted = adopt_orphans();
	b->worker = worker_start(job, &tower->pipes);
	if (b->worker < 0) {
		log_error(&tower->log, "fork the worker: %s", strerror(errno));
		return EXIT_FAILED;
	}
	close_fd(&tower->pipes.event_fds[1]);
	b->event_fd = tower->pipes.event_fds[0];
	b->grace_ms = job->grace_ms ? job->grace_ms : GRACE_MS;
	return bootstrap_watch(b);
}

/* What is left to be done before the execve of the application that we become. */
struct becoming {
	const struct parent *parent;
	struct bootstrap *bootstrap;
	int death_signal;
};

static void let_signals_in(void *user)
{
	const struct becoming *becoming = user;

	/* The kernel drops it for a PID 1 without handlers; any other it ends. */
	if (getpid() == 1 && bootstrap_stopped(becoming->bootstrap))
		_exit(EXIT_SIGNAL + becoming->bootstrap->stop);
	parent_death_signal(becoming->death_signal, becoming->parent->starter);
	parent_restore_signals(becoming->parent);
}

/* Only what went wrong comes back from here. */
static int become(const struct parent *parent, struct tower *tower, int death_signal,
	const struct parent_job *job)
{
	struct becoming becoming = {parent, &tower->bootstrap, death_signal};
	DECLARE_ERR(err);

	/* Always -1. */
	if (job->at_once)
		(void)launch_as_found(job->at_once, let_signals_in, &becoming, &err);
	else
		(void)launch_execute(
			tower->pipes.record, let_signals_in, &becoming, &err);
	log_err(job->log, &err);
	return exit_code_of_error(&err);
}

static int read_head(const struct tower *tower, const struct parent_job *job,
	struct launch_head *ret, struct err *err)
{
	if (!job->at_once)
		return launch_read_head(tower->pipes.record, ret, err);
	*ret = job->at_once->head;
	return 0;
}

static int launch(
	const struct parent *parent, struct tower *tower, const struct parent_job *job)
{
	DECLARE_ERR(err);
	struct launch_head head;
	struct launch_record *record = tower->pipes.record;
	int found = read_head(tower, job, &head, &err);
	bool supervised;

	if (found < 0) {
		log_err(&tower->log, &err);
		return EXIT_FAILED;
	}
	supervised = head.init == LAUNCH_SUPERVISE ||
		(head.init == LAUNCH_AUTO && getpid() == 1);
	if (found == 0 && supervised)
		(void)adopt_orphans(); /* it is set since the bootstrap, or cannot be */
	else
		disown_orphans(tower->adopted);
	/* The last look: a stop that came before the launch always wins. */
	if (bootstrap_stopped(&tower->bootstrap))
		return EXIT_SIGNAL + tower->bootstrap.stop;
	if (found > 0)
		return 0;
	if (!supervised)
		return become(parent, tower, head.death_signal, job);
	if (record)
		launch_hide(record, &head, job->environment);
	/* It closes what it does not need, whose numbers are then not ours to close. */
	close_fd(&tower->pipes.event_fds[0]);
	tower->pipes.record = NULL; /* and unmaps this */
	return supervise(&(struct supervise){
		.parent = parent,
		.head = &head,
		.at_once = job->at_once,
		.record = record,
		.signal_fd = tower->pipes.signal_fd,
		.spared = &tower->bootstrap.spared,
		.log = &tower->log,
	});
}

int parent_run(struct parent *parent, const struct parent_job *job)
{
	CLEANUP_TOWER struct tower tower = {
		.pipes = {.event_fds = {-1, -1}, .signal_fd = -1},
	};
	DECLARE_ERR(err);
	int code;

	tower.log = *job->log;
	tower.log.fixed = true;
	if (tower_open(&tower, job, &err) < 0) {
		log_err(&tower.log, &err);
		return EXIT_FAILED;
	}
	children_spare(&tower.bootstrap.spared);
	tower.bootstrap.signal_fd = tower.pipes.signal_fd;
	tower.bootstrap.log = &tower.log;
	tower.bootstrap.ended = job->at_once != NULL;
	code = job->at_once ? 0 : bootstrap(&tower, job);
	if (code == 0)
		code = launch(parent, &tower, job);
	/*
	 * Nothing was launched or all has ended; what a good run left on purpose may
	 * stay.
	 */
	if (code != 0)
		children_end(&tower.bootstrap.spared, tower.pipes.signal_fd, GRACE_MS);
	return code;
}
