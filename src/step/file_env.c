/* SPDX-License-Identifier: MIT */
/* NAME_FILE, whose file holds the value of NAME. */
#include "step/file_env.h"

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/secrets.h"
#include "step/step.h"

/* An empty value counts as none. */
static const char *get(const struct env *env, const char *name)
{
	const char *value = env_get(env, name);

	return value && *value ? value : NULL;
}

const char *file_env_path(const struct env *env, const char *name)
{
	CLEANUP_BUF struct buf file = BUF_INIT;

	buf_printf(&file, "%s_FILE", name);
	return get(env, file.data);
}

int file_env_check(const struct env *env, const char *name, struct err *err)
{
	const char *path = file_env_path(env, name);

	if (path && get(env, name))
		return err_config(err,
			"both %s and %s_FILE are set, and only one can be meant; unset "
			"one",
			name, name);
	return 0;
}

int file_env_value(struct ctx *ctx, const struct env *env, const char *name,
	struct buf *ret, struct err *err)
{
	const char *value = get(env, name);
	const char *path = file_env_path(env, name);
	int rc;

	if (file_env_check(env, name, err) < 0)
		return -1;
	if (value) {
		secrets_add(ctx->secrets, value);
		buf_puts(ret, value);
		return 0;
	}
	if (!path)
		return 1;
	rc = step_file_value(ctx, path, ret, err);
	if (rc == 1)
		return err_fail(err, "%s_FILE: '%s' is missing", name, path);
	return rc < 0 ? err_prefix(err, "%s_FILE", name) : 0;
}
