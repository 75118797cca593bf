/* SPDX-License-Identifier: MIT */
/*
 * Which keys of a document (conf/document.h) variables stand for, by their names. Of the
 * lines that say so the first that fits a name counts:
 *
 *	GITEA__{section}__{key} hex
 *	KAFKA_{key} lower ___=- __=_ _=.
 *	GF_SMTP_{key} lower [smtp]
 *	!KAFKA_OPTS !KAFKA_HEAP_*
 *
 * {section} is up to the first place where what stands behind it in the line does so in
 * the name, and may be empty; {key} is the rest, which may not. How both become names of
 * the document:
 *
 *	hex		_0X2E_ is the byte 2E, which nothing below changes
 *	FROM=TO		each FROM becomes TO; at one place the first such word that fits
 *	lower		what else there is is in lower case
 *	[NAME]		the section, of a line without {section}
 *
 * What a word behind "!" matches, a glob, stands for no key.
 */
#ifndef CONF_ENV_KEY_H
#define CONF_ENV_KEY_H

#include <stddef.h>

struct arena;
struct err;
struct list;

struct env_key {
	const char *section; /* "" where there is none */
	const char *key;
};

/* A check of a field (conf/field.h): is it such a line? */
int env_key_check(const char *line, struct err *err);

/*
 * The key of the variable `name`, by lines that were checked. Returns 1 with `ret`, in
 * the arena, or 0 where it stands for none.
 */
int env_key_find(const struct list *lines, const char *name, struct arena *arena,
	struct env_key *ret);

#endif
