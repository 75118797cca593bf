/* SPDX-License-Identifier: MIT */
/* What an edit of a document (conf/document_edit.h) that is not JSON sets and removes. */
#ifndef CONF_DOCUMENT_CHANGE_H
#define CONF_DOCUMENT_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/document_edit.h"
#include "conf/document_lines.h"
#include "conf/document_keys.h"

/* A key that is set, or one that is removed. */
struct change {
	const char *unset; /* NULL: it is set */
	const char *match; /* of lines: what the line begins with that it replaces */
	struct span section, head, key, value;
	struct span line; /* as it is written in `set` */
	bool exported;    /* there, by a shell's word in front of it */
	bool done;
	size_t place; /* in which of the sections it is set */
};

/* A section in which keys are set, as its header is written in `set`. */
struct change_section {
	struct span section, head;
	size_t behind;      /* where a new key goes; CHANGE_NOWHERE: it is missing */
	struct span indent; /* of the line there, where that is in no doubt */
};

#define CHANGE_NOWHERE ((size_t)-1)

/* All in the arena. */
struct changes {
	struct change *items;
	size_t count;
	struct document_keys keys; /* the number of each is that of its item */
	struct change_section *sections;
	size_t section_count;
};

/*
 * Appends what the edit asks for; `ret` begins as {0}. Returns 0, or -1 with ERR_CONFIG
 * and the place in `set` for what cannot be set.
 */
int changes_find(enum document_format format, const struct document_edit *edit,
	struct arena *arena, struct changes *ret, struct err *err);

/* Has the line the key of the change, in the same section? */
bool change_concerns(const struct change *change, const struct lines *lines);

#endif
