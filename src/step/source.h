/* SPDX-License-Identifier: MIT */
/* Errors about sources that are missing. */
#ifndef STEP_SOURCE_H
#define STEP_SOURCE_H

struct err;
struct section;
struct step;

/* Where what this key names starts, for an error that it is missing; or "". */
const char *source_start(const struct section *section, const char *key);

/* Adds that, and puts section, key and place in front. Returns -1. */
int source_locate(const struct step *step, const char *key, struct err *err);

#endif
