/* SPDX-License-Identifier: MIT */
/* The command of the kind `exec`, as its keys describe it. */
#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/cwd.h"
#include "base/err.h"
#include "base/fs_may_run.h"
#include "base/fs_scratch.h"
#include "base/log.h"
#include "base/path.h"
#include "base/str.h"
#include "step/exec_work.h"
#include "step/parents.h"
#include "step/step.h"

bool exec_command_has(const struct section *section, const char *word)
{
	return section_has_text(section, "command", word) ||
		section_has_text(section, "scripts", word);
}

bool exec_makes_dir(const struct section *section)
{
	return exec_command_has(section, "{dir}");
}

bool exec_is_staged(const struct section *section)
{
	return exec_command_has(section, "{file}") || exec_makes_dir(section);
}

void exec_show(
	const struct step *step, const char *key, const char *what, struct buf *ret)
{
	const struct setting *setting = section_get(step->section, key);
	const char *text = setting ? setting->value->flat : "";
	const char *purpose = str_equal(key, "command") ? step_description(step) : "";
	size_t line;

	if (*purpose)
		text = purpose;
	line = strcspn(text, "\n");
	buf_puts(ret, what);
	buf_add(ret, text, line);
	/* The line that opens a script says nothing of it. */
	if (text[line] && line > 0 && strchr("'\"", text[line - 1])) {
		text += line + 1;
		line = strcspn(text, "\n");
		while (str_starts(text, "set -") && text[line]) {
			text += line + 1;
			line = strcspn(text, "\n");
		}
		buf_add(ret, text, line);
	}
	if (text[line])
		buf_puts(ret, " …");
}

void exec_note(const struct step *step, struct ctx *ctx)
{
	const struct exec_conf *conf = step->conf;

	if (*conf->creates && exec_command_has(step->section, "{file}"))
		parents_note_file(ctx, conf->creates, step->id);
	else if (*conf->creates)
		parents_note(ctx, conf->creates, step->id);
	if (conf->command.count && !exec_is_staged(step->section))
		parents_note_command(ctx, step->id);
}

struct helper exec_helper(
	const struct list *argv, const char *aside, const struct step *step)
{
	const struct exec_conf *conf = step->conf;

	return (struct helper){
		.argv = argv,
		.aside = aside,
		.is_dir = aside && exec_makes_dir(step->section),
		.user = &conf->user,
		.group = &conf->group,
		.workdir = conf->workdir,
		.env = &conf->env,
	};
}

int exec_look_up_program(const struct scripts *scripts, const struct step *step,
	struct ctx *ctx, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct helper helper = exec_helper(&conf->command, NULL, step);

	/* The first may make what the others need. */
	if (scripts->count)
		helper.argv = scripts->list->argv;
	if (helper_look_up(&helper, NULL, ctx, err) == 0)
		return 0;
	return scripts->count ? err_prefix(err, "%s", scripts->list->name) : -1;
}

int exec_resolve(const struct exec_conf *conf, struct arena *arena, const char **ret,
	struct err *err)
{
	const char *word = conf->command.items[0];
	char cwd[PATH_MAX];

	cwd[0] = '\0';
	if (*word != '/' && !*conf->workdir && cwd_get(cwd, sizeof cwd, err) < 0)
		return -1;
	*ret = path_join(arena, *conf->workdir ? conf->workdir : cwd, word);
	return 0;
}

void exec_warn_of_stranger(const struct step *step, struct ctx *ctx)
{
	const struct exec_conf *conf = step->conf;
	struct helper helper = exec_helper(&conf->command, NULL, step);
	struct fs_scratch_user user;
	const char *path;
	struct stat st;
	DECLARE_ERR(err);

	if (!conf->command.count || !strchr(conf->command.items[0], '/') ||
		strchr(conf->command.items[0], '{'))
		return;
	if (exec_resolve(conf, ctx->arena, &path, &err) < 0 ||
		helper_scratch_user(&helper, step, ctx, &user, &err) < 0 ||
		fs_may_run(&ctx->fs, path, user.uid, &st, &err) >= 0)
		return;
	(void)step_locate_key(step, "command", &err); /* always -1 */
	log_err(ctx->log, LOG_WARN, &err);
}

int exec_check_stage(const struct step *step, struct ctx *ctx, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct helper helper = exec_helper(&conf->command, NULL, step);
	struct fs_scratch_user user = {
		.use = exec_makes_dir(step->section) ? FS_SCRATCH_DIR : FS_SCRATCH_MAKE};

	if (!ctx->planning)
		return 0;
	return helper_scratch_user(&helper, step, ctx, &user, err) < 0
		? -1
		: fs_scratch_check(&ctx->fs, conf->creates, &user, err);
}
