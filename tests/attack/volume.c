/* SPDX-License-Identifier: MIT */
/* Making the volume of a round, and searching it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attackers.h"
#include "files.h"
#include "volume.h"

/* ---- making ---- */

/* "UID" or "UID:GID". */
static void give(const char *path, const char *owner)
{
	char *end;
	uid_t uid = (uid_t)strtoul(owner, &end, 10);
	gid_t gid = *end == ':' ? (gid_t)strtoul(end + 1, NULL, 10) : (gid_t)uid;

	if (fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW) < 0)
		give_up("chown '%s': %s", path, strerror(errno));
}

static mode_t mode_of(const char *text)
{
	return (mode_t)strtoul(text, NULL, 8);
}

/* A "\\n" in the text is a newline. */
static void make_file(const char *path, const char *text)
{
	char line[1024];
	size_t size = 0;

	if (strcmp(text, "own-key") == 0)
		text = OWN_KEY;
	else if (strcmp(text, "planted-key") == 0)
		text = PLANTED_KEY;
	/* words_cut() bounds a line by the same size. */
	for (; *text; text++) {
		bool newline = text[0] == '\\' && text[1] == 'n';

		line[size++] = newline ? '\n' : *text;
		text += newline;
	}
	line[size++] = '\n';
	put_file(path, line, size, 0, 0600);
}

static void make_object(char *const *words)
{
	const char *kind = words[0];
	const char *path = words[1];
	char fixture[256];

	if (strcmp(kind, "link") == 0) {
		if (symlink(words[3], path) < 0)
			give_up("make '%s': %s", path, strerror(errno));
		give(path, words[2]);
		return;
	}
	if (strcmp(kind, "dir") == 0) {
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			give_up("make '%s': %s", path, strerror(errno));
	} else if (strcmp(kind, "file") == 0) {
		make_file(path, words[4]);
	} else {
		(void)snprintf(fixture, sizeof fixture, "fixtures/%s", words[4]);
		copy_file(fixture, path, 0, 0600);
	}
	give(path, words[2]);
	if (chmod(path, mode_of(words[3])) < 0)
		give_up("chmod '%s': %s", path, strerror(errno));
}

void objects_make(const struct lines *lines, const char *world)
{
	struct words words;

	for (size_t i = 0; i < lines->count; i++) {
		bool short_one = strncmp(lines->line[i], "dir ", 4) == 0 ||
			strncmp(lines->line[i], "link ", 5) == 0;

		words_cut(&words, lines->line[i], 5, world);
		if (words.count < (short_one ? 4 : 5))
			give_up("an object has too few words: %s", lines->line[i]);
		make_object(words.word);
	}
}

/* ---- searching ---- */

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* Whose the object was when an attacker made it; -1 where none did. */
static long made_by(const char *data, size_t size)
{
	size_t mark = strlen(ATTACKERS);

	if (size <= mark || memcmp(data, ATTACKERS, mark) != 0)
		return -1;
	return strtol(data + mark, NULL, 10);
}

static void check_content(const struct search *search, const char *path,
	const struct stat *st, const char *data, size_t size)
{
	const struct variant *variant = search->variant;
	long maker = made_by(data, size);
	bool planted = memmem(data, size, PLANTED_KEY, strlen(PLANTED_KEY)) != NULL;
	bool theirs = is_attacker(&variant->attackers, st->st_uid);

	if (needles_find(search->needles, data, size))
		result_add(search->result, FINDING_LEAKED,
			"'%s' (user %u) holds what "
			"stands in a closed file outside",
			path, st->st_uid);
	if (maker >= 0 && (uid_t)maker != st->st_uid && !variant->hands_over)
		result_add(search->result, FINDING_GIVEN,
			"'%s' of user %ld became user %u's", path, maker, st->st_uid);
	if (planted && !theirs && variant->refuse_planted)
		result_add(search->result, FINDING_PLANTED,
			"'%s' (user %u) holds an attacker's key", path, st->st_uid);
	if (memmem(data, size, INSIDE, strlen(INSIDE)) && ((st->st_mode & 077) || theirs))
		result_add(search->result, FINDING_EXPOSED,
			"'%s' (user %u, %o) holds a secret", path, st->st_uid,
			st->st_mode & 07777);
	if (variant->private && maker < 0 && !planted && (st->st_mode & 077) &&
		fnmatch(variant->private, name_of(path), 0) == 0)
		result_add(search->result, FINDING_EXPOSED, "'%s' (user %u) has mode %o",
			path, st->st_uid, st->st_mode & 07777);
}

static void check_file(
	const struct search *search, int dirfd, const char *path, const struct stat *st)
{
	static char data[FILE_MOST + 1];
	ssize_t size;

	if (scan_has(search->outside, st->st_ino))
		return; /* another name of what is outside, which is compared there */
	if ((st->st_mode & S_ISUID && st->st_uid == 0) ||
		(st->st_mode & S_ISGID &&
			!is_attacker(&search->variant->attackers, (uid_t)st->st_gid)))
		result_add(search->result, FINDING_SET_ID,
			"'%s' is %o and belongs to %u:%u", path, st->st_mode & 07777,
			st->st_uid, st->st_gid);
	size = read_file(dirfd, name_of(path), data, FILE_MOST);
	data[size > 0 ? size : 0] = '\0';
	if (size > 0)
		check_content(search, path, st, data, (size_t)size);
}

static void check_link(
	const struct search *search, int dirfd, const char *path, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t size = readlinkat(dirfd, name_of(path), target, sizeof target - 1);

	target[size > 0 ? size : 0] = '\0';
	/* The mark of a lure's link. */
	if (strstr(target, "/./") && !search->variant->hands_over &&
		!is_attacker(&search->variant->attackers, st->st_uid))
		result_add(search->result, FINDING_GIVEN,
			"the link '%s' of an attacker's became user %u's", path,
			st->st_uid);
}

static void search_dir(const struct search *search, int dirfd, const char *path)
{
	DIR *dir = fdopendir(dirfd);
	const struct dirent *entry;

	if (!dir)
		give_up("search '%s': %s", path, strerror(errno));
	while ((entry = readdir(dir))) {
		char below[PATH_MAX];
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		(void)snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
		if (fstatat(dirfd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			give_up("stat '%s': %s", below, strerror(errno));
		if (S_ISREG(st.st_mode))
			check_file(search, dirfd, below, &st);
		else if (S_ISLNK(st.st_mode))
			check_link(search, dirfd, below, &st);
		else if (S_ISDIR(st.st_mode))
			search_dir(search,
				openat(dirfd, entry->d_name,
					O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
				below);
	}
	(void)closedir(dir); /* opened for reading */
}

void volume_search(const struct search *search)
{
	search_dir(
		search, open("v", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), "v");
}
