/* SPDX-License-Identifier: MIT */
/* Comments that look like the marker of a down part. */
#include "migration/down.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/comment.h"
#include "migration/split.h"

#define SHOWN_MAX 60

/* ---- words ---- */

/* What is left of a comment. */
struct rest {
	const char *text;
	size_t size;
};

static const struct {
	const char *word;
	bool up;
	bool prose;
} directions[] = {
	{"up", .up = true},
	{"ups", .up = true},
	{"upgrade", .up = true},
	{"down", .up = false},
	{"downs", .up = false},
	{"downgrade", .up = false},
	{"drop below", .up = false},
	{"undo", .prose = true},
	{"rollback", .prose = true},
	{"roll back", .prose = true},
	{"revert", .prose = true},
	{"reverse", .prose = true},
	{"backward", .prose = true},
	{"backwards", .prose = true},
	{"unapply", .prose = true},
};

/* What tools and people write before it. */
static const char *const prefixes[] = {"migrate", "migration", "goose", "micrate",
	"rambler", "dbmate", "shmig", "tern", "sql", "create above", "begin", "start",
	"section", "name", "step", "how", "to"};

/* What else may follow it. */
static const char *const nouns[] = {"migration", "migrations", "part", "section",
	"script", "sql", "changes", "below"};

static const char *const refusals[] = {
	"no", "not", "none", "never", "n", "cannot", "manual", "manually", "see"};

static const char *const commands[] = {"ALTER", "CREATE", "DELETE", "DROP", "INSERT",
	"PRAGMA", "REPLACE", "SELECT", "UPDATE"};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static bool is_letter(char c)
{
	return str_is_alnum(c) || c == '_';
}

static void advance(struct rest *rest, size_t size)
{
	rest->text += size;
	rest->size -= size;
}

/* Returns whether there was any. */
static bool skip_blank(struct rest *rest)
{
	size_t before = rest->size;

	while (rest->size && str_is_space(*rest->text))
		advance(rest, 1);
	return rest->size < before;
}

/* What is no letter: punctuation, blanks, and lines that are drawn. */
static void skip_punctuation(struct rest *rest)
{
	while (rest->size && !is_letter(*rest->text))
		advance(rest, 1);
}

static bool skip_word(struct rest *rest, const char *word)
{
	size_t size = strlen(word);

	if (rest->size < size || strncasecmp(rest->text, word, size) != 0 ||
		(rest->size > size && is_letter(rest->text[size])))
		return false;
	advance(rest, size);
	return true;
}

static bool skip_one_of(struct rest *rest, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (skip_word(rest, words[i]))
			return true;
	return false;
}

/* "2", of "2 down" and "Step 2: down". */
static bool skip_number(struct rest *rest)
{
	size_t before = rest->size;

	while (rest->size && str_is_digit(*rest->text))
		advance(rest, 1);
	return rest->size < before;
}

/* "+goose", or "@any": a word that nobody begins a sentence with. */
static bool skip_signed(struct rest *rest, const char *begin)
{
	struct rest behind = *rest;

	if (rest->text == begin || !strchr("+@!", rest->text[-1]))
		return false;
	while (behind.size && is_letter(*behind.text))
		advance(&behind, 1);
	skip_punctuation(&behind);
	if (!behind.size)
		return false;
	*rest = behind;
	return true;
}

/* Returns the index of the direction that is here, which is skipped, or -1. */
static int skip_direction(struct rest *rest)
{
	for (size_t i = 0; i < COUNT(directions); i++)
		if (skip_word(rest, directions[i].word))
			return (int)i;
	return -1;
}

/* Skips what is before the direction, and that itself; returns its index, or -1. */
static int find_direction(struct rest *rest)
{
	const char *begin = rest->text;
	int direction;

	skip_punctuation(rest);
	direction = skip_direction(rest);
	if (direction >= 0)
		return direction;
	while (skip_one_of(rest, prefixes, COUNT(prefixes)) || skip_number(rest))
		skip_punctuation(rest);
	direction = skip_direction(rest);
	if (direction < 0 && skip_signed(rest, begin))
		direction = skip_direction(rest);
	return direction;
}

/* Does what is here separate a label from its text? */
static bool is_separator(struct rest rest, bool blank)
{
	const char c = *rest.text;

	/* Of other bytes than ASCII, signs begin with these, and letters do not. */
	if (strchr(",.;'\"?`", c) || (c & 0x80 && c != '\xe2' && c != '\xf0'))
		return false;
	/* "undo()", "undo/redo" and "down-payments" are words. */
	return blank || c == ':' ||
		(rest.size > 1 && !is_letter(rest.text[1]) && rest.text[1] != ')');
}

/* Is it SQL that is a comment, up to its `;`? */
static bool is_command(struct rest rest)
{
	skip_punctuation(&rest);
	return skip_one_of(&rest, commands, COUNT(commands)) &&
		memchr(rest.text, ';', rest.size);
}

/* Does the text say that there is no way down, or is it the way down itself? */
static bool is_said(struct rest rest)
{
	if (is_command(rest))
		return true;
	skip_punctuation(&rest);
	return skip_one_of(&rest, refusals, COUNT(refusals));
}

/* The name of a file, "down.sql", stands for it, too. */
static void skip_ending(struct rest *rest)
{
	struct rest behind = *rest;

	if (!behind.size || *behind.text != '.')
		return;
	advance(&behind, 1);
	if (skip_word(&behind, "sql"))
		*rest = behind;
}

/* What it is by what is behind the direction. */
static enum down_look look_behind(struct rest rest, bool prose)
{
	struct rest end;
	bool blank, noun = false;

	skip_ending(&rest);
	blank = skip_blank(&rest);
	while (blank && skip_one_of(&rest, nouns, COUNT(nouns))) {
		noun = true;
		blank = skip_blank(&rest);
	}
	end = rest;
	skip_punctuation(&end);
	if (!end.size)
		return rest.size && !blank && *rest.text == '(' ? DOWN_NOTHING
								: DOWN_ALONE;
	if (is_letter(*rest.text))
		return prose ? DOWN_NOTHING : noun ? DOWN_LABEL : DOWN_TEXT;
	if (!is_separator(rest, blank))
		return blank && !prose ? DOWN_TEXT : DOWN_NOTHING;
	return prose && is_said(rest) ? DOWN_NOTHING : DOWN_LABEL;
}

enum down_look down_look(const char *text, size_t size, bool *ret_prose)
{
	struct rest rest = {text, size};
	int direction = find_direction(&rest);
	enum down_look look;

	*ret_prose = false;
	if (direction < 0)
		return DOWN_NOTHING;
	*ret_prose = directions[direction].prose;
	look = look_behind(rest, *ret_prose);
	return look && directions[direction].up ? DOWN_UP : look;
}

/* ---- a text ---- */

/* Atlas' files in one. What it checks before would run, and not be checked. */
static bool is_archive(struct rest rest)
{
	(void)skip_blank(&rest);
	if (!skip_word(&rest, "atlas:txtar"))
		return false;
	(void)skip_blank(&rest);
	return !rest.size;
}

static void take_up(struct down *down)
{
	down->up = true;
	if (down->header.text && down->sql)
		down->found = down->header;
}

static void take_look(
	struct down *down, enum down_look look, const struct down_line *line)
{
	bool certain = look == DOWN_ALONE ? !line->prose || down->sql
		: look == DOWN_LABEL      ? down->sql
					  : down->sql && down->up;

	if (certain)
		down->found = *line;
	else if (look != DOWN_TEXT && !down->header.text)
		down->header = *line;
}

/* `quoted` is the comment with its signs. */
static void take(struct down *down, struct rest text, struct rest quoted, int number)
{
	struct down_line line = {
		.text = quoted.text, .size = quoted.size, .line = number};
	enum down_look look = down_look(text.text, text.size, &line.prose);

	line.archive = is_archive(text);
	if (line.archive)
		down->found = line;
	else if (look == DOWN_UP)
		take_up(down);
	else if (look != DOWN_NOTHING)
		take_look(down, look, &line);
	else if (down->found.text && down->found.prose && is_command(text))
		down->found.text = NULL;
}

void down_take_gap(
	struct down *down, const struct script *script, size_t from, size_t to, int line)
{
	struct comment comment = {.end = from, .next_line = line};

	while (comment_next(script->text, to, &comment)) {
		struct rest text = {comment.text, comment.size};
		struct rest quoted = {
			script->text + comment.start, comment.end - comment.start};

		if (comment.whole)
			take(down, text, quoted, comment.line);
	}
}

/* Some tools have "#" for a comment, which SQLite has not. */
static void take_hash(struct down *down, const struct script *script, size_t at, int line)
{
	const char *text = script->text + at;
	const char *end = memchr(text, '\n', script->size - at);
	struct rest quoted = {text, end ? (size_t)(end - text) : script->size - at};

	take(down, (struct rest){text + 1, quoted.size - 1}, quoted, line);
}

static void report(const struct script *script, const struct down_line *line)
{
	size_t size = strcspn(line->text, "\r\n");
	CLEANUP_BUF struct buf shown = BUF_INIT;

	buf_add_cut(&shown, line->text, size < line->size ? size : line->size, SHOWN_MAX);
	problems_add(script->problems, (struct place){script->file, line->line, 0},
		line->archive
			? "'%s': an archive of Atlas is not read; write what is in its "
			  "migration.sql in this file instead, and nothing else of it"
			: "'%s' looks like the marker of a down part, but is none here, "
			  "so what is behind it would run; move the down part out of "
			  "this file, or if it is a comment, reword it",
		shown.data);
}

void down_take_sql(struct down *down, const struct script *script, size_t at, int line)
{
	if (script->text[at] == '#')
		take_hash(down, script, at, line);
	if (!down->found.text)
		return;
	report(script, &down->found);
	down->found.text = down->header.text = NULL;
}
