/* SPDX-License-Identifier: MIT */
/* NAME_FILE, whose file holds the value of NAME. */
#include "step/file_env.h"

#include "base/env.h"
#include "base/err.h"
#include "base/secrets.h"
#include "step/step.h"

int file_env_value(struct ctx *ctx, const struct env *env, const char *name,
	struct buf *ret, struct err *err)
{
	const char *value = env_get(env, name);
	const char *file = env_get(env, arena_printf(ctx->arena, "%s_FILE", name));
	int rc;

	if (value && *value && file && *file)
		return err_config(err,
			"both %s and %s_FILE are set, and only one can be meant; unset "
			"one",
			name, name);
	if (!file || !*file) {
		if (!value || !*value)
			return 1;
		secrets_add(ctx->secrets, value);
		buf_puts(ret, value);
		return 0;
	}
	rc = step_file_value(ctx, file, ret, err);
	if (rc == 1)
		return err_fail(err, "%s_FILE: '%s' is not there", name, file);
	return rc < 0 ? err_prefix(err, "%s_FILE", name) : 0;
}
