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
 * shebang, an empty or truncated file, no execute bit, a noexec mount, a directory.
 */
int execute(char *const *argv, char *const *env, struct err *err);

/*
 * Looks for a name without a slash in the directories of `path`, as execute() will; NULL:
 * no PATH is set. `is_made` (may be NULL) is asked of each file that would do: may it be
 * made in time? Returns 0 if there is a regular file, or one is made, or a directory
 * cannot be searched, or is a relative one; else -1, with ERR_NOT_FOUND. What is wrong
 * with the file shows in execute() alone.
 */
int execute_look_up(const char *name, const char *path,
	bool (*is_made)(void *user, const char *file), void *user, struct err *err);

#endif
