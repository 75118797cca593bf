/* SPDX-License-Identifier: MIT */
/* Errors of the file system, with what a person needs to act on them. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_internal.h"

static const char *advice(int code)
{
	switch (code) {
	case EACCES:
	case EPERM:
		return "; give that user access (owner, group or fsGroup), or use "
		       "another path";
	case EROFS:
		return "; mount a writable volume there";
	case ENOSPC:
	case EDQUOT:
		return "; nothing was changed there, make room and start again";
	default:
		return "";
	}
}

int fs_raise(struct err *err, int dirfd, const char *what, const char *path)
{
	int code = errno;
	struct stat st;
	bool denied = code == EACCES || code == EPERM;

	if (denied && dirfd >= 0 && fstat(dirfd, &st) == 0)
		return err_code(err, code,
			"%s '%s': %s: its directory belongs to %u:%u with mode %04o, and "
			"we are %u:%u%s",
			what, path, strerror(code), st.st_uid, st.st_gid,
			(unsigned)(st.st_mode & 07777), geteuid(), getegid(),
			advice(code));
	return err_code(
		err, code, "%s '%s': %s%s", what, path, strerror(code), advice(code));
}
