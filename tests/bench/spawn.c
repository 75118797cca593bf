/* SPDX-License-Identifier: MIT */
/* Times commands against each other: spawn [-m] ROUNDS COMMAND [';' COMMAND]… */
/*
 * Each round starts every command once and waits for it, so that what else the machine
 * does affects all of them. Prints a line for each command: the median of its times, in
 * nanoseconds, and half of what lies between their quartiles; with -m those of its peaks
 * of memory (resident set), in kilobytes. Their standard descriptors are /dev/null; an
 * exit code but 0 ends the run.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 32

struct command {
	char **argv;
	int64_t *times;
};

static _Noreturn void die(const char *what, const char *name)
{
	/* There is nowhere to report that this failed. */
	(void)fprintf(stderr, "spawn: %s: %s\n", name, what);
	exit(2);
}

static int64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int64_t measure_once(
	char **argv, bool memory, const posix_spawn_file_actions_t *silent)
{
	int64_t start = now_ns();
	struct rusage usage;
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], silent, NULL, argv, environ) != 0)
		die("cannot be started", argv[0]);
	if (wait4(pid, &status, 0, &usage) != pid || status != 0)
		die("did not exit with 0", argv[0]);
	return memory ? usage.ru_maxrss : now_ns() - start;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Cuts the words at each ";" and counts the commands. */
static size_t parse(char **words, size_t rounds, struct command *ret)
{
	size_t count = 0;
	bool begins = true;

	for (; *words; words++) {
		if (strcmp(*words, ";") == 0) {
			*words = NULL;
			begins = true;
		} else if (begins) {
			if (count == COMMANDS_MAX)
				die("too many commands", *words);
			ret[count].argv = words;
			ret[count].times = calloc(rounds, sizeof *ret[count].times);
			if (!ret[count++].times)
				die("out of memory", *words);
			begins = false;
		}
	}
	return count;
}

/* The output of a command is discarded. */
static void silence(posix_spawn_file_actions_t *ret)
{
	if (posix_spawn_file_actions_init(ret) != 0)
		die("out of memory", "spawn");
	for (int fd = 0; fd <= 2; fd++) {
		int rc =
			posix_spawn_file_actions_addopen(ret, fd, "/dev/null", O_RDWR, 0);

		if (rc != 0)
			die("out of memory", "spawn");
	}
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX];
	bool memory = argc > 1 && strcmp(argv[1], "-m") == 0;
	size_t rounds, count;
	posix_spawn_file_actions_t silent;

	argv += memory;
	argc -= memory;
	rounds = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	if (!rounds)
		die("[-m] ROUNDS COMMAND [ARG...] [';' COMMAND [ARG...]]...", "usage");
	count = parse(argv + 2, rounds, commands);
	silence(&silent);
	for (size_t i = 0; i < rounds; i++)
		for (size_t k = 0; k < count; k++)
			commands[k].times[i] =
				measure_once(commands[k].argv, memory, &silent);
	for (size_t k = 0; k < count; k++) {
		int64_t *times = commands[k].times;
		long long median, half;

		qsort(times, rounds, sizeof *times, compare);
		median = times[rounds / 2];
		half = (times[rounds * 3 / 4] - times[rounds / 4]) / 2;
		if (printf("%lld %lld\n", median, half) < 0)
			die("cannot be written", "standard output");
		free(times);
	}
	(void)posix_spawn_file_actions_destroy(&silent); /* cannot fail */
	return 0;
}
