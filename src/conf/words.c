/* SPDX-License-Identifier: MIT */
/* Splitting values into items. */
#include "conf/words.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/reference.h"

#define SHOWN_MAX 40

/* The size of what may not be cut at `text`: a "${…}", a "$${", or one byte. */
static size_t piece(struct tokens *tokens, const char *text)
{
	struct token token;

	if (*text != '$')
		return 1;
	tokens->at = text;
	token = token_next(tokens);
	return token.type == TOKEN_TEXT ? 1 : token.size;
}

/* The size of what is in front of one of `bytes` that is in no piece. */
static size_t span(struct tokens *tokens, const char *text, const char *bytes)
{
	size_t size = strcspn(text, bytes);
	const char *dollar = memchr(text, '$', size);

	if (!dollar)
		return size;
	size = (size_t)(dollar - text);
	while (text[size] && !strchr(bytes, text[size]))
		size += piece(tokens, text + size);
	return size;
}

size_t words_span(const char *text, const char *bytes)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, strlen(text));

	return span(&tokens, text, bytes);
}

void words_split(
	const char *text, const char *separators, struct arena *arena, struct list *ret)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, strlen(text));

	for (text += strspn(text, separators); *text; text += strspn(text, separators)) {
		size_t size = span(&tokens, text, separators);

		list_add(ret, arena, text, size);
		text += size;
	}
}

/* ---- a shell's words ---- */

struct splitter {
	const char *at;
	const char *from; /* the word's first byte, while one is being read */
	const char *bare; /* the last byte that no quote or backslash covers */
	struct tokens tokens;
	char quote;              /* the one that is open, or 0 */
	const char *opened;      /* where it was */
	const char *line, *seen; /* where the line begins that `seen` is in */
	bool started;            /* a word is being read: "" is one, too */
	bool substituted;        /* it has a "$(" or a backquote outside of quotes */
	bool star;               /* it has such a "*" */
	/* How far it has such a "{a,b}". */
	enum { NO_BRACE, BRACE, BRACE_COMMA, BRACES } braces;
	struct buf word;
};

/*
 * Behind a backslash. In double quotes it quotes only what is special there (POSIX XCU
 * 2.2.3). A "${" that was quoted so becomes "$${", so that it stays one when the word is
 * expanded.
 */
static void take_backslash(struct splitter *splitter)
{
	char next = splitter->at[1];

	if (next == '\n') {
		splitter->at += 2;
		return;
	}
	splitter->started = true;
	if (next == '\0' || (splitter->quote == '"' && !strchr("\"\\$`", next))) {
		buf_putc(&splitter->word, '\\');
		splitter->at++;
		return;
	}
	if (str_starts(splitter->at + 1, "${"))
		buf_putc(&splitter->word, '$');
	buf_putc(&splitter->word, next);
	splitter->at += 2;
}

static int take_dollar(struct splitter *splitter, struct err *err)
{
	size_t size = piece(&splitter->tokens, splitter->at);

	if (size == 2 && splitter->at[1] == '{')
		return err_config(err, "unclosed '${'; write $${ for a literal ${");
	splitter->started = true;
	buf_add(&splitter->word, splitter->at, size);
	splitter->at += size;
	return 0;
}

/*
 * A quote within a comment in a script, as in "# it's", ends the script for a shell as
 * well, and its author has not meant that.
 */
static bool ends_in_comment(struct splitter *splitter)
{
	const char *at = splitter->at;

	for (; splitter->seen < at; splitter->seen++)
		if (*splitter->seen == '\n')
			splitter->line = splitter->seen + 1;
	return splitter->quote && *at == splitter->quote && *splitter->line == '#' &&
		splitter->line > splitter->opened && at[1] && at[1] != '\n';
}

static bool take_quote(struct splitter *splitter)
{
	char c = *splitter->at;

	if (splitter->quote ? c != splitter->quote : c != '\'' && c != '"')
		return false;
	splitter->quote = splitter->quote ? '\0' : c;
	splitter->opened = splitter->at;
	splitter->started = true;
	splitter->at++;
	return true;
}

/*
 * Would a shell take more than an argument from an unquoted word that begins so: an
 * operator, a redirection, a comment, a home directory?
 */
static bool begins_for_a_shell(const char *text, size_t size)
{
	size_t digits = strspn(text, "0123456789");

	if (strchr("|&;<>", *text) || str_starts(text, "~/"))
		return true;
	if (digits < size && strchr("<>", text[digits]))
		return true;
	return size == 1 && strchr("#~", *text);
}

static void note_pattern(struct splitter *splitter, char c)
{
	splitter->star |= c == '*';
	if (c == '{' && splitter->braces < BRACES)
		splitter->braces = BRACE;
	else if (c == ',' && splitter->braces == BRACE)
		splitter->braces = BRACE_COMMA;
	else if (c == '}' && splitter->braces < BRACES)
		splitter->braces = splitter->braces == BRACE_COMMA ? BRACES : NO_BRACE;
}

/* A glob of paths; elsewhere a "*" says "all" to a program itself. */
static bool is_pattern(const struct splitter *splitter, const char *text, size_t size)
{
	return splitter->braces == BRACES ||
		(splitter->star && *text != '-' && memchr(text, '/', size) &&
			!memmem(text, size, "://", 3));
}

static int end_word(struct splitter *splitter, struct arena *arena,
	struct command_words *ret, struct err *err)
{
	const char *from = splitter->from;
	size_t size = (size_t)(splitter->at - from);
	const char *last = splitter->at - 1;

	if (!splitter->started)
		return 0;
	if (splitter->substituted || begins_for_a_shell(from, size) ||
		is_pattern(splitter, from, size) ||
		(*last == ';' && splitter->bare == last))
		return err_config(err,
			"no shell runs this, and '%.*s%s' would be an argument: write "
			"sh -c '…', or quote it",
			(int)(size > SHOWN_MAX ? str_cut(from, SHOWN_MAX) : size), from,
			size > SHOWN_MAX ? "…" : "");
	ret->at = arena_array_grow(arena, ret->at, ret->list.count, sizeof *ret->at);
	ret->at[ret->list.count] = from;
	list_add(&ret->list, arena, splitter->word.data, splitter->word.len);
	splitter->started = splitter->star = false;
	splitter->braces = NO_BRACE;
	buf_truncate(&splitter->word, 0);
	return 0;
}

static int split(struct splitter *splitter, struct arena *arena,
	struct command_words *ret, struct err *err)
{
	while (*splitter->at) {
		char c = *splitter->at;

		if (!splitter->started)
			splitter->from = splitter->at;
		if (ends_in_comment(splitter)) {
			splitter->opened = splitter->at;
			return err_config(err,
				"the %c in this comment ends the script, as it does for "
				"a shell: leave it out",
				splitter->quote);
		}
		if (take_quote(splitter))
			continue;
		splitter->substituted |=
			!splitter->quote && (c == '`' || str_starts(splitter->at, "$("));
		if (c == '\\' && splitter->quote != '\'') {
			take_backslash(splitter);
		} else if (c == '$') {
			if (take_dollar(splitter, err) < 0)
				return -1;
		} else if (!splitter->quote && str_is_space(c)) {
			if (end_word(splitter, arena, ret, err) < 0)
				return -1;
			splitter->at++;
		} else {
			splitter->bare = splitter->quote ? NULL : splitter->at;
			if (!splitter->quote)
				note_pattern(splitter, c);
			splitter->started = true;
			buf_putc(&splitter->word, c);
			splitter->at++;
		}
	}
	if (splitter->quote)
		return err_config(err, "unclosed quote (%c)", splitter->quote);
	return end_word(splitter, arena, ret, err);
}

int command_split(
	const char *text, struct arena *arena, struct command_words *ret, struct err *err)
{
	struct splitter splitter = {
		.at = text,
		.line = text,
		.seen = text,
		.tokens = tokens_of(text, strlen(text)),
		.word = BUF_INIT,
	};
	int rc = split(&splitter, arena, ret, err);

	if (rc < 0)
		ret->wrong = splitter.quote ? splitter.opened
			: splitter.started  ? splitter.from
					    : splitter.at;
	tokens_release(&splitter.tokens);
	buf_release(&splitter.word);
	return rc;
}

char command_quote(const char *text, size_t size, char quote)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, size);
	const char *end = text + size;

	while (text < end) {
		if (*text == '\\' && quote != '\'') {
			text += end - text > 1 ? 2 : 1;
			continue;
		}
		if (quote ? *text == quote : *text == '\'' || *text == '"')
			quote = quote ? '\0' : *text;
		text += piece(&tokens, text);
	}
	return quote;
}

const char *words_reference(const char *raw, struct arena *arena)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(raw, strlen(raw));

	if (!str_starts(raw, "${" WORDS_WORD ":") ||
		token_next(&tokens).size < strlen(raw))
		return NULL;
	return arena_printf(arena, "${%s", raw + strlen("${" WORDS_WORD ":"));
}
