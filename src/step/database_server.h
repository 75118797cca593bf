/* SPDX-License-Identifier: MIT */
/* A database of a server: its keys, and what the kind `database` does with one. */
#ifndef STEP_DATABASE_SERVER_H
#define STEP_DATABASE_SERVER_H

#include "conf/field.h"
#include "step/database_engine.h"

struct buf;
struct ctx;
struct err;
struct problems;
struct step;

extern const char *const database_transactions[];

/* The rows in the table of fields whose struct is `conf`, behind those of SQLite. */
#define SERVER_FIELDS(conf) \
	{"schema", FIELD_STRING, offsetof(conf, schema), .check = database_check_schema, \
		.unquoted = true, \
		.help = "of a server: the schema of ledger and migrations, which is " \
			"created if it is missing (default: the first of the " \
			"search_path)"}, \
		{"create", FIELD_BOOL, offsetof(conf, create), "no", \
			.help = "of a server: whether the database itself is created, " \
				"as `owner`'s"}, \
		{"template", FIELD_STRING, offsetof(conf, based_on), \
			.check = database_check_name, .unquoted = true, \
			.needs = "create=yes", \
			.help = "of a server: the database of which a new one is a " \
				"copy", \
			.example = "template0"}, \
		{"encoding", FIELD_STRING, offsetof(conf, encoding), \
			.needs = "create=yes", \
			.help = "of a server: that of a new database", \
			.example = "UTF8"}, \
		{"transaction", FIELD_ENUM, offsetof(conf, transaction), "each", \
			.choices = database_transactions, \
			.help = "of a server: whether each migration has a transaction " \
				"of its own, or all that are pending have one"}, \
		{"lock_timeout", FIELD_DURATION, offsetof(conf, lock_timeout_ms), "5s", \
			.help = "of a server: how long a migration waits for the lock " \
				"of a table, in front of all others who want it, " \
				"before it lets them pass and tries again (0: for " \
				"ever)"}, \
	{ \
		"statement_timeout", FIELD_DURATION, \
			offsetof(conf, statement_timeout_ms), "0", \
			.help = "of a server: how long a statement of a migration may " \
				"take (0: for ever)" \
	}

/* For the field `url`: as struct server_engine has parse() and check_part(). */
int database_check_url(const char *text, struct err *err);
int database_check_url_part(const char *before, const char *value, struct err *err);

/* Who speaks with its server. */
const struct server_engine *database_server_engine(const struct step *step);

/* Parses `url`, and makes secrets of what may be one. Returns 0, or -1. */
int database_server_parse(const struct step *step, struct ctx *ctx,
	struct server_target *ret, struct err *err);

/* Makes secrets of what may be one in the URL, and lists what is wrong with it. */
void database_server_prepare(
	const struct step *step, struct ctx *ctx, struct problems *problems);

/* Lists what is wrong with `adopt`, also where the URL is not known yet. */
void database_server_judge(const struct step *step, struct problems *problems);

/* kind->check, kind->apply and kind->end of one with `url`. */
int database_server_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err);
int database_server_apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err);

void database_server_end(const struct step *step, struct ctx *ctx);

#endif
