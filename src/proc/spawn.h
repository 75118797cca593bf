/* SPDX-License-Identifier: MIT */
/*
 * Running a helper and hearing what it says: in a process group of its own, which ends
 * with it; stdin /dev/null; stdout and stderr come to us; no other descriptor but one
 * handed on; default mask and signal dispositions; dead when we die. Every signal is
 * blocked meanwhile.
 */
#ifndef PROC_SPAWN_H
#define PROC_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct identity;
struct stop;

struct spawn {
	char *const *argv;
	char *const *env;
	const char *path;                /* PATH to search; NULL: the default */
	const struct identity *identity; /* NULL: as we are */
	const char *workdir;             /* NULL: as we are */
	mode_t umask;                    /* of the helper */
	int64_t timeout_ms;              /* -1: none; TERM to the group, 5 s, KILL */
	int hand_on; /* a descriptor that it finds under the same number; 0: none */
	struct stop *stop;
	/* Gets what it prints, as it comes: base/transcript.h makes lines of it. */
	void (*output)(void *user, const char *data, size_t size);
	void *user;
};

struct spawn_result {
	int status; /* exit status, or 128+n */
	int signal; /* that ended it, or 0 */
};

/*
 * 0 whatever the helper's status is; -1 where it could not be started (as execute()
 * says), took too long (ERR_FAILED), or a stop came (ERR_INTERRUPTED). What it leaves in
 * its group is ended too, by TERM, 5 s, KILL. Processes that left the group on purpose (a
 * daemon) live on, unheard.
 */
int spawn_run(const struct spawn *spawn, struct spawn_result *ret, struct err *err);

#endif
