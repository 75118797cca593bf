/* SPDX-License-Identifier: MIT */
/*
 * The digest of a schema that was found to be what the applied migrations make, which
 * spares making it again (schema_drift.h).
 *
 * It covers what schema_compare() compares; the migrations, in the order in which they
 * were applied, with their hashes; the values of placeholders; and the versions of
 * groundwork and SQLite, of which another one may read or make a schema differently. So
 * an equal digest means that all of this is as it was when it was compared.
 */
#ifndef DB_SCHEMA_DIGEST_H
#define DB_SCHEMA_DIGEST_H

#include <stddef.h>

#include "base/crypto.h"

struct migration;
struct schema;

/* All of these migrations must be hashed. */
void schema_digest(const struct schema *schema, const struct migration *const *applied,
	size_t count, unsigned char ret[DIGEST_SIZE]);

#endif
