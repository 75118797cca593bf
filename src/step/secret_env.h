/* SPDX-License-Identifier: MIT */
/*
 * The variables that carry secrets: those of ctx->from_file, and those in which
 * steps hand a value to the application (`env` of a key step). Their values are secrets
 * wherever they come from, and no helper has them that was not given them.
 */
#ifndef STEP_SECRET_ENV_H
#define STEP_SECRET_ENV_H

struct buf;
struct conf;
struct ctx;
struct err;
struct section;

/*
 * Finds their names, for ctx->secret_env, and makes the values that there are already
 * secrets (those in files, too, but for `check`, which reads none).
 */
void secret_env_find(struct ctx *ctx, const struct conf *conf);

/* The same of sections that were read since, `first` and all behind it. */
void secret_env_add(struct ctx *ctx, const struct section *first);

/*
 * Makes all values that there are by now secrets, those of steps, too. To be called
 * before another program may print them. What cannot be read is passed over: it is an
 * error where it is needed.
 */
void secret_env_learn(struct ctx *ctx);

/*
 * What the application would find in the variable `name` (which may be "") without any
 * step. Returns as from_file_value().
 */
int secret_env_given(struct ctx *ctx, const char *name, struct buf *ret, struct err *err);

#endif
