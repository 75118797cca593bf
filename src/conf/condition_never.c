/* SPDX-License-Identifier: MIT */
/* Conditions that can never hold together. */
#include <fnmatch.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/table.h"
#include "conf/condition.h"

bool condition_matches(const struct list *globs, const char *text)
{
	for (size_t i = 0; i < globs->count; i++)
		if (fnmatch(globs->items[i], text, 0) == 0)
			return true;
	return false;
}

const char *condition_literal(const char *glob, struct arena *arena)
{
	char *ret = arena_alloc(arena, strlen(glob) + 1);
	size_t size = 0;

	for (; *glob; glob++) {
		if (strchr("*?[", *glob))
			return NULL;
		if (*glob == '\\' && glob[1])
			glob++;
		ret[size++] = *glob;
	}
	return ret;
}

/* Is what both ask about the same, and does it have one value? */
static bool is_same_subject(const struct condition *one, const struct condition *other)
{
	if (!one->kind->accepts || !other->kind->accepts)
		return false;
	if (one->kind->takes == CONDITION_GLOBS || other->kind->takes == CONDITION_GLOBS)
		return one->kind == other->kind;
	return one->names.count == 1 && other->names.count == 1 &&
		!strpbrk(one->names.items[0], "*?[") &&
		str_equal(one->names.items[0], other->names.items[0]);
}

/* Does `other` refuse each value with which `one` holds, as far as we know? */
static bool excludes(const struct condition *one, const struct condition *other)
{
	const struct list *written =
		one->kind->takes == CONDITION_GLOBS ? &one->names : &one->values;
	const char *const *accepted = one->kind->accepted;
	struct arena arena = {0};
	bool all = !one->negated && (accepted ? !other->valued : written->count > 0);

	for (size_t i = 0; all && (accepted ? accepted[i] != NULL : i < written->count);
		i++) {
		const char *value = accepted
			? accepted[i]
			: condition_literal(written->items[i], &arena);

		all = value && other->kind->accepts(other, value) == other->negated;
	}
	arena_release(&arena);
	return all;
}

static bool has_name(const char *const *names, const struct condition *condition)
{
	for (; names && *names; names++)
		if (str_equal(*names, condition->kind->name))
			return true;
	return false;
}

/* Is what `one` says of an object not so where `other` holds? */
static bool contradicts(const struct condition *one, const struct condition *other)
{
	const struct condition_kind *kind = one->kind;

	return !one->negated && str_equal(one->what, other->what) &&
		has_name(other->negated ? kind->implies : kind->excludes, other);
}

static int check_pair(
	const struct condition *one, const struct condition *other, struct err *err)
{
	const char *more;

	if (one->open || other->open)
		return 0;
	if (one->kind == other->kind && one->negated != other->negated &&
		str_equal(one->what, other->what))
		return err_config(err, "'%s' and '%s' can never hold together", one->text,
			other->text);
	if (contradicts(one, other) || contradicts(other, one))
		return err_config(err, "'%s' and '%s' can never hold together", one->text,
			other->text);
	if (!is_same_subject(one, other) ||
		(!excludes(one, other) && !excludes(other, one)))
		return 0;
	err_config(err, "'%s' and '%s' can never hold together", one->text, other->text);
	if (one->negated || other->negated || one->kind != other->kind ||
		one->valued != other->valued)
		return -1;
	more = other->valued ? strchr(other->what, '=') + 1 : other->what;
	return err_append(err, "; either of them is '%s|%s'", one->text, more);
}

/* Of a group: the conditions so far that ask about one thing, in their order. */
struct asked {
	const struct condition *condition;
	struct asked *next, *last;
};

/* Judges one with those that the key has so far, and adds it to them. */
static int check_known(struct table *known, const char *key,
	const struct condition *condition, struct err *err)
{
	struct asked *first = table_get(known, key, strlen(key));
	struct asked *added = arena_alloc(known->arena, sizeof *added);

	for (const struct asked *at = first; at; at = at->next)
		if (check_pair(at->condition, condition, err) < 0)
			return -1;
	*added = (struct asked){.condition = condition, .last = added};
	if (!first) {
		table_put(known, key, strlen(key), added);
		return 0;
	}
	first->last->next = added;
	first->last = added;
	return 0;
}

/* What two that is_same_subject() knows have in common, or NULL. */
static const char *subject_of(const struct condition *condition)
{
	if (!condition->kind->accepts)
		return NULL;
	if (condition->kind->takes == CONDITION_GLOBS)
		return condition->kind->name;
	return condition->names.count == 1 ? condition->names.items[0] : NULL;
}

static int check_group(
	const struct condition *list, size_t count, struct arena *arena, struct err *err)
{
	struct table texts = {.arena = arena}, subjects = {.arena = arena};

	for (size_t i = 0; i < count; i++) {
		const struct condition *condition = &list[i];
		const char *subject = subject_of(condition);

		if (condition->open)
			continue;
		if (check_known(&texts, condition->what, condition, err) < 0)
			return -1;
		if (subject && check_known(&subjects, subject, condition, err) < 0)
			return -1;
	}
	return 0;
}

int conditions_check_pairs(const struct conditions *conditions, struct err *err)
{
	struct arena arena = {0};
	int rc = 0;

	for (size_t i = 0, end; rc == 0 && i < conditions->count; i = end) {
		for (end = i; end < conditions->count &&
			conditions->list[end].group == conditions->list[i].group;)
			end++;
		rc = check_group(&conditions->list[i], end - i, &arena, err);
	}
	arena_release(&arena);
	return rc;
}
