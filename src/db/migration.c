/* SPDX-License-Identifier: MIT */
/* One migration: its version, its text, its hash. */
#include "db/migration.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/str.h"
#include "db/marks.h"
#include "db/sql.h"

_Static_assert(sizeof((struct db_migration *)0)->hash == DIGEST_SIZE, "one digest");

bool migration_is_repeatable(const char *id)
{
	return str_starts(id, "R__");
}

/* ---- versions ---- */

static bool is_version(const char *text)
{
	return str_is_digit(*text) && !text[strspn(text, "0123456789-._")];
}

static const char *skip_dashes(const char *text)
{
	return text + strspn(text, "-");
}

/* Its digits, behind the zeros that do not count; it ends at a '.' or '_'. */
static size_t count_digits(const char *part)
{
	size_t count = 0;

	for (part = skip_dashes(part); str_is_digit(*part); part = skip_dashes(part + 1))
		count++;
	return count;
}

static int part_cmp(const char *a, const char *b)
{
	size_t count_a, count_b;

	a += strspn(a, "0-");
	b += strspn(b, "0-");
	count_a = count_digits(a);
	count_b = count_digits(b);
	if (count_a != count_b)
		return count_a < count_b ? -1 : 1;
	for (; count_a > 0; count_a--) {
		a = skip_dashes(a);
		b = skip_dashes(b);
		if (*a != *b)
			return *a < *b ? -1 : 1;
		a++;
		b++;
	}
	return 0;
}

/* A part that is not there is 0. */
static const char *next_part(const char *version)
{
	version += strcspn(version, "._");
	return *version ? version + 1 : version;
}

int migration_version_cmp(const char *a, const char *b)
{
	bool numbers = is_version(a);

	if (numbers != is_version(b))
		return numbers ? -1 : 1;
	if (!numbers)
		return str_natural_cmp(a, b);
	while (*a || *b) {
		int order = part_cmp(a, b);

		if (order)
			return order;
		a = next_part(a);
		b = next_part(b);
	}
	return 0;
}

/* ---- text ---- */

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

void migration_take(struct db_migration *ret, const struct marks **ret_marks, char *text,
	size_t size, struct arena *arena, struct problems *problems)
{
	struct sql_part whole = {.start = 0};
	struct sql_part *parts = &whole;
	size_t parts_count = 1;

	size = normalise(text, size);
	crypto_digest(text, size, ret->hash);
	if (!check_bytes(ret->file, text, size, problems))
		return;
	whole.size = size;
	*ret_marks = marks_find(text, size, ret->file, problems);
	if (*ret_marks)
		marks_split(*ret_marks, text, size, ret->file, arena, &parts,
			&parts_count, problems);
	sql_cut(text, parts, parts_count, ret->file, arena, &ret->statements,
		&ret->statements_count, problems);
}

int migration_read(const struct fs *fs, struct db_migration *ret,
	const struct marks **ret_marks, struct arena *arena, struct problems *problems,
	struct err *err)
{
	CLEANUP_BUF struct buf raw = BUF_INIT;
	int rc = fs_read(fs, ret->file, MIGRATION_FILE_MAX, &raw, NULL, err);

	*ret_marks = NULL;
	if (rc < 0)
		return -1;
	if (rc == 1)
		problems_add(problems, (struct place){.file = ret->file}, "is not there");
	else
		migration_take(ret, ret_marks, arena_memdup(arena, raw.data, raw.len),
			raw.len, arena, problems);
	return 0;
}
