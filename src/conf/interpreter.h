/* SPDX-License-Identifier: MIT */
/*
 * Programs that read some of their words as code, and programs that start another one,
 * for conf/script.c. Shells, which are found wherever they are called, are not in it.
 */
#ifndef CONF_INTERPRETER_H
#define CONF_INTERPRETER_H

#include <stdbool.h>
#include <stddef.h>

#define INTERPRETER_NAMES 5 /* with a NULL behind them */

/* What an interpreter does with its options and words. */
struct interpreter {
	const char *names[INTERPRETER_NAMES];
	/* letters that take code, in the rest of the word or the next */
	const char *code;
	const char *rest;  /* letters that take the rest of the word, never the next */
	const char *other; /* letters that take the rest or the next for something else */
	/* the same, spelled out */
	const char *const *code_options, *const *other_options;
	/* words that are no options, by number; from 0: none, to 0: to the end */
	size_t from, to;
	const char *unless; /* letters without which `from` holds */
	/* its own commands, in any case, of which the word behind them is code */
	const char *const *commands;
	bool mixed;   /* options may stand behind other words, and -c is one of many */
	bool spelled; /* options are words: "-init" is "--init" */
	bool sql;     /* it has no variables of the environment, and takes paths */
	const char *advice; /* what to write instead; NULL: as for a shell */
};

/* The one that the word calls, "python3.11" as "python", or NULL. */
const struct interpreter *interpreter_find(const char *word);

/* Does the program start the one that its words name? */
bool interpreter_is_starter(const char *word);

#endif
