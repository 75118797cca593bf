/* SPDX-License-Identifier: MIT */
/* Files with the way up and the way back in them, taken apart. */
#include "db/marks.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "db/scan.h"
#include "db/sql.h"

#define WORDS_MAX 7
#define SHOWN_MAX 60

enum mark {
	MARK_NONE, /* an ordinary line */
	MARK_UP,
	MARK_DOWN,
	MARK_BEGIN, /* of one statement, whatever semicolons it has */
	MARK_END,
	MARK_IGNORED,
	MARK_REFUSED,
	MARK_UNKNOWN,
};

struct marks {
	const char *tool;
	const char *prefix; /* behind the "--"; then blanks, where it is a word itself */
	const char *up;     /* NULL: all before the first mark is the way up */
	bool whole;         /* a word is a mark where nothing else is in its line */
	struct word {
		const char *text;
		enum mark mark;
	} words[WORDS_MAX + 1];
};

/*
 * All else that these tools know (transaction:false, NO TRANSACTION, notransaction) is
 * about transactions: what cannot run inside one is refused by its own statement.
 */
static const struct marks tools[] = {
	{"dbmate", "migrate:", "-- migrate:up", false,
		{{"up", MARK_UP}, {"down", MARK_DOWN}}},
	{"goose", "+goose", "-- +goose Up", false,
		{{"Up", MARK_UP}, {"Down", MARK_DOWN}, {"StatementBegin", MARK_BEGIN},
			{"StatementEnd", MARK_END}, {"NO TRANSACTION", MARK_IGNORED},
			{"ENVSUB OFF", MARK_IGNORED}, {"ENVSUB ON", MARK_REFUSED}}},
	{"sql-migrate", "+migrate", "-- +migrate Up", false,
		{{"Up", MARK_UP}, {"Down", MARK_DOWN}, {"StatementBegin", MARK_BEGIN},
			{"StatementEnd", MARK_END}}},
	{"MyBatis", "//", NULL, false, {{"@UNDO", MARK_DOWN}}},
	{"node-sqlite", "", NULL, true, {{"Up", MARK_IGNORED}, {"Down", MARK_DOWN}}},
};
#define TOOLS (sizeof tools / sizeof *tools)

/* ---- lines ---- */

/* A comment: `text` is behind its "--". */
struct line {
	size_t start;
	size_t end; /* behind its newline */
	int number;
	const char *text;
	size_t size;
};

static void skip_blank(struct line *line)
{
	while (line->size && (*line->text == ' ' || *line->text == '\t')) {
		line->text++;
		line->size--;
	}
}

static bool skip_word(struct line *line, const char *word)
{
	size_t size = strlen(word);

	if (line->size < size || strncasecmp(line->text, word, size) != 0)
		return false;
	line->text += size;
	line->size -= size;
	return true;
}

/* The next line that is a comment, or false. */
static bool next_comment(const char *text, size_t size, struct line *line)
{
	while (line->end < size) {
		const char *newline = memchr(text + line->end, '\n', size - line->end);

		line->start = line->end;
		line->end = newline ? (size_t)(newline - text) + 1 : size;
		line->number++;
		line->text = text + line->start;
		line->size = (newline ? line->end - 1 : size) - line->start;
		skip_blank(line);
		if (skip_word(line, "--"))
			return true;
	}
	return false;
}

static enum mark mark_of(const struct marks *marks, struct line line)
{
	skip_blank(&line);
	if (!skip_word(&line, marks->prefix))
		return MARK_NONE;
	if (!marks->up || strchr(marks->prefix, '+'))
		skip_blank(&line);
	for (const struct word *word = marks->words; word->text; word++) {
		struct line rest = line;

		if (!skip_word(&rest, word->text))
			continue;
		if (!rest.size || (!marks->whole && str_is_space(*rest.text)))
			return word->mark;
		skip_blank(&rest);
		if (!rest.size)
			return word->mark;
	}
	/* Others begin ordinary comments with what theirs begin with. */
	return marks->up ? MARK_UNKNOWN : MARK_NONE;
}

/* ---- whose they are ---- */

/* A line that only this tool could have meant. */
static bool is_sign(const struct marks *marks, enum mark mark)
{
	if (mark == MARK_UNKNOWN) /* "-- migrate: …" may be a remark */
		return marks->prefix[0] == '+';
	return mark != MARK_NONE && (marks->up || mark == MARK_DOWN);
}

const struct marks *marks_find(
	const char *text, size_t size, const char *file, struct problems *problems)
{
	struct line line = {.number = 0};
	int signs[TOOLS] = {0}; /* the first line with one */
	const struct marks *found = NULL;

	while (next_comment(text, size, &line))
		for (size_t i = 0; i < TOOLS; i++)
			if (!signs[i] && is_sign(&tools[i], mark_of(&tools[i], line)))
				signs[i] = line.number;
	for (size_t i = 0; i < TOOLS; i++) {
		/* A plain "-- Down" beside the marks of another tool is a remark. */
		if (!signs[i] || (found && tools[i].whole))
			continue;
		if (found)
			problems_add(problems, (struct place){file, signs[i], 0},
				"a mark of %s in a file with marks of %s", tools[i].tool,
				found->tool);
		else
			found = &tools[i];
	}
	return found;
}

const char *marks_up(const struct marks *marks)
{
	return marks->up;
}

/* ---- the way up ---- */

struct splitter {
	const struct marks *marks;
	const char *text;
	const char *file;
	struct problems *problems;
	struct sql_part *parts;
	size_t count;
	enum { BEFORE, UP, BLOCK, DOWN } where;
	size_t start;   /* of what we are in */
	int block_line; /* where the block begins */
	bool up_seen;
};

static bool is_empty(const char *text, size_t size)
{
	struct scan scan = SCAN_INIT(text, size);

	return scan_next(&scan) == TOKEN_END;
}

/* What we were in ends here; a block that has its mark there is `closed`. */
static void leave(struct splitter *splitter, size_t end, bool closed)
{
	const char *text = splitter->text + splitter->start;
	size_t size = end - splitter->start;

	if (splitter->where == UP || splitter->where == BLOCK)
		splitter->parts[splitter->count++] = (struct sql_part){
			.start = splitter->start,
			.size = size,
			.closed = closed,
		};
	if (splitter->where == BEFORE && splitter->marks->up && !is_empty(text, size))
		problems_add(splitter->problems, (struct place){splitter->file, 1, 0},
			"there is SQL before the first mark of %s, which nobody would "
			"run",
			splitter->marks->tool);
}

static void say_block(struct splitter *splitter)
{
	problems_add(splitter->problems,
		(struct place){splitter->file, splitter->block_line, 0},
		"the StatementBegin here has no StatementEnd");
}

/* 'THE LINE' and what is wrong with it. */
static void say_line(struct splitter *splitter, const struct line *line, const char *what)
{
	const char *text = splitter->text + line->start;
	size_t size = strcspn(text, "\n");

	problems_add(splitter->problems, (struct place){splitter->file, line->number, 0},
		"'%.*s': %s", (int)(size < SHOWN_MAX ? size : SHOWN_MAX), text, what);
}

/* A block is of one statement; in the way back it is passed over like all there. */
static void take_block(struct splitter *splitter, const struct line *line, bool begin)
{
	if (splitter->where == DOWN)
		return;
	if (splitter->where != (begin ? UP : BLOCK)) {
		say_line(splitter, line,
			begin ? "it must stand in the way up, and outside of a block"
			      : "no StatementBegin goes before it");
		return;
	}
	leave(splitter, line->start, !begin);
	splitter->where = begin ? BLOCK : UP;
	splitter->start = line->end;
	splitter->block_line = line->number;
}

static void take_direction(struct splitter *splitter, const struct line *line, bool up)
{
	if (splitter->where == BLOCK)
		say_block(splitter);
	leave(splitter, line->start, false);
	splitter->where = up ? UP : DOWN;
	splitter->start = line->end;
	splitter->up_seen |= up;
}

static void take(struct splitter *splitter, const struct line *line, enum mark mark)
{
	switch (mark) {
	case MARK_UP:
	case MARK_DOWN:
		take_direction(splitter, line, mark == MARK_UP);
		break;
	case MARK_BEGIN:
	case MARK_END:
		take_block(splitter, line, mark == MARK_BEGIN);
		break;
	case MARK_REFUSED:
		say_line(splitter, line,
			"the environment does not go into a migration; write the value");
		break;
	case MARK_UNKNOWN:
		say_line(splitter, line, "this mark is not known");
		break;
	case MARK_NONE:
	case MARK_IGNORED:
		break;
	}
}

/* Each mark ends at most one part, and the end of the file another. */
static size_t count_parts(const struct marks *marks, const char *text, size_t size)
{
	struct line line = {.number = 0};
	size_t count = 1;

	while (next_comment(text, size, &line))
		count += mark_of(marks, line) != MARK_NONE;
	return count;
}

void marks_split(const struct marks *marks, const char *text, size_t size,
	const char *file, struct arena *arena, struct sql_part **ret, size_t *ret_count,
	struct problems *problems)
{
	struct splitter splitter = {
		.marks = marks,
		.text = text,
		.file = file,
		.problems = problems,
		.where = marks->up ? BEFORE : UP,
		.up_seen = !marks->up,
	};
	struct line line = {.number = 0};

	splitter.parts = arena_alloc(
		arena, count_parts(marks, text, size) * sizeof *splitter.parts);
	while (next_comment(text, size, &line))
		take(&splitter, &line, mark_of(marks, line));
	if (splitter.where == BLOCK)
		say_block(&splitter);
	leave(&splitter, size, false);
	if (!splitter.up_seen)
		problems_add(problems, (struct place){.file = file},
			"has marks of %s, but no '%s': nothing of it would run",
			marks->tool, marks->up);
	*ret = splitter.parts;
	*ret_count = splitter.count;
}
