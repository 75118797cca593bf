/* SPDX-License-Identifier: MIT */
/* The launch record: written, read back, and damaged in every place. */
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit.h"
#include "base/err.h"
#include "proc/launch.h"

static char sh[] = "/bin/sh";
static char option[] = "-c";
static char script[512];
static char path_entry[] = "PATH=/usr/bin:/bin";
static char one_entry[] = "ONE=a value with spaces";
static char *argv[] = {sh, option, script, NULL};
static char *env[] = {path_entry, one_entry, NULL};

static struct launch make(const char *text)
{
	struct launch launch = LAUNCH_INIT;

	snprintf(script, sizeof script, "%s", text);
	launch.argv = argv;
	launch.env = env;
	return launch;
}

static struct launch_record *open_record(void)
{
	DECLARE_ERR(err);
	struct launch_record *record = launch_map(&err);

	assert_non_null(record);
	return record;
}

static void do_nothing(void *user)
{
	*(int *)user = 1;
}

static char output[4096];

static int read_and_execute(struct launch_record *record, int *called, struct err *err)
{
	struct launch launch;
	int found = launch_read(record, &launch, err);

	if (found != 0)
		return found < 0 ? -1 : err_fail(err, "there is no launch record");
	launch_hide(&launch, (char *[]){one_entry, NULL});
	return launch_execute(&launch, record, do_nothing, called, err);
}

/* Executes a record in a process of its own: its exit status; 200 where it came back. */
static int execute_apart(struct launch_record *record)
{
	int pipes[2];
	int status;
	size_t used = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		DECLARE_ERR(err);
		int called = 0;

		dup2(pipes[1], STDOUT_FILENO);
		if (read_and_execute(record, &called, &err) == -1 && *err.text)
			(void)!write(pipes[1], err.text, strlen(err.text));
		_exit(200);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], output + used, sizeof output - 1 - used)) > 0)
		used += (size_t)n;
	output[used] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		fail_msg("it ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static int run(const struct launch *launch)
{
	DECLARE_ERR(err);
	struct launch_record *record = open_record();
	int code;

	assert_int_equal(launch_write(record, launch, &err), 0);
	code = execute_apart(record);
	launch_unmap(record);
	return code;
}

static void everything_arrives(void **state)
{
	struct launch launch = make("pwd; umask; env | sort | grep -v ^_; exit 3");

	(void)state;
	launch.workdir = "/usr";
	launch.umask = 0137;
	assert_int_equal(run(&launch), 3);
	assert_string_equal(output,
		"/usr\n0137\nONE=a value with spaces\n"
		"PATH=/usr/bin:/bin\nPWD=/usr\n");
}

static void path_of_the_new_environment_is_searched(void **state)
{
	char name[] = "sh";
	char *by_name[] = {name, option, script, NULL};
	struct launch launch = make("exit 4");

	(void)state;
	launch.argv = by_name;
	assert_int_equal(run(&launch), 4);
	env[0] = one_entry;
	assert_int_equal(run(&launch), 4); /* no PATH: the default one */
	env[0] = path_entry;
	snprintf(path_entry, sizeof path_entry, "PATH=/nowhere");
	assert_int_equal(run(&launch), 200);
	snprintf(path_entry, sizeof path_entry, "PATH=/usr/bin:/bin");
	assert_string_equal(output, "command 'sh' not found in PATH (/nowhere)");
}

static void empty_environment_is_empty(void **state)
{
	char *nothing[] = {NULL};
	char cat[] = "/bin/cat";
	char file[] = "/proc/self/environ";
	char *words[] = {cat, file, NULL};
	struct launch launch = make("");

	(void)state;
	launch.argv = words;
	launch.env = nothing;
	assert_int_equal(run(&launch), 0);
	assert_string_equal(output, "");
}

static void missing_directory_is_named(void **state)
{
	struct launch launch = make("exit 0");

	(void)state;
	launch.workdir = "/no/such/place";
	assert_int_equal(run(&launch), 200);
	assert_string_equal(output,
		"[app] workdir: change to the working directory '/no/such/place': "
		"No such file or directory; the image, a volume or a step has to make "
		"it");
}

static void identity_is_taken_on(void **state)
{
	struct launch launch = make("id -u; id -G");

	(void)state;
	NEEDS_ROOT();
	launch.identity = (struct identity){.set = true,
		.uid = 10001,
		.gid = 10002,
		.groups = (const gid_t[]){10002},
		.groups_count = 1};
	assert_int_equal(run(&launch), 0);
	assert_string_equal(output, "10001\n10002\n");
}

static void settings_are_read_alone(void **state)
{
	struct launch launch = make("");
	struct launch found = {0};
	DECLARE_ERR(err);
	struct launch_record *record = open_record();

	(void)state;
	assert_int_equal(launch_read(record, &found, &err), 1);
	assert_int_equal(execute_apart(record), 200);
	assert_string_equal(output, "there is no launch record");
	launch.init = LAUNCH_SUPERVISE;
	launch.leftover_timeout_ms = 1234;
	assert_int_equal(launch_write(record, &launch, &err), 0);
	assert_int_equal(launch_read(record, &found, &err), 0);
	assert_int_equal(found.init, LAUNCH_SUPERVISE);
	assert_int_equal(found.leftover_timeout_ms, 1234);
	launch_unmap(record);
}

static void many_groups_arrive(void **state)
{
	static gid_t groups[3000];
	struct launch launch = make("id -G | wc -w; id -G | cut -d ' ' -f 1,2,3000");

	(void)state;
	NEEDS_ROOT();
	for (size_t i = 0; i < 3000; i++)
		groups[i] = (gid_t)(20000 + i);
	launch.identity = (struct identity){.set = true,
		.uid = 10001,
		.gid = 20000,
		.groups = groups,
		.groups_count = 3000};
	assert_int_equal(run(&launch), 0);
	assert_string_equal(output, "3000\n20000 20001 22999\n");
}

static void values_that_are_secret_are_overwritten(void **state)
{
	const char *const names[] = {"PASSWORD", "NOT_SET", "KEY", "EMPTY", NULL};
	char password[] = "PASSWORD=a secret", longer[] = "PASSWORD_FILE=/run/x";
	char prefix[] = "PASS=a", key[] = "KEY=b=c", again[] = "KEY=again",
	     empty[] = "EMPTY=";
	char *ours[] = {password, longer, prefix, key, again, empty, NULL};
	struct launch launch = make("exit 6");
	struct launch found;
	DECLARE_ERR(err);
	struct launch_record *record = open_record();

	(void)state;
	launch.secret_names = names;
	assert_int_equal(launch_write(record, &launch, &err), 0);
	assert_int_equal(launch_read(record, &found, &err), 0);
	launch_hide(&found, ours);
	assert_string_equal(password, "PASSWORD=********");
	assert_string_equal(longer, "PASSWORD_FILE=/run/x");
	assert_string_equal(prefix, "PASS=a");
	assert_string_equal(key, "KEY=***");
	assert_string_equal(again, "KEY=*****");
	assert_string_equal(empty, "EMPTY=");
	/* And the names are nothing to the application. */
	assert_int_equal(execute_apart(record), 6);
	launch_unmap(record);
}

/* Neither a crash nor a launch: whatever stands in the record, it is an error. */
static void cut_records_are_refused(void **state)
{
	const char *const names[] = {"PASSWORD", NULL};
	struct launch launch = make("exit 0");
	DECLARE_ERR(err);
	struct launch_record *record = open_record();
	uint32_t size;

	(void)state;
	launch.secret_names = names;
	assert_int_equal(launch_write(record, &launch, &err), 0);
	size = record->size;
	while (record->size > 0) {
		record->size -= record->size > 7 ? 7 : record->size;
		assert_int_equal(execute_apart(record), 200);
		assert_string_equal(output, "the launch record is damaged");
	}
	for (record->size = size + 1; record->size < size + 100; record->size++)
		assert_int_equal(execute_apart(record), 200);
	record->size = UINT32_MAX;
	assert_int_equal(launch_read(record, &launch, &err), -1);
	launch_unmap(record);
}

/* One word after the other is overwritten, in the settings and in the room. */
static void stray_writes_are_refused(void **state)
{
	static const uint32_t values[] = {0, 1, 0x7fffffff, 0xffffffff};
	static const gid_t groups[] = {1, 2, 3};
	const char *const names[] = {"PASSWORD", NULL};
	struct launch launch = make("exit 0");
	DECLARE_ERR(err);
	struct launch_record *record = open_record();
	char *bytes = (char *)record;
	size_t size;

	(void)state;
	/* Never taken on: it is not set. */
	launch.identity.groups = groups;
	launch.identity.groups_count = 3;
	launch.secret_names = names;
	assert_int_equal(launch_write(record, &launch, &err), 0);
	size = sizeof *record + record->size;
	for (size_t at = 0; at + 4 <= size; at += 4)
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			uint32_t before;
			int code;

			memcpy(&before, bytes + at, 4);
			memcpy(bytes + at, &values[i], 4);
			code = execute_apart(record);
			if (code != (values[i] == before ? 0 : 200))
				fail_msg(
					"%u at %zu: %d, %s", values[i], at, code, output);
			memcpy(bytes + at, &before, 4);
		}
	launch_unmap(record);
}

static void too_large_is_refused(void **state)
{
	size_t size = (size_t)9 * 1024 * 1024;
	char *word = malloc(size);
	char *words[] = {sh, word, NULL};
	struct launch launch = make("");
	DECLARE_ERR(err);
	struct launch_record *record = open_record();

	(void)state;
	assert_non_null(word);
	memset(word, 'x', size - 1);
	word[size - 1] = '\0';
	launch.argv = words;
	assert_int_equal(launch_write(record, &launch, &err), -1);
	assert_non_null(strstr(err.text, "over 8 MiB"));
	assert_int_equal(launch_read(record, &launch, &err), 1);
	free(word);
	launch_unmap(record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_arrives),
		cmocka_unit_test(path_of_the_new_environment_is_searched),
		cmocka_unit_test(empty_environment_is_empty),
		cmocka_unit_test(missing_directory_is_named),
		cmocka_unit_test(identity_is_taken_on),
		cmocka_unit_test(settings_are_read_alone),
		cmocka_unit_test(many_groups_arrive),
		cmocka_unit_test(values_that_are_secret_are_overwritten),
		cmocka_unit_test(cut_records_are_refused),
		cmocka_unit_test(stray_writes_are_refused),
		cmocka_unit_test(too_large_is_refused),
	};

	return cmocka_run_group_tests_name("proc/launch", tests, NULL, NULL);
}
