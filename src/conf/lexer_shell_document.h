/* SPDX-License-Identifier: MIT */
/* The here-documents of a shell, for conf/lexer_shell.c: of each line, the first one. */
#ifndef CONF_LEXER_SHELL_DOCUMENT_H
#define CONF_LEXER_SHELL_DOCUMENT_H

#include "conf/lexer.h"

/* The lexer's `mode`: how far the here-document of a line is known. */
enum lexer_document { NO_DOCUMENT, DELIMITER, DELIMITER_ENDED };

/* Behind a "<<", and the bytes behind that, up to the end of the delimiter. */
void lexer_document_begin(struct lexer *lexer);
void lexer_document_delimiter(struct lexer *lexer, char c);

/* A byte of the document. Does it end with that? */
bool lexer_document_take(struct lexer *lexer, char c);

#endif
