/* SPDX-License-Identifier: MIT */
/* Asking conditions. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "conf/condition.h"

static int ask(const struct condition *condition, const struct condition_asked *asked,
	struct err *err)
{
	int answer = condition->given ? CONDITION_YES
		: condition->open     ? CONDITION_UNKNOWN
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

bool condition_is_relative(const struct condition *condition)
{
	const struct condition_kind *kind = condition->kind;

	return kind->takes == CONDITION_TEXT && kind->system && !condition->open &&
		*condition->what != '/';
}

static int ask_all(const struct conditions *conditions,
	const struct condition_asked *asked, bool settled, struct buf *why,
	struct err *err)
{
	int any = conditions->groups ? CONDITION_NO : CONDITION_YES;
	bool relative = false;
	size_t before = why->len;

	for (size_t group = 0; group < conditions->groups; group++) {
		CLEANUP_BUF struct buf one = BUF_INIT;
		const struct condition *which = NULL;
		int answer = ask_group(conditions, group, asked, settled, &which, err);

		if (answer < 0 || answer == CONDITION_YES)
			return answer;
		if (answer == CONDITION_UNKNOWN)
			any = CONDITION_UNKNOWN;
		buf_printf(&one, "'%s' %s", which->text,
			answer == CONDITION_NO ? "does not hold" : "is not known yet");
		if (answer == CONDITION_NO)
			condition_name_causes(which, asked, &one);
		/* Two groups may fail for one reason. */
		if (why->len == before || !strstr(why->data + before, one.data))
			buf_printf(why, "%s%s", why->len > before ? ", " : "", one.data);
		relative |= condition_is_relative(which);
	}
	if (asked->base && relative)
		buf_printf(why, "; a relative path starts at '%s'", asked->base);
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
