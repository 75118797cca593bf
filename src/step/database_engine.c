/* SPDX-License-Identifier: MIT */
/* Which engine speaks with the server of a database. */
#include "step/database_engine.h"

#include "base/err.h"
#include "pg/pg.h"

/* What is an address of none is the first one's, which has another form, too. */
static const struct server_engine *const engines[] = {&pg_server};

#define COUNT (sizeof engines / sizeof *engines)

const struct server_engine *database_engine(const char *address)
{
	for (size_t i = 0; i < COUNT; i++)
		if (engines[i]->is_address(address))
			return engines[i];
	return engines[0];
}

int database_check_name(const char *text, struct err *err)
{
	int rc = -1;

	for (size_t i = 0; rc < 0 && i < COUNT; i++) {
		err_init(err);
		rc = engines[i]->check_name(text, err);
	}
	return rc;
}

int database_check_schema(const char *text, struct err *err)
{
	int rc = -1;

	for (size_t i = 0; rc < 0 && i < COUNT; i++) {
		err_init(err);
		rc = engines[i]->check_schema(text, err);
	}
	return rc;
}
