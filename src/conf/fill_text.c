/* SPDX-License-Identifier: MIT */
/* One text of a section: judged as it is written, or expanded; and errors about it. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "conf/expand.h"
#include "conf/fill.h"

int fill_raise(const struct fill *fill, struct place at)
{
	err_prefix(fill->err, "[%s] %s", fill->section->id, fill->field->name);
	return err_at(fill->err, at);
}

static const char *word_of(const struct fill *fill, const struct value *link)
{
	return fill->word ? fill->word : link->flat;
}

int fill_raise_word(const struct fill *fill, const struct value *link)
{
	return fill_raise(fill, value_place(link, word_of(fill, link)));
}

const char *fill_take(
	struct fill *fill, const char *behind, const char *separators, const char *word)
{
	fill->word = behind + strspn(behind, separators);
	return fill->word + strlen(word);
}

int fill_go_on(struct fill *fill, int rc)
{
	if (rc == 0 || !fill->judging)
		return rc;
	problems_add_err(fill->unset, fill->err);
	err_init(fill->err);
	fill->incomplete = true;
	return 0;
}

bool fill_form(const struct fill *fill, const struct value *link, const char *text,
	const char *const *words)
{
	const struct place from = {.file = link->at.file, .line = 1, .column = 1};
	struct problems found = {0};
	bool fine;

	(void)expand_check(text, words, NULL, from, /* whatever is wrong is listed */
		arena_printf(fill->context->arena, "[%s] %s: ", fill->section->id,
			fill->field->name),
		&found);
	for (size_t i = 0; i < found.count; i++) {
		const struct place *at = &found.list[i].at;

		problems_add(fill->unset,
			value_place_behind(link, word_of(fill, link), at), "%s",
			found.list[i].text);
	}
	fine = found.added == 0;
	problems_release(&found);
	return fine;
}

bool fill_form_is_fine(const struct fill *fill, const struct value *link)
{
	return !fill->as_written || !expand_needed(link->flat) ||
		fill_form(fill, link, link->flat, fill->words);
}

struct conversion fill_conversion(const struct fill *fill, const struct value *link)
{
	return (struct conversion){
		.arena = fill->context->arena,
		.base = fill->context->base,
		.dir = link->dir,
		.set = fill->setting && !fill->setting->defaulted,
	};
}

/* What of a text can be judged as it is written. Returns 0, or 1: nothing. */
static int take_written(
	const struct fill *fill, const char *text, struct buf *room, const char **ret)
{
	const char *reference = strstr(text, "${");
	const char *equals = strchr(text, '=');

	/* A variable's name is judged whatever its value. */
	if (!reference) {
		*ret = text;
		return 0;
	}
	if (fill->field->type != FIELD_ENV || !equals || equals > reference)
		return 1;
	buf_add(room, text, (size_t)(equals - text) + 1);
	*ret = room->data;
	return 0;
}

int fill_expand(struct fill *fill, const struct value *link, const char *text,
	struct conversion *how, struct buf *room, const char **ret)
{
	const struct field_context *context = fill->context;
	struct expand_result result = {0};
	struct expander expander;

	if (fill->as_written)
		return take_written(fill, text, room, ret);
	*ret = text;
	if (!context->expander || !strchr(text, '$'))
		return 0;
	expander = *context->expander;
	expander.prefix = arena_printf(
		context->arena, "[%s] %s", fill->section->id, fill->field->name);
	expander.glob = fill->glob;
	expander.check_part = fill->field->check_part;
	expander.dir = link->dir;
	expander.written = link;
	expander.argument =
		fill->field->type == FIELD_COMMAND || fill->field->type == FIELD_COMMANDS;
	/* A word that has blanks is a script: its $name is for the shell to expand. */
	if (expander.argument && strpbrk(text, " \t\n"))
		expander.bare = NULL;
	if (expand_collect(
		    &expander, text, link->at, fill->unset, room, &result, fill->err) < 0)
		return -1;
	*ret = room->data;
	how->secret |= result.secret;
	if (!result.unset && !result.later)
		return 0;
	fill->incomplete = true;
	return 1;
}
