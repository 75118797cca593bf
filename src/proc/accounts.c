/* SPDX-License-Identifier: MIT */
/* Reading /etc/passwd and /etc/group. */
#include "proc/accounts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"

#define FILE_MAX   ((size_t)64 * 1024 * 1024)
#define NUMBER_MAX ((uint64_t)UINT32_MAX - 1)

int accounts_open(struct accounts *file, const char *path, struct err *err)
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
	else if (fd_read_file(fd, st.st_size, FILE_MAX, &file->text) < 0)
		return err_sys(err, "read '%s'", path);
	file->next = file->text.data;
	return 0;
}

void accounts_release(struct accounts *file)
{
	buf_release(&file->text);
}

/*
 * Cuts a line at its colons; the last field has the rest. A NUL byte in it would end a
 * field, and a number, too early: such a line has no field but its name.
 */
static void split(char *line, size_t size, struct account *ret)
{
	bool torn = memchr(line, '\0', size) != NULL;
	char *rest = line;

	line[size] = '\0';
	for (size_t i = 0; i < ACCOUNT_FIELDS; i++) {
		char *colon = i + 1 < ACCOUNT_FIELDS ? strchr(rest, ':') : NULL;

		ret->field[i] = i > 0 && torn ? "" : rest;
		if (colon)
			*colon++ = '\0';
		rest = colon ? colon : rest + strlen(rest);
	}
}

bool accounts_next(struct accounts *file, struct account *ret)
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

bool accounts_find_name(struct accounts *file, const char *name, struct account *ret)
{
	while (accounts_next(file, ret))
		if (str_equal(ret->field[ACCOUNT_NAME], name))
			return true;
	return false;
}

bool accounts_find_id(struct accounts *file, uint32_t id, struct account *ret)
{
	uint32_t found;

	while (accounts_next(file, ret))
		if (account_number(ret->field[ACCOUNT_ID], &found) && found == id)
			return true;
	return false;
}

/* Blanks around a member are not the name's, as for glibc; nor is a CR. */
bool account_lists(const struct account *entry, const char *name)
{
	const char *rest = entry->field[ACCOUNT_MEMBERS];
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

bool account_number(const char *text, uint32_t *ret)
{
	uint64_t number;

	if (!str_to_u64(text, NUMBER_MAX, &number))
		return false;
	*ret = (uint32_t)number;
	return true;
}

int accounts_number(const struct accounts *file, const struct account *entry,
	enum account_field field, const char *what, uint32_t *ret, struct err *err)
{
	if (account_number(entry->field[field], ret))
		return 0;
	err_config(err,
		"the %s number of '%s' is '%s', but digits alone, up to %llu, make one",
		what, entry->field[ACCOUNT_NAME], entry->field[field],
		(unsigned long long)NUMBER_MAX);
	return err_at(err, (struct place){.file = file->path, .line = entry->line});
}
