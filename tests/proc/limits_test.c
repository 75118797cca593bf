/* SPDX-License-Identifier: MIT */
/* Resource limits: as written, and as the kernel has them. */
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "base/err.h"
#include "proc/limits.h"

static void good_words(void **state)
{
	static const struct {
		const char *word;
		int resource;
		bool soft_set, hard_set;
		uint64_t soft, hard;
	} cases[] = {
		{"nofile=4096", RLIMIT_NOFILE, true, true, 4096, 4096},
		{"NOFILE=1024:4096", RLIMIT_NOFILE, true, true, 1024, 4096},
		{"nofile=1024:", RLIMIT_NOFILE, true, false, 1024, 0},
		{"nofile=:4096", RLIMIT_NOFILE, false, true, 0, 4096},
		{"core=0:unlimited", RLIMIT_CORE, true, true, 0, RLIM_INFINITY},
		{"core=infinity", RLIMIT_CORE, true, true, RLIM_INFINITY, RLIM_INFINITY},
		{"stack=8M", RLIMIT_STACK, true, true, 8 << 20, 8 << 20},
		{"as=1G:2G", RLIMIT_AS, true, true, 1 << 30, UINT64_C(2) << 30},
		{"memlock=64K", RLIMIT_MEMLOCK, true, true, 65536, 65536},
		{"cpu=0", RLIMIT_CPU, true, true, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct limits limits = {.list = {{0}}};
		DECLARE_ERR(err);
		const struct limit *found = &limits.list[cases[i].resource];

		if (limits_add(&limits, cases[i].word, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(found->soft_set, cases[i].soft_set);
		assert_int_equal(found->hard_set, cases[i].hard_set);
		if (found->soft_set)
			assert_true(found->soft == cases[i].soft);
		if (found->hard_set)
			assert_true(found->hard == cases[i].hard);
	}
}

static void bad_words(void **state)
{
	static const struct {
		const char *word, *text;
	} cases[] = {
		{"nofile", "is not of the form"},
		{"nofiles=1", "did you mean 'nofile'?"},
		{"core=", "is no number"},
		{"core=:", "is no number"},
		{"core=-1", "is no number"},
		{"core=1:2:3", "is no number"},
		{"cpu=1K", "'1K' is no number, 'unlimited'"},
		{"as=1T", "is no number (K, M, G)"},
		{"as=K", "is no number"},
		{"as=99999999999999999999", "is no number"},
		{"as=18446744073709551615", "is no number"},
		{"as=17179869184G", "is no number"},
		{"core=2:1", "the soft limit is above the hard one"},
		{"core=unlimited:1", "the soft limit is above the hard one"},
		{"nice=1", "set twice"},
		{"=1", "there is no limit ''"},
	};
	struct limits limits = {.list = {{0}}};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(limits_add(&limits, "nice=2", &err), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		err_init(&err);
		if (limits_add(&limits, cases[i].word, &err) == 0)
			fail_msg("'%s' was taken", cases[i].word);
		if (err.kind != ERR_CONFIG || !strstr(err.text, cases[i].text))
			fail_msg("'%s': %s", cases[i].word, err.text);
	}
}

/* In a process of its own, whose answer is its exit status. */
static int apart(int (*question)(void))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(question());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WEXITSTATUS(status);
}

static int set_and_look(void)
{
	const char *const words[] = {
		"nofile=100:200", "core=0", "stack=:4194304", "cpu=77:"};
	struct limits limits = {.list = {{0}}};
	DECLARE_ERR(err);
	struct rlimit before, now;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (limits_add(&limits, words[i], &err) < 0)
			return 1;
	if (getrlimit(RLIMIT_CPU, &before) < 0 || limits_set(&limits, &err) < 0)
		return 2;
	if (getrlimit(RLIMIT_NOFILE, &now) < 0 || now.rlim_cur != 100 ||
		now.rlim_max != 200)
		return 3;
	if (getrlimit(RLIMIT_CORE, &now) < 0 || now.rlim_cur != 0 || now.rlim_max != 0)
		return 4;
	/* A hard limit takes the soft one down with it. */
	if (getrlimit(RLIMIT_STACK, &now) < 0 || now.rlim_cur != 4 << 20 ||
		now.rlim_max != 4 << 20)
		return 5;
	if (getrlimit(RLIMIT_CPU, &now) < 0 || now.rlim_cur != 77 ||
		now.rlim_max != before.rlim_max)
		return 6;
	return 0;
}

static int raise_without_right(void)
{
	const struct rlimit low = {10, 10};
	struct limits limits = {.list = {{0}}};
	DECLARE_ERR(err);

	if (setrlimit(RLIMIT_CORE, &low) < 0 || (geteuid() == 0 && setuid(10001) < 0))
		return 1;
	if (limits_add(&limits, "core=20", &err) < 0 || limits_set(&limits, &err) == 0)
		return 2;
	return strstr(err.text, "limit core=20:20 (the hard limit is 10)") ? 0 : 3;
}

static void they_are_set(void **state)
{
	(void)state;
	assert_int_equal(apart(set_and_look), 0);
}

static void what_may_not_be_raised_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(apart(raise_without_right), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_words),
		cmocka_unit_test(bad_words),
		cmocka_unit_test(they_are_set),
		cmocka_unit_test(what_may_not_be_raised_is_an_error),
	};

	return cmocka_run_group_tests_name("proc/limits", tests, NULL, NULL);
}
