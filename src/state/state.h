/* SPDX-License-Identifier: MIT */
/*
 * The state directory: what must be remembered from one start to the next, since the
 * system does not show it (a command that is run once, a file as it was last written).
 *
 * It is a floor of its own between step/ and base/: kinds read and write what they
 * remember, and plan/ takes the lock, so it can be in neither; and it knows no step and
 * no configuration, but names and texts.
 *
 *	struct state state = STATE_INIT;
 *	state.path = …, state.fs = …;
 *	state_read(&state, …)		any number of calls
 *	state_lock(&state, …)		and then
 *	state_write(&state, …)
 *	state_release(&state);
 *
 * It is opened by the first call that needs it, and pinned: from then on it is used by
 * its descriptor alone. It must be a directory that root or we own and nobody else can
 * write, where no other user than the application's can exchange what the path leads to.
 * (That one can take it away, or bring back an older one, and so have things done again
 * that were done; but write nothing.) One that was not made by us is taken if it is
 * empty: in our own lies the file of the lock.
 *
 * Functions return 0, or -1 with `err`, where nothing else is said.
 */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fs.h"

struct buf;
struct err;
struct log;
struct stop;

/* Made with mode 0700, for us. */
struct state {
	const char *path;    /* absolute */
	const struct fs *fs; /* who we are, and who the application is */
	struct fs own;       /* the same, for what is written here */
	int dirfd;           /* -1: not opened yet */
	int lock;            /* -1: it is not ours */
	const char *holder;  /* the step that its file names */
};

#define STATE_INIT \
	{ \
		.own = FS_INIT, .dirfd = -1, .lock = -1 \
	}

/* Is there no such directory? */
bool state_is_missing(const struct state *state);

/* Removes the file, if there is one. Returns 0, or -1. */
int state_remove(struct state *state, const char *name, struct err *err);

/*
 * Appends the file `name` to `ret`. Returns 0, 1 if there is none or no directory, or -1,
 * also where it is over `limit` bytes.
 */
int state_read(struct state *state, const char *name, size_t limit, struct buf *ret,
	struct err *err);

/*
 * Writes the file, whole or not at all, and flushes it; makes the directory, with those
 * above it that are missing.
 */
int state_write(struct state *state, const char *name, const void *data, size_t size,
	struct err *err);

/*
 * The same for what is no loss after a crash of the machine: nothing is flushed. Returns
 * 1 where the directory is missing: it is not made for that.
 */
int state_note(struct state *state, const char *name, const void *data, size_t size,
	struct err *err);

/*
 * For a plan: could the directory be made, or files in it be written? Nothing relies on
 * the answer (base/fs_check.h). Returns 0, or -1 with the error that it would be.
 */
int state_check(struct state *state, struct err *err);

/*
 * Takes the lock of the directory, which is held until state_unlock() or
 * state_release(), and waits while another process has it. With `make`, the directory is
 * made if it is missing; without, that is an error. `step` is for those who wait, and is
 * kept. Returns 0, 1 if it was ours already, or -1, also where the file system has no
 * locks.
 */
int state_lock(struct state *state, const char *step, bool make, struct stop *stop,
	const struct log *log, struct err *err);

/*
 * Names the step that is at work from now on in the file of the lock, if that is ours;
 * the name is kept.
 */
void state_name_holder(struct state *state, const char *step);

/* Is the lock ours? */
bool state_is_locked(const struct state *state);

/* Releases the lock, if it is ours: state_lock() may take it again. */
void state_unlock(struct state *state);

/* Releases the lock, and closes the directory. */
void state_release(struct state *state);

#endif
