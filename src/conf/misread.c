/* SPDX-License-Identifier: MIT */
/* Comments, quotes and tildes that would become part of a value. */
#include "conf/misread.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/reference.h"
#include "conf/words.h"

#define SHOWN_MAX 40

/* The text with an x for each byte of its "${…}": all else keeps its offset. */
static void blank_references(const char *text, struct buf *ret)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, strlen(text));
	struct token token;

	while ((token = token_next(&tokens)).type != TOKEN_END) {
		if (token.type != TOKEN_REFERENCE)
			buf_add(ret, token.text, token.size);
		for (; token.type == TOKEN_REFERENCE && token.size > 0; token.size--)
			buf_putc(ret, 'x');
	}
}

/* Where a comment seems to begin behind the value, or NULL; "#recycle" is a name. */
static const char *find_comment(const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at != ';' && *at != '#')
			continue;
		if (at > text ? str_is_space(at[-1]) : !at[1] || str_is_space(at[1]))
			return at;
	}
	return NULL;
}

static int check_comment(
	const char *text, const char *bare, const char **ret_at, struct err *err)
{
	const char *comment = find_comment(bare);
	size_t size;

	if (!comment)
		return 0;
	text += comment - bare;
	*ret_at = text;
	size = strcspn(text, "\n");
	return err_config(err,
		"'%.*s%s' would be part of the value: a comment has a line of its own; "
		"where it is meant, write ${X:-%c}",
		(int)(size > SHOWN_MAX ? str_cut(text, SHOWN_MAX) : size), text,
		size > SHOWN_MAX ? "…" : "", *comment);
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

static bool is_path(const struct field *field)
{
	return field->type == FIELD_PATH || field->type == FIELD_PATHS ||
		field->type == FIELD_READ_PATH || field->type == FIELD_READ_PATHS ||
		field->path;
}

/* One value, or one item of a list. */
static int check_word(const struct field *field, const char *text, const char *word,
	size_t size, struct err *err)
{
	bool list = field_is_list(field);
	bool url = memmem(text, size, "://", 3) != NULL; /* it may have a password */

	if (is_quote(*word) && list && size > 2 && word[size - 1] == *word)
		return err_config(err,
			"the quotes would be part of the item: write %.*s without them, "
			"or, where they are meant, ${X:-%c}",
			url ? 2 : (int)(size - 2), url ? "it" : text + 1, *word);
	if (is_quote(*word) && list)
		return err_config(err,
			"a quote would be part of the item: white space separates items, "
			"in quotes, too; write a space in one as ${X:- }, and a quote as "
			"${X:-%c}",
			*word);
	if (list && size && word[size - 1] == ',')
		return err_config(err,
			"a comma at the end would be part of the item: spaces alone "
			"separate items, as in 'a b'; where it is meant, write ${X:-,}");
	if (is_quote(*word) && size > 1 && word[size - 1] == *word)
		return err_config(err,
			"the quotes would be part of the value: write it without them, "
			"or, where they are meant, ${X:-%c}",
			*word);
	if (field->type == FIELD_READ_PATHS && *word == '-' && size > 1) {
		word++;
		size--;
	}
	if (is_path(field) && *word == '~' && (size == 1 || word[1] == '/'))
		return err_config(err,
			"'~' is expanded by shells alone: write ${HOME}, or ./~ for the "
			"name");
	return 0;
}

static bool is_judged(const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_ENV:
	case FIELD_LINES:
	case FIELD_COMMAND:
	case FIELD_COMMANDS:
		return false;
	case FIELD_STRING:
		return field->path;
	default:
		return true;
	}
}

int misread_check(
	const struct field *field, const char *text, const char **ret_at, struct err *err)
{
	CLEANUP_BUF struct buf bare = BUF_INIT;
	const char *word;

	if (!is_judged(field) || !*text)
		return 0;
	blank_references(text, &bare);
	if (check_comment(text, bare.data, ret_at, err) < 0)
		return -1;
	for (word = bare.data; *word; word += strspn(word, WORDS_SPACE)) {
		const char *at = text + (word - bare.data);
		size_t size =
			field_is_list(field) ? strcspn(word, WORDS_SPACE) : bare.len;

		if (check_word(field, at, word, size, err) < 0) {
			*ret_at = at;
			return -1;
		}
		word += size;
	}
	return 0;
}

size_t misread_size(const struct field *field, const char *item)
{
	size_t size = strlen(item);

	return is_judged(field) && field_is_list(field) && size > 1 &&
			item[size - 1] == ','
		? size - 1
		: size;
}
