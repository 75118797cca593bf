/* SPDX-License-Identifier: MIT */
/* Rewriting signals. */
#include "proc/signal_map.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"

/* "SIGRTMIN+30" and any number are shorter; what is longer is no signal. */
#define WORD_MAX 32

static int parse_from(const char *word, size_t size, int *ret, struct err *err)
{
	char from[WORD_MAX];

	/* Cut where it is too long: no signal begins like that. */
	(void)snprintf(from, sizeof from, "%.*s", (int)size, word);
	if (signal_parse(from, ret, err) < 0)
		return -1;
	if (*ret == SIGKILL || *ret == SIGSTOP || *ret == SIGCHLD)
		return err_config(err,
			"'%s': %s never reaches the application by way of us", word,
			from);
	return 0;
}

int signal_map_add(void *member, const char *word, struct err *err)
{
	struct signal_map *map = member;
	const char *equals = strchr(word, '=');
	int from, to;

	if (!equals)
		return err_config(
			err, "'%s' is not of the form TERM=QUIT or HUP=none", word);
	if (parse_from(word, (size_t)(equals - word), &from, err) < 0)
		return -1;
	if (strcasecmp(equals + 1, "none") == 0)
		to = SIGNAL_MAP_NONE;
	else if (signal_parse(equals + 1, &to, err) < 0)
		return -1;
	if (map->to[from] && map->to[from] != to)
		return err_config(err, "'%s': this signal is rewritten twice", word);
	map->to[from] = (uint8_t)to;
	return 0;
}

int signal_map_get(const struct signal_map *map, int signal)
{
	int to = signal > 0 && signal <= SIGNALS_MAX ? map->to[signal] : 0;

	if (to == SIGNAL_MAP_NONE)
		return 0;
	return to ? to : signal;
}
