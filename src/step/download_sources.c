/* SPDX-License-Identifier: MIT */
/* How servers are asked: `header_file`, `ca_file` and proxies. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/download_work.h"
#include "step/parents.h"
#include "step/proxied.h"
#include "step/source.h"
#include "step/step.h"
#include "step/trusted.h"

#define HEADER_SIZE ((size_t)16 * 1024)
#define BEARER      "Bearer "

/* Is the text in front of a ':' the name of a header (RFC 9110, 5.6.2)? */
static bool is_name(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!str_is_alnum(text[i]) && !strchr("!#$%&'*+-.^_`|~", text[i]))
			return false;
	return size > 0;
}

/* The errors quote nothing of it: it is a secret, or was meant to be one. */
static int judge_line(const char *line, size_t size, const char *path, struct err *err)
{
	const char *colon = memchr(line, ':', size);

	for (size_t i = 0; i < size; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			return err_fail(err, "'%s' has a control character", path);
	if (colon ? is_name(line, (size_t)(colon - line)) : !memchr(line, ' ', size))
		return 0;
	return err_fail(err,
		"'%s' has a line that is neither `Name: value` nor a token alone; where "
		"the server wants a word in front of the token, write `Authorization: "
		"WORD TOKEN`",
		path);
}

static int add_header(struct download_sources *sources, struct ctx *ctx, const char *path,
	const char *line, size_t size, struct err *err)
{
	static const char *const ours[] = {"Range:", "If-Range:"};
	struct arena *arena = ctx->arena;
	const char *text, *colon;

	while (size && strchr(" \t", *line))
		line++, size--;
	while (size && strchr(" \t", line[size - 1]))
		size--;
	if (!size)
		return 0;
	text = arena_memdup(arena, line, size);
	/* As it is written behind the name of its header. */
	if (strncasecmp(text, BEARER, strlen(BEARER)) == 0)
		text += strlen(BEARER);
	if (judge_line(text, strlen(text), path, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strncasecmp(text, ours[i], strlen(ours[i])) == 0)
			return err_fail(err,
				"'%s' has a header '%.*s', which `resume` writes itself",
				path, (int)strlen(ours[i]) - 1, ours[i]);
	if (sources->headers_count == HEADERS_MAX)
		return err_fail(err, "'%s' has more than %d lines", path, HEADERS_MAX);
	colon = strchr(text, ':');
	secrets_add(ctx->secrets, colon ? colon + 1 + strspn(colon + 1, " \t") : text);
	sources->headers[sources->headers_count++] =
		colon ? text : arena_printf(arena, "Authorization: " BEARER "%s", text);
	return 0;
}

/* Lines "Name: value", or a token alone. */
static int read_headers(const struct step *step, struct ctx *ctx,
	struct download_sources *ret, struct err *err)
{
	const char *path = ((const struct download_conf *)step->conf)->header_file;
	struct download_memory *memory = step->prepared;
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc;

	if (!*path)
		return 0;
	rc = fs_read(&ctx->fs, path, FS_OURS, HEADER_SIZE, &text, err);
	if (rc == 1) {
		(void)parents_missing(ctx, path, err); /* always -1 */
		return source_locate(step, "header_file", err);
	}
	if (rc == 0 && memchr(text.data, '\0', text.len))
		rc = err_fail(err, "'%s' has a control character", path);
	for (const char *at = text.data; rc == 0 && at && *at;) {
		size_t size = strcspn(at, "\r\n");

		if (size)
			rc = add_header(ret, ctx, path, at, size, err);
		at += size;
		at += strspn(at, "\r\n");
	}
	if (rc == 0 && !ret->headers_count)
		rc = err_fail(err, "'%s' is empty", path);
	if (rc < 0)
		return step_locate_key(step, "header_file", err);
	if (!memory->warned)
		owner_warn_open_source(ctx, "header file", path);
	memory->warned = true;
	return 0;
}

int download_sources_read(const struct step *step, struct ctx *ctx,
	struct download_sources *ret, struct err *err)
{
	const struct download_conf *conf = step->conf;

	return trusted_find(step, ctx, conf->ca_file, &ret->trust, err) < 0 ||
			proxied_find(ctx, &ret->proxies, err) < 0
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
