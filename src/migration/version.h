/* SPDX-License-Identifier: MIT */
/* The order of versions. */
#ifndef MIGRATION_VERSION_H
#define MIGRATION_VERSION_H

/*
 * Compares two ids of migrations like strcmp(). Versions are compared as numbers, part by
 * part: "007" equals "7", and 10 follows 9; "1.2" equals "1_2" and "1.2.0", and 1.10
 * follows it; "2024-01-31" equals "20240131". Ids that are not versions follow all that
 * are, in natural order.
 */
int version_cmp(const char *a, const char *b);

#endif
