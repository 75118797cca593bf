/* SPDX-License-Identifier: MIT */
/* Which engine speaks with the server of a database. */
#ifndef STEP_DATABASE_ENGINE_H
#define STEP_DATABASE_ENGINE_H

#include "ledger/server.h"

/* That of the address, or of the text that begins one; never NULL. */
const struct server_engine *database_engine(const char *address);

#endif
