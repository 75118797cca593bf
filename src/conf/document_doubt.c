/* SPDX-License-Identifier: MIT */
/* Lines that may be more, or less, than they seem. */
#include "conf/document_doubt.h"

#include <string.h>

#include "base/str.h"
#include "conf/document_lines.h"

static const char *end_of(struct span span)
{
	return span.data + span.size;
}

static size_t indent_of(const char *at, const char *end)
{
	const char *begin = at;

	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return (size_t)(at - begin);
}

static const char *line_end(const char *at, const char *end)
{
	while (at < end && *at != '\n')
		at++;
	return at < end ? at + 1 : end;
}

/* Behind the quote that closes this one, or NULL. In double ones a backslash escapes. */
static const char *closing(
	const char *at, const char *end, const char *quote, size_t size)
{
	/* A backslash at the end takes it behind that. */
	for (; at < end && (size_t)(end - at) >= size; at++)
		if (*at == '\\' && *quote == '"')
			at++;
		else if (memcmp(at, quote, size) == 0)
			return at + size;
	return NULL;
}

/* Three of them are one that only three close. */
static size_t quote_size(const char *at, const char *end)
{
	return end - at >= 3 && at[1] == *at && at[2] == *at ? 3 : 1;
}

/* A double quote may stand anywhere in a value; an apostrophe does, within a word. */
static bool opens(const char *at, const char *begin)
{
	return *at == '"' || (strchr("'`", *at) && (at == begin || str_is_space(at[-1])));
}

/* Where the line ends in which the last quote that this one opens is closed, or NULL. */
static const char *end_of_quotes(const struct lines *lines)
{
	const char *begin = lines->value.data, *at = begin;
	const char *end = end_of(lines->value), *all = end_of(lines->rest);

	while (at && at < end) {
		const char *from = at;
		size_t size;

		if ((*at == ';' || *at == '#') && (at == begin || str_is_space(at[-1])))
			return NULL; /* a comment */
		if (!opens(at, begin)) {
			at++;
			continue;
		}
		size = quote_size(from, end);
		at = closing(from + size, all, from, size);
		if (!at && size == 3)
			at = from + 2; /* an empty one, and one that is open */
	}
	return at && at > end ? line_end(at - 1, all) : NULL;
}

static bool ends_in_backslash(struct span value)
{
	size_t count = 0;

	while (count < value.size && value.data[value.size - 1 - count] == '\\')
		count++;
	return count % 2 == 1;
}

static bool is_comment(const char *at, const char *end)
{
	at += indent_of(at, end);
	return at < end && strchr("#;", *at);
}

/* Without blanks at its end. */
static struct span line_at(const char *at, const char *end)
{
	while (end > at && str_is_space(end[-1]))
		end--;
	return (struct span){at, (size_t)(end - at)};
}

/* Where the line ends that a backslash joins to this one, over comments as systemd's. */
static const char *end_of_join(const struct lines *lines, bool *ret_open)
{
	const char *at = lines->rest.data, *all = end_of(lines->rest);

	*ret_open = ends_in_backslash(lines->line);
	while (*ret_open && at < all) {
		const char *end = line_end(at, all);

		*ret_open = is_comment(at, all) || ends_in_backslash(line_at(at, end));
		at = end;
	}
	return at;
}

/* Up to where may the value of this key go on? Its own end, where it may not. */
static void note_reach(struct document_doubt *doubt, const struct lines *lines)
{
	const char *quotes = end_of_quotes(lines);
	bool open = false;

	doubt->end = quotes ? quotes : end_of_join(lines, &open);
	doubt->open = open ? lines->number : 0;
}

/*
 * One that is indented deeper than the key above it may be more of its value, and would
 * be of a key that is put in front of it.
 */
static void note_head(
	struct document_doubt *doubt, const struct lines *lines, size_t indent)
{
	doubt->heads = doubt->why != NULL;
	if (doubt->why || (doubt->has_above && indent > doubt->above_indent))
		doubt->head = lines->number;
	if (indent > doubt->head_indent) {
		doubt->deepest = lines->number;
		doubt->head_indent = indent;
	}
	if (doubt->why)
		return;
	doubt->has_key = false;
	doubt->has_above = doubt->head == lines->number;
}

static void note_key(struct document_doubt *doubt, const struct lines *lines, bool within,
	size_t indent)
{
	if (!within)
		note_reach(doubt, lines);
	if (doubt->why)
		return;
	doubt->has_key = doubt->has_above = true;
	doubt->key_indent = doubt->above_indent = indent;
	if (doubt->heads)
		doubt->why = "the header of its section may be more of a value above "
			     "that";
}

/* Behind the word of a shell; quotes and backslashes keep what they hold. */
static size_t skip_word(struct span text, size_t at)
{
	char quote = '\0';

	for (; at < text.size; at++) {
		char c = text.data[at];

		if (c == '\\' && quote != '\'')
			at++;
		else if (c == quote)
			quote = '\0';
		else if (!quote && strchr("\"'", c))
			quote = c;
		else if (!quote && (str_is_space(c) || c == ';'))
			break;
	}
	return at < text.size ? at : text.size;
}

static bool is_assignment(const char *at, size_t size)
{
	const char *sign = memchr(at, '=', size);

	return sign && str_is_name(at, (size_t)(sign - at));
}

/* A command with which a shell sets other variables, or has them be something else. */
static bool is_about_variables(const char *at, size_t size)
{
	static const char *const commands[] = {
		"export", "readonly", "unset", "declare", "typeset", NULL};

	for (size_t i = 0; commands[i]; i++) {
		size_t length = strlen(commands[i]);

		if (size > length && memcmp(at, commands[i], length) == 0 &&
			str_is_space(at[length]))
			return true;
	}
	return false;
}

/*
 * Is there an assignment behind the first word, which is all that the variable gets, as
 * in "A=1 B=2", or behind a ";" a command that is about variables?
 */
static bool sets_another(struct span value)
{
	size_t at = skip_word(value, 0);

	while (at < value.size) {
		const char *word = value.data + at;
		size_t size = value.size - at, end = skip_word(value, at);

		if (str_is_space(*word) || *word == ';') {
			at++;
			continue;
		}
		if (*word == '#')
			return false;
		if (is_assignment(word, size) || is_about_variables(word, size))
			return true;
		at = end;
	}
	return false;
}

/* The value from the '=' on: to a shell a blank there ends it. */
static struct span behind_sign(const struct lines *lines)
{
	struct span value = lines->value;

	while (value.size && value.data > lines->line.data &&
		str_is_space(value.data[-1])) {
		value.data--;
		value.size++;
	}
	return value;
}

size_t document_doubt_indent(const struct lines *lines)
{
	return indent_of(lines->raw.data, end_of(lines->raw));
}

void document_doubt_line(struct document_doubt *doubt, const struct lines *lines)
{
	const char *begin = lines->raw.data;
	size_t indent = document_doubt_indent(lines);
	bool within = doubt->end && begin < doubt->end;

	doubt->why = NULL;
	if (lines->format == DOCUMENT_ENV && sets_another(behind_sign(lines)))
		doubt->why = "a shell takes more of the line for another variable: write "
			     "each one in a line of its own, or the value in quotes";
	if (lines->format != DOCUMENT_INI || (!lines->heads && !lines->key.size))
		return;
	if (within)
		doubt->why = "it may be more of a value above it, which has a quote or "
			     "backslash at the end of its line";
	else if (doubt->has_key && indent > doubt->key_indent)
		doubt->why = "it is indented deeper than the key above it, and may be "
			     "more of its value";
	if (lines->heads)
		note_head(doubt, lines, indent);
	else
		note_key(doubt, lines, within, indent);
}

bool document_doubt_goes_on(const struct document_doubt *doubt, const struct lines *lines)
{
	const char *at = lines->rest.data, *end = end_of(lines->rest);

	if (lines->format != DOCUMENT_INI || !lines->key.size)
		return false;
	if (doubt->end && doubt->end > at)
		return true;
	for (; at < end; at = line_end(at, end)) {
		size_t indent = indent_of(at, end);

		if (at + indent == end || strchr("\r\n#;", at[indent]))
			continue;
		return indent > doubt->key_indent;
	}
	return false;
}
