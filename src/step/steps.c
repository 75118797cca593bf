/* SPDX-License-Identifier: MIT */
/* Finding a step by its id. */
#include "base/str.h"
#include "step/step.h"

struct step *steps_find(const struct steps *steps, const char *id)
{
	for (size_t i = 0; i < steps->count; i++)
		if (str_equal(steps->list[i].id, id))
			return &steps->list[i];
	return NULL;
}

const char *steps_id_like(const struct steps *steps, const char *name)
{
	for (size_t i = 0; i < steps->count; i++)
		if (str_equal(steps->list[i].section->name, name))
			return steps->list[i].id;
	return "directory:data";
}
