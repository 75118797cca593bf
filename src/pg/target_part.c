/* SPDX-License-Identifier: MIT */
/* What a value may have that is put into the address of a server. */
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "pg/target.h"

/* Is a quote of the words open behind the text? */
static bool is_quoted(const char *text)
{
	bool quoted = false;

	for (; *text; text++)
		if (*text == '\\' && text[1])
			text++;
		else
			quoted ^= *text == '\'';
	return quoted;
}

static int check_words(const char *before, const char *value, struct err *err)
{
	if (!strpbrk(value, is_quoted(before) ? "'\\" : "'\\ \t\r\n"))
		return 0;
	return err_config(err,
		"its value has a quote, a backslash or white space, which would end a "
		"word there: write a URL, and ${…|url} in it, or ${…|none} where the "
		"address is to have it as it is");
}

enum part { USER, HOST, DATABASE, WORD };

/* By enum part: what means something else there. */
static const struct {
	const char *signs;
	const char *what;
} parts[] = {
	{"/?%", "'/', '?' or '%', which is more than a part of a user or password"},
	{"/?%@", "'/', '?', '%' or '@', which is more than a part of a host"},
	{"?%@", "'?', '%' or '@', which is more than a part of a database's name"},
	{"&%@", "'&', '%' or '@', which is more than a part of a word"},
};

/* In which part of a URL is it that `rest`, behind its "://", is in front of? */
static enum part part_behind(const char *rest)
{
	const char *path = strpbrk(rest, "/?");

	if (path)
		return strchr(path, '?') ? WORD : DATABASE;
	return strchr(rest, '@') ? HOST : USER;
}

int pg_target_check_part(const char *before, const char *value, struct err *err)
{
	enum part part;

	/* An address may come as a whole, also with words behind it. */
	if (!*before)
		return 0;
	if (!pg_target_is_url(before))
		return check_words(before, value, err);
	part = part_behind(strstr(before, "://") + strlen("://"));
	return strpbrk(value, parts[part].signs)
		? err_config(err,
			  "its value has a %s: write ${…|url}, which encodes it, or "
			  "${…|none} where the address is to have it as it is",
			  parts[part].what)
		: 0;
}
