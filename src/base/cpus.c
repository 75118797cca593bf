/* SPDX-License-Identifier: MIT */
/* How many processors we may use. */
#include "base/cpus.h"

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/str.h"

#define FILE_MAX ((size_t)64 * 1024)

static unsigned affinity(void)
{
	cpu_set_t set; /* of 1,024: with more of them the call fails */
	int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;

	return count > 0 ? (unsigned)count : 1;
}

static bool read_text(const char *path, struct buf *ret)
{
	CLEANUP_FD int fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	buf_truncate(ret, 0);
	return fd >= 0 && fd_read_all(fd, FILE_MAX, ret) == 0;
}

/* Takes a number off the front of a text, and the space or newline behind it. */
static bool take_number(const char **text, uint64_t *ret)
{
	size_t size = str_digits(*text);
	char digits[20];

	if (!size || size >= sizeof digits)
		return false;
	memcpy(digits, *text, size);
	digits[size] = '\0';
	*text += size;
	*text += **text == ' ' || **text == '\n';
	return str_to_u64(digits, UINT64_MAX, ret);
}

static void limit(unsigned *count, uint64_t quota, uint64_t period)
{
	uint64_t most = period ? quota / period + (quota % period != 0) : 0;

	if (most < *count && period)
		*count = most ? (unsigned)most : 1;
}

/* "150000 100000", or "max 100000". */
static void limit_by_max(unsigned *count, const char *dir, struct buf *text)
{
	CLEANUP_BUF struct buf path = BUF_INIT;
	uint64_t quota, period;
	const char *at;

	buf_printf(&path, "%s/cpu.max", dir);
	if (!read_text(path.data, text))
		return;
	at = text->data;
	if (take_number(&at, &quota) && take_number(&at, &period))
		limit(count, quota, period);
}

/* Two files; a quota of -1 is none. */
static void limit_by_quota(unsigned *count, const char *dir, struct buf *text)
{
	static const char *const names[] = {"quota", "period"};
	uint64_t numbers[2];

	for (size_t i = 0; i < 2; i++) {
		CLEANUP_BUF struct buf path = BUF_INIT;
		const char *at;

		buf_printf(&path, "%s/cpu.cfs_%s_us", dir, names[i]);
		if (!read_text(path.data, text))
			return;
		at = text->data;
		if (!take_number(&at, &numbers[i]))
			return;
	}
	limit(count, numbers[0], numbers[1]);
}

/*
 * In the group and in all above it, as far as they are there: in a namespace of its own
 * a container's group is the top, whatever its path is elsewhere.
 */
static void limit_by_groups(unsigned *count, const char *mount, const char *group,
	size_t size, void (*limit_by)(unsigned *count, const char *dir, struct buf *text))
{
	CLEANUP_BUF struct buf dir = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_puts(&dir, mount);
	buf_add(&dir, group, size);
	for (;;) {
		const char *slash = strrchr(dir.data, '/');

		limit_by(count, dir.data, &text);
		if (dir.len <= strlen(mount) || !slash)
			return;
		buf_truncate(&dir, (size_t)(slash - dir.data));
	}
}

/* Is "cpu" one of the controllers of a line of the first version ("4:cpu,cpuacct:/x")? */
static bool has_cpu(const char *controllers, size_t size)
{
	for (size_t at = 0; at < size;) {
		size_t length = strcspn(controllers + at, ",:");

		if (length == strlen("cpu") && memcmp(controllers + at, "cpu", 3) == 0)
			return true;
		at += length + 1;
	}
	return false;
}

unsigned cpus_available(const char *root)
{
	CLEANUP_BUF struct buf path = BUF_INIT, text = BUF_INIT;
	unsigned count = affinity();

	buf_printf(&path, "%s/proc/self/cgroup", root);
	if (!read_text(path.data, &text))
		return count;
	for (const char *line = text.data; *line;) {
		size_t size = strcspn(line, "\n");
		const char *controllers = memchr(line, ':', size);
		const char *group = controllers
			? memchr(controllers + 1, ':',
				  size - (size_t)(controllers + 1 - line))
			: NULL;
		size_t width = group ? size - (size_t)(group + 1 - line) : 0;

		buf_truncate(&path, 0);
		buf_printf(&path, "%s/sys/fs/cgroup", root);
		if (group && group == controllers + 1) {
			limit_by_groups(
				&count, path.data, group + 1, width, limit_by_max);
		} else if (group &&
			has_cpu(controllers + 1, (size_t)(group - controllers - 1))) {
			buf_puts(&path, "/cpu");
			limit_by_groups(
				&count, path.data, group + 1, width, limit_by_quota);
		}
		line += size + (line[size] == '\n');
	}
	return count;
}
