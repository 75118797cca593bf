/* SPDX-License-Identifier: MIT */
/* Privilege: root, and processes with one of four capabilities effective. */
#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "base/privilege.h"

#define USER   10001
#define CANNOT 2 /* what a child exits with where it could not become that */

static int has_one_capability(int capability, bool effective)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}};

	data[capability / 32].permitted = 1u << capability % 32;
	if (effective)
		data[capability / 32].effective = 1u << capability % 32;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setresuid(USER, USER, USER) < 0 ||
		syscall(SYS_capset, &head, data) < 0)
		return CANNOT;
	return privileged();
}

static int answer_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != CANNOT);
	return WEXITSTATUS(status);
}

static int asked_as_user(int capability, bool effective)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(has_one_capability(capability, effective));
	return answer_of(pid);
}

static int root_without_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[2] = {{0}};

	return syscall(SYS_capset, &head, none) < 0 ? CANNOT : privileged();
}

static void root_is_privileged_whatever_its_capabilities(void **state)
{
	pid_t pid;

	(void)state;
	NEEDS_ROOT();
	assert_true(privileged());
	pid = fork();
	if (pid == 0)
		_exit(root_without_capabilities());
	assert_int_equal(answer_of(pid), true);
}

static void a_user_with_a_capability_over_files_is_privileged(void **state)
{
	static const int over_files[] = {
		CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER};

	(void)state;
	NEEDS_ROOT();
	for (size_t i = 0; i < sizeof over_files / sizeof *over_files; i++) {
		assert_int_equal(asked_as_user(over_files[i], true), true);
		assert_int_equal(asked_as_user(over_files[i], false), false);
	}
}

static void a_user_with_another_capability_is_not(void **state)
{
	(void)state;
	NEEDS_ROOT();
	for (int i = CAP_FOWNER + 1; i <= CAP_AUDIT_CONTROL; i++)
		if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1)
			assert_int_equal(asked_as_user(i, true), false);
}

/* Returns what it may: 1 to give files away, and 2 to set the modes of others'. */
static int may_without(int capability)
{
	struct privileges ours;

	if (privileges_get(&ours) < 0)
		return CANNOT + 2;
	ours.effective &= ~(UINT64_C(1) << capability);
	if (privileges_set(&ours) < 0)
		return CANNOT + 2;
	return privileged_to_give() + 2 * privileged_to_set_modes();
}

static void root_may_what_its_capabilities_say(void **state)
{
	static const int cases[][2] = {{CAP_CHOWN, 2}, {CAP_FOWNER, 1}, {CAP_KILL, 3}};

	(void)state;
	NEEDS_ROOT();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		pid_t pid = fork();
		int status;

		if (pid == 0)
			_exit(may_without(cases[i][0]));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i][1]);
	}
}

static int signal_without_cap_kill(pid_t pid)
{
	struct privileges ours;
	int death_signal = 0;

	if (privileges_get(&ours) < 0)
		return CANNOT;
	ours.permitted &= ~(UINT64_C(1) << CAP_KILL);
	ours.effective = ours.permitted;
	if (privileges_set(&ours) < 0 || prctl(PR_SET_DUMPABLE, 1) < 0 ||
		prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return CANNOT;
	if (kill(pid, 0) == 0 || privilege_kill(USER + 1, pid, 0) == 0 || errno != EPERM)
		return 1;
	if (privilege_kill(USER, pid, SIGKILL) < 0)
		return 1;
	(void)prctl(PR_GET_PDEATHSIG, &death_signal);
	return death_signal != SIGKILL || prctl(PR_GET_DUMPABLE) != 1 || geteuid() != 0 ||
		privileges_get(&ours) < 0 || ours.effective != ours.permitted;
}

static void root_without_cap_kill_signals_as_that_user(void **state)
{
	int status, ready[2];
	pid_t target, pid;
	char byte;

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(pipe(ready), 0);
	target = fork();
	if (target == 0) {
		if (setresuid(USER, USER, USER) == 0 && write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	pid = fork();
	if (pid == 0)
		_exit(signal_without_cap_kill(target));
	assert_int_equal(answer_of(pid), 0);
	assert_int_equal(waitpid(target, &status, 0), target);
	assert_true(WIFSIGNALED(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_is_privileged_whatever_its_capabilities),
		cmocka_unit_test(a_user_with_a_capability_over_files_is_privileged),
		cmocka_unit_test(a_user_with_another_capability_is_not),
		cmocka_unit_test(root_may_what_its_capabilities_say),
		cmocka_unit_test(root_without_cap_kill_signals_as_that_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
