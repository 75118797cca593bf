/* SPDX-License-Identifier: MIT */
/* Fields filled from a section: when their time has come, ahead of it, as written. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/convert.h"
#include "conf/expand.h"
#include "conf/field.h"
#include "conf/misread.h"
#include "conf/words.h"

struct fill {
	const struct section *section;
	const struct field_context *context;
	struct problems *unset;
	struct err *err;
	bool judging;    /* a wrong item goes to `unset`, and the next one is read */
	bool as_written; /* nothing is expanded, only its form checked */
	const char *const *words; /* of ${word:name}; for that */
	bool incomplete;          /* a name is unset, or a value known only later */
	/* of the field at hand */
	const struct field *field;
	const struct setting *setting; /* NULL: its default is being filled in */
	bool listed; /* something wrong with it is known, as is the form of each ${…} */
	struct buf prefix;
};

static int raise_at(const struct fill *fill, struct place at)
{
	err_prefix(fill->err, "[%s] %s", fill->section->id, fill->field->name);
	return err_at(fill->err, at);
}

/* What of a text can be judged as it is written. Returns 0, or 1: nothing. */
static int take_written(const struct fill *fill, const char *text, struct buf *ret)
{
	const char *reference = strstr(text, "${");
	const char *equals = strchr(text, '=');

	/* A variable's name is judged whatever its value. */
	if (reference && fill->field->type == FIELD_ENV && equals && equals < reference)
		buf_add(ret, text, (size_t)(equals - text) + 1);
	else if (reference)
		return 1;
	else
		buf_puts(ret, text);
	return 0;
}

static struct conversion conversion_of(const struct fill *fill, const struct value *link)
{
	return (struct conversion){
		.arena = fill->context->arena,
		.base = fill->context->base,
		.dir = link->dir,
		.set = fill->setting && !fill->setting->defaulted,
	};
}

/* Expands `text`. Returns 0, 1 where a value in it is unset or comes later, or -1. */
static int expand_text(struct fill *fill, const struct value *link, const char *text,
	struct conversion *how, struct buf *ret)
{
	const struct field_context *context = fill->context;
	struct expand_result result = {0};
	struct expander expander;

	if (fill->as_written)
		return take_written(fill, text, ret);
	if (!context->expander || !strchr(text, '$')) {
		buf_puts(ret, text);
		return 0;
	}
	expander = *context->expander;
	expander.prefix = fill->prefix.data;
	expander.argument = fill->field->type == FIELD_COMMAND;
	/* A word that has blanks is a script: its $name is for the shell to expand. */
	if (expander.argument && strpbrk(text, " \t\n"))
		expander.bare = NULL;
	if (expand_collect(
		    &expander, text, link->at, fill->unset, ret, &result, fill->err) < 0)
		return -1;
	how->secret |= result.secret;
	if (!result.unset && !result.later)
		return 0;
	fill->incomplete = true;
	return 1;
}

static int fill_scalar(struct fill *fill, const struct value *link, void *slot)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const char *end = strchr(link->flat, '\n');
	struct conversion how = conversion_of(fill, link);
	int result;

	/* Only a list has lines; of anything else a second one should not be indented. */
	if (end && fill->field->type != FIELD_STRING && !expand_needed(link->flat)) {
		err_config(fill->err,
			"one value was expected, and the indented line '%.*s' goes on "
			"with it: unindent that",
			(int)strcspn(end + 1, "\n"), end + 1);
		return raise_at(fill, link->at);
	}
	if (fill->as_written && misread_check(fill->field, link->flat, fill->err) < 0)
		return raise_at(fill, link->at);
	result = expand_text(fill, link, link->flat, &how, &text);
	if (result != 0)
		return result < 0 ? -1 : 0;
	if (convert(fill->field, text.data, &how, slot, fill->err) < 0)
		return raise_at(fill, link->at);
	return 0;
}

/* Does the list have a value for the NAME of this item? */
static bool has_name(const struct list *list, const char *item)
{
	size_t size = strcspn(item, "=") + 1;

	for (size_t i = 0; i < list->count; i++)
		if (strncmp(list->items[i], item, size) == 0)
			return true;
	return false;
}

static int fill_item(
	struct fill *fill, const struct value *link, const char *raw, void *slot)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const char *item = NULL;
	struct conversion how = conversion_of(fill, link);
	int result = expand_text(fill, link, raw, &how, &text);

	if (result != 0)
		return result < 0 && !fill->listed ? -1 : 0;
	/* An optional item; but a command's word has its place even where it is empty. */
	if (text.len == 0 && expand_needed(raw) && fill->field->type != FIELD_COMMAND)
		return 0;
	if (convert(fill->field, text.data, &how, fill->field->parse ? slot : &item,
		    fill->err) < 0)
		return raise_at(fill, link->at);
	if (item && fill->field->any_name && has_name(slot, item)) {
		int shown = how.secret ? 0 : (int)strcspn(item, "=");

		err_config(fill->err,
			"the name '%.*s%s' is in it twice: keep one of them", shown, item,
			how.secret ? "…" : "");
		return raise_at(fill, link->at);
	}
	if (item)
		list_add(slot, fill->context->arena, item, strlen(item));
	return 0;
}

/* While judging, what is wrong does not hide what is wrong behind it. */
static int go_on(struct fill *fill, int rc)
{
	if (rc == 0 || !fill->judging)
		return rc;
	problems_add_err(fill->unset, fill->err);
	err_init(fill->err);
	fill->incomplete = true;
	return 0;
}

static int fill_link(struct fill *fill, const struct value *link, void *slot)
{
	struct arena *arena = fill->context->arena;
	struct list raw = {0};
	int rc = 0;

	if (fill->as_written && misread_check(fill->field, link->flat, fill->err) < 0)
		return raise_at(fill, link->at);
	if (fill->field->type != FIELD_COMMAND)
		words_split(link->flat,
			fill->field->type == FIELD_ENV ? "\n" : WORDS_SPACE, arena, &raw);
	else if (command_split(link->flat, arena, &raw, fill->err) < 0)
		rc = go_on(fill, raise_at(fill, link->at));
	for (size_t i = 0; rc == 0 && i < raw.count; i++)
		rc = go_on(fill, fill_item(fill, link, raw.items[i], slot));
	return rc;
}

/* Is each ${…} in it one that there is? What is expanded says so by itself. */
static bool form_is_fine(const struct fill *fill, const struct value *link)
{
	size_t before = fill->unset->count;

	if (fill->as_written && expand_needed(link->flat))
		expand_check(link->flat, fill->words, link->at,
			arena_printf(fill->context->arena, "%s: ", fill->prefix.data),
			fill->unset);
	return fill->unset->count == before;
}

static int fill_value(struct fill *fill, const struct value *link, void *slot)
{
	const struct value **text = slot;
	int rc = 0;

	buf_truncate(&fill->prefix, 0);
	buf_printf(&fill->prefix, "[%s] %s", fill->section->id, fill->field->name);
	if (field_is_list(fill->field)) {
		for (; link && rc == 0; link = link->next)
			rc = form_is_fine(fill, link) ? fill_link(fill, link, slot) : 0;
		return rc;
	}
	if (link->next || (fill->setting && fill->setting->appended)) {
		err_config(fill->err, "+= works on lists, and this is none: write '='");
		return raise_at(fill, fill->setting->at);
	}
	if (fill->field->type != FIELD_TEXT)
		return form_is_fine(fill, link) ? fill_scalar(fill, link, slot) : 0;
	*text = link;
	return 0;
}

static int fill_default(struct fill *fill, void *slot)
{
	struct value *value;

	if (!fill->field->def)
		return 0;
	value = arena_alloc(fill->context->arena, sizeof *value);
	value->at = value->text_at = fill->section->at;
	value->dir = fill->context->base;
	value->flat = value->text = fill->field->def;
	return fill_value(fill, value, slot);
}

static int fill_field(struct fill *fill, void *slot)
{
	const struct setting *setting = section_get(fill->section, fill->field->name);

	if (!setting && fill->field->required && !fill->field->def) {
		err_config(fill->err, "missing, and it is required");
		return raise_at(fill, fill->section->at);
	}
	fill->setting = setting;
	if (!fill->field->parse)
		convert_nothing(fill->field, fill->context->arena, slot);
	return setting ? fill_value(fill, setting->value, slot)
		       : fill_default(fill, slot);
}

static bool is_asked_for(const struct field *field, enum field_which which)
{
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
		.prefix = BUF_INIT,
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
	buf_release(&fill.prefix);
	return result;
}

/* Is something wrong with it known already? */
static bool is_listed(const struct setting *setting, const struct problems *problems)
{
	const struct value *link = setting->value;

	for (; link && problems->count; link = link->next)
		if (problems_at(problems, link->at))
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
		.prefix = BUF_INIT,
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
	buf_release(&fill.prefix);
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
		.prefix = BUF_INIT,
	};
	void *slot = arena_alloc(arena, convert_size(field));

	if (setting->value && fill_value(&fill, setting->value, slot) < 0)
		problems_add_err(problems, &err);
	buf_release(&fill.prefix);
}
