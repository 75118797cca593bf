/* SPDX-License-Identifier: MIT */
/* The list of kinds, for whoever asks for one by its name. */
#ifndef STEP_KINDS_H
#define STEP_KINDS_H

#include "step/step.h"

/* NULL-terminated. */
extern const struct kind *const kinds[];

/* The kind of that name, or NULL. */
const struct kind *kind_find(const char *name);

/*
 * The words of ${word:name}, NULL-terminated: "file", "text", and the name of every kind
 * that has a value(). In the arena.
 */
const char *const *kind_words(struct arena *arena);

#endif
