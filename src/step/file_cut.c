/* SPDX-License-Identifier: MIT */
/* Warnings of values that readers of a file may cut or expand. */
#include "step/file_cut.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/escape_value.h"
#include "step/step.h"

void file_warn_cut(
	const struct file_cut *cut, struct place at, const struct file_cut_value *value)
{
	struct arena *arena = cut->ctx->arena;
	bool is_cut = value->how & ESCAPE_INI_CUT;
	const char *has = is_cut
		? "a # or ;, or a quote at an end: many readers of ini files cut it there"
		: "a %: Python's configparser, supervisord and others expand it there";
	const char *write = is_cut
		? arena_printf(arena, "write %s, in the quotes that its reader takes off",
			  value->quoted)
		: arena_printf(arena,
			  "where its reader does, give %s with %%%% for each, else write "
			  "%s",
			  value->name, value->meant);

	log_warn_at(cut->ctx->log, at,
		"[%s] %s: '%s' in '%s' gets the value of %s, which has %s; %s",
		cut->step->id, cut->by, value->key, cut->path, value->name, has, write);
}

static const char expanded[] =
	"a ${: Spring, log4j2, Kafka and others expand it there; where that is meant, or "
	"its reader does not,";
static const char escaped[] =
	"a \", $ or ` between double quotes, where dotenv and `node --env-file` know no "
	"escape: without them it gets quotes that all read alike; where its reader is "
	"systemd, Compose or a shell,";

/* Any of its places may have none of what ini calls a key. */
static void warn_of_any(
	struct file_cut *cut, struct place at, const char *name, const char *has)
{
	if (cut->key && cut->line == at.line && str_equal(cut->key, name))
		return;
	cut->key = arena_strdup(cut->ctx->arena, name);
	cut->line = at.line;
	log_warn_at(cut->ctx->log, at,
		"[%s] %s: the value of %s, which goes into '%s', has %s write ${%s|%s}",
		cut->step->id, cut->by, name, cut->path, has, name, cut->format);
}

void file_note_cut(
	void *user, struct place at, unsigned how, const char *name, const char *line)
{
	struct file_cut *cut = user;
	struct arena *arena = cut->ctx->arena;
	struct file_cut_value value = {.name = name, .how = how};
	size_t size;

	if (how & (ESCAPE_EXPANDED | ESCAPE_ENV_ESCAPED)) {
		warn_of_any(cut, at, name, how & ESCAPE_EXPANDED ? expanded : escaped);
		return;
	}
	line += strspn(line, " \t");
	size = strcspn(line, "=:");
	while (size && str_is_space(line[size - 1]))
		size--;
	value.key = arena_memdup(arena, line, size);
	/* Another value of the same key. */
	if (cut->key && cut->line == at.line && str_equal(cut->key, value.key))
		return;
	cut->key = value.key;
	cut->line = at.line;
	value.quoted = arena_printf(arena, "`${%s}` or \"${%s}\"", name, name);
	value.meant = arena_printf(arena, "${%s|ini}", name);
	file_warn_cut(cut, at, &value);
}
