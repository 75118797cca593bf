/* SPDX-License-Identifier: MIT */
/* Which engine speaks with the server of a database. */
#include "step/database_engine.h"

#include "pg/pg.h"

/* What is an address of none is the first one's, which has another form, too. */
static const struct server_engine *const engines[] = {&pg_server};

const struct server_engine *database_engine(const char *address)
{
	for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
		if (engines[i]->is_address(address))
			return engines[i];
	return engines[0];
}
