/* SPDX-License-Identifier: MIT */
/* The kind `cert`: a certificate and its key, made together and renewed in time. */
#include <errno.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "step/cert_work.h"
#include "step/clash.h"
#include "step/parents.h"

#define ROUNDS 100

/*
 * Would it be signed, and accepted? A CA that is to be made signs whatever could sign
 * itself.
 */
static int plan_signing(const struct step *step, struct ctx *ctx,
	const struct cert_found *found, struct err *err)
{
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *key = NULL;
	DECLARE_ERR(why);

	if (!ctx->planning)
		return 0;
	if (!found->ca || cert_read_ca_key(step->conf, ctx, found->ca, &key, &why) == 0)
		return cert_try(step, ctx, found, key, err);
	/* It may be planned by another user than it is done by. */
	if (why.code == EACCES)
		return 0;
	*err = why;
	return -1;
}

static int plan_pair(const struct step *step, struct ctx *ctx,
	const struct cert_found *found, struct buf *why, struct err *err)
{
	const struct cert_conf *conf = step->conf;

	if (found->keep_key)
		buf_printf(why, ", for the key '%s'", conf->key);
	else
		buf_printf(why, ", with a new key '%s'", conf->key);
	if (*conf->ca && !found->ca)
		buf_printf(why, ", signed by a new CA '%s' with the key '%s'", conf->ca,
			cert_ca_key(conf, ctx->arena));
	if (plan_signing(step, ctx, found, err) < 0 ||
		parents_check_new(ctx, "create", conf->cert, why, err) < 0 ||
		(!found->keep_key &&
			parents_check_new(ctx, "create", conf->key, why, err) < 0) ||
		(*conf->ca && !found->ca &&
			parents_check_new(ctx, "create", conf->ca, why, err) < 0))
		return -1;
	return TO_DO;
}

/* Mode and owner of a file that is there. */
static int check_file(struct ctx *ctx, const char *path, const struct fs_attr *attr,
	bool key, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct stat st;
	int rc = fs_lookup(&ctx->fs, path, FS_ANY, &st, err);

	if (rc < 0)
		return -1;
	if (rc == 1 || S_ISLNK(st.st_mode))
		return IN_PLACE;
	if (key && !attr->fix_mode)
		owner_warn_open(ctx, "key", path, st.st_mode, attr->mode,
			", or write `mode` into the step");
	if (!fs_attr_differs(&st, attr, &differs)) {
		owner_warn(ctx, attr, path, &st, key);
		return IN_PLACE;
	}
	step_change(ctx, CHANGE_CHANGED);
	buf_separate(why, "; ");
	buf_printf(why, "fix '%s': %s", path, differs.data);
	return parents_check_fix(ctx, path, err);
}

static void add_until(struct buf *to, const struct x509_st *cert)
{
	char day[CLOCK_TEXT_MAX];

	clock_day(certificate_until(cert), day);
	buf_printf(to, " valid until %s", day);
}

static void add_in_place(
	const struct cert_conf *conf, const struct cert_found *found, struct buf *to)
{
	buf_printf(to, "'%s' is", conf->cert);
	add_until(to, found->cert);
	buf_puts(to, ", and fits its key");
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	CLEANUP_CERT_FOUND struct cert_found found = {0};
	CLEANUP_BUF struct buf reason = BUF_INIT;
	struct fs_attr attr, public;
	int rc, key, cert;

	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	rc = cert_look(step, ctx, &found, &reason, err);
	if (rc < 0)
		return -1;
	if (rc == TO_DO) {
		step_change(ctx, found.cert ? CHANGE_CHANGED : CHANGE_MADE);
		buf_printf(why, "make the certificate '%s'", conf->cert);
		if (reason.len)
			buf_printf(why, " anew (the old one %s)", reason.data);
		return plan_pair(step, ctx, &found, why, err);
	}
	public = cert_attr(&attr);
	key = check_file(ctx, conf->key, &attr, true, why, err);
	cert = key < 0 ? -1 : check_file(ctx, conf->cert, &public, false, why, err);
	if (cert < 0)
		return -1;
	if (key == IN_PLACE && cert == IN_PLACE)
		add_in_place(conf, &found, why);
	return key == TO_DO ? key : cert;
}

/* Mode and owner of both. */
static int fix(const struct cert_conf *conf, struct ctx *ctx,
	const struct cert_found *found, const struct fs_attr *attr, struct buf *did,
	struct err *err)
{
	struct fs_attr public = cert_attr(attr);
	int key = owner_fix_file(ctx, conf->key, attr, err);
	int cert = key < 0 ? -1 : owner_fix_file(ctx, conf->cert, &public, err);

	if (cert < 0)
		return -1;
	if (key || cert)
		buf_printf(did, "fixed mode and owner of '%s'",
			key ? conf->key : conf->cert);
	else
		add_in_place(conf, found, did);
	return key | cert;
}

/* What was made, until when it is valid, and what was wrong with the old one. */
static void add_made(const struct cert_conf *conf, struct ctx *ctx,
	const struct cert_found *found, bool ca_made, const struct buf *reason,
	struct buf *did)
{
	buf_printf(did, "made the certificate '%s'%s,", conf->cert,
		reason->len ? " anew" : "");
	add_until(did, found->cert);
	if (reason->len)
		buf_printf(did, " (the old one %s)", reason->data);
	if (!ca_made)
		return;
	buf_printf(did, ", and its CA '%s' with the key '%s',", conf->ca,
		cert_ca_key(conf, ctx->arena));
	add_until(did, found->ca);
}

/*
 * Until what was made is what is there: of processes that make it at once and have no
 * lock, the last to publish something sees whether it goes together with what others have
 * published.
 */
static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	CLEANUP_BUF struct buf reason = BUF_INIT;
	struct fs_attr attr;
	CLEANUP_FD int lock = -1;
	bool made = false, ca_made = false;

	if (owner_attr(step, ctx, &conf->access, &attr, err) < 0)
		return -1;
	for (int round = 0; round < ROUNDS; round++) {
		CLEANUP_CERT_FOUND struct cert_found found = {0};
		CLEANUP_BUF struct buf why = BUF_INIT;
		int rc = cert_look(step, ctx, &found, &why, err);

		if (rc < 0)
			return -1;
		if (rc == IN_PLACE && !made)
			return fix(conf, ctx, &found, &attr, did, err);
		if (rc == IN_PLACE) {
			owner_warn(ctx, &attr, conf->key, NULL, true);
			add_made(conf, ctx, &found, ca_made, &reason, did);
			return 1;
		}
		if (round == 0) {
			if (cert_lock(conf, ctx, &lock, err) < 0)
				return -1;
			continue;
		}
		if (round == 1) {
			step_change(ctx, found.cert ? CHANGE_CHANGED : CHANGE_MADE);
			buf_puts(&reason, why.data);
			ca_made = *conf->ca && !found.ca;
		}
		rc = cert_make(step, ctx, &found, &attr, err);
		if (rc < 0)
			return -1;
		made |= rc == 1;
	}
	return err_set(err, ERR_TEMPORARY,
		"the certificate '%s' is being changed by other processes", conf->cert);
}

static struct making making(const struct step *step)
{
	(void)step;
	return (struct making){.how = MAKING_TAKEN, .type = S_IFREG, .alone = true};
}

/* Several steps may have one CA, and it may be brought by another one. */
static const char *also(const struct step *step, size_t i, struct arena *arena,
	const char **ret_key, struct making *ret)
{
	const struct cert_conf *conf = step->draft;

	if (i > 1 || !conf->ca || !*conf->ca)
		return NULL;
	*ret = making(step);
	ret->found = true;
	*ret_key = i == 0 || !*conf->ca_key ? "ca" : "ca_key";
	return i == 0 ? conf->ca : cert_ca_key(conf, arena);
}

const struct kind kind_cert = {
	.name = "cert",
	.elsewhere = "certificate tls ssl",
	.summary = "a certificate with its key, signed by itself or by a private CA",
	.example = "[cert:server]\n"
		   "cert = data/tls/server.pem\n"
		   "key = data/tls/server.key\n"
		   "san = app.internal localhost 127.0.0.1\n"
		   "ca = data/tls/ca.pem\n",
	.order = 11,
	.size = sizeof(struct cert_conf),
	.fields = cert_fields,
	.prepare = cert_prepare,
	.check = check,
	.apply = apply,
	.making = making,
	.also = also,
};
