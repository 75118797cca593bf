/* SPDX-License-Identifier: MIT */
/* Commands filled from a section: words, no value of which becomes code. */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/expand.h"
#include "conf/fill.h"
#include "conf/misread.h"
#include "conf/reference.h"
#include "conf/script.h"
#include "conf/words.h"

static void add_word(struct fill *fill, const struct value *link, const char *raw,
	const char *word, size_t size, struct list *ret)
{
	struct arena *arena = fill->context->arena;
	size_t n = fill->origins_count++;

	list_add(ret, arena, word, size);
	fill->origins = arena_array_grow(arena, fill->origins, n, sizeof *fill->origins);
	fill->origins[n] = (struct origin){raw, link, fill->word};
}

static void add_words(struct fill *fill, const struct value *link, const char *raw,
	const char *value, struct list *ret)
{
	while (*(value += strspn(value, WORDS_SPACE))) {
		size_t size = strcspn(value, WORDS_SPACE);

		add_word(fill, link, raw, value, size, ret);
		value += size;
	}
}

/* ${key:x:+y} shows no secret, but that there is one: no form of these stands in it. */
static void note_reference(void *user, const char *name, bool shown)
{
	struct buf *found = user;

	if (!shown && strchr(name, ':') && !str_starts(name, WORDS_WORD ":") &&
		!str_starts(name, EXPAND_TEXT ":") && !str_starts(name, "changed:") &&
		!found->len)
		buf_puts(found, name);
}

static int must_name_variables(
	struct fill *fill, const struct value *link, const char *raw)
{
	CLEANUP_BUF struct buf found = BUF_INIT;

	expand_each(raw, note_reference, &found);
	if (!found.len)
		return 0;
	err_config(fill->err,
		"'${%s}' cannot stand in a command, in any of its forms: hand it on in "
		"the environment",
		found.data);
	return fill_raise_word(fill, link);
}

/* What a path is put in for when the command runs; "{}" where it is one for files. */
#define HOLES 3
static const char *const holes[HOLES] = {"{file}", "{dir}", "{}"};

/* One that is not written in the command is none. */
static void find_holes(struct fill *fill, const struct value *link)
{
	bool files = fill->field->type == FIELD_COMMANDS;

	for (size_t i = 0; i < HOLES; i++) {
		fill->holes[i] = files;
		for (const struct value *at = link; at && i < 2; at = at->next)
			fill->holes[i] = fill->holes[i] || strstr(at->flat, holes[i]);
	}
}

static size_t count(const char *text, const char *hole)
{
	size_t n = 0;

	while ((text = strstr(text, hole))) {
		text += strlen(hole);
		n++;
	}
	return n;
}

/* What a value holds is put in as it is, and nothing is put into that. */
static int check_holes(const struct fill *fill, const struct value *link, const char *raw,
	const char *text)
{
	for (size_t i = 0; i < HOLES; i++) {
		if (!fill->holes[i] || count(text, holes[i]) <= count(raw, holes[i]))
			continue;
		err_config(fill->err,
			"the value in '%s' has a %s, which would become a file's name",
			raw, holes[i]);
		return fill_raise_word(fill, link);
	}
	return 0;
}

/* "-Xmx1g -Xms1g" of ${JAVA_OPTS}, which is one argument; "${JAVA_OPTS}" says so. */
static void note_joined(const struct fill *fill, const struct value *link,
	const char *raw, const char *text)
{
	const struct expander *expander = fill->context->expander;
	CLEANUP_TOKENS struct tokens tokens = tokens_of(raw, strlen(raw));
	const struct token token = token_next(&tokens);

	if (str_starts(fill->word, "${") && *text == '-' && strstr(text, " -") &&
		token.type == TOKEN_REFERENCE && token.size == strlen(raw) &&
		expander->bare && expander->joined)
		expander->joined(expander->user, value_place(link, fill->word), raw);
}

/*
 * A word, which has its place even where it is empty; or, of ${words:NAME}, any number of
 * them. As it is written, it stands for itself.
 */
static int fill_word(
	struct fill *fill, const struct value *link, const char *raw, struct list *ret)
{
	const char *many = words_reference(raw, fill->context->arena);
	CLEANUP_BUF struct buf room = BUF_INIT;
	const char *text;
	struct conversion how = fill_conversion(fill, link);
	int result;

	if (must_name_variables(fill, link, raw) < 0) {
		fill->partial = true;
		return -1;
	}
	if (fill->as_written) {
		if (strstr(raw, "${" WORDS_WORD ":"))
			fill_form(fill, link, many ? many : raw, fill->words);
		add_word(fill, link, raw, raw, strlen(raw), ret);
		return 0;
	}
	result = fill_expand(fill, link, many ? many : raw, &how, &room, &text);
	if (result != 0) {
		fill->partial = true;
		return result < 0 && !fill->listed ? -1 : 0;
	}
	if (check_holes(fill, link, raw, text) < 0)
		return -1;
	if (!many)
		note_joined(fill, link, raw, text);
	if (many)
		add_words(fill, link, raw, text, ret);
	else
		add_word(fill, link, raw, text, strlen(text), ret);
	return 0;
}

/* ["nginx", "-g"] of a Dockerfile; "[ -f x ]" is a command. */
static bool is_json(const char *text)
{
	const char *word = text + 1 + strspn(text + 1, WORDS_SPACE);
	size_t size = strcspn(word, WORDS_SPACE);

	if (*text != '[' || (*word != '"' && *word != '\''))
		return false;
	return word == text + 1 || (size > 2 && word[size - 1] == ',');
}

static bool is_answer(const char *text)
{
	static const char *const answers[] = {"yes", "no", "on", "off", NULL};

	return str_is_among(text, answers);
}

/* No program has such a name, or one that does what is meant. */
static bool is_builtin(const char *word, size_t size)
{
	static const char *const names[] = {"cd", "export", "source", ".", "set", "unset",
		"eval", "umask", "ulimit", "trap", "alias", "if", "for", "while", "until",
		"case", "[[", "!", "{", ":", NULL};

	return str_part_is_among(word, size, names);
}

/* The first word, in the form of systemd or of a shell. */
static int check_first(const char *text, struct err *err)
{
	size_t size = strcspn(text, WORDS_SPACE), name = strcspn(text, "=");

	if (size > 1 && strchr("-+@!", *text))
		return err_config(err,
			"no program has a name that begins with '%c', which systemd or a "
			"shell takes off: leave it out",
			*text);
	if (size == strlen("exec") && str_starts(text, "exec"))
		return err_config(err,
			"'exec' is a word of shells, and no shell runs this: leave it "
			"out");
	if (is_builtin(text, size))
		return err_config(err, "'%.*s' is a word of shells: write sh -c '%.*s …'",
			(int)size, text, (int)size, text);
	if (name < size && str_is_name(text, name))
		return err_config(err,
			"a variable is no program: write it into `env`, or env %.*s=…",
			(int)name, text);
	return 0;
}

static int check_form(const char *text, struct err *err)
{
	if (is_json(text))
		return err_config(err,
			"a command is written as for a shell, not as a list: words with "
			"spaces between them, as in nginx -g 'daemon off;'");
	if (is_answer(text))
		return err_config(err, "a command is expected, not a yes or no");
	return check_first(text, err);
}

static int check_words(
	struct fill *fill, const struct value *link, const struct command_words *words)
{
	if (!fill->as_written || misread_check_words(words, &fill->word, fill->err) == 0)
		return 0;
	return fill_raise_word(fill, link);
}

/* Those of ${word:name}, with the one that only commands have. */
static const char *const *command_words(const struct fill *fill)
{
	const char *const *words = fill->words;
	struct list list = {0};

	for (; words && *words; words++)
		list_add(&list, fill->context->arena, *words, strlen(*words));
	list_add(&list, fill->context->arena, WORDS_WORD, strlen(WORDS_WORD));
	return list.items;
}

static int fill_words(struct fill *fill, const struct value *link, struct list *ret)
{
	struct command_words raw = {0};
	int rc = 0;

	fill->word = NULL;
	if (fill->as_written && expand_needed(link->flat) &&
		!fill_form(fill, link, link->flat, command_words(fill))) {
		fill->partial = true;
		return 0;
	}
	if (check_form(link->flat, fill->err) < 0) {
		fill->partial = true;
		return fill_raise_word(fill, link);
	}
	if (command_split(link->flat, fill->context->arena, &raw, fill->err) < 0) {
		fill->partial = true;
		fill->word = raw.wrong;
		rc = fill_go_on(fill, fill_raise_word(fill, link));
	}
	if (rc == 0)
		rc = fill_go_on(fill, check_words(fill, link, &raw));
	for (size_t i = 0; rc == 0 && i < raw.list.count; i++) {
		fill->word = raw.at[i];
		rc = fill_go_on(fill, fill_word(fill, link, raw.list.items[i], ret));
	}
	return rc;
}

/* A word that is read as code: the first that is wrong is the error. */
static void found_code(void *user, size_t at, const char *program)
{
	struct fill *fill = user;
	const struct origin *origin = &fill->origins[at];

	if (fill->code)
		return;
	if (fill->field->type == FIELD_COMMANDS && strstr(origin->raw, "{}") &&
		!script_takes_paths(program))
		err_config(fill->err,
			"the name of the file would be run as code by %s: hand it over "
			"as an argument of the script, as in sh -c 'app <\"$1\"' sh {}",
			program);
	else if (script_check(origin->raw, program, fill->err) == 0)
		return;
	fill->code = fill_raise(fill, value_place(origin->value, origin->word)) < 0;
}

int fill_command(struct fill *fill, const struct value *link, struct list *ret)
{
	int rc = 0;

	fill->origins_count = 0;
	fill->partial = fill->code = false;
	find_holes(fill, link);
	for (; link && rc == 0; link = link->next)
		rc = fill_words(fill, link, ret);
	/* What an option of a shell is may be known only when it is expanded. */
	if (rc == 0 && !fill->partial && !fill->listed)
		script_each(ret, found_code, fill);
	return fill->code ? -1 : rc;
}

/* ---- commands for files ---- */

static int check_line(struct fill *fill, const char *line, size_t size)
{
	const char *command = line + size;

	if (!*command)
		return err_config(fill->err,
			"expected GLOB:COMMAND, as in *.sql:psql -f {}, not '%s'", line);
	if (size == 0 || memchr(line, '/', size) || memchr(line, '$', size))
		return err_config(fill->err,
			"'%.*s' is no glob on the name of a file, as it stands in front "
			"of ':'",
			(int)size, line);
	command++;
	if (!command[strspn(command, WORDS_SPACE)])
		return err_config(fill->err, "'%s' has no command", line);
	if (!strstr(command, "{}"))
		return err_config(
			fill->err, "'%s' has no {}, which stands for the file", line);
	return 0;
}

/* One "GLOB:COMMAND", the line `number` of the value. */
static int fill_line(struct fill *fill, const struct value *link, const char *line,
	size_t number, struct file_commands *ret)
{
	size_t size = strcspn(line, ":");
	struct arena *arena = fill->context->arena;
	struct value rest = *link;
	struct value_line begin;
	struct list argv = {0};

	if (check_line(fill, line, size) < 0)
		return fill_raise_word(fill, link);
	rest.flat = rest.text = line + size + 1;
	rest.next = NULL;
	if (link->lines) {
		begin = link->lines[number];
		begin.column += (int)size + 1; /* of a name's glob: no longer than that */
		rest.lines = &begin;
	}
	if (fill_command(fill, &rest, &argv) < 0)
		return -1;
	if (!argv.count)
		return 0;
	ret->list = arena_array_grow(arena, ret->list, ret->count, sizeof *ret->list);
	ret->list[ret->count++] = (struct file_command){
		.glob = arena_memdup(arena, line, size), .argv = argv};
	return 0;
}

int fill_commands(struct fill *fill, const struct value *link, struct file_commands *ret)
{
	int rc = 0;

	for (; link && rc == 0; link = link->next) {
		const char *behind = link->flat;
		struct list lines = {0};

		words_split(link->flat, "\n", fill->context->arena, &lines);
		for (size_t i = 0; rc == 0 && i < lines.count; i++) {
			behind = fill_take(fill, behind, "\n", lines.items[i]);
			rc = fill_go_on(
				fill, fill_line(fill, link, lines.items[i], i, ret));
		}
	}
	return rc;
}
