/* SPDX-License-Identifier: MIT */
/* Blocks of a text: which branch is taken, and how often. */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "conf/expansion.h"
#include "conf/words.h"

#define ROUNDS_MAX 1000000

struct blocks {
	struct expansion *run;
	struct block_text text;
	enum part part;
	int depth, line;
	struct buf *ret;
};

static int run_range(struct blocks *blocks, size_t from, size_t to);

/* ---- ${if …} ---- */

/* A variable of a loop hides one of the same name. */
static const char *lookup(void *user, const char *name)
{
	const struct expansion *run = user;
	const struct binding *bound = expansion_binding(run, name, strlen(name));

	return bound ? bound->value : run->expander->lookup(run->expander->user, name);
}

/* What is in a mark is ours, whatever is allowed, and is kept, around it. */
static int expand_mark(
	struct blocks *blocks, const char *text, enum part part, struct buf *ret)
{
	struct expansion *run = blocks->run;
	const struct expander *expander = run->expander;
	struct expander all = *expander;
	int rc;

	all.allow = NULL;
	all.missing = all.missing == EXPAND_KEEP ? EXPAND_ERROR : all.missing;
	run->expander = &all;
	rc = run->way->text(run, text, strlen(text), part, blocks->depth + 1, ret);
	run->expander = expander;
	return rc;
}

/* In a condition: "NAME=${X}". */
static int expand_leaf(
	void *user, const char *text, bool glob, struct buf *ret, struct err *err)
{
	struct blocks *blocks = user;
	struct expansion *run = blocks->run;
	struct expand_result before = run->result;
	int rc;

	(void)err; /* run->err, which it is */
	run->result.unset = run->result.later = false;
	rc = expand_mark(blocks, text, glob ? PART_GLOB : PART_INSIDE, ret);
	if (rc == 0 && (run->result.unset || run->result.later))
		rc = 1;
	run->result.unset |= before.unset;
	run->result.later |= before.later;
	return rc;
}

/* ${if DEBUG} holds with DEBUG=no, too. */
static void warn_doubtful(struct expansion *run, const struct condition *condition)
{
	const struct expander *expander = run->expander;
	const char *name = condition->text + condition->negated;
	const char *value = strchr(name, ':') ? NULL : lookup(run, name);
	bool yes;

	if (value && expander->doubtful && bool_parse(value, &yes) && !yes)
		expander->doubtful(expander->user, run->at, name);
}

/* The piece's conditions with their values. Returns 0, 1 where one is unset, or -1. */
static int fill(struct blocks *blocks, const struct block_piece *piece,
	struct arena *arena, struct conditions *ret)
{
	const struct conditions *written = piece->conditions;
	int incomplete = 0;

	*ret = *written;
	ret->list = arena_memdup(arena, ret->list, ret->count * sizeof *ret->list);
	for (size_t i = 0; i < ret->count; i++) {
		int rc = condition_fill(
			&ret->list[i], expand_leaf, blocks, arena, blocks->run->err);

		if (rc < 0)
			return -1;
		incomplete |= rc;
		warn_doubtful(blocks->run, &ret->list[i]);
	}
	return incomplete;
}

static bool pending(void *user, const char *glob)
{
	const struct expansion *run = user;
	const struct expander *expander = run->expander;

	return expander->pending && !expansion_binding(run, glob, strlen(glob)) &&
		expander->pending(expander->user, glob);
}

static int withheld(
	void *user, const char *glob, const struct list *allow, struct err *err)
{
	const struct expansion *run = user;

	if (!run->expander->withheld || expansion_binding(run, glob, strlen(glob)))
		return 0;
	return run->expander->withheld(run->expander->user, glob, allow, err);
}

static int ask(struct blocks *blocks, const struct block_piece *piece)
{
	struct expansion *run = blocks->run;
	const struct condition_asked asked = {
		.lookup = lookup,
		.pending = pending,
		.withheld = withheld,
		.lookup_user = run,
		.environment = run->expander->environment,
		.user = run->expander->user,
	};
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct arena arena = {0};
	struct conditions conditions;
	int answer;

	if (!piece->conditions)
		return err_config(run->err, "no condition can be asked here");
	answer = fill(blocks, piece, &arena, &conditions);
	if (answer == 0)
		answer = conditions_hold(
			&conditions, &asked, run->expander->settled, &why, run->err);
	else if (answer > 0)
		answer = CONDITION_UNKNOWN;
	arena_release(&arena);
	if (answer != CONDITION_UNKNOWN || run->expander->settled || !why.len)
		return answer;
	return err_fail(run->err, "%s", why.data);
}

/* Where it is not known yet which branch is taken, none is. */
static int run_if(struct blocks *blocks, size_t at)
{
	const struct block_piece *pieces = blocks->text.pieces;
	struct expansion *run = blocks->run;

	while (pieces[at].mark == BLOCK_IF || pieces[at].mark == BLOCK_ELIF) {
		int answer;

		run->at.line = blocks->line + pieces[at].line;
		if (blocks->depth == 0)
			run->token = pieces[at].token.text;
		answer = ask(blocks, &pieces[at]);
		if (answer < 0) {
			run->misplaced = true;
			return -1;
		}
		if (answer == CONDITION_UNKNOWN) {
			run->unsure = run->result.later = true;
			return 0;
		}
		if (answer == CONDITION_YES)
			break;
		at = pieces[at].next;
	}
	return pieces[at].mark == BLOCK_END ? 0
					    : run_range(blocks, at + 1, pieces[at].next);
}

/* ---- ${for …} ---- */

struct round {
	const char *index; /* NULL: it is counted */
	const char *item;
	bool secret;
};

struct rounds {
	struct arena arena;
	struct round *list;
	size_t count;
};

static void add_round(
	struct rounds *rounds, const char *index, const char *item, bool secret)
{
	rounds->list = arena_array_grow(
		&rounds->arena, rounds->list, rounds->count, sizeof *rounds->list);
	rounds->list[rounds->count++] = (struct round){index, item, secret};
}

/* Pieces are trimmed, and those that are empty left out. */
static void split(
	const struct block_loop *loop, char *text, bool secret, struct rounds *rounds)
{
	const char *separator = loop->separator ? loop->separator : ",";

	while (text) {
		char *end = loop->separator ? strstr(text, separator)
					    : strpbrk(text, "," WORDS_SPACE);
		char *next = end ? end + strlen(separator) : NULL;

		if (end)
			*end = '\0';
		else
			end = text + strlen(text);
		text += strspn(text, WORDS_SPACE);
		while (end > text && str_is_space(end[-1]))
			*--end = '\0';
		if (*text)
			add_round(rounds, NULL, text, secret);
		text = next;
	}
}

static int list_items(
	struct blocks *blocks, const struct block_loop *loop, struct rounds *rounds)
{
	struct expansion *run = blocks->run;
	CLEANUP_BUF struct buf value = BUF_INIT;
	bool secret = run->result.secret;

	run->result.secret = false;
	if (expand_mark(blocks, loop->source, PART_INSIDE, &value) < 0)
		return -1;
	split(loop, arena_memdup(&rounds->arena, value.data, value.len),
		run->result.secret, rounds);
	run->result.secret |= secret;
	return 0;
}

/* What the last "*" of the glob matched in the name, or NULL where the glob does not. */
static const char *match_last(struct arena *arena, const char *glob, const char *name)
{
	const char *star = strrchr(glob, '*');
	const char *head = arena_memdup(arena, glob, (size_t)(star - glob));
	size_t tail = strlen(star + 1), size = strlen(name);

	if (fnmatch(glob, name, 0) != 0)
		return NULL;
	for (size_t i = 0; i + tail <= size; i++)
		if (fnmatch(head, arena_memdup(arena, name, i), 0) == 0)
			return arena_memdup(arena, name + i, size - tail - i);
	return NULL;
}

/* Returns 0, or -1 where one of them is not known yet. */
static int list_variables(
	struct blocks *blocks, const struct block_loop *loop, struct rounds *rounds)
{
	struct expansion *run = blocks->run;
	const struct expander *expander = run->expander;
	struct arena *arena = &rounds->arena;
	struct list names = {0};

	if (expander->pending && expander->pending(expander->user, loop->glob)) {
		run->unsure = true;
		return expansion_note_pending(run, loop->glob);
	}
	if (withheld(run, loop->glob, expander->allow, run->err) < 0)
		return -1;
	expansion_names(expander->environment, loop->glob, arena, &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		const char *value = lookup(run, name);
		bool secret = value && expander->secret &&
			expander->secret(expander->user, name, value);

		if (value && (!expander->allow || list_matches(expander->allow, name)))
			add_round(rounds, match_last(arena, loop->glob, name),
				arena_strdup(arena, value), secret);
	}
	return 0;
}

static int end_item(struct blocks *blocks, const struct block_piece *end)
{
	const struct token newline = {
		.type = TOKEN_TEXT, .text = end->newline, .size = 1};

	return newline.text
		? blocks->run->way->token(blocks->run, &newline, newline.text + 1,
			  blocks->part, blocks->depth, blocks->ret)
		: 0;
}

static int run_round(struct blocks *blocks, const struct block_piece *begin, size_t at,
	const struct round *round, size_t index, bool last)
{
	struct expansion *run = blocks->run;
	const struct binding *outer = run->bindings;
	char number[24];
	struct binding first = {begin->loop->index, round->index, false, outer};
	struct binding second = {begin->loop->item, round->item, round->secret, outer};
	size_t sep = begin->next;
	int rc;

	if (++run->rounds > ROUNDS_MAX)
		return err_config(
			run->err, "its loops go round more than %d times", ROUNDS_MAX);
	if (!first.value) {
		(void)snprintf(number, sizeof number, "%zu", index);
		first.value = number;
	}
	if (first.name)
		second.outer = &first;
	run->bindings = &second;
	rc = run_range(blocks, at + 1, sep);
	if (rc == 0 && !last && sep < begin->end)
		rc = run_range(blocks, sep + 1, begin->end);
	if (rc == 0)
		rc = end_item(blocks, &blocks->text.pieces[begin->end]);
	run->bindings = outer;
	return rc;
}

static int run_for(struct blocks *blocks, size_t at)
{
	const struct block_piece *begin = &blocks->text.pieces[at];
	struct rounds rounds = {0};
	int rc;

	rc = begin->loop->glob ? list_variables(blocks, begin->loop, &rounds)
			       : list_items(blocks, begin->loop, &rounds);
	for (size_t i = 0; rc == 0 && i < rounds.count; i++)
		rc = run_round(
			blocks, begin, at, &rounds.list[i], i, i + 1 == rounds.count);
	arena_release(&rounds.arena);
	return rc;
}

/* ---- all of it ---- */

static int run_range(struct blocks *blocks, size_t from, size_t to)
{
	struct expansion *run = blocks->run;
	int rc = 0;

	for (size_t i = from; rc == 0 && i < to; i++) {
		const struct block_piece *piece = &blocks->text.pieces[i];
		const struct token *token = &piece->token;

		run->at.line = blocks->line + piece->line;
		if (blocks->depth == 0)
			run->token = token->text;
		if (piece->mark == BLOCK_NONE && token->size)
			rc = run->way->token(run, token, token->text + token->size,
				blocks->part, blocks->depth, blocks->ret);
		else if (piece->mark == BLOCK_IF)
			rc = run_if(blocks, i);
		else if (piece->mark == BLOCK_FOR)
			rc = run_for(blocks, i);
		if (piece->mark != BLOCK_NONE)
			i = piece->end;
	}
	return rc;
}

int expansion_blocks(struct expansion *run, const char *text, size_t size,
	bool line_start, const struct block_rules *rules, enum part part, int depth,
	struct buf *ret)
{
	struct blocks blocks = {
		.run = run,
		.part = part,
		.depth = depth,
		.line = run->at.line,
		.ret = ret,
	};
	const char *wrong = NULL;
	int rc = block_compile(
		&blocks.text, text, size, line_start, rules, &wrong, run->err);

	if (rc == 0 && depth == 0 && !run->expander->allow &&
		expansion_check(run, text) < 0) {
		rc = -1;
	} else if (rc == 0) {
		rc = run_range(&blocks, 0, blocks.text.count);
	} else {
		for (; text < wrong; text++)
			run->at.line += *text == '\n';
		run->misplaced = true;
		if (depth == 0)
			run->token = wrong;
	}
	block_release(&blocks.text);
	return rc;
}
