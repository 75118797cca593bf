/* SPDX-License-Identifier: MIT */
/* Comments, quotes and what others expand in the values of variables. */
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "conf/misread_internal.h"
#include "conf/words.h"

/* Such a value may have any character in it: "C #1", "#fff #000", "a ; b", "'# a'". */
static bool has_comment(const char *text, size_t size)
{
	size_t digits = strspn(text, "0123456789");
	const char *behind = text + digits + strspn(text + digits, " \t");
	const char *end = text + size;
	char quote = '\0';

	if (digits && behind > text + digits && behind < end && strchr("#;", *behind))
		return true;
	for (const char *at = text; at + 2 < end; at++) {
		if (misread_is_quote(*at) && (!quote || quote == *at))
			quote = quote ? '\0' : *at;
		if (!quote && strchr(" \t", at[0]) && at[1] == '#' &&
			strchr(" \t", at[2]))
			return true;
	}
	return false;
}

/* Is it "NAME=", with a name that only a variable has? */
static bool is_assignment(const char *word)
{
	size_t size = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return word[size] == '=' && str_is_name(word, size);
}

/* "1 B=2", but neither "-j4 CC=gcc" nor "CC=gcc LD=ld", which are words of a value. */
static bool has_assignments(const char *text, size_t size)
{
	const char *word = text, *end = text + size;
	size_t count = 0;

	if (*word == '-' || is_assignment(word))
		return false;
	for (;; count++) {
		word += strcspn(word, WORDS_SPACE ",");
		word += strspn(word, WORDS_SPACE ",");
		if (word >= end)
			return count > 0;
		if (!is_assignment(word))
			return false;
	}
}

/* What an env_file refuses, and what other programs that start one expand. */
static int check_expanded(const char *text, size_t size, struct err *err)
{
	const char *line = memmem(text, size, "\\\n", 2);

	if (size > 1 && text[0] == '~' && text[1] == '/')
		return err_config(err,
			"'~' is expanded by shells alone: write ${HOME}, or, where it is "
			"meant, ${X:-~}");
	if (memmem(text, size, "$(", 2) || memchr(text, '`', size))
		return err_config(err,
			"nothing is run here, and the value asks for it: write ${NAME} "
			"of a variable; where it is meant, write the %c as ${X:-%c}",
			memchr(text, '`', size) ? '`' : '$',
			memchr(text, '`', size) ? '`' : '$');
	if (memmem(text, size, "%(ENV_", 6))
		return err_config(
			err, "'%%(ENV_' is expanded by supervisord alone: write ${NAME}");
	if (line)
		return err_config(err,
			"the backslash at the end of a line would be part of the value: "
			"lines go on without it");
	return 0;
}

static int check_variable(const char *text, size_t size, struct err *err)
{
	if (misread_is_quoted(text, size))
		return misread_refuse_quotes(*text, err);
	if (has_comment(text, size))
		return err_config(err,
			"a comment behind a value would be part of it: give it a line of "
			"its own; where it is meant, write ${X:-#}");
	if (has_assignments(text, size))
		return err_config(err,
			"what is behind the first value would be part of it: write each "
			"NAME=value on a line of its own; where it is meant, write a "
			"space as ${X:- }");
	return check_expanded(text, size, err);
}

/* Each line has a variable, or, in [env], all of them are the value of one. */
int misread_check_variables(const struct field *field, const char *text, const char *bare,
	const char **ret_at, struct err *err)
{
	bool lines = field->type == FIELD_ENV;

	for (const char *line = bare; *line; line += strspn(line, "\n")) {
		size_t size = lines ? strcspn(line, "\n") : strlen(line);
		const char *equals = lines ? memchr(line, '=', size) : NULL;
		const char *value = equals ? equals + 1 : line;

		size -= (size_t)(value - line);
		*ret_at = text + (value - bare);
		if ((equals || !lines) && check_variable(value, size, err) < 0)
			return -1;
		line = value + size;
	}
	return 0;
}
