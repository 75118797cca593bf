/* SPDX-License-Identifier: MIT */
/*
 * The convention of container images for secrets: NAME_FILE names a file, and its content
 * is the value of NAME. For the names in [app] file_env.
 */
#ifndef STEP_FILE_ENV_H
#define STEP_FILE_ENV_H

struct buf;
struct ctx;
struct env;
struct err;

/* The file that NAME_FILE names, or NULL. */
const char *file_env_path(const struct env *env, const char *name);

/* -1 where both are set: nobody can tell which is meant. */
int file_env_check(const struct env *env, const char *name, struct err *err);

/*
 * The value of `name` in `env`, by itself or by its file: 0 appended · 1 neither is set ·
 * -1 (also where file_env_check() says so).
 */
int file_env_value(struct ctx *ctx, const struct env *env, const char *name,
	struct buf *ret, struct err *err);

#endif
