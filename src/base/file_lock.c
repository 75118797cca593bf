/* SPDX-License-Identifier: MIT */
/* A lock that is a file. */
#include "base/file_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/stop.h"

#define HOLDER_MAX 512
#define HOST_MAX   64 /* of Linux; HOST_NAME_MAX of musl is more */
#define SHOWN_MAX  (HOLDER_MAX + 64)
#define LOG_MS     10000

/* Returns 0 if we have it, 1 if another process has, or -1 with errno. */
static int try_lock(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	return errno == EAGAIN || errno == EACCES ? 1 : -1;
}

/* "process 7 of host 'a' (step exec:x)"; what nobody of us wrote, as it is. */
static const char *read_holder(int fd, char room[SHOWN_MAX])
{
	char text[HOLDER_MAX + 1], host[HOST_MAX + 1], pid[20];
	ssize_t size = pread(fd, text, HOLDER_MAX, 0);
	const char *word, *work;
	int at = 0;

	text[size > 0 ? size : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (!*text)
		return "an unknown process";
	(void)snprintf(room, SHOWN_MAX, "%s", text); /* it fits, and so does the other */
	_Static_assert(HOST_MAX == 64, "the host's name below");
	if (sscanf(text, "host=%64[^ ] pid=%19[0-9] %n", host, pid, &at) != 2 || at == 0)
		return room;
	word = text + at;
	work = strchr(word, '=');
	(void)snprintf(room, SHOWN_MAX, "process %s of host '%s'", pid, host);
	if (work && work[1])
		(void)snprintf(room + strlen(room), SHOWN_MAX - strlen(room),
			" (%.*s %s)", (int)(work - word), word, work + 1);
	return room;
}

/* Whoever shows what is at work shows this when it chooses; else every 10 s. */
static void log_wait(
	const struct log *log, const char *path, const char *holder, int64_t *log_ms)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_printf(&text, "waiting for the lock '%s', which is held by %s", path, holder);
	log_at_work(log, text.data);
	log_progress(log, "%s", text.data);
	if (log->at_work || clock_ms() < *log_ms)
		return;
	log_info(log, "%s", text.data);
	*log_ms += LOG_MS;
}

static int wait_for(int fd, const char *path, struct stop *stop, const struct log *log,
	struct err *err)
{
	int64_t log_ms = clock_ms() + LOG_MS;
	int64_t delay_ms = 5;
	char holder[SHOWN_MAX];
	int rc;

	do {
		if (stop_sleep(stop, delay_ms, err) < 0)
			return err_append(err,
				" while waiting for the lock '%s', which is held by %s",
				path, read_holder(fd, holder));
		if (delay_ms < 200)
			delay_ms *= 2;
		log_wait(log, path, read_holder(fd, holder), &log_ms);
	} while ((rc = try_lock(fd)) == 1);
	return rc == 0 ? 0 : 1;
}

int file_lock_wait(int fd, const char *path, struct stop *stop, const struct log *log,
	struct err *err)
{
	int rc = try_lock(fd);

	if (rc != 1)
		return rc == 0 ? 0 : 1;
	rc = wait_for(fd, path, stop, log, err);
	log_progress_end(log);
	return rc;
}

void file_lock_sign(int fd, const char *word, const char *work)
{
	char host[HOST_MAX + 1] = "";
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
