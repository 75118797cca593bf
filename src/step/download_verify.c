/* SPDX-License-Identifier: MIT */
/* Comparing a file with the digests and the signature that a step names. */
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "base/stop.h"
#include "step/download_work.h"
#include "step/step.h"

#define BLOCK_SIZE  ((size_t)256 * 1024)
#define PROGRESS_MS 200
#define LEGACY_MAX  ((size_t)1 << 30) /* minisign(1) signs no more in that form */

void download_hashes_begin(
	struct download_hashes *hashes, const struct download_conf *conf)
{
	*hashes = (struct download_hashes){.size = 0};
	for (int i = 0; i < TLS_DIGESTS; i++) {
		hashes->wanted[i] =
			*conf->digests[i] || (i == TLS_BLAKE2B && *conf->minisign);
		if (hashes->wanted[i])
			tls_hash_begin(&hashes->hashes[i], (enum tls_digest)i);
	}
}

void download_hashes_add(struct download_hashes *hashes, const void *data, size_t size)
{
	hashes->size += size;
	for (int i = 0; i < TLS_DIGESTS; i++)
		if (hashes->wanted[i])
			tls_hash_add(&hashes->hashes[i], data, size);
}

void download_hashes_release(struct download_hashes *hashes)
{
	for (int i = 0; i < TLS_DIGESTS; i++)
		tls_hash_release(&hashes->hashes[i]);
}

bool download_is_due(int64_t *said_ms)
{
	int64_t now = clock_ms();

	if (now - *said_ms < PROGRESS_MS)
		return false;
	*said_ms = now;
	return true;
}

/* Of a large file, without a size to know it by at once, it takes long. */
static void log_reading(
	const struct ctx *ctx, const char *path, off_t at, int64_t *said_ms)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (!download_is_due(said_ms))
		return;
	buf_printf(&text, "reading '%s': %lld MiB", path, (long long)at >> 20);
	log_at_work(ctx->log, text.data);
	log_progress(ctx->log, "%s", text.data);
}

int download_hashes_read(struct download_hashes *hashes, int fd, const char *path,
	struct ctx *ctx, struct err *err)
{
	CLEANUP_FREE char *block = mem_resize(NULL, BLOCK_SIZE, 1);
	int64_t said_ms = clock_ms();
	off_t at = 0;
	ssize_t size;

	while ((size = pread(fd, block, BLOCK_SIZE, at)) > 0) {
		download_hashes_add(hashes, block, (size_t)size);
		at += size;
		log_reading(ctx, path, at, &said_ms);
		if (stop_check(ctx->stop, err) < 0)
			return -1;
	}
	log_progress_end(ctx->log);
	return size < 0 ? err_sys(err, "read '%s'", path) : 0;
}

/* ---- the signature ---- */

const char *download_signature_path(const struct download_conf *conf, struct arena *arena)
{
	return arena_printf(arena, "%s.minisig", conf->path);
}

int download_signature_read(const struct download_conf *conf, struct ctx *ctx,
	struct buf *ret, struct buf *why, struct err *err)
{
	const char *path = download_signature_path(conf, ctx->arena);
	struct stat st;
	DECLARE_ERR(ignored); /* it shows when it is read */

	if (!*conf->minisign)
		return 1;
	if (fs_lookup(&ctx->fs, path, FS_ANY, &st, &ignored) != 0 ||
		!S_ISREG(st.st_mode) || st.st_size <= (off_t)MINISIGN_MAX)
		return fs_read(&ctx->fs, path, FS_OURS, MINISIGN_MAX, ret, err);
	buf_printf(why, "has a signature of more than %zu bytes", MINISIGN_MAX);
	return 1;
}

/*
 * A legacy signature is of all bytes at once. They are copied: of a file that is mapped,
 * whose it is may cut off what is being read.
 */
static bool verify_whole(
	const struct minisign *signature, const struct minisign_key *key, int fd)
{
	CLEANUP_BUF struct buf data = BUF_INIT;
	struct stat st;

	return fstat(fd, &st) == 0 && lseek(fd, 0, SEEK_SET) == 0 &&
		fd_read_file(fd, st.st_size, LEGACY_MAX, &data) == 0 &&
		minisign_verify(signature, key, data.data, data.len);
}

/* Is `name` the file that the comment is about: as some URL of the step, or its path? */
static bool is_named(const struct download_conf *conf, const char *name)
{
	if (str_equal(name, path_base(conf->path)))
		return true;
	for (size_t i = 0; i < conf->url.count; i++) {
		struct arena arena = {0};
		struct url url;
		DECLARE_ERR(ignored);
		bool same = url_parse(conf->url.items[i], &arena, &url, &ignored) == 0 &&
			str_equal(url.name, name);

		arena_release(&arena);
		if (same)
			return true;
	}
	return false;
}

static int verify_comment(const struct download_conf *conf,
	const struct minisign *signature, struct buf *why)
{
	char word[512];

	if (minisign_word(signature, "file", word, sizeof word) == 0 &&
		!is_named(conf, word)) {
		buf_printf(why, "is signed as another file: '%s'", word);
		return 0;
	}
	if (!*conf->version)
		return 1;
	if (minisign_word(signature, "version", word, sizeof word) != 0) {
		buf_puts(why, "is signed without a version in its trusted comment");
		return 0;
	}
	if (!str_equal(word, conf->version)) {
		buf_printf(why, "is signed as version %s, not %s", word, conf->version);
		return 0;
	}
	return 1;
}

static int verify_signature(const struct download_conf *conf, int fd,
	const unsigned char hash[TLS_DIGEST_MAX], const struct buf *text, struct buf *why)
{
	struct minisign signature;
	struct minisign_key key;
	DECLARE_ERR(err);

	if (!text) {
		buf_puts(why, "has no signature beside it");
		return 0;
	}
	if (minisign_key_parse(conf->minisign, &key, &err) < 0 ||
		minisign_parse(text->data, text->len, &key, &signature, &err) < 0) {
		buf_printf(why, "has a signature file that %s", err.text);
		return 0;
	}
	if (signature.legacy && !conf->minisign_legacy) {
		buf_puts(why,
			"has a signature of the legacy form; sign it anew, or write "
			"minisign_legacy = yes");
		return 0;
	}
	if (!(signature.legacy ? verify_whole(&signature, &key, fd)
			       : minisign_verify(
					 &signature, &key, hash, MINISIGN_HASH_SIZE))) {
		buf_puts(why, "is not what its signature is of");
		return 0;
	}
	return verify_comment(conf, &signature, why);
}

/* ---- all of it ---- */

static bool is_digest(const char *wanted, enum tls_digest which,
	const unsigned char *digest, struct buf *why)
{
	CLEANUP_BUF struct buf hex = BUF_INIT;

	if (!*wanted)
		return true;
	crypto_encode(ENCODING_HEX, digest, tls_digest_size(which), &hex);
	if (strcasecmp(hex.data, wanted) == 0)
		return true;
	buf_printf(
		why, "has the %s %s, not %s", tls_digest_name(which), hex.data, wanted);
	return false;
}

int download_verify(struct download_hashes *hashes, const struct download_conf *conf,
	int fd, const struct buf *signature, struct buf *why)
{
	unsigned char digests[TLS_DIGESTS][TLS_DIGEST_MAX];

	for (int i = 0; i < TLS_DIGESTS; i++)
		if (hashes->wanted[i])
			tls_hash_end(&hashes->hashes[i], digests[i]);
	if (conf->size && hashes->size != (uint64_t)conf->size) {
		buf_printf(why, "has %llu bytes, not %lld",
			(unsigned long long)hashes->size, (long long)conf->size);
		return 0;
	}
	for (int i = 0; i < TLS_DIGESTS; i++)
		if (!is_digest(conf->digests[i], (enum tls_digest)i, digests[i], why))
			return 0;
	return *conf->minisign
		? verify_signature(conf, fd, digests[TLS_BLAKE2B], signature, why)
		: 1;
}
