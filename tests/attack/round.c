/* SPDX-License-Identifier: MIT */
/* A round of an attack, and what is checked after each start and at its end. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"
#include "files.h"
#include "round.h"
#include "volume.h"

#define VARIABLES_MAX 8

/* ---- one start ---- */

static void check_output(struct harness *harness, const struct variant *variant,
	struct result *result, const struct output *output, const char *what)
{
	if (needles_find(&harness->needles, output->data, output->size))
		result_add(result, FINDING_LEAKED,
			"%s shows what stands in a closed file outside", what);
	if (variant->refuse_planted && strstr(output->data, PLANTED_KEY))
		result_add(result, FINDING_PLANTED, "%s shows an attacker's key", what);
}

static void check_errors(
	const struct variant *variant, struct result *result, const struct start *start)
{
	static const char *const crashes[] = {
		"crashed with", "AddressSanitizer", "LeakSanitizer", "runtime error:"};
	const char *log = start->err.data;

	for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
		if (strstr(log, crashes[i]))
			result_add(result, FINDING_CRASH, "%.2000s", log);
	if (strstr(log, INSIDE))
		result_add(
			result, FINDING_EXPOSED, "the log shows a secret: %.600s", log);
	if (variant->warns && !strstr(log, variant->warns))
		result_add(result, FINDING_SILENT, "it does not say '%s': %.600s",
			variant->warns, log);
}

/* The line that says why. */
static void keep_refusal(struct variant *variant, const struct output *output)
{
	const char *line = strstr(output->data, "error");

	line = line ? line : output->data;
	(void)snprintf(variant->refusal, sizeof variant->refusal, "%.*s",
		(int)strcspn(line, "\n"), line); /* as much as there is room for */
}

static void check_status(
	struct variant *variant, struct result *result, const struct start *start)
{
	int code = WIFEXITED(start->status) ? WEXITSTATUS(start->status) : -1;

	if (start->hung)
		result_add(result, FINDING_HANG, "not done in %d ms: %.600s",
			start->limit_ms, start->err.data);
	else if (code == 0)
		result->through++;
	else if (code == 100 || code == 111)
		result->refused++;
	else
		result_add(result, FINDING_CRASH, "wait status %x: %.2000s",
			(unsigned)start->status, start->err.data);
	if (code != 100 && code != 111)
		return;
	keep_refusal(variant, start->err.size ? &start->err : &start->out);
	if (start->err.size + start->out.size == 0)
		result_add(result, FINDING_SILENT, "exit code %d", code);
}

/* Prefix, program, configuration (a start may bring its own), and the start's words. */
static void put_command(const struct harness *harness, const struct attack *attack,
	const struct variant *variant, const char *start, struct words *words)
{
	char line[1024];
	bool own = strncmp(start, "-c ", 3) == 0;
	int size = snprintf(line, sizeof line, "%s %s %s%s%s %s",
		variant->prefix ? variant->prefix : "", harness->program,
		own ? "" : "-c config/", own ? "" : attack->name, own ? "" : ".ini",
		start);

	if (size < 0 || (size_t)size >= sizeof line)
		give_up("a command is too long: %s", start);
	words_cut(words, line, WORDS_MAX, NULL);
}

static void start_once(struct harness *harness, const struct attack *attack,
	struct variant *variant, const char *line, size_t world, struct result *result)
{
	struct words variables[VARIABLES_MAX];
	static char url[256];
	char *environment[VARIABLES_MAX + 3] = {"PATH=/usr/bin:/bin", url};
	unsigned long through = result->through;
	size_t count = attack->environment.count;
	struct words words;

	put_command(harness, attack, variant, line, &words);
	if (count > VARIABLES_MAX)
		give_up("too many variables");
	for (size_t i = 0; i < count; i++) {
		words_cut(&variables[i], attack->environment.line[i], 1,
			harness->worlds[world]);
		environment[i + 2] = variables[i].word[0];
	}
	/* Of run.sh's server, for downloads. */
	(void)snprintf(url, sizeof url, "ATTACK_URL=%s",
		getenv("ATTACK_URL") ? getenv("ATTACK_URL") : "http://127.0.0.1:1");
	start_run(&harness->start, words.word, environment);
	result->starts++;
	check_status(variant, result, &harness->start);
	check_output(harness, variant, result, &harness->start.out, "the output");
	check_output(harness, variant, result, &harness->start.err, "the log");
	check_errors(variant, result, &harness->start);
	variant->through += result->through - through;
}

/* ---- the world and a round in it ---- */

/* "@" at the beginning of a path is the world. */
static void put_config(const struct attack *attack, const char *world)
{
	char path[128];
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (const char *at = attack->config; at && *at && out; at++) {
		if (at[0] == '@' && at[1] == '/')
			fputs(world, out);
		else
			fputc(*at, out);
	}
	if (!out || fclose(out) != 0)
		give_up("write a configuration");
	(void)snprintf(path, sizeof path, "config/%s.ini", attack->name);
	put_file(path, text, size, 0, 0644);
	free(text);
}

void round_world(struct harness *harness, const struct attack *attack, size_t world)
{
	world_make(&harness->needles, harness->program);
	objects_make(&attack->once, harness->worlds[world]);
	put_config(attack, harness->worlds[world]);
	scan_release(&harness->before[world]);
	world_scan(&harness->before[world]);
}

/* Made again where an attack got out, so that each round begins alike. */
static void check_world(struct harness *harness, const struct attack *attack,
	size_t world, struct result *result)
{
	struct scan after;
	char *difference;

	world_scan(&after);
	difference = scan_differs(&harness->before[world], &after);
	if (difference) {
		result_add(result, FINDING_CHANGED, "%s", difference);
		round_world(harness, attack, world);
	}
	free(difference);
	scan_release(&after);
}

void round_run(struct harness *harness, const struct attack *attack,
	struct variant *variant, size_t world, struct result *result)
{
	struct crew crew = {.shared = harness->shared};
	struct search search = {.variant = variant,
		.needles = &harness->needles,
		.outside = &harness->before[world],
		.result = result};

	result->variant = variant->name;
	objects_make(&variant->objects, harness->worlds[world]);
	memset(harness->shared, 0, sizeof *harness->shared); /* nobody shares it now */
	crew_begin(&crew, &variant->attackers, harness->worlds[world]);
	for (size_t i = 0; i < variant->starts.count; i++)
		start_once(
			harness, attack, variant, variant->starts.line[i], world, result);
	crew_end(&crew);
	variant->rounds++;
	for (size_t i = 0; i < ATTACKERS_MAX; i++)
		variant->strikes[i] += atomic_load(&harness->shared->strikes[i]);
	if (atomic_load(&harness->shared->reads))
		result_add(result, FINDING_EXPOSED, "another user read a secret");
	volume_search(&search);
	remove_all(AT_FDCWD, "v");
	remove_all(AT_FDCWD, "state");
	check_world(harness, attack, world, result);
}
