/* SPDX-License-Identifier: MIT */
/*
 * What a condition names, behind its colon: can it ever hold, or is it what a shell or
 * another list would take for something else?
 */
#ifndef STEP_WHEN_NAMES_H
#define STEP_WHEN_NAMES_H

struct err;

/* Each returns 0, or -1 with ERR_CONFIG and what to write. */
int when_check_user(const char *what, struct err *err);
int when_check_command(const char *what, struct err *err);

/*
 * The same of a whole condition as it is written: a value that is put into it may have
 * any form.
 */
int when_check_path(const char *word, struct err *err);

#endif
