/* SPDX-License-Identifier: MIT */
/* Lines that hold nothing but the marks of blocks. */
#include <string.h>

#include "conf/block_internal.h"

struct line_of_pieces {
	struct block_text *block;
	size_t first;  /* the piece in which it begins */
	size_t offset; /* where in that */
	bool blank;    /* white space and marks alone, so far */
	bool marked;
};

static bool is_blank(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!strchr(" \t\r", text[i]))
			return false;
	return true;
}

/* Takes away all of the line that is in front of piece `end`. */
static void drop(struct line_of_pieces *line, size_t end)
{
	for (size_t i = line->first; i < end; i++) {
		struct block_piece *piece = &line->block->pieces[i];

		piece->alone = piece->mark != BLOCK_NONE;
		if (piece->mark == BLOCK_NONE)
			piece->token.size = i == line->first ? line->offset : 0;
	}
}

/* Goes through the lines that end in a text. */
static void take_text(struct line_of_pieces *line, size_t i)
{
	struct block_piece *piece = &line->block->pieces[i];
	struct token *token = &piece->token;
	const char *newline = memchr(token->text, '\n', token->size);
	size_t size = newline ? (size_t)(newline - token->text) : token->size;
	const char *last;

	line->blank = line->blank && is_blank(token->text, size);
	if (!newline)
		return;
	if (line->blank && line->marked) {
		drop(line, i);
		token->text += size + 1;
		token->size -= size + 1;
		piece->line++;
	}
	last = memrchr(token->text, '\n', token->size);
	line->first = i;
	line->offset = last ? (size_t)(last - token->text) + 1 : 0;
	line->blank = is_blank(token->text + line->offset, token->size - line->offset);
	line->marked = false;
}

/* The newline in front of a loop's ${end} is no part of what separates its items. */
static void move_newline(struct block_text *block, size_t at)
{
	size_t sep = block->pieces[at].next, end = block->pieces[at].end;
	struct token *last;
	size_t i = end;

	if (sep == end || block->pieces[sep].alone || !block->pieces[end].alone)
		return;
	while (i > sep && block->pieces[i - 1].mark == BLOCK_NONE &&
		block->pieces[i - 1].token.size == 0)
		i--;
	last = &block->pieces[i - 1].token;
	if (i - 1 == sep || block->pieces[i - 1].mark != BLOCK_NONE ||
		last->text[last->size - 1] != '\n')
		return;
	last->size--;
	block->pieces[end].newline = last->text + last->size;
}

void block_drop_lines(struct block_text *block, bool line_start)
{
	struct line_of_pieces line = {.block = block, .blank = line_start};

	for (size_t i = 0; i < block->count; i++) {
		const struct block_piece *piece = &block->pieces[i];

		if (piece->mark != BLOCK_NONE)
			line.marked = true;
		else if (piece->token.type == TOKEN_TEXT)
			take_text(&line, i);
		else
			line.blank = false;
	}
	if (line.blank && line.marked)
		drop(&line, block->count);
	for (size_t i = 0; i < block->count; i++)
		if (block->pieces[i].mark == BLOCK_FOR)
			move_newline(block, i);
}
