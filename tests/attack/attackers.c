/* SPDX-License-Identifier: MIT */
/* Starting and ending attackers, and the lures that they all use. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attackers.h"
#include "files.h"
#include "world.h"

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE (1 << 1)
#endif

static const struct verb {
	const char *name;
	void (*run)(struct attacker *); /* never returns */
	bool word;                      /* a second one, before the lures */
} verbs[] = {
	{"exchange", exchange, false},
	{"swap", swap, true},
	{"plant", plant, false},
	{"watch", watch, true},
	{"read", read_all, false},
};

unsigned attacker_random(struct attacker *attacker, unsigned limit)
{
	attacker->random ^= attacker->random << 13;
	attacker->random ^= attacker->random >> 7;
	attacker->random ^= attacker->random << 17;
	return (unsigned)(attacker->random >> 33) % limit;
}

static int64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* this clock is always there */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void attacker_linger(struct attacker *attacker, unsigned most_us)
{
	int64_t until = now_ns() + (int64_t)attacker_random(attacker, most_us + 1) * 1000;

	while (now_ns() < until)
		;
}

void attacker_ready(struct attacker *attacker)
{
	atomic_fetch_add(&attacker->shared->ready, 1);
}

void attacker_struck(struct attacker *attacker)
{
	atomic_fetch_add_explicit(
		&attacker->shared->strikes[attacker->number], 1, memory_order_relaxed);
}

int exchange_names(int dirfd, const char *one, const char *other)
{
	return (int)syscall(SYS_renameat2, dirfd, one, dirfd, other, RENAME_EXCHANGE);
}

/* ---- lures ---- */

static int make_file(
	const struct attacker *attacker, int dirfd, const char *path, bool key)
{
	int fd = openat(
		dirfd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int rc = -1;

	if (fd < 0)
		return -1;
	if (key)
		rc = dprintf(fd, "%s\n", PLANTED_KEY);
	else if (fchmod(fd, 06755) == 0)
		rc = dprintf(fd, "%s%d\n", ATTACKERS, (int)attacker->uid);
	(void)close(fd); /* written to a file system that is thrown away */
	return rc < 0 ? -1 : 0;
}

/* Much larger than it costs. */
static int make_huge(int dirfd, const char *path)
{
	int fd = openat(
		dirfd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int rc = fd < 0 ? -1 : ftruncate(fd, (off_t)1 << 32);

	if (fd >= 0)
		(void)close(fd); /* see make_file() */
	return rc;
}

static int make_dir(const struct attacker *attacker, int dirfd, const char *path)
{
	char name[512];

	if (mkdirat(dirfd, path, 0700) < 0)
		return -1;
	(void)snprintf(name, sizeof name, "%s/file", path); /* paths here are short */
	return make_file(attacker, dirfd, name, false);
}

static int make_one(const struct attacker *attacker, const struct lure *lure, int dirfd,
	const char *path)
{
	if (strcmp(lure->type, "link") == 0)
		return symlinkat(lure->target, dirfd, path);
	if (strcmp(lure->type, "hard") == 0)
		return linkat(AT_FDCWD, lure->target, dirfd, path, 0);
	if (strcmp(lure->type, "fifo") == 0)
		return mknodat(dirfd, path, S_IFIFO | 0666, 0);
	if (strcmp(lure->type, "socket") == 0)
		return mknodat(dirfd, path, S_IFSOCK | 0666, 0);
	if (strcmp(lure->type, "huge") == 0)
		return make_huge(dirfd, path);
	if (strcmp(lure->type, "dir") == 0)
		return make_dir(attacker, dirfd, path);
	return make_file(attacker, dirfd, path, strcmp(lure->type, "key") == 0);
}

void lure_remove(int dirfd, const char *path)
{
	remove_all(dirfd, path);
}

int lure_make(struct attacker *attacker, int dirfd, const char *path)
{
	for (size_t i = 0; i < attacker->count; i++) {
		const struct lure *lure =
			&attacker->lures[attacker->next++ % attacker->count];

		if (make_one(attacker, lure, dirfd, path) == 0)
			return 0;
		if (errno == EEXIST)
			lure_remove(dirfd, path);
	}
	return -1;
}

/* ---- processes ---- */

static void take_lures(struct attacker *attacker, char *const *words)
{
	for (; *words; words++) {
		char *colon = strchr(*words, ':');

		if (attacker->count == LURES_MAX)
			give_up("too many lures");
		if (colon)
			*colon = '\0';
		attacker->lures[attacker->count++] =
			(struct lure){.type = *words, .target = colon ? colon + 1 : NULL};
	}
}

static void become_user(uid_t uid)
{
	if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 ||
		setresuid(uid, uid, uid) < 0)
		_exit(99);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* its number is right */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)umask(0); /* cannot fail */
}

static _Noreturn void work(
	struct shared *shared, unsigned number, const char *line, const char *world)
{
	struct attacker attacker = {.shared = shared, .number = number};
	struct words words;

	words_cut(&words, line, WORDS_MAX, world);
	if (words.count < 3)
		give_up("an attacker has too few words: %s", line);
	attacker.uid = (uid_t)strtoul(words.word[0], NULL, 10);
	attacker.path = words.word[2];
	if (getrandom(&attacker.random, sizeof attacker.random, 0) < 0)
		give_up("getrandom");
	attacker.random |= 1;
	attacker.next = attacker_random(&attacker, LURES_MAX);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		size_t first = verbs[i].word ? 4 : 3;

		if (strcmp(verbs[i].name, words.word[1]) != 0 || words.count < first)
			continue;
		attacker.word = verbs[i].word ? words.word[3] : NULL;
		take_lures(&attacker, words.word + first);
		become_user(attacker.uid);
		verbs[i].run(&attacker);
	}
	give_up("an attacker does what is unknown: %s", line);
}

static void wait_ready(const struct crew *crew)
{
	int64_t limit = now_ns() + (int64_t)10 * 1000000000;

	while (atomic_load(&crew->shared->ready) < crew->count) {
		if (now_ns() > limit)
			give_up("an attacker does not begin");
		(void)sched_yield(); /* always succeeds */
	}
}

void crew_begin(struct crew *crew, const struct lines *lines, const char *world)
{
	char at[512];

	/* An attacker's links go by way of "/./": the search knows them by that. */
	(void)snprintf(at, sizeof at, "%s/.", world); /* measured by main */
	crew->count = 0;
	atomic_store(&crew->shared->ready, 0);
	for (size_t i = 0; i < lines->count; i++) {
		pid_t pid = fork();

		if (pid < 0 || i == ATTACKERS_MAX)
			give_up("an attacker too many");
		if (pid == 0)
			work(crew->shared, (unsigned)i, lines->line[i], at);
		crew->pids[crew->count++] = pid;
	}
	wait_ready(crew);
}

void crew_end(struct crew *crew)
{
	for (size_t i = 0; i < crew->count; i++)
		(void)kill(crew->pids[i], SIGKILL); /* ours until it is waited for */
	for (size_t i = 0; i < crew->count; i++)
		if (waitpid(crew->pids[i], NULL, 0) != crew->pids[i])
			give_up("wait for an attacker");
	crew->count = 0;
}

bool is_attacker(const struct lines *lines, uid_t uid)
{
	if (uid == STRANGER)
		return true;
	for (size_t i = 0; i < lines->count; i++)
		if (strtoul(lines->line[i], NULL, 10) == uid)
			return true;
	return false;
}
