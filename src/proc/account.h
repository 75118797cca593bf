/* SPDX-License-Identifier: MIT */
/*
 * The account of the application: an entry in /etc/passwd and one in /etc/group that give
 * its numbers a name, for programs that ask who they are (ssh, git).
 */
#ifndef PROC_ACCOUNT_H
#define PROC_ACCOUNT_H

#include <sys/types.h>

struct arena;
struct buf;
struct err;
struct fs;
struct log;
struct stop;

struct account {
	const char *name;
	const char *home; /* absolute */
	uid_t uid;
	gid_t gid;
};

/*
 * Parses "NAME:HOME". Returns 0 with name and home, in the arena, or -1 with ERR_CONFIG:
 * a name has letters, digits, '_', '.' and '-', begins with a letter or '_', and is not
 * root's; a home is an absolute path without colons and control characters.
 */
int account_parse(
	const char *text, struct arena *arena, struct account *ret, struct err *err);

/*
 * Does the text of /etc/passwd, or of /etc/group, have the entry? Returns 0 if it does, 1
 * with the text that has it in `ret`: numbers and home of an entry of that name are
 * changed, all else is kept to the byte; without one it is added, before the entries of
 * NIS. Returns -1 for what would have to be guessed: two entries of the name, one with
 * too many or too few fields, one of number 0, a NUL byte.
 */
enum account_file { ACCOUNT_PASSWD, ACCOUNT_GROUP };
int account_edit(enum account_file file, const struct buf *text,
	const struct account *entry, struct buf *ret, struct err *err);

/*
 * Are both files as they are to be? Returns what account_make() would return now. The
 * number 0 has its names, and gets no other one.
 */
int account_differs(const struct fs *fs, const struct account *entry, struct err *err);

/*
 * Makes them so, as the tools of shadow do: under the lock of lckpwdf(3), each file
 * replaced as a whole, with its owner and mode. One that something is mounted on is
 * written in place (base/fs_in_place.h). Returns 1 if something was changed, 0 if all was
 * in place, 2 if we may not write there, with the reason in `err`, or -1.
 */
int account_make(struct fs *fs, const struct account *entry, struct stop *stop,
	const struct log *log, struct err *err);

#endif
