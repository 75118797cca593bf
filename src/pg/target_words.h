/* SPDX-License-Identifier: MIT */
/*
 * Which words an address of a server may have: those of libpq ("Parameter Key Words",
 * 34.1.2 of PostgreSQL's documentation, up to version 18) but what it would read beside
 * the address, and what makes another connection than migrations need.
 */
#ifndef PG_TARGET_WORDS_H
#define PG_TARGET_WORDS_H

#include "pg/target.h"

struct err;

/*
 * Returns 0, or -1 with ERR_CONFIG, and what to write; the error has names that are known
 * here, and nothing else of what was written.
 */
int target_word_check(const char *name, const char *value, struct err *err);

/*
 * Do these lists, of which each may be NULL, have as many items as libpq wants? It says
 * so only when it connects. Returns 0, or -1 with ERR_CONFIG.
 */
int target_word_check_counts(
	const char *host, const char *hostaddr, const char *port, struct err *err);

/* The words whose values are files that libpq reads, then NULL. */
extern const char *const target_word_files[SERVER_FILES_MAX];

#endif
