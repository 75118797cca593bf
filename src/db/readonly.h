/* SPDX-License-Identifier: MIT */
/*
 * Keeps SQLite from changing anything while it reads.
 *
 * A connection that only reads still opens a -wal with O_CREAT, and as root gives it
 * and a journal to the database's owner with each opening, which moves their ctime.
 * Between begin and end its system calls cannot do so. They are the process's, so no
 * other connection may be used then.
 *
 * By sqlite3_vfs.xSetSystemCall; a library without it (its manual allows that) reads in
 * its own way.
 */
#ifndef DB_READONLY_H
#define DB_READONLY_H

void readonly_begin(void);
void readonly_end(void);

#endif
