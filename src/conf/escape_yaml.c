/* SPDX-License-Identifier: MIT */
/* What readers of YAML take a plain word for, by 1.1 or by 1.2. */
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "conf/escape_value.h"

/* Null, booleans, a default, a merge, the end of a document. */
static bool is_keyword(const char *word)
{
	static const char *const words[] = {"", "~", "null", "y", "n", "yes", "no", "on",
		"off", "true", "false", "=", "<<", "..."};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(word, words[i]) == 0)
			return true;
	return false;
}

static bool is_based(const char *word)
{
	return *word == '0' && word[1] && strchr("xXoObB", word[1]) &&
		!word[2 + strspn(word + 2, "0123456789abcdefABCDEF_")];
}

/* The ":59" of numbers to the base 60; how many bytes they have. */
static size_t sixties(const char *word)
{
	size_t size = 0;

	while (word[size] == ':') {
		const char *digits = word + size + 1;
		size_t n = str_digits(digits);

		if (n == 0 || n > 2 || (n == 2 && *digits > '5'))
			return 0;
		size += 1 + n;
	}
	return size;
}

/* With "_" or "," between the digits, with too many zeros, in any base. */
static bool is_like_number(const char *word)
{
	static const char digits[] = "0123456789_,";
	const char *begin;

	word += *word == '-' || *word == '+';
	if (*word == '.' &&
		(strcasecmp(word + 1, "inf") == 0 || strcasecmp(word + 1, "nan") == 0))
		return true;
	if (is_based(word))
		return true;
	begin = word;
	word += strspn(word, digits);
	if (word > begin)
		word += sixties(word);
	if (*word == '.')
		word += 1 + strspn(word + 1, digits);
	if (!str_is_digit(begin[strspn(begin, "_,.")]))
		return false;
	if (*word == 'e' || *word == 'E') {
		word += 1 + (word[1] == '-' || word[1] == '+');
		word += str_digits(word);
	}
	return *word == '\0';
}

/* A time may stand behind it. */
static bool is_like_date(const char *word)
{
	size_t day;

	if (str_digits(word) != 4 || word[4] != '-')
		return false;
	word += 5;
	if (str_digits(word) == 0 || word[str_digits(word)] != '-')
		return false;
	word += str_digits(word) + 1;
	day = str_digits(word);
	return day > 0 && (!word[day] || strchr("Tt \t\r\n", word[day]));
}

bool escape_yaml_is_number(const char *value)
{
	return escape_is_number(value) && !strpbrk(value, "eE");
}

bool escape_yaml_needs_quotes(const char *word, bool key)
{
	if (escape_yaml_is_number(word) || (!key && escape_is_boolean(word)))
		return false;
	return is_keyword(word) || is_like_number(word) || is_like_date(word);
}
