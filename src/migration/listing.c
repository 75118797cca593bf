/* SPDX-License-Identifier: MIT */
/* What a contributor has. */
#include "migration/listing.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributor.h"
#include "migration/listing_report.h"
#include "migration/prisma.h"
#include "migration/variant.h"

#define MIGRATIONS_MAX 100000
#define DEPTH_MAX      8

int listing_add(struct listing *listing, const char *path, const char *entry,
	const struct format_name *name, struct err *err)
{
	if (listing->count == MIGRATIONS_MAX)
		return err_fail(err, "more than %d migrations in '%s'", MIGRATIONS_MAX,
			listing->contributor->path);
	listing->list = mem_grow(listing->list, listing->count, sizeof *listing->list);
	listing->list[listing->count++] = (struct candidate){
		.migration = {.contributor = listing->contributor->name,
			.id = name->id,
			.name = name->name,
			.stem = name->stem,
			.former_id = name->former_id,
			.former_name = name->former_name,
			.file = path,
			.marked = name->format->marked},
		.at = {.file = path},
		.format = name->format,
		.role = name->format->role,
		.entry = entry,
	};
	return 0;
}

/* Is it meant to be SQL? Editors' leftovers and a README are not. */
static bool is_sql(const char *name)
{
	size_t size = strlen(name);

	return size > 4 && strcasecmp(name + size - 4, ".sql") == 0;
}

/* What is in subdirectories is for other things in most families. */
static bool is_relevant(const struct format *format, int depth)
{
	return depth == 0 || (format && format->family->recursive);
}

bool listing_exclude(struct listing *listing, const char *name)
{
	const char *const *globs = listing->contributor->exclude;
	bool matched = false;

	for (size_t i = 0; globs && globs[i]; i++)
		if (fnmatch(globs[i], name, 0) == 0) {
			names_add(&listing->globs, globs[i]);
			matched = true;
		}
	if (!matched)
		return false;
	listing->excluded_sql |= is_sql(name);
	names_add(&listing->excluded, arena_strdup(listing->arena, name));
	return true;
}

/* Migrations that are not read: of several directories that for our database is meant. */
static void note_below(struct listing *listing, const char *dir)
{
	const char *database = variant_of(path_base(dir));
	bool ours = database && str_equal(database, listing->contributor->variant);

	if (listing->below && (listing->below_ours || !ours) &&
		(listing->below_ours || strcmp(listing->below, dir) <= 0))
		return;
	listing->below = dir;
	listing->below_ours = ours;
}

/* SQL that is not read: its directory, or where others of that are read, the file. */
static void note_left(struct listing *listing, const char *path)
{
	const char *name = path + strlen(listing->contributor->path);
	const char *last =
		listing->left.count ? listing->left.list[listing->left.count - 1] : "";

	name += strspn(name, "/");
	if (listing->flat)
		name = arena_memdup(listing->arena, name, strcspn(name, "/") + 1);
	if (!str_equal(name, last))
		names_add(&listing->left, name);
}

/* `name` and `inside` are as in format_parse(). */
static int add_file(struct listing *listing, const char *path, const char *name,
	const char *inside, int depth, struct err *err)
{
	struct arena *arena = listing->arena;
	const char *ours = listing->contributor->variant;
	const char *database = NULL, *plain = name;
	struct format_name parsed;
	bool known;

	name = arena_strdup(arena, name);
	if (ours && !inside)
		database = variant_split(name, arena, &plain);
	known = format_parse(plain, inside, arena, &parsed);
	if (!is_relevant(known ? parsed.format : NULL, depth)) {
		if (known && depth == 1)
			note_below(listing, path_dir(arena, path));
		note_left(listing, path);
		return 0;
	}
	if (database && !str_equal(database, ours)) {
		names_add(&listing->other, name);
		return 0;
	}
	if (!known) {
		names_add(&listing->unknown, name);
		names_add(&listing->unknown_files, path);
		return 0;
	}
	if (listing_add(listing, path, name, &parsed, err) < 0)
		return -1;
	if (database)
		listing->list[listing->count - 1].replaces =
			path_join(arena, path_dir(arena, path), plain);
	return 0;
}

/*
 * Adds the migration of a directory of its own: 0, or 1 if there is none, or -1. Two
 * tools may have made it, and each takes another file.
 */
static int add_inside(
	struct listing *listing, const char *path, const char *name, struct err *err)
{
	const struct format *format;
	const char *first = NULL;

	for (size_t i = 0; (format = format_at(i)); i++) {
		const char *file;
		struct stat st;

		if (!format->inside)
			continue;
		file = path_join(listing->arena, path, format->inside);
		/* If this fails for another reason, so will listing the directory. */
		if (stat(file, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (first)
			problems_add(listing->problems, (struct place){.file = file},
				"is a second migration in '%s', beside %s; remove the "
				"one that does not run",
				path, first);
		else if (add_file(listing, file, name, format->inside, 0, err) < 0)
			return -1;
		first = first ? first : format->inside;
	}
	return first ? 0 : 1;
}

static void report_empty(const struct listing *listing, const char *path)
{
	CLEANUP_BUF struct buf names = BUF_INIT;
	const struct format *format;

	for (size_t i = 0; (format = format_at(i)); i++)
		if (format->inside)
			buf_printf(&names, "%s%s", names.len ? " nor " : "neither ",
				format->inside);
	problems_add(listing->problems, (struct place){.file = path}, "has %s in it",
		names.data);
}

/* Is the directory for another database? */
static bool is_other(struct listing *listing, const char *path, const char *name)
{
	const char *ours = listing->contributor->variant;
	const char *database = ours ? variant_of(name) : NULL;
	struct stat st;

	if (!database || str_equal(database, ours))
		return false;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		names_add(&listing->other, arena_printf(listing->arena, "%s/", name));
	return true;
}

static int list_directory(
	struct listing *listing, const char *path, int depth, struct err *err);

/* Adds what is below the directory that is at `depth`, if it is one. */
static int add_directory(struct listing *listing, const char *path, const char *name,
	int depth, struct err *err)
{
	size_t count = listing->count, entries = listing->entries;
	size_t left = listing->left.count;
	bool needed = depth == 1 && format_needs_inside(name);
	DECLARE_ERR(why);
	int rc = list_directory(listing, path, depth, &why);

	if (rc < 0 && (why.code == ENOTDIR || why.code == ENOENT))
		return 0;
	/* It has nothing that would be read. */
	if (rc < 0 && listing->flat && !needed &&
		(why.code == EACCES || why.code == EPERM || why.code == ELOOP))
		return 0;
	if (rc < 0) {
		*err = why;
		return -1;
	}
	if (needed && listing->entries == entries)
		names_add(&listing->empty, arena_printf(listing->arena, "%s/", name));
	if (needed && listing->count == count && listing->entries > entries) {
		report_empty(listing, path);
		listing->left.count = left;
	}
	return 0;
}

/* `below` gets the names of what may be a directory. */
static int add_entry(struct listing *listing, const char *dir, const struct dirent *entry,
	int depth, struct names *below, struct err *err)
{
	const char *name = entry->d_name;
	const struct format *program;
	const char *path;

	if (str_equal(name, ".") || str_equal(name, ".."))
		return 0;
	listing->entries++;
	if (name[0] == '.' || listing_exclude(listing, name))
		return 0;
	listing->prisma |= depth == 0 && str_equal(name, PRISMA_LOCK);
	path = path_join(listing->arena, dir, name);
	if (is_sql(name))
		return add_file(listing, path, name, NULL, depth, err);
	program = format_of_program(name);
	if (program && is_relevant(program, depth))
		problems_add(listing->problems, (struct place){.file = path},
			"is a migration that is a program; only SQL is run: write it in "
			"SQL, move it away, or exclude it");
	if (entry->d_type != DT_REG)
		names_add(below, path);
	return 0;
}

static int read_entries(struct listing *listing, const char *path, int depth,
	struct names *below, struct err *err)
{
	const struct dirent *entry;
	CLEANUP_DIR DIR *dir = fs_open_dir(listing->contributor->fs, path, err);

	if (!dir)
		return -1;
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (add_entry(listing, path, entry, depth, below, err) < 0)
			return -1;
	return errno ? err_sys(err, "read the directory '%s'", path) : 0;
}

/* Adds the migrations that have a directory of their own, and keeps the others. */
static int add_own(struct listing *listing, struct names *below, struct err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < below->count; i++) {
		const char *path = below->list[i];
		int rc = add_inside(listing, path, path_base(path), err);

		if (rc < 0)
			return -1;
		if (rc == 1)
			below->list[kept++] = path;
	}
	below->count = kept;
	for (size_t i = 0; i < listing->count; i++)
		listing->flat |= !listing->list[i].format->family->recursive;
	return 0;
}

static int add_below(
	struct listing *listing, struct names *below, int depth, struct err *err)
{
	size_t kept = 0;

	names_sort(below);
	for (size_t i = 0; i < below->count; i++)
		if (!is_other(listing, below->list[i], path_base(below->list[i])))
			below->list[kept++] = below->list[i];
	below->count = kept;
	if (depth == 0 && add_own(listing, below, err) < 0)
		return -1;
	for (size_t i = 0; i < below->count; i++) {
		const char *path = below->list[i];

		if (add_directory(listing, path, path_base(path), depth + 1, err) < 0)
			return -1;
	}
	return 0;
}

/*
 * Adds all that is in a directory. Where the migrations are in the first one, further
 * ones are looked at for what is left out, and those below them not at all.
 */
static int list_directory(
	struct listing *listing, const char *path, int depth, struct err *err)
{
	struct names below = {0};
	int rc;

	rc = depth > DEPTH_MAX
		? err_fail(err, "'%s' is more than %d directories deep", path, DEPTH_MAX)
		: read_entries(listing, path, depth, &below, err);
	if (rc == 0 && (depth == 0 || !listing->flat))
		rc = add_below(listing, &below, depth, err);
	names_release(&below);
	return rc;
}

/* One file: if its name has no version, the name itself is the version. */
static int add_single(struct listing *listing, struct err *err)
{
	static const struct format any = {.role = FORMAT_UP, .marked = true};
	const char *path = listing->contributor->path;
	const char *base = path_base(path);
	struct format_name parsed = {.format = &any, .name = ""};

	if (!str_ends(base, ".sql") || str_equal(base, ".sql")) {
		contributor_problem(listing->contributor, listing->problems,
			"'%s' is neither a directory of migrations nor a .sql file",
			path);
		return 0;
	}
	if (!format_parse(base, NULL, listing->arena, &parsed))
		parsed.id = parsed.stem =
			arena_memdup(listing->arena, base, strlen(base) - strlen(".sql"));
	return listing_add(listing, path, base, &parsed, err);
}

/* A missing directory is an error, and not an empty one. */
int listing_read(struct listing *listing, struct err *err)
{
	const struct contributor *contributor = listing->contributor;
	DECLARE_ERR(why);
	int rc = list_directory(listing, contributor->path, 0, &why);

	if (rc < 0 && why.code == ENOTDIR)
		return add_single(listing, err);
	if (rc < 0 && why.code != ENOENT) {
		*err = why;
		return -1;
	}
	if (rc < 0)
		contributor_problem(contributor, listing->problems, "'%s' is missing%s",
			contributor->path, contributor->start ? contributor->start : "");
	listing_report_unknown(listing);
	return 0;
}

void listing_release(struct listing *listing)
{
	free(listing->list);
	names_release(&listing->excluded);
	names_release(&listing->globs);
	names_release(&listing->left);
	names_release(&listing->unlisted);
	names_release(&listing->other);
	names_release(&listing->replaced);
	names_release(&listing->empty);
	names_release(&listing->unknown);
	names_release(&listing->unknown_files);
}
