/* SPDX-License-Identifier: MIT */
/* Following the commands of a shell's text, word by word. */
#include "conf/shell_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "conf/lexer_internal.h"

static struct shell_level *level_of(struct shell_words *words)
{
	return &words->levels[words->depth];
}

/* ---- words ---- */

size_t shell_words_assignment(const char *word)
{
	const char *at = word;

	while (str_is_alnum(*at) || *at == '_')
		at++;
	if (at == word || str_is_digit(*word))
		return 0;
	if (*at == '[') {
		at = strchr(at, ']');
		if (!at)
			return 0;
		at++;
	}
	at += *at == '+';
	return *at == '=' ? (size_t)(at + 1 - word) : 0;
}

/* What stands in front of a command, or means nothing for it. */
static bool is_prefix(const struct shell_words *words, const struct shell_level *level)
{
	static const char *const reserved[] = {"if", "then", "elif", "else", "while",
		"until", "do", "!", "{", "coproc", NULL};
	const char *word = words->text.data + level->at;

	return words->count == level->first &&
		(shell_words_assignment(word) ||
			(!level->quoted && str_is_among(word, reserved)));
}

static bool is_test(const char *word)
{
	return str_equal(word, "[") || str_equal(word, "[[");
}

static void end_word(struct shell_words *words)
{
	struct shell_level *level = level_of(words);
	const char *word = words->text.data + level->at;
	bool plain = !level->quoted && !level->target;

	if (!level->begun)
		return;
	if (plain && words->count == level->first && str_equal(word, "[["))
		level->test = true;
	else if (plain && str_equal(word, "]]"))
		level->test = false;
	if (level->target || is_prefix(words, level)) {
		buf_truncate(&words->text, level->at);
	} else {
		words->words = mem_grow(words->words, words->count, sizeof *words->words);
		words->words[words->count++] = (struct shell_word){
			.at = level->at,
			.expands = level->expands,
			.unknown = level->unknown || (level->glob && !is_test(word)),
		};
		buf_putc(&words->text, '\0');
	}
	words->lost |= words->count - level->first > SHELL_WORDS_MAX;
	level->at = words->text.len;
	level->begun = level->quoted = level->target = false;
	level->string = level->both = false;
	level->glob = level->brace = level->expands = level->unknown = false;
}

static void end_command(struct shell_words *words)
{
	struct shell_level *level = level_of(words);

	end_word(words);
	level->target = level->string = level->both = level->amp = false;
	words->count = level->first;
	level->at = level->base;
	buf_truncate(&words->text, level->base);
}

static void add(struct shell_words *words, char c)
{
	struct shell_level *level = level_of(words);

	level->begun = true;
	if (words->text.len - level->at < SHELL_WORD_MAX)
		buf_putc(&words->text, c);
}

/* ---- levels ---- */

/* A "(", behind that byte. */
static void open_level(struct shell_words *words, char last, bool in_quotes)
{
	struct shell_level *level = level_of(words);
	const char *word = words->text.data + level->at;
	size_t assigned = shell_words_assignment(word);
	struct shell_level inner = {.frame = words->lexer.depth};

	inner.array = last == '=' && level->begun && assigned && !word[assigned];
	inner.reads = last == '<' && !level->begun;
	inner.inside = inner.array || in_quotes || last == '$' || strchr("<>", last) ||
		(level->begun && strchr("?*+@!", last));
	if (!inner.inside)
		end_command(words);
	else
		level->begun = true;
	inner.test = level->test && !inner.inside;
	if (strchr("<>", last))
		level->target = level->string = false;
	if (in_quotes)
		level->expands = true;
	else if (inner.inside && !inner.array)
		level->unknown = true;
	inner.first = words->count;
	buf_putc(&words->text, '\0'); /* behind the word at hand */
	inner.base = inner.at = words->text.len;
	words->levels[++words->depth] = inner;
}

static void close_level(struct shell_words *words)
{
	struct shell_level *level = level_of(words);

	words->count = level->first;
	buf_truncate(&words->text, level->base - 1);
	words->depth--;
}

/* ---- the text ---- */

/* In front of c, which is "<" or ">", stand these two. */
static void begin_redirection(struct shell_words *words, char c, const char *before)
{
	struct shell_level *level = level_of(words);
	const char *word = words->text.data + level->at;

	/* Digits in front of it are no word. */
	if (level->begun && !level->quoted && !word[str_digits(word)])
		level->target = true;
	end_word(words);
	level->target = true;
	level->string = c == '<' && before[0] == '<' && before[1] == '<';
}

static void in_bare(struct shell_words *words, char c, bool escaped, const char *before)
{
	struct shell_level *level = level_of(words);
	char last = before[1];

	words->lost |= level->array && strchr(";&|", c) && !escaped;
	if (escaped) {
		level->quoted = true;
		if (c != '\n')
			add(words, c);
	} else if (c == '<' || c == '>') {
		begin_redirection(words, c, before);
	} else if (c == ' ' || c == '\t') {
		end_word(words);
	} else if (c == '&' && !(last == '<' || last == '>')) {
		level->amp = true;
	} else if (c == '&') {
		level->both = last == '>';
	} else if (strchr(";\n)", c) || (c == '|' && last != '>')) {
		end_command(words);
	} else if (!strchr("\\&|", c)) {
		level->unknown |= c == '$' || (level->brace && strchr(",.", c));
		level->glob |= strchr("*?[", c) != NULL;
		level->brace |= c == '{';
		words->lost |= last == '$' && c == '['; /* arithmetic of old */
		add(words, c);
	}
}

static void in_double(struct shell_words *words, char c, bool escaped, char last)
{
	struct shell_level *level = level_of(words);

	if (c == '\\' && !escaped)
		return;
	level->expands |= c == '$' && !escaped;
	level->unknown |= last == '$' && (c == '@' || c == '*');
	words->lost |= last == '$' && c == '[';
	add(words, c);
}

static void begin_frame(struct shell_words *words, char frame, char last)
{
	struct shell_level *level = level_of(words);
	char pushed = words->lexer.stack[words->lexer.depth - 1];

	switch (pushed) {
	case 'H':
		end_command(words);
		break;
	case 'A': /* its first "(" began a level */
		if (frame == 'A' || frame == '(')
			close_level(words);
		words->muted = words->lexer.depth - 1;
		break;
	case '(':
		open_level(words, last, frame == '"');
		break;
	case '{':
	case '`':
		level->begun = true;
		level->expands = true;
		level->unknown |= frame != '"';
		words->muted = words->lexer.depth;
		break;
	case '"':
	case '\'':
	case '$':
		level->begun = level->quoted = true;
		break;
	}
}

static void take(struct shell_words *words, char c)
{
	struct lexer *lexer = &words->lexer;
	const char before[2] = {lexer->previous, lexer->last};
	unsigned depth = lexer->depth;
	char frame = depth ? lexer->stack[depth - 1] : 0;
	bool escaped = lexer->escaped;

	lexer_shell(lexer, c);
	if (words->muted) {
		level_of(words)->unknown |= c == '@' || c == '*';
		if (lexer->depth < words->muted)
			words->muted = 0;
		return;
	}
	if (level_of(words)->amp && !(c == '\\' || (escaped && c == '\n'))) {
		level_of(words)->amp = false;
		if (c != '>')
			end_command(words);
	}
	if (lexer->depth > depth)
		begin_frame(words, frame, before[1]);
	else if (frame == 'H' || frame == '#') {
		if (c == '\n')
			end_command(words);
	} else if (lexer->depth < depth) {
		if (frame == '(')
			close_level(words);
	} else if (frame == '\'' || frame == '$')
		add(words, c);
	else if (frame == '"')
		in_double(words, c, escaped, before[1]);
	else if (lexer->depth == 0 || lexer->stack[depth - 1] != '#')
		in_bare(words, c, escaped, before);
}

void shell_words_init(struct shell_words *words)
{
	*words = (struct shell_words){.text = BUF_INIT};
	shell_variables_init(&words->variables);
}

static void begin(struct shell_words *words, size_t start)
{
	lexer_begin(&words->lexer, LEXER_SHELL);
	words->start = words->done = start;
	words->lost = false;
	words->muted = words->depth = 0;
	words->count = 0;
	buf_truncate(&words->text, 0);
	words->levels[0] = (struct shell_level){0};
}

void shell_words_read(struct shell_words *words, const struct buf *text, size_t size)
{
	size_t start = text->len - size;

	if (!words->done || start != words->start)
		begin(words, start);
	for (; words->done < text->len && !words->lost; words->done++) {
		take(words, text->data[words->done]);
		words->lost |= words->lexer.lost;
	}
}

/* Is it where it was, behind a value that nobody has made safe? */
static bool stays(const struct lexer *lexer, const char *text, size_t size)
{
	struct lexer behind = *lexer;

	for (size_t i = 0; i < size && !behind.lost; i++)
		lexer_shell(&behind, text[i]);
	return !behind.lost && !behind.escaped && behind.depth == lexer->depth &&
		behind.place == lexer->place;
}

void shell_words_pass(struct shell_words *words, const struct buf *text, size_t size)
{
	struct shell_level *level = level_of(words);

	if (words->lost || stays(&words->lexer, text->data + words->done, size))
		return;
	lexer_pass(&words->lexer, size);
	words->done += size;
	level->begun = level->expands = true;
	level->unknown |= words->lexer.place == LEXER_BARE;
}

void shell_words_release(struct shell_words *words)
{
	if (!words)
		return;
	buf_release(&words->text);
	shell_variables_release(&words->variables);
	free(words->words);
	free(words);
}
