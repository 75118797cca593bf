/* SPDX-License-Identifier: MIT */
/* The kinds that there are. */
#ifndef STEP_KINDS_H
#define STEP_KINDS_H

#include "step/step.h"

/* The list in kinds.c, NULL-terminated. */
extern const struct kind *const kinds[];
const struct kind *kind_find(const char *name);

/*
 * The words of ${word:name}, NULL-terminated: "file", and the name of every kind that has
 * a value(). In the arena.
 */
const char *const *kind_words(struct arena *arena);

/* Each is at the end of its file. */
extern const struct kind kind_directory;
extern const struct kind kind_link;
extern const struct kind kind_file;
extern const struct kind kind_key;
extern const struct kind kind_database;
extern const struct kind kind_migrations;
extern const struct kind kind_exec;

#endif
