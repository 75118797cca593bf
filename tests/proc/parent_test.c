/* SPDX-License-Identifier: MIT */
/* What the application finds when it was launched, and its exit code. */
#include "parent_process.h"

#include <sys/prctl.h>
#include <sys/stat.h>

static struct parent_process run; /* too large for a stack that is cloned */

/* ---- exit codes ---- */

static void exit_code_is_the_applications(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++)
		for (int code = 0; code < 256; code++) {
			char script[32];

			snprintf(script, sizeof script, "exit %d", code);
			assert_int_equal(run_parent(&(struct parent_case){.mode = mode,
							    .script = script},
						 &run),
				code);
			assert_string_equal(run.log, "");
		}
}

static void signal_death_is_128_and_the_signal(void **state)
{
	static const int signals[] = {SIGTERM, SIGKILL, SIGUSR1, SIGSEGV, SIGALRM};

	(void)state;
	for (int mode = 0; mode < MODES; mode++)
		for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
			char script[32];

			snprintf(script, sizeof script, "kill -%d $$", signals[i]);
			assert_int_equal(run_parent(&(struct parent_case){.mode = mode,
							    .script = script},
						 &run),
				128 + signals[i]);
		}
}

static void missing_command_is_127_and_named(void **state)
{
	char name[] = "no-such-command";
	char *argv[] = {name, NULL};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		assert_int_equal(
			run_parent(
				&(struct parent_case){.mode = mode, .argv = argv}, &run),
			127);
		assert_non_null(strstr(run.log, "command 'no-such-command' not found"));
	}
}

static void become_keeps_the_pid(void **state)
{
	char pid[32];

	(void)state;
	run_parent(&(struct parent_case){.script = "echo $$"}, &run);
	snprintf(pid, sizeof pid, "%d\n", (int)run.pid);
	assert_string_equal(run.out, pid);
}

/* ---- what the application finds ---- */

static char grep_name[] = "/bin/grep";
static char grep_what[] = "-E";
static char grep_signals[] = "Sig(Blk|Ign|Pnd)|ShdPnd";
static char grep_file[] = "/proc/self/status";
static char *signals_argv[] = {grep_name, grep_what, grep_signals, grep_file, NULL};

/* The set behind "SigBlk:" and the like. */
static unsigned long long set_of(const char *field)
{
	const char *at = strstr(run.out, field);

	assert_non_null(at);
	return strtoull(at + strlen(field), NULL, 16);
}

#define BIT(signal) (1ULL << ((signal)-1))

/* But for the C library's own two: posix_spawn(3), which make(1) uses, ignores them. */
static unsigned long long ignored_set(void)
{
	return set_of("SigIgn:\t") & ~(BIT(32) | BIT(33));
}

static void signals_are_as_they_were(void **state)
{
	struct parent_case c = {.argv = signals_argv};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(run_parent(&c, &run), 0);
		assert_int_equal(set_of("SigBlk:\t"), 0);
		assert_int_equal(ignored_set(), 0);
		assert_int_equal(set_of("SigPnd:\t"), 0);
		assert_int_equal(set_of("ShdPnd:\t"), 0);
	}
}

static void ignore_and_block(void)
{
	uint64_t mask = BIT(SIGUSR2) | BIT(33);

	signal(SIGCHLD, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
}

static void ignored_and_blocked_signals_are_kept(void **state)
{
	struct parent_case c = {.argv = signals_argv, .before = ignore_and_block};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(run_parent(&c, &run), 0);
		assert_int_equal(set_of("SigBlk:\t"), BIT(SIGUSR2) | BIT(33));
		assert_int_equal(
			ignored_set(), BIT(SIGCHLD) | BIT(SIGHUP) | BIT(SIGTTOU));
	}
}

static void ignored_child_signal_does_not_hang(void **state)
{
	struct parent_case c = {.script = "true; exit 7", .before = ignore_and_block};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(run_parent(&c, &run), 7);
	}
}

static void ignored_hangup_does_not_stop(void **state)
{
	struct parent_case c = {.work = work_until_stopped, .before = ignore_and_block};

	(void)state;
	start_parent(&c, &run);
	read_parent(&run, "working\n");
	kill(run.pid, SIGHUP);
	kill(run.pid, SIGINT);
	assert_int_equal(finish_parent(&run), 130);
}

/* As a command does that the worker could not end. */
static int leave_a_process(void *user, const struct worker *worker)
{
	(void)user;
	(void)worker;
	if (fork() == 0)
		for (;;)
			(void)pause();
	return 111;
}

/* It holds the pipes that are read to their end. */
static void what_a_start_that_failed_has_left_is_ended(void **state)
{
	struct parent_case c = {.work = leave_a_process};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(run_parent(&c, &run), 111);
	}
}

/* What the caller of the tests has left open is not for the application. */
static void keep_the_rest(void)
{
	for (int fd = 3; fd < 10; fd++)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC); /* most are not open */
}

static void inherit_seven(void)
{
	keep_the_rest();
	dup2(STDOUT_FILENO, 7);
}

static void close_standard(void)
{
	keep_the_rest();
	close(STDIN_FILENO);
	close(STDERR_FILENO);
}

/* The shell's own descriptors are the application's: a builtin opens no other. */
#define LIST_FDS \
	"for f in 0 1 2 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$f ] || printf '%s ' $f; " \
	"done"

static void descriptors_are_as_they_were(void **state)
{
	struct parent_case c = {.script = LIST_FDS};

	(void)state;
	/* /proc is not the namespace's own, so $$ is another process for a PID 1. */
	for (int mode = 0; mode < AS_PID_1; mode++) {
		c.mode = mode;
		c.before = inherit_seven;
		assert_int_equal(run_parent(&c, &run), 0);
		assert_string_equal(run.out, "0 1 2 7 ");
		c.before = close_standard;
		assert_int_equal(run_parent(&c, &run), 0);
		assert_string_equal(run.out, "1 ");
	}
}

static int work_with_closed_standard(void *user, const struct worker *worker)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return 97;
	if (worker->stop_fd < 3)
		return 96;
	return launch_case(user, worker);
}

static void worker_has_the_standard_descriptors(void **state)
{
	struct parent_case c = {.script = "exit 5",
		.before = close_standard,
		.work = work_with_closed_standard};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(run_parent(&c, &run), 5);
	}
}

static int work_with_umask(void *user, const struct worker *worker)
{
	if (worker->umask != 027 || umask(0) != 022)
		return 96;
	return launch_case(user, worker);
}

static void set_umask(void)
{
	(void)umask(027);
}

static void umask_is_as_it_was(void **state)
{
	struct parent_case c = {
		.script = "umask", .before = set_umask, .work = work_with_umask};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(run_parent(&c, &run), 0);
		assert_string_equal(run.out, "0027\n");
	}
}

/* With nothing to be laid the look before the launch is the only one. */
static void a_stop_before_the_launch_wins(void **state)
{
	char sh[] = "/bin/sh", option[] = "-c", text[] = "trap '' TERM; echo started";
	char *argv[] = {sh, option, text, NULL};
	struct parent_case c = {.argv = argv, .at_once = true, .stopped = true};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(run_parent(&c, &run), 128 + SIGTERM);
		assert_string_equal(run.out, "");
		/* And it is a code, not a death by the signal. */
		assert_true(WIFEXITED(run.status));
	}
}

static void hear_subreaper(void)
{
	char text[8];
	int on = 9;

	(void)prctl(PR_GET_CHILD_SUBREAPER, &on);
	snprintf(text, sizeof text, "%d", on);
	say(text);
}

/* This program, started as the application: execve does not clear the attribute. */
static void become_is_no_subreaper(void **state)
{
	char self[] = "/proc/self/exe";
	char word[] = "say-subreaper";
	char *argv[] = {self, word, NULL};

	(void)state;
	assert_int_equal(run_parent(&(struct parent_case){.argv = argv}, &run), 0);
	assert_string_equal(run.out, "0");
}

static void restore_puts_all_back(void **state)
{
	struct startup startup;
	sigset_t mask;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	startup_begin(&startup);
	assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_DFL);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	assert_true(sigismember(&mask, SIGTERM) && sigismember(&mask, SIGRTMAX));
	startup_restore_dumpable(&startup);
	startup_restore_signals(&startup);
	assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_IGN);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	assert_false(sigismember(&mask, SIGTERM));
	assert_int_equal(prctl(PR_GET_DUMPABLE), 1);
	/* Who was closed before (a program that may not be read) stays so. */
	assert_int_equal(prctl(PR_SET_DUMPABLE, 0), 0);
	startup_begin(&startup);
	startup_restore_dumpable(&startup);
	startup_restore_signals(&startup);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
	assert_int_equal(prctl(PR_SET_DUMPABLE, 1), 0);
	signal(SIGCHLD, SIG_DFL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exit_code_is_the_applications),
		cmocka_unit_test(signal_death_is_128_and_the_signal),
		cmocka_unit_test(missing_command_is_127_and_named),
		cmocka_unit_test(become_keeps_the_pid),
		cmocka_unit_test(signals_are_as_they_were),
		cmocka_unit_test(ignored_and_blocked_signals_are_kept),
		cmocka_unit_test(ignored_child_signal_does_not_hang),
		cmocka_unit_test(ignored_hangup_does_not_stop),
		cmocka_unit_test(what_a_start_that_failed_has_left_is_ended),
		cmocka_unit_test(descriptors_are_as_they_were),
		cmocka_unit_test(worker_has_the_standard_descriptors),
		cmocka_unit_test(umask_is_as_it_was),
		cmocka_unit_test(a_stop_before_the_launch_wins),
		cmocka_unit_test(become_is_no_subreaper),
		cmocka_unit_test(restore_puts_all_back),
	};

	if (argc > 1 && strcmp(argv[1], "say-subreaper") == 0) {
		hear_subreaper();
		return 0;
	}
	return cmocka_run_group_tests_name("proc/parent", tests, NULL, NULL);
}
