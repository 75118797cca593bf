/* SPDX-License-Identifier: MIT */
/* The volume of a round: made as its attack says, and searched afterwards. */
#ifndef TESTS_ATTACK_VOLUME_H
#define TESTS_ATTACK_VOLUME_H

#include "attack.h"
#include "result.h"
#include "world.h"

/* Makes objects in the current directory; "@" is `world`. */
void objects_make(const struct lines *lines, const char *world);

struct search {
	const struct variant *variant;
	const struct needles *needles;
	const struct scan *outside;
	struct result *result;
};

/* Looks at every object below the directory "v" for what must not be there. */
void volume_search(const struct search *search);

#endif
