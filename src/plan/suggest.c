/* SPDX-License-Identifier: MIT */
/* Proposing ids of steps. */
#include "plan/suggest.h"

#include <string.h>

#include "base/buf.h"
#include "base/listed.h"
#include "base/mem.h"
#include "base/str.h"
#include "step/step.h"

#define NAMED 5 /* of a kind, before the rest is counted */

struct suggestion {
	const struct steps *steps;
	struct arena *arena;
	const bool *lead_back; /* by the steps' numbers: see who_leads_back() */
};

/* A step that requires another one. */
struct edge {
	const struct step *from;
	struct edge *next;
};

/* For each step, who says that it requires it. */
static struct edge **edges_back(const struct steps *steps, struct arena *arena)
{
	struct edge **ret = arena_alloc(arena, steps->count * sizeof(struct edge *));

	for (size_t i = 0; i < steps->count; i++) {
		const struct step *step = &steps->list[i];
		const struct list *requires = &step->keys.requires;

		for (size_t k = 0; k < requires->count; k++) {
			const struct step *other = steps_find(
				steps, step->section->module, requires->items[k]);
			struct edge *edge;

			if (!other)
				continue;
			edge = arena_alloc(arena, sizeof *edge);
			*edge = (struct edge){step, ret[other - steps->list]};
			ret[other - steps->list] = edge;
		}
	}
	return ret;
}

/* For each step, whether it is `from` or requires it, by way of others, too. */
static const bool *who_leads_back(
	const struct steps *steps, const struct step *from, struct arena *arena)
{
	struct edge **edges = edges_back(steps, arena);
	const struct step **next = arena_alloc(arena, steps->count * sizeof *next);
	bool *ret = arena_alloc(arena, steps->count * sizeof *ret);
	size_t count = 0;

	if (!from)
		return ret;
	next[count++] = from;
	ret[from - steps->list] = true;
	while (count) {
		const struct step *step = next[--count];

		for (struct edge *e = edges[step - steps->list]; e; e = e->next) {
			if (!ret[e->from - steps->list])
				next[count++] = e->from;
			ret[e->from - steps->list] = true;
		}
	}
	return ret;
}

/* The names of the steps of this kind that may be required; the ids, where `kind` is
 * NULL, of all. */
static struct list names_of(
	const struct suggestion *suggestion, const char *kind, size_t size)
{
	struct list names = {0};

	for (size_t i = 0; i < suggestion->steps->count; i++) {
		const char *id = suggestion->steps->list[i].id;
		const char *name = kind ? id + size + 1 : id;

		if (!suggestion->lead_back[i] &&
			(!kind || (strncmp(id, kind, size) == 0 && id[size] == ':')))
			list_add(&names, suggestion->arena, name, strlen(name));
	}
	return names;
}

static const char *suggest_any(const struct suggestion *suggestion, const char *id)
{
	struct list ids = names_of(suggestion, NULL, 0);

	return ids.count ? str_suggest(id, ids.items,
				   arena_alloc(suggestion->arena, STR_SUGGEST_SIZE))
			 : "";
}

const char *suggest_id(const struct steps *steps, const struct step *from, const char *id,
	struct arena *arena)
{
	const struct suggestion suggestion = {
		.steps = steps,
		.arena = arena,
		.lead_back = who_leads_back(steps, from, arena),
	};
	CLEANUP_BUF struct buf text = BUF_INIT;
	int size = (int)strcspn(id, ":");
	const char *near = steps_scoped_id(steps, id);
	struct list names;

	if (near && !suggestion.lead_back[steps_find(steps, NULL, near) - steps->list])
		return arena_printf(arena, "; did you mean '%s'?", near);
	names = names_of(&suggestion, id, (size_t)size);
	if (!names.count)
		return suggest_any(&suggestion, id);
	near = names.count == 1 ? *names.items : str_nearest(id + size + 1, names.items);
	if (near)
		return arena_printf(arena, "; did you mean '%.*s:%s'?", size, id, near);
	buf_puts(&text, "; there are ");
	for (size_t i = 0; i < names.count; i++)
		listed_add(&text, i, names.count, NAMED, "'%.*s:%s'", size, id,
			names.items[i]);
	return arena_memdup(arena, text.data, text.len);
}
