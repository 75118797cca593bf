/* SPDX-License-Identifier: MIT */
/*
 * A copy of a database as it is just before it is changed.
 *
 *	backup_make	while the transaction that will change it has the write lock, and
 *			has written nothing: so it is what the change begins from
 *	backup_keep	the change is about to be committed
 *	backup_withdraw	it was rolled back: the copy would only take up space
 *	backup_prune	it was committed: older copies beyond so many go
 *
 * It stands beside the database as NAME.bak-20260131T081530.123Z (UTC, so by name is by
 * age), with its owner and mode; until it is kept, with ".upgrading" behind that. It is
 * written to a temporary, synced, asked by quick_check, and then renamed. What a killed
 * attempt has left is removed by the next one, under the lock. Nothing ever puts it back
 * by itself.
 */
#ifndef DB_BACKUP_H
#define DB_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

struct db_spec;
struct err;
struct inspection;

struct backup {
	int dirfd; /* the look's */
	char path[4096];
	char name[256];
	char upgrading[256];
};

#define BACKUP_INIT \
	{ \
		.dirfd = -1 \
	}

/* `locked`: we hold the lock, and so what another attempt has left is nobody's. */
int backup_make(struct backup *backup, const struct db_spec *spec,
	const struct inspection *inspection, bool locked, struct err *err);
int backup_keep(struct backup *backup, struct err *err);
void backup_withdraw(struct backup *backup);

/* What cannot go is a warning. */
void backup_prune(const struct db_spec *spec, const struct inspection *inspection);

#endif
