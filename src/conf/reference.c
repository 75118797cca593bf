/* SPDX-License-Identifier: MIT */
/* The grammar of ${…}. */
#include "conf/reference.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/scan.h"
#include "base/str.h"
#include "conf/words.h"

#define SHOWN_MAX 60

static bool begins(const char *text, size_t size, const char *prefix)
{
	size_t length = strlen(prefix);

	return size >= length && memcmp(text, prefix, length) == 0;
}

/* Does "${" begin there? Asked of each byte. */
static bool opens(const char *text, const char *end)
{
	return end - text >= 2 && text[0] == '$' && text[1] == '{';
}

/* ---- tokens ---- */

#define NO_SPAN SIZE_MAX

struct span {
	const char *text;
	size_t size;  /* 0: it is not closed */
	size_t outer; /* the one that it is in */
};

static size_t open_span(struct tokens *tokens, const char *text, size_t outer)
{
	tokens->spans = mem_grow(tokens->spans, tokens->count, sizeof *tokens->spans);
	tokens->spans[tokens->count] = (struct span){.text = text, .outer = outer};
	return tokens->count++;
}

/*
 * Finds the end of the "${…}" at `text`, and of all that are in it. A "$${" inside opens
 * a brace, too, since the literal that it stands for is closed by one.
 */
static void find_spans(struct tokens *tokens, const char *text)
{
	size_t innermost;

	tokens->count = tokens->next = 0;
	innermost = open_span(tokens, text, NO_SPAN);
	for (text += 2; text < tokens->end && innermost != NO_SPAN; text++) {
		if (opens(text, tokens->end)) {
			innermost = open_span(tokens, text++, innermost);
		} else if (*text == '}') {
			struct span *closed = &tokens->spans[innermost];

			closed->size = (size_t)(text - closed->text) + 1;
			innermost = closed->outer;
		}
	}
	tokens->known = text;
}

/* The size of the "${…}" at `text`, if no other is in it, or 0: most are so. */
static size_t plain_size(const struct tokens *tokens, const char *text)
{
	for (const char *c = text + 2; c < tokens->end && !opens(c, tokens->end); c++)
		if (*c == '}')
			return (size_t)(c - text) + 1;
	return 0;
}

/* The size of the "${…}" at `text`, or 0 where it is not closed. */
static size_t span_size(struct tokens *tokens, const char *text)
{
	if (tokens->count == 0 || text >= tokens->known) {
		size_t size = plain_size(tokens, text);

		if (size > 0)
			return size;
		find_spans(tokens, text);
	}
	while (tokens->spans[tokens->next].text < text)
		tokens->next++;
	return tokens->spans[tokens->next].size;
}

/* The length of the variable's name at `text`, or 0. */
static size_t name_length(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && (str_is_alnum(text[n]) || text[n] == '_'))
		n++;
	return str_is_name(text, n) ? n : 0;
}

struct tokens tokens_of(const char *text, size_t size)
{
	return (struct tokens){.at = text, .end = text + size};
}

void tokens_release(struct tokens *tokens)
{
	free(tokens->spans);
}

struct token token_next(struct tokens *tokens)
{
	const char *from = tokens->at;
	size_t size = (size_t)(tokens->end - from);
	struct token token = {.type = TOKEN_END, .text = from};
	const char *dollar;

	if (size == 0)
		return token;
	if (*from == '$' && opens(from + 1, tokens->end)) {
		token.type = TOKEN_LITERAL;
		token.size = 3;
	} else if (opens(from, tokens->end)) {
		token.type = TOKEN_REFERENCE;
		token.size = span_size(tokens, from);
		if (token.size == 0)
			token.size = 2;
	} else if (*from == '$' && name_length(from + 1, size - 1) > 0) {
		token.type = TOKEN_BARE;
		token.size = 1 + name_length(from + 1, size - 1);
	} else {
		token.type = TOKEN_TEXT;
		dollar = memchr(from + 1, '$', size - 1);
		token.size = dollar ? (size_t)(dollar - from) : size;
	}
	tokens->at += token.size;
	return token;
}

void token_enter(struct tokens *tokens, struct token *token)
{
	token->size = 2;
	tokens->at = token->text + token->size;
}

int token_lines(const struct token *token)
{
	return (int)scan_count(token->text, token->size, '\n');
}

/*
 * The length of the word in front of a ":", or 0: "key:x" has one; "key:-x" is the
 * variable `key` with a default.
 */
static size_t word_length(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size &&
		(str_is_digit(text[n]) || text[n] == '_' ||
			(text[n] >= 'a' && text[n] <= 'z')))
		n++;
	if (n == 0 || n + 1 >= size || text[n] != ':' || strchr("-?+", text[n + 1]))
		return 0;
	return n;
}

static bool is_word(const char *word, const char *text, size_t size)
{
	return strlen(word) == size && memcmp(word, text, size) == 0;
}

static bool is_known(const char *const *words, const char *text, size_t size)
{
	while (words && *words && !is_word(*words, text, size))
		words++;
	return words && *words;
}

bool reference_is_known(const char *text, size_t size, const char *const *words)
{
	return size > 2 && is_known(words, text + 2, word_length(text + 2, size - 2));
}

size_t reference_name_size(const char *text, size_t size)
{
	return size < 2 ? 0 : name_length(text + 2, size - 2);
}

/* What there is; and of a word that is not known, which one was meant. */
static int raise_form(
	const char *text, size_t size, const char *const *words, struct err *err)
{
	CLEANUP_BUF struct buf forms = BUF_INIT;
	CLEANUP_BUF struct buf word = BUF_INIT;
	bool cut = size > SHOWN_MAX;
	const char *near = NULL;

	buf_add(&word, text + 2, word_length(text + 2, size - 3));
	if (str_equal(word.data, WORDS_WORD))
		return err_config(
			err, "'${words:NAME}' is only a whole word of a command");
	if (word.len && words && !is_known(words, word.data, word.len))
		near = str_nearest(word.data, words);
	for (size_t i = 0; words && words[i]; i++)
		buf_printf(&forms, ", ${%s:%s}", words[i],
			expand_is_path(words[i]) ? "/path" : "name");
	if (begins(text, size, "${else if ") || begins(text, size, "${elsif "))
		buf_puts(&forms, "; did you mean '${elif …}'?");
	else if (near)
		buf_printf(&forms, "; did you mean '${%s:…}'?", near);
	else
		buf_puts(&forms, "; write $${ for a literal ${");
	return err_config(err,
		"'%.*s%s' is none of ${NAME}, ${NAME:-default}, ${NAME-default}, "
		"${NAME:?message}, ${NAME:+other}, ${NAME#glob}, ${NAME%%glob}%s",
		(int)(cut ? str_cut(text, SHOWN_MAX) : size), text, cut ? "…" : "",
		forms.data);
}

/*
 * Takes "|json" off the end of a body. A word there that is no format is an error, since
 * the value would go unescaped where it was to be made safe.
 */
static int parse_escape(
	const char *body, size_t *size, struct reference *ret, struct err *err)
{
	const char *end = body + *size, *from = end, *near;
	char word[16] = "";

	while (from > body && end - from < (ptrdiff_t)sizeof word &&
		(str_is_digit(from[-1]) || (from[-1] >= 'a' && from[-1] <= 'z')))
		from--;
	if (from == end || from == body || from[-1] != '|')
		return 0;
	memcpy(word, from, (size_t)(end - from));
	ret->escape = escape_find(word);
	if (ret->escape < 0) {
		near = str_nearest(word, escape_names);
		return err_config(err,
			"'|%s' is no format%s%s%s; for text that ends so, add '|none'",
			word, near ? ": did you mean '|" : "", near ? near : "",
			near ? "'?" : "");
	}
	ret->escaped = true;
	*size = (size_t)(from - 1 - body);
	return 0;
}

bool expand_is_path(const char *word)
{
	return str_equal(word, EXPAND_FILE) || str_equal(word, EXPAND_TEXT);
}

bool reference_is_path(const struct reference *ref)
{
	return is_word(EXPAND_FILE, ref->word, ref->word_size) ||
		is_word(EXPAND_TEXT, ref->word, ref->word_size);
}

static const struct {
	const char *text;
	enum operator_ operator_;
} operators[] = {
	{":-", OPERATOR_DEFAULT},
	{":?", OPERATOR_DEMAND},
	{":+", OPERATOR_OTHER},
	/* Of variables alone. */
	{"-", OPERATOR_DEFAULT_UNSET},
	{"##", OPERATOR_CUT_FRONT_LONGEST},
	{"#", OPERATOR_CUT_FRONT},
	{"%%", OPERATOR_CUT_BACK_LONGEST},
	{"%", OPERATOR_CUT_BACK},
};

/*
 * Which operator stands at `text`? Its length, or 0. A step's name may have a "-", and
 * that of a file the others, too.
 */
static size_t parse_operator(
	const char *text, size_t size, bool variable, enum operator_ *ret)
{
	for (size_t i = 0; size > 0 && i < sizeof operators / sizeof *operators; i++) {
		if (!variable && *operators[i].text != ':')
			break;
		if (begins(text, size, operators[i].text)) {
			*ret = operators[i].operator_;
			return strlen(operators[i].text);
		}
	}
	return 0;
}

/* A step's name, with its module's in front. */
static bool name_is_fine(const struct reference *ref)
{
	if (ref->name_size == 0 || ref->word_size == 0)
		return ref->name_size > 0;
	if (reference_is_path(ref))
		return true;
	for (size_t i = 0; i < ref->name_size; i++)
		if (!str_is_alnum(ref->name[i]) && !strchr("_.-/", ref->name[i]))
			return false;
	return str_is_alnum(ref->name[0]);
}

/* The size of a "${…}" at `text`, or 1. */
static size_t piece(struct tokens *tokens, const char *text)
{
	tokens->at = text;
	return opens(text, tokens->end) ? token_next(tokens).size : 1;
}

static void parse_name(const char *body, size_t size, struct reference *ret)
{
	CLEANUP_TOKENS struct tokens tokens = {0};
	size_t length = word_length(body, size);
	enum operator_ found;

	ret->word = body;
	ret->word_size = length;
	ret->name = body;
	if (length == 0) {
		ret->name_size = name_length(body, size);
		return;
	}
	ret->name += ++length;
	tokens = tokens_of(ret->name, size - length);
	while (ret->name + ret->name_size < tokens.end &&
		parse_operator(ret->name + ret->name_size,
			(size_t)(tokens.end - ret->name) - ret->name_size, false,
			&found) == 0)
		ret->name_size += piece(&tokens, ret->name + ret->name_size);
}

int reference_parse(const char *text, size_t size, const char *const *words,
	struct reference *ret, struct err *err)
{
	struct reference ref = {.operator_ = OPERATOR_NONE};
	const char *body = text + 2;
	size_t body_size, length;

	if (size < 3)
		return err_config(
			err, "a '${' is not closed by '}'; write $${ for a literal ${");
	body_size = size - 3;
	if (parse_escape(body, &body_size, &ref, err) < 0)
		return -1;
	parse_name(body, body_size, &ref);
	if (!name_is_fine(&ref) ||
		(ref.word_size && words && !is_known(words, ref.word, ref.word_size)))
		return raise_form(text, size, words, err);
	ref.operand = ref.name + ref.name_size;
	ref.operand_size = body_size - (size_t)(ref.operand - body);
	length = parse_operator(
		ref.operand, ref.operand_size, ref.word_size == 0, &ref.operator_);
	if (length == 0 && ref.operand_size > 0)
		return raise_form(text, size, words, err);
	ref.operand += length;
	ref.operand_size -= length;
	*ret = ref;
	return 0;
}
