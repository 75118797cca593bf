/* SPDX-License-Identifier: MIT */
/* Services that steps wait for: those of `requires`, and those of the kind `wait`. */
#ifndef STEP_SERVICES_H
#define STEP_SERVICES_H

#include <stddef.h>
#include <stdint.h>

#include "net/address.h"
#include "net/probe.h"

struct buf;
struct ctx;
struct err;
struct list;
struct step;

#define SERVICES_INTERVAL_MS 500 /* of `requires` */

/* Those of one step, in the arena. */
struct services {
	const struct address **list;
	size_t count;
	struct probe_http http;  /* of all URLs among them, but for its `trust` */
	const char *ca_file;     /* that verifies their servers; NULL or "": as usual */
	const struct step *step; /* whose key that is; or NULL */
};

/* A FIELD_LIST's judge of one item. */
int services_check(const char *text, struct err *err);

/*
 * Adds the service of an address, whose password is a secret from then on, also where the
 * address is wrong. Returns 0, or -1 with ERR_CONFIG.
 */
int services_add(
	struct services *services, const char *text, struct ctx *ctx, struct err *err);

/* Can this build ask the one that was added last? Returns 0, or -1 with ERR_CONFIG. */
int services_check_build(const struct services *services, struct err *err);

/* Could what verifies their servers be read? Returns 0, or -1. */
int services_check_trust(
	const struct services *services, struct ctx *ctx, struct err *err);

/* Appends their addresses, as people are shown them. */
void services_name(const struct services *services, struct buf *ret);

/*
 * For `plan --online`: asks them once. Says in `why` what came out, and returns IN_PLACE
 * where all are reached, else UNKNOWABLE.
 */
int services_ask(const struct services *services, struct ctx *ctx, struct buf *why);

/*
 * Waits until all of them are reached, asking each in that interval, or until the
 * deadline of ctx->stop. The step is NULL for --wait. Returns 0 with a line of what was
 * reached in `did`, or -1.
 */
int services_await(const struct services *services, const struct step *step,
	struct ctx *ctx, int64_t interval_ms, struct buf *did, struct err *err);

#endif
