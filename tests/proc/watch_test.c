/* SPDX-License-Identifier: MIT */
/* The bootstrap: how the worker may end, and how it is stopped. */
#include "parent_process.h"

#include <time.h>

#include "base/clock.h"
#include "base/signal_name.h"
#include "proc/activity.h"

static struct parent_process run; /* too large for a stack that is cloned */

/* ---- the worker's ends ---- */

static int work_nothing(void *user, const struct worker *worker)
{
	(void)user;
	(void)worker;
	return 0;
}

static int work_fails(void *user, const struct worker *worker)
{
	(void)launch_case(user, worker);
	return 111;
}

static void without_a_record_nothing_is_launched(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode, .work = work_nothing};

		assert_int_equal(run_parent(&c, &run), 0);
		assert_string_equal(run.out, "");
		assert_string_equal(run.log, "");
	}
}

static void failed_worker_launches_nothing(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct parent_case c = {
			.mode = mode, .script = "echo started", .work = work_fails};

		assert_int_equal(run_parent(&c, &run), 111);
		assert_string_equal(run.out, "");
	}
}

static int work_damages(void *user, const struct worker *worker)
{
	(void)launch_case(user, worker);
	memset(worker->record, 0xff, 8);
	return 0;
}

static void damaged_record_launches_nothing(void **state)
{
	struct parent_case c = {.script = "echo started", .work = work_damages};

	(void)state;
	assert_int_equal(run_parent(&c, &run), 111);
	assert_string_equal(run.out, "");
	assert_non_null(strstr(run.log, "damaged"));
}

static int work_crashes(void *user, const struct worker *worker)
{
	(void)launch_case(user, worker);
	activity_step(worker->activity, "key:session");
	activity_step(worker->activity, "exec:slow");
	__builtin_trap();
}

static int work_is_killed(void *user, const struct worker *worker)
{
	(void)user;
	activity_step(worker->activity, "exec:slow");
	activity_step(worker->activity, NULL);
	return raise(SIGKILL);
}

static void crash_names_the_step(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct parent_case c = {
			.mode = mode, .script = "echo started", .work = work_crashes};

		assert_int_equal(run_parent(&c, &run), 111);
		assert_non_null(strstr(run.log, "step 'exec:slow' crashed with SIG"));
		assert_string_equal(run.out, "");
		c.work = work_is_killed;
		assert_int_equal(run_parent(&c, &run), 111);
		assert_non_null(strstr(run.log, "the bootstrap was killed with SIGKILL"));
	}
}

/* ---- stopping ---- */

static int work_deaf(void *user, const struct worker *worker)
{
	(void)user;
	activity_step(worker->activity, "exec:deaf");
	say("working\n");
	while (pause() < 0)
		continue;
	return 0;
}

/* A process that is not waited for, and that holds the output open. */
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
			struct parent_case c = {.mode = mode,
				.script = "echo started",
				.work = work_until_stopped};

			start_parent(&c, &run);
			read_parent(&run, "working\n");
			kill(run.pid, signals[i]);
			assert_int_equal(finish_parent(&run), 128 + signals[i]);
			assert_string_equal(run.out, "working\n");
			assert_string_equal(run.log, "");
		}
}

static int work_is_stopped_at_its_end(void *user, const struct worker *worker)
{
	(void)kill(getppid(), SIGTERM);
	return launch_case(user, worker);
}

/* It came before the launch, so it wins, though the worker went well. */
static void stop_at_the_very_end_wins(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.script = "echo started",
			.work = work_is_stopped_at_its_end};

		assert_int_equal(run_parent(&c, &run), 143);
		assert_string_equal(run.out, "");
	}
}

static void other_signals_do_not_stop(void **state)
{
	struct parent_case c = {.script = "echo started", .work = work_until_stopped};

	(void)state;
	start_parent(&c, &run);
	read_parent(&run, "working\n");
	for (int signal = 1; signal <= 64; signal++)
		if (signal != SIGTERM && signal != SIGINT && signal != SIGQUIT &&
			signal != SIGHUP && signal != SIGKILL && signal != SIGSTOP)
			kill(run.pid, signal);
	kill(run.pid, SIGTERM);
	assert_int_equal(finish_parent(&run), 143);
}

static int rule(struct parent_case *c, const char *word)
{
	DECLARE_ERR(err);

	return rewriting_add_signal(&c->signals.becomes, word, &err);
}

/* What is rewritten ends the start as what it becomes, or not at all. */
static void what_signals_mean_holds_for_the_worker(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode, .work = work_until_stopped};

		assert_int_equal(rule(&c, "HUP=none"), 0);
		assert_int_equal(rule(&c, "QUIT=USR1"), 0);
		assert_int_equal(rule(&c, "RTMIN+3=TERM"), 0);
		start_parent(&c, &run);
		read_parent(&run, "working\n");
		kill(run.pid, SIGHUP);
		kill(run.pid, SIGQUIT);
		kill(run.pid, 37);
		assert_int_equal(finish_parent(&run), 143);
		c.signals = (struct signal_rules){.stops = signal_bit(SIGWINCH)};
		start_parent(&c, &run);
		read_parent(&run, "working\n");
		kill(run.pid, SIGWINCH);
		assert_int_equal(finish_parent(&run), 128 + SIGWINCH);
	}
}

/* Has it signals that it has not read? Where /proc is of our namespace. */
static bool signals_wait(pid_t pid)
{
	char path[64], line[128];
	bool none = false;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && !none && fgets(line, sizeof line, file))
		none = strcmp(line, "ShdPnd:\t0000000000000000\n") == 0;
	if (file)
		fclose(file);
	return !none;
}

/* Its parent is our parent process: the signals come before the meaning is known. */
static int work_finds_out_late(void *user, const struct worker *worker)
{
	const struct parent_case *c = user;

	(void)kill(getppid(), SIGHUP);
	(void)kill(getppid(), SIGUSR2);
	(void)kill(getppid(), SIGTSTP);
	(void)kill(getppid(), SIGCONT);
	while (c->mode != AS_PID_1 && signals_wait(getppid()))
		continue;
	activity_signals(worker->activity, &c->signals);
	return launch_case(user, worker);
}

static void drop_hangup(struct launch *launch)
{
	DECLARE_ERR(err);

	(void)rewriting_add_signal(&launch->signals.becomes, "HUP=none", &err);
}

static void ignore_them(void)
{
	/* So that the application lives until it has its own handlers. */
	(void)signal(SIGUSR2, SIG_IGN);
}

static void what_comes_early_waits_for_its_meaning(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.script = "echo started",
			.work = work_finds_out_late,
			.change = drop_hangup};

		assert_int_equal(rule(&c, "HUP=none"), 0);
		assert_int_equal(run_parent(&c, &run), 128 + SIGUSR2);
		c.before = ignore_them;
		assert_int_equal(run_parent(&c, &run), 0);
		assert_string_equal(run.out, "started\n");
	}
}

static int work_never_finds_out(void *user, const struct worker *worker)
{
	(void)worker;
	(void)kill(getppid(), SIGTERM);
	return work_deaf(user, worker);
}

static void who_never_finds_out_is_killed(void **state)
{
	struct parent_case c = {.work = work_never_finds_out, .grace_ms = 50};

	(void)state;
	assert_int_equal(run_parent(&c, &run), 143);
	assert_non_null(strstr(run.log, "did not end in time after SIGTERM"));
}

static void deaf_worker_is_killed(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode, .work = work_deaf, .grace_ms = 50};

		start_parent(&c, &run);
		read_parent(&run, "working\n");
		kill(run.pid, SIGTERM);
		assert_int_equal(finish_parent(&run), 143);
		assert_non_null(strstr(run.log, "step 'exec:deaf' did not end"));
	}
}

static int work_over_deadline(void *user, const struct worker *worker)
{
	activity_deadline(worker->activity, clock_ms());
	return work_deaf(user, worker);
}

static void deadline_kills(void **state)
{
	struct parent_case c = {.work = work_over_deadline, .grace_ms = 50};

	(void)state;
	assert_int_equal(run_parent(&c, &run), 111);
	assert_non_null(strstr(run.log, "deadline has passed and step 'exec:deaf'"));
}

/* The orphans hold our pipe: finish_parent() would not see its end while they live. */
static void no_process_is_left_behind(void **state)
{
	(void)state;
	for (int mode = 0; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode, .work = work_leaves_orphans};

		start_parent(&c, &run);
		read_parent(&run, "working\n");
		kill(run.pid, SIGTERM);
		assert_int_equal(finish_parent(&run), 143);
		c.work = work_leaves_orphans_and_crashes;
		assert_int_equal(run_parent(&c, &run), 111);
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
	struct parent_case c = {.work = work_fails, .before = begin_sidecar};
	long pid;
	int status;

	(void)state;
	start_parent(&c, &run);
	read_parent(&run, "\n");
	assert_int_equal(waitpid(run.pid, &status, 0), run.pid);
	assert_int_equal(WEXITSTATUS(status), 111);
	pid = strtol(run.out + strlen("sidecar "), NULL, 10);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	read_parent(&run, NULL);
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
			struct parent_case c = {.mode = mode, .argv = argv};
			struct timespec delay = {.tv_nsec = rand() % 3000 * 1000L};

			start_parent(&c, &run);
			nanosleep(&delay, NULL);
			kill(run.pid, SIGTERM);
			assert_int_equal(finish_parent(&run), 143);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_record_nothing_is_launched),
		cmocka_unit_test(failed_worker_launches_nothing),
		cmocka_unit_test(damaged_record_launches_nothing),
		cmocka_unit_test(crash_names_the_step),
		cmocka_unit_test(stop_is_128_and_nothing_is_launched),
		cmocka_unit_test(stop_at_the_very_end_wins),
		cmocka_unit_test(other_signals_do_not_stop),
		cmocka_unit_test(what_signals_mean_holds_for_the_worker),
		cmocka_unit_test(what_comes_early_waits_for_its_meaning),
		cmocka_unit_test(who_never_finds_out_is_killed),
		cmocka_unit_test(deaf_worker_is_killed),
		cmocka_unit_test(deadline_kills),
		cmocka_unit_test(no_process_is_left_behind),
		cmocka_unit_test(sidecar_is_spared),
		cmocka_unit_test(stop_is_never_lost),
	};

	return cmocka_run_group_tests_name("proc/watch", tests, NULL, NULL);
}
