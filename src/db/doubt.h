/* SPDX-License-Identifier: MIT */
/* What may be behind an error of pending migrations: they were applied already. */
#ifndef DB_DOUBT_H
#define DB_DOUBT_H

struct db_report;
struct err;

/*
 * Adds why what is pending may be applied already: report->doubt, or that something which
 * it makes exists, while `adopt` says where what was applied ends. It adds nothing to an
 * error of the system, of a lock, or of a stop. Returns -1.
 */
int doubt_raise(const struct db_report *report, struct err *err);

#endif
