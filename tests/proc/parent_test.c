/* SPDX-License-Identifier: MIT */
/* The bootstrap's half of the tower, and becoming the application. */
#include "tower.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/stop.h"

static struct tower_run run; /* too large for a stack that is cloned */

/* ---- exit codes ---- */

static void exit_code_is_the_applications(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++)
		for (int code = 0; code < 256; code++) {
			char script[32];

			snprintf(script, sizeof script, "exit %d", code);
			assert_int_equal(tower_run(&(struct tower_case){.mode = mode,
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
			assert_int_equal(tower_run(&(struct tower_case){.mode = mode,
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
			tower_run(&(struct tower_case){.mode = mode, .argv = argv}, &run), 127);
		assert_non_null(strstr(run.log, "command 'no-such-command' not found"));
	}
}

static void become_keeps_the_pid(void **state)
{
	char pid[32];

	(void)state;
	tower_run(&(struct tower_case){.script = "echo $$"}, &run);
	snprintf(pid, sizeof pid, "%d\n", (int)run.pid);
	assert_string_equal(run.out, pid);
}

/* ---- the worker's ends ---- */

static int work_nothing(void *user, const struct worker *worker)
{
	(void)user;
	(void)worker;
	return 0;
}

static int work_fails(void *user, const struct worker *worker)
{
	(void)tower_launch(user, worker);
	return 111;
}

static void without_a_record_nothing_is_launched(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct tower_case c = {.mode = mode, .work = work_nothing};

		assert_int_equal(tower_run(&c, &run), 0);
		assert_string_equal(run.out, "");
		assert_string_equal(run.log, "");
	}
}

static void failed_worker_launches_nothing(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct tower_case c = {
			.mode = mode, .script = "echo started", .work = work_fails};

		assert_int_equal(tower_run(&c, &run), 111);
		assert_string_equal(run.out, "");
	}
}

static int work_damages(void *user, const struct worker *worker)
{
	(void)tower_launch(user, worker);
	return ftruncate(worker->launch_fd, 100) < 0;
}

static void damaged_record_launches_nothing(void **state)
{
	struct tower_case c = {.script = "echo started", .work = work_damages};

	(void)state;
	assert_int_equal(tower_run(&c, &run), 111);
	assert_string_equal(run.out, "");
	assert_non_null(strstr(run.log, "damaged"));
}

static int work_crashes(void *user, const struct worker *worker)
{
	(void)tower_launch(user, worker);
	worker_step(worker, "key:session");
	worker_step(worker, "exec:slow");
	__builtin_trap();
}

static int work_is_killed(void *user, const struct worker *worker)
{
	(void)user;
	worker_step(worker, "exec:slow");
	worker_step(worker, NULL);
	return raise(SIGKILL);
}

static void crash_names_the_step(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct tower_case c = {
			.mode = mode, .script = "echo started", .work = work_crashes};

		assert_int_equal(tower_run(&c, &run), 111);
		assert_non_null(strstr(run.log, "step 'exec:slow' crashed with SIG"));
		assert_string_equal(run.out, "");
		c.work = work_is_killed;
		assert_int_equal(tower_run(&c, &run), 111);
		assert_non_null(strstr(run.log, "the bootstrap was killed with SIGKILL"));
	}
}

/* ---- stopping ---- */

static void say(const char *text)
{
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(98);
}

static int work_until_stopped(void *user, const struct worker *worker)
{
	struct stop stop = {.fd = worker->stop_fd};
	struct err err = ERR_INIT;

	(void)tower_launch(user, worker);
	say("working\n");
	while (stop_sleep(&stop, 60000, &err) == 0)
		continue;
	return 128 + err.code;
}

static int work_deaf(void *user, const struct worker *worker)
{
	(void)user;
	worker_step(worker, "exec:deaf");
	say("working\n");
	while (pause() < 0)
		continue;
	return 0;
}

/* A process that nobody waits for and that holds the output open. */
static void leave_orphan(void)
{
	if (fork() == 0) {
		if (fork() == 0)
			for (;;)
				pause();
		_exit(0);
	}
	wait(NULL);
}

static int work_leaves_orphans(void *user, const struct worker *worker)
{
	leave_orphan();
	leave_orphan();
	return work_until_stopped(user, worker);
}

static int work_leaves_orphans_and_crashes(void *user, const struct worker *worker)
{
	leave_orphan();
	return work_crashes(user, worker);
}

static void stop_is_128_and_nothing_is_launched(void **state)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};

	(void)state;
	for (int mode = 0; mode < MODES; mode++)
		for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
			struct tower_case c = {.mode = mode,
				.script = "echo started",
				.work = work_until_stopped};

			tower_start(&c, &run);
			tower_read(&run, "working\n");
			kill(run.pid, signals[i]);
			assert_int_equal(tower_finish(&run), 128 + signals[i]);
			assert_string_equal(run.out, "working\n");
			assert_string_equal(run.log, "");
		}
}

static void other_signals_do_not_stop(void **state)
{
	struct tower_case c = {.script = "echo started", .work = work_until_stopped};

	(void)state;
	tower_start(&c, &run);
	tower_read(&run, "working\n");
	for (int signal = 1; signal <= 64; signal++)
		if (signal != SIGTERM && signal != SIGINT && signal != SIGQUIT &&
			signal != SIGHUP && signal != SIGKILL && signal != SIGSTOP)
			kill(run.pid, signal);
	kill(run.pid, SIGTERM);
	assert_int_equal(tower_finish(&run), 143);
}

static void deaf_worker_is_killed(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct tower_case c = {.mode = mode, .work = work_deaf, .grace_ms = 50};

		tower_start(&c, &run);
		tower_read(&run, "working\n");
		kill(run.pid, SIGTERM);
		assert_int_equal(tower_finish(&run), 143);
		assert_non_null(strstr(run.log, "step 'exec:deaf' did not end"));
	}
}

static int work_over_deadline(void *user, const struct worker *worker)
{
	worker_deadline(worker, clock_ms());
	return work_deaf(user, worker);
}

static void deadline_kills(void **state)
{
	struct tower_case c = {.work = work_over_deadline, .grace_ms = 50};

	(void)state;
	assert_int_equal(tower_run(&c, &run), 111);
	assert_non_null(strstr(run.log, "deadline has passed and step 'exec:deaf'"));
}

/* The orphans hold our pipe: tower_finish() would not see its end while they live. */
static void no_process_is_left_behind(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct tower_case c = {.mode = mode, .work = work_leaves_orphans};

		tower_start(&c, &run);
		tower_read(&run, "working\n");
		kill(run.pid, SIGTERM);
		assert_int_equal(tower_finish(&run), 143);
		c.work = work_leaves_orphans_and_crashes;
		assert_int_equal(tower_run(&c, &run), 111);
	}
}

static pid_t sidecar;

static void begin_sidecar(void)
{
	sidecar = fork();
	if (sidecar == 0)
		for (;;)
			pause();
	dprintf(STDOUT_FILENO, "sidecar %d\n", (int)sidecar);
}

/* `sidecar & exec groundwork …`: what was there before us is not ours to end. */
static void sidecar_is_spared(void **state)
{
	struct tower_case c = {.work = work_fails, .before = begin_sidecar};
	long pid;
	int status;

	(void)state;
	tower_start(&c, &run);
	tower_read(&run, "\n");
	assert_int_equal(waitpid(run.pid, &status, 0), run.pid);
	assert_int_equal(WEXITSTATUS(status), 111);
	pid = strtol(run.out + strlen("sidecar "), NULL, 10);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	tower_read(&run, NULL);
}

/*
 * A stop at any moment from the mask on: a clean end, and no application that did not get
 * it. That one would run for ever, and the harness would see a hang.
 */
static void stop_is_never_lost(void **state)
{
	char sleep_name[] = "/bin/sleep";
	char long_time[] = "1000";
	char *argv[] = {sleep_name, long_time, NULL};

	(void)state;
	srand(1);
	for (int mode = 0; mode < MODES; mode++)
		for (int i = 0; i < 200; i++) {
			struct tower_case c = {.mode = mode, .argv = argv};
			struct timespec delay = {.tv_nsec = rand() % 3000 * 1000L};

			tower_start(&c, &run);
			nanosleep(&delay, NULL);
			kill(run.pid, SIGTERM);
			assert_int_equal(tower_finish(&run), 143);
		}
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

static void signals_are_as_they_were(void **state)
{
	struct tower_case c = {.argv = signals_argv};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(tower_run(&c, &run), 0);
		assert_int_equal(set_of("SigBlk:\t"), 0);
		assert_int_equal(set_of("SigIgn:\t"), 0);
		assert_int_equal(set_of("SigPnd:\t"), 0);
		assert_int_equal(set_of("ShdPnd:\t"), 0);
	}
}

#define BIT(signal) (1ULL << ((signal)-1))

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
	struct tower_case c = {.argv = signals_argv, .before = ignore_and_block};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(tower_run(&c, &run), 0);
		assert_int_equal(set_of("SigBlk:\t"), BIT(SIGUSR2) | BIT(33));
		assert_int_equal(
			set_of("SigIgn:\t"), BIT(SIGCHLD) | BIT(SIGHUP) | BIT(SIGTTOU));
	}
}

static void ignored_child_signal_hangs_nobody(void **state)
{
	struct tower_case c = {.script = "true; exit 7", .before = ignore_and_block};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(tower_run(&c, &run), 7);
	}
}

static void ignored_hangup_does_not_stop(void **state)
{
	struct tower_case c = {.work = work_until_stopped, .before = ignore_and_block};

	(void)state;
	tower_start(&c, &run);
	tower_read(&run, "working\n");
	kill(run.pid, SIGHUP);
	kill(run.pid, SIGINT);
	assert_int_equal(tower_finish(&run), 130);
}

static void inherit_seven(void)
{
	dup2(STDOUT_FILENO, 7);
}

static void close_standard(void)
{
	close(STDIN_FILENO);
	close(STDERR_FILENO);
}

/* The shell's own descriptors are the application's: a builtin opens no other. */
#define LIST_FDS                                                                          \
	"for f in 0 1 2 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$f ] || printf '%s ' $f; done"

static void descriptors_are_as_they_were(void **state)
{
	struct tower_case c = {.script = LIST_FDS};

	(void)state;
	/* /proc is not the namespace's own, so $$ means somebody else for a PID 1. */
	for (int mode = 0; mode < AS_PID_1; mode++) {
		c.mode = mode;
		c.before = inherit_seven;
		assert_int_equal(tower_run(&c, &run), 0);
		assert_string_equal(run.out, "0 1 2 7 ");
		c.before = close_standard;
		assert_int_equal(tower_run(&c, &run), 0);
		assert_string_equal(run.out, "1 ");
	}
}

static int work_with_closed_standard(void *user, const struct worker *worker)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return 97;
	if (worker->launch_fd < 3 || worker->event_fd < 3 || worker->stop_fd < 3)
		return 96;
	return tower_launch(user, worker);
}

static void worker_has_the_standard_descriptors(void **state)
{
	struct tower_case c = {.script = "exit 5",
		.before = close_standard,
		.work = work_with_closed_standard};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(tower_run(&c, &run), 5);
	}
}

static int work_with_umask(void *user, const struct worker *worker)
{
	if (worker->umask != 027 || umask(0) != 022)
		return 96;
	return tower_launch(user, worker);
}

static void set_umask(void)
{
	(void)umask(027);
}

static void umask_is_as_it_was(void **state)
{
	struct tower_case c = {
		.script = "umask", .before = set_umask, .work = work_with_umask};

	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		c.mode = mode;
		assert_int_equal(tower_run(&c, &run), 0);
		assert_string_equal(run.out, "0027\n");
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
	assert_int_equal(tower_run(&(struct tower_case){.argv = argv}, &run), 0);
	assert_string_equal(run.out, "0");
}

static void restore_puts_all_back(void **state)
{
	struct parent parent;
	sigset_t mask;

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	parent_begin(&parent);
	assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_DFL);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	assert_true(sigismember(&mask, SIGTERM) && sigismember(&mask, SIGRTMAX));
	parent_restore(&parent);
	assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_IGN);
	assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	assert_false(sigismember(&mask, SIGTERM));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exit_code_is_the_applications),
		cmocka_unit_test(signal_death_is_128_and_the_signal),
		cmocka_unit_test(missing_command_is_127_and_named),
		cmocka_unit_test(become_keeps_the_pid),
		cmocka_unit_test(without_a_record_nothing_is_launched),
		cmocka_unit_test(failed_worker_launches_nothing),
		cmocka_unit_test(damaged_record_launches_nothing),
		cmocka_unit_test(crash_names_the_step),
		cmocka_unit_test(stop_is_128_and_nothing_is_launched),
		cmocka_unit_test(other_signals_do_not_stop),
		cmocka_unit_test(deaf_worker_is_killed),
		cmocka_unit_test(deadline_kills),
		cmocka_unit_test(no_process_is_left_behind),
		cmocka_unit_test(sidecar_is_spared),
		cmocka_unit_test(stop_is_never_lost),
		cmocka_unit_test(signals_are_as_they_were),
		cmocka_unit_test(ignored_and_blocked_signals_are_kept),
		cmocka_unit_test(ignored_child_signal_hangs_nobody),
		cmocka_unit_test(ignored_hangup_does_not_stop),
		cmocka_unit_test(descriptors_are_as_they_were),
		cmocka_unit_test(worker_has_the_standard_descriptors),
		cmocka_unit_test(umask_is_as_it_was),
		cmocka_unit_test(become_is_no_subreaper),
		cmocka_unit_test(restore_puts_all_back),
	};

	if (argc > 1 && strcmp(argv[1], "say-subreaper") == 0) {
		hear_subreaper();
		return 0;
	}
	return cmocka_run_group_tests_name("proc/parent", tests, NULL, NULL);
}
