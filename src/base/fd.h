/* SPDX-License-Identifier: MIT */
/*
 * Descriptors: closing them when a scope ends, reading and writing all of something.
 *
 *	CLEANUP_FD int fd = open(…);
 *	…
 *	keeper->fd = steal_fd(&fd);	now it is the keeper's
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

struct buf;
struct err;
struct stop;

/* Sets errno and returns -1. */
static inline int set_errno(int code)
{
	errno = code;
	return -1;
}

/* Closes it unless it is -1, which it is then. Keeps errno. */
void close_fd(int *fd);
#define CLEANUP_FD __attribute__((cleanup(close_fd)))

/* Returns the descriptor, and leaves -1 in its place: for handing it over. */
int steal_fd(int *fd);

/* Closes all descriptors but stderr and those in `keep`, in which -1 is skipped. */
void fds_close_others(const int *keep, size_t count);

/* How many bytes of a pipe or of inotify(7) can be read by now; 0 if that fails. */
int fd_available(int fd);

/*
 * A second descriptor, close-on-exec, of the same open file; or -1 with errno set. One
 * system call: a C library may make two of F_DUPFD_CLOEXEC, and of open(2) with
 * O_CLOEXEC, but not of openat(2).
 */
int fd_dup(int fd);

/*
 * Opens the directory `name` in `dirfd`, and not where a link of that name leads, to list
 * it. Returns a stream for CLEANUP_DIR, or NULL with errno.
 */
DIR *fd_list(int dirfd, const char *name);

/*
 * Returns the stream's next entry that is neither "." nor "..", or NULL: with errno 0 at
 * its end, else where it cannot be read.
 */
const struct dirent *fd_next(DIR *dir);

/* Closes it unless it is NULL. Keeps errno. */
void close_dir(DIR **dir);
#define CLEANUP_DIR __attribute__((cleanup(close_dir)))

/*
 * Writes all of it, going on after EINTR and short writes. Returns 0, or -1 with errno
 * set.
 */
int fd_write_all(int fd, const void *data, size_t size);

/*
 * Reads to the end of the file and appends it to `ret`. Returns 0, or -1 with errno set,
 * EFBIG for more than `limit` bytes; what was read by then stays in `ret`.
 */
int fd_read_all(int fd, size_t limit, struct buf *ret);

/*
 * The same of a file that fstat(2) says to have `size` bytes: where one read gives just
 * these, it has ended.
 */
int fd_read_file(int fd, off_t size, size_t limit, struct buf *ret);

/*
 * Writes all that the file `from` holds, from its beginning, to `to`. Returns 0, or -1
 * with errno set.
 */
int fd_copy(int from, int to);

/*
 * The same of `size` bytes from `at` on, or of those that are there. Returns how many
 * they were, or -1.
 */
off_t fd_copy_part(int from, off_t at, off_t size, int to);

/*
 * The same of all that it holds, into an empty file, in which holes stay holes. It ends
 * with EINTR where stop_is_due(), and so do fd_same() and fd_digest().
 */
int fd_copy_file(int from, int to, struct stop *stop);

/*
 * Does the file `fd` hold these bytes, and no others? fd_same(): do both files hold the
 * same? fd_begins(): does `one` begin with all that `other` holds? From the beginning,
 * whatever was read before. `length` is what fstat(2) says of the file, or the files: no
 * more is read than that, unless it is 0, as where that does not know. Returns 1, 0, or
 * -1 with errno set.
 */
int fd_holds(int fd, off_t length, const void *data, size_t size);
int fd_same(int one, off_t length, int other, off_t other_length, struct stop *stop);
int fd_begins(int one, int other);

/*
 * BLAKE2b-256 of all that the file holds, from the beginning. Returns 0, or -1 with errno
 * set.
 */
int fd_digest(int fd, struct stop *stop, unsigned char ret[32]);

/*
 * Makes an empty file without a name, for what one process hands to another. Returns its
 * descriptor, open for reading and writing and close-on-exec, which the caller closes; or
 * -1. It is a memfd, and `name` shows in /proc/PID/fd. Where memfd_create(2) is refused
 * (a seccomp filter, an old kernel) it is an unlinked file in /dev/shm, /run or, where
 * neither can be used, /tmp. A process that has the descriptor can open it again by
 * /proc/self/fd, also as another user.
 */
int fd_nameless(const char *name, struct err *err);

/*
 * The number of the descriptor of ours that a path is a name of (/dev/stdin, /dev/stdout,
 * /dev/stderr, /dev/fd/N, /proc/self/fd/N), or -1.
 */
int fd_named(const char *path);

#endif
