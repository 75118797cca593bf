/* SPDX-License-Identifier: MIT */
/* Helpers: their output, their ends, and what they find. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../child.h"
#include "../directory.h"
#include "../filter.h"
#include "../stop_request.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/secrets.h"
#include "base/stop.h"
#include "base/transcript.h"
#include "proc/identity.h"
#include "proc/spawn.h"

/* Longer than anything here takes: a hang is a failure, not an endless run. */
#define HANG_MS 60000

/* Lines that a helper said, each in [brackets]. */
static char heard[65536];

static void hear(void *user, const char *line, size_t size)
{
	size_t used = strlen(heard);

	(void)user;
	if (used + size + 3 < sizeof heard)
		snprintf(heard + used, sizeof heard - used, "[%.*s]", (int)size, line);
}

static struct err err;
static struct spawn_result result;
static struct stop stop;
static struct stop_request request;
static const struct secrets no_secrets;
static struct transcript transcript;
static size_t bytes;

static void take(void *user, const char *data, size_t size)
{
	(void)user;
	bytes += size;
	transcript_add(&transcript, data, size);
}

static int run_heard(const struct spawn *spawn,
	void (*line)(void *user, const char *line, size_t size))
{
	int code;

	heard[0] = '\0';
	bytes = 0;
	memset(&err, 0, sizeof err);
	transcript = (struct transcript){
		.secrets = &no_secrets, .line = line, .text = BUF_INIT};
	code = spawn_run(spawn, &result, &err);
	transcript_end(&transcript);
	transcript_release(&transcript);
	return code;
}

/* Runs a shell's script; the rest of `spawn` as the caller sets it. */
static int run_heard_by(struct spawn spawn, const char *script,
	void (*line)(void *user, const char *line, size_t size))
{
	char sh[] = "/bin/sh";
	char option[] = "-c";
	char text[1024];
	char path[] = "PATH=/usr/bin:/bin";
	char *argv[] = {sh, option, text, NULL};
	char *env[] = {path, NULL};

	snprintf(text, sizeof text, "%s", script);
	memset(&result, 0xff, sizeof result);
	if (!spawn.argv)
		spawn.argv = argv;
	spawn.env = env;
	spawn.output = take;
	if (!spawn.stop) {
		stop = (struct stop)STOP_INIT;
		spawn.stop = &stop;
	}
	if (!spawn.umask)
		spawn.umask = 022;
	return run_heard(&spawn, line);
}

static int run(struct spawn spawn, const char *script)
{
	return run_heard_by(spawn, script, hear);
}

static const struct spawn plain;

static void status_and_signal_come_back(void **state)
{
	(void)state;
	assert_int_equal(run(plain, "true & wait; exit 0"), 0);
	assert_int_equal(result.status, 0);
	assert_false(result.left);
	assert_int_equal(run(plain, "exit 75"), 0);
	assert_int_equal(result.status, 75);
	assert_int_equal(result.signal, 0);
	assert_int_equal(run(plain, "kill -KILL $$"), 0);
	assert_int_equal(result.status, 137);
	assert_int_equal(result.signal, SIGKILL);
}

static void output_comes_line_by_line(void **state)
{
	(void)state;
	assert_int_equal(run(plain, "echo one; echo two >&2; echo; printf last"), 0);
	assert_string_equal(heard, "[one][two][][last]");
	assert_int_equal(run(plain, "true"), 0);
	assert_string_equal(heard, "");
}

/* More than the pipe holds: neither waits for the other. */
static void all_output_comes(void **state)
{
	(void)state;
	assert_int_equal(run(plain, "head -c 1000000 /dev/zero; echo; echo end"), 0);
	assert_int_equal(bytes, 1000005);
}

static void what_cannot_start_says_why(void **state)
{
	char name[] = "no-such-helper";
	char root[] = "/";
	char *argv[] = {name, NULL};

	(void)state;
	assert_int_equal(run((struct spawn){.argv = argv}, ""), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "command 'no-such-helper' not found"));
	argv[0] = root;
	assert_int_equal(run((struct spawn){.argv = argv}, ""), -1);
	assert_int_equal(err.kind, ERR_NOT_EXECUTABLE);
	assert_int_equal(
		run((struct spawn){.workdir = "/no/such/directory"}, "true"), -1);
	assert_non_null(strstr(err.text, "'/no/such/directory'"));
}

static void it_finds_a_clean_world(void **state)
{
	(void)state;
	signal(SIGUSR1, SIG_IGN);
	/* The C library's own two signals may be ignored: make(1) leaves them so. */
	assert_int_equal(
		run((struct spawn){.umask = 077, .workdir = "/usr"},
			"umask; pwd; readlink /proc/self/fd/0;"
			"exec sed -nE -e '/^SigIgn/s/0000000180000000/0000000000000000/'"
			" -e '/^Sig(Blk|Ign)/p' /proc/self/status"),
		0);
	signal(SIGUSR1, SIG_DFL);
	assert_string_equal(heard,
		"[0077][/usr][/dev/null][SigBlk:\t0000000000000000]"
		"[SigIgn:\t0000000000000000]");
}

static void no_descriptor_of_ours_is_passed_on(void **state)
{
	int fd = dup2(STDOUT_FILENO, 7); /* open at execve, as a socket from systemd is */

	(void)state;
	assert_int_equal(run(plain,
				 "for f in 0 1 2 3 4 5 6 7 8 9 10 11 12; do"
				 " [ ! -e /proc/$$/fd/$f ] || echo $f; done"),
		0);
	close(fd);
	assert_string_equal(heard, "[0][1][2]");
}

static void closed_standard_descriptors_are_fine(void **state)
{
	int saved[3];
	int code;

	(void)state;
	fflush(NULL);
	for (int fd = 0; fd < 3; fd++) {
		saved[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 50);
		close(fd);
	}
	code = run(plain, "echo out; echo err >&2; readlink /proc/self/fd/0");
	for (int fd = 0; fd < 3; fd++) {
		if (saved[fd] >= 0)
			dup2(saved[fd], fd);
		close(saved[fd]);
	}
	assert_int_equal(code, 0);
	assert_string_equal(heard, "[out][err][/dev/null]");
}

static void it_becomes_another_user(void **state)
{
	struct identity nobody = {.set = true,
		.uid = 10001,
		.gid = 10002,
		.groups = (const gid_t[]){10003},
		.groups_count = 1,
		.home = "/"};

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(
		run((struct spawn){.identity = &nobody}, "id -u; id -g; id -G"), 0);
	assert_string_equal(heard, "[10001][10002][10002 10003]");
}

/* ---- its end ---- */

static struct stop *due_when_up;

static void end_when_up(void *user, const char *line, size_t size)
{
	hear(user, line, size);
	due_when_up->deadline_ms = clock_ms();
}

static void a_deadline_ends_it(void **state)
{
	struct stop soon = {.fd = -1, .deadline_ms = clock_ms() + HANG_MS};

	(void)state;
	due_when_up = &soon;
	assert_int_equal(run_heard_by((struct spawn){.stop = &soon},
				 "echo up; exec sleep 1000", end_when_up),
		-1);
	assert_int_equal(err.kind, ERR_FAILED);
	assert_non_null(strstr(err.text, "deadline has passed"));
	assert_string_equal(heard, "[up]");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Whoever ends waits for an answer that nobody gives. */
static int hold_who_ends(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = sizeof filter / sizeof *filter, .filter = filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static int start_one_that_does_not_end(void)
{
	char missing[] = "/no/such/program";
	char *argv[] = {missing, NULL};
	struct stop soon = {.fd = -1, .deadline_ms = clock_ms() + HANG_MS};
	int code = 0;

	(void)alarm(20);
	if (hold_who_ends() < 0)
		return SKIPPED;
	if (run((struct spawn){.argv = argv, .stop = &soon, .grace_ms = 100}, "") != -1 ||
		err.kind != ERR_NOT_FOUND || clock_ms() >= soon.deadline_ms)
		code = 1;
	(void)syscall(SYS_exit, code); /* exit_group(2) would wait, too */
	return code;
}

/* As another process of its user can stop it. */
static void one_that_cannot_start_is_not_waited_for(void **state)
{
	(void)state;
	CHILD_OR_SKIP(start_one_that_does_not_end, "the kernel has no such filters");
}

/* It writes faster than we can read. */
static void a_deadline_ends_one_that_writes_without_end(void **state)
{
	const int64_t began_ms = clock_ms();
	struct stop soon = {.fd = -1, .deadline_ms = began_ms + 100};

	(void)state;
	assert_int_equal(run((struct spawn){.stop = &soon}, "yes & exec yes"), -1);
	assert_non_null(strstr(err.text, "deadline has passed"));
	assert_true(clock_ms() - began_ms < HANG_MS);
}

static void stop_when_up(void *user, const char *line, size_t size)
{
	hear(user, line, size);
	if (size == 2 && memcmp(line, "up", 2) == 0)
		stop_request_ask(&request, SIGTERM);
}

static int run_until_stopped(const char *script)
{
	char sh[] = "/bin/sh";
	char option[] = "-c";
	char text[1024];
	char *argv[] = {sh, option, text, NULL};
	char *env[] = {NULL};
	struct spawn spawn = {
		.argv = argv,
		.env = env,
		.umask = 022,
		.stop = &stop,
		.output = take,
	};
	int code;

	assert_int_equal(stop_request_open(&request, &stop), 0);
	snprintf(text, sizeof text, "%s", script);
	code = run_heard(&spawn, stop_when_up);
	stop_request_close(&request);
	return code;
}

static void stop_ends_it(void **state)
{
	(void)state;
	assert_int_equal(run_until_stopped("trap 'echo bye; exit' TERM; echo up;"
					   "while :; do sleep 0.01; done"),
		-1);
	assert_int_equal(err.kind, ERR_INTERRUPTED);
	assert_int_equal(err.code, SIGTERM);
	/* The shell may say in between that its sleep was ended. */
	assert_non_null(strstr(heard, "[bye]"));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Who ends first does not take the others' time to end from them. */
static void stop_ends_the_whole_group(void **state)
{
	(void)state;
	assert_int_equal(
		run_until_stopped("(trap 'sleep 0.1; echo cleaned; exit' TERM; echo up;"
				  " while :; do sleep 0.01; done) & exec sleep 1000"),
		-1);
	assert_non_null(strstr(heard, "[cleaned]"));
}

static void stopped_helper_is_continued(void **state)
{
	(void)state;
	assert_int_equal(
		run_until_stopped("trap 'echo bye; exit' TERM; echo up; kill -STOP $$;"
				  "while :; do sleep 0.01; done"),
		-1);
	assert_non_null(strstr(heard, "[bye]"));
}

/* ---- what it leaves ---- */

static pid_t heard_pid(void)
{
	return (pid_t)strtol(heard + 1, NULL, 10);
}

/* Waits for it to end and to be reaped by who adopted it; not for ever. */
static bool is_gone(pid_t pid)
{
	int64_t until = clock_ms() + HANG_MS;

	while (kill(pid, 0) == 0) {
		if (clock_ms() >= until)
			return false;
		sched_yield();
	}
	return true;
}

static void background_jobs_end_with_it(void **state)
{
	(void)state;
	assert_int_equal(run(plain, "sleep 1000 & echo $!"), 0);
	assert_int_equal(result.status, 0);
	assert_int_equal(kill(heard_pid(), 0), -1);
}

/* It outlives the helper itself, which ended at once, and TERM. */
static void deaf_background_jobs_are_killed_with_it(void **state)
{
	(void)state;
	assert_int_equal(
		run((struct spawn){.grace_ms = 1}, "trap '' TERM; sleep 1000 & echo $!"),
		0);
	assert_int_equal(result.status, 0);
	assert_int_equal(kill(heard_pid(), 0), -1);
}

/* It has left the group, and holds our pipe open. */
static void daemons_end_with_it(void **state)
{
	(void)state;
	assert_int_equal(
		run((struct spawn){.workdir = in("")},
			"mkfifo up; setsid sh -c 'echo $$ >up; exec sleep 1000' &"
			" read -r pid <up; echo $pid"),
		0);
	assert_int_equal(result.status, 0);
	assert_true(result.left);
	assert_true(heard_pid() > 1);
	assert_int_equal(kill(heard_pid(), 0), -1);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* They have sessions of their own, and do not hear TERM. */
static void a_tree_of_daemons_ends_with_it(void **state)
{
	(void)state;
	put("inner", "echo $$ >up\nexec sleep 1000\n");
	put("outer", "setsid sh inner &\nexec sleep 1000\n");
	assert_int_equal(run((struct spawn){.grace_ms = 1, .workdir = in("")},
				 "trap '' TERM; mkfifo up; setsid sh outer &"
				 " read -r pid <up; echo $pid"),
		0);
	assert_int_equal(kill(heard_pid(), 0), -1);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* A group is signalled as a whole, and who comes to us from it later not again. */
static void what_is_left_gets_one_signal(void **state)
{
	const char *asked;

	(void)state;
	put("outer",
		"trap 'read -r gone <down; exit' TERM; sh inner & echo >ready; wait\n");
	put("inner",
		"trap 'echo asked; [ \"$n\" ] || echo >down; n=0' TERM; echo >up\n"
		"while [ \"$n\" != 5 ]; do sleep 0.01; [ ! \"$n\" ] || n=$((n + 1));"
		" done\n");
	assert_int_equal(
		run((struct spawn){.workdir = in("")},
			"mkfifo up ready down; sh outer & read -r up <up; read -r up "
			"<ready"),
		0);
	/* The shell may say in between that its sleep was ended. */
	asked = strstr(heard, "[asked]");
	assert_non_null(asked);
	assert_null(strstr(asked + 1, "[asked]"));
}

static pid_t helper_pid;

static void note_pid(void *user, const char *data, size_t size)
{
	const int *fd = user;

	(void)size; /* it is one line, written at once */
	helper_pid = (pid_t)strtol(data, NULL, 10);
	(void)!write(*fd, &helper_pid, sizeof helper_pid);
}

/* We are killed, and its parent is then this program's, which reaps it. */
static void it_dies_with_us(void **state)
{
	int pipes[2];
	char sh[] = "/bin/sh";
	char option[] = "-c";
	char text[] = "echo $$; exec sleep 1000";
	char *argv[] = {sh, option, text, NULL};
	char *env[] = {NULL};
	pid_t pid, helper;

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		stop = (struct stop)STOP_INIT;
		(void)spawn_run(&(struct spawn){.argv = argv,
					.env = env,
					.stop = &stop,
					.output = note_pid,
					.user = &pipes[1]},
			&result, &err);
		_exit(0);
	}
	assert_int_equal(read(pipes[0], &helper, sizeof helper), sizeof helper);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	if (!is_gone(helper)) {
		kill(helper, SIGKILL);
		fail_msg("the helper %d outlives its parent", (int)helper);
	}
	close(pipes[0]);
	close(pipes[1]);
}

/*
 * The tests run in a child of a process that reaps orphans, as the parent does.
 * What the tests say and how they end is theirs.
 */
static int reap_for(pid_t tests)
{
	int status, code = 1;
	pid_t pid;

	while ((pid = wait(&status)) != tests)
		if (pid < 0)
			return code;
	return WIFEXITED(status) ? WEXITSTATUS(status) : code;
}

/* Whoever started us may have it ignored. */
static int adopt(void **state)
{
	(void)state;
	signal(SIGCHLD, SIG_DFL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_and_signal_come_back),
		cmocka_unit_test(output_comes_line_by_line),
		cmocka_unit_test(all_output_comes),
		cmocka_unit_test(what_cannot_start_says_why),
		cmocka_unit_test(it_finds_a_clean_world),
		cmocka_unit_test(no_descriptor_of_ours_is_passed_on),
		cmocka_unit_test(closed_standard_descriptors_are_fine),
		cmocka_unit_test(it_becomes_another_user),
		cmocka_unit_test(a_deadline_ends_it),
		cmocka_unit_test(one_that_cannot_start_is_not_waited_for),
		cmocka_unit_test(a_deadline_ends_one_that_writes_without_end),
		cmocka_unit_test(stop_ends_it),
		cmocka_unit_test(stop_ends_the_whole_group),
		cmocka_unit_test(stopped_helper_is_continued),
		cmocka_unit_test(background_jobs_end_with_it),
		cmocka_unit_test(deaf_background_jobs_are_killed_with_it),
		UNIT(daemons_end_with_it),
		UNIT(a_tree_of_daemons_ends_with_it),
		UNIT(what_is_left_gets_one_signal),
		cmocka_unit_test(it_dies_with_us),
	};
	pid_t pid;

	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || (pid = fork()) < 0)
		return 1;
	if (pid > 0)
		return reap_for(pid);

	return cmocka_run_group_tests_name("proc/spawn", tests, adopt, NULL);
}
