/* SPDX-License-Identifier: MIT */
/* Values as SQL writes them: a message of several statements takes no others. */
#ifndef PG_LITERALS_H
#define PG_LITERALS_H

struct buf;
struct query_value;

/*
 * Appends the statement, and a semicolon. Its $1, $2 … are the values; there may be none
 * in its strings. It is to be read with standard_conforming_strings.
 */
void literals_write(struct buf *to, const char *sql, const struct query_value *values);

#endif
