/* SPDX-License-Identifier: MIT */
/* Which engine speaks with the server of a database. */
#ifndef STEP_DATABASE_ENGINE_H
#define STEP_DATABASE_ENGINE_H

#include "ledger/server.h"

/* That of the address, or of the text that begins one; never NULL. */
const struct server_engine *database_engine(const char *address);

/*
 * For the fields `template` and `schema`, whose database may have an address that is not
 * known yet: is it such a name of any engine? As check_name() and check_schema().
 */
int database_check_name(const char *text, struct err *err);
int database_check_schema(const char *text, struct err *err);

#endif
