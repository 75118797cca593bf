/* SPDX-License-Identifier: MIT */
/*
 * A warning of values that go as they are into a text whose format nobody has named, and
 * have what most formats read as more than a part of a word. It does not show them.
 */
#ifndef STEP_FILE_RAW_H
#define STEP_FILE_RAW_H

#include "base/place.h"
#include "conf/field.h"

struct ctx;
struct step;

struct file_raw {
	const struct step *step;
	struct ctx *ctx;
	const char *by;   /* the key of the step that puts them in */
	const char *path; /* of the file */
	struct place at;  /* of the first one */
	struct list names;
};

/* An expander's `raw`: `user` is the struct file_raw. */
void file_note_raw(void *user, struct place at, const char *name);

/* Warns once of all that were noted. */
void file_warn_raw(const struct file_raw *raw);

#endif
