/* SPDX-License-Identifier: MIT */
/* Commands filled from a section: words, no value of which becomes code. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/expand.h"
#include "conf/fill.h"
#include "conf/script.h"
#include "conf/words.h"

static void add_word(struct fill *fill, const struct value *link, const char *raw,
	const char *word, size_t size, struct list *ret)
{
	struct arena *arena = fill->context->arena;
	size_t n = fill->origins_count++;

	list_add(ret, arena, word, size);
	fill->origins = arena_array_grow(arena, fill->origins, n, sizeof *fill->origins);
	fill->origins[n] = (struct origin){raw, link->at};
}

static void add_words(struct fill *fill, const struct value *link, const char *raw,
	const char *value, struct list *ret)
{
	while (*(value += strspn(value, WORDS_SPACE))) {
		size_t size = strcspn(value, WORDS_SPACE);

		add_word(fill, link, raw, value, size, ret);
		value += size;
	}
}

/* ${key:x:+y} shows no secret, but that there is one: no form of these stands in it. */
static void note_reference(void *user, const char *name, bool shown)
{
	struct buf *found = user;

	if (!shown && strchr(name, ':') && !str_starts(name, WORDS_WORD ":") &&
		!str_starts(name, EXPAND_TEXT ":") && !str_starts(name, "changed:") &&
		!found->len)
		buf_puts(found, name);
}

static int must_name_variables(
	struct fill *fill, const struct value *link, const char *raw)
{
	CLEANUP_BUF struct buf found = BUF_INIT;

	expand_each(raw, note_reference, &found);
	if (!found.len)
		return 0;
	err_config(fill->err,
		"'${%s}' cannot stand in a command, in any of its forms: hand it on in "
		"the environment",
		found.data);
	return fill_raise(fill, link->at);
}

static size_t count_staged(const char *text)
{
	size_t count = 0;

	while ((text = strstr(text, "{file}"))) {
		text += strlen("{file}");
		count++;
	}
	return count;
}

/*
 * A word, which has its place even where it is empty; or, of ${words:NAME}, any number of
 * them. As it is written, it stands for itself.
 */
static int fill_word(
	struct fill *fill, const struct value *link, const char *raw, struct list *ret)
{
	const char *many = words_reference(raw, fill->context->arena);
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct conversion how = fill_conversion(fill, link);
	int result;

	if (must_name_variables(fill, link, raw) < 0) {
		fill->partial = true;
		return -1;
	}
	if (fill->as_written) {
		if (strstr(raw, "${" WORDS_WORD ":"))
			fill_form(fill, link, many ? many : raw, fill->words);
		add_word(fill, link, raw, raw, strlen(raw), ret);
		return 0;
	}
	result = fill_expand(fill, link, many ? many : raw, &how, &text);
	if (result != 0) {
		fill->partial = true;
		return result < 0 && !fill->listed ? -1 : 0;
	}
	if (fill->staged && count_staged(text.data) > count_staged(raw)) {
		err_config(fill->err,
			"the value in '%s' has a {file}, which would become a file's "
			"name",
			raw);
		return fill_raise(fill, link->at);
	}
	if (many)
		add_words(fill, link, raw, text.data, ret);
	else
		add_word(fill, link, raw, text.data, text.len, ret);
	return 0;
}

static int fill_words(struct fill *fill, const struct value *link, struct list *ret)
{
	struct list raw = {0};
	int rc = 0;

	if (fill->as_written && expand_needed(link->flat) &&
		!fill_form(fill, link, link->flat, fill->command_words)) {
		fill->partial = true;
		return 0;
	}
	if (command_split(link->flat, fill->context->arena, &raw, fill->err) < 0) {
		fill->partial = true;
		rc = fill_go_on(fill, fill_raise(fill, link->at));
	}
	for (size_t i = 0; rc == 0 && i < raw.count; i++)
		rc = fill_go_on(fill, fill_word(fill, link, raw.items[i], ret));
	return rc;
}

/* A word that is read as code: the first that is wrong is the error. */
static void found_code(void *user, size_t at, const char *program)
{
	struct fill *fill = user;
	const struct origin *origin = &fill->origins[at];

	if (!fill->code && script_check(origin->raw, program, fill->err) < 0)
		fill->code = fill_raise(fill, origin->at) < 0;
}

int fill_command(struct fill *fill, const struct value *link, struct list *ret)
{
	int rc = 0;

	fill->origins_count = 0;
	fill->partial = fill->code = fill->staged = false;
	for (const struct value *at = link; at; at = at->next)
		fill->staged = fill->staged || strstr(at->flat, "{file}");
	for (; link && rc == 0; link = link->next)
		rc = fill_words(fill, link, ret);
	/* What an option of a shell is may be known only when it is expanded. */
	if (rc == 0 && !fill->partial && !fill->listed)
		script_each(ret, found_code, fill);
	return fill->code ? -1 : rc;
}
