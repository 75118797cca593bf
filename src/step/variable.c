/* SPDX-License-Identifier: MIT */
/* Variables that steps do not see. */
#include "step/variable.h"

#include <fnmatch.h>
#include <string.h>

#include "base/env.h"
#include "base/err.h"
#include "step/step.h"

int variable_withheld(
	void *ctx, const char *glob, const struct list *allow, struct err *err)
{
	const struct ctx *asked = ctx;

	for (size_t i = 0; asked->apps && i < asked->apps->count; i++) {
		const char *entry = asked->apps->list[i];
		size_t size = strcspn(entry, "=");
		const char *name = arena_memdup(asked->arena, entry, size);

		if (fnmatch(glob, name, 0) == 0 && !env_get(asked->env, name) &&
			(!allow || list_matches(allow, name)))
			return err_config(
				err, "%s is not set: %s", name, entry + size + 1);
	}
	return 0;
}
