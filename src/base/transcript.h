/* SPDX-License-Identifier: MIT */
/*
 * The output of another program, as it comes: joined, redacted, and only then cut into
 * lines.
 *
 *	CLEANUP_TRANSCRIPT struct transcript transcript = {
 *		.secrets = secrets, .line = hear, .user = &hearer, .text = BUF_INIT};
 *	transcript_add(&transcript, data, size);	any number of times
 *	transcript_end(&transcript);
 *
 * A line is handed over as soon as its newline came, but for one that may be the
 * beginning of a secret of many lines: that waits for the next. A line over
 * TRANSCRIPT_LINE_MAX bytes comes in pieces, never cut inside of a secret.
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
	struct buf text; /* what was not handed over yet */
};

#define CLEANUP_TRANSCRIPT __attribute__((cleanup(transcript_release)))

void transcript_add(struct transcript *transcript, const char *data, size_t size);

/* Nothing more comes: hands over what is left. */
void transcript_end(struct transcript *transcript);

void transcript_release(struct transcript *transcript);

#endif
