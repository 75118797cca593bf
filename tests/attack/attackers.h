/* SPDX-License-Identifier: MIT */
/*
 * The attackers: processes of another user, without capabilities, that act on the volume
 * as fast as they can until they are ended. Their verbs:
 *
 *	exchange PATH,… LURE…		exchanges each PATH and a lure, over and over
 *	swap PATH OTHER			exchanges two names, over and over
 *	plant PATH LURE…		puts a lure where nothing is, and takes it away
 *	watch DIR PATTERN LURE…		waits (inotify) for names that match in DIR and in
 *					new directories below it, and puts a lure in
 *					their place, at various moments
 *	read DIR			reads whatever appears, and looks for INSIDE
 *
 * A lure is link:TARGET, hard:TARGET (a hard link), file (of the attacker's own, 06755),
 * key (a well-formed one), huge (a file of 4 GiB, sparse), dir, fifo or socket; which of
 * several, is chance.
 */
#ifndef TESTS_ATTACK_ATTACKERS_H
#define TESTS_ATTACK_ATTACKERS_H

#include <stdatomic.h>
#include <stdint.h>

#include "attack.h"

#define LURES_MAX 8

/* What attackers and the driver share. */
struct shared {
	atomic_uint ready; /* attackers that are at work; one may count twice */
	/* Of each: how often a lure took a place, or it read something. */
	atomic_ulong strikes[ATTACKERS_MAX];
	atomic_uint reads; /* of INSIDE, by a user who must not */
};

struct lure {
	const char *type;
	const char *target;
};

struct attacker {
	struct shared *shared;
	uid_t uid;
	unsigned number;
	uint64_t random;
	const char *path; /* the first word behind the verb */
	const char *word; /* the second, of a verb that has one before its lures */
	struct lure lures[LURES_MAX];
	size_t count;
	size_t next; /* lure */
};

struct crew {
	struct shared *shared;
	pid_t pids[ATTACKERS_MAX];
	size_t count;
};

/* Starts them, one a line, and returns when all are at work. */
void crew_begin(struct crew *crew, const struct lines *lines, const char *world);
/* Ends them, and waits until they are gone. */
void crew_end(struct crew *crew);

/* Is it one of theirs, or the stranger's, who may own what was planted before? */
bool is_attacker(const struct lines *lines, uid_t uid);

/* For the verbs. They never return. */
_Noreturn void exchange(struct attacker *attacker);
_Noreturn void swap(struct attacker *attacker);
_Noreturn void plant(struct attacker *attacker);
_Noreturn void watch(struct attacker *attacker);
_Noreturn void read_all(struct attacker *attacker);

/* Makes the next lure that can be made, as `path` relative to `dirfd`: 0 or -1. */
int lure_make(struct attacker *attacker, int dirfd, const char *path);
void lure_remove(int dirfd, const char *path);
void attacker_ready(struct attacker *attacker);
void attacker_struck(struct attacker *attacker);
/* A number below `limit`. */
unsigned attacker_random(struct attacker *attacker, unsigned limit);
/* Does nothing, for up to so many microseconds. */
void attacker_linger(struct attacker *attacker, unsigned most_us);
int exchange_names(int dirfd, const char *one, const char *other);

#endif
