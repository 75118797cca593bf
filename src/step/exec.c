/* SPDX-License-Identifier: MIT */
/* The kind `exec`: whatever a command makes. */
#include <string.h>

#include "base/err.h"
#include "base/fs_scratch.h"
#include "base/log.h"
#include "step/clash.h"
#include "step/exec_work.h"
#include "step/exports.h"
#include "step/parents.h"
#include "step/step.h"

static const struct field fields[] = {
	{"command", FIELD_COMMAND, offsetof(struct exec_conf, command),
		.help = "what to run, without a shell: a program, or a directory of "
			"them; `{file}`, or the directory `{dir}`, becomes `creates`",
		.elsewhere = "cmd run exec exec_start entrypoint program"},
	{"scripts", FIELD_COMMANDS, offsetof(struct exec_conf, scripts),
		.needs = "command",
		.help = "in a directory as `command`, how files of these names are run, "
			"executable or not: `GLOB:COMMAND` lines, in which `{}` is the "
			"file",
		.example = "*.sql:psql -f {}"},
	{"creates", FIELD_PATH, offsetof(struct exec_conf, creates), .made = true,
		.first = true, .needs = "command",
		.help = "what it makes: the step is in place if it exists, and, with "
			"`{dir}`, is not empty"},
	{"check", FIELD_COMMAND, offsetof(struct exec_conf, check),
		.help = "a command that exits with 0 if all is in place",
		.example = "pg_isready --quiet", .elsewhere = "unless test health_check"},
	DONE_FIELDS(struct exec_conf),
	{"reload", FIELD_BOOL, offsetof(struct exec_conf, reload), "no",
		.help = "whether it runs again, too, when sources have changed (`reload` "
			"of `[app]`)"},
	{"user", FIELD_USER, offsetof(struct exec_conf, user), .first = true,
		.help = "whom it runs as (default: the user of `[app]`, else "
			"groundwork's)",
		.elsewhere = "become_user run_as uid"},
	{"group", FIELD_GROUP, offsetof(struct exec_conf, group), .first = true,
		.help = "its group (default: the user's)"},
	{"workdir", FIELD_PATH, offsetof(struct exec_conf, workdir),
		.help = "its working directory (default: groundwork's)",
		.elsewhere = "cwd dir chdir directory working_dir "
			     "working_directory"},
	{"env", FIELD_ENV, offsetof(struct exec_conf, env), .bare = true,
		.help = "its variables; a bare NAME hands on one that carries a secret",
		.elsewhere = "environment environ envs"},
	{"export", FIELD_NAMES, offsetof(struct exec_conf, exports),
		.check = exports_check_name, .needs = "command",
		.help = "variables that it sets for later steps and the application, by "
			"lines `env NAME=value` or `secret NAME=value` in "
			"GROUNDWORK_RESULT; it then runs at each start",
		.example = "PUBLIC_IP CLUSTER_TOKEN"},
	{0},
};

/* Each of these says alone whether it is in place. */
static void validate_done(const struct section *section, struct problems *problems)
{
	static const char *const keys[] = {"creates", "check", "once", "inputs"};
	const struct setting *first = NULL;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const struct setting *key = section_get(section, keys[i]);

		if (key && first && i >= 2)
			problems_add(problems, key->at,
				"[%s] %s: there is `%s` already, which says whether it "
				"was done: keep one of them; a `check` alone can look at "
				"more, as sh -c 'test -e it && sha256sum -c it.sums'",
				section->id, key->key, first->key);
		first = first ? first : key;
	}
}

/* A command that need not run would leave its variables unset. */
static void validate_export(const struct section *section, struct problems *problems)
{
	static const char *const keys[] = {"creates", "check", "once", "inputs"};
	const struct setting *export = section_get(section, "export");

	for (size_t i = 0; export && i < sizeof keys / sizeof *keys; i++)
		if (section_get(section, keys[i]))
			problems_add(problems, export->at,
				"[%s] export: it does not go with `%s`: the command must "
				"run at each start, or its variables would be unset",
				section->id, keys[i]);
}

/* It runs where nothing is made, and its words are as they are written. */
static void validate_check(const struct section *section, struct problems *problems)
{
	static const char *const words[] = {"{file}", "{dir}"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (section_has_text(section, "check", words[i]))
			problems_add(problems, section_get(section, "check")->at,
				"[%s] check: %s is of `command` alone, while it runs: "
				"name what is there",
				section->id, words[i]);
}

static void validate(const struct section *section, struct problems *problems)
{
	const struct setting *command = section_get(section, "command");
	const struct setting *creates = section_get(section, "creates");

	if (!command && !section_get(section, "check"))
		problems_add(problems, section->at,
			"[%s] has neither `command` nor `check`: it would do nothing",
			section->id);
	if (command && !creates && exec_is_staged(section))
		problems_add(problems, command->at,
			"[%s] command: %s that becomes `creates`, which is missing",
			section->id,
			exec_makes_dir(section) ? "{dir} is a temporary directory"
						: "{file} is a temporary file");
	if (command && exec_command_has(section, "{file}") && exec_makes_dir(section))
		problems_add(problems, command->at,
			"[%s] command: it makes `creates` by {file} or by {dir}, not by "
			"both",
			section->id);
	if (command && exec_command_has(section, "{dir}/.."))
		problems_add(problems, command->at,
			"[%s] command: {dir}/.. is not where `creates` will be: only "
			"what is in {dir} becomes it",
			section->id);
	validate_check(section, problems);
	validate_done(section, problems);
	validate_export(section, problems);
}

/* What `creates` names decides alone: a secret of the first start may be gone by now. */
static int there(const struct step *step, const void *conf, struct ctx *ctx,
	struct buf *why, struct err *err)
{
	const struct exec_conf *exec = conf;
	struct fs_scratch_user user;
	int rc = exec_look_up(step, exec, ctx, &user, err);

	if (rc == 0)
		buf_printf(why, "'%s' is there", exec->creates);
	return rc < 0 ? -1 : rc == 0 ? IN_PLACE : TO_DO;
}

static const struct list *exports(const void *conf)
{
	const struct exec_conf *exec = conf;

	return &exec->exports;
}

/* ---- what is to be done ---- */

/* What a plan says of a command that is still to be run. */
static void describe(
	const struct step *step, const struct scripts *scripts, struct buf *why)
{
	const struct exec_conf *conf = step->conf;

	if (*conf->creates)
		buf_printf(why, "make '%s': ", conf->creates);
	if (scripts->dir) {
		buf_puts(why, "run ");
		exec_scripts_describe(scripts, why);
	} else {
		exec_show(step, "command", "run: ", why);
	}
}

/* Is nothing run of what looks as if it were to be? A README is fine. */
static bool leaves_scripts_out(const struct scripts *scripts)
{
	static const char *const endings[] = {".sh (not", ".sql (not", ".sql.gz (not"};

	for (size_t i = 0; !scripts->done && i < scripts->left_out.count; i++)
		for (size_t k = 0; k < sizeof endings / sizeof *endings; k++)
			if (strstr(scripts->left_out.items[i], endings[k]))
				return true;
	return false;
}

static int check_command(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct scripts scripts;

	if (exec_scripts_find(step, ctx, &scripts, err) < 0)
		return -1;
	if (scripts.dir && !scripts.count) {
		exec_scripts_describe(&scripts, why);
		if (leaves_scripts_out(&scripts))
			log_warn(ctx->log,
				"[%s] nothing in '%s' is run: make its files executable, "
				"or write `scripts` for their endings",
				step->id, scripts.dir);
		return IN_PLACE;
	}
	if (exec_look_up_program(&scripts, step, ctx, err) < 0 ||
		(exec_is_staged(step->section) &&
			(parents_check(ctx, "make", conf->creates, err) < 0 ||
				exec_check_stage(step, ctx, err) < 0)))
		return -1;
	if (!scripts.dir)
		exec_warn_of_stranger(step, ctx);
	exec_note(step, ctx);
	describe(step, &scripts, why);
	if (exec_is_staged(step->section))
		parents_name(ctx, conf->creates, why);
	for (size_t i = 0; i < conf->exports.count; i++)
		buf_printf(why, "%s%s", i ? ", " : "; only then are known ",
			conf->exports.items[i]);
	return TO_DO;
}

/* Does --force run the command in any case? What is staged would not be published. */
static bool is_forced(const struct step *step, const struct ctx *ctx)
{
	const struct exec_conf *conf = step->conf;

	return ctx->forced && !ctx->waiting && conf->command.count &&
		!exec_is_staged(step->section);
}

/* Nothing is to be done, but for --force. */
static int in_place(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	if (is_forced(step, ctx)) {
		buf_puts(why, "; --force: ");
		return check_command(step, ctx, why, err);
	}
	if (ctx->forced)
		exec_note(step, ctx);
	return IN_PLACE;
}

/* By what was remembered; of a directory, where it says `once`, of each script. */
static int check_remembered(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	char digest[DONE_DIGEST_SIZE];
	struct scripts scripts;
	int found = TO_DO;

	if (exec_scripts_find(step, ctx, &scripts, err) < 0)
		return -1;
	if (!scripts.dir || !conf->done.once)
		found = exec_check_done(&scripts, step, ctx, digest, why, err);
	if (found == IN_PLACE)
		return in_place(step, ctx, why, err);
	return found == TO_DO ? check_command(step, ctx, why, err) : found;
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct fs_scratch_user user;
	int rc;

	if (done_key(&conf->done))
		return check_remembered(step, ctx, why, err);
	rc = exec_look_up(step, conf, ctx, &user, err);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		buf_printf(why, "'%s' is there", conf->creates);
		return in_place(step, ctx, why, err);
	}
	rc = conf->check.count && !is_forced(step, ctx)
		? exec_run_check(step, ctx, why, err)
		: TO_DO;
	return rc == TO_DO ? check_command(step, ctx, why, err) : rc;
}

/* What runs at each start leaves nothing to look at. */
static bool observable(const struct section *section)
{
	return section_get(section, "creates") || section_get(section, "check") ||
		section_get(section, "once") || section_get(section, "inputs");
}

static const char *remembers(const void *conf)
{
	const struct exec_conf *exec = conf;

	return done_key(&exec->done);
}

static struct making making(const struct step *step)
{
	bool dir = exec_makes_dir(step->section);
	bool staged = exec_is_staged(step->section);

	return (struct making){
		.how = MAKING_NEW,
		.type = dir      ? S_IFDIR
			: staged ? S_IFREG
				 : 0,
		.filled = dir,
		.if_empty = dir,
	};
}

const struct kind kind_exec = {
	.name = "exec",
	.elsewhere = "command cmd run script shell task hook",
	.summary = "whatever a command makes",
	.example = "[exec:index]\n"
		   "command = sh -c 'date >\"$1\"' sh {file}\n"
		   "creates = data/index\n",
	.order = 30,
	.commands = true,
	.size = sizeof(struct exec_conf),
	.fields = fields,
	.validate = validate,
	.prepare = exec_scripts_prepare,
	.there = there,
	.check = check,
	.apply = exec_apply,
	.observable = observable,
	.remembers = remembers,
	.exports = exports,
	.making = making,
};
