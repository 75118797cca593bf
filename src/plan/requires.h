/* SPDX-License-Identifier: MIT */
/*
 * What a step requires: the ids in its `requires`, and every ${key:…} and ${secret:…} in
 * its values.
 */
#ifndef PLAN_REQUIRES_H
#define PLAN_REQUIRES_H

struct conf;
struct ctx;
struct plan;
struct problems;

/* Fills `requires` of every node. What is unknown is one of `problems`. */
void requires_resolve(struct plan *plan, const struct conf *conf, struct ctx *ctx,
	struct problems *problems);

#endif
