/* SPDX-License-Identifier: MIT */
/*
 * The ledgers of other tools: what they look like, how they name a migration, and by
 * which checksum they recognize its file. A new tool is a row in adopt_tools.c, and what
 * that calls in adopt_file.c.
 */
#ifndef LEDGER_ADOPT_TOOLS_H
#define LEDGER_ADOPT_TOOLS_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/adopt_sums.h"
#include "migration/version.h"

struct adopt_file;
struct buf;

enum adopt_tool_id {
	ADOPT_DBMATE,
	ADOPT_GOLANG_MIGRATE,
	ADOPT_GOOSE,
	ADOPT_SQLX,
	ADOPT_DIESEL,
	ADOPT_REFINERY,
	ADOPT_FLYWAY,
	ADOPT_PRISMA,
	ADOPT_DRIZZLE,
	ADOPT_DRIZZLE_OLD,
	ADOPT_D1,
	ADOPT_SQL_MIGRATE,
	ADOPT_ALEMBIC,
	ADOPT_TOOLS,
};

enum adopt_reach {
	ADOPT_ONE,
	ADOPT_UP_TO,    /* it, and all before it */
	ADOPT_BASELINE, /* all up to that version, which itself may be missing */
	ADOPT_HEAD,     /* the files alone say which are before it: it, and those */
};

/* What the tool's name of a migration is to us. */
enum adopt_named {
	ADOPT_VERSION,
	ADOPT_FILE,      /* the file's name */
	ADOPT_DIRECTORY, /* the name of a directory that the file is in */
};

/* Are foreign keys on while the tool runs migrations? */
enum adopt_keys {
	ADOPT_KEYS_OFF,
	ADOPT_KEYS_BUILD, /* as its library was built: most builds have them on */
	ADOPT_KEYS_ON,
};

struct adopt_tool {
	const char *name;  /* as in `adopt` */
	const char *table; /* its usual name */

	/* What the table must have, separated by spaces; `exact`: and no more. */
	const char *columns;
	bool exact;
	/* A table beside which the usual one is another tool's; or NULL. */
	const char *unlike;

	bool number;        /* the names are integers; else texts */
	const char *second; /* what a second row is; NULL: there may be any number */
	enum adopt_named named;
	/* With what names of files begin that are none of its migrations; or NULL. */
	const char *reverts;
	enum version_order order; /* by which two names are equal */
	bool repeats;             /* it has migrations that run again */
	enum adopt_keys foreign_keys;

	/* The name that the tool gives to a file, in whichever form; "" if none. */
	void (*name_of)(const struct adopt_file *file, struct buf *ret);
	bool by_content; /* the name is that checksum of the file */

	enum adopt_sum sum;   /* its checksum of a file */
	const char *verified; /* by it, for people: "SHA-384"; NULL: nothing is */
	const char *mend; /* what to do in the end if one was not applied as a whole */
};

/* The one at that index, or NULL behind the last. A tool may have several in a row. */
const struct adopt_tool *adopt_tool_at(size_t i);

/*
 * Of what a tool has applied and has no file here, our row has the SHA-256 of the text as
 * its id where the tool's ledger has nothing else. Returns that tool, or NULL if the id
 * is another one.
 */
const struct adopt_tool *adopt_tool_of_text(const char *tool, const char *id);

enum adopt_tool_id adopt_tool_id(const struct adopt_tool *tool);

/*
 * What struct ledger_adopt may have as its source: "auto" (the only ledger of another
 * tool that is there), "baseline", "user_version" (the first so many), or a tool. The
 * list ends with NULL; it is in the arena.
 */
const char **adopt_sources(struct arena *arena);

/* A tool, for help. */
struct adopt_described {
	const char *name;
	const char *table;        /* the usual one of its ledger */
	const char *verified;     /* by what a file is, "the SHA-384 of it", or NULL */
	const char *foreign_keys; /* "on", "off" … while it runs migrations */
};

/* Sets the tool at that index. Returns false behind the last. */
bool adopt_tool_describe(size_t i, struct adopt_described *ret);

#endif
