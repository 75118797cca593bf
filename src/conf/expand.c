/* SPDX-License-Identifier: MIT */
/* ${…} replaced by values, in one pass. */
#include "conf/expand.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "conf/condition.h"
#include "conf/expansion.h"
#include "conf/field.h"

#define EXPAND_MAX ((size_t)16 * 1024 * 1024)

static int expand_part(struct expansion *run, const char *text, size_t size, bool follow,
	int depth, struct buf *ret);

/*
 * With an allow-list, every other "${" is the template's own and stays as it is. The
 * text goes on to `end`: an allowed name that is not closed is an error.
 */
static bool is_ours(
	const struct expansion *run, const struct token *token, const char *end)
{
	const struct expander *expander = run->expander;
	CLEANUP_BUF struct buf name = BUF_INIT;
	DECLARE_ERR(ignored);
	struct reference ref;
	size_t size = (size_t)(end - token->text);

	if (!expander->allow)
		return true;
	if (reference_is_known(token->text, size, expander->words))
		return reference_parse(token->text, token->size, expander->words, &ref,
			       &ignored) == 0;
	size = reference_name_size(token->text, size);
	buf_add(&name, token->text + 2, size);
	return size > 0 && list_matches(expander->allow, name.data);
}

/* The message of ":?", or what stands for an empty one. */
static int note_demand(struct expansion *run, const struct reference *ref, int depth)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_add(&text, ref->name, ref->name_size);
	buf_puts(&text, ": ");
	if (ref->operand_size == 0)
		buf_puts(&text, "is not set, or empty");
	else if (expand_part(run, ref->operand, ref->operand_size, false, depth + 1,
			 &text) < 0)
		return -1;
	expansion_note_unset(run, text.data);
	return 0;
}

/* The value that takes the reference's place, in `value`; not escaped. */
static int evaluate(struct expansion *run, const struct reference *ref, bool follow,
	int depth, struct buf *value)
{
	int missing = expansion_fetch(run, ref, value);
	bool empty = value->len == 0;
	bool use_operand = false;

	if (missing < 0)
		return -1;
	if (missing == EXPAND_LATER) {
		run->result.later = true;
		return 0;
	}
	switch (ref->operator_) {
	case OPERATOR_NONE:
		if (missing)
			expansion_note_missing(run, ref);
		break;
	case OPERATOR_DEFAULT:
		use_operand = missing || empty;
		break;
	case OPERATOR_DEFAULT_UNSET:
		use_operand = missing;
		break;
	case OPERATOR_DEMAND:
		if (missing || empty)
			return note_demand(run, ref, depth);
		break;
	case OPERATOR_OTHER:
		use_operand = !missing && !empty;
		buf_truncate(value, 0);
		break;
	}
	if (use_operand)
		return expand_part(
			run, ref->operand, ref->operand_size, follow, depth + 1, value);
	return value->len > 0 ? expansion_note_secret(run, ref, value->data) : 0;
}

static int put_in_glob(const struct reference *ref, const struct buf *value,
	struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf escaped = BUF_INIT;
	int rc =
		ref->escaped ? escape_chosen(ref->escape, value->data, &escaped, err) : 0;

	if (rc == 0)
		condition_quote(ref->escaped ? escaped.data : value->data, ret);
	return rc;
}

/*
 * Puts it in at its place. What means nothing yet is not judged, nor is a part of a value
 * (no `follow`), which is made safe as a whole.
 */
static int put_value(struct expansion *run, const struct reference *ref,
	const struct buf *value, bool follow, struct buf *ret)
{
	int escape = run->expander->escape;

	if (run->expander->glob && follow)
		return put_in_glob(ref, value, ret, run->err);
	if (ref->escaped && (!follow || ref->escape != escape)) {
		if (follow && value->len)
			lexer_pass(&run->lexer);
		return escape_chosen(ref->escape, value->data, ret, run->err);
	}
	if (follow && (value->len || (!run->result.unset && !run->result.later)))
		return escape_add(
			escape, &run->lexer, value->data, &run->next, ret, run->err);
	buf_puts(ret, value->data);
	return 0;
}

/* The `other` of ":+" is text like that around it, and its values are put in there. */
static int expand_reference(struct expansion *run, const struct token *token, bool follow,
	int depth, struct buf *ret)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	struct reference ref;
	bool text;

	if (reference_parse(
		    token->text, token->size, run->expander->words, &ref, run->err) < 0)
		return -1;
	if (depth == REFERENCE_DEPTH_MAX)
		return err_config(run->err, "${…} is nested more than %d deep",
			REFERENCE_DEPTH_MAX);
	text = ref.operator_ == OPERATOR_OTHER && !ref.escaped && !run->expander->glob;
	if (evaluate(run, &ref, text && follow, depth, &value) < 0)
		return -1;
	if (text) {
		buf_add(ret, value.data, value.len);
		return 0;
	}
	if (put_value(run, &ref, &value, follow, ret) == 0)
		return 0;
	run->misplaced = true;
	return err_prefix(run->err, "${%.*s}",
		(int)((size_t)(ref.name - ref.word) + ref.name_size), ref.word);
}

static void note_bare(struct expansion *run, const struct token *token)
{
	const struct expander *expander = run->expander;
	CLEANUP_BUF struct buf name = BUF_INIT;

	buf_add(&name, token->text + 1, token->size - 1);
	if ((expander->allow && !list_matches(expander->allow, name.data)) ||
		!expander->lookup(expander->user, name.data))
		return;
	run->result.bare = true;
	if (expander->bare)
		expander->bare(expander->user, run->at, name.data);
}

static void put_text(struct expansion *run, const char *text, size_t size, bool follow,
	struct buf *ret)
{
	if (follow)
		lexer_feed(&run->lexer, text, size);
	buf_add(ret, text, size);
}

static int expand_token(struct expansion *run, const struct token *token, bool follow,
	int depth, struct buf *ret)
{
	switch (token->type) {
	case TOKEN_LITERAL:
		put_text(run, "${", 2, follow, ret);
		return 0;
	case TOKEN_REFERENCE:
		return expand_reference(run, token, follow, depth, ret);
	case TOKEN_BARE:
		note_bare(run, token);
		break;
	case TOKEN_TEXT:
	case TOKEN_END:
		break;
	}
	put_text(run, token->text, token->size, follow, ret);
	return 0;
}

/* Behind the end of `tokens` stands what is behind the whole. */
static struct escape_next next_of(
	const struct tokens *tokens, const struct escape_next *behind)
{
	if (tokens->at == tokens->end)
		return *behind;
	return (struct escape_next){tokens->at, (size_t)(tokens->end - tokens->at)};
}

static int expand_part(struct expansion *run, const char *text, size_t size, bool follow,
	int depth, struct buf *ret)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, size);
	const struct escape_next behind = run->next;
	struct token token;

	while ((token = token_next(&tokens)).type != TOKEN_END) {
		int line = run->at.line;

		if (token.type == TOKEN_REFERENCE && !is_ours(run, &token, text + size)) {
			/* What is nested in it may be ours again. */
			token_enter(&tokens, &token);
			token.type = TOKEN_TEXT;
		}
		run->next = next_of(&tokens, &behind);
		if (depth == 0)
			run->token = token.text;
		if (expand_token(run, &token, follow, depth, ret) < 0)
			return -1;
		if (ret->len > EXPAND_MAX)
			return err_config(run->err, "it comes to more than 16 MiB");
		run->at.line = line + token_lines(&token);
	}
	run->next = behind;
	return 0;
}

/* The column of the token, in characters. */
static int column_of(const char *text, const char *token)
{
	int column = 1;

	while (token > text && token[-1] != '\n')
		column += (*--token & 0xc0) != 0x80;
	return column;
}

int expand_collect(const struct expander *expander, const char *text, struct place at,
	struct problems *unset, struct buf *ret, struct expand_result *result,
	struct err *err)
{
	struct expansion run = {
		.expander = expander, .at = at, .unset = unset, .err = err};

	run.at.column = 0;
	escape_begin(expander->escape, &run.lexer);
	if (expand_part(&run, text, strlen(text), true, 0, ret) < 0) {
		if (run.misplaced && at.column)
			run.at.column = column_of(text, run.token);
		if (expander->prefix)
			err_prefix(err, "%s", expander->prefix);
		return err_at(err, run.at);
	}
	if (result)
		*result = run.result;
	return 0;
}

int expand(const struct expander *expander, const char *text, struct place at,
	struct buf *ret, struct expand_result *result, struct err *err)
{
	__attribute__((cleanup(problems_release))) struct problems unset = {0};

	if (expand_collect(expander, text, at, &unset, ret, result, err) < 0)
		return -1;
	problems_sort(&unset);
	return problems_raise(&unset, 0, err);
}
