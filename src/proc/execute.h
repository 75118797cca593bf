/* SPDX-License-Identifier: MIT */
/*
 * Executing: a search along PATH and execve(2), never a fallback to a shell; and a
 * diagnosis if it fails, instead of "No such file or directory".
 */
#ifndef PROC_EXECUTE_H
#define PROC_EXECUTE_H

#include <stdbool.h>

struct err;

/*
 * Replaces the process. If argv[0] has no slash, the PATH of `env` is searched (without
 * one "/usr/local/sbin:…:/bin"). Returns only on failure, -1: ERR_NOT_FOUND if there is
 * no such file, ERR_NOT_EXECUTABLE with the reason if there is one that cannot run: a
 * missing interpreter (a CR in it is shown), a missing loader, another architecture, no
 * shebang, an empty or truncated file, no execute bit, a noexec mount, a directory (along
 * PATH, one is no such file).
 * `workdir` is what an error calls the directory that we are in; NULL: by its path.
 */
int execute(char *const *argv, char *const *env, const char *workdir, struct err *err);

/* Where a program is looked for that is to be executed later. */
struct execute_search {
	const char *path;    /* PATH; NULL: none is set */
	const char *workdir; /* where we are; NULL: relative paths start elsewhere */
	/* May this file, which is missing, be made in time? NULL: none is. */
	bool (*is_made)(void *user, const char *file);
	void *user;
};

/*
 * Looks for a program as execute() will, with the rights of this process. Returns 0 if
 * there is one, or one may be made, or that is not known (a relative path without a
 * `workdir`); else -1, with the error of execute(), as far as files show it.
 */
int execute_look_up(
	const char *name, const struct execute_search *search, struct err *err);

#endif
