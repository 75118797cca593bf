/* SPDX-License-Identifier: MIT */
/* Finding a key: in its file, in its variable; what it must look like. */
#include "step/key_find.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/secret_env.h"
#include "step/step.h"

#define KEY_FILE_MAX ((size_t)64 * 1024)

/* ---- what a key must look like ---- */

static void remember(const struct key_conf *conf, struct ctx *ctx, const struct buf *key)
{
	size_t prefix = str_starts(key->data, conf->prefix) ? strlen(conf->prefix) : 0;

	if (key_form_is_raw(conf))
		secrets_add_bytes(ctx->secrets, key->data + prefix, key->len - prefix);
	else
		secrets_add(ctx->secrets, key->data + prefix);
}

int key_take(const struct key_conf *conf, struct ctx *ctx, const struct buf *key,
	const char *source, struct err *err)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	DECLARE_ERR(wrong);
	int rc;

	remember(conf, ctx, key);
	if (!key->len)
		return err_fail(err,
			"%s is empty; no new key is made over it: restore the key, or "
			"remove what is empty if nothing was made under it",
			source);
	rc = key_form_check(conf, key, source, &bytes, &wrong);
	if (bytes.len)
		secrets_add_bytes(ctx->secrets, bytes.data, bytes.len);
	if (rc == 0 || !conf->validate)
		return 0;
	*err = wrong;
	return -1;
}

const char *key_name(
	const struct key_conf *conf, const struct buf *key, char room[KEY_NAME_MAX])
{
	char print[FINGERPRINT_MAX];

	if (conf->type == KEY_PASSWORD)
		return "the password";
	if (!conf->validate)
		return "the key";
	crypto_fingerprint(key->data, key->len, print);
	(void)snprintf(room, KEY_NAME_MAX, "the key %s", print); /* it fits */
	return room;
}

/* ---- where a key is ---- */

/* The stored key. Returns 0, 1 where there is none, or -1 where it is not usable. */
static int read_stored(
	const struct key_conf *conf, struct ctx *ctx, struct buf *ret, struct err *err)
{
	struct stat link;
	int rc = fs_read(&ctx->fs, conf->path, FS_OURS, KEY_FILE_MAX, ret, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		rc = fs_lookup(&ctx->fs, conf->path, FS_ANY, &link, err);
		if (rc != 0)
			return rc;
		if (!S_ISLNK(link.st_mode)) /* made just now, by another process */
			return read_stored(conf, ctx, ret, err);
		return err_fail(err,
			"'%s' is a link to nothing; no key is made through it",
			conf->path);
	}
	if (!key_form_is_raw(conf))
		step_drop_newline(ret);
	return key_take(conf, ctx, ret,
		arena_printf(ctx->arena, "the key '%s'", conf->path), err);
}

/* The same of the key in the variable. */
static int read_env(
	const struct key_conf *conf, struct ctx *ctx, struct buf *ret, struct err *err)
{
	int rc = secret_env_given(ctx, conf->env, ret, err);

	if (rc != 0)
		return rc;
	return key_take(conf, ctx, ret,
		arena_printf(ctx->arena, "the key in the variable %s", conf->env), err);
}

/* Of two keys that differ no program may choose one. */
static int compare(const struct key_conf *conf, const struct buf *stored,
	const struct buf *given, struct err *err)
{
	char stored_print[FINGERPRINT_MAX], given_print[FINGERPRINT_MAX];

	if (stored->len == given->len &&
		crypto_equal(stored->data, given->data, given->len))
		return 0;
	if (conf->type == KEY_PASSWORD || !conf->validate)
		return err_fail(err,
			"the variable %s and the file '%s' hold different keys; remove "
			"the one that is wrong",
			conf->env, conf->path);
	crypto_fingerprint(stored->data, stored->len, stored_print);
	crypto_fingerprint(given->data, given->len, given_print);
	return err_fail(err,
		"the variable %s (%s) and the file '%s' (%s) hold different keys; remove "
		"the one that is wrong",
		conf->env, given_print, conf->path, stored_print);
}

int key_find(const struct key_conf *conf, struct ctx *ctx, struct buf *ret,
	struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf given = BUF_INIT;
	char room[KEY_NAME_MAX];
	int in_env = read_env(conf, ctx, &given, err);
	int in_file = in_env < 0 ? -1 : read_stored(conf, ctx, ret, err);

	if (in_env < 0 || in_file < 0)
		return -1;
	if (in_env == 0 && in_file == 0 && compare(conf, ret, &given, err) < 0)
		return -1;
	if (in_env == 1 && in_file == 1)
		return 1;
	if (in_file == 1)
		buf_add(ret, given.data, given.len);
	if (in_file == 0)
		buf_printf(why, "'%s' holds ", conf->path);
	else
		buf_printf(why, "the variable %s holds ", conf->env);
	buf_puts(why, key_name(conf, ret, room));
	return 0;
}
