/* SPDX-License-Identifier: MIT */
/*
 * Users and groups: from a specification to numbers (proc/accounts.h has the reader of
 * /etc/passwd and /etc/group), and becoming them.
 *
 * Specifications are those of gosu and docker: "user", "user:group", "uid", "uid:gid",
 * ":group", "user:" (the same as "user"). A word of digits is a number, never a name;
 * else it must be a name that is there. A number needs no entry, and no file. An entry
 * that is asked for, or a group that lists the user, without a valid number is an error
 * with file and line; other malformed lines are passed over.
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

/* What its pointers lead to is in the arena of who asked. */
struct identity {
	bool set;        /* false: stay who we are, whatever stands below */
	bool group_set;  /* a group was written: who is the user already needs no other */
	bool groups_set; /* supplementary groups were written */
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* ascending, each once; the primary one is among them */
	size_t groups_count;
	const char *name; /* "" where the number has no entry */
	const char *home; /* "/" where it has none */
};

/*
 * `user` and `group` as written; either may be "", and with `group` "" `user` may be
 * "user:group". No group: the user's primary one (for a number without an entry the
 * number itself) and all groups that list the user. A group that is written is the only
 * one, as with gosu: never more than was asked for. No user: we stay who we are, with
 * that group. Both "": `ret->set` is false.
 */
int identity_find(const char *user, const char *group, struct arena *arena,
	struct identity *ret, struct err *err);

/*
 * Supplementary groups in place of those that the user is in: these, and the primary one.
 * With nobody named (`identity->set` false) it is for who we are.
 */
int identity_set_groups(struct identity *identity, const char *const *groups,
	size_t count, struct arena *arena, struct err *err);

/* Puts them in order, each once, as in identity.groups. Returns how many are left. */
size_t identity_sort_groups(gid_t *groups, size_t count);

/* Their form alone: looks nowhere. */
int identity_check(const char *user, const char *group, struct err *err);

/* The two numbers of identity_find() alone, for whoever is to own a file. */
int identity_find_owner(const char *user, const char *group, uid_t *ret_uid,
	gid_t *ret_gid, struct err *err);

/* Returns 0, 1 where there is no user of that name, -1 on error. */
int identity_find_uid(const char *user, uid_t *ret, struct err *err);
int identity_find_gid(const char *group, gid_t *ret, struct err *err);

/* "app (1000)", or "1000" where the number has no name: for messages. */
const char *identity_uid_text(uid_t uid, char *room, size_t size);

/* The two files, for those who look elsewhere than in /etc. */
struct identity_files {
	const char *passwd, *group;
};
int identity_find_in(const struct identity_files *files, const char *user,
	const char *group, struct arena *arena, struct identity *ret, struct err *err);

/*
 * Becomes it: groups, gid, uid, in this order, then proves that there is no way back. A
 * change of user clears the inheritable and ambient capabilities.
 * What we are already is not asked for, so that it works without any capability: who is
 * that user and group already keeps the groups that the container's runtime gave
 * (fsGroup), where they may not be changed (a user namespace may deny setgroups(2)), but
 * never where groups were written. Fails closed.
 */
int identity_become(const struct identity *identity, struct err *err);

#endif
