/* SPDX-License-Identifier: MIT */
/*
 * Prisma's migration_lock.toml beside the directories of the migrations, which says whose
 * SQL they are: `provider = "sqlite"`.
 */
#ifndef MIGRATION_PRISMA_H
#define MIGRATION_PRISMA_H

struct err;
struct listing;

#define PRISMA_LOCK "migration_lock.toml"

/*
 * Adds a provider that is not our database to the problems, with its line. Returns 0,
 * also without such a file, or -1 if it cannot be read.
 */
int prisma_check(const struct listing *listing, struct err *err);

#endif
