/* SPDX-License-Identifier: MIT */
/* PostgreSQL as ledger/server.h asks an engine. */
#include <string.h>

#include "base/err.h"
#include "net/session.h"
#include "pg/ledger_table.h"
#include "pg/pg.h"
#include "pg/sql.h"
#include "pg/target.h"

/* A server cuts longer ones ("Identifiers and Key Words", NAMEDATALEN). */
#define NAME_SIZE_MAX 63

static int check_name(const char *text, struct err *err)
{
	if (strlen(text) <= NAME_SIZE_MAX)
		return 0;
	return err_config(err, "has %zu bytes, and a name of PostgreSQL at most %d",
		strlen(text), NAME_SIZE_MAX);
}

static int check_schema(const char *text, struct err *err)
{
	if (pg_is_own_schema(text))
		return err_config(err,
			"is the server's own ('information_schema', and all that begin "
			"with 'pg_'): write another one, which is created");
	return check_name(text, err);
}

const struct server_engine pg_server = {
	.database = "postgres",
	.dialect = &pg_dialect,
	.available = &session_available,
	.is_address = pg_target_is_url,
	.parse = pg_target_parse,
	.check_part = pg_target_check_part,
	.check_name = check_name,
	.check_schema = check_schema,
	.check = pg_check,
	.apply = pg_apply,
	.let_go = pg_let_go,
};
