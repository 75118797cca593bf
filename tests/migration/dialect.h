/* SPDX-License-Identifier: MIT */
/*
 * A dialect for tests: a statement ends with each semicolon outside of parentheses.
 * BEGIN, COMMIT, SETTING and REFUSED are the words that have a role.
 */
#ifndef TESTS_MIGRATION_DIALECT_H
#define TESTS_MIGRATION_DIALECT_H

#include <string.h>

#include "migration/dialect.h"

static inline bool span_is(const struct span *span, const char *word)
{
	return span->size == strlen(word) && memcmp(span->text, word, span->size) == 0;
}

static inline bool plain_ends(struct draft *draft, enum sql_token token)
{
	if (span_is(&draft->last, "("))
		draft->state++;
	if (span_is(&draft->last, ")"))
		draft->state--;
	return token == SQL_TOKEN_SEMICOLON && draft->state == 0;
}

static inline bool plain_needs_semicolon(struct draft *draft)
{
	return draft->state == 0;
}

static inline const char *plain_describe_incomplete(const struct draft *draft)
{
	return draft->state ? "a parenthesis of this statement is open"
			    : "this statement has no ';'";
}

static inline void plain_classify(struct draft *draft, struct problems *problems)
{
	static const struct {
		const char *word;
		enum draft_role role;
	} words[] = {
		{"BEGIN", DRAFT_BEGIN},
		{"COMMIT", DRAFT_COMMIT},
		{"SETTING", DRAFT_SETTING},
		{"REFUSED", DRAFT_REFUSED},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (span_is(&draft->head[0], words[i].word)) {
			draft->role = words[i].role;
			draft->why = "take it out";
		}
	}
	if (span_is(&draft->head[0], "."))
		problems_add(problems, draft->at, "is not SQL");
}

static const struct dialect plain_dialect = {
	.statement_max = 100,
	.next = tokens_next,
	.ends = plain_ends,
	.needs_semicolon = plain_needs_semicolon,
	.describe_incomplete = plain_describe_incomplete,
	.classify = plain_classify,
};

#endif
