/* SPDX-License-Identifier: MIT */
/*
 * The words of the commands of a shell's text, as far as it is rendered. Where a quote, a
 * parameter or a (…) begins and ends, the lexer says: there is one reading of it.
 */
#ifndef CONF_SHELL_WORDS_H
#define CONF_SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "conf/lexer.h"
#include "conf/shell_variables.h"

/* More words of one command are not kept, nor more of a word: no program is so called. */
#define SHELL_WORDS_MAX 512
#define SHELL_WORD_MAX  4096

/*
 * What a variable, a command or a glob puts into it, nobody knows: in quotes that is one
 * word (`expands`); out of quotes, or of "$@", it is any number of words (`unknown`).
 */
struct shell_word {
	size_t at; /* in `text`, with a NUL behind it */
	bool expands, unknown;
};

/* A list of commands: the whole, or one in (…). Of it, the command at hand. */
struct shell_level {
	size_t first;   /* its first word */
	size_t base;    /* where in `text` its words begin, */
	size_t at;      /* and the word at hand, which is no item of `words` yet */
	unsigned frame; /* the depth of the lexer that it began at */
	bool inside;    /* it is a part of a word of the level around it, */
	bool array;     /* the items of an array, */
	bool reads;     /* or a <(…) */
	bool test;      /* it is in a [[ … ]] */
	bool begun;     /* the word at hand is, maybe an empty one */
	bool quoted;    /* there are quotes in it */
	bool glob, brace;
	bool expands, unknown;
	bool target; /* it is a redirection's, or ends a here-document, */
	bool string; /* or is what "<<<" hands over, */
	bool both;   /* or behind a ">&" */
	bool amp;    /* behind a "&", which ends a command, or begins "&>" */
};

struct shell_words {
	struct lexer lexer; /* at the end of what is read */
	size_t start, done; /* in the text: where it began to read, and how far it is */
	bool lost;
	unsigned muted; /* from this depth of the lexer on there is nothing of interest */
	struct buf text;
	struct shell_word *words;
	size_t count;
	struct shell_level levels[LEXER_DEPTH_MAX + 1];
	unsigned depth; /* of the level at hand */
	struct shell_variables variables;
};

void shell_words_init(struct shell_words *words);

/* Goes on to the end of the text, whose last `size` bytes begin where a command does. */
void shell_words_read(struct shell_words *words, const struct buf *text, size_t size);

/*
 * The text goes on with a value of `size` bytes that stands as it is: what it would open
 * or close does not count.
 */
void shell_words_pass(struct shell_words *words, const struct buf *text, size_t size);

void shell_words_release(struct shell_words *words);

/* NAME=…, NAME+=…, NAME[…]=…: returns the size of what is in front of the value, or 0. */
size_t shell_words_assignment(const char *word);

#endif
