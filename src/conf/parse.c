/* SPDX-License-Identifier: MIT */
/* Texts made into booleans, durations and modes. */
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "conf/convert.h"

#define DURATION_MAX_MS INT64_C(3153600000000) /* a hundred years */

bool bool_parse(const char *text, bool *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {{"yes", true}, {"no", false}, {"true", true}, {"false", false},
		{"on", true}, {"off", false}, {"1", true}, {"0", false}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcasecmp(words[i].word, text) == 0) {
			*ret = words[i].value;
			return true;
		}
	}
	return false;
}

bool choice_parse(const char *const *choices, const char *text, int *ret)
{
	const char *word = text;
	bool yes;

	if (bool_parse(text, &yes))
		word = yes ? "yes" : "no";
	for (int i = 0; choices[i]; i++)
		if (strcasecmp(choices[i], text) == 0 || str_equal(choices[i], word)) {
			*ret = i;
			return true;
		}
	return false;
}

/* Takes a whole number off the front; false where there is none, or it is too large. */
static bool take_number(const char **text, int64_t *ret)
{
	int64_t number = 0;

	if (!str_is_digit(**text))
		return false;
	for (; str_is_digit(**text); (*text)++)
		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, **text - '0', &number))
			return false;
	*ret = number;
	return true;
}

/* Those that the manual lists: "m" would be months or thousandths elsewhere. */
static bool take_unit(const char **text, int64_t *ret)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000},
		{"d", 86400000}, {"w", 604800000}};
	size_t size = 0;

	while ((*text)[size] >= 'a' && (*text)[size] <= 'z')
		size++;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strlen(units[i].name) == size &&
			memcmp(units[i].name, *text, size) == 0) {
			*text += size;
			*ret = units[i].ms;
			return true;
		}
	}
	return false;
}

bool duration_parse(const char *text, int64_t *ret_ms)
{
	int64_t total = 0, number, unit, before = INT64_MAX;
	uint64_t seconds;

	if (str_equal(text, "none")) {
		*ret_ms = -1;
		return true;
	}
	if (str_to_u64(text, DURATION_MAX_MS / 1000, &seconds)) {
		*ret_ms = (int64_t)seconds * 1000;
		return true;
	}
	if (!*text)
		return false;
	while (*text) {
		if (!take_number(&text, &number))
			return false;
		text += *text == ' ';
		/* The smaller ones follow: "30s 2min" may be two durations. */
		if (!take_unit(&text, &unit) || unit >= before ||
			__builtin_mul_overflow(number, unit, &number) ||
			__builtin_add_overflow(total, number, &total) ||
			total > DURATION_MAX_MS)
			return false;
		before = unit;
		if (*text == ' ' && text[1])
			text++;
	}
	*ret_ms = total;
	return true;
}

bool mode_parse(const char *text, mode_t *ret)
{
	mode_t mode = 0;
	size_t digits = strspn(text, "01234567");

	if (digits == 0 || digits > 4 || text[digits])
		return false;
	for (; *text; text++)
		mode = mode * 8 + (mode_t)(*text - '0');
	*ret = mode;
	return true;
}
