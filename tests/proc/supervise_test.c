/* SPDX-License-Identifier: MIT */
/* Supervising: signals, orphans, what is left behind, what the supervisor keeps. */
#include "../filter.h"
#include "parent_process.h"

#include <dirent.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "base/clock.h"
#include "proc/signals.h"

static struct parent_process run; /* too large for a stack that is cloned */

/*
 * This program as the application, which says what it gets. It ends at once, as that of
 * terminal_test.c: the CONT behind a TERM makes the tracer that looks for leaks hang.
 */
static char self[] = "/proc/self/exe";
static char echo_word[] = "echo-signals";
static char *echo_argv[] = {self, echo_word, NULL};

/* Starts one whose application then says that it is up. */
static void begin(const struct parent_case *c)
{
	start_parent(c, &run);
	read_parent(&run, "up\n");
}

static _Noreturn void echo_signals(void)
{
	sigset_t before;
	int fd;

	signals_block(&before);
	fd = signals_open_all();
	say("up\n");
	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		uint64_t left = SIGNALS_ALL;
		siginfo_t info;
		char text[32];

		(void)poll(&ready, 1, -1);
		while (signals_next(&left, &info)) {
			snprintf(text, sizeof text, "got %d\n", info.si_signo);
			say(text);
			if (info.si_signo == SIGTERM)
				_exit(42);
		}
	}
}

/* TERM ends it, so it comes last. CHLD is the supervisor's own. */
static void every_signal_is_forwarded(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode, .argv = echo_argv};

		begin(&c);
		for (int signal = 1; signal <= 64; signal++) {
			char text[32];

			if (signal == SIGKILL || signal == SIGSTOP || signal == SIGCHLD ||
				signal == SIGTERM)
				continue;
			assert_int_equal(kill(run.pid, signal), 0);
			snprintf(text, sizeof text, "got %d\n", signal);
			read_parent(&run, text);
		}
		kill(run.pid, SIGTERM);
		assert_int_equal(finish_parent(&run), 42);
		assert_string_equal(run.log, "");
	}
}

static void signals_reach_the_whole_group(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.kill_mode = LAUNCH_KILL_GROUP,
			.script = "trap 'echo parent; wait; exit 9' USR1;"
				  "(trap 'echo child; exit' USR1; echo up;"
				  " while :; do sleep 0.05; done) & wait"};

		begin(&c);
		kill(run.pid, SIGUSR1);
		assert_int_equal(finish_parent(&run), 9);
		assert_non_null(strstr(run.out, "parent\n"));
		assert_non_null(strstr(run.out, "child\n"));
	}
}

/* Leaves its group for its parent's, so that the old one is empty. */
static _Noreturn void join_parent(void)
{
	if (setpgid(0, getpgid(getppid())) < 0)
		_exit(99);
	echo_signals();
}

/* What has left its group is found by its pid. */
static void child_in_another_group_gets_it(void **state)
{
	char word[] = "join-parent-group";
	char *argv[] = {self, word, NULL};
	struct parent_case c = {
		.mode = SUPERVISE, .argv = argv, .kill_mode = LAUNCH_KILL_GROUP};

	(void)state;
	begin(&c);
	kill(run.pid, SIGTERM);
	assert_int_equal(finish_parent(&run), 42);
	assert_string_equal(run.log, "");
}

/* By default its group does not hear what it hears. */
static void signals_reach_the_application_alone(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.script = "trap 'kill -USR2 $!; wait; exit 9' USR1;"
				  "(trap 'echo heard' USR1; trap 'exit' USR2; echo up;"
				  " while :; do sleep 0.05; done) & wait"};

		begin(&c);
		kill(run.pid, SIGUSR1);
		assert_int_equal(finish_parent(&run), 9);
		assert_null(strstr(run.out, "heard"));
	}
}

static void map_signals(struct launch *launch)
{
	DECLARE_ERR(err);
	const char *const words[] = {
		"USR1=TERM", "HUP=none", "31=1", "1=none", "RTMIN=64"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_int_equal(
			rewriting_add_signal(&launch->signals, words[i], &err), 0);
}

static void signals_are_rewritten(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {
			.mode = mode, .argv = echo_argv, .change = map_signals};

		begin(&c);
		kill(run.pid, SIGHUP);
		kill(run.pid, 34);
		read_parent(&run, "got 64\n");
		kill(run.pid, 31);
		read_parent(&run, "got 1\n");
		kill(run.pid, SIGUSR1);
		assert_int_equal(finish_parent(&run), 42);
		assert_string_equal(run.out, "up\ngot 64\ngot 1\ngot 15\n");
	}
}

static void map_codes(struct launch *launch)
{
	DECLARE_ERR(err);

	assert_int_equal(rewriting_add_exit_code(&launch->exit_codes, "TERM=0", &err), 0);
	assert_int_equal(rewriting_add_exit_code(&launch->exit_codes, "7=8", &err), 0);
	assert_int_equal(rewriting_add_exit_code(&launch->exit_codes, "127=0", &err), 0);
}

/* 127 is ours here, and stays: nothing ran that could have said it. */
static void exit_codes_are_rewritten(void **state)
{
	static const struct {
		const char *script;
		int code;
	} cases[] = {{"kill -TERM $$", 0}, {"exit 7", 8}, {"exit 8", 8}, {"exit 127", 0}};
	char name[] = "no-such-command";
	char *argv[] = {name, NULL};
	struct parent_case none = {.mode = SUPERVISE, .argv = argv, .change = map_codes};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct parent_case c = {.mode = SUPERVISE,
			.script = cases[i].script,
			.change = map_codes};

		assert_int_equal(run_parent(&c, &run), cases[i].code);
	}
	assert_int_equal(run_parent(&none, &run), 127);
}

static void every_exit_code_comes_through(void **state)
{
	char script[32];
	struct parent_case c = {.mode = SUPERVISE, .script = script};

	(void)state;
	for (int code = 0; code < 256; code++) {
		snprintf(script, sizeof script, "exit %d", code);
		assert_int_equal(run_parent(&c, &run), code);
	}
}

static void deaf_application_is_killed_in_the_end(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++)
		for (int kill_mode = 0; kill_mode < 2; kill_mode++) {
			struct parent_case c = {.mode = mode,
				.kill_mode = kill_mode,
				.stop_ms = 50,
				.script = "trap '' TERM INT; echo up;"
					  " while :; do sleep 0.05; done"};

			begin(&c);
			kill(run.pid, kill_mode ? SIGTERM : SIGINT);
			assert_int_equal(finish_parent(&run), 128 + SIGKILL);
			assert_non_null(strstr(run.log, "did not end in time"));
		}
}

/* A HUP asks many for a reload, QUIT for a dump: neither begins the count-down. */
static void other_signals_begin_no_countdown(void **state)
{
	struct parent_case c = {.mode = SUPERVISE,
		.stop_ms = 1,
		.script = "trap 'echo hup' HUP; trap 'sleep 0.2; exit 5' QUIT; echo up;"
			  " while :; do sleep 0.05; done"};

	(void)state;
	begin(&c);
	kill(run.pid, SIGHUP);
	read_parent(&run, "hup\n");
	kill(run.pid, SIGQUIT);
	assert_int_equal(finish_parent(&run), 5);
}

/* The time is longer than any test may take. */
static void second_stop_shortens_the_application_time(void **state)
{
	struct parent_case c = {.mode = SUPERVISE,
		.stop_ms = 10L * HANG_MS,
		.script = "trap '' TERM; echo up; while :; do sleep 0.05; done"};
	siginfo_t info = {0};

	(void)state;
	begin(&c);
	while (waitid(P_PID, (id_t)run.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		info.si_pid == 0) {
		kill(run.pid, SIGTERM);
		sched_yield();
	}
	assert_int_equal(finish_parent(&run), 128 + SIGKILL);
}

/* ---- the family in /proc ---- */

/* proc(5), stat: 0 where there is no such process. */
static char state_of_parent(const char *pid, int *ret_ppid)
{
	char path[300];
	char text[512] = "";
	char state = 0;
	const char *end;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%.255s/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	end = fgets(text, sizeof text, file) ? strrchr(text, ')') : NULL;
	fclose(file);
	return end && sscanf(end + 2, "%c %d", &state, ret_ppid) == 2 ? state : 0;
}

static char state_of(pid_t pid)
{
	char name[16];
	int ppid;

	snprintf(name, sizeof name, "%d", (int)pid);
	return state_of_parent(name, &ppid);
}

struct family {
	int children, zombies;
	pid_t child;
};

static struct family family_of(pid_t parent)
{
	struct family family = {0};
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		int ppid = 0;
		char state = 0;

		if (strspn(entry->d_name, "0123456789"))
			state = state_of_parent(entry->d_name, &ppid);
		if (!state || ppid != parent)
			continue;
		family.children++;
		family.zombies += state == 'Z';
		family.child = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	closedir(dir);
	return family;
}

/*
 * timeout(1) signals its child and then its group: the second TERM that follows at once
 * shortens nothing. Where it took too long to be sure, it is tried again.
 */
static void a_stop_that_follows_at_once_is_no_second_one(void **state)
{
	struct parent_case c = {.mode = SUPERVISE,
		.stop_ms = 10L * HANG_MS,
		.script = "trap 'n=$((n + 1)); echo $n; [ $n -lt 2 ] || exit 9' TERM;"
			  "n=0; echo up; while :; do sleep 0.01; done"};
	int64_t took;
	int code;

	(void)state;
	do {
		int64_t begun;

		begin(&c);
		begun = clock_ms();
		kill(run.pid, SIGTERM);
		read_parent(&run, "1\n");
		kill(run.pid, SIGTERM);
		code = finish_parent(&run);
		took = clock_ms() - begun;
	} while (code == 128 + SIGKILL && took >= 500);
	assert_int_equal(code, 9);
}

static void orphans_are_reaped(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.script =
				"i=0; while [ $i -lt 50 ]; do (true &); i=$((i+1)); done;"
				"echo up; exec sleep 1000"};
		int64_t until = clock_ms() + HANG_MS;
		struct family family;

		begin(&c);
		do
			family = family_of(run.pid);
		while (family.children != 1 && clock_ms() < until);
		assert_int_equal(family.children, 1);
		assert_int_equal(family.zombies, 0);
		kill(run.pid, SIGTERM);
		assert_int_equal(finish_parent(&run), 143);
	}
}

static void stopped_child_hears_the_end(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode, .argv = echo_argv};
		pid_t child;

		begin(&c);
		child = family_of(run.pid).child;
		kill(child, SIGSTOP);
		while (state_of(child) != 'T')
			sched_yield();
		kill(run.pid, SIGTERM);
		assert_int_equal(finish_parent(&run), 42);
	}
}

/* ---- what must not end it ---- */

/*
 * In the supervisor, and in no other process, there is no memory from the moment on that
 * `*starved` says so. A sanitizer has an allocator of its own.
 */
static volatile int *starved;
static pid_t supervisor;

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
#define CAN_STARVE 1

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *data, size_t size);

static bool no_memory(void)
{
	return starved && *starved && getpid() == supervisor;
}

void *malloc(size_t size)
{
	return no_memory() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return no_memory() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *data, size_t size)
{
	return no_memory() ? NULL : __libc_realloc(data, size);
}
#else
#define CAN_STARVE 0
#endif

/* USR1 cannot be sent any more by this process and its children. */
static void deny_usr1(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 0, 3),
		BPF_STMT(
			BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SIGUSR1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	if (filter_install(filter, sizeof filter / sizeof *filter) < 0)
		_exit(95);
	supervisor = getpid();
}

static void share_starved(void)
{
	void *page = mmap(NULL, sizeof *starved, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(page != MAP_FAILED);
	starved = page;
	*starved = 0;
}

/* Reads on until `text` is in the log; that the supervisor ended before is a failure. */
static void read_log(const char *text)
{
	while (!strstr(run.log, text)) {
		struct pollfd ready = {.fd = run.log_fd, .events = POLLIN};
		siginfo_t info = {0};

		if (poll(&ready, 1, 20) > 0)
			fill_from(&run.log_fd, run.log, sizeof run.log, &run.log_size);
		else if (waitid(P_PID, (id_t)run.pid, &info,
				 WEXITED | WNOHANG | WNOWAIT) == 0 &&
			info.si_pid == run.pid)
			fail_msg("it ended; log '%s'", run.log);
	}
}

/* It warns, and goes on: TERM is forwarded, and a leftover is found and ended. */
static void without_memory_it_goes_on(void **state)
{
	(void)state;
	if (!CAN_STARVE)
		SKIP("the allocator is not ours to replace");
	share_starved();
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.before = deny_usr1,
			.script = "trap 'echo heard; exit 7' TERM;"
				  "(trap '' TERM; echo up; exec sleep 1000) &"
				  "while :; do sleep 0.02; done"};

		*starved = 0;
		begin(&c);
		*starved = 1;
		kill(run.pid, SIGUSR1);
		read_log(" forwarded");
		kill(run.pid, SIGTERM);
		assert_int_equal(finish_parent(&run), 7);
		assert_string_equal(run.out, "up\nheard\n");
		assert_non_null(strstr(run.log,
			"groundwork: warning: SIGUSR1 could not be forwarded: "
			"Operation not permitted\n"
			"groundwork: warning: what the application left running did not "
			"end in time: killed after 1.0s: 1 process"));
	}
}

static void without_memory_it_still_kills_in_the_end(void **state)
{
	(void)state;
	if (!CAN_STARVE)
		SKIP("the allocator is not ours to replace");
	share_starved();
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.before = deny_usr1,
			.stop_ms = 50,
			.script = "trap '' TERM; echo up; while :; do sleep 0.02; done"};

		*starved = 0;
		begin(&c);
		*starved = 1;
		kill(run.pid, SIGTERM);
		assert_int_equal(finish_parent(&run), 137);
		assert_non_null(strstr(run.log, "did not end in time: killed"));
	}
}

static void fill_up(int pipe_fd)
{
	char path[64], block[4096];
	int fd;

	snprintf(path, sizeof path, "/proc/self/fd/%d", pipe_fd);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(fd >= 0);
	memset(block, 'x', sizeof block);
	while (write(fd, block, sizeof block) > 0)
		continue;
	close(fd);
}

/* Nobody reads what it warns of, and the pipe is full: it does not wait for that. */
static void a_log_that_is_not_read_blocks_nothing(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.before = deny_usr1,
			.script = "trap 'echo heard; exit 7' TERM; echo up;"
				  "while :; do sleep 0.02; done"};

		begin(&c);
		fill_up(run.log_fd);
		kill(run.pid, SIGUSR1);
		kill(run.pid, SIGTERM);
		while (!strstr(run.out, "heard\n")) {
			struct pollfd ready = {.fd = run.out_fd, .events = POLLIN};

			if (poll(&ready, 1, HANG_MS) == 0) {
				kill(run.pid, SIGKILL);
				fail_msg("it hangs");
			}
			fill_from(&run.out_fd, run.out, sizeof run.out, &run.out_size);
		}
		assert_int_equal(waitpid(run.pid, &run.status, 0), run.pid);
		assert_true(WIFEXITED(run.status) && WEXITSTATUS(run.status) == 7);
		close(run.out_fd);
		close(run.log_fd);
	}
}

/* ---- what is left behind ---- */

static void leftovers_get_term_and_time(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.leftover_ms = HANG_MS,
			.script = "trap 'exit 7' USR1;"
				  "(trap 'sleep 0.1; echo cleaned; exit' TERM;"
				  " kill -USR1 $$; while :; do sleep 0.05; done) & "
				  "while :; do sleep 0.01; done & wait"};

		assert_int_equal(run_parent(&c, &run), 7);
		assert_non_null(strstr(run.out, "cleaned\n"));
	}
}

static void deaf_leftovers_are_killed(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.leftover_ms = 50,
			.script = "trap '' TERM; sleep 1000 & setsid sleep 1000 & "
				  "(sleep 1000 &) ; exit 8"};

		assert_int_equal(run_parent(&c, &run), 8);
	}
}

/* The leftover time is longer than any test may take. */
static void second_stop_shortens_the_wait(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode,
			.leftover_ms = 10L * HANG_MS,
			.script = "trap '' TERM; sleep 1000 & echo up; exit 8"};
		siginfo_t info = {0};

		begin(&c);
		while (waitid(P_PID, (id_t)run.pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
				0 &&
			info.si_pid == 0) {
			kill(run.pid, SIGTERM);
			sched_yield();
		}
		assert_int_equal(finish_parent(&run), 8);
	}
}

/* ---- what the supervisor keeps ---- */

static void name_descriptors(pid_t pid, char *ret, size_t size)
{
	char path[64];
	DIR *dir;
	struct dirent *entry;

	*ret = '\0';
	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char target[256];
		size_t used = strlen(ret);
		ssize_t n =
			readlinkat(dirfd(dir), entry->d_name, target, sizeof target - 1);

		if (n < 0)
			continue;
		target[n] = '\0';
		if (strncmp(target, "pipe:", 5) == 0)
			target[5] = '\0'; /* its number says nothing */
		snprintf(ret + used, size - used, "%s=%s ",
			strlen(entry->d_name) == 1 && *entry->d_name < '3' ? entry->d_name
									   : "n",
			target);
	}
	closedir(dir);
}

static const char *after(const char *text, const char *prefix)
{
	size_t size = strlen(prefix);

	if (strncmp(text, prefix, size) != 0)
		fail_msg("'%s' does not begin with '%s'", text, prefix);
	return text + size;
}

static void supervisor_keeps_only_what_it_needs(void **state)
{
	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {.mode = mode, .argv = echo_argv};
		char text[4096];
		const char *rest;
		char path[64];
		ssize_t n;

		begin(&c);
		/*
		 * Its answer comes by way of the supervisor's loop: all is closed by
		 * then.
		 */
		kill(run.pid, SIGUSR1);
		read_parent(&run, "got 10\n");
		name_descriptors(run.pid, text, sizeof text);
		/* What an image writes to /proc/1/fd/1 is its log. */
		rest = mode == AS_PID_1 ? after(text, "1=pipe: ") : text;
		rest = after(rest, "2=pipe: n=anon_inode:[signalfd] ");
		if (*rest && strcmp(rest, "n=/dev/tty ") != 0)
			fail_msg("%s", text);
		snprintf(path, sizeof path, "/proc/%d/cwd", (int)run.pid);
		n = readlink(path, text, sizeof text - 1);
		assert_int_equal(n, 1);
		assert_int_equal(text[0], '/');
		kill(run.pid, SIGTERM);
		assert_int_equal(finish_parent(&run), 42);
	}
}

static void application_keeps_its_directory(void **state)
{
	struct parent_case c = {.mode = SUPERVISE, .script = "pwd"};
	char here[4096];

	(void)state;
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(run_parent(&c, &run), 0);
	assert_memory_equal(run.out, here, strlen(here));
}

static void close_error(void)
{
	close(STDIN_FILENO);
	close(STDERR_FILENO);
}

/* A log line must not end up in what was opened in stderr's place, nor SIGPIPE kill. */
static void closed_stderr_is_fine(void **state)
{
	char name[] = "no-such-command";
	char *argv[] = {name, NULL};

	(void)state;
	for (int mode = SUPERVISE; mode < MODES; mode++) {
		struct parent_case c = {
			.mode = mode, .argv = argv, .before = close_error};

		assert_int_equal(run_parent(&c, &run), 127);
		c.argv = NULL;
		c.script = "echo fine; exit 4";
		assert_int_equal(run_parent(&c, &run), 4);
		assert_string_equal(run.out, "fine\n");
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_signal_is_forwarded),
		cmocka_unit_test(signals_reach_the_whole_group),
		cmocka_unit_test(child_in_another_group_gets_it),
		cmocka_unit_test(signals_reach_the_application_alone),
		cmocka_unit_test(signals_are_rewritten),
		cmocka_unit_test(exit_codes_are_rewritten),
		cmocka_unit_test(every_exit_code_comes_through),
		cmocka_unit_test(deaf_application_is_killed_in_the_end),
		cmocka_unit_test(other_signals_begin_no_countdown),
		cmocka_unit_test(second_stop_shortens_the_application_time),
		cmocka_unit_test(a_stop_that_follows_at_once_is_no_second_one),
		cmocka_unit_test(orphans_are_reaped),
		cmocka_unit_test(stopped_child_hears_the_end),
		cmocka_unit_test(without_memory_it_goes_on),
		cmocka_unit_test(without_memory_it_still_kills_in_the_end),
		cmocka_unit_test(a_log_that_is_not_read_blocks_nothing),
		cmocka_unit_test(leftovers_get_term_and_time),
		cmocka_unit_test(deaf_leftovers_are_killed),
		cmocka_unit_test(second_stop_shortens_the_wait),
		cmocka_unit_test(supervisor_keeps_only_what_it_needs),
		cmocka_unit_test(application_keeps_its_directory),
		cmocka_unit_test(closed_stderr_is_fine),
	};

	if (argc > 1 && strcmp(argv[1], echo_word) == 0)
		echo_signals();
	if (argc > 1 && strcmp(argv[1], "join-parent-group") == 0)
		join_parent();
	return cmocka_run_group_tests_name("proc/supervise", tests, NULL, NULL);
}
