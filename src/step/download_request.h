/* SPDX-License-Identifier: MIT */
/* One request of the kind `download`; no other file than its own includes it. */
#ifndef STEP_DOWNLOAD_REQUEST_H
#define STEP_DOWNLOAD_REQUEST_H

#include "step/download_work.h"

/* Was a server that sends all of a file refused, to keep what is staged? */
enum spared {
	SPARED_NOT,
	SPARED,      /* it has another file, or less of it */
	SPARED_MORE, /* it has another file, and more of it than what is staged */
};

/* What all URLs of a step have in common. */
struct fetching {
	const struct step *step;
	const struct download_conf *conf;
	struct ctx *ctx;
	struct download_memory *memory;
	struct download_sources sources;
	struct buf *signature;
	struct buf reasons; /* of the URLs that were tried */
	bool temporary;     /* time may mend one of them */
	bool later;         /* the same, but only after longer than it is waited for */
	int64_t retry_after_ms;
	enum spared *spared; /* of each URL */
	size_t at;           /* the URL that is being tried */
	bool anew;           /* no URL goes on with what is staged: it is dropped */
};

/* One request of a fetching. */
struct asking {
	struct fetching *fetching;
	const struct url *url;
	bool file;      /* it is the file, not its signature */
	uint64_t from;  /* bytes that we have */
	uint64_t whole; /* bytes of the file, as the server says; 0: not known */
	int64_t said_ms;
	uint64_t said;       /* and one: the KiB or MiB that were said last; 0: none */
	bool unended;        /* nothing but the connection says where that ends */
	uint64_t same;       /* bytes that came, and are what is staged … */
	bool comparing;      /* … while not all of that has come */
	char validator[256]; /* what the server calls them */
	char type[128];
	bool sent;     /* the server has sent of the file, be it of use or not */
	bool complete; /* the server has no more than what we have */
	bool refused;  /* by its status, and another than that the file is missing */
	bool temporary;
	bool later; /* time may mend it, but only after longer than it is waited for */
	int64_t retry_after_ms;
	struct buf *text; /* of the signature */
	struct buf why;   /* "": it is there */
};

/*
 * Asks for it. Returns 0, with the reason in asking->why where it is missing, or -1. What
 * came of the file is in the stage, and in the hashes.
 */
int download_ask(struct asking *asking, const char *url, struct err *err);

/* Empties the stage: what is in it is of no use. Returns 0, or -1. */
int download_begin_anew(struct asking *asking, struct err *err);

#endif
