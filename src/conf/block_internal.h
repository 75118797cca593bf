/* SPDX-License-Identifier: MIT */
/* What the files conf/block*.c share; for nobody else. */
#ifndef CONF_BLOCK_INTERNAL_H
#define CONF_BLOCK_INTERNAL_H

#include "conf/block.h"

/* Parse what stands behind the word of a mark. Return 0, or -1 (block_parse.c). */
int block_parse_if(struct block_piece *piece, const char *body,
	const struct block_rules *rules, struct arena *arena, struct err *err);
int block_parse_for(struct block_piece *piece, const char *body, struct arena *arena,
	struct err *err);

/* Takes the lines away that hold nothing but marks (block_lines.c). */
void block_drop_lines(struct block_text *block, bool line_start);

#endif
