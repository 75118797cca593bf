/* SPDX-License-Identifier: MIT */
/*
 * A migration, and the reading of its file.
 *
 *	migration_hash()	of every migration: a file of any size takes no memory
 *	migrations_check()	of those that are pending: is there an error in their SQL?
 *	migration_load()	of one that is to run now, and migration_text_release()
 *
 * Each of these reads the file. The last two see to it that it still is what was hashed.
 */
#ifndef MIGRATION_MIGRATION_H
#define MIGRATION_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "migration/split.h"
#include "migration/version.h"

struct arena;
struct contributor;
struct dialect;
struct err;
struct fs_reader;
struct markers;
struct problems;
struct stamp;

struct migration {
	const char *contributor;
	const char *id;   /* the version as written: "001"; or "R__views" */
	const char *name; /* "create_notes"; may be empty */
	const char *stem; /* both, as they are written: "001_create_notes" */
	const char *file; /* absolute path */
	const struct contributor *from;
	const struct dialect *dialect;
	bool marked;                     /* by its name it may have markers (markers.h) */
	bool may_have_placeholders;      /* the same; `placeholders` has their values */
	const char *const *placeholders; /* or NULL, where none are configured */

	enum version_order order; /* the same for all of the contributor */
	const char *key;          /* of the id: version_key() */
	/* Under which former versions of groundwork recorded it, or NULL. */
	const char *former_id;
	const char *former_name;
	int64_t when_ms; /* that Drizzle's journal gives to it; 0: none */

	/* BLAKE2b-256 of the text as written, but without BOM, and with LF for CRLF. */
	unsigned char hash[DIGEST_SIZE];
	bool hashed; /* the hash is set */
	/* Its checksums as another tool computes them, of that kind (db/adopt_sums.c). */
	const char *const *sums;
	int sums_kind;
	bool checked; /* migrations_check() has found no error in that text */
};

/* Migrations of all contributors, in the order in which they are applied. */
struct migrations {
	struct migration *list;
	size_t count;
	bool together;              /* all share a transaction: none can be outside */
	struct arena *arena;        /* in which they are */
	const struct stamp *stamps; /* of the contributors that are stamped */
	size_t stamps_count;
};

bool migration_is_of(const struct migration *migration, const char *contributor);

/* Returns the first migration of the contributor, or NULL. */
const struct migration *migrations_first_of(
	const struct migrations *all, const char *contributor);

/* The text of a migration that is to run. */
struct migration_text {
	struct buf text; /* the file's, without BOM, and placeholders replaced */
	bool valid;      /* it was split */
	struct statement *statements;
	size_t statements_count;
	const struct markers *markers; /* that are in it, or NULL */
	int doubt_line;                /* as ret_doubt of markers_split() */
	struct buf passed; /* statements that are passed over, as script->passed */
	bool outside;      /* it runs outside of a transaction: outside.h */
};

#define MIGRATION_TEXT_INIT \
	{ \
		.text = BUF_INIT, .passed = BUF_INIT \
	}
#define CLEANUP_TEXT __attribute__((cleanup(migration_text_release)))

/*
 * Sets the hash from the file. Returns 0, 1 if the file is missing, or -1 if it cannot be
 * read.
 */
int migration_hash(
	struct migration *migration, struct fs_reader *reader, struct err *err);

/* Hashes those that were not yet. Returns 0, or -1 if a file is missing or unreadable. */
int migrations_hash(struct migrations *all, struct err *err);

/* Sets the hash from bytes in memory. */
void migration_hash_bytes(struct migration *migration, const void *data, size_t size);

/*
 * Appends the bytes of the file as they are, BOM and CR included. Returns 0, or -1 if the
 * file cannot be read, or is not what was hashed.
 */
int migration_read(const struct migration *migration, struct fs_reader *reader,
	struct buf *ret, struct err *err);

/* Takes the bytes of a file piece by piece. */
typedef void migration_take(void *user, const char *data, size_t size);

/* Hands on the same bytes piece by piece, whatever their size. Returns as the last. */
int migration_pass(const struct migration *migration, struct fs_reader *reader,
	migration_take *take, void *user, struct err *err);

/*
 * Reads the text and splits it, into a `ret` that is MIGRATION_TEXT_INIT. Returns 0, or
 * -1 as migration_read(). What is wrong with the text (no UTF-8, an unknown placeholder,
 * an incomplete statement, what the dialect refuses, …) is added to the problems with its
 * file, line and column.
 */
int migration_load(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *ret, struct problems *problems, struct err *err);

/* The same; what is wrong with the text is the error. */
int migration_load_valid(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *ret, struct err *err);
void migration_text_release(struct migration_text *text);

/*
 * Finds the markers in its file, without splitting it: NULL where there are none, or the
 * file is no text. Returns 0, or -1 as migration_read().
 */
int migration_find_markers(const struct migration *migration, struct fs_reader *reader,
	const struct markers **ret, struct err *err);

/*
 * Finds what is wrong with the text of those in `list`, which are some of `all`, in
 * order; those that were found to be right before are passed over, and those that are
 * found so are marked. Returns 0, or -1 if one cannot be read. Apart from what
 * migration_load() finds, those of a contributor must have the markers that its first one
 * has. If nothing is wrong, placeholders of those in `list` that none of `all` uses are
 * warned of in the contributor's log.
 */
int migrations_check(struct migrations *all, const struct migration *const *list,
	size_t count, struct problems *problems, struct err *err);

/* Raises all problems, of which there is one at least, as one error (ERR_CONFIG). */
int migrations_raise(struct problems *problems, struct err *err);

#endif
