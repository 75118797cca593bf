/* SPDX-License-Identifier: MIT */
/* Running the command of the kind `exec`, and publishing what it makes. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_beside.h"
#include "base/fs_scratch.h"
#include "base/log.h"
#include "base/stop.h"
#include "step/exec_closed.h"
#include "step/exec_work.h"
#include "step/parents.h"
#include "step/step.h"

/*
 * Of a link that is there: a command may make what it leads to, but {file} and {dir} are
 * renamed, and would replace it. Returns 0, 1 if it leads to nothing, or -1.
 */
static int follow_link(const struct step *step, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) == 0 || (errno != ENOENT && errno != ELOOP))
		return 0;
	return exec_is_staged(step->section)
		? err_fail(err, "'%s' is a link to nothing; remove it", path)
		: 1;
}

/* Of a process that was killed when all was published but for removing its list. */
static void forget_list(struct ctx *ctx, const struct fs_entry *entry, const char *path)
{
	struct fs_beside_place place = {&ctx->fs, entry, path, ctx->stop};
	DECLARE_ERR(ignored); /* a later start tries it again */

	(void)fs_beside_heal(&place, &ignored);
}

/*
 * Who the command runs as, and whether `creates` exists: what that user has made is in
 * place; what another user put there is not, nor is an empty directory where the command
 * fills one. Returns 0, 1 if it is missing, or -1.
 */
int exec_look_up(const struct step *step, const struct exec_conf *conf, struct ctx *ctx,
	struct fs_scratch_user *ret, struct err *err)
{
	struct helper helper = {.user = &conf->user, .group = &conf->group};
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	int rc;

	if (helper_scratch_user(&helper, step, ctx, ret, err) < 0)
		return -1;
	ctx->fs.owner = ret->uid;
	ctx->fs.owner_key = "user";
	if (!*conf->creates)
		return 1;
	rc = fs_walk(&ctx->fs, conf->creates, &entry, err);
	if (rc == 0)
		rc = fs_stat_entry(&ctx->fs, &entry, FS_OURS, conf->creates, &st, err);
	if (rc == 0 && !ctx->planning && exec_command_has(step->section, "{file}"))
		forget_list(ctx, &entry, conf->creates);
	if (rc == 0 && S_ISLNK(st.st_mode) && !exec_makes_dir(step->section))
		return follow_link(step, conf->creates, err);
	return rc == 0 && exec_makes_dir(step->section)
		? fs_scratch_missing(&ctx->fs, conf->creates, err)
		: rc;
}

/* What a command that failed may mend: with `retries` of its own, any failure. */
static int fail(const struct step *step, struct err *err)
{
	if (section_get(step->section, "retries"))
		err->kind = ERR_TEMPORARY;
	return -1;
}

/* What is run once. */
struct task {
	const struct list *argv;
	const struct script *script; /* NULL: it is the command itself */
	const char *aside;           /* what {file} or {dir} stands for, or NULL */
	bool exports;                /* may it set variables? */
};

static int run(const struct task *task, const struct step *step, struct ctx *ctx,
	struct helper_result *ret, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct helper helper = exec_helper(task->argv, task->aside, step);

	helper.script = task->script ? task->script->path : NULL;
	if (task->exports && conf->exports.count)
		helper.exports = &conf->exports;
	return helper_run(&helper, step, ctx, ret, err);
}

int exec_run_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;

	if (ctx->planning) {
		struct helper helper = exec_helper(&conf->check, NULL, step);

		if (helper_look_up(&helper, NULL, ctx, err) < 0)
			return step_locate_key(step, "check", err);
		exec_note(step, ctx);
		exec_show(step, "check", "not known without running its check: ", why);
		return UNKNOWABLE;
	}
	if (run(&(struct task){.argv = &conf->check}, step, ctx, &result, err) < 0)
		return step_locate_key(step, "check", err);
	if (result.status == 0) {
		buf_puts(why, "its check says that all is in place");
		return IN_PLACE;
	}
	if (conf->command.count)
		return TO_DO;
	(void)helper_failed(&result, err);         /* always -1 */
	(void)step_locate_key(step, "check", err); /* the same */
	return fail(step, err);
}

/*
 * Returns 1, or 0 where it says that there was nothing to do, or -1; `message` gets what
 * it has to say.
 */
static int run_task(const struct task *task, const struct step *step, struct ctx *ctx,
	struct buf *message, struct err *err)
{
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;

	if (run(task, step, ctx, &result, err) < 0)
		return -1;
	if (result.status != 0) {
		(void)helper_failed(&result, err); /* always -1 */
		return fail(step, err);
	}
	buf_puts(message, result.message.data);
	return !result.skipped;
}

/* ---- the scripts of a directory ---- */

struct series {
	const struct step *step;
	struct ctx *ctx;
	const char *aside;
	size_t failed;
	bool changed;
};

static int run_script(struct series *series, const struct script *script, struct err *err)
{
	const struct exec_conf *conf = series->step->conf;
	CLEANUP_BUF struct buf message = BUF_INIT;
	struct task task = {script->argv, script, series->aside, true};
	int rc = run_task(&task, series->step, series->ctx, &message, err);

	if (rc < 0)
		return err_prefix(err, "%s", script->name);
	if (conf->done.once &&
		done_note_script(series->step, series->ctx, script->name, err) < 0)
		return -1;
	series->changed |= rc == 1;
	if (message.len)
		log_info(series->ctx->log, "[%s] %s: %s", series->step->id, script->name,
			message.data);
	return 0;
}

/* Does the next one run all the same? Not behind a stop, or past a deadline. */
static bool goes_on(struct series *series)
{
	DECLARE_ERR(ignored);

	return !series->step->keys.critical &&
		stop_check(series->ctx->stop, &ignored) == 0;
}

/* Of those that fail, the first is the error; the others are only logged. */
static int run_series(
	struct series *series, const struct scripts *scripts, struct err *err)
{
	for (size_t i = 0; i < scripts->count; i++) {
		DECLARE_ERR(why);

		if (run_script(series, &scripts->list[i], &why) == 0)
			continue;
		if (!series->failed++)
			*err = why;
		else
			log_warn(series->ctx->log, "[%s] %.*s", series->step->id,
				why.logged ? (int)err_own_size(&why) : ERR_TEXT_MAX,
				why.text);
		if (!goes_on(series))
			return -1;
	}
	return series->failed ? -1 : 0;
}

static int run_scripts(const struct scripts *scripts, const char *aside,
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	struct series series = {.step = step, .ctx = ctx, .aside = aside};

	if (run_series(&series, scripts, err) < 0)
		return -1;
	buf_puts(did, "ran ");
	exec_scripts_describe(scripts, did);
	return series.changed;
}

/* ---- the command ---- */

/* Runs it. Returns 1, or 0 where it says that there was nothing to do, or -1. */
static int run_command(const char *aside, const struct step *step, struct ctx *ctx,
	struct buf *did, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct scripts scripts;
	int rc;

	if (exec_scripts_find(step, ctx, &scripts, err) < 0)
		return -1;
	if (scripts.dir)
		return run_scripts(&scripts, aside, step, ctx, did, err);
	rc = run_task(
		&(struct task){.argv = &conf->command, .aside = aside, .exports = true},
		step, ctx, did, err);
	if (rc >= 0 && !did->len)
		exec_show(step, "command", "ran: ", did);
	return rc;
}

/* It ended well. Publishes what it made. Returns as apply(). */
static int publish(const struct step *step, struct fs_scratch *scratch, bool missing,
	struct buf *did, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	bool dir = exec_makes_dir(step->section);
	enum fs_outcome outcome;
	int rc = dir ? fs_scratch_publish_dir(scratch, &outcome, err)
		     : fs_scratch_publish(scratch, &outcome, err);

	if (rc == 1) {
		(void)err_fail(err, /* always -1 */
			"the command ended well and wrote nothing to %s, which was to "
			"become '%s'; if nothing had to be done, it says status=skipped "
			"in the file that GROUNDWORK_RESULT names",
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
		.use = exec_makes_dir(step->section) ? FS_SCRATCH_DIR : FS_SCRATCH_MAKE,
		.stop = ctx->stop,
	};
	/* --force: there was no check. */
	int missing = exec_look_up(step, conf, ctx, &user, err);
	struct helper helper = exec_helper(&conf->command, NULL, step);
	int rc;

	if (missing < 0 || helper_become(&helper, step, ctx, err) < 0 ||
		fs_scratch_open(&ctx->fs, &scratch, conf->creates, &user, err) < 0)
		return -1;
	rc = run_command(scratch.path, step, ctx, did, err);
	if (rc <= 0)
		return rc;
	if (user.use == FS_SCRATCH_MAKE && exec_check_closed(&scratch, err) < 0)
		return fail(step, err);
	return publish(step, &scratch, missing, did, err);
}

int exec_check_done(const struct scripts *scripts, const struct step *step,
	struct ctx *ctx, char ret_digest[DONE_DIGEST_SIZE], struct buf *why,
	struct err *err)
{
	const struct exec_conf *conf = step->conf;
	struct helper helper = exec_helper(&conf->command, NULL, step);
	struct done_more more = {0};

	for (size_t i = 0; i < scripts->count; i++)
		exec_scripts_add(&scripts->list[i], ctx->arena, &more);
	return done_check(step, ctx, &conf->done, &helper, &more, ret_digest, why, err);
}

/*
 * It is remembered once it has ended well: a command that died with us, or failed, is run
 * again. Under the lock no other process runs it meanwhile.
 */
static int run_remembered(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	CLEANUP_BUF struct buf why = BUF_INIT;
	char digest[DONE_DIGEST_SIZE];
	struct scripts scripts;
	int rc;

	if (exec_scripts_find(step, ctx, &scripts, err) < 0)
		return -1;
	if (scripts.dir && conf->done.once && done_begin(step, ctx, err) < 0)
		return -1;
	if (scripts.dir && conf->done.once)
		return run_scripts(&scripts, NULL, step, ctx, did, err);
	rc = exec_check_done(&scripts, step, ctx, digest, &why, err);
	if (rc == IN_PLACE && !ctx->forced) {
		buf_puts(did, why.data);
		return 0;
	}
	if (rc < 0 || done_begin(step, ctx, err) < 0)
		return -1;
	rc = run_command(NULL, step, ctx, did, err);
	if (rc < 0 || done_note(step, ctx, &conf->done, digest, err) < 0)
		return -1;
	return rc;
}

int exec_apply(const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct exec_conf *conf = step->conf;
	const struct setting *command = section_get(step->section, "command");
	struct fs_scratch_user user;
	int rc;

	if (!command) /* an assertion, and --force: it must hold all the same */
		return exec_run_check(step, ctx, did, err) < 0 ? -1 : 0;
	if (done_key(&conf->done))
		return run_remembered(step, ctx, did, err);
	if (exec_is_staged(step->section))
		return run_staged(step, ctx, did, err);
	rc = run_command(NULL, step, ctx, did, err);
	if (rc <= 0 || !*conf->creates)
		return rc;
	rc = exec_look_up(step, conf, ctx, &user, err);
	if (rc == 1) {
		(void)err_fail(err, "the command ended well, and '%s' is missing",
			conf->creates); /* always -1 */
		return fail(step, err);
	}
	return rc < 0 ? -1 : 1;
}
