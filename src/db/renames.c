/* SPDX-License-Identifier: MIT */
/* Which tables and columns migrations rename and drop. */
#include "db/renames.h"

#include <sqlite3.h>
#include <string.h>

#include "migration/tokens.h"

/* ---- reading a statement ---- */

/* The name inside these quotes, in which a quote is doubled. */
static const char *unquote(const char *text, size_t size, struct arena *arena)
{
	char *name = arena_alloc(arena, size);
	size_t length = 0;

	for (size_t i = 1; i + 1 < size; i++) {
		name[length++] = text[i];
		if (text[i] == text[0])
			i++;
	}
	name[length] = '\0';
	return name;
}

/* The name that the last token begins, or NULL. */
static const char *name_here(
	struct tokens *tokens, enum sql_token type, struct arena *arena)
{
	size_t start = tokens->start;
	char quote = start < tokens->size ? tokens->text[start] : '\0';

	if (type == SQL_TOKEN_WORD)
		return arena_memdup(arena, tokens->text + start, tokens->at - start);
	if (type != SQL_TOKEN_OTHER || !strchr("\"`'[", quote))
		return NULL;
	/* A doubled quote makes two tokens of a name. */
	while (quote != '[' && tokens->at < tokens->size &&
		tokens->text[tokens->at] == quote)
		if (tokens_next(tokens) != SQL_TOKEN_OTHER)
			return NULL;
	return unquote(tokens->text + start, tokens->at - start, arena);
}

static const char *next_name(struct tokens *tokens, struct arena *arena)
{
	return name_here(tokens, tokens_next(tokens), arena);
}

/* The name of a table, without that of its schema; the token behind it is read. */
static const char *read_table(
	struct tokens *tokens, enum sql_token *ret_behind, struct arena *arena)
{
	const char *name = next_name(tokens, arena);

	*ret_behind = tokens_next(tokens);
	if (*ret_behind != SQL_TOKEN_OTHER || tokens->text[tokens->start] != '.')
		return name;
	name = next_name(tokens, arena);
	*ret_behind = tokens_next(tokens);
	return name;
}

/* Behind RENAME or DROP: [COLUMN] name, or NULL with TO alone. */
static const char *read_column(
	struct tokens *tokens, bool *ret_is_to, struct arena *arena)
{
	enum sql_token type = tokens_next(tokens);

	*ret_is_to = tokens_is(tokens, "to");
	if (*ret_is_to)
		return NULL;
	if (tokens_is(tokens, "column"))
		type = tokens_next(tokens);
	return name_here(tokens, type, arena);
}

/* ALTER TABLE [schema.]table RENAME [[COLUMN] column] TO name, or DROP [COLUMN] name. */
static bool read_alter(struct tokens *tokens, struct rename *ret, struct arena *arena)
{
	enum sql_token type;
	bool drops, is_to;

	if (!tokens_next_is(tokens, "alter") || !tokens_next_is(tokens, "table"))
		return false;
	ret->table = read_table(tokens, &type, arena);
	drops = tokens_is(tokens, "drop");
	if (!ret->table || (!drops && !tokens_is(tokens, "rename")))
		return false;
	ret->column = read_column(tokens, &is_to, arena);
	if (drops)
		return ret->column;
	if (!is_to && (!ret->column || !tokens_next_is(tokens, "to")))
		return false;
	ret->to = next_name(tokens, arena);
	return ret->to;
}

void renames_expect(struct renames *renames, const char *sql, size_t size)
{
	struct tokens tokens = {.text = sql, .size = size, .line = 1};

	renames->expected = (struct rename){.table = NULL};
	renames->expects = read_alter(&tokens, &renames->expected, &renames->arena);
}

/* ---- from the authorizer ---- */

static bool is_same(const char *a, const char *b)
{
	return a && b ? sqlite3_stricmp(a, b) == 0 : a == b;
}

/* A statement may be prepared twice, and runs once. */
static bool is_last(const struct renames *renames, const struct rename *rename)
{
	const struct rename *last =
		renames->count ? &renames->list[renames->count - 1] : NULL;

	return last && is_same(last->table, rename->table) &&
		is_same(last->column, rename->column) && is_same(last->to, rename->to);
}

static void add(struct renames *renames, struct rename rename)
{
	const char *from = rename.column ? rename.column : rename.table;

	/* What changes but the case of letters renames nothing. */
	if (is_last(renames, &rename) || is_same(from, rename.to))
		return;
	renames->list = arena_array_grow(
		&renames->arena, renames->list, renames->count, sizeof *renames->list);
	renames->list[renames->count++] = rename;
}

static bool is_main(const char *database)
{
	return database && sqlite3_stricmp(database, "main") == 0;
}

void renames_note(struct renames *renames, int action, const char *first,
	const char *second, const char *database)
{
	if (action == SQLITE_DROP_TABLE && is_main(database))
		add(renames,
			(struct rename){.table = arena_strdup(&renames->arena, first)});
	/* Here the first argument is the database. */
	if (action == SQLITE_ALTER_TABLE && is_main(first) && renames->expects &&
		is_same(renames->expected.table, second))
		add(renames, renames->expected);
}

void renames_release(struct renames *renames)
{
	arena_release(&renames->arena);
}
