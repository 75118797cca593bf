/* SPDX-License-Identifier: MIT */
/*
 * The parts of the kind `cert`: its keys (cert_keys.c), what is there (cert_look.c), and
 * making what is missing (cert_make.c).
 */
#ifndef STEP_CERT_WORK_H
#define STEP_CERT_WORK_H

#include "conf/field.h"
#include "step/owner.h"
#include "step/step.h"
#include "tls/certificate.h"
#include "tls/private_key.h"

#define CERT_FILE_MAX ((size_t)64 * 1024)
#define DAY           86400 /* in seconds */

struct cert_conf {
	const char *cert;
	const char *key;
	const char *cn;
	struct list san;
	int64_t days;
	int64_t renew_before_ms;
	int type; /* enum private_key_type */
	const char *ca;
	const char *ca_key;
	struct access access;
};

extern const struct field cert_fields[];
judge_step cert_prepare;

/* How many seconds before its end a certificate is renewed. */
int64_t cert_renew_before(const struct step *step);

/* `ca_key`, or where it is if that is not written. */
const char *cert_ca_key(const struct cert_conf *conf, struct arena *arena);

/* All its names, as a certificate has them, in the arena. Returns 0, or -1. */
int cert_all_names(
	const struct step *step, struct ctx *ctx, struct list *ret, struct err *err);

/* What is there; each is NULL where it is missing. */
struct cert_found {
	struct x509_st *ca;
	struct x509_st *cert;
	struct evp_pkey_st *key;
	bool keep_key; /* the next certificate is for the key that is there */
	bool key_ours; /* that was made here, as its file says */
};

#define CLEANUP_CERT_FOUND __attribute__((cleanup(cert_found_release)))
void cert_found_release(struct cert_found *found);

/*
 * Looks at what is there, in `ret`, which is all zero. Returns IN_PLACE; TO_DO with the
 * reason in `why`, "" where there is no certificate; or -1, also where something is there
 * that is not ours.
 */
int cert_look(const struct step *step, struct ctx *ctx, struct cert_found *ret,
	struct buf *why, struct err *err);

/*
 * The line in front of a key that was made for a certificate: a start may be killed
 * between the two, and then nothing else says whose it is.
 */
#define CERT_KEY_MARK "Made by groundwork for a certificate\n"

/*
 * Reads a certificate, or a key and whether it has that line (NULL: nobody asks). Returns
 * 0, 1 where it is missing, or -1.
 */
int cert_read(struct ctx *ctx, const char *path, struct x509_st **ret, struct err *err);
int cert_read_key(struct ctx *ctx, const char *path, struct evp_pkey_st **ret,
	bool *ret_ours, struct err *err);

/* Reads the key of this CA, which must be there. Returns 0, or -1. */
int cert_read_ca_key(const struct cert_conf *conf, struct ctx *ctx, struct x509_st *ca,
	struct evp_pkey_st **ret, struct err *err);

/* Mode and owner of the certificate, from those of the key. */
struct fs_attr cert_attr(const struct fs_attr *key);

/*
 * Waits while another process makes the certificates of this directory, which is made
 * where it is missing, and keeps others waiting until `ret` is closed. Without a lock,
 * -1, cert_make() does, too: the file system has none, or whoever has it keeps it.
 * Returns 0, or -1.
 */
int cert_lock(const struct cert_conf *conf, struct ctx *ctx, int *ret, struct err *err);

/*
 * While planning: makes the certificate in memory alone, signed by found->ca with its
 * key, or by itself. Returns 0, or -1 as cert_make() would.
 */
int cert_try(const struct step *step, struct ctx *ctx, const struct cert_found *found,
	struct evp_pkey_st *ca_key, struct err *err);

/*
 * Makes what cert_look() found missing or due, the CA first. Returns 1, 0 where another
 * process made some of it meanwhile, or -1.
 */
int cert_make(const struct step *step, struct ctx *ctx, struct cert_found *found,
	const struct fs_attr *attr, struct err *err);

#endif
