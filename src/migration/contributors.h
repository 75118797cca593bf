/* SPDX-License-Identifier: MIT */
/*
 * The contributors of a database, and all their migrations.
 *
 * Versions count per contributor. The contributors are ordered by their `after`, and else
 * by name.
 */
#ifndef MIGRATION_CONTRIBUTORS_H
#define MIGRATION_CONTRIBUTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problems.h"
#include "migration/contributor.h"
#include "migration/migration.h"

struct arena;
struct dialect;
struct err;

/*
 * Adds to `problems` what is wrong with their names and `after`; nothing is read from
 * disk. contributors_read() does so, too.
 */
void contributors_check(
	const struct contributor *contributors, size_t count, struct problems *problems);

/* The same, with their order in `ret`. Returns how many have a place in it. */
size_t contributors_order(const struct contributor *contributors, size_t count,
	size_t *ret, struct problems *problems);

/*
 * Finds the migrations of all contributors, hashes and orders them (those of a stamped
 * one are hashed by migrations_hash(), if they must be); the list is in the arena, and
 * refers to the contributors. Returns 0, or -1 if a file or directory cannot be read, or
 * there are too many migrations. Everything else that is wrong (a version twice, an
 * unknown or circular `after`, …) is added to the problems with its place, and then the
 * list is incomplete. For their SQL see migrations_check().
 */
int contributors_read(const struct contributor *contributors, size_t count,
	const struct dialect *dialect, struct arena *arena, struct migrations *ret,
	struct problems *problems, struct err *err);

#endif
