/* SPDX-License-Identifier: MIT */
/* XML 1.0, and HTML as browsers read it. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"

/*
 * OPEN is behind a "<", MARKUP behind "<!"; RAW is the text of an element in which HTML
 * knows neither tags nor entities. `depth` is the number of that element, from 1 on.
 */
enum mode {
	TEXT,
	OPEN,
	MARKUP,
	NAME,
	TAG,
	VALUE,
	COMMENT,
	CDATA,
	INSTRUCTION,
	DECLARATION,
	RAW,
};

/*
 * In TAG `run` is '=' behind one, 'u' in a value without quotes; in TEXT and VALUE it is
 * '&' in an entity.
 */

static const char *const raw_elements[] = {"script", "style", "xmp", "iframe", "noembed",
	"noframes", "noscript", "plaintext", NULL};

static bool is_html(const struct lexer *lexer)
{
	return lexer->language == LEXER_HTML;
}

static bool is_letter(char c)
{
	return (str_is_alnum(c) && !str_is_digit(c)) || c == '_' || c == ':' ||
		(c & 0x80);
}

static void enter_text(struct lexer *lexer)
{
	lexer->mode = TEXT;
	lexer->run = 0;
	lexer_open(lexer, LEXER_BARE);
}

static void enter(struct lexer *lexer, enum mode mode, const char *where)
{
	lexer->mode = (char)mode;
	lexer->run = 0;
	lexer->word_size = 0;
	lexer_close(lexer, where);
}

static void add_letter(struct lexer *lexer, char c)
{
	if (lexer->word_size < LEXER_WORD_MAX - 1)
		lexer->word[lexer->word_size++] =
			c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	lexer->word[lexer->word_size] = '\0';
}

static void find_raw(struct lexer *lexer)
{
	lexer->depth = 0;
	for (unsigned i = 0; is_html(lexer) && raw_elements[i]; i++)
		if (str_equal(raw_elements[i], lexer->word))
			lexer->depth = i + 1;
}

static void end_tag(struct lexer *lexer)
{
	if (lexer->depth)
		enter(lexer, RAW, "an element that is no text");
	else
		enter_text(lexer);
}

static void in_open(struct lexer *lexer, char c)
{
	if (c == '!') {
		enter(lexer, MARKUP, "a <!…>");
	} else if (c == '?') {
		enter(lexer, INSTRUCTION, "a <?…?>");
		if (is_html(lexer))
			lexer_lose(lexer, "a text behind a <?");
	} else if (c == '/' || is_letter(c)) {
		enter(lexer, NAME, "the name of a tag");
		add_letter(lexer, c);
	} else {
		enter_text(lexer);
	}
}

static void in_markup(struct lexer *lexer, char c)
{
	static const char cdata[] = "[cdata[";

	add_letter(lexer, c);
	if (str_equal(lexer->word, "--")) {
		enter(lexer, COMMENT, "a comment");
		lexer->prose = true;
	} else if (!is_html(lexer) && str_equal(lexer->word, cdata)) {
		enter(lexer, CDATA, "a CDATA section");
	} else if (lexer->word_size == 1 && is_letter(c)) {
		lexer->mode = DECLARATION;
		lexer->quote = 0;
	} else if (!str_equal(lexer->word, "-") &&
		(is_html(lexer) || !str_starts(cdata, lexer->word))) {
		lexer_lose(lexer, "a text behind a <!");
	}
}

/* `word_size` counts the comment's first bytes. */
static void in_comment(struct lexer *lexer, char c)
{
	bool dash = lexer->last == '-', dashes = dash && lexer->previous == '-';

	lexer->word_size += lexer->word_size < 3;
	if (c == '>' && (lexer->word_size == 1 || (lexer->word_size == 2 && dash)))
		lexer_lose(lexer, "a text behind a comment that is none");
	else if (dashes && lexer->word_size > 2 && c == '>')
		enter_text(lexer);
	else if (dashes && lexer->word_size > 2 && c == '!' && is_html(lexer))
		lexer_lose(lexer, "a text behind a --!");
}

static void in_declaration(struct lexer *lexer, char c)
{
	if (c == '[' || c == '<' || (c == '>' && lexer->quote && is_html(lexer)))
		lexer_lose(lexer, "a text behind a <!…> with more in it");
	else if (lexer->quote == c)
		lexer->quote = 0;
	else if (!lexer->quote && (c == '"' || c == '\''))
		lexer->quote = c;
	else if (!lexer->quote && c == '>')
		enter_text(lexer);
}

static void in_name(struct lexer *lexer, char c)
{
	if (c != '>' && c != '/' && !str_is_space(c)) {
		add_letter(lexer, c);
		return;
	}
	find_raw(lexer);
	if (c == '>')
		end_tag(lexer);
	else
		enter(lexer, TAG, "a tag");
}

/* What a browser runs, or reads as another document. */
static bool is_code(const struct lexer *lexer)
{
	return is_html(lexer) &&
		(str_starts(lexer->word, "on") || str_equal(lexer->word, "style") ||
			str_equal(lexer->word, "srcdoc"));
}

static void enter_value(struct lexer *lexer, char quote)
{
	bool code = is_code(lexer);

	enter(lexer, VALUE, "an attribute that is code");
	lexer->quote = quote;
	if (!code)
		lexer_open(lexer, quote == '"' ? LEXER_DOUBLE : LEXER_SINGLE);
}

static void in_tag(struct lexer *lexer, char c)
{
	if (c == '>') {
		end_tag(lexer);
	} else if (c == '"' || c == '\'') {
		if (lexer->run == '=')
			enter_value(lexer, c);
		else
			lexer_lose(
				lexer, "a text behind a quote that belongs to nothing");
	} else if (c == '<') {
		lexer_lose(lexer, "a text behind a < in a tag");
	} else if (str_is_space(c)) {
		lexer->run = lexer->run == 'u' ? 0 : lexer->run;
	} else if (lexer->run) {
		lexer->run = 'u';
	} else if (c == '=') {
		lexer->run = '=';
	} else {
		if (str_is_space(lexer->last) || strchr("/\"'", lexer->last))
			lexer->word_size = 0;
		add_letter(lexer, c);
	}
}

/* A letter behind a "&" would make it an entity, or another one. */
static void follow_entity(struct lexer *lexer, char c)
{
	if (c == '&')
		lexer->run = c;
	else if (!str_is_alnum(c) && c != '#')
		lexer->run = 0;
}

static void in_text(struct lexer *lexer, char c)
{
	if (c == '<')
		enter(lexer, OPEN, "the name of a tag");
	else
		follow_entity(lexer, c);
}

static void in_value(struct lexer *lexer, char c)
{
	if (c == lexer->quote)
		enter(lexer, TAG, "a tag");
	else
		follow_entity(lexer, c);
}

/* `run` counts what was seen of the end tag. */
static void in_raw(struct lexer *lexer, char c)
{
	const char *name = raw_elements[lexer->depth - 1];
	size_t size = strlen(name), seen = (unsigned char)lexer->run;
	char lower = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;

	if (seen == size + 2 && (c == '>' || c == '/' || str_is_space(c))) {
		lexer->depth = 0;
		if (c == '>')
			enter_text(lexer);
		else
			enter(lexer, TAG, "a tag");
	} else if (c == '!' && lexer->last == '<') {
		lexer_lose(lexer, "a text behind a <! in a script");
	} else if (c == '<') {
		lexer->run = 1;
	} else if ((seen == 1 && c == '/') ||
		(seen > 1 && seen < size + 2 && lower == name[seen - 2])) {
		lexer->run++;
	} else {
		lexer->run = 0;
	}
}

static void in_other(struct lexer *lexer, char c)
{
	bool cdata = lexer->mode == CDATA;

	if (c == '>' && lexer->last == (cdata ? ']' : '?') &&
		(!cdata || lexer->previous == ']'))
		enter_text(lexer);
}

void lexer_xml(struct lexer *lexer, char c)
{
	static void (*const modes[])(struct lexer * lexer, char c) = {
		[TEXT] = in_text,
		[OPEN] = in_open,
		[MARKUP] = in_markup,
		[NAME] = in_name,
		[TAG] = in_tag,
		[VALUE] = in_value,
		[COMMENT] = in_comment,
		[CDATA] = in_other,
		[INSTRUCTION] = in_other,
		[DECLARATION] = in_declaration,
		[RAW] = in_raw,
	};

	modes[(int)lexer->mode](lexer, c);
	lexer->previous = lexer->last;
	lexer->last = c;
}

/* A name that is a value may be any. */
void lexer_xml_pass(struct lexer *lexer)
{
	if (lexer->mode == OPEN || lexer->mode == NAME) {
		lexer->mode = NAME;
		if (is_html(lexer))
			lexer_lose(lexer, "a text behind a tag whose name is a value");
	} else if (lexer->mode == TAG && lexer->run) {
		lexer->run = 'u';
	} else if (lexer->mode == TAG && is_html(lexer)) {
		lexer_lose(lexer, "a text behind an attribute whose name is a value");
	} else if (lexer->mode == COMMENT) {
		lexer->word_size = 3;
	} else {
		lexer->run = 0;
	}
}

const char *lexer_xml_stops(const struct lexer *lexer)
{
	switch (lexer->mode) {
	case TEXT:
		return lexer->run ? NULL : "<&";
	case VALUE:
		return lexer->run ? NULL : "\"'&";
	case COMMENT:
		return lexer->word_size < 3 ? NULL : ">!";
	case CDATA:
	case INSTRUCTION:
		return ">";
	case DECLARATION:
		return "[<>\"'";
	case RAW:
		return lexer->run ? NULL : "<!";
	default:
		return NULL;
	}
}

bool lexer_xml_refuses(const struct lexer *lexer, const char *value)
{
	switch (lexer->mode) {
	case OPEN:
		return !is_letter(*value);
	case MARKUP:
		return true;
	case COMMENT:
		return *value == '-' || str_ends(value, "-") || strstr(value, "--");
	case TEXT:
	case VALUE:
		return lexer->run == '&';
	default:
		return false;
	}
}
