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
 * skipped. Nothing else is checked while reading: a malformed entry is an error only when
 * the wrong field of it is asked for.
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
	int missing; /* errno of a file that does not exist, or that we may not read */
};

#define ACCOUNTS_INIT \
	{ \
		.text = BUF_INIT \
	}
#define CLEANUP_ACCOUNTS __attribute__((cleanup(accounts_release)))

/* By their position. The third and fourth field of a user are the two numbers. */
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
	const char *field[ACCOUNT_FIELDS]; /* "" where it is missing */
};

/*
 * Reads the whole file; `path` is kept. A file that is missing, or that we may not read,
 * has no entries: that returns 0 with `missing` set. Returns -1 where it cannot be read
 * for another reason, is a pipe, or is over 64 MiB.
 */
int accounts_open(struct accounts *file, const char *path, struct err *err);
void accounts_release(struct accounts *file);

/* Reads the next entry. Returns false behind the last. */
bool accounts_next(struct accounts *file, struct account *ret);

/*
 * Read on to the next entry with that name, or that number. Return false where there is
 * none; then the file has been read to its end.
 */
bool accounts_find_name(struct accounts *file, const char *name, struct account *ret);
bool accounts_find_id(struct accounts *file, uint32_t id, struct account *ret);

/* Returns whether an entry of /etc/group has that user among its members. */
bool account_lists(const struct account *entry, const char *name);

/*
 * Parses a number of digits alone, up to 4294967294 (4294967295 means "no change" to the
 * kernel). Returns whether it is one.
 */
bool account_number(const char *text, uint32_t *ret);

/*
 * Parses the number in that field. Returns 0, or -1 with ERR_CONFIG and the line; `what`,
 * "user" or "group", is for the message.
 */
int accounts_number(const struct accounts *file, const struct account *entry,
	enum account_field field, const char *what, uint32_t *ret, struct err *err);

#endif
