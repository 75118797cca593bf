/* SPDX-License-Identifier: MIT */
/*
 * Paths that the configuration itself needs, and no step may remove: what steps make,
 * what is remembered between starts, and the directory that relative paths start at.
 */
#ifndef STEP_NEEDED_H
#define STEP_NEEDED_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct ctx;
struct step;

struct needed {
	const char *path;
	const struct step *step; /* that makes it, or NULL */
	size_t source, i;        /* of the next: in it, or in what comes after it */
};

#define NEEDED_INIT \
	{ \
		0 \
	}

/*
 * Sets `needed`, which is NEEDED_INIT, to the next path, as it is known by now. Returns
 * false where there is none. What `absent` steps remove is not among them.
 */
bool needed_next(const struct ctx *ctx, struct needed *needed);

/*
 * Appends what it is needed for: "'/d/k' is of key:k", or "it is of key:k" where that is
 * what was just `named`.
 */
void needed_say(const struct ctx *ctx, const struct needed *needed, const char *named,
	struct buf *to);

#endif
