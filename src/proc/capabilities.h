/* SPDX-License-Identifier: MIT */
/*
 * The capabilities that the application keeps (capabilities(7)): those that are named, in
 * all five sets, and no others. By the system calls themselves.
 *
 *	capabilities_limit()	as whom we are: looks, drops from the bounding set
 *	identity_become()
 *	capabilities_take()	as the application: all other sets
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
	bool none;     /* the word */
	uint64_t keep; /* a bit for each */
};

/*
 * Adds a word, as written ("net_bind_service", "CAP_CHOWN", "all", "none"), to
 * `capabilities`, a struct capabilities: a parser of field rows. Returns 0, or -1 with
 * ERR_CONFIG, where they stay as they were.
 */
int capabilities_add(void *capabilities, const char *word, struct err *err);

/*
 * Fails closed: where one that is named is not among ours; where the bounding set cannot
 * be lowered, unless `no_new_privs` makes it harmless. Fills in what "all" stands for.
 */
int capabilities_limit(
	struct capabilities *capabilities, bool no_new_privs, struct err *err);

/*
 * Clears the inheritable and ambient sets. setresuid(2) leaves the inheritable one as it
 * is, and a program with file capabilities would use it. identity_become() calls this.
 */
int capabilities_clear_inheritable(struct err *err);

/* Is CAP_SETGID effective? True where the kernel does not answer: what needs it fails. */
bool capabilities_may_set_groups(void);

/* Takes on what was kept, and proves it. */
int capabilities_take(const struct capabilities *capabilities, struct err *err);

#endif
