/* SPDX-License-Identifier: MIT */
/* Migrations that run outside of a transaction. */
#include "migration/outside.h"

#include <string.h>

#include "base/fs_reader.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributor.h"
#include "migration/dialect.h"
#include "migration/markers.h"
#include "migration/migration.h"

#define METADATA_MAX ((size_t)64 * 1024)
#define KEY          "run_in_transaction"
#define WRITE_IT     "write `" KEY " = true` or `" KEY " = false`"

/* ---- files beside a migration: NAME=value lines ---- */

struct metadata {
	void (*take)(struct metadata *metadata, const char *key, const char *value);
	struct problems *problems;
	struct place at; /* the line that is read */
	bool found;      /* the key is there */
	bool outside;
	const char *other;     /* the first other key, or NULL */
	struct place other_at; /* its line */
};

/* Cuts off blanks and quotes around it, in place. */
static char *trim(char *text)
{
	static const char around[] = " \t\r\"'";
	size_t size;

	text += strspn(text, around);
	size = strlen(text);
	while (size && strchr(around, text[size - 1]))
		text[--size] = '\0';
	return text;
}

/* The keys before the first table, a line each. */
static void take_lines(struct metadata *metadata, char *text)
{
	for (char *line = text, *next; line; line = next) {
		char *value;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		metadata->at.line++;
		line[strcspn(line, "#")] = '\0';
		line += strspn(line, " \t");
		if (*line == '[')
			return;
		value = strchr(line, '=');
		if (value) {
			*value++ = '\0';
			metadata->take(metadata, trim(line), trim(value));
		}
	}
}

/* Reads the file at that path. Returns 0, 1 if there is none, or -1. */
static int read_beside(const struct migration *migration, struct fs_reader *reader,
	const char *path, struct metadata *metadata, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc = fs_reader_read(
		reader, migration->from->fs, path, METADATA_MAX, &text, err);

	if (rc != 0)
		return rc;
	metadata->at.file = arena_strdup(&metadata->problems->arena, path);
	take_lines(metadata, text.data);
	return 0;
}

/* ---- diesel's metadata.toml ---- */

static void take_toml(struct metadata *metadata, const char *key, const char *value)
{
	if (!str_equal(key, KEY)) {
		if (!metadata->other) {
			metadata->other = arena_strdup(&metadata->problems->arena, key);
			metadata->other_at = metadata->at;
		}
		return;
	}
	metadata->outside = str_equal(value, "false");
	if (metadata->found || (!metadata->outside && !str_equal(value, "true")))
		problems_add(metadata->problems, metadata->at,
			"%s, so diesel passes over this file: " WRITE_IT,
			metadata->found ? KEY " is there twice"
					: KEY " is neither true nor false");
	metadata->found = true;
}

/* Without the key in its file diesel takes it for false. */
static void check_found(const struct metadata *metadata)
{
	static const char *const known[] = {KEY, NULL};
	struct place at = {.file = metadata->at.file};
	char room[STR_SUGGEST_SIZE];

	if (metadata->found)
		return;
	if (metadata->other)
		problems_add(metadata->problems, metadata->other_at,
			"diesel does not know '%s', and without " KEY " here it runs the "
			"migration outside of a transaction: " WRITE_IT "%s",
			metadata->other, str_suggest(metadata->other, known, room));
	else
		problems_add(metadata->problems, at,
			"lacks " KEY ", without which diesel runs the migration outside "
			"of a transaction: " WRITE_IT);
}

/* Of a migration that is the file up.sql of a directory. */
static int read_toml(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *text, struct problems *problems, struct err *err)
{
	struct metadata metadata = {.take = take_toml, .problems = problems};
	struct arena arena = {0};
	const char *dir = path_dir(&arena, migration->file);
	int rc = read_beside(migration, reader, path_join(&arena, dir, "metadata.toml"),
		&metadata, err);

	if (rc == 0)
		check_found(&metadata);
	text->outside |= metadata.outside;
	arena_release(&arena);
	return rc < 0 ? -1 : 0;
}

/* ---- Flyway's V1__name.sql.conf ---- */

static void take_conf(struct metadata *metadata, const char *key, const char *value)
{
	if (str_equal(key, "executeInTransaction"))
		metadata->outside = str_equal(value, "false");
}

static int read_conf(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *text, struct problems *problems, struct err *err)
{
	struct metadata metadata = {.take = take_conf, .problems = problems};
	struct arena arena = {0};
	int rc = read_beside(migration, reader,
		arena_printf(&arena, "%s.conf", migration->file), &metadata, err);

	text->outside |= metadata.outside;
	arena_release(&arena);
	return rc < 0 ? -1 : 0;
}

/* ---- all of them ---- */

/* No transaction can have any of them. */
void outside_infer(const struct migration *migration, struct migration_text *text)
{
	const struct dialect *dialect = migration->dialect;

	if (text->markers || !dialect->outside || !text->statements_count)
		return;
	for (size_t i = 0; i < text->statements_count; i++)
		if (!dialect->outside(text->statements[i].text, text->statements[i].size))
			return;
	text->outside = true;
}

void outside_check(const struct migration *migration, const struct migration_text *text,
	bool together, struct problems *problems)
{
	if (together && text->outside && text->statements_count)
		problems_add(problems,
			(struct place){.file = migration->file,
				.line = text->statements[0].line},
			"runs outside of a transaction, and with `transaction = all` "
			"there is one around it: write `each`");
	for (size_t i = 0; !text->outside && i < text->statements_count; i++) {
		const struct statement *statement = &text->statements[i];
		struct place at = {.file = migration->file, .line = statement->line};
		CLEANUP_BUF struct buf what = BUF_INIT;

		if (!migration->dialect->outside ||
			!migration->dialect->outside(statement->text, statement->size))
			continue;
		statement_quote(statement, &what);
		problems_add(problems, at,
			"%s cannot run in a transaction: move it into a migration of its "
			"own; with markers of dbmate write `-- migrate:up "
			"transaction:false`, with those of goose `-- +goose NO "
			"TRANSACTION`",
			what.data);
	}
}

int outside_read(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *text, struct problems *problems, struct err *err)
{
	const struct script script = {.text = text->text.data, .size = text->text.len};

	if (!migration->dialect->outside)
		return 0;
	text->outside = str_starts(script.text, "-- no-transaction") ||
		(text->markers && markers_outside(text->markers, &script));
	if (str_equal(path_base(migration->file), "up.sql"))
		return read_toml(migration, reader, text, problems, err);
	/* Only Flyway's have them. */
	if (migration->may_have_placeholders)
		return read_conf(migration, reader, text, problems, err);
	return 0;
}
