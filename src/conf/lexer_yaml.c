/* SPDX-License-Identifier: MIT */
/* YAML 1.1 and 1.2, where both read the same. */
#include <string.h>

#include "conf/lexer_yaml.h"

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What is not closed takes values: bare, or in its quotes. */
static const struct {
	enum lexer_place place;
	const char *closed;
	bool prose;
} places[] = {
	[DOUBLE] = {LEXER_DOUBLE, NULL, false},
	[SINGLE] = {LEXER_SINGLE, NULL, false},
	[BEHIND] = {LEXER_CLOSED, "a text behind a quoted one", false},
	[PROPERTY] = {LEXER_CLOSED, "an anchor, alias or tag", false},
	[COMMENT] = {LEXER_CLOSED, "a comment", true},
	[HEADER] = {LEXER_CLOSED, "the first line of a block scalar", false},
	[BLOCK] = {LEXER_CLOSED, "a block scalar", true},
};

static void settle(struct lexer *lexer)
{
	bool block = lexer->mode == START && lexer->run == A_BLOCK && yaml_goes_on(lexer);
	enum yaml_mode mode = block ? BLOCK : (enum yaml_mode)lexer->mode;

	if (lexer->lost)
		return;
	lexer->place = places[mode].place;
	lexer->closed = places[mode].closed;
	lexer->prose = places[mode].prose;
}

static void enter(struct lexer *lexer, enum yaml_mode mode)
{
	lexer->mode = (char)mode;
	lexer->joined &= mode == PLAIN || mode == MARK;
	settle(lexer);
}

static void end_plain(struct lexer *lexer, enum lexer_word word)
{
	if (lexer->joined)
		lexer->complete = word;
}

/* `column` is that of the next byte: 0 behind the end of the line. */
static void end_line(struct lexer *lexer, enum yaml_open open)
{
	lexer->run = (char)open;
	lexer->column = -1;
	enter(lexer, START);
}

/* What `parent` holds is one more than the column: 0 is the document itself. */
static void begin_entry(struct lexer *lexer, bool line_ends)
{
	lexer->parent = lexer->token + 1;
	if (line_ends)
		end_line(lexer, A_NODE);
	else
		enter(lexer, NODE);
}

static void begin_comment(struct lexer *lexer, enum yaml_mode next)
{
	lexer->word[0] = (char)next;
	lexer->quote = (char)(next == START ? lexer->run : 0);
	enter(lexer, COMMENT);
}

static void in_comment(struct lexer *lexer, char c)
{
	if (c != '\n')
		return;
	if (lexer->depth)
		enter(lexer, (enum yaml_mode)lexer->word[0]);
	else
		end_line(lexer, (enum yaml_open)lexer->quote);
}

static void open_bracket(struct lexer *lexer)
{
	if (++lexer->depth > LEXER_DEPTH_MAX)
		lexer_lose(lexer, "a text that is nested too deep");
	else
		enter(lexer, NODE);
}

static void close_bracket(struct lexer *lexer)
{
	if (lexer->depth == 0) {
		lexer_lose(lexer, "a text behind a bracket that closes nothing");
		return;
	}
	lexer->depth--;
	lexer->quote = 0;
	enter(lexer, BEHIND);
}

/* An anchor or tag in front of a node is a part of it. */
static void begin_token(struct lexer *lexer)
{
	if (lexer->mode == START || lexer->quote != '&')
		lexer->token = lexer->column;
	lexer->token_size = 0;
	lexer->quote = 0;
}

/* What no node begins with: a directive, or a "," or ":" with nothing before it. */
static void begin_nothing(struct lexer *lexer, char c)
{
	if (c == '%' && lexer->mode == START && lexer->column == 0)
		begin_comment(lexer, START);
	else if (c == ',' && lexer->depth)
		enter(lexer, NODE);
	else if (lexer->depth == 0 || c == '@' || c == '`')
		lexer_lose(lexer, "a text that is not YAML");
}

static enum yaml_mode mode_of(char c)
{
	static const char first[] = "\"'&*!|>-?";
	static const enum yaml_mode modes[] = {
		DOUBLE, SINGLE, PROPERTY, PROPERTY, PROPERTY, HEADER, HEADER, MARK, MARK};
	const char *found = strchr(first, c);

	return found ? modes[found - first] : PLAIN;
}

/* The first byte of a node. */
static void begin_node(struct lexer *lexer, char c)
{
	begin_token(lexer);
	if (c == '[' || c == '{') {
		open_bracket(lexer);
	} else if (c == ']' || c == '}') {
		close_bracket(lexer);
	} else if (strchr("%@`:,", c)) {
		begin_nothing(lexer, c);
	} else {
		lexer->quote = c;
		lexer->word_size = 1;
		enter(lexer, mode_of(c));
		if (lexer->mode == HEADER && (lexer->parent == 0 || lexer->depth))
			lexer_lose(lexer, "a text behind a block scalar of no key");
	}
}

static void in_start(struct lexer *lexer, char c)
{
	bool open = lexer->run != NOTHING && yaml_goes_on(lexer);

	if (c == '\n')
		end_line(lexer, (enum yaml_open)lexer->run);
	else if (c == '\r')
		return;
	else if (lexer->run == A_BLOCK && open && c != ' ')
		enter(lexer, BLOCK);
	else if (c == '\t')
		lexer_lose(lexer, "a text behind a tab in an indentation");
	else if (c == '#') {
		if (lexer->run != A_NODE)
			lexer->run = NOTHING;
		begin_comment(lexer, START);
	} else if (c == ' ')
		return;
	else if (lexer->run == A_PLAIN && open)
		enter(lexer, PLAIN);
	else
		begin_node(lexer, c);
}

static void in_node(struct lexer *lexer, char c)
{
	if (c == '\n' && !lexer->depth)
		end_line(lexer, A_NODE);
	else if (is_white(c))
		return;
	else if (c == '#' && is_white(lexer->last))
		begin_comment(lexer, NODE);
	else
		begin_node(lexer, c);
}

static bool is_flow(const struct lexer *lexer, char c)
{
	return lexer->depth && strchr(",[]{}", c);
}

/* The bytes that end a token inside of [] and {}. */
static void in_flow(struct lexer *lexer, char c)
{
	if (c == ',')
		enter(lexer, NODE);
	else if (c == ']' || c == '}')
		close_bracket(lexer);
	else
		lexer_lose(lexer, "a text behind a bracket in a word");
}

static void in_plain(struct lexer *lexer, char c)
{
	if (lexer->last == ':' && is_white(c)) {
		end_plain(lexer, LEXER_KEY);
		if (lexer->depth)
			enter(lexer, NODE);
		else
			begin_entry(lexer, c == '\n');
	} else if (lexer->depth && lexer->last == ':' && (c == '"' || c == '\'')) {
		lexer_lose(lexer, "a text behind a : without a space");
	} else if (is_flow(lexer, c)) {
		end_plain(lexer, LEXER_WORD);
		in_flow(lexer, c);
	} else if (c == '\n' && !lexer->depth) {
		end_plain(lexer, LEXER_WORD);
		end_line(lexer, A_PLAIN);
	} else if (c == '#' && is_white(lexer->last)) {
		end_plain(lexer, LEXER_WORD);
		lexer->run = NOTHING;
		begin_comment(lexer, lexer->depth ? BEHIND : START);
	}
}

static void in_quotes(struct lexer *lexer, char c)
{
	if (lexer->mode == DOUBLE && lexer_take_escape(lexer, c))
		return;
	if (c != (lexer->mode == DOUBLE ? '"' : '\''))
		return;
	lexer->quote = c;
	enter(lexer, BEHIND);
}

/* Two single quotes in a string are one of it. */
static void behind(struct lexer *lexer, char c)
{
	if (c == '\'' && lexer->last == '\'' && lexer->quote == '\'') {
		enter(lexer, SINGLE);
	} else if (is_flow(lexer, c)) {
		in_flow(lexer, c);
	} else if (c == ':' && lexer->depth) {
		enter(lexer, NODE);
	} else if (lexer->last == ':' && is_white(c)) {
		begin_entry(lexer, c == '\n');
	} else if (c == '\n' && !lexer->depth) {
		end_line(lexer, NOTHING);
	} else if (c == '#' && is_white(lexer->last)) {
		lexer->run = NOTHING;
		begin_comment(lexer, lexer->depth ? BEHIND : START);
	} else if (!is_white(c) && (c != ':' || lexer->last == ':' || !lexer->quote)) {
		lexer_lose(lexer, "a text behind a quoted one");
	}
}

/* "- " begins an entry, "--- " a document, "-x" is a word. */
static void behind_mark(struct lexer *lexer, char c)
{
	bool document = lexer->quote == '-' && lexer->token == 0;

	if (is_white(c) && lexer->quote == '-' && lexer->word_size == 1 &&
		!lexer->depth) {
		begin_entry(lexer, c == '\n');
	} else if (is_white(c) && document && lexer->word_size == 3) {
		lexer->token = -1;
		begin_entry(lexer, c == '\n');
	} else if (c == '-' && document && lexer->word_size < 3) {
		lexer->word_size++;
	} else if (is_white(c) || is_flow(lexer, c)) {
		lexer_lose(lexer, "a text behind a - or ?");
	} else {
		enter(lexer, PLAIN);
		in_plain(lexer, c);
	}
}

static void in_property(struct lexer *lexer, char c)
{
	bool alias = lexer->quote == '*';

	if (is_flow(lexer, c)) {
		in_flow(lexer, c);
	} else if (is_white(c)) {
		lexer->quote = alias ? 0 : '&';
		enter(lexer, alias ? BEHIND : NODE);
		if (c == '\n' && !lexer->depth)
			end_line(lexer, alias ? NOTHING : A_NODE);
	}
}

void lexer_yaml(struct lexer *lexer, char c)
{
	static void (*const modes[])(struct lexer * lexer, char c) = {
		[START] = in_start,
		[NODE] = in_node,
		[PLAIN] = in_plain,
		[DOUBLE] = in_quotes,
		[SINGLE] = in_quotes,
		[BEHIND] = behind,
		[MARK] = behind_mark,
		[PROPERTY] = in_property,
		[COMMENT] = in_comment,
	};
	bool odd = (lexer->last == '\r' && c != '\n') ||
		(lexer->last == (char)0xc2 && c == (char)0x85) ||
		(lexer->previous == (char)0xe2 && lexer->last == (char)0x80 &&
			(c == (char)0xa8 || c == (char)0xa9));

	if (odd)
		lexer_lose(lexer, "a text behind a line end that not all know");
	else if (lexer->mode <= COMMENT)
		modes[(int)lexer->mode](lexer, c);
	else if (c == '\n')
		end_line(lexer, A_BLOCK);
	lexer->previous = lexer->last;
	lexer->last = c;
	lexer->column++;
	lexer->token_size++;
	if (lexer->mode == START)
		settle(lexer);
}

void lexer_yaml_pass(struct lexer *lexer)
{
	bool open = lexer->run != NOTHING && yaml_goes_on(lexer);

	if (lexer->mode == START && lexer->run == A_BLOCK && open) {
		enter(lexer, BLOCK);
	} else if (lexer->mode == START || lexer->mode == NODE) {
		if (lexer->mode == NODE || lexer->run != A_PLAIN || !open)
			begin_token(lexer);
		enter(lexer, PLAIN);
	} else if (lexer->mode == MARK) {
		enter(lexer, PLAIN);
	}
}
