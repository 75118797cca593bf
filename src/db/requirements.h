/* SPDX-License-Identifier: MIT */
/*
 * What SQL needs a newer SQLite than the one that runs it, as far as that can be known.
 *
 * Most of it fails by itself, and then the error says which version it needs. Date
 * functions do not fail: for a modifier that they do not know they return NULL, which
 * would be stored in silence.
 *
 * A version is a number as that of sqlite3_libversion_number(): 3046001 is 3.46.1.
 */
#ifndef DB_REQUIREMENTS_H
#define DB_REQUIREMENTS_H

struct err;
struct statement;

/*
 * Checks that the date functions of a statement know their modifiers and formats in
 * SQLite `version`; one that knows all of them (3.46) is not checked. Returns 0, or -1;
 * the error has its place in `file`.
 */
int requirements_check(const struct statement *statement, const char *file, int version,
	struct err *err);

/*
 * Appends the version that is needed to an error of the statement, if SQLite's message is
 * about something that `version` does not know yet.
 */
void requirements_explain(const struct statement *statement, const char *message,
	int version, struct err *err);

#endif
