/* SPDX-License-Identifier: MIT */
/*
 * The migrations of one contributor: which files of its folder they are, and their order.
 */
#ifndef DB_FOLDER_H
#define DB_FOLDER_H

#include "db/db.h"

/* Migrations, in order; the list grows, and is the caller's to free. */
struct found {
	struct db_migration *list;
	size_t count;
	size_t room;
	struct arena *arena; /* of all that the list points to */
	struct problems *problems;
};

/*
 * Adds all that `source` has, read and checked. Mistakes are problems: a folder that is
 * not there or empty, a name of no format, names or marks of two formats, a version
 * twice, a way back without its way up. -1 only for I/O.
 */
int folder_read(struct found *found, const struct db_source *source, struct err *err);

#endif
