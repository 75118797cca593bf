/* SPDX-License-Identifier: MIT */
/*
 * Whether a database could be changed or created: for a plan, and for the errors of an
 * upgrade, in the same words.
 */
#ifndef DB_WRITABLE_H
#define DB_WRITABLE_H

struct db_spec;
struct err;
struct inspection;

/*
 * Asks the kernel of the lock, the database, its sidecars, and, where these may have to
 * be created, of its directory; where the database is missing (INSPECTION_INIT), of the
 * directory that exists. Returns 0, or -1 with the first that we may not write.
 */
int writable_check(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err);

/*
 * Replaces an error of the system, which SQLite often gives another errno, by that of
 * writable_check(), if there is one. Returns -1.
 */
int writable_explain(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err);

#endif
