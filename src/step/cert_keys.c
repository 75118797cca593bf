/* SPDX-License-Identifier: MIT */
/* The keys of the kind `cert`. */
#include <string.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "step/cert_names.h"
#include "step/cert_work.h"
#include "tls/tls.h"

static const char *const types[] = {
	[PRIVATE_KEY_P256] = "p256", [PRIVATE_KEY_ED25519] = "ed25519", NULL};

static int check_cn(const char *text, struct err *err)
{
	size_t size = strlen(text), length;
	uint32_t code;

	if (size > CERTIFICATE_SUBJECT_MAX)
		return err_config(err,
			"is over %d bytes, which no certificate can have; write a long "
			"name into `san` alone",
			CERTIFICATE_SUBJECT_MAX);
	for (size_t at = 0; at < size; at += length) {
		length = str_character(text + at, size - at, &code);
		if (length == 0)
			return err_config(err, "is no text in UTF-8");
		if (str_is_control(code))
			return err_config(err, "has a control character");
	}
	return 0;
}

#define OFFSET(member) offsetof(struct cert_conf, member)

const struct field cert_fields[] = {
	{"cert", FIELD_PATH, OFFSET(cert), .required = true, .made = true,
		.elsewhere = "path crt certificate cert_file",
		.help = "the file of the certificate, in PEM",
		.example = "data/tls/server.pem"},
	{"key", FIELD_PATH, OFFSET(key), .required = true, .made = true,
		.elsewhere = "private_key key_file",
		.help = "the file of its private key, in PEM (PKCS #8)",
		.example = "data/tls/server.key"},
	{"cn", FIELD_STRING, OFFSET(cn), .check = check_cn, .unquoted = true,
		.elsewhere = "common_name subject",
		.help = "whose it is (default: its first name); a host name or an "
			"address is one of its names, too",
		.example = "app.internal"},
	{"san", FIELD_LIST, OFFSET(san), .check = cert_name_check,
		.elsewhere = "sans alt_names subject_alt_name names dns hosts domains",
		.help = "its names: host names, *.DOMAIN, and addresses",
		.example = "app.internal *.app.internal 127.0.0.1"},
	{"days", FIELD_COUNT, OFFSET(days), "365", .min = 1, .max = 36500,
		.elsewhere = "validity duration valid_for",
		.help = "how long it is valid"},
	{"renew_before", FIELD_DURATION, OFFSET(renew_before_ms), "30d",
		.help = "how long before its end it is made anew; where that is not "
			"written, at most a third of `days`",
		.example = "14d"},
	{"type", FIELD_ENUM, OFFSET(type), "p256", .choices = types,
		.elsewhere = "algorithm key_type curve", .help = "of its key"},
	{"ca", FIELD_PATH, OFFSET(ca),
		.help = "the certificate of the private CA that signs it, made where it "
			"is missing (default: it signs itself)",
		.example = "data/tls/ca.pem"},
	{"ca_key", FIELD_PATH, OFFSET(ca_key), .needs = "ca",
		.help = "the private key of `ca` (default: beside it, ending in .key)",
		.example = "private/ca.key"},
	ACCESS_FIELDS(struct cert_conf, "0600", "of the key's file"),
	{0},
};

int64_t cert_renew_before(const struct step *step)
{
	const struct cert_conf *conf = step->conf;
	int64_t before = conf->renew_before_ms < 0 ? 0 : conf->renew_before_ms / 1000;
	int64_t third = conf->days * DAY / 3;

	if (section_get(step->section, "renew_before") || before < third)
		return before;
	return third;
}

const char *cert_ca_key(const struct cert_conf *conf, struct arena *arena)
{
	const char *dot = strrchr(conf->ca, '.');
	size_t size =
		dot && !strchr(dot, '/') ? (size_t)(dot - conf->ca) : strlen(conf->ca);

	if (*conf->ca_key)
		return conf->ca_key;
	return arena_printf(arena, "%.*s.key", (int)size, conf->ca);
}

static void add_name(struct ctx *ctx, const char *name, struct list *ret)
{
	if (!list_has(ret, name))
		list_add(ret, ctx->arena, name, strlen(name));
}

int cert_all_names(
	const struct step *step, struct ctx *ctx, struct list *ret, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	char name[CERT_NAME_MAX];
	struct list names = {0};
	DECLARE_ERR(ignored); /* a subject need not be a name */

	if (*conf->cn && cert_name(conf->cn, name, &ignored) == 0)
		add_name(ctx, name, &names);
	for (size_t i = 0; i < conf->san.count; i++) {
		if (cert_name(conf->san.items[i], name, err) < 0)
			return step_locate_key(step, "san", err);
		add_name(ctx, name, &names);
	}
	if (!names.count)
		return err_config(err,
			"it would have no name, and no client accepts that: write a host "
			"name or an address into `cn` or `san`");
	*ret = names;
	return 0;
}

/* Each of the four is a file of its own. */
static void judge_paths(
	const struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct cert_conf *conf = step->conf;
	const char *keys[] = {"cert", "key", "ca", "ca_key"};
	const char *paths[] = {conf->cert, conf->key, conf->ca,
		*conf->ca ? cert_ca_key(conf, ctx->arena) : ""};

	for (size_t i = 1; i < 4; i++)
		for (size_t j = 0; j < i; j++)
			if (*paths[i] && *paths[j] &&
				(path_is_below(paths[i], paths[j]) ||
					path_is_below(paths[j], paths[i])))
				problems_add(problems,
					section_place(step->section, keys[i]),
					"[%s] %s: is the path of `%s`, too, or one is in "
					"the other, which is a file",
					step->id, keys[i], keys[j]);
}

void cert_prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct cert_conf *conf = step->conf;
	struct list names;
	DECLARE_ERR(err);

	if (!tls_available)
		problems_add(problems, step->section->at,
			"[%s] this build has no network (NETWORK=no), and no "
			"certificates: nothing can be made",
			step->id);
	if (cert_all_names(step, ctx, &names, &err) < 0)
		problems_add(problems, step->section->at, "[%s] %s", step->id, err.text);
	if (cert_renew_before(step) >= conf->days * DAY)
		problems_add(problems, section_place(step->section, "renew_before"),
			"[%s] renew_before: is not shorter than `days` (%lld): it would "
			"be made anew at each start",
			step->id, (long long)conf->days);
	judge_paths(step, ctx, problems);
}
