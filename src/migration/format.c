/* SPDX-License-Identifier: MIT */
/* The names of migrations. */
#include "migration/format.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

#define DIGITS    "0123456789"
#define CAPITALS  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SEPARATOR "__" /* Flyway's, between version and name */

/* Where id and name are in a file's name without its ending. */
struct format_parts {
	size_t id, id_size;
	size_t name; /* up to the end */
};

typedef bool split_function(const char *stem, size_t prefix, struct format_parts *ret);

static split_function split_number, split_text, split_directory, split_dotted,
	split_unversioned, split_former;

static const struct format_family numbered = {.order = VERSION_NUMBER};
static const struct format_family diesel = {.order = VERSION_DASHLESS};
static const struct format_family prisma = {.order = VERSION_NAME};
static const struct format_family flyway = {
	.order = VERSION_DOTTED, .recursive = true, .placeholders = true};

/* Of several that fit, the one with the longest ending is meant. */
static const struct format formats[] = {
	{"NNN_name.sql", .family = &numbered, .role = FORMAT_UP, .ending = ".sql",
		.marked = true, .split = split_number, .former = split_former},
	{"NNN_name.up.sql", .family = &numbered, .role = FORMAT_UP, .ending = ".up.sql",
		.split = split_number, .former = split_former},
	{"NNN_name.down.sql", .family = &numbered, .role = FORMAT_DOWN,
		.reverts = "up migration", .ending = ".down.sql", .split = split_number,
		.former = split_former},
	{"NNN_name/up.sql", .family = &diesel, .role = FORMAT_UP, .inside = "up.sql",
		.split = split_text, .former = split_former},
	{"NNN_name/migration.sql", .family = &prisma, .role = FORMAT_UP,
		.inside = "migration.sql", .split = split_directory,
		.former = split_former},
	{"V1.2__name.sql", .family = &flyway, .role = FORMAT_UP, .prefix = "V",
		.ending = ".sql", .split = split_dotted},
	/* Flyway reverts with it; refinery has its second kind of migrations so. */
	{"U1.2__name.sql", .family = &flyway, .role = FORMAT_DOWN,
		.reverts = "up migration", .may_go_up = true, .prefix = "U",
		.ending = ".sql", .split = split_dotted},
	{"R__name.sql", .family = &flyway, .role = FORMAT_REPEATABLE,
		.prefix = FORMAT_REPEATABLE_PREFIX, .ending = ".sql",
		.split = split_unversioned},
};
#define FORMATS (sizeof formats / sizeof *formats)

/* Programs that a tool runs as migrations among those in SQL. */
static const char *const languages[] = {".go", ".rs", ".js", ".ts", ".mjs", ".cjs", ".py",
	".rb", ".java", ".kt", ".php", ".sh"};

/* ---- splitting ---- */

/* "20240131120000", or numbers with dashes between them: "2024-01-31-2". */
static size_t number_size(const char *text)
{
	size_t size = str_digits(text);

	while (size > 0 && text[size] == '-') {
		size_t more = str_digits(text + size + 1);
		char next = text[size + 1 + more];

		/* "2024-01-31-2fa_codes" has a name that begins with a digit. */
		if (more == 0 || (next && next != '_' && next != '-'))
			break;
		size += 1 + more;
	}
	return size;
}

/* A word without a digit in it: "add" of "01add_x"; "20240131T1200" is no version. */
static bool is_word(const char *text)
{
	size_t size = strcspn(text, "_-");

	return str_is_alnum(*text) && strcspn(text, DIGITS) >= size;
}

/* "007", "007_name", "007-name", or "007name". */
static bool split_number(const char *stem, size_t prefix, struct format_parts *ret)
{
	const char *version = stem + prefix;
	size_t size = number_size(version);
	char next = version[size];
	bool separated = next == '_' || next == '-';

	if (size == 0 || (next && !separated && !is_word(version + size)))
		return false;
	if (size < version_day(version))
		return false; /* "2024-01-31x" */
	*ret = (struct format_parts){
		.id = prefix, .id_size = size, .name = prefix + size + separated};
	return true;
}

/* diesel: all before the first underscore. */
static bool split_text(const char *stem, size_t prefix, struct format_parts *ret)
{
	size_t size = strcspn(stem + prefix, "_");

	*ret = (struct format_parts){.id = prefix,
		.id_size = size,
		.name = prefix + size + (stem[prefix + size] != '\0')};
	return str_is_digit(stem[prefix]);
}

/* Prisma: all of it, which may begin with a number. */
static bool split_directory(const char *stem, size_t prefix, struct format_parts *ret)
{
	size_t size = str_digits(stem + prefix);
	size_t whole = strlen(stem);

	*ret = (struct format_parts){.id = prefix, .id_size = whole, .name = whole};
	if (size > 0 && stem[prefix + size] == '_' && stem[prefix + size + 1]) {
		ret->id_size = size;
		ret->name = prefix + size + 1;
	}
	return whole > prefix && !format_is_repeatable(stem + prefix);
}

/*
 * As former versions of groundwork split names, which ledgers still show: of those with
 * dashes only "2024-01-31" and "2024-01-31-120000" were known as versions.
 */
static bool split_former(const char *stem, size_t prefix, struct format_parts *ret)
{
	static const size_t more[] = {2, 2, 6};
	const char *version = stem + prefix;
	size_t digits = str_digits(version), size = digits;
	char next;

	for (size_t i = 0; digits > 0 && i < sizeof more / sizeof *more; i++) {
		if (version[size] != '-' || str_digits(version + size + 1) != more[i]) {
			size = i < 2 ? digits : size;
			break;
		}
		size += 1 + more[i];
	}
	next = version[size];
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

/* ---- names ---- */

static bool split(const struct format *format, const char *stem, struct format_parts *ret)
{
	const char *prefix = format->prefix ? format->prefix : "";

	return str_starts(stem, prefix) && format->split(stem, strlen(prefix), ret);
}

/*
 * Splits a stem in the wider way: as former versions did, which is all the same for most
 * formats. So it also finds what resembles a name of the format.
 */
static bool split_widely(
	const struct format *format, const char *stem, struct format_parts *ret)
{
	return format->former ? format->former(stem, 0, ret) : split(format, stem, ret);
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

static struct format_name name_of(const struct format *format, const char *stem,
	const struct format_parts *parts, struct arena *arena)
{
	struct format_name name = {
		.format = format,
		.id = arena_memdup(arena, stem + parts->id, parts->id_size),
		.name = stem + parts->name,
		.stem = stem,
	};
	struct format_parts former;

	if (split_widely(format, stem, &former) && former.id_size != parts->id_size) {
		name.former_id = arena_memdup(arena, stem + former.id, former.id_size);
		name.former_name = stem + former.name;
	}
	return name;
}

bool format_parse(const char *file, const char *inside, struct arena *arena,
	struct format_name *ret)
{
	size_t shortest = SIZE_MAX, stem_length = 0;
	char *stem = NULL;

	for (size_t i = 0; i < FORMATS; i++) {
		size_t size = stem_size(&formats[i], file, inside);
		struct format_parts parts;

		if (size == 0 || size >= shortest)
			continue;
		if (size != stem_length)
			stem = arena_memdup(arena, file, size);
		stem_length = size;
		if (!split(&formats[i], stem, &parts))
			continue;
		shortest = size;
		*ret = name_of(&formats[i], stem, &parts, arena);
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
		if (formats[i].inside && split_widely(&formats[i], directory, &parts) &&
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
		if (formats[i].role == FORMAT_UP &&
			split_widely(&formats[i], file, &parts))
			return &formats[i];
	return NULL;
}

const char *format_not_run(const char *file)
{
	static const char *const moments[] = {"before", "after"};
	struct format_parts parts;

	if (file[0] == 'B' && split_dotted(file, 1, &parts))
		return "is one of Flyway's baselines, which are not run, since the V "
		       "files are; for a database that began with it, write "
		       "`adopt = baseline:VERSION`";
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
		if (str_starts(file, moments[i]) &&
			strchr(CAPITALS, file[strlen(moments[i])]))
			return "is one of Flyway's callbacks, which are not run; write a "
			       "step [exec:NAME] for what it does";
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
