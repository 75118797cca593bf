/* SPDX-License-Identifier: MIT */
/* The lines of files of other programs. */
#include "conf/document_lines.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/place.h"
#include "base/str.h"
#include "conf/document_property.h"

static struct span trim(struct span span)
{
	while (span.size && str_is_space(span.data[0]))
		span = (struct span){span.data + 1, span.size - 1};
	while (span.size && str_is_space(span.data[span.size - 1]))
		span.size--;
	return span;
}

/* What is in front of the first of these bytes; all of it where there is none. */
static struct span before(struct span span, const char *bytes)
{
	size_t size = 0;

	while (size < span.size && !strchr(bytes, span.data[size]))
		size++;
	return trim((struct span){span.data, size});
}

static bool is(struct span span, const char *text)
{
	return span.size == strlen(text) && memcmp(span.data, text, span.size) == 0;
}

/* From the first byte up to the second. */
static struct span from_to(const char *begin, const char *end)
{
	return (struct span){begin, (size_t)(end - begin)};
}

static const char *end_of(struct span span)
{
	return span.data + span.size;
}

/* ---- lines ---- */

static bool next_line(struct lines *lines)
{
	const char *end;
	size_t size = lines->rest.size;

	if (!size)
		return false;
	end = memchr(lines->rest.data, '\n', size);
	if (end)
		size = (size_t)(end - lines->rest.data) + 1;
	lines->raw = from_to(lines->raw.data, lines->rest.data + size);
	lines->line = trim((struct span){lines->rest.data, size});
	lines->rest = from_to(lines->rest.data + size, end_of(lines->rest));
	lines->number++;
	return true;
}

int lines_locate(const struct lines *lines, struct err *err)
{
	return err_at(err, (struct place){.file = lines->file, .line = lines->number});
}

int lines_raise(const struct lines *lines, const char *what, struct err *err)
{
	(void)err_config(err, "%s", what); /* always -1 */
	return lines_locate(lines, err);
}

/* What is behind the key and a separator, if there is one. */
static void take_value(struct lines *lines, const char *separators)
{
	struct span rest = trim(from_to(end_of(lines->key), end_of(lines->line)));

	if (rest.size && strchr(separators, rest.data[0]))
		rest = trim(from_to(rest.data + 1, end_of(rest)));
	lines->value = rest;
}

/* The ']' with nothing but a comment behind it, or else the last one; or NULL. */
static const char *head_end(struct span line)
{
	const char *end = line.data;

	while ((end = memchr(end, ']', (size_t)(end_of(line) - end)))) {
		struct span rest = trim(from_to(++end, end_of(line)));

		if (!rest.size || strchr("#;", rest.data[0]))
			return end - 1;
	}
	return memrchr(line.data, ']', line.size);
}

static int read_ini(struct lines *lines, struct err *err)
{
	struct span line = lines->line;
	const char *end;

	if (!line.size || strchr("#;", line.data[0]))
		return 0;
	if (line.data[0] != '[') {
		lines->key = before(line, "=:");
		take_value(lines, "=:");
		return lines->key.size ? 0
				       : lines_raise(lines, "a value without a key", err);
	}
	end = head_end(line);
	if (!end)
		return lines_raise(lines, "the section has no ']' at its end", err);
	lines->head = from_to(line.data + 1, end);
	lines->section = trim(lines->head);
	lines->heads = true;
	return 0;
}

static bool is_quoted(struct span value)
{
	return value.size && (value.data[0] == '"' || value.data[0] == '\'');
}

/* Which quote is open behind the text, as a shell reads it; '\0': none. */
static char open_quote(struct span text)
{
	char quote = '\0';

	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];

		if (c == '\\' && quote != '\'')
			i++;
		else if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? '\0' : c;
	}
	return quote;
}

/* A value in quotes goes on behind the end of its line. */
static int skip_quoted(struct lines *lines, struct err *err)
{
	struct lines next = *lines;

	while (open_quote(next.value)) {
		if (next_line(&next)) {
			next.value = from_to(next.value.data, end_of(next.line));
			continue;
		}
		/* Docker takes an apostrophe for no more than that. */
		return is_quoted(lines->value)
			? lines_raise(lines, "the quote of the value is not closed", err)
			: 0;
	}
	if (next.number > lines->number && !is_quoted(lines->value))
		return lines_raise(lines,
			"a quote within the value is closed in a later line: put all of "
			"the value in quotes",
			err);
	*lines = next;
	return 0;
}

/* An odd number of backslashes at its end: the next line goes on with this one. */
static bool is_continued(const struct lines *lines)
{
	struct span raw = lines->raw;
	size_t count = 0;

	if (raw.size && raw.data[raw.size - 1] == '\n')
		raw.size--;
	if (raw.size && raw.data[raw.size - 1] == '\r')
		raw.size--;
	while (count < raw.size && raw.data[raw.size - 1 - count] == '\\')
		count++;
	return count % 2 == 1;
}

static int read_env(struct lines *lines, struct err *err)
{
	struct span line = lines->line;

	if (!line.size || line.data[0] == '#')
		return 0;
	if (line.size > 7 && memcmp(line.data, "export", 6) == 0 &&
		str_is_space(line.data[6])) {
		line = trim(from_to(line.data + 6, end_of(line)));
		lines->exported = true;
	}
	lines->key = before(line, "=");
	if (!str_is_name(lines->key.data, lines->key.size))
		return lines_raise(lines, "the line is no NAME=value", err);
	take_value(lines, "=");
	if (skip_quoted(lines, err) < 0)
		return -1;
	if (!is_quoted(lines->value) && is_continued(lines))
		return lines_raise(lines,
			"the line ends in a backslash, which for a shell joins the next "
			"line to it: put the value in quotes",
			err);
	return 0;
}

/* The key is what is in front of the separator, or of the end: in a later line, maybe. */
static int read_properties(struct lines *lines, struct err *err)
{
	const char *begin = lines->line.data, *at = begin;

	if (!lines->line.size || strchr("#!", *begin))
		return 0;
	while (at < end_of(lines->line) && !strchr("=: \t\f", *at)) {
		at += *at == '\\' && at + 1 < end_of(lines->line) ? 2 : 1;
		if (at == end_of(lines->line) && is_continued(lines) && next_line(lines))
			at = lines->line.data;
	}
	lines->key = from_to(begin, at);
	take_value(lines, "=:");
	while (is_continued(lines)) {
		if (!next_line(lines))
			return lines_raise(lines,
				"the last line ends in a backslash, which would join "
				"what is written behind it: write two of them, or none",
				err);
		lines->value = from_to(lines->value.data, end_of(lines->line));
	}
	return 0;
}

/* All of it is the key. */
static int read_whole(struct lines *lines, struct err *err)
{
	(void)err;
	if (lines->line.size)
		lines->key = from_to(lines->raw.data, end_of(lines->line));
	lines->value = lines->key;
	return 0;
}

typedef int read_line(struct lines *lines, struct err *err);

static read_line *const readers[] = {
	[DOCUMENT_INI] = read_ini,
	[DOCUMENT_ENV] = read_env,
	[DOCUMENT_PROPERTIES] = read_properties,
	[DOCUMENT_LINES] = read_whole,
};

int lines_begin(struct lines *lines, enum document_format format, const char *file,
	const char *text, size_t size, struct err *err)
{
	size_t bom = str_bom_size(text, size);

	*lines = (struct lines){.format = format, .file = file};
	lines->rest = from_to(text + bom, text + size);
	return memchr(text, '\0', size) ? lines_raise(lines, "it holds a NUL byte", err)
					: 0;
}

int lines_next(struct lines *lines, struct err *err)
{
	lines->raw = (struct span){lines->rest.data, 0};
	lines->key = lines->value = (struct span){0};
	lines->heads = lines->exported = false;
	if (!next_line(lines))
		return 0;
	return readers[lines->format](lines, err) < 0 ? -1 : 1;
}

/* ---- keys ---- */

/* Is it "section.key", where either may have dots? */
static bool is_ini_key(const struct lines *lines, const char *key)
{
	struct span section = lines->section, name = lines->key;
	size_t at = section.size ? section.size + 1 : 0;

	return strlen(key) == at + name.size && (!at || key[at - 1] == '.') &&
		strncasecmp(key, section.data ? section.data : "", section.size) == 0 &&
		strncasecmp(key + at, name.data, name.size) == 0;
}

static bool is_in_word(char c)
{
	return str_is_alnum(c) || c == '_' || c == '-';
}

/* Does it begin so? "Port" is not the beginning of "PortForwarding". */
static bool begins(struct span line, const char *key)
{
	size_t size = strlen(key);

	if (!size || line.size < size || memcmp(line.data, key, size) != 0)
		return false;
	return line.size == size || !is_in_word(key[size - 1]) ||
		!is_in_word(line.data[size]);
}

bool lines_is_key(const struct lines *lines, const char *key)
{
	if (!lines->key.size)
		return false;
	switch (lines->format) {
	case DOCUMENT_INI:
		return is_ini_key(lines, key);
	case DOCUMENT_PROPERTIES:
		return property_is_key(lines->key, key);
	case DOCUMENT_LINES:
		return begins(lines->line, key);
	default:
		return is(lines->key, key);
	}
}

/* Names of ini are the same in any case. */
static bool is_same(const struct lines *lines, struct span one, struct span other)
{
	if (one.size != other.size)
		return false;
	if (!one.size)
		return true;
	return lines->format == DOCUMENT_INI
		? strncasecmp(one.data, other.data, one.size) == 0
		: memcmp(one.data, other.data, one.size) == 0;
}

bool lines_same_section(const struct lines *lines, struct span section)
{
	return is_same(lines, lines->section, section);
}

bool lines_same_key(const struct lines *lines, struct span key)
{
	if (lines->format == DOCUMENT_PROPERTIES)
		return lines->key.size && property_same_key(lines->key, key);
	return lines->key.size && is_same(lines, lines->key, key);
}

size_t lines_behind(const struct lines *lines)
{
	const char *end = end_of(lines->value);
	const char *line_end = end_of(lines->raw);

	while (line_end > end && strchr("\r\n", line_end[-1]))
		line_end--;
	return lines->format == DOCUMENT_LINES ? 0 : (size_t)(line_end - end);
}

int lines_check_head(const struct lines *lines, struct err *err)
{
	struct span line = lines->line;
	const char *end = line.size && *line.data == '[' ? head_end(line) : NULL;
	struct span behind = {NULL, 0};

	if (end)
		behind = trim(from_to(end + 1, line.data + line.size));
	if (!behind.size || strchr("#;", *behind.data))
		return 0;
	return lines_raise(lines,
		"what is behind the header would set nothing: write each key on a line "
		"of its own",
		err);
}
