/* SPDX-License-Identifier: MIT */
/* What the application's exit codes become: "143=0", or "TERM=0" for 128+15. */
#ifndef PROC_EXIT_CODE_MAP_H
#define PROC_EXIT_CODE_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct err;

/* All zero: every code stays what it is. */
struct exit_code_map {
	uint16_t to[256]; /* 0: as it is; else the code and 1 */
};

/*
 * Adds one rewriting, as written, to `codes`, a struct exit_code_map: a parser of field
 * rows. Returns 0, or -1 with ERR_CONFIG, where the map stays as it was.
 */
int exit_code_map_add(void *codes, const char *word, struct err *err);

/* Returns whether any code is rewritten. */
bool exit_code_map_any(const struct exit_code_map *codes);

/* Returns what `code` becomes. */
int exit_code_map_get(const struct exit_code_map *codes, int code);

#endif
