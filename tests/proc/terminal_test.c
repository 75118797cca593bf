/* SPDX-License-Identifier: MIT */
/* Job control: as a job of a shell, and as a session leader (a container). */
#include "parent_process.h"

#include <sys/ioctl.h>

static struct parent_process run;
static int master;    /* the user's side of the terminal */
static int events[2]; /* what the shell reports: one byte each */
static int orders[2]; /* one byte: go on after a stop */

/*
 * This program as the application: every key's answer is a word; INT and TERM end it. At
 * once: a sanitizer traces it to look for leaks, and a CONT meanwhile makes that hang.
 */
static char self[] = "/proc/self/exe";
static char answer_word[] = "answer-keys";
static char *answer_argv[] = {self, answer_word, NULL};

static const struct parent_case job = {.mode = SUPERVISE, .argv = answer_argv};

static _Noreturn void answer_keys(void)
{
	sigset_t set;
	int signal;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCONT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	alarm(2 * HANG_MS / 1000); /* a test that fails may forget it */
	say("up\n");
	while (sigwait(&set, &signal) == 0) {
		say(signal == SIGINT ? "int\n" : "cont\n");
		if (signal == SIGINT)
			_exit(5);
	}
	_exit(1);
}

/* Opens a terminal and makes it that of a new session, which is this process. */
static int lead_session(const char *slave)
{
	int tty;

	if (setsid() < 0)
		_exit(90);
	tty = open(slave, O_RDWR);
	if (tty < 0 || ioctl(tty, TIOCSCTTY, 0) < 0)
		_exit(91);
	return tty;
}

static void report(char event)
{
	if (write(events[1], &event, 1) != 1)
		_exit(92);
}

static pid_t shell_start(int tty, bool foreground, const int fds[3])
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)setpgid(0, 0);
		if (foreground)
			(void)tcsetpgrp(tty, getpid());
		signal(SIGTTOU, SIG_DFL);
		be_parent(&job, fds[0], fds[1], fds[2]);
	}
	(void)setpgid(pid, pid);
	if (foreground)
		(void)tcsetpgrp(tty, pid);
	return pid;
}

/* A shell with one job. Its exit status is the job's; events: s stopped, r returned. */
static _Noreturn void shell(int tty, bool foreground, const int fds[3])
{
	pid_t pid;
	int status;
	char go;

	signal(SIGTTOU, SIG_IGN);
	pid = shell_start(tty, foreground, fds);
	/* In the background it is ended by `kill %1`. */
	if (!foreground && read(orders[0], &go, 1) == 1)
		(void)kill(-pid, SIGTERM);
	while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		report(tcgetpgrp(tty) == pid ? 's' : '!');
		(void)tcsetpgrp(tty, getpgrp());
		if (read(orders[0], &go, 1) != 1)
			_exit(93);
		(void)tcsetpgrp(tty, pid);
		(void)kill(-pid, SIGCONT);
	}
	report(tcgetpgrp(tty) == (foreground ? pid : getpgrp()) ? 'r' : '!');
	_exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

enum way { FOREGROUND, BACKGROUND, LEADER };

static void start(enum way way)
{
	int out[2], log[2], ready[2];
	char name[128];
	char byte;

	memset(&run, 0, sizeof run);
	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(master >= 0);
	assert_int_equal(grantpt(master) | unlockpt(master), 0);
	assert_int_equal(ptsname_r(master, name, sizeof name), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC) | pipe2(log, O_CLOEXEC), 0);
	assert_int_equal(pipe2(ready, O_CLOEXEC) | pipe2(events, O_CLOEXEC), 0);
	assert_int_equal(pipe2(orders, O_CLOEXEC), 0);
	fflush(NULL);
	run.pid = fork();
	assert_true(run.pid >= 0);
	if (run.pid == 0) {
		int tty = lead_session(name);

		if (way == LEADER)
			be_parent(&job, out[1], log[1], ready[1]);
		shell(tty, way == FOREGROUND, (const int[]){out[1], log[1], ready[1]});
	}
	close(out[1]);
	close(log[1]);
	close(ready[1]);
	close(events[1]);
	close(orders[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	run.out_fd = out[0];
	run.log_fd = log[0];
	read_parent(&run, "up\n");
}

static int finish(void)
{
	int code = finish_parent(&run);

	close(master);
	close(events[0]);
	close(orders[1]);
	return code;
}

static void press(char key)
{
	assert_int_equal(write(master, &key, 1), 1);
}

static void expect_event(char event)
{
	struct pollfd ready = {.fd = events[0], .events = POLLIN};
	char byte = 0;

	assert_int_equal(poll(&ready, 1, HANG_MS), 1);
	assert_int_equal(read(events[0], &byte, 1), 1);
	assert_int_equal(byte, event);
}

static pid_t foreground_group(void)
{
	pid_t group = -1;

	assert_int_equal(ioctl(master, TIOCGPGRP, &group), 0);
	return group;
}

#define CTRL_C 3
#define CTRL_Z 26

static void interrupt_ends_the_application(void **state)
{
	(void)state;
	for (enum way way = FOREGROUND; way <= LEADER; way += LEADER) {
		start(way);
		press(CTRL_C);
		if (way == FOREGROUND)
			expect_event('r');
		assert_int_equal(finish(), 5);
		assert_string_equal(run.out, "up\nint\n");
		assert_string_equal(run.log, "");
	}
}

/* The shell comes back, and "fg" goes on where it was, more than once. */
static void suspend_and_resume(void **state)
{
	(void)state;
	start(FOREGROUND);
	for (int i = 0; i < 3; i++) {
		press(CTRL_Z);
		expect_event('s');
		run.out_size = 0;
		memset(run.out, 0, sizeof run.out);
		assert_int_equal(write(orders[1], "g", 1), 1);
		read_parent(&run, "cont\n");
	}
	press(CTRL_C);
	expect_event('r');
	assert_int_equal(finish(), 5);
}

static void background_job_steals_nothing(void **state)
{
	(void)state;
	start(BACKGROUND);
	/* The shell leads the session, and so its own group. */
	assert_int_equal(foreground_group(), run.pid);
	assert_int_equal(write(orders[1], "t", 1), 1);
	expect_event('r');
	assert_int_equal(finish(), 143);
}

/* Nobody could resume it: it goes on at once. */
static void suspend_without_a_shell_is_harmless(void **state)
{
	(void)state;
	start(LEADER);
	press(CTRL_Z);
	read_parent(&run, "cont\n");
	press(CTRL_C);
	assert_int_equal(finish(), 5);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupt_ends_the_application),
		cmocka_unit_test(suspend_and_resume),
		cmocka_unit_test(background_job_steals_nothing),
		cmocka_unit_test(suspend_without_a_shell_is_harmless),
	};

	if (argc > 1 && strcmp(argv[1], answer_word) == 0)
		answer_keys();
	return cmocka_run_group_tests_name("proc/terminal", tests, NULL, NULL);
}
