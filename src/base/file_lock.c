/* SPDX-License-Identifier: MIT */
/* A lock that is a file. */
#include "base/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/stop.h"

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

int file_lock_wait(int fd, const char *path, struct stop *stop, const struct log *log,
	struct err *err)
{
	int64_t log_ms = clock_ms() + LOG_MS;
	int64_t delay_ms = 5;
	int rc;

	while ((rc = try_lock(fd)) == 1) {
		if (stop_sleep(stop, delay_ms, err) < 0)
			return -1;
		if (delay_ms < 200)
			delay_ms *= 2;
		if (clock_ms() < log_ms)
			continue;
		log_wait(fd, path, log);
		log_ms += LOG_MS;
	}
	return rc == 0 ? 0 : 1;
}

void file_lock_sign(int fd, const char *word, const char *work)
{
	char host[HOST_NAME_MAX + 1] = "";
	char text[HOLDER_MAX];
	int size;

	if (gethostname(host, sizeof host - 1) < 0)
		host[0] = '\0';
	size = snprintf(text, sizeof text, "host=%s pid=%ld %s=%s\n", host,
		(long)getpid(), word, work ? work : "");
	if (size < 0)
		return;
	/* In this order there is always a name to read, up to its newline. */
	size = (int)strlen(text);
	if (pwrite(fd, text, (size_t)size, 0) == size)
		(void)!ftruncate(fd, size);
}

void file_lock_release(int *fd)
{
	if (*fd < 0)
		return;
	/* The name of the last holder would only mislead. */
	(void)!ftruncate(*fd, 0);
	close_fd(fd);
}
