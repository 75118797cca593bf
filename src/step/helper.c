/* SPDX-License-Identifier: MIT */
/* Running a command for a step. */
#include "step/helper.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_keep.h"
#include "base/fs_scratch.h"
#include "base/log.h"
#include "base/secrets.h"
#include "base/signal_name.h"
#include "base/str.h"
#include "base/transcript.h"
#include "proc/spawn.h"
#include "step/owner.h"
#include "step/secret_env.h"
#include "step/exports.h"
#include "step/from_file.h"
#include "step/step.h"
#include "step/variable.h"

#define TAIL_LINES  5
#define TAIL_MAX    2048 /* an error has room for as much, and for where it was */
#define EX_TEMPFAIL 75   /* sysexits.h */

/* ---- what it gets ---- */

int helper_hand_on(struct ctx *ctx, const char *name, struct buf *ret, struct err *err)
{
	int rc = from_file_variable(ctx, name, ret, err);

	for (size_t i = 0; rc == 1 && i < ctx->steps->count; i++) {
		CLEANUP_BUF struct buf value = BUF_INIT;
		const char *exported = "";

		rc = step_export(&ctx->steps->list[i], ctx, &exported, &value, err);
		if (rc == 0 && !str_equal(exported, name))
			rc = 1;
		if (rc == 0)
			buf_add(ret, value.data, value.len);
	}
	return rc == 1 && variable_withheld(ctx, name, NULL, err) < 0 ? -1 : rc;
}

/* Adds a line of `env`: NAME=VALUE, or the bare NAME of what is handed on. */
static int put_line(struct env *env, struct ctx *ctx, const char *line, struct err *err)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	int rc;

	if (strchr(line, '=')) {
		env_put(env, line);
		return 0;
	}
	rc = helper_hand_on(ctx, line, &value, err);
	if (rc == 0)
		env_set(env, line, value.data);
	else if (rc == 1)
		log_debug(ctx->log, "env: %s is not set, so there is nothing to hand on",
			line);
	return rc < 0 ? -1 : 0;
}

/* Names in archives are UTF-8, whatever language our messages are in. */
static void make_tool_env(const struct ctx *ctx, struct env *env)
{
	static const char *const names[] = {"PATH", "LD_LIBRARY_PATH"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = list_has(&ctx->secret_env, names[i])
			? NULL
			: env_get(ctx->env, names[i]);

		if (value)
			env_set(env, names[i], value);
	}
	env_set(env, "LC_ALL", "C.UTF-8");
}

static int make_env(const struct helper *helper, const struct step *step, struct ctx *ctx,
	const struct identity *identity, int result_fd, struct env *env, struct err *err)
{
	const struct list *lines = helper->env;

	if (helper->tool) {
		make_tool_env(ctx, env);
		return 0;
	}
	env_copy(env, ctx->env->list);
	/* What the application is to get and no helper. */
	for (size_t i = 0; i < ctx->secret_env.count; i++)
		env_unset(env, ctx->secret_env.items[i]);
	/* A helper that says READY=1 would speak for the application. */
	env_unset(env, "NOTIFY_SOCKET");
	env_set(env, "GROUNDWORK_BASE", ctx->base);
	env_set(env, "GROUNDWORK_STEP", step->id);
	/* Set only where it is so: empty is no in a shell, and no step's name for us. */
	env_unset(env, "GROUNDWORK_FORCE");
	if (ctx->forced)
		env_set(env, "GROUNDWORK_FORCE", step->id);
	env_set(env, "GROUNDWORK_RESULT",
		arena_printf(ctx->arena, "/proc/self/fd/%d", result_fd));
	if (identity->set)
		env_set_account(env, identity->name, identity->home);
	for (size_t i = 0; lines && i < lines->count; i++)
		if (put_line(env, ctx, lines->items[i], err) < 0)
			return -1;
	return 0;
}

int helper_identity(const struct helper *helper, const struct ctx *ctx,
	struct identity *ret, struct err *err)
{
	const char *user = helper->user ? helper->user->name : "";
	const char *group = helper->group ? helper->group->name : "";

	*ret = ctx->app;
	if (!*user && !*group)
		return 0;
	if (identity_find(user, group, ctx->arena, ret, err) < 0)
		return -1;
	if (owner_can_become(ret))
		return 0;
	log_debug(
		ctx->log, "user '%s': we are not root and stay user %u", user, geteuid());
	*ret = (struct identity){0};
	return 0;
}

/* The key that an error of helper_identity() is about. */
static const char *identity_key(const struct helper *helper)
{
	return helper->user && *helper->user->name ? "user" : "group";
}

int helper_scratch_user(const struct helper *helper, const struct step *step,
	const struct ctx *ctx, struct fs_scratch_user *ret, struct err *err)
{
	struct identity identity;

	if (helper_identity(helper, ctx, &identity, err) < 0)
		return step_locate_key(step, identity_key(helper), err);
	ret->uid = identity_user(&identity);
	ret->gid = identity.set ? identity.gid : getegid();
	ret->tmpdir = env_get(ctx->env, "TMPDIR");
	return 0;
}

/* Moves behind the hole that begins here, if one does, and returns what it stands for. */
static const char *in_hole(const struct helper *helper, const char **at)
{
	const char *aside = helper->is_dir ? "{dir}" : "{file}";

	if (helper->script && str_starts(*at, "{}")) {
		*at += strlen("{}");
		return helper->script;
	}
	if (helper->aside && str_starts(*at, aside)) {
		*at += strlen(aside);
		return helper->aside;
	}
	return NULL;
}

/* In one pass: what is put in has no holes. */
static char *fill_holes(
	const struct helper *helper, const char *word, struct arena *arena)
{
	CLEANUP_BUF struct buf filled = BUF_INIT;

	while (*word) {
		const char *text = in_hole(helper, &word);

		if (text)
			buf_puts(&filled, text);
		else
			buf_putc(&filled, *word++);
	}
	return arena_strdup(arena, filled.data);
}

static char **make_argv(const struct helper *helper, struct ctx *ctx)
{
	const struct list *words = helper->argv;
	char **argv = arena_alloc(ctx->arena, (words->count + 1) * sizeof *argv);

	for (size_t i = 0; i < words->count; i++)
		argv[i] = fill_holes(helper, words->items[i], ctx->arena);
	return argv;
}

/* ---- what it says ---- */

struct listener {
	const struct helper *helper;
	const struct step *step;
	const struct ctx *ctx;
	struct buf *tail;
	struct transcript transcript;
};

static void take_output(void *user, const char *data, size_t size)
{
	struct listener *listener = user;

	transcript_add(&listener->transcript, data, size);
}

/* Where the last lines begin: so many of them, in so many bytes. */
static size_t tail_begin(const struct buf *tail)
{
	size_t least = tail->len > TAIL_MAX ? tail->len - TAIL_MAX : 0;
	size_t at = tail->len;
	int lines = 1;

	while (at > least && (tail->data[at - 1] != '\n' || lines++ < TAIL_LINES))
		at--;
	while ((tail->data[at] & 0xc0) == 0x80) /* the rest of a character */
		at++;
	return at;
}

/* A NUL would end the text, and the rest of the line would be lost. */
static void add_line(struct buf *to, const char *line, size_t size)
{
	for (const char *nul; (nul = memchr(line, '\0', size)); line = nul + 1) {
		buf_add(to, line, (size_t)(nul - line));
		buf_puts(to, "\\x00");
		size -= (size_t)(nul + 1 - line);
	}
	buf_add(to, line, size);
}

static void take_line(void *user, const char *line, size_t size)
{
	struct listener *listener = user;
	struct log_event event = {.level = LOG_INFO, .subject = listener->step->id};
	struct buf *tail = listener->tail;
	size_t at;

	if (listener->helper->line) {
		listener->helper->line(listener->helper->line_user, line, size);
		return;
	}
	if (tail->len)
		buf_putc(tail, '\n');
	at = tail->len;
	add_line(tail, line, size);
	event.message = tail->data + at;
	log_event(listener->ctx->log, &event);
	at = tail_begin(tail);
	memmove(tail->data, tail->data + at, tail->len - at);
	buf_truncate(tail, tail->len - at);
}

/* Runs it, and logs all that it prints. */
static int run_logged(const struct spawn *spawn, struct listener *listener,
	struct spawn_result *result, struct err *err)
{
	int rc;

	listener->transcript = (struct transcript){
		.secrets = listener->ctx->secrets,
		.line = take_line,
		.user = listener,
		.text = BUF_INIT,
	};
	rc = spawn_run(spawn, result, err);
	transcript_end(&listener->transcript);
	transcript_release(&listener->transcript);
	return rc;
}

int helper_run(const struct helper *helper, const struct step *step, struct ctx *ctx,
	struct helper_result *ret, struct err *err)
{
	CLEANUP_ENV struct env env = {0};
	CLEANUP_FD int result_fd = fd_nameless("groundwork-result", err);
	struct listener listener = {
		.helper = helper, .step = step, .ctx = ctx, .tail = &ret->tail};
	struct identity identity;
	struct spawn_result result;
	struct spawn spawn = {
		.umask = ctx->umask,
		.stack = ctx->stack,
		.stop = ctx->stop, /* whose deadline the runner narrows */
		.group = ctx->running,
		.output = take_output,
		.user = &listener,
		.input = helper->input,
		.hand_on = result_fd,
		.workdir = helper->workdir && *helper->workdir ? helper->workdir : NULL,
	};

	if (result_fd < 0)
		return err_prefix(err, "the result file");
	fs_forget(&ctx->fs); /* it may change what leads there */
	if (helper_identity(helper, ctx, &identity, err) < 0)
		return step_locate_key(step, identity_key(helper), err);
	if (make_env(helper, step, ctx, &identity, result_fd, &env, err) < 0)
		return -1;
	/* It may print any of them: it can read what we can. */
	secret_env_learn(ctx);
	secrets_know_forms(ctx->secrets);
	spawn.argv = make_argv(helper, ctx);
	spawn.env = env.list;
	spawn.identity = identity.set ? &identity : NULL;
	ret->logged = ctx->log->level >= LOG_INFO; /* as take_line() does */
	ctx->touched = true;
	if (run_logged(&spawn, &listener, &result, err) < 0)
		return -1;
	ret->status = result.status;
	ret->signal = result.signal;
	if (result.left == SPAWN_LEFT_ENDED)
		log_info(ctx->log, "[%s] what the command left running was ended",
			step->id);
	else if (result.left == SPAWN_LEFT_RUNNING)
		log_warn(ctx->log,
			"[%s] what the command left running could not be ended, and "
			"still runs: it may be another user's",
			step->id);
	return helper_result_read(result_fd, helper->exports, step->id, ctx, ret, err);
}

void helper_result_release(struct helper_result *result)
{
	buf_release(&result->tail);
	buf_release(&result->message);
}

int helper_failed(const struct helper_result *result, struct err *err)
{
	char name[SIGNAL_NAME_SIZE];

	if (result->signal)
		(void)err_fail(err, "the command was ended by %s",
			signal_name(result->signal, name)); /* always -1 */
	else
		(void)err_set(err,
			result->status == EX_TEMPFAIL ? ERR_TEMPORARY : ERR_FAILED,
			"the command ended with status %d", result->status);
	if (!result->tail.len)
		return err_append(err, " and said nothing");
	err->logged = result->logged;
	return err_quote(err, "; its last lines:\n%s", result->tail.data);
}
