/* SPDX-License-Identifier: MIT */
/*
 * From drop-ins to a plan: everything that a subcommand needs before it can do its work.
 *
 *	bootstrap_load()	reads and checks; all mistakes are in `problems`
 *	bootstrap_settle()	looks up who the application runs as (the system is read)
 *	run_look(), run_apply(), application_make() …
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
	struct ctx ctx;
	char *const *argv; /* the application's command; NULL where there is none */
};

/*
 * 0 read: where `problems` is not empty, nothing may be run · -1 (`err`) there is nothing
 * to go on with. No drop-in at all is no error here: conf.files_count is 0. `log` may be
 * changed until the first step runs.
 */
int bootstrap_load(struct bootstrap *bootstrap, const struct bootstrap_input *input,
	const struct log *log, struct err *err);

int bootstrap_settle(struct bootstrap *bootstrap, struct err *err);

/*
 * Is there to be a bootstrap: [bootstrap] enabled and when? 0 no, with why · 1 yes · -1.
 */
int bootstrap_wanted(struct bootstrap *bootstrap, struct buf *why, struct err *err);

void bootstrap_release(struct bootstrap *bootstrap);

#endif
