/* SPDX-License-Identifier: MIT */
/* Cutting the SQL of a migration into statements. */
#include "db/sql.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/problems.h"
#include "db/scan.h"

#define HEAD_MAX 4 /* PRAGMA main . name */

enum command {
	PLAIN,
	BEGIN,
	COMMIT,
	FOREIGN_KEYS,
	REFUSED,
};

static const char in_transaction[] =
	"a migration runs inside one transaction with its ledger row; take it out";

/* The commands that no migration may have, by the first word of their statement. */
static const struct {
	const char *word;
	enum command command;
	const char *why;
} commands[] = {
	{"BEGIN", BEGIN, in_transaction},
	{"COMMIT", COMMIT, in_transaction},
	{"END", COMMIT, in_transaction},
	{"ROLLBACK", REFUSED, in_transaction},
	{"SAVEPOINT", REFUSED, in_transaction},
	{"RELEASE", REFUSED, in_transaction},
	{"ATTACH", REFUSED, "a migration works on its own database alone"},
	{"DETACH", REFUSED, "a migration works on its own database alone"},
	{"VACUUM", REFUSED,
		"it cannot run inside a transaction; take it out: a step of kind "
		"exec that requires the database can do it"},
	{"EXPLAIN", REFUSED, "it changes nothing"},
};

/*
 * The pragmas that a migration may use: those that read, and those that last no longer
 * than the transaction, or are part of it. Others have `instead`: what to write for them.
 */
static const struct {
	const char *name;
	bool internal; /* asked for by full-text tables themselves */
	const char *instead;
} pragmas[] = {
	{.name = "analysis_limit"},
	{.name = "application_id"},
	{.name = "collation_list"},
	{.name = "compile_options"},
	{.name = "data_version"},
	{.name = "database_list"},
	{.name = "defer_foreign_keys"},
	{.name = "foreign_key_check"},
	{.name = "foreign_key_list"},
	{.name = "foreign_keys"},
	{.name = "function_list"},
	{.name = "index_info"},
	{.name = "index_list"},
	{.name = "index_xinfo"},
	{.name = "integrity_check"},
	{.name = "legacy_alter_table"},
	{.name = "optimize"},
	{.name = "quick_check"},
	{.name = "table_info"},
	{.name = "table_list"},
	{.name = "table_xinfo"},
	{.name = "user_version"},
	{"journal_mode", false,
		"write `journal_mode = …` in the database's section instead"},
	{"page_size", true,
		"write `pragma = page_size=…` in the database's section instead"},
	{"auto_vacuum", false,
		"write `pragma = auto_vacuum=…` in the database's section instead"},
	{"encoding", false,
		"write `pragma = encoding=…` in the database's section instead"},
	{"writable_schema", false,
		"make a table as it should be, copy the rows, and rename it instead"},
};

/* A statement in the making, with its first tokens. */
struct piece {
	struct db_statement statement;
	size_t start;
	int column;
	enum command command;
	const char *why; /* for a command that is not plain */
	struct {
		const char *text;
		size_t size;
	} head[HEAD_MAX];
	size_t heads;
};

struct cutter {
	struct scan scan;
	char *text;
	const char *file;
	struct problems *problems;
	struct piece *pieces;
	size_t count;
	size_t room;
};

bool sql_pragma_allowed(const char *name)
{
	for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
		if (sqlite3_stricmp(name, pragmas[i].name) == 0)
			return !pragmas[i].instead || pragmas[i].internal;
	return false;
}

/* What to write instead of it, or NULL where it may be written. */
static const char *pragma_instead(const char *name)
{
	for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
		if (sqlite3_stricmp(name, pragmas[i].name) == 0)
			return pragmas[i].instead;
	return "it has no effect in a transaction, or none that lasts: take it out, and "
	       "set it in the application's own connections";
}

static bool head_is(const struct piece *piece, size_t i, const char *word)
{
	return i < piece->heads && piece->head[i].size == strlen(word) &&
		sqlite3_strnicmp(piece->head[i].text, word, (int)piece->head[i].size) ==
		0;
}

static bool is_trigger(const struct piece *piece)
{
	size_t i = head_is(piece, 1, "TEMP") || head_is(piece, 1, "TEMPORARY") ? 2 : 1;

	return head_is(piece, 0, "CREATE") && head_is(piece, i, "TRIGGER");
}

static struct place place_of(const struct cutter *cutter, const struct piece *piece)
{
	return (struct place){cutter->file, piece->statement.line, piece->column};
}

/*
 * sqlite3_complete() on the statement alone, which ends at `end`: it is asked once, not
 * once a semicolon.
 */
static bool is_complete(
	const struct cutter *cutter, const struct piece *piece, size_t end)
{
	char kept = cutter->text[end];
	bool complete;

	cutter->text[end] = '\0';
	complete = sqlite3_complete(cutter->text + piece->start);
	cutter->text[end] = kept;
	return complete;
}

/* Is a semicolon all that it lacks? There is room for one. */
static bool is_nearly_complete(
	const struct cutter *cutter, const struct piece *piece, size_t end)
{
	char kept = cutter->text[end];
	bool complete;

	cutter->text[end] = ';';
	complete = is_complete(cutter, piece, end + 1);
	cutter->text[end] = kept;
	return complete;
}

static void classify_pragma(struct cutter *cutter, struct piece *piece)
{
	size_t i = head_is(piece, 2, ".") ? 3 : 1;
	char name[64] = "";

	if (i < piece->heads && piece->head[i].size < sizeof name)
		memcpy(name, piece->head[i].text, piece->head[i].size);
	if (sqlite3_stricmp(name, "foreign_keys") == 0)
		piece->command = FOREIGN_KEYS;
	else if (pragma_instead(name))
		problems_add(cutter->problems, place_of(cutter, piece),
			"PRAGMA %s cannot be used in a migration: %s", name,
			pragma_instead(name));
}

static void classify(struct cutter *cutter, struct piece *piece)
{
	if (head_is(piece, 0, "PRAGMA")) {
		classify_pragma(cutter, piece);
		return;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (head_is(piece, 0, commands[i].word)) {
			piece->command = commands[i].command;
			piece->why = commands[i].why;
		}
	}
	if (head_is(piece, 0, "."))
		problems_add(cutter->problems, place_of(cutter, piece),
			"this is a command of the sqlite3 shell, not SQL");
}

static struct piece *piece_begin(struct cutter *cutter)
{
	struct piece *piece;

	if (cutter->count == cutter->room) {
		cutter->room = cutter->room ? cutter->room * 2 : 16;
		cutter->pieces =
			mem_resize(cutter->pieces, cutter->room, sizeof *cutter->pieces);
	}
	piece = &cutter->pieces[cutter->count++];
	*piece = (struct piece){
		.start = cutter->scan.start, .column = cutter->scan.start_column};
	piece->statement.line = cutter->scan.start_line;
	return piece;
}

static void piece_end(struct cutter *cutter, struct piece *piece, size_t end)
{
	piece->statement.text = cutter->text + piece->start;
	piece->statement.size = end - piece->start;
	if (piece->statement.size > SQL_STATEMENT_MAX)
		problems_add(cutter->problems, place_of(cutter, piece),
			"this statement is longer than %zu bytes", SQL_STATEMENT_MAX);
	classify(cutter, piece);
}

static void head_add(struct cutter *cutter, struct piece *piece)
{
	if (piece->heads == HEAD_MAX)
		return;
	piece->head[piece->heads].text = cutter->text + cutter->scan.start;
	piece->head[piece->heads].size = cutter->scan.at - cutter->scan.start;
	piece->heads++;
}

static void say_unclosed(struct cutter *cutter)
{
	const struct scan *scan = &cutter->scan;

	problems_add(cutter->problems,
		(struct place){cutter->file, scan->start_line, scan->start_column},
		"the %s that begins here is never closed; is the file cut short?",
		scan->text[scan->start] == '/' ? "comment" : "quote");
}

static void say_incomplete(struct cutter *cutter, const struct piece *piece)
{
	problems_add(cutter->problems, place_of(cutter, piece),
		is_trigger(piece) ? "the trigger that begins here has no 'END;'; is the "
				    "file cut short?"
				  : "the statement that begins here has no ';' at its "
				    "end; is the file "
				    "cut short?");
}

/* Is the token just read the word END? */
static bool is_end(const struct scan *scan, enum token token)
{
	return token == TOKEN_WORD && scan->at - scan->start == 3 &&
		sqlite3_strnicmp(scan->text + scan->start, "END", 3) == 0;
}

/*
 * A trigger can only end at "; END ;", so nothing else is asked about: a body of a
 * thousand semicolons would take a thousand readings of it.
 */
static void cut(struct cutter *cutter, bool closed)
{
	struct scan *scan = &cutter->scan;
	struct piece *piece = NULL;
	bool after_semicolon = false, after_end = false;
	size_t end = scan->at;
	enum token token;

	while ((token = scan_next(scan)) != TOKEN_END) {
		if (token == TOKEN_UNCLOSED) {
			say_unclosed(cutter);
			return;
		}
		if (!piece && token == TOKEN_SEMICOLON)
			continue;
		if (!piece)
			piece = piece_begin(cutter);
		head_add(cutter, piece);
		end = scan->at;
		if (token == TOKEN_SEMICOLON && (after_end || !is_trigger(piece)) &&
			is_complete(cutter, piece, end)) {
			piece_end(cutter, piece, end);
			piece = NULL;
		}
		after_end = after_semicolon && is_end(scan, token);
		after_semicolon = token == TOKEN_SEMICOLON;
	}
	if (piece && closed && is_nearly_complete(cutter, piece, end))
		piece_end(cutter, piece, end);
	else if (piece)
		say_incomplete(cutter, piece);
}

/* Takes out the pragmas that mean nothing here. */
static void drop_foreign_keys(struct cutter *cutter)
{
	size_t kept = 0;

	for (size_t i = 0; i < cutter->count; i++)
		if (cutter->pieces[i].command != FOREIGN_KEYS)
			cutter->pieces[kept++] = cutter->pieces[i];
	cutter->count = kept;
}

/* Takes out a BEGIN at the top with the COMMIT at the end; neither goes alone. */
static void drop_transaction(struct cutter *cutter)
{
	size_t count = cutter->count;

	if (count < 2 || cutter->pieces[0].command != BEGIN ||
		cutter->pieces[count - 1].command != COMMIT)
		return;
	memmove(cutter->pieces, cutter->pieces + 1, (count - 2) * sizeof *cutter->pieces);
	cutter->count = count - 2;
}

static void refuse_commands(struct cutter *cutter)
{
	for (size_t i = 0; i < cutter->count; i++) {
		const struct piece *piece = &cutter->pieces[i];

		if (piece->command != PLAIN)
			problems_add(cutter->problems, place_of(cutter, piece),
				"%.*s cannot be used in a migration: %s",
				(int)piece->head[0].size, piece->head[0].text,
				piece->why);
	}
}

void sql_cut(char *text, const struct sql_part *parts, size_t parts_count,
	const char *file, struct arena *arena, struct db_statement **ret,
	size_t *ret_count, struct problems *problems)
{
	struct cutter cutter = {
		.scan = SCAN_INIT(text, 0),
		.text = text,
		.file = file,
		.problems = problems,
	};

	for (size_t i = 0; i < parts_count; i++) {
		const struct sql_part *part = &parts[i];

		scan_seek(&cutter.scan, part->start, part->start + part->size);
		cut(&cutter, part->closed);
	}
	drop_foreign_keys(&cutter);
	drop_transaction(&cutter);
	refuse_commands(&cutter);
	*ret = arena_alloc(arena, cutter.count * sizeof **ret);
	*ret_count = cutter.count;
	for (size_t i = 0; i < cutter.count; i++)
		(*ret)[i] = cutter.pieces[i].statement;
	free(cutter.pieces);
}
