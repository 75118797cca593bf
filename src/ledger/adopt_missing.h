/* SPDX-License-Identifier: MIT */
/* What another tool has applied, and no file here is: an older image sees that. */
#ifndef LEDGER_ADOPT_MISSING_H
#define LEDGER_ADOPT_MISSING_H

#include <stdbool.h>
#include <stdint.h>

struct adopt_tool;
struct adopting;

/*
 * Adds to what is found what `name`, as the tool's ledger has it, would be in ours if its
 * file were here, so that a newer image with that file finds its row. What can be no file
 * here is left out. `when_ms` is that of a journal, or 0. Returns false if our ledger has
 * it already.
 */
bool adopt_missing_add(const struct adopting *adopting, const struct adopt_tool *tool,
	const char *contributor, const char *name, int64_t when_ms);

#endif
