/* SPDX-License-Identifier: MIT */
/*
 * Versions, and what each tool takes for their order.
 *
 * A version is never compared as it is written, but by its key, which is made once.
 */
#ifndef MIGRATION_VERSION_H
#define MIGRATION_VERSION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Which versions are equal, and which of two comes first. */
enum version_order {
	/* sqlx, goose, golang-migrate, wrangler: "007" equals "7", 10 follows 9. */
	VERSION_NUMBER,
	/*
	 * Some versions of the directory have dashes: "2024-01-31-120000" equals
	 * "20240131-120000" and "20240131120000", and follows "2024-01-31-2".
	 */
	VERSION_DATE,
	/* Flyway, refinery: "1.2" equals "1_2" and "1.2.0", and 1.10 follows it. */
	VERSION_DOTTED,
	/* dbmate: leading digits, as text; its files go in the order of their names. */
	VERSION_TEXT,
	/* diesel: as text without its dashes. */
	VERSION_DASHLESS,
	/* Prisma, Drizzle: the name of the directory, as text. */
	VERSION_NAME,
	/* sql-migrate: leading digits as a number, then the name of the file as text. */
	VERSION_PREFIX,
	/* Drizzle: as its journal says; of two that it lacks, neither comes first. */
	VERSION_JOURNAL,
};

/*
 * Returns the key of an id, in the arena: strcmp() of two keys of one order is the order
 * of their versions, and 0 if they are the same version. If the order is one of numbers,
 * an id that is no version comes after the one that it begins with ("0009_a" after "9"),
 * or else after all.
 */
const char *version_key(enum version_order order, const char *id, struct arena *arena);

/*
 * The same for what the tool sorts by: a key of an id, or the name of the file or
 * directory (`entry`) where that decides.
 */
const char *version_sort_key(enum version_order order, const char *key, const char *entry,
	struct arena *arena);

/* Returns the size of "2024-01-31" if the text begins with such a day, or 0. */
size_t version_day(const char *text);

/* Is it a version in an order of numbers: "12", "1.2", "2024-01-31"? */
bool version_is_number(const char *id);

#endif
