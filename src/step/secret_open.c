/* SPDX-License-Identifier: MIT */
/* Reading, decrypting and remembering. */
#include "step/secret_open.h"

#include <errno.h>
#include <string.h>

#include "age/age.h"
#include "base/err.h"
#include "base/secrets.h"
#include "step/parents.h"
#include "step/source.h"
#include "step/step.h"

#define MEBIBYTE     ((size_t)1024 * 1024)
#define SOURCE_MAX   (64 * MEBIBYTE)
#define CHECKED_MAX  MEBIBYTE /* of a source that is read before its turn */
#define HIDDEN_MAX   MEBIBYTE /* of a text that is looked for in what is logged */
#define VALUE_MAX    MEBIBYTE
#define IDENTITY_MAX ((size_t)64 * 1024)
#define KEY_BEGINS   "AGE-SECRET-KEY-"

/* Each line that is one, not the comments, which have its public half. */
static void remember_identities(struct ctx *ctx, const struct buf *text)
{
	const char *key = text->data;

	while ((key = strstr(key, KEY_BEGINS))) {
		size_t size = strcspn(key, "\r\n");

		secrets_add_bytes(ctx->secrets, key, size);
		key += size;
	}
}

static int missing(const struct step *step, struct ctx *ctx, const char *key,
	const char *path, struct err *err)
{
	(void)parents_missing(ctx, path, err); /* always -1 */
	return source_locate(step, key, err);
}

/* Another one's identity may have been put there to be used, as another one's key. */
static int read_identities(const struct step *step, struct ctx *ctx,
	struct age_identities *ret, struct err *err)
{
	const struct secret_conf *conf = step->conf;
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(why);
	int rc = fs_read(&ctx->fs, conf->identity, FS_OURS, IDENTITY_MAX, &text, err);

	if (rc == 1)
		return missing(step, ctx, "identity", conf->identity, err);
	if (rc < 0)
		return step_locate_key(step, "identity", err);
	remember_identities(ctx, &text);
	if (age_identities_parse(text.data, text.len, ret, &why) < 0)
		return err_fail(
			err, "the identity file '%s' %s", conf->identity, why.text);
	owner_warn_open_source(ctx, "identity file", conf->identity);
	return 0;
}

static void remember(struct ctx *ctx, const struct buf *plain)
{
	if (plain->len > HIDDEN_MAX)
		secrets_add_bytes(ctx->secrets, plain->data, HIDDEN_MAX);
	else if (memchr(plain->data, '\0', plain->len))
		secrets_add_bytes(ctx->secrets, plain->data, plain->len);
	else
		secrets_add(ctx->secrets, plain->data);
}

static int decrypt(const struct step *step, struct ctx *ctx,
	const struct age_identities *identities, struct buf *ret, struct err *err)
{
	const struct secret_conf *conf = step->conf;
	CLEANUP_BUF struct buf file = BUF_INIT;
	size_t before = ret->len;
	DECLARE_ERR(why);
	int rc = fs_read(&ctx->fs, conf->source, FS_ANY, SOURCE_MAX, &file, err);

	if (rc == 1)
		return missing(step, ctx, "source", conf->source, err);
	if (rc < 0)
		return step_locate_key(step, "source", err);
	if (age_decrypt(file.data, file.len, identities, ret, &why) < 0) {
		err_fail(err, "'%s' %s", conf->source, why.text);
		return why.code == ENOKEY ? err_append(err, " of '%s'", conf->identity)
					  : -1;
	}
	if (ret->len == before)
		return err_fail(
			err, "'%s' holds an empty text; encrypt it again", conf->source);
	return 0;
}

int secret_check(const struct ctx *ctx, const char *path, struct err *err)
{
	CLEANUP_BUF struct buf file = BUF_INIT;
	DECLARE_ERR(why);

	if (fs_read(&ctx->fs, path, FS_ANY, CHECKED_MAX, &file, &why) != 0 ||
		age_check(file.data, file.len, &why) == 0)
		return 0;
	return err_fail(err, "'%s' %s", path, why.text);
}

int secret_open(
	const struct step *step, struct ctx *ctx, struct buf *ret, struct err *err)
{
	CLEANUP_IDENTITIES struct age_identities identities = {0};

	if (read_identities(step, ctx, &identities, err) < 0 ||
		decrypt(step, ctx, &identities, ret, err) < 0)
		return -1;
	remember(ctx, ret);
	return 0;
}

int secret_text(const struct secret_conf *conf, const struct buf *plain, struct buf *ret,
	struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (plain->len > VALUE_MAX)
		return err_fail(err,
			"'%s' holds more than a value can, 1 MiB; write it to a file "
			"with `path`",
			conf->source);
	if (memchr(plain->data, '\0', plain->len))
		return err_fail(err,
			"'%s' holds a NUL byte, which no value can; write it to a file "
			"with `path`",
			conf->source);
	buf_add(&text, plain->data, plain->len);
	step_drop_newline(&text);
	buf_add(ret, text.data, text.len);
	return 0;
}
