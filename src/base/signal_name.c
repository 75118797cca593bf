/* SPDX-License-Identifier: MIT */
/* Names of signals. */
#include "base/signal_name.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include "base/err.h"
#include "base/str.h"

/* As in glibc; musl begins one later. */
#define RTMIN 34
#define RTMAX SIGNALS_MAX

/* Of several names of a number the first is printed. */
#define SIGNAL(name) #name, SIG##name
static const struct signal_word {
	const char *name;
	int number;
} names[] = {
#ifdef SIGSTKFLT
	{SIGNAL(STKFLT)},
#endif
	{SIGNAL(HUP)}, {SIGNAL(INT)}, {SIGNAL(QUIT)}, {SIGNAL(ILL)}, {SIGNAL(TRAP)},
	{SIGNAL(ABRT)}, {SIGNAL(BUS)}, {SIGNAL(FPE)}, {SIGNAL(KILL)}, {SIGNAL(USR1)},
	{SIGNAL(SEGV)}, {SIGNAL(USR2)}, {SIGNAL(PIPE)}, {SIGNAL(ALRM)}, {SIGNAL(TERM)},
	{SIGNAL(CHLD)}, {SIGNAL(CONT)}, {SIGNAL(STOP)}, {SIGNAL(TSTP)}, {SIGNAL(TTIN)},
	{SIGNAL(TTOU)}, {SIGNAL(URG)}, {SIGNAL(XCPU)}, {SIGNAL(XFSZ)}, {SIGNAL(VTALRM)},
	{SIGNAL(PROF)}, {SIGNAL(WINCH)}, {SIGNAL(IO)}, {SIGNAL(PWR)}, {SIGNAL(SYS)},
	{"POLL", SIGIO}, {"IOT", SIGABRT}, {"CLD", SIGCHLD}, {"RTMIN", RTMIN}};

#define NAMES (sizeof names / sizeof *names)

static const char *find_name(int signal)
{
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].number == signal)
			return names[i].name;
	return NULL;
}

const char *signal_name(int signal, char *room)
{
	const char *name = find_name(signal);

	/* All three fit: an int has eleven characters at the most. */
	if (name)
		(void)snprintf(room, SIGNAL_NAME_SIZE, "SIG%s", name);
	else if (signal >= RTMIN && signal <= RTMAX)
		(void)snprintf(room, SIGNAL_NAME_SIZE, "SIGRTMIN+%d", signal - RTMIN);
	else
		(void)snprintf(room, SIGNAL_NAME_SIZE, "signal %d", signal);
	return room;
}

/* "RTMIN", "RTMIN+3", "RTMAX-1": the number, or 0. */
static int parse_real_time(const char *word)
{
	bool from_min = strncasecmp(word, "RTMIN", 5) == 0;
	uint64_t distance = 0;

	if (!from_min && strncasecmp(word, "RTMAX", 5) != 0)
		return 0;
	word += 5;
	if (*word &&
		(*word != (from_min ? '+' : '-') ||
			!str_to_u64(word + 1, RTMAX - RTMIN, &distance)))
		return 0;
	return from_min ? RTMIN + (int)distance : RTMAX - (int)distance;
}

static int unknown(const char *word, struct err *err)
{
	const char *known[NAMES + 1];
	char upper[SIGNAL_NAME_SIZE];
	const char *name = upper;
	char room[STR_SUGGEST_SIZE];
	size_t i;

	for (i = 0; i < NAMES; i++)
		known[i] = names[i].name;
	known[i] = NULL;
	for (i = 0; word[i] && i < sizeof upper - 1; i++)
		upper[i] = (char)(word[i] >= 'a' && word[i] <= 'z' ? word[i] - 'a' + 'A'
								   : word[i]);
	upper[i] = '\0';
	if (str_starts(upper, "SIG"))
		name += 3;
	/* Of names so short, most that differ in two letters have nothing in common. */
	return err_config(err, "there is no signal '%s'%s", word,
		str_is_near(name, str_nearest(name, known))
			? str_suggest(name, known, room)
			: "");
}

int signal_parse(const char *word, int *ret, struct err *err)
{
	const char *name = word + (strncasecmp(word, "SIG", 3) == 0 ? 3 : 0);
	uint64_t number = 0;

	if (str_to_u64(word, SIGNALS_MAX, &number) && number > 0) {
		*ret = (int)number;
		return 0;
	}
	for (size_t i = 0; i < NAMES && !number; i++)
		if (strcasecmp(names[i].name, name) == 0)
			number = (uint64_t)names[i].number;
	if (!number)
		number = (uint64_t)parse_real_time(name);
	if (!number)
		return unknown(word, err);
	*ret = (int)number;
	return 0;
}

uint64_t signal_bit(int signal)
{
	return UINT64_C(1) << (signal - 1);
}

int signal_parse_bit(void *member, const char *word, struct err *err)
{
	uint64_t *set = member;
	int signal;

	if (signal_parse(word, &signal, err) < 0)
		return -1;
	if (signal == SIGKILL || signal == SIGSTOP)
		return err_config(err, "'%s': no process receives that signal", word);
	*set |= signal_bit(signal);
	return 0;
}
