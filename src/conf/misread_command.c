/* SPDX-License-Identifier: MIT */
/* Words of a command that are no words of the script that they seem to be in. */
#include <string.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/convert.h"
#include "conf/interpreter.h"
#include "conf/misread.h"
#include "conf/script.h"
#include "conf/words.h"

static bool is_utility(const char *word)
{
	static const char *const utilities[] = {"mkdir", "rmdir", "chown", "chmod",
		"touch", "echo", "printf", "sleep", "cp", "mv", "rm", "ln", "sed", NULL};

	return str_is_among(word, utilities);
}

static bool is_shell(const char *program)
{
	static const char *const shells[] = {
		"sh", "ash", "bash", "dash", "ksh", "zsh", NULL};

	return str_is_among(path_base(program), shells);
}

/* The first word of a line that is not quoted, and goes on with no backslash. */
static bool begins_line(const struct command_words *words, size_t i)
{
	const char *at = words->at[i];

	return i > 0 && at[-1] == '\n' && at[-2] != '\\' &&
		str_starts(at, words->list.items[i]);
}

/* A script whose further lines would be words of its first command. */
static const char *find_command(const struct command_words *words)
{
	const struct list *list = &words->list;
	bool shell = list->count && is_shell(list->items[0]);
	bool script = false; /* behind the one of "sh -c", which no quotes are around */

	for (size_t i = 1; i < list->count; i++) {
		const char *word = list->items[i];

		if (begins_line(words, i) &&
			(script || (!shell && str_equal(word, list->items[0])) ||
				(is_utility(word) && is_utility(list->items[0]))))
			return words->at[i];
		script |= shell && str_equal(list->items[i - 1], "-c") &&
			str_starts(words->at[i], word);
	}
	return NULL;
}

/* Is it a program or a word of the shell, without anything that only a script has? */
static bool is_plain(const char *word)
{
	for (; str_is_alnum(*word) || (*word && strchr("_./-", *word)); word++)
		;
	return !*word;
}

/* The script of "sh -c echo hi", which is echo: hi is its $0. */
static const char *find_cut(const struct command_words *words)
{
	const struct list *list = &words->list;

	if (list->count < 4 || !is_shell(list->items[0]) ||
		!str_equal(list->items[1], "-c") || !is_plain(list->items[2]) ||
		!str_starts(words->at[2], list->items[2]))
		return NULL;
	return words->at[2];
}

/* The arguments that a script asks for: the highest of $1 to $9, or MANY. */
#define MANY 10

/*
 * None where it asks for $0, too. What stands in '…' is another program's, as of awk; and
 * in a function, or behind `set`, arguments are others.
 */
static int asked_arguments(const char *script)
{
	bool in_double = false;
	int highest = 0;

	if (strstr(script, "$0") || strstr(script, "${0") || strstr(script, "()") ||
		strstr(script, "function ") || strstr(script, "set --"))
		return 0;
	for (const char *at = script; *at; at++) {
		const char *name = at + 1 + (at[1] == '{');

		in_double ^= *at == '"';
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '\'' && !in_double && strchr(at + 1, '\''))
			at = strchr(at + 1, '\'');
		else if (*at == '$' && (*name == '@' || *name == '*'))
			highest = MANY;
		else if (*at == '$' && str_is_digit(*name) && *name - '0' > highest)
			highest = *name - '0';
	}
	return highest;
}

struct scripts {
	size_t first; /* of a shell, or 0: the first word is none */
	const char *shell;
};

static void note_script(void *user, size_t at, const char *program)
{
	struct scripts *scripts = user;

	if (scripts->first || !is_shell(program))
		return;
	scripts->first = at;
	scripts->shell = path_base(program);
}

/*
 * Has the script the words behind it, and no others, for arguments? Of find and xargs it
 * gets more.
 */
static bool has_all(const struct list *list, size_t script)
{
	static const char *const adding[] = {"find", "xargs", NULL};

	if (!is_shell(list->items[0]) && !interpreter_is_starter(list->items[0]))
		return false;
	for (size_t i = 0; i < script; i++)
		if (str_is_among(path_base(list->items[i]), adding))
			return false;
	return true;
}

/*
 * "sh -c 'echo "$1"' ${A}": the value behind the script would be its $0. Returns where
 * it is, or NULL.
 */
static const char *find_lost(const struct command_words *words, const char **ret_shell)
{
	const struct list *list = &words->list;
	struct scripts scripts = {0};
	const char *behind;
	size_t given;
	int asked;

	script_each(list, note_script, &scripts);
	if (!scripts.first || scripts.first + 1 >= list->count ||
		!has_all(list, scripts.first))
		return NULL;
	behind = list->items[scripts.first + 1];
	if (!strstr(behind, "${") || strstr(behind, "${" WORDS_WORD ":"))
		return NULL;
	*ret_shell = scripts.shell;
	given = list->count - scripts.first - 1;
	asked = asked_arguments(list->items[scripts.first]);
	/* Behind a program the first of more may be meant as $0: "$@" has the others. */
	if (asked == MANY ? given > 1 && !is_shell(list->items[0])
			  : !asked || given != (size_t)asked)
		return NULL;
	return words->at[scripts.first + 1];
}

int misread_check_words(
	const struct command_words *words, const char **ret_at, struct err *err)
{
	const char *const *items = words->list.items;
	const char *found = find_command(words), *shell = NULL;

	if (found) {
		*ret_at = found;
		return err_config(err,
			"all lines are the words of one command, and '%.*s' seems to "
			"begin another: write sh -c '…' around them, or quote that word "
			"where it is meant",
			(int)strcspn(found, WORDS_SPACE), found);
	}
	found = find_lost(words, &shell);
	if (found) {
		*ret_at = found;
		return err_config(err,
			"the first word behind a script is its $0, and this one would be "
			"no argument of it: write %s in front of it",
			shell);
	}
	found = find_cut(words);
	if (!found)
		return 0;
	*ret_at = found;
	return err_config(err,
		"%s would run '%s' alone, and '%s' be its $0: write %s -c '%s …', with "
		"quotes around all of it",
		items[0], items[2], items[3], items[0], items[2]);
}
