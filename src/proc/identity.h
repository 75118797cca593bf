/* SPDX-License-Identifier: MIT */
/*
 * Users and groups, looked up in /etc/passwd and /etc/group directly (fgetpwent(3),
 * fgetgrent(3)): no NSS module of a foreign image is ever loaded.
 *
 * Specifications are those of gosu and docker: "user", "user:group", "uid", "uid:gid",
 * ":group", "user:" (the same as "user"). A word of digits is a number, never a name;
 * else it must be a name that is there. A number needs no entry, and no file.
 */
#ifndef PROC_IDENTITY_H
#define PROC_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;

#define IDENTITY_GROUPS_MAX 64
#define IDENTITY_NAME_SIZE  64

struct identity {
	bool set;       /* false: stay who we are */
	bool group_set; /* a group was written: who is the user already needs no other */
	uid_t uid;
	gid_t gid;
	gid_t groups[IDENTITY_GROUPS_MAX];
	size_t groups_count;
	char name[IDENTITY_NAME_SIZE]; /* "" where the number has no entry */
	char home[256];                /* "/" where it has none */
};

/*
 * Supplementary groups in place of those that the user is in: these, and the primary one.
 * With nobody named (`identity->set` false) it is for who we are.
 */
int identity_set_groups(struct identity *identity, const char *const *groups,
	size_t count, struct err *err);

/*
 * `user` and `group` as written; either may be "", and with `group` "" `user` may be
 * "user:group". No group: the user's primary one (for a number without an entry the
 * number itself) and all groups that list the user. A group that is written is the only
 * one, as with gosu: never more than was asked for. No user: we stay who we are, with
 * that group. Both "": `ret->set` is false.
 */
int identity_find(
	const char *user, const char *group, struct identity *ret, struct err *err);

/* Their form alone: looks nowhere. */
int identity_check(const char *user, const char *group, struct err *err);

int identity_find_uid(const char *user, uid_t *ret, struct err *err);
int identity_find_gid(const char *group, gid_t *ret, struct err *err);

/* "app (1000)", or "1000" where the number has no name: for messages. */
const char *identity_uid_text(uid_t uid, char *room, size_t size);

/* The two files, for those who look elsewhere than in /etc. */
struct identity_files {
	const char *passwd, *group;
};
int identity_find_in(const struct identity_files *files, const char *user,
	const char *group, struct identity *ret, struct err *err);

/*
 * Becomes it: groups, gid, uid, in this order, then proves that there is no way back.
 * What we are already is not asked for, so that it works without any capability: who is
 * that user and group already keeps the groups that the container's runtime gave
 * (fsGroup), where they may not be changed. Fails closed.
 */
int identity_become(const struct identity *identity, struct err *err);

#endif
