/* SPDX-License-Identifier: MIT */
/* What a step makes, and what may be read before it runs. */
#include "base/path.h"
#include "conf/field.h"
#include "step/step.h"

size_t step_made(const struct step *step, const void *conf, const char *const **ret)
{
	const struct field *field = step->kind->fields;
	const void *member;
	const struct list *list;

	while (field->name && !field->made)
		field++;
	if (!field->name || !conf)
		return 0;
	member = list = (const void *)((const char *)conf + field->offset);
	*ret = field_is_list(field) ? (const char *const *)list->items : member;
	return field_is_list(field) ? list->count : 1;
}

static bool makes(const struct step *step, const char *path)
{
	const char *const *made;
	size_t count = step_made(step, step->draft, &made);

	for (size_t i = 0; i < count; i++)
		if (made[i] && *made[i] && path_is_below(path, made[i]))
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
