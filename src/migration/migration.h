/* SPDX-License-Identifier: MIT */
/* A migration, and the reading of its text. */
#ifndef MIGRATION_MIGRATION_H
#define MIGRATION_MIGRATION_H

#include <stddef.h>

#include "migration/split.h"
#include "migration/version.h"

struct markers;

struct migration {
	const char *contributor;
	const char *id;   /* the version as written: "001"; or "R__views" */
	const char *name; /* "create_notes"; may be empty */
	const char *file; /* absolute path */

	enum version_order order; /* the same for all of the contributor */
	const char *key;          /* of the id: version_key() */
	/* Under which former versions of groundwork recorded it, or NULL. */
	const char *former_id;
	const char *former_name;

	struct statement *statements;
	size_t statements_count;
	unsigned char
		hash[32]; /* BLAKE2b-256 of the text without BOM, with LF for CRLF */
};

/* Migrations of all contributors, in the order in which they are applied. */
struct migrations {
	struct migration *list;
	size_t count;
};

/*
 * Sets hash and statements from the script, whose text is first changed in place to what
 * the hash is of. Returns the markers that are in it, or NULL. All errors are added to
 * its problems.
 */
const struct markers *migration_parse(struct migration *ret, struct script *script);

#endif
