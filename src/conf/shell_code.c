/* SPDX-License-Identifier: MIT */
/* What the commands of a shell's text do with the word that a value stands in. */
#include "conf/shell_code.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/str.h"
#include "conf/script.h"
#include "conf/shell_command.h"

#define SHORT_MAX 256

static enum shell_use report(struct shell_command *command, enum shell_use use,
	const char *before, const char *name)
{
	buf_printf(command->ret,
		use == SHELL_NUMBER
			? "%s '%s' reads as a number, if not of decimal digits"
			: "%s '%s' runs as code",
		before, name);
	return use;
}

/* ---- commands ---- */

static void note(void *user, size_t at, const char *program)
{
	struct shell_command *command = user;

	if (at != command->count - 1 || command->found)
		return;
	command->found = true;
	(void)report(command, SHELL_CODE, "in a word that", program);
}

/* Is the last word of `count` ones, from that one on, code for a program? */
static bool is_script(struct shell_command *command, size_t from, const char **items)
{
	struct list list = {items + from, command->count - from};
	size_t count = command->count;

	command->count -= from;
	script_each(&list, note, command);
	command->count = count;
	return command->found;
}

/* Does it run what it reads, as `sh` and `source` do? */
static bool runs_input(struct shell_command *command)
{
	static const char *const all[] = {"eval", "source", ".", NULL};
	const char *items[] = {NULL, "-c", "", NULL};
	bool found = false;

	for (size_t i = 0; i + 1 < command->count && !found; i++) {
		struct shell_command program = *command;

		items[0] = command->items[i];
		program.count = 3;
		program.found = false;
		found = str_is_among(items[0], all) || is_script(&program, 0, items);
		if (found && !program.found)
			(void)report(command, SHELL_CODE, "in a text that", items[0]);
	}
	return found;
}

/* The builtins that take code, wherever they are called from. */
static const char *find_builtin(const struct shell_command *command)
{
	static const char *const all[] = {"eval", "alias", "let", NULL};

	for (size_t i = 0; i + 1 < command->count; i++) {
		const char *word = command->items[i];
		size_t first = i + 1;

		if (str_is_among(word, all))
			return word;
		if (!str_equal(word, "trap"))
			continue;
		while (first < command->count - 1 &&
			(command->unknown[first] ||
				str_equal(command->items[first], "--")))
			first++;
		if (first == command->count - 1)
			return word;
	}
	return NULL;
}

static size_t find_head(const struct shell_command *command)
{
	static const char *const before[] = {
		"time", "builtin", "command", "exec", "coproc", "nohup", "env", NULL};
	const char *const *items = command->items;
	size_t i = 0;

	while (i + 1 < command->count) {
		bool named =
			str_equal(items[i], "function") || str_equal(items[i + 1], "{");

		if (named)
			i += i + 2 < command->count ? 2 : 1;
		else if (!str_is_among(items[i], before) && !str_equal(items[i], "{") &&
			!(i && (*items[i] == '-' || shell_words_assignment(items[i]))))
			break;
		else
			i++;
	}
	return i;
}

/* ---- the word ---- */

/* Variables that bash runs. */
static bool is_run_later(const char *word)
{
	static const char *const all[] = {
		"PROMPT_COMMAND", "PS0", "PS1", "PS2", "PS4", "BASH_ENV", NULL};
	size_t size = shell_words_assignment(word);

	return size && str_part_is_among(word, strcspn(word, "[+="), all);
}

/* NAME[…, {NAME[…, or […]= of an array's item. */
static bool is_subscript(const struct shell_command *command)
{
	const char *word = command->last + (*command->last == '{');
	size_t size = 0;

	while (str_is_alnum(word[size]) || word[size] == '_')
		size++;
	return word[size] == '[' && !strchr(word, ']') && (size || command->level->array);
}

static enum shell_use judge_program(struct shell_command *command)
{
	const char *name = command->items[command->head];
	const char *builtin = find_builtin(command);
	enum shell_use use = shell_find_declared(command, name);
	bool parts = command->level->unknown && !shell_words_assignment(command->last);

	if (builtin)
		return report(command, SHELL_CODE, "in a word that", builtin);
	if (command->head + 1 == command->count && !parts)
		return SHELL_TEXT;
	if (command->head + 1 == command->count || command->unknown[command->head]) {
		buf_puts(command->ret,
			"behind a command whose name is not known, as it might run it "
			"as code");
		return SHELL_CODE;
	}
	if (command->words->words[command->level->first + command->head].expands)
		command->items[command->head] = "sh"; /* as "$SHELL" -c */
	if (use == SHELL_TEXT && shell_takes_names(command, name))
		use = SHELL_CODE;
	if (use != SHELL_TEXT)
		return report(command, use, "in a word that", name);
	if (is_script(command, 0, command->items) ||
		is_script(command, command->head, command->items))
		return SHELL_CODE;
	for (size_t i = command->head + 1; i + 1 < command->count; i++)
		if (command->unknown[i])
			command->items[i] = "-c";
	if (parts) { /* in front of the value, maybe a word by itself */
		command->items[command->count - 1] = "-c";
		command->items[command->count++] = command->last;
		command->items[command->count] = NULL;
	}
	return is_script(command, command->head, command->items) ? SHELL_CODE
								 : SHELL_TEXT;
}

static void fill(struct shell_command *command, size_t end)
{
	const struct shell_words *words = command->words;
	const char *text = words->text.data;

	for (size_t i = command->level->first; i < end; i++) {
		command->unknown[command->count] = words->words[i].unknown;
		command->items[command->count++] = text + words->words[i].at;
	}
	command->last = text + command->level->at;
	command->unknown[command->count] = false;
	command->items[command->count++] = command->last;
	command->items[command->count] = NULL;
	command->head = find_head(command);
}

/* What a value is read as that this command hands to a variable. */
static enum shell_use find_variable(const struct shell_command *command)
{
	const struct shell_variables *variables = &command->words->variables;
	const char *const *items = command->items;
	const char *const *head = items + command->head;
	size_t behind = command->count - 1 - command->head;
	const char *option = behind > 1 && str_equal(head[0], "printf") ? head[1] : "";
	const char *name = command->last;

	if (command->count > 1 && str_equal(items[0], "in"))
		return shell_variables_loop(variables);
	if (command->count > 3 &&
		(str_equal(items[0], "for") || str_equal(items[0], "select")))
		name = items[1];
	else if (str_equal(option, "-v") && behind > 2)
		name = head[2];
	else if (str_starts(option, "-v") && option[2])
		name = option + 2;
	else if (!shell_words_assignment(name))
		return SHELL_TEXT;
	return shell_variables_use(variables, name, strcspn(name, "[+="));
}

/* The same of an input, which it reads into variables itself, or has a command of its. */
static enum shell_use find_reader(const struct shell_command *command)
{
	static const char *const readers[] = {"read", "mapfile", "readarray", NULL};
	static const char *const ends[] = {"done", "fi", "esac", "}", NULL};
	const struct shell_variables *variables = &command->words->variables;
	const char *head = command->items[command->head];
	enum shell_use use = SHELL_TEXT;

	if (command->head + 1 == command->count || str_is_among(head, ends))
		return variables->input;
	if (!str_is_among(head, readers))
		return SHELL_TEXT;
	for (size_t i = command->head + 1; use == SHELL_TEXT && i + 1 < command->count;
		i++) {
		const char *name = shell_variables_option(command->items[i], 'a');

		use = command->unknown[i]
			? variables->any
			: shell_variables_use(variables, name, strcspn(name, "["));
	}
	return use;
}

static enum shell_use judge(const struct shell_words *words, size_t number,
	const char *value, const struct lexer *lexer, const struct escape_next *next,
	struct buf *ret)
{
	const struct shell_level *level = &words->levels[number];
	const struct shell_level *inner = number < words->depth ? level + 1 : NULL;
	struct shell_command command = {
		.words = words, .level = level, .value = value, .ret = ret};
	bool input = level->string || (inner && inner->reads);
	enum shell_use use;

	fill(&command, inner ? inner->first : words->count);
	if (input && runs_input(&command))
		return SHELL_CODE;
	use = input ? find_reader(&command) : SHELL_TEXT;
	if (use != SHELL_TEXT)
		return report(&command, use, "in a variable that", "declare");
	if (level->both)
		return report(&command, SHELL_CODE, "in a word that", ">&");
	if (level->target)
		return SHELL_TEXT;
	use = find_variable(&command);
	if (use != SHELL_TEXT)
		return report(&command, use, "in a variable that", "declare");
	if (is_run_later(command.last))
		return report(&command, SHELL_CODE, "in a variable that", "bash");
	if (is_subscript(&command))
		return report(&command, SHELL_NUMBER, "in a word that", "[…]");
	if (level->array)
		return SHELL_TEXT;
	if (shell_is_name_test(&command))
		return report(&command, SHELL_CODE, "in a word that", "-v");
	use = shell_find_compared(&command, lexer, inner ? NULL : next);
	if (use != SHELL_TEXT)
		return report(&command, use, "in a word that", "[[");
	return judge_program(&command);
}

/* ---- the text ---- */

/* NAME="…, as most texts have it: known without following it, while it is short. */
static bool begins_value(
	const struct shell_variables *variables, const char *text, size_t size)
{
	const char *sign = size <= SHORT_MAX ? memchr(text, '=', size) : NULL;
	const char *end = text + size, *at = sign ? sign + 1 : end;

	if (at == end || !str_is_name(text, (size_t)(sign - text)) ||
		(*at != '\'' && *at != '"') || is_run_later(text) ||
		shell_variables_use(variables, text, (size_t)(sign - text)))
		return false;
	return *at == '\'' ? !memchr(at + 1, *at, (size_t)(end - at - 1))
			   : scan_until(at + 1, (size_t)(end - at - 1), "\"\\`$") ==
			(size_t)(end - at - 1);
}

static struct shell_words *words_of(struct lexer *lexer)
{
	if (!lexer->words) {
		lexer->words = mem_zalloc(sizeof *lexer->words);
		shell_words_init(lexer->words);
	}
	return lexer->words;
}

void shell_code_pass(struct lexer *lexer, const struct buf *text, size_t size)
{
	struct shell_words *words = words_of(lexer);
	struct buf before = *text;

	before.len -= size;
	shell_words_read(words, &before, lexer->token_size);
	shell_words_pass(words, text, size);
}

static enum shell_use find_use(struct lexer *lexer, const char *value,
	const struct buf *text, const struct escape_next *next, struct buf *ret)
{
	struct shell_words *words = words_of(lexer);
	enum shell_use use = SHELL_TEXT;
	size_t size = lexer->token_size, from;

	shell_variables_read(&words->variables, text);
	if (begins_value(&words->variables, text->data + text->len - size, size))
		return SHELL_TEXT;
	shell_words_read(words, text, size);
	if (words->lost || words->lexer.depth != lexer->depth ||
		words->lexer.place != lexer->place) {
		buf_puts(ret, "behind a text that not all shells read alike");
		return SHELL_CODE;
	}
	for (from = words->depth; from > 0 && words->levels[from].inside;)
		from--;
	for (size_t i = from; use == SHELL_TEXT && i <= words->depth; i++)
		use = judge(words, i, value, lexer, next, ret);
	return use;
}

/* By itself a word is a variable there, and 010 is 8. */
static bool is_number(const char *value)
{
	value += *value == '-';
	return str_is_digit(*value) && !value[str_digits(value)] &&
		(*value != '0' || !value[1]);
}

bool shell_code_refuses(struct lexer *lexer, const char *value, bool safe,
	const struct buf *text, const struct escape_next *next, struct buf *ret)
{
	enum shell_use use;

	if (!*value || is_number(value))
		return false;
	use = find_use(lexer, value, text, next, ret);
	if (use == SHELL_TEXT || (use == SHELL_CODE && safe))
		return false;
	buf_puts(ret, ": have it read a variable there that has the value");
	return true;
}
