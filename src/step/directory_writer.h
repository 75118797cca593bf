/* SPDX-License-Identifier: MIT */
/* The key `writable_by` of the kind `directory`. */
#ifndef STEP_DIRECTORY_WRITER_H
#define STEP_DIRECTORY_WRITER_H

struct ctx;
struct err;
struct stat;
struct step;

struct directory_writer {
	const struct step *step;
	struct ctx *ctx;
	const char *user; /* as it is written; "": nobody is asked about */
};

/* May that user write in the directory `path`? Returns 0 if so, or -1. */
int directory_writer_may(
	const struct directory_writer *writer, const char *path, struct err *err);

/*
 * The same of one that is to have the owner and mode of `st`. What the group may is not
 * judged: another user of an access control list may, too.
 */
int directory_writer_would(const struct directory_writer *writer, const char *path,
	const struct stat *st, struct err *err);

#endif
