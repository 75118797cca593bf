/* SPDX-License-Identifier: MIT */
/* A migration's file as other tools see it: how they name it in their ledgers. */
#ifndef LEDGER_ADOPT_FILE_H
#define LEDGER_ADOPT_FILE_H

struct buf;
struct migration;

struct adopt_file {
	const char *below; /* its path below the directory: "001_a.sql", "001_a/up.sql" */
	const char *name;  /* the migration's */
};

struct adopt_file adopt_file_of(const struct migration *migration);

/*
 * Each appends the name of a file, or its version as it is written there; nothing if the
 * tool would not know it.
 */
void adopt_name_digits(const struct adopt_file *file, struct buf *ret);
void adopt_name_diesel(const struct adopt_file *file, struct buf *ret);
void adopt_name_flyway(const struct adopt_file *file, struct buf *ret);
void adopt_name_directory(const struct adopt_file *file, struct buf *ret);
void adopt_name_path(const struct adopt_file *file, struct buf *ret);
void adopt_name_alembic(const struct adopt_file *file, struct buf *ret);

#endif
