/* SPDX-License-Identifier: MIT */
/* Was a database closed that a command has made? */
#ifndef STEP_EXEC_CLOSED_H
#define STEP_EXEC_CLOSED_H

struct err;
struct fs_scratch;

/*
 * What SQLite has beside a database that was not closed is a part of it, and is not
 * published. Returns 0 if there is nothing, or -1 with what the command has to do.
 */
int exec_check_closed(const struct fs_scratch *scratch, struct err *err);

#endif
