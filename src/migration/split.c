/* SPDX-License-Identifier: MIT */
/* Splitting the SQL of a migration into statements. */
#include "migration/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/dialect.h"
#include "migration/down.h"
#include "migration/tokens.h"

#define PASSED_MAX 60 /* of its text, in a line of the log */

/*
 * What the transaction commands of a text do, if they were run. It begins inside of the
 * transaction of the tool that runs it, or outside of any: the first command shows which.
 */
struct transaction {
	enum { UNKNOWN, INSIDE, OUTSIDE } state;
	bool statements;     /* there was one that runs */
	struct draft begin;  /* the BEGIN that a COMMIT must follow, … */
	struct draft commit; /* the COMMIT that no statement may follow; if it has text */
	bool late;           /* this BEGIN has statements before it: none may follow */
	bool unopened;       /* the first COMMIT has statements, but no BEGIN before it */
};

struct splitter {
	const struct script *script;
	struct tokens tokens;
	struct statement *list;
	size_t count;
	struct draft draft; /* that is being read, if it has text */
	struct transaction transaction;
	struct down down;
};

/* The place of the last token. */
static struct place place_of(const struct splitter *splitter)
{
	return (struct place){splitter->script->file, splitter->tokens.start_line,
		splitter->tokens.start_column};
}

static void add_token(struct draft *draft, const struct splitter *splitter)
{
	const struct tokens *tokens = &splitter->tokens;

	if (!draft->text)
		*draft = (struct draft){
			.text = splitter->script->text + tokens->start,
			.at = place_of(splitter),
		};
	draft->last.text = tokens->text + tokens->start;
	draft->last.size = tokens->at - tokens->start;
	draft->size = (size_t)(draft->last.text - draft->text) + draft->last.size;
	if (draft->head_count < DRAFT_HEAD_MAX)
		draft->head[draft->head_count++] = draft->last;
}

/* ---- transactions ---- */

static void refuse(const struct splitter *splitter, struct draft *draft)
{
	if (draft->text)
		problems_add(splitter->script->problems, draft->at,
			"%.*s cannot be used in a migration: %s",
			(int)draft->head[0].size, draft->head[0].text, draft->why);
	draft->text = NULL;
}

static void take_begin(struct splitter *splitter, struct draft *draft)
{
	struct transaction *transaction = &splitter->transaction;

	if (transaction->state == INSIDE) {
		refuse(splitter, draft);
		return;
	}
	if (transaction->state == UNKNOWN) {
		transaction->begin = *draft;
		transaction->late = transaction->statements;
	}
	transaction->commit.text = NULL;
	transaction->state = INSIDE;
}

static void take_commit(struct splitter *splitter, struct draft *draft)
{
	struct transaction *transaction = &splitter->transaction;

	if (transaction->state == OUTSIDE) {
		refuse(splitter, draft);
		return;
	}
	if (transaction->late)
		refuse(splitter, &transaction->begin);
	if (transaction->state == INSIDE || transaction->statements)
		transaction->commit = *draft;
	transaction->unopened |= transaction->state == UNKNOWN && transaction->statements;
	transaction->begin.text = NULL;
	transaction->state = OUTSIDE;
}

static void take_statement(struct splitter *splitter)
{
	struct transaction *transaction = &splitter->transaction;

	refuse(splitter, &transaction->commit);
	if (transaction->late)
		refuse(splitter, &transaction->begin);
	transaction->statements = true;
	splitter->down.sql = true;
}

static void end_transaction(struct splitter *splitter)
{
	struct transaction *transaction = &splitter->transaction;

	if (!transaction->late)
		refuse(splitter, &transaction->begin);
	if (transaction->unopened)
		refuse(splitter, &transaction->commit);
}

/* ---- statements ---- */

static void add_statement(struct splitter *splitter, const struct draft *draft)
{
	splitter->list =
		mem_grow(splitter->list, splitter->count, sizeof *splitter->list);
	splitter->list[splitter->count++] = (struct statement){
		.text = draft->text,
		.size = draft->size,
		.line = draft->at.line,
	};
}

/* BEGIN and COMMIT of a migration outside of a transaction, in pairs. */
static void take_own(struct splitter *splitter, struct draft *draft)
{
	struct draft *begin = &splitter->transaction.begin;
	bool is_open = begin->text != NULL;

	draft->why = "outside of a transaction each BEGIN has one COMMIT behind it";
	if (is_open != (draft->role == DRAFT_COMMIT)) {
		refuse(splitter, draft);
		return;
	}
	add_statement(splitter, draft);
	*begin = *draft;
	if (is_open)
		begin->text = NULL;
}

static void take_command(struct splitter *splitter, struct draft *draft)
{
	struct draft modes = *draft;

	if (splitter->script->outside) {
		take_own(splitter, draft);
		return;
	}
	if (draft->role == DRAFT_MODES)
		refuse(splitter, &modes); /* it has a COMMIT all the same */
	if (draft->role == DRAFT_COMMIT)
		take_commit(splitter, draft);
	else
		take_begin(splitter, draft);
}

/* "PRAGMA synchronous = OFF (line 3)" */
static void pass_over(const struct splitter *splitter, const struct draft *draft)
{
	struct buf *passed = splitter->script->passed;
	size_t size = strcspn(draft->text, "\r\n;");

	if (!passed)
		return;
	size = size < draft->size ? size : draft->size;
	buf_separate(passed, ", ");
	buf_add_cut(passed, draft->text, size, PASSED_MAX);
	buf_printf(passed, " (line %d)", draft->at.line);
}

static void end_draft(struct splitter *splitter, struct draft *draft)
{
	const struct script *script = splitter->script;

	if (draft->size > script->dialect->statement_max)
		problems_add(script->problems, draft->at,
			"this statement is longer than %zu bytes; make several of it",
			script->dialect->statement_max);
	script->dialect->classify(draft, script->problems);
	switch (draft->role) {
	case DRAFT_RUN:
		take_statement(splitter);
		add_statement(splitter, draft);
		break;
	case DRAFT_SETTING:
		add_statement(splitter, draft);
		break;
	case DRAFT_PASSED:
		pass_over(splitter, draft);
		break;
	case DRAFT_BEGIN:
	case DRAFT_COMMIT:
	case DRAFT_MODES:
		take_command(splitter, draft);
		break;
	case DRAFT_REFUSED:
		refuse(splitter, draft);
		break;
	}
	draft->text = NULL;
}

static void report_unclosed(const struct splitter *splitter)
{
	const struct tokens *tokens = &splitter->tokens;
	const char *advice = splitter->script->advice;

	problems_add(splitter->script->problems, place_of(splitter),
		"the %s that begins here is never closed%s",
		tokens->text[tokens->start] == '/' ? "comment" : "quote",
		advice && *advice ? advice : "; is the file cut short?");
}

/* Ends the draft, if there is one, where it has no `;` of its own. */
static void close_draft(struct splitter *splitter, bool may_lack_semicolon)
{
	const struct dialect *dialect = splitter->script->dialect;
	struct draft *draft = &splitter->draft;

	if (!draft->text)
		return;
	if (may_lack_semicolon && dialect->needs_semicolon(draft)) {
		end_draft(splitter, draft);
		return;
	}
	problems_add(splitter->script->problems, draft->at, "%s; is the file cut short?",
		dialect->describe_incomplete(draft));
	draft->text = NULL;
}

/* Reads the next token, and the comments before it if a statement may begin there. */
static enum sql_token next_token(struct splitter *splitter)
{
	const struct script *script = splitter->script;
	struct tokens *tokens = &splitter->tokens;
	size_t from = tokens->at;
	int line = tokens->line;
	enum sql_token token = script->dialect->next(tokens);

	if (splitter->draft.text)
		return token;
	down_take_gap(&splitter->down, script, from, tokens->start, line);
	if (token == SQL_TOKEN_WORD || token == SQL_TOKEN_OTHER)
		down_take_sql(&splitter->down, script, tokens->start, tokens->start_line);
	return token;
}

static void split_part(struct splitter *splitter, bool closed)
{
	const struct dialect *dialect = splitter->script->dialect;
	struct draft *draft = &splitter->draft;
	enum sql_token token;

	while ((token = next_token(splitter)) != SQL_TOKEN_END) {
		if (token == SQL_TOKEN_UNCLOSED) {
			report_unclosed(splitter);
			draft->text = NULL;
			return;
		}
		if (token == SQL_TOKEN_BREAK) {
			close_draft(splitter, true);
			continue;
		}
		if (!draft->text && token == SQL_TOKEN_SEMICOLON)
			continue;
		add_token(draft, splitter);
		if (dialect->ends(draft, token))
			end_draft(splitter, draft);
	}
	close_draft(splitter, closed || !splitter->script->strict);
}

void split_script(const struct script *script, const struct script_part *parts,
	size_t parts_count, struct statement **ret, size_t *ret_count)
{
	struct splitter splitter = {
		.script = script, .tokens = {.text = script->text, .line = 1}};

	for (size_t i = 0; i < parts_count; i++) {
		tokens_seek(
			&splitter.tokens, parts[i].start, parts[i].start + parts[i].size);
		split_part(&splitter, parts[i].closed);
	}
	end_transaction(&splitter);
	*ret = splitter.list;
	*ret_count = splitter.count;
}

#define QUOTED_MAX 60

void statement_quote(const struct statement *statement, struct buf *to)
{
	char words[QUOTED_MAX + 1];
	size_t size = 0, i = 0;

	for (; i < statement->size && size < QUOTED_MAX; i++) {
		bool blank = str_is_space(statement->text[i]);

		if (!blank || !size || words[size - 1] != ' ')
			words[size++] = blank ? ' ' : statement->text[i];
	}
	words[size] = i < statement->size ? statement->text[i] : '\0';
	if (i < statement->size)
		size = str_cut(words, size);
	buf_printf(to, "'%.*s%s'", (int)size, words, i < statement->size ? "…" : "");
}
