/* SPDX-License-Identifier: MIT */
/* What the place in a YAML text means for a value, and for the text that follows. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_yaml.h"

/* Behind a "\r", and at the last byte of NEL, LS and PS, a line may end. */
#define LINE_ENDS "\n\r\x85\xa8\xa9"

const char *lexer_yaml_stops(const struct lexer *lexer)
{
	if (lexer->last == '\r')
		return NULL;
	switch (lexer->mode) {
	case PLAIN:
		return lexer->last == ':' ? NULL : ":#,[]{}" LINE_ENDS;
	case DOUBLE:
		return lexer->escaped || lexer->tail ? NULL : "\"\\" LINE_ENDS;
	case SINGLE:
		return "'" LINE_ENDS;
	case COMMENT:
	case HEADER:
	case BLOCK:
		return LINE_ENDS;
	default:
		return NULL;
	}
}

bool lexer_yaml_refuses(const struct lexer *lexer, const char *value)
{
	switch (lexer->mode) {
	case BEHIND:
	case PROPERTY:
	case HEADER:
		return true;
	case START:
	case NODE:
	case MARK:
		if (!str_is_alnum(*value) && *value != '_' && *value != '/')
			return lexer->place == LEXER_BARE;
		return lexer->place == LEXER_BARE &&
			(lexer->depth ? strchr(value, ':') != NULL
				      : str_ends(value, ":"));
	case PLAIN:
		if (!*value)
			return lexer->last == ':';
		return lexer->depth ? strchr(value, ':') != NULL : str_ends(value, ":");
	default:
		return false;
	}
}

bool lexer_yaml_begins(const struct lexer *lexer)
{
	return lexer->mode == NODE ||
		(lexer->mode == START && lexer->run == A_NODE && yaml_goes_on(lexer));
}

/* To the end of the line, or of the item inside of [] and {}. */
bool lexer_yaml_ends(const struct lexer *lexer, const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && (text[n] == ' ' || text[n] == '\t'))
		n++;
	if (n == size || text[n] == '\n' || text[n] == '\r')
		return true;
	return text[n] == '#' ? n > 0 : lexer->depth && strchr(",]}", text[n]);
}
