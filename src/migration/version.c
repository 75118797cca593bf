/* SPDX-License-Identifier: MIT */
/* The order of versions. */
#include "migration/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/str.h"

static bool is_version(const char *text)
{
	return str_is_digit(*text) && !text[strspn(text, "0123456789-._")];
}

/* Dashes separate the parts of a date, which is one number. */
static const char *skip_dashes(const char *text)
{
	return text + strspn(text, "-");
}

/* Counts the digits of a part, which ends at a '.' or '_'. */
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

/* A missing part is 0. */
static const char *next_part(const char *version)
{
	version += strcspn(version, "._");
	return *version ? version + 1 : version;
}

int version_cmp(const char *a, const char *b)
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
