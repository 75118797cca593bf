/* SPDX-License-Identifier: MIT */
/*
 * One kind of steps: its words, keys and functions. What these must do, and when each is
 * called, is the contract at the top of step/step.h.
 */
#ifndef STEP_KIND_H
#define STEP_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "step/clash.h"

struct buf;
struct ctx;
struct err;
struct field;
struct items;
struct list;
struct problems;
struct section;
struct step;

/* What a check found. */
enum finding {
	IN_PLACE = 0,
	TO_DO = 1,
	UNKNOWABLE = 2, /* only apply() shows it; `why` says what hinders */
};

/* Lists what is wrong with how the keys of a section go together, as they are written. */
typedef void check_section(const struct section *section, struct problems *problems);
typedef void judge_step(struct step *step, struct ctx *ctx, struct problems *problems);

/* Functions may be NULL, but for check() and apply() of what is a step. */
struct kind {
	const char *name;
	const char *elsewhere; /* what others call it, as of a field; or NULL */
	const char *summary;   /* one line: what it makes */
	const char *example;   /* short and whole: what applying it needs is in it */
	int order;             /* when the section writes none */
	/*
	 * Its sections are no steps: each contributes to one of this kind, whose NAME is
	 * in the key of the same word. NULL: they are steps.
	 */
	const char *part_of;
	judge_step *order_parts; /* part.h */
	bool commands; /* runs what the configuration says: it may change any file */
	bool waits;    /* check() waits for others */
	bool removes;  /* its paths are what must not be there */
	bool shares;   /* its paths are directories, which others may make, too */
	size_t size;   /* of its struct */
	const struct field *fields;
	check_section *validate;
	const struct items *items; /* where check() and apply() are items_…() */

	/*
	 * Lists what is wrong with the keys in step->conf, and with the files that they
	 * name: those that exist and that no step makes (step_may_read). What was read
	 * may be kept in step->prepared, in the arena, for check() and apply(), which get
	 * it from step_prepared(): NULL once a step has changed something, and then they
	 * read it again.
	 */
	judge_step *prepare;

	/* In its place where not all keys are known: lists what is unset in texts. */
	judge_step *prepare_draft;

	/*
	 * Lists what does not go together with the other steps, as far as step->draft and
	 * theirs are known.
	 */
	judge_step *decided;

	/*
	 * Is it in place, whatever the keys say that are not `first`? `conf` has no
	 * others. Then none of them is expanded: what they name may be gone by now.
	 * Returns IN_PLACE with one line of `why`, TO_DO where check() is to be asked, or
	 * -1. NULL: check() alone decides.
	 */
	int (*there)(const struct step *step, const void *conf, struct ctx *ctx,
		struct buf *why, struct err *err);

	/*
	 * Returns IN_PLACE, TO_DO or UNKNOWABLE with one line of `why`, or -1. What it
	 * found may stay in ctx->found, in the arena, for the apply() that follows.
	 */
	int (*check)(const struct step *step, struct ctx *ctx, struct buf *why,
		struct err *err);

	/*
	 * Returns 1 where it changed something, 0 where nothing had to be done, both with
	 * one line of what was done, or -1.
	 */
	int (*apply)(const struct step *step, struct ctx *ctx, struct buf *did,
		struct err *err);

	/* No retry follows: lets go of what check() holds, or apply() kept. Or NULL. */
	void (*end)(const struct step *step, struct ctx *ctx);

	/*
	 * What ${kind:name} stands for, in any text of a later step: to have this
	 * function is enough for the word. Appends a text without NUL bytes to `ret` and
	 * returns 0, or returns 1 where there is none yet, or -1. It only reads, whether
	 * this step has run or not, and makes the value a secret; whoever uses it treats
	 * it as one. A field that is `exported` names the variable in which the
	 * application gets it.
	 */
	int (*value)(const struct step *step, struct ctx *ctx, struct buf *ret,
		struct err *err);

	/* Can check() ever find such a section's step in place? NULL: yes. */
	bool (*observable)(const struct section *section);

	/* May it need the directory that it makes to be empty before? NULL: yes. */
	bool (*fills)(const struct section *section);

	/*
	 * The key that needs a state directory, since something must be remembered from
	 * one start to the next (step/remember.h), or NULL. `conf` may be a draft.
	 */
	const char *(*remembers)(const void *conf);

	/* The names of variables that its command sets. NULL: it sets none. */
	const struct list *(*exports)(const void *conf);

	/*
	 * What it does at its paths (step/clash.h; NULL: no step is in its way); and of a
	 * directory at the files in it that are known by now, which go to `files`.
	 */
	struct making (*making)(const struct step *step);
	struct making (*inside)(
		const struct step *step, struct ctx *ctx, struct list *files);

	/*
	 * Lists what its turn would read beside what its keys name: see step_reads(). Or
	 * NULL.
	 */
	void (*reads)(const struct step *step, struct ctx *ctx);

	/* What it makes beside its paths, or NULL. */
	making_also *also;

	/* Why there is never a value with these keys, or NULL where there may be one. */
	const char *(*no_value)(const void *conf);
};

#endif
