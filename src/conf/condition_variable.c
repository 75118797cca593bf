/* SPDX-License-Identifier: MIT */
/* Conditions on variables. */
#include <fnmatch.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/condition.h"

const char *const condition_yes[] = {"yes", "true", "on", "1", NULL};
const char *const condition_no[] = {"no", "false", "off", "0", NULL};

/* Does the value of this variable make it hold? Returns 1, 0 or -1. */
typedef int judge_value(const struct condition *condition, const char *name,
	const char *value, struct err *err);

static bool is_pending(const struct condition_asked *asked, const char *glob)
{
	return asked->pending && asked->pending(asked->lookup_user, glob);
}

/*
 * The value of the next variable of the environment that the glob matches, or NULL; its
 * name is in the arena. `at` begins with asked->environment.
 */
static const char *next_matching(const struct condition_asked *asked, const char *glob,
	char *const **at, struct arena *arena, const char **ret_name)
{
	while (*at && **at) {
		const char *variable = *(*at)++;
		size_t size = strcspn(variable, "=");

		*ret_name = arena_memdup(arena, variable, size);
		if (variable[size] && fnmatch(glob, *ret_name, 0) == 0 &&
			!is_pending(asked, *ret_name))
			return variable + size + 1;
	}
	return NULL;
}

static int ask_matching(const struct condition *condition, const char *glob,
	const struct condition_asked *asked, judge_value *judge, struct arena *arena,
	struct err *err)
{
	char *const *at = asked->environment;
	const char *name, *value;
	int rc = 0;

	while (rc == 0 && (value = next_matching(asked, glob, &at, arena, &name)))
		rc = judge(condition, name, value, err);
	return rc;
}

/* Would what is not to be seen have been asked? Returns 0, or -1. */
static int check_withheld(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; asked->withheld && rc == 0 && i < condition->names.count; i++)
		rc = asked->withheld(
			asked->lookup_user, condition->names.items[i], NULL, err);
	return rc;
}

/* Does it hold for any of the variables? */
static int ask_any(const struct condition *condition, const struct condition_asked *asked,
	judge_value *judge, struct err *err)
{
	struct arena arena = {0};
	int rc = CONDITION_NO;
	bool pending = false;

	for (size_t i = 0; rc == CONDITION_NO && i < condition->names.count; i++) {
		const char *glob = condition->names.items[i];
		const char *name = condition_literal(glob, &arena);
		const char *value = name ? asked->lookup(asked->lookup_user, name) : NULL;
		bool waits = is_pending(asked, name ? name : glob);

		pending |= waits;
		if (value && !waits)
			rc = judge(condition, name, value, err);
		else if (!name)
			rc = ask_matching(condition, glob, asked, judge, &arena, err);
	}
	arena_release(&arena);
	if (rc != CONDITION_NO)
		return rc;
	if (pending)
		return CONDITION_UNKNOWN;
	return check_withheld(condition, asked, err) < 0 ? -1 : CONDITION_NO;
}

bool condition_env_accepts(const struct condition *condition, const char *value)
{
	return condition->valued ? condition_matches(&condition->values, value) : *value;
}

static int judge_env(const struct condition *condition, const char *name,
	const char *value, struct err *err)
{
	(void)name;
	(void)err;
	return condition_env_accepts(condition, value);
}

int condition_env(const struct condition *condition, const struct condition_asked *asked,
	struct err *err)
{
	return ask_any(condition, asked, judge_env, err);
}

static bool is_word(const char *value, bool wanted)
{
	bool is;

	return bool_parse(value, &is) && is == wanted;
}

bool condition_on_accepts(const struct condition *condition, const char *value)
{
	(void)condition;
	return is_word(value, true);
}

bool condition_off_accepts(const struct condition *condition, const char *value)
{
	(void)condition;
	return is_word(value, false);
}

/* The value may be a secret: the error does not have it. */
static int judge_word(const struct condition *condition, const char *name,
	const char *value, struct err *err)
{
	bool ignored;

	if (!*value)
		return CONDITION_NO;
	if (!bool_parse(value, &ignored))
		return err_config(err,
			"the value of %s is neither yes, true, on or 1 nor no, false, "
			"off or 0",
			name);
	return condition->kind->accepts(condition, value);
}

int condition_word(const struct condition *condition, const struct condition_asked *asked,
	struct err *err)
{
	return ask_any(condition, asked, judge_word, err);
}

static bool is_cause(const struct condition *condition,
	const struct condition_asked *asked, const char *name, const char *value)
{
	return value && !is_pending(asked, name) &&
		condition->kind->accepts(condition, value);
}

static void add_cause(const char *name, size_t before, struct buf *why)
{
	buf_printf(why, "%s%s", why->len == before ? ", because of " : ", ", name);
}

/* The variables of the environment that the glob matches. */
static void add_matching(const struct condition *condition, const char *glob,
	const struct condition_asked *asked, struct arena *arena, size_t before,
	struct buf *why)
{
	char *const *at = asked->environment;
	const char *name, *value;

	while ((value = next_matching(asked, glob, &at, arena, &name)))
		if (condition->kind->accepts(condition, value))
			add_cause(name, before, why);
}

void condition_name_causes(const struct condition *condition,
	const struct condition_asked *asked, struct buf *why)
{
	const struct list *names = &condition->names;
	bool variables = condition->kind->holds == condition_env ||
		condition->kind->holds == condition_word;
	struct arena arena = {0};
	size_t before = why->len;

	if (!variables || !condition->negated)
		return;
	for (size_t i = 0; i < names->count; i++) {
		const char *glob = names->items[i];
		const char *name = condition_literal(glob, &arena);

		if (!name)
			add_matching(condition, glob, asked, &arena, before, why);
		else if (names->count > 1 &&
			is_cause(condition, asked, name,
				asked->lookup(asked->lookup_user, name)))
			add_cause(name, before, why);
	}
	arena_release(&arena);
}
