/* SPDX-License-Identifier: MIT */
/*
 * The output of another program: collected as it arrives, redacted, and only then split
 * into lines.
 *
 *	CLEANUP_TRANSCRIPT struct transcript transcript = {
 *		.secrets = secrets, .line = hear, .user = &hearer, .text = BUF_INIT};
 *	transcript_add(&transcript, data, size);	any number of times
 *	transcript_end(&transcript);
 *
 * `line` is called as soon as a newline has arrived, but where a line may be the
 * beginning of a secret of several lines, only with the next. A line over
 * TRANSCRIPT_LINE_MAX bytes is passed in pieces, which are not cut inside a secret.
 * `secrets` must not be NULL.
 */
#ifndef BASE_TRANSCRIPT_H
#define BASE_TRANSCRIPT_H

#include <stddef.h>

#include "base/buf.h"

#define TRANSCRIPT_LINE_MAX ((size_t)64 * 1024)

struct secrets;

struct transcript {
	const struct secrets *secrets;
	void (*line)(void *user, const char *line, size_t size); /* without a newline */
	void *user;
	struct buf text; /* what was not passed on yet */
};

#define CLEANUP_TRANSCRIPT __attribute__((cleanup(transcript_release)))

void transcript_add(struct transcript *transcript, const char *data, size_t size);

/* At the end of the output: passes on what is left. */
void transcript_end(struct transcript *transcript);

void transcript_release(struct transcript *transcript);

#endif
