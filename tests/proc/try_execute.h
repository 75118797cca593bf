/* SPDX-License-Identifier: MIT */
/* Executing something in a directory of the test's own, and what became of it. */
#ifndef TESTS_PROC_TRY_EXECUTE_H
#define TESTS_PROC_TRY_EXECUTE_H

#include <sys/wait.h>

#include "../directory.h"
#include "base/err.h"
#include "proc/execute.h"

/* What became of an execute(): an exit status, or the error it returned with. */
struct outcome {
	int status; /* of the program, where it ran; else -1 */
	enum err_kind kind;
	char text[ERR_TEXT_MAX];
};

static struct outcome outcome;

static inline void run_as(uid_t uid, const char *name, const char *path)
{
	char command[512];
	char argument[] = "argument";
	char *argv[] = {command, argument, NULL};
	char variable[4 * 4096];
	char *env[] = {path ? variable : NULL, NULL};
	DECLARE_ERR(err);
	int pipes[2];
	int status;
	ssize_t size;
	pid_t pid;

	memset(&outcome, 0, sizeof outcome);
	snprintf(command, sizeof command, "%s", name);
	snprintf(variable, sizeof variable, "PATH=%s", path ? path : "");
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (uid && (setgid(uid) < 0 || setuid(uid) < 0))
			_exit(99);
		(void)execute(argv, env, NULL, &err);
		_exit(write(pipes[1], &err, sizeof err) == (ssize_t)sizeof err ? 98 : 97);
	}
	close(pipes[1]);
	size = read(pipes[0], &err, sizeof err);
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	outcome.status = size == 0 ? WEXITSTATUS(status) : -1;
	outcome.kind = err.kind;
	memcpy(outcome.text, err.text, sizeof outcome.text);
}

static inline void run(const char *name, const char *path)
{
	run_as(0, name, path);
}

static inline void expect_ran(int status)
{
	if (outcome.status != status)
		fail_msg("did not run: %s", outcome.text);
}

static inline void expect(enum err_kind kind, const char *text)
{
	if (outcome.status >= 0 || outcome.kind != kind || !strstr(outcome.text, text))
		fail_msg("status %d, kind %d: '%s' instead of '%s'", outcome.status,
			(int)outcome.kind, outcome.text, text);
}

static inline void make_bytes(
	const char *name, const void *data, size_t size, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static inline void make(const char *name, const char *text, mode_t mode)
{
	make_bytes(name, text, strlen(text), mode);
}

/* The test's directory is the working directory, too. */
static inline int enter(void **state)
{
	(void)umask(022);
	return directory_setup(state) == 0 ? chdir(directory) : -1;
}

static inline int leave(void **state)
{
	return chdir("/") == 0 ? directory_teardown(state) : -1;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, enter, leave)

#endif
