/* SPDX-License-Identifier: MIT */
/*
 * Users and groups: from a specification to numbers (proc/passwd.h has the reader of
 * /etc/passwd and /etc/group), and becoming them.
 *
 * Specifications are those of gosu and docker: "user", "user:group", "uid", "uid:gid",
 * ":group", "user:" (the same as "user"). A word of digits is a number, never a name; any
 * other word must be a name that has an entry. A number needs no entry, and no file. An
 * entry that is asked for, or a group that lists the user, without a valid number is an
 * error with file and line; other malformed lines are skipped.
 */
#ifndef PROC_IDENTITY_H
#define PROC_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena;
struct err;

/* As many as the kernel takes (NGROUPS_MAX; musl's own is 32). */
#define IDENTITY_GROUPS_MAX 65536

/* What its pointers lead to is in the arena of the caller. */
struct identity {
	bool set;        /* false: stay who we are, whatever stands below */
	bool group_set;  /* a group was written, so our own is not enough */
	bool groups_set; /* supplementary groups were written */
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* ascending, each once; the primary one is among them */
	size_t groups_count;
	const char *name; /* "" if the number has no entry */
	const char *home; /* "/" if it has no entry */
};

/*
 * Looks up `user` and `group` as written; either may be "", and if `group` is, `user` may
 * be "user:group". Without a group it is the user's primary one (for a number without an
 * entry the number itself) and all groups that list the user. A group that is written is
 * the only one, as with gosu: never more than was asked for. Without a user we stay who
 * we are, with that group. If both are "", `ret->set` is false.
 */
int identity_find(const char *user, const char *group, struct arena *arena,
	struct identity *ret, struct err *err);

/*
 * Sets the supplementary groups to these and the primary one, in place of those that the
 * user is in. An identity that is not set becomes our own first.
 */
int identity_set_groups(struct identity *identity, const char *const *groups,
	size_t count, struct arena *arena, struct err *err);

/*
 * Gives the identity the name of an account and its home, and, where no groups were
 * written, the supplementary groups of that name.
 */
int identity_set_account(struct identity *identity, const char *name, const char *home,
	struct arena *arena, struct err *err);

/* Sorts them and drops repetitions, as in identity.groups. Returns how many are left. */
size_t identity_sort_groups(gid_t *groups, size_t count);

/* Checks the form alone, without a look at any file. Returns 0, or -1: ERR_CONFIG. */
int identity_check(const char *user, const char *group, struct err *err);

/* Looks up the two numbers of identity_find() alone, for the owner of a file. */
int identity_find_owner(const char *user, const char *group, uid_t *ret_uid,
	gid_t *ret_gid, struct err *err);

/*
 * Looks up a user's number. Returns 0, 1 if there is no user of that name, -1 on error.
 */
int identity_find_uid(const char *user, uid_t *ret, struct err *err);

/* Looks up a group's number. Returns 0, or -1, also if there is no such group. */
int identity_find_gid(const char *group, gid_t *ret, struct err *err);

/* Writes "app (1000)", or "1000" if it has no name, to `room`, and returns that. */
const char *identity_uid_text(uid_t uid, char *room, size_t size);

/* The user that it is: our own (geteuid()) where it is not set, or NULL. */
uid_t identity_user(const struct identity *identity);

/* identity_find() with other files than those in /etc. */
struct identity_files {
	const char *passwd, *group;
};
int identity_find_in(const struct identity_files *files, const char *user,
	const char *group, struct arena *arena, struct identity *ret, struct err *err);

/*
 * Becomes it: groups, gid, uid, in this order, then proves that this cannot be undone. A
 * change of user clears the inheritable and ambient capabilities. Returns 0, or -1, after
 * which the process must not go on: a part may have been taken on.
 *
 * What we are already is not asked of the kernel, so that it works without capabilities.
 * If we are that user and group already and may not change groups (a user namespace may
 * deny setgroups(2)), those that the container's runtime gave us (fsGroup) stay, but
 * never where groups were written.
 */
int identity_become(const struct identity *identity, struct err *err);

#endif
