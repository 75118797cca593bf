/* SPDX-License-Identifier: MIT */
/* The proxies through which a step asks servers. */
#ifndef STEP_PROXIED_H
#define STEP_PROXIED_H

struct ctx;
struct err;
struct proxies;

/*
 * Finds them in what a command of a step would see, into the arena; users and passwords
 * in them become secrets. Returns 0, or -1 where a variable's file cannot be read.
 */
int proxied_find(struct ctx *ctx, struct proxies *ret, struct err *err);

#endif
