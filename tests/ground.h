/* SPDX-License-Identifier: MIT */
/*
 * A configuration in a temporary directory, loaded as the program loads it: paths that
 * are made start at the directory's "base".
 */
#ifndef TESTS_GROUND_H
#define TESTS_GROUND_H

#include "base/err.h"
#include "plan/bootstrap.h"
#include "plan/run.h"

#include "directory.h"
#include "shown.h"

struct ground {
	struct bootstrap bootstrap;
	struct buf heard; /* the log, a line each, its level in front */
	struct log log;
	struct err err;
	const char *config[2];
	char base[PATH_MAX];
	char file[PATH_MAX];
	enum purpose purpose; /* of TO_RUN, all of [app] is decided, too */
};

static struct ground ground;

static inline void ground_hear(void *user, enum log_level level, const char *line)
{
	buf_printf(user, "%d %s\n", (int)level, line);
}

static inline int ground_setup(void **state)
{
	static const struct ground fresh = {.heard = BUF_INIT};
	int rc = directory_setup(state);

	ground = fresh;
	ground.log = (struct log){
		.fd = -1, .level = LOG_DEBUG, .sink = ground_hear, .user = &ground.heard};
	(void)snprintf(ground.base, sizeof ground.base, "%s", in("base"));
	(void)snprintf(ground.file, sizeof ground.file, "%s", in("x.ini"));
	ground.config[0] = ground.file;
	return rc ? rc : mkdir(ground.base, 0755);
}

static inline int ground_teardown(void **state)
{
	bootstrap_release(&ground.bootstrap);
	buf_release(&ground.heard);
	return directory_teardown(state);
}

/* Reads it: -1 with ground.err, or 0; errors are in the list. May be called again. */
static inline int ground_read(
	const char *text, char *const *env, const struct selection *selection)
{
	static char *const none[] = {NULL};
	struct bootstrap_input input = {
		.purpose = ground.purpose,
		.config = ground.config,
		.base = ground.base,
		.environment = env ? env : none,
		.timeout_ms = DURATION_NOT_GIVEN,
	};

	if (selection)
		input.selection = *selection;
	bootstrap_release(&ground.bootstrap);
	put("x.ini", text);
	err_init(&ground.err);
	if (bootstrap_load(&ground.bootstrap, &input, &ground.log, &ground.err) < 0)
		return -1;
	application_accept(&ground.bootstrap);
	if (ground.purpose == TO_RUN)
		application_decide(&ground.bootstrap);
	problems_sort(&ground.bootstrap.problems);
	return 0;
}

/* The errors, a line each, without the file's name. */
static inline const char *ground_problems(void)
{
	static struct buf text = BUF_INIT;

	buf_truncate(&text, 0);
	buf_puts(&text, "");
	for (size_t i = 0; i < ground.bootstrap.problems.count; i++) {
		const char *one = problem_text(&ground.bootstrap.problems, i);
		size_t size = strlen(ground.file);

		buf_printf(&text, "%s\n",
			strncmp(one, ground.file, size) == 0 ? one + size + 1 : one);
	}
	return text.data;
}

/* A configuration without an error. */
static inline void ground_load(const char *text, char *const *env)
{
	if (ground_read(text, env, NULL) < 0)
		fail_msg("%s", shown(&ground.err));
	if (ground.bootstrap.problems.count)
		fail_msg("%s", ground_problems());
	if (bootstrap_settle(&ground.bootstrap, &ground.err) < 0)
		fail_msg("%s", shown(&ground.err));
}

/* Decides all steps of what was loaded; what prepare() finds is in ground_problems(). */
static inline void ground_decide(void)
{
	bootstrap_decide(&ground.bootstrap);
}

static inline struct step *ground_step(const char *id)
{
	struct step *step = steps_find(&ground.bootstrap.plan.steps, NULL, id);

	if (!step)
		fail_msg("no step %s", id);
	return step;
}

static inline void says(const char *text, const char *expected)
{
	assert_non_null(text);
	if (*expected && !strstr(text, expected))
		fail_msg("'%s' does not say '%s'", text, expected);
}

/* What a step's check finds, and a part of what it says. */
static inline void finds(const char *id, int expected, const char *text)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct step *step = ground_step(id);
	struct ctx *ctx = &ground.bootstrap.ctx;
	int found;

	err_init(&ground.err);
	step->conf = NULL; /* what it names may have changed */
	found = step_fill(step, ctx, &ground.err);
	if (found == 0)
		found = step->kind->check(step, ctx, &why, &ground.err);
	if (found != expected)
		fail_msg("%s: %d, '%s' '%s'", id, found, why.data, shown(&ground.err));
	says(found < 0 ? shown(&ground.err) : why.data, text);
}

/* What its apply does: 1 changed, 0 not, -1; and a part of what it says. */
static inline void does(const char *id, int expected, const char *text)
{
	CLEANUP_BUF struct buf did = BUF_INIT;
	struct step *step = ground_step(id);
	struct ctx *ctx = &ground.bootstrap.ctx;
	int done;

	err_init(&ground.err);
	step->conf = NULL;
	done = step_fill(step, ctx, &ground.err);
	if (done == 0)
		done = step->kind->apply(step, ctx, &did, &ground.err);
	if (done != expected)
		fail_msg("%s: %d, '%s' '%s'", id, done, did.data, shown(&ground.err));
	says(done < 0 ? shown(&ground.err) : did.data, text);
	if (done < 0)
		assert_int_not_equal(ground.err.kind, ERR_NONE);
}

#define GROUND(test) cmocka_unit_test_setup_teardown(test, ground_setup, ground_teardown)

#endif
