/* SPDX-License-Identifier: MIT */
/* What a contributor has. */
#include "migration/listing.h"

#include <dirent.h>
#include <errno.h>
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
			.former_id = name->former_id,
			.former_name = name->former_name,
			.file = path},
		.at = {.file = path},
		.format = name->format,
		.role = name->format->role,
		.stem = name->stem,
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

/* `name` and `inside` are as in format_parse(). */
static int add_file(struct listing *listing, const char *path, const char *name,
	const char *inside, int depth, struct err *err)
{
	struct format_name parsed;
	bool known = format_parse(name, inside, listing->arena, &parsed);

	if (!is_relevant(known ? parsed.format : NULL, depth))
		return 0;
	if (known)
		return listing_add(
			listing, path, arena_strdup(listing->arena, name), &parsed, err);
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
		parsed.id = parsed.stem =
			arena_memdup(listing->arena, base, strlen(base) - strlen(".sql"));
	return listing_add(listing, path, base, &parsed, err);
}

/* A missing directory is an error, and not an empty one. */
int listing_read(struct listing *listing, struct err *err)
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
