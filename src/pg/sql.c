/* SPDX-License-Identifier: MIT */
/* PostgreSQL's SQL: what a migration may contain. */
#include "pg/sql.h"

#include <string.h>
#include <strings.h>

#include "base/problems.h"
#include "base/str.h"
#include "pg/lexer.h"

/* The server takes no message of 1 GiB. */
#define STATEMENT_MAX ((size_t)1000 * 1000 * 1000)

/*
 * Of a draft that is read, by bits: how many parentheses are open, how many BEGIN, CASE
 * of a body, and what the last token was. A number that is full never falls again: then
 * the statement has no end, and is an error.
 */
#define PARENTHESIS 1u
#define PARENTHESES 0x000fffffu
#define BLOCK       0x00100000u
#define BLOCKS      0x3ff00000u
#define AFTER_BEGIN 0x40000000u
#define AFTER_AS    0x80000000u /* or a '.': the next word is a name */

static const char in_transaction[] =
	"a migration runs inside one transaction with its ledger row; take it out";
static const char modes[] =
	"what it says of its transaction would be lost, since that is ours; write SET "
	"TRANSACTION in its place, as the first statement";
static const char chained[] = "AND CHAIN begins another transaction; take it out";
static const char prepared[] =
	"a prepared transaction outlives the migration that prepares it; take it out";
static const char strings[] =
	"a backslash in '…' is read as itself here; take it out, and write E'…' where a "
	"backslash escapes";

/*
 * What the words of a statement make of it: the first row that matches counts. A `*` is
 * any number of tokens. All others are run.
 */
static const struct {
	const char *pattern;
	enum draft_role role;
	const char *why;
} commands[] = {
	{"BEGIN * READ ONLY", DRAFT_MODES, modes},
	{"BEGIN * ISOLATION LEVEL READ COMMITTED", DRAFT_BEGIN, in_transaction},
	{"BEGIN * ISOLATION LEVEL", DRAFT_MODES, modes},
	{"BEGIN", DRAFT_BEGIN, in_transaction},
	{"START TRANSACTION * READ ONLY", DRAFT_MODES, modes},
	{"START TRANSACTION * ISOLATION LEVEL READ COMMITTED", DRAFT_BEGIN,
		in_transaction},
	{"START TRANSACTION * ISOLATION LEVEL", DRAFT_MODES, modes},
	{"START TRANSACTION", DRAFT_BEGIN, in_transaction},
	{"COMMIT PREPARED", DRAFT_REFUSED, prepared},
	{"COMMIT * AND CHAIN", DRAFT_REFUSED, chained},
	{"COMMIT", DRAFT_COMMIT, in_transaction},
	{"END * AND CHAIN", DRAFT_REFUSED, chained},
	{"END", DRAFT_COMMIT, in_transaction},
	{"ROLLBACK PREPARED", DRAFT_REFUSED, prepared},
	{"ROLLBACK", DRAFT_REFUSED, in_transaction},
	{"ABORT", DRAFT_REFUSED, in_transaction},
	{"SAVEPOINT", DRAFT_REFUSED, in_transaction},
	{"RELEASE", DRAFT_REFUSED, in_transaction},
	{"PREPARE TRANSACTION", DRAFT_REFUSED, prepared},
	{"COPY * TO STDOUT", DRAFT_REFUSED, "nobody reads its rows; take it out"},
	{"COPY (", DRAFT_RUN, NULL},
	{"COPY * FROM STDIN", DRAFT_REFUSED,
		"it reads rows from the client, which has none here; write INSERT, or "
		"COPY from a file of the server (pg_dump --inserts does the first)"},
	{"SET * standard_conforming_strings = on", DRAFT_SETTING, NULL},
	{"SET * standard_conforming_strings TO on", DRAFT_SETTING, NULL},
	{"SET * standard_conforming_strings = 'on'", DRAFT_SETTING, NULL},
	{"SET * standard_conforming_strings TO 'on'", DRAFT_SETTING, NULL},
	{"SET * standard_conforming_strings", DRAFT_REFUSED, strings},
	{"SET CONSTRAINTS", DRAFT_RUN, NULL},
	{"SET", DRAFT_SETTING, NULL},
	{"RESET", DRAFT_SETTING, NULL},
	{"SELECT set_config (", DRAFT_SETTING, NULL},
	{"SELECT pg_catalog . set_config (", DRAFT_SETTING, NULL},
};

/* The callers of PreventInTransactionBlock() in PostgreSQL's source. */
static const char *const outside[] = {"ALTER DATABASE * SET TABLESPACE",
	"ALTER SUBSCRIPTION * REFRESH PUBLICATION", "ALTER SYSTEM",
	"ALTER TABLE * DETACH PARTITION * CONCURRENTLY", "CLUSTER ;", "CREATE DATABASE",
	"CREATE INDEX CONCURRENTLY", "CREATE SUBSCRIPTION", "CREATE TABLESPACE",
	"CREATE UNIQUE INDEX CONCURRENTLY", "DISCARD ALL", "DROP DATABASE",
	"DROP INDEX CONCURRENTLY", "DROP SUBSCRIPTION", "DROP TABLESPACE",
	"REINDEX DATABASE", "REINDEX SCHEMA", "REINDEX SYSTEM", "REINDEX ( * ) DATABASE",
	"REINDEX ( * ) SCHEMA", "REINDEX ( * ) SYSTEM", "REINDEX * CONCURRENTLY",
	"VACUUM"};

/* What to do in place of some commands of psql. */
static const struct {
	const char *name;
	const char *instead;
} psql_commands[] = {
	{"c", "a migration works on its own database alone; take it out"},
	{"connect", "a migration works on its own database alone; take it out"},
	{"copy", "write INSERT, or COPY from a file of the server"},
	{"i", "write what that file has in its place"},
	{"include", "write what that file has in its place"},
	{"include_relative", "write what that file has in its place"},
	{"ir", "write what that file has in its place"},
	{"restrict", "take it out"},
	{"unrestrict", "take it out"},
};

/* ---- words ---- */

/* Is the next token the first word of `pattern`? */
static bool next_matches(struct tokens *tokens, const char *pattern)
{
	size_t size = strcspn(pattern, " ");

	return pg_lexer_next(tokens) != SQL_TOKEN_END &&
		tokens->at - tokens->start == size &&
		strncasecmp(tokens->text + tokens->start, pattern, size) == 0;
}

static const char *next_of(const char *pattern)
{
	pattern += strcspn(pattern, " ");
	return pattern + strspn(pattern, " ");
}

/* Does the statement begin so? */
static bool matches(const char *text, size_t size, const char *pattern)
{
	struct tokens tokens = {.text = text, .size = size, .line = 1}, from = tokens;
	const char *again = NULL; /* what follows the last `*` */

	while (*pattern) {
		if (*pattern == '*') {
			again = pattern = next_of(pattern);
			from = tokens;
			continue;
		}
		if (next_matches(&tokens, pattern)) {
			pattern = next_of(pattern);
			continue;
		}
		if (!again || tokens.start == size)
			return false;
		pattern = again;
		tokens = from;
		(void)pg_lexer_next(&tokens); /* one more that the `*` stands for */
		from = tokens;
	}
	return true;
}

bool pg_sql_outside_transaction(const char *text, size_t size)
{
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		if (matches(text, size, outside[i]))
			return true;
	return false;
}

bool pg_sql_is_repeatable(const char *text, size_t size)
{
	static const char *const others[] = {
		"* CONCURRENTLY", "CALL", "DO", "BEGIN", "START TRANSACTION"};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (matches(text, size, others[i]))
			return false;
	return true;
}

/* The command that it is, or -1 for all others. */
static int command_of(const char *text, size_t size)
{
	for (int i = 0; i < (int)(sizeof commands / sizeof *commands); i++)
		if (matches(text, size, commands[i].pattern))
			return i;
	return -1;
}

bool pg_sql_sets_session(const char *text, size_t size)
{
	int command = command_of(text, size);

	return command >= 0 && commands[command].role == DRAFT_SETTING &&
		!matches(text, size, "SET LOCAL") &&
		!matches(text, size, "SET TRANSACTION");
}

static bool is_word(const struct span *token, const char *word)
{
	return token->size == strlen(word) &&
		strncasecmp(token->text, word, token->size) == 0;
}

static bool head_is(const struct draft *draft, size_t i, const char *word)
{
	return i < draft->head_count && is_word(&draft->head[i], word);
}

/* ---- where a statement ends ---- */

/* Adds one to, or takes it from, the number that `all` has the bits of. */
static void count(struct draft *draft, unsigned one, unsigned all, bool up)
{
	unsigned number = draft->state & all;

	if (number == all || (number == 0 && !up))
		return;
	draft->state = (draft->state & ~all) | (up ? number + one : number - one);
}

/* May it have a body? */
static bool is_routine(const struct draft *draft)
{
	size_t i = head_is(draft, 1, "OR") && head_is(draft, 2, "REPLACE") ? 3 : 1;

	return head_is(draft, 0, "CREATE") &&
		(head_is(draft, i, "FUNCTION") || head_is(draft, i, "PROCEDURE"));
}

/*
 * CASE, which has an END, too, counts in a body alone. Unlike psql's rule, BEGIN counts
 * only with its ATOMIC: PostgreSQL knows no other one in a body, but such columns.
 */
static void count_block(struct draft *draft, unsigned before)
{
	const struct span *word = &draft->last;

	if (before & AFTER_AS)
		return;
	if (is_word(word, "BEGIN"))
		draft->state |= AFTER_BEGIN;
	else if (is_word(word, "AS"))
		draft->state |= AFTER_AS;
	else if (is_word(word, "ATOMIC")
			? (before & AFTER_BEGIN) != 0
			: (draft->state & BLOCKS) && is_word(word, "CASE"))
		count(draft, BLOCK, BLOCKS, true);
	else if (is_word(word, "END"))
		count(draft, BLOCK, BLOCKS, false);
}

static bool ends(struct draft *draft, enum sql_token token)
{
	unsigned before = draft->state;
	char c = draft->last.text[0];

	draft->state &= PARENTHESES | BLOCKS;
	if (token == SQL_TOKEN_SEMICOLON)
		return draft->state == 0;
	if (c == '\\')
		return true;
	if (c == '(' || c == ')')
		count(draft, PARENTHESIS, PARENTHESES, c == '(');
	else if (c == '.')
		draft->state |= AFTER_AS;
	else if (token == SQL_TOKEN_WORD && !(draft->state & PARENTHESES) &&
		is_routine(draft))
		count_block(draft, before);
	return false;
}

static bool needs_semicolon(struct draft *draft)
{
	return !(draft->state & (PARENTHESES | BLOCKS));
}

static const char *describe_incomplete(const struct draft *draft)
{
	if (draft->state & PARENTHESES)
		return "the statement that begins here has an open parenthesis";
	if (draft->state & BLOCKS)
		return "the function that begins here has no 'END;'";
	return "the statement that begins here has no ';' at its end";
}

/* ---- what it is ---- */

/* The place of the draft's last token. */
static struct place last_place(const struct draft *draft)
{
	struct place at = draft->at;

	for (const char *c = draft->text; c < draft->last.text; c++) {
		at.line += *c == '\n';
		at.column = *c == '\n' ? 1 : at.column + 1;
	}
	return at;
}

/* A command of psql ends the draft, wherever it is. */
static void refuse_psql(const struct draft *draft, struct problems *problems)
{
	struct span name = {.text = draft->last.text + 1};
	const char *instead = "take it out, and write what it does in SQL";

	while (name.size + 1 < draft->last.size &&
		(str_is_alnum(name.text[name.size]) || name.text[name.size] == '_'))
		name.size++;
	for (size_t i = 0; i < sizeof psql_commands / sizeof *psql_commands; i++)
		if (is_word(&name, psql_commands[i].name))
			instead = psql_commands[i].instead;
	problems_add(problems, last_place(draft),
		"'\\%.*s' is a command of psql, which does not run here: %s",
		name.size < 40 ? (int)name.size : 40, name.text, instead);
}

static void classify(struct draft *draft, struct problems *problems)
{
	int command;

	if (draft->last.text[0] == '\\') {
		refuse_psql(draft, problems);
		return;
	}
	command = command_of(draft->text, draft->size);
	if (command >= 0) {
		draft->role = commands[command].role;
		draft->why = commands[command].why;
	}
}

const struct dialect pg_dialect = {
	.statement_max = STATEMENT_MAX,
	.next = pg_lexer_next,
	.ends = ends,
	.needs_semicolon = needs_semicolon,
	.describe_incomplete = describe_incomplete,
	.classify = classify,
	.outside = pg_sql_outside_transaction,
};
