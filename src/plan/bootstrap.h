/* SPDX-License-Identifier: MIT */
/*
 * From drop-ins to a plan: everything that a subcommand needs before it can do its work.
 *
 *	bootstrap_load()	reads and checks; all errors are in `problems`
 *	bootstrap_settle()	looks up who the application runs as (the system is read)
 *	bootstrap_decide()	all errors that the environment and files show at once
 *	run_look(), run_apply(), environment_make() …
 *	bootstrap_release()
 */
#ifndef PLAN_BOOTSTRAP_H
#define PLAN_BOOTSTRAP_H

#include "base/env.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/secrets.h"
#include "base/stop.h"
#include "plan/plan.h"
#include "plan/settings.h"

struct err;

/* What the command line and the environment say; all of it outlives the bootstrap. */
struct bootstrap_input {
	const char *const *config; /* NULL: the search path */
	const char *base;          /* NULL: the working directory */
	struct selection selection;
	char *const *command; /* the words behind "--", or NULL */
	char *const *environment;
	bool tolerant; /* check: unset variables are passed over */
};

struct bootstrap {
	struct arena arena;
	struct conf conf;
	struct settings settings;
	struct plan plan;
	struct problems problems;
	struct secrets secrets;
	struct stop stop;
	struct env env;
	struct env given; /* environment_read()'s */
	struct ctx ctx;
	const char *unwanted; /* why there is no bootstrap; NULL: there is one */
	const char *failure;  /* why there is nothing to go on with; NULL */
	bool steps_wrong;     /* all that is wrong was found by bootstrap_decide() */
};

/*
 * 0 read: where `problems` is not empty, nothing may be run · -1 (`err`) there is nothing
 * to go on with. No drop-in at all is no error here: conf.files_count is 0. `log` may be
 * changed until the first step runs.
 */
int bootstrap_load(struct bootstrap *bootstrap, const struct bootstrap_input *input,
	const struct log *log, struct err *err);

/* For which of them it matters what is wrong. */
enum bootstrap_scope {
	SCOPE_STEPS,   /* that are selected */
	SCOPE_EXPORTS, /* that hand a value to the application */
	SCOPE_RUN,     /* both */
	SCOPE_CHECK,   /* that are selected; no file is read */
};

/*
 * Decides whatever depends on the configuration and the environment alone, for all steps
 * that may run (step_decide). What is wrong is in `problems`, which are sorted, and then
 * no step is to run. To be called once, behind bootstrap_settle() where that is called.
 */
void bootstrap_decide(struct bootstrap *bootstrap, enum bootstrap_scope scope);

int bootstrap_settle(struct bootstrap *bootstrap, struct err *err);

/*
 * Is there to be a bootstrap: [bootstrap] enabled and when? 0 no, with why · 1 yes · -1.
 */
int bootstrap_wanted(struct bootstrap *bootstrap, struct buf *why, struct err *err);

void bootstrap_release(struct bootstrap *bootstrap);

#endif
