/* SPDX-License-Identifier: MIT */
/* The world outside of the volume: made, and written down to be compared. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack.h"
#include "files.h"
#include "world.h"

static void random_hex(char *ret, size_t digits)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char bytes[64];

	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
		give_up("getrandom");
	for (size_t i = 0; i < digits; i++)
		ret[i] = hex[bytes[i % sizeof bytes] % 16];
	ret[digits] = '\0';
}

void needles_init(struct needles *needles)
{
	char random[33];
	ssize_t size;

	random_hex(random, 32);
	(void)snprintf(needles->outside, sizeof needles->outside, "outside-%s",
		random); /* it fits */
	random_hex(needles->key, 64);
	size = read_file(
		AT_FDCWD, "/etc/shadow", needles->shadow, sizeof needles->shadow - 1);
	needles->shadow[size > 0 ? size : 0] = '\0';
	needles->shadow[strcspn(needles->shadow, "\n")] = '\0';
	/* A line as short as this could be anywhere. */
	if (strlen(needles->shadow) < 12)
		needles->shadow[0] = '\0';
}

const char *needles_find(const struct needles *needles, const void *data, size_t size)
{
	const char *const all[] = {needles->outside, needles->key, needles->shadow};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (*all[i] && memmem(data, size, all[i], strlen(all[i])))
			return all[i];
	return NULL;
}

static void put_text(const char *path, uid_t uid, mode_t mode, const char *text)
{
	put_file(path, text, strlen(text), uid, mode);
}

static void make_dir(const char *path, uid_t uid, mode_t mode)
{
	if (mkdir(path, 0700) < 0 || chown(path, uid, uid) < 0 || chmod(path, mode) < 0)
		give_up("make '%s': %s", path, strerror(errno));
}

/* ---- the world ---- */

/* What a reader of each sort would take: a text, a key, variables, a migration. */
static void fill_dir(const char *dir, const struct needles *needles, uid_t uid)
{
	char path[512];
	char text[512];

	(void)snprintf(path, sizeof path, "%s/x", dir); /* these fit */
	(void)snprintf(text, sizeof text, "%s\n", needles->outside);
	put_text(path, uid, 0600, text);
	(void)snprintf(path, sizeof path, "%s/key", dir);
	(void)snprintf(text, sizeof text, "%s\n", needles->key);
	put_text(path, uid, 0600, text);
	(void)snprintf(path, sizeof path, "%s/env", dir);
	(void)snprintf(text, sizeof text, "STOLEN=%s\n", needles->outside);
	put_text(path, uid, 0600, text);
	(void)snprintf(path, sizeof path, "%s/001_x.sql", dir);
	(void)snprintf(text, sizeof text, "CREATE TABLE \"%s\"(x);\n", needles->outside);
	put_text(path, uid, 0600, text);
}

static void make_outside(const struct needles *needles)
{
	remove_all(AT_FDCWD, "outside");
	make_dir("outside", 0, 0755);
	fill_dir("outside", needles, 0);
	put_text("outside/plain", 0, 0644, "open to all\n");
	put_text("outside/shared", 0, 0666, "to be linked by all\n");
	put_text("outside/set-id", 0, 04755, "#!/bin/true\n");
	put_text("outside/other", OTHER, 0600, needles->outside);
	make_dir("outside/closed", 0, 0700);
	fill_dir("outside/closed", needles, 0);
	make_dir("outside/closed/sub", 0, 0755);
	make_dir("outside/open", 0, 0755);
	fill_dir("outside/open", needles, 0);
	make_dir("outside/empty", 0, 0755);
	make_dir("outside/theirs", OTHER, 0700);
	fill_dir("outside/theirs", needles, OTHER);
	if (symlink("../x", "outside/open/link") < 0)
		give_up("make a link");
}

static void add_databases(const struct needles *needles)
{
	static const char *const paths[] = {"outside/app.db", "outside/closed/app.db",
		"outside/open/app.db", "outside/theirs/app.db"};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		bool theirs = strstr(paths[i], "theirs") != NULL;

		copy_file("fixtures/plain.db", paths[i], 0, 0600);
		database_add_table(paths[i], needles->outside);
		if (chown(paths[i], theirs ? OTHER : 0, theirs ? OTHER : 0) < 0)
			give_up("chown '%s'", paths[i]);
	}
}

void world_make(const struct needles *needles, const char *program)
{
	static const char *const dirs[] = {"config", "fixtures"};

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		remove_all(AT_FDCWD, dirs[i]);
		make_dir(dirs[i], 0, 0755);
	}
	put_text("config/secret", 0, 0600, INSIDE "\n");
	fixtures_make(program);
	make_outside(needles);
	add_databases(needles);
}

/* ---- what it is like ---- */

static uint64_t digest(int dirfd, const char *name)
{
	static unsigned char data[FILE_MOST];
	ssize_t size = read_file(dirfd, name, data, sizeof data);
	uint64_t sum = 0xcbf29ce484222325;

	for (ssize_t i = 0; i < size; i++)
		sum = (sum ^ data[i]) * 0x100000001b3;
	return sum;
}

static int compare_names(const void *one, const void *other)
{
	const char *const *left = one;
	const char *const *right = other;

	return strcmp(*left, *right);
}

static void scan_object(
	FILE *out, struct scan *scan, int dirfd, const char *name, const char *path);

static void scan_dir(FILE *out, struct scan *scan, int dirfd, const char *path)
{
	DIR *dir = fdopendir(dirfd);
	const struct dirent *entry;
	char *names[256];
	size_t count = 0;

	while (dir && (entry = readdir(dir)) && count < 256)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			names[count++] = strdup(entry->d_name);
	qsort(names, count, sizeof *names, compare_names);
	for (size_t i = 0; i < count; i++) {
		char below[512];

		(void)snprintf(below, sizeof below, "%s/%s", path, names[i]);
		/* What each round makes anew is not of this world. */
		if (strcmp(below, "./v") != 0 && strcmp(below, "./state") != 0)
			scan_object(out, scan, dirfd, names[i], below);
		free(names[i]);
	}
	if (dir)
		(void)closedir(dir); /* opened for reading */
}

static void scan_object(
	FILE *out, struct scan *scan, int dirfd, const char *name, const char *path)
{
	char target[512];
	ssize_t length;
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		give_up("stat '%s'", path);
	/* The number of links is for anybody to change, and a directory's size. */
	fprintf(out, "%s %o %u:%u inode %lu", path, st.st_mode, st.st_uid, st.st_gid,
		(unsigned long)st.st_ino);
	if (S_ISLNK(st.st_mode)) {
		length = readlinkat(dirfd, name, target, sizeof target);
		fprintf(out, " to %.*s", (int)(length > 0 ? length : 0), target);
	}
	if (S_ISREG(st.st_mode)) {
		fprintf(out, " size %ld content %016lx", (long)st.st_size,
			(unsigned long)digest(dirfd, name));
		if (path[0] == '.' &&
			scan->count < sizeof scan->inodes / sizeof *scan->inodes)
			scan->inodes[scan->count++] = st.st_ino;
	}
	fputc('\n', out);
	if (S_ISDIR(st.st_mode))
		scan_dir(out, scan,
			openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path);
}

void world_scan(struct scan *ret)
{
	FILE *out;

	*ret = (struct scan){0};
	out = open_memstream(&ret->text, &ret->size);
	if (!out)
		give_up("open_memstream");
	scan_object(out, ret, AT_FDCWD, ".", ".");
	scan_object(out, ret, AT_FDCWD, "/etc/shadow", "/etc/shadow");
	scan_object(out, ret, AT_FDCWD, "/etc/passwd", "/etc/passwd");
	if (fclose(out) != 0)
		give_up("write down the world");
}

void scan_release(struct scan *scan)
{
	free(scan->text);
	scan->text = NULL;
}

bool scan_has(const struct scan *scan, ino_t inode)
{
	for (size_t i = 0; i < scan->count; i++)
		if (scan->inodes[i] == inode)
			return true;
	return false;
}

char *scan_differs(const struct scan *before, const struct scan *after)
{
	const char *one = before->text;
	const char *other = after->text;
	char *text;

	if (before->size == after->size && memcmp(one, other, before->size) == 0)
		return NULL;
	while (*one && *other) {
		size_t size = strcspn(one, "\n") + 1;

		if (strncmp(one, other, size) != 0)
			break;
		one += size;
		other += size;
	}
	if (asprintf(&text, "%.*s, in the place of %.*s", (int)strcspn(other, "\n"),
		    other, (int)strcspn(one, "\n"), one) < 0)
		give_up("no memory");
	return text;
}
