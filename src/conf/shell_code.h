/* SPDX-License-Identifier: MIT */
/*
 * Words of a shell's text that are run as code: what conf/script.h finds in commands, and
 * those of eval, trap, alias and let.
 */
#ifndef CONF_SHELL_CODE_H
#define CONF_SHELL_CODE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Would that be a part of one which stands right behind this text? The text begins where
 * a command does. Appends the name of what runs it, if so. What is in $(…) is a part of
 * the word that this is in.
 */
bool shell_code(const char *text, size_t size, struct buf *ret);

#endif
