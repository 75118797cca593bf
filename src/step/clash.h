/* SPDX-License-Identifier: MIT */
/* Two steps that cannot both have one path. */
#ifndef STEP_CLASH_H
#define STEP_CLASH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct access;
struct arena;
struct ctx;
struct problems;
struct step;

/* What a step does at its path. */
enum making_how {
	MAKING_NOTHING,
	MAKING_NEW,   /* what is missing; whatever is there is left */
	MAKING_EMPTY, /* the same, with nothing in it */
	MAKING_TAKEN, /* what is missing, and goes on with what a command has made */
	MAKING_DIR,   /* a directory, which others may make or fill, too */
	MAKING_ANEW,  /* whatever is there is replaced, unless it is the same */
	MAKING_EDITS, /* what is there is changed, and nothing is made */
};

struct making {
	enum making_how how;
	mode_t type;      /* S_IFREG, S_IFDIR, S_IFLNK; 0: not known */
	bool alone;       /* nothing else may be in it, before or after */
	bool found;       /* may be there already, whatever has made it */
	bool filled;      /* a directory that has something in it afterwards */
	bool if_empty;    /* one to which nothing is done where something is in it */
	const char *from; /* what a `filled` one gets */
	const char *const *exclude;  /* … but for these (base/fs_exclude.h) */
	const struct access *access; /* mode and owner of what is there, too; or NULL */
};

/*
 * Path `i` of what a step makes beside those of its `made` keys: in the arena, with the
 * key that stands for it, and what it does there. NULL behind the last.
 */
typedef const char *making_also(const struct step *step, size_t i, struct arena *arena,
	const char **ret_key, struct making *ret);

/*
 * Judges steps that were decided, in the order in which they run, and lists each that
 * cannot have the path of an earlier one: it would make another type of object there,
 * undo what that does at each start, or never do anything. Both must be sure to run, or,
 * where the system decides, run as it is now.
 */
void steps_clash(struct step *const *order, size_t count, struct ctx *ctx,
	struct problems *problems);

#endif
