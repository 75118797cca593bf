/* SPDX-License-Identifier: MIT */
/* The parent: mask, worker, launch. */
#include "proc/parent.h"

#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/log.h"
#include "proc/activity.h"
#include "proc/descriptors.h"
#include "proc/launch.h"
#include "proc/parent_internal.h"
#include "proc/signals.h"
#include "proc/startup.h"
#include "proc/supervise.h"
#include "proc/termination.h"
#include "proc/watch.h"

#define CLEANUP_PARENT __attribute__((cleanup(parent_release)))

static void parent_release(struct parent *parent)
{
	launch_unmap(parent->record);
	activity_unmap(parent->activity);
	close_fd(&parent->watch.signal_fd);
	close_fd(&parent->watch.stop_fd);
	close_fd(&parent->stop_fd);
	close_fd(&parent->workdir_fd);
	close_fd(&parent->reloader.inotify_fd);
	children_spared_release(&parent->watch.spared);
}

static int prepare(struct parent *parent, struct err *err)
{
	parent->watch.signal_fd = signals_open_all();
	if (parent->watch.signal_fd < 0)
		return err_sys(err, "signalfd");
	if (parent->job->at_once)
		return 0;
	parent->record = launch_map(err);
	if (!parent->record)
		return -1;
	parent->activity = activity_map(err);
	if (!parent->activity)
		return -1;
	parent->watch.activity = parent->activity;
	return parent_open_stop(parent) < 0 ? err_sys(err, "socket of the worker") : 0;
}

/* What came for the application waits for us until signals are let in. */
static void hand_on(const struct parent *parent)
{
	for (int i = 1; i <= SIGNALS_MAX && parent->watch.kept; i++) {
		int signal = parent->watch.kept & signal_bit(i)
			? rewriting_get(&parent->launch.signals.becomes, i)
			: 0;

		if (parent->watch.kept & signal_bit(i))
			signals_log(&parent->log, i, signal);
		if (signal)
			(void)kill(getpid(), signal); /* it is a signal, and to us */
	}
}

/* What is left to be done before the execve of the application that we become. */
static void let_signals_in(void *user)
{
	struct parent *parent = user;

	/* The kernel drops it for a PID 1 without handlers; any other it ends. */
	if (getpid() == 1 && watch_stopped(&parent->watch))
		_exit(EXIT_SIGNAL(parent->watch.stop));
	hand_on(parent);
	startup_death_signal(parent->launch.death_signal, parent->startup->starter);
	startup_restore_signals(parent->startup);
}

/* Becomes the application. Returns only where that failed: the exit code. */
static int become_application(struct parent *parent, struct err *err)
{
	(void)launch_execute(&parent->launch, parent->record, let_signals_in, parent,
		err); /* always -1 */
	log_err(parent->job->log, LOG_ERROR, err);
	termination_write(err->text);
	return exit_code_of_launch(err);
}

static int supervise_application(struct parent *parent)
{
	struct launch_record *record = parent->record;

	if (record)
		launch_hide(&parent->launch, parent->job->environment);
	if (parent->launch.reload)
		parent_prepare_reload(parent);
	if (parent->reloader.signal)
		parent_catch_up(parent);
	if (parent->watch.stop)
		return EXIT_SIGNAL(parent->watch.stop);
	/* It closes what it does not need, whose numbers are then not ours to close. */
	if (!parent->reloader.signal) {
		activity_unmap(parent->activity);
		parent->activity = NULL;
	}
	parent->watch.activity = NULL;
	parent->watch.stop_fd = -1;
	parent->stop_fd = -1;
	parent->record = NULL; /* and unmaps this */
	return supervise(
		&(struct supervise){
			.startup = parent->startup,
			.launch = &parent->launch,
			.record = record,
			.signal_fd = parent->watch.signal_fd,
			.kept = parent->watch.kept,
			.spared = &parent->watch.spared,
			.log = &parent->log,
			.reloader = parent->reloader.signal ? &parent->reloader : NULL,
			.workdir_fd = parent->workdir_fd,
		},
		&parent->signal);
}

static int fail(const struct parent *parent, struct err *err)
{
	log_err(&parent->log, LOG_ERROR, err);
	termination_write(err->text);
	return EXIT_FAILED;
}

/* Launches what the worker handed over, if anything: the exit code. */
static int launch_application(struct parent *parent, struct err *err)
{
	const struct launch *launch = &parent->launch;
	bool supervised;
	int found = 0;

	if (parent->job->at_once)
		parent->launch = *parent->job->at_once;
	else
		found = launch_read(parent->record, &parent->launch, err);
	if (found < 0)
		return fail(parent, err);
	parent->launch.started_as = getpid();
	supervised = found == 0 &&
		(launch->init == LAUNCH_SUPERVISE ||
			(launch->init == LAUNCH_AUTO && getpid() == 1));
	if (supervised)
		(void)parent_adopt_orphans(); /* it is set since the work, or cannot be */
	else if (parent->adopted)
		(void)prctl(PR_SET_CHILD_SUBREAPER, 0); /* as it could be set */
	/* It comes to us like any signal. Our parent may have died before. */
	if (supervised)
		startup_death_signal(launch->death_signal, parent->startup->starter);
	/* The last check: a stop that came before the launch always wins. */
	if (watch_stopped(&parent->watch))
		return EXIT_SIGNAL(parent->watch.stop);
	if (found > 0)
		return EXIT_DONE;
	return supervised ? supervise_application(parent)
			  : become_application(parent, err);
}

/*
 * A shell ends its loop where a command dies of INT, and goes on where it handles that
 * and exits. So we die as the application did, of INT and of QUIT, which the same is said
 * of; PID 1 cannot.
 */
static void end_by(int signal)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t before;

	if ((signal != SIGINT && signal != SIGQUIT) || getpid() == 1)
		return;
	(void)prctl(PR_SET_DUMPABLE, 0);        /* nobody needs a core of ours */
	(void)sigaction(signal, &action, NULL); /* these fail for bad arguments only */
	(void)kill(getpid(), signal);
	signals_unblock(signal, &before);
}

int parent_run(const struct startup *startup, const struct parent_job *job)
{
	CLEANUP_PARENT struct parent parent = {
		.startup = startup,
		.job = job,
		.log = *job->log,
		.stop_fd = -1,
		.workdir_fd = -1,
		.watch = {.signal_fd = -1, .stop_fd = -1},
		.reloader = {.inotify_fd = -1},
	};
	DECLARE_ERR(err); /* the only one: each costs the parent a page of its stack */
	int code;

	parent.log.fixed = true;
	parent.log.unread = &parent.unread;
	if (prepare(&parent, &err) < 0)
		return fail(&parent, &err);
	children_spare(&parent.watch.spared);
	parent.watch.log = &parent.log;
	parent.watch.ended = job->at_once != NULL;
	code = job->at_once ? 0 : parent_work(&parent);
	if (code == 0)
		code = launch_application(&parent, &err);
	/* Nothing was launched, or all has ended. What a good run left may stay. */
	if (code != 0)
		(void)children_end(SIGKILL, &parent.watch.spared, parent.watch.signal_fd,
			clock_ms() + GRACE_MS);
	if (code == EXIT_SIGNAL(parent.watch.stop))
		parent.signal = parent.watch.stop;
	end_by(parent.signal);
	return code;
}
