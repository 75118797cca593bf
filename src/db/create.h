/* SPDX-License-Identifier: MIT */
/*
 * Making a database that is not there: whole, aside, and then published under its name.
 */
#ifndef DB_CREATE_H
#define DB_CREATE_H

#include "db/db.h"

/*
 * FS_MADE, or FS_THERE where somebody was first (whose database may have fewer migrations
 * than ours). Kill it anywhere: the name is not there, or it is a whole database.
 */
int create_database(const struct db_spec *spec, const struct db_report *work,
	enum fs_outcome *ret_outcome, struct err *err);

#endif
