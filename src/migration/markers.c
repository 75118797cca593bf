/* SPDX-License-Identifier: MIT */
/* Formats that have both directions in one file: which parts of it run. */
#include "migration/markers.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/dialect.h"
#include "migration/split.h"

#define WORDS_MAX 7
#define SHOWN_MAX 60

enum marker {
	MARKER_NONE, /* an ordinary line */
	MARKER_UP,
	MARKER_DOWN,
	MARKER_BEGIN, /* of one statement, however many semicolons it has */
	MARKER_END,
	MARKER_IGNORED,
	MARKER_REFUSED,
	MARKER_UNKNOWN,
};

struct markers {
	const char *tool;
	const char *up; /* as in markers_up(); NULL: all before the first marker runs */
	const char *prefix;       /* after the "--" and blanks; "" for none */
	enum version_order order; /* of the tool's versions */
	bool blanks;              /* there may be blanks between prefix and word */
	bool whole_line;          /* a word is a marker only if nothing follows it */
	bool reserved;    /* no ordinary comment begins with the prefix, so an unknown
			       word is an error in a file with markers of this tool */
	bool distinctive; /* that word alone shows that they are this tool's */
	bool ambiguous;   /* markers may be ordinary comments beside another tool's */
	bool opened; /* … or at all, unless another comment of the tool is before */
	struct word {
		const char *text;
		enum marker marker;
	} words[WORDS_MAX + 1];
};

/*
 * What else these tools know (transaction:false, NO TRANSACTION, notransaction) is about
 * transactions: a statement that cannot run inside one is refused by itself.
 */
static const struct markers tools[] = {
	{"dbmate", .up = "-- migrate:up", .prefix = "migrate:", .reserved = true,
		.order = VERSION_TEXT,
		.words = {{"up", MARKER_UP}, {"down", MARKER_DOWN}}},
	{"goose", .up = "-- +goose Up", .prefix = "+goose", .blanks = true,
		.reserved = true, .distinctive = true,
		.words = {{"Up", MARKER_UP}, {"Down", MARKER_DOWN},
			{"StatementBegin", MARKER_BEGIN}, {"StatementEnd", MARKER_END},
			{"NO TRANSACTION", MARKER_IGNORED},
			{"ENVSUB OFF", MARKER_IGNORED}, {"ENVSUB ON", MARKER_REFUSED}}},
	{"sql-migrate", .up = "-- +migrate Up", .prefix = "+migrate", .blanks = true,
		.order = VERSION_PREFIX, .reserved = true, .distinctive = true,
		.words = {{"Up", MARKER_UP}, {"Down", MARKER_DOWN},
			{"StatementBegin", MARKER_BEGIN}, {"StatementEnd", MARKER_END}}},
	{"MyBatis", .prefix = "//", .blanks = true, .opened = true,
		.words = {{"@UNDO", MARKER_DOWN}}},
	{"node-sqlite", .prefix = "", .whole_line = true, .ambiguous = true,
		.opened = true, .words = {{"Down", MARKER_DOWN}, {"Up", MARKER_IGNORED}}},
};
#define TOOLS (sizeof tools / sizeof *tools)

/* ---- lines ---- */

/* A line that is a comment. */
struct marker_line {
	size_t start;
	size_t end; /* after its newline */
	int number;
	const char *text; /* after its "--" */
	size_t size;
};

static void skip_blank(struct marker_line *line)
{
	while (line->size && (*line->text == ' ' || *line->text == '\t')) {
		line->text++;
		line->size--;
	}
}

static bool skip_word(struct marker_line *line, const char *word)
{
	size_t size = strlen(word);

	if (line->size < size || strncasecmp(line->text, word, size) != 0)
		return false;
	line->text += size;
	line->size -= size;
	return true;
}

/* Goes to the next comment; false if there is none. */
static bool next_comment(const struct script *script, struct marker_line *line)
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
		skip_blank(line);
		if (skip_word(line, "--"))
			return true;
	}
	return false;
}

static enum marker marker_of(const struct markers *markers, struct marker_line line)
{
	skip_blank(&line);
	if (!skip_word(&line, markers->prefix))
		return MARKER_NONE;
	if (markers->blanks)
		skip_blank(&line);
	for (const struct word *word = markers->words; word->text; word++) {
		struct marker_line rest = line;

		if (!skip_word(&rest, word->text))
			continue;
		if (!rest.size || (!markers->whole_line && str_is_space(*rest.text)))
			return word->marker;
		skip_blank(&rest);
		if (!rest.size)
			return word->marker;
	}
	return markers->reserved ? MARKER_UNKNOWN : MARKER_NONE;
}

/* ---- which tool they are of ---- */

/* Is it how a file of the tool begins: "-- Up", or "-- // what it does"? */
static bool is_opening(const struct markers *markers, struct marker_line line)
{
	enum marker marker = marker_of(markers, line);

	skip_blank(&line);
	return marker == MARKER_IGNORED ||
		(marker == MARKER_NONE && *markers->prefix &&
			skip_word(&line, markers->prefix));
}

/* Does only this tool have such a line? `open`: is_opening() held for one before it. */
static bool is_distinctive(
	const struct markers *markers, const struct marker_line *line, bool *open)
{
	enum marker marker = marker_of(markers, *line);

	*open |= is_opening(markers, *line);
	if (markers->opened)
		return *open && marker == MARKER_DOWN;
	if (marker == MARKER_UNKNOWN)
		return markers->distinctive;
	return marker != MARKER_NONE;
}

const struct markers *markers_find(const struct script *script)
{
	struct marker_line line = {.number = 0};
	int seen[TOOLS] = {0}; /* the first line that shows the tool */
	bool open[TOOLS] = {false};
	const struct markers *found = NULL;

	while (next_comment(script, &line))
		for (size_t i = 0; i < TOOLS; i++)
			if (!seen[i] && is_distinctive(&tools[i], &line, &open[i]))
				seen[i] = line.number;
	for (size_t i = 0; i < TOOLS; i++) {
		if (!seen[i] || (found && tools[i].ambiguous))
			continue;
		if (found)
			problems_add(script->problems,
				(struct place){script->file, seen[i], 0},
				"a marker of %s in a file with markers of %s",
				tools[i].tool, found->tool);
		else
			found = &tools[i];
	}
	return found;
}

bool markers_order(const struct buf *text, enum version_order *ret)
{
	size_t bom = str_bom_size(text->data, text->len);
	const struct script script = {.text = text->data + bom, .size = text->len - bom};
	struct marker_line line = {.number = 0};
	bool open[TOOLS] = {false};

	while (next_comment(&script, &line))
		for (size_t i = 0; i < TOOLS; i++)
			if (is_distinctive(&tools[i], &line, &open[i])) {
				if (tools[i].order != VERSION_NUMBER)
					*ret = tools[i].order;
				return tools[i].order != VERSION_NUMBER;
			}
	return false;
}

const char *markers_up(const struct markers *markers)
{
	return markers ? markers->up : NULL;
}

bool markers_tool(size_t i, const char **ret_tool, struct buf *ret_marker)
{
	if (i >= TOOLS)
		return false;
	*ret_tool = tools[i].tool;
	if (tools[i].up)
		buf_puts(ret_marker, tools[i].up);
	else
		buf_printf(
			ret_marker, "-- %s%s", tools[i].prefix, tools[i].words[0].text);
	return true;
}

/* ---- what runs ---- */

/* The parts that were found so far, and the one that is being read. */
struct reading {
	const struct markers *markers;
	const struct script *script;
	struct script_part *parts;
	size_t count;
	enum { BEFORE, UP, BLOCK, DOWN } where;
	size_t start;   /* of the part */
	int block_line; /* where the block begins */
	bool up_seen;
};

static bool has_sql(const struct script *script, size_t start, size_t end)
{
	struct tokens tokens = {.text = script->text, .line = 1};
	enum sql_token token;

	tokens_seek(&tokens, start, end);
	do
		token = script->dialect->next(&tokens);
	while (token == SQL_TOKEN_BREAK);
	return token != SQL_TOKEN_END;
}

/* Ends the part; `closed`: it is a block, and this is the marker of its end. */
static void end_part(struct reading *reading, size_t end, bool closed)
{
	const struct script *script = reading->script;

	if (reading->where == UP || reading->where == BLOCK) {
		reading->parts =
			mem_grow(reading->parts, reading->count, sizeof *reading->parts);
		reading->parts[reading->count++] = (struct script_part){
			.start = reading->start,
			.size = end - reading->start,
			.closed = closed,
		};
	}
	if (reading->where == BEFORE && has_sql(script, reading->start, end))
		problems_add(script->problems, (struct place){script->file, 1, 0},
			"there is SQL before the first marker of %s, which would never "
			"run",
			reading->markers->tool);
}

static void report_block(const struct reading *reading)
{
	problems_add(reading->script->problems,
		(struct place){reading->script->file, reading->block_line, 0},
		"this StatementBegin has no StatementEnd");
}

/* Reports what is wrong with a line, after its text. */
static void report_line(
	const struct reading *reading, const struct marker_line *line, const char *what)
{
	const char *text = reading->script->text + line->start;
	size_t size = strcspn(text, "\n");

	size -= size && text[size] && text[size - 1] == '\r';
	problems_add(reading->script->problems,
		(struct place){reading->script->file, line->number, 0}, "'%.*s': %s",
		(int)(size < SHOWN_MAX ? size : SHOWN_MAX), text, what);
}

/* A block is one statement; one in the down part is skipped like everything there. */
static void take_block(
	struct reading *reading, const struct marker_line *line, bool begin)
{
	if (reading->where == DOWN)
		return;
	if (reading->where != (begin ? UP : BLOCK)) {
		report_line(reading, line,
			begin ? "it must be in the up part, and outside of a block"
			      : "there is no StatementBegin before it");
		return;
	}
	end_part(reading, line->start, !begin);
	reading->where = begin ? BLOCK : UP;
	reading->start = line->end;
	reading->block_line = line->number;
}

static void take_direction(
	struct reading *reading, const struct marker_line *line, bool up)
{
	if (reading->where == BLOCK)
		report_block(reading);
	end_part(reading, line->start, false);
	reading->where = up ? UP : DOWN;
	reading->start = line->end;
	reading->up_seen |= up;
}

static void take(
	struct reading *reading, const struct marker_line *line, enum marker marker)
{
	switch (marker) {
	case MARKER_UP:
	case MARKER_DOWN:
		take_direction(reading, line, marker == MARKER_UP);
		break;
	case MARKER_BEGIN:
	case MARKER_END:
		take_block(reading, line, marker == MARKER_BEGIN);
		break;
	case MARKER_REFUSED:
		report_line(reading, line,
			"variables are not expanded in a migration; write the value");
		break;
	case MARKER_UNKNOWN:
		report_line(reading, line, "this marker is unknown");
		break;
	case MARKER_NONE:
	case MARKER_IGNORED:
		break;
	}
}

void markers_split(const struct markers *markers, const struct script *script,
	struct script_part **ret, size_t *ret_count)
{
	struct reading reading = {
		.markers = markers,
		.script = script,
		.where = markers->up ? BEFORE : UP,
		.up_seen = !markers->up,
	};
	struct marker_line line = {.number = 0};

	while (next_comment(script, &line))
		take(&reading, &line, marker_of(markers, line));
	if (reading.where == BLOCK)
		report_block(&reading);
	end_part(&reading, script->size, false);
	if (!reading.up_seen)
		problems_add(script->problems, (struct place){.file = script->file},
			"has markers of %s, but no '%s': nothing of it would run",
			markers->tool, markers->up);
	*ret = reading.parts;
	*ret_count = reading.count;
}
