/* SPDX-License-Identifier: MIT */
/*
 * A section that contributes to a step (part_of in step/step.h).
 *
 * A kind's order_parts() puts those of a step in the order in which they count, and fills
 * `after`. Where `problems` has what is wrong with them, they may stay as they are.
 */
#ifndef STEP_PART_H
#define STEP_PART_H

#include "conf/field.h"

struct section;

struct part {
	const struct section *section;
	struct list after; /* the names of those that go before it */
};

#endif
