/* SPDX-License-Identifier: MIT */
/* The kind `key`: random key material, made once and never again. */
#include <string.h>
#include <sys/statvfs.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/kinds.h"
#include "step/owner.h"
#include "step/parents.h"

#define KEY_BYTES_MAX 4096
#define KEY_FILE_MAX  ((size_t)64 * 1024)

struct key_conf {
	const char *path;
	int type;
	int64_t bytes;
	int encoding;
	const char *prefix;
	struct field_mode mode;
	struct field_name owner;
	struct field_name group;
	const char *env;
	bool validate;
	struct list guards;
};

/* In the order of enum encoding. */
static const char *const encodings[] = {"hex", "base64", "base64url", "raw", NULL};

static const struct field fields[] = {
	{"path", FIELD_PATH, offsetof(struct key_conf, path), .required = true,
		.help = "the file that keeps it"},
	{"type", FIELD_ENUM, offsetof(struct key_conf, type), "random",
		.choices = (const char *const[]){"random", NULL},
		.help = "what kind of material it is"},
	{"bytes", FIELD_COUNT, offsetof(struct key_conf, bytes), "32",
		.help = "how many random bytes, 16 to 4096"},
	{"encoding", FIELD_ENUM, offsetof(struct key_conf, encoding), "hex",
		.choices = encodings,
		.help = "how the bytes are written; base64url has no padding"},
	{"prefix", FIELD_STRING, offsetof(struct key_conf, prefix),
		.help = "text in front of the encoded bytes, such as base64:"},
	{"mode", FIELD_MODE, offsetof(struct key_conf, mode), "0600", .help = "of the file"},
	{"owner", FIELD_USER, offsetof(struct key_conf, owner),
		.help = "user that it belongs to (default: the application's)"},
	{"group", FIELD_GROUP, offsetof(struct key_conf, group),
		.help = "group that it belongs to"},
	{"env", FIELD_STRING, offsetof(struct key_conf, env),
		.help = "variable in which the application finds it; set already, that value "
			"counts and no file is made"},
	{"validate", FIELD_BOOL, offsetof(struct key_conf, validate), "yes",
		.help = "whether an existing key must have this encoding and length"},
	{"guards", FIELD_PATHS, offsetof(struct key_conf, guards),
		.help = "data made under this key: where it is and the key is not, no new key "
			"is made"},
	{0},
};

static void validate_section(const struct section *section, struct problems *problems)
{
	const struct setting *encoding = section_get(section, "encoding");
	const struct setting *env = section_get(section, "env");
	const struct setting *bytes = section_get(section, "bytes");
	int64_t n;

	if (encoding && env && str_equal(encoding->value->flat, "raw"))
		problems_add(problems, env->at,
			"[%s] env: a raw key can hold any byte and cannot stand in a variable; "
			"use encoding = hex, base64 or base64url",
			section->id);
	if (env && !expand_needed(env->value->flat) &&
		!str_is_name(env->value->flat, strlen(env->value->flat)))
		problems_add(problems, env->at,
			"[%s] env: '%s' is not the name of a variable (A-Z, 0-9, _)", section->id,
			env->value->flat);
	if (bytes && size_parse(bytes->value->flat, &n) && (n < 16 || n > KEY_BYTES_MAX))
		problems_add(problems, bytes->at, "[%s] bytes: %lld is not in 16 … %d",
			section->id, (long long)n, KEY_BYTES_MAX);
}

/* ---- what a key must look like ---- */

/* Checks a key's form; `source` says where it comes from. Never prints any of it. */
static int check_form(const struct key_conf *conf, const struct buf *key, const char *source,
	struct err *err)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	size_t prefix = strlen(conf->prefix);

	if (!key->len)
		return err_fail(err,
			"%s is empty; no new key is made over it: restore the key, or remove "
			"what is empty if nothing was made under it",
			source);
	if (!conf->validate)
		return 0;
	if (strncmp(key->data, conf->prefix, prefix) != 0)
		return err_fail(err,
			"%s does not begin with the prefix '%s'; it is left as it is", source,
			conf->prefix);
	if (!crypto_decode((enum encoding)conf->encoding, key->data + prefix,
		    key->len - prefix, &bytes))
		return err_fail(err,
			"%s is not %s; it is left as it is: correct `encoding`, or restore it",
			source, encodings[conf->encoding]);
	if (bytes.len != (size_t)conf->bytes)
		return err_fail(err,
			"%s holds %zu bytes, not %lld; it is left as it is: correct `bytes`, or "
			"restore it",
			source, bytes.len, (long long)conf->bytes);
	return 0;
}

/* One trailing newline is what an editor or a shell adds: it is not the key's. */
static void drop_newline(const struct key_conf *conf, struct buf *key)
{
	if (conf->encoding == ENCODING_RAW)
		return;
	if (!key->len || key->data[key->len - 1] != '\n')
		return;
	buf_truncate(key, key->len - 1);
	if (key->len > 0 && key->data[key->len - 1] == '\r')
		buf_truncate(key, key->len - 1);
}

/* The mounts of Kubernetes and Docker cannot do better, and are read-only. */
static void warn_if_open(const struct key_conf *conf, const struct ctx *ctx, mode_t mode)
{
	struct statvfs fs;
	mode_t extra = mode & 077 & ~conf->mode.mode;

	if (!extra || conf->mode.set)
		return;
	if (statvfs(conf->path, &fs) == 0 && (fs.f_flag & ST_RDONLY))
		return;
	log_warn(ctx->log,
		"the key '%s' has mode %04o, which lets others at it; chmod %04o it, or write "
		"`mode` into the step",
		conf->path, (unsigned)(mode & 07777), (unsigned)conf->mode.mode);
}

/* ---- where a key is ---- */

/* The stored key: 0 · 1 there is none · -1 it is there and not usable. */
static int read_stored(
	const struct key_conf *conf, struct ctx *ctx, struct buf *ret, struct err *err)
{
	struct stat link;
	int rc = fs_read(conf->path, KEY_FILE_MAX, ret, NULL, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		rc = fs_lookup(conf->path, &link, err);
		if (rc != 0)
			return rc;
		if (!S_ISLNK(link.st_mode)) /* made just now, by another process */
			return read_stored(conf, ctx, ret, err);
		return err_fail(err, "'%s' is a link to nothing; no key is made through it",
			conf->path);
	}
	drop_newline(conf, ret);
	if (conf->encoding != ENCODING_RAW)
		secrets_add(ctx->secrets, ret->data);
	return check_form(
		conf, ret, arena_printf(ctx->arena, "the key '%s'", conf->path), err);
}

/* The key in the environment: 0 · 1 there is none · -1 it is there and not usable. */
static int read_env(
	const struct key_conf *conf, struct ctx *ctx, struct buf *ret, struct err *err)
{
	const char *value = *conf->env ? env_get(ctx->env, conf->env) : NULL;

	if (!value || !*value)
		return 1;
	secrets_add(ctx->secrets, value);
	buf_puts(ret, value);
	return check_form(conf, ret,
		arena_printf(ctx->arena, "the key in the variable %s", conf->env), err);
}

/* Two keys that differ are a riddle that no program may solve by choosing one. */
static int compare(const struct key_conf *conf, const struct buf *stored,
	const struct buf *given, struct err *err)
{
	char stored_print[FINGERPRINT_MAX], given_print[FINGERPRINT_MAX];

	if (stored->len == given->len && crypto_equal(stored->data, given->data, given->len))
		return 0;
	crypto_fingerprint(stored->data, stored->len, stored_print);
	crypto_fingerprint(given->data, given->len, given_print);
	return err_fail(err,
		"the variable %s (%s) and the file '%s' (%s) hold different keys; remove the "
		"one that is wrong",
		conf->env, given_print, conf->path, stored_print);
}

/* The key wherever it is: 0 appended · 1 nowhere yet · -1. */
static int find_key(const struct key_conf *conf, struct ctx *ctx, struct buf *ret,
	struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf given = BUF_INIT;
	char print[FINGERPRINT_MAX];
	int in_env = read_env(conf, ctx, &given, err);
	int in_file = in_env < 0 ? -1 : read_stored(conf, ctx, ret, err);

	if (in_env < 0 || in_file < 0)
		return -1;
	if (in_env == 0 && in_file == 0 && compare(conf, ret, &given, err) < 0)
		return -1;
	if (in_file == 0) {
		crypto_fingerprint(ret->data, ret->len, print);
		buf_printf(why, "'%s' holds the key %s", conf->path, print);
		return 0;
	}
	if (in_env == 1)
		return 1;
	buf_add(ret, given.data, given.len);
	crypto_fingerprint(given.data, given.len, print);
	buf_printf(why, "the variable %s holds the key %s", conf->env, print);
	return 0;
}

/*
 * Guards are looked at before the key: a key is always made before its data, so data that
 * was there at a moment after which the key is still missing has lost its key.
 */
static const char *guarded_data(const struct key_conf *conf, struct err *err, bool *ret_error)
{
	for (size_t i = 0; i < conf->guards.count; i++) {
		const char *path = conf->guards.items[i];
		struct stat st;
		int empty;
		int rc = fs_lookup(path, &st, err);

		*ret_error = rc < 0;
		if (rc < 0)
			return path;
		if (rc == 1)
			continue;
		if (!S_ISDIR(st.st_mode))
			return path;
		empty = fs_dir_empty(path, err);
		*ret_error = empty < 0;
		if (empty != 1)
			return path;
	}
	return NULL;
}

/* ---- the contract ---- */

/* As find_key(), and an error where the key of data that is there is nowhere. */
static int find_or_refuse(const struct key_conf *conf, struct ctx *ctx, struct buf *ret,
	struct buf *why, struct err *err)
{
	bool error = false;
	const char *guarded = guarded_data(conf, err, &error);
	int rc = error ? -1 : find_key(conf, ctx, ret, why, err);

	if (rc != 1 || !guarded)
		return rc;
	return err_fail(err,
		"the key '%s' is missing, and '%s', which was made under it, is there; "
		"restore the key from a backup, or move the data away: a new key would make "
		"it useless",
		conf->path, guarded);
}

static int check(const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct key_conf *conf = step->conf;
	CLEANUP_BUF struct buf key = BUF_INIT;
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct fs_attr attr;
	struct stat st;
	int rc = find_or_refuse(conf, ctx, &key, why, err);

	if (rc < 0 || owner_attr(ctx, &conf->mode, &conf->owner, &conf->group, &attr, err) < 0)
		return -1;
	if (rc == 1) {
		buf_printf(why, "make a new key in '%s' (%lld random bytes, %s, %04o)",
			conf->path, (long long)conf->bytes, encodings[conf->encoding],
			(unsigned)attr.mode);
		parents_tell(ctx, conf->path, why);
		return TO_DO;
	}
	if (fs_lookup(conf->path, &st, err) != 0 || S_ISLNK(st.st_mode))
		return IN_PLACE;
	warn_if_open(conf, ctx, st.st_mode);
	if (!fs_attr_differs(&st, &attr, &differs))
		return IN_PLACE;
	buf_truncate(why, 0);
	buf_printf(why, "fix '%s': %s", conf->path, differs.data);
	return TO_DO;
}

static void generate(const struct key_conf *conf, struct buf *ret)
{
	unsigned char bytes[KEY_BYTES_MAX];

	crypto_random(bytes, (size_t)conf->bytes);
	buf_puts(ret, conf->prefix);
	crypto_encode((enum encoding)conf->encoding, bytes, (size_t)conf->bytes, ret);
	mem_wipe(bytes, sizeof bytes);
}

/* Mode and owner of a stored key: 1 changed · 0 · -1. A key given otherwise has none. */
static int fix_file(const struct key_conf *conf, const struct fs_attr *attr, struct err *err)
{
	enum fs_outcome outcome;
	struct stat st;
	int rc = fs_lookup(conf->path, &st, err);

	if (rc != 0 || S_ISLNK(st.st_mode))
		return rc < 0 ? -1 : 0;
	if (fs_fix(conf->path, attr, &outcome, err) < 0)
		return -1;
	return outcome == FS_FIXED;
}

static int apply(const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct key_conf *conf = step->conf;
	CLEANUP_BUF struct buf key = BUF_INIT;
	struct fs_attr attr;
	enum fs_outcome outcome;
	char print[FINGERPRINT_MAX];
	int rc = find_or_refuse(conf, ctx, &key, did, err); /* --force: nobody checked */

	if (rc < 0 || owner_attr(ctx, &conf->mode, &conf->owner, &conf->group, &attr, err) < 0)
		return -1;
	if (rc == 0)
		return fix_file(conf, &attr, err);
	if (conf->bytes < 16 || conf->bytes > KEY_BYTES_MAX)
		return err_config(err, "bytes: %lld is not in 16 … %d", (long long)conf->bytes,
			KEY_BYTES_MAX);
	generate(conf, &key);
	if (conf->encoding != ENCODING_RAW)
		secrets_add(ctx->secrets, key.data);
	if (fs_write(conf->path, key.data, key.len, &attr, false, &outcome, err) < 0)
		return -1;
	if (outcome == FS_THERE) {
		/* Another process was first: its key is the key. */
		buf_truncate(&key, 0);
		rc = find_key(conf, ctx, &key, did, err);
		if (rc != 1)
			return rc;
		return err_set(err, ERR_TEMPORARY,
			"the key '%s' came and went: another process is at it", conf->path);
	}
	owner_warn(ctx, conf->path, &attr);
	crypto_fingerprint(key.data, key.len, print);
	buf_printf(did, "made the key %s in '%s'", print, conf->path);
	return 1;
}

static int value(const struct step *step, struct ctx *ctx, struct buf *ret, struct err *err)
{
	const struct key_conf *conf = step->conf;
	CLEANUP_BUF struct buf key = BUF_INIT;
	CLEANUP_BUF struct buf why = BUF_INIT;
	int rc;

	if (conf->encoding == ENCODING_RAW)
		return err_config(err, "%s: a raw key can hold any byte and has no value as a "
				       "text; use another encoding",
			step->id);
	rc = find_key(conf, ctx, &key, &why, err);
	if (rc == 0)
		buf_add(ret, key.data, key.len);
	return rc;
}

static const char *variable(const struct step *step)
{
	const struct key_conf *conf = step->conf;

	return conf->env;
}

const struct kind kind_key = {
	.name = "key",
	.summary = "random key material, made once",
	.order = 10,
	.size = sizeof(struct key_conf),
	.fields = fields,
	.validate = validate_section,
	.check = check,
	.apply = apply,
	.value = value,
	.variable = variable,
};
