/* SPDX-License-Identifier: MIT */
/* Lists of mistakes with their places. */
#include "base/problems.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

void problems_add(struct problems *problems, struct place at, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct problem *one;
	va_list args;

	if (problems->count == PROBLEMS_MAX) {
		problems->left_out++;
		return;
	}
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	problems->list =
		mem_resize(problems->list, problems->count + 1, sizeof *problems->list);
	one = &problems->list[problems->count++];
	one->at = at;
	one->text = arena_memdup(&problems->arena, text.data, text.len);
}

/* "file:12: text" taken apart, so that it is sorted among the others. */
static struct place place_of(
	struct problems *problems, const char *text, const char **rest)
{
	const char *colon = strstr(text, ": ");
	const char *digits = colon;
	uint64_t line;

	*rest = text;
	while (digits && digits > text && str_is_digit(digits[-1]))
		digits--;
	if (!colon || digits == colon || digits == text || digits[-1] != ':')
		return (struct place){0};
	if (!str_to_u64(arena_memdup(&problems->arena, digits, (size_t)(colon - digits)),
		    INT_MAX, &line))
		return (struct place){0};
	*rest = colon + 2;
	return (struct place){
		.file = arena_memdup(&problems->arena, text, (size_t)(digits - 1 - text)),
		.line = (int)line,
	};
}

void problems_add_text(struct problems *problems, const char *text)
{
	const char *rest;
	struct place at;

	for (size_t i = 0; i < problems->count; i++)
		if (strcmp(problem_text(problems, i), text) == 0)
			return;
	at = place_of(problems, text, &rest);
	problems_add(problems, at, "%s", rest);
}

bool problems_at(const struct problems *problems, struct place at)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct place *one = &problems->list[i].at;

		if (one->line == at.line && one->file && at.file &&
			str_equal(one->file, at.file))
			return true;
	}
	return false;
}

void problems_truncate(struct problems *problems, size_t count)
{
	if (count < problems->count)
		problems->count = count;
}

static int by_place(const void *a, const void *b)
{
	const struct problem *left = a, *right = b;
	const char *file_left = left->at.file ? left->at.file : "";
	const char *file_right = right->at.file ? right->at.file : "";
	int order = strcmp(file_left, file_right);

	if (order == 0)
		order = (left->at.line > right->at.line) -
			(left->at.line < right->at.line);
	if (order == 0)
		order = (left->at.column > right->at.column) -
			(left->at.column < right->at.column);
	return order ? order : strcmp(left->text, right->text);
}

void problems_sort(struct problems *problems)
{
	if (problems->count > 1)
		qsort(problems->list, problems->count, sizeof *problems->list, by_place);
}

const char *problem_text(struct problems *problems, size_t i)
{
	const struct problem *one = &problems->list[i];

	if (!one->at.file)
		return one->text;
	if (!one->at.line)
		return arena_printf(&problems->arena, "%s: %s", one->at.file, one->text);
	if (!one->at.column)
		return arena_printf(&problems->arena, "%s:%d: %s", one->at.file,
			one->at.line, one->text);
	return arena_printf(&problems->arena, "%s:%d:%d: %s", one->at.file, one->at.line,
		one->at.column, one->text);
}

void problems_release(struct problems *problems)
{
	free(problems->list);
	arena_release(&problems->arena);
	*problems = (struct problems)PROBLEMS_INIT;
}
