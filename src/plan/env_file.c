/* SPDX-License-Identifier: MIT */
/* Reading the lines of an env_file. */
#include "plan/env_file.h"

#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/str.h"

struct line {
	struct place at;
	const char *text, *end; /* without white space around it */
	struct buf name, value;
	char odd; /* what a shell would take otherwise, or 0 */
};

static bool is_comment(const char *at, const char *end)
{
	return at == end || *at == '#';
}

/* Does a shell's parameter without braces begin at the "$"? */
static bool is_parameter(const char *dollar, const char *end)
{
	return dollar + 1 < end &&
		(str_is_alnum(dollar[1]) || strchr("_$?!@*#-", dollar[1]));
}

/* Takes a byte of a value in which a shell would expand. Returns 0 or -1. */
static int take(struct line *line, const char *at, struct err *err)
{
	bool substitution =
		*at == '`' || (*at == '$' && at + 1 < line->end && strchr("({", at[1]));

	if (substitution)
		return err_config(err,
			"%s: nothing is expanded here, and '%.*s' asks for it: put the "
			"value in single quotes to have it as it is",
			line->name.data, *at == '`' ? 1 : 2, at);
	if (*at == '$' && is_parameter(at, line->end))
		line->odd = '$';
	buf_putc(&line->value, *at);
	return 0;
}

/* Only a comment may stand behind the closing quote at `at`; NULL: there is none. */
static int end_quoted(const struct line *line, const char *at, struct err *err)
{
	if (!at || at >= line->end)
		return err_config(err,
			"%s: the quote is not closed, and a value has one line",
			line->name.data);
	at++;
	if (at == line->end)
		return 0;
	if (str_is_space(*at)) {
		while (at < line->end && str_is_space(*at))
			at++;
		if (is_comment(at, line->end))
			return 0;
	}
	return err_config(err,
		"%s: something stands behind the closing quote: put the whole value in "
		"single quotes, or in double ones with \\\" in it",
		line->name.data);
}

static int take_single(struct line *line, const char *at, struct err *err)
{
	const char *close = memchr(at, '\'', (size_t)(line->end - at));

	if (close)
		buf_add(&line->value, at, (size_t)(close - at));
	return end_quoted(line, close, err);
}

static int take_double(struct line *line, const char *at, struct err *err)
{
	for (; at < line->end && *at != '"'; at++) {
		if (*at == '\\' && at + 1 < line->end && strchr("\"\\$`", at[1]))
			buf_putc(&line->value, *++at);
		else if (take(line, at, err) < 0)
			return -1;
	}
	return end_quoted(line, at, err);
}

/* To the end of the line; only a comment is not the value's. */
static int take_bare(struct line *line, const char *at, struct err *err)
{
	const char *from = at, *end = line->end;

	for (const char *c = at; c < end; c++)
		if (*c == '#' && c > from && str_is_space(c[-1]))
			end = c;
	while (end > from && str_is_space(end[-1]))
		end--;
	for (; at < end; at++) {
		if (strchr(" \t'\"\\;&|<>()", *at) || (at == from && *at == '~'))
			line->odd = *at;
		if (take(line, at, err) < 0)
			return -1;
	}
	return 0;
}

static int take_value(struct line *line, const char *at, struct err *err)
{
	if (at < line->end && *at == '\'')
		return take_single(line, at + 1, err);
	if (at < line->end && *at == '"')
		return take_double(line, at + 1, err);
	return take_bare(line, at, err);
}

static int take_line(struct line *line, struct err *err)
{
	size_t size;
	const char *equals;

	/* White space was taken off the end, so more stands behind it. */
	if (str_starts(line->text, "export") && line->text + 6 < line->end &&
		str_is_space(line->text[6])) {
		line->text += 6;
		line->text += strspn(line->text, " \t\v\f\r");
	}
	equals = memchr(line->text, '=', (size_t)(line->end - line->text));
	size = equals ? (size_t)(equals - line->text) : 0;
	if (!equals || !str_is_name(line->text, size))
		return err_config(err,
			"expected NAME=value or export NAME=value; nothing else is read, "
			"and no shell runs this");
	buf_add(&line->name, line->text, size);
	return take_value(line, equals + 1, err);
}

static void warn_odd(const struct line *line, const struct log *log)
{
	const char *quote = line->odd == '\'' ? "\"" : "'";
	log_warn_at(log, line->at,
		"%s: %s%c%s is a part of the value here, and would not be in a shell; "
		"single quotes around the value settle it",
		line->name.data, quote, line->odd, quote);
}

static int parse_line(
	struct line *line, const struct log *log, struct env *env, struct err *err)
{
	while (line->text < line->end && str_is_space(*line->text))
		line->text++;
	while (line->end > line->text && str_is_space(line->end[-1]))
		line->end--;
	if (is_comment(line->text, line->end))
		return 0;
	if (take_line(line, err) < 0)
		return err_at(err, line->at);
	if (line->odd && log)
		warn_odd(line, log);
	env_set(env, line->name.data, line->value.data);
	return 0;
}

int env_file_parse(const char *text, const char *path, const struct log *log,
	struct env *env, struct err *err)
{
	struct place at = {.file = path, .line = 1};
	struct problems problems = {0};
	int rc;

	for (; *text; at.line++) {
		size_t size = strcspn(text, "\n");
		struct line line = {.at = at,
			.text = text,
			.end = text + size,
			.name = BUF_INIT,
			.value = BUF_INIT};
		DECLARE_ERR(wrong);

		if (parse_line(&line, log, env, &wrong) < 0)
			problems_add_err(&problems, &wrong);
		buf_release(&line.name);
		buf_release(&line.value);
		text += size + (text[size] == '\n');
	}
	rc = problems_raise(&problems, 0, err);
	problems_release(&problems);
	return rc;
}
