/* SPDX-License-Identifier: MIT */
/* The keys of a database and of its contributors, and what src/db is asked to make. */
#ifndef STEP_DATABASE_SPEC_H
#define STEP_DATABASE_SPEC_H

#include "conf/field.h"
#include "db/db.h"
#include "step/database_contributors.h"
#include "step/owner.h"
#include "step/step.h"

struct database_conf {
	const char *path; /* of SQLite */
	const char *url;  /* of a server */
	const char *migrations;
	struct access access;
	int journal_mode;
	struct list pragma;
	int64_t application_id; /* 0: none is asked for */
	int backup;
	int64_t keep_backups;
	bool rehearse;
	int foreign_keys;
	int verify;
	int drift;
	int unknown;
	int out_of_order;
	int schema_drift;
	struct list adopt;
	bool strict;
	bool stamp;
	int64_t busy_timeout_ms;
	/* Of a server: */
	const char *schema;
	bool create;
	const char *based_on;
	const char *encoding;
	int transaction;
	int64_t lock_timeout_ms;
	int64_t statement_timeout_ms;
	struct directory_keys directory;
};

extern const struct field database_fields[];

/* kind->validate: it is SQLite's or a server's, and has no keys of the other. */
void database_validate(const struct section *section, struct problems *problems);

/* Is it a server's? It may be without its URL, where that is not known yet. */
bool database_is_server(const struct step *step);

/* The SQL of its migrations. */
const struct dialect *database_dialect(const struct step *step);

/* kind->prepare: what is wrong with `adopt`, and with the migrations that exist. */
void database_prepare(struct step *step, struct ctx *ctx, struct problems *problems);

/* kind->prepare_draft: what is wrong with `adopt`, and with the keys of contributors. */
void database_prepare_draft(
	struct step *step, struct ctx *ctx, struct problems *problems);

/*
 * What src/db is asked to make. Reads all contributors where database_prepare() did not;
 * every error in their SQL becomes part of one. Returns 0 with `ret`, whose strings and
 * migrations are in the arena, or -1.
 */
int database_spec(
	const struct step *step, struct ctx *ctx, struct db_spec *ret, struct err *err);

/* The part of it that any engine is asked. Returns 0, or -1 as above. */
int database_ledger_spec(const struct step *step, struct ctx *ctx,
	struct ledger_spec *ret, struct err *err);

#endif
