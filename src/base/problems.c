/* SPDX-License-Identifier: MIT */
/* Lists of errors with their places. */
#include "base/problems.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

bool problems_full(const struct problems *problems)
{
	return problems->count == PROBLEMS_MAX;
}

void problems_add(struct problems *problems, struct place at, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct problem *problem;
	va_list args;

	if (problems_full(problems)) {
		problems->left_out++;
		return;
	}
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	problems->list =
		mem_grow(problems->list, problems->count, sizeof *problems->list);
	problem = &problems->list[problems->count++];
	problem->number = problems->added++;
	problem->at = at;
	problem->text = arena_memdup(&problems->arena, text.data, text.len);
}

void problems_add_err(struct problems *problems, const struct err *err)
{
	for (size_t i = 0; i < problems->count; i++)
		if (place_compare(&problems->list[i].at, &err->at) == 0 &&
			str_equal(problems->list[i].text, err->text))
			return;
	problems_add(problems, err->at, "%s", err->text);
}

size_t problems_total(const struct problems *problems)
{
	return problems->count + problems->left_out;
}

/* The first error of that file, from that line to the last one, or NULL. */
static struct problem *find(
	const struct problems *problems, struct place at, int last_line)
{
	for (size_t i = 0; at.file && i < problems->count; i++) {
		const struct place *place = &problems->list[i].at;

		if (place->file && place->line >= at.line && place->line <= last_line &&
			str_equal(place->file, at.file))
			return &problems->list[i];
	}
	return NULL;
}

bool problems_between(const struct problems *problems, struct place at, int last_line)
{
	return find(problems, at, last_line);
}

bool problems_at(const struct problems *problems, struct place at)
{
	return find(problems, at, at.line);
}

void problems_append(struct problems *problems, struct place at, const char *more)
{
	struct problem *problem = find(problems, at, at.line);

	if (problem)
		problem->text =
			arena_printf(&problems->arena, "%s%s", problem->text, more);
}

void problems_truncate(struct problems *problems, size_t count)
{
	if (count < problems->count)
		problems->count = count;
	if (count < PROBLEMS_MAX)
		problems->left_out = 0;
}

static int by_place(const void *a, const void *b)
{
	const struct problem *left = a, *right = b;
	int order = place_compare(&left->at, &right->at);

	return order ? order
		     : (left->number > right->number) - (left->number < right->number);
}

void problems_sort(struct problems *problems)
{
	if (problems->count > 1)
		qsort(problems->list, problems->count, sizeof *problems->list, by_place);
}

const char *problem_text(struct problems *problems, size_t i)
{
	const struct problem *problem = &problems->list[i];

	return place_text(&problems->arena, &problem->at, problem->text);
}

int problems_raise(struct problems *problems, size_t first, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (problems->count <= first && !problems->left_out)
		return 0;
	for (size_t i = first; i < problems->count; i++) {
		buf_separate(&text, "; ");
		buf_puts(&text,
			i == first ? problems->list[i].text : problem_text(problems, i));
	}
	if (problems->left_out) {
		buf_separate(&text, "; ");
		buf_printf(&text, "and %zu more", problems->left_out);
	}
	err_config(err, "%s", text.data);
	return first < problems->count ? err_at(err, problems->list[first].at) : -1;
}

void problems_release(struct problems *problems)
{
	free(problems->list);
	arena_release(&problems->arena);
	*problems = (struct problems){0};
}
