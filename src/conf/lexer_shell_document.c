/* SPDX-License-Identifier: MIT */
/* The here-documents of a shell (POSIX.1-2017 XCU 2.7.4). */
#include "conf/lexer_shell_document.h"

#include <string.h>

#include "conf/lexer_internal.h"

void lexer_document_delimiter(struct lexer *lexer, char c)
{
	if (strchr(" \t;&|()<>", c)) {
		if (lexer->quote || (lexer->depth && strchr("()", c)))
			lexer_lose(lexer, "a text behind a here-document");
		else if (lexer->word_size > 1)
			lexer->mode = DELIMITER_ENDED;
	} else if (strchr("$`\\", c) || lexer->word_size + 1 == LEXER_WORD_MAX) {
		lexer_lose(lexer, "a text behind a here-document");
	} else if (strchr("'\"", c)) {
		lexer->quote = !lexer->quote;
	} else {
		/* "<<-" takes tabs off; word[0] says so */
		if (lexer->word_size == 1 && c == '-' && !lexer->word[0])
			lexer->word[0] = '-';
		else
			lexer->word[lexer->word_size++] = c;
	}
}

void lexer_document_begin(struct lexer *lexer)
{
	if (lexer->mode != NO_DOCUMENT) {
		lexer_lose(lexer, "a text behind a second here-document");
		return;
	}
	lexer->mode = DELIMITER;
	lexer->begun = lexer->depth;
	lexer->quote = 0;
	lexer->word[0] = 0;
	lexer->word_size = 1;
}

/*
 * `run` is where in the delimiter the line is, LEXER_WORD_MAX where it is another line.
 * A line behind a backslash is none of its own, if the delimiter has no quotes; of
 * "E)" some shells take the ")" for the end of the $(…) around it.
 */
bool lexer_document_take(struct lexer *lexer, char c)
{
	bool tab = c == '\t' && lexer->word[0] == '-' && lexer->last == '\n';
	bool ends = false;

	if (c == '\n') {
		ends = (unsigned char)lexer->run == lexer->word_size;
		if (ends && lexer->quote) /* without quotes around it, no line begins */
			lexer_lose(lexer, "a text behind a here-document");
		lexer->quote = lexer->last == '\\';
		lexer->run = !ends;
		if (ends)
			lexer->mode = NO_DOCUMENT;
	} else if (tab) {
		return false; /* `last` stays: more tabs may come */
	} else if (c == ')' && (unsigned char)lexer->run == lexer->word_size &&
		lexer->begun) {
		lexer_lose(lexer, "a text behind a here-document");
	} else if ((unsigned char)lexer->run < lexer->word_size &&
		c == lexer->word[(unsigned char)lexer->run]) {
		lexer->run++;
	} else {
		lexer->run = LEXER_WORD_MAX;
	}
	lexer->previous = lexer->last;
	lexer->last = c;
	return ends;
}
