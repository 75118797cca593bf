/* SPDX-License-Identifier: MIT */
/*
 * Variables that come from files: the words of [app] env_from_file. Each is a name or a
 * glob, of variables that get a value, or of those that hold the path of its file:
 *
 *	DB_PASSWORD		from the file that DB_PASSWORD_FILE names
 *	DB_PASSWORD_FILE	the same, as are words that end in __FILE
 *	FILE__DB_PASSWORD	from the file that FILE__DB_PASSWORD names
 *	GF_*  GITEA__*__FILE	those of either kind that there are
 *	!GF_DATE		not that one
 *
 * Their values are secrets; through a glob only what comes from a file is meant.
 */
#ifndef STEP_FROM_FILE_H
#define STEP_FROM_FILE_H

#include <stdbool.h>

struct buf;
struct ctx;
struct env;
struct err;
struct list;

struct from_file {
	const char *name;
	const char *holder; /* the variable that holds the path */
	bool glob;          /* found by a glob */
	const char *wrong;  /* why there was no value before the first step; or NULL */
};

/* A check of a field (conf/field.h): is it a name or a glob? */
int from_file_check_word(const char *word, struct err *err);

/* Finds what the words mean in `env`, for ctx->from_file; in the arena. */
void from_file_find(struct ctx *ctx, const struct list *words, const struct env *env);

/* The one of that name, or NULL. */
const struct from_file *from_file_get(const struct ctx *ctx, const char *name);

/* The path in its holder, or NULL where that is unset or empty. */
const char *from_file_path(const struct from_file *from, const struct env *env);

/* Returns 0, or -1 where name and holder are both set: either may be meant. */
int from_file_check(const struct from_file *from, const struct env *env, struct err *err);

/*
 * Its value in `env`, by itself or by its file. Returns 0 with it appended, 1 where
 * neither is set, or -1, also where from_file_check() fails. It becomes a secret.
 */
int from_file_value(const struct from_file *from, struct ctx *ctx, const struct env *env,
	struct buf *ret, struct err *err);

/*
 * The value of any variable that steps see, by its file where it has one. Returns 0 with
 * it appended, 1 where it is unset or empty, or -1.
 */
int from_file_variable(
	struct ctx *ctx, const char *name, struct buf *ret, struct err *err);

#endif
