/* SPDX-License-Identifier: MIT */
/* nginx's statements and blocks: what is code there, but for strings and comments. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"

/* A block on the stack; in that of HOSTS, keys are patterns, too. */
#define BLOCK '{'
#define MAP   'm'
#define HOSTS 'h'

/* Blocks whose statements begin with a key. */
static bool is_map(const char *name)
{
	static const char *const names[] = {
		"map", "geo", "split_clients", "types", "charset_map", NULL};

	return str_is_among(name, names);
}

static void begin_statement(struct lexer *lexer)
{
	lexer->token = NGINX_NOTHING;
	lexer->word_size = 0;
	lexer->word[0] = '\0';
}

static char *block_of(struct lexer *lexer)
{
	return lexer->depth ? &lexer->stack[lexer->depth - 1] : NULL;
}

static void open_block(struct lexer *lexer)
{
	if (lexer->depth == LEXER_DEPTH_MAX) {
		lexer_lose(lexer, "a text that is nested too deep");
		return;
	}
	lexer->stack[lexer->depth++] = is_map(lexer->word) ? MAP : BLOCK;
	begin_statement(lexer);
}

static void end_statement(struct lexer *lexer)
{
	char *block = block_of(lexer);

	if (block && *block == MAP && str_equal(lexer->word, "hostnames"))
		*block = HOSTS;
	begin_statement(lexer);
}

static void in_token(struct lexer *lexer, char c)
{
	if (lexer->token == NGINX_NOTHING)
		lexer_nginx_pass(lexer);
	if (lexer->token == NGINX_FIRST && lexer->word_size < LEXER_WORD_MAX - 1) {
		lexer->word[lexer->word_size++] = c;
		lexer->word[lexer->word_size] = '\0';
	}
}

/* The braces of "${name}" are no block's. */
void lexer_nginx(struct lexer *lexer, char c)
{
	bool begins = lexer->last && strchr(NGINX_ENDS, lexer->last);

	if (c == ';') {
		end_statement(lexer);
	} else if (c == '{' && lexer->last != '$') {
		open_block(lexer);
	} else if (c == '}' && begins) {
		lexer->depth -= lexer->depth > 0;
		begin_statement(lexer);
	} else if (!str_is_space(c)) {
		in_token(lexer, c);
	} else if (lexer->token == NGINX_FIRST) {
		lexer->token = NGINX_NEXT;
	}
}

void lexer_nginx_pass(struct lexer *lexer)
{
	if (lexer->token != NGINX_NOTHING)
		return;
	lexer->token = NGINX_FIRST;
	lexer->token_size = 0;
}

enum lexer_map lexer_map(const struct lexer *lexer)
{
	char block = lexer->depth ? lexer->stack[lexer->depth - 1] : BLOCK;

	if (lexer->language != LEXER_NGINX || lexer->place == LEXER_CLOSED ||
		lexer->token == NGINX_NEXT)
		return LEXER_NO_MAP;
	return block == MAP ? LEXER_MAP : block == HOSTS ? LEXER_HOSTS : LEXER_NO_MAP;
}
