/* SPDX-License-Identifier: MIT */
/* ${…} replaced by values, in one pass. */
#include "conf/expand.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "conf/block.h"
#include "conf/condition.h"
#include "conf/expansion.h"
#include "conf/field.h"

#define EXPAND_MAX ((size_t)16 * 1024 * 1024)

static int expand_part(struct expansion *run, const char *text, size_t size,
	enum part part, int depth, struct buf *ret);

/*
 * With an allow-list, every other "${" is the template's own and stays as it is, as
 * "${file:0:3}" is, which bash knows. The text goes on to `end`: an allowed name that is
 * not closed is an error.
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
			       &ignored) == 0 &&
			(!reference_is_path(&ref) ||
				memchr(ref.name, '/', ref.name_size));
	size = reference_name_size(token->text, size);
	buf_add(&name, token->text + 2, size);
	return size > 0 && list_matches(expander->allow, name.data);
}

/* ---- values at their places ---- */

static int raise_misplaced(struct expansion *run, const struct reference *ref)
{
	run->misplaced = true;
	return err_prefix(run->err, "${%.*s}",
		(int)((size_t)(ref->name - ref->word) + ref->name_size), ref->word);
}

static void note_cut(struct expansion *run, unsigned how, const struct buf *ret)
{
	const struct expander *expander = run->expander;
	const struct reference *ref = &run->waiting;
	CLEANUP_BUF struct buf name = BUF_INIT;
	const char *end = ret->len ? memrchr(ret->data, '\n', ret->len) : NULL;
	struct place at = run->at;

	run->result.cut = true;
	if (!expander->cut)
		return;
	at.line = run->waiting_line;
	buf_add(&name, ref->word, (size_t)(ref->name - ref->word) + ref->name_size);
	expander->cut(expander->cut_user, at, how, name.data, end ? end + 1 : ret->data);
}

static void note_raw(struct expansion *run)
{
	const struct expander *expander = run->expander;
	const struct reference *ref = &run->waiting;
	struct place at = run->at;

	run->result.raw = true;
	at.line = run->waiting_line;
	if (expander->raw)
		expander->raw(expander->raw_user, at,
			expansion_name(run, ref->word,
				(size_t)(ref->name - ref->word) + ref->name_size));
}

/* What means nothing yet is not judged. */
static int put_waiting(
	struct expansion *run, const struct escape_next *next, struct buf *ret)
{
	const struct reference *ref = &run->waiting;
	const char *value = run->value.data;
	int escape = run->expander->escape;
	unsigned how = escape_misread(escape, &run->lexer, value);
	size_t before = ret->len;

	if (ref->escaped && ref->escape != escape) {
		if (escape_chosen(ref->escape, value, ret, run->err) < 0)
			return -1;
		if (run->value.len)
			escape_pass(&run->lexer, ret, ret->len - before);
		run->lexer.filled = true;
		return 0;
	}
	if (run->expander->check_part && !run->unsure && !ref->escaped && !run->own &&
		run->expander->check_part(ret->data, value, run->err) < 0)
		return -1;
	if (!run->unsure && !ref->escaped && how)
		note_cut(run, how, ret);
	if (run->expander->formless && !ref->escaped && !run->own &&
		escape_has_signs(value))
		note_raw(run);
	if (!run->unsure &&
		(run->value.len || (!run->result.unset && !run->result.later)))
		return escape_add(escape, &run->lexer, value, next, ret, run->err);
	buf_puts(ret, value);
	return 0;
}

static int check_size(const struct expansion *run, const struct buf *ret)
{
	return ret->len > EXPAND_MAX
		? err_config(run->err, "it comes to more than 16 MiB")
		: 0;
}

/* Puts the waiting value in, if there is one. `text` follows. Returns 0, or -1. */
static int settle(struct expansion *run, const char *text, size_t size, struct buf *ret)
{
	const struct escape_next next = {text, size};

	if (!run->waits)
		return 0;
	run->waits = false;
	if (put_waiting(run, &next, ret) == 0)
		return check_size(run, ret);
	run->at.line = run->waiting_line;
	run->token = run->waiting_token;
	return raise_misplaced(run, &run->waiting);
}

/* It is put in once it is known what stands behind it. */
static int expand_followed(struct expansion *run, const struct reference *ref, int depth)
{
	buf_truncate(&run->value, 0);
	run->waiting = *ref;
	run->waiting_line = run->at.line;
	run->waiting_token = run->token;
	run->own = false;
	if (expansion_evaluate(run, ref, PART_INSIDE, depth, &run->value, &run->value) <
		0)
		return -1;
	run->waits = true;
	return 0;
}

/* A part of a value, which is made safe as a whole, or of a glob. */
static int put_inside(struct expansion *run, const struct reference *ref, bool glob,
	const struct buf *value, struct buf *ret)
{
	CLEANUP_BUF struct buf escaped = BUF_INIT;
	const struct buf *put = value;

	if (ref->escaped) {
		put = &escaped;
		if (escape_chosen(ref->escape, value->data, &escaped, run->err) < 0)
			return raise_misplaced(run, ref);
	}
	if (glob)
		condition_quote(put->data, ret);
	else
		buf_add(ret, put->data, put->len);
	return 0;
}

/* The `other` of ":+" is text like that around it, and its values are put in there. */
static int expand_reference(struct expansion *run, const struct token *token,
	enum part part, int depth, struct buf *ret)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	struct reference ref;

	if (reference_parse(
		    token->text, token->size, run->expander->words, &ref, run->err) < 0) {
		run->misplaced |= depth == 0;
		return -1;
	}
	if (depth == REFERENCE_DEPTH_MAX)
		return err_config(run->err, "${…} is nested more than %d deep",
			REFERENCE_DEPTH_MAX);
	if (part == PART_FOLLOWED) {
		if (settle(run, token->text, token->size, ret) < 0)
			return -1;
		if (ref.operator_ != OPERATOR_OTHER || ref.escaped)
			return expand_followed(run, &ref, depth);
		return expansion_evaluate(run, &ref, part, depth, &value, ret);
	}
	if (expansion_evaluate(run, &ref, PART_INSIDE, depth, &value, &value) < 0)
		return -1;
	return put_inside(run, &ref, part == PART_GLOB, &value, ret);
}

/* ---- texts ---- */

static void note_bare(struct expansion *run, const struct token *token)
{
	const struct expander *expander = run->expander;
	const char *name = expansion_name(run, token->text + 1, token->size - 1);

	if ((expander->allow && !list_matches(expander->allow, name)) ||
		!expander->lookup(expander->user, name))
		return;
	run->result.bare = true;
	if (expander->bare)
		expander->bare(expander->user, run->at, name);
}

/* `end` is as far as it is known what stands behind it. */
static int put_text(struct expansion *run, const char *text, size_t size, const char *end,
	enum part part, struct buf *ret)
{
	if (part == PART_FOLLOWED) {
		if (settle(run, text, (size_t)(end - text), ret) < 0)
			return -1;
		run->words |= strspn(text, " \t\r\n") < size;
		run->lexer.joined &= !run->unsure;
		escape_text(&run->lexer, text, size, ret);
		return 0;
	}
	buf_add(ret, text, size);
	return 0;
}

static int expand_token(struct expansion *run, const struct token *token, const char *end,
	enum part part, int depth, struct buf *ret)
{
	size_t dollar = token->type == TOKEN_LITERAL; /* the first one of "$${" */
	int rc;

	if (token->type == TOKEN_BARE)
		note_bare(run, token);
	rc = token->type == TOKEN_REFERENCE && !expansion_keeps(run, token)
		? expand_reference(run, token, part, depth, ret)
		: put_text(run, token->text + dollar, token->size - dollar, end, part,
			  ret);
	return rc < 0 ? -1 : check_size(run, ret);
}

static bool rules_ours(void *user, const struct token *token, const char *end)
{
	return is_ours(user, token, end);
}

/* From where the line begins on which a block does: all that is behind it, too. */
static int expand_from(struct expansion *run, const char *text, size_t size,
	bool line_start, enum part part, int depth, struct buf *ret)
{
	const struct block_rules rules = {
		.conditions = run->expander->conditions,
		.ours = run->expander->allow ? rules_ours : NULL,
		.user = run,
	};

	return expansion_blocks(run, text, size, line_start, &rules, part, depth, ret);
}

/* The size of a text's lines in front of the last one. */
static size_t whole_lines(const struct token *token)
{
	const char *last = memrchr(token->text, '\n', token->size);

	return last ? (size_t)(last - token->text) + 1 : 0;
}

/*
 * Does a block begin at, or right behind, the token? Then `token` is cut to what is in
 * front of that line, if nothing but it is on it.
 */
static bool is_block_next(const struct expansion *run, struct tokens *tokens,
	struct token *token, const char *text)
{
	const struct block_rules rules = {
		.ours = run->expander->allow ? rules_ours : NULL};
	bool here = token->type == TOKEN_REFERENCE;
	const char *at = here ? token->text : tokens->at;
	struct token mark;

	if ((!here && token->type != TOKEN_TEXT) || !block_may_begin(at, tokens->end))
		return false;
	mark = *token;
	if (!here)
		mark = token_next(tokens);
	tokens->at = here ? tokens->at : at;
	if (block_outer_mark(&mark, &rules) == BLOCK_NONE)
		return false;
	if (here)
		token->size = 0;
	else if (token->text == text || whole_lines(token) > 0)
		token->size = whole_lines(token);
	return true;
}

static int expand_part(struct expansion *run, const char *text, size_t size,
	enum part part, int depth, struct buf *ret)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, size);
	struct token token;

	while ((token = token_next(&tokens)).type != TOKEN_END) {
		int line = run->at.line;
		bool block = is_block_next(run, &tokens, &token, text);

		if (!block && token.type == TOKEN_REFERENCE &&
			!is_ours(run, &token, tokens.end)) {
			/* What is nested in it may be ours again. */
			token_enter(&tokens, &token);
			token.type = TOKEN_TEXT;
		}
		if (depth == 0)
			run->token = token.text;
		if (token.size &&
			expand_token(run, &token, tokens.end, part, depth, ret) < 0)
			return -1;
		run->at.line = line + token_lines(&token);
		if (!block)
			continue;
		token.text += token.size;
		return expand_from(run, token.text, (size_t)(tokens.end - token.text),
			depth == 0 && (token.text == text || token.text[-1] == '\n'),
			part, depth, ret);
	}
	return 0;
}

int expand_collect(const struct expander *expander, const char *text, struct place at,
	struct problems *unset, struct buf *ret, struct expand_result *result,
	struct err *err)
{
	static const struct expansion_way way = {expand_token, expand_part};
	struct expansion run = {
		.expander = expander,
		.way = &way,
		.text = text,
		.column = at.column,
		.first_line = at.line,
		.at = at,
		.unset = unset,
		.value = BUF_INIT,
		.name = BUF_INIT,
		.err = err,
	};
	int rc;

	run.at.column = 0;
	escape_begin(expander->escape, &run.lexer);
	rc = expand_part(&run, text, strlen(text),
		expander->glob ? PART_GLOB : PART_FOLLOWED, 0, ret);
	if (rc == 0)
		rc = settle(&run, "", 0, ret);
	if (rc == 0)
		escape_end(&run.lexer, ret);
	escape_release(&run.lexer);
	buf_release(&run.value);
	buf_release(&run.name);
	if (rc < 0) {
		if (run.misplaced && at.column)
			run.at.column = at.column - 1 + expansion_column(text, run.token);
		if (expander->prefix)
			err_prefix(err, "%s", expander->prefix);
		return err_at(err, run.at);
	}
	/* A text that is a value and nothing else is in no format. */
	run.result.raw &= run.words;
	run.result.keyed = run.lexer.keyed;
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
