/* SPDX-License-Identifier: MIT */
/* Unified differences. */
#include "base/diff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define CONTEXT 3

struct line {
	const char *at;
	size_t size;  /* without its newline */
	bool open;    /* it has none */
	bool differs; /* it is removed, or added */
};

struct lines {
	struct line *list;
	size_t count;
};

/* What lies between the common beginning and the common end. */
struct middle {
	struct line *before, *after;
	int before_count, after_count;
};

/* ---- lines ---- */

static struct lines split(const struct diff_text *text)
{
	struct lines lines = {0};
	const char *at = text->data;
	size_t left = text->size;

	while (left) {
		const char *end = memchr(at, '\n', left);
		size_t size = end ? (size_t)(end - at) : left;

		lines.list = mem_grow(lines.list, lines.count, sizeof *lines.list);
		lines.list[lines.count++] =
			(struct line){.at = at, .size = size, .open = !end};
		size += end != NULL;
		at += size;
		left -= size;
	}
	return lines;
}

static bool same(const struct line *a, const struct line *b)
{
	return a->size == b->size && a->open == b->open &&
		memcmp(a->at, b->at, a->size) == 0;
}

/* ---- which differ ---- */

static void replace_all(const struct middle *middle)
{
	for (int i = 0; i < middle->before_count; i++)
		middle->before[i].differs = true;
	for (int i = 0; i < middle->after_count; i++)
		middle->after[i].differs = true;
}

/* Came the path on diagonal `k` from `k` + 1, by an addition? `x`: how far they are. */
static bool came_down(const int *x, int edits, int k)
{
	return k == -edits || (k != edits && x[k - 1] < x[k + 1]);
}

/* Goes back from the end along the paths that were furthest after each edit. */
static void mark(const struct middle *middle, int *const *furthest, int edits)
{
	int x = middle->before_count, y = middle->after_count;

	for (; edits > 0; edits--) {
		const int *before = furthest[edits] + edits;
		int k = x - y;
		bool down = came_down(before, edits, k);

		k += down ? 1 : -1;
		x = before[k];
		y = x - k;
		if (down)
			middle->after[y].differs = true;
		else
			middle->before[x].differs = true;
	}
}

/* One edit more on each diagonal. Returns whether that reaches the end. */
static bool go_on(const struct middle *middle, int *x, int edits)
{
	for (int k = -edits; k <= edits; k += 2) {
		int at = came_down(x, edits, k) ? x[k + 1] : x[k - 1] + 1;
		int y = at - k;

		while (at < middle->before_count && y < middle->after_count && y >= 0 &&
			same(&middle->before[at], &middle->after[y])) {
			at++;
			y++;
		}
		x[k] = at;
		if (at == middle->before_count && y == middle->after_count)
			return true;
	}
	return false;
}

/* `room`: for the diagonals from -EDITS_MAX - 1 to EDITS_MAX + 1. */
static void find(const struct middle *middle, int *room)
{
	int *furthest[DIFF_EDITS_MAX + 1];
	int *x = room + DIFF_EDITS_MAX + 1;
	int edits = 0;
	bool found = false;

	x[1] = 0;
	for (; !found && edits <= DIFF_EDITS_MAX; edits++) {
		size_t size = (2 * (size_t)edits + 1) * sizeof *x;

		furthest[edits] = mem_zalloc(size);
		memcpy(furthest[edits], x - edits, size);
		found = go_on(middle, x, edits);
	}
	if (found)
		mark(middle, furthest, edits - 1);
	else
		replace_all(middle);
	while (edits--)
		free(furthest[edits]);
}

static void compare(struct lines *before, struct lines *after)
{
	size_t begin = 0, end = 0, shorter = before->count;
	struct middle middle;
	int *room;

	if (after->count < shorter)
		shorter = after->count;
	while (begin < shorter && same(&before->list[begin], &after->list[begin]))
		begin++;
	while (end < shorter - begin &&
		same(&before->list[before->count - 1 - end],
			&after->list[after->count - 1 - end]))
		end++;
	middle = (struct middle){
		.before = before->list + begin,
		.after = after->list + begin,
		.before_count = (int)(before->count - begin - end),
		.after_count = (int)(after->count - begin - end),
	};
	room = mem_zalloc((2 * (DIFF_EDITS_MAX + 1) + 1) * sizeof *room);
	find(&middle, room);
	free(room);
}

/* ---- showing them ---- */

/* A place in both texts: a walk over all lines, the removed ones before the added. */
struct at {
	size_t before, after;
};

/* What stands there: '-', '+', ' ', or 0 at the end. */
static char sign_at(const struct lines *before, const struct lines *after, struct at at)
{
	if (at.before < before->count && before->list[at.before].differs)
		return '-';
	if (at.after < after->count && after->list[at.after].differs)
		return '+';
	return at.before < before->count ? ' ' : '\0';
}

static struct at step_over(struct at at, char sign)
{
	at.before += sign != '+';
	at.after += sign != '-';
	return at;
}

static void show_line(
	const struct line *line, char sign, const char *hidden, struct buf *ret)
{
	buf_putc(ret, sign);
	if (sign == '-' && hidden)
		buf_puts(ret, hidden);
	else
		buf_add(ret, line->at, line->size);
	buf_putc(ret, '\n');
	if (line->open)
		buf_puts(ret, "\\ No newline at end of file\n");
}

/* Where the hunk that begins at `at` ends: behind the context of its last change. */
static struct at hunk_end(
	const struct lines *before, const struct lines *after, struct at at)
{
	struct at end = at;
	size_t quiet = 0; /* lines since the last change */
	char sign;

	while (quiet <= 2 * CONTEXT && (sign = sign_at(before, after, at))) {
		at = step_over(at, sign);
		quiet = sign == ' ' ? quiet + 1 : 0;
		if (sign != ' ')
			end = at;
	}
	for (int i = 0; i < CONTEXT && sign_at(before, after, end) == ' '; i++)
		end = step_over(end, ' ');
	return end;
}

/* The first line of a part and its length, as POSIX has them. */
static void show_range(size_t begin, size_t end, char sign, struct buf *ret)
{
	buf_printf(ret, " %c%zu", sign, begin + (end > begin));
	if (end - begin != 1)
		buf_printf(ret, ",%zu", end - begin);
}

static struct at show_hunk(const struct lines *before, const struct lines *after,
	struct at at, const char *hidden, struct buf *ret)
{
	struct at end;

	for (size_t i = 0; i < CONTEXT && at.before && at.after; i++) {
		at.before--;
		at.after--;
	}
	end = hunk_end(before, after, at);
	buf_puts(ret, "@@");
	show_range(at.before, end.before, '-', ret);
	show_range(at.after, end.after, '+', ret);
	buf_puts(ret, " @@\n");
	while (at.before < end.before || at.after < end.after) {
		char sign = sign_at(before, after, at);

		show_line(sign == '+' ? &after->list[at.after] : &before->list[at.before],
			sign, hidden, ret);
		at = step_over(at, sign);
	}
	return end;
}

void diff_unified(const struct diff_text *before, const struct diff_text *after,
	const char *hidden, struct buf *ret)
{
	struct lines old = split(before), new = split(after);
	struct at at = {0, 0};
	bool head = false;
	char sign;

	compare(&old, &new);
	while ((sign = sign_at(&old, &new, at))) {
		if (sign == ' ') {
			at = step_over(at, sign);
			continue;
		}
		if (!head)
			buf_printf(ret, "--- %s\n+++ %s\n", before->name, after->name);
		head = true;
		at = show_hunk(&old, &new, at, hidden, ret);
	}
	free(old.list);
	free(new.list);
}
