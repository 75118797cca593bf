/* SPDX-License-Identifier: MIT */
/* The kind `exec`: whatever a command makes. */
#include <string.h>

#include "base/err.h"
#include "base/fs_scratch.h"
#include "step/helper.h"
#include "step/parents.h"
#include "step/step.h"

struct exec_conf {
	struct list command;
	const char *creates;
	struct list check;
	struct field_name user;
	struct field_name group;
	const char *workdir;
	struct list env;
};

static const struct field fields[] = {
	{"command", FIELD_COMMAND, offsetof(struct exec_conf, command),
		.help = "what to run, without a shell; `{file}`, or the directory "
			"`{dir}`, becomes `creates`"},
	{"creates", FIELD_PATH, offsetof(struct exec_conf, creates), .made = true,
		.first = true,
		.help = "what it makes: the step is in place if it exists, and, with "
			"`{dir}`, is not empty"},
	{"check", FIELD_COMMAND, offsetof(struct exec_conf, check),
		.help = "a command that exits with 0 if all is in place",
		.example = "pg_isready --quiet"},
	{"user", FIELD_USER, offsetof(struct exec_conf, user), .first = true,
		.help = "whom it runs as (default: the user of `[app]`, else "
			"groundwork's)"},
	{"group", FIELD_GROUP, offsetof(struct exec_conf, group), .first = true,
		.help = "its group (default: the user's)"},
	{"workdir", FIELD_PATH, offsetof(struct exec_conf, workdir),
		.help = "its working directory (default: groundwork's)"},
	{"env", FIELD_ENV, offsetof(struct exec_conf, env), .bare = true,
		.help = "its variables; a bare NAME hands on one that carries a secret"},
	{0},
};

static bool command_has(const struct section *section, const char *word)
{
	const struct setting *command = section_get(section, "command");

	for (const struct value *value = command ? command->value : NULL; value;
		value = value->next)
		if (strstr(value->flat, word))
			return true;
	return false;
}

/* Does its command make `creates` by way of a directory of its own? */
static bool makes_dir(const struct section *section)
{
	return command_has(section, "{dir}");
}

/* Does its command make `creates` aside? */
static bool is_staged(const struct section *section)
{
	return command_has(section, "{file}") || makes_dir(section);
}

static void validate(const struct section *section, struct problems *problems)
{
	const struct setting *command = section_get(section, "command");
	const struct setting *creates = section_get(section, "creates");

	if (!command && !section_get(section, "check"))
		problems_add(problems, section->at,
			"[%s] has neither `command` nor `check`: it would do nothing",
			section->id);
	if (command && !creates && is_staged(section))
		problems_add(problems, command->at,
			"[%s] command: %s that becomes `creates`, which is missing",
			section->id,
			makes_dir(section) ? "{dir} is a temporary directory"
					   : "{file} is a temporary file");
	if (command && command_has(section, "{file}") && makes_dir(section))
		problems_add(problems, command->at,
			"[%s] command: it makes `creates` by {file} or by {dir}, not by "
			"both",
			section->id);
	if (creates && !command)
		problems_add(problems, creates->at,
			"[%s] creates: there is no `command` that could make it",
			section->id);
}

/* What a command that failed may mend: with `retries` of its own, any failure. */
static int fail(const struct step *step, struct err *err)
{
	if (section_get(step->section, "retries"))
		err->kind = ERR_TEMPORARY;
	return -1;
}

/* The command as it was written: what it expands to may not be for all eyes. */
static const char *as_written(const struct step *step, const char *key)
{
	const struct setting *setting = section_get(step->section, key);

	return setting ? setting->value->flat : "";
}

/* In a plan: what the command may make. With {file} it is `creates` alone. */
static void note_command(const struct step *step, struct ctx *ctx)
{
	const struct exec_conf *conf = step->conf;

	if (*conf->creates)
		parents_note(ctx, conf->creates, step->id);
	if (conf->command.count && !is_staged(step->section))
		parents_note_command(ctx, step->id);
}

/* What a plan says of a command that is still to be run. */
static void describe_command(const struct step *step, struct buf *why)
{
	const struct exec_conf *conf = step->conf;

	if (*conf->creates)
		buf_printf(why, "make '%s': ", conf->creates);
	buf_printf(why, "run: %s", as_written(step, "command"));
}

/*
 * Who the command runs as, and whether `creates` exists: what that user has made is in
 * place; what another user put there is not, nor is an empty directory where the command
 * fills one. Returns 0, 1 if it is missing, or -1.
 */
static int look_up_creates(const struct step *step, const struct exec_conf *conf,
	struct ctx *ctx, struct fs_scratch_user *ret, struct err *err)
{
	struct helper helper = {.user = &conf->user, .group = &conf->group};
	struct stat st;
	int rc;

	if (helper_scratch_user(&helper, ctx, ret, err) < 0)
		return -1;
	ctx->fs.owner = ret->uid;
	ctx->fs.owner_key = "user";
	if (!*conf->creates)
		return 1;
	rc = fs_lookup(&ctx->fs, conf->creates, FS_OURS, &st, err);
	return rc == 0 && makes_dir(step->section)
		? fs_scratch_missing(&ctx->fs, conf->creates, err)
		: rc;
}

/* `aside`: what {file} or {dir} stands for, or NULL. */
static int run(const struct list *argv, const char *aside, const struct step *step,
	struct ctx *ctx, struct helper_result *ret, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct helper helper = {
		.argv = argv,
		.aside = aside,
		.is_dir = aside && makes_dir(step->section),
		.user = &conf->user,
		.group = &conf->group,
		.workdir = conf->workdir,
		.env = &conf->env,
	};

	return helper_run(&helper, step, ctx, ret, err);
}

static int run_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;

	if (ctx->planning) {
		note_command(step, ctx);
		buf_printf(why, "not known without running its check: %s",
			as_written(step, "check"));
		return UNKNOWABLE;
	}
	if (run(&conf->check, NULL, step, ctx, &result, err) < 0)
		return err_prefix(err, "check");
	if (result.status == 0) {
		buf_puts(why, "its check says that all is in place");
		return IN_PLACE;
	}
	if (!conf->command.count) {
		(void)helper_failed(&result, err); /* always -1 */
		(void)err_prefix(err, "check");    /* the same */
		return fail(step, err);
	}
	describe_command(step, why);
	return TO_DO;
}

/* What `creates` names decides alone: a secret of the first start may be gone by now. */
static int there(const struct step *step, const void *conf, struct ctx *ctx,
	struct buf *why, struct err *err)
{
	const struct exec_conf *exec = conf;
	struct fs_scratch_user user;
	int rc = look_up_creates(step, exec, ctx, &user, err);

	if (rc == 0)
		buf_printf(why, "'%s' is there", exec->creates);
	return rc < 0 ? -1 : rc == 0 ? IN_PLACE : TO_DO;
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct fs_scratch_user user;
	int rc = look_up_creates(step, conf, ctx, &user, err);

	if (rc < 0)
		return -1;
	if (rc == 0) {
		if (ctx->forced)
			note_command(step, ctx);
		buf_printf(why, "'%s' is there", conf->creates);
		return IN_PLACE;
	}
	if (conf->check.count)
		return run_check(step, ctx, why, err);
	note_command(step, ctx);
	describe_command(step, why);
	if (is_staged(step->section))
		parents_name(ctx, conf->creates, why);
	return TO_DO;
}

/* Runs it. Returns 1, or 0 where it says that there was nothing to do, or -1. */
static int run_command(const char *aside, const struct step *step, struct ctx *ctx,
	struct buf *did, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;

	if (run(&conf->command, aside, step, ctx, &result, err) < 0)
		return -1;
	if (result.status != 0) {
		(void)helper_failed(&result, err); /* always -1 */
		return fail(step, err);
	}
	if (result.message.len)
		buf_puts(did, result.message.data);
	else
		buf_printf(did, "ran: %s", as_written(step, "command"));
	return !result.skipped;
}

/* It ended well. Publishes what it made. Returns as apply(). */
static int publish(const struct step *step, struct fs_scratch *scratch, bool missing,
	struct buf *did, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	bool dir = makes_dir(step->section);
	enum fs_outcome outcome;
	int rc = dir ? fs_scratch_publish_dir(scratch, &outcome, err)
		     : fs_scratch_publish(scratch, &outcome, err);

	if (rc == 1) {
		(void)err_fail(err, /* always -1 */
			"the command ended well and wrote nothing to %s, which was to "
			"become '%s'",
			dir ? "{dir}" : "{file}", conf->creates);
		return fail(step, err);
	}
	if (rc < 0)
		return -1;
	if (outcome == FS_MADE)
		return 1;
	buf_truncate(did, 0);
	buf_printf(did,
		missing ? "another process made '%s' first"
			: "'%s' is there already, and was left as it is",
		conf->creates);
	return 0;
}

/* Made aside, published whole, and only where nothing exists yet. */
static int run_staged(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct fs_scratch_user user = {
		.use = makes_dir(step->section) ? FS_SCRATCH_DIR : FS_SCRATCH_MAKE,
		.stop = ctx->stop,
	};
	/* --force: there was no check. */
	int missing = look_up_creates(step, conf, ctx, &user, err);
	int rc;

	if (missing < 0 ||
		fs_scratch_open(&ctx->fs, &scratch, conf->creates, &user, err) < 0)
		return -1;
	rc = run_command(scratch.path, step, ctx, did, err);
	return rc <= 0 ? rc : publish(step, &scratch, missing, did, err);
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	const struct setting *command = section_get(step->section, "command");
	struct fs_scratch_user user;
	int rc;

	if (!command) /* an assertion, and --force: it must hold all the same */
		return run_check(step, ctx, did, err) < 0 ? -1 : 0;
	if (is_staged(step->section))
		return run_staged(step, ctx, did, err);
	rc = run_command(NULL, step, ctx, did, err);
	if (rc <= 0 || !*conf->creates)
		return rc;
	rc = look_up_creates(step, conf, ctx, &user, err);
	if (rc == 1) {
		(void)err_fail(err, "the command ended well, and '%s' is missing",
			conf->creates); /* always -1 */
		return fail(step, err);
	}
	return rc < 0 ? -1 : 1;
}

const struct kind kind_exec = {
	.name = "exec",
	.summary = "whatever a command makes",
	.example = "[exec:index]\n"
		   "command = sh -c 'date >\"$1\"' sh {file}\n"
		   "creates = data/index\n",
	.order = 30,
	.commands = true,
	.size = sizeof(struct exec_conf),
	.fields = fields,
	.validate = validate,
	.there = there,
	.check = check,
	.apply = apply,
};
