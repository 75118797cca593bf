/* SPDX-License-Identifier: MIT */
/* The keys of a database of a server. */
#include "base/err.h"
#include "base/problems.h"
#include "base/secrets.h"
#include "base/str.h"
#include "db/db.h"
#include "net/session.h"
#include "pg/pg.h"
#include "pg/target.h"
#include "step/database_server.h"
#include "step/database_spec.h"
#include "step/step.h"

const char *const database_transactions[] = {"each", "all", NULL};

int database_check_url(const char *text, struct err *err)
{
	struct arena arena = {0};
	struct pg_target target;
	int rc = pg_target_parse(text, &arena, &target, err);

	arena_release(&arena);
	return rc;
}

/* Those that say how SQLite works, and those that say how a server does. */
static const char *const of_sqlite[] = {"mode", "group", "journal_mode", "pragma",
	"application_id", "backup", "keep_backups", "rehearse", "foreign_keys", "verify",
	"schema_drift", "busy_timeout", NULL};
static const char *const of_server[] = {"schema", "create", "template", "encoding",
	"transaction", "lock_timeout", "statement_timeout", NULL};

static void refuse(const struct section *section, const char *const *keys,
	const char *why, struct problems *problems)
{
	for (; *keys; keys++) {
		const struct setting *setting = section_get(section, *keys);

		if (setting && !setting->defaulted)
			problems_add(problems, setting->at, "[%s] %s: %s", section->id,
				*keys, why);
	}
}

void database_validate(const struct section *section, struct problems *problems)
{
	const struct setting *path = section_get(section, "path");
	const struct setting *url = section_get(section, "url");

	if (path && url)
		problems_add(problems, url->at,
			"[%s] url: it has a `path`, too: a database is a file of "
			"SQLite's, or a server's",
			section->id);
	else if (!path && !url)
		problems_add(problems, section->at,
			"[%s] lacks the key 'path', the file of a SQLite database, or "
			"`url`, the address of a server's",
			section->id);
	else if (url)
		refuse(section, of_sqlite, "is of SQLite, and `url` is a server's",
			problems);
	else
		refuse(section, of_server,
			"is of a server, whose address is `url`, and `path` is a file",
			problems);
	if (url && !session_available)
		problems_add(problems, url->at,
			"[%s] url: this build has no network (NETWORK=no)", section->id);
}

bool database_is_server(const struct step *step)
{
	return section_get(step->section, "url") != NULL;
}

const struct dialect *database_dialect(const struct step *step)
{
	return database_is_server(step) ? &pg_dialect : &db_dialect;
}

int database_server_parse(
	const struct step *step, struct ctx *ctx, struct pg_target *ret, struct err *err)
{
	const struct database_conf *conf = step->conf;
	int rc;

	*ret = (struct pg_target){.words = NULL};
	rc = *conf->url ? pg_target_parse(conf->url, ctx->arena, ret, err)
			: err_config(err, "is empty");
	for (size_t i = 0; ret->secrets[i]; i++)
		secrets_add(ctx->secrets, ret->secrets[i]);
	return rc < 0 ? step_locate_key(step, "url", err) : 0;
}

/* A server has no number of its own that says how far its migrations are. */
static void judge_adopt(const struct step *step, struct problems *problems)
{
	const struct list *adopt = &((const struct database_conf *)step->conf)->adopt;

	for (size_t i = 0; i < adopt->count; i++) {
		DECLARE_ERR(err);

		if (!str_ends(adopt->items[i], "user_version"))
			continue;
		err_config(&err, "user_version is of SQLite, and `url` is a server's");
		(void)step_locate_key(step, "adopt", &err); /* always -1 */
		problems_add_err(problems, &err);
	}
}

void database_server_prepare(
	const struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct database_conf *conf = step->conf;
	struct pg_target target;
	DECLARE_ERR(err);

	if (!database_is_server(step))
		return;
	judge_adopt(step, problems);
	/* `check` does not know all variables. */
	if (ctx->tolerant && !*conf->url)
		return;
	if (database_server_parse(step, ctx, &target, &err) < 0)
		problems_add_err(problems, &err);
}
