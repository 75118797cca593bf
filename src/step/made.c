/* SPDX-License-Identifier: MIT */
/* What a step makes, what it reads, and what may be read before it runs. */
#include <string.h>

#include "base/buf.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/field.h"
#include "step/beside.h"
#include "step/clash.h"
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
	if (field->made || !str_equal(field->name, "path"))
		return field->made;
	while (fields->name && !fields->made)
		fields++;
	return !fields->name;
}

static bool is_read(const struct field *fields, const struct field *field)
{
	(void)fields;
	return field->type == FIELD_READ_PATH || field->type == FIELD_READ_PATHS;
}

/* Path `*i` of those in the chosen fields; where NULL, `*i` goes on behind them. */
static const char *path_at(const struct step *step, const void *conf, size_t *i,
	chooses *chosen, const char **ret_key)
{
	const struct field *field = step->kind->fields;

	for (; conf && field->name; field++) {
		const void *member = (const char *)conf + field->offset;
		const char *const *items = member;
		size_t count = 1;

		if (!chosen(step->kind->fields, field))
			continue;
		if (field_is_list(field)) {
			const struct list *list = member;

			items = list->items;
			count = list->count;
		}
		if (*i < count) {
			*ret_key = field->name;
			return items[*i] ? items[*i] : ""; /* a draft's may be missing */
		}
		*i -= count;
	}
	return NULL;
}

const char *step_made(
	const struct step *step, const void *conf, size_t i, struct arena *arena)
{
	const char *key, *path = path_at(step, conf, &i, is_made, &key);
	struct making making;
	struct step known;

	if (path || !conf || !step->kind->also)
		return path;
	known = *step;
	known.draft = conf;
	return step->kind->also(&known, i, arena, &key, &making);
}

const char *step_path(const struct step *step, const void *conf, size_t i)
{
	const char *key;

	return step_path_of(step, conf, i, &key);
}

const char *step_path_of(
	const struct step *step, const void *conf, size_t i, const char **ret_key)
{
	return path_at(step, conf, &i, is_own, ret_key);
}

void step_reads(const struct step *step, struct ctx *ctx)
{
	struct step known = *step;
	const char *path, *key;

	step_enter(step, ctx);
	known.conf = step->conf ? step->conf : step->draft;
	for (size_t i = 0, at = 0; (path = path_at(step, known.conf, &at, is_read, &key));
		at = ++i) {
		path += *path == '-'; /* it may be missing */
		if (*path)
			fs_note_path(&ctx->fs, path);
	}
	if (known.conf && step->kind->reads)
		step->kind->reads(&known, ctx);
}

/* ---- all steps ---- */

void steps_add_made(const struct steps *steps, const struct step *step)
{
	struct table *made = steps->made;
	const char *path;

	for (size_t i = 0; (path = step_made(step, step->draft, i, made->arena)); i++) {
		const char *plain;

		if (!*path)
			continue;
		plain = path_plain(made->arena, path);
		table_put(made, plain, strlen(plain), steps->list);
	}
}

bool steps_make(const struct steps *steps, const char *path)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;
	size_t size;

	if (!steps->made)
		return false;
	path_add_plain(&plain, path);
	size = plain.len;
	while (size && !table_get(steps->made, plain.data, size))
		size = path_above(plain.data, size);
	return table_get(steps->made, plain.data, size);
}

static bool says_whose(const struct section *section)
{
	return section_get(section, "owner") || section_get(section, "group") ||
		section_get(section, "mode");
}

bool steps_give(const struct steps *steps, const char *path)
{
	const char *top;

	for (size_t k = 0; k < steps->count; k++) {
		const struct step *step = &steps->list[k];

		if (!says_whose(step->section))
			continue;
		for (size_t i = 0; (top = step_path(step, step->draft, i)); i++)
			if (*top && path_is_below(path, top))
				return true;
	}
	return false;
}

/* What is written so is a part of the configuration, which lies beside it. */
static bool is_beside(
	const struct setting *setting, const char *path, struct arena *arena)
{
	if (!setting || !setting->value)
		return false;
	if (*setting->value->flat == '$')
		return beside_is_default(setting, path, arena);
	return *setting->value->flat != '/';
}

bool step_may_read(const struct ctx *ctx, const struct section *section, const char *key,
	const char *path)
{
	return !ctx->files_change && !steps_make(ctx->steps, path) &&
		(!ctx->tolerant ||
			is_beside(section_get(section, key), path, ctx->arena));
}

void *step_prepared(const struct step *step, const struct ctx *ctx)
{
	return ctx->touched ? NULL : step->prepared;
}
