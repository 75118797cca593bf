/* SPDX-License-Identifier: MIT */
/*
 * Where in a format's text a value stands: inside quotes, bare, or where no value can be
 * made safe. A lexer is fed with the literal text of a template as it is rendered; what a
 * value says never moves it.
 *
 * Where a lexer is in doubt, the place is closed: it does not guess. Some forms it does
 * not follow to their end (a dollar quote of SQL, the second here-document of a line):
 * the rest of the text is then closed.
 *
 *	lexer_begin(&lexer, LEXER_JSON);
 *	lexer_feed(&lexer, "{\"a\": \"", 7);
 *	lexer.place is LEXER_DOUBLE
 *	lexer_pass(&lexer, 5);
 */
#ifndef CONF_LEXER_H
#define CONF_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum lexer_language {
	LEXER_NONE, /* it follows nothing */
	LEXER_JSON,
	LEXER_TOML,
	LEXER_SQL,
	LEXER_NGINX,
	LEXER_SHELL,
	LEXER_INI,
	LEXER_PROPERTIES,
	LEXER_ENV,
	LEXER_YAML,
	LEXER_XML,
	LEXER_HTML,
	LEXER_PHP,
	LEXER_JS,
	LEXER_LUA,
};

enum lexer_place {
	LEXER_BARE,
	LEXER_DOUBLE, /* in double quotes, or in a line's value */
	LEXER_SINGLE,
	LEXER_BACKQUOTE, /* of ini */
	LEXER_CLOSED,
};

enum lexer_word { LEXER_NO_WORD, LEXER_WORD, LEXER_KEY };

#define LEXER_DEPTH_MAX 32
#define LEXER_WORD_MAX  64

struct shell_words;

struct lexer {
	enum lexer_place place;
	const char *closed; /* where it is, for errors: "a comment" */
	bool escaped;       /* behind a backslash: not even a safe value can stand here */
	unsigned char tail; /* so many digits may go on with an escape: the same */
	bool prose;         /* closed, but what is safe in any text is safe here */
	bool key;           /* of toml: a key stands here, or a part of one */
	bool filled;        /* of json: a value went into the last string or word, */
	bool keyed;         /* and into one that was a key */
	char last, previous; /* the last two bytes that count; 'x' behind a value */

	/* Of the languages alone. */
	enum lexer_language language;
	char mode, quote, run;
	bool lost;
	int column, token, parent; /* where we are, and what began this far in a line */
	unsigned depth;
	char stack[LEXER_DEPTH_MAX];
	char word[LEXER_WORD_MAX];
	unsigned word_size;

	/*
	 * Of YAML and nginx: the size of the token so far; of shell: of what began behind
	 * a line end, and no here-document, string, (…) or [[ … ]] goes on there.
	 */
	size_t token_size;

	/* Of shell: */
	bool test;      /* in what may be a [[ … ]] */
	unsigned begun; /* the depth at which this line begins a here-document */
	struct shell_words *words; /* of the commands, for conf/shell_code.h alone */

	/* Of YAML: */
	bool joined;              /* whether there is a value in that plain word, */
	enum lexer_word complete; /* and whether it has just ended. */
};

void lexer_begin(struct lexer *lexer, enum lexer_language language);

/*
 * Takes a text, up to the byte that shows that a word is complete which has a value in
 * it. Returns how many bytes it has taken.
 */
size_t lexer_feed(struct lexer *lexer, const char *text, size_t size);

/* A value that is not empty was put in here, written in `size` bytes. */
void lexer_pass(struct lexer *lexer, size_t size);

/* What stands here has a value in it, or begins with one: maybe an empty one. */
void lexer_join(struct lexer *lexer);

/*
 * Would even a safe value mean something here? So does a here-document's own delimiter,
 * or a letter behind the "&" of an entity.
 */
bool lexer_refuses(const struct lexer *lexer, const char *value);

/* Does a token begin here? */
bool lexer_begins(const struct lexer *lexer);

/* Does one end before this literal text? */
bool lexer_ends(const struct lexer *lexer, const char *text, size_t size);

/* Does a key of an nginx block stand here, as in map, and are keys patterns there? */
enum lexer_map { LEXER_NO_MAP, LEXER_MAP, LEXER_HOSTS };
enum lexer_map lexer_map(const struct lexer *lexer);

/* Of nginx, in `token`: how far the first token of a statement is. */
enum { NGINX_NOTHING, NGINX_FIRST, NGINX_NEXT };
#define NGINX_ENDS " \t\r\n;{}" /* what stands before a token, and ends it */

/* Is it a key (json, toml, php, js), before this text? */
bool lexer_is_key(const struct lexer *lexer, const char *text, size_t size);

/*
 * Of a language of programs: would a word here be one by itself, being no part of a name
 * that the text around it has? In `a.b`, `f(x)` and `x=1` it would not.
 */
bool lexer_is_operand(const struct lexer *lexer, const char *text, size_t size);

#endif
