/* SPDX-License-Identifier: MIT */
/*
 * Migrations that run outside of a transaction: those without markers (markers.h) of
 * which a transaction can have no statement, and what its tool marks so:
 *
 *	-- migrate:up transaction:false			dbmate
 *	-- +goose NO TRANSACTION			goose
 *	-- +migrate Up notransaction			sql-migrate
 *	-- no-transaction, at the beginning		sqlx
 *	run_in_transaction = false in metadata.toml	diesel
 *	executeInTransaction=false in V1__name.sql.conf	Flyway
 */
#ifndef MIGRATION_OUTSIDE_H
#define MIGRATION_OUTSIDE_H

#include <stdbool.h>

struct err;
struct fs_reader;
struct migration;
struct migration_text;
struct problems;

/*
 * Sets `outside` of a text that is marked so, where the dialect has such migrations: as
 * soon as its markers are known, since it is split accordingly. What diesel would misread
 * in its file is added to the problems. Returns 0, or -1 if that cannot be read.
 */
int outside_read(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *text, struct problems *problems, struct err *err);

/* Sets it of a text that was split and says nothing about it. */
void outside_infer(const struct migration *migration, struct migration_text *text);

/*
 * Adds what no transaction can have, and the text does not run outside of one, to the
 * problems, or, of migrations that share one (`together`), that it would: an engine would
 * say so only at its turn, when what is before it has run.
 */
void outside_check(const struct migration *migration, const struct migration_text *text,
	bool together, struct problems *problems);

#endif
