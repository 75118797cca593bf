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

#endif
