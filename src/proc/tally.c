/* SPDX-License-Identifier: MIT */
/* Processes that a message is about. */
#include "proc/tally.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/str.h"
#include "proc/procfs.h"

void tally_name(pid_t pid, char ret[TALLY_NAME_SIZE])
{
	CLEANUP_FD int fd = -1;
	char path[32];
	ssize_t size;

	*ret = '\0';
	if (!procfs_is_ours())
		return;
	(void)snprintf(path, sizeof path, "/proc/%d/comm", (int)pid); /* it fits */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	size = fd < 0 ? 0 : read(fd, ret, TALLY_NAME_SIZE);
	ret[size > 0 ? size - 1 : 0] = '\0'; /* for its newline */
}

void tally_add(struct tally *tally, const char *name)
{
	tally->count++;
	if (!*name || tally->names_count > TALLY_NAMES_MAX)
		return;
	for (size_t i = 0; i < tally->names_count; i++)
		if (str_equal(tally->names[i], name))
			return;
	if (tally->names_count < TALLY_NAMES_MAX)
		memcpy(tally->names[tally->names_count], name, TALLY_NAME_SIZE);
	tally->names_count++;
}

const char *tally_text(const struct tally *tally, char room[TALLY_TEXT_MAX])
{
	size_t count = tally->names_count;
	int at = snprintf(room, TALLY_TEXT_MAX, "%zu process%s", tally->count,
		tally->count == 1 ? "" : "es"); /* all of it fits */

	for (size_t i = 0; i < count && i < TALLY_NAMES_MAX; i++)
		at += snprintf(room + at, TALLY_TEXT_MAX - (size_t)at, "%s%s",
			i ? ", " : " (", tally->names[i]);
	if (count)
		(void)snprintf(room + at, TALLY_TEXT_MAX - (size_t)at, "%s",
			count > TALLY_NAMES_MAX ? ", …)" : ")");
	return room;
}
