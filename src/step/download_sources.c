/* SPDX-License-Identifier: MIT */
/* The files that say how servers are asked: `header_file` and `ca_file`. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secrets.h"
#include "step/download_work.h"
#include "step/parents.h"
#include "step/source.h"
#include "step/step.h"
#include "step/trusted.h"

#define HEADER_SIZE ((size_t)16 * 1024)

static int add_header(struct download_sources *sources, struct ctx *ctx, const char *path,
	const char *line, size_t size, struct err *err)
{
	const char *colon = memchr(line, ':', size);
	struct arena *arena = ctx->arena;

	for (size_t i = 0; i < size; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			return err_fail(err, "'%s' has a control character", path);
	if (sources->headers_count == HEADERS_MAX)
		return err_fail(err, "'%s' has more than %d lines", path, HEADERS_MAX);
	secrets_add(ctx->secrets,
		arena_memdup(arena, colon ? colon + 1 : line,
			colon ? (size_t)(line + size - colon - 1) : size));
	sources->headers[sources->headers_count++] = arena_printf(
		arena, "%s%.*s", colon ? "" : "Authorization: Bearer ", (int)size, line);
	return 0;
}

/* Lines "Name: value", or a token alone. */
static int read_headers(const struct step *step, struct ctx *ctx,
	struct download_sources *ret, struct err *err)
{
	const char *path = ((const struct download_conf *)step->conf)->header_file;
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc;

	if (!*path)
		return 0;
	rc = fs_read(&ctx->fs, path, FS_OURS, HEADER_SIZE, &text, err);
	if (rc == 1) {
		(void)parents_missing(ctx, path, err); /* always -1 */
		return source_locate(step, "header_file", err);
	}
	for (const char *at = text.data; rc == 0 && at && *at;) {
		size_t size = strcspn(at, "\r\n");

		if (size)
			rc = add_header(ret, ctx, path, at, size, err);
		at += size;
		at += strspn(at, "\r\n");
	}
	return rc < 0 ? step_locate_key(step, "header_file", err) : 0;
}

int download_sources_read(const struct step *step, struct ctx *ctx,
	struct download_sources *ret, struct err *err)
{
	const struct download_conf *conf = step->conf;

	return trusted_find(step, ctx, conf->ca_file, &ret->trust, err) < 0
		? -1
		: read_headers(step, ctx, ret, err);
}

int download_sources_check(const struct step *step, struct ctx *ctx, struct err *err)
{
	struct download_sources sources = DOWNLOAD_SOURCES_INIT;
	int rc = ctx->planning ? download_sources_read(step, ctx, &sources, err) : 0;

	trust_release(&sources.trust);
	return rc < 0 ? -1 : TO_DO;
}
