/* SPDX-License-Identifier: MIT */
/* What a step makes, and what may be read before it runs. */
#include "base/path.h"
#include "conf/field.h"
#include "step/step.h"

const char *step_made(const struct step *step, const void *conf, size_t i)
{
	const struct field *field = step->kind->fields;

	for (; conf && field->name; field++) {
		const void *member = (const char *)conf + field->offset;
		const char *const *path = member;
		const struct list *list = member;
		size_t count = field_is_list(field) ? list->count : 1;

		if (!field->made)
			continue;
		if (i < count) {
			const char *made = field_is_list(field) ? list->items[i] : *path;

			return made ? made : ""; /* a draft's may be missing */
		}
		i -= count;
	}
	return NULL;
}

static bool makes(const struct step *step, const char *path)
{
	const char *made;

	for (size_t i = 0; (made = step_made(step, step->draft, i)); i++)
		if (*made && path_is_below(path, made))
			return true;
	return false;
}

bool steps_make(const struct steps *steps, const char *path)
{
	for (size_t i = 0; i < steps->count; i++)
		if (makes(&steps->list[i], path))
			return true;
	return false;
}

bool step_may_read(const struct ctx *ctx, const char *path)
{
	return !ctx->files_change && !steps_make(ctx->steps, path);
}

void *step_prepared(const struct step *step, const struct ctx *ctx)
{
	return ctx->touched ? NULL : step->prepared;
}
