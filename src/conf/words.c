/* SPDX-License-Identifier: MIT */
/* Splitting values into items. */
#include "conf/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/convert.h"
#include "conf/expand.h"

void words_add(struct words *words, const char *text, size_t size)
{
	words->items = mem_grow(words->items, words->count, sizeof *words->items);
	words->items[words->count++] = arena_memdup(words->arena, text, size);
}

void words_release(struct words *words)
{
	free(words->items);
}

struct list words_list(const struct words *words)
{
	struct list list = {.count = words->count};

	list.items = arena_alloc(words->arena, (words->count + 1) * sizeof *list.items);
	for (size_t i = 0; i < words->count; i++)
		list.items[i] = words->items[i];
	return list;
}

/* The size of what may not be cut at `text`: a "${…}", a "$${", or one byte. */
static size_t piece(const char *text)
{
	size_t span;

	if (str_starts(text, "$${"))
		return 3;
	span = expand_span(text);
	return span > 0 ? span : 1;
}

void words_split(struct words *words, const char *text, const char *separators)
{
	for (text += strspn(text, separators); *text; text += strspn(text, separators)) {
		size_t size = 0;

		while (text[size] && !strchr(separators, text[size]))
			size += piece(text + size);
		words_add(words, text, size);
		text += size;
	}
}

/* ---- a shell's words ---- */

struct splitter {
	const char *at;
	char quote;   /* the one that is open, or 0 */
	bool started; /* a word is being read: "" is one, too */
	struct buf word;
};

/*
 * Behind a backslash. In double quotes it quotes only what is special there (POSIX XCU
 * 2.2.3). A "${" that was quoted so becomes "$${", so that it stays one when the word is
 * expanded.
 */
static void take_backslash(struct splitter *splitter)
{
	char next = splitter->at[1];

	if (next == '\n') {
		splitter->at += 2;
		return;
	}
	splitter->started = true;
	if (next == '\0' || (splitter->quote == '"' && !strchr("\"\\$`", next))) {
		buf_putc(&splitter->word, '\\');
		splitter->at++;
		return;
	}
	if (str_starts(splitter->at + 1, "${"))
		buf_putc(&splitter->word, '$');
	buf_putc(&splitter->word, next);
	splitter->at += 2;
}

static int take_dollar(struct splitter *splitter, struct err *err)
{
	size_t size = piece(splitter->at);

	if (size == 1 && splitter->at[1] == '{')
		return err_config(err, "unclosed '${'; write $${ for a literal ${");
	splitter->started = true;
	buf_add(&splitter->word, splitter->at, size);
	splitter->at += size;
	return 0;
}

static bool take_quote(struct splitter *splitter)
{
	char c = *splitter->at;

	if (splitter->quote ? c != splitter->quote : c != '\'' && c != '"')
		return false;
	splitter->quote = splitter->quote ? '\0' : c;
	splitter->started = true;
	splitter->at++;
	return true;
}

static void end_word(struct splitter *splitter, struct words *words)
{
	if (splitter->started)
		words_add(words, splitter->word.data, splitter->word.len);
	splitter->started = false;
	buf_truncate(&splitter->word, 0);
}

static int split(struct splitter *splitter, struct words *words, struct err *err)
{
	while (*splitter->at) {
		char c = *splitter->at;

		if (take_quote(splitter))
			continue;
		if (c == '\\' && splitter->quote != '\'') {
			take_backslash(splitter);
		} else if (c == '$') {
			if (take_dollar(splitter, err) < 0)
				return -1;
		} else if (!splitter->quote && str_is_space(c)) {
			end_word(splitter, words);
			splitter->at++;
		} else {
			splitter->started = true;
			buf_putc(&splitter->word, c);
			splitter->at++;
		}
	}
	if (splitter->quote)
		return err_config(err, "unclosed quote (%c)", splitter->quote);
	end_word(splitter, words);
	return 0;
}

static int split_command(struct words *words, const char *text, struct err *err)
{
	struct splitter splitter = {.at = text, .word = BUF_INIT};
	int rc = split(&splitter, words, err);

	buf_release(&splitter.word);
	return rc;
}

int command_split(
	const char *text, struct arena *arena, struct list *ret, struct err *err)
{
	CLEANUP_WORDS struct words words = {.arena = arena};

	if (split_command(&words, text, err) < 0)
		return -1;
	*ret = words_list(&words);
	return 0;
}

int words_split_field(
	struct words *words, const struct field *field, const char *text, struct err *err)
{
	if (field->type == FIELD_COMMAND)
		return split_command(words, text, err);
	words_split(words, text, field->type == FIELD_ENV ? "\n" : WORDS_SPACE);
	return 0;
}
