/* SPDX-License-Identifier: MIT */
/* Parsing and asking conditions. */
#include "conf/condition.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/expand.h"

/* ---- parsing ---- */

/* What there is instead. */
static int raise_unknown(const struct condition_kind *kinds, struct err *err)
{
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

		if (str_starts(word, kinds->name) && word[size] == ':' && word[size + 1])
			return kinds;
	}
	return NULL;
}

/* Adds what stands between any "|", which may be nothing. */
static int split(const char *text, size_t size, struct arena *arena, struct list *ret,
	struct err *err)
{
	size_t begin = 0;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\\' && i + 1 == size)
			return err_config(err, "there is nothing behind the last '\\'");
		if (text[i] == '\\') {
			i++;
		} else if (text[i] == '|') {
			list_add(ret, arena, text + begin, i - begin);
			begin = i + 1;
		}
	}
	list_add(ret, arena, text + begin, size - begin);
	return 0;
}

static int check_name(const struct condition_kind *kind, const char *name,
	struct arena *arena, struct err *err)
{
	const char *literal;

	bool variable = kind->takes >= CONDITION_VARIABLES;

	if (kind->takes == CONDITION_TEXT)
		return kind->check ? kind->check(name, err) : 0;
	if (!*name)
		return variable ? err_config(err, "no variable is named")
				: err_config(err, "there is nothing beside a '|'");
	literal = condition_literal(name, arena);
	if (variable && literal && !str_is_name(literal, strlen(literal)))
		return err_config(err, "'%s' is not the name of a variable", literal);
	if (!literal && kind->takes == CONDITION_WORDS)
		return err_config(err, "'%s' is a glob, and here none is taken", name);
	return literal && kind->check ? kind->check(literal, err) : 0;
}

static int parse_what(struct condition *condition, struct arena *arena, struct err *err)
{
	const struct condition_kind *kind = condition->kind;
	const char *what = condition->what;
	size_t size = strlen(what);

	if (kind->takes == CONDITION_VALUES)
		size = strcspn(what, "=");
	condition->valued = what[size] == '=';
	if (kind->takes == CONDITION_TEXT)
		list_add(&condition->names, arena, what, size);
	else if (split(what, size, arena, &condition->names, err) < 0)
		return -1;
	for (size_t i = 0; i < condition->names.count; i++)
		if (check_name(kind, condition->names.items[i], arena, err) < 0)
			return -1;
	what += size + 1;
	return condition->valued
		? split(what, strlen(what), arena, &condition->values, err)
		: 0;
}

int condition_parse(const char *word, const struct condition_kind *kinds,
	struct arena *arena, struct condition *ret, struct err *err)
{
	struct condition condition = {.text = word, .negated = *word == '!'};
	int rc;

	word += condition.negated;
	condition.kind = find_kind(word, kinds);
	if (condition.kind) {
		condition.what = word + strlen(condition.kind->name) + 1;
		rc = parse_what(&condition, arena, err);
	} else {
		rc = raise_unknown(kinds, err);
	}
	if (rc < 0)
		return err_prefix(err, "'%s'", condition.text);
	*ret = condition;
	return 0;
}

static int check_group(const struct conditions *conditions, const struct condition *last,
	struct err *err)
{
	for (size_t i = 0; &conditions->list[i] < last; i++)
		if (conditions->list[i].group == last->group &&
			condition_check_pair(&conditions->list[i], last, err) < 0)
			return -1;
	return 0;
}

int conditions_parse(const struct list *words, const struct condition_kind *kinds,
	bool written, struct arena *arena, struct conditions *ret, struct err *err)
{
	struct conditions parsed = {0};
	size_t group = 0;
	bool empty = words->count > 0;

	parsed.list = arena_alloc(arena, (words->count + 1) * sizeof *parsed.list);
	for (size_t i = 0; i < words->count; i++) {
		struct condition *next = &parsed.list[parsed.count];

		if (str_equal(words->items[i], "or")) {
			if (empty)
				break;
			empty = true;
			group++;
			continue;
		}
		empty = false;
		next->text = words->items[i];
		if (!(written && expand_needed(next->text)) &&
			condition_parse(next->text, kinds, arena, next, err) < 0)
			return -1;
		next->group = group;
		parsed.count++;
		if (check_group(&parsed, next, err) < 0)
			return -1;
	}
	if (empty)
		return err_config(err, "there is no condition before or behind an 'or'");
	*ret = parsed;
	return 0;
}

/* ---- asking ---- */

static int ask(const struct condition *condition, const struct condition_asked *asked,
	struct err *err)
{
	int answer = condition->given ? CONDITION_YES
				      : condition->kind->holds(condition, asked, err);

	if (answer < 0)
		return err_prefix(err, "'%s'", condition->text);
	if (answer == CONDITION_UNKNOWN || condition->given)
		return answer;
	return (answer == CONDITION_YES) != condition->negated;
}

/*
 * One group: what is settled, then the rest. `ret_which` gets what is not YES, and stays
 * as it was if the system was not asked.
 */
static int ask_group(const struct conditions *conditions, size_t group,
	const struct condition_asked *asked, bool settled,
	const struct condition **ret_which, struct err *err)
{
	int all = CONDITION_YES;

	for (int system = 0; system <= 1; system++)
		for (size_t i = 0; i < conditions->count; i++) {
			const struct condition *condition = &conditions->list[i];
			int answer = CONDITION_UNKNOWN;

			if (condition->group != group ||
				condition->kind->system != (system == 1))
				continue;
			if (!system || !settled)
				answer = ask(condition, asked, err);
			if (answer != CONDITION_YES)
				*ret_which = condition;
			if (answer <= CONDITION_NO)
				return answer;
			if (answer == CONDITION_UNKNOWN)
				all = CONDITION_UNKNOWN;
		}
	return all;
}

static size_t count_groups(const struct conditions *conditions)
{
	return conditions->count ? conditions->list[conditions->count - 1].group + 1 : 0;
}

static int ask_all(const struct conditions *conditions,
	const struct condition_asked *asked, bool settled, struct buf *why,
	struct err *err)
{
	size_t groups = count_groups(conditions);
	int any = groups ? CONDITION_NO : CONDITION_YES;

	for (size_t group = 0; group < groups; group++) {
		const struct condition *which = NULL;
		int answer = ask_group(conditions, group, asked, settled, &which, err);

		if (answer < 0 || answer == CONDITION_YES)
			return answer;
		if (answer == CONDITION_UNKNOWN)
			any = CONDITION_UNKNOWN;
		buf_printf(why, "%s'%s' %s", group ? ", " : "", which->text,
			answer == CONDITION_NO ? "does not hold" : "is not known yet");
	}
	return any;
}

int conditions_hold(const struct conditions *conditions,
	const struct condition_asked *asked, bool settled, struct buf *why,
	struct err *err)
{
	size_t before = why->len;
	int answer = ask_all(conditions, asked, true, why, err);

	if (answer == CONDITION_UNKNOWN && !settled) {
		buf_truncate(why, before);
		answer = ask_all(conditions, asked, false, why, err);
	}
	if (answer == CONDITION_YES)
		buf_truncate(why, before);
	return answer;
}
