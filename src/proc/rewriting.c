/* SPDX-License-Identifier: MIT */
/* Rewriting signals and exit codes. */
#include "proc/rewriting.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/exit_code.h"
#include "base/signal_name.h"
#include "base/str.h"

#define CODE_MAX 255
#define WORD_MAX 32

/* What is before the "=" goes to `from`. Returns what is behind it, or NULL. */
static const char *cut(
	const char *word, const char *forms, char from[WORD_MAX], struct err *err)
{
	const char *equals = strchr(word, '=');

	if (!equals) {
		err_config(err, "'%s' is not of the form %s", word, forms);
		return NULL;
	}
	/* Cut where it is too long: no code or signal begins like that. */
	(void)snprintf(from, WORD_MAX, "%.*s", (int)(equals - word), word);
	return equals + 1;
}

static int add(
	uint16_t *slot, int to, const char *word, const char *what, struct err *err)
{
	if (*slot && *slot != to + 1)
		return err_config(err, "'%s': this %s is rewritten twice", word, what);
	*slot = (uint16_t)(to + 1);
	return 0;
}

int rewriting_add_signal(void *member, const char *word, struct err *err)
{
	struct rewriting *signals = member;
	char name[WORD_MAX];
	const char *becomes = cut(word, "TERM=QUIT or HUP=none", name, err);
	int from, to = 0;

	if (!becomes || signal_parse(name, &from, err) < 0)
		return -1;
	if (from == SIGKILL || from == SIGSTOP || from == SIGCHLD)
		return err_config(err,
			"'%s': %s never reaches the application by way of us", word,
			name);
	if (strcasecmp(becomes, "none") != 0 && signal_parse(becomes, &to, err) < 0)
		return -1;
	return add(&signals->to[from], to, word, "signal", err);
}

/* A number is a code; a name is that of the signal that ended it. */
static int parse_code(const char *word, const char *text, uint64_t *ret, struct err *err)
{
	int signal;

	if (str_to_u64(text, CODE_MAX, ret))
		return 0;
	if (str_is_digit(*text))
		return err_config(
			err, "'%s': an exit code is at most %d", word, CODE_MAX);
	if (signal_parse(text, &signal, err) < 0)
		return -1;
	*ret = (uint64_t)(EXIT_SIGNAL(signal));
	return 0;
}

int rewriting_add_exit_code(void *member, const char *word, struct err *err)
{
	struct rewriting *codes = member;
	char code[WORD_MAX];
	const char *becomes = cut(word, "143=0 or TERM=0", code, err);
	uint64_t from, to;

	if (!becomes || parse_code(word, code, &from, err) < 0)
		return -1;
	if (!str_to_u64(becomes, CODE_MAX, &to))
		return err_config(err, "'%s': '%s' is no exit code (0 to %d)", word,
			becomes, CODE_MAX);
	return add(&codes->to[from], (int)to, word, "exit code", err);
}

int rewriting_get(const struct rewriting *rewriting, int number)
{
	int to = number >= 0 && number <= CODE_MAX ? rewriting->to[number] : 0;

	return to ? to - 1 : number;
}

bool signal_rules_stop(const struct signal_rules *rules, int received)
{
	int becomes = rewriting_get(&rules->becomes, received);
	uint64_t stops =
		rules->stops ? rules->stops : signal_bit(SIGTERM) | signal_bit(SIGINT);

	return becomes && (stops & (signal_bit(received) | signal_bit(becomes)));
}
