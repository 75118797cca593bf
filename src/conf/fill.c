/* SPDX-License-Identifier: MIT */
/* Fields filled from a section, when their time has come or ahead of it. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/convert.h"
#include "conf/expand.h"
#include "conf/field.h"
#include "conf/words.h"

struct fill {
	const struct section *section;
	const struct field_context *context;
	struct problems *unset;
	struct err *err;
	bool judging;    /* a wrong item goes to `unset`, and the next one is read */
	bool incomplete; /* a name is unset, or a value known only later */
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

/* Expands `text`. Returns 0, 1 where a value in it is unset or comes later, or -1. */
static int expand_text(struct fill *fill, const struct value *link, const char *text,
	struct conversion *how, struct buf *ret)
{
	const struct field_context *context = fill->context;
	struct expand_result result = {0};
	struct expander expander;

	*how = (struct conversion){
		.arena = context->arena,
		.base = context->base,
		.dir = link->dir,
		.set = fill->setting && !fill->setting->defaulted,
	};
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
	struct conversion how;
	int result = expand_text(fill, link, link->flat, &how, &text);

	if (result != 0)
		return result < 0 ? -1 : 0;
	if (convert(fill->field, text.data, &how, slot, fill->err) < 0)
		return raise_at(fill, link->at);
	return 0;
}

static int fill_item(
	struct fill *fill, const struct value *link, const char *raw, void *slot)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const char *item = NULL;
	struct conversion how;
	int result = expand_text(fill, link, raw, &how, &text);

	if (result != 0)
		return result < 0 && !fill->listed ? -1 : 0;
	/* An optional item; but a command's word has its place even where it is empty. */
	if (text.len == 0 && expand_needed(raw) && fill->field->type != FIELD_COMMAND)
		return 0;
	if (convert(fill->field, text.data, &how, fill->field->parse ? slot : &item,
		    fill->err) < 0)
		return raise_at(fill, link->at);
	if (item)
		list_add(slot, fill->context->arena, item, strlen(item));
	return 0;
}

/* While judging, an item that is wrong does not hide what is wrong with the next. */
static int judge_item(
	struct fill *fill, const struct value *link, const char *raw, void *slot)
{
	int rc = fill_item(fill, link, raw, slot);

	if (rc == 0 || !fill->judging)
		return rc;
	problems_add_err(fill->unset, fill->err);
	err_init(fill->err);
	fill->incomplete = true;
	return 0;
}

static int fill_list(struct fill *fill, const struct value *link, void *slot)
{
	for (; link; link = link->next) {
		struct list raw = {0};

		if (words_split_field(fill->field, link->flat, fill->context->arena, &raw,
			    fill->err) < 0)
			return raise_at(fill, link->at);
		for (size_t i = 0; i < raw.count; i++)
			if (judge_item(fill, link, raw.items[i], slot) < 0)
				return -1;
	}
	return 0;
}

static int fill_value(struct fill *fill, const struct value *link, void *slot)
{
	const struct value **text = slot;

	buf_truncate(&fill->prefix, 0);
	buf_printf(&fill->prefix, "[%s] %s", fill->section->id, fill->field->name);
	if (field_is_list(fill->field))
		return fill_list(fill, link, slot);
	if (link->next) {
		err_config(fill->err, "+= works on lists, and this is none: write '='");
		return raise_at(fill, link->next->at);
	}
	if (fill->field->type != FIELD_TEXT)
		return fill_scalar(fill, link, slot);
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
