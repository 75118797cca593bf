/* SPDX-License-Identifier: MIT */
/* The markers of the tools, and which line is one. */
#include "migration/marker.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "migration/node_sqlite.h"
#include "migration/split.h"

static bool takes_dbmate(const struct marker_line *line, const char *word);
static bool takes_goose(const struct marker_line *line, const char *word);
static bool takes_sql_migrate(const struct marker_line *line, const char *word);
static bool takes_mybatis(const struct marker_line *line, const char *word);
static bool takes_node_sqlite(const struct marker_line *line, const char *word);

static const struct markers tools[] = {
	{"dbmate", .up = "-- migrate:up", .prefix = "migrate:", .reserved = true,
		.outside = "transaction:false", .order = VERSION_TEXT, .up_first = true,
		.takes = takes_dbmate,
		.words = {{"up", MARKER_UP}, {"down", MARKER_DOWN}}},
	{"goose", .up = "-- +goose Up", .prefix = "+goose", .blanks = true,
		.whole_line = true, .up_first = true, .once = true, .reserved = true,
		.distinctive = true, .takes = takes_goose,
		.words = {{"Up", MARKER_UP}, {"Down", MARKER_DOWN},
			{"StatementBegin", MARKER_BEGIN}, {"StatementEnd", MARKER_END},
			{"NO TRANSACTION", MARKER_OUTSIDE},
			{"ENVSUB OFF", MARKER_IGNORED}, {"ENVSUB ON", MARKER_REFUSED}}},
	{"sql-migrate", .up = "-- +migrate Up", .prefix = "+migrate", .blanks = true,
		.outside = "notransaction", .order = VERSION_PREFIX, .reserved = true,
		.distinctive = true, .takes = takes_sql_migrate,
		.words = {{"Up", MARKER_UP}, {"Down", MARKER_DOWN},
			{"StatementBegin", MARKER_BEGIN}, {"StatementEnd", MARKER_END}}},
	{"MyBatis", .prefix = "//", .takes = takes_mybatis,
		.words = {{"@UNDO", MARKER_DOWN}}},
	{"node-sqlite", .prefix = "", .ambiguous = true, .takes = takes_node_sqlite,
		.words = {{"Down", MARKER_DOWN}}},
};
#define TOOLS (sizeof tools / sizeof *tools)

_Static_assert(TOOLS <= MARKER_TOOLS_MAX, "a limit that fits");

const struct markers *marker_tool(size_t i)
{
	return i < TOOLS ? &tools[i] : NULL;
}

/* ---- lines ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_blank(struct marker_line *line)
{
	while (line->size && is_blank(*line->text)) {
		line->text++;
		line->size--;
	}
}

static bool skip(struct marker_line *line, const char *word)
{
	size_t size = strlen(word);

	if (line->size < size || memcmp(line->text, word, size) != 0)
		return false;
	line->text += size;
	line->size -= size;
	return true;
}

/* The same in capitals or small letters. */
static bool skip_alike(struct marker_line *line, const char *word)
{
	size_t size = strlen(word);

	if (line->size < size || strncasecmp(line->text, word, size) != 0)
		return false;
	line->text += size;
	line->size -= size;
	return true;
}

static bool ends_here(struct marker_line line)
{
	skip_blank(&line);
	return !line.size;
}

/* Is there the end of a word? */
static bool ends_word(const struct marker_line *line)
{
	return !line->size || str_is_space(*line->text);
}

bool marker_next_comment(const struct script *script, struct marker_line *line)
{
	const char *text = script->text;
	size_t size = script->size;

	while (line->end < size) {
		const char *newline = memchr(text + line->end, '\n', size - line->end);

		line->start = line->end;
		line->end = newline ? (size_t)(newline - text) + 1 : size;
		line->number++;
		line->text = text + line->start;
		line->size = (newline ? line->end - 1 : size) - line->start;
		line->size -= newline && line->size && newline[-1] == '\r';
		line->indented = line->size && is_blank(*line->text);
		skip_blank(line);
		if (skip(line, "--"))
			return true;
	}
	return false;
}

/* ---- as the tools themselves read them ---- */

/* ^--\s*migrate:up(\s*$|\s+\S+) */
static bool takes_dbmate(const struct marker_line *line, const char *word)
{
	struct marker_line rest = *line;

	skip_blank(&rest);
	return !line->indented && skip(&rest, "migrate:") && skip(&rest, word) &&
		ends_word(&rest);
}

/* What goose cuts out of a line: each "--", and "+goose", which must be there once. */
static void skip_cut(struct marker_line *line, int *marks)
{
	for (;;) {
		skip_blank(line);
		if (skip(line, "+goose"))
			(*marks)++;
		else if (!skip(line, "--"))
			return;
	}
}

static bool takes_goose(const struct marker_line *line, const char *word)
{
	struct marker_line rest = *line;
	int marks = 0;

	skip_cut(&rest, &marks);
	if (line->indented || !skip_alike(&rest, word))
		return false;
	skip_cut(&rest, &marks);
	return !rest.size && marks == 1;
}

/* "-- +migrate ", and then words, of which the others are options. */
static bool takes_sql_migrate(const struct marker_line *line, const char *word)
{
	struct marker_line rest = *line;

	if (line->indented || !skip(&rest, " +migrate "))
		return false;
	skip_blank(&rest);
	return skip(&rest, word) && ends_word(&rest);
}

/* Blanks may be anywhere in between, and anything behind it. */
static bool takes_mybatis(const struct marker_line *line, const char *word)
{
	struct marker_line rest = *line;

	skip_blank(&rest);
	if (!skip(&rest, "//"))
		return false;
	skip_blank(&rest);
	return skip(&rest, word);
}

static bool takes_node_sqlite(const struct marker_line *line, const char *word)
{
	(void)word; /* it has one */
	return node_sqlite_takes(line->text, line->size);
}

/* ---- what a line is ---- */

bool marker_has_prefix(const struct markers *markers, struct marker_line line)
{
	skip_blank(&line);
	return skip_alike(&line, markers->prefix);
}

static bool looks_like(
	const struct markers *markers, struct marker_line line, const char *word)
{
	bool blank;

	skip_blank(&line);
	if (!skip_alike(&line, markers->prefix))
		return false;
	blank = line.size && is_blank(*line.text);
	skip_blank(&line);
	if (!skip_alike(&line, word))
		return false;
	/* "-- migrate: up" is meant to be one, "-- migrate: up to here" is not. */
	if (blank && !markers->blanks)
		return ends_here(line);
	return ends_word(&line);
}

/* To goose, any comment with its prefix is a marker. */
static bool is_reserved(const struct markers *markers, const struct marker_line *line)
{
	const char *prefix = markers->prefix;

	return markers->reserved &&
		(marker_has_prefix(markers, *line) ||
			(markers->whole_line &&
				memmem(line->text, line->size, prefix, strlen(prefix))));
}

enum marker marker_read(const struct markers *markers, const struct marker_line *line,
	const struct marker_word **ret_word, bool *ret_taken)
{
	const struct marker_word *alike = NULL;

	*ret_word = NULL;
	*ret_taken = true;
	for (const struct marker_word *word = markers->words; word->text; word++) {
		if (markers->reserved && looks_like(markers, *line, word->text))
			alike = word;
		if (!markers->takes(line, word->text))
			continue;
		*ret_word = word;
		return word->marker;
	}
	if (!alike)
		return is_reserved(markers, line) ? MARKER_UNKNOWN : MARKER_NONE;
	*ret_word = alike;
	*ret_taken = false;
	return alike->marker;
}

static bool has_option(const struct marker_line *line, const char *option)
{
	const char *end = line->text + line->size;

	for (const char *at = line->text; at < end; at++) {
		const char *word = at;

		while (at < end && !str_is_space(*at))
			at++;
		if (strlen(option) == (size_t)(at - word) &&
			memcmp(word, option, (size_t)(at - word)) == 0)
			return true;
	}
	return false;
}

bool marker_is_outside(const struct markers *markers, const struct marker_line *line)
{
	const struct marker_word *word;
	bool taken;
	enum marker marker = marker_read(markers, line, &word, &taken);

	return marker == MARKER_OUTSIDE ||
		(marker == MARKER_UP && markers->outside &&
			has_option(line, markers->outside));
}
