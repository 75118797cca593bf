/* SPDX-License-Identifier: MIT */
/*
 * What is remembered of one step: a small file in the state directory, of keys with their
 * values. It is written as a whole, once what it says is so; so a step that died has no
 * record of it, and is done again.
 *
 *	struct record record;
 *	record_read(&record, state, "exec:init", &arena, err)
 *	record_get(&record, "once")
 *	record_set(&record, "once", "2026-01-31T12:00:00Z")
 *	record_write(&record, state, err)
 *
 * The file is a text:
 *
 *	groundwork state 1
 *	exec:init
 *	once=2026-01-31T12:00:00Z
 *	sum=0123…	BLAKE2b-256 of all above it
 *
 * where %XX stands for "%", control characters, and "=" in a key.
 */
#ifndef STATE_RECORD_H
#define STATE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct state;

struct record_entry {
	const char *key, *value;
};

/* Keys and values live in the arena. */
struct record {
	struct arena *arena;
	const char *id;
	struct record_entry *list; /* sorted by key */
	size_t count;
	bool changed; /* since it was read or written */
};

/*
 * Reads the record of the step `id`, which may be empty. Returns 0, or -1, also where it
 * is damaged, or another step's (on a file system that ignores case).
 */
int record_read(struct record *record, struct state *state, const char *id,
	struct arena *arena, struct err *err);

/* Its value, or NULL where there is none. */
const char *record_get(const struct record *record, const char *key);

/* Sets it; NULL removes it. */
void record_set(struct record *record, const char *key, const char *value);

/* Writes it, if it was changed. Returns 0, or -1. */
int record_write(struct record *record, struct state *state, struct err *err);

#endif
