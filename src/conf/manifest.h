/* SPDX-License-Identifier: MIT */
/*
 * A module's manifest.json. Of it one member is read, and the rest is the application's:
 *
 *	"bootstrap_requirements": {
 *		"directories": ["cache", {"path": "spool", "mode": "0750"}],
 *		"files": ["orders.json"],
 *		"database": "app"
 *	}
 *
 * It is made into lines as those of a drop-in: a directory and a file step for each item,
 * whose names are their numbers from 1, and what the module's `migrations` contribute.
 * An item is a path, or an object with keys of its kind. A file has its text from the
 * module's `templates`, where there is one of its path, or of its name.
 */
#ifndef CONF_MANIFEST_H
#define CONF_MANIFEST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/place.h"

struct merge;
struct module;
struct value;

#define MANIFEST_MEMBER "bootstrap_requirements"

/* The database that it asks for; `name` is NULL where there is none. */
struct manifest_database {
	const char *name;
	struct place at;
};

/*
 * Gives what the text of `file` requires to the merge, as of the module that is read
 * there. What is wrong goes to its problems.
 */
void manifest_read(const struct module *module, const char *file, const struct buf *text,
	struct merge *merge, struct manifest_database *ret_database);

/*
 * Looks at one in which nothing seems to be for us. What may have been, cut short, is a
 * warning; a member that is misspelt goes to the problems of the merge. Returns false
 * where something is: the member's name is written with escapes.
 */
bool manifest_pass_over(const char *file, const struct buf *text, struct merge *merge);

/*
 * Declares a database that modules ask for and nobody declares: NAME.db in the directory
 * that `directory` names as it is written; NULL: that is an error.
 */
void manifest_declare(const struct manifest_database *database, const char *module,
	const struct value *directory, struct merge *merge);

#endif
