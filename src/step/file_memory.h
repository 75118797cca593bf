/* SPDX-License-Identifier: MIT */
/*
 * What the kind `file` remembers of what it has written, under `policy = track` and for
 * `prune`: the digest of each text, by which a later start finds that nobody has changed
 * it since.
 *
 *	file_memory_intend()	before a text is published; written at once
 *	…			it is published
 *	file_memory_settle()	it is there
 *	file_memory_write()	once all are
 *
 * A start that dies in between leaves what was there before, or the text that it was
 * about to write: both are known, and count as ours.
 */
#ifndef STEP_FILE_MEMORY_H
#define STEP_FILE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct file_work;

#define FILE_DIGEST_SIZE 65

/* As what a text is remembered: the file itself, or the new text beside one. */
enum file_note { NOTE_FILE, NOTE_OFFER };

/* Sets work->record, if the step's keys ask for it. Returns 0, or -1. */
int file_memory_read(struct file_work *work, struct err *err);

/* The digest of a text, and of what the file `fd` holds. The latter returns 0, or -1. */
void file_memory_digest(const void *data, size_t size, char ret[FILE_DIGEST_SIZE]);
int file_memory_digest_of(const struct file_work *work, int fd, const char *path,
	char ret[FILE_DIGEST_SIZE], struct err *err);

/* Is this what we have written to the path last? */
bool file_memory_has(const struct file_work *work, enum file_note note, const char *path,
	const char *digest);

/*
 * Is the existing file at the path as we have written it, or were about to? Returns 1
 * with its digest, 0, or -1. One that is missing is.
 */
int file_memory_is_ours(
	struct file_work *work, enum file_note note, const char *path, struct err *err);

/*
 * The same as file_memory_intend() of a file, for file_memory_write(): of many files the
 * record is then written once. Returns 0, or -1.
 */
int file_memory_prepare(
	struct file_work *work, const char *path, const char *digest, struct err *err);

/* Remembers that this text is about to be published. Returns 0, or -1. */
int file_memory_intend(struct file_work *work, enum file_note note, const char *path,
	const char *digest, struct err *err);

/* It was published; or, with NULL, nothing is remembered of the path any more. */
void file_memory_settle(struct file_work *work, enum file_note note, const char *path,
	const char *digest);

/* Writes what has changed. Returns 0, or -1. */
int file_memory_write(const struct file_work *work, struct err *err);

#endif
