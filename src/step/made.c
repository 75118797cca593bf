/* SPDX-License-Identifier: MIT */
/* What a step makes, and what may be read before it runs. */
#include "base/path.h"
#include "base/str.h"
#include "conf/field.h"
#include "step/step.h"

typedef bool chooses(const struct field *fields, const struct field *field);

static bool is_made(const struct field *fields, const struct field *field)
{
	(void)fields;
	return field->made;
}

/* Of a kind without a `made` key it is `path`. */
static bool is_own(const struct field *fields, const struct field *field)
{
	for (const struct field *other = fields; other->name; other++)
		if (other->made)
			return field->made;
	return str_equal(field->name, "path");
}

/* Path `i` of those in the fields that are chosen. */
static const char *path_at(
	const struct step *step, const void *conf, size_t i, chooses *chosen)
{
	const struct field *field = step->kind->fields;

	for (; conf && field->name; field++) {
		const void *member = (const char *)conf + field->offset;
		const char *const *path = member;
		const struct list *list = member;
		size_t count = field_is_list(field) ? list->count : 1;

		if (!chosen(step->kind->fields, field))
			continue;
		if (i < count) {
			const char *made = field_is_list(field) ? list->items[i] : *path;

			return made ? made : ""; /* a draft's may be missing */
		}
		i -= count;
	}
	return NULL;
}

const char *step_made(const struct step *step, const void *conf, size_t i)
{
	return path_at(step, conf, i, is_made);
}

const char *step_path(const struct step *step, const void *conf, size_t i)
{
	return path_at(step, conf, i, is_own);
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
	return !ctx->tolerant && !ctx->files_change && !steps_make(ctx->steps, path);
}

void *step_prepared(const struct step *step, const struct ctx *ctx)
{
	return ctx->touched ? NULL : step->prepared;
}
