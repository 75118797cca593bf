/* SPDX-License-Identifier: MIT */
/*
 * A lock that is a file, and says who holds it.
 *
 * It is a lock of the open file description (F_OFD_SETLK, fcntl(2)) on all of the file,
 * which the kernel releases when its holder dies. The file is never deleted, since those
 * who wait have it open.
 *
 *	file_lock_wait(fd, …) → 0
 *	file_lock_sign(fd, …)
 *	… file_lock_release(&fd)
 */
#ifndef BASE_FILE_LOCK_H
#define BASE_FILE_LOCK_H

struct err;
struct log;
struct stop;

/*
 * Takes the lock on the file `fd`, which is open for writing, and waits while another
 * process has it, which it says with the holder: to log_at_work() and log_progress(), or
 * without the former in a line of the log every 10 s. Returns 0, 1 with errno where the
 * file system has no locks, or -1 as stop_sleep() does, with the lock and its holder.
 */
int file_lock_wait(int fd, const char *path, struct stop *stop, const struct log *log,
	struct err *err);

/*
 * Writes who holds it, for those who wait: "host=NAME pid=NUMBER WORD=WORK". If it cannot
 * be written, they log less.
 */
void file_lock_sign(int fd, const char *word, const char *work);

/* Releases and closes it; does nothing for -1. */
void file_lock_release(int *fd);

#endif
