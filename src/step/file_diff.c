/* SPDX-License-Identifier: MIT */
/* Showing what would change in the texts of files, for `plan --diff`. */
#include <string.h>

#include "base/diff.h"
#include "base/err.h"
#include "base/secrets.h"
#include "step/file_text.h"
#include "step/file_work.h"
#include "step/step.h"

#define LINES_MAX 400 /* of a file */
#define HIDDEN    "***"

/*
 * What is there, and what is to be, both redacted as a whole: a secret may have many
 * lines. One that is too short for that is not put into what is to be. Returns 0, or -1.
 */
static int read_both(struct file_work *work, bool exists, struct buf *before,
	struct buf *after, struct err *err)
{
	struct ctx *ctx = work->ctx;
	int rc;

	if (exists &&
		fs_read(&ctx->fs, work->item->path, FS_TARGET, FILE_TEXT_MAX, before,
			err) < 0)
		return -1;
	ctx->mask = HIDDEN;
	rc = file_make_text(work, exists, after, err);
	ctx->mask = NULL;
	if (rc < 0)
		return -1;
	secrets_redact(ctx->secrets, before, 0);
	secrets_redact(ctx->secrets, after, 0);
	return 0;
}

/* Cuts what was added behind `from` to so many lines. */
static void cut(struct buf *lines, size_t from)
{
	size_t count = 0, size = lines->len;

	for (size_t i = from; i < lines->len; i++)
		if (lines->data[i] == '\n' && ++count == LINES_MAX)
			size = i + 1;
	if (count <= LINES_MAX)
		return;
	buf_truncate(lines, size);
	buf_printf(lines, "… and %zu lines more\n", count - LINES_MAX);
}

static bool is_binary(const struct buf *text)
{
	return text->len && memchr(text->data, '\0', text->len);
}

static void show(const struct file_work *work, const struct stat *st,
	const struct buf *before, const struct buf *after, struct buf *ret)
{
	const char *path = work->item->path;
	const struct diff_text old = {st ? path : "/dev/null", before->data, before->len};
	const struct diff_text new = {path, after->data, after->len};
	/* A secret that is there may be one that nobody knows any more. */
	bool hidden = st && (work->secret || !(st->st_mode & S_IROTH));
	size_t from = ret->len;

	if (is_binary(before) || is_binary(after)) {
		buf_printf(ret, "'%s' is no text: %zu bytes, %zu before\n", path,
			after->len, before->len);
		return;
	}
	diff_unified(&old, &new, hidden ? HIDDEN : NULL, ret);
	if (ret->len == from && st)
		buf_printf(ret, "'%s': secrets alone differ\n", path);
	cut(ret, from);
}

void file_show_lines(const struct file_work *work, const struct stat *st)
{
	CLEANUP_BUF struct buf before = BUF_INIT;
	CLEANUP_BUF struct buf after = BUF_INIT;
	struct file_work again = *work;
	struct buf *lines = work->ctx->lines;
	DECLARE_ERR(err);

	if (!lines)
		return;
	again.quiet = true;
	if (read_both(&again, st, &before, &after, &err) < 0)
		buf_printf(
			lines, "'%s' cannot be shown: %s\n", work->item->path, err.text);
	else if (again.unknown)
		buf_printf(lines, "'%s' is not known before its keys are made\n",
			work->item->path);
	else
		show(&again, st, &before, &after, lines);
}
