/* SPDX-License-Identifier: MIT */
/* What may be behind an error of pending migrations: they were applied already. */
#ifndef LEDGER_DOUBT_H
#define LEDGER_DOUBT_H

struct ledger_work;
struct err;

/*
 * Adds why what is pending may be applied already: work->doubt, or that something which
 * it makes exists, while `adopt` says where what was applied ends. It adds nothing to an
 * error of the system, of a lock, or of a stop. Returns -1.
 */
int doubt_raise(const struct ledger_work *work, struct err *err);

#endif
