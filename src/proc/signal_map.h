/* SPDX-License-Identifier: MIT */
/* What each signal becomes on its way to the application: "TERM=QUIT", "HUP=none". */
#ifndef PROC_SIGNAL_MAP_H
#define PROC_SIGNAL_MAP_H

#include <stdint.h>

#include "proc/signals.h"

struct err;

/* All zero: every signal stays what it is. */
struct signal_map {
	uint8_t to[SIGNALS_MAX + 1]; /* 0: as it is; SIGNAL_MAP_NONE: dropped */
};

#define SIGNAL_MAP_NONE 255

/*
 * Adds one rewriting, as written, to `map`, a struct signal_map: a parser of field rows.
 * Returns 0, or -1 with ERR_CONFIG, where the map stays as it was.
 */
int signal_map_add(void *map, const char *word, struct err *err);

/* Returns what `signal` becomes, or 0 where it is dropped. */
int signal_map_get(const struct signal_map *map, int signal);

#endif
