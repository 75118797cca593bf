/* SPDX-License-Identifier: MIT */
/* Environments in the making. */
#include "../unit.h"
#include "base/buf.h"
#include "base/env.h"

static void is(const struct env *env, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	for (size_t i = 0; i < env->count; i++)
		buf_printf(&got, "%s ", env->list[i]);
	assert_string_equal(got.data, expected);
	if (env->list)
		assert_null(env->list[env->count]);
}

static void has_each_name_once(void **state)
{
	char *const list[] = {"A=1", "B=", "no", "=x", "A=2", "AB=3", "C=a=b", NULL};
	CLEANUP_ENV struct env env = {0};

	(void)state;
	env_copy(&env, NULL);
	is(&env, "");
	assert_null(env_get(&env, "A"));
	env_copy(&env, list);
	is(&env, "A=1 B= AB=3 C=a=b ");
	env_put(&env, "A=8");
	env_set(&env, "A", "9");
	env_put(&env, "D=");
	is(&env, "A=9 B= AB=3 C=a=b D= ");
	assert_string_equal(env_get(&env, "A"), "9");
	assert_string_equal(env_get(&env, "B"), "");
	assert_string_equal(env_get(&env, "C"), "a=b");
	assert_null(env_get(&env, ""));
	env_copy(&env, list); /* what is there counts */
	assert_string_equal(env_get(&env, "A"), "9");
}

static void forgets_by_pattern(void **state)
{
	static const struct {
		const char *pattern, *left;
	} cases[] = {
		{"A", "AB=2 ABC=3 X=A "},
		{"A*", "X=A "},
		{"A?", "A=1 ABC=3 X=A "},
		{"[AX]", "AB=2 ABC=3 "},
		{"*", ""},
		{"nothing", "A=1 AB=2 ABC=3 X=A "},
		{"A=1", "A=1 AB=2 ABC=3 X=A "},
		{"", "A=1 AB=2 ABC=3 X=A "},
	};
	char *const list[] = {"A=1", "AB=2", "ABC=3", "X=A", NULL};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_ENV struct env env = {0};

		env_unset(&env, cases[i].pattern);
		env_copy(&env, list);
		env_unset(&env, cases[i].pattern);
		is(&env, cases[i].left);
		env_set(&env, "NEW", "1");
		assert_string_equal(env_get(&env, "NEW"), "1");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_each_name_once),
		cmocka_unit_test(forgets_by_pattern),
	};

	return cmocka_run_group_tests_name("base/env", tests, NULL, NULL);
}
