/* SPDX-License-Identifier: MIT */
/* Splitting the SQL of a migration into statements. */
#include "migration/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/problems.h"
#include "migration/dialect.h"
#include "migration/tokens.h"

struct splitter {
	const struct script *script;
	struct tokens tokens;
	struct draft *drafts;
	size_t count;
};

/* The place of the last token. */
static struct place place_of(const struct splitter *splitter)
{
	return (struct place){splitter->script->file, splitter->tokens.start_line,
		splitter->tokens.start_column};
}

static struct draft *begin_draft(struct splitter *splitter)
{
	struct draft *draft;

	splitter->drafts =
		mem_grow(splitter->drafts, splitter->count, sizeof *splitter->drafts);
	draft = &splitter->drafts[splitter->count++];
	*draft = (struct draft){
		.text = splitter->script->text + splitter->tokens.start,
		.at = place_of(splitter),
	};
	return draft;
}

static void add_token(struct draft *draft, const struct tokens *tokens)
{
	draft->last.text = tokens->text + tokens->start;
	draft->last.size = tokens->at - tokens->start;
	draft->size = (size_t)(draft->last.text - draft->text) + draft->last.size;
	if (draft->head_count < DRAFT_HEAD_MAX)
		draft->head[draft->head_count++] = draft->last;
}

static void end_draft(const struct splitter *splitter, struct draft *draft)
{
	if (draft->size > STATEMENT_MAX)
		problems_add(splitter->script->problems, draft->at,
			"this statement is longer than %zu bytes", STATEMENT_MAX);
	splitter->script->dialect->classify(draft, splitter->script->problems);
}

static void split_part(struct splitter *splitter, bool closed)
{
	const struct dialect *dialect = splitter->script->dialect;
	const struct tokens *tokens = &splitter->tokens;
	struct draft *draft = NULL;
	enum sql_token token;

	while ((token = dialect->next(&splitter->tokens)) != SQL_TOKEN_END) {
		if (token == SQL_TOKEN_UNCLOSED) {
			problems_add(splitter->script->problems, place_of(splitter),
				"the %s that begins here is never closed; is the file "
				"cut short?",
				tokens->text[tokens->start] == '/' ? "comment" : "quote");
			return;
		}
		if (!draft && token == SQL_TOKEN_SEMICOLON)
			continue;
		if (!draft)
			draft = begin_draft(splitter);
		add_token(draft, &splitter->tokens);
		if (dialect->ends(draft, token)) {
			end_draft(splitter, draft);
			draft = NULL;
		}
	}
	if (draft && closed && dialect->needs_semicolon(draft))
		end_draft(splitter, draft);
	else if (draft)
		problems_add(splitter->script->problems, draft->at,
			"%s; is the file cut short?",
			dialect->describe_incomplete(draft));
}

static void leave_out(struct splitter *splitter, size_t i)
{
	struct draft *draft = &splitter->drafts[i];

	splitter->count--;
	memmove(draft, draft + 1, (splitter->count - i) * sizeof *draft);
}

/* Leaves out BEGIN as first and COMMIT as last statement; neither without the other. */
static void leave_out_transaction(struct splitter *splitter)
{
	const struct draft *drafts = splitter->drafts;
	size_t first = 0, end = splitter->count;

	while (first < end && drafts[first].role == DRAFT_SETTING)
		first++;
	while (end > first && drafts[end - 1].role == DRAFT_SETTING)
		end--;
	if (end - first < 2 || drafts[first].role != DRAFT_BEGIN ||
		drafts[end - 1].role != DRAFT_COMMIT)
		return;
	leave_out(splitter, end - 1);
	leave_out(splitter, first);
}

static void refuse_commands(const struct splitter *splitter)
{
	for (size_t i = 0; i < splitter->count; i++) {
		const struct draft *draft = &splitter->drafts[i];

		if (draft->role != DRAFT_RUN && draft->role != DRAFT_SETTING)
			problems_add(splitter->script->problems, draft->at,
				"%.*s cannot be used in a migration: %s",
				(int)draft->head[0].size, draft->head[0].text,
				draft->why);
	}
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
	leave_out_transaction(&splitter);
	refuse_commands(&splitter);
	*ret = arena_alloc(script->arena, splitter.count * sizeof **ret);
	*ret_count = splitter.count;
	for (size_t i = 0; i < splitter.count; i++)
		(*ret)[i] = (struct statement){
			.text = splitter.drafts[i].text,
			.size = splitter.drafts[i].size,
			.line = splitter.drafts[i].at.line,
		};
	free(splitter.drafts);
}
