/* SPDX-License-Identifier: MIT */
/* Where the lexer of YAML is in a text. */
#ifndef CONF_LEXER_YAML_H
#define CONF_LEXER_YAML_H

#include "conf/lexer_internal.h"

/*
 * START is the indentation of a line outside of [] and {}, NODE where a node may begin,
 * BEHIND what ended with a quote or bracket, PROPERTY an &anchor, *alias or !tag. A MARK
 * is a "-" or "?" that begins an entry only if white space follows.
 */
enum yaml_mode {
	START,
	NODE,
	PLAIN,
	DOUBLE,
	SINGLE,
	BEHIND,
	MARK,
	PROPERTY,
	COMMENT,
	HEADER,
	BLOCK,
};

/*
 * At START `run` says what the line before has left open: a node that is to come (all
 * zero, at the beginning), a plain scalar, a block scalar, or nothing. The first three go
 * on in lines that begin behind `parent`, the column of the key or "-" that they are of.
 * `depth` counts [] and {}.
 */
enum yaml_open { A_NODE, A_PLAIN, A_BLOCK, NOTHING };

/* Does this line go on with what is open? */
static inline bool yaml_goes_on(const struct lexer *lexer)
{
	return lexer->column >= lexer->parent;
}

#endif
