/* SPDX-License-Identifier: MIT */
/*
 * From drop-ins to a plan: everything that a subcommand needs before it can do its work.
 *
 *	bootstrap_load()	reads and checks the configuration
 *	bootstrap_wanted()	whether there is to be a bootstrap
 *	bootstrap_settle()	looks up the application's user and groups
 *	bootstrap_decide()	finds what the environment and files show to be wrong
 *	environment_read()	where a command is started: what it is given, and then
 *	application_try()	whether that can become what [app] says
 *	account_lay()		before the first step
 *	run_forecast(), run_apply(), environment_make() …
 *	bootstrap_release()	also where bootstrap_load() has failed
 */
#ifndef PLAN_BOOTSTRAP_H
#define PLAN_BOOTSTRAP_H

#include <time.h>

#include "base/env.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/secrets.h"
#include "base/stop.h"
#include "plan/application.h"
#include "plan/plan.h"
#include "plan/settings.h"
#include "proc/account.h"
#include "state/state.h"
#include "step/exports.h"

struct err;

/* What it is for: the subcommand. */
enum purpose { TO_APPLY, TO_RUN, TO_EXEC, TO_PLAN, TO_LIST, TO_CHECK, TO_STATUS };

/* What the command line and the environment say; kept as long as the bootstrap. */
struct bootstrap_input {
	enum purpose purpose;
	const char *const *config; /* NULL: the search path */
	const char *base;          /* NULL: the working directory */
	const char *state;         /* NULL: as [bootstrap] says */
	int64_t timeout_ms;        /* DURATION_NOT_GIVEN: the same */
	struct selection selection;
	char *const *command; /* the words behind "--", or NULL */
	char *const *environment;
};

struct bootstrap {
	enum purpose purpose;
	struct timespec began; /* by clock_file() */
	struct arena arena;
	struct conf conf;
	struct settings settings;
	struct application application;
	struct plan plan;
	struct problems problems;
	struct secrets secrets;
	struct stop stop;
	struct state state; /* of ctx.state */
	struct env ours;    /* as we were started */
	struct env env;     /* what steps see: environment_begin()'s */
	struct env apps;    /* ctx.apps */
	struct env given;   /* environment_read()'s */
	bool given_whole;   /* it has read all of it */
	struct exports exports;
	struct account account; /* its name is NULL where none is written */
	struct ctx ctx;
	const char *unwanted; /* why there is no bootstrap; NULL: there is one */
	bool as_given;        /* `when` does not hold: the command has nothing of [app] */
	const char *failure;  /* why the configuration could not be loaded; or NULL */
	size_t unsettled;     /* how many of `problems` bootstrap_settle() has found */
	bool steps_wrong;     /* all others were found by bootstrap_decide() */
};

/*
 * Reads the drop-ins, fills the settings and makes the plan. What is wrong in them goes
 * to `problems`; if there are any, nothing may be run. Returns 0, or -1 where a file or
 * the working directory cannot be read, or a selection matches no step; the caller
 * reports `problems` first. That there is no drop-in is no error: conf.files_count is
 * 0. `log` is kept, and its level and secrets may be set later.
 */
int bootstrap_load(struct bootstrap *bootstrap, const struct bootstrap_input *input,
	const struct log *log, struct err *err);

/*
 * Instead of that, where it is only to be known where a start with this input puts its
 * report: reads the drop-ins, and fills `report`, `metrics` and `state` of [bootstrap].
 * What is wrong with these goes to `problems`; whatever else is wrong is no obstacle.
 * Returns 0, or -1 where a file cannot be read.
 */
int bootstrap_load_places(struct bootstrap *bootstrap,
	const struct bootstrap_input *input, const struct log *log, struct err *err);

/*
 * Finds whether there is to be a bootstrap, by GROUNDWORK_ENABLED and by `enabled` and
 * `when` of [bootstrap]: else `unwanted` says why not. Where `when` does not hold, the
 * command is launched as it was given: how it is supervised is all that [app] says of it,
 * and where that follows from the command alone, what is wrong with [env] or the user is
 * no error. Only subcommands that run steps, or plan them, ask; where no command is
 * started or named, the conditions about it hold. Returns 0, or -1.
 */
int bootstrap_wanted(struct bootstrap *bootstrap, struct err *err);

/*
 * Looks up the user and groups of [app] in the system, for the launch and for whatever is
 * made for the application. If we are not root and may not become them, we stay who we
 * are. `list` and `check` do not ask. What is wrong with them goes to `problems`. Returns
 * 0, or -1 where they cannot be looked up.
 */
int bootstrap_settle(struct bootstrap *bootstrap, struct err *err);

/*
 * Decides whatever depends on the configuration and the environment alone (step_decide):
 * of the steps that are enabled and selected, if there is a bootstrap, and, where the
 * application is started, of those that export a value to it; then of [app]
 * (application_decide). `check` reads no file, `list` decides nothing of a step. What is
 * wrong is added to `problems`, which are sorted; if there are any, no step may run.
 */
void bootstrap_decide(struct bootstrap *bootstrap);

/* For the log, behind `unwanted`: "; nothing of [app] is used" if that is so, or "". */
const char *bootstrap_unused_app(const struct bootstrap *bootstrap);

void bootstrap_release(struct bootstrap *bootstrap);

#endif
