/* SPDX-License-Identifier: MIT */
/*
 * Flyway's placeholders: `${name}` in the text of a migration stands for a value of the
 * configuration, wherever it is, in quotes and comments, too.
 */
#ifndef MIGRATION_PLACEHOLDERS_H
#define MIGRATION_PLACEHOLDERS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct problems;

/*
 * Replaces each placeholder of `text` by its value in `values`, "NAME=value" items and
 * NULL, of which the last of a name counts; a value is not looked at again. Returns
 * whether all have one. Each that has none, which includes those that Flyway sets itself,
 * is added to the problems with its place; a name without a value is added once. So is a
 * text that would become larger than `limit`.
 *
 * `values` is NULL where the configuration says nothing of placeholders. Then `${name}`
 * is an error all the same, as it is to Flyway, and "${" that begins no name is text.
 */
bool placeholders_replace(struct buf *text, const char *const *values, size_t limit,
	const char *file, struct problems *problems);

/*
 * What to say of an error in a text that has them, ": …", where a value has a quote; else
 * "". `values` as above.
 */
const char *placeholders_advice(const char *const *values);

/*
 * Sets `used` of each of the values whose placeholder is in the text, as it was before it
 * was replaced. Returns how many are not set.
 */
size_t placeholders_mark_used(
	const char *const *values, const struct buf *text, bool *used);

#endif
