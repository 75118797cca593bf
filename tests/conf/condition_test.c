/* SPDX-License-Identifier: MIT */
/* The language of conditions, with a table and variables of its own. */
#include "../unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/condition.h"
#include "conf/words.h"

static int asked_system; /* how often */

static int system_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	(void)asked;
	asked_system++;
	if (str_equal(condition->what, "error"))
		return err_fail(err, "cannot be asked");
	return str_equal(condition->what, "yes")      ? CONDITION_YES
		: str_equal(condition->what, "later") ? CONDITION_UNKNOWN
						      : CONDITION_NO;
}

static const struct condition_kind kinds[] = {
	{"env", "env:NAME", "", CONDITION_VALUES, .holds = condition_env,
		.accepts = condition_env_accepts},
	{"on", "on:NAME", "", CONDITION_VARIABLES, .holds = condition_word,
		.accepts = condition_on_accepts, .accepted = condition_yes},
	{"system", "system:WHAT", "", CONDITION_TEXT, .system = true,
		.holds = system_holds},
	{0},
};

static const char *lookup(void *user, const char *name)
{
	(void)user;
	return str_equal(name, "X") ? "x" : NULL;
}

/* X is known to the caller alone; Y is in the environment. */
static int hold(const char *text, bool settled, const char *why)
{
	static char *const environment[] = {"Y=y", NULL};
	const struct condition_asked asked = {
		.lookup = lookup, .environment = environment};
	CLEANUP_BUF struct buf said = BUF_INIT;
	struct arena arena = {0};
	struct conditions parsed = {0};
	struct list words = {0};
	DECLARE_ERR(err);
	int answer;

	asked_system = 0;
	words_split(text, WORDS_SPACE, &arena, &words);
	for (size_t i = 0; i < words.count; i++)
		assert_int_equal(
			conditions_add(&parsed, words.items[i], kinds, &arena, &err), 0);
	assert_int_equal(conditions_check(&parsed, &err), 0);
	buf_puts(&said, "");
	answer = conditions_hold(&parsed, &asked, settled, &said, &err);
	assert_string_equal(answer < 0 ? err.text : said.data, why);
	arena_release(&arena);
	return answer;
}

static void the_caller_knows_the_variables(void **state)
{
	(void)state;
	assert_int_equal(hold("", true, ""), CONDITION_YES);
	assert_int_equal(hold("env:X=x", true, ""), CONDITION_YES);
	assert_int_equal(hold("env:Y", true, "'env:Y' does not hold"), CONDITION_NO);
	assert_int_equal(hold("env:?=y", true, ""), CONDITION_YES);
	assert_int_equal(hold("env:?=x", true, "'env:?=x' does not hold"), CONDITION_NO);
	assert_int_equal(hold("on:X", true,
				 "'on:X': the value of X is neither yes, true, on or 1 "
				 "nor no, false, off or 0"),
		-1);
}

static void what_is_settled_does_not_ask_the_system(void **state)
{
	(void)state;
	assert_int_equal(hold("system:yes", true, "'system:yes' is not known yet"),
		CONDITION_UNKNOWN);
	assert_int_equal(
		hold("system:error env:Z", false, "'env:Z' does not hold"), CONDITION_NO);
	assert_int_equal(hold("system:error or env:X", false, ""), CONDITION_YES);
	assert_int_equal(asked_system, 0);
	assert_int_equal(hold("env:X system:yes", false, ""), CONDITION_YES);
	assert_int_equal(asked_system, 1);
	assert_int_equal(
		hold("system:error", false, "'system:error': cannot be asked"), -1);
}

static void what_is_not_known_is_neither(void **state)
{
	(void)state;
	assert_int_equal(hold("system:later", false, "'system:later' is not known yet"),
		CONDITION_UNKNOWN);
	assert_int_equal(hold("!system:later", false, "'!system:later' is not known yet"),
		CONDITION_UNKNOWN);
	assert_int_equal(
		hold("system:later system:no", false, "'system:no' does not hold"),
		CONDITION_NO);
	assert_int_equal(hold("system:later or system:yes", false, ""), CONDITION_YES);
	assert_int_equal(hold("system:no or system:later", false,
				 "'system:no' does not hold, 'system:later' is not known "
				 "yet"),
		CONDITION_UNKNOWN);
}

static void a_backslash_takes_the_meaning(void **state)
{
	struct arena arena = {0};
	struct condition condition;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(
		condition_parse("env:A=a\\|b|c\\\\|d", kinds, &arena, &condition, &err),
		0);
	assert_int_equal(condition.values.count, 3);
	assert_true(condition_matches(&condition.values, "a|b"));
	assert_true(condition_matches(&condition.values, "c\\"));
	assert_true(condition_matches(&condition.values, "d"));
	assert_false(condition_matches(&condition.values, "a"));
	assert_string_equal(condition_literal("\\*x", &arena), "*x");
	assert_null(condition_literal("x*", &arena));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_caller_knows_the_variables),
		cmocka_unit_test(what_is_settled_does_not_ask_the_system),
		cmocka_unit_test(what_is_not_known_is_neither),
		cmocka_unit_test(a_backslash_takes_the_meaning),
	};

	return cmocka_run_group_tests_name("conf/condition", tests, NULL, NULL);
}
