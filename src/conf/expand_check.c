/* SPDX-License-Identifier: MIT */
/* What a text with ${…} says without any value. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/block.h"
#include "conf/expand.h"
#include "conf/expansion.h"
#include "conf/reference.h"
#include "conf/words.h"

struct check {
	const char *text; /* all of it */
	int column;       /* at which its lines begin; 0: none is said */
	const char *const *words;
	const struct condition_kind *conditions;
	const char *prefix;
	struct problems *problems;
	const char **first; /* where the first of them is */
};

int expansion_column(const char *text, const char *token)
{
	const char *line = token;

	while (line > text && line[-1] != '\n')
		line--;
	return str_column(line, token);
}

/* Notes that something is wrong there, in the line of `at`; the place for its error. */
static struct place note(const struct check *how, const char *where, struct place at)
{
	if (!*how->first)
		*how->first = where;
	at.column =
		how->column ? how->column - 1 + expansion_column(how->text, where) : 0;
	return at;
}

static void check(const struct check *how, const char *text, size_t size, struct place at,
	int depth);

/* What is in a "${…}" whose form is none of a reference's, or has been checked. */
static void check_inside(const struct check *how, const char *text, size_t size,
	struct place at, int depth)
{
	if (size > 0)
		check(how, text, size, at, depth + 1);
}

/* Returns whether what stands behind it is to be checked. */
static bool check_reference(
	const struct check *how, const struct token *token, struct place at, int depth)
{
	struct reference ref = {0};
	DECLARE_ERR(err);

	if (block_mark_of(token) != BLOCK_NONE) {
		check_inside(how, token->text + 2, token->size - 3, at, depth);
		return true;
	}
	if (reference_parse(token->text, token->size, how->words, &ref, &err) == 0) {
		if (reference_is_path(&ref))
			check_inside(how, ref.name, ref.name_size, at, depth);
		check_inside(how, ref.operand, ref.operand_size, at, depth);
		return true;
	}
	problems_add(
		how->problems, note(how, token->text, at), "%s%s", how->prefix, err.text);
	/* Whatever stands behind one that is not closed is inside of it. */
	return token->size > 2;
}

/* The blocks of a text. */
static void check_blocks(
	const struct check *how, const char *text, size_t size, struct place at)
{
	const struct block_rules rules = {.conditions = how->conditions};
	CLEANUP_BLOCK struct block_text block = {0};
	const char *wrong = NULL;
	DECLARE_ERR(err);

	if (block_compile(&block, text, size, true, &rules, &wrong, &err) == 0)
		return;
	for (; text < wrong; text++)
		at.line += *text == '\n';
	problems_add(how->problems, note(how, wrong, at), "%s%s", how->prefix, err.text);
}

/* Does it end a block in another language? */
static bool is_other_end(const struct token *token)
{
	static const char *const ends[] = {"${endif}", "${endfor}"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (token->size == strlen(ends[i]) &&
			memcmp(token->text, ends[i], token->size) == 0)
			return true;
	return false;
}

static void check(const struct check *how, const char *text, size_t size, struct place at,
	int depth)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, size);
	const struct place begin = at;
	struct token token;
	struct place other_at = {0};
	const char *other = NULL;
	bool blocks = false;

	for (; (token = token_next(&tokens)).type != TOKEN_END;
		at.line += token_lines(&token)) {
		if (token.type != TOKEN_REFERENCE)
			continue;
		if (depth == REFERENCE_DEPTH_MAX) {
			problems_add(how->problems, note(how, token.text, at),
				"%s${…} is nested more than %d deep", how->prefix,
				REFERENCE_DEPTH_MAX);
		} else if (!check_reference(how, &token, at, depth)) {
			return;
		}
		blocks |= block_mark_of(&token) != BLOCK_NONE;
		if (!other && is_other_end(&token)) {
			other = token.text;
			other_at = at;
		}
	}
	if (blocks && other) {
		problems_add(how->problems, note(how, other, other_at),
			"%sa block ends with ${end}; a variable of this name is "
			"${NAME-} there",
			how->prefix);
	}
	if (blocks)
		check_blocks(how, text, size, begin);
}

const char *expand_check(const char *text, const char *const *words,
	const struct condition_kind *conditions, struct place at, const char *prefix,
	struct problems *problems)
{
	const char *first = NULL;
	const struct check how = {.text = text,
		.column = at.column,
		.words = words,
		.conditions = conditions,
		.prefix = prefix,
		.problems = problems,
		.first = &first};

	check(&how, text, strlen(text), at, 0);
	return first;
}

int expansion_check(struct expansion *run, const char *text)
{
	const struct expander *expander = run->expander;
	struct problems problems = {0};
	const char *first = expand_check(
		text, expander->words, expander->conditions, run->at, "", &problems);
	int rc = 0;

	if (first) {
		run->at.line = problems.list[0].at.line;
		run->token = first;
		run->misplaced = true;
		rc = err_config(run->err, "%s", problems.list[0].text);
	}
	problems_release(&problems);
	return rc;
}

static void each(const char *text, size_t size, int depth,
	void (*found)(void *user, const char *name, bool shown), void *user);

/* What its conditions ask of this run, and of those before. */
static void each_run(const struct token *token, struct arena *arena,
	void (*found)(void *user, const char *name, bool shown), void *user)
{
	const char *body = arena_memdup(arena, token->text + 2, token->size - 3);
	struct list words = {0};

	words_split(body, WORDS_SPACE, arena, &words);
	for (size_t i = 1; i < words.count; i++) {
		const char *word = words.items[i] + (*words.items[i] == '!');

		if (str_starts(word, "changed:") || str_equal(word, "first-run"))
			found(user, word, false);
	}
}

/* Those in its conditions, or its list. */
static void each_of_mark(const struct token *token, int depth,
	void (*found)(void *user, const char *name, bool shown), void *user)
{
	const struct block_rules rules = {0};
	CLEANUP_BLOCK struct block_text block = {0};
	const char *ignored;
	DECLARE_ERR(
		wrong); /* expand_check() says what is; one mark alone is not closed */

	(void)block_compile(
		&block, token->text, token->size, false, &rules, &ignored, &wrong);
	each_run(token, &block.arena, found, user);
	if (block.count && block.pieces->loop && block.pieces->loop->source)
		each(block.pieces->loop->source, strlen(block.pieces->loop->source),
			depth + 1, found, user);
	else
		each(token->text + 2, token->size - 3, depth + 1, found, user);
}

static void each(const char *text, size_t size, int depth,
	void (*found)(void *user, const char *name, bool shown), void *user)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, size);
	struct token token;

	while ((token = token_next(&tokens)).type != TOKEN_END) {
		CLEANUP_BUF struct buf name = BUF_INIT;
		struct reference ref = {0};
		DECLARE_ERR(ignored); /* expand_check() says what is wrong */

		if (token.type != TOKEN_REFERENCE || depth == REFERENCE_DEPTH_MAX)
			continue;
		if (block_mark_of(&token) != BLOCK_NONE) {
			each_of_mark(&token, depth, found, user);
			continue;
		}
		if (reference_parse(token.text, token.size, NULL, &ref, &ignored) < 0) {
			/* It may be the text's own, and what is nested in it ours. */
			token_enter(&tokens, &token);
			continue;
		}
		buf_add(&name, ref.word, (size_t)(ref.name - ref.word) + ref.name_size);
		found(user, name.data, ref.operator_ != OPERATOR_OTHER);
		if (reference_is_path(&ref))
			each(ref.name, ref.name_size, depth + 1, found, user);
		each(ref.operand, ref.operand_size, depth + 1, found, user);
	}
}

void expand_each(const char *text,
	void (*found)(void *user, const char *name, bool shown), void *user)
{
	each(text, strlen(text), 0, found, user);
}
