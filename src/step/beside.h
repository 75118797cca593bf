/* SPDX-License-Identifier: MIT */
/* Sources that lie beside the drop-in, by way of a variable. */
#ifndef STEP_BESIDE_H
#define STEP_BESIDE_H

#include <stdbool.h>

struct arena;
struct setting;

/*
 * Is the path what "${NAME:-path}" says where NAME is not set? It is then a part of the
 * configuration, as one that is written without a variable.
 */
bool beside_is_default(
	const struct setting *setting, const char *path, struct arena *arena);

#endif
