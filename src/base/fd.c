/* SPDX-License-Identifier: MIT */
/* Descriptors: scoped closing, whole reads and writes, files without a name. */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/str.h"

#define BLOCK        ((size_t)32 * 1024)
#define KERNEL_BLOCK ((off_t)16 * 1024 * 1024) /* that can be interrupted in between */

void close_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd); /* Linux frees the descriptor even on an error */
	*fd = -1;
	errno = saved;
}

int steal_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

int fd_available(int fd)
{
	int size = 0;

	return ioctl(fd, FIONREAD, &size) < 0 ? 0 : size;
}

int fd_dup(int fd)
{
	return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 0);
}

DIR *fd_list(int dirfd, const char *name)
{
	CLEANUP_FD int fd =
		openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir)
		(void)steal_fd(&fd); /* the stream owns it */
	return dir;
}

const struct dirent *fd_next(DIR *dir)
{
	const struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(dir);
	} while (entry &&
		(str_equal(entry->d_name, ".") || str_equal(entry->d_name, "..")));
	return entry;
}

void close_dir(DIR **dir)
{
	int saved = errno;

	if (*dir)
		(void)closedir(*dir); /* opened for reading: nothing to lose */
	errno = saved;
}

int fd_write_all(int fd, const void *data, size_t size)
{
	const char *from = data;

	while (size > 0) {
		ssize_t n = write(fd, from, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		from += n;
		size -= (size_t)n;
	}
	return 0;
}

/* `length`: which the file has when one read has ended there, or 0. */
static int read_all(int fd, size_t length, size_t limit, struct buf *ret)
{
	size_t start = ret->len;

	for (;;) {
		size_t room;
		ssize_t n;

		if (ret->cap < ret->len + 2)
			buf_reserve(ret, 8192);
		room = ret->cap - ret->len - 1;
		n = read(fd, ret->data + ret->len, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			return 0;
		ret->len += (size_t)n;
		ret->data[ret->len] = '\0';
		if (ret->len - start > limit)
			return set_errno(EFBIG);
		if ((size_t)n == length && length < room)
			return 0;
	}
}

int fd_read_all(int fd, size_t limit, struct buf *ret)
{
	return read_all(fd, 0, limit, ret);
}

int fd_read_file(int fd, off_t size, size_t limit, struct buf *ret)
{
	size_t length = (uint64_t)size < limit ? (size_t)size : 0;

	buf_reserve(ret, length + 1); /* a byte more shows that it has grown */
	return read_all(fd, length, limit, ret);
}

/* Returns how much was copied in the kernel, where that and both file systems can. */
static off_t copy_inside(int from, int64_t at, off_t size, int to)
{
	off_t left = size;
	ssize_t n;

	/* Whatever ends it: the caller's own read and write find the same, or go on. */
	while (left > 0 &&
		(n = syscall(SYS_copy_file_range, from, &at, to, NULL,
			 left < KERNEL_BLOCK ? (size_t)left : (size_t)KERNEL_BLOCK, 0)) >
			0)
		left -= n;
	return size - left;
}

/* What was read into it may be a secret; no more of it was used. Keeps errno. */
static void wipe(char block[BLOCK], off_t used)
{
	mem_wipe(block, used < (off_t)BLOCK ? (size_t)used : BLOCK);
}

off_t fd_copy_part(int from, off_t at, off_t size, int to)
{
	char block[BLOCK];
	off_t begin = copy_inside(from, at, size, to);
	off_t done = begin;
	ssize_t n = 0;

	while (done < size) {
		off_t left = size - done;

		n = pread(from, block, left < (off_t)BLOCK ? (size_t)left : BLOCK,
			at + done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += n;
		if (fd_write_all(to, block, (size_t)n) < 0) {
			n = -1;
			break;
		}
	}
	wipe(block, done - begin);
	return n < 0 ? -1 : done;
}

int fd_copy(int from, int to)
{
	return fd_copy_part(from, 0, INT64_MAX, to) < 0 ? -1 : 0;
}

/* Reads so much at `at`, less only at the end. Returns how much, or -1. */
static ssize_t read_at(int fd, char *block, size_t size, off_t at)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, block + done, size - done, at + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* memcmp(3) of a C library may go byte by byte: half of the time of a large file. */
static bool is_same(const char *left, const char *right, size_t size)
{
	uint64_t a, b;
	size_t at = 0;

	for (; size - at >= sizeof a; at += sizeof a) {
		memcpy(&a, left + at, sizeof a);
		memcpy(&b, right + at, sizeof b);
		if (a != b)
			return false;
	}
	return memcmp(left + at, right + at, size - at) == 0;
}

/* How much to read at `at`: a block, or what is left where the length is known. */
static size_t next_size(off_t length, off_t at)
{
	return length && length - at < (off_t)BLOCK ? (size_t)(length - at) : BLOCK;
}

int fd_holds(int fd, off_t length, const void *data, size_t size)
{
	const char *text = data;
	char block[BLOCK];
	size_t at = 0, want;
	ssize_t n;
	int rc;

	if (length && (uint64_t)length != size)
		return 0;
	do {
		want = next_size(length, (off_t)at);
		n = read_at(fd, block, want, (off_t)at);
		if (n < 0)
			rc = -1;
		else
			rc = (size_t)n <= size - at &&
				is_same(block, text + at, (size_t)n);
		at += rc == 1 ? (size_t)n : 0;
	} while (rc == 1 && (size_t)n == want && (!length || at < size));
	wipe(block, length ? length : (off_t)sizeof block);
	return rc == 1 ? at == size : rc;
}

/* Returns -1 where a stop is due, else 0. */
static int go_on(struct stop *stop)
{
	return stop_is_due(stop) ? set_errno(EINTR) : 0;
}

int fd_digest(int fd, struct stop *stop, unsigned char ret[DIGEST_SIZE])
{
	struct digest digest;
	char block[BLOCK];
	off_t at = 0;
	ssize_t n;

	crypto_digest_begin(&digest);
	while ((n = go_on(stop) < 0 ? -1 : read_at(fd, block, sizeof block, at)) > 0) {
		crypto_digest_add(&digest, block, (size_t)n);
		at += n;
	}
	if (n == 0)
		crypto_digest_end(&digest, ret);
	wipe(block, n < 0 ? (off_t)sizeof block : at);
	mem_wipe(&digest, sizeof digest);
	return (int)n;
}

/* Is `other` the same as `one`, or a beginning of it? `length`: of both, or 0. */
static int compare(int one, int other, off_t length, bool beginning, struct stop *stop)
{
	char left[BLOCK], right[BLOCK];
	off_t at = 0;
	size_t want;
	ssize_t n, m;
	int rc;

	do {
		want = next_size(length, at);
		n = go_on(stop) < 0 ? -1 : read_at(one, left, want, at);
		m = n < 0 ? -1 : read_at(other, right, want, at);
		if (m < 0)
			rc = -1;
		else
			rc = (n == m || (beginning && n > m)) &&
				is_same(left, right, (size_t)m);
		at += n > m ? n : m;
	} while (rc == 1 && (size_t)m == want && (!length || at < length));
	wipe(left, rc < 0 ? (off_t)sizeof left : at);
	wipe(right, rc < 0 ? (off_t)sizeof right : at);
	return rc;
}

int fd_same(int one, off_t length, int other, off_t other_length, struct stop *stop)
{
	if (length && other_length && length != other_length)
		return 0;
	return compare(one, other, length == other_length ? length : 0, false, stop);
}

int fd_begins(int one, int other)
{
	return compare(one, other, 0, true, NULL);
}

int fd_nameless(const char *name, struct err *err)
{
	static const char *const places[] = {"/dev/shm", "/run", "/tmp"};
	CLEANUP_FD int fd = memfd_create(name, MFD_CLOEXEC);

	for (size_t i = 0; fd < 0 && i < sizeof places / sizeof *places; i++) {
		fd = open(places[i], O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
		/* The mode of a memfd: it has no name by which others could open it. */
		if (fd >= 0 && fchmod(fd, 0666) < 0)
			close_fd(&fd);
	}
	if (fd < 0)
		return err_sys(err,
			"make a file without a name: no memfd, and none in /dev/shm, "
			"/run or /tmp");
	return steal_fd(&fd);
}

int fd_named(const char *path)
{
	static const char *const standard[] = {
		"/dev/stdin", "/dev/stdout", "/dev/stderr"};
	static const char *const names[] = {"/proc/self/fd/", "/dev/fd/"};
	uint64_t fd;

	for (int i = 0; i < 3; i++)
		if (str_equal(path, standard[i]))
			return i;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_starts(path, names[i]) &&
			str_to_u64(path + strlen(names[i]), INT_MAX, &fd))
			return (int)fd;
	return -1;
}
