/* SPDX-License-Identifier: MIT */
/* The migrations of one contributor. */
#include "db/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"
#include "db/format.h"
#include "db/marks.h"
#include "db/migration.h"

#define MIGRATIONS_MAX 100000
#define DEPTH_MAX      8

/* A file that is a migration, or takes one back. */
struct candidate {
	struct db_migration migration;
	const struct format *format;
	const struct marks *marks;
};

struct folder {
	const struct db_source *source;
	struct arena *arena;
	struct problems *problems;
	struct candidate *list;
	size_t count;
	size_t room;
	size_t entries; /* looked at so far, of whatever kind */
};

/* ---- listing ---- */

static int add(struct folder *folder, const char *path, const struct format_name *name,
	struct err *err)
{
	if (folder->count == MIGRATIONS_MAX)
		return err_fail(err, "more than %d migrations in '%s'", MIGRATIONS_MAX,
			folder->source->path);
	if (folder->count == folder->room) {
		folder->room = folder->room ? folder->room * 2 : 64;
		folder->list =
			mem_resize(folder->list, folder->room, sizeof *folder->list);
	}
	folder->list[folder->count++] = (struct candidate){
		.migration = {.module = folder->source->module,
			.id = name->id,
			.name = name->name,
			.file = path},
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

/* Of directories in the directory only Flyway takes in everything. */
static int add_file(struct folder *folder, const char *path, const char *name, int depth,
	struct err *err)
{
	struct format_name parsed;
	bool known = format_parse(name, folder->arena, &parsed);

	if (depth > 0 && (!known || parsed.format->family != FORMAT_FLYWAY))
		return 0;
	if (known)
		return add(folder, path, &parsed, err);
	problems_add(folder->problems, (struct place){.file = path},
		"is not a name of a migration: %s", format_expected(folder->arena));
	return 0;
}

static void refuse_code(struct folder *folder, const char *path)
{
	problems_add(folder->problems, (struct place){.file = path},
		"is a migration that is a program; only SQL is run: write it in SQL, or "
		"move it away");
}

static int list_folder(
	struct folder *folder, const char *path, int depth, struct err *err);

/* The migration in a directory of its own: 0 added · 1 there is none · -1. */
static int add_inside(
	struct folder *folder, const char *path, const char *name, struct err *err)
{
	const char *ending;

	for (size_t i = 0; (ending = format_inside(i)); i++) {
		const char *file = arena_printf(folder->arena, "%s%s", path, ending);
		struct stat st;

		/* What cannot be looked at will not let itself be listed either. */
		if (stat(file, &st) == 0 && S_ISREG(st.st_mode))
			return add_file(folder, file,
				arena_printf(folder->arena, "%s%s", name, ending), 0,
				err);
	}
	return 1;
}

static int add_folder(struct folder *folder, const char *path, const char *name,
	int depth, struct err *err)
{
	size_t count = folder->count, entries;
	int rc = depth == 0 ? add_inside(folder, path, name, err) : 1;

	if (rc < 1)
		return rc;
	entries = folder->entries;
	rc = list_folder(folder, path, depth + 1, err);
	if (rc == 0 && depth == 0 && folder->count == count &&
		folder->entries > entries && format_is_folder(name))
		problems_add(folder->problems, (struct place){.file = path},
			"has neither up.sql nor migration.sql in it");
	return rc < 0 ? -1 : 0;
}

static int add_entry(struct folder *folder, const char *dir, const struct dirent *entry,
	int depth, struct err *err)
{
	const char *name = entry->d_name;
	const char *path;

	if (str_equal(name, ".") || str_equal(name, ".."))
		return 0;
	folder->entries++;
	if (name[0] == '.')
		return 0;
	path = path_join(folder->arena, dir, name);
	if (is_sql(name))
		return add_file(folder, path, name, depth, err);
	if ((depth == 0 || name[0] == 'V') && format_is_code(name))
		refuse_code(folder, path);
	if (entry->d_type == DT_REG)
		return 0;
	return add_folder(folder, path, name, depth, err);
}

/* 0 · 1 it is no directory, or not there · -1. */
static int list_folder(
	struct folder *folder, const char *path, int depth, struct err *err)
{
	const struct dirent *entry;
	DECLARE_ERR(why);
	int fd = fs_open_dir(folder->source->fs, path, &why);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int rc = 0;

	if (fd < 0 && (why.code == ENOTDIR || why.code == ENOENT))
		return 1;
	if (fd < 0) {
		*err = why;
		return -1;
	}
	if (!dir) {
		close_fd(&fd);
		return err_sys(err, "open the directory '%s'", path);
	}
	if (depth > DEPTH_MAX)
		rc = err_fail(
			err, "'%s' lies more than %d directories deep", path, DEPTH_MAX);
	while (rc == 0) {
		errno = 0;
		entry = readdir(dir);
		if (!entry) {
			rc = errno ? err_sys(err, "read the directory '%s'", path) : 0;
			break;
		}
		rc = add_entry(folder, path, entry, depth, err);
	}
	(void)closedir(dir); /* opened for reading: nothing to lose */
	return rc;
}

/* One file: where its name has no version, the name itself is the version. */
static int add_single(struct folder *folder, struct err *err)
{
	static const struct format any = {.role = FORMAT_UP};
	const char *path = folder->source->path;
	const char *base = path_base(path);
	struct format_name parsed = {.format = &any, .name = ""};
	char *stem;

	if (!str_ends(base, ".sql") || str_equal(base, ".sql")) {
		problems_add(folder->problems, folder->source->at,
			"'%s' is neither a directory of migrations nor a .sql file",
			path);
		return 0;
	}
	if (!format_parse(base, folder->arena, &parsed)) {
		stem = arena_strdup(folder->arena, base);
		stem[strlen(stem) - strlen(".sql")] = '\0';
		parsed.id = stem;
	}
	return add(folder, path, &parsed, err);
}

/* A directory that is not there is an error, not an empty one. */
static int list_source(struct folder *folder, struct err *err)
{
	const struct db_source *source = folder->source;
	struct stat st;

	if (stat(source->path, &st) == 0 && !S_ISDIR(st.st_mode))
		return add_single(folder, err);
	if (list_folder(folder, source->path, 0, err) < 0)
		return -1;
	if (stat(source->path, &st) < 0)
		problems_add(
			folder->problems, source->at, "'%s' is not there", source->path);
	return 0;
}

/* ---- what the names say of each other ---- */

static int by_version(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;
	int order = migration_version_cmp(left->migration.id, right->migration.id);

	if (order)
		return order;
	order = (left->format->role == FORMAT_DOWN) -
		(right->format->role == FORMAT_DOWN);
	return order ? order : strcmp(left->migration.file, right->migration.file);
}

static void check_families(const struct folder *folder)
{
	const struct candidate *first = folder->list;

	for (size_t i = 1; i < folder->count; i++) {
		const struct candidate *one = &folder->list[i];

		if (one->format->family == first->format->family)
			continue;
		problems_add(folder->problems,
			(struct place){.file = one->migration.file},
			"is of the form %s, and '%s' of the form %s: in which order they "
			"go cannot be known; give each form a directory",
			one->format->pattern, first->migration.file,
			first->format->pattern);
		return;
	}
}

/* Those of one version stand together, and those that take it back behind it. */
static void check_versions(const struct folder *folder)
{
	const struct candidate *up = NULL;

	for (size_t i = 0; i < folder->count; i++) {
		const struct candidate *one = &folder->list[i];
		const char *id = one->migration.id;

		if (up && migration_version_cmp(up->migration.id, id) != 0)
			up = NULL;
		if (one->format->role == FORMAT_DOWN && !up)
			problems_add(folder->problems,
				(struct place){.file = one->migration.file},
				"takes version %s back, for which there is no %s", id,
				one->format->family == FORMAT_FLYWAY
					? "V file (were it one of refinery's that go "
					  "up, name it V)"
					: "way up");
		else if (one->format->role != FORMAT_DOWN && up)
			problems_add(folder->problems,
				(struct place){.file = one->migration.file},
				"version %s is there twice: also in '%s'", id,
				up->migration.file);
		else if (!up)
			up = one;
	}
}

/* ---- reading ---- */

/* Marks that each file has which goes up; others are there only for the way back. */
static const char *needed_mark(const struct candidate *one)
{
	return one->marks ? marks_up(one->marks) : NULL;
}

static void check_marks(const struct folder *folder)
{
	const struct candidate *first = NULL;

	for (size_t i = 0; i < folder->count; i++) {
		const struct candidate *one = &folder->list[i];
		const char *mark = needed_mark(one), *wanted;

		if (one->format->role == FORMAT_DOWN)
			continue;
		if (!first)
			first = one;
		wanted = needed_mark(first);
		if (mark == wanted)
			continue;
		if (mark && wanted)
			problems_add(folder->problems,
				(struct place){.file = one->migration.file},
				"has '%s', but '%s' has '%s'; give each form a directory",
				mark, first->migration.file, wanted);
		else
			problems_add(folder->problems,
				(struct place){
					.file = (mark ? first : one)->migration.file},
				"has no '%s', but '%s' has", mark ? mark : wanted,
				(mark ? one : first)->migration.file);
		return;
	}
}

static int read_files(struct folder *folder, struct err *err)
{
	for (size_t i = 0; i < folder->count; i++) {
		struct candidate *one = &folder->list[i];

		if (one->format->role != FORMAT_DOWN &&
			migration_read(folder->source->fs, &one->migration, &one->marks,
				folder->arena, folder->problems, err) < 0)
			return -1;
	}
	return 0;
}

static void hand_over(const struct folder *folder, struct found *found)
{
	size_t needed = found->count + folder->count;

	if (needed > found->room) {
		found->room = needed + found->room;
		found->list = mem_resize(found->list, found->room, sizeof *found->list);
	}
	for (size_t i = 0; i < folder->count; i++)
		if (folder->list[i].format->role != FORMAT_DOWN)
			found->list[found->count++] = folder->list[i].migration;
}

static size_t problems_so_far(const struct found *found)
{
	return found->problems->count + found->problems->left_out;
}

int folder_read(struct found *found, const struct db_source *source, struct err *err)
{
	struct folder folder = {
		.source = source, .arena = found->arena, .problems = found->problems};
	size_t before = problems_so_far(found);
	int rc = list_source(&folder, err);

	if (rc == 0 && folder.count == 0 && problems_so_far(found) == before)
		problems_add(found->problems, source->at,
			"there is no migration in '%s': %s", source->path,
			format_expected(found->arena));
	if (folder.count > 1)
		qsort(folder.list, folder.count, sizeof *folder.list, by_version);
	check_families(&folder);
	check_versions(&folder);
	if (rc == 0)
		rc = read_files(&folder, err);
	if (rc == 0) {
		check_marks(&folder);
		hand_over(&folder, found);
	}
	free(folder.list);
	return rc;
}
