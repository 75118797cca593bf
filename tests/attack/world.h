/* SPDX-License-Identifier: MIT */
/*
 * A world is a directory of root's on one file system:
 *
 *	v/		the volume, made anew for every round
 *	outside/	what nobody but root and user OTHER may change, and few may read
 *	config/		the configuration, root's
 *	fixtures/	databases and an age file, which are copied into a volume
 *	state/		what starts of one round remember, by `state`
 *
 * All functions work in the current directory, which is the world's. After a round, all
 * but the volume and the state must be as it was: world_scan() writes it down, a line an
 * object.
 */
#ifndef TESTS_ATTACK_WORLD_H
#define TESTS_ATTACK_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define STRANGER 1001 /* who owns nothing, unless to attack */
#define OTHER    1002 /* who is attacked, too */

/* What must not be found where it does not belong. */
struct needles {
	char outside[64]; /* stands in root's files */
	char key[65];     /* of root's, well-formed */
	char shadow[512]; /* a line of /etc/shadow; empty where there is none to know */
};

/* Fixed words: a value that root's steps write, keys, the beginning of a lure. */
#define INSIDE      "inside-6b1f0c7e5d2a49838e4c-secret"
#define PLANTED_KEY "badc0de0badc0de1badc0de2badc0de3badc0de4badc0de5badc0de6badc0de7"
#define OWN_KEY     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ATTACKERS   "ATTACKER "

struct scan {
	char *text;
	size_t size;
	ino_t inodes[256]; /* of its files */
	size_t count;
};

void needles_init(struct needles *needles);
/* The name of the first needle in these bytes, or NULL. */
const char *needles_find(const struct needles *needles, const void *data, size_t size);

/*
 * Makes outside/, config/ and fixtures/ anew. `program` builds the first database.
 */
void world_make(const struct needles *needles, const char *program);
void world_scan(struct scan *ret);
void scan_release(struct scan *scan);
bool scan_has(const struct scan *scan, ino_t inode);
/* The first lines that differ, or NULL. The caller frees it. */
char *scan_differs(const struct scan *before, const struct scan *after);

/*
 * Databases with a first migration: plain.db, wal.db with a log, hot.db with a journal,
 * and super.db with a journal that names "outside/plain" as one of several databases;
 * secret.age with INSIDE, and its identity.
 */
void fixtures_make(const char *program);
void database_add_table(const char *path, const char *name);

#endif
