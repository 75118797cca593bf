/* SPDX-License-Identifier: MIT */
/*
 * The variables that carry secrets: those that [app] file_env names, and those in which
 * steps hand a value to the application (`env` of a key step). Their values are secrets
 * wherever they come from, and no helper has them that was not given them.
 */
#ifndef STEP_SECRET_ENV_H
#define STEP_SECRET_ENV_H

struct buf;
struct conf;
struct ctx;
struct env;
struct err;
struct list;

/*
 * Finds their names, for ctx->secret_env, and makes the values that there are already
 * secrets (those in files, too, but for `check`, which reads none).
 */
void secret_env_find(
	struct ctx *ctx, const struct conf *conf, const struct list *file_env);

/*
 * Makes all values that there are by now secrets, those of steps, too. To be called
 * before another program may print them. What cannot be read is passed over: it is an
 * error where it is needed.
 */
void secret_env_learn(struct ctx *ctx);

/* ---- NAME_FILE, for the names in [app] file_env: a file's content is the value ---- */

/* The path in NAME_FILE, or NULL where that is unset or empty. */
const char *file_env_path(const struct env *env, const char *name);

/* Returns 0, or -1 where NAME and NAME_FILE are both set: either may be meant. */
int file_env_check(const struct env *env, const char *name, struct err *err);

/*
 * The value of `name` in `env`, by itself or by its file. Returns 0 with it appended, 1
 * where neither is set, or -1, also where file_env_check() fails. It becomes a secret.
 */
int file_env_value(struct ctx *ctx, const struct env *env, const char *name,
	struct buf *ret, struct err *err);

/*
 * What the application would find in the variable `name` (which may be "") without any
 * step. Returns as file_env_value().
 */
int secret_env_given(struct ctx *ctx, const char *name, struct buf *ret, struct err *err);

#endif
