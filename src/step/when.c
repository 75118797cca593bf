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

/* ---- what can never hold ---- */

static int check_env(const char *what, struct err *err)
{
	return *what == '=' ? err_config(err, "no variable is named") : 0;
}

static int check_user(const char *what, struct err *err)
{
	if (strchr(what, ':'))
		return err_config(err, "it is one user, by name or number");
	return identity_check(what, "", err);
}

static int check_command(const char *what, struct err *err)
{
	return strchr(what, '/') ? err_config(err,
					   "it is compared with the command's base name, "
					   "which has no '/'")
				 : 0;
}

static const struct condition {
	const char *name;
	const char *form; /* as it is written; of several, commas between */
	const char *help;
	int (*holds)(const char *what, const struct ctx *ctx, struct err *err);
	int (*check)(const char *what, struct err *err); /* may be NULL */
	bool system;                                     /* it may change while we run */
} conditions[] = {
	{"env", "env:NAME, env:NAME=value",
		"the variable is set and not empty, or has that value", env_holds,
		check_env, .system = false},
	{"path", "path:/p",
		"something exists there, links followed; a relative path starts at "
		"`--base`",
		path_holds, NULL, .system = true},
	{"dir-empty", "dir-empty:/p",
		"it does not exist, or is a directory with at most lost+found in it",
		dir_empty_holds, NULL, .system = true},
	{"user", "user:NAME", "groundwork runs as that user, a name or a number",
		user_holds, check_user, .system = true},
	{"command", "command:NAME", "the base name of the application's command",
		command_holds, check_command, .system = false},
};
#define CONDITIONS (sizeof conditions / sizeof *conditions)

const char *when_form(size_t i, const char **ret_help)
{
	if (i >= CONDITIONS)
		return NULL;
	*ret_help = conditions[i].help;
	return conditions[i].form;
}

/* The condition that `text` names behind a "!", and what stands behind its colon. */
static const struct condition *condition_find(const char *text, const char **ret_what)
{
	const char *name = text + (*text == '!');

	for (size_t i = 0; i < CONDITIONS; i++) {
		size_t size = strlen(conditions[i].name);

		if (str_starts(name, conditions[i].name) && name[size] == ':' &&
			name[size + 1]) {
			*ret_what = name + size + 1;
			return &conditions[i];
		}
	}
	return NULL;
}

/* What there is instead. */
static int raise_unknown(const char *text, struct err *err)
{
	if (str_equal(text + (*text == '!'), "first-run"))
		return err_config(err,
			"first-run needs a state directory, which this version does not "
			"have; !path:/p asks for something that the first run makes");
	err_config(err, "a condition is ");
	for (size_t i = 0; i < CONDITIONS; i++) {
		const char *between = i + 1 < CONDITIONS ? ", " : " or ";

		err_append(err, "%s%s", i ? between : "", conditions[i].form);
	}
	return err_append(err, ", with ! in front to negate it");
}

int when_check(const char *text, struct err *err)
{
	const char *what;
	const struct condition *condition = condition_find(text, &what);
	int rc = 0;

	if (!condition)
		rc = raise_unknown(text, err);
	else if (condition->check)
		rc = condition->check(what, err);
	return rc < 0 ? err_prefix(err, "'%s'", text) : 0;
}

/* Returns 1 where it holds, 0 where it does not, or -1. */
static int holds(const char *text, const struct ctx *ctx, struct err *err)
{
	const char *what;
	const struct condition *condition = condition_find(text, &what);
	int rc = condition ? condition->holds(what, ctx, err) : raise_unknown(text, err);

	if (rc < 0)
		return err_prefix(err, "when: '%s'", text);
	return rc != (*text == '!');
}

static bool is_settled(const char *text)
{
	const char *what;
	const struct condition *condition = condition_find(text, &what);

	return condition && !condition->system;
}

bool when_decide(const struct list *list, const struct ctx *ctx)
{
	for (size_t i = 0; i < list->count; i++) {
		DECLARE_ERR(never); /* the environment can always be asked */

		if (is_settled(list->items[i]) && holds(list->items[i], ctx, &never) == 0)
			return false;
	}
	return true;
}

int when_holds(
	const struct list *list, const struct ctx *ctx, struct buf *why, struct err *err)
{
	/* Where the environment says no, the system is not asked. */
	for (int settled = 1; settled >= 0; settled--)
		for (size_t i = 0; i < list->count; i++) {
			const char *word = list->items[i];
			int rc = is_settled(word) == settled ? holds(word, ctx, err) : 1;

			if (rc == 0)
				buf_printf(why, "when: '%s' does not hold", word);
			if (rc != 1)
				return rc;
		}
	return 1;
}
