/* SPDX-License-Identifier: MIT */
/* The section [env]: what is set, in which order, and what is a secret. */
#include "../ground.h"

#include "base/str.h"
#include "plan/variables.h"

static void becomes(const char *name, const char *expected)
{
	const char *got = env_get(&ground.bootstrap.env, name);

	if (!expected)
		assert_null(got);
	else
		assert_string_equal(got ? got : "(unset)", expected);
}

static void values_see_those_above_and_their_own_before(void **state)
{
	static char a[] = "A=1", gone[] = "GONE=1", empty[] = "EMPTY=1";
	char *const env[] = {a, gone, empty, NULL};

	(void)state;
	ground_load(
		"[env]\nA = ${A}2\nB = ${A}3\nGONE =\nEMPTY = ${NO:-}\nC = ${D:-later}\n"
		"D = 'a # b' ; c\nE =\n  two\n  lines\n",
		env);
	becomes("A", "12");
	becomes("B", "123");
	becomes("GONE", NULL);
	becomes("EMPTY", NULL);
	becomes("C", "later");
	becomes("D", "'a # b' ; c");
	becomes("E", "two\nlines");
	assert_string_equal(env_get(&ground.bootstrap.ours, "A"), "1");
}

static void what_holds_a_secret_is_one(void **state)
{
	static char token[] = "TOKEN=a-long-secret";
	char *const env[] = {token, NULL};
	const struct list *names = &ground.bootstrap.ctx.secret_env;

	(void)state;
	ground_load(
		"[env]\nURL = x://${TOKEN}\nPLAIN = x\n[app]\nenv_from_file = TOKEN\n",
		env);
	assert_true(list_has(names, "TOKEN"));
	assert_true(list_has(names, "URL"));
	assert_false(list_has(names, "PLAIN"));
	assert_true(secrets_in(&ground.bootstrap.secrets, "x://a-long-secret"));
}

static void errors_have_name_and_line(void **state)
{
	(void)state;
	assert_int_equal(ground_read("[env]\nA = ${NO} ${OR}\n1-x = 1\nB = ${key:k}\n"
				     "A += 1\n[key:k]\npath = k\n",
				 NULL, NULL),
		0);
	says(ground_problems(), "2:5: [env] A: NO is not set\n");
	says(ground_problems(), "2:11: [env] A: OR is not set\n");
	says(ground_problems(), "3: [env] 1-x: this is no name of a variable");
	says(ground_problems(), "4: [env] B: '${key:k}' cannot be used in [env]");
	says(ground_problems(), "[env] A: += works on lists");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			values_see_those_above_and_their_own_before, ground_setup,
			ground_teardown),
		cmocka_unit_test_setup_teardown(
			what_holds_a_secret_is_one, ground_setup, ground_teardown),
		cmocka_unit_test_setup_teardown(
			errors_have_name_and_line, ground_setup, ground_teardown),
	};

	return cmocka_run_group_tests_name("plan/variables", tests, NULL, NULL);
}
