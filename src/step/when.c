/* SPDX-License-Identifier: MIT */
/* The conditions of `when`. */
#include "step/when.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "step/step.h"

static int env_holds(const char *what, const struct ctx *ctx, struct err *err)
{
	const char *equals = strchr(what, '=');
	const char *value;

	(void)err;
	if (!equals) {
		value = env_get(ctx->env, what);
		return value && *value;
	}
	value = env_get(
		ctx->env, arena_memdup(ctx->arena, what, (size_t)(equals - what)));
	return value && str_equal(value, equals + 1);
}

static int path_holds(const char *what, const struct ctx *ctx, struct err *err)
{
	const char *path = path_join(ctx->arena, ctx->base, what);
	struct stat st;

	if (stat(path, &st) == 0)
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	return err_sys(err, "look at '%s'", path);
}

static int dir_empty_holds(const char *what, const struct ctx *ctx, struct err *err)
{
	return fs_dir_empty(path_join(ctx->arena, ctx->base, what), err);
}

static int user_holds(const char *what, const struct ctx *ctx, struct err *err)
{
	uid_t uid;
	int rc = identity_find_uid(what, &uid, err);

	(void)ctx;
	if (rc < 0)
		return -1;
	return rc == 0 && uid == geteuid();
}

static int command_holds(const char *what, const struct ctx *ctx, struct err *err)
{
	(void)err;
	return str_equal(what, ctx->command);
}

static const struct condition {
	const char *name;
	int (*holds)(const char *what, const struct ctx *ctx, struct err *err);
} conditions[] = {
	{"env", env_holds},
	{"path", path_holds},
	{"dir-empty", dir_empty_holds},
	{"user", user_holds},
	{"command", command_holds},
};

/* The condition that `text` (without "!") names, and what stands behind its colon. */
static const struct condition *condition_find(const char *text, const char **ret_what)
{
	const char *colon = strchr(text, ':');
	size_t size = colon ? (size_t)(colon - text) : 0;

	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
		if (size > 0 && strlen(conditions[i].name) == size &&
			strncmp(conditions[i].name, text, size) == 0 && colon[1]) {
			*ret_what = colon + 1;
			return &conditions[i];
		}
	return NULL;
}

static const char *form_error(const char *text)
{
	const char *what;

	if (*text == '!')
		text++;
	if (condition_find(text, &what))
		return NULL;
	if (str_equal(text, "first-run"))
		return "first-run needs a state directory, which this version does not "
		       "have; "
		       "!path:/p asks for something that the first run makes";
	return "a condition is env:NAME, env:NAME=value, path:/p, dir-empty:/p, "
	       "user:NAME or "
	       "command:NAME, with ! in front to negate it";
}

/* Checks the conditions in one value that holds no ${…}. */
static void check_words(const struct section *section, const struct value *value,
	struct problems *problems)
{
	struct arena arena = ARENA_INIT;
	const char *at = value->flat;

	for (at += strspn(at, " \t\n"); *at; at += strspn(at, " \t\n")) {
		size_t size = strcspn(at, " \t\n");
		const char *word = arena_memdup(&arena, at, size);
		const char *wrong = form_error(word);

		if (wrong)
			problems_add(problems, value->at, "[%s] when: '%s': %s",
				section->id, word, wrong);
		at += size;
	}
	arena_release(&arena);
}

void when_check(const struct section *section, struct problems *problems)
{
	const struct setting *when = section_get(section, "when");

	for (const struct value *value = when ? when->value : NULL; value;
		value = value->next)
		if (!expand_needed(
			    value->flat)) /* else it is checked when it is expanded */
			check_words(section, value, problems);
}

int when_holds(
	const struct list *list, const struct ctx *ctx, struct buf *why, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *text = list->items[i];
		bool negated = *text == '!';
		const struct condition *condition;
		const char *what;
		int holds;

		condition = condition_find(text + negated, &what);
		if (!condition)
			return err_config(err, "when: '%s': %s", text, form_error(text));
		holds = condition->holds(what, ctx, err);
		if (holds < 0)
			return err_prefix(err, "when: '%s'", text);
		if (holds == negated) {
			buf_printf(why, "when: '%s' does not hold", text);
			return 0;
		}
	}
	return 1;
}
