/* SPDX-License-Identifier: MIT */
/*
 * Executing: a PATH search of our own and execve(2), never a fallback to a shell; and a
 * diagnosis where it cannot be done, instead of "No such file or directory".
 */
#ifndef PROC_EXECUTE_H
#define PROC_EXECUTE_H

struct err;

/*
 * Replaces the process. `path` is the PATH to search (NULL: "/usr/local/sbin:…:/bin")
 * where argv[0] has no slash. Returns only on failure, -1: ERR_NOT_FOUND for "not found"
 * alone, ERR_NOT_EXECUTABLE with the reason for everything found that cannot run: a
 * missing interpreter (a CR shown), a missing loader, another architecture, no shebang,
 * an empty or truncated file, no execute bit, a noexec mount, a directory.
 */
int execute(char *const *argv, char *const *env, const char *path, struct err *err);

#endif
