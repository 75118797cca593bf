/* SPDX-License-Identifier: MIT */
/* Following the commands of a shell's text, word by word. */
#include "conf/shell_code.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/str.h"
#include "conf/lexer.h"
#include "conf/script.h"

struct reader {
	const char *at, *end;
	struct arena arena;
	unsigned depth;
	size_t last; /* the word that is judged */
	bool found;
	struct buf *ret; /* gets what runs the last word */
};

/* A list of commands, up to what closes it. */
struct level {
	struct list words; /* of the command at hand */
	struct buf word;
	bool begun;  /* a word is, maybe an empty one */
	bool quoted; /* there are quotes in it */
	bool target; /* it is a redirection's, or ends a here-document */
};

/* ---- which word is code ---- */

static void note(void *user, size_t at, const char *program)
{
	struct reader *reader = user;

	if (at != reader->last || reader->found)
		return;
	reader->found = true;
	buf_puts(reader->ret, program);
}

/* Is the last word code for this builtin? */
static bool is_run(const struct list *words)
{
	static const char *const all[] = {"eval", "alias", "let", NULL};
	size_t first = words->count > 1 && str_equal(words->items[1], "--") ? 2 : 1;

	if (words->count < 2)
		return false;
	return str_is_among(words->items[0], all) ||
		(str_equal(words->items[0], "trap") && words->count == first + 1);
}

static void judge(struct reader *reader, const struct level *level)
{
	const struct list *words = &level->words;

	if (level->target || !words->count)
		return;
	reader->last = words->count - 1;
	if (is_run(words))
		note(reader, reader->last, words->items[0]);
	else
		script_each(words, note, reader);
}

/* ---- words ---- */

static bool is_assignment(const char *word)
{
	const char *sign = strchr(word, '=');

	return sign && str_is_name(word, (size_t)(sign - word));
}

/* What stands in front of a command, or means nothing for it. */
static bool is_prefix(const struct level *level)
{
	static const char *const reserved[] = {"if", "then", "elif", "else", "while",
		"until", "do", "!", "{", "coproc", "builtin", "command", NULL};

	return level->words.count == 0 &&
		(is_assignment(level->word.data) ||
			(!level->quoted && str_is_among(level->word.data, reserved)));
}

static void end_word(struct reader *reader, struct level *level)
{
	if (!level->begun)
		return;
	buf_puts(&level->word, "");
	if (!level->target && !is_prefix(level))
		list_add(
			&level->words, &reader->arena, level->word.data, level->word.len);
	buf_truncate(&level->word, 0);
	level->begun = level->quoted = level->target = false;
}

static void end_command(struct reader *reader, struct level *level)
{
	end_word(reader, level);
	level->target = false;
	level->words.count = 0;
}

static void add(struct level *level, char c)
{
	level->begun = true;
	buf_putc(&level->word, c);
}

/* ---- the text ---- */

static bool read_level(struct reader *reader, char closer);

static bool take(struct reader *reader, const char *text)
{
	size_t size = strlen(text);

	if ((size_t)(reader->end - reader->at) < size ||
		memcmp(reader->at, text, size) != 0)
		return false;
	reader->at += size;
	return true;
}

static void take_escaped(struct reader *reader, struct level *level)
{
	char c;

	if (reader->at == reader->end)
		return;
	c = *reader->at++;
	level->quoted = true;
	if (c != '\n')
		add(level, c);
}

/* What is in it does not matter, but for its end. */
static bool take_parameter(struct reader *reader)
{
	unsigned open = 1;

	while (open && reader->at < reader->end) {
		char c = *reader->at++;

		open += c == '{';
		open -= c == '}';
	}
	return open == 0;
}

/*
 * $(…), ${…} and `…`, also in double quotes. Returns 1 if one was taken, 0, or -1 where
 * it goes on at the end of the text.
 */
static int take_expansion(struct reader *reader, struct level *level)
{
	bool closed;

	if (take(reader, "$("))
		closed = read_level(reader, ')');
	else if (take(reader, "${"))
		closed = take_parameter(reader);
	else if (take(reader, "`"))
		closed = read_level(reader, '`');
	else
		return 0;
	add(level, '$');
	return closed ? 1 : -1;
}

static bool take_double(struct reader *reader, struct level *level)
{
	while (reader->at < reader->end) {
		int rc = take_expansion(reader, level);

		if (rc < 0)
			return false;
		if (rc > 0)
			continue;
		if (take(reader, "\""))
			return true;
		if (take(reader, "\\"))
			take_escaped(reader, level);
		else
			add(level, *reader->at++);
	}
	return false;
}

static bool take_single(struct reader *reader, struct level *level)
{
	while (reader->at < reader->end)
		if (take(reader, "'"))
			return true;
		else
			add(level, *reader->at++);
	return false;
}

/* Its first byte is taken. */
static void take_redirection(struct reader *reader, struct level *level)
{
	/* Digits in front of it are no word. */
	if (level->begun && !level->quoted &&
		!level->word.data[str_digits(level->word.data)])
		level->target = true;
	end_word(reader, level);
	while (take(reader, "<") || take(reader, ">") || take(reader, "|"))
		;
	level->target = !take(reader, "&-");
	if (level->target)
		(void)take(reader, "&"); /* a descriptor is a target, too */
}

static void skip_line(struct reader *reader)
{
	while (reader->at < reader->end && *reader->at != '\n')
		reader->at++;
}

/* Takes one byte that is in no quotes, or all that it begins; false: it does not end. */
static bool take_bare(struct reader *reader, struct level *level)
{
	int rc = take_expansion(reader, level);
	char c;

	if (rc != 0)
		return rc > 0;
	if (take(reader, "<(") || take(reader, ">(")) {
		add(level, '$');
		return read_level(reader, ')');
	}
	c = *reader->at++;
	switch (c) {
	case '<':
	case '>':
		take_redirection(reader, level);
		return true;
	case ' ':
	case '\t':
		end_word(reader, level);
		return true;
	case ';':
	case '&':
	case '|':
	case '(':
	case ')':
	case '\n':
		end_command(reader, level);
		return c != '(' || read_level(reader, ')');
	case '\\':
		take_escaped(reader, level);
		return true;
	case '"':
	case '\'':
		level->begun = level->quoted = true;
		return c == '"' ? take_double(reader, level) : take_single(reader, level);
	case '#':
		if (!level->begun) {
			skip_line(reader);
			return true;
		}
		break;
	}
	add(level, c);
	return true;
}

/* Reads up to `closer`. Where the text ends before that, its last word is judged. */
static bool read_level(struct reader *reader, char closer)
{
	struct level level = {.word = BUF_INIT};
	bool closed = false, fine = ++reader->depth <= LEXER_DEPTH_MAX;

	while (fine && !closed && reader->at < reader->end) {
		closed = closer && *reader->at == closer;
		if (closed)
			reader->at++;
		else
			fine = take_bare(reader, &level);
	}
	if (!closed && reader->depth <= LEXER_DEPTH_MAX) {
		bool target = level.target;

		level.begun = true;
		end_word(reader, &level);
		level.target = target;
		judge(reader, &level);
	}
	buf_release(&level.word);
	reader->depth--;
	return closed;
}

/* NAME="…, as most texts have it: known without following it. */
static bool begins_value(const char *text, size_t size)
{
	const char *sign = memchr(text, '=', size);
	const char *end = text + size, *at = sign ? sign + 1 : end;

	if (at == end || !str_is_name(text, (size_t)(sign - text)) ||
		(*at != '\'' && *at != '"'))
		return false;
	return *at == '\'' ? !memchr(at + 1, *at, (size_t)(end - at - 1))
			   : scan_until(at + 1, (size_t)(end - at - 1), "\"\\`$") ==
			(size_t)(end - at - 1);
}

bool shell_code(const char *text, size_t size, struct buf *ret)
{
	struct reader reader = {.at = text, .end = text + size, .ret = ret};

	if (begins_value(text, size))
		return false;
	(void)read_level(&reader, '\0'); /* nothing closes the whole */
	arena_release(&reader.arena);
	return reader.found;
}
