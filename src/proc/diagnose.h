/* SPDX-License-Identifier: MIT */
/*
 * Why a file cannot be executed: execve(2) says "No such file", "Permission denied" or
 * "Exec format error" for a dozen different errors.
 */
#ifndef PROC_DIAGNOSE_H
#define PROC_DIAGNOSE_H

struct err;

/*
 * Says why execve(2) of `path`, which exists, failed with the errno `code`. Returns -1,
 * always, with ERR_NOT_EXECUTABLE.
 */
int diagnose(const char *path, int code, struct err *err);

/*
 * Would execve(2) refuse `path`, a file that exists, to this process, as far as its
 * permissions, its interpreter or loader and its content show? Returns 0 where nothing
 * shows that, or -1 with the error of diagnose().
 */
int diagnose_ahead(const char *path, struct err *err);

/*
 * Checks before the execve(2) whether a binary was cut short: it would be executed and
 * crash, and the reason could not be found afterwards. Returns 0 to go on, also for a
 * file that cannot be read; 1 if there is no such file; -1 if it is incomplete, with
 * ERR_NOT_EXECUTABLE.
 */
int diagnose_incomplete(const char *path, struct err *err);

#endif
