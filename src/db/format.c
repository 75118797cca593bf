/* SPDX-License-Identifier: MIT */
/* What the name of a file says. */
#include "db/format.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

#define SEPARATOR "__" /* Flyway's, between version and name */

/* The last that fits counts: ".up.sql" stands behind ".sql". */
static const struct format formats[] = {
	{"NNN_name.sql", FORMAT_NUMBERED, FORMAT_UP, "", ".sql"},
	{"NNN_name.up.sql", FORMAT_NUMBERED, FORMAT_UP, "", ".up.sql"},
	{"NNN_name.down.sql", FORMAT_NUMBERED, FORMAT_DOWN, "", ".down.sql"},
	{"NNN_name/up.sql", FORMAT_FOLDERS, FORMAT_UP, "", "/up.sql"},
	{"NNN_name/migration.sql", FORMAT_FOLDERS, FORMAT_UP, "", "/migration.sql"},
	{"V1.2__name.sql", FORMAT_FLYWAY, FORMAT_UP, "V", ".sql"},
	{"U1.2__name.sql", FORMAT_FLYWAY, FORMAT_DOWN, "U", ".sql"},
	{"R__name.sql", FORMAT_FLYWAY, FORMAT_REPEATABLE, "R", ".sql"},
};
#define FORMATS (sizeof formats / sizeof *formats)

/* Programs that a tool runs as migrations among those in SQL. */
static const char *const languages[] = {".go", ".rs", ".js", ".ts", ".mjs", ".cjs", ".py",
	".rb", ".java", ".kt", ".php", ".sh"};

static size_t digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* "20240131120000", or a date that is written "2024-01-31" or "2024-01-31-120000". */
static size_t number_size(const char *text)
{
	static const size_t more[] = {2, 2, 6};
	size_t size = digits(text);

	for (size_t i = 0; size > 0 && i < sizeof more / sizeof *more; i++) {
		if (text[size] != '-' || digits(text + size + 1) != more[i])
			return i < 2 ? digits(text) : size;
		size += 1 + more[i];
	}
	return size;
}

/* Behind the version there is a name, or nothing. */
static bool split_number(const char *stem, size_t *ret_id, size_t *ret_name)
{
	size_t size = number_size(stem);

	if (size == 0 || (stem[size] && stem[size] != '_' && stem[size] != '-'))
		return false;
	*ret_id = size;
	*ret_name = size + (stem[size] != '\0');
	return true;
}

/* "1.2__name" or "1_2__name"; a repeatable one has no version at all. */
static bool split_dotted(
	const char *stem, enum format_role role, size_t *ret_id, size_t *ret_name)
{
	const char *end = strstr(stem, SEPARATOR);
	size_t size = end ? (size_t)(end - stem) : 0;

	if (!end)
		return false;
	if (role != FORMAT_REPEATABLE &&
		(size == 0 || strspn(stem, "0123456789._") < size ||
			!str_is_digit(stem[0]) || !str_is_digit(stem[size - 1])))
		return false;
	*ret_id = size;
	*ret_name = size + strlen(SEPARATOR);
	return role != FORMAT_REPEATABLE || (size == 0 && stem[*ret_name]);
}

static bool parse_as(const struct format *format, const char *file, struct arena *arena,
	struct format_name *ret)
{
	char *stem;
	size_t id, name;

	if (!str_starts(file, format->prefix) || !str_ends(file, format->ending) ||
		strlen(file) < strlen(format->prefix) + strlen(format->ending))
		return false;
	stem = arena_strdup(arena, file + strlen(format->prefix));
	stem[strlen(stem) - strlen(format->ending)] = '\0';
	if (strchr(stem, '/'))
		return false;
	if (format->family == FORMAT_FLYWAY
			? !split_dotted(stem, format->role, &id, &name)
			: !split_number(stem, &id, &name))
		return false;
	ret->format = format;
	if (format->role == FORMAT_REPEATABLE) {
		ret->id = arena_printf(arena, "%s%s", format->prefix, stem);
		ret->name = "";
	} else {
		ret->id = arena_memdup(arena, stem, id);
		ret->name = stem + name;
	}
	return true;
}

bool format_parse(const char *file, struct arena *arena, struct format_name *ret)
{
	for (size_t i = FORMATS; i > 0; i--)
		if (parse_as(&formats[i - 1], file, arena, ret))
			return true;
	return false;
}

const char *format_inside(size_t i)
{
	for (size_t j = 0; j < FORMATS; j++)
		if (formats[j].family == FORMAT_FOLDERS && i-- == 0)
			return formats[j].ending;
	return NULL;
}

bool format_is_folder(const char *name)
{
	size_t id, rest;

	return split_number(name, &id, &rest) && name[id] && name[rest];
}

bool format_is_code(const char *file)
{
	size_t id, name;
	bool versioned = split_number(file, &id, &name) ||
		(file[0] == 'V' && split_dotted(file + 1, FORMAT_UP, &id, &name));

	/* Go's tests stand beside what they test. */
	if (!versioned || str_ends(file, "_test.go"))
		return false;
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
		if (str_ends(file, languages[i]))
			return true;
	return false;
}

const char *format_expected(struct arena *arena)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i].role != FORMAT_DOWN)
			buf_printf(&text, "%s%s", i ? ", " : "expected ",
				formats[i].pattern);
	return arena_strdup(arena, text.data);
}
