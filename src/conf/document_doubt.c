/* SPDX-License-Identifier: MIT */
/* Lines of an ini file that may be more of the value above them. */
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
	for (; (size_t)(end - at) >= size; at++)
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

/* Up to where may the value of this key go on? Its own end, where it may not. */
static const char *reach(const struct lines *lines)
{
	const char *end = lines->rest.data;
	const char *quotes = end_of_quotes(lines);

	if (quotes)
		return quotes;
	return ends_in_backslash(lines->line) ? line_end(end, end_of(lines->rest)) : end;
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
		doubt->end = reach(lines);
	if (doubt->why)
		return;
	doubt->has_key = doubt->has_above = true;
	doubt->key_indent = doubt->above_indent = indent;
	if (doubt->heads)
		doubt->why = "the header of its section may be more of a value above "
			     "that; it is not changed";
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
	if (lines->format != DOCUMENT_INI || (!lines->heads && !lines->key.size))
		return;
	if (within)
		doubt->why = "it may be more of a value above it, which has a quote or "
			     "backslash at the end of its line; it is not changed";
	else if (doubt->has_key && indent > doubt->key_indent)
		doubt->why = "it is indented deeper than the key above it, and may be "
			     "more of its value; it is not changed";
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
