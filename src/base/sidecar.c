/* SPDX-License-Identifier: MIT */
/* The files that SQLite has beside a database. */
#include "base/sidecar.h"

#include <stddef.h>

const char *const sidecar_endings[] = {SIDECAR_WAL, SIDECAR_SHM, SIDECAR_JOURNAL, NULL};
