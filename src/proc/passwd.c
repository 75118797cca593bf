/* SPDX-License-Identifier: MIT */
/* Reading /etc/passwd and /etc/group. */
#include "proc/passwd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"

#define NUMBER_MAX ((uint64_t)UINT32_MAX - 1)

int passwd_open(struct passwd_file *file, const char *path, struct err *err)
{
	CLEANUP_FD int fd =
		openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st = {0};

	file->path = path;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode))
		return err_fail(err, "'%s' is a pipe, not a file", path);
	if (fd < 0 && errno != ENOENT && errno != ENOTDIR && errno != EACCES)
		return err_sys(err, "open '%s'", path);
	if (fd < 0)
		file->missing = errno;
	else if (fd_read_file(fd, st.st_size, PASSWD_SIZE_MAX, &file->text) < 0)
		return err_sys(err, "read '%s'", path);
	file->next = file->text.data;
	return 0;
}

void passwd_release(struct passwd_file *file)
{
	buf_release(&file->text);
}

/*
 * Cuts a line at its colons; the last field has the rest. A NUL byte in it would end a
 * field, and a number, too early: such a line has no field but its name.
 */
static void split(char *line, size_t size, struct passwd_entry *ret)
{
	bool torn = memchr(line, '\0', size) != NULL;
	char *rest = line;

	line[size] = '\0';
	for (size_t i = 0; i < PASSWD_FIELDS; i++) {
		char *colon = i + 1 < PASSWD_FIELDS ? strchr(rest, ':') : NULL;

		ret->field[i] = i > 0 && torn ? "" : rest;
		if (colon)
			*colon++ = '\0';
		rest = colon ? colon : rest + strlen(rest);
	}
}

bool passwd_next(struct passwd_file *file, struct passwd_entry *ret)
{
	char *end = file->text.data + file->text.len;

	while (file->next && file->next < end) {
		char *line = file->next;
		char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t size = (size_t)((newline ? newline : end) - line);

		file->next = newline ? newline + 1 : end;
		file->line++;
		if (size == 0 || strchr("#+-", *line))
			continue;
		ret->line = file->line;
		split(line, size, ret);
		return true;
	}
	return false;
}

bool passwd_find_name(
	struct passwd_file *file, const char *name, struct passwd_entry *ret)
{
	while (passwd_next(file, ret))
		if (str_equal(ret->field[PASSWD_NAME], name))
			return true;
	return false;
}

bool passwd_find_id(struct passwd_file *file, uint32_t id, struct passwd_entry *ret)
{
	uint32_t found;

	while (passwd_next(file, ret))
		if (passwd_parse_number(ret->field[PASSWD_ID], &found) && found == id)
			return true;
	return false;
}

/* Blanks around a member are not the name's, as for glibc; nor is a CR. */
bool passwd_lists(const struct passwd_entry *entry, const char *name)
{
	const char *rest = entry->field[PASSWD_MEMBERS];
	size_t length = strlen(name);

	while (*rest) {
		size_t size = strcspn(rest, ",");
		const char *end = rest + size;

		while (rest < end && str_is_space(*rest))
			rest++;
		while (end > rest && str_is_space(end[-1]))
			end--;
		if ((size_t)(end - rest) == length && memcmp(rest, name, length) == 0)
			return true;
		rest = end + strcspn(end, ",");
		rest += *rest == ',';
	}
	return false;
}

bool passwd_parse_number(const char *text, uint32_t *ret)
{
	uint64_t number;

	if (!str_to_u64(text, NUMBER_MAX, &number))
		return false;
	*ret = (uint32_t)number;
	return true;
}

int passwd_number(const struct passwd_file *file, const struct passwd_entry *entry,
	enum passwd_field field, const char *what, uint32_t *ret, struct err *err)
{
	if (passwd_parse_number(entry->field[field], ret))
		return 0;
	err_config(err,
		"the %s number of '%s' is '%s', but digits alone, up to %llu, make one",
		what, entry->field[PASSWD_NAME], entry->field[field],
		(unsigned long long)NUMBER_MAX);
	return err_at(err, (struct place){.file = file->path, .line = entry->line});
}
