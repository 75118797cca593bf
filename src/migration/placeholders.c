/* SPDX-License-Identifier: MIT */
/* Flyway's placeholders. */
#include "migration/placeholders.h"

#include <string.h>

#include "base/buf.h"
#include "base/problems.h"
#include "base/str.h"

#define OPENING   "${"
#define BUILT_IN  "flyway:"
#define SHOWN_MAX 60

struct replacing {
	const char *const *values;
	struct problems *problems;
	const char *start;
	struct place at; /* of `line_start`, but for the column */
	const char *line_start;
	struct buf *to;
	bool complete; /* so far all had a value */
};

/* Returns the value of the name, or NULL. */
static const char *find(const char *const *values, const char *name, size_t size)
{
	const char *found = NULL;

	for (; *values; values++)
		if (strncmp(*values, name, size) == 0 && (*values)[size] == '=')
			found = *values + size + 1;
	return found;
}

static void report(struct replacing *replacing, const char *here, const char *name,
	size_t size, bool closed)
{
	struct place at = replacing->at;
	int shown = (int)(size < SHOWN_MAX ? size : SHOWN_MAX);

	replacing->complete = false;
	at.column = (int)(here - replacing->line_start) + 1;
	if (!closed || !size)
		problems_add(replacing->problems, at,
			"the placeholder that begins here has no %s on its line",
			closed ? "name" : "'}'");
	else if (size >= strlen(BUILT_IN) &&
		memcmp(name, BUILT_IN, strlen(BUILT_IN)) == 0)
		problems_add(replacing->problems, at,
			"'${%.*s}' is known to Flyway alone; write its value in its "
			"place",
			shown, name);
	else if (!memmem(replacing->start, (size_t)(here - replacing->start), here,
			 strlen(OPENING) + size + 1))
		problems_add(replacing->problems, at,
			"'${%.*s}' has no value; write `%.*s=VALUE` into the key "
			"`placeholders`",
			shown, name, shown, name);
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

bool placeholders_replace(struct buf *text, const char *const *values, const char *file,
	struct problems *problems)
{
	struct buf result = BUF_INIT;
	struct replacing replacing = {
		.values = values,
		.problems = problems,
		.start = text->data,
		.at = {.file = file, .line = 1},
		.line_start = text->data,
		.to = &result,
		.complete = true,
	};
	const char *from = text->data, *end = from + text->len, *here;

	while ((here = memmem(from, (size_t)(end - from), OPENING, strlen(OPENING)))) {
		count_lines(&replacing, here);
		buf_add(&result, from, (size_t)(here - from));
		from = replace_one(&replacing, here, end);
	}
	if (from == text->data)
		return true; /* there are none */
	buf_add(&result, from, (size_t)(end - from));
	buf_release(text);
	*text = result;
	return replacing.complete;
}
