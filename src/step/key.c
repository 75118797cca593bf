/* SPDX-License-Identifier: MIT */
/* The kind `key`: random key material, made once and never again. */
#include <string.h>
#include <sys/statvfs.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/key_find.h"
#include "step/owner.h"
#include "step/parents.h"
#include "step/step.h"

#define KEY_BYTES_MIN 16
#define KEY_BYTES_MAX 4096
#define RAW_KEY \
	"a raw key can hold any byte and has no value as a text; use another encoding"

static const struct field fields[] = {
	{"path", FIELD_PATH, offsetof(struct key_conf, path), .required = true,
		.made = true, .help = "the file that holds it"},
	{"type", FIELD_ENUM, offsetof(struct key_conf, type), "random",
		.choices = (const char *const[]){"random", NULL},
		.help = "what kind of material it is"},
	{"bytes", FIELD_COUNT, offsetof(struct key_conf, bytes), "32",
		.min = KEY_BYTES_MIN, .max = KEY_BYTES_MAX,
		.help = "how many random bytes"},
	{"encoding", FIELD_ENUM, offsetof(struct key_conf, encoding), "hex",
		.choices = key_encodings,
		.help = "how they are written; base64url is without padding"},
	{"prefix", FIELD_STRING, offsetof(struct key_conf, prefix),
		.help = "text in front of the encoded bytes", .example = "base64:"},
	ACCESS_FIELDS(struct key_conf, "0600", "of the file"),
	{"env", FIELD_NAME, offsetof(struct key_conf, env), .exported = true,
		.help = "the application's variable for it; if set, its value is used",
		.example = "SESSION_KEY"},
	{"validate", FIELD_BOOL, offsetof(struct key_conf, validate), "yes",
		.help = "whether an existing key must have this length and encoding"},
	{"guards", FIELD_PATHS, offsetof(struct key_conf, guards),
		.help = "data made under this key: while it exists, no new key is made"},
	{0},
};

static void check_variable(const struct section *section, struct problems *problems)
{
	problems_add(problems, section_get(section, "env")->at,
		"[%s] env: a raw key can hold any byte and cannot stand in a variable; "
		"use encoding = hex, base64 or base64url",
		section->id);
}

static void validate_section(const struct section *section, struct problems *problems)
{
	const struct setting *encoding = section_get(section, "encoding");

	if (encoding && str_equal(encoding->value->flat, "raw") &&
		section_get(section, "env"))
		check_variable(section, problems);
}

/* The same where the values had to be expanded first. */
static void prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct key_conf *conf = step->conf;
	const struct setting *encoding = section_get(step->section, "encoding");

	(void)ctx;
	if (encoding && expand_needed(encoding->value->flat) &&
		conf->encoding == ENCODING_RAW && *conf->env)
		check_variable(step->section, problems);
}

/*
 * Guards are looked up before the key: a key is always made before its data, so data that
 * was there at a moment after which the key is still missing has lost its key.
 */
static int find_guarded(const struct key_conf *conf, const struct ctx *ctx,
	const char **ret, struct err *err)
{
	*ret = NULL;
	for (size_t i = 0; i < conf->guards.count && !*ret; i++) {
		const char *path = conf->guards.items[i];
		struct stat st;
		int missing = fs_lookup(&ctx->fs, path, FS_ANY, &st, err);

		if (missing == 0 && S_ISDIR(st.st_mode))
			missing = fs_dir_empty(path, err);
		if (missing < 0)
			return -1;
		if (missing == 0)
			*ret = path;
	}
	return 0;
}

/* ---- the contract ---- */

/* As key_find(), and an error where guarded data exists and its key is missing. */
static int find_or_refuse(const struct key_conf *conf, struct ctx *ctx, struct buf *ret,
	struct buf *why, struct err *err)
{
	const char *guarded;
	int rc = find_guarded(conf, ctx, &guarded, err);

	if (rc == 0)
		rc = key_find(conf, ctx, ret, why, err);
	if (rc != 1 || !guarded)
		return rc;
	return err_fail(err,
		"the key '%s' is missing, and '%s', which was made under it, is there; "
		"restore the key from a backup, or move the data away: a new key would "
		"make it useless",
		conf->path, guarded);
}

/* The mounts of Kubernetes and Docker cannot do better, and are read-only. */
static void warn_if_open(const struct key_conf *conf, const struct ctx *ctx, mode_t mode)
{
	struct statvfs fs;
	mode_t extra = mode & 077 & ~conf->access.mode.mode;

	if (!extra || conf->access.mode.set)
		return;
	if (statvfs(conf->path, &fs) == 0 && (fs.f_flag & ST_RDONLY))
		return;
	log_warn(ctx->log,
		"the key '%s' has mode %04o, which lets others at it; chmod %04o it, or "
		"write `mode` into the step",
		conf->path, (unsigned)(mode & 07777), (unsigned)conf->access.mode.mode);
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct key_conf *conf = step->conf;
	CLEANUP_BUF struct buf key = BUF_INIT;
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct fs_attr attr;
	struct stat st;
	int rc;

	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	rc = find_or_refuse(conf, ctx, &key, why, err);
	if (rc < 0)
		return -1;
	if (rc == 1) {
		buf_printf(why, "make a new key in '%s' (%lld random bytes, %s, %04o)",
			conf->path, (long long)conf->bytes, key_encodings[conf->encoding],
			(unsigned)attr.mode);
		parents_name(ctx, conf->path, why);
		return TO_DO;
	}
	if (fs_lookup(&ctx->fs, conf->path, FS_ANY, &st, err) != 0 || S_ISLNK(st.st_mode))
		return IN_PLACE;
	warn_if_open(conf, ctx, st.st_mode);
	if (!fs_attr_differs(&st, &attr, &differs)) {
		owner_warn(ctx, conf->path, &st, true);
		return IN_PLACE;
	}
	buf_truncate(why, 0);
	buf_printf(why, "fix '%s': %s", conf->path, differs.data);
	return TO_DO;
}

static void generate(const struct key_conf *conf, struct ctx *ctx, struct buf *ret)
{
	unsigned char bytes[KEY_BYTES_MAX];

	crypto_random(bytes, (size_t)conf->bytes);
	buf_puts(ret, conf->prefix);
	crypto_encode((enum encoding)conf->encoding, bytes, (size_t)conf->bytes, ret);
	secrets_add_bytes(ctx->secrets, bytes, (size_t)conf->bytes);
	mem_wipe(bytes, sizeof bytes);
	key_remember(conf, ctx, ret);
}

/*
 * Mode and owner of a stored key; a key in a variable has none. Returns 1 where they were
 * changed, else 0, or -1.
 */
static int fix_file(const struct key_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, struct err *err)
{
	enum fs_outcome outcome;
	struct stat st;
	int rc = fs_lookup(&ctx->fs, conf->path, FS_ANY, &st, err);

	if (rc != 0 || S_ISLNK(st.st_mode))
		return rc < 0 ? -1 : 0;
	if (fs_fix(&ctx->fs, conf->path, S_IFREG, attr, &outcome, err) < 0)
		return -1;
	return outcome == FS_FIXED;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct key_conf *conf = step->conf;
	CLEANUP_BUF struct buf key = BUF_INIT;
	struct fs_attr attr;
	enum fs_outcome outcome;
	char print[FINGERPRINT_MAX];
	int rc;

	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	rc = find_or_refuse(conf, ctx, &key, did, err); /* --force: there was no check */
	if (rc < 0)
		return -1;
	if (rc == 0)
		return fix_file(conf, ctx, &attr, err);
	generate(conf, ctx, &key);
	if (fs_write(&ctx->fs, conf->path, key.data, key.len, &attr, false, &outcome,
		    err) < 0)
		return -1;
	if (outcome == FS_THERE) {
		/* Created by another process meanwhile: its key is the key. */
		buf_truncate(&key, 0);
		rc = key_find(conf, ctx, &key, did, err);
		if (rc != 1)
			return rc;
		return err_set(err, ERR_TEMPORARY,
			"the key '%s' is being changed by another process", conf->path);
	}
	owner_warn(ctx, conf->path, NULL, true);
	crypto_fingerprint(key.data, key.len, print);
	buf_printf(did, "made the key %s in '%s'", print, conf->path);
	return 1;
}

static const char *no_value(const void *conf)
{
	const struct key_conf *key = conf;

	return key->encoding == ENCODING_RAW ? RAW_KEY : NULL;
}

static int value(
	const struct step *step, struct ctx *ctx, struct buf *ret, struct err *err)
{
	const struct key_conf *conf = step->conf;
	CLEANUP_BUF struct buf key = BUF_INIT;
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct fs_attr attr; /* whose the file may be */
	int rc;

	if (no_value(conf))
		return err_config(err, "%s: %s", step->id, no_value(conf));
	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	rc = key_find(conf, ctx, &key, &why, err);
	if (rc == 0)
		buf_add(ret, key.data, key.len);
	return rc;
}

const struct kind kind_key = {
	.name = "key",
	.summary = "random key material, made once",
	.example = "[key:session]\n"
		   "path = data/session.key\n"
		   "env = SESSION_KEY\n"
		   "guards = data/app.db\n",
	.order = 10,
	.size = sizeof(struct key_conf),
	.fields = fields,
	.validate = validate_section,
	.prepare = prepare,
	.check = check,
	.apply = apply,
	.value = value,
	.no_value = no_value,
};
