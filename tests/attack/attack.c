/* SPDX-License-Identifier: MIT */
/*
 * Attacks on a program that works as root on volumes of other users:
 *
 *	attack SECONDS HARD-LINKS(yes|no) PROGRAM DIRECTORY,DIRECTORY… FILE.attack…
 *
 * Each attack runs for so many seconds, its rounds by turns in each of the directories,
 * which are root's, empty, and on different file systems. It prints what went wrong, a
 * table and, at the end, "N passed, N failed, N skipped". Exit: 0, 1 where an attack came
 * through, 2 where the harness cannot go on.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"
#include "result.h"
#include "round.h"

#define HANGS_MAX 3 /* of an attack: each costs much time */

#define ROUNDS_MORE 400 /* for a variant that has proved nothing */

static time_t seconds_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* this clock is always there */
	return now.tv_sec;
}

static void enter(const struct harness *harness, size_t world)
{
	if (chdir(harness->worlds[world]) < 0)
		give_up("enter '%s'", harness->worlds[world]);
}

static unsigned long all_strikes(const struct variant *variant)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < ATTACKERS_MAX; i++)
		sum += variant->strikes[i];
	return sum;
}

/* What a variant that proves nothing lacks; else NULL. */
static const char *lacking(const struct variant *variant)
{
	if (variant->rounds == 0)
		return "there was no round";
	if (variant->attackers.count && all_strikes(variant) == 0)
		return "its attackers never struck";
	if (variant->through == 0 && !variant->refused)
		return "no start got through";
	return NULL;
}

static bool is_skipped(const struct harness *harness, const struct variant *variant)
{
	return variant->hard_links && !harness->hard_links;
}

/* Round `n` of a variant: by turns in each world. */
static void variant_run(struct harness *harness, const struct attack *attack,
	struct variant *variant, struct result *result)
{
	size_t world = variant->rounds % harness->count;

	enter(harness, world);
	round_run(harness, attack, variant, world, result);
}

static bool may_go_on(const struct result *result)
{
	return result->findings[FINDING_HANG] < HANGS_MAX;
}

static void attack_run(
	struct harness *harness, struct attack *attack, struct result *result)
{
	time_t limit = seconds_now() + harness->seconds;

	for (size_t i = 0; i < harness->count; i++) {
		enter(harness, i);
		round_world(harness, attack, i);
	}
	do {
		for (size_t i = 0; i < attack->count && may_go_on(result); i++)
			if (!is_skipped(harness, &attack->variants[i]))
				variant_run(
					harness, attack, &attack->variants[i], result);
	} while (seconds_now() < limit && result->starts && may_go_on(result));
	/* Where time was short, chance is given some more. */
	for (size_t i = 0; i < attack->count; i++) {
		struct variant *variant = &attack->variants[i];
		int more = variant->rounds ? ROUNDS_MORE : 0;

		while (more-- > 0 && lacking(variant) && may_go_on(result))
			variant_run(harness, attack, variant, result);
		result->strikes += all_strikes(variant);
	}
}

/* What an author of attacks wants to know, where ATTACK_VARIANTS is set. */
static void print_variant(const struct variant *variant)
{
	printf("  . %s: %lu rounds, %lu starts through\n", variant->name, variant->rounds,
		variant->through);
	for (size_t i = 0; i < variant->attackers.count; i++)
		printf("  .   %8lu strikes: %s\n", variant->strikes[i],
			variant->attackers.line[i]);
	if (*variant->refusal)
		printf("  .   %s\n", variant->refusal);
}

static void attack_judge(
	struct harness *harness, const struct attack *attack, const struct result *result)
{
	bool failed = result_findings(result) > 0;
	size_t skipped = 0;

	for (size_t i = 0; i < attack->count; i++) {
		const struct variant *variant = &attack->variants[i];

		if (getenv("ATTACK_VARIANTS"))
			print_variant(variant);
		if (is_skipped(harness, variant)) {
			printf("  | skipped: %s: no hard links to files of others can be "
			       "made here\n",
				variant->name);
			skipped++;
		} else if (lacking(variant)) {
			printf("  | void: %s: %s\n", variant->name, lacking(variant));
			failed = true;
		}
	}
	harness->skipped += (int)skipped;
	harness->failed += failed;
	harness->passed += !failed && skipped < attack->count;
}

static void take_worlds(struct harness *harness, char *list)
{
	char *rest = NULL;

	for (char *one = strtok_r(list, ",", &rest); one;
		one = strtok_r(NULL, ",", &rest)) {
		if (harness->count == WORLDS_MAX || strlen(one) > 200)
			give_up("too many directories, or too long");
		(void)snprintf(harness->worlds[harness->count++], 256, "%s", one);
	}
}

static void harness_init(struct harness *harness, char **argv)
{
	const struct rlimit none = {0, 0};

	harness->seconds = (int)strtol(argv[1], NULL, 10);
	harness->hard_links = strcmp(argv[2], "yes") == 0;
	harness->program = argv[3];
	take_worlds(harness, argv[4]);
	harness->shared = mmap(NULL, sizeof *harness->shared, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (harness->shared == MAP_FAILED || setrlimit(RLIMIT_CORE, &none) < 0)
		give_up("begin");
	(void)umask(022); /* cannot fail */
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	needles_init(&harness->needles);
	start_init(&harness->start);
}

int main(int argc, char **argv)
{
	static struct harness harness;
	static struct attack attack;
	struct result total = {0};

	if (argc < 6 || geteuid() != 0)
		give_up("usage, as root: SECONDS yes|no PROGRAM DIRECTORY,… FILE…");
	harness_init(&harness, argv);
	result_print_head();
	for (int i = 5; i < argc; i++) {
		struct result result = {0};

		attack_read(&attack, argv[i]);
		attack_run(&harness, &attack, &result);
		attack_judge(&harness, &attack, &result);
		result_print(attack.name, &result);
		result_sum(&total, &result);
		attack_free(&attack);
	}
	result_print("total", &total);
	printf("%d passed, %d failed, %d skipped\n", harness.passed, harness.failed,
		harness.skipped);
	return harness.failed > 0;
}
