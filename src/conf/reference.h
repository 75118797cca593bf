/* SPDX-License-Identifier: MIT */
/*
 * The grammar of conf/expand.h: a text cut into tokens, and one "${…}" taken apart.
 * Nothing here knows a value.
 */
#ifndef CONF_REFERENCE_H
#define CONF_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/expand.h"

#define REFERENCE_DEPTH_MAX 16

enum token_type {
	TOKEN_END,
	TOKEN_TEXT,
	TOKEN_LITERAL,   /* "$${" */
	TOKEN_REFERENCE, /* "${…}"; only its first two bytes where it is not closed */
	TOKEN_BARE,      /* "$NAME" */
};

struct token {
	enum token_type type;
	const char *text;
	size_t size;
};

/*
 * The tokens of a text, from its front to its end. It is gone through once, however
 * "${…}" are nested, and closed or not. `at` is what is left; it may be moved on.
 */
struct tokens {
	const char *at, *end;
	struct span *spans; /* where the "${…}" up to `known` end */
	const char *known;
	size_t count;
	size_t next; /* the first that was not asked for yet */
};

#define CLEANUP_TOKENS __attribute__((cleanup(tokens_release)))

struct tokens tokens_of(const char *text, size_t size);
void tokens_release(struct tokens *tokens);

/* Takes the next token. */
struct token token_next(struct tokens *tokens);

/* Takes only its first two bytes: what is in the "${…}" is cut into tokens, too. */
void token_enter(struct tokens *tokens, struct token *token);

/* How many lines end in it. */
int token_lines(const struct token *token);

enum operator_ {
	OPERATOR_NONE,
	OPERATOR_DEFAULT,       /* ":-" where unset or empty */
	OPERATOR_DEFAULT_UNSET, /* "-" where unset */
	OPERATOR_DEMAND,        /* ":?" */
	OPERATOR_OTHER,         /* ":+" where set and not empty */
	OPERATOR_CUT_FRONT,     /* "#" the shortest that the glob matches */
	OPERATOR_CUT_FRONT_LONGEST,
	OPERATOR_CUT_BACK, /* "%" */
	OPERATOR_CUT_BACK_LONGEST,
};

struct reference {
	const char *word; /* "key" of ${key:name} */
	size_t word_size; /* 0: a variable */
	const char *name;
	size_t name_size;
	enum operator_ operator_;
	const char *operand; /* what stands behind the operator */
	size_t operand_size;
	bool escaped; /* "|json": `escape` was chosen by hand */
	int escape;
};

/*
 * Takes apart the token at `text`. ERR_CONFIG where it has none of the forms, or a word
 * that is not among `words` (NULL: any may be).
 */
int reference_parse(const char *text, size_t size, const char *const *words,
	struct reference *ret, struct err *err);

/* Does ${word:name} begin at `text`, with one of these words? */
bool reference_is_known(const char *text, size_t size, const char *const *words);

/* Is it ${file:path} or its kin? The name may hold "${…}". */
bool reference_is_path(const struct reference *ref);

/* The size of the variable's name behind the "${" at `text`, or 0. */
size_t reference_name_size(const char *text, size_t size);

#endif
