/* SPDX-License-Identifier: MIT */
/*
 * Executing: a search along PATH and execve(2), never a fallback to a shell; and a
 * diagnosis if it fails, instead of "No such file or directory".
 */
#ifndef PROC_EXECUTE_H
#define PROC_EXECUTE_H

struct err;

/*
 * Replaces the process. `path` is the PATH to search (NULL: "/usr/local/sbin:…:/bin") if
 * argv[0] has no slash. Returns only on failure, -1: ERR_NOT_FOUND if there is no such
 * file, ERR_NOT_EXECUTABLE with the reason if there is one that cannot run: a missing
 * interpreter (a CR in it is shown), a missing loader, another architecture, no shebang,
 * an empty or truncated file, no execute bit, a noexec mount, a directory.
 */
int execute(char *const *argv, char *const *env, const char *path, struct err *err);

#endif
