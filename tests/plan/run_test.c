/* SPDX-License-Identifier: MIT */
/* Running a plan of made-up kinds: retries, failures, stops, time. */
#include "../ground.h"
#include "../stop_request.h"

#include <signal.h>

#include "base/clock.h"
#include "base/fd.h"
#include "plan/mark.h"

/* What the one step "n" of the plan does, and what was asked of it. */
struct act {
	int found;          /* by check */
	int fail;           /* apply fails so many times … */
	enum err_kind kind; /* … in this way */
	int done;           /* and then says this */
	int checks, applies;
	bool forced;
	bool warn;      /* of two lines, each time */
	int until;      /* in place at this check, whatever `found` says; 0: never */
	int raise;      /* a signal that comes meanwhile */
	unsigned would; /* what check says that apply would do (enum change) */
};

static struct stop_request request;

#define STEPS     4
#define LOOK_SIZE ((size_t)1024 * 1024) /* an arena has a block for that alone */
static struct act acts[STEPS];

static struct act *act_of(const struct step *step)
{
	return &acts[step->id[strlen("link:")] - 'a'];
}

static int act_fail(struct act *act, struct err *err)
{
	if (act->kind == ERR_NONE)
		return -1; /* without a reason */
	return err_set(err, act->kind, "the secret word is made up");
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	struct act *act = act_of(step);

	act->checks++;
	if (act->until)
		memset(arena_alloc(ctx->arena, LOOK_SIZE), 'x', LOOK_SIZE);
	step_change(ctx, act->would);
	buf_puts(why, "looked, with the secret word");
	for (int line = 1; act->warn && line <= 2; line++) {
		const struct log_event event = {.level = LOG_WARN,
			.at = {"/f", line, 0},
			.message = "a warning with the secret word"};

		log_event(ctx->log, &event);
	}
	if (act->until && act->checks == act->until)
		return IN_PLACE;
	return act->found < 0 ? act_fail(act, err) : act->found;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	struct act *act = act_of(step);

	act->applies++;
	act->forced = ctx->forced;
	buf_puts(did, "did it");
	if (act->raise)
		stop_request_ask(&request, act->raise);
	if (act->applies <= act->fail)
		return act_fail(act, err);
	return act->done;
}

static const struct field fields[] = {{0}};
static const struct kind kind_fake = {
	.name = "fake",
	.summary = "made up",
	.size = 1,
	.fields = fields,
	.check = check,
	.apply = apply,
};

static struct buf begun = BUF_INIT;

/* What comes between two steps, before b: the deadline, or a signal. */
static struct between {
	bool deadline;
	int signal;
} between;

static void begin(void *user, const char *id)
{
	buf_puts(user, id ? id + strlen("link:") : ".");
	if (!id || strcmp(id, "link:b") != 0)
		return;
	if (between.deadline)
		ground.bootstrap.stop.deadline_ms = clock_ms();
	if (between.signal)
		stop_request_ask(&request, between.signal);
}

/* Steps a, b, c, d (c requires b), with these further keys in front of them. */
static struct run run_with(
	const char *settings, const char *a, const char *b, int expected)
{
	CLEANUP_BUF struct buf ini = BUF_INIT;
	struct run_options options = {
		.settings = &ground.bootstrap.settings, .begin = begin, .user = &begun};
	struct run run;

	buf_printf(&ini,
		"[bootstrap]\n%s\n[defaults:link]\nretry_delay = 1ms\n[link:a]\npath = "
		"x\ntarget = x\n%s"
		"[link:b]\npath = x\ntarget = x\n%s[link:c]\npath = x\ntarget = x\n"
		"requires = link:b\n[link:d]\npath = x\ntarget = x\n",
		settings, a, b);
	ground_load(ini.data, NULL);
	secrets_add(&ground.bootstrap.secrets, "secret word");
	ground.log.secrets = &ground.bootstrap.secrets;
	if (between.signal)
		assert_int_equal(stop_request_open(&request, &ground.bootstrap.stop), 0);
	for (size_t i = 0; i < ground.bootstrap.plan.count; i++)
		ground.bootstrap.plan.steps.list[i].kind = &kind_fake;
	buf_truncate(&begun, 0);
	assert_int_equal(
		run_apply(&ground.bootstrap.plan, &ground.bootstrap.ctx, &options, &run),
		expected);
	ground.log.secrets = NULL;
	assert_int_equal(run.count, STEPS);
	assert_null(strstr(ground.heard.data, "secret word"));
	return run;
}

/* One letter a step: + success, = skipped, ! error, - not run. */
static void results_are(const struct run *run, const char *expected)
{
	static const char letters[] = "-+=!";
	char got[STEPS + 1] = "";
	size_t total = 0;

	for (size_t i = 0; i < run->count; i++) {
		got[i] = letters[run->results[i].status];
		assert_null(strstr(run->results[i].message, "secret word"));
		assert_int_equal(run->results[i].changed,
			run->results[i].status == STATUS_SUCCESS);
	}
	for (size_t i = 0; i < 4; i++)
		total += run->totals[i];
	assert_int_equal(total, run->count);
	assert_string_equal(got, expected);
}

static int setup(void **state)
{
	between = (struct between){0};
	for (size_t i = 0; i < STEPS; i++)
		acts[i] = (struct act){.found = TO_DO, .done = 1, .kind = ERR_FAILED};
	return ground_setup(state);
}

static void does_what_is_to_be_done(void **state)
{
	struct run run;

	(void)state;
	acts[1].found = IN_PLACE;
	acts[2].done = 0;
	acts[3].found = UNKNOWABLE;
	run = run_with("", "", "", 0);
	results_are(&run, "+==+");
	assert_int_equal(run.err.kind, ERR_NONE);
	assert_int_equal(acts[1].applies, 0);
	assert_string_equal(run.results[1].message, "looked, with the ***");
	assert_string_equal(run.results[0].message, "did it");
	assert_string_equal(begun.data, "abcd.");
}

/* What was done is what apply() says, whatever check() saw before. */
static void the_mark_is_of_what_was_done(void **state)
{
	struct run run;

	(void)state;
	acts[0].would = CHANGE_REMOVED;
	acts[1].would = CHANGE_KEPT;
	acts[1].found = IN_PLACE;
	run = run_with("", "", "", 0);
	results_are(&run, "+=++");
	assert_int_equal(mark_of(&run.results[0]), LOG_MARK_MADE);
	assert_int_equal(mark_of(&run.results[1]), LOG_MARK_KEPT);
}

static void an_id_that_is_long_moves_no_other_line(void **state)
{
	struct run run;

	(void)state;
	ground_load("[link:a]\npath = x\ntarget = x\n"
		    "[link:this-is-a-name-that-is-longer-than-others]\npath = y\n"
		    "target = y\n",
		NULL);
	assert_int_equal(
		run_forecast(&ground.bootstrap.plan, &ground.bootstrap.ctx, true, &run),
		0);
	assert_int_equal(run.width, strlen("link:a"));
}

static void left_out_is_skipped_without_a_look(void **state)
{
	struct run run;

	(void)state;
	run = run_with("", "enabled = no\n", "when = env:GONE\n", 0);
	results_are(&run, "==++"); /* c requires b, and skipped is good enough */
	assert_int_equal(acts[0].checks + acts[1].checks, 0);
	assert_string_equal(run.results[0].message, "not enabled");
	says(run.results[1].message, "'env:GONE' does not hold");
}

static void the_first_failure_ends_it(void **state)
{
	struct run run;

	(void)state;
	acts[1].fail = 1;
	run = run_with("", "", "", -1);
	results_are(&run, "+!--");
	assert_int_equal(run.err.kind, ERR_FAILED);
	says(run.results[1].message, "x.ini:");
	says(run.results[1].message, "[link:b]: the *** is made up");
	assert_string_equal(run.results[2].message, "not run: requires link:b");
	assert_string_equal(run.results[3].message, "not run: an earlier step failed");
	assert_int_equal(acts[1].applies, 1); /* time does not mend it */
	assert_string_equal(begun.data, "ab.");
}

static void without_fail_fast_the_others_run(void **state)
{
	struct run run;

	(void)state;
	acts[1].found = -1;
	run = run_with("fail_fast = no", "", "", -1);
	results_are(&run, "+!-+");
	assert_int_equal(run.err.kind, ERR_FAILED);
}

static void said_once(const char *text, const char *part)
{
	const char *found = strstr(text, part);

	assert_non_null(found);
	assert_null(strstr(found + 1, part));
}

static void a_failure_is_logged_once(void **state)
{
	(void)state;
	acts[1].found = -1;
	run_with("", "", "", -1);
	says(ground.heard.data, "0 groundwork: ! error: /");
	said_once(ground.heard.data, "is made up");
}

static void a_retry_does_not_repeat_a_warning(void **state)
{
	struct run run;

	(void)state;
	acts[1] = (struct act){.fail = 2, .kind = ERR_TEMPORARY, .done = 1, .warn = true};
	run = run_with("retry_delay = 1ms", "", "", 0);
	said_once(ground.heard.data, "/f:1: a warning with");
	said_once(ground.heard.data, "/f:2: a warning with");
	assert_int_equal(run.results[1].warnings_count, 2);
	assert_string_equal(run.results[1].warnings[0], "/f:1: a warning with the ***");
}

static void what_is_not_critical_only_warns(void **state)
{
	struct run run;

	(void)state;
	acts[1].fail = 1;
	run = run_with("", "", "critical = no\n", 0);
	results_are(&run, "+!-+");
	says(ground.heard.data, "1 groundwork: ! warning: ");
	says(ground.heard.data, "(not critical: the start goes on)");
	said_once(ground.heard.data, "is made up");
}

static void a_failure_without_a_reason_is_one(void **state)
{
	struct run run;

	(void)state;
	acts[0].fail = 1;
	acts[0].kind = ERR_NONE;
	run = run_with("", "", "", -1);
	results_are(&run, "!---");
	assert_int_equal(run.err.kind, ERR_FAILED);
}

static void time_mends_what_it_can(void **state)
{
	static const struct {
		const char *settings, *step;
		int fail, applies;
	} cases[] = {
		{"", "", 3, 4},
		{"", "", 4, 4},
		{"retry_attempts = 1", "", 1, 2},
		{"retry_attempts = 1", "", 2, 2},
		{"retry_attempts = 0", "", 1, 1},
		{"retry_attempts = 1", "retries = 5\n", 5, 6},
		{"", "retries = 0\n", 1, 1},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool mended = cases[i].fail < cases[i].applies;
		struct run run;

		if (i > 0) {
			assert_int_equal(ground_teardown(state), 0);
			assert_int_equal(setup(state), 0);
		}
		acts[0].kind = ERR_TEMPORARY;
		acts[0].fail = cases[i].fail;
		run = run_with(cases[i].settings, cases[i].step, "", mended ? 0 : -1);
		assert_int_equal(acts[0].applies, cases[i].applies);
		assert_int_equal(
			acts[0].checks, cases[i].applies); /* it may be there now */
		results_are(&run, mended ? "++++" : "!---");
		assert_string_equal(run.results[0].message,
			mended ? "did it" : run.results[0].message);
	}
	says(ground.heard.data, "groundwork: ");
}

static void forced_is_done_without_a_look(void **state)
{
	static const char *const force[] = {"link:*", NULL};
	struct kind command = kind_fake;
	struct run_options options = {.settings = &ground.bootstrap.settings};
	struct selection selection = {.force = force};
	struct run run;

	(void)state;
	acts[0].found = acts[1].found = IN_PLACE;
	assert_int_equal(
		ground_read("[link:a]\npath = x\ntarget = x\n[link:b]\npath = x\n"
			    "target = x\n",
			NULL, &selection),
		0);
	command.commands = true;
	ground.bootstrap.plan.steps.list[0].kind = &command;
	ground.bootstrap.plan.steps.list[1].kind = &kind_fake;
	assert_int_equal(
		run_forecast(&ground.bootstrap.plan, &ground.bootstrap.ctx, true, &run),
		0);
	assert_int_equal(run.results[0].forecast, FORECAST_UNKNOWN);
	assert_int_equal(run.results[1].forecast, FORECAST_NOTHING);
	assert_int_equal(acts[0].applies, 0);
	assert_int_equal(
		run_apply(&ground.bootstrap.plan, &ground.bootstrap.ctx, &options, &run),
		0);
	assert_int_equal(acts[0].applies, 1);
	assert_true(acts[0].forced);
	assert_int_equal(acts[1].applies, 1);
}

static void a_signal_ends_it_all(void **state)
{
	struct run run;

	(void)state;
	/*
	 * It comes during a, which is not critical and would be tried again in an hour.
	 */
	acts[0].raise = SIGTERM;
	acts[0].fail = 1;
	acts[0].kind = ERR_TEMPORARY;
	ground_load("", NULL);
	{
		/* bootstrap_load() begins anew: the request is set when it is there. */
		struct run_options options = {.settings = &ground.bootstrap.settings};

		ground_load("[bootstrap]\nfail_fast = no\nretry_delay = "
			    "1h\n[link:a]\npath = x\n"
			    "target = x\ncritical = no\n[link:b]\npath = x\ntarget = x\n",
			NULL);
		for (size_t i = 0; i < 2; i++)
			ground.bootstrap.plan.steps.list[i].kind = &kind_fake;
		assert_int_equal(stop_request_open(&request, &ground.bootstrap.stop), 0);
		assert_int_equal(run_apply(&ground.bootstrap.plan, &ground.bootstrap.ctx,
					 &options, &run),
			-1);
	}
	assert_int_equal(run.err.kind, ERR_INTERRUPTED);
	assert_int_equal(run.err.code, SIGTERM);
	assert_int_equal(run.results[0].status, STATUS_ERROR);
	assert_int_equal(run.results[1].status, STATUS_NOT_RUN);
	assert_int_equal(acts[1].checks, 0);
	stop_request_close(&request);
}

/* A command that got the signal, too, may fail in its own way: the exit is the stop's. */
static void a_signal_is_the_end_whatever_the_step_says(void **state)
{
	struct run run;

	(void)state;
	ground_load("[link:a]\npath = x\ntarget = x\n", NULL);
	ground.bootstrap.plan.steps.list[0].kind = &kind_fake;
	acts[0] = (struct act){
		.found = TO_DO, .raise = SIGTERM, .fail = 1, .kind = ERR_FAILED};
	assert_int_equal(stop_request_open(&request, &ground.bootstrap.stop), 0);
	assert_int_equal(
		run_apply(&ground.bootstrap.plan, &ground.bootstrap.ctx,
			&(struct run_options){.settings = &ground.bootstrap.settings},
			&run),
		-1);
	says(run.results[0].message, "the secret word is made up");
	assert_int_equal(run.err.kind, ERR_INTERRUPTED);
	assert_int_equal(run.err.code, SIGTERM);
	stop_request_close(&request);
}

/* Whatever b says: it is not the one that failed. */
static void the_deadline_is_asked_between_two_steps(void **state)
{
	struct run run;

	(void)state;
	between.deadline = true;
	run = run_with("fail_fast = no", "", "critical = no\n", -1);
	results_are(&run, "+!--");
	assert_true(run.ended);
	assert_int_equal(run.err.kind, ERR_FAILED);
	says(run.results[1].message, "the deadline has passed");
	assert_int_equal(acts[1].checks + acts[3].checks, 0);
	assert_null(strstr(ground.heard.data, "the application starts"));
}

static void a_stop_is_asked_between_two_steps(void **state)
{
	struct run run;

	(void)state;
	between.signal = SIGINT;
	run = run_with("fail_fast = no", "", "critical = no\n", -1);
	results_are(&run, "+!--");
	assert_true(run.ended);
	assert_int_equal(run.err.kind, ERR_INTERRUPTED);
	assert_int_equal(run.err.code, SIGINT);
	assert_int_equal(acts[1].checks + acts[3].checks, 0);
	stop_request_close(&request);
}

/* Exit 100 says that nothing was touched. */
static void an_error_at_a_steps_turn_is_none_of_the_configuration(void **state)
{
	struct run run;

	(void)state;
	acts[1].found = -1;
	acts[1].kind = ERR_CONFIG;
	run = run_with("", "", "", -1);
	results_are(&run, "+!--");
	assert_int_equal(run.err.kind, ERR_FAILED);
	assert_int_equal(
		run_forecast(&ground.bootstrap.plan, &ground.bootstrap.ctx, true, &run),
		-1);
	assert_int_equal(run.err.kind, ERR_FAILED);
}

/* Until `critical` was read, and where it cannot be. */
static void what_is_not_known_is_critical(void **state)
{
	static char *const no[] = {"NO=no", NULL};

	(void)state;
	ground_load("[link:a]\npath = x\ntarget = x\n[defaults:link]\ncritical = no\n"
		    "[key:k]\npath = k\n",
		NULL);
	assert_false(ground_step("link:a")->keys.critical);
	assert_true(ground_step("key:k")->keys.critical);
	ground_load("[link:a]\npath = x\ntarget = x\ncritical = ${NO}\n", no);
	assert_false(ground_step("link:a")->keys.critical);
	assert_int_equal(ground_read("[link:a]\npath = x\ntarget = x\norder = 1\n"
				     "critical = ${NO}\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "5:12: [link:a] critical: NO is not set");
	assert_true(ground_step("link:a")->keys.critical);
	assert_int_equal(ground_read("[link:a]\npath = x\ntarget = x\ncritical = no\n"
				     "order = ${NO}\n",
				 NULL, NULL),
		0);
	assert_true(ground_step("link:a")->keys.critical);
}

static void a_timeout_is_a_deadline_of_its_own(void **state)
{
	struct run run;
	int64_t whole;

	(void)state;
	acts[0].kind = ERR_TEMPORARY;
	acts[0].fail = 1000000;
	run = run_with(
		"fail_fast = no\nretry_attempts = 1000000", "timeout = 20ms\n", "", -1);
	results_are(&run, "!+++");
	says(run.results[0].message, "it took longer than its timeout of 20ms");
	assert_int_equal(ground.bootstrap.stop.deadline_ms, 0);
	whole = clock_ms() + 3600000;
	ground.bootstrap.stop.deadline_ms = whole;
	err_init(&run.err);
	assert_int_equal(stop_check(&ground.bootstrap.stop, &run.err), 0);
}

/* A block begins with where the next one is. */
static size_t blocks_of(const struct arena *arena)
{
	const void *block = arena->blocks;
	size_t count = 0;

	for (; block; count++)
		memcpy(&block, block, sizeof block);
	return count;
}

/* Others may need days for it, and a check reads all migrations each time. */
static void what_is_looked_at_again_takes_no_more_memory(void **state)
{
	static const char *const wait[] = {"link:a", NULL};
	struct run_options options = {
		.settings = &ground.bootstrap.settings, .look_again_ms = 1};
	struct selection selection = {.wait = wait};
	struct ctx *ctx = &ground.bootstrap.ctx;
	struct run run;
	size_t before;

	(void)state;
	acts[0] = (struct act){.until = 20, .found = TO_DO, .warn = true};
	assert_int_equal(
		ground_read("[link:a]\npath = x\ntarget = x\n", NULL, &selection), 0);
	ground.bootstrap.plan.steps.list[0].kind = &kind_fake;
	before = blocks_of(ctx->arena);
	assert_int_equal(run_apply(&ground.bootstrap.plan, ctx, &options, &run), 0);
	assert_int_equal(acts[0].checks, 20);
	assert_int_equal(run.results[0].warnings_count, 2);
	says(run.results[0].warnings[1], "/f:2: a warning");
	says(run.results[0].message, "looked, with");
	/* Those of the last look are kept, and a few for what the run itself has. */
	assert_in_range(blocks_of(ctx->arena) - before, 1, 5);
}

static void looking_touches_nothing(void **state)
{
	struct run run;

	(void)state;
	(void)run_with("", "when = env:GONE\n", "critical = no\n", 0);
	acts[1].found = -1;
	acts[3].found = UNKNOWABLE;
	for (size_t i = 0; i < STEPS; i++)
		acts[i].applies = 0;
	assert_int_equal(
		run_forecast(&ground.bootstrap.plan, &ground.bootstrap.ctx, true, &run),
		0);
	assert_int_equal(run.results[0].forecast, FORECAST_LEFT_OUT);
	assert_int_equal(run.results[1].forecast, FORECAST_ERROR); /* and not critical */
	assert_int_equal(run.results[2].forecast, FORECAST_LEFT_OUT); /* requires b */
	assert_int_equal(run.results[3].forecast, FORECAST_UNKNOWN);
	assert_null(strstr(run.results[1].message, "secret word"));
	acts[3].found = -1;
	assert_int_equal(
		run_forecast(&ground.bootstrap.plan, &ground.bootstrap.ctx, true, &run),
		-1);
	assert_int_equal(run.err.kind, ERR_FAILED);
	for (size_t i = 0; i < STEPS; i++)
		assert_int_equal(acts[i].applies, 0);
}

static int teardown(void **state)
{
	buf_release(&begun);
	return ground_teardown(state);
}

#define RUN(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RUN(does_what_is_to_be_done),
		RUN(the_mark_is_of_what_was_done),
		RUN(an_id_that_is_long_moves_no_other_line),
		RUN(left_out_is_skipped_without_a_look),
		RUN(the_first_failure_ends_it),
		RUN(without_fail_fast_the_others_run),
		RUN(a_failure_is_logged_once),
		RUN(a_retry_does_not_repeat_a_warning),
		RUN(what_is_not_critical_only_warns),
		RUN(a_failure_without_a_reason_is_one),
		RUN(time_mends_what_it_can),
		RUN(forced_is_done_without_a_look),
		RUN(a_signal_ends_it_all),
		RUN(a_signal_is_the_end_whatever_the_step_says),
		RUN(the_deadline_is_asked_between_two_steps),
		RUN(a_stop_is_asked_between_two_steps),
		RUN(an_error_at_a_steps_turn_is_none_of_the_configuration),
		RUN(what_is_not_known_is_critical),
		RUN(a_timeout_is_a_deadline_of_its_own),
		RUN(what_is_looked_at_again_takes_no_more_memory),
		RUN(looking_touches_nothing),
	};

	return cmocka_run_group_tests_name("plan/run", tests, NULL, NULL);
}
