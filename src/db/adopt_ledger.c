/* SPDX-License-Identifier: MIT */
/* Reading the ledger of another tool. */
#include "db/adopt_ledger.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/str.h"
#include "db/adopt.h"
#include "db/adopt_file.h"
#include "db/adopt_find.h"
#include "db/adopt_tools.h"
#include "db/connection.h"
#include "db/query.h"
#include "migration/contributors.h"
#include "migration/format.h"
#include "migration/migration.h"
#include "migration/version.h"

/* No ledger is so large. */
#define ROWS_MAX  100000
#define BYTES_MAX ((size_t)64 * 1024 * 1024)

/* A migration of ours under the name that the tool gives to it. */
struct entry {
	const char *name;
	size_t index; /* in the spec's migrations */
	bool applied;
	const char *checksum; /* that was recorded, or NULL */
};

struct reading {
	struct connection *connection;
	const struct db_spec *spec;
	const struct db_adopt *adopt;
	struct adopt_ledger ledger;
	struct arena *arena;
	struct adoption *adoption;
	struct fs_reader files;
	struct entry *entries; /* by name, then in our order */
	size_t count;
	size_t rows, bytes, known; /* what was read, and how many rows name one of ours */
	size_t up_to; /* all of this contributor before that index are in, too */
};

/* ---- our migrations ---- */

/* Fills `ret`, with the file's text in `text` if that is not NULL. Returns 0, or -1. */
static int open_file(struct reading *reading, size_t index, struct buf *text,
	struct adopt_file *ret, struct err *err)
{
	const struct migration *migration = &reading->spec->migrations->list[index];

	if (text && migration_read(migration, &reading->files, text, err) < 0)
		return -1;
	*ret = (struct adopt_file){
		.below = adopt_path_below(migration->file, migration->from->path),
		.name = migration->name,
		.text = text ? text->data : NULL,
		.size = text ? text->len : 0,
	};
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order
		     : (left->index > right->index) - (left->index < right->index);
}

static int add_entry(struct reading *reading, size_t index, struct err *err)
{
	const struct adopt_tool *tool = reading->ledger.tool;
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf name = BUF_INIT;
	struct adopt_file file;

	if (open_file(reading, index, tool->by_content ? &text : NULL, &file, err) < 0)
		return -1;
	tool->name_of(&file, &name);
	if (name.len)
		reading->entries[reading->count++] = (struct entry){
			.name = arena_strdup(reading->arena, name.data), .index = index};
	return 0;
}

static int list_entries(struct reading *reading, struct err *err)
{
	const struct migrations *all = reading->spec->migrations;

	reading->entries =
		arena_alloc(reading->arena, all->count * sizeof *reading->entries);
	for (size_t i = 0; i < all->count; i++)
		if (migration_is_of(&all->list[i], reading->adopt->contributor) &&
			add_entry(reading, i, err) < 0)
			return -1;
	if (reading->count > 1)
		qsort(reading->entries, reading->count, sizeof *reading->entries,
			by_name);
	return 0;
}

/* The first of that name that is not applied yet, or else the last; or NULL. */
static struct entry *find_entry(const struct reading *reading, const char *name)
{
	size_t low = 0, high = reading->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(reading->entries[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == reading->count || !str_equal(reading->entries[low].name, name))
		return NULL;
	while (reading->entries[low].applied && low + 1 < reading->count &&
		str_equal(reading->entries[low + 1].name, name))
		low++;
	return &reading->entries[low];
}

/* ---- the rows ---- */

static int raise_row(const struct reading *reading, const char *what, struct err *err)
{
	return err_fail(err,
		"the ledger of %s, '%s', is damaged: %s in row %zu; the database was "
		"left as it is: put the row right, or write `adopt = baseline:VERSION`",
		reading->ledger.tool->name, reading->ledger.table, what, reading->rows);
}

/* Appends the row's name of a migration, in the form that our names have. */
static int read_name(const struct reading *reading, const struct query *query,
	struct buf *ret, struct err *err)
{
	const struct adopt_tool *tool = reading->ledger.tool;
	int type = sqlite3_column_type(query->statement, 0);
	const char *text;

	if (type != (tool->number ? SQLITE_INTEGER : SQLITE_TEXT))
		return raise_row(reading,
			tool->number ? "something else than a number"
				     : "something else than a text",
			err);
	text = query_text(query, 0);
	if (!text)
		return connection_fail(reading->connection, query->what, err);
	if (strlen(text) != (size_t)sqlite3_column_bytes(query->statement, 0))
		return raise_row(reading, "a NUL byte", err);
	if (tool->clean)
		tool->clean(text, ret);
	else
		buf_puts(ret, text);
	return 0;
}

static int check_bounds(
	struct reading *reading, const struct query *query, struct err *err)
{
	for (int column = 0; column < 3; column++)
		reading->bytes += (size_t)sqlite3_column_bytes(query->statement, column);
	if (++reading->rows <= ROWS_MAX && reading->bytes <= BYTES_MAX)
		return 0;
	return err_fail(err,
		"the ledger of %s, '%s', has more than %d rows, or %zu MiB; no set of "
		"migrations is so large: is it damaged?",
		reading->ledger.tool->name, reading->ledger.table, ROWS_MAX,
		BYTES_MAX / 1024 / 1024);
}

static void take_entry(struct reading *reading, struct entry *entry, const char *checksum)
{
	reading->known++;
	entry->applied = true;
	entry->checksum = arena_strdup(reading->arena, checksum ? checksum : "");
}

/* What is in no file of ours. */
static void add_unknown(struct reading *reading, const char *name)
{
	adopt_names_add(&reading->adoption->unknown, reading->arena, "%s/%.80s (of %s)",
		reading->adopt->contributor, name, reading->ledger.tool->name);
}

static void add_changed(struct reading *reading, const struct entry *entry,
	const char *recorded, const char *computed)
{
	adopt_names_add(&reading->adoption->changed, reading->arena,
		"'%s' was applied by %s with another content (checksum %.100s, and the "
		"file's is %s)",
		reading->spec->migrations->list[entry->index].file,
		reading->ledger.tool->name, recorded, computed);
}

/*
 * A text that no file has: it was that of the first file of that time which is not
 * applied. Where a file has no time, it may as well be that one's. Returns 0, or -1.
 */
static int take_text(
	struct reading *reading, const char *sum, int64_t when_ms, struct err *err)
{
	struct entry *found = NULL;

	for (size_t i = 0; i < reading->count; i++) {
		struct entry *entry = &reading->entries[i];
		int64_t ours = reading->spec->migrations->list[entry->index].when_ms;

		if (!ours || !when_ms)
			return err_fail(err,
				"none of our migrations has the text that was applied by "
				"%s with the checksum %s; the database was left as it "
				"is: put the changed file back; or if it has all up to "
				"some version, write `adopt = baseline:VERSION`; or is "
				"this an older version of the application?",
				reading->ledger.tool->name, sum);
		if (ours == when_ms && !entry->applied &&
			(!found || entry->index < found->index))
			found = entry;
	}
	if (!found) {
		add_unknown(reading, sum);
		return 0;
	}
	add_changed(reading, found, sum, found->name);
	take_entry(reading, found, NULL);
	return 0;
}

/* All of the contributor that are not after that version count as applied. */
static void take_up_to(struct reading *reading, const char *version)
{
	const struct migrations *all = reading->spec->migrations;
	const char *key = NULL; /* of the version, in the contributor's order */

	for (size_t i = 0; i < all->count; i++) {
		const struct migration *migration = &all->list[i];

		if (!migration_is_of(migration, reading->adopt->contributor) ||
			format_is_repeatable(migration->id))
			continue;
		if (!key)
			key = version_key(migration->order, version, reading->arena);
		if (strcmp(migration->key, key) <= 0 && reading->up_to <= i)
			reading->up_to = i + 1;
	}
}

static int take_row(struct reading *reading, const struct query *query, struct err *err)
{
	const char *dirty = query_text(query, 2), *checksum = query_text(query, 1);
	CLEANUP_BUF struct buf name = BUF_INIT;
	struct entry *entry;
	int64_t reach;

	if (check_bounds(reading, query, err) < 0 ||
		read_name(reading, query, &name, err) < 0)
		return -1;
	if (dirty)
		return err_fail(err,
			"the ledger of %s, '%s', says that %.80s was not applied as a "
			"whole (%.80s); the database was left as it is: see what that "
			"migration has left undone, put it right, %s",
			reading->ledger.tool->name, reading->ledger.table, name.data,
			dirty, reading->ledger.tool->mend);
	reach = sqlite3_column_int64(query->statement, 3);
	entry = find_entry(reading, name.data);
	if (reach != ADOPT_ONE)
		take_up_to(reading, name.data);
	if (reach == ADOPT_BASELINE)
		reading->known++;
	else if (entry)
		take_entry(reading, entry, checksum);
	/* A file that runs again at any change may also be gone. */
	else if (reading->ledger.tool->by_content)
		return take_text(reading, name.data,
			sqlite3_column_int64(query->statement, 4), err);
	else if (!adopt_is_repeatable(name.data))
		add_unknown(reading, name.data);
	return 0;
}

static int read_rows(struct reading *reading, struct err *err)
{
	const struct adopt_ledger *ledger = &reading->ledger;
	CLEANUP_BUF struct buf sql = BUF_INIT;
	CLEANUP_QUERY struct query query = {0};
	char *table = sqlite3_mprintf("\"%w\"", ledger->table);
	char *what = arena_printf(reading->arena, "read the ledger of %s, the table %s",
		ledger->tool->name, ledger->table);
	int rc;

	if (!table)
		return err_fail(err, "out of memory");
	adopt_query(ledger->tool, table, &sql);
	sqlite3_free(table);
	rc = query_run(&query, reading->connection, what, sql.data, NULL, 0, err);
	for (; rc == 1; rc = query_next(&query, err))
		if (take_row(reading, &query, err) < 0)
			return -1;
	return rc;
}

/* ---- the files ---- */

/* Is the file what was applied? A repeatable one that is not runs again. 0, or -1. */
static int check_entry(struct reading *reading, struct entry *entry, struct err *err)
{
	const struct adopt_tool *tool = reading->ledger.tool;
	const struct migration *migration =
		&reading->spec->migrations->list[entry->index];
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf computed = BUF_INIT;
	struct adopt_file file;

	if (!entry->applied || !entry->checksum || !tool->checksum)
		return 0;
	if (open_file(reading, entry->index, &text, &file, err) < 0)
		return -1;
	if (adopt_tool_accepts(tool, &file, entry->checksum, &computed))
		return 0;
	if (format_is_repeatable(migration->id))
		entry->applied = false;
	else
		add_changed(reading, entry, entry->checksum, computed.data);
	return 0;
}

/* Marks what the ledger says was applied. */
static void mark(const struct reading *reading)
{
	const struct migrations *all = reading->spec->migrations;
	const char **from = reading->adoption->from;

	for (size_t i = 0; i < reading->count; i++)
		if (reading->entries[i].applied)
			from[reading->entries[i].index] = reading->ledger.tool->name;
	for (size_t i = 0; i < reading->up_to; i++)
		if (migration_is_of(&all->list[i], reading->adopt->contributor))
			from[i] = reading->ledger.tool->name;
}

static int read_all(struct reading *reading, struct err *err)
{
	const struct adopt_ledger *ledger = &reading->ledger;

	if (adopt_find(reading->connection, reading->spec, reading->adopt, reading->arena,
		    &reading->ledger, err) < 0 ||
		list_entries(reading, err) < 0 || read_rows(reading, err) < 0)
		return -1;
	if (reading->rows && !reading->known)
		return err_fail(err,
			"none of the %zu rows of '%s', the ledger of %s, is about a "
			"migration of '%s'; it was left as it is: is it another "
			"application's?",
			reading->rows, ledger->table, ledger->tool->name,
			reading->adopt->contributor);
	if (!reading->rows)
		adopt_names_add(&reading->adoption->empty, reading->arena,
			"the ledger of %s, '%s', is empty: all migrations of '%s' are "
			"to run",
			ledger->tool->name, ledger->table, reading->adopt->contributor);
	for (size_t i = 0; i < reading->count; i++)
		if (check_entry(reading, &reading->entries[i], err) < 0)
			return -1;
	mark(reading);
	return 0;
}

int adopt_ledger_read(struct connection *connection, const struct db_spec *spec,
	const struct db_adopt *adopt, struct arena *arena, struct adoption *ret,
	struct err *err)
{
	struct reading reading = {
		.connection = connection,
		.spec = spec,
		.adopt = adopt,
		.arena = arena,
		.adoption = ret,
		.files = FS_READER_INIT,
	};
	int rc = read_all(&reading, err);

	fs_reader_release(&reading.files);
	return rc;
}
