/* SPDX-License-Identifier: MIT */
/* All kinds: a new one costs its file and one word in this list. */
#include "step/kinds.h"

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
