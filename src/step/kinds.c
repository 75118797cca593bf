/* SPDX-License-Identifier: MIT */
/* All kinds: a new one costs its file and one word in this list. */
#include "step/kinds.h"

#define KINDS(KIND) \
	KIND(assert) \
	KIND(absent) \
	KIND(directory) \
	KIND(link) \
	KIND(file) \
	KIND(key) \
	KIND(secret) \
	KIND(cert) \
	KIND(download) \
	KIND(database) \
	KIND(migrations) \
	KIND(wait) \
	KIND(exec)

#define DECLARATION(name) extern const struct kind kind_##name;
#define ADDRESS(name)     &kind_##name,

KINDS(DECLARATION)

const struct kind *const kinds[] = {KINDS(ADDRESS) NULL};
