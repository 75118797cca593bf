/* SPDX-License-Identifier: MIT */
/* Words of commands that are read as code. */
#include "conf/script.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/expand.h"
#include "conf/interpreter.h"

/* No shorter word, "--" among them, is taken for an abbreviated option. */
#define ABBREVIATION_MIN 2

static const char *const shells[] = {"sh", "bash", "dash", "ash", "hush", "ksh", "ksh93",
	"mksh", "lksh", "oksh", "posh", "yash", "zsh", "rbash", "rksh", "fish", "csh",
	"tcsh", "execlineb", "pdksh", "osh", "ysh", "nu", "elvish", "xonsh", NULL};

/* They give what stands behind -c to a shell, and take it anywhere among their words. */
static const char *const runners[] = {"su", "runuser", "sg", "flock", "capsh", NULL};

/* Options of theirs that take no argument, and may stand in front of the c. */
#define RUNNER_FLAGS "lmpfPhexnuov"

/*
 * The script of the shell whose options begin at `at`, or `count`. Letters of options may
 * be clustered, as in -ec, and "o" and "O" take the next word.
 */
static size_t find_script(const struct list *words, size_t at)
{
	bool given = false;

	for (; at < words->count; at++) {
		const char *word = words->items[at];

		if (*word != '-' && *word != '+')
			break;
		if (str_equal(word, "--") || str_equal(word, "-")) {
			at++;
			break;
		}
		if (str_equal(word, "--rcfile") || str_equal(word, "--init-file"))
			at++;
		if (word[1] == '-') {
			given |= str_equal(word, "--command"); /* fish */
			continue;
		}
		given |= *word == '-' && strchr(word, 'c');
		at += strpbrk(word, "oO") != NULL;
	}
	return given && at < words->count ? at : words->count;
}

/* The same of one word of a program that hands the next one, or its own end, on. */
static size_t find_handed_on(const struct list *words, size_t at)
{
	const char *word = words->items[at];
	const char *flags = word + 1;

	if (str_starts(word, "--command=") || str_starts(word, "--session-command="))
		return at;
	if (str_equal(word, "--command") || str_equal(word, "--session-command"))
		return at + 1;
	if (*word != '-')
		return words->count;
	flags += strspn(flags, RUNNER_FLAGS);
	if (*flags != 'c')
		return words->count;
	return flags[1] ? at : at + 1;
}

struct search {
	const struct list *words;
	void (*found)(void *user, size_t at, const char *program);
	void *user;
	const struct interpreter *interpreter;
	const char *program;
	bool given;   /* an option of `unless` is there */
	bool command; /* so is one of `commands`: the word behind it is code */
};

static bool has(const char *letters, char letter)
{
	return letters && letter && strchr(letters, letter);
}

static void report(const struct search *search, size_t at)
{
	if (at < search->words->count)
		search->found(search->user, at, search->program);
}

/*
 * An option spelled out, with its argument behind "=" or in the next word. An option of
 * code may be abbreviated: "--exec" is mysql's "--execute".
 */
static size_t in_long_option(struct search *search, size_t at)
{
	const struct interpreter *interpreter = search->interpreter;
	const char *word = search->words->items[at];
	const char *const *sets[] = {
		interpreter->code_options, interpreter->other_options};
	size_t size;

	word += interpreter->spelled && word[1] == '-';
	size = strcspn(word, "=");

	search->given |= has(interpreter->unless, 'x') && str_equal(word, "--exec");
	search->given |=
		has(interpreter->unless, 'f') && strncmp(word, "--file", size) == 0;
	for (size_t set = 0; set < 2; set++)
		for (size_t i = 0; sets[set] && sets[set][i]; i++) {
			bool cut = set == 0 && size > ABBREVIATION_MIN;

			if ((!cut && strlen(sets[set][i]) != size) ||
				strncmp(sets[set][i], word, size) != 0)
				continue;
			at += word[size] == '\0';
			if (set > 0)
				return at;
			search->given |= interpreter->unless != NULL;
			report(search, at);
			return at;
		}
	return at;
}

/* ssh -o ProxyCommand=… */
static bool names_command(const char *text)
{
	return text && strcasestr(text, "command") != NULL;
}

/* Letters behind one "-". Returns the last word that belongs to them. */
static size_t in_letters(struct search *search, size_t at)
{
	const struct interpreter *interpreter = search->interpreter;
	const char *word = search->words->items[at];
	bool code = false;

	while (*++word) {
		search->given |= has(interpreter->unless, *word);
		if (has(interpreter->rest, *word))
			return at;
		if (has(interpreter->code, *word) || has(interpreter->other, *word)) {
			code = has(interpreter->code, *word);
			break;
		}
	}
	if (!*word)
		return at;
	/* node's -pe takes the next word, whatever stands behind the p. */
	if (!word[1] || (code && has(interpreter->code, word[1]) && !word[2]))
		at++;
	if (code ||
		(*word == 'o' && interpreter->from && at < search->words->count &&
			names_command(search->words->items[at])))
		report(search, at);
	return at;
}

/* A word that is no option. Returns whether none behind it is code. */
static bool in_operand(struct search *search, size_t at, size_t number)
{
	const struct interpreter *interpreter = search->interpreter;
	const char *const *command = interpreter->commands;
	size_t from = interpreter->from, to = interpreter->to;

	for (; number == 1 && command && *command; command++)
		search->command |= strcasecmp(*command, search->words->items[at]) == 0;
	if (search->command)
		from = to = 2;
	if (from == 0 || search->given || (to && number > to))
		return !interpreter->mixed;
	if (number >= from)
		report(search, at);
	return false;
}

/* The words of the interpreter at `at`, as far as it reads them as code. */
static void search_interpreter(struct search *search, size_t at)
{
	const struct interpreter *interpreter = search->interpreter;
	const struct list *words = search->words;
	size_t operands = 0;

	for (at++; at < words->count; at++) {
		const char *word = words->items[at];

		if (operands == 0 && str_equal(word, "--"))
			continue;
		if (*word == '-' && word[1] && (!operands || interpreter->mixed)) {
			at = word[1] == '-' || interpreter->spelled
				? in_long_option(search, at)
				: in_letters(search, at);
			continue;
		}
		if (in_operand(search, at, ++operands))
			return;
	}
}

void script_each(const struct list *words,
	void (*found)(void *user, size_t at, const char *program), void *user)
{
	const char *runner = NULL;
	bool started = words->count > 0 && interpreter_is_starter(words->items[0]);

	for (size_t i = 0; i < words->count; i++) {
		const char *name = path_base(words->items[i]);
		size_t at = runner ? find_handed_on(words, i) : words->count;
		struct search search = {words, found, user, NULL, name, false, false};

		if (at < words->count)
			found(user, at, runner);
		at = str_is_among(name, shells) ? find_script(words, i + 1)
						: words->count;
		if (at < words->count)
			found(user, at, name);
		if (str_is_among(name, runners))
			runner = name;
		if (i == 0 || started)
			search.interpreter = interpreter_find(words->items[i]);
		if (search.interpreter)
			search_interpreter(&search, i);
	}
}

bool script_takes_paths(const char *program)
{
	const struct interpreter *interpreter = interpreter_find(program);

	return interpreter && interpreter->sql;
}
