/* SPDX-License-Identifier: MIT */
/* Whether a program may be run with our rights, or with those of a user. */
#include "base/fs_may_run.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs_writer.h"

int fs_may_run(const struct fs *fs, const char *path, uid_t user, struct stat *ret,
	struct err *err)
{
	CLEANUP_BUF struct buf who = BUF_INIT;
	struct fs_writer writer;
	struct stat st;
	int rc = fs_find_writer(fs, path, &writer, &st, err);

	if (rc != 0)
		return rc;
	if (!fs_writer_is(&writer, user)) {
		fs_writer_text(&writer, &who);
		return err_fail(err,
			"'%s' (%u:%u, %04o) can be changed by %s, and %s would be run as "
			"user %u: %s, or mount it read-only",
			path, st.st_uid, st.st_gid, (unsigned)(st.st_mode & 07777),
			who.data, S_ISDIR(st.st_mode) ? "what is in it" : "it", user,
			fs_writer_advice(&writer, NULL));
	}
	*ret = st;
	return 0;
}
