/* SPDX-License-Identifier: MIT */
/*
 * The entries of /etc/passwd and /etc/group (passwd(5), group(5)), by a reader of our
 * own: no NSS module of a foreign image is ever loaded, and the answer does not depend on
 * a C library. (musl's fgetpwent(3) makes 0, which is root, of an empty number and of
 * 4294967296.)
 *
 *	CLEANUP_ACCOUNTS struct accounts file = ACCOUNTS_INIT;
 *	struct account entry;
 *
 *	if (accounts_open(&file, "/etc/passwd", err) < 0)
 *		return -1;
 *	while (accounts_next(&file, &entry))
 *		…
 *
 * Lines may be of any length. Empty lines, comments (#) and those of NIS (+, -) are
 * passed over. Nothing else is judged here: a malformed entry is an error only for who
 * asks for what is wrong in it.
 */
#ifndef PROC_ACCOUNTS_H
#define PROC_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct err;

struct accounts {
	const char *path;
	struct buf text;
	char *next;
	int line;
	int missing; /* errno of a file that is not there, or that we may not read */
};

#define ACCOUNTS_INIT \
	{ \
		.text = BUF_INIT \
	}
#define CLEANUP_ACCOUNTS __attribute__((cleanup(accounts_release)))

/* By their place. The third and fourth of a user are his two numbers. */
enum account_field {
	ACCOUNT_NAME = 0,
	ACCOUNT_ID = 2,
	ACCOUNT_GROUP = 3,
	ACCOUNT_MEMBERS = 3,
	ACCOUNT_HOME = 5,
	ACCOUNT_FIELDS = 7,
};

/* One line, cut in place: valid as long as the file is open. */
struct account {
	int line;
	const char *field[ACCOUNT_FIELDS]; /* those that are missing are "" */
};

/*
 * Reads the file whole. One that is missing, or that we may not read, has no entry: 0
 * with `missing` set. -1 where it cannot be read for another reason, or is over 64 MiB.
 */
int accounts_open(struct accounts *file, const char *path, struct err *err);
void accounts_release(struct accounts *file);

/* The next entry; false behind the last one. */
bool accounts_next(struct accounts *file, struct account *ret);

/* The first entry of that name, or of that number; false where there is none. */
bool accounts_find_name(struct accounts *file, const char *name, struct account *ret);
bool accounts_find_id(struct accounts *file, uint32_t id, struct account *ret);

/* Is that user among the members of the entry, which is one of /etc/group? */
bool account_lists(const struct account *entry, const char *name);

/* Digits alone, up to 4294967294 (the number above means "no change" to the kernel). */
bool account_number(const char *text, uint32_t *ret);

/* The number in that field. The error has the line; `what` is "user" or "group". */
int accounts_number(const struct accounts *file, const struct account *entry,
	enum account_field field, const char *what, uint32_t *ret, struct err *err);

#endif
