/* SPDX-License-Identifier: MIT */
/* Making a certificate with its key, and its CA. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/version.h"
#include "step/cert_work.h"
#include "step/mounted.h"

#define CA_DAYS     3650
#define BACKDATED   300        /* seconds: for clocks that are behind ours */
#define CLOCK_LEAST 1704067200 /* 2024: no clock is right before it */

#define LOCK_POLL_MS 20
#define LOCK_MOST_MS 3000 /* making takes some milliseconds */

struct fs_attr cert_attr(const struct fs_attr *key)
{
	struct fs_attr attr = *key;

	attr.mode = 0644;
	attr.fix_mode = false;
	return attr;
}

int cert_lock(const struct cert_conf *conf, struct ctx *ctx, int *ret, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_FD int fd = -1;

	if (fs_walk_make(&ctx->fs, conf->cert, &entry, err) < 0)
		return -1;
	/* No file is left behind. */
	fd = openat(entry.dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += LOCK_POLL_MS) {
		if (errno != EWOULDBLOCK || waited >= LOCK_MOST_MS)
			return 0;
		if (stop_sleep(ctx->stop, LOCK_POLL_MS, err) < 0)
			return -1;
	}
	*ret = steal_fd(&fd);
	return 0;
}

/* Stages a text, flushed. */
static int stage(struct ctx *ctx, struct fs_stage *stage, const char *path,
	const struct buf *text, const struct fs_attr *attr, struct err *err)
{
	if (fs_stage_open(&ctx->fs, stage, path, attr, err) < 0 ||
		fs_stage_write(stage, text->data, text->len, err) < 0)
		return -1;
	return fs_stage_settle(stage, err);
}

/* Returns 1, 0 where another process made the file meanwhile, or -1. */
static int publish(struct ctx *ctx, struct fs_stage *stage, bool replace, struct err *err)
{
	enum fs_outcome outcome;

	if (fs_stage_publish(stage, replace, &outcome, err) < 0)
		return -1;
	if (outcome == FS_NOT_ATOMIC)
		mounted_warn(ctx, stage->path);
	return outcome != FS_THERE;
}

/* A key without its certificate is the one that the certificate is made for. */
static int make_ca_key(const struct cert_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, struct evp_pkey_st **ret, struct err *err)
{
	CLEANUP_BUF struct buf pem = BUF_INIT;
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *key = NULL;
	const char *path = cert_ca_key(conf, ctx->arena);
	enum fs_outcome outcome;
	int rc = cert_read_key(ctx, path, ret, NULL, err);

	if (rc != 1)
		return rc;
	key = private_key_make((enum private_key_type)conf->type);
	private_key_print(key, &pem);
	if (fs_write(&ctx->fs, path, pem.data, pem.len, attr, false, &outcome, err) < 0)
		return -1;
	return cert_read_key(ctx, path, ret, NULL, err);
}

static int make_ca(const struct cert_conf *conf, struct ctx *ctx,
	const struct fs_attr *attr, struct evp_pkey_st *key, struct x509_st **ret,
	struct err *err)
{
	CLEANUP_BUF struct buf subject = BUF_INIT;
	CLEANUP_BUF struct buf pem = BUF_INIT;
	CLEANUP_CERTIFICATE struct x509_st *ca = NULL;
	struct fs_attr public = cert_attr(attr);
	struct certificate_spec spec = {
		.from = clock_epoch() - BACKDATED,
		.until = clock_epoch() + (int64_t)CA_DAYS * DAY,
		.authority = true,
	};
	unsigned char random[4];
	enum fs_outcome outcome;

	/* Two CAs are never taken for each other by their names. */
	crypto_random(random, sizeof random);
	buf_puts(&subject, "groundwork CA ");
	crypto_encode(ENCODING_HEX, random, sizeof random, &subject);
	spec.subject = subject.data;
	ca = certificate_make(&spec, key, NULL, NULL, err);
	if (!ca)
		return err_prefix(err, "make the CA '%s'", conf->ca);
	certificate_print(ca, &pem);
	if (fs_write(&ctx->fs, conf->ca, pem.data, pem.len, &public, false, &outcome,
		    err) < 0)
		return -1;
	return cert_read(ctx, conf->ca, ret, err); /* another process's is the CA, too */
}

static int raise_no_ca_key(const struct cert_conf *conf, struct ctx *ctx, struct err *err)
{
	return err_fail(err,
		"the key '%s' of the CA '%s' is missing; restore it, or move the CA "
		"away, and a new one is made, which its clients then have to get",
		cert_ca_key(conf, ctx->arena), conf->ca);
}

int cert_read_ca_key(const struct cert_conf *conf, struct ctx *ctx, struct x509_st *ca,
	struct evp_pkey_st **ret, struct err *err)
{
	const char *path = cert_ca_key(conf, ctx->arena);
	int rc = cert_read_key(ctx, path, ret, NULL, err);

	if (rc != 0)
		return rc < 0 ? -1 : raise_no_ca_key(conf, ctx, err);
	if (!certificate_fits(ca, *ret))
		return err_fail(err,
			"the key '%s' is not that of the CA '%s'; restore the right one",
			path, conf->ca);
	return 0;
}

/* The CA with its key, made where it is missing. */
static int open_ca(const struct cert_conf *conf, struct ctx *ctx,
	struct cert_found *found, const struct fs_attr *attr, struct evp_pkey_st **ret,
	struct err *err)
{
	struct fs_attr private = *attr;
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *key = NULL;
	int rc;

	/* The application, whose the certificate is, needs the CA's certificate alone. */
	private.mode = 0600;
	private.uid = geteuid();
	private.gid = getegid();
	if (!found->ca) {
		rc = make_ca_key(conf, ctx, &private, &key, err);
		if (rc == 0)
			rc = make_ca(conf, ctx, attr, key, &found->ca, err);
		if (rc != 0)
			return rc < 0 ? -1 : raise_no_ca_key(conf, ctx, err);
	}
	return cert_read_ca_key(conf, ctx, found->ca, ret, err);
}

/*
 * `cn`, else its first name that a subject has room for: without a subject, one that
 * signs itself has no issuer, and clients refuse it.
 */
static const char *find_subject(const struct cert_conf *conf, const struct list *names)
{
	if (*conf->cn)
		return conf->cn;
	for (size_t i = 0; i < names->count; i++) {
		const char *name = strchr(names->items[i], ':') + 1;

		if (strlen(name) <= CERTIFICATE_SUBJECT_MAX)
			return name;
	}
	return PROGRAM;
}

/* What most clients accept, some refuse: of a CA that was not made here. */
static void warn_lax(const struct step *step, struct ctx *ctx, struct x509_st *cert,
	struct x509_st *ca)
{
	const struct cert_conf *conf = step->conf;
	const char *reason = ca ? certificate_is_lax(cert, ca) : NULL;

	if (reason)
		log_warn(ctx->log,
			"[%s] strict clients, as Python 3.13 is one, refuse what the CA "
			"'%s' signs (openssl verify -x509_strict: %s); make the CA anew, "
			"with what it lacks",
			step->id, conf->ca, reason);
}

/* Signs the certificate, and appends it, with its CA where that is no root. */
static int sign(const struct step *step, struct ctx *ctx, const struct cert_found *found,
	struct evp_pkey_st *key, struct evp_pkey_st *ca_key, bool key_kept,
	struct buf *ret, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	CLEANUP_CERTIFICATE struct x509_st *cert = NULL;
	int64_t now = clock_epoch();
	struct certificate_spec spec = {
		.from = now - BACKDATED,
		.until = now + conf->days * DAY,
		.key_kept = key_kept,
	};
	struct list names;

	if (cert_all_names(step, ctx, &names, err) < 0)
		return -1;
	spec.subject = find_subject(conf, &names);
	spec.names = names.items;
	spec.names_count = names.count;
	if (found->ca && spec.until > certificate_until(found->ca))
		spec.until = certificate_until(found->ca);
	cert = certificate_make(&spec, key, found->ca, ca_key, err);
	if (!cert)
		return err_prefix(err, "make the certificate '%s'%s%s%s", conf->cert,
			found->ca ? ", signed by '" : "", conf->ca, found->ca ? "'" : "");
	warn_lax(step, ctx, cert, found->ca);
	certificate_print(cert, ret);
	if (found->ca && !certificate_signed_by(found->ca, found->ca))
		certificate_print(found->ca, ret);
	if (ret->len > CERT_FILE_MAX)
		return err_fail(err,
			"the certificate '%s' would have %zu bytes, more than %zu; write "
			"fewer names into `san`",
			conf->cert, ret->len, CERT_FILE_MAX);
	return 0;
}

/*
 * Both are staged before either is published, and the key goes first: whoever is killed
 * in between leaves a certificate that does not fit, which the next start makes anew.
 */
static int make_pair(const struct step *step, struct ctx *ctx, struct cert_found *found,
	struct evp_pkey_st *ca_key, const struct fs_attr *attr, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *made = NULL;
	CLEANUP_STAGE struct fs_stage key_stage = FS_STAGE_INIT;
	CLEANUP_STAGE struct fs_stage cert_stage = FS_STAGE_INIT;
	CLEANUP_BUF struct buf key = BUF_INIT;
	CLEANUP_BUF struct buf cert = BUF_INIT;
	struct fs_attr public = cert_attr(attr);
	int rc = 1;

	if (!found->keep_key) {
		made = private_key_make((enum private_key_type)conf->type);
		buf_puts(&key, CERT_KEY_MARK);
		private_key_print(made, &key);
		if (stage(ctx, &key_stage, conf->key, &key, attr, err) < 0)
			return -1;
	}
	if (sign(step, ctx, found, made ? made : found->key, ca_key,
		    !made && !found->key_ours, &cert, err) < 0 ||
		stage(ctx, &cert_stage, conf->cert, &cert, &public, err) < 0)
		return -1;
	if (made)
		rc = publish(ctx, &key_stage, found->key != NULL, err);
	return rc == 1 ? publish(ctx, &cert_stage, found->cert != NULL, err) : rc;
}

/* Of the CA, too, that is made on the way. */
static int check_clock(struct err *err)
{
	return clock_epoch() < CLOCK_LEAST
		? err_fail(err, "the clock is wrong: it is before 2024")
		: 0;
}

int cert_try(const struct step *step, struct ctx *ctx, const struct cert_found *found,
	struct evp_pkey_st *ca_key, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *made = NULL;
	CLEANUP_BUF struct buf cert = BUF_INIT;

	if (!found->keep_key)
		made = private_key_make((enum private_key_type)conf->type);
	return check_clock(err) < 0 ? -1
				    : sign(step, ctx, found, made ? made : found->key,
					      ca_key, false, &cert, err);
}

int cert_make(const struct step *step, struct ctx *ctx, struct cert_found *found,
	const struct fs_attr *attr, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	CLEANUP_PRIVATE_KEY struct evp_pkey_st *ca_key = NULL;

	if (check_clock(err) < 0)
		return -1;
	if (*conf->ca && open_ca(conf, ctx, found, attr, &ca_key, err) < 0)
		return -1;
	return make_pair(step, ctx, found, ca_key, attr, err);
}
