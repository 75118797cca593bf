/* SPDX-License-Identifier: MIT */
/*
 * Which words of a command are read as code. No value may be put in there.
 *
 *	sh -c X, su -c X	of a shell (bash, busybox ash …), wherever it is called
 *				there, and of a program that hands it to one
 *	python -c X, perl -e X	of an interpreter, also awk X, sed X, redis-cli EVAL X
 *	env -S X, watch X …, ssh HOST X …
 *	psql -c X, mysql -e X, sqlite3 DB X, of a database's shell
 *
 * The last three count as the first word of the command, and behind a program that starts
 * another one (env, timeout, xargs, gosu …): elsewhere a word "watch" is a word.
 */
#ifndef CONF_SCRIPT_H
#define CONF_SCRIPT_H

#include "conf/field.h"

/* Calls `found` with the index of each such word, and the name of the program. */
void script_each(const struct list *words,
	void (*found)(void *user, size_t at, const char *program), void *user);

/*
 * Does it read SQL, which has no arguments? The path of a {file} may then stand in it:
 * ".backup {file}".
 */
bool script_takes_paths(const char *program);

/*
 * Judges a word as it was written that `program` reads as code: ERR_CONFIG where a
 * "${…}", or a {file} or {dir} that it does not take, would become a part of that, with
 * the ways around it. Returns 0 or -1.
 */
int script_check(const char *raw, const char *program, struct err *err);

#endif
