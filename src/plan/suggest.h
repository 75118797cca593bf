/* SPDX-License-Identifier: MIT */
/* What is proposed in place of the id of a step that does not exist. */
#ifndef PLAN_SUGGEST_H
#define PLAN_SUGGEST_H

struct arena;
struct step;
struct steps;

/*
 * Of its kind the nearest, or those that there are ("; did you mean 'key:a'?",
 * "; there are 'key:a', 'key:b'"), else the nearest of all, or "". `from`, or NULL, would
 * require it: no step is proposed that would form a circle with it. In the arena.
 */
const char *suggest_id(const struct steps *steps, const struct step *from, const char *id,
	struct arena *arena);

#endif
