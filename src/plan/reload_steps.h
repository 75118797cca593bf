/* SPDX-License-Identifier: MIT */
/*
 * `reload` of [app]: which steps run again when a source has changed. Those of the kinds
 * file (but for `policy = create`), link, secret and assert do, an exec with `reload =
 * yes`, and the directories that they require.
 */
#ifndef PLAN_RELOAD_STEPS_H
#define PLAN_RELOAD_STEPS_H

#include <stdbool.h>

struct bootstrap;
struct step;

/* Those kinds, beside exec; ends with NULL. */
extern const char *const reload_kinds[];

/* Is it of those, whatever requires it? */
bool reload_runs_again(const struct step *step);

/* Leaves out of the plan what does not run again. */
void reload_choose(struct bootstrap *bootstrap);

/*
 * Warns of what comes to nothing: a signal that no change can cause, unless nobody is
 * there to send it at all (not `supervised`), what does nothing without one, and, at a
 * start and of a plan, a path of `reload_watch` that is missing.
 */
void reload_warn(const struct bootstrap *bootstrap, bool supervised);

#endif
