/* SPDX-License-Identifier: MIT */
/*
 * Existing files that are remembered. Under `policy = track` one that is still as we have
 * written it last gets the new text; one that is not, since somebody has edited it or it
 * was there before, stays as it is, and the new text is offered beside it, once.
 */
#ifndef STEP_FILE_TRACK_H
#define STEP_FILE_TRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "step/file_memory.h"

struct buf;
struct err;
struct file_work;

/* Is an existing file one of those? */
bool file_is_tracked(const struct file_work *work);

/*
 * As a check() of the item, whose existing file has the `same` text as the new one, or
 * another. Where something is TO_DO, work->task says what.
 */
int file_check_tracked(struct file_work *work, bool same, const char *digest, size_t size,
	struct buf *why, struct err *err);

/* Returns TO_DO, and says so of a text of that size. */
int file_to_write(const struct file_work *work, size_t size, struct buf *why);

/* Where a new text is offered: "PATH.new", in the arena. */
const char *file_offer_path(const struct file_work *work);

#endif
