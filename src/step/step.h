/* SPDX-License-Identifier: MIT */
/*
 * The contract of a kind.
 *
 * A step is one section [kind:name]; a kind is one file in this directory with one table
 * of typed keys and a few functions. To add a kind: copy the smallest (link.c), write its
 * struct, its table and its functions, and put one word into the list in kinds.c. Help,
 * unknown-key errors, ordering, plan, retries, log and report come with it.
 *
 * Before the first step runs, each one is decided (step_decide): its keys are expanded
 * and converted into `conf`, and the kind's prepare() judges what they and the files that
 * they name say. Whatever is wrong then is an error of the configuration, and nothing was
 * touched. After that, for each step, in order, the runner calls
 *
 *	kind->check()	is it in place? Reads only, in every case
 *	kind->apply()	makes it so: idempotent, crash-safe at every system call
 *
 * `plan` never calls apply(): that is the whole dry run. So check() also answers for what
 * an earlier step has not made yet, and what it says is what apply() then does.
 */
#ifndef STEP_STEP_H
#define STEP_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/env.h"
#include "base/fs.h"
#include "conf/conf.h"
#include "conf/expand.h"
#include "proc/identity.h"

struct err;
struct log;
struct planned;
struct secrets;
struct step;
struct stop;

/* What a check found. */
enum finding {
	IN_PLACE = 0,
	TO_DO = 1,
	UNKNOWABLE = 2, /* only doing it could tell; `why` says what hinders */
};

/* What every function of a kind is told about the run. */
struct ctx {
	struct arena *arena; /* lives as long as the run */
	const struct log *log;
	struct secrets
		*secrets; /* add a secret here before anything else is done with it */
	struct stop *stop;
	const struct env *env;       /* ours, as we were started */
	const char *base;            /* absolute */
	const char *command;         /* base name of the application's command, or "" */
	const struct conf *conf;     /* for kinds that gather sections (database) */
	const struct steps *steps;   /* for ${key:…} */
	const struct list *file_env; /* [app] file_env */
	struct list secret_env;      /* names that carry secrets (step/secret_env.h) */
	struct identity app; /* [app] user and group; `set` false where there are none */
	struct fs fs;        /* who we are on disk */
	mode_t umask;        /* as found: for commands */
	bool planning;       /* plan: run no command, not even to look */
	bool files_change; /* deciding: a command that runs before may change any file */
	bool touched;      /* something was done since the steps were decided */
	struct planned *planned; /* plan: the directories that are made by then */
	bool forced;             /* --force names this step */
	bool tolerant;           /* check: unset variables are passed over */
	/* What check() leaves to apply(), in the arena; NULL where it did not run. */
	void *found;
};

/*
 * A mistake in how the keys of a section go together, found without looking at the
 * system.
 */
typedef void check_section(const struct section *section, struct problems *problems);

struct kind {
	const char *name;
	const char *summary; /* one line: what it makes */
	const char *example; /* short and whole: what applying it needs is in it */
	int order;           /* when the section writes none */
	bool part;     /* contributes to another kind's steps; not a step of its own */
	bool commands; /* runs what the configuration says: it may change any file */
	size_t size;   /* of its conf struct */
	const struct field *fields;
	check_section *validate; /* may be NULL */

	/*
	 * Lists what is wrong with keys that are expanded, and with files that they name
	 * as far as these are there and no step makes them (step_may_read). What was read
	 * may stay in step->prepared for check(), which must read anew once something was
	 * done (step_prepared). May be NULL.
	 */
	void (*prepare)(struct step *step, struct ctx *ctx, struct problems *problems);

	/* IN_PLACE, TO_DO, UNKNOWABLE, or -1. One line of `why` in each case but -1. */
	int (*check)(const struct step *step, struct ctx *ctx, struct buf *why,
		struct err *err);

	/*
	 * 1 something was changed · 0 nothing had to be · -1. One line of what was done.
	 */
	int (*apply)(const struct step *step, struct ctx *ctx, struct buf *did,
		struct err *err);

	/* What ${kind:name} stands for: 0 · 1 not there yet · -1. May be NULL. */
	int (*value)(const struct step *step, struct ctx *ctx, struct buf *ret,
		struct err *err);

	/* Why it never stands for anything with these keys, or NULL. May be NULL. */
	const char *(*no_value)(const void *conf);
};

/* The keys of every step. */
struct step_keys {
	const char *description;
	bool enabled;
	int64_t order;
	struct list requires;
	struct list when;
	int64_t timeout_ms; /* -1: none */
	int64_t retries;
	int64_t retry_delay_ms;
	bool critical; /* true until it was read as no */
};

struct step {
	const struct kind *kind;
	const struct section *section;
	const char *id;
	struct step_keys keys;
	const void *conf;  /* the kind's struct; NULL until all of it is known */
	const void *draft; /* the same with what is known; NULL until step_decide() */
	bool when_known;
	struct err *wrong; /* what step_decide() found: the step fails with it; or NULL */
	void *prepared;    /* the kind's own */
};

struct steps {
	struct step *list;
	size_t count;
};

/* All keys of every step; `when` alone; those that are filled where it holds. */
extern const struct field step_fields[];
extern const struct field step_when_field[];
extern const struct field *const step_late_fields;

/* The step of that id, or NULL. */
struct step *steps_find(const struct steps *steps, const char *id);

/*
 * Fills the keys that are read with the configuration: enabled, order, requires,
 * critical.
 */
int step_fill_early(struct step *step, struct ctx *ctx, struct err *err);

/*
 * Decides of a step that is enabled and selected what depends on the configuration and
 * the environment alone: whether `when` may hold, and then all keys, but those with a
 * value that is known only later (${file:…}, ${key:…}, ${secret:…}). What is wrong goes
 * to `problems`, or, where the step is not critical, to step->wrong alone. Steps are
 * decided in the plan's order; with ctx->files_change set no file is read.
 */
void step_decide(struct step *step, struct ctx *ctx, struct problems *problems);

/*
 * May prepare() read this path? Not what a step makes, nor anything behind a command:
 * it may be another file by the time that the step runs.
 */
bool step_may_read(const struct ctx *ctx, const char *path);

/* Is it, or something above it, what a step of this configuration makes? */
bool steps_make(const struct steps *steps, const char *path);

/* What prepare() kept, as long as it holds, or NULL. */
void *step_prepared(const struct step *step, const struct ctx *ctx);

/*
 * Do all conditions of `when` hold? 0 no, with the first that does not in `why` · 1 yes.
 */
int step_when(struct step *step, struct ctx *ctx, struct buf *why, struct err *err);

/*
 * Expands and converts the kind's keys. A second call does it anew: values may be there
 * now.
 */
int step_fill(struct step *step, struct ctx *ctx, struct err *err);

/* The same, where they are not known yet. */
int step_fill_once(struct step *step, struct ctx *ctx, struct err *err);

/*
 * The value that the application is to find in the step's variable: 0 appended · 1 there
 * is none (no variable, or not there) · -1. `ret_name` is the variable.
 */
int step_export(struct step *step, struct ctx *ctx, const char **ret_name,
	struct buf *ret, struct err *err);

/* The step that ${word:name} asks for, or NULL and an error. */
struct step *step_with_value(
	struct ctx *ctx, const char *word, const char *name, struct err *err);

/* The expander for texts of a step (the kind `file` changes its escape). */
struct expander step_expander(struct ctx *ctx);

/* The same for prepare(): what is known only later is EXPAND_LATER. */
struct expander step_early_expander(struct ctx *ctx);

/*
 * What ${file:PATH} stands for, and a secret from then on; one trailing newline dropped:
 * 0 appended · 1 not there · -1.
 */
int step_file_value(struct ctx *ctx, const char *path, struct buf *ret, struct err *err);

/*
 * Puts "[key:session]: " in front of an error, and gives it the step's place, unless it
 * has a place in that file already. Returns -1.
 */
int step_locate(const struct step *step, struct err *err);

#endif
