/* SPDX-License-Identifier: MIT */
/* What the worker is at, as the parent sees it. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "../unit.h"
#include "base/clock.h"
#include "base/err.h"
#include "proc/activity.h"

static struct activity *map(void)
{
	DECLARE_ERR(err);
	struct activity *activity = activity_map(&err);

	assert_non_null(activity);
	return activity;
}

static void what_is_written_is_read(void **state)
{
	struct activity *activity = map();
	struct activity_now now;
	char text[1000];

	(void)state;
	assert_true(activity_read(activity, &now));
	assert_string_equal(now.step, "");
	assert_int_equal(now.deadline_ms, 0);
	assert_false(now.log_known);
	activity_step(activity, "key:session");
	activity_detail(activity, "half of it");
	activity_deadline(activity, 7);
	activity_log(activity, &(struct log){.level = LOG_WARN, .json = true});
	assert_true(activity_read(activity, &now));
	assert_string_equal(now.step, "key:session");
	assert_string_equal(now.detail, "half of it");
	assert_int_equal(now.deadline_ms, 7);
	assert_true(now.log_known && now.log_json);
	assert_int_equal(now.log_level, LOG_WARN);
	assert_true(now.began_ms > 0 && now.began_ms <= clock_ms());
	/* A step begins without the detail of the one before. */
	activity_step(activity, NULL);
	assert_true(activity_read(activity, &now));
	assert_string_equal(now.step, "");
	assert_string_equal(now.detail, "");
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	activity_step(activity, text);
	assert_true(activity_read(activity, &now));
	assert_int_equal(strlen(now.step), ACTIVITY_TEXT_MAX - 1);
	activity_unmap(activity);
	activity_unmap(NULL);
}

static void a_text_that_is_cut_ends_behind_a_word(void **state)
{
	struct activity *activity = map();
	struct activity_now now;
	char text[1000] = "";

	(void)state;
	for (size_t size = 0; size < sizeof text - 10; size += 10)
		memcpy(text + size, "connected ", 10);
	activity_detail(activity, text);
	assert_true(activity_read(activity, &now));
	assert_string_equal(now.detail + strlen(now.detail) - 14, " connected …");
	activity_unmap(activity);
}

/* Two steps in turn: never a piece of one in the other. */
static void no_half_of_a_change_is_read(void **state)
{
	struct activity *activity = map();
	char steps[2][200];
	int whole = 0;
	pid_t pid;

	(void)state;
	for (int i = 0; i < 2; i++) {
		memset(steps[i], 'a' + i, sizeof steps[i] - 1);
		steps[i][sizeof steps[i] - 1] = '\0';
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0)
		for (unsigned i = 0;; i++) {
			activity_step(activity, steps[i % 2]);
			activity_detail(activity, steps[i % 2]);
		}
	for (int i = 0; i < 20000; i++) {
		struct activity_now now;

		if (!activity_read(activity, &now))
			continue;
		whole++;
		if (*now.step && strcmp(now.step, steps[0]) != 0 &&
			strcmp(now.step, steps[1]) != 0)
			fail_msg("read '%s'", now.step);
		if (*now.detail && strcmp(now.detail, now.step) != 0)
			fail_msg("'%s' of '%s'", now.detail, now.step);
	}
	assert_true(whole > 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	activity_unmap(activity);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(a_text_that_is_cut_ends_behind_a_word),
		cmocka_unit_test(no_half_of_a_change_is_read),
	};

	return cmocka_run_group_tests_name("proc/activity", tests, NULL, NULL);
}
