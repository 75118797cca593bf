/* SPDX-License-Identifier: MIT */
/* The kind `key`: random key material, made once and never again. */
#include <strings.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "step/clash.h"
#include "step/key_find.h"
#include "step/key_public.h"
#include "step/owner.h"
#include "step/parents.h"
#include "step/step.h"

#define RAW_KEY \
	"a raw key can hold any byte and has no value as a text; use another encoding"

static const struct field fields[] = {
	{"path", FIELD_PATH, offsetof(struct key_conf, path), .required = true,
		.made = true, .help = "the file that holds it"},
	{"type", FIELD_ENUM, offsetof(struct key_conf, type), "random",
		.choices = key_types,
		.help = "random bytes, a password, a UUID, or the key of a pair"},
	{"bytes", FIELD_COUNT, offsetof(struct key_conf, bytes), "32",
		.min = KEY_BYTES_MIN, .max = KEY_BYTES_MAX,
		.help = "how many random bytes, or characters of a password"},
	{"encoding", FIELD_ENUM, offsetof(struct key_conf, encoding), "hex",
		.choices = key_encodings,
		.help = "how the bytes are written; base64url is without padding"},
	{"prefix", FIELD_STRING, offsetof(struct key_conf, prefix),
		.help = "text in front of it", .example = "base64:"},
	{"charset", FIELD_STRING, offsetof(struct key_conf, charset), "A-Za-z0-9",
		.check = key_form_check_charset,
		.help = "characters and ranges of which a password is made",
		.example = "A-Za-z0-9_-"},
	ACCESS_FIELDS(struct key_conf, "0600", "of the file"),
	{"public", FIELD_PATH, offsetof(struct key_conf, public), .made = true,
		.help = "the file for the public half of a pair, in the same encoding",
		.example = "data/sign.pub"},
	{"env", FIELD_NAME, offsetof(struct key_conf, env), .exported = true,
		.help = "the application's variable for it; if set, its value is used",
		.example = "SESSION_KEY"},
	{"validate", FIELD_BOOL, offsetof(struct key_conf, validate), "yes",
		.help = "whether an existing key must have this type and length"},
	{"guards", FIELD_PATHS, offsetof(struct key_conf, guards),
		.help = "data made under this key: while it exists, no new key is made"},
	{0},
};

/* What is written for an enum: its index, or -1 where that is known only later. */
static int written(const struct section *section, const char *key)
{
	const struct setting *setting = section_get(section, key);
	const struct field *field = field_find(fields, key);

	for (int i = 0; setting && field->choices[i]; i++)
		if (strcasecmp(setting->value->flat, field->choices[i]) == 0)
			return i;
	return setting ? -1 : 0;
}

static void validate_section(const struct section *section, struct problems *problems)
{
	int type = written(section, "type");
	int encoding = written(section, "encoding");

	if (type >= 0 && encoding >= 0)
		key_form_check_section(section, (enum key_type)type, encoding, problems);
}

/* The same where the values had to be expanded first. */
static void prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct key_conf *conf = step->conf;
	const struct section *section = step->section;

	(void)ctx;
	if (written(section, "type") < 0 || written(section, "encoding") < 0)
		key_form_check_section(
			section, (enum key_type)conf->type, conf->encoding, problems);
	if (*conf->public &&
		(path_is_below(conf->public, conf->path) ||
			path_is_below(conf->path, conf->public)))
		problems_add(problems, section_get(section, "public")->at,
			"[%s] public: is the path of the key itself, or one is in the "
			"other, which is a file",
			section->id);
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
			missing = fs_dir_empty(&ctx->fs, path, err);
		if (missing < 0)
			return -1;
		if (missing == 0)
			*ret = path;
	}
	return 0;
}

/* ---- the contract ---- */

static int refuse_new(const struct key_conf *conf, const char *guarded, struct err *err)
{
	if (!guarded)
		return err_fail(err,
			"the key '%s' is missing, and its public half '%s' is there; "
			"restore the key from a backup, or remove the public half if "
			"nobody relies on it",
			conf->path, conf->public);
	return err_fail(err,
		"the key '%s' is missing, and '%s', which was made under it, is there; "
		"restore the key from a backup, or move the data away: a new key would "
		"make it useless",
		conf->path, guarded);
}

/*
 * As key_find(), and an error where guarded data, or the public half, exists and its key
 * is missing.
 */
static int find_or_refuse(const struct key_conf *conf, struct ctx *ctx, struct buf *ret,
	struct buf *why, struct err *err)
{
	const char *guarded;
	struct stat half;
	int no_half = 1;
	int rc = find_guarded(conf, ctx, &guarded, err);

	if (rc == 0 && *conf->public)
		no_half = fs_lookup(&ctx->fs, conf->public, FS_ANY, &half, err);
	if (rc < 0 || no_half < 0)
		return -1;
	rc = key_find(conf, ctx, ret, why, err);
	if (rc == 1 && (guarded || no_half == 0))
		return refuse_new(conf, guarded, err);
	return rc;
}

static int plan_new(const struct key_conf *conf, struct ctx *ctx, mode_t mode,
	struct buf *why, struct err *err)
{
	step_change(ctx, CHANGE_MADE);
	buf_printf(why, "make a new key in '%s' (", conf->path);
	key_form_describe(conf, why);
	buf_printf(why, ", %04o)", (unsigned)mode);
	if (*conf->public)
		buf_printf(why, ", and its public half '%s'", conf->public);
	if (parents_check_new(ctx, "create", conf->path, why, err) < 0 ||
		(*conf->public &&
			parents_check_new(ctx, "create", conf->public, why, err) < 0))
		return -1;
	return TO_DO;
}

/* Mode and owner of the key that was found; one in a variable has none. */
static int check_file(const struct key_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct stat st;
	int rc = fs_lookup(&ctx->fs, conf->path, FS_ANY, &st, err);

	if (rc < 0)
		return -1;
	if (rc == 1 || S_ISLNK(st.st_mode))
		return IN_PLACE;
	if (!conf->access.mode.set)
		owner_warn_open(ctx, "key", conf->path, st.st_mode,
			conf->access.mode.mode, ", or write `mode` into the step");
	if (!fs_attr_differs(&st, attr, &differs)) {
		owner_warn(ctx, attr, conf->path, &st, true);
		return IN_PLACE;
	}
	step_change(ctx, CHANGE_CHANGED);
	buf_printf(why, "fix '%s': %s", conf->path, differs.data);
	return parents_check_fix(ctx, conf->path, err);
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct key_conf *conf = step->conf;
	CLEANUP_BUF struct buf key = BUF_INIT;
	CLEANUP_BUF struct buf found = BUF_INIT;
	struct fs_attr attr;
	int file, half;
	int rc;

	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	rc = find_or_refuse(conf, ctx, &key, &found, err);
	if (rc == 1)
		return plan_new(conf, ctx, attr.mode, why, err);
	if (rc < 0)
		return -1;
	file = check_file(conf, ctx, &attr, why, err);
	half = file < 0 ? -1 : key_public_check(conf, ctx, &attr, &key, why, err);
	if (half < 0)
		return -1;
	if (file == IN_PLACE && half == IN_PLACE)
		buf_add(why, found.data, found.len);
	return file == TO_DO ? file : half;
}

/* Makes a new key. Returns 1, 0 with the key that another process made, or -1. */
static int make(const struct key_conf *conf, struct ctx *ctx, const struct fs_attr *attr,
	struct buf *ret, struct buf *did, struct err *err)
{
	char room[KEY_NAME_MAX];
	enum fs_outcome outcome;
	int rc;

	key_form_make(conf, ret);
	if (key_take(conf, ctx, ret, "the new key", err) < 0 ||
		fs_write(&ctx->fs, conf->path, ret->data, ret->len, attr, false, &outcome,
			err) < 0)
		return -1;
	if (outcome == FS_MADE) {
		owner_warn(ctx, attr, conf->path, NULL, true);
		step_change(ctx, CHANGE_MADE);
		buf_printf(did, "made %s in '%s'", key_name(conf, ret, room), conf->path);
		return 1;
	}
	/* Created by another process meanwhile: its key is the key. */
	buf_truncate(ret, 0);
	rc = key_find(conf, ctx, ret, did, err);
	if (rc != 1)
		return rc;
	return err_set(err, ERR_TEMPORARY,
		"the key '%s' is being changed by another process", conf->path);
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct key_conf *conf = step->conf;
	CLEANUP_BUF struct buf key = BUF_INIT;
	struct fs_attr attr;
	int made, half;

	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	/* As check(): with --force there was none. */
	made = find_or_refuse(conf, ctx, &key, did, err);
	if (made == 0)
		made = owner_fix_file(ctx, conf->path, &attr, err);
	else if (made == 1)
		made = make(conf, ctx, &attr, &key, did, err);
	if (made < 0)
		return -1;
	half = key_public_apply(conf, ctx, &attr, &key, did, err);
	return half < 0 ? -1 : made | half;
}

static const char *no_value(const void *conf)
{
	const struct key_conf *key = conf;

	return key_form_is_raw(key) ? RAW_KEY : NULL;
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

static struct making making(const struct step *step)
{
	(void)step;
	return (struct making){.how = MAKING_TAKEN, .type = S_IFREG, .alone = true};
}

const struct kind kind_key = {
	.name = "key",
	.elsewhere = "password token",
	.summary = "random key material, made once",
	.example = "[key:session]\n"
		   "path = data/session.key\n"
		   "env = SESSION_KEY\n"
		   "guards = data/app.db\n",
	.order = 10,
	.making = making,
	.size = sizeof(struct key_conf),
	.fields = fields,
	.validate = validate_section,
	.prepare = prepare,
	.check = check,
	.apply = apply,
	.value = value,
	.no_value = no_value,
};
