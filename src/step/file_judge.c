/* SPDX-License-Identifier: MIT */
/* Whether the text of a file is what the step says of it: format, keys, digest. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/str.h"
#include "conf/document.h"
#include "conf/escape.h"
#include "step/file_text.h"
#include "step/file_work.h"
#include "step/step.h"

int file_check_sha256(const char *text, struct err *err)
{
	if (strlen(text) == 2 * SHA256_SIZE &&
		strspn(text, "0123456789abcdefABCDEF") == 2 * SHA256_SIZE)
		return 0;
	return err_config(err, "'%s' is no SHA-256: 64 hexadecimal digits", text);
}

enum document_format file_format(const struct file_work *work)
{
	if (section_get(work->step->section, "format"))
		return (enum document_format)work->conf->format;
	return document_format_of(work->item->path);
}

/* Is the format a rule? By the ending alone it is one for JSON that we have written. */
static bool has_format(const struct file_work *work)
{
	const struct file_conf *conf = work->conf;

	if (section_get(work->step->section, "format"))
		return true;
	return (conf->content || *conf->template) && file_format(work) == DOCUMENT_JSON &&
		str_equal(escape_names[file_escape(work->step, work->item)], "json");
}

/* Whose text it is, for messages: that of an existing file, or a new one. */
static const char *text_name(const struct file_work *work, bool existing)
{
	if (!existing)
		return arena_printf(
			work->ctx->arena, "the new text of '%s'", work->item->path);
	return arena_printf(work->ctx->arena,
		"'%s', which is left as it is (policy = %s),", work->item->path,
		work->conf->policy == POLICY_TRACK ? "track" : "create");
}

/* Is it one string, and what that holds a document of its own? */
static bool is_wrapped(const struct buf *text)
{
	const char *at = text->data + strspn(text->data, " \t\r\n");

	if (*at++ != '"')
		return false;
	for (;; at += 2) {
		at += strspn(at, " ");
		if (*at != '\\' || !at[1] || !strchr("ntr", at[1]))
			return *at == '{' || *at == '[';
	}
}

/* A value that went into a key can make it another one's. */
static int judge_names(const struct file_work *work, const struct buf *text,
	bool existing, struct err *err)
{
	if (existing || !work->keyed || work->unknown ||
		file_format(work) != DOCUMENT_JSON ||
		json_check_names(work->item->path, text->data, text->len, err) == 0)
		return 0;
	return err_prefix(err, "%s", text_name(work, existing));
}

static int judge_format(const struct file_work *work, const struct buf *text,
	bool existing, struct err *err)
{
	enum document_format format = file_format(work);

	if (document_check(format, work->item->path, text->data, text->len, err) == 0) {
		if (existing || *work->conf->source || format != DOCUMENT_JSON ||
			!is_wrapped(text))
			return judge_names(work, text, existing, err);
		return err_fail(err,
			"%s is one string with a document in it: ${NAME|none} puts in a "
			"value as it is",
			text_name(work, existing));
	}
	err_prefix(
		err, "%s is not %s", text_name(work, existing), document_formats[format]);
	return err_append(err, "; `format = none` lets any text pass");
}

static int judge_keys(const struct file_work *work, const struct buf *text, bool existing,
	struct err *err)
{
	const struct list *keys = &work->conf->must_have;
	enum document_format format = file_format(work);
	CLEANUP_BUF struct buf missing = BUF_INIT;

	if (!keys->count)
		return 0;
	if (format == DOCUMENT_NONE)
		(void)err_fail(err, "%s",
			document_no_format(work->item->path, work->ctx->arena));
	else if (document_missing(format, work->item->path, text->data, text->len, keys,
			 &missing, err) < 0)
		(void)err_prefix(err, "%s", text_name(work, existing));
	else if (missing.len)
		(void)err_fail(
			err, "%s has no %s", text_name(work, existing), missing.data);
	else
		return 0;
	return step_locate_key(work->step, "must_have", err);
}

/* May the step's digest be asked of the text? Returns 1, 0 or -1. */
static int has_digest(const struct file_work *work, struct err *err)
{
	if (!*work->conf->sha256 || work->unknown)
		return 0;
	if (str_equal(work->item->path, work->conf->path))
		return 1;
	(void)err_fail(err, "it is that of one file, not of several");
	return step_locate_key(work->step, "sha256", err);
}

static int judge_sum(
	const struct file_work *work, struct crypto_sha *sha, struct err *err)
{
	unsigned char digest[SHA384_SIZE];
	CLEANUP_BUF struct buf hex = BUF_INIT;

	crypto_encode(ENCODING_HEX, digest, crypto_sha_end(sha, digest), &hex);
	if (strcasecmp(hex.data, work->conf->sha256) == 0)
		return 0;
	(void)err_fail(err, "that of the new text of '%s' is %s, not %s",
		work->item->path, hex.data, work->conf->sha256);
	return step_locate_key(work->step, "sha256", err);
}

static int judge_text_digest(
	const struct file_work *work, const struct buf *text, struct err *err)
{
	struct crypto_sha sha;
	int rc = has_digest(work, err);

	if (rc <= 0)
		return rc;
	crypto_sha_begin(&sha, SHA_256);
	crypto_sha_add(&sha, text->data, text->len);
	return judge_sum(work, &sha, err);
}

int file_judge_digest(const struct file_work *work, int fd, struct err *err)
{
	char block[16384];
	struct crypto_sha sha;
	ssize_t n;
	int rc = has_digest(work, err);

	if (rc <= 0)
		return rc;
	crypto_sha_begin(&sha, SHA_256);
	for (off_t at = 0; (n = pread(fd, block, sizeof block, at)) > 0 &&
		!stop_is_due(work->ctx->stop);
		at += n)
		crypto_sha_add(&sha, block, (size_t)n);
	mem_wipe(block, sizeof block);
	if (stop_check(work->ctx->stop, err) < 0)
		return -1;
	return n < 0 ? err_sys(err, "read the new text of '%s'", work->item->path)
		     : judge_sum(work, &sha, err);
}

bool file_is_judged(const struct file_work *work)
{
	return has_format(work) || work->conf->must_have.count || *work->conf->sha256;
}

int file_judge(const struct file_work *work, const struct buf *text, struct err *err)
{
	if (has_format(work) && judge_format(work, text, false, err) < 0)
		return -1;
	if (judge_keys(work, text, false, err) < 0)
		return -1;
	return judge_text_digest(work, text, err);
}

int file_judge_existing(const struct file_work *work, struct err *err)
{
	bool format = section_get(work->step->section, "format");
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc;

	if (!format && !work->conf->must_have.count)
		return 0;
	rc = fs_read(
		&work->ctx->fs, work->item->path, FS_TARGET, FILE_TEXT_MAX, &text, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0; /* removed meanwhile: then it is made */
	if (format && judge_format(work, &text, true, err) < 0)
		return -1;
	return judge_keys(work, &text, true, err);
}
