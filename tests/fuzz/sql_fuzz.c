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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_reader.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "db/db.h"
#include "migration/contributors.h"
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

static void look_at(const struct migration_text *text, struct arena *arena)
{
	const char *at = text->text.data, *end = at + text->text.len;
	int line = 1;

	for (size_t i = 0; i < text->statements_count; i++) {
		const struct statement *statement = &text->statements[i];

		hold(statement->size > 0 && statement->text >= at);
		for (; at < statement->text; at++)
			line += *at == '\n';
		hold(statement->line == line);
		hold(statement->text + statement->size <= end);
		hold(*at != ';' && !str_is_space(*at));
		hold(is_whole(statement, arena));
		for (; at < statement->text + statement->size; at++)
			line += *at == '\n';
	}
}

/* As a file, since that is how it is read. */
static void load(struct migration *one, struct migration_text *text,
	struct problems *problems, const char *data, size_t size)
{
	struct fs_reader reader = FS_READER_INIT;
	char path[40];
	int fd = memfd_create("x", MFD_CLOEXEC);
	DECLARE_ERR(err);

	hold(fd >= 0 && fd_write_all(fd, data, size) == 0);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	one->file = path;
	hold(migration_hash(one, &reader, &err) == 0);
	hold(migration_load(one, &reader, text, problems, &err) == 0);
	for (size_t i = 0; i < problems->count; i++)
		hold(str_starts(problem_text(problems, i), path));
	fs_reader_release(&reader);
	(void)close(fd);
}

static void take_text(const char *data, size_t size)
{
	CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;
	struct fs fs = {.guarded = false};
	struct contributor contributor = {.fs = &fs};
	struct migration one = {.from = &contributor, .dialect = &db_dialect};
	struct migration same;
	struct problems problems = {0};
	size_t bom = str_bom_size(data, size);

	load(&one, &text, &problems, data, size);
	same = one;
	migration_hash_bytes(&same, data, size);
	hold(memcmp(same.hash, one.hash, sizeof one.hash) == 0);
	/* Cutting leaves the text as it was. */
	hold(text.text.len == size - bom);
	hold(memcmp(text.text.data, data + bom, text.text.len) == 0);
	if (problems.count == 0)
		look_at(&text, &problems.arena);
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
