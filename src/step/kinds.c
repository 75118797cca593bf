/* SPDX-License-Identifier: MIT */
/* All kinds: a new one costs its file and one word in this list. */
#include "step/kinds.h"

#include "base/str.h"

const struct kind *const kinds[] = {
	&kind_directory,
	&kind_link,
	&kind_file,
	&kind_key,
	&kind_database,
	&kind_migrations,
	&kind_exec,
	NULL,
};

const struct kind *kind_find(const char *name)
{
	for (const struct kind *const *kind = kinds; *kind; kind++)
		if (str_equal((*kind)->name, name))
			return *kind;
	return NULL;
}
