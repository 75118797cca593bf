/* SPDX-License-Identifier: MIT */
/*
 * The grammar of blocks in a text that is expanded (conf/expand.h):
 *
 *	${if CONDITIONS} … ${elif CONDITIONS} … ${else} … ${end}
 *	${for X in NAME} … ${sep} … ${end}
 *
 * A text is compiled into pieces: tokens, and marks, which know where the others of their
 * block are. A line that holds nothing but marks leaves no line; where ${end} has a line
 * of its own and ${sep} has not, the newline in front of ${end} ends each item, the last
 * one, too. Nothing here knows a value.
 */
#ifndef CONF_BLOCK_H
#define CONF_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "conf/condition.h"
#include "conf/reference.h"

struct err;

#define BLOCK_DEPTH_MAX 16

enum block_mark {
	BLOCK_NONE, /* a token of the text */
	BLOCK_IF,
	BLOCK_ELIF,
	BLOCK_ELSE,
	BLOCK_FOR,
	BLOCK_SEP,
	BLOCK_END,
};

struct block_loop {
	const char *index;     /* I or K, or NULL */
	const char *item;      /* X or V */
	const char *source;    /* the list, as "${NAME}"; NULL: variables */
	const char *glob;      /* that these match */
	const char *separator; /* of the list; NULL: white space and commas */
};

struct block_piece {
	struct token token;
	enum block_mark mark;
	int line;    /* how many lines end in front of it */
	size_t next; /* the next mark of its block */
	size_t end;  /* of IF and FOR: its END */
	bool alone;  /* its line held nothing but marks, and was taken away */
	/* Of an END: ends each item, though it stands behind the SEP; or NULL. */
	const char *newline;
	struct conditions *conditions; /* of IF and ELIF */
	struct block_loop *loop;       /* of FOR */
};

/* All zero is empty. */
struct block_text {
	struct arena arena;
	struct block_piece *pieces;
	size_t count;
};

struct block_rules {
	const struct condition_kind *conditions; /* NULL: they are not judged */
	/* Does this "${" belong to us? The text goes on to `end`. NULL: each does. */
	bool (*ours)(void *user, const struct token *token, const char *end);
	void *user;
};

/* Which mark is this "${…}"? Other tokens are none. */
enum block_mark block_mark_of(const struct token *token);

/* The same of what may begin at `text`, by its first bytes alone. */
bool block_may_begin(const char *text, const char *end);

/* The same outside of any block: with `ours`, what does not begin one is the text's. */
enum block_mark block_outer_mark(
	const struct token *token, const struct block_rules *rules);

/*
 * Compiles a text. `line_start`: nothing stands in front of it on its first line.
 * Returns 0, or -1 with ERR_CONFIG and, in `ret_wrong`, the place. The result is released
 * in either case.
 */
int block_compile(struct block_text *block, const char *text, size_t size,
	bool line_start, const struct block_rules *rules, const char **ret_wrong,
	struct err *err);

void block_release(struct block_text *block);
#define CLEANUP_BLOCK __attribute__((cleanup(block_release)))

#endif
