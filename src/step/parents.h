/* SPDX-License-Identifier: MIT */
/*
 * What a plan has made so far. It names the missing directories above what a step makes,
 * each once, at the first step that makes it; and of a path that an earlier command makes
 * it says no more than that. A command that makes nothing but its `creates` is noted with
 * that path; any other command may make anything.
 */
#ifndef STEP_PARENTS_H
#define STEP_PARENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/condition.h"

struct buf;
struct ctx;
struct err;
struct made;
struct stat;
struct step;

/*
 * While planning, adds ", and on the way '/a', '/a/b'" with the directories above `path`
 * that are missing and were not named before, from the top down. Else it does nothing.
 */
void parents_name(struct ctx *ctx, const char *path, struct buf *why);

/*
 * While planning: would making, replacing or removing the object at `path` fail (`what`,
 * as the error of that says it), or changing its mode and owner? Returns TO_DO (step.h)
 * where nothing shows that, or an earlier step may change it; or -1 with that error.
 */
int parents_check(
	const struct ctx *ctx, const char *what, const char *path, struct err *err);
int parents_check_fix(const struct ctx *ctx, const char *path, struct err *err);

/* Is there an object at the path, as far as is noted? */
bool parents_is_planned(const struct ctx *ctx, const char *path);

/* How many paths are noted. */
size_t parents_noted(const struct ctx *ctx);

/*
 * May one of the first `count` that are noted give this directory, or the one above it
 * that exists, another mode or owner, or make it?
 */
bool parents_may_change(const struct ctx *ctx, const char *path, size_t count);

/* parents_check() of a new object, and parents_name(). */
int parents_check_new(struct ctx *ctx, const char *what, const char *path,
	struct buf *why, struct err *err);

/*
 * While planning, notes that a step makes this directory, or fixes its mode or owner; or,
 * with `by`, that the command of the step with that id makes this path.
 */
void parents_note(struct ctx *ctx, const char *path, const char *by);

/*
 * The same of a command that makes the file at this path, and perhaps others that have an
 * ending behind it: of such a path that is missing, and that a step reads, it may be the
 * maker.
 */
void parents_note_file(struct ctx *ctx, const char *path, const char *by);

/* The same of a directory with a mode and owner, which outlive the plan. */
void parents_note_directory(struct ctx *ctx, const struct made *made);

/*
 * While planning: makes the mode and owner of the object at `path` those that it will
 * have, where earlier steps change them.
 */
void parents_foresee(const struct ctx *ctx, const char *path, struct stat *st);

/*
 * The same as far as the first `before` notes do it, and of an object that is missing,
 * and that one of them has `made`; NULL: it exists.
 */
void parents_foresee_made(const struct ctx *ctx, const char *path,
	const struct made *made, size_t before, struct stat *st);

/*
 * While planning: the step that gives this path, or a directory above it, which exist,
 * another mode or owner; or NULL.
 */
const char *parents_fixer(const struct ctx *ctx, const char *path);

/*
 * While planning: would the rules of root let us walk to this path (fs.h), once earlier
 * steps have changed owners and modes? Returns 0, or -1 with the error of that.
 */
int parents_check_way(struct ctx *ctx, const char *path, struct err *err);

/*
 * While planning: is this path, which is missing, a directory that an earlier step makes?
 * Then `ret` has the mode and the owner that it is to have.
 */
bool parents_directory(const struct ctx *ctx, const char *path, struct stat *ret);

/* While planning, notes that a command of the step with that id is to be run. */
void parents_note_command(struct ctx *ctx, const char *by);

/*
 * While planning, notes what a step would make; of a directory, that it may be filled
 * from a `source`. With `perhaps`, it is what the step may make.
 */
void parents_note_made(struct ctx *ctx, const struct step *step, bool perhaps);

/*
 * While planning: would this path, which is missing, exist by now; and a directory, which
 * is missing or empty, have something in it? Else NO.
 */
enum condition_answer parents_exist(
	const struct ctx *ctx, const char *path, bool *ret_directory);
enum condition_answer parents_fill(const struct ctx *ctx, const char *path);

/*
 * While planning: would this directory, which is missing or empty, have something in it
 * by now that is not excluded (base/fs_exclude.h)? If it would or may, `ret` is that, and
 * `ret_by` the step that may make it. What a command may make of which nothing is known
 * does not count.
 */
enum condition_answer parents_put_in(const struct ctx *ctx, const char *path,
	const char *const *exclude, const char **ret, const char **ret_by);

/* Returns the first step that would make this path, or whose command may; or NULL. */
const char *parents_maker(const struct ctx *ctx, const char *path);

/*
 * May this path, which is missing, be made by an earlier step, by whatever links it leads
 * there?
 */
bool parents_may_make(const struct ctx *ctx, const char *path);

/* The same of steps that name what they make: no command that may make anything. */
bool parents_may_make_named(const struct ctx *ctx, const char *path);

/*
 * While planning: the first step whose command would run and may make anything; or NULL.
 */
const char *parents_command(const struct ctx *ctx);

/*
 * Returns -1 with an error: this path is missing. While planning, ctx->known_after is
 * parents_maker(): then it is no error yet.
 */
int parents_missing(struct ctx *ctx, const char *path, struct err *err);

/*
 * Is one of the directories above `path` one that was named or noted? False where nothing
 * is planned.
 */
bool parents_planned_above(const struct ctx *ctx, const char *path);

/*
 * Does an earlier step make or copy what this step makes, or a command something above
 * it? Then its check would say nothing that holds at its turn; `why` gets the reason.
 */
bool parents_unknown(const struct step *step, const struct ctx *ctx, struct buf *why);

#endif
