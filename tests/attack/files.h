/* SPDX-License-Identifier: MIT */
/* Files of the harness. What cannot be made ends the program. */
#ifndef TESTS_ATTACK_FILES_H
#define TESTS_ATTACK_FILES_H

#include <stddef.h>
#include <sys/types.h>

#define FILE_MOST (4 * 1024 * 1024)

/* Writes a file, owner and mode exactly. It may exist. */
void put_file(const char *path, const void *data, size_t size, uid_t uid, mode_t mode);
/* The whole of a file, up to `room` bytes; -1 where it cannot be read. */
ssize_t read_file(int dirfd, const char *name, void *data, size_t room);
void copy_file(const char *from, const char *to, uid_t uid, mode_t mode);
/* Removes a directory or whatever it is; links are not followed. */
void remove_all(int dirfd, const char *name);

#endif
