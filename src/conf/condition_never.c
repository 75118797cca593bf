/* SPDX-License-Identifier: MIT */
/* Conditions that can never hold together. */
#include <fnmatch.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
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

int condition_check_pair(
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
