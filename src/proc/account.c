/* SPDX-License-Identifier: MIT */
/* The account of the application. */
#include "proc/account.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/file_lock.h"
#include "base/fs.h"
#include "base/fs_check.h"
#include "base/fs_in_place.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/passwd.h"

#define DIRECTORY       "/etc"
#define LOCK            DIRECTORY "/.pwd.lock"
#define TEXT_MAX        ((size_t)64 * 1024 * 1024)
#define NAME_MAX_LENGTH 32 /* as useradd(8) has it */
#define GROUP_FIELDS    4
#define LETTERS         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static const char *const paths[] = {PASSWD_FILE, PASSWD_GROUPS};

int account_parse(
	const char *text, struct arena *arena, struct account *ret, struct err *err)
{
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;

	if (!colon)
		return err_config(err,
			"'%s' is not of the form NAME:HOME, as in git:/data/git", text);
	if (length == 0 || length > NAME_MAX_LENGTH || !strchr(LETTERS, *text) ||
		strspn(text, LETTERS "0123456789.-") != length)
		return err_config(
			err, "'%.*s' is no name of an account", (int)length, text);
	if (length == strlen("root") && memcmp(text, "root", length) == 0)
		return err_config(err, "root keeps its number");
	if (colon[1] != '/' || strchr(colon + 1, ':'))
		return err_config(
			err, "'%s' is no absolute path without a colon", colon + 1);
	for (const char *at = colon + 1; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return err_config(err, "the home has a control character");
	ret->name = arena_printf(arena, "%.*s", (int)length, text);
	ret->home = arena_strdup(arena, colon + 1);
	return 0;
}

/* ---- the text ---- */

/* What the fields are to be; NULL: as they are. */
struct fields {
	const char *want[PASSWD_FIELDS];
	size_t count;
	char uid[16], gid[16];
};

static void find_fields(
	enum account_file file, const struct account *entry, struct fields *ret)
{
	*ret = (struct fields){.count = PASSWD_FIELDS};
	(void)snprintf(ret->uid, sizeof ret->uid, "%u", (unsigned)entry->uid);
	(void)snprintf(ret->gid, sizeof ret->gid, "%u", (unsigned)entry->gid);
	if (file == ACCOUNT_PASSWD) {
		ret->want[PASSWD_ID] = ret->uid;
		ret->want[PASSWD_GROUP] = ret->gid;
		ret->want[PASSWD_HOME] = entry->home;
	} else {
		ret->want[PASSWD_ID] = ret->gid;
		ret->count = GROUP_FIELDS;
	}
}

static size_t count_fields(const char *line, size_t size)
{
	size_t count = 1;

	for (size_t i = 0; i < size; i++)
		count += line[i] == ':';
	return count;
}

/* Appends the line with its new fields. Returns 0, or -1 where it is root's. */
static int put_line(const char *line, size_t size, const struct fields *fields,
	struct buf *ret, struct err *err)
{
	const char *end = line + size;

	for (size_t i = 0; i < fields->count; i++) {
		const char *colon = memchr(line, ':', (size_t)(end - line));
		size_t length = (size_t)((colon ? colon : end) - line);

		if (i == PASSWD_ID && length == strspn(line, "0") && length > 0)
			return err_fail(err, "it is root's by its number");
		if (fields->want[i])
			buf_puts(ret, fields->want[i]);
		else
			buf_add(ret, line, length);
		if (i + 1 < fields->count)
			buf_puts(ret, ":");
		line += length + 1;
	}
	return 0;
}

/* Nobody can log in with a password. */
static void put_new(enum account_file file, const struct account *entry,
	const struct fields *fields, struct buf *ret)
{
	if (file == ACCOUNT_PASSWD)
		buf_printf(ret, "%s:*:%s:%s::%s:/bin/sh\n", entry->name, fields->uid,
			fields->gid, entry->home);
	else
		buf_printf(ret, "%s:x:%s:\n", entry->name, fields->gid);
}

/* One line of the name: the only one, and a whole one. */
static int check_line(const char *line, size_t size, int number, int before,
	const struct fields *fields, struct err *err)
{
	size_t count = count_fields(line, size);

	if (before)
		return err_fail(err, "line %d and line %d are entries of one name",
			before, number);
	if (count != fields->count)
		return err_fail(err, "line %d has %zu fields, where %zu belong", number,
			count, fields->count);
	return 0;
}

int account_edit(enum account_file file, const struct buf *text,
	const struct account *entry, struct buf *ret, struct err *err)
{
	size_t length = strlen(entry->name);
	const char *at = text->data;
	const char *end = at + text->len;
	struct fields fields;
	int found = 0;
	size_t nis = SIZE_MAX; /* where its entries begin in `ret` */

	find_fields(file, entry, &fields);
	if (memchr(text->data, '\0', text->len))
		return err_fail(err, "it holds a NUL byte");
	for (int number = 1; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t size = (size_t)((newline ? newline : end) - at);

		if (nis == SIZE_MAX && size && (*at == '+' || *at == '-'))
			nis = ret->len;
		if (size > length && at[length] == ':' &&
			memcmp(at, entry->name, length) == 0) {
			if (check_line(at, size, number, found, &fields, err) < 0 ||
				put_line(at, size, &fields, ret, err) < 0)
				return -1;
			found = number;
		} else {
			buf_add(ret, at, size);
		}
		if (newline || !found)
			buf_puts(ret, "\n");
		at += size + 1;
	}
	if (!found) {
		CLEANUP_BUF struct buf rest = BUF_INIT;

		if (nis != SIZE_MAX) {
			buf_add(&rest, ret->data + nis, ret->len - nis);
			buf_truncate(ret, nis);
		}
		put_new(file, entry, &fields, ret);
		buf_add(ret, rest.data, rest.len);
	}
	return ret->len != text->len || memcmp(ret->data, text->data, text->len) != 0;
}

/* ---- the files ---- */

/* What one of them is to become. */
struct change {
	bool due;
	struct buf text;
	struct fs_attr attr;
};

/* Reads it, and finds what it is to become. */
static int find_change(const struct fs *fs, enum account_file file,
	const struct account *entry, struct change *ret, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_FD int fd = -1;
	struct stat st = {.st_mode = 0644, .st_uid = FS_INHERIT};
	int rc;

	st.st_gid = (gid_t)FS_INHERIT;
	if ((file == ACCOUNT_PASSWD ? entry->uid : entry->gid) == 0)
		return 0;
	rc = fs_open_file(fs, paths[file], FS_TARGET, &fd, &st, err);
	if (rc == 0 && fd_read_all(fd, TEXT_MAX, &text) < 0)
		rc = err_sys(err, "read '%s'", paths[file]);
	if (rc < 0)
		return -1;
	ret->attr = (struct fs_attr){
		.mode = st.st_mode & 07777, .uid = st.st_uid, .gid = st.st_gid};
	rc = account_edit(file, &text, entry, &ret->text, err);
	ret->due = rc == 1;
	return rc < 0 ? err_prefix(err, "'%s': the entry '%s'", paths[file], entry->name)
		      : 0;
}

static int find_changes(const struct fs *fs, const struct account *entry,
	struct change changes[2], struct err *err)
{
	for (int file = ACCOUNT_PASSWD; file <= ACCOUNT_GROUP; file++) {
		buf_truncate(&changes[file].text, 0);
		if (find_change(fs, (enum account_file)file, entry, &changes[file], err) <
			0)
			return -1;
	}
	return changes[0].due || changes[1].due;
}

/* Could the lock be opened, and made where it is missing? */
static int check_lock(struct err *err)
{
	CLEANUP_FD int dirfd = -1;
	int rc = fs_check_write(AT_FDCWD, LOCK, LOCK, err);

	if (rc <= 0)
		return rc;
	dirfd = open(DIRECTORY, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return err_sys(err, "open '%s'", DIRECTORY);
	return fs_check_create(dirfd, "create", LOCK, err);
}

/* Could we do all that is due, as far as our rights and what is mounted there say? */
static int check_rights(
	const struct fs *fs, const struct change changes[2], struct err *err)
{
	if (check_lock(err) < 0)
		return -1;
	for (int file = ACCOUNT_GROUP; file >= ACCOUNT_PASSWD; file--)
		if (changes[file].due &&
			(fs_check_make(fs, "replace", paths[file], err) < 0 ||
				fs_check_fix(fs, paths[file], err) < 0))
			return -1;
	return 0;
}

/* That of lckpwdf(3), which the C library of the static build has not. */
static int lock(int *ret, struct stop *stop, const struct log *log, struct err *err)
{
	struct stat st;
	int fd = open(LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	*ret = fd;
	if (fd < 0)
		return err_sys(err, "open '%s'", LOCK);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_fail(err, "'%s' is no file", LOCK);
	/* Where there are no locks, nobody has one. */
	return file_lock_wait(fd, LOCK, stop, log, err) < 0 ? -1 : 0;
}

/* The group first: a user is not to have a group without a name. */
static int write_changes(struct fs *fs, const struct account *entry,
	struct change changes[2], struct err *err)
{
	enum fs_outcome outcome;

	for (int file = ACCOUNT_GROUP; file >= ACCOUNT_PASSWD; file--)
		if (fs_in_place_finish(fs, paths[file], err) < 0)
			return -1;
	if (find_changes(fs, entry, changes, err) < 0)
		return -1;
	for (int file = ACCOUNT_GROUP; file >= ACCOUNT_PASSWD; file--)
		if (changes[file].due &&
			fs_write(fs, paths[file], changes[file].text.data,
				changes[file].text.len, &changes[file].attr, true,
				&outcome, err) < 0)
			return -1;
	return 1;
}

static bool may_not(const struct err *err)
{
	return err->code == EROFS || err->code == EACCES || err->code == EPERM ||
		err->code == ENOENT; /* no /etc */
}

int account_differs(const struct fs *fs, const struct account *entry, struct err *err)
{
	struct change changes[2] = {{.text = BUF_INIT}, {.text = BUF_INIT}};
	int rc = find_changes(fs, entry, changes, err);

	if (rc > 0 && check_rights(fs, changes, err) < 0)
		rc = -1;
	buf_release(&changes[0].text);
	buf_release(&changes[1].text);
	return rc < 0 && may_not(err) ? 2 : rc;
}

int account_make(struct fs *fs, const struct account *entry, struct stop *stop,
	const struct log *log, struct err *err)
{
	struct change changes[2] = {{.text = BUF_INIT}, {.text = BUF_INIT}};
	int locked = -1;
	int rc = find_changes(fs, entry, changes, err);

	/* Before anything is opened: it says more than open(2) would. */
	if (rc > 0 && check_rights(fs, changes, err) < 0)
		rc = -1;
	if (rc > 0)
		rc = lock(&locked, stop, log, err);
	if (locked >= 0 && rc == 0)
		rc = write_changes(fs, entry, changes, err);
	file_lock_release(&locked);
	buf_release(&changes[0].text);
	buf_release(&changes[1].text);
	return rc < 0 && may_not(err) ? 2 : rc;
}
