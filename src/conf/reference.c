/* SPDX-License-Identifier: MIT */
/* The grammar of ${…}. */
#include "conf/reference.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define SHOWN_MAX  60
#define TARGET_MAX 256 /* no step's name is as long */

static const struct {
	const char *prefix;
	enum expand_scheme scheme;
} schemes[] = {
	{"file:", EXPAND_FILE},
	{"key:", EXPAND_KEY},
	{"secret:", EXPAND_SECRET},
};

static bool begins(const char *text, size_t size, const char *prefix)
{
	size_t length = strlen(prefix);

	return size >= length && memcmp(text, prefix, length) == 0;
}

/*
 * The length of the "${…}" at `text`. A "$${" inside opens a brace, too, since the
 * literal that it stands for is closed by one.
 */
static size_t span(const char *text, size_t size)
{
	size_t depth = 0;
	size_t i = 0;

	while (i < size) {
		if (begins(text + i, size - i, "${")) {
			depth++;
			i += 2;
		} else if (text[i] == '}' && --depth == 0) {
			return i + 1;
		} else {
			i++;
		}
	}
	return 0;
}

size_t expand_span(const char *text)
{
	return str_starts(text, "${") ? span(text, strlen(text)) : 0;
}

/* The length of the variable's name at `text`, or 0. */
static size_t name_length(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && (str_is_alnum(text[n]) || text[n] == '_'))
		n++;
	return str_is_name(text, n) ? n : 0;
}

struct token token_next(const char **text, size_t *size)
{
	struct token token = {.type = TOKEN_END, .text = *text};
	const char *from = *text;
	const char *dollar;

	if (*size == 0)
		return token;
	if (begins(from, *size, "$${")) {
		token.type = TOKEN_LITERAL;
		token.size = 3;
	} else if (begins(from, *size, "${")) {
		token.type = TOKEN_REFERENCE;
		token.size = span(from, *size);
		if (token.size == 0)
			token.size = 2;
	} else if (*from == '$' && name_length(from + 1, *size - 1) > 0) {
		token.type = TOKEN_BARE;
		token.size = 1 + name_length(from + 1, *size - 1);
	} else {
		token.type = TOKEN_TEXT;
		dollar = memchr(from + 1, '$', *size - 1);
		token.size = dollar ? (size_t)(dollar - from) : *size;
	}
	*text += token.size;
	*size -= token.size;
	return token;
}

/* "file:/x" has a scheme; "file:-x" is the variable `file` with a default. */
static size_t scheme_length(const char *text, size_t size, size_t *ret_scheme)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t length = strlen(schemes[i].prefix);

		if (begins(text, size, schemes[i].prefix) && size > length &&
			!strchr("-?+", text[length])) {
			*ret_scheme = i;
			return length;
		}
	}
	return 0;
}

size_t reference_name_size(const char *text, size_t size)
{
	size_t scheme;
	size_t length = size > 2 ? scheme_length(text + 2, size - 2, &scheme) : 0;

	if (length == 0 && size > 2)
		length = name_length(text + 2, size - 2);
	return length;
}

static int raise_form(const char *text, size_t size, struct err *err)
{
	bool cut = size > SHOWN_MAX;

	return err_config(err,
		"'%.*s%s' is none of ${NAME}, ${NAME:-default}, ${NAME-default}, "
		"${NAME:?message}, ${NAME:+other}, ${file:/path}, ${key:name}, "
		"${secret:name}; write $${ for a literal ${",
		cut ? SHOWN_MAX : (int)size, text, cut ? "…" : "");
}

/*
 * Takes "|json" off the end of a body. A word there that is no format is an error, since
 * the value would go unescaped where it was to be made safe.
 */
static int parse_escape(
	const char *body, size_t *size, struct reference *ret, struct err *err)
{
	const char *bar = memrchr(body, '|', *size);
	char word[16] = "";
	size_t length = bar ? *size - (size_t)(bar - body) - 1 : 0;
	const char *near;

	if (length == 0 || length >= sizeof word)
		return 0;
	for (size_t i = 0; i < length; i++) {
		if (!str_is_digit(bar[1 + i]) && (bar[1 + i] < 'a' || bar[1 + i] > 'z'))
			return 0;
		word[i] = bar[1 + i];
	}
	if (!escape_find(word, &ret->escape)) {
		near = str_nearest(word, escape_names);
		return err_config(err,
			"'|%s' is no format%s%s%s; for text that ends so, add '|none'",
			word, near ? ": did you mean '|" : "", near ? near : "",
			near ? "'?" : "");
	}
	ret->escaped = true;
	*size = (size_t)(bar - body);
	return 0;
}

static const struct {
	const char *text;
	enum operator_ operator_;
} operators[] = {
	{":-", OPERATOR_DEFAULT},
	{":?", OPERATOR_DEMAND},
	{":+", OPERATOR_OTHER},
	{"-", OPERATOR_DEFAULT_UNSET},
};

/* Which operator stands at `text`? Its length, or 0. A step's name may have a "-". */
static size_t parse_operator(
	const char *text, size_t size, bool variable, enum operator_ *ret)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		if (!variable && operators[i].operator_ == OPERATOR_DEFAULT_UNSET)
			continue;
		if (begins(text, size, operators[i].text)) {
			*ret = operators[i].operator_;
			return strlen(operators[i].text);
		}
	}
	return 0;
}

/* A step's name, with its module's in front; a file's path must be absolute. */
static bool target_is_fine(const struct reference *ref)
{
	if (ref->name_size == 0)
		return false;
	if (ref->scheme == EXPAND_FILE)
		return ref->name[0] == '/' && !memmem(ref->name, ref->name_size, "${", 2);
	for (size_t i = 0; i < ref->name_size; i++)
		if (!str_is_alnum(ref->name[i]) && !strchr("_.-/", ref->name[i]))
			return false;
	return str_is_alnum(ref->name[0]);
}

static void parse_name(const char *body, size_t size, struct reference *ret)
{
	size_t which = 0;
	size_t length = scheme_length(body, size, &which);
	enum operator_ found;

	ret->variable = length == 0;
	ret->name = body + length;
	if (ret->variable) {
		ret->name_size = name_length(body, size);
		return;
	}
	ret->scheme = schemes[which].scheme;
	while (length + ret->name_size < size &&
		parse_operator(ret->name + ret->name_size, size - length - ret->name_size,
			false, &found) == 0)
		ret->name_size++;
}

int reference_parse(const char *text, size_t size, struct reference *ret, struct err *err)
{
	struct reference ref = {.operator_ = OPERATOR_NONE};
	const char *body = text + 2;
	size_t body_size, length;

	if (size < 3)
		return err_config(
			err, "a '${' is not closed by '}'; write $${ for a literal ${");
	body_size = size - 3;
	if (parse_escape(body, &body_size, &ref, err) < 0)
		return -1;
	parse_name(body, body_size, &ref);
	if (ref.variable ? ref.name_size == 0 : !target_is_fine(&ref))
		return raise_form(text, size, err);
	ref.word = ref.name + ref.name_size;
	ref.word_size = body_size - (size_t)(ref.word - body);
	length = parse_operator(ref.word, ref.word_size, ref.variable, &ref.operator_);
	if (length == 0 && ref.word_size > 0)
		return raise_form(text, size, err);
	ref.word += length;
	ref.word_size -= length;
	*ret = ref;
	return 0;
}

/* ---- questions that need no values ---- */

bool expand_needed(const char *text)
{
	return strstr(text, "${") != NULL;
}

static int count_lines(const char *text, size_t size)
{
	int count = 0;

	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n';
	return count;
}

static void check(const char *text, size_t size, struct place at, int depth,
	const char *prefix, struct problems *problems, struct err *err)
{
	struct reference ref = {.variable = true};
	struct token token;

	for (; (token = token_next(&text, &size)).type != TOKEN_END;
		at.line += count_lines(token.text, token.size)) {
		if (token.type != TOKEN_REFERENCE)
			continue;
		if (depth == REFERENCE_DEPTH_MAX) {
			problems_add(problems, at, "%s${…} is nested more than %d deep",
				prefix, REFERENCE_DEPTH_MAX);
		} else if (reference_parse(token.text, token.size, &ref, err) < 0) {
			problems_add(problems, at, "%s%s", prefix, err->text);
			/* Whatever stands behind it is inside of it. */
			if (token.size == 2)
				return;
		} else {
			check(ref.word, ref.word_size, at, depth + 1, prefix, problems,
				err);
		}
	}
}

void expand_check(
	const char *text, struct place at, const char *prefix, struct problems *problems)
{
	DECLARE_ERR(err);

	check(text, strlen(text), at, 0, prefix, problems, &err);
}

static void shown(const char *text, size_t size, int depth,
	void (*found)(void *user, const char *name), void *user)
{
	struct token token;

	while ((token = token_next(&text, &size)).type != TOKEN_END) {
		CLEANUP_BUF struct buf name = BUF_INIT;
		struct reference ref;
		DECLARE_ERR(ignored); /* expand_check() is there to say what is wrong */

		if (token.type != TOKEN_REFERENCE || depth == REFERENCE_DEPTH_MAX ||
			reference_parse(token.text, token.size, &ref, &ignored) < 0)
			continue;
		buf_add(&name, token.text + 2,
			(size_t)(ref.name - token.text) - 2 + ref.name_size);
		if (ref.operator_ != OPERATOR_OTHER)
			found(user, name.data);
		shown(ref.word, ref.word_size, depth + 1, found, user);
	}
}

void expand_shown(
	const char *text, void (*found)(void *user, const char *name), void *user)
{
	shown(text, strlen(text), 0, found, user);
}

void expand_references(const char *text,
	void (*found)(void *user, enum expand_scheme scheme, const char *name),
	void *user)
{
	CLEANUP_BUF struct buf name = BUF_INIT;

	/* Nested ones are found on the way, since every "${" is looked at. */
	for (; *text; text++) {
		struct reference ref = {.variable = true};
		size_t size = 0;

		if (str_starts(text, "$${")) {
			text += 2;
			continue;
		}
		if (!str_starts(text, "${"))
			continue;
		while (size < TARGET_MAX && text[2 + size] &&
			!strchr("|}", text[2 + size]))
			size++;
		parse_name(text + 2, size, &ref);
		if (ref.variable || ref.scheme == EXPAND_FILE || !target_is_fine(&ref))
			continue;
		buf_truncate(&name, 0);
		buf_add(&name, ref.name, ref.name_size);
		found(user, ref.scheme, name.data);
	}
}
