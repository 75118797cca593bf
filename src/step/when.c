/* SPDX-License-Identifier: MIT */
/* What conditions ask, and the answers. */
#include "step/when.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_error.h"
#include "base/fs_reader.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/words.h"
#include "step/first_run.h"
#include "step/exports.h"
#include "step/owed.h"
#include "step/parents.h"
#include "step/step.h"
#include "step/variable.h"
#include "step/when_names.h"

static struct ctx *ctx_of(const struct condition_asked *asked)
{
	return asked->user;
}

/* ---- the system ---- */

static const char *full(const struct condition *condition, const struct ctx *ctx)
{
	return path_join(ctx->arena, ctx->base, condition->what);
}

/* What is not known before an earlier step has run: names that in ctx->known_after. */
static int later(
	const struct condition *condition, struct ctx *ctx, enum condition_answer answer)
{
	const char *maker = parents_maker(ctx, full(condition, ctx));

	if (answer == CONDITION_UNKNOWN)
		ctx->known_after = maker ? maker : "an earlier step";
	return (int)answer;
}

/* The same of a path in a text that others can change: as far as they see it. */
static int look_for(const struct ctx *ctx, const char *path, int flags, struct stat *ret,
	struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;
	struct fs_writer ignored;
	int rc = flags & AT_SYMLINK_NOFOLLOW
		? fs_reader_stat(&reader, &ctx->fs, path, ret, err)
		: fs_find_writer(&ctx->fs, path, &ignored, ret, err);

	return rc < 0 ? -1 : rc == 0;
}

/* stat(2) or lstat(2) of a path. Returns 1, 0 where it is missing, or -1. */
static int look(const struct condition *condition, const struct ctx *ctx, int flags,
	struct stat *ret, struct err *err)
{
	const char *path = full(condition, ctx);

	if (ctx->fs.named_by.by != FS_NOBODY)
		return look_for(ctx, path, flags, ret, err);
	if (fstatat(AT_FDCWD, path, ret, flags) == 0)
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	return fs_raise_path(err, "look at", path);
}

/* In a plan, a path that is missing may be one that an earlier step would make. */
static int path_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	struct ctx *ctx = ctx_of(asked);
	struct stat st;
	bool directory;
	int rc = look(condition, ctx, 0, &st, err);

	return rc ? rc
		  : later(condition, ctx,
			    parents_exist(ctx, full(condition, ctx), &directory));
}

/* Is it of that type, links not followed? */
static int type_holds(const struct condition *condition,
	const struct condition_asked *asked, mode_t type, struct err *err)
{
	struct ctx *ctx = ctx_of(asked);
	struct stat st;
	bool directory;
	int rc = look(condition, ctx, AT_SYMLINK_NOFOLLOW, &st, err);

	if (rc)
		return rc < 0 ? -1 : (st.st_mode & S_IFMT) == type;
	rc = (int)parents_exist(ctx, full(condition, ctx), &directory);
	if (directory)
		return type == S_IFDIR;
	return rc == CONDITION_NO ? rc : later(condition, ctx, CONDITION_UNKNOWN);
}

static int is_dir_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	return type_holds(condition, asked, S_IFDIR, err);
}

static int is_file_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	return type_holds(condition, asked, S_IFREG, err);
}

static int is_link_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	return type_holds(condition, asked, S_IFLNK, err);
}

static int dir_empty_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	struct ctx *ctx = ctx_of(asked);
	enum condition_answer filled;
	int rc = fs_dir_empty(&ctx->fs, full(condition, ctx), err);

	if (rc != 1)
		return rc;
	filled = parents_fill(ctx, full(condition, ctx));
	return filled == CONDITION_UNKNOWN ? later(condition, ctx, filled)
					   : filled == CONDITION_NO;
}

static int user_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	struct arena *arena = ctx_of(asked)->arena;

	for (size_t i = 0; i < condition->names.count; i++) {
		const char *name = condition_literal(condition->names.items[i], arena);
		uid_t uid;
		int rc = identity_find_uid(name, &uid, err);

		if (rc < 0)
			return -1;
		if (rc == 0 && uid == geteuid())
			return 1;
	}
	return 0;
}

/* ---- the command ---- */

static bool command_accepts(const struct condition *condition, const char *value)
{
	return condition_matches(&condition->names, value);
}

static int command_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	(void)err;
	return command_accepts(condition, ctx_of(asked)->command);
}

static int arg_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	char *const *word = ctx_of(asked)->arguments;

	(void)err;
	while (word && *word && !condition_matches(&condition->names, *word))
		word++;
	return word && *word;
}

/* ---- other runs, other steps ---- */

static int first_run_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	(void)condition;
	return first_run_is(ctx_of(asked), err);
}

static bool asks(const struct conditions *list,
	int (*holds)(
		const struct condition *, const struct condition_asked *, struct err *))
{
	for (size_t i = 0; i < list->count; i++)
		if (list->list[i].kind->holds == holds)
			return true;
	return false;
}

bool when_asks_first_run(const struct conditions *list)
{
	return asks(list, first_run_holds);
}

bool when_asks_dir_empty(const struct conditions *list)
{
	return asks(list, dir_empty_holds);
}

static int changed_holds(const struct condition *condition,
	const struct condition_asked *asked, struct err *err)
{
	struct ctx *ctx = ctx_of(asked);
	int any = CONDITION_NO;

	for (size_t i = 0; i < condition->names.count; i++) {
		const struct step *step =
			steps_find(ctx->steps, ctx->module, condition->names.items[i]);

		if (!step)
			return err_config(
				err, "there is no step '%s'", condition->names.items[i]);
		if (step->changed == CONDITION_YES || any == CONDITION_NO)
			any = (int)step->changed;
		if (any != CONDITION_YES) {
			int owed = owed_is(ctx->asking, step, ctx, err);

			any = owed ? owed : any;
		}
		if (any < 0)
			return -1;
		if (any == CONDITION_UNKNOWN)
			ctx->known_after = step->id;
	}
	return any;
}

/* ---- the table ---- */

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct condition_kind when_conditions[] = {
	{"env", "env:NAME, env:NAME=value",
		"the variable is set and not empty, or has that value", CONDITION_VALUES,
		.holds = condition_env, .accepts = condition_env_accepts},
	{"on", "on:NAME",
		"the variable is yes, true, on or 1 in any case; any word but these and "
		"those of `off:` is an error",
		CONDITION_VARIABLES, .holds = condition_word,
		.accepts = condition_on_accepts, .accepted = condition_yes},
	{"off", "off:NAME",
		"the variable is no, false, off or 0; like `on:NAME`, it does not hold "
		"where that is unset or empty",
		CONDITION_VARIABLES, .holds = condition_word,
		.accepts = condition_off_accepts, .accepted = condition_no},
	{"path", "path:/p",
		"something exists there, links followed; a relative path starts at "
		"`--base`",
		CONDITION_TEXT, .system = true, .holds = path_holds},
	{"is-dir", "is-dir:/p", "it is a directory, and no link to one", CONDITION_TEXT,
		.system = true, .holds = is_dir_holds,
		.excludes = NAMES("is-file", "is-link"), .implies = NAMES("path")},
	{"is-file", "is-file:/p", "it is a regular file, and no link to one",
		CONDITION_TEXT, .system = true, .holds = is_file_holds,
		.excludes = NAMES("is-dir", "is-link", "dir-empty"),
		.implies = NAMES("path")},
	{"is-link", "is-link:/p", "it is a symbolic link, wherever that points to",
		CONDITION_TEXT, .system = true, .holds = is_link_holds,
		.excludes = NAMES("is-dir", "is-file")},
	{"dir-empty", "dir-empty:/p",
		"it does not exist, or is a directory with at most lost+found in it",
		CONDITION_TEXT, .system = true, .holds = dir_empty_holds},
	{"user", "user:NAME", "groundwork runs as that user, a name or a number",
		CONDITION_WORDS, .system = true, .holds = user_holds,
		.check = when_check_user},
	{"command", "command:NAME", "the base name of the application's command",
		CONDITION_GLOBS, .holds = command_holds, .check = when_check_command,
		.accepts = command_accepts},
	{"arg", "arg:WORD", "a word behind the application's command", CONDITION_GLOBS,
		.holds = arg_holds},
	{"first-run", "first-run",
		"no run has succeeded yet with this `state`, which it needs",
		CONDITION_BARE, .system = true, .holds = first_run_holds},
	{"changed", "changed:STEP",
		"that step, which is then also required, changed something in this run, "
		"or with `state` in one since which this step has not succeeded",
		CONDITION_WORDS, .system = true, .holds = changed_holds},
	{0},
};

const char *when_form(size_t i, const char **ret_help)
{
	*ret_help = when_conditions[i].help;
	return when_conditions[i].form;
}

/* ---- as they are written ---- */

int when_check(const char *word, struct err *err)
{
	if (str_starts(word + (*word == '!'), "changed:") && expand_needed(word))
		return err_config(err,
			"'%s': write the step behind changed: as it is, since it is "
			"required",
			word);
	return when_check_path(word, err);
}

int when_check_settings(const char *word, struct err *err)
{
	if (str_equal(word + (*word == '!'), "first-run"))
		return err_config(err,
			"'%s': it is for steps; here, later starts would run the command "
			"without [app]",
			word);
	return str_starts(word + (*word == '!'), "changed:")
		? err_config(err, "'%s': no step has run by then", word)
		: when_check(word, err);
}

void when_each_step(const char *text, struct arena *arena,
	void (*found)(void *user, const char *id), void *user)
{
	struct list steps = {0};

	text += *text == '!';
	if (!str_starts(text, "changed:") || expand_needed(text))
		return;
	words_split(strchr(text, ':') + 1, "|", arena, &steps);
	for (size_t i = 0; i < steps.count; i++)
		found(user, steps.items[i]);
}

/* ---- asking ---- */

static const char *lookup(void *user, const char *name)
{
	const struct ctx *ctx = user;

	return env_get(ctx->env, name);
}

static bool pending(void *user, const char *glob)
{
	struct ctx *ctx = user;
	const char *by = exports_pending(ctx, glob);

	if (by)
		ctx->known_after = by;
	return by != NULL;
}

static int hold(const struct conditions *list, struct ctx *ctx, bool settled,
	struct buf *why, struct err *err)
{
	const struct condition_asked asked = {.lookup = lookup,
		.base = ctx->base,
		.pending = pending,
		.withheld = variable_withheld,
		.lookup_user = ctx,
		.environment = ctx->env->list,
		.user = ctx};

	return conditions_hold(list, &asked, settled, why, err);
}

int when_decide(
	const struct conditions *list, struct ctx *ctx, struct buf *why, struct err *err)
{
	return hold(list, ctx, true, why, err);
}

int when_holds(
	const struct conditions *list, struct ctx *ctx, struct buf *why, struct err *err)
{
	return hold(list, ctx, false, why, err);
}

static bool asks_command(const struct condition *condition)
{
	return str_equal(condition->kind->name, "command") ||
		str_equal(condition->kind->name, "arg");
}

void when_give_command(struct conditions *list)
{
	for (size_t i = 0; i < list->count; i++)
		list->list[i].given = asks_command(&list->list[i]);
}

struct conditions when_command_alone(const struct conditions *list, struct arena *arena)
{
	struct conditions copy = *list;

	copy.list = arena_memdup(arena, list->list, list->count * sizeof *list->list);
	for (size_t i = 0; i < copy.count; i++)
		copy.list[i].given = !asks_command(&copy.list[i]);
	return copy;
}
