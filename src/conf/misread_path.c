/* SPDX-License-Identifier: MIT */
/* What shells and other programs expand in a path. */
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "conf/foreign.h"
#include "conf/misread_internal.h"

/* "{a,b}" or "{1..3}" */
static bool has_braces(const char *word, size_t size)
{
	const char *open = memchr(word, '{', size);
	size_t left = open ? size - (size_t)(open - word) : 0;
	const char *close = open ? memchr(open, '}', left) : NULL;
	size_t inner = close ? (size_t)(close - open) : 0;

	return inner && (memchr(open, ',', inner) || memmem(open, inner, "..", 2));
}

/* "/a:/b" of PATH and of docker, "/a:ro" */
static bool has_colon(const char *word, size_t size)
{
	bool begins = *word == '/' || *word == '.';

	return begins &&
		(memmem(word, size, ":/", 2) ||
			(size > 3 && word[size - 3] == ':' && word[size - 2] == 'r' &&
				strchr("ow", word[size - 1])));
}

/* What else than "${NAME}" others expand. */
static int check_expansion(
	const struct field *field, const char *word, size_t size, struct err *err)
{
	struct foreign foreign;

	if (foreign_find(word, size, &foreign))
		return err_config(err, "'%.*s' would be part of the path: write ${%.*s}",
			(int)foreign.size, foreign.text, (int)foreign.name_size,
			foreign.name);
	if (memmem(word, size, "{{", 2))
		return err_config(err,
			"'{{' would be part of the path: write ${NAME} of a variable; "
			"where it is meant, write ${X:-{}{");
	if (!field->check && memchr(word, '*', size))
		return err_config(err,
			"'*' would be part of the path: there are no globs here; name "
			"each, or write ${X:-*} where it is meant");
	if (has_colon(word, size))
		return err_config(err,
			"a ':' separates nothing here, and would be part of the path; "
			"where it is meant, write ${X:-:}");
	if (memmem(word, size, "\\ ", 2))
		return err_config(err,
			"a backslash would be part of the path: write the space without "
			"it");
	return 0;
}

/* "https://host/x" */
static bool is_address(const char *word, size_t size)
{
	size_t scheme = 0;

	while (scheme < size &&
		(str_is_alnum(word[scheme]) || strchr("+-.", word[scheme])))
		scheme++;
	return scheme > 1 && size > scheme + 3 && memcmp(word + scheme, "://", 3) == 0;
}

/* What is read or written in their place is not a file of that name. */
static int check_kind(const char *word, size_t size, struct err *err)
{
	bool file = size > 7 && memcmp(word, "file://", 7) == 0;
	bool out = size == 6 && memcmp(word, "stdout", 6) == 0;

	if (file)
		return err_config(err,
			"'file://' would be part of the path: write it without that, "
			"%.*s",
			(int)(size - 7), word + 7);
	if (is_address(word, size))
		return err_config(err,
			"an address is no path: what is fetched is made by a `download` "
			"step; where it is meant, write ${X:-:}//");
	if (out || (size == 6 && memcmp(word, "stderr", 6) == 0))
		return err_config(err,
			"'%.*s' would be a file of that name: write /dev/%.*s, or "
			"./%.*s for the name",
			6, word, 6, word, 6, word);
	return 0;
}

static bool is_answer(const char *word, size_t size)
{
	static const char *const answers[] = {
		"yes", "no", "true", "false", "on", "off", "none", "null", NULL};

	return str_part_is_among(word, size, answers);
}

int misread_check_path(
	const struct field *field, const char *word, size_t size, struct err *err)
{
	if (field->type == FIELD_READ_PATHS && *word == '-' && size > 1) {
		word++;
		size--;
	}
	if (*word == '-' && size > 1 && word[1] != '/')
		return err_config(err,
			"'%.*s' would be a path: there are no options here; write ./%.*s "
			"for the name",
			(int)size, word, (int)size, word);
	if (*word == '~' && (size == 1 || word[1] == '/'))
		return err_config(err,
			"'~' is expanded by shells alone: write ${HOME}, or ./~ for the "
			"name");
	if (memmem(word, size, "$(", 2) || memchr(word, '`', size)) {
		char c = memchr(word, '`', size) ? '`' : '$';

		return err_config(err,
			"what it says is run by shells alone: write ${NAME} of a "
			"variable; where it is meant, write the %c as ${X:-%c}",
			c, c);
	}
	if (has_braces(word, size))
		return err_config(err,
			"braces are expanded by shells alone: write each path in full; "
			"where they are meant, write ${X:-{}");
	if (*word == '%' && size > 1 &&
		(word[1] == '(' ||
			(str_is_alnum(word[1]) && (size == 2 || word[2] == '/'))))
		return err_config(err,
			"'%%%c' is expanded by systemd and supervisord alone: write "
			"${NAME} of a variable, or ./%% for the name",
			word[1]);
	if (!field_is_list(field) && !field->required && is_answer(word, size))
		return err_config(err,
			"'%.*s' would be the path: leave the key out where there is "
			"none, and write ./%.*s for the name",
			(int)size, word, (int)size, word);
	return check_kind(word, size, err) < 0 ? -1
					       : check_expansion(field, word, size, err);
}
