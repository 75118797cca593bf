/* SPDX-License-Identifier: MIT */
/* Finding a step by its id. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "step/step.h"

void steps_add(struct steps *steps, struct step *step)
{
	table_put(&steps->by_id, step->id, strlen(step->id), step);
}

struct step *steps_find(const struct steps *steps, const char *module, const char *id)
{
	const char *colon = module ? strchr(id, ':') : NULL;
	CLEANUP_BUF struct buf own = BUF_INIT;
	struct step *found = NULL;

	if (colon) {
		buf_printf(&own, "%.*s:%s/%s", (int)(colon - id), id, module, colon + 1);
		found = table_get(&steps->by_id, own.data, own.len);
	}
	return found ? found : table_get(&steps->by_id, id, strlen(id));
}

const char *steps_scoped_id(const struct steps *steps, const char *id)
{
	size_t kind = strcspn(id, ":");

	for (size_t i = 0; id[kind] && i < steps->count; i++) {
		const struct section *section = steps->list[i].section;

		if (section->module && strncmp(section->id, id, kind + 1) == 0 &&
			str_equal(section_own_name(section), id + kind + 1))
			return section->id;
	}
	return NULL;
}

const char *steps_id_like(const struct steps *steps, const char *name)
{
	for (size_t i = 0; i < steps->count; i++)
		if (str_equal(steps->list[i].section->name, name))
			return steps->list[i].id;
	return "directory:data";
}
