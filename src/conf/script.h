/* SPDX-License-Identifier: MIT */
/*
 * Which words of a command are read as code: what stands behind the -c of a shell (sh,
 * bash, busybox ash …, wherever in the command it is called) or of a program that hands
 * it to one (su, flock …). No value may be put in there.
 */
#ifndef CONF_SCRIPT_H
#define CONF_SCRIPT_H

#include "conf/field.h"

/* Calls `found` with the index of each such word, and the name of the program. */
void script_each(const struct list *words,
	void (*found)(void *user, size_t at, const char *program), void *user);

/*
 * Judges a word as it was written that `program` reads as code: ERR_CONFIG where a "${…}"
 * or {file} in it would become a part of that, with the ways around it. Returns 0 or -1.
 */
int script_check(const char *raw, const char *program, struct err *err);

#endif
