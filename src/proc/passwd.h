/* SPDX-License-Identifier: MIT */
/*
 * The entries of /etc/passwd and /etc/group (passwd(5), group(5)), by a reader of our
 * own: no NSS module of a foreign image is ever loaded, and the answer does not depend on
 * a C library. (musl's fgetpwent(3) makes 0, which is root, of an empty number and of
 * 4294967296.)
 *
 *	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
 *	struct passwd_entry entry;
 *
 *	if (passwd_open(&file, PASSWD_FILE, err) < 0)
 *		return -1;
 *	while (passwd_next(&file, &entry))
 *		…
 *
 * Lines may be of any length. Empty lines, comments (#) and those of NIS (+, -) are
 * skipped. Nothing else is checked while reading: a malformed entry is an error only when
 * the wrong field of it is asked for.
 */
#ifndef PROC_PASSWD_H
#define PROC_PASSWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define PASSWD_FILE     "/etc/passwd"
#define PASSWD_GROUPS   "/etc/group"
#define PASSWD_SIZE_MAX ((size_t)64 * 1024 * 1024)

struct err;

struct passwd_file {
	const char *path;
	struct buf text;
	char *next;
	int line;
	int missing; /* errno of a file that does not exist, or that we may not read */
};

#define PASSWD_INIT \
	{ \
		.text = BUF_INIT \
	}
#define CLEANUP_PASSWD __attribute__((cleanup(passwd_release)))

/* By their position. The third and fourth field of a user are the two numbers. */
enum passwd_field {
	PASSWD_NAME = 0,
	PASSWD_ID = 2,
	PASSWD_GROUP = 3,
	PASSWD_MEMBERS = 3,
	PASSWD_HOME = 5,
	PASSWD_FIELDS = 7,
};

/* One line, cut in place: valid as long as the file is open. */
struct passwd_entry {
	int line;
	const char *field[PASSWD_FIELDS]; /* "" where it is missing */
};

/*
 * Reads the whole file; `path` is kept. A file that is missing, or that we may not read,
 * has no entries: that returns 0 with `missing` set. Returns -1 where it cannot be read
 * for another reason, is a pipe, or is over 64 MiB.
 */
int passwd_open(struct passwd_file *file, const char *path, struct err *err);
void passwd_release(struct passwd_file *file);

/* Reads the next entry. Returns false behind the last. */
bool passwd_next(struct passwd_file *file, struct passwd_entry *ret);

/*
 * Read on to the next entry with that name, or that number. Return false where there is
 * none; then the file has been read to its end.
 */
bool passwd_find_name(
	struct passwd_file *file, const char *name, struct passwd_entry *ret);
bool passwd_find_id(struct passwd_file *file, uint32_t id, struct passwd_entry *ret);

/* Returns whether an entry of /etc/group has that user among its members. */
bool passwd_lists(const struct passwd_entry *entry, const char *name);

/*
 * Parses a number of digits alone, up to 4294967294 (4294967295 means "no change" to the
 * kernel). Returns whether it is one.
 */
bool passwd_parse_number(const char *text, uint32_t *ret);

/*
 * Parses the number in that field. Returns 0, or -1 with ERR_CONFIG and the line; `what`,
 * "user" or "group", is for the message.
 */
int passwd_number(const struct passwd_file *file, const struct passwd_entry *entry,
	enum passwd_field field, const char *what, uint32_t *ret, struct err *err);

#endif
