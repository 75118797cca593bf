/* SPDX-License-Identifier: MIT */
/* Formats that have both directions in one file: which parts of it run. */
#include "migration/markers.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/dialect.h"
#include "migration/down.h"
#include "migration/marker.h"
#include "migration/node_sqlite.h"
#include "migration/split.h"

#define SHOWN_MAX 60

/* ---- which tool they are of ---- */

/* Does only this tool have such a line? */
static bool is_distinctive(const struct markers *markers, const struct marker_line *line)
{
	const struct marker_word *word;
	bool taken;
	enum marker marker = marker_read(markers, line, &word, &taken);

	if (marker == MARKER_UNKNOWN)
		return markers->distinctive && marker_has_prefix(markers, *line);
	return marker != MARKER_NONE;
}

/* Sets the first line that shows each tool. */
static void find_lines(const struct script *script, int seen[MARKER_TOOLS_MAX])
{
	struct marker_line line = {.number = 0};
	const struct markers *tool;
	bool up;

	while (marker_next_comment(script, &line))
		for (size_t i = 0; (tool = marker_tool(i)); i++)
			if (!seen[i] && !tool->ambiguous && is_distinctive(tool, &line))
				seen[i] = line.number;
	for (size_t i = 0; (tool = marker_tool(i)); i++)
		if (tool->ambiguous)
			seen[i] = node_sqlite_find(script, &up);
}

const struct markers *markers_find(const struct script *script)
{
	int seen[MARKER_TOOLS_MAX] = {0};
	const struct markers *found = NULL, *tool;

	find_lines(script, seen);
	for (size_t i = 0; (tool = marker_tool(i)); i++) {
		if (!seen[i] || (found && tool->ambiguous))
			continue;
		if (found)
			problems_add(script->problems,
				(struct place){script->file, seen[i], 0},
				"a marker of %s in a file with markers of %s", tool->tool,
				found->tool);
		else
			found = tool;
	}
	return found;
}

bool markers_order(const struct buf *text, enum version_order *ret)
{
	size_t bom = str_bom_size(text->data, text->len);
	const struct script script = {.text = text->data + bom, .size = text->len - bom};
	struct marker_line line = {.number = 0};
	const struct markers *tool;

	while (marker_next_comment(&script, &line))
		for (size_t i = 0; (tool = marker_tool(i)); i++)
			if (!tool->ambiguous && is_distinctive(tool, &line)) {
				if (tool->order != VERSION_NUMBER)
					*ret = tool->order;
				return tool->order != VERSION_NUMBER;
			}
	return false;
}

const char *markers_up(const struct markers *markers)
{
	return markers ? markers->up : NULL;
}

const char *markers_name(const struct markers *markers)
{
	return markers->tool;
}

bool markers_tool(size_t i, const char **ret_tool, struct buf *ret_marker)
{
	const struct markers *tool = marker_tool(i);

	if (!tool)
		return false;
	*ret_tool = tool->tool;
	if (tool->up)
		buf_puts(ret_marker, tool->up);
	else
		buf_printf(ret_marker, "-- %s%s", tool->prefix, tool->words[0].text);
	return true;
}

/* ---- what runs ---- */

/* The parts that were found so far, and the one that is being read. */
struct reading {
	const struct markers *markers;
	const struct script *script;
	struct script_part *parts;
	size_t count;
	enum { BEFORE, UP, BLOCK, DOWN, DOWN_BLOCK } where;
	size_t start;   /* of the part */
	int block_line; /* where the block begins */
	int up_line;    /* where the first up part begins; 0: not with a marker */
	bool up_seen;
	bool up_sql; /* there is SQL in it */
	bool down_sql;
	int bare_line;  /* of the down marker, if no up marker shows that it is one */
	int doubt_line; /* of the down marker, if it may be a comment; or 0 */
};

static bool has_sql(const struct script *script, size_t start, size_t end)
{
	struct tokens tokens = {.text = script->text, .line = 1};
	enum sql_token token;

	tokens_seek(&tokens, start, end);
	do
		token = script->dialect->next(&tokens);
	while (token == SQL_TOKEN_BREAK || token == SQL_TOKEN_SEMICOLON);
	return token != SQL_TOKEN_END;
}

static void add_part(struct reading *reading, size_t end, bool closed)
{
	reading->parts = mem_grow(reading->parts, reading->count, sizeof *reading->parts);
	reading->parts[reading->count++] = (struct script_part){
		.start = reading->start,
		.size = end - reading->start,
		.closed = closed,
	};
}

/* Ends the part; `closed`: it is a block, and this is the marker of its end. */
static void end_part(struct reading *reading, size_t end, bool closed)
{
	const struct script *script = reading->script;
	bool sql = has_sql(script, reading->start, end);

	switch (reading->where) {
	case UP:
	case BLOCK:
		reading->up_sql |= sql;
		add_part(reading, end, closed);
		break;
	case DOWN:
	case DOWN_BLOCK:
		reading->down_sql |= sql;
		break;
	case BEFORE:
		if (sql)
			problems_add(script->problems, (struct place){script->file, 1, 0},
				"there is SQL before the first marker of %s, which would "
				"never run",
				reading->markers->tool);
		break;
	}
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
	CLEANUP_BUF struct buf shown = BUF_INIT;

	size -= size && text[size] && text[size - 1] == '\r';
	buf_add_cut(&shown, text, size, SHOWN_MAX);
	problems_add(reading->script->problems,
		(struct place){reading->script->file, line->number, 0}, "'%s': %s",
		shown.data, what);
}

/* The tool takes it for a comment, or fails. */
static void report_not_taken(const struct reading *reading,
	const struct marker_line *line, const struct marker_word *word)
{
	const struct markers *markers = reading->markers;
	CLEANUP_BUF struct buf what = BUF_INIT;

	buf_printf(&what,
		"%s does not take this for a marker; write '-- %s%s%s' at the beginning "
		"of the line%s",
		markers->tool, markers->prefix, markers->blanks ? " " : "", word->text,
		markers->whole_line ? " and nothing behind it" : "");
	report_line(reading, line, what.data);
}

/*
 * A block is one statement; one in the down part is skipped like everything there, but to
 * a tool that wants its end.
 */
static void take_block(
	struct reading *reading, const struct marker_line *line, bool begin)
{
	bool down = reading->where == DOWN || reading->where == DOWN_BLOCK;

	if (down && !reading->markers->once)
		return;
	if (reading->where !=
		(begin ? (down ? DOWN : UP) : (down ? DOWN_BLOCK : BLOCK))) {
		report_line(reading, line,
			begin ? "it must be in the up part, and outside of a block"
			      : "there is no StatementBegin before it");
		return;
	}
	end_part(reading, line->start, !begin);
	if (down)
		reading->where = begin ? DOWN_BLOCK : DOWN;
	else
		reading->where = begin ? BLOCK : UP;
	reading->start = line->end;
	reading->block_line = line->number;
}

/* Why the tool refuses the marker in this place; NULL if it does not. */
static const char *find_misplaced(const struct reading *reading, bool up)
{
	bool down = reading->where == DOWN || reading->where == DOWN_BLOCK;

	if (up && down && !reading->up_seen && reading->markers->up_first)
		return "there is a down marker before it";
	if (reading->markers->once && (up ? reading->up_seen : down))
		return "there is one before it";
	return NULL;
}

static void take_direction(
	struct reading *reading, const struct marker_line *line, bool up)
{
	const char *misplaced = find_misplaced(reading, up);

	if (misplaced)
		report_line(reading, line, misplaced);
	if (reading->where == BLOCK || reading->where == DOWN_BLOCK)
		report_block(reading);
	end_part(reading, line->start, false);
	reading->where = up ? UP : DOWN;
	reading->start = line->end;
	if (up && !reading->up_seen)
		reading->up_line = line->number;
	reading->up_seen |= up;
}

/* What is no marker to other tools, or may be a comment. */
static void take_ambiguous(
	struct reading *reading, const struct marker_line *line, enum marker marker)
{
	bool prose, plain;

	if (reading->where == DOWN) {
		if (node_sqlite_is_up(line->text, line->size))
			report_line(reading, line,
				"there is a down marker before it, so what is behind it "
				"would never run");
		return;
	}
	if (marker != MARKER_DOWN)
		return;
	plain = reading->bare_line
		? line->number == reading->bare_line
		: down_look(line->text, line->size, &prose) == DOWN_ALONE;
	if (reading->bare_line && !plain)
		report_line(reading, line,
			"node-sqlite takes this for a down marker, and leaves out what "
			"is behind it; reword it");
	else if (reading->bare_line || !plain)
		reading->doubt_line = line->number;
}

static void take(struct reading *reading, const struct marker_line *line)
{
	const struct marker_word *word;
	bool taken;
	enum marker marker = marker_read(reading->markers, line, &word, &taken);

	if (!taken)
		report_not_taken(reading, line, word);
	if (reading->markers->ambiguous)
		take_ambiguous(reading, line, marker);
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
	case MARKER_OUTSIDE:
	case MARKER_IGNORED:
		break;
	}
}

/* What is wrong with all of it. */
static void check(const struct reading *reading)
{
	const struct script *script = reading->script;
	const struct markers *markers = reading->markers;

	if (!reading->up_seen)
		problems_add(script->problems, (struct place){.file = script->file},
			"has markers of %s, but no '%s': nothing of it would run",
			markers->tool, markers->up);
	else if (!reading->up_sql && reading->down_sql)
		problems_add(script->problems,
			(struct place){script->file, reading->up_line, 0},
			"its up part is empty, but its down part is not; if there is "
			"nothing to do, write `SELECT 1;`");
}

void markers_split(const struct markers *markers, const struct script *script,
	struct script_part **ret, size_t *ret_count, int *ret_doubt)
{
	struct reading reading = {
		.markers = markers,
		.script = script,
		.where = markers->up ? BEFORE : UP,
		.up_seen = !markers->up,
	};
	struct marker_line line = {.number = 0};
	bool up;

	if (markers->ambiguous) {
		reading.bare_line = node_sqlite_find(script, &up);
		reading.bare_line = up ? 0 : reading.bare_line;
	}
	while (marker_next_comment(script, &line))
		take(&reading, &line);
	if (reading.where == BLOCK || reading.where == DOWN_BLOCK)
		report_block(&reading);
	end_part(&reading, script->size, false);
	check(&reading);
	*ret = reading.parts;
	*ret_count = reading.count;
	*ret_doubt = reading.down_sql ? reading.doubt_line : 0;
}

bool markers_outside(const struct markers *markers, const struct script *script)
{
	struct marker_line line = {.number = 0};

	while (marker_next_comment(script, &line))
		if (marker_is_outside(markers, &line))
			return true;
	return false;
}
