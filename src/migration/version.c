/* SPDX-License-Identifier: MIT */
/* Versions as keys, whose order as text is that of the versions. */
#include "migration/version.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

#define LONG ('Z' - 'A')

#define DAY_SIZE   8  /* YYYYMMDD */
#define STAMP_SIZE 14 /* YYYYMMDDhhmmss */

/* What is no number, in an order of numbers: behind all, or behind that one alone. */
#define OTHER  '~'
#define BEHIND '!'

/* Digits with single separators between them. */
bool version_is_number(const char *id)
{
	for (const char *at = id; str_is_digit(*at); at++) {
		at += str_digits(at);
		if (!*at)
			return true;
		if (!strchr("-._", *at))
			return false;
	}
	return false;
}

/*
 * A number: a letter that says how many digits it has without leading zeros, and these.
 * So the shorter one comes first, and none before "0".
 */
static char *put_number(char *to, const char *digits, size_t size)
{
	for (; size > 0 && *digits == '0'; size--)
		digits++;
	*to++ = (char)('A' + (size < LONG ? size : LONG));
	if (size >= LONG)
		to += snprintf(to, 9, "%08zx", size); /* an id is below 4 GiB */
	memcpy(to, digits, size);
	return to + size;
}

size_t version_day(const char *text)
{
	static const size_t sizes[] = {4, 2, 2};
	const char *at = text;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		if (str_digits(at) != sizes[i] || (i < 2 && at[sizes[i]] != '-'))
			return 0;
		at += sizes[i] + (i < 2);
	}
	return (size_t)(at - text);
}

/* As the number "20240131". */
static char *put_day(char *to, const char *day)
{
	char digits[DAY_SIZE + 1];

	(void)snprintf(
		digits, sizeof digits, "%.4s%.2s%.2s", day, day + 5, day + 8); /* fits */
	return put_number(to, digits, DAY_SIZE);
}

/* All numbers of the id up to there, each as put_number() has it. */
static char *put_numbers(char *to, const char *id, const char *end, bool stamps)
{
	size_t size = version_day(id);

	if (size > 0)
		to = put_day(to, id);
	for (id += size; id < end;) {
		id += strspn(id, "-._");
		size = str_digits(id);
		if (stamps && size == STAMP_SIZE) {
			to = put_number(to, id, DAY_SIZE);
			id += DAY_SIZE;
			size -= DAY_SIZE;
		}
		to = put_number(to, id, size);
		id += size;
	}
	return to;
}

/* Without the zeros at the end of "1.2.0", which are the same version. */
static char *put_dotted(char *to, const char *id)
{
	char *start = to;

	to = put_numbers(to, id, id + strlen(id), false);
	while (to > start + 1 && to[-1] == 'A')
		to--;
	return to;
}

/* As text; what is behind digits alone in a file's name is an underscore. */
static char *put_text(char *to, const char *id)
{
	size_t size = strlen(id);

	memcpy(to, id, size);
	if (str_digits(id) == size)
		to[size++] = '_';
	return to + size;
}

static char *put_without_dashes(char *to, const char *id)
{
	for (; *id; id++)
		if (*id != '-')
			*to++ = *id;
	return to;
}

/* The number that it begins with, and what of it counts behind equal ones: `rest`. */
static char *put_prefix(char *to, const char *id, const char *rest)
{
	size_t size = strlen(rest);

	to = put_number(to, id, str_digits(id));
	memcpy(to, rest, size);
	return to + size;
}

/*
 * What is no version comes behind all that are, or, where it begins with one, behind
 * that. Flyway's descriptions have blanks where the names have underscores.
 */
static char *put_other(char *to, const char *id, bool stamps)
{
	size_t size = str_is_digit(*id) ? strspn(id, "0123456789-") : 0;

	while (size > 0 && id[size - 1] == '-')
		size--;
	if (size > 0)
		to = put_numbers(to, id, id + size, stamps);
	*to++ = size > 0 ? BEHIND : OTHER;
	for (; *id; id++)
		*to++ = *id == '_' ? ' ' : *id;
	return to;
}

static char *put_key(enum version_order order, char *to, const char *id)
{
	bool stamps;

	switch (order) {
	case VERSION_TEXT:
	case VERSION_NAME:
	case VERSION_JOURNAL:
		return put_text(to, id);
	case VERSION_DASHLESS:
		return put_without_dashes(to, id);
	case VERSION_PREFIX:
		/* Of a name all counts, as in prefix_sort_key(). */
		return !str_is_digit(*id)
			? put_other(to, id, false)
			: put_prefix(to, id, id[str_digits(id)] ? id : "");
	case VERSION_DOTTED:
		return version_is_number(id) ? put_dotted(to, id)
					     : put_other(to, id, false);
	case VERSION_NUMBER:
	case VERSION_DATE:
		break;
	}
	stamps = order == VERSION_DATE;
	return version_is_number(id) ? put_numbers(to, id, id + strlen(id), stamps)
				     : put_other(to, id, stamps);
}

/*
 * A number takes one byte more, or nine from 25 digits on, and no separator; all of the
 * id may follow.
 */
static char *room_for(const char *id, struct arena *arena)
{
	return arena_alloc(arena, 3 * strlen(id) + 16);
}

const char *version_key(enum version_order order, const char *id, struct arena *arena)
{
	char *key = room_for(id, arena);

	*put_key(order, key, id) = '\0';
	return key;
}

/* sql-migrate compares all of the name, "02_c.sql", where the numbers are equal. */
static const char *prefix_sort_key(const char *entry, struct arena *arena)
{
	char *key = room_for(entry, arena);

	if (!str_is_digit(*entry))
		return version_key(VERSION_PREFIX, entry, arena);
	*put_prefix(key, entry, entry) = '\0';
	return key;
}

const char *version_sort_key(
	enum version_order order, const char *key, const char *entry, struct arena *arena)
{
	switch (order) {
	case VERSION_TEXT:
	case VERSION_NAME:
		return entry;
	case VERSION_PREFIX:
		return prefix_sort_key(entry, arena);
	default:
		return key;
	}
}
