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
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_check.h"
#include "base/fs_error.h"
#include "base/log.h"
#include "base/stop.h"
#include "db/db.h"
#include "db/inspect.h"

#define HOLDER_MAX 512
#define LOG_MS     10000

/* Returns 0 if we have it, 1 if another process has, or -1 with errno. */
static int try_lock(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	return errno == EAGAIN || errno == EACCES ? 1 : -1;
}

static void log_wait(int fd, const char *path, const struct log *log)
{
	char holder[HOLDER_MAX + 1];
	ssize_t size = pread(fd, holder, HOLDER_MAX, 0);

	holder[size > 0 ? size : 0] = '\0';
	holder[strcspn(holder, "\n")] = '\0';
	log_info(log, "waiting for the lock '%s', which is held by %s", path,
		*holder ? holder : "an unknown process");
}

static int wait_lock(
	int fd, const char *path, const struct db_spec *spec, struct err *err)
{
	int64_t log_ms = clock_ms() + LOG_MS;
	int64_t delay_ms = 5;
	int rc;

	while ((rc = try_lock(fd)) == 1) {
		if (stop_sleep(spec->stop, delay_ms, err) < 0)
			return -1;
		if (delay_ms < 200)
			delay_ms *= 2;
		if (clock_ms() < log_ms)
			continue;
		log_wait(fd, path, spec->log);
		log_ms += LOG_MS;
	}
	if (rc == 0)
		return 0;
	log_debug(spec->log, "no lock on '%s': %s; the transaction is enough", path,
		strerror(errno));
	return 1;
}

/* For those who wait; if it cannot be written, they log less. */
static void write_holder(int fd, const char *step)
{
	char host[HOST_NAME_MAX + 1] = "";
	char text[HOLDER_MAX];
	int size;

	if (gethostname(host, sizeof host - 1) < 0)
		host[0] = '\0';
	size = snprintf(text, sizeof text, "host=%s pid=%ld step=%s\n", host,
		(long)getpid(), step ? step : "");
	if (size < 0 || ftruncate(fd, 0) < 0)
		return;
	(void)!pwrite(fd, text, strlen(text), 0);
}

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
		fs_raise(err, files->dirfd, "create", path);
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
	rc = wait_lock(fd, path, spec, err);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		write_holder(fd, spec->step);
		*ret_fd = steal_fd(&fd);
	}
	return 0;
}

void lock_release(int *fd)
{
	if (*fd < 0)
		return;
	/* The name of the last holder would only mislead. */
	(void)!ftruncate(*fd, 0);
	close_fd(fd);
}
