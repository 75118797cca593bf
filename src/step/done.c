/* SPDX-License-Identifier: MIT */
/* Whether a command was done, by what was remembered. */
#include "step/done.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/stop.h"
#include "state/record.h"
#include "step/helper.h"
#include "step/parents.h"
#include "step/source.h"
#include "step/step.h"

const char *done_key(const struct done_keys *keys)
{
	return keys->once ? "once" : keys->inputs.count ? "inputs" : NULL;
}

/* ---- the digest of the inputs ---- */

/* With its size in front, so that no two lists of texts give the same bytes. */
static void add_text(struct digest *digest, const char *text)
{
	uint64_t size = strlen(text);

	crypto_digest_add(digest, &size, sizeof size);
	crypto_digest_add(digest, text, (size_t)size);
}

static void add_list(struct digest *digest, const struct list *list)
{
	uint64_t count = list ? list->count : 0;

	crypto_digest_add(digest, &count, sizeof count);
	for (size_t i = 0; i < count; i++)
		add_text(digest, list->items[i]);
}

/* The values of names that are handed on, as the command gets them. */
static int add_environment(
	struct digest *digest, const struct list *lines, struct ctx *ctx, struct err *err)
{
	add_list(digest, lines);
	for (size_t i = 0; lines && i < lines->count; i++) {
		CLEANUP_BUF struct buf value = BUF_INIT;

		if (!strchr(lines->items[i], '=') &&
			helper_hand_on(ctx, lines->items[i], &value, err) < 0)
			return -1;
		add_text(digest, value.data);
	}
	return 0;
}

static int add_file(struct digest *digest, const char *item, struct ctx *ctx,
	struct fs_reader *reader, struct err *err)
{
	CLEANUP_FD int fd = -1;
	unsigned char content[DIGEST_SIZE];
	bool optional = *item == '-';
	const char *path = item + optional;
	struct stat st;
	int rc = fs_reader_open(reader, &ctx->fs, path, &fd, &st, err);

	if (rc == 1 && !optional)
		return parents_missing(ctx, path, err);
	if (rc < 0)
		return err->code == EISDIR ? err_append(err, "; name the files in it")
					   : -1;
	add_text(digest, rc == 0 ? "1" : "0");
	if (rc == 0 && fd_digest(fd, ctx->stop, content) < 0)
		return stop_check(ctx->stop, err) < 0 ? -1
						      : err_sys(err, "read '%s'", path);
	if (rc == 0)
		crypto_digest_add(digest, content, sizeof content);
	return 0;
}

static int add_files(struct digest *digest, const struct list *files, struct ctx *ctx,
	struct fs_reader *reader, struct err *err)
{
	for (size_t i = 0; i < files->count; i++)
		if (stop_check(ctx->stop, err) < 0 ||
			add_file(digest, files->items[i], ctx, reader, err) < 0)
			return -1;
	return 0;
}

static int make_digest(const struct step *step, const struct done_keys *keys,
	const struct helper *command, const struct done_more *more, struct ctx *ctx,
	char ret[DONE_DIGEST_SIZE], struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;
	CLEANUP_BUF struct buf hex = BUF_INIT;
	unsigned char all[DIGEST_SIZE];
	struct digest digest;

	crypto_digest_begin(&digest);
	add_list(&digest, command->argv);
	if (add_environment(&digest, command->env, ctx, err) < 0)
		return step_locate_key(step, "env", err);
	add_text(&digest, command->user->name);
	add_text(&digest, command->group->name);
	add_text(&digest, command->workdir);
	if (add_files(&digest, &keys->inputs, ctx, &reader, err) < 0)
		return source_locate(step, "inputs", err);
	if (more->words.count)
		add_list(&digest, &more->words);
	if (add_files(&digest, &more->files, ctx, &reader, err) < 0)
		return -1;
	crypto_digest_end(&digest, all);
	crypto_encode(ENCODING_HEX, all, sizeof all, &hex);
	memcpy(ret, hex.data, DONE_DIGEST_SIZE);
	return 0;
}

/* ---- what is remembered ---- */

int done_check(const struct step *step, struct ctx *ctx, const struct done_keys *keys,
	const struct helper *command, const struct done_more *more,
	char ret_digest[DONE_DIGEST_SIZE], struct buf *why, struct err *err)
{
	struct record record;
	const char *before;

	*ret_digest = '\0';
	if (!keys->once &&
		make_digest(step, keys, command, more, ctx, ret_digest, err) < 0)
		return -1;
	if (record_read(&record, ctx->state, step->id, ctx->arena, err) < 0)
		return -1;
	before = record_get(&record, done_key(keys));
	if (before && keys->once) {
		buf_printf(why, "it was done on %s", before);
		return IN_PLACE;
	}
	if (before && strcmp(before, ret_digest) == 0) {
		buf_puts(why, "it was done with the same inputs");
		return IN_PLACE;
	}
	if (before)
		buf_puts(why, "its inputs have changed; ");
	return TO_DO;
}

int done_begin(const struct step *step, struct ctx *ctx, struct err *err)
{
	struct record record;
	char now[CLOCK_TEXT_MAX];

	clock_text(now);
	if (record_read(&record, ctx->state, step->id, ctx->arena, err) < 0)
		return -1;
	record_set(&record, "begun", now);
	/* Half way through other inputs, those of before are not what was done. */
	record_set(&record, "inputs", NULL);
	return record_write(&record, ctx->state, err);
}

int done_note(const struct step *step, struct ctx *ctx, const struct done_keys *keys,
	const char *digest, struct err *err)
{
	struct record record;
	char now[CLOCK_TEXT_MAX];

	clock_text(now);
	if (record_read(&record, ctx->state, step->id, ctx->arena, err) < 0)
		return -1;
	record_set(&record, done_key(keys), keys->once ? now : digest);
	return record_write(&record, ctx->state, err);
}

/* ---- scripts of a directory ---- */

const char *done_script_key(const char *name, struct arena *arena)
{
	return arena_printf(arena, "once:%s", name);
}

int done_note_script(
	const struct step *step, struct ctx *ctx, const char *name, struct err *err)
{
	struct record record;
	char now[CLOCK_TEXT_MAX];

	clock_text(now);
	if (record_read(&record, ctx->state, step->id, ctx->arena, err) < 0)
		return -1;
	record_set(&record, done_script_key(name, ctx->arena), now);
	return record_write(&record, ctx->state, err);
}
