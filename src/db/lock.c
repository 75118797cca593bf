/* SPDX-License-Identifier: MIT */
/* The lock beside a database. */
#include "db/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/file_lock.h"
#include "base/fs_check.h"
#include "base/fs_error.h"
#include "base/log.h"
#include "db/db.h"
#include "db/inspect.h"

/* It will be written, so it must not be another file. */
static int raise_open(
	const struct files *files, const char *name, const char *path, struct err *err)
{
	int code = errno;
	struct stat st;
	bool exists = fstatat(files->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;

	errno = code;
	if (exists && !files_accept(files, &st))
		files_refuse(files, &st, path, err);
	else if (exists)
		fs_raise_open(err, files->dirfd, name, path);
	else
		fs_raise_unchanged(err, files->dirfd, "create", path);
	return err_prefix(err, "the lock");
}

/* Writes its name in the directory, and its path. */
static void name_lock(const struct db_spec *spec, const struct inspection *inspection,
	char ret_name[300], char ret_path[PATH_MAX])
{
	size_t directory = strlen(spec->path) - strlen(inspection->entry.name);

	(void)snprintf(
		ret_name, 300, ".%s.lock", inspection->entry.name); /* a name has 255 */
	(void)snprintf(
		ret_path, PATH_MAX, "%.*s%s", (int)directory, spec->path, ret_name);
}

int lock_check(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err)
{
	int dirfd = inspection->entry.dirfd;
	char name[300], path[PATH_MAX];
	int rc;

	name_lock(spec, inspection, name, path);
	rc = fs_check_write(dirfd, name, path, err);
	if (rc == 1)
		rc = fs_check_create(dirfd, "create", path, err);
	return rc < 0 ? err_prefix(err, "the lock") : 0;
}

int lock_take(const struct db_spec *spec, const struct inspection *inspection,
	int *ret_fd, struct err *err)
{
	struct files files = inspect_files(inspection);
	CLEANUP_FD int fd = -1;
	char name[300], path[PATH_MAX];
	int rc;

	name_lock(spec, inspection, name, path);
	fd = files_open_or_create(&files, name, O_RDWR, 0600, inspection->st.st_gid);
	if (fd < 0)
		return raise_open(&files, name, path, err);
	rc = file_lock_wait(fd, path, spec->stop, spec->ledger.log, err);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		file_lock_sign(fd, "step", spec->step);
		*ret_fd = steal_fd(&fd);
	} else {
		log_debug(spec->ledger.log,
			"no lock on '%s': %s; the transaction is enough", path,
			strerror(errno));
	}
	return 0;
}

void lock_release(int *fd)
{
	file_lock_release(fd);
}
