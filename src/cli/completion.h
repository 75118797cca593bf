/* SPDX-License-Identifier: MIT */
/*
 * Scripts with which shells complete command lines of groundwork, printed from its
 * tables. One file a shell; what they share is here.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include <stdbool.h>

struct buf;
struct command;
struct option;

/* Appends the whole script. */
void completion_bash(const struct command *commands, struct buf *ret);
void completion_fish(const struct command *commands, struct buf *ret);
void completion_zsh(const struct command *commands, struct buf *ret);

/* The shells, in the order of the alphabet; ends with NULL. */
extern const char *const completion_shells[];

/* Is the value of this option a path? */
bool completion_is_path(const struct option *option);
bool completion_is_directory(const struct option *option);

/* Appends the names of an option, as "-c|--config"; of all that have a value. */
void completion_names(const struct option *option, const char *between, struct buf *ret);
void completion_valued(const char *between, struct buf *ret);

/* Calls `add` for each word that `explain` takes; `summary` NULL: a key of a topic. */
void completion_topics(
	void (*add)(struct buf *ret, const char *word, const char *summary),
	struct buf *ret);

/* Appends the words of a NULL-terminated list, separated by spaces. */
void completion_list(const char *const *words, struct buf *ret);

#endif
