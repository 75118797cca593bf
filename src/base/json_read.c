/* SPDX-License-Identifier: MIT */
/* Reading JSON: one pass over the text, without recursion. */
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/str.h"
#include "base/unescape.h"

#define NOT_OPEN UINT32_MAX

struct reader {
	struct json json;
	size_t at;
	uint32_t open; /* the innermost array or object; its own parent is its `next` */
	int depth;
	bool check; /* what is whole is forgotten, and only what is open has tokens */
	struct err *err;
};

struct place json_place(const struct json *json, size_t at)
{
	struct json_mark mark = {0};

	return json_place_next(json, at, &mark);
}

struct place json_place_next(const struct json *json, size_t at, struct json_mark *mark)
{
	if (!mark->at || at < mark->at)
		*mark = (struct json_mark){
			.place = {.file = json->file, .line = 1, .column = 1}};
	for (; mark->at < at; mark->at++) {
		if (json->text[mark->at] == '\n') {
			mark->place.line++;
			mark->place.column = 1;
		} else if ((json->text[mark->at] & 0xc0) != 0x80) {
			mark->place.column++;
		}
	}
	return mark->place;
}

static int wrong(const struct reader *r, size_t at, const char *what)
{
	(void)err_config(r->err, "%s", what);
	return err_at(r->err, json_place(&r->json, at));
}

/* The byte at hand, or 0 at the end; a NUL in the text is nowhere allowed either. */
static char peek(const struct reader *r)
{
	return r->at < r->json.size ? r->json.text[r->at] : '\0';
}

/* `last`: what would close it, had it no comma before. */
static int expected_or(const struct reader *r, const char *what, char last)
{
	char text[120];
	const char *hint = "";

	if (r->at == r->json.size)
		hint = ", but the text ends";
	else if (peek(r) == '/' || peek(r) == '#')
		hint = "; JSON has no comments";
	else if (last && peek(r) == last)
		hint = "; JSON has no comma behind the last one";
	(void)snprintf(text, sizeof text, "%s is expected%s", what, hint);
	return wrong(r, r->at, text);
}

static int expected(const struct reader *r, const char *what)
{
	return expected_or(r, what, '\0');
}

static bool take(struct reader *r, char c)
{
	if (r->at == r->json.size || r->json.text[r->at] != c)
		return false;
	r->at++;
	return true;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(struct reader *r)
{
	while (r->at < r->json.size && is_space(r->json.text[r->at]))
		r->at++;
}

static struct json_token *add(struct reader *r, enum json_type type, size_t start)
{
	struct json_token *token;

	r->json.tokens = mem_grow(r->json.tokens, r->json.count, sizeof *r->json.tokens);
	token = &r->json.tokens[r->json.count++];
	*token = (struct json_token){
		.type = type, .start = (uint32_t)start, .next = r->json.count};
	return token;
}

/* How many bytes the escape has that begins here; 0 if it is no character. */
static size_t escape_size(const char *text, size_t size)
{
	uint32_t code = 0;
	size_t n;

	if (size > 1 && text[1] && strchr("\"\\/bfnrt", text[1]))
		return 2;
	n = unescape_utf16(text, size, &code);
	return code >= 0xd800 && code < 0xe000 ? 0 : n;
}

/* What stands for itself in a string: mostly all of it. */
static void skip_plain(struct reader *r)
{
	r->at += scan_plain(r->json.text + r->at, r->json.size - r->at, "\"\\");
}

static int read_string(struct reader *r)
{
	size_t start = r->at++;
	uint32_t code;

	skip_plain(r);
	while (peek(r) != '"') {
		const char *text = r->json.text + r->at;
		size_t left = r->json.size - r->at;
		size_t n = 1;

		if (left == 0)
			return wrong(r, start, "this string does not end");
		if ((unsigned char)*text < 0x20)
			return wrong(r, r->at, "a control character must be escaped");
		if (*text == '\\')
			n = escape_size(text, left);
		else if ((unsigned char)*text >= 0x80)
			n = str_character(text, left, &code);
		if (n == 0)
			return wrong(r, r->at,
				*text == '\\' ? "this escape is no character"
					      : "this is not UTF-8");
		r->at += n;
		skip_plain(r);
	}
	add(r, JSON_STRING, start)->end = (uint32_t)++r->at;
	return 0;
}

static bool skip_digits(struct reader *r)
{
	size_t start = r->at;

	while (str_is_digit(peek(r)))
		r->at++;
	return r->at > start;
}

static int read_number(struct reader *r)
{
	size_t start = r->at;

	(void)take(r, '-');
	if (!take(r, '0') && !skip_digits(r))
		return expected(r, "a digit");
	if (str_is_digit(peek(r)))
		return wrong(r, start, "a number may not begin with 0");
	if (take(r, '.') && !skip_digits(r))
		return expected(r, "a digit");
	if (take(r, 'e') || take(r, 'E')) {
		if (!take(r, '-'))
			(void)take(r, '+');
		if (!skip_digits(r))
			return expected(r, "a digit");
	}
	add(r, JSON_NUMBER, start)->end = (uint32_t)r->at;
	return 0;
}

static int read_word(struct reader *r)
{
	static const struct {
		const char *word;
		enum json_type type;
	} words[] = {{"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};
	bool in_array;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t size = strlen(words[i].word);

		if (r->json.size - r->at < size ||
			memcmp(r->json.text + r->at, words[i].word, size) != 0)
			continue;
		add(r, words[i].type, r->at)->end = (uint32_t)(r->at + size);
		r->at += size;
		return 0;
	}
	in_array = r->open != NOT_OPEN && r->json.tokens[r->open].type == JSON_ARRAY;
	return expected_or(r, "a value", in_array ? ']' : '\0');
}

static int read_key(struct reader *r)
{
	skip_space(r);
	if (peek(r) != '"')
		return expected_or(r, "a member's name in quotes", '}');
	if (read_string(r) < 0)
		return -1;
	skip_space(r);
	return take(r, ':') ? 0 : expected(r, "':'");
}

static int open_container(struct reader *r)
{
	bool object = r->json.text[r->at] == '{';
	struct json_token *token;

	if (++r->depth > JSON_DEPTH_MAX)
		return wrong(r, r->at, "this is nested too deeply");
	token = add(r, object ? JSON_OBJECT : JSON_ARRAY, r->at++);
	token->next = r->open;
	r->open = r->json.count - 1;
	return 0;
}

/* A value is whole: behind it is what is behind its key, if it has one. */
static void end_member(struct reader *r, struct json_token *value)
{
	if (r->open != NOT_OPEN && r->json.tokens[r->open].type == JSON_OBJECT)
		value[-1].next = value->next;
}

/* Closes what the text closes next. Returns whether something is still open. */
static bool close_containers(struct reader *r)
{
	while (r->open != NOT_OPEN) {
		struct json_token *token = &r->json.tokens[r->open];

		skip_space(r);
		if (!take(r, token->type == JSON_OBJECT ? '}' : ']'))
			return true;
		r->open = token->next;
		r->depth--;
		token->end = (uint32_t)r->at;
		token->next = r->json.count;
		end_member(r, token);
	}
	return false;
}

/* A value that is whole, or the beginning of one. */
static int read_value(struct reader *r)
{
	skip_space(r);
	switch (peek(r)) {
	case '{':
	case '[':
		return open_container(r);
	case '"':
		return read_string(r);
	default:
		return str_is_digit(peek(r)) || peek(r) == '-' ? read_number(r)
							       : read_word(r);
	}
}

static int read_all(struct reader *r)
{
	bool object = false, empty;

	do {
		uint32_t outer;

		if (object && read_key(r) < 0)
			return -1;
		outer = r->open;
		if (read_value(r) < 0)
			return -1;
		if (r->open == outer)
			end_member(r, &r->json.tokens[r->json.count - 1]);
		if (!close_containers(r))
			break;
		object = r->json.tokens[r->open].type == JSON_OBJECT;
		/* What has just been opened is the last token: it has no element yet. */
		empty = r->open == r->json.count - 1;
		if (r->check)
			r->json.count = r->open + 1;
	} while (empty || take(r, ','));
	if (r->open != NOT_OPEN)
		return expected(r, object ? "',' or '}'" : "',' or ']'");
	skip_space(r);
	return r->at == r->json.size
		? 0
		: wrong(r, r->at, "the text goes on behind its value");
}

static int read_text(struct reader *r, const char *file, const char *text, size_t size,
	struct err *err)
{
	bool marked = size > 2 && memcmp(text, "\xef\xbb\xbf", 3) == 0;

	r->json = (struct json){.file = file, .text = text, .size = size};
	r->at = marked ? 3 : 0;
	r->open = NOT_OPEN;
	r->err = err;
	return size > JSON_SIZE_MAX ? wrong(r, 0, "the text is larger than 16 MiB")
				    : read_all(r);
}

int json_read(struct json *json, const char *file, const char *text, size_t size,
	struct err *err)
{
	struct reader r = {0};

	if (read_text(&r, file, text, size, err) < 0) {
		free(r.json.tokens);
		return -1;
	}
	*json = r.json;
	return 0;
}

int json_check(const char *file, const char *text, size_t size, struct err *err)
{
	struct reader r = {.check = true};
	int rc = read_text(&r, file, text, size, err);

	free(r.json.tokens);
	return rc;
}

void json_release(struct json *json)
{
	free(json->tokens);
	*json = (struct json)JSON_INIT;
}
