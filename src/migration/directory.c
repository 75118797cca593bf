/* SPDX-License-Identifier: MIT */
/* The migrations of one contributor. */
#include "migration/directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/path.h"
#include "base/str.h"
#include "migration/contributors.h"
#include "migration/format.h"
#include "migration/markers.h"
#include "migration/version.h"

#define MIGRATIONS_MAX 100000
#define DEPTH_MAX      8
#define FILE_MAX       ((size_t)32 * 1024 * 1024)

/* A file that is a migration by its name. */
struct candidate {
	struct migration migration;
	struct place at; /* the file, for errors */
	const struct format *format;
	const struct markers *markers; /* of its text, once it was read; or NULL */
};

struct listing {
	const struct contributor *contributor;
	struct arena *arena;
	struct problems *problems;
	struct candidate *list;
	size_t count;
	size_t entries; /* seen so far, of any kind */
};

/* ---- listing ---- */

static int add(struct listing *listing, const char *path, const struct format_name *name,
	struct err *err)
{
	if (listing->count == MIGRATIONS_MAX)
		return err_fail(err, "more than %d migrations in '%s'", MIGRATIONS_MAX,
			listing->contributor->path);
	listing->list = mem_grow(listing->list, listing->count, sizeof *listing->list);
	listing->list[listing->count++] = (struct candidate){
		.migration = {.contributor = listing->contributor->name,
			.id = name->id,
			.name = name->name,
			.file = path},
		.at = {.file = path},
		.format = name->format,
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

/* `name` and `inside` are as in format_parse(). */
static int add_file(struct listing *listing, const char *path, const char *name,
	const char *inside, int depth, struct err *err)
{
	struct format_name parsed;
	bool known = format_parse(name, inside, listing->arena, &parsed);

	if (!is_relevant(known ? parsed.format : NULL, depth))
		return 0;
	if (known)
		return add(listing, path, &parsed, err);
	problems_add(listing->problems, (struct place){.file = path},
		"is not a name of a migration: %s", format_expected(listing->arena));
	return 0;
}

static int list_directory(
	struct listing *listing, const char *path, int depth, struct err *err);

/* Adds the migration of a directory of its own: 0, or 1 if there is none, or -1. */
static int add_inside(
	struct listing *listing, const char *path, const char *name, struct err *err)
{
	const struct format *format;

	for (size_t i = 0; (format = format_at(i)); i++) {
		const char *file;
		struct stat st;

		if (!format->inside)
			continue;
		file = path_join(listing->arena, path, format->inside);
		/* If this fails for another reason, so will listing the directory. */
		if (stat(file, &st) == 0 && S_ISREG(st.st_mode))
			return add_file(listing, file, name, format->inside, 0, err);
	}
	return 1;
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

static int add_directory(struct listing *listing, const char *path, const char *name,
	int depth, struct err *err)
{
	size_t count = listing->count, entries;
	int rc = depth == 0 ? add_inside(listing, path, name, err) : 1;

	if (rc < 1)
		return rc;
	entries = listing->entries;
	rc = list_directory(listing, path, depth + 1, err);
	if (rc == 0 && depth == 0 && listing->count == count &&
		listing->entries > entries && format_needs_inside(name))
		report_empty(listing, path);
	return rc < 0 ? -1 : 0;
}

static int add_entry(struct listing *listing, const char *dir, const struct dirent *entry,
	int depth, struct err *err)
{
	const char *name = entry->d_name;
	const struct format *program;
	const char *path;

	if (str_equal(name, ".") || str_equal(name, ".."))
		return 0;
	listing->entries++;
	if (name[0] == '.')
		return 0;
	path = path_join(listing->arena, dir, name);
	if (is_sql(name))
		return add_file(listing, path, name, NULL, depth, err);
	program = format_of_program(name);
	if (program && is_relevant(program, depth))
		problems_add(listing->problems, (struct place){.file = path},
			"is a migration that is a program; only SQL is run: write it in "
			"SQL, or move it away");
	if (entry->d_type == DT_REG)
		return 0;
	return add_directory(listing, path, name, depth, err);
}

/* Adds all that is in a directory: 0, or 1 if it is missing or none, or -1. */
static int list_directory(
	struct listing *listing, const char *path, int depth, struct err *err)
{
	const struct dirent *entry;
	DECLARE_ERR(why);
	CLEANUP_DIR DIR *dir = fs_open_dir(listing->contributor->fs, path, &why);

	if (!dir && (why.code == ENOTDIR || why.code == ENOENT))
		return 1;
	if (!dir) {
		*err = why;
		return -1;
	}
	if (depth > DEPTH_MAX)
		return err_fail(
			err, "'%s' is more than %d directories deep", path, DEPTH_MAX);
	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if (add_entry(listing, path, entry, depth, err) < 0)
			return -1;
	return errno ? err_sys(err, "read the directory '%s'", path) : 0;
}

/* One file: if its name has no version, the name itself is the version. */
static int add_single(struct listing *listing, struct err *err)
{
	static const struct format any = {.role = FORMAT_UP};
	const char *path = listing->contributor->path;
	const char *base = path_base(path);
	struct format_name parsed = {.format = &any, .name = ""};

	if (!str_ends(base, ".sql") || str_equal(base, ".sql")) {
		problems_add(listing->problems, listing->contributor->at,
			"'%s' is neither a directory of migrations nor a .sql file",
			path);
		return 0;
	}
	if (!format_parse(base, NULL, listing->arena, &parsed))
		parsed.id =
			arena_memdup(listing->arena, base, strlen(base) - strlen(".sql"));
	return add(listing, path, &parsed, err);
}

/* A missing directory is an error, and not an empty one. */
static int list(struct listing *listing, struct err *err)
{
	const struct contributor *contributor = listing->contributor;
	struct stat st;

	if (stat(contributor->path, &st) == 0 && !S_ISDIR(st.st_mode))
		return add_single(listing, err);
	if (list_directory(listing, contributor->path, 0, err) < 0)
		return -1;
	if (stat(contributor->path, &st) < 0)
		problems_add(listing->problems, contributor->at, "'%s' is missing",
			contributor->path);
	return 0;
}

/* ---- checking and reading ---- */

static int by_version(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;
	int order = version_cmp(left->migration.id, right->migration.id);

	if (order)
		return order;
	order = (left->format->role == FORMAT_DOWN) -
		(right->format->role == FORMAT_DOWN);
	return order ? order : strcmp(left->migration.file, right->migration.file);
}

static void check_families(const struct listing *listing)
{
	const struct candidate *first = listing->list;

	for (size_t i = 1; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];

		if (candidate->format->family == first->format->family)
			continue;
		problems_add(listing->problems, candidate->at,
			"has the format %s, but '%s' has %s, and their order is not "
			"defined; use a directory for each format",
			candidate->format->pattern, first->migration.file,
			first->format->pattern);
		return;
	}
}

/* Those of one version are next to each other, the up migration first. */
static void check_versions(const struct listing *listing)
{
	const struct candidate *up = NULL;

	for (size_t i = 0; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];
		const char *id = candidate->migration.id;

		if (up && version_cmp(up->migration.id, id) != 0)
			up = NULL;
		if (candidate->format->role == FORMAT_DOWN && !up)
			problems_add(listing->problems, candidate->at,
				"reverts version %s, for which there is no %s", id,
				candidate->format->reverts);
		else if (candidate->format->role != FORMAT_DOWN && up)
			problems_add(listing->problems, candidate->at,
				"version %s exists twice: also in '%s'", id,
				up->migration.file);
		else if (!up)
			up = candidate;
	}
}

/* Each file of a directory must have the marker that one of them has. */
static void check_markers(const struct listing *listing)
{
	const struct candidate *first = NULL;

	for (size_t i = 0; i < listing->count; i++) {
		const struct candidate *candidate = &listing->list[i];
		const char *marker = markers_up(candidate->markers), *wanted;

		if (candidate->format->role == FORMAT_DOWN)
			continue;
		if (!first)
			first = candidate;
		wanted = markers_up(first->markers);
		if (marker == wanted)
			continue;
		if (marker && wanted)
			problems_add(listing->problems, candidate->at,
				"has '%s', but '%s' has '%s'; use a directory for each "
				"format",
				marker, first->migration.file, wanted);
		else
			problems_add(listing->problems, (marker ? first : candidate)->at,
				"has no '%s', but '%s' has", marker ? marker : wanted,
				(marker ? candidate : first)->migration.file);
		return;
	}
}

static int read_file(const struct contributor *contributor, const struct found *found,
	struct candidate *candidate, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct script script = {
		.file = candidate->migration.file,
		.dialect = found->dialect,
		.arena = found->arena,
		.problems = found->problems,
	};
	int rc = fs_read(contributor->fs, script.file, FS_ANY, FILE_MAX, &text, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		problems_add(found->problems, candidate->at, "is missing");
		return 0;
	}
	script.text = arena_memdup(found->arena, text.data, text.len);
	script.size = text.len;
	candidate->markers = migration_parse(&candidate->migration, &script);
	return 0;
}

/* Reads those that run, and adds them to `found`. */
static int read_files(const struct listing *listing, struct found *found, struct err *err)
{
	for (size_t i = 0; i < listing->count; i++) {
		struct candidate *candidate = &listing->list[i];

		if (candidate->format->role == FORMAT_DOWN)
			continue;
		if (read_file(listing->contributor, found, candidate, err) < 0)
			return -1;
		found->list = mem_grow(found->list, found->count, sizeof *found->list);
		found->list[found->count++] = candidate->migration;
	}
	return 0;
}

int directory_read(
	struct found *found, const struct contributor *contributor, struct err *err)
{
	struct listing listing = {
		.contributor = contributor,
		.arena = found->arena,
		.problems = found->problems,
	};
	struct problems *problems = found->problems;
	size_t before = problems->count + problems->left_out;
	int rc = list(&listing, err);

	if (rc == 0 && listing.count == 0 &&
		problems->count + problems->left_out == before)
		problems_add(problems, contributor->at,
			"there is no migration in '%s': %s", contributor->path,
			format_expected(found->arena));
	if (listing.count > 1)
		qsort(listing.list, listing.count, sizeof *listing.list, by_version);
	if (rc == 0) { /* else the list may lack some of them */
		check_families(&listing);
		check_versions(&listing);
		rc = read_files(&listing, found, err);
	}
	if (rc == 0)
		check_markers(&listing);
	free(listing.list);
	return rc;
}
