/* SPDX-License-Identifier: MIT */
/* Physical lines made into headers and assignments, inih being fed numbered stand-ins. */
#include "conf/reader.h"

#include <ini.h>
#include <string.h>

#include "base/str.h"
#include "conf/lines.h"
#include "conf/miswritten.h"

/* What an indented line would belong to. */
enum above { ABOVE_NOTHING, ABOVE_KEY, ABOVE_ERROR };

struct reader {
	const char *file;
	const char *dir;
	struct arena *arena;
	struct problems *problems;
	struct reader_line *table; /* what the stand-ins stand for */
	size_t count;
	enum above above;
	const char *section; /* NULL: none yet, or its header is wrong */
	bool seen_header;
	bool reported_early;
	const char *key;
	bool append;
	struct lines lines;
};

static struct place place_of(const struct reader *reader, int line)
{
	return (struct place){.file = reader->file, .line = line};
}

/*
 * May an error be reported? Before the first header only one is: what has no header at
 * all is no drop-in, and needs no list of what else is wrong.
 */
static bool may_report(struct reader *reader)
{
	bool may = reader->seen_header || !reader->reported_early;

	reader->reported_early = true;
	return may;
}

/* ---- inih's half ---- */

/* A header's stand-in is "[7]" and a "key=7" below it, since inih reports keys alone. */
struct feed {
	const struct reader *reader;
	const struct reader_handler *handler;
	size_t next;
	size_t passed_on;
	bool opened; /* "[7]" was given, "key=7" is to follow */
};

#define STAND_IN_SIZE 32 /* "key=", a number, a newline and the NUL */

/* Of each line: without a format that is to be parsed. */
static void put_stand_in(char line[STAND_IN_SIZE], bool header, size_t number)
{
	const char *begin = header ? "[" : "key=", *end = header ? "]\n" : "\n";
	char digits[STAND_IN_SIZE];
	size_t first = sizeof digits, size = strlen(begin);

	do
		digits[--first] = (char)('0' + number % 10);
	while (number /= 10);
	memcpy(line, begin, size);
	memcpy(line + size, digits + first, sizeof digits - first);
	size += sizeof digits - first;
	memcpy(line + size, end, strlen(end) + 1);
}

static char *give_stand_in(char *line, int size, void *stream)
{
	struct feed *feed = stream;
	const struct reader *reader = feed->reader;
	bool header;

	if (feed->next == reader->count || size < STAND_IN_SIZE)
		return NULL;
	header = !reader->table[feed->next].key && !feed->opened;
	put_stand_in(line, header, feed->next);
	feed->opened = header;
	if (!header)
		feed->next++;
	return line;
}

static int take_stand_in(
	void *user, const char *section, const char *key, const char *value)
{
	struct feed *feed = user;
	const struct reader *reader = feed->reader;
	struct reader_line line;
	uint64_t owner, number;

	if (!key) /* some builds of inih report the header, too */
		return 1;
	if (!value || !str_equal(key, "key") || reader->count == 0 ||
		!str_to_u64(section, reader->count - 1, &owner) ||
		!str_to_u64(value, reader->count - 1, &number))
		return 0;
	line = reader->table[number];
	line.section = reader->table[owner].section;
	feed->passed_on++;
	feed->handler->line(feed->handler->user, &line);
	return 1;
}

/* Which key belongs to which header is for inih to say. */
static void pass_on(const struct reader *reader, const struct reader_handler *handler)
{
	struct feed feed = {.reader = reader, .handler = handler};
	int result = ini_parse_stream(give_stand_in, &feed, take_stand_in, &feed);

	if (result != 0 || feed.passed_on != reader->count)
		problems_add(reader->problems, place_of(reader, 0),
			"the INI library stopped after %zu of %zu entries",
			feed.passed_on, reader->count);
}

/* ---- our half ---- */

static struct reader_line *add_entry(struct reader *reader, int line)
{
	struct reader_line *entry;

	reader->table = arena_array_grow(
		reader->arena, reader->table, reader->count, sizeof *reader->table);
	entry = &reader->table[reader->count++];
	*entry = (struct reader_line){.at = place_of(reader, line)};
	return entry;
}

/* Ends the value that is being read, if there is one. */
static void finish_value(struct reader *reader)
{
	struct reader_line *entry;
	struct value *value = NULL;
	int line = reader->lines.first.number;

	if (reader->above != ABOVE_KEY)
		return;
	reader->above = ABOVE_NOTHING;
	if (!reader->section)
		return;
	entry = add_entry(reader, line);
	entry->key = reader->key;
	entry->append = reader->append;
	if (!lines_value(&reader->lines, READER_VALUE_MAX, reader->arena, &value)) {
		problems_add(reader->problems, entry->at,
			"[%s] %s: the value is longer than 1 MiB; put it into a file",
			reader->section, reader->key);
		entry->broken = true;
		return;
	}
	if (!value)
		return;
	value->at.file = value->text_at.file = reader->file;
	value->dir = reader->dir;
	entry->value = value;
}

/* How many of the characters that a key may have begin the line. */
static size_t key_size(struct line line)
{
	size_t n = 0;

	while (n < line.size &&
		(str_is_alnum(line.text[n]) || line.text[n] == '_' ||
			line.text[n] == '-'))
		n++;
	return n;
}

/* A wrong line still shows which key it has, which is then not missing, too. */
static void add_broken(struct reader *reader, struct line line)
{
	struct reader_line *entry;
	size_t size = key_size(line);

	reader->above = ABOVE_ERROR;
	if (!reader->section || size == 0 || size > NAME_MAX_SIZE)
		return;
	entry = add_entry(reader, line.number);
	entry->key = arena_memdup(reader->arena, line.text, size);
	entry->broken = true;
}

static void read_header(struct reader *reader, struct line line)
{
	const char *end = memchr(line.text, ']', line.size);
	const char *wrong;
	struct line rest;

	reader->above = ABOVE_NOTHING;
	reader->section = NULL;
	reader->seen_header = true;
	if (!end) {
		problems_add(reader->problems, place_of(reader, line.number),
			"the header has no ']': expected '[kind:name]'");
		return;
	}
	rest = (struct line){.text = end + 1, .size = line.size};
	rest.size -= (size_t)(rest.text - line.text);
	reader->section =
		arena_memdup(reader->arena, line.text + 1, (size_t)(end - line.text) - 1);
	wrong = miswritten_header(reader->section, reader->arena);
	if (wrong) {
		problems_add(
			reader->problems, place_of(reader, line.number), "%s", wrong);
		reader->section = NULL;
		return;
	}
	if (!line_blank(&rest))
		problems_add(reader->problems, place_of(reader, line.number),
			"[%s]: nothing may follow a header on its line", reader->section);
	add_entry(reader, line.number)->section = reader->section;
}

static bool is_key(struct line key)
{
	return key.size > 0 && key.size <= NAME_MAX_SIZE && str_is_alnum(key.text[0]) &&
		key_size(key) == key.size;
}

static void report_no_key(struct reader *reader, struct line line)
{
	const char *prefix = reader->section
		? arena_printf(reader->arena, "[%s] ", reader->section)
		: "";

	if (!may_report(reader))
		return;
	problems_add(reader->problems, place_of(reader, line.number), "%s%s", prefix,
		miswritten_line(line.text, line.size, key_size(line), reader->arena));
}

static void read_assignment(struct reader *reader, struct line line)
{
	const char *equals = memchr(line.text, '=', line.size);
	size_t before = equals ? (size_t)(equals - line.text) : 0;
	struct line key = line, rest = line;

	reader->append = before > 0 && equals[-1] == '+';
	key.size = before - (reader->append ? 1 : 0);
	key = line_trim(key);
	if (!equals || !is_key(key)) {
		report_no_key(reader, line);
		add_broken(reader, line);
		return;
	}
	if (!reader->seen_header && may_report(reader))
		problems_add(reader->problems, place_of(reader, line.number),
			"'%.*s' stands before the first [kind:name]", (int)key.size,
			key.text);
	reader->key = arena_memdup(reader->arena, key.text, key.size);
	rest.text = equals + 1;
	rest.size = line.size - before - 1;
	lines_start(&reader->lines, rest);
	reader->above = ABOVE_KEY;
}

static void read_indented(struct reader *reader, struct line line)
{
	char first = line_trim(line).text[0];

	if (reader->above == ABOVE_KEY) {
		lines_add(&reader->lines, reader->arena, line);
	} else if (reader->above == ABOVE_NOTHING && first != '#' && first != ';') {
		if (may_report(reader))
			problems_add(reader->problems, place_of(reader, line.number),
				"an indented line goes on with the key above it, and "
				"there is none: unindent it");
		reader->above = ABOVE_ERROR;
	}
}

/* Bytes that no line of a drop-in may have. */
static bool bytes_are_fine(struct reader *reader, struct line line)
{
	struct place at = place_of(reader, line.number);
	size_t good = str_utf8_valid(line.text, line.size);
	bool nul = memchr(line.text, '\0', line.size);
	bool lone = memchr(line.text, '\r', line.size);

	if (!nul && !lone && good == line.size)
		return true;
	if (!may_report(reader))
		return false;
	if (nul)
		problems_add(reader->problems, at, "a NUL byte: this is no text file");
	else if (lone)
		problems_add(reader->problems, at,
			"a carriage return inside a line: lines end in LF or CRLF");
	else
		problems_add(reader->problems, at,
			"byte 0x%02x at column %zu is not UTF-8: save the file as UTF-8",
			(unsigned)(unsigned char)line.text[good], good + 1);
	return false;
}

/* The line says nothing that could be trusted; the lines around it are read on. */
static void read_damaged(struct reader *reader, struct line line)
{
	if (line.text[0] == '#' || line.text[0] == ';' || line.text[0] == ' ' ||
		line.text[0] == '\t')
		return;
	finish_value(reader);
	if (line.text[0] == '[') {
		reader->section = NULL;
		reader->seen_header = true;
	}
	add_broken(reader, line);
}

/* The first character of a line decides what it is. */
static void read_line(struct reader *reader, struct line line)
{
	if (!bytes_are_fine(reader, line)) {
		read_damaged(reader, line);
	} else if (line_blank(&line)) {
		if (reader->above == ABOVE_KEY)
			lines_add(&reader->lines, reader->arena, line);
	} else if (line.text[0] == ' ' || line.text[0] == '\t') {
		read_indented(reader, line);
	} else if (line.text[0] != '#' && line.text[0] != ';') {
		finish_value(reader);
		if (line.text[0] == '[')
			read_header(reader, line);
		else
			read_assignment(reader, line);
	}
}

static void read_lines(struct reader *reader, const char *text, size_t size)
{
	struct line line = {.text = text, .number = 1};

	while (size > 0) {
		const char *end = memchr(line.text, '\n', size);
		size_t length = end ? (size_t)(end - line.text) : size;

		line.begin = line.text;
		line.size = length;
		if (length > 0 && line.text[length - 1] == '\r')
			line.size--;
		read_line(reader, line);
		size -= length + (end ? 1 : 0);
		line.text += length + (end ? 1 : 0);
		line.number++;
	}
	finish_value(reader);
}

void reader_read(const char *file, const char *dir, const char *text, size_t size,
	struct arena *arena, const struct reader_handler *handler,
	struct problems *problems)
{
	struct reader reader = {
		.file = file, .dir = dir, .arena = arena, .problems = problems};

	if (size > READER_FILE_MAX) {
		problems_add(problems, place_of(&reader, 0),
			"larger than 16 MiB, the most that a drop-in may be");
		return;
	}
	if (size >= 2 &&
		(memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0)) {
		problems_add(problems, place_of(&reader, 1),
			"this is UTF-16: save the file as UTF-8");
		return;
	}
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		size -= 3;
	}
	read_lines(&reader, text, size);
	pass_on(&reader, handler);
}
