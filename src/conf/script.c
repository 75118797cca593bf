/* SPDX-License-Identifier: MIT */
/* Words of commands that are read as code. */
#include "conf/script.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/expand.h"

#define SHOWN_MAX 60

static const char *const shells[] = {"sh", "bash", "dash", "ash", "hush", "ksh", "ksh93",
	"mksh", "lksh", "oksh", "posh", "yash", "zsh", "rbash", "rksh", "fish", "csh",
	"tcsh", NULL};

/* They give what stands behind -c to a shell, and take it anywhere among their words. */
static const char *const runners[] = {"su", "runuser", "sg", "flock", NULL};

/* Options of theirs that take no argument, and may stand in front of the c. */
#define RUNNER_FLAGS "lmpfPhexnuov"

static bool is_among(const char *name, const char *const *names)
{
	while (*names && !str_equal(*names, name))
		names++;
	return *names != NULL;
}

/*
 * The script of the shell whose options begin at `at`, or `count`. Letters of options may
 * be clustered, as in -ec, and "o" and "O" take the next word.
 */
static size_t find_script(const struct list *words, size_t at)
{
	bool given = false;

	for (; at < words->count; at++) {
		const char *word = words->items[at];

		if ((*word != '-' && *word != '+') || !word[1])
			break;
		if (str_equal(word, "--")) {
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

void script_each(const struct list *words,
	void (*found)(void *user, size_t at, const char *program), void *user)
{
	const char *runner = NULL;

	for (size_t i = 0; i < words->count; i++) {
		const char *name = path_base(words->items[i]);
		size_t at = runner ? find_handed_on(words, i) : words->count;

		if (at < words->count)
			found(user, at, runner);
		at = is_among(name, shells) ? find_script(words, i + 1) : words->count;
		if (at < words->count)
			found(user, at, name);
		if (is_among(name, runners))
			runner = name;
	}
}

/* The first ${…} of a word. */
struct first {
	char name[SHOWN_MAX + 1];
};

static void note_first(void *user, const char *name, bool shown)
{
	struct first *first = user;

	(void)shown; /* what ":+" puts in is only text of ours, but may hold values */
	if (!*first->name)
		(void)snprintf(first->name, sizeof first->name, "%s", name); /* or cut */
}

int script_check(const char *raw, const char *program, struct err *err)
{
	struct first first = {""};

	if (strstr(raw, "{file}"))
		return err_config(err,
			"the path of {file} would be run as code by %s: hand it over as "
			"an argument of the script, as in sh -c 'date >\"$1\"' sh {file}",
			program);
	expand_each(raw, note_first, &first);
	if (!*first.name)
		return 0;
	return err_config(err,
		"the value of ${%s} would be run as code by %s: let it be read there "
		"(\"$NAME\", or $${NAME:-x}), or hand it over as an argument of the "
		"script, as in sh -c 'createdb \"$1\"' sh ${DB}",
		first.name, program);
}
