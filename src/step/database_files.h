/* SPDX-License-Identifier: MIT */
/* The files that the address of a database's server names, or needs. */
#ifndef STEP_DATABASE_FILES_H
#define STEP_DATABASE_FILES_H

struct ctx;
struct err;
struct server_target;
struct step;

/*
 * Sets the certificates of authorities that verify the server, where the address names
 * none, and the service file of its service; and, but for a plan, sees to it that libpq
 * does not pass over a file that it names, as over one that is missing, or a passfile
 * that others may read, and that no service file is another user's. Returns 0, or -1 with
 * the place of `url`.
 */
int database_files(const struct step *step, struct ctx *ctx, struct server_target *target,
	struct err *err);

#endif
