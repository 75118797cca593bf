/* SPDX-License-Identifier: MIT */
/* The paths that the steps of a plan make. */
#include "step/planned.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"

static bool is_sure(const struct made *made)
{
	return !made->command && !made->perhaps;
}

/*
 * Each directory above it has it in it. What one of them has, those above that have, too,
 * or something as sure.
 */
static void add_inside(
	struct planned *planned, const char *plain, size_t size, struct made *made)
{
	while (size) {
		const struct made *known;

		size = path_above(plain, size);
		known = table_get(&planned->inside, plain, size);
		if (known && (is_sure(known) || !is_sure(made)))
			return;
		table_put(&planned->inside, plain, size, made);
	}
}

void planned_add(struct planned *planned, const struct made *made)
{
	struct made *added = arena_memdup(planned->arena, made, sizeof *made);
	CLEANUP_BUF struct buf plain = BUF_INIT;
	const char *key;

	planned->at.arena = planned->inside.arena = planned->arena;
	added->number = planned->count++;
	added->before = planned->last;
	planned->last = added;
	planned->beside |= made->beside;
	if (made->fixes && !planned->fixing)
		planned->fixing = added;
	if (!made->path) {
		if (!planned->any)
			planned->any = added;
		return;
	}
	path_add_plain(&plain, made->path);
	key = arena_memdup(planned->arena, plain.data, plain.len);
	added->same = table_get(&planned->at, key, plain.len);
	table_put(&planned->at, key, plain.len, added);
	if (!made->content)
		add_inside(planned, key, plain.len, added);
}

const struct made *planned_at(const struct planned *planned, const char *path)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;

	path_add_plain(&plain, path);
	return table_get(&planned->at, plain.data, plain.len);
}

const struct made *planned_beside(const struct planned *planned, const char *path)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;
	size_t above;

	if (!planned->beside)
		return NULL;
	path_add_plain(&plain, path);
	above = plain.len ? path_above(plain.data, plain.len) : 0;
	/* The name without its last byte, without its last two … */
	for (size_t size = plain.len; size > above + 2; size--) {
		const struct made *made;

		plain.data[size - 2] = '/';
		made = table_get(&planned->at, plain.data, size - 1);
		while (made && !made->beside)
			made = made->same;
		if (made)
			return made;
	}
	return NULL;
}

const struct made *planned_inside(const struct planned *planned, const char *path)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;

	path_add_plain(&plain, path);
	return table_get(&planned->inside, plain.data, plain.len);
}

bool planned_above(const struct planned *planned, const char *path,
	bool (*take)(void *user, const struct made *made), void *user)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;
	size_t size;

	path_add_plain(&plain, path);
	for (size = plain.len;; size = path_above(plain.data, size)) {
		const struct made *made = table_get(&planned->at, plain.data, size);

		for (; made; made = made->same)
			if (take(user, made))
				return true;
		if (!size)
			return false;
	}
}
