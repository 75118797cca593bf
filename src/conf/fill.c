/* SPDX-License-Identifier: MIT */
/* Fields filled from a section: when their time has come, ahead of it, as written. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "conf/expand.h"
#include "conf/fill.h"
#include "conf/misread.h"
#include "conf/words.h"

static int fill_scalar(struct fill *fill, const struct value *link, void *slot)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	const char *end = strchr(link->flat, '\n');
	struct conversion how = fill_conversion(fill, link);
	const char *text;
	DECLARE_ERR(misread);
	int result;

	/* Only a list has lines; of anything else a second one should not be indented. */
	if (end && fill->field->type != FIELD_STRING && !expand_needed(link->flat)) {
		err_config(fill->err,
			"one value was expected, and the indented line '%.*s' goes on "
			"with it: unindent that",
			(int)strcspn(end + 1, "\n"), end + 1);
		fill->word = end + 1;
		return fill_raise_word(fill, link);
	}
	if (fill->as_written &&
		misread_check(fill->field, link->flat, &fill->word, fill->err) < 0)
		return fill_raise_word(fill, link);
	result = fill_expand(fill, link, link->flat, &how, &room, &text);
	if (result != 0)
		return result < 0 ? -1 : 0;
	if (convert(fill->field, text, &how, slot, fill->err) == 0)
		return 0;
	/* That is why, and it is listed already. */
	if (misread_check(fill->field, link->flat, &fill->word, &misread) < 0)
		*fill->err = misread;
	return fill_raise_word(fill, link);
}

/* "NAME=", or all of a bare NAME, with its end. */
static size_t name_size(const char *item)
{
	return strcspn(item, "=") + 1;
}

static void note_name(struct fill *fill, const char *item)
{
	table_put(&fill->names, item, name_size(item), fill);
}

/* Of a FIELD_ENV: which names may not stand in the value that is about to be read. */
static void begin_names(struct fill *fill, const struct list *list)
{
	fill->names = (struct table){.arena = fill->context->arena};
	for (size_t i = 0; fill->field->any_name && i < list->count; i++)
		note_name(fill, list->items[i]);
}

/* What a value says is neither the '-' of an optional file, nor the end of a name. */
static int check_written(
	struct fill *fill, const struct value *link, const char *raw, const char *text)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	const char *name;
	struct conversion how = fill_conversion(fill, link);
	size_t size = words_span(raw, "=");

	if (fill->field->type == FIELD_READ_PATHS && !read_path_is_optional(raw) &&
		read_path_is_optional(text))
		return err_config(fill->err,
			"a value does not make a file optional: write the '-' in front "
			"of it, or ./ where the path begins with one");
	if (fill->field->type != FIELD_ENV || fill->as_written || !raw[size])
		return 0;
	raw = arena_memdup(fill->context->arena, raw, size);
	if (expand_needed(raw) && fill_expand(fill, link, raw, &how, &room, &name) == 0 &&
		strchr(name, '='))
		return err_config(fill->err, "a value with a '=' in it is no name");
	return 0;
}

/* Lines of one `env` do not see each other, and those of [env] do. */
static void hint_at_env(const struct fill *fill, const char *raw, const struct list *list)
{
	CLEANUP_BUF struct buf written = BUF_INIT;
	struct problems *unset = fill->unset;

	for (size_t i = 0; i < list->count; i++) {
		buf_truncate(&written, 0);
		buf_printf(&written, "${%.*s}", (int)strcspn(list->items[i], "="),
			list->items[i]);
		if (!strstr(raw, written.data))
			continue;
		problems_append(unset, unset->list[unset->count - 1].at,
			"; lines of `env` do not see each other, those of [env] do: set "
			"it there");
		return;
	}
}

static void add_item(struct fill *fill, struct list *list, const char *item)
{
	list_add(list, fill->context->arena, item, strlen(item));
	if (fill->field->type == FIELD_ENV)
		note_name(fill, list->items[list->count - 1]);
}

static int fill_item(
	struct fill *fill, const struct value *link, const char *raw, void *slot)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	const char *text, *item = NULL;
	struct conversion how = fill_conversion(fill, link);
	size_t size = misread_size(fill->field, raw);
	const char *misread_at;
	DECLARE_ERR(misread);
	size_t before = fill->unset->count;
	int result;

	/* One error is enough. */
	if (!fill->as_written && raw[size])
		raw = arena_memdup(fill->context->arena, raw, size);
	/* Each has its own ${…} and blocks. */
	if (fill->as_written && expand_needed(raw) &&
		!fill_form(fill, link, raw, fill->words))
		return 0;
	fill->glob = fill->field->type == FIELD_GLOBS || fill->field->globs;
	result = fill_expand(fill, link, raw, &how, &room, &text);
	fill->glob = false;
	if (fill->field->type == FIELD_ENV && fill->unset->count > before)
		hint_at_env(fill, raw, slot);
	if (result != 0)
		return result < 0 && !fill->listed ? -1 : 0;
	/* An optional item. */
	if (!*text && expand_needed(raw))
		return 0;
	if (expand_needed(raw) && check_written(fill, link, raw, text) < 0)
		return fill_raise_word(fill, link);
	if (convert(fill->field, text, &how, fill->field->parse ? slot : &item,
		    fill->err) < 0) {
		/* As above. */
		if (misread_check(fill->field, raw, &misread_at, &misread) < 0) {
			*fill->err = misread;
			fill->word += misread_at - raw;
		}
		return fill_raise_word(fill, link);
	}
	/* A later `+=` is another one's word, which wins. */
	if (item && fill->field->type == FIELD_ENV &&
		table_get(&fill->names, item, name_size(item))) {
		int shown = how.secret ? 0 : (int)strcspn(item, "=");

		err_config(fill->err,
			"the name '%.*s%s' is in it twice: keep one of them", shown, item,
			how.secret ? "…" : "");
		return fill_raise_word(fill, link);
	}
	if (item)
		add_item(fill, slot, item);
	return 0;
}

static int fill_link(struct fill *fill, const struct value *link, void *slot)
{
	const char *separators = field_has_lines(fill->field) ? "\n" : WORDS_SPACE;
	const char *behind = link->flat, *misread = NULL;
	struct list raw = {0};
	int rc = 0;

	fill->word = NULL;
	if (fill->field->type == FIELD_ENV)
		begin_names(fill, slot);
	if (fill->as_written &&
		misread_check(fill->field, link->flat, &fill->word, fill->err) < 0) {
		misread = fill->word;
		rc = fill_go_on(fill, fill_raise_word(fill, link));
	}
	words_split(link->flat, separators, fill->context->arena, &raw);
	for (size_t i = 0; rc == 0 && i < raw.count; i++) {
		behind = fill_take(fill, behind, separators, raw.items[i]);
		/* One error of an item is enough. */
		if (!misread || misread < fill->word || misread >= behind)
			rc = fill_go_on(fill, fill_item(fill, link, raw.items[i], slot));
	}
	return rc;
}

static int fill_list(struct fill *fill, const struct value *link, void *slot)
{
	int rc = 0;

	for (; link && rc == 0; link = link->next)
		rc = fill_link(fill, link, slot);
	return rc;
}

static int fill_value(struct fill *fill, const struct value *link, void *slot)
{
	const struct value **text = slot;

	fill->word = NULL;
	if (fill->as_written && misread_check_begin(link, fill->err) < 0)
		return fill_raise(fill, link->at);
	if (fill->field->type == FIELD_COMMAND)
		return fill_command(fill, link, slot);
	if (fill->field->type == FIELD_COMMANDS)
		return fill_commands(fill, link, slot);
	if (fill->field->type == FIELD_CONDITIONS)
		return fill_conditions(fill, link, slot);
	if (field_is_list(fill->field))
		return fill_list(fill, link, slot);
	if (fill->setting && (link->next || fill->setting->appended)) {
		err_config(fill->err, "+= works on lists, and this is none: write '='");
		return fill_raise(fill, fill->setting->at);
	}
	if (fill->field->type != FIELD_TEXT)
		return fill_form_is_fine(fill, link) ? fill_scalar(fill, link, slot) : 0;
	*text = link;
	return 0;
}

static int fill_default(struct fill *fill, void *slot)
{
	const struct field *field = fill->field;
	const struct conversion how = {.arena = fill->context->arena,
		.base = fill->context->base,
		.dir = fill->context->base};
	struct value *value;

	if (!field->def)
		return 0;
	/* Most are one word, and those of all steps are many. */
	if (!field_is_list(field) && field->type != FIELD_TEXT &&
		!strchr(field->def, '$')) {
		if (convert(field, field->def, &how, slot, fill->err) == 0)
			return 0;
		return fill_raise(fill, fill->section->at);
	}
	value = arena_alloc(fill->context->arena, sizeof *value);
	value->at = value->text_at = fill->section->at;
	value->dir = fill->context->base;
	value->flat = value->text = field->def;
	return fill_value(fill, value, slot);
}

static int fill_field(struct fill *fill, void *slot)
{
	const struct setting *setting = section_get(fill->section, fill->field->name);

	if (!fill->field->parse)
		convert_nothing(fill->field, slot);
	if (!setting && fill->field->required && !fill->field->def) {
		err_config(fill->err, "missing, and it is required");
		return fill_raise(fill, fill->section->at);
	}
	fill->setting = NULL;
	if ((!setting || setting->appended) && fill_default(fill, slot) < 0)
		return -1;
	fill->setting = setting;
	return setting ? fill_value(fill, setting->value, slot) : 0;
}

static bool is_asked_for(const struct field *field, enum field_which which)
{
	if (which == FIELDS_FIRST)
		return field->first;
	return which & (field->early ? FIELDS_EARLY : FIELDS_LATE);
}

int fields_fill(const struct field *fields, enum field_which which,
	const struct section *section, const struct field_context *context, void *target,
	struct err *err)
{
	struct problems unset = {0};
	struct fill fill = {
		.section = section,
		.context = context,
		.unset = &unset,
		.err = err,
	};
	DECLARE_ERR(further);
	int result = 0;

	/* What is behind a wrong one is filled all the same: a check goes on with it. */
	for (; fields->name; fields++) {
		fill.field = fields;
		if (!is_asked_for(fields, which))
			continue;
		if (fill_field(&fill, (char *)target + fields->offset) < 0) {
			fill.err = &further;
			result = -1;
		}
	}
	problems_sort(&unset);
	if (result == 0)
		result = problems_raise(&unset, 0, err);
	problems_release(&unset);
	return result;
}

static int last_line(const struct value *value)
{
	return value_place(value, value->flat + strlen(value->flat)).line;
}

/* Is something wrong with it known already? */
static bool is_listed(const struct setting *setting, const struct problems *problems)
{
	const struct value *link = setting->value;

	for (; link && problems->count; link = link->next)
		if (problems_between(problems, link->at, last_line(link)))
			return true;
	return problems_at(problems, setting->at);
}

bool fields_judge(const struct field *fields, enum field_which which,
	const struct section *section, const struct field_context *context, void *target,
	struct problems *problems)
{
	struct fill fill = {
		.section = section,
		.context = context,
		.unset = problems,
		.judging = true,
	};

	for (; fields->name; fields++) {
		const struct setting *setting;
		DECLARE_ERR(err);

		if (!is_asked_for(fields, which))
			continue;
		setting = section_get(section, fields->name);
		/* A key that is missing is listed, too. */
		fill.listed = setting ? is_listed(setting, problems)
				      : fields->required && !fields->def;
		fill.field = fields;
		fill.err = &err;
		fill.incomplete |= fill.listed;
		/* One that is listed is filled for the warnings that go with it. */
		if (fill_field(&fill, (char *)target + fields->offset) == 0)
			continue;
		fill.incomplete = true;
		if (!fill.listed)
			problems_add_err(problems, &err);
	}
	return !fill.incomplete;
}

void field_check(const struct field *field, const struct section *section,
	const struct setting *setting, const char *const *words, struct arena *arena,
	struct problems *problems)
{
	const struct field_context context = {.arena = arena, .base = "/"};
	DECLARE_ERR(err);
	struct fill fill = {
		.section = section,
		.context = &context,
		.unset = problems,
		.err = &err,
		.judging = true,
		.as_written = true,
		.words = words,
		.field = field,
		.setting = setting,
	};
	void *slot = arena_alloc(arena, convert_size(field));

	if (setting->value && fill_value(&fill, setting->value, slot) < 0)
		problems_add_err(problems, &err);
}
