/* SPDX-License-Identifier: MIT */
/* Running the worker again when sources have changed. */
#include "proc/reloader.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fork.h"
#include "base/log.h"
#include "proc/activity.h"
#include "proc/sources.h"

#define QUIET_MS     200   /* without a change, before a run begins */
#define LATEST_MS    5000  /* after the first change it begins all the same */
#define RETRY_MS     1000  /* at what cannot be killed */
#define DELAY_MAX_MS 60000 /* between two tries of a worker that cannot be forked */

int reloader_fd(const struct reloader *reloader)
{
	/* While a worker runs it adds directories, and changes wait for its end. */
	return reloader->signal && !reloader->worker && !reloader->stopped
		? reloader->inotify_fd
		: -1;
}

const char *reload_failed(bool launched)
{
	return launched ? "reload: the application goes on with what it has"
			: "reload: the application starts with what there is";
}

bool reloader_is_busy(const struct reloader *reloader)
{
	return reloader->worker || (reloader->changed_ms && !reloader->stopped);
}

int64_t reloader_next(const struct reloader *reloader)
{
	if (!reloader->worker && reloader->stopped)
		return INT64_MAX;
	if (!reloader->worker && reloader->changed_ms)
		return reloader->start_ms;
	if (!reloader->worker && sources_are_due(activity_sources(reloader->activity)))
		return 0;
	if (!reloader->worker || !reloader->stopped)
		return INT64_MAX;
	return reloader->kill_ms ? reloader->kill_ms : clock_ms() + RETRY_MS;
}

static void hear(void *user, const struct inotify_event *event)
{
	struct reloader *reloader = user;

	if (sources_matter(activity_sources(reloader->activity), event->wd,
		    event->len ? event->name : ""))
		reloader->heard = true;
}

/* Has something changed that matters? Takes all that waits. */
static bool take_events(struct reloader *reloader)
{
	struct sources *sources = activity_sources(reloader->activity);
	bool by_exec = sources_are_due(sources);

	reloader->heard = sources_take_due(sources);
	if (sources_read(reloader->inotify_fd, hear, reloader))
		reloader->heard = true;
	reloader->by_others |= reloader->heard;
	return reloader->heard || (by_exec && !reloader->changed_ms);
}

static void note_change(struct reloader *reloader)
{
	int64_t now = clock_ms(), start_ms = now + QUIET_MS;

	if (!reloader->changed_ms)
		reloader->changed_ms = now;
	if (start_ms > reloader->changed_ms + LATEST_MS)
		start_ms = reloader->changed_ms + LATEST_MS;
	/* A run that had no process is not tried sooner. */
	if (!reloader->delay_ms || start_ms > reloader->start_ms)
		reloader->start_ms = start_ms;
}

void reloader_warn_not_begun(const struct reloader *reloader, const char *what, int code)
{
	if (!reloader->delay_ms)
		log_warn(reloader->log, "reload: %s: %s%s; it is tried again", what,
			strerror(code), fork_hint(code));
}

static void try_later(struct reloader *reloader)
{
	reloader->delay_ms = reloader->delay_ms ? 2 * reloader->delay_ms : QUIET_MS;
	if (reloader->delay_ms > DELAY_MAX_MS)
		reloader->delay_ms = DELAY_MAX_MS;
	reloader->changed_ms = clock_ms();
	reloader->start_ms = reloader->changed_ms + reloader->delay_ms;
}

static void start(struct reloader *reloader)
{
	sources_set_cause(activity_sources(reloader->activity), !reloader->by_others);
	reloader->changed_ms = 0;
	activity_begin(reloader->activity);
	reloader->worker = reloader->fork_worker(reloader->user);
	if (reloader->worker >= 0)
		return;
	reloader->worker = 0;
	reloader_warn_not_begun(reloader, "make the worker", errno);
	try_later(reloader);
}

/* It kills what has not stopped by itself, and what is left. */
static void kill_late(struct reloader *reloader)
{
	if (!reloader->kill_ms || clock_ms() < reloader->kill_ms)
		return;
	log_warn(reloader->log, "reload: it did not end in time: killed");
	(void)kill(reloader->worker, SIGKILL); /* not reaped: its pid is taken */
	reloader->kill_ms = 0;
}

void reloader_turn(struct reloader *reloader)
{
	if (reloader->worker) {
		kill_late(reloader);
		return;
	}
	if (!reloader->signal || reloader->stopped)
		return;
	if (take_events(reloader))
		note_change(reloader);
	if (reloader->changed_ms && clock_ms() >= reloader->start_ms)
		start(reloader);
}

/*
 * Who runs the worker was killed, and that and its command with it, but not what the
 * command had started. It has not been reaped before, so the number is still its group's.
 */
static void was_killed(const struct reloader *reloader)
{
	int group = atomic_load(activity_group(reloader->activity));

	sources_end(activity_sources(reloader->activity), false);
	if (group)
		(void)kill(-group, SIGKILL); /* another user's may be left */
}

bool reloader_ended(struct reloader *reloader, pid_t pid, int status)
{
	if (!reloader->worker || pid != reloader->worker ||
		!(WIFEXITED(status) || WIFSIGNALED(status)))
		return false;
	reloader->worker = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == RELOAD_NOT_BEGUN) {
		try_later(reloader);
		return false;
	}
	reloader->delay_ms = 0;
	reloader->by_others = false;
	if (WIFSIGNALED(status))
		was_killed(reloader);
	if (WIFSIGNALED(status) && !reloader->stopped)
		log_warn(reloader->log, "%s", reload_failed(reloader->launched));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 && !reloader->stopped &&
		activity_take_change(reloader->activity);
}

void reloader_stop(struct reloader *reloader)
{
	if (reloader->stopped)
		return;
	reloader->stopped = true;
	if (!reloader->worker)
		return;
	(void)kill(reloader->worker, SIGTERM); /* not reaped: its pid is taken */
	reloader->kill_ms = clock_ms() + 2 * reloader->grace_ms;
}
