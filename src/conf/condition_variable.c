/* SPDX-License-Identifier: MIT */
/* Conditions on variables. */
#include <fnmatch.h>
#include <string.h>

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

static int ask_matching(const struct condition *condition, const char *glob,
	const struct condition_asked *asked, judge_value *judge, struct arena *arena,
	struct err *err)
{
	char *const *environment = asked->environment;

	for (; environment && *environment; environment++) {
		size_t size = strcspn(*environment, "=");
		const char *name = arena_memdup(arena, *environment, size);
		int rc;

		if (!(*environment)[size] || fnmatch(glob, name, 0) != 0 ||
			is_pending(asked, name))
			continue;
		rc = judge(condition, name, *environment + size + 1, err);
		if (rc != 0)
			return rc;
	}
	return 0;
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
	return rc == CONDITION_NO && pending ? CONDITION_UNKNOWN : rc;
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
