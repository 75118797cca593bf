/* SPDX-License-Identifier: MIT */
/* What is there of a certificate, and whether it is right. */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "step/cert_work.h"

#define NOT_OURS "; move it away, or write another path"

void cert_found_release(struct cert_found *found)
{
	certificate_release(&found->ca);
	certificate_release(&found->cert);
	private_key_release(&found->key);
}

/* Returns 0, 1 where it is missing, or -1, also for a link that leads to nothing. */
static int read_pem(struct ctx *ctx, const char *path, struct buf *ret, struct err *err)
{
	int rc = fs_read(&ctx->fs, path, FS_OURS, CERT_FILE_MAX, ret, err);
	struct stat st;

	if (rc != 1)
		return rc;
	rc = fs_lookup(&ctx->fs, path, FS_ANY, &st, err);
	if (rc == 0 && S_ISLNK(st.st_mode))
		return err_fail(err,
			"'%s' is a link to nothing; nothing is made through it", path);
	return rc < 0 ? -1 : 1;
}

int cert_read(struct ctx *ctx, const char *path, struct x509_st **ret, struct err *err)
{
	CLEANUP_BUF struct buf pem = BUF_INIT;
	int rc = read_pem(ctx, path, &pem, err);

	if (rc != 0)
		return rc;
	*ret = certificate_parse(&pem);
	if (!*ret)
		return err_fail(err, "'%s' holds no certificate" NOT_OURS, path);
	return 0;
}

int cert_read_key(struct ctx *ctx, const char *path, struct evp_pkey_st **ret,
	bool *ret_ours, struct err *err)
{
	CLEANUP_BUF struct buf pem = BUF_INIT;
	int rc = read_pem(ctx, path, &pem, err);

	if (rc != 0)
		return rc;
	*ret = private_key_parse(&pem);
	if (!*ret && strstr(pem.data, "ENCRYPTED"))
		return err_fail(err,
			"the private key '%s' has a passphrase, and nobody types it at a "
			"start; write the key without it: openssl pkey -in '%s' -out NEW",
			path, path);
	if (!*ret)
		return err_fail(err,
			"'%s' holds no private key in PEM without a passphrase" NOT_OURS,
			path);
	if (ret_ours)
		*ret_ours = str_starts(pem.data, CERT_KEY_MARK);
	return 0;
}

/* Is the CA one that can sign? It may end before the next certificate would. */
static int judge_ca(
	const struct step *step, struct ctx *ctx, struct x509_st *ca, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	int64_t left = certificate_until(ca) - clock_epoch();

	if (!certificate_is_authority(ca))
		return err_fail(
			err, "'%s' is the certificate of no CA" NOT_OURS, conf->ca);
	if (left <= 0)
		return err_fail(err,
			"the CA '%s' has ended; move it and its key away, and a new one "
			"is made, which its clients then have to get",
			conf->ca);
	if (left < cert_renew_before(step))
		log_warn(ctx->log,
			"[%s] the CA '%s' ends in %lld days, and is not "
			"renewed: its clients know it",
			step->id, conf->ca, (long long)(left / DAY));
	return 0;
}

/* Adds the first name that one list has and the other has not. */
static bool names_differ(
	const struct list *names, const struct x509_st *cert, struct buf *why)
{
	CLEANUP_BUF struct buf had = BUF_INIT;
	CLEANUP_BUF struct buf line = BUF_INIT;
	const char *at;

	buf_puts(&had, "\n");
	certificate_names(cert, &had);
	for (size_t i = 0; i < names->count; i++) {
		buf_truncate(&line, 0);
		buf_printf(&line, "\n%s\n", names->items[i]);
		if (strstr(had.data, line.data))
			continue;
		buf_printf(why, "has no name %s", strchr(names->items[i], ':') + 1);
		return true;
	}
	for (at = had.data + 1; *at; at = strchr(at, '\n') + 1) {
		buf_truncate(&line, 0);
		buf_add(&line, at, strcspn(at, "\n"));
		if (list_has(names, line.data))
			continue;
		buf_printf(why, "has the name %s", strchr(line.data, ':') + 1);
		return true;
	}
	return false;
}

/* Is it near its end? Not where a new one would end no later, with its CA. */
static bool is_due(
	const struct step *step, const struct cert_found *found, struct buf *why)
{
	int64_t until = certificate_until(found->cert);
	int64_t left = until - clock_epoch();

	if (left >= cert_renew_before(step) ||
		(found->ca && left > 0 && until >= certificate_until(found->ca)))
		return false;
	if (left <= 0)
		buf_puts(why, "has ended");
	else if (left < 2 * DAY)
		buf_printf(why, "ends in %lld hours", (long long)(left / 3600));
	else
		buf_printf(why, "ends in %lld days", (long long)(left / DAY));
	return true;
}

/* The reason why it is made anew; "" where there is none. */
static int judge_cert(const struct step *step, struct ctx *ctx, struct cert_found *found,
	struct buf *why, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	enum private_key_type type = (enum private_key_type)conf->type;
	struct list names;

	if (cert_all_names(step, ctx, &names, err) < 0)
		return -1;
	if (certificate_maker(found->cert) == CERTIFICATE_FOREIGN)
		return err_fail(err,
			"the certificate '%s' was not made here, and is not replaced; "
			"move it away with its key, or leave this step out",
			conf->cert);
	if (certificate_from(found->cert) > clock_epoch())
		return err_fail(err,
			"the certificate '%s' is not valid yet: is the clock right?",
			conf->cert);
	if (!found->key) {
		buf_puts(why, "has no key any more");
		return 0;
	}
	found->keep_key = true;
	if (!certificate_fits(found->cert, found->key)) {
		buf_puts(why, "does not fit its key");
		return 0;
	}
	found->keep_key = certificate_maker(found->cert) == CERTIFICATE_KEY_KEPT;
	if (!private_key_is(found->key, type))
		buf_puts(why, "has a key of another type");
	else if (*conf->ca && certificate_signed_by(found->cert, found->cert))
		buf_puts(why, "signed itself");
	else if (*conf->ca && !found->ca)
		buf_puts(why, "has lost its CA");
	else if (!certificate_signed_by(found->cert, found->ca ? found->ca : found->cert))
		buf_puts(why,
			*conf->ca ? "was signed by another CA" : "was signed by a CA");
	else if (!names_differ(&names, found->cert, why))
		(void)is_due(step, found, why);
	return 0;
}

int cert_look(const struct step *step, struct ctx *ctx, struct cert_found *ret,
	struct buf *why, struct err *err)
{
	const struct cert_conf *conf = step->conf;
	size_t before = why->len;

	if (*conf->ca) {
		int rc = cert_read(ctx, conf->ca, &ret->ca, err);

		if (rc < 0 || (rc == 0 && judge_ca(step, ctx, ret->ca, err) < 0))
			return -1;
	}
	if (cert_read(ctx, conf->cert, &ret->cert, err) < 0 ||
		cert_read_key(ctx, conf->key, &ret->key, &ret->key_ours, err) < 0)
		return -1;
	ret->keep_key = ret->key != NULL;
	if (ret->cert && judge_cert(step, ctx, ret, why, err) < 0)
		return -1;
	if (ret->cert && why->len == before)
		return IN_PLACE;
	if (!ret->keep_key || private_key_is(ret->key, (enum private_key_type)conf->type))
		return TO_DO;
	if (!ret->key_ours)
		return err_fail(err,
			"the key '%s' existed before its certificate, and is not of this "
			"`type`; it is not replaced" NOT_OURS,
			conf->key);
	ret->keep_key = false;
	return TO_DO;
}
