/* SPDX-License-Identifier: MIT */
/*
 * When the report is written: at the end, and before while steps are at work, so that it
 * shows which one is.
 *
 *	reporter_begin()	once the configuration is read, as far as it could be
 *	reporter_work()		as run_options.work, for the length of run_apply()
 *	reporter_end()
 *
 * The metrics (plan/metrics.h) are written with the last one. Where neither is
 * configured, these functions do nothing. A report that was asked for is written at the
 * start, too; one that is only in the state directory, not before a step has something to
 * do. That the latter cannot be written is no warning where the run has succeeded and
 * the directory is missing or not writable. Neither report nor metrics are written while
 * a step is still to make the directory that they lie in: where it failed, that is a
 * warning. No start fails because of this.
 */
#ifndef PLAN_REPORTER_H
#define PLAN_REPORTER_H

#include "plan/report.h"
#include "proc/boot.h"

struct bootstrap;
struct step;

struct reporter {
	struct bootstrap *bootstrap; /* which is kept */
	struct report_place place;
	struct report_place metrics; /* written at the end alone */
	struct boot boot;
	struct fs fs;             /* as the bootstrap's, for what is written here */
	const struct result *at;  /* the step that the report says is at work */
	const struct step *maker; /* is still to make the directory of the report */
	bool made;                /* it has been seen there */
	bool careful;             /* it is not to be the first file of its directory */
	bool failed;              /* the run has; known at its end */
	bool begun;               /* one of this run has been written */
	bool lost;                /* what ran it has crashed */
	bool silent;              /* it could not be written: not again before the end */
};

/* `option` is what the command line says, or NULL. */
void reporter_begin(
	struct reporter *reporter, struct bootstrap *bootstrap, const char *option);
void reporter_work(
	struct reporter *reporter, const struct run *run, const struct result *result);

/* `run` is NULL where no step was run: the bootstrap's problems or failure say why. */
void reporter_end(struct reporter *reporter, const struct run *run);

/* For a plan: warns of what reporter_end() could not write, as far as that shows. */
void reporter_forecast(const struct reporter *reporter);

/*
 * Instead of that, in another process, where the one that ran the steps has crashed: the
 * bootstrap's failure says so. bootstrap_load_places() is enough.
 */
void reporter_lost(struct reporter *reporter);

#endif
