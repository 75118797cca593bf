/* SPDX-License-Identifier: MIT */
/*
 * The checksums by which other tools recognize the text of a migration.
 *
 *	adopt_sums()		those of a migration's file, computed once
 *	adopt_sum_begin()	those of what comes piece by piece, into a struct
 *				adopt_summing whose kind and file are set;
 *				then adopt_sum_add() …, adopt_sum_end()
 */
#ifndef LEDGER_ADOPT_SUMS_H
#define LEDGER_ADOPT_SUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/checksum.h"
#include "base/crypto.h"
#include "ledger/adopt_file.h"

struct arena;
struct err;
struct fs_reader;
struct migrations;

enum adopt_sum {
	ADOPT_SUM_NONE,
	ADOPT_SUM_SHA256,
	ADOPT_SUM_LINES_SHA256, /* as it is, with LF for CRLF, or with CRLF for LF */
	ADOPT_SUM_SHA384,
	ADOPT_SUM_SIPHASH,     /* Rust's, of name, version in 4 bytes or in 8, and text */
	ADOPT_SUM_LINES_CRC32, /* of the lines without their ends and without a BOM */
};

#define ADOPT_SUMS_MAX 3 /* that a tool accepts of one file */

struct adopt_summing {
	enum adopt_sum kind;
	struct adopt_file file;
	struct crypto_sha sha[ADOPT_SUMS_MAX];
	struct siphash siphash[2];
	uint32_t crc;
	bool begun; /* something was added */
	bool cr;    /* a CR came last, and whether an LF follows is not known */
};

void adopt_sum_begin(struct adopt_summing *summing);
void adopt_sum_add(struct adopt_summing *summing, const char *data, size_t size);

/*
 * Returns the checksums as texts, in the arena, NULL at the end. The first is the one
 * that the tool itself would record.
 */
const char *const *adopt_sum_end(struct adopt_summing *summing, struct arena *arena);

/*
 * Sets `ret` to those of the migration at that index. They are kept with it, and so the
 * file is read once. Returns 0, or -1 if it cannot be read, or is not what was hashed.
 */
int adopt_sums(enum adopt_sum kind, const struct migrations *all, size_t index,
	struct fs_reader *reader, const char *const **ret, struct err *err);

#endif
