/* SPDX-License-Identifier: MIT */
/* [app] account: the name and the home of the application's numbers. */
#ifndef PLAN_ACCOUNT_H
#define PLAN_ACCOUNT_H

struct bootstrap;
struct err;

/*
 * Finds it, and gives it to the application's identity, which bootstrap_settle() has
 * found before; without one its numbers are ours. Returns 0, or -1.
 */
int account_settle(struct bootstrap *bootstrap, struct err *err);

/*
 * Makes its entries, before the first step; for `plan`, says what would be made. Without
 * an account, or where we may not write, nothing is done. Returns 0, or -1.
 */
int account_lay(struct bootstrap *bootstrap, struct err *err);

#endif
