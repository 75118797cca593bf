/* SPDX-License-Identifier: MIT */
/* What the kind `file` remembers of its texts. */
#include "step/file_memory.h"

#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_keep.h"
#include "base/stop.h"
#include "base/str.h"
#include "state/record.h"
#include "step/file_work.h"
#include "step/step.h"

/* The keys of the record: one of these words, a blank and the path. */
static const char *const settled[] = {[NOTE_FILE] = "file", [NOTE_OFFER] = "new"};
static const char *const intended[] = {[NOTE_FILE] = "next", [NOTE_OFFER] = "next-new"};

static bool remembers(const struct file_conf *conf)
{
	return conf->policy == POLICY_TRACK || conf->prune;
}

static const char *key_of(
	const struct file_work *work, const char *word, const char *path)
{
	return arena_printf(work->ctx->arena, "%s %s", word, path);
}

int file_memory_read(struct file_work *work, struct err *err)
{
	struct ctx *ctx = work->ctx;

	if (!remembers(work->conf))
		return 0;
	work->record = arena_alloc(ctx->arena, sizeof *work->record);
	return record_read(work->record, ctx->state, work->step->id, ctx->arena, err);
}

static void write_hex(const unsigned char digest[DIGEST_SIZE], char ret[FILE_DIGEST_SIZE])
{
	CLEANUP_BUF struct buf hex = BUF_INIT;

	crypto_encode(ENCODING_HEX, digest, DIGEST_SIZE, &hex);
	memcpy(ret, hex.data, FILE_DIGEST_SIZE);
}

void file_memory_digest(const void *data, size_t size, char ret[FILE_DIGEST_SIZE])
{
	unsigned char digest[DIGEST_SIZE];

	crypto_digest(data, size, digest);
	write_hex(digest, ret);
}

int file_memory_digest_of(const struct file_work *work, int fd, const char *path,
	char ret[FILE_DIGEST_SIZE], struct err *err)
{
	struct stop *stop = work->ctx->stop;
	unsigned char digest[DIGEST_SIZE];

	if (fd_digest(fd, stop, digest) < 0)
		return stop_check(stop, err) < 0 ? -1 : err_sys(err, "read '%s'", path);
	write_hex(digest, ret);
	return 0;
}

static bool is_noted(const struct file_work *work, const char *word, const char *path,
	const char *digest)
{
	const char *before = record_get(work->record, key_of(work, word, path));

	return before && str_equal(before, digest);
}

bool file_memory_has(const struct file_work *work, enum file_note note, const char *path,
	const char *digest)
{
	return is_noted(work, settled[note], path, digest);
}

int file_memory_is_ours(
	struct file_work *work, enum file_note note, const char *path, struct err *err)
{
	CLEANUP_FD int fd = -1;
	char digest[FILE_DIGEST_SIZE];
	struct stat st;
	int rc = fs_open_file(&work->ctx->fs, path, FS_TARGET, &fd, &st, err);

	if (rc != 0)
		return rc < 0 ? -1 : 1;
	if (file_memory_digest_of(work, fd, path, digest, err) < 0)
		return -1;
	if (is_noted(work, settled[note], path, digest))
		return 1;
	if (!is_noted(work, intended[note], path, digest))
		return 0;
	/* A start died behind the exchange: the next intention must not forget it. */
	file_memory_settle(work, note, path, digest);
	return 1;
}

/* A name that could still be lost with its directory's entries is not settled. */
int file_memory_write(const struct file_work *work, struct err *err)
{
	struct ctx *ctx = work->ctx;

	if (!work->record || !work->record->changed)
		return 0;
	if (fs_flush(&ctx->fs, err) < 0)
		return -1;
	return record_write(work->record, ctx->state, err);
}

int file_memory_intend(struct file_work *work, enum file_note note, const char *path,
	const char *digest, struct err *err)
{
	/* Said already, to be written with others: then what was settled can wait. */
	if (is_noted(work, intended[note], path, digest))
		return 0;
	record_set(work->record, key_of(work, intended[note], path), digest);
	return file_memory_write(work, err);
}

int file_memory_prepare(
	struct file_work *work, const char *path, const char *digest, struct err *err)
{
	const char *key = key_of(work, intended[NOTE_FILE], path);

	if (file_memory_has(work, NOTE_FILE, path, digest))
		return 0;
	/* An intention that was carried out is not to be forgotten. */
	if (record_get(work->record, key) &&
		file_memory_is_ours(work, NOTE_FILE, path, err) < 0)
		return -1;
	record_set(work->record, key, digest);
	return 0;
}

void file_memory_settle(
	struct file_work *work, enum file_note note, const char *path, const char *digest)
{
	record_set(work->record, key_of(work, settled[note], path), digest);
	record_set(work->record, key_of(work, intended[note], path), NULL);
}
