/* SPDX-License-Identifier: MIT */
/*
 * The capabilities that the application keeps (capabilities(7)): those that are named, in
 * all five sets, and no others. By the system calls themselves.
 *
 *	capabilities_limit()	before: checks, and lowers the bounding set
 *	identity_become()
 *	capabilities_take()	as the application: sets all others
 */
#ifndef PROC_CAPABILITIES_H
#define PROC_CAPABILITIES_H

#include <stdbool.h>
#include <stdint.h>

struct err;

/* All zero: what a change of user leaves. */
struct capabilities {
	bool set;      /* something was written */
	bool all;      /* all that we have */
	bool none;     /* the word "none" */
	uint64_t keep; /* a bit for each */
};

/*
 * Adds a word, as written ("net_bind_service", "CAP_CHOWN", "all", "none"), to
 * `capabilities`, a struct capabilities: a parser of field rows. Returns 0, or -1 with
 * ERR_CONFIG, where they stay as they were.
 */
int capabilities_add(void *member, const char *word, struct err *err);

/*
 * Checks that we have those that are named, fills in what "all" stands for, and drops the
 * others from the bounding set. Returns 0, or -1 where one is not among ours, or the
 * bounding set cannot be lowered, unless `no_new_privs` makes that harmless.
 */
int capabilities_limit(
	struct capabilities *capabilities, bool no_new_privs, struct err *err);

/*
 * Clears the inheritable and ambient sets. setresuid(2) leaves the inheritable one as it
 * is, and a program with file capabilities would use it. identity_become() calls this.
 */
int capabilities_clear_inheritable(struct err *err);

/*
 * Returns whether CAP_SETGID is effective; true where the kernel does not answer, since
 * the call that needs it fails then.
 */
bool capabilities_may_set_groups(void);

/* The same of CAP_SETUID and CAP_SETGID. */
bool capabilities_may_change_user(void);

/* Sets all sets to what is kept, and reads them back. Returns 0, or -1. */
int capabilities_take(const struct capabilities *capabilities, struct err *err);

#endif
