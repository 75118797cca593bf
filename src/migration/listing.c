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
#include "base/log.h"
#include "base/path.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributor.h"
#include "migration/variant.h"

#define MIGRATIONS_MAX 100000
#define DEPTH_MAX      8
#define EXCLUDED_MAX   8  /* that are proposed */
#define SHOWN_MAX      10 /* in a message */

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
			.file = path,
			.marked = name->format->marked},
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

bool listing_excludes(const struct listing *listing, const char *name)
{
	const char *const *glob = listing->contributor->exclude;

	for (; glob && *glob; glob++)
		if (fnmatch(*glob, name, 0) == 0)
			return true;
	return false;
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
	const char *database = listing->contributor->variant ? variant_of(name) : NULL;
	size_t count = listing->count, entries;
	struct stat st;
	int rc;

	if (database && !str_equal(database, listing->contributor->variant)) {
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			names_add(&listing->other,
				arena_printf(listing->arena, "%s/", name));
		return 0;
	}
	rc = depth == 0 ? add_inside(listing, path, name, err) : 1;
	if (rc < 1)
		return rc;
	entries = listing->entries;
	rc = list_directory(listing, path, depth + 1, err);
	if (rc == 0 && depth == 0 && listing->count == count &&
		listing->entries > entries && format_needs_inside(name))
		report_empty(listing, path);
	return rc < 0 ? -1 : 0;
}

/* A name that the directory has, so it need not be simplified as path_join() does. */
static const char *path_in(const char *dir, const char *name, struct arena *arena)
{
	size_t size = strlen(dir), name_size = strlen(name);
	char *path = arena_alloc(arena, size + name_size + 2);

	memcpy(path, dir, size);
	if (size > 0 && dir[size - 1] != '/')
		path[size++] = '/';
	memcpy(path + size, name, name_size);
	return path;
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
	if (listing_excludes(listing, name)) {
		listing->excluded |= is_sql(name);
		return 0;
	}
	path = path_in(dir, name, listing->arena);
	if (is_sql(name))
		return add_file(listing, path, name, NULL, depth, err);
	program = format_of_program(name);
	if (program && is_relevant(program, depth))
		problems_add(listing->problems, (struct place){.file = path},
			"is a migration that is a program; only SQL is run: write it in "
			"SQL, move it away, or exclude it");
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

/* A name as a glob in a list whose items are separated by blanks. */
static void put_glob(struct buf *to, const char *name)
{
	buf_putc(to, ' ');
	for (; *name; name++)
		buf_putc(to, strchr(" \t\n*?[\\'\"$#;", *name) ? '?' : *name);
}

/* `exclude` is what that key would have to be, or NULL if it is not proposed. */
static void report_name(struct listing *listing, const char *file, const char *exclude)
{
	const char *other = format_not_run(path_base(file));
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (other)
		buf_puts(&text, other);
	else
		buf_printf(&text, "is not a name of a migration: %s",
			format_expected(listing->arena));
	if (exclude)
		buf_printf(&text, "; %s, write `exclude =%s`",
			other ? "to leave it out" : "if it is none", exclude);
	problems_add(listing->problems, (struct place){.file = file}, "%s", text.data);
}

/* If they are few, they are something else beside the migrations, and can be left out. */
static void report_unknown(struct listing *listing)
{
	const char *const *excluded = listing->contributor->exclude;
	CLEANUP_BUF struct buf names = BUF_INIT;
	CLEANUP_BUF struct buf advice = BUF_INIT;

	names_print(&listing->unknown, 0, &names); /* which sorts them */
	for (; excluded && *excluded; excluded++)
		buf_printf(&advice, " %s", *excluded);
	for (size_t i = 0; i < listing->unknown.count; i++)
		put_glob(&advice, listing->unknown.list[i]);
	for (size_t i = 0; i < listing->unknown.count; i++)
		report_name(listing, listing->unknown_files.list[i],
			listing->unknown.count > EXCLUDED_MAX ? NULL : advice.data);
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
	struct stat st;

	if (stat(contributor->path, &st) == 0 && !S_ISDIR(st.st_mode))
		return add_single(listing, err);
	if (list_directory(listing, contributor->path, 0, err) < 0)
		return -1;
	if (stat(contributor->path, &st) < 0)
		contributor_problem(contributor, listing->problems, "'%s' is missing",
			contributor->path);
	report_unknown(listing);
	return 0;
}

/* ---- what is left out ---- */

static void log_left_out(struct listing *listing)
{
	const struct contributor *contributor = listing->contributor;
	CLEANUP_BUF struct buf names = BUF_INIT;
	CLEANUP_BUF struct buf unlisted = BUF_INIT;

	if (!contributor->log)
		return;
	names_print(&listing->other, SHOWN_MAX, &names);
	if (listing->other.count)
		log_info(contributor->log, "'%s': left out, since it is not for %s: %s",
			contributor->path, contributor->variant, names.data);
	names_print(&listing->unlisted, SHOWN_MAX, &unlisted);
	if (listing->unlisted.count)
		log_info(contributor->log,
			"'%s': left out, since meta/_journal.json does not name it: %s",
			contributor->path, unlisted.data);
	if (listing->below_ours && listing->count)
		log_info(contributor->log,
			"'%s' is left out, since there are migrations beside it; if it "
			"is the one that is meant, write its path",
			listing->below);
}

void listing_report(struct listing *listing)
{
	const struct contributor *contributor = listing->contributor;
	CLEANUP_BUF struct buf names = BUF_INIT;

	log_left_out(listing);
	if (listing->count > 0)
		return;
	names_print(&listing->other, SHOWN_MAX, &names);
	if (listing->journal)
		contributor_problem(contributor, listing->problems,
			"there is no migration in '%s': its meta/_journal.json has no "
			"entries",
			contributor->path);
	else if (listing->below)
		contributor_problem(contributor, listing->problems,
			"there is no migration in '%s', but in '%s': write that path",
			contributor->path, listing->below);
	else if (listing->other.count)
		contributor_problem(contributor, listing->problems,
			"there is no migration for %s in '%s', but for other databases: "
			"%s",
			contributor->variant, contributor->path, names.data);
	else if (listing->excluded)
		problems_add(listing->problems, contributor->at,
			"there is no migration in '%s' but what its `exclude` leaves out",
			contributor->path);
	else
		contributor_problem(contributor, listing->problems,
			"there is no migration in '%s': %s", contributor->path,
			format_expected(listing->arena));
}

void listing_release(struct listing *listing)
{
	free(listing->list);
	names_release(&listing->unlisted);
	names_release(&listing->other);
	names_release(&listing->unknown);
	names_release(&listing->unknown_files);
}
