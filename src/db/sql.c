/* SPDX-License-Identifier: MIT */
/* SQLite's SQL: what a migration may contain. */
#include "db/sql.h"

#include <sqlite3.h>
#include <string.h>

#include "base/problems.h"
#include "db/db.h"
#include "db/pragma.h"
#include "migration/dialect.h"

/* SQLite's own limit, unless it was built with a lower one (SQLITE_MAX_SQL_LENGTH). */
#define STATEMENT_MAX ((size_t)1000 * 1000 * 1000)

/* Of a draft that is read: the token before the last one. */
#define AFTER_SEMICOLON 1u
#define AFTER_END       2u

static const char in_transaction[] =
	"a migration runs inside one transaction with its ledger row; take it out";

/* The commands that no migration may have, by the first word of their statement. */
static const struct {
	const char *word;
	enum draft_role role;
	const char *why;
} commands[] = {
	{"BEGIN", DRAFT_BEGIN, in_transaction},
	{"COMMIT", DRAFT_COMMIT, in_transaction},
	{"END", DRAFT_COMMIT, in_transaction},
	{"ROLLBACK", DRAFT_REFUSED, in_transaction},
	{"SAVEPOINT", DRAFT_REFUSED, in_transaction},
	{"RELEASE", DRAFT_REFUSED, in_transaction},
	{"ATTACH", DRAFT_REFUSED, "a migration works on its own database alone"},
	{"DETACH", DRAFT_REFUSED, "a migration works on its own database alone"},
	{"VACUUM", DRAFT_REFUSED,
		"it cannot run inside a transaction; take it out: a step of kind "
		"exec that requires the database can do it"},
	{"EXPLAIN", DRAFT_REFUSED, "it changes nothing"},
};

/*
 * The pragmas that a migration may use: those that read, those that are part of the
 * transaction, and those that are reset when the migration ends (execute.c).
 */
static const char *const allowed_pragmas[] = {"analysis_limit", "application_id",
	"collation_list", "compile_options", "data_version", "database_list",
	"defer_foreign_keys", "foreign_key_check", "foreign_key_list", "foreign_keys",
	"function_list", "index_info", "index_list", "index_xinfo", "integrity_check",
	"legacy_alter_table", "optimize", "quick_check", "recursive_triggers",
	"table_info", "table_list", "table_xinfo", "user_version"};

/*
 * Those that set how a connection works, or look after the file, and change nothing that
 * SQL does or finds. Where a migration runs they have no effect that anybody needs.
 */
static const char *const passed_pragmas[] = {"automatic_index", "busy_timeout",
	"cache_size", "cache_spill", "cell_size_check", "checkpoint_fullfsync",
	"freelist_count", "fullfsync", "hard_heap_limit", "journal_size_limit",
	"locking_mode", "max_page_count", "mmap_size", "page_count", "query_only",
	"read_uncommitted", "secure_delete", "shrink_memory", "soft_heap_limit",
	"synchronous", "temp_store", "threads", "trusted_schema", "wal_autocheckpoint",
	"wal_checkpoint"};

/* What to write in place of some others. */
static const struct {
	const char *name;
	const char *instead;
} refused_pragmas[] = {
	{"case_sensitive_like", "it changes what SQL finds: write GLOB, or lower()"},
	{"ignore_check_constraints", "rows would break what their table says"},
	{"writable_schema",
		"make a table as it should be, copy the rows, and rename it instead"},
};

static bool is_listed(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (sqlite3_stricmp(name, list[i]) == 0)
			return true;
	return false;
}

#define IS_LISTED(list, name) is_listed(list, sizeof(list) / sizeof *(list), name)

/* Full-text tables use page_size themselves. */
bool sql_pragma_allowed(const char *name)
{
	return IS_LISTED(allowed_pragmas, name) ||
		sqlite3_stricmp(name, "page_size") == 0;
}

static const char *pragma_advice(const char *name)
{
	for (size_t i = 0; i < sizeof refused_pragmas / sizeof *refused_pragmas; i++)
		if (sqlite3_stricmp(name, refused_pragmas[i].name) == 0)
			return refused_pragmas[i].instead;
	return "it has no effect in a transaction, or none that lasts: take it out, and "
	       "set it in the application's own connections";
}

static bool is_word(const struct span *token, const char *word)
{
	return token->size == strlen(word) &&
		sqlite3_strnicmp(token->text, word, (int)token->size) == 0;
}

static bool head_is(const struct draft *draft, size_t i, const char *word)
{
	return i < draft->head_count && is_word(&draft->head[i], word);
}

/* Is it one, or an EXPLAIN of one? */
static bool is_trigger(const struct draft *draft)
{
	size_t i = 0;

	if (head_is(draft, i, "EXPLAIN"))
		i += head_is(draft, 1, "QUERY") && head_is(draft, 2, "PLAN") ? 3 : 1;
	if (!head_is(draft, i++, "CREATE"))
		return false;
	i += head_is(draft, i, "TEMP") || head_is(draft, i, "TEMPORARY");
	return head_is(draft, i, "TRIGGER");
}

/* Asks sqlite3_complete() about the first `size` bytes of the draft's text. */
static bool is_complete(const struct draft *draft, size_t size)
{
	char kept = draft->text[size];
	bool complete;

	draft->text[size] = '\0';
	complete = sqlite3_complete(draft->text);
	draft->text[size] = kept;
	return complete;
}

/*
 * Apart from triggers, the first semicolon is the end. A trigger can only end at "; END
 * ;", so SQLite is not asked about other semicolons of it: a body with a thousand of them
 * would be read a thousand times.
 */
static bool ends(struct draft *draft, enum sql_token token)
{
	unsigned before = draft->state;

	draft->state = 0;
	if (token == SQL_TOKEN_SEMICOLON) {
		draft->state = AFTER_SEMICOLON;
		return !is_trigger(draft) ||
			((before & AFTER_END) && is_complete(draft, draft->size));
	}
	if ((before & AFTER_SEMICOLON) && token == SQL_TOKEN_WORD &&
		is_word(&draft->last, "END"))
		draft->state = AFTER_END;
	return false;
}

static bool is_open(const struct draft *draft)
{
	struct tokens tokens = {.text = draft->text, .size = draft->size, .line = 1};
	long depth = 0;

	while (tokens_next(&tokens) != SQL_TOKEN_END) {
		depth += draft->text[tokens.start] == '(';
		depth -= draft->text[tokens.start] == ')';
	}
	return depth > 0;
}

static bool needs_semicolon(struct draft *draft)
{
	char kept = draft->text[draft->size];
	bool complete;

	draft->text[draft->size] = ';';
	complete = is_complete(draft, draft->size + 1);
	draft->text[draft->size] = kept;
	return complete && !is_open(draft);
}

static const char *describe_incomplete(const struct draft *draft)
{
	if (is_trigger(draft))
		return "the trigger that begins here has no 'END;'";
	if (is_open(draft))
		return "the statement that begins here has an open parenthesis";
	return "the statement that begins here has no ';' at its end";
}

/* Copies a name without its quotes; one that is no pragma's may be cut. */
static void copy_name(const struct span *token, char *ret, size_t size)
{
	bool quoted = token->size >= 2 && strchr("\"'`[", token->text[0]);
	size_t length = token->size - (quoted ? 2 : 0);

	if (length >= size)
		length = size - 1;
	memcpy(ret, token->text + quoted, length);
	ret[length] = '\0';
}

static void classify_pragma(struct draft *draft, struct problems *problems)
{
	size_t i = head_is(draft, 2, ".") ? 3 : 1;
	char name[64] = "";

	if (i < draft->head_count)
		copy_name(&draft->head[i++], name, sizeof name);
	if (sqlite3_stricmp(name, "foreign_keys") == 0)
		draft->role = DRAFT_SETTING;
	else if (pragma_is_stored(name)) /* its value is compared later */
		draft->role = head_is(draft, i, "=") || head_is(draft, i, "(")
			? DRAFT_SETTING
			: DRAFT_PASSED;
	else if (IS_LISTED(passed_pragmas, name))
		draft->role = DRAFT_PASSED;
	else if (!IS_LISTED(allowed_pragmas, name))
		problems_add(problems, draft->at,
			"PRAGMA %s cannot be used in a migration: %s", name,
			pragma_advice(name));
}

static void classify(struct draft *draft, struct problems *problems)
{
	if (head_is(draft, 0, "PRAGMA")) {
		classify_pragma(draft, problems);
		return;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (head_is(draft, 0, commands[i].word)) {
			draft->role = commands[i].role;
			draft->why = commands[i].why;
		}
	}
	/* What the schema stores is read with limits. */
	if (head_is(draft, 0, "CREATE") && draft->size > SQL_SCHEMA_MAX)
		problems_add(problems, draft->at,
			"this statement is longer than %d bytes, which a schema must not "
			"have",
			SQL_SCHEMA_MAX);
	if (head_is(draft, 0, "."))
		problems_add(problems, draft->at,
			"this is a command of the sqlite3 shell, not SQL; take it out, "
			"and write what it does in SQL");
}

const struct dialect db_dialect = {
	.statement_max = STATEMENT_MAX,
	.next = tokens_next,
	.ends = ends,
	.needs_semicolon = needs_semicolon,
	.describe_incomplete = describe_incomplete,
	.classify = classify,
};
