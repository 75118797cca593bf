/* SPDX-License-Identifier: MIT */
/* What the files of the kind `download` share; no other file includes it. */
#ifndef STEP_DOWNLOAD_WORK_H
#define STEP_DOWNLOAD_WORK_H

#include "base/fs.h"
#include "conf/field.h"
#include "net/minisign.h"
#include "net/proxy.h"
#include "net/trust.h"
#include "net/url.h"
#include "step/owner.h"
#include "tls/digest.h"
#include "tls/tls.h"

struct ctx;
struct err;
struct fs_scratch;
struct problems;
struct section;
struct step;

struct download_conf {
	struct list url;
	const char *path;
	const char *digests[TLS_DIGESTS]; /* in hexadecimal; "" */
	const char *minisign;             /* a public key; "" */
	bool minisign_legacy;
	const char *version; /* what the trusted comment must say; "" */
	int64_t size;        /* 0: not known */
	struct access access;
	bool unpack;
	int64_t strip;
	int64_t read_timeout_ms;
	bool resume;
	bool offline_ok;
	const char *header_file;
	const char *ca_file;
	int64_t redirects;
};

/* ---- download_keys.c ---- */

extern const struct field download_fields[];
void download_validate(const struct section *section, struct problems *problems);
void download_prepare(struct step *step, struct ctx *ctx, struct problems *problems);

/* ---- download_verify.c: is it what was asked for? ---- */

/* The digests of what is read or written piece by piece. */
struct download_hashes {
	struct tls_hash hashes[TLS_DIGESTS];
	bool wanted[TLS_DIGESTS];
	uint64_t size;
};

/* Those that the step needs. */
void download_hashes_begin(
	struct download_hashes *hashes, const struct download_conf *conf);
void download_hashes_add(struct download_hashes *hashes, const void *data, size_t size);
void download_hashes_release(struct download_hashes *hashes);
#define CLEANUP_HASHES __attribute__((cleanup(download_hashes_release)))

/* Is another line due of what takes long? Notes when it was. */
bool download_is_due(int64_t *said_ms);

/* Adds all that the file holds, from its beginning. Returns 0, or -1. */
int download_hashes_read(struct download_hashes *hashes, int fd, const char *path,
	struct ctx *ctx, struct err *err);

/*
 * Ends the hashes: is the file `fd` what the step wants? `signature` is the text beside
 * it; NULL where it has none. Returns 1, or 0 with the reason in `why`, which goes on
 * from the file's name.
 */
int download_verify(struct download_hashes *hashes, const struct download_conf *conf,
	int fd, const struct buf *signature, struct buf *why);

/* The path of the signature file, in the arena. */
const char *download_signature_path(
	const struct download_conf *conf, struct arena *arena);

/*
 * Reads that file. Returns 0; 1 where it is missing, or none is needed, or it is too long
 * for a signature, with that in `why`; or -1.
 */
int download_signature_read(const struct download_conf *conf, struct ctx *ctx,
	struct buf *ret, struct buf *why, struct err *err);

/* ---- download_sources.c: what says how servers are asked ---- */

#define HEADERS_MAX 16

struct download_sources {
	struct trust trust;               /* trust_release() */
	struct proxies proxies;           /* in the arena */
	const char *headers[HEADERS_MAX]; /* in the arena */
	size_t headers_count;
};

#define DOWNLOAD_SOURCES_INIT \
	{ \
		.trust = TRUST_INIT \
	}

/* Reads them. Returns 0, or -1 with the key that names the wrong one. */
int download_sources_read(const struct step *step, struct ctx *ctx,
	struct download_sources *ret, struct err *err);

/* While planning: can they be read? Returns TO_DO, or -1. */
int download_sources_check(const struct step *step, struct ctx *ctx, struct err *err);

/* ---- download_fetch.c: getting it ---- */

/* What stays from one try of a step to the next. */
struct download_memory {
	struct fs_stage stage;
	bool open;
	struct download_hashes hashes;
	const char *from;    /* the URL that the last bytes came from, or NULL */
	char validator[256]; /* what that server calls them, or "" */
	bool later;          /* no retry mends why it failed, though time may */
	int64_t others;      /* bytes that another process had when last seen … */
	int64_t others_ms;   /* … to be more than before; 0: no other was seen */
	bool warned;         /* of a `header_file` that others can read */
	bool judged_anew;    /* in this try, what came while it was looked at */
};

/*
 * Fetches the file, and its signature if there is one, from the first URL that has them,
 * verifies both, and leaves the file in memory->stage, settled, and the signature's text
 * in `signature`. `seen` is what was there when it was looked at, or NULL.
 *
 * Returns 0 with the URL it came from in `ret` (NULL: it had been fetched before); 1
 * where another process has published it meanwhile, or was fetching it and has ended: it
 * is then to be looked at again; or -1: ERR_TEMPORARY where time may mend it, with what
 * was fetched by then kept for the next try. After 0 the hashes have ended, and
 * download_forget() is called before it is called again.
 *
 * A file that others write all the time never is as it was seen: without
 * memory->judged_anew, which this sets, it is another's, and with it, it is replaced.
 */
int download_fetch(const struct step *step, struct ctx *ctx,
	struct download_memory *memory, const struct fs_attr *attr,
	const struct stat *seen, struct buf *signature, const struct url **ret,
	struct err *err);

/* ---- download_unpacked.c: a directory made of an archive ---- */

/*
 * Is the directory one that was unpacked from what the step names? Returns IN_PLACE with
 * what lstat(2) says of it, TO_DO where there is none, or -1, also where there is
 * another, or one that others than whose it is to be can have put there.
 */
int download_check_unpacked(const struct step *step, struct ctx *ctx,
	const struct fs_attr *attr, struct stat *ret, struct buf *why, struct err *err);

/* Puts its mode and owner right, with all that is in it. Returns 1, 0 or -1. */
int download_fix_unpacked(const struct step *step, struct ctx *ctx,
	const struct fs_attr *attr, const struct stat *st, struct buf *did,
	struct err *err);

/*
 * Says in a new one what it was made of (an archive may have no such file), and gives it
 * its mode. Returns 0, or -1.
 */
int download_mark(const struct download_conf *conf, const struct fs_scratch *scratch,
	const struct fs_attr *attr, struct err *err);

/* ---- download_archive.c: what it is made of ---- */

/*
 * The option of tar(1) for the archive's compression, which it does not look for in what
 * it reads from a descriptor. Returns 0 with that, or NULL, in `ret`, or -1, also where
 * it is plainly something else; `path` is for messages.
 */
int download_archive_option(
	const char *path, int archive, const char **ret, struct err *err);

/*
 * Before it is fetched: is tar(1) found? Warns where the URL ends as that of a
 * compression whose program is not. Returns 0, or -1.
 */
int download_archive_look_up(const struct step *step, struct ctx *ctx, struct err *err);

/* ---- download_unpack.c: making one ---- */

/* Can tar(1) run as whom the directory is given to? Returns 0, or -1. */
int download_may_unpack(const struct step *step, struct ctx *ctx,
	const struct fs_attr *attr, struct err *err);

/*
 * Unpacks the open file by tar(1), and publishes the directory whole. Returns 1, or 0
 * where another process made it meanwhile, or -1.
 */
int download_unpack(const struct step *step, struct ctx *ctx, int archive,
	const struct fs_attr *attr, struct err *err);

/*
 * Lets go of what is kept; download_fetch() opens it again. What was fetched and not
 * published stays on the disk for that, or for the next start, where the step says so,
 * and where it was not wrong.
 */
void download_forget(struct download_memory *memory);

#endif
