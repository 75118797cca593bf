/* SPDX-License-Identifier: MIT */
/* One migration: its name, its text, its hash. */
#include "db/migration.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/str.h"
#include "db/sql.h"

_Static_assert(sizeof((struct db_migration *)0)->hash == DIGEST_SIZE, "one digest");

bool migration_parse_name(const char *base, struct arena *arena, struct db_migration *ret)
{
	size_t digits = 0;
	char *name;

	while (str_is_digit(base[digits]))
		digits++;
	if (digits == 0 || base[digits] != '_' || !str_ends(base, ".sql"))
		return false;
	name = arena_strdup(arena, base + digits + 1);
	name[strlen(name) - strlen(".sql")] = '\0';
	/* The halves of a pair: what takes a migration back must never run. */
	if (!*name || str_ends(name, ".up") || str_ends(name, ".down"))
		return false;
	ret->id = arena_memdup(arena, base, digits);
	ret->name = name;
	return true;
}

bool migration_is_repeatable(const char *id)
{
	return str_starts(id, "R__");
}

static const char *significant(const char *digits)
{
	while (digits[0] == '0' && digits[1])
		digits++;
	return digits;
}

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

int migration_version_cmp(const char *a, const char *b)
{
	if (!is_number(a) || !is_number(b))
		return str_natural_cmp(a, b);
	return str_natural_cmp(significant(a), significant(b));
}

/* Takes BOM and CRs before LF out, in place. */
static size_t normalise(char *text, size_t size)
{
	size_t from = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	size_t to = 0;

	for (; from < size; from++)
		if (text[from] != '\r' || from + 1 == size || text[from + 1] != '\n')
			text[to++] = text[from];
	text[to] = '\0';
	return to;
}

static struct place place_of(const char *file, const char *text, size_t at)
{
	struct place place = {.file = file, .line = 1};
	size_t line_start = 0;

	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			place.line++;
			line_start = i + 1;
		}
	}
	place.column = (int)(at - line_start) + 1;
	return place;
}

/* Is it text at all? */
static bool check_bytes(
	const char *file, const char *text, size_t size, struct problems *problems)
{
	const char *nul = memchr(text, '\0', size);
	size_t valid = str_utf8_valid(text, size);

	if (size >= 2 &&
		(memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
		problems_add(problems, (struct place){.file = file},
			"is UTF-16; save it as UTF-8");
	else if (nul)
		problems_add(problems, place_of(file, text, (size_t)(nul - text)),
			"a NUL byte; what follows would never run");
	else if (valid < size)
		problems_add(problems, place_of(file, text, valid), "is not UTF-8 here");
	else
		return true;
	return false;
}

/* Is this line a mark of a format that has the way back in the same file? */
static bool is_marker(const char *line, size_t size)
{
	static const char *const markers[] = {
		"migrate:up", "migrate:down", "+goose ", "+migrate "};

	if (size < 3 || memcmp(line, "--", 2) != 0)
		return false;
	line += 2;
	line += strspn(line, " \t");
	for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
		if (str_starts(line, markers[i]))
			return true;
	return false;
}

static bool check_markers(const char *file, const char *text, struct problems *problems)
{
	int number = 1;

	for (const char *line = text; *line; number++) {
		size_t size = strcspn(line, "\n");

		if (is_marker(line, size)) {
			problems_add(problems,
				(struct place){.file = file, .line = number},
				"'%.*s': this file also has the way back in it, which "
				"would run "
				"too; such formats are not read yet, " MIGRATION_EXPECTED
				" with the way up alone",
				(int)(size < 60 ? size : 60), line);
			return false;
		}
		line += size + (line[size] == '\n');
	}
	return true;
}

int migration_read(struct db_migration *ret, struct arena *arena,
	struct problems *problems, struct err *err)
{
	CLEANUP_BUF struct buf raw = BUF_INIT;
	size_t size;
	char *text;
	int rc = fs_read(ret->file, MIGRATION_FILE_MAX, &raw, NULL, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		problems_add(problems, (struct place){.file = ret->file}, "is not there");
		return 0;
	}
	text = arena_memdup(arena, raw.data, raw.len);
	size = normalise(text, raw.len);
	crypto_digest(text, size, ret->hash);
	if (check_bytes(ret->file, text, size, problems) &&
		check_markers(ret->file, text, problems))
		sql_cut(text, size, ret->file, arena, &ret->statements,
			&ret->statements_count, problems);
	return 0;
}
