/* SPDX-License-Identifier: MIT */
/*
 * What a step requires: the ids in its `requires`, the addresses of services there, and
 * the ids in its values: every ${kind:name} of a kind that has a value.
 */
#ifndef PLAN_REQUIRES_H
#define PLAN_REQUIRES_H

struct conf;
struct ctx;
struct plan;
struct problems;

/*
 * Fills `requires` and `services` of every node, and `parts` of its step. An unknown id
 * goes to `problems`, and so does a section that contributes to a step (kind.part_of)
 * that there is not.
 */
void requires_resolve(struct plan *plan, const struct conf *conf, struct ctx *ctx,
	struct problems *problems);

#endif
