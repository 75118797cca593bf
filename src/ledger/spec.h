/* SPDX-License-Identifier: MIT */
/* What is asked of a database's migrations, and what is to be done about it. */
#ifndef LEDGER_SPEC_H
#define LEDGER_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log;
struct migration;
struct migrations;

/* What happens if ledger and migrations disagree. */
enum ledger_answer { LEDGER_REFUSE, LEDGER_WARN, LEDGER_ACCEPT };

/*
 * Where a database in which we have recorded nothing of a contributor says which of its
 * migrations it has.
 */
struct ledger_adopt {
	const char *contributor;
	const char *source; /* one of adopt_sources() */
	/* The version of a baseline; a tool's table, or NULL: the usual one. */
	const char *what;
};

struct ledger_spec {
	const char *name;              /* of the database, for messages */
	struct migrations *migrations; /* their hashes are set as they are needed */
	enum ledger_answer drift;      /* a migration was changed after it was applied */
	enum ledger_answer unknown;    /* an applied migration no longer exists */
	enum ledger_answer out_of_order;  /* a pending one is before an applied one */
	const struct ledger_adopt *adopt; /* at most one a contributor */
	size_t adopt_count;
	bool foreign_keys_set; /* the step itself says whether they are on */
	const struct log *log;
};

/* How it is known that a migration was applied, which is then recorded, and not run. */
struct ledger_origin {
	const char *tool;     /* that has applied it: "sqlx", "baseline" */
	bool verified;        /* its file is what was applied; else that is trusted */
	const char *replaces; /* the id of its row in our ledger, if it has one */
};

/* What another tool has applied, and has no file here. */
struct ledger_missing {
	const char *contributor;
	const char *id; /* the version; or, where the tool has names, the whole name */
	const char *tool;
	int64_t when_ms; /* that Drizzle's journal gave to it; 0: none */
};

/* What is to be done. */
struct ledger_work {
	const struct migration **pending; /* in order; in the arena */
	size_t pending_count;
	const struct migration **adopted;    /* to be recorded as applied, and not run */
	const struct ledger_origin *origins; /* of each of these */
	size_t adopted_count;
	const struct ledger_missing *missing; /* to be recorded without their files */
	size_t missing_count;
	const char *doubt; /* why what is pending may be applied already, or NULL */
};

#endif
