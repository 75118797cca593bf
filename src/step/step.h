/* SPDX-License-Identifier: MIT */
/*
 * The contract of a kind.
 *
 * A step is one section [kind:name]. A kind is one file in this directory: a struct, a
 * table of the keys that fill it (conf/field.h), a few functions, and a `struct kind` at
 * its end, kind_NAME. To add one, copy the smallest (link.c; directory.c has several
 * paths), add its name to the list in kinds.c, and its section to the manual
 * (src/cli/groundwork.ini.5.md). All else, from help to report, comes with the table.
 *
 * It needs a row in what_was_done_is_in_place() of tests/step/kinds_test.c and, where
 * something can be in its way, in what_stands_in_the_way_is_left().
 *
 * The order of calls
 *
 *	validate()	once for each section, as it is written
 *	prepare()	before the first step runs, with the keys expanded; not where
 *			the value of one is known only later
 *	decided()	once all steps were prepared, for each that may run
 *	check()		at the step's turn: is it in place?
 *	apply()		if not: makes it so
 *
 * validate(), prepare() and decided() list errors; any of them ends the start with exit
 * code 100 before anything was changed (with `critical = no` the step fails at its turn),
 * so whatever can be judged there should be. The last two are no guard, since they are
 * not always called: what must hold for safety is asked in check() and apply(), too.
 * `plan` calls check() of each step and no apply(): that is the whole dry run.
 *
 * check() only reads. It says what apply() would do, in a line that reads well in a plan.
 * While ctx->planning is set, no earlier step has run: check() runs no command and opens
 * no connection, and what an earlier step will make is missing, or has no value yet.
 * Where only apply() would show what is to be done, it returns UNKNOWABLE. Missing parent
 * directories are named with step/parents.h. What an earlier step will remove still
 * exists in a plan, and no later check knows of it: so a kind that removes names in its
 * line each thing that it would remove, of a tree the top and how many there are.
 *
 * apply() may be called again at any time: after a kill, by a retry, or without check()
 * (--force). So it looks for itself, leaves what is in place, takes what another process
 * made meanwhile, and never replaces what check() would refuse. It writes through
 * base/fs.h, where each object appears whole or not at all; for what is not in there, it
 * uses *at() calls on the entry of an fs_walk(). These are for the entry itself: whatever
 * goes into a directory below it (a tree, mounts, other users' directories) belongs in
 * base/fs. What is removed goes contents first and the top last, and is never renamed
 * away first: an interrupted removal shows what is left to remove. A step that makes
 * several things has the check() and apply() of step/items.h, which go through them.
 *
 * Errors. ERR_TEMPORARY (err_set) is for what time alone can mend: a lock, a busy or
 * unreachable service, an object that another process is changing. The runner then waits
 * and begins with check() again, up to `retries` times. All else is err_fail() or
 * err_sys(), and no retry follows. The runner puts the step's id and place in front.
 *
 * Waiting. Stop signals are blocked. Who waits for a descriptor, a process or the clock
 * does so with stop_poll() or stop_sleep() on ctx->stop (base/stop.h), which end at a
 * stop signal and at the nearest deadline (the step's timeout, or that of the whole); a
 * long loop asks stop_check() between its rounds. Their -1 is returned as it is.
 * helper_run() (step/helper.h), which runs a command, does all this.
 *
 * Secrets. What may be one goes to secrets_add(ctx->secrets, …) before anything else is
 * done with it: from then on it is redacted wherever it is printed.
 */
#ifndef STEP_STEP_H
#define STEP_STEP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/env.h"
#include "base/fs_reader.h"
#include "conf/condition.h"
#include "conf/conf.h"
#include "conf/expand.h"
#include "proc/identity.h"
#include "step/kind.h"
#include "step/steps.h"

struct err;
struct exports;
struct log;
struct planned;
struct secrets;
struct state;
struct step;
struct stop;

/* Of the step at work, for what keeps another owner or mode: owner_warn_kept(). */
struct asked {
	const struct step *step; /* NULL: it gives nothing away */
	bool owner;              /* it has written an owner or group, */
	bool us;                 /* and that is who we are */
	bool said;
};

/* What every function of a kind knows of the run. */
struct ctx {
	struct arena *arena; /* lives as long as the run */
	const struct log *log;
	struct secrets *secrets;
	struct stop *stop;
	struct state *state;     /* NULL: there is no state directory (step/remember.h) */
	struct env *env;         /* what steps see (plan/environment.h) */
	struct env *apps;        /* what they do not, with why (step/variable.h) */
	struct exports *exports; /* what commands add to it (step/exports.h) */
	const char *base;        /* absolute */
	const char *command;     /* base name of the application's command, or "" */
	char *const *arguments;  /* the words behind it, or NULL */
	const struct conf *conf; /* for kinds that gather sections (database) */
	struct steps *steps;     /* for ${word:name} */
	const char *module;      /* of the step at work: its names come first; or NULL */
	struct from_file *from_file; /* of [app] env_from_file (step/from_file.h) */
	size_t from_file_count;
	struct list others;     /* values that were read from files others can change */
	struct list secret_env; /* names that carry secrets (step/secret_env.h) */
	struct identity app; /* [app] user and group; `set` false where there are none */
	const char *account; /* the name that these numbers are to have, or NULL */
	struct fs fs;        /* who we are on disk */
	struct asked asked;
	struct fs_reader reader; /* of what the step at work reads, file by file */
	struct buf room;         /* the text of one of its items (items.h) */
	size_t kept;         /* bytes of texts that wait for their steps (file_text.c) */
	mode_t umask;        /* as found: for commands */
	uint64_t stack;      /* the same of the soft limit; 0: as ours is */
	atomic_int *running; /* for commands, too: spawn.h's `group`; or NULL */
	int64_t wait_ms; /* for services, where a step writes no `timeout`; -1: none */
	int64_t requires_ms; /* the same of those in `requires` */
	bool planning;       /* `plan`: see above */
	bool waiting;        /* --wait: what is looked at is made by others */
	bool online;         /* `plan --online`: services may be asked */
	bool rehearse;       /* `plan --rehearse`: what is pending is tried on a copy */
	bool show_lines;     /* `plan --diff` */
	struct buf *lines; /* planning: what would change in texts (file_diff.c); NULL */
	const char
		*mask; /* while that is shown: what short secrets are in it; else NULL */
	bool files_change; /* deciding: a command that runs before may change any file */
	const struct list *unknown; /* deciding: of the step; else NULL */
	bool touched;               /* something was done since the steps were decided */
	bool first_run_asked;       /* a condition depends on it (step/first_run.h) */
	const struct step *asking;  /* whose `when` is asked; else NULL */
	bool unlocked;              /* there can be no lock (step/remember.h) */
	struct planned *planned;    /* planning: what is made by then; NULL: nothing */
	const char *known_after;    /* planning: the step that may make what is missing */
	unsigned *changes; /* enum change, for step_change(); NULL: nobody asks */
	bool forced;       /* --force names this step */
	bool last_try;     /* no retry follows what apply() does */
	bool tolerant;     /* `check`, `list`: unset variables are passed over */
	void *found;       /* what check() leaves to the apply() behind it; else NULL */
	void *held;        /* the same, until kind->end() lets it go */
};

/* The keys of every step. */
struct step_keys {
	const char *description;
	bool enabled;
	int64_t order;
	struct list requires;
	struct conditions when;
	int64_t timeout_ms; /* -1: none */
	int64_t retries;
	int64_t retry_delay_ms;
	bool critical; /* true until it was read as no */
};

struct step {
	const struct kind *kind;
	const struct section *section;
	const char *id;
	struct part *parts; /* in the arena, in the order of the configuration */
	size_t parts_count;
	struct step_keys keys;
	const void *conf;  /* the kind's struct; NULL until all of it is known */
	const void *draft; /* the same with what is known; NULL until step_decide() */
	bool when_known;   /* keys.when has its values */
	bool certain;      /* they hold: it will run */
	enum condition_answer changed; /* something in this run; in a plan: it would */
	const char *noted; /* this run's note that others owe something (step/owed.h) */
	struct err *wrong; /* what step_decide() found: the step fails with it; or NULL */
	struct list unknown; /* what ${…} of its keys name, and no step is: listed */
	void *prepared;      /* prepare()'s own; read it with step_prepared() */
};

/* ---- for kinds ---- */

/*
 * What check() would do, or apply() has done, for the mark in plan and log: of several
 * things all that holds; nothing: it was made; CHANGE_KEPT: what was wrong was kept.
 */
enum change { CHANGE_MADE = 1, CHANGE_CHANGED = 2, CHANGE_REMOVED = 4, CHANGE_KEPT = 8 };

static inline void step_change(const struct ctx *ctx, enum change what)
{
	if (ctx->changes)
		*ctx->changes |= what;
}

/*
 * May prepare() read this path, which the key of the section names? Not what a step
 * makes, nor anything once a command runs before: it may be another file by the time that
 * the step runs. `check` reads what lies beside the drop-in, and nothing else.
 */
bool step_may_read(const struct ctx *ctx, const struct section *section, const char *key,
	const char *path);

/*
 * Path `i` of those that a step makes, those of its `made` keys and what its kind makes
 * beside them: as it is in `conf` (the step's conf or draft), "" where none is written.
 * NULL behind the last. It may be in the arena.
 */
const char *step_made(
	const struct step *step, const void *conf, size_t i, struct arena *arena);

/*
 * The same of `made` keys alone; of a kind without such a key (directory), those of its
 * key `path`.
 */
const char *step_path(const struct step *step, const void *conf, size_t i);
const char *step_path_of(/* with the key that it is written in */
	const struct step *step, const void *conf, size_t i, const char **ret_key);

/* What it is for, as it is written: what it expands to may not be for all eyes; or "". */
const char *step_description(const struct step *step);

/* What prepare() kept, or NULL where there is nothing or it no longer holds. */
void *step_prepared(const struct step *step, const struct ctx *ctx);

/*
 * The expander for texts that a kind expands by itself (FIELD_TEXT, templates); the
 * early one is for prepare(): a ${word:name} in it is EXPAND_LATER.
 */
struct expander step_expander(struct ctx *ctx);
struct expander step_early_expander(struct ctx *ctx);

/* Drops the newline at the end of a text, which is its editor's or a shell's. */
void step_drop_newline(struct buf *value);

/*
 * What ${file:PATH} stands for, its newline dropped, and a secret from then on.
 * Returns 0 with the text appended, 1 where the file is missing, or -1.
 */
int step_file_value(struct ctx *ctx, const char *path, struct buf *ret, struct err *err);

/* The same of a word for which expand_is_path() holds; EXPAND_TEXT gives no secret. */
int step_path_value(struct ctx *ctx, const char *word, const char *path, struct buf *ret,
	struct err *err);

/* ---- for the plan and the runner ---- */

/* Makes it the step at work, of no known owner, as the functions below do. */
static inline void step_enter(const struct step *step, struct ctx *ctx)
{
	ctx->fs.owner = FS_INHERIT;
	ctx->fs.owner_key = NULL;
	ctx->asked = (struct asked){0};
	ctx->module = step->section->module;
}

/* All keys of every step; `when` alone; those that are filled where it holds. */
extern const struct field step_fields[];
extern const struct field step_when_field[];
extern const struct field *const step_late_fields;

/*
 * Fills the keys that are read with the configuration: enabled, order, requires and
 * critical. Returns 0, or -1.
 */
int step_fill_early(struct step *step, struct ctx *ctx, struct err *err);

/*
 * Decides of a step that is enabled and selected what depends on the configuration and
 * the environment alone: whether `when` may hold, and then all keys, but those with a
 * value that is known only later (${word:name}). What is wrong goes to `problems`, or,
 * where the step is not critical, to step->wrong alone. Steps are decided in the plan's
 * order; no file is read that a step may make or change, and none for `check`.
 */
void step_decide(struct step *step, struct ctx *ctx, struct problems *problems);

/* Judges it beside the others, once all are decided. What is wrong goes the same way. */
void step_decided(struct step *step, struct ctx *ctx, struct problems *problems);

/* Says of a step that was decided what is wrong with it, at the place of the cause. */
void step_reject(struct step *step, struct ctx *ctx, struct problems *problems,
	struct place at, const char *why);

/*
 * Do the conditions of `when` hold? Returns CONDITION_YES, or CONDITION_NO or, while
 * planning, CONDITION_UNKNOWN, both with the reason in `why`, or -1.
 */
int step_when(struct step *step, struct ctx *ctx, struct buf *why, struct err *err);

/* Expands and converts the keys into step->conf, unless it has them. Returns 0, or -1. */
int step_fill(struct step *step, struct ctx *ctx, struct err *err);

/*
 * The same at the step's turn, unless it is in place whatever the keys say. Returns
 * IN_PLACE with one line of `why`, TO_DO with the keys filled, or -1.
 */
int step_begin(struct step *step, struct ctx *ctx, struct buf *why, struct err *err);

/* Is it in place whatever the keys say? Returns IN_PLACE with `why`, TO_DO, or -1. */
int step_there(struct step *step, struct ctx *ctx, struct buf *why, struct err *err);

/*
 * Says to fs->on_list what the step reads, as far as its keys are known: the files and
 * directories that they name, and what is in these, also where they are missing.
 */
void step_reads(const struct step *step, struct ctx *ctx);

/* The step that ${word:name} asks for, or NULL with an error. */
struct step *step_with_value(
	struct ctx *ctx, const char *word, const char *name, struct err *err);

/*
 * The value that the application gets in the step's variable. Returns 0 with the variable
 * in `ret_name` and the value appended, 1 where there is no variable or no value, or -1.
 */
int step_export(struct step *step, struct ctx *ctx, const char **ret_name,
	struct buf *ret, struct err *err);

/*
 * Puts "[key:session]: " in front of an error, and gives it the step's place, unless it
 * has a place in that file already. Returns -1.
 */
int step_locate(const struct step *step, struct err *err);

/* The same with a key: "[key:session] owner: ", and the key's place, if it is written. */
int step_locate_key(const struct step *step, const char *key, struct err *err);

#endif
