/* SPDX-License-Identifier: MIT */
/* The keys of a database of a server. */
#include <string.h>

#include "base/err.h"
#include "base/problems.h"
#include "base/secrets.h"
#include "base/str.h"
#include "db/db.h"
#include "step/database_server.h"
#include "step/database_spec.h"
#include "step/step.h"

const char *const database_transactions[] = {"each", "all", NULL};

int database_check_url(const char *text, struct err *err)
{
	struct arena arena = {0};
	struct server_target target;
	int rc = database_engine(text)->parse(text, &arena, &target, err);

	arena_release(&arena);
	return rc;
}

int database_check_url_part(const char *before, const char *value, struct err *err)
{
	return database_engine(before)->check_part(before, value, err);
}

/* The keys that say how SQLite works, and those that say how a server does. */
static const char *const of_sqlite[] = {"mode", "group", "journal_mode", "pragma",
	"application_id", "backup", "keep_backups", "rehearse", "foreign_keys", "verify",
	"schema_drift", "busy_timeout"};
static const struct field of_server[] = {SERVER_FIELDS(struct database_conf), {0}};

static void refuse(const struct section *section, const char *key, const char *why,
	struct problems *problems)
{
	const struct setting *setting = section_get(section, key);

	if (setting && !setting->defaulted)
		problems_add(problems, setting->at, "[%s] %s: %s", section->id, key, why);
}

static void refuse_sqlite(const struct section *section, struct problems *problems)
{
	for (size_t i = 0; i < sizeof of_sqlite / sizeof *of_sqlite; i++)
		refuse(section, of_sqlite[i], "is of SQLite, and `url` is a server's",
			problems);
}

static void refuse_server(const struct section *section, struct problems *problems)
{
	for (const struct field *field = of_server; field->name; field++)
		refuse(section, field->name,
			"is of a server, whose address is `url`, and `path` is a file",
			problems);
}

/* Who owns a new database, and what says how its own directory is read. */
static void refuse_idle(const struct section *section, struct problems *problems)
{
	const struct setting *create = section_get(section, "create");
	bool creates = false;

	if (section_get(section, "url") &&
		(!create || (bool_parse(create->value->flat, &creates) && !creates)))
		refuse(section, "owner",
			"is of a new database, which only `create = yes` makes",
			problems);
	if (section_get(section, "migrations"))
		return;
	refuse(section, "placeholders", "is of `migrations`, which is missing", problems);
	refuse(section, "exclude", "is of `migrations`, which is missing", problems);
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
		refuse_sqlite(section, problems);
	else
		refuse_server(section, problems);
	refuse_idle(section, problems);
}

bool database_is_server(const struct step *step)
{
	return section_get(step->section, "url") != NULL;
}

const struct server_engine *database_server_engine(const struct step *step)
{
	return database_engine(((const struct database_conf *)step->conf)->url);
}

const struct dialect *database_dialect(const struct step *step)
{
	return database_is_server(step) ? database_server_engine(step)->dialect
					: &db_dialect;
}

int database_server_parse(const struct step *step, struct ctx *ctx,
	struct server_target *ret, struct err *err)
{
	const struct database_conf *conf = step->conf;
	int rc;

	*ret = (struct server_target){.words = NULL};
	rc = *conf->url
		? database_server_engine(step)->parse(conf->url, ctx->arena, ret, err)
		: err_config(err, "is empty");
	if (rc == 0 && conf->create && !ret->database)
		rc = err_config(err,
			"names no database, which `create = yes` needs: write "
			"postgres://HOST/DATABASE, or the word dbname");
	for (size_t i = 0; ret->secrets[i]; i++)
		secrets_add(ctx->secrets, ret->secrets[i]);
	return rc < 0 ? step_locate_key(step, "url", err) : 0;
}

/* A server has no number of its own that says how far its migrations are. */
void database_server_judge(const struct step *step, struct problems *problems)
{
	const struct list *adopt = &((const struct database_conf *)step->conf)->adopt;

	if (!database_is_server(step))
		return;
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
	struct server_target target;
	DECLARE_ERR(err);

	if (!database_is_server(step))
		return;
	if (!*database_server_engine(step)->available) {
		problems_add(problems, section_place(step->section, "url"),
			"[%s] url: this build has no network (NETWORK=no)", step->id);
		return;
	}
	/* `check` does not know all variables. */
	if (ctx->tolerant && !*conf->url)
		return;
	if (database_server_parse(step, ctx, &target, &err) < 0)
		problems_add_err(problems, &err);
}
