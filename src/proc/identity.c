/* SPDX-License-Identifier: MIT */
/* Users and groups: reading specifications. */
#include "proc/identity.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "proc/passwd.h"

static const struct identity_files etc = {PASSWD_FILE, PASSWD_GROUPS};

/* Returns 1 for a number, in `ret`, 0 for a name, -1 for neither. */
static int parse_id(const char *what, const char *word, uint32_t *ret, struct err *err)
{
	if (!*word)
		return err_config(err, "no %s is named", what);
	/*
	 * "+1000", "-1": not a name, and not a number that we would guess at. "{{UID}}",
	 * "@UID@", "$UID": what others expand.
	 */
	if (strchr("-+@$", *word) || strpbrk(word, ":,{}\"'"))
		return err_config(err, "'%s' is no %s name and no number", word, what);
	if (word[strspn(word, "0123456789")])
		return 0;
	if (!passwd_parse_number(word, ret))
		return err_config(
			err, "%s number '%s' is over %u", what, word, UINT32_MAX - 1);
	return 1;
}

static int missing(const struct passwd_file *file, const char *what, const char *word,
	struct err *err)
{
	if (!file->missing)
		return err_config(err,
			"there is no %s '%s' in '%s'; a number needs no entry", what,
			word, file->path);
	return err_config(err, "%s '%s' cannot be looked up: '%s' cannot be read: %s",
		what, word, file->path, strerror(file->missing));
}

/* They are in the file: to be copied while it is open. */
static void set_names(struct identity *user, const struct passwd_entry *entry)
{
	user->name = entry->field[PASSWD_NAME];
	if (*entry->field[PASSWD_HOME])
		user->home = entry->field[PASSWD_HOME];
}

/*
 * What a user's entry says; without one, what follows from the number. Returns 0, 1 if
 * there is no user of that name, -1 on error.
 */
static int find_user(struct passwd_file *file, const char *path, const char *word,
	struct identity *ret, struct err *err)
{
	struct identity user = {.set = true, .name = "", .home = "/"};
	struct passwd_entry entry;
	uint32_t uid = 0;
	int number = parse_id("user", word, &uid, err);
	bool found;

	if (number < 0 || passwd_open(file, path, err) < 0)
		return -1;
	user.uid = user.gid = uid;
	found = number ? passwd_find_id(file, uid, &entry)
		       : passwd_find_name(file, word, &entry);
	if (found) {
		if (passwd_number(file, &entry, PASSWD_ID, "user", &user.uid, err) < 0 ||
			passwd_number(
				file, &entry, PASSWD_GROUP, "group", &user.gid, err) < 0)
			return -1;
		set_names(&user, &entry);
	}
	*ret = user;
	return found || number ? 0 : 1;
}

/* The same, where there must be one. Returns 0, or -1. */
static int need_user(struct passwd_file *file, const char *path, const char *word,
	struct identity *ret, struct err *err)
{
	int rc = find_user(file, path, word, ret, err);

	return rc == 1 ? missing(file, "user", word, err) : rc;
}

/* Who we are now. */
static int find_ourselves(
	struct passwd_file *file, const char *path, struct identity *ret, struct err *err)
{
	struct passwd_entry entry;

	*ret = (struct identity){
		.set = true, .uid = geteuid(), .gid = getegid(), .name = "", .home = "/"};
	if (passwd_open(file, path, err) < 0)
		return -1;
	if (passwd_find_id(file, ret->uid, &entry))
		set_names(ret, &entry);
	return 0;
}

static int find_group(const char *path, const char *word, gid_t *ret, struct err *err)
{
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	struct passwd_entry entry;
	uint32_t gid;
	int number = parse_id("group", word, &gid, err);

	if (number < 0)
		return -1;
	if (!number) {
		if (passwd_open(&file, path, err) < 0)
			return -1;
		if (!passwd_find_name(&file, word, &entry))
			return missing(&file, "group", word, err);
		if (passwd_number(&file, &entry, PASSWD_ID, "group", &gid, err) < 0)
			return -1;
	}
	*ret = gid;
	return 0;
}

static int compare_gids(const void *a, const void *b)
{
	gid_t left, right;

	memcpy(&left, a, sizeof left);
	memcpy(&right, b, sizeof right);
	return (left > right) - (left < right);
}

size_t identity_sort_groups(gid_t *groups, size_t count)
{
	size_t kept = 0;

	qsort(groups, count, sizeof *groups, compare_gids);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || groups[i] != groups[i - 1])
			groups[kept++] = groups[i];
	return kept;
}

/* Gives the identity these groups, of which there may be any number, and its own. */
static int set_groups(
	struct identity *identity, struct buf *gids, struct arena *arena, struct err *err)
{
	gid_t *groups;
	size_t kept;

	buf_add(gids, &identity->gid, sizeof identity->gid);
	groups = arena_alloc(arena, gids->len);
	memcpy(groups, gids->data, gids->len);
	kept = identity_sort_groups(groups, gids->len / sizeof *groups);
	if (kept > IDENTITY_GROUPS_MAX)
		return err_config(err,
			"user '%s' is in %zu groups, and the kernel takes %d",
			identity->name, kept, IDENTITY_GROUPS_MAX);
	identity->groups = groups;
	identity->groups_count = kept;
	return 0;
}

/* As initgroups(3): the primary one, and all that list the user. */
static int find_groups(
	const char *path, struct identity *identity, struct arena *arena, struct err *err)
{
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	CLEANUP_BUF struct buf gids = BUF_INIT;
	struct passwd_entry entry;
	uint32_t gid;

	if (!*identity->name)
		return set_groups(identity, &gids, arena, err);
	if (passwd_open(&file, path, err) < 0)
		return -1;
	while (passwd_next(&file, &entry)) {
		if (!passwd_lists(&entry, identity->name))
			continue;
		if (passwd_number(&file, &entry, PASSWD_ID, "group", &gid, err) < 0)
			return err_append(err, ", and it lists '%s'", identity->name);
		buf_add(&gids, &gid, sizeof gid);
	}
	return set_groups(identity, &gids, arena, err);
}

/* The beginning of an identity, which has no groups yet. Without a word it is ours. */
static int start(const char *path, const char *word, struct arena *arena,
	struct identity *ret, struct err *err)
{
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;

	if ((*word ? need_user(&file, path, word, ret, err)
		   : find_ourselves(&file, path, ret, err)) < 0)
		return -1;
	ret->name = arena_strdup(arena, ret->name);
	ret->home = arena_strdup(arena, ret->home);
	return 0;
}

/* What `user`, `group` and both in one word come to; `user` is in `room`. */
struct specification {
	const char *user, *group;
	char room[256];
};

static int split(
	const char *user, const char *group, struct specification *ret, struct err *err)
{
	const char *colon = strchr(user, ':');
	size_t length = colon ? (size_t)(colon - user) : strlen(user);

	if (colon && *group)
		return err_config(
			err, "'%s' names a group, and so does '%s'", user, group);
	if (colon && length == 0 && !colon[1])
		return err_config(err, "'%s' names no user and no group", user);
	if (length >= sizeof ret->room)
		return err_config(err, "user name '%s' is longer than %zu bytes", user,
			sizeof ret->room - 1);
	memcpy(ret->room, user, length);
	ret->room[length] = '\0';
	ret->user = ret->room;
	ret->group = colon ? colon + 1 : group;
	return 0;
}

int identity_check(const char *user, const char *group, struct err *err)
{
	struct specification spec;
	uint32_t id;

	if (strpbrk(user, " \t\n,"))
		return err_config(err,
			"'%s' is no user: a user and a group are written USER:GROUP",
			user);
	if (split(user, group, &spec, err) < 0 ||
		(*spec.user && parse_id("user", spec.user, &id, err) < 0) ||
		(*spec.group && parse_id("group", spec.group, &id, err) < 0))
		return -1;
	return 0;
}

int identity_find_in(const struct identity_files *files, const char *user,
	const char *group, struct arena *arena, struct identity *ret, struct err *err)
{
	CLEANUP_BUF struct buf none = BUF_INIT;
	struct identity found = {.name = "", .home = "/"};
	struct specification spec;

	if (split(user, group, &spec, err) < 0)
		return -1;
	if ((*spec.user || *spec.group) &&
		start(files->passwd, spec.user, arena, &found, err) < 0)
		return -1;
	found.group_set = *spec.group;
	if (found.group_set) {
		if (find_group(files->group, spec.group, &found.gid, err) < 0 ||
			set_groups(&found, &none, arena, err) < 0)
			return -1;
	} else if (found.set && find_groups(files->group, &found, arena, err) < 0) {
		return -1;
	}
	*ret = found;
	return 0;
}

int identity_find(const char *user, const char *group, struct arena *arena,
	struct identity *ret, struct err *err)
{
	return identity_find_in(&etc, user, group, arena, ret, err);
}

int identity_set_groups(struct identity *identity, const char *const *groups,
	size_t count, struct arena *arena, struct err *err)
{
	CLEANUP_BUF struct buf gids = BUF_INIT;
	struct identity changed = *identity;

	if (!changed.set && start(etc.passwd, "", arena, &changed, err) < 0)
		return -1;
	changed.groups_set = true;
	for (size_t i = 0; i < count; i++) {
		gid_t gid;

		if (find_group(etc.group, groups[i], &gid, err) < 0)
			return -1;
		buf_add(&gids, &gid, sizeof gid);
	}
	if (set_groups(&changed, &gids, arena, err) < 0)
		return -1;
	*identity = changed;
	return 0;
}

int identity_set_account(struct identity *identity, const char *name, const char *home,
	struct arena *arena, struct err *err)
{
	identity->name = name;
	identity->home = home;
	if (identity->group_set || identity->groups_set)
		return 0;
	return find_groups(etc.group, identity, arena, err);
}

int identity_find_owner(const char *user, const char *group, uid_t *ret_uid,
	gid_t *ret_gid, struct err *err)
{
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	struct specification spec;
	struct identity found;

	if (split(user, group, &spec, err) < 0 ||
		need_user(&file, etc.passwd, spec.user, &found, err) < 0 ||
		(*spec.group && find_group(etc.group, spec.group, &found.gid, err) < 0))
		return -1;
	*ret_uid = found.uid;
	*ret_gid = found.gid;
	return 0;
}

int identity_find_uid(const char *user, uid_t *ret, struct err *err)
{
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	struct identity found;
	int rc = find_user(&file, etc.passwd, user, &found, err);

	if (rc == 1 && file.missing == EACCES)
		return missing(&file, "user", user, err);
	if (rc == 0)
		*ret = found.uid;
	return rc;
}

int identity_find_gid(const char *group, gid_t *ret, struct err *err)
{
	return find_group(etc.group, group, ret, err);
}

uid_t identity_user(const struct identity *identity)
{
	return identity && identity->set ? identity->uid : geteuid();
}

const char *identity_uid_text(uid_t uid, char *room, size_t size)
{
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	DECLARE_ERR(ignored); /* the number will do */
	struct passwd_entry entry;

	/* For messages: a name that does not fit is cut. */
	if (passwd_open(&file, etc.passwd, &ignored) == 0 &&
		passwd_find_id(&file, uid, &entry))
		(void)snprintf(
			room, size, "%s (%u)", entry.field[PASSWD_NAME], (unsigned)uid);
	else
		(void)snprintf(room, size, "%u", (unsigned)uid);
	return room;
}
