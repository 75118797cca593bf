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
struct section;
struct step;

struct exec_conf {
	struct list command;
	const char *creates;
	struct list check;
	struct done_keys done;
	struct field_name user;
	struct field_name group;
	const char *workdir;
	struct list env;
};

/* Does its command make `creates` by way of a directory of its own; or aside at all? */
bool exec_makes_dir(const struct section *section);
bool exec_is_staged(const struct section *section);

/* Has its command this text, as it is written? */
bool exec_command_has(const struct section *section, const char *text);

/* In a plan: notes what the command may make; and says that it is to be run. */
void exec_note(const struct step *step, struct ctx *ctx);
void exec_describe(const struct step *step, struct buf *why);

/*
 * Who the command runs as, and whether `creates` exists: what that user has made is in
 * place; what another user put there is not, nor is an empty directory where the command
 * fills one. Returns 0, 1 if it is missing, or -1.
 */
int exec_look_up(const struct step *step, const struct exec_conf *conf, struct ctx *ctx,
	struct fs_scratch_user *ret, struct err *err);

/* How a command is run; `aside`: what {file} or {dir} stands for, or NULL. */
struct helper exec_helper(
	const struct list *argv, const char *aside, const struct step *step);

/* What `check` says, as kind->check(). */
int exec_run_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err);

/* As kind->apply(). */
int exec_apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err);

#endif
