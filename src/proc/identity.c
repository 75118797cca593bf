/* SPDX-License-Identifier: MIT */
/* Users and groups: reading specifications. */
#include "proc/identity.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"

/* The number above, (uid_t)-1, means "no change" to the kernel. */
#define ID_MAX ((uint64_t)UINT32_MAX - 1)

static const struct identity_files etc = {"/etc/passwd", "/etc/group"};

static void close_file(FILE **file)
{
	if (*file)
		(void)fclose(*file); /* nothing was written */
}
#define CLEANUP_FILE __attribute__((cleanup(close_file)))

static bool all_digits(const char *text)
{
	for (; *text; text++)
		if (!str_is_digit(*text))
			return false;
	return true;
}

/* 1 a number, in `ret` · 0 a name · -1 neither. `what` is "user" or "group". */
static int parse_id(const char *what, const char *word, uint32_t *ret, struct err *err)
{
	uint64_t id;

	if (!*word)
		return err_config(err, "no %s is named", what);
	/* "+1000", "-1": nobody's name, and no number that we would guess at. */
	if (*word == '-' || *word == '+' || strchr(word, ':'))
		return err_config(err, "'%s' is no %s name and no number", word, what);
	if (!all_digits(word))
		return 0;
	if (!str_to_u64(word, ID_MAX, &id))
		return err_config(err, "%s number '%s' is over %llu", what, word,
			(unsigned long long)ID_MAX);
	*ret = (uint32_t)id;
	return 1;
}

/* Lines of NIS ("+", "-name") are no entries. */
static bool is_entry(const char *name)
{
	return *name && *name != '+' && *name != '-';
}

/*
 * The first entry of that name, or, with `name` NULL, of that number; valid until the
 * next.
 */
static const struct passwd *next_passwd(FILE *file, const char *name, uid_t uid)
{
	const struct passwd *entry;

	while ((entry = fgetpwent(file)))
		if (is_entry(entry->pw_name) &&
			(name ? str_equal(entry->pw_name, name) : entry->pw_uid == uid))
			return entry;
	return NULL;
}

static int keep(
	char *ret, size_t size, const char *text, const char *what, struct err *err)
{
	size_t length = strlen(text);

	if (length >= size)
		return err_config(
			err, "%s '%s' is longer than %zu bytes", what, text, size - 1);
	memcpy(ret, text, length + 1);
	return 0;
}

static int keep_entry(const struct passwd *entry, struct identity *ret, struct err *err)
{
	if (keep(ret->name, sizeof ret->name, entry->pw_name, "user name", err) < 0)
		return -1;
	return keep(ret->home, sizeof ret->home, *entry->pw_dir ? entry->pw_dir : "/",
		"home directory", err);
}

static int missing(
	const char *what, const char *word, const char *path, bool there, struct err *err)
{
	return err_config(err,
		there ? "there is no %s '%s' in '%s'"
		      : "%s '%s' cannot be looked up: '%s' cannot be read",
		what, word, path);
}

/* What the user's entry says; without one, what follows from the number. */
static int find_user(const struct identity_files *files, const char *word,
	struct identity *ret, struct err *err)
{
	CLEANUP_FILE FILE *file = NULL;
	const struct passwd *entry;
	uint32_t uid = 0;
	int number = parse_id("user", word, &uid, err);

	if (number < 0)
		return -1;
	file = fopen(files->passwd, "re");
	entry = file ? next_passwd(file, number ? NULL : word, uid) : NULL;
	if (!entry && !number)
		return missing("user", word, files->passwd, file != NULL, err);
	ret->uid = entry ? entry->pw_uid : uid;
	ret->gid = entry ? entry->pw_gid : uid;
	if (ret->uid == (uid_t)-1 || ret->gid == (gid_t)-1)
		return err_config(err, "user '%s' has an impossible number", word);
	return entry ? keep_entry(entry, ret, err) : 0;
}

static int find_group(
	const struct identity_files *files, const char *word, gid_t *ret, struct err *err)
{
	CLEANUP_FILE FILE *file = NULL;
	const struct group *entry;
	uint32_t gid;
	int number = parse_id("group", word, &gid, err);

	if (number < 0)
		return -1;
	if (number) {
		*ret = gid;
		return 0;
	}
	file = fopen(files->group, "re");
	while (file && (entry = fgetgrent(file)))
		if (is_entry(entry->gr_name) && str_equal(entry->gr_name, word)) {
			if (entry->gr_gid == (gid_t)-1)
				return err_config(
					err, "group '%s' has an impossible number", word);
			*ret = entry->gr_gid;
			return 0;
		}
	return missing("group", word, files->group, file != NULL, err);
}

static int add_group(struct identity *identity, gid_t gid, struct err *err)
{
	for (size_t i = 0; i < identity->groups_count; i++)
		if (identity->groups[i] == gid)
			return 0;
	if (identity->groups_count == IDENTITY_GROUPS_MAX)
		return err_config(err, "user '%s' is in more than %d groups",
			identity->name, IDENTITY_GROUPS_MAX);
	identity->groups[identity->groups_count++] = gid;
	return 0;
}

static bool lists(char *const *members, const char *name)
{
	for (; *members; members++)
		if (str_equal(*members, name))
			return true;
	return false;
}

/* As initgroups(3): the primary one first, then all that list the user. */
static int find_groups(
	const struct identity_files *files, struct identity *identity, struct err *err)
{
	CLEANUP_FILE FILE *file = NULL;
	const struct group *entry;

	if (add_group(identity, identity->gid, err) < 0)
		return -1;
	if (!*identity->name)
		return 0;
	file = fopen(files->group, "re");
	while (file && (entry = fgetgrent(file)))
		if (is_entry(entry->gr_name) && entry->gr_gid != (gid_t)-1 &&
			lists(entry->gr_mem, identity->name) &&
			add_group(identity, entry->gr_gid, err) < 0)
			return -1;
	return 0;
}

/* Who we are now, as the beginning of an identity that names a group alone. */
static int start_from_ourselves(
	const struct identity_files *files, struct identity *ret, struct err *err)
{
	CLEANUP_FILE FILE *file = fopen(files->passwd, "re");
	const struct passwd *entry = file ? next_passwd(file, NULL, geteuid()) : NULL;

	ret->uid = geteuid();
	ret->gid = getegid();
	return entry ? keep_entry(entry, ret, err) : 0;
}

/* Cuts "user:group" in two; `*ret_group` is `group` where the colon is missing. */
static int split(const char *spec, const char *group, char *ret_user, size_t size,
	const char **ret_group, struct err *err)
{
	const char *colon = strchr(spec, ':');
	size_t length = colon ? (size_t)(colon - spec) : strlen(spec);

	if (colon && *group)
		return err_config(
			err, "'%s' names a group, and so does '%s'", spec, group);
	if (colon && length == 0 && !colon[1])
		return err_config(err, "'%s' names nobody", spec);
	if (length >= size)
		return err_config(
			err, "user name '%s' is longer than %zu bytes", spec, size - 1);
	memcpy(ret_user, spec, length);
	ret_user[length] = '\0';
	if (colon)
		*ret_group = colon + 1;
	return 0;
}

int identity_check(const char *user, const char *group, struct err *err)
{
	char name[IDENTITY_NAME_SIZE];
	const char *group_word = group;
	uint32_t id;

	if (split(user, group, name, sizeof name, &group_word, err) < 0 ||
		(*name && parse_id("user", name, &id, err) < 0) ||
		(*group_word && parse_id("group", group_word, &id, err) < 0))
		return -1;
	return 0;
}

int identity_find_in(const struct identity_files *files, const char *user,
	const char *group, struct identity *ret, struct err *err)
{
	struct identity found = {.home = "/"};
	char name[IDENTITY_NAME_SIZE];
	const char *group_word = group;

	if (split(user, group, name, sizeof name, &group_word, err) < 0)
		return -1;
	found.group_set = *group_word;
	found.set = *name || found.group_set;
	if (*name && find_user(files, name, &found, err) < 0)
		return -1;
	if (!*name && found.set && start_from_ourselves(files, &found, err) < 0)
		return -1;
	if (found.group_set) {
		if (find_group(files, group_word, &found.gid, err) < 0 ||
			add_group(&found, found.gid, err) < 0)
			return -1;
	} else if (found.set && find_groups(files, &found, err) < 0) {
		return -1;
	}
	*ret = found;
	return 0;
}

int identity_find(
	const char *user, const char *group, struct identity *ret, struct err *err)
{
	return identity_find_in(&etc, user, group, ret, err);
}

int identity_set_groups(struct identity *identity, const char *const *groups,
	size_t count, struct err *err)
{
	struct identity changed = *identity;

	if (!changed.set && start_from_ourselves(&etc, &changed, err) < 0)
		return -1;
	changed.set = true;
	changed.groups_count = 0;
	if (add_group(&changed, changed.gid, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		gid_t gid;

		if (find_group(&etc, groups[i], &gid, err) < 0 ||
			add_group(&changed, gid, err) < 0)
			return -1;
	}
	*identity = changed;
	return 0;
}

int identity_find_uid(const char *user, uid_t *ret, struct err *err)
{
	struct identity found;

	if (find_user(&etc, user, &found, err) < 0)
		return -1;
	*ret = found.uid;
	return 0;
}

int identity_find_gid(const char *group, gid_t *ret, struct err *err)
{
	return find_group(&etc, group, ret, err);
}

const char *identity_uid_text(uid_t uid, char *room, size_t size)
{
	CLEANUP_FILE FILE *file = fopen(etc.passwd, "re");
	const struct passwd *entry = file ? next_passwd(file, NULL, uid) : NULL;

	/* For messages: a name that does not fit is cut. */
	if (entry)
		(void)snprintf(room, size, "%s (%u)", entry->pw_name, (unsigned)uid);
	else
		(void)snprintf(room, size, "%u", (unsigned)uid);
	return room;
}
