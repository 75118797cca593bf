/* SPDX-License-Identifier: MIT */
/* All steps of a configuration: finding one by its id, or by what it makes. */
#ifndef STEP_STEPS_H
#define STEP_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/table.h"

struct step;

struct steps {
	struct step *list;
	size_t count;
	struct table by_id;
	struct table *made;    /* plain paths (base/path.h) of what is made; or NULL */
	struct asker **askers; /* of each, as step/owed.h needs it; NULL before it does */
};

/* Adds it, and what it makes once its draft is known, for the questions below. */
void steps_add(struct steps *steps, struct step *step);
void steps_add_made(const struct steps *steps, const struct step *step);

/* The step of that id, or NULL: of the module, if it has one (NULL: none), or of all. */
struct step *steps_find(const struct steps *steps, const char *module, const char *id);

/* The id of a module's step that would be called so without the module, or NULL. */
const char *steps_scoped_id(const struct steps *steps, const char *id);

/* An id as an example, of a step with this name if there is one. */
const char *steps_id_like(const struct steps *steps, const char *name);

/* Is it, or something above it, what a step of this configuration makes? */
bool steps_make(const struct steps *steps, const char *path);

/* Does a step that is decided say whose it is, or something above it, or its mode? */
bool steps_give(const struct steps *steps, const char *path);

#endif
