/* SPDX-License-Identifier: MIT */
/* Comments, quotes, commas and what shells expand, as parts of a value. */
#include "conf/misread.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/str.h"
#include "conf/misread_internal.h"
#include "conf/reference.h"
#include "conf/words.h"

#define SHOWN_MAX 40

/*
 * The text with an x for each byte of its "${…}": all else keeps its offset. Where it has
 * none it is the text itself.
 */
static const char *blank_references(const char *text, struct buf *room)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, strlen(text));
	struct token token;

	if (!strchr(text, '$'))
		return text;
	while ((token = token_next(&tokens)).type != TOKEN_END) {
		if (token.type != TOKEN_REFERENCE)
			buf_add(room, token.text, token.size);
		for (; token.type == TOKEN_REFERENCE && token.size > 0; token.size--)
			buf_putc(room, 'x');
	}
	return room->data;
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

static bool is_path(const struct field *field)
{
	return field->type == FIELD_PATH || field->type == FIELD_PATHS ||
		field->type == FIELD_READ_PATH || field->type == FIELD_READ_PATHS ||
		field->path;
}

/* Has no sensible value, or item, of it a '$', a quote or a comma? */
static bool is_plain(const struct field *field)
{
	switch (field->type) {
	case FIELD_MODE:
	case FIELD_USER:
	case FIELD_GROUP:
	case FIELD_BOOL:
	case FIELD_DURATION:
	case FIELD_COUNT:
	case FIELD_ENUM:
	case FIELD_NAME:
	case FIELD_NAMES:
		return true;
	default:
		return field->plain;
	}
}

int misread_check_dollar(
	const char *text, bool plain, const char **ret_at, struct err *err)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, strlen(text));
	struct token token;

	while ((token = token_next(&tokens)).type != TOKEN_END) {
		int size = (int)token.size - 1;

		if (token.type != TOKEN_BARE)
			continue;
		*ret_at = token.text;
		return err_config(err,
			"'$%.*s' is expanded by shells alone: write ${%.*s}%s%.*s", size,
			token.text + 1, size, token.text + 1,
			plain ? "" : ", or, where it is meant, ${X:-$}", plain ? 0 : size,
			token.text + 1);
	}
	return 0;
}

/* ---- items of lists ---- */

/*
 * The comma that does not belong into an item: each but those within an address, behind
 * which no other one begins. NULL: there is none.
 */
static const char *find_comma(const struct field *field, const char *word, size_t size)
{
	const char *comma = memchr(word, ',', size);
	const char *scheme = memmem(word, size, "://", 3);
	const char *end = word + size;

	if (size > 0 && end[-1] == ',')
		return end - 1;
	if (field->type == FIELD_CONDITIONS || field->commas)
		return NULL;
	if (field->globs && comma && memchr(word, '{', (size_t)(comma - word)))
		return NULL; /* a glob of others, which is reported as such */
	if (!scheme || !comma || comma < scheme)
		return comma;
	scheme = memmem(comma, (size_t)(end - comma), "://", 3);
	return scheme ? memrchr(word, ',', (size_t)(scheme - word)) : NULL;
}

static int check_item(const struct field *field, const char *text, const char *word,
	size_t size, struct err *err)
{
	bool url = memmem(text, size, "://", 3) != NULL; /* it may have a password */
	bool plain = is_plain(field);

	if (misread_is_quote(*word) && size > 2 && word[size - 1] == *word)
		return misread_refuse_item_quotes(url ? "it" : text + 1,
			url ? 2 : size - 2, plain ? '\0' : *word, err);
	if (misread_is_quote(*word))
		return err_config(err,
			"a quote would be part of the item: white space separates items, "
			"in quotes, too; write a space in one as ${X:- }, and a quote as "
			"${X:-%c}",
			*word);
	if (find_comma(field, word, size))
		return err_config(err,
			"a comma would be part of the item: spaces alone separate items, "
			"as in 'a b'%s",
			plain ? "" : "; where it is meant, write ${X:-,}");
	if ((*word == '-' && size == 1 && !field->commas) ||
		(*word == '[' && misread_is_quote(word[1])))
		return err_config(err,
			"'%c' would be part of an item: spaces or lines separate items, "
			"with nothing else in front of them; where it is meant, write "
			"${X:-%c}",
			*word, *word);
	if (word[size - 1] == '\\' && field->type != FIELD_CONDITIONS)
		return err_config(err,
			"a backslash would be part of the item: white space separates "
			"items behind it, too, and lines go on without it; write a space "
			"in an item as ${X:- }");
	return 0;
}

/* "${A} ${B}", as envsubst(1) has it; one alone may stand for a name. */
static bool is_references(const char *text)
{
	size_t count = 0;

	for (; *text; text += strspn(text, WORDS_SPACE), count++) {
		size_t size = words_span(text, WORDS_SPACE);

		if (size < 4 || !str_starts(text, "${") || text[size - 1] != '}' ||
			!str_is_name(text + 2, size - 3))
			return false;
		text += size;
	}
	return count > 1;
}

/*
 * What text processors and web pages put in the place of spaces and quotes; it may be
 * anywhere in the value, or, of quotes, around it.
 */
static int check_typography(const char *word, size_t size, struct err *err)
{
	static const struct {
		const char *text, *name;
	} spaces[] = {{"\xc2\xa0", "U+00A0"}, {"\xe2\x80\x87", "U+2007"},
		{"\xe2\x80\x8b", "U+200B"}, {"\xe2\x80\xaf", "U+202F"},
		{"\xe3\x80\x80", "U+3000"}, {"\xef\xbb\xbf", "U+FEFF"}};
	static const char *const quotes[] = {"\xc2\xab", "\xc2\xbb", "\xe2\x80\x98",
		"\xe2\x80\x99", "\xe2\x80\x9a", "\xe2\x80\x9c", "\xe2\x80\x9d",
		"\xe2\x80\x9e"};

	if (scan_plain(word, size, "") == size)
		return 0;
	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
		if (memmem(word, size, spaces[i].text, strlen(spaces[i].text)))
			return err_config(err,
				"a no-break or invisible space (%s) would be part of the "
				"value: write a plain space, or none; where it is meant, "
				"write it in ${X:-}, behind the -",
				spaces[i].name);
	for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
		if (size > strlen(quotes[i]) && str_starts(word, quotes[i]))
			return err_config(err,
				"the quotes would be part of the value: write it without "
				"them, or, where they are meant, ${X:-%s}",
				quotes[i]);
	return 0;
}

/* One value, or one item of a list. */
static int check_word(const struct field *field, const char *text, const char *word,
	size_t size, struct err *err)
{
	if (check_typography(word, size, err) < 0)
		return -1;
	if (field_is_list(field) && check_item(field, text, word, size, err) < 0)
		return -1;
	if (!field_is_list(field) && misread_is_quote(*word) && size > 1 &&
		word[size - 1] == *word)
		return misread_refuse_quotes(is_plain(field) ? '\0' : *word, err);
	return is_path(field) ? misread_check_path(field, word, size, err) : 0;
}

/* ---- values ---- */

/* "|" and ">-" of YAML, "<<EOF" of a shell, and three quotes. */
static bool begins_text(const char *text, size_t size)
{
	size_t from = str_starts(text, "<<-") ? 3 : 2;

	if (*text == '|' || *text == '>')
		return strspn(text + 1, "+-0123456789") >= size - 1;
	if (size == 3 && misread_is_quote(*text))
		return text[1] == *text && text[2] == *text;
	if (size <= from || !str_starts(text, "<<"))
		return false;
	while (from < size &&
		(str_is_alnum(text[from]) || text[from] == '_' ||
			misread_is_quote(text[from])))
		from++;
	return from == size;
}

int misread_check_begin(const struct value *value, struct err *err)
{
	size_t size = strcspn(value->text, "\n");

	if (value->text_at.line != value->at.line || !value->text[size] ||
		!value->text[size + 1] || !begins_text(value->text, size))
		return 0;
	return err_config(err,
		"'%.*s' would be the first line of the value: leave it out, or, where it "
		"is meant, indent it on a line below the key",
		(int)size, value->text);
}

int misread_check(
	const struct field *field, const char *text, const char **ret_at, struct err *err)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	const char *bare, *word;

	if (!*text || field->prose || field->type == FIELD_TEXT ||
		field->type == FIELD_LINES || field->type == FIELD_COMMAND ||
		field->type == FIELD_COMMANDS)
		return 0;
	bare = blank_references(text, &room);
	if (field->type == FIELD_ENV || field->variable)
		return misread_check_variables(field, text, bare, ret_at, err);
	*ret_at = text;
	if (field->type == FIELD_STRING && !field->path && !field->plain)
		return misread_is_quoted(bare, strlen(bare))
			? misread_refuse_quotes(*text, err)
			: 0;
	if (field->type == FIELD_GLOBS && is_references(text))
		return err_config(err,
			"the values of the variables would be the names: write the names "
			"alone, A B");
	if (check_comment(text, bare, ret_at, err) < 0 ||
		((is_path(field) || is_plain(field)) &&
			misread_check_dollar(text, is_plain(field), ret_at, err) < 0))
		return -1;
	for (word = bare; *word; word += strspn(word, WORDS_SPACE)) {
		size_t size =
			field_is_list(field) ? strcspn(word, WORDS_SPACE) : strlen(word);

		*ret_at = text + (word - bare);
		if (check_word(field, *ret_at, word, size, err) < 0)
			return -1;
		word += size;
	}
	return 0;
}

size_t misread_size(const struct field *field, const char *item)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	const char *bare = NULL, *comma = NULL;

	if (field_is_list(field) && !field_has_lines(field) && strchr(item, ',')) {
		bare = blank_references(item, &room);
		comma = find_comma(field, bare, strlen(bare));
	}
	return comma ? (size_t)(comma - bare) : strlen(item);
}
