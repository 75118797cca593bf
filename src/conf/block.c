/* SPDX-License-Identifier: MIT */
/* Texts with blocks compiled into pieces. */
#include "conf/block.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "conf/block_internal.h"
#include "conf/words.h"

static const struct {
	const char *word;
	enum block_mark mark;
	bool alone; /* nothing stands behind the word */
} marks[] = {
	{"if", BLOCK_IF, false},
	{"elif", BLOCK_ELIF, false},
	{"else", BLOCK_ELSE, true},
	{"for", BLOCK_FOR, false},
	{"sep", BLOCK_SEP, true},
	{"end", BLOCK_END, true},
};

#define MARKS_COUNT (sizeof marks / sizeof *marks)

bool block_may_begin(const char *text, const char *end)
{
	return end - text > 4 && text[0] == '$' && text[1] == '{' &&
		strchr("iefs", text[2]);
}

enum block_mark block_mark_of(const struct token *token)
{
	const char *body = token->text + 2;

	if (token->type != TOKEN_REFERENCE || token->size < 5)
		return BLOCK_NONE;
	for (size_t i = 0; i < MARKS_COUNT; i++) {
		size_t length = strlen(marks[i].word);

		if (length + 3 > token->size || memcmp(body, marks[i].word, length) != 0)
			continue;
		if (body[length] == '}' ||
			(!marks[i].alone && str_is_space(body[length])))
			return marks[i].mark;
	}
	return BLOCK_NONE;
}

enum block_mark block_outer_mark(
	const struct token *token, const struct block_rules *rules)
{
	enum block_mark mark = block_mark_of(token);
	bool begins = mark == BLOCK_IF || mark == BLOCK_FOR;
	const char *behind = token->text + strlen(mark == BLOCK_IF ? "${if" : "${for");

	return (begins && *behind != '}') || !rules->ours ? mark : BLOCK_NONE;
}

/* ---- the marks of one text ---- */

struct open_block {
	size_t begin; /* its IF or FOR */
	size_t last;  /* its last mark so far */
};

struct compiler {
	struct block_text *block;
	const struct block_rules *rules;
	struct open_block open[BLOCK_DEPTH_MAX];
	size_t depth;
	struct err *err;
};

static struct block_piece *piece_at(const struct compiler *compiler, size_t i)
{
	return &compiler->block->pieces[i];
}

static int raise_stray(const struct compiler *compiler, const struct block_piece *piece)
{
	const char *of = piece->mark == BLOCK_SEP ? "${for …}" : "${if …}";
	const char *word = piece->token.text + 2;
	int size = (int)strcspn(word, "} \t\n");

	if (piece->mark == BLOCK_END)
		return err_config(compiler->err,
			"'${end}' closes nothing; a variable of that name is ${end-}");
	return err_config(compiler->err,
		"'${%.*s}' stands outside of '%s' or behind its last branch; a variable "
		"of that name is ${%.*s-}",
		size, word, of, size, word);
}

static int begin_block(struct compiler *compiler, size_t i)
{
	if (compiler->depth == BLOCK_DEPTH_MAX)
		return err_config(compiler->err, "blocks are nested more than %d deep",
			BLOCK_DEPTH_MAX);
	compiler->open[compiler->depth++] = (struct open_block){.begin = i, .last = i};
	return 0;
}

/* A further mark of the innermost block. */
static int go_on(struct compiler *compiler, size_t i)
{
	struct open_block *open =
		compiler->depth ? &compiler->open[compiler->depth - 1] : NULL;
	struct block_piece *piece = piece_at(compiler, i);
	enum block_mark last;

	if (!open)
		return raise_stray(compiler, piece);
	last = piece_at(compiler, open->last)->mark;
	if (piece->mark == BLOCK_END)
		piece_at(compiler, open->begin)->end = i;
	else if (piece->mark == BLOCK_SEP ? last != BLOCK_FOR
					  : last != BLOCK_IF && last != BLOCK_ELIF)
		return raise_stray(compiler, piece);
	piece_at(compiler, open->last)->next = i;
	open->last = i;
	compiler->depth -= piece->mark == BLOCK_END;
	return 0;
}

static int take_mark(struct compiler *compiler, size_t i)
{
	struct block_piece *piece = piece_at(compiler, i);
	struct arena *arena = &compiler->block->arena;
	const char *word = piece->token.text + 2;
	size_t length = strcspn(word, "} \t\n\v\f\r");
	/* Without its word and the brace. */
	const char *body =
		arena_memdup(arena, word + length, piece->token.size - length - 3);

	switch (piece->mark) {
	case BLOCK_IF:
		return begin_block(compiler, i) < 0
			? -1
			: block_parse_if(
				  piece, body, compiler->rules, arena, compiler->err);
	case BLOCK_FOR:
		return begin_block(compiler, i) < 0
			? -1
			: block_parse_for(piece, body, arena, compiler->err);
	case BLOCK_ELIF:
		return go_on(compiler, i) < 0
			? -1
			: block_parse_if(
				  piece, body, compiler->rules, arena, compiler->err);
	default:
		return go_on(compiler, i);
	}
}

/* ---- its tokens ---- */

static bool is_name(const char *name, const char *text, size_t size)
{
	return name && strlen(name) == size && memcmp(name, text, size) == 0;
}

/* Is it one of the variables of the loops that are open? */
static bool is_bound(const struct compiler *compiler, const struct token *token)
{
	size_t size = reference_name_size(token->text, token->size);

	for (size_t i = 0; size && i < compiler->depth; i++) {
		const struct block_loop *loop =
			piece_at(compiler, compiler->open[i].begin)->loop;

		if (loop &&
			(is_name(loop->index, token->text + 2, size) ||
				is_name(loop->item, token->text + 2, size)))
			return true;
	}
	return false;
}

static struct block_piece *add_piece(struct block_text *block, const struct token *token,
	enum block_mark mark, int line)
{
	struct block_piece *piece;

	block->pieces = arena_array_grow(
		&block->arena, block->pieces, block->count, sizeof *block->pieces);
	piece = &block->pieces[block->count++];
	*piece = (struct block_piece){.token = *token, .mark = mark, .line = line};
	return piece;
}

static enum block_mark mark_here(
	const struct compiler *compiler, const struct token *token)
{
	return compiler->depth ? block_mark_of(token)
			       : block_outer_mark(token, compiler->rules);
}

static int compile(
	struct compiler *compiler, struct tokens *tokens, const char **ret_wrong)
{
	const struct block_rules *rules = compiler->rules;
	struct token token;
	int line = 0;

	while ((token = token_next(tokens)).type != TOKEN_END) {
		enum block_mark mark = mark_here(compiler, &token);

		if (mark == BLOCK_NONE && token.type == TOKEN_REFERENCE && rules->ours &&
			!is_bound(compiler, &token) &&
			!rules->ours(rules->user, &token, tokens->end)) {
			token_enter(tokens, &token);
			token.type = TOKEN_TEXT;
		}
		(void)add_piece(compiler->block, &token, mark, line); /* the last one */
		if (mark != BLOCK_NONE &&
			take_mark(compiler, compiler->block->count - 1) < 0) {
			*ret_wrong = token.text;
			return -1;
		}
		line += token_lines(&token);
	}
	if (compiler->depth == 0)
		return 0;
	token = piece_at(compiler, compiler->open[compiler->depth - 1].begin)->token;
	*ret_wrong = token.text;
	return err_config(compiler->err, "'%.*s' is not closed by ${end}",
		(int)(token.size > 40 ? str_cut(token.text, 40) : token.size),
		token.text);
}

int block_compile(struct block_text *block, const char *text, size_t size,
	bool line_start, const struct block_rules *rules, const char **ret_wrong,
	struct err *err)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, size);
	struct compiler compiler = {.block = block, .rules = rules, .err = err};

	if (compile(&compiler, &tokens, ret_wrong) < 0)
		return -1;
	block_drop_lines(block, line_start);
	return 0;
}

void block_release(struct block_text *block)
{
	arena_release(&block->arena);
}
