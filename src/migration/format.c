/* SPDX-License-Identifier: MIT */
/* The names of migrations. */
#include "migration/format.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

#define DIGITS    "0123456789"
#define SEPARATOR "__" /* Flyway's, between version and name */

/* Where id and name are in a file's name without its ending. */
struct format_parts {
	size_t id, id_size;
	size_t name; /* up to the end */
};

typedef bool split_function(const char *stem, size_t prefix, struct format_parts *ret);

static split_function split_number, split_dotted, split_unversioned;

static const struct format_family numbered = {.recursive = false};
static const struct format_family directories = {.recursive = false};
static const struct format_family flyway = {.recursive = true};

/* Of several that fit, the one with the longest ending is meant. */
static const struct format formats[] = {
	{"NNN_name.sql", .family = &numbered, .role = FORMAT_UP, .ending = ".sql",
		.split = split_number},
	{"NNN_name.up.sql", .family = &numbered, .role = FORMAT_UP, .ending = ".up.sql",
		.split = split_number},
	{"NNN_name.down.sql", .family = &numbered, .role = FORMAT_DOWN,
		.reverts = "up migration", .ending = ".down.sql", .split = split_number},
	{"NNN_name/up.sql", .family = &directories, .role = FORMAT_UP, .inside = "up.sql",
		.split = split_number},
	{"NNN_name/migration.sql", .family = &directories, .role = FORMAT_UP,
		.inside = "migration.sql", .split = split_number},
	{"V1.2__name.sql", .family = &flyway, .role = FORMAT_UP, .prefix = "V",
		.ending = ".sql", .split = split_dotted},
	{"U1.2__name.sql", .family = &flyway, .role = FORMAT_DOWN,
		.reverts = "V file (if it is one of refinery's that run, name it V)",
		.prefix = "U", .ending = ".sql", .split = split_dotted},
	{"R__name.sql", .family = &flyway, .role = FORMAT_REPEATABLE,
		.prefix = "R" SEPARATOR, .ending = ".sql", .split = split_unversioned},
};
#define FORMATS (sizeof formats / sizeof *formats)

/* Programs that a tool runs as migrations among those in SQL. */
static const char *const languages[] = {".go", ".rs", ".js", ".ts", ".mjs", ".cjs", ".py",
	".rb", ".java", ".kt", ".php", ".sh"};

/* "20240131120000", or a date that is written "2024-01-31" or "2024-01-31-120000". */
static size_t number_size(const char *text)
{
	static const size_t more[] = {2, 2, 6};
	size_t size = strspn(text, DIGITS);

	for (size_t i = 0; size > 0 && i < sizeof more / sizeof *more; i++) {
		if (text[size] != '-' || strspn(text + size + 1, DIGITS) != more[i])
			return i < 2 ? strspn(text, DIGITS) : size;
		size += 1 + more[i];
	}
	return size;
}

/* "007", or "007_name", or "007-name". */
static bool split_number(const char *stem, size_t prefix, struct format_parts *ret)
{
	size_t size = number_size(stem + prefix);
	char next = stem[prefix + size];

	if (size == 0 || (next && next != '_' && next != '-'))
		return false;
	*ret = (struct format_parts){
		.id = prefix, .id_size = size, .name = prefix + size + (next != '\0')};
	return true;
}

/* "1.2__name", or "1_2__name". */
static bool split_dotted(const char *stem, size_t prefix, struct format_parts *ret)
{
	const char *version = stem + prefix;
	const char *end = strstr(version, SEPARATOR);
	size_t size = end ? (size_t)(end - version) : 0;

	if (size == 0 || strspn(version, DIGITS "._") < size ||
		!str_is_digit(version[0]) || !str_is_digit(version[size - 1]))
		return false;
	*ret = (struct format_parts){
		.id = prefix, .id_size = size, .name = prefix + size + strlen(SEPARATOR)};
	return true;
}

/* The id is all of it. */
static bool split_unversioned(const char *stem, size_t prefix, struct format_parts *ret)
{
	size_t size = strlen(stem);

	*ret = (struct format_parts){.id_size = size, .name = size};
	return size > prefix;
}

static bool split(const struct format *format, const char *stem, struct format_parts *ret)
{
	const char *prefix = format->prefix ? format->prefix : "";

	return str_starts(stem, prefix) && format->split(stem, strlen(prefix), ret);
}

/* The size of the name without the format's ending, or 0 if it does not end so. */
static size_t stem_size(const struct format *format, const char *file, const char *inside)
{
	size_t size = strlen(file);

	if (inside || format->inside)
		return inside && format->inside && str_equal(inside, format->inside)
			? size
			: 0;
	return str_ends(file, format->ending) ? size - strlen(format->ending) : 0;
}

bool format_parse(const char *file, const char *inside, struct arena *arena,
	struct format_name *ret)
{
	size_t shortest = SIZE_MAX;

	for (size_t i = 0; i < FORMATS; i++) {
		size_t size = stem_size(&formats[i], file, inside);
		struct format_parts parts;
		char *stem;

		if (size == 0 || size >= shortest)
			continue;
		stem = arena_memdup(arena, file, size);
		if (!split(&formats[i], stem, &parts))
			continue;
		shortest = size;
		*ret = (struct format_name){
			.format = &formats[i],
			.id = arena_memdup(arena, stem + parts.id, parts.id_size),
			.name = stem + parts.name,
		};
	}
	return shortest < SIZE_MAX;
}

const struct format *format_at(size_t i)
{
	return i < FORMATS ? &formats[i] : NULL;
}

bool format_needs_inside(const char *directory)
{
	struct format_parts parts;

	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i].inside && split(&formats[i], directory, &parts) &&
			directory[parts.name])
			return true;
	return false;
}

static bool is_program(const char *file)
{
	/* Go's tests are beside what they test. */
	if (str_ends(file, "_test.go"))
		return false;
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
		if (str_ends(file, languages[i]))
			return true;
	return false;
}

const struct format *format_of_program(const char *file)
{
	struct format_parts parts;

	for (size_t i = 0; is_program(file) && i < FORMATS; i++)
		if (formats[i].role == FORMAT_UP && split(&formats[i], file, &parts))
			return &formats[i];
	return NULL;
}

bool format_is_repeatable(const char *id)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i].role == FORMAT_REPEATABLE &&
			str_starts(id, formats[i].prefix))
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
