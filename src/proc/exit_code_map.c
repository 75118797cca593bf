/* SPDX-License-Identifier: MIT */
/* Rewriting exit codes. */
#include "proc/exit_code_map.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/exit_code.h"
#include "base/str.h"
#include "proc/signals.h"

#define CODE_MAX 255
#define WORD_MAX 32

/* A number is a code; a name is that of the signal that ended it. */
static int parse_from(const char *word, size_t size, uint64_t *ret, struct err *err)
{
	char from[WORD_MAX];
	int signal;

	/* Cut where it is too long: no code or signal begins like that. */
	(void)snprintf(from, sizeof from, "%.*s", (int)size, word);
	if (str_to_u64(from, CODE_MAX, ret))
		return 0;
	if (str_is_digit(*from))
		return err_config(
			err, "'%s': an exit code is at most %d", word, CODE_MAX);
	if (signal_parse(from, &signal, err) < 0)
		return -1;
	*ret = (uint64_t)(EXIT_SIGNAL(signal));
	return 0;
}

int exit_code_map_add(void *member, const char *word, struct err *err)
{
	struct exit_code_map *codes = member;
	const char *equals = strchr(word, '=');
	uint64_t from, to;

	if (!equals)
		return err_config(err, "'%s' is not of the form 143=0 or TERM=0", word);
	if (parse_from(word, (size_t)(equals - word), &from, err) < 0)
		return -1;
	if (!str_to_u64(equals + 1, CODE_MAX, &to))
		return err_config(err, "'%s': '%s' is no exit code (0 to %d)", word,
			equals + 1, CODE_MAX);
	if (codes->to[from] && codes->to[from] != to + 1)
		return err_config(err, "'%s': this exit code is rewritten twice", word);
	codes->to[from] = (uint16_t)(to + 1);
	return 0;
}

bool exit_code_map_any(const struct exit_code_map *codes)
{
	for (int code = 0; code <= CODE_MAX; code++)
		if (codes->to[code])
			return true;
	return false;
}

int exit_code_map_get(const struct exit_code_map *codes, int code)
{
	int to = code >= 0 && code <= CODE_MAX ? codes->to[code] : 0;

	return to ? to - 1 : code;
}
