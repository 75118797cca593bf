/* SPDX-License-Identifier: MIT */
/*
 * Words of a shell's text that are run as code: what conf/script.h finds in commands,
 * those of eval, trap, alias and let, and what bash reads as arithmetic, which runs the
 * commands of a[$(…)]. Where that is not known for certain, a word is taken for one.
 */
#ifndef CONF_SHELL_CODE_H
#define CONF_SHELL_CODE_H

#include "conf/escape.h"

/*
 * Would this value be code at the lexer's place, which is the end of this text? One that
 * is `safe` means nothing to a shell, but may be the name of a variable. `next` is what
 * stands behind it. Appends where it is, for errors, if so. What is in $(…) is a part of
 * the word that this is in.
 */
bool shell_code_refuses(struct lexer *lexer, const char *value, bool safe,
	const struct buf *text, const struct escape_next *next, struct buf *ret);

/* This text ends in a value of `size` bytes that stands as it is, and is not passed. */
void shell_code_pass(struct lexer *lexer, const struct buf *text, size_t size);

#endif
