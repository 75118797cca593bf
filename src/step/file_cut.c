/* SPDX-License-Identifier: MIT */
/* Warnings of values of which readers of an ini file may take a part. */
#include "step/file_cut.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "step/step.h"

void file_warn_cut(const struct file_cut *cut, struct place at, const char *key,
	const char *name, const char *write)
{
	struct arena *arena = cut->ctx->arena;
	const struct log_event event = {
		.level = LOG_WARN,
		.at = at,
		.message = arena_printf(arena,
			"[%s] %s: '%s' in '%s' gets the value of %s, which has a # or ;, "
			"or a quote at an end: many readers of ini files cut it there; "
			"write %s, in the quotes that its reader takes off",
			cut->step->id, cut->by, key, cut->path, name, write),
	};

	log_event(cut->ctx->log, &event);
}

void file_note_cut(void *user, struct place at, const char *name, const char *line)
{
	struct file_cut *cut = user;
	struct arena *arena = cut->ctx->arena;
	const char *key;
	size_t size;

	line += strspn(line, " \t");
	size = strcspn(line, "=:");
	while (size && str_is_space(line[size - 1]))
		size--;
	key = arena_memdup(arena, line, size);
	/* Another value of the same key. */
	if (cut->key && cut->line == at.line && str_equal(cut->key, key))
		return;
	cut->key = key;
	cut->line = at.line;
	file_warn_cut(cut, at, key, name,
		arena_printf(arena, "`${%s}` or \"${%s}\"", name, name));
}
