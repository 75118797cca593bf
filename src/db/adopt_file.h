/* SPDX-License-Identifier: MIT */
/*
 * A migration's file as other tools see it: how they name it in their ledgers, and by
 * which checksum they recognize its text.
 */
#ifndef DB_ADOPT_FILE_H
#define DB_ADOPT_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct adopt_file {
	const char *below; /* its path below the directory: "001_a.sql", "001_a/up.sql" */
	const char *name;  /* the migration's */
	const char *text;  /* byte by byte; NULL where it was not read */
	size_t size;
};

/* The path of a file below its directory, or the name of a contributor's only file. */
const char *adopt_path_below(const char *file, const char *directory);

/*
 * Each appends the name of a file, or its version as it is written there; nothing if the
 * tool would not know it.
 */
void adopt_name_digits(const struct adopt_file *file, struct buf *ret);
void adopt_name_diesel(const struct adopt_file *file, struct buf *ret);
void adopt_name_flyway(const struct adopt_file *file, struct buf *ret);
void adopt_name_directory(const struct adopt_file *file, struct buf *ret);
void adopt_name_path(const struct adopt_file *file, struct buf *ret);
void adopt_name_sha256(const struct adopt_file *file, struct buf *ret);

/*
 * Each appends the checksum of a file as text; where the tool accepts several, `variant`
 * says which. Returns false if there is none of that number.
 */
bool adopt_sum_sha256(const struct adopt_file *file, unsigned variant, struct buf *ret);
bool adopt_sum_lines_sha256(
	const struct adopt_file *file, unsigned variant, struct buf *ret);
bool adopt_sum_sha384(const struct adopt_file *file, unsigned variant, struct buf *ret);
bool adopt_sum_siphash(const struct adopt_file *file, unsigned variant, struct buf *ret);
bool adopt_sum_lines_crc32(
	const struct adopt_file *file, unsigned variant, struct buf *ret);

#endif
