/* SPDX-License-Identifier: MIT */
/* Which files are node-sqlite's. */
#include "migration/node_sqlite.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "migration/comment.h"
#include "migration/dialect.h"
#include "migration/down.h"
#include "migration/split.h"

/* A text as far as it was read. */
struct reading {
	bool sql;      /* there was SQL */
	bool open;     /* the last of it has no `;` */
	bool up;       /* "-- Up" was before it */
	bool late_up;  /* it was elsewhere */
	int down_line; /* of "-- Down"; 0: there was none */
	int line;      /* of one that is more than prose, behind "-- Up" */
};

static void strip(const char **text, size_t *size)
{
	while (*size && str_is_space(**text)) {
		(*text)++;
		(*size)--;
	}
	while (*size && str_is_space((*text)[*size - 1]))
		(*size)--;
}

bool node_sqlite_is_up(const char *text, size_t size)
{
	strip(&text, &size);
	return size == strlen("up") && strncasecmp(text, "up", size) == 0;
}

/* Is it nothing but "Down" or "down", with a blank before it? */
static bool is_bare_down(const char *text, size_t size)
{
	bool blank = size && str_is_space(*text);

	strip(&text, &size);
	return blank && size == strlen("down") &&
		(memcmp(text, "Down", size) == 0 || memcmp(text, "down", size) == 0);
}

/* /^\s*--\s+?down\b/im */
bool node_sqlite_takes(const char *text, size_t size)
{
	size_t blank = 0, end;

	while (blank < size && str_is_space(text[blank]))
		blank++;
	end = blank + strlen("down");
	return blank && end <= size && strncasecmp(text + blank, "down", 4) == 0 &&
		(end == size || !(str_is_alnum(text[end]) || text[end] == '_'));
}

static void take(struct reading *reading, const struct comment *comment)
{
	enum down_look look;
	bool prose;

	if (node_sqlite_is_up(comment->text, comment->size)) {
		reading->up |= !reading->sql;
		reading->late_up |= reading->sql;
		return;
	}
	if (!node_sqlite_takes(comment->text, comment->size))
		return;
	if (!reading->down_line && !reading->open &&
		is_bare_down(comment->text, comment->size))
		reading->down_line = comment->line;
	look = down_look(comment->text, comment->size, &prose);
	if (!reading->line && reading->up &&
		(look == DOWN_ALONE || (look != DOWN_NOTHING && reading->sql)))
		reading->line = comment->line;
}

/* Takes the comments that are a line, and not in parentheses, of the whole script. */
static void read_comments(const struct script *script, struct reading *reading)
{
	struct tokens tokens = {.text = script->text, .size = script->size, .line = 1};
	enum sql_token token;
	long depth = 0;

	do {
		struct comment comment = {.end = tokens.at, .next_line = tokens.line};

		token = script->dialect->next(&tokens);
		while (comment_next(script->text, tokens.start, &comment))
			if (depth <= 0 && comment.whole &&
				script->text[comment.start] == '-')
				take(reading, &comment);
		reading->open = token != SQL_TOKEN_SEMICOLON && token != SQL_TOKEN_BREAK;
		reading->sql |= reading->open;
		depth += script->text[tokens.start] == '(';
		depth -= script->text[tokens.start] == ')';
	} while (token != SQL_TOKEN_END && token != SQL_TOKEN_UNCLOSED);
}

int node_sqlite_find(const struct script *script, bool *ret_up)
{
	struct reading reading = {.sql = false};

	read_comments(script, &reading);
	*ret_up = reading.up;
	if (reading.up)
		return reading.line;
	return reading.late_up ? 0 : reading.down_line;
}
