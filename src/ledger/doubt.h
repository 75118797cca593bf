/* SPDX-License-Identifier: MIT */
/* What may be behind an error of pending migrations. */
#ifndef LEDGER_DOUBT_H
#define LEDGER_DOUBT_H

#include <stddef.h>

struct ledger_work;
struct err;

/*
 * Adds why what is pending may be applied already: work->doubt, or that something which
 * it makes exists, while `adopt` says where what was applied ends. It adds nothing to an
 * error of the system, of a lock, or of a stop. Returns -1.
 */
int doubt_raise(const struct ledger_work *work, struct err *err);

/*
 * Adds to an error of the pending migration `i`, which is about something that is
 * missing, the contributors that come later and may make it. Returns -1.
 */
int doubt_later(const struct ledger_work *work, size_t i, struct err *err);

#endif
