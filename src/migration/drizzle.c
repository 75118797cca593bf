/* SPDX-License-Identifier: MIT */
/* Drizzle's journal. */
#include "migration/drizzle.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributors.h"
#include "migration/listing.h"
#include "migration/variant.h"

#define JOURNAL "meta/_journal.json"

struct journal {
	struct json json;
	struct json_mark mark; /* where the last entry is */
	struct listing *listing;
	struct names files; /* all .sql files of the directory */
	struct names tags;  /* those that are named */
	int64_t idx;        /* of the last entry; -1 before the first */
	size_t problems;    /* so many there were before */
};

__attribute__((format(printf, 3, 4))) static void report(
	const struct journal *journal, size_t token, const char *format, ...)
{
	const struct json *json = &journal->json;
	CLEANUP_BUF struct buf text = BUF_INIT;
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	problems_add(journal->listing->problems,
		json_place(json, json->tokens[token].start), "%s", text.data);
}

/*
 * The member of that name, or 0. Of two JavaScript takes the last, and who has merged
 * them may have meant either.
 */
static size_t find(const struct journal *journal, size_t object, const char *name)
{
	const struct json *json = &journal->json;
	size_t found = 0;

	for (size_t i = object + 1; i < json->tokens[object].next;
		i = json->tokens[i].next) {
		CLEANUP_BUF struct buf key = BUF_INIT;

		json_decode(json, i, &key);
		if (!key.len || !str_equal(key.data, name))
			continue;
		if (found)
			report(journal, i, "'%s' is here twice", name);
		found = i + 1;
	}
	return found;
}

/* The member of that name and type; where there is none an error is reported: 0. */
static size_t member(const struct journal *journal, size_t token, const char *name,
	enum json_type type, const char *what)
{
	const struct json *json = &journal->json;
	size_t found =
		json->tokens[token].type == JSON_OBJECT ? find(journal, token, name) : 0;

	if (found && json->tokens[found].type == type)
		return found;
	report(journal, found ? found : token, "'%s' is to be %s here", name, what);
	return 0;
}

/* Returns a text in the arena; NULL if it is no name of a file. */
static const char *tag_text(const struct journal *journal, size_t token)
{
	CLEANUP_BUF struct buf tag = BUF_INIT;

	json_decode(&journal->json, token, &tag);
	if (!tag.len || strlen(tag.data) < tag.len || strchr(tag.data, '/') ||
		tag.data[0] == '.')
		return NULL;
	return arena_strdup(journal->listing->arena, tag.data);
}

static bool is_next(struct journal *journal, size_t token)
{
	int64_t before = journal->idx;

	if (!json_to_int(&journal->json, token, &journal->idx)) {
		report(journal, token, "'idx' is to be a whole number here");
		return false;
	}
	if (journal->idx >= before)
		return true;
	report(journal, token,
		"idx %lld is listed after %lld: Drizzle applies the entries as they are "
		"listed, so one of both orders is wrong",
		(long long)journal->idx, (long long)before);
	return false;
}

/* When the migration was made, which Drizzle's ledger records; 0 if it is not said. */
static int64_t when_of(const struct journal *journal, size_t entry)
{
	size_t when = find(journal, entry, "when");
	int64_t ret = 0;

	return when && json_to_int(&journal->json, when, &ret) ? ret : 0;
}

/* Returns 0, or -1 if there are too many. */
static int add(struct journal *journal, size_t entry, size_t token, const char *tag,
	struct err *err)
{
	struct listing *listing = journal->listing;
	struct candidate *added;
	const char *file = arena_printf(listing->arena, "%s.sql", tag);
	struct format_name name;

	names_add(&journal->tags, file);
	if (listing_exclude(listing, file))
		return 0;
	if (!names_has(&journal->files, file)) {
		report(journal, token, "names '%s', which is missing", file);
		return 0;
	}
	/* A number before an underscore is the id; without one all of the tag is. */
	if (!format_parse(tag, "migration.sql", listing->arena, &name)) {
		report(journal, token, "'%s' is not a name of a migration", tag);
		return 0;
	}
	if (listing_add(listing,
		    path_join(listing->arena, listing->contributor->path, file), file,
		    &name, err) < 0)
		return -1;
	added = &listing->list[listing->count - 1];
	added->at = json_place_next(
		&journal->json, journal->json.tokens[token].start, &journal->mark);
	added->position = listing->count;
	added->migration.when_ms = when_of(journal, entry);
	return 0;
}

static int add_entry(struct journal *journal, size_t token, struct err *err)
{
	size_t idx = member(journal, token, "idx", JSON_NUMBER, "a whole number");
	size_t tag = member(journal, token, "tag", JSON_STRING, "the name of a file");
	const char *text;

	if (!idx || !tag || !is_next(journal, idx))
		return 0;
	text = tag_text(journal, tag);
	if (text)
		return add(journal, token, tag, text, err);
	report(journal, tag, "is not the name of a file");
	return 0;
}

/* The SQL of another database is not for ours. */
static void check_dialect(const struct journal *journal)
{
	const struct json *json = &journal->json;
	const char *ours = journal->listing->contributor->variant;
	size_t token =
		json->tokens[0].type == JSON_OBJECT ? find(journal, 0, "dialect") : 0;
	CLEANUP_BUF struct buf text = BUF_INIT;
	const char *database;

	if (!token || json->tokens[token].type != JSON_STRING)
		return;
	json_decode(json, token, &text);
	database = text.len ? variant_of(text.data) : NULL;
	if (database && ours && !str_equal(database, ours))
		report(journal, token, "these migrations are for %s, and we have %s",
			database, ours);
}

static int add_entries(struct journal *journal, struct err *err)
{
	const struct json *json = &journal->json;
	size_t list = member(journal, 0, "entries", JSON_ARRAY, "a list");

	check_dialect(journal);
	for (size_t i = list + 1; list && i < json->tokens[list].next;
		i = json->tokens[i].next)
		if (add_entry(journal, i, err) < 0)
			return -1;
	return 0;
}

static int list_files(struct journal *journal, struct err *err)
{
	const struct contributor *contributor = journal->listing->contributor;
	const struct dirent *entry;
	CLEANUP_DIR DIR *dir = fs_open_dir(contributor->fs, contributor->path, err);

	if (!dir)
		return -1;
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (entry->d_name[0] != '.' && str_ends(entry->d_name, ".sql"))
			names_add(&journal->files,
				arena_strdup(journal->listing->arena, entry->d_name));
	if (errno)
		return err_sys(err, "read the directory '%s'", contributor->path);
	names_sort(&journal->files);
	return 0;
}

/* An entry that is wrong may have been meant to name any of them. */
static void leave_out(struct journal *journal)
{
	struct listing *listing = journal->listing;

	if (problems_total(listing->problems) > journal->problems)
		return;
	names_sort(&journal->tags);
	for (size_t i = 0; i < journal->files.count; i++)
		if (!names_has(&journal->tags, journal->files.list[i]) &&
			!listing_exclude(listing, journal->files.list[i]))
			names_add(&listing->unlisted, journal->files.list[i]);
}

static int read_journal(struct journal *journal, const char *path, const struct buf *text,
	struct err *err)
{
	DECLARE_ERR(malformed);
	int rc;

	if (list_files(journal, err) < 0)
		return -1;
	if (json_read(&journal->json, path, text->data, text->len, &malformed) < 0) {
		problems_add_err(journal->listing->problems, &malformed);
		return 0;
	}
	rc = add_entries(journal, err);
	json_release(&journal->json);
	leave_out(journal);
	return rc;
}

/* Where the directory itself is closed, nobody knows whether there is a journal. */
static int raise_unreadable(
	const struct listing *listing, const struct err *why, struct err *err)
{
	const struct contributor *contributor = listing->contributor;
	CLEANUP_DIR DIR *dir = why->code == EACCES
		? fs_open_dir(contributor->fs, contributor->path, err)
		: NULL;

	if (why->code != EACCES || dir)
		*err = *why;
	return -1;
}

int drizzle_list(struct listing *listing, struct err *err)
{
	struct journal journal = {.json = JSON_INIT,
		.listing = listing,
		.idx = -1,
		.problems = problems_total(listing->problems)};
	const char *path = path_join(listing->arena, listing->contributor->path, JOURNAL);
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(why);
	int rc = fs_read(
		listing->contributor->fs, path, FS_ANY, JSON_SIZE_MAX, &text, &why);

	if (rc == 1 || (rc < 0 && why.code == ENOTDIR))
		return 1;
	if (rc < 0)
		return raise_unreadable(listing, &why, err);
	listing->journal = true;
	rc = read_journal(&journal, path, &text, err);
	names_release(&journal.files);
	names_release(&journal.tags);
	return rc;
}
