/* SPDX-License-Identifier: MIT */
/* The attackers that need no event: they act on a name as fast as they can. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attackers.h"

#define PAIRS_MAX 8
#define LURED_US  20 /* how long a lure stays, at most, where there are pauses at all */

/* How long the honest object stays in its place, at most; one of these for each round. */
static const unsigned pauses_us[] = {0, 20, 200, 1000, 20000};

static unsigned choose_pause(struct attacker *attacker)
{
	return pauses_us[attacker_random(attacker, sizeof pauses_us / sizeof *pauses_us)];
}

/* A hidden name beside `path` that no other attacker uses. */
static void beside(const struct attacker *attacker, const char *path, unsigned number,
	char *ret, size_t size)
{
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path + 1) : 0;

	(void)snprintf(ret, size, "%.*s.aside-%u-%u", length, path, attacker->number,
		number); /* paths here are short */
}

struct pair {
	char name[256];
	char other[256];
	bool turned;
};

static void turn(struct attacker *attacker, struct pair *pair)
{
	if (exchange_names(AT_FDCWD, pair->name, pair->other) < 0)
		return;
	pair->turned = !pair->turned;
	attacker_struck(attacker);
}

/* There and back, so that most starts find what they look for. */
static _Noreturn void take_turns(
	struct attacker *attacker, struct pair *pairs, size_t count)
{
	unsigned pause = choose_pause(attacker);

	for (;;) {
		for (size_t i = 0; i < count; i++)
			if (!pairs[i].turned)
				turn(attacker, &pairs[i]);
		if (pause)
			attacker_linger(attacker, LURED_US);
		for (size_t i = 0; i < count; i++)
			if (pairs[i].turned)
				turn(attacker, &pairs[i]);
		attacker_linger(attacker, pause);
	}
}

_Noreturn void swap(struct attacker *attacker)
{
	struct pair pair = {.turned = false};

	(void)snprintf(pair.name, sizeof pair.name, "%s", attacker->path);
	(void)snprintf(pair.other, sizeof pair.other, "%s", attacker->word);
	attacker_ready(attacker);
	take_turns(attacker, &pair, 1);
}

static size_t cut_names(
	const struct attacker *attacker, struct pair pairs[static PAIRS_MAX])
{
	size_t count = 0;

	for (const char *name = attacker->path; *name && count < PAIRS_MAX; count++) {
		size_t size = strcspn(name, ",");

		pairs[count].turned = false;
		(void)snprintf(
			pairs[count].name, sizeof pairs->name, "%.*s", (int)size, name);
		beside(attacker, pairs[count].name, (unsigned)count, pairs[count].other,
			sizeof pairs->other);
		name += size + (name[size] == ',');
	}
	return count;
}

_Noreturn void exchange(struct attacker *attacker)
{
	struct pair pairs[PAIRS_MAX];
	size_t count = cut_names(attacker, pairs);
	size_t made = 0;

	while (made < count && lure_make(attacker, AT_FDCWD, pairs[made].other) == 0)
		made++;
	attacker_ready(attacker);
	/* The directory may be one that the program is to make. */
	while (made < count)
		if (lure_make(attacker, AT_FDCWD, pairs[made].other) == 0)
			made++;
	take_turns(attacker, pairs, count);
}

_Noreturn void plant(struct attacker *attacker)
{
	unsigned pause = choose_pause(attacker);
	char aside[512];

	beside(attacker, attacker->path, 0, aside, sizeof aside);
	attacker_ready(attacker);
	for (;;) {
		bool planted;

		if (lure_make(attacker, AT_FDCWD, aside) < 0)
			continue;
		/* Never over what the program made: the search looks at that. */
		planted = linkat(AT_FDCWD, aside, AT_FDCWD, attacker->path, 0) == 0;
		lure_remove(AT_FDCWD, aside);
		if (planted) {
			attacker_struck(attacker);
			attacker_linger(attacker, LURED_US);
			lure_remove(AT_FDCWD, attacker->path);
		}
		attacker_linger(attacker, pause);
	}
}
