/* SPDX-License-Identifier: MIT */
/* The text of a migration: its hash and its statements. */
#include "migration/migration.h"

#include <string.h>

#include "base/crypto.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/markers.h"
#include "migration/split.h"

_Static_assert(sizeof((struct migration *)0)->hash == DIGEST_SIZE, "one digest");

/* Removes a BOM, and each CR before an LF, in place; returns the new size. */
static size_t normalise(char *text, size_t size)
{
	size_t from = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	size_t to = 0;

	for (; from < size; from++)
		if (text[from] != '\r' || from + 1 == size || text[from + 1] != '\n')
			text[to++] = text[from];
	text[to] = '\0';
	return to;
}

static struct place place_of(const char *file, const char *text, size_t at)
{
	struct place place = {.file = file, .line = 1};
	size_t line_start = 0;

	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			place.line++;
			line_start = i + 1;
		}
	}
	place.column = (int)(at - line_start) + 1;
	return place;
}

/* Is it text at all? Reports why not. */
static bool check_bytes(const struct script *script)
{
	const char *text = script->text, *file = script->file;
	size_t size = script->size;
	const char *nul = memchr(text, '\0', size);
	size_t valid = str_utf8_valid(text, size);

	if (size >= 2 &&
		(memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
		problems_add(script->problems, (struct place){.file = file},
			"is UTF-16; save it as UTF-8");
	else if (nul)
		problems_add(script->problems, place_of(file, text, (size_t)(nul - text)),
			"a NUL byte; what follows would never run");
	else if (valid < size)
		problems_add(script->problems, place_of(file, text, valid),
			"is not UTF-8 here");
	else
		return true;
	return false;
}

const struct markers *migration_parse(struct migration *ret, struct script *script)
{
	struct script_part whole = {.start = 0};
	struct script_part *parts = &whole;
	const struct markers *markers;
	size_t count = 1;

	script->size = normalise(script->text, script->size);
	crypto_digest(script->text, script->size, ret->hash);
	if (!check_bytes(script))
		return NULL;
	whole.size = script->size;
	markers = markers_find(script);
	if (markers)
		markers_split(markers, script, &parts, &count);
	split_script(script, parts, count, &ret->statements, &ret->statements_count);
	return markers;
}
