/* SPDX-License-Identifier: MIT */
/*
 * Feeds any bytes through the reading of a migration: its name, its markers, and its
 * statements. The input is three names with a '|' between them, a newline, and the text.
 * What must hold: no crash; a version has one key; statements lie in the text, in
 * order, at the line that they say, and are whole; the text stays as it is; an error
 * names the file.
 */
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "db/db.h"
#include "migration/format.h"
#include "migration/migration.h"
#include "migration/version.h"

#define NAMES 3

static void hold(bool what)
{
	if (!what)
		abort();
}

/* Their keys are made within their bounds, and the same way each time. */
static void make_keys(const char *const *names, struct arena *arena)
{
	for (int order = VERSION_NUMBER; order <= VERSION_JOURNAL; order++)
		for (size_t i = 0; i < NAMES; i++)
			hold(str_equal(
				version_key((enum version_order)order, names[i], arena),
				version_key((enum version_order)order, names[i], arena)));
}

static void parse_name(const char *file, struct arena *arena)
{
	struct format_name name;

	(void)format_of_program(file);
	(void)format_needs_inside(file);
	if (!format_parse(file, NULL, arena, &name) &&
		!format_parse(file, "up.sql", arena, &name))
		return;
	hold(*name.id && strstr(file, name.id) && strstr(file, name.name));
	hold(format_is_repeatable(name.id) == (name.format->role == FORMAT_REPEATABLE));
}

static void take_names(const char *data, size_t size)
{
	struct arena arena = {0};
	const char *names[NAMES] = {"", "", ""};
	char *copy = arena_memdup(&arena, data, size);

	for (size_t i = 0; i < NAMES && copy; i++) {
		char *bar = strchr(copy, '|');

		if (bar)
			*bar = '\0';
		names[i] = copy;
		parse_name(copy, &arena);
		copy = bar ? bar + 1 : NULL;
	}
	make_keys(names, &arena);
	arena_release(&arena);
}

/* With a semicolon of its own where its end was marked. */
static bool is_whole(const struct statement *statement, struct arena *arena)
{
	char *text = arena_memdup(arena, statement->text, statement->size);

	return sqlite3_complete(arena_printf(arena, "%s;", text)) != 0;
}

static void look_at(const struct migration *one, const char *text, struct arena *arena)
{
	const char *at = text;
	int line = 1;

	for (size_t i = 0; i < one->statements_count; i++) {
		const struct statement *statement = &one->statements[i];

		hold(statement->size > 0 && statement->text >= at);
		for (; at < statement->text; at++)
			line += *at == '\n';
		hold(statement->line == line);
		hold(statement->text + statement->size <= text + strlen(text));
		hold(*at != ';' && !str_is_space(*at));
		hold(is_whole(statement, arena));
		for (; at < statement->text + statement->size; at++)
			line += *at == '\n';
	}
}

/* In memory of its own, so that a byte too far is seen. */
static void take_text(const char *data, size_t size)
{
	struct problems problems = {0};
	struct migration one = {.file = "x.sql"};
	char *text = mem_zalloc(size + 1);
	struct script script = {
		.text = text,
		.size = size,
		.file = "x.sql",
		.dialect = &db_dialect,
		.arena = &problems.arena,
		.problems = &problems,
	};
	unsigned char digest[DIGEST_SIZE];

	if (size)
		memcpy(text, data, size);
	(void)migration_parse(&one, &script);
	for (size_t i = 0; i < problems.count; i++)
		hold(str_starts(problem_text(&problems, i), "x.sql"));
	if (problems.count == 0) {
		/* The hash was taken before anything was cut. */
		crypto_digest(text, strlen(text), digest);
		hold(memcmp(digest, one.hash, sizeof digest) == 0);
		look_at(&one, text, &problems.arena);
	}
	free(text);
	problems_release(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *newline = size ? memchr(text, '\n', size) : NULL;
	size_t names = newline ? (size_t)(newline - text) : 0;

	take_names(text, names);
	if (newline)
		take_text(newline + 1, size - names - 1);
	return 0;
}
