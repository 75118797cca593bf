/* SPDX-License-Identifier: MIT */
/* Was a database closed that a command has made? */
#include "step/exec_closed.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_scratch.h"
#include "base/sidecar.h"

/* Has the file of that ending a first byte other than 0? As SQLite asks of a journal. */
static bool begins(const struct fs_scratch *scratch, const char *ending)
{
	CLEANUP_BUF struct buf name = BUF_INIT;
	CLEANUP_FD int fd = -1;
	char first = 0;

	buf_printf(&name, "%s%s", scratch->name, ending);
	fd = openat(fs_scratch_where(scratch), name.data,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd >= 0 && read(fd, &first, 1) == 1 && first;
}

/* What says that a database was not closed, and what is said of it. */
static const struct {
	const char *sidecar;
	const char *text; /* behind which is what was to be made, … */
	const char *rest;
} unclosed[] = {
	{SIDECAR_WAL, "the command did not close the database that was to become",
		"and what is in its '-wal' would be lost; let it close it, or end with "
		"PRAGMA wal_checkpoint(TRUNCATE)"},
	{SIDECAR_JOURNAL,
		"the command left a transaction half done in the database that was to "
		"become",
		"as its '-journal' shows; let it commit, and close it"},
};

int exec_check_closed(const struct fs_scratch *scratch, struct err *err)
{
	for (size_t i = 0; i < sizeof unclosed / sizeof *unclosed; i++)
		if (begins(scratch, unclosed[i].sidecar))
			return err_fail(err, "%s '%s', %s", unclosed[i].text,
				scratch->target, unclosed[i].rest);
	return 0;
}
