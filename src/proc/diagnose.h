/* SPDX-License-Identifier: MIT */
/*
 * Why a file cannot be executed, in words that help: what execve(2) says of it is "No
 * such file", "Permission denied" or "Exec format error" for a dozen different mistakes.
 */
#ifndef PROC_DIAGNOSE_H
#define PROC_DIAGNOSE_H

struct err;

/* After execve(2) of `path`, which is there, failed with `code`. Always -1. */
int diagnose(const char *path, int code, struct err *err);

/*
 * Before: a binary that was cut short is executed and crashes, so nobody could say why
 * afterwards. 0 go on · 1 there is no such file · -1 it is incomplete. A file that cannot
 * be read passes.
 */
int diagnose_incomplete(const char *path, struct err *err);

#endif
