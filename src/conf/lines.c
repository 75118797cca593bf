/* SPDX-License-Identifier: MIT */
/* A value's physical lines made into its flat forms and its text form. */
#include "conf/lines.h"

#include "base/buf.h"
#include "base/str.h"
#include "conf/words.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

struct line line_trim(struct line line)
{
	while (line.size > 0 && blank(line.text[0])) {
		line.text++;
		line.size--;
	}
	while (line.size > 0 && blank(line.text[line.size - 1]))
		line.size--;
	return line;
}

bool line_blank(const struct line *line)
{
	return line_trim(*line).size == 0;
}

void lines_start(struct lines *lines, struct line first)
{
	lines->first = line_trim(first);
	lines->count = 0;
}

void lines_add(struct lines *lines, struct arena *arena, struct line line)
{
	lines->more =
		arena_array_grow(arena, lines->more, lines->count, sizeof *lines->more);
	lines->more[lines->count++] = line;
}

/* The indentation that all lines but blank ones share, byte for byte. */
static size_t shared_indent(const struct lines *lines, size_t count)
{
	const struct line *model = NULL;
	size_t shared = 0;

	for (size_t i = 0; i < count; i++) {
		const struct line *line = &lines->more[i];
		size_t n = 0;

		if (line_blank(line))
			continue;
		if (!model) {
			model = line;
			while (blank(model->text[shared]))
				shared++;
		}
		while (n < shared && line->text[n] == model->text[n])
			n++;
		shared = n;
	}
	return shared;
}

static void make_text(const struct lines *lines, size_t count, struct buf *to)
{
	size_t indent = shared_indent(lines, count);

	if (lines->first.size > 0) {
		buf_add(to, lines->first.text, lines->first.size);
		buf_putc(to, '\n');
	}
	for (size_t i = 0; i < count; i++) {
		const struct line *line = &lines->more[i];

		if (!line_blank(line))
			buf_add(to, line->text + indent, line->size - indent);
		buf_putc(to, '\n');
	}
}

/* The flat form, and where its lines are. */
struct flat {
	struct buf text;
	struct value_line *lines;
	size_t count;
	struct arena *arena;
	bool shorter; /* lines were left out */
};

static int column_of(const struct line *line)
{
	return str_column(line->begin, line->text);
}

static void add_flat(struct line line, struct flat *to)
{
	if (to->text.len > 0)
		buf_putc(&to->text, '\n');
	buf_add(&to->text, line.text, line.size);
	to->lines = arena_array_grow(to->arena, to->lines, to->count, sizeof *to->lines);
	to->lines[to->count++] =
		(struct value_line){.number = line.number, .column = column_of(&line)};
}

/* In the quotes of a command nothing is left out. */
static void make_flat(
	const struct lines *lines, size_t count, bool command, struct flat *to)
{
	struct line line = lines->first;
	char quote = '\0';

	for (size_t i = 0; i <= count; i++) {
		bool comment = i > 0 && line.size > 0 &&
			(*line.text == '#' || *line.text == ';');

		if (quote || (line.size > 0 && !comment)) {
			add_flat(line, to);
			if (command)
				quote = command_quote(line.text, line.size, quote);
		} else if (i > 0) {
			to->shorter = true;
		}
		if (i < count)
			line = line_trim(lines->more[i]);
	}
}

static struct place text_place(const struct lines *lines, size_t count)
{
	if (lines->first.size == 0)
		return (struct place){.line = lines->more[0].number,
			.column = (int)shared_indent(lines, count) + 1};
	return (struct place){.line = lines->first.number,
		.column = count == 0 ? column_of(&lines->first) : 0};
}

bool lines_value(
	const struct lines *lines, size_t limit, struct arena *arena, struct value **ret)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct flat flat = {.text = BUF_INIT, .arena = arena};
	struct flat quoted = {.text = BUF_INIT, .arena = arena};
	size_t count = lines->count;
	struct value *value;

	/* Blank lines at the end say nothing. */
	while (count > 0 && line_blank(&lines->more[count - 1]))
		count--;
	make_text(lines, count, &text);
	if (text.len == 0) {
		*ret = NULL;
		return true;
	}
	if (text.len - 1 > limit)
		return false;
	make_flat(lines, count, false, &flat);
	value = arena_alloc(arena, sizeof *value);
	value->at.line = lines->first.number;
	value->text_at = text_place(lines, count);
	value->text = arena_memdup(arena, text.data, text.len);
	value->flat = arena_memdup(arena, flat.text.data, flat.text.len);
	value->lines = flat.lines;
	if (flat.shorter)
		make_flat(lines, count, true, &quoted);
	if (quoted.count > flat.count) {
		value->quoted = arena_memdup(arena, quoted.text.data, quoted.text.len);
		value->quoted_lines = quoted.lines;
	}
	buf_release(&flat.text);
	buf_release(&quoted.text);
	*ret = value;
	return true;
}
