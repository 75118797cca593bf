/* SPDX-License-Identifier: MIT */
/*
 * Warnings of values that go into an ini file, and of which many readers would take a
 * part: up to a comment, or without quotes of its own. None shows the value.
 */
#ifndef STEP_FILE_CUT_H
#define STEP_FILE_CUT_H

#include "base/place.h"

struct ctx;
struct step;

struct file_cut {
	const struct step *step;
	const struct ctx *ctx;
	const char *by;   /* the key of the step that puts them in */
	const char *path; /* of the file */
	/* Of the last warning; NULL at first. */
	const char *key;
	int line;
};

/* Warns of the value of `name`, which `key` gets; `write` says what to write instead. */
void file_warn_cut(const struct file_cut *cut, struct place at, const char *key,
	const char *name, const char *write);

/* An expander's `cut`: `user` is the struct file_cut. One warning a key. */
void file_note_cut(void *user, struct place at, const char *name, const char *line);

#endif
