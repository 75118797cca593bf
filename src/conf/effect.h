/* SPDX-License-Identifier: MIT */
/* Keys that have no effect beside the others of their section. */
#ifndef CONF_EFFECT_H
#define CONF_EFFECT_H

struct field;
struct problems;
struct section;

/*
 * Lists each key of the table that the section itself writes, and that has no effect for
 * want of the keys in `needs`, or for one in `moot` (conf/field.h). A switch or a choice
 * that is written as its default is none of these, nor is one that a variable decides. A
 * key that was reset ("key =") is left out on purpose: what needs it stays.
 */
void effect_check(const struct section *section, const struct field *fields,
	struct problems *problems);

#endif
