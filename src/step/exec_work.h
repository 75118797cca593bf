/* SPDX-License-Identifier: MIT */
/* The keys of the kind `exec`, and what its check and its apply share. */
#ifndef STEP_EXEC_WORK_H
#define STEP_EXEC_WORK_H

#include <stdbool.h>

#include "conf/field.h"
#include "step/done.h"
#include "step/helper.h"

struct buf;
struct ctx;
struct err;
struct fs_scratch_user;
struct scripts;
struct section;
struct step;

struct exec_conf {
	struct list command;
	struct file_commands scripts;
	const char *creates;
	bool reload;
	struct list check;
	struct done_keys done;
	struct field_name user;
	struct field_name group;
	const char *workdir;
	struct list env;
	struct list exports;
};

/* Does its command make `creates` by way of a directory of its own; or aside at all? */
bool exec_makes_dir(const struct section *section);
bool exec_is_staged(const struct section *section);

/* Has its command this text, or a line of `scripts`, as it is written? */
bool exec_command_has(const struct section *section, const char *text);

/* In a plan: notes what the command may make. */
void exec_note(const struct step *step, struct ctx *ctx);

/*
 * Appends the command as it was written, of a script its first line, behind `what`: what
 * it expands to may not be for all eyes. The step's description stands for `command`.
 */
void exec_show(
	const struct step *step, const char *key, const char *what, struct buf *ret);

/*
 * Who the command runs as, and whether `creates` exists: what that user has made is in
 * place; what another user put there is not, nor is an empty directory where the command
 * fills one. Returns 0, 1 if it is missing, or -1.
 */
int exec_look_up(const struct step *step, const struct exec_conf *conf, struct ctx *ctx,
	struct fs_scratch_user *ret, struct err *err);

/* What `check` says, as kind->check(); without a `why` where it is TO_DO. */
int exec_run_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err);

/* To run these words; `aside`: what {file} or {dir} stands for, or NULL. */
struct helper exec_helper(
	const struct list *argv, const char *aside, const struct step *step);

/*
 * Where the command finds what its first word names, which has a slash: an absolute path.
 * Returns 0, or -1.
 */
int exec_resolve(const struct exec_conf *conf, struct arena *arena, const char **ret,
	struct err *err);

/*
 * Warns where, as root, the command is a program with a slash in it that others can
 * change (fs_may_run()). A directory of such is refused, since it is read for what others
 * may have put there.
 */
void exec_warn_of_stranger(const struct step *step, struct ctx *ctx);

/* While planning: can what it makes aside be given to its user? Returns 0, or -1. */
int exec_check_stage(const struct step *step, struct ctx *ctx, struct err *err);

/* helper_look_up() of what is run first: of these scripts, or else the command. */
int exec_look_up_program(const struct scripts *scripts, const struct step *step,
	struct ctx *ctx, struct err *err);

/* As kind->apply(). */
int exec_apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err);

/* done_check() (step/done.h) of the command, or of these scripts as a whole. */
int exec_check_done(const struct scripts *scripts, const struct step *step,
	struct ctx *ctx, char ret_digest[DONE_DIGEST_SIZE], struct buf *why,
	struct err *err);

/* ---- exec_scripts.c: the programs of a directory ---- */

#define SCRIPTS_MAX 4096

struct script {
	const char *name;
	const char *path;        /* absolute */
	const struct list *argv; /* {} stands for the path */
};

struct scripts {
	const char *dir; /* absolute; NULL: the command is none */
	struct script *list;
	size_t count;
	struct list left_out; /* "README (not executable)" */
	size_t done;          /* those that are left out since they were done `once` */
	bool refused;         /* others can change what would be run */
};

/*
 * If the command is a directory, finds in it, in natural order, what is to be run: the
 * files that a line of `scripts` is for, and those that are executable. Hidden files are
 * passed over, and whatever else there is goes to `left_out`. As root, none may be one
 * that others can write or exchange (fs_may_run()). Returns 0, or -1, also where there is
 * none, and `creates` is to be made.
 */
int exec_scripts_find(
	const struct step *step, struct ctx *ctx, struct scripts *ret, struct err *err);

/*
 * As kind->prepare(): lists what is refused, so that no step has run by then, unless an
 * earlier one makes the directory, or sets its owner or mode; of `check` it is a warning.
 */
void exec_scripts_prepare(struct step *step, struct ctx *ctx, struct problems *problems);

/* Adds what a script is, for the digest of `inputs`. */
void exec_scripts_add(
	const struct script *script, struct arena *arena, struct done_more *ret);

/* Appends how many there are, which ones, and what is left out. */
void exec_scripts_describe(const struct scripts *scripts, struct buf *ret);

#endif
