/* SPDX-License-Identifier: MIT */
/* Flyway's placeholders. */
#include "migration/placeholders.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"

#define OPENING   "${"
#define BUILT_IN  "flyway:"
#define SHOWN_MAX 60

struct replacing {
	const char *const *values; /* or NULL */
	struct problems *problems;
	size_t reported; /* problems that there were before */
	struct place at; /* of `line_start`, but for the column */
	const char *line_start;
	struct buf *to;
	bool complete; /* so far all had a value */
};

/* Returns the value of the name, or NULL. */
static const char *find(const char *const *values, const char *name, size_t size)
{
	const char *found = NULL;

	for (; values && *values; values++)
		if (strncmp(*values, name, size) == 0 && (*values)[size] == '=')
			found = *values + size + 1;
	return found;
}

/* "; did you mean 'x'?" where a name that has a value is near, in `room`; or "". */
static const char *suggest(
	const char *const *values, const char *name, size_t size, char *room)
{
	struct arena arena = {0};
	size_t count = 0;
	const char **names, *suggestion;

	while (values && values[count])
		count++;
	names = arena_alloc(&arena, (count + 1) * sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = arena_memdup(&arena, values[i], strcspn(values[i], "="));
	suggestion = str_suggest(arena_memdup(&arena, name, size), names, room);
	arena_release(&arena);
	return suggestion;
}

/* A file may have the same name many times: says once what is wrong with it. */
static void report_once(
	const struct replacing *replacing, struct place at, const char *text)
{
	const struct problems *problems = replacing->problems;

	for (size_t i = replacing->reported; i < problems->count; i++)
		if (str_equal(problems->list[i].text, text))
			return;
	problems_add(replacing->problems, at, "%s", text);
}

static void report(struct replacing *replacing, const char *here, const char *name,
	size_t size, bool closed)
{
	struct place at = replacing->at;
	CLEANUP_BUF struct buf shown = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	char room[STR_SUGGEST_SIZE];

	replacing->complete = false;
	at.column = (int)(here - replacing->line_start) + 1;
	if (!closed || !size) {
		problems_add(replacing->problems, at,
			"the placeholder that begins here has no %s on its line",
			closed ? "name" : "'}'");
		return;
	}
	buf_add_cut(&shown, name, size, SHOWN_MAX);
	if (size >= strlen(BUILT_IN) && memcmp(name, BUILT_IN, strlen(BUILT_IN)) == 0)
		buf_printf(&text,
			"'${%s}' is known to Flyway alone; write its value in its "
			"place",
			shown.data);
	else
		buf_printf(&text,
			"'${%s}' has no value; write `%s=VALUE` into the key "
			"`placeholders`, or `%s=$${%s}` to keep it as it is%s",
			shown.data, shown.data, shown.data, shown.data,
			suggest(replacing->values, name, size, room));
	report_once(replacing, at, text.data);
}

static bool is_name(const char *name, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (str_is_space(name[i]))
			return false;
	return size > 0;
}

/* Replaces the placeholder at `here`, in front of `end`. Returns what follows it. */
static const char *replace_one(
	struct replacing *replacing, const char *here, const char *end)
{
	const char *name = here + strlen(OPENING);
	const char *newline = memchr(name, '\n', (size_t)(end - name));
	const char *closing =
		memchr(name, '}', (size_t)((newline ? newline : end) - name));
	size_t size = closing ? (size_t)(closing - name) : 0;
	const char *value = closing ? find(replacing->values, name, size) : NULL;

	if (!value && !replacing->values && !is_name(name, size)) {
		buf_puts(replacing->to, OPENING);
		return name;
	}
	if (!value) {
		report(replacing, here, name, size, closing != NULL);
		return closing ? closing + 1 : name;
	}
	buf_puts(replacing->to, value);
	return closing + 1;
}

static void count_lines(struct replacing *replacing, const char *to)
{
	const char *newline;

	while ((newline = memchr(replacing->line_start, '\n',
			(size_t)(to - replacing->line_start)))) {
		replacing->line_start = newline + 1;
		replacing->at.line++;
	}
}

static void report_size(struct replacing *replacing, size_t limit)
{
	replacing->complete = false;
	problems_add(replacing->problems, (struct place){.file = replacing->at.file},
		"is larger than %zu bytes with the values of its placeholders; make "
		"several migrations of it",
		limit);
}

bool placeholders_replace(struct buf *text, const char *const *values, size_t limit,
	const char *file, struct problems *problems)
{
	struct buf result = BUF_INIT;
	struct replacing replacing = {
		.values = values,
		.problems = problems,
		.reported = problems->count,
		.at = {.file = file, .line = 1},
		.line_start = text->data,
		.to = &result,
		.complete = true,
	};
	const char *from = text->data, *end = from + text->len, *here;

	while (result.len <= limit &&
		(here = memmem(from, (size_t)(end - from), OPENING, strlen(OPENING)))) {
		count_lines(&replacing, here);
		buf_add(&result, from, (size_t)(here - from));
		from = replace_one(&replacing, here, end);
	}
	if (from == text->data)
		return true; /* there are none */
	buf_add(&result, from, (size_t)(end - from));
	if (result.len > limit)
		report_size(&replacing, limit);
	buf_release(text);
	*text = result;
	return replacing.complete;
}

const char *placeholders_advice(const char *const *values)
{
	for (; values && *values; values++)
		if (strpbrk(strchr(*values, '='), "'\"`"))
			return "; a value of `placeholders` has a quote, which may have "
			       "ended one of the file: in a string of SQL write it twice";
	return "";
}

size_t placeholders_mark_used(
	const char *const *values, const struct buf *text, bool *used)
{
	CLEANUP_BUF struct buf written = BUF_INIT;
	size_t left = 0;

	for (size_t i = 0; values[i]; i++) {
		if (used[i])
			continue;
		buf_truncate(&written, 0);
		buf_printf(&written, OPENING "%.*s}", (int)strcspn(values[i], "="),
			values[i]);
		used[i] = memmem(text->data, text->len, written.data, written.len);
		left += !used[i];
	}
	return left;
}
