/* SPDX-License-Identifier: MIT */
/*
 * Warnings of values that many readers of the file would cut at a comment, or expand.
 * None shows the value.
 */
#ifndef STEP_FILE_CUT_H
#define STEP_FILE_CUT_H

#include "base/place.h"

struct ctx;
struct step;

struct file_cut {
	const struct step *step;
	const struct ctx *ctx;
	const char *by;     /* the key of the step that puts them in */
	const char *path;   /* of the file */
	const char *format; /* as in escape_names */
	/* Of the last warning; NULL at first. */
	const char *key;
	int line;
};

/* The value of `name`, which `key` gets, and what `how` (conf/escape.h) is about. */
struct file_cut_value {
	const char *key, *name;
	unsigned how;
	const char *quoted; /* how it is written in quotes, */
	const char *meant;  /* and as it is */
};

void file_warn_cut(
	const struct file_cut *cut, struct place at, const struct file_cut_value *value);

/* An expander's `cut`: `user` is the struct file_cut. One warning a key. */
void file_note_cut(
	void *user, struct place at, unsigned how, const char *name, const char *line);

#endif
