/* SPDX-License-Identifier: MIT */
/* Parsing conditions as they are written, and filling them with values. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/condition.h"
#include "conf/reference.h"

/* What other languages have. Returns NULL, or what to write instead. */
static const char *foreign(const char *word)
{
	static const struct {
		const char *word, *meant;
	} words[] = {
		{"and", "leave it out: all conditions of a group must hold"},
		{"&&", "leave it out: all conditions of a group must hold"},
		{"||", "write 'or'"},
		{"not", "write '!' in front of the condition, as in !env:NAME"},
		{"", "write '!' in front of the condition, as in !env:NAME"},
		{"if", "leave it out: conditions are written as they are"},
		{"is", "leave it out: a condition says by itself what it asks"},
		{"defined", "leave it out: env:NAME holds where it is set, not empty"},
		{"first_run", "write 'first-run'"},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(word, words[i].word) == 0)
			return words[i].meant;
	return NULL;
}

/* What is asked of a path, by the names that others have for it. */
static const char *meant_by(const char *word)
{
	static const struct {
		const char *name, *meant;
	} names[] = {
		{"exists:", "path"},
		{"file:", "is-file"},
		{"dir:", "is-dir"},
		{"directory:", "is-dir"},
		{"link:", "is-link"},
		{"symlink:", "is-link"},
		{"cmd:", "command"},
		{"var:", "env"},
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_starts(word, names[i].name))
			return names[i].meant;
	return NULL;
}

/* What there is instead. */
static int raise_unknown(
	const char *word, const struct condition_kind *kinds, struct err *err)
{
	size_t name = strcspn(word, "=");
	const char *meant = foreign(word);

	const char *reference = strstr(word, "${");
	const char *colon = strchr(word, ':');

	if (reference && (!colon || reference < colon))
		return err_config(err,
			"no value becomes a condition: write its name and the ':', and "
			"${…} behind that");
	if (meant)
		return err_config(err, "%s", meant);
	if (meant_by(word))
		return err_config(err, "write %s%s", meant_by(word), colon);
	if (*word == '$' && str_is_name(word + 1, name - 1))
		return err_config(err, "of a variable, write env:%s", word + 1);
	if (word[name] && str_is_name(word, name)) {
		const char *value = word + name + strspn(word + name, "=");

		return str_starts(word, "env=")
			? err_config(err, "write env:%s", value)
			: err_config(err, "of a variable, write env:%.*s=%s", (int)name,
				  word, value);
	}
	err_config(err, "a condition is ");
	for (size_t i = 0; kinds[i].name; i++) {
		const char *between = kinds[i + 1].name ? ", " : " or ";

		err_append(err, "%s%s", i ? between : "", kinds[i].form);
	}
	return err_append(err, ", with ! in front to negate it");
}

static const struct condition_kind *find_kind(
	const char *word, const struct condition_kind *kinds)
{
	for (; kinds->name; kinds++) {
		size_t size = strlen(kinds->name);

		if (!str_starts(word, kinds->name))
			continue;
		if (kinds->takes == CONDITION_BARE ? !word[size]
						   : word[size] == ':' && word[size + 1])
			return kinds;
	}
	return NULL;
}

/* ---- what is written ---- */

/* The size of a "${…}" or "$${", of a backslash and what is behind it, or of a byte. */
static size_t piece(struct tokens *tokens, const char *at)
{
	struct token token;

	if (*at == '\\')
		return 2;
	if (*at != '$')
		return 1;
	tokens->at = at;
	token = token_next(tokens);
	return token.type == TOKEN_TEXT ? 1 : token.size;
}

/* What stands in front of the first of these bytes that is none of a value's. */
static size_t span_until(struct tokens *tokens, const char *text, const char *bytes)
{
	const char *at = text;

	while (at < tokens->end && !strchr(bytes, *at))
		at += piece(tokens, at);
	return (size_t)(at - text);
}

/* Adds what stands between any "|", which may be nothing. */
static int split(const char *text, size_t size, struct arena *arena, struct list *ret,
	struct err *err)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, size);
	const char *end = text + size;

	for (;;) {
		size_t part = span_until(&tokens, text, "|");

		if (part > (size_t)(end - text))
			return err_config(err, "there is nothing behind the last '\\'");
		list_add(ret, arena, text, part);
		text += part;
		if (text == end)
			return 0;
		text++;
	}
}

/* Behind the "[" of a glob: the first byte that may end it. */
static const char *enter_bracket(const char *at)
{
	at++;
	if (*at == '!' || *at == '^')
		at++;
	return *at == ']' ? at + 1 : at;
}

int condition_check_brackets(const char *glob, struct err *err)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(glob, strlen(glob));
	const char *at = glob;
	bool in = false;

	while (at < tokens.end) {
		if (in && str_starts(at, "${"))
			return err_config(err,
				"no value can stand in […]; a literal [ is written \\[");
		if (in && str_starts(at, "[:") && strstr(at, ":]")) {
			at = strstr(at, ":]") + 2;
		} else if (!in && *at == '[') {
			at = enter_bracket(at);
			in = true;
		} else {
			in = in && *at != ']';
			at += piece(&tokens, at);
		}
	}
	return 0;
}

/* Judges what is behind the colon, one alternative at a time, once it has its values. */
static int check_name(const struct condition *condition, const char *name,
	struct arena *arena, struct err *err)
{
	const struct condition_kind *kind = condition->kind;
	bool variable = kind->takes >= CONDITION_VARIABLES;
	const char *literal;

	if (!*name && variable)
		return err_config(err, "no variable is named");
	if (!*name)
		return err_config(err, "there is nothing %s",
			condition->names.count > 1 ? "beside a '|'" : "behind the ':'");
	if (kind->takes == CONDITION_TEXT)
		return kind->check ? kind->check(name, err) : 0;
	literal = condition_literal(name, arena);
	if (variable && literal && !str_is_name(literal, strlen(literal)))
		return err_config(err, "'%s' is not the name of a variable%s", literal,
			*literal == '$' ? ", which is written without the $" : "");
	if (!literal && kind->takes == CONDITION_WORDS)
		return err_config(err, "'%s' is a glob, and here none is taken", name);
	return literal && kind->check ? kind->check(literal, err) : 0;
}

static int check_names(
	const struct condition *condition, struct arena *arena, struct err *err)
{
	for (size_t i = 0; i < condition->names.count; i++)
		if (!expand_needed(condition->names.items[i]) &&
			check_name(condition, condition->names.items[i], arena, err) < 0)
			return -1;
	return 0;
}

/* Nothing takes them away, and the condition would hold in silence for nobody. */
static int check_quotes(const struct list *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (*list->items[i] == '"' || *list->items[i] == '\'')
			return err_config(err,
				"the quote would be a part of it: leave quotes out, and "
				"write a space in it as ${X:- }, and a quote as ${X:-%c}",
				*list->items[i]);
	return 0;
}

static int parse_what(struct condition *condition, struct arena *arena, struct err *err)
{
	const struct condition_kind *kind = condition->kind;
	const char *what = condition->what;
	CLEANUP_TOKENS struct tokens tokens = tokens_of(what, strlen(what));
	size_t size = strlen(what);

	if (kind->takes == CONDITION_BARE)
		return 0;
	if (kind->takes == CONDITION_TEXT) {
		list_add(&condition->names, arena, what, size);
		return check_quotes(&condition->names, err);
	}
	if (condition_check_brackets(what, err) < 0)
		return -1;
	if (kind->takes == CONDITION_VALUES)
		size = span_until(&tokens, what, "=");
	if (size > strlen(what)) /* a backslash is last */
		size--;
	condition->valued = size < strlen(what);
	if (split(what, size, arena, &condition->names, err) < 0 ||
		check_quotes(&condition->names, err) < 0)
		return -1;
	if (condition->valued && size && what[size - 1] == '!')
		return err_config(err, "the '!' stands in front: write !%s:%.*s%s",
			kind->name, (int)size - 1, what, what + size);
	if (condition->valued && what[size + 1] == '=')
		return err_config(err,
			"one '=' is enough: write %s:%.*s%s, and \\= where the value "
			"begins with one",
			kind->name, (int)size, what, what + size + 1);
	what += size + 1;
	if (condition->valued &&
		split(what, strlen(what), arena, &condition->values, err) < 0)
		return -1;
	return check_quotes(&condition->values, err);
}

int condition_parse(const char *word, const struct condition_kind *kinds,
	struct arena *arena, struct condition *ret, struct err *err)
{
	struct condition condition = {.text = word, .negated = *word == '!'};
	int rc;

	word += condition.negated;
	condition.kind = find_kind(word, kinds);
	condition.open = expand_needed(word);
	if (condition.kind) {
		condition.what = word + strlen(condition.kind->name);
		condition.what += *condition.what == ':';
		rc = parse_what(&condition, arena, err);
	} else {
		rc = raise_unknown(word, kinds, err);
	}
	if (rc < 0 || check_names(&condition, arena, err) < 0)
		return err_prefix(err, "'%s'", condition.text);
	*ret = condition;
	return 0;
}

int conditions_add(struct conditions *conditions, const char *word,
	const struct condition_kind *kinds, struct arena *arena, struct err *err)
{
	struct condition condition = {0};
	bool is_or = str_equal(word, "or");

	if (is_or && (conditions->count == 0 || conditions->dangling))
		return err_config(err, "there is no condition before an 'or'");
	if (!is_or && strcasecmp(word, "or") == 0)
		return err_config(err, "'%s': write 'or'", word);
	if (!is_or && condition_parse(word, kinds, arena, &condition, err) < 0)
		return -1;
	conditions->groups += is_or || conditions->groups == 0;
	conditions->dangling = is_or;
	if (is_or)
		return 0;
	condition.group = conditions->groups - 1;
	conditions->list = arena_array_grow(
		arena, conditions->list, conditions->count, sizeof *conditions->list);
	conditions->list[conditions->count++] = condition;
	return 0;
}

int conditions_check(const struct conditions *conditions, struct err *err)
{
	if (conditions->dangling)
		return err_config(err, "there is no condition behind an 'or'");
	return conditions_check_pairs(conditions, err);
}

/* ---- values ---- */

void condition_quote(const char *value, struct buf *ret)
{
	for (; *value; value++) {
		if (strchr("\\*?[|", *value))
			buf_putc(ret, '\\');
		buf_putc(ret, *value);
	}
}

static int fill_list(struct list *list, condition_expand *fill, void *user, bool glob,
	struct arena *arena, struct buf *what, struct err *err)
{
	struct list result = {0};
	bool complete = true;

	for (size_t i = 0; i < list->count; i++) {
		CLEANUP_BUF struct buf filled = BUF_INIT;
		int rc = fill(user, list->items[i], glob, &filled, err);

		if (rc < 0)
			return -1;
		complete = complete && rc == 0;
		list_add(&result, arena, filled.data, filled.len);
		buf_printf(what, "%s%s", i > 0 ? "|" : "", filled.data);
	}
	*list = result;
	return complete ? 0 : 1;
}

int condition_fill(struct condition *condition, condition_expand *fill, void *user,
	struct arena *arena, struct err *err)
{
	CLEANUP_BUF struct buf what = BUF_INIT;
	bool glob = condition->kind->takes != CONDITION_TEXT;
	int names, values;

	if (!condition->open)
		return 0;
	names = fill_list(&condition->names, fill, user, glob, arena, &what, err);
	if (names < 0)
		return -1;
	if (condition->valued)
		buf_putc(&what, '=');
	values = fill_list(&condition->values, fill, user, glob, arena, &what, err);
	if (values < 0)
		return -1;
	if (names > 0 || values > 0)
		return 1;
	condition->open = false;
	condition->what = arena_memdup(arena, what.data, what.len);
	condition->text = arena_printf(arena, "%s%s:%s", condition->negated ? "!" : "",
		condition->kind->name, condition->what);
	for (size_t i = 0; i < condition->names.count; i++)
		if (check_name(condition, condition->names.items[i], arena, err) < 0)
			return err_prefix(err, "'%s'", condition->text);
	return 0;
}
