/* SPDX-License-Identifier: MIT */
/* Which boot of which container this is, and which processes live. */
#include "../unit.h"

#include <signal.h>
#include <sys/wait.h>

#include "proc/boot.h"

static void it_is_the_boot_that_it_was(void **state)
{
	struct boot boot, again;

	(void)state;
	boot_read(&boot);
	boot_read(&again);
	assert_true(boot_is(&boot, &again));
	assert_int_equal(strlen(boot.id), 36);
	assert_true(boot.pid_namespace > 0);
	assert_true(boot_process_start(getpid()) >= boot.init_start);
}

static void another_boot_is_known_by_each_member(void **state)
{
	const struct boot one = {"id", "host", 1, 2, 0};
	const struct boot others[] = {
		{"other", "host", 1, 2, 0},
		{"id", "other", 1, 2, 0},
		{"id", "host", 9, 2, 0},
		{"id", "host", 1, 9, 0},
	};
	const struct boot unknown = {"", "", 0, 0, 0};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_false(boot_is(&one, &others[i]));
		assert_false(boot_is(&others[i], &one));
	}
	assert_true(boot_is(&one, &unknown));
	assert_false(boot_is(&unknown, &one)); /* whoever wrote it knew it */
}

/* Its name may end in anything: it has a ')' and spaces here. */
static void a_process_lives_until_it_has_ended(void **state)
{
	pid_t pid = fork();
	int64_t start;

	(void)state;
	if (pid == 0) {
		FILE *name = fopen("/proc/self/comm", "w");

		if (name && fputs(") R 1 (x) ", name) >= 0 && fclose(name) == 0)
			raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);
	start = boot_process_start(pid);
	assert_true(start > 0);
	assert_true(boot_process_lives(pid, start));
	assert_true(boot_process_lives(pid, 0));
	assert_false(boot_process_lives(pid, start + 1));
	assert_int_equal(kill(pid, SIGKILL), 0);
	while (boot_process_lives(pid, start)) /* it is not reaped: a zombie at last */
		usleep(1000);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_false(boot_process_lives(pid, start));
	assert_false(boot_process_lives(0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_boot_that_it_was),
		cmocka_unit_test(another_boot_is_known_by_each_member),
		cmocka_unit_test(a_process_lives_until_it_has_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
