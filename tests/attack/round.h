/* SPDX-License-Identifier: MIT */
/* A round: a fresh volume, attackers at work on it, and the starts of a variant. */
#ifndef TESTS_ATTACK_ROUND_H
#define TESTS_ATTACK_ROUND_H

#include "attack.h"
#include "attackers.h"
#include "result.h"
#include "start.h"
#include "world.h"

#define WORLDS_MAX 4

struct harness {
	const char *program;
	int seconds;
	bool hard_links;
	char worlds[WORLDS_MAX][256];
	size_t count;
	struct needles needles;
	struct shared *shared;
	struct start start;
	struct scan before[WORLDS_MAX]; /* each world as it must stay */
	int passed;
	int failed;
	int skipped;
};

/* Makes a world, the current directory, from nothing, as the attack wants it. */
void round_world(struct harness *harness, const struct attack *attack, size_t world);

/* In that world, which is the current directory. */
void round_run(struct harness *harness, const struct attack *attack,
	struct variant *variant, size_t world, struct result *result);

#endif
