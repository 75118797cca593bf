/* SPDX-License-Identifier: MIT */
/*
 * Changing single keys of another program's file, in one of the formats of
 * conf/document.h. All else stays as it is, byte by byte: order, comments, blank lines,
 * line ends. A key that is new is written behind the last one of its section, a section
 * that is new at the end.
 *
 * Of lines, `set` has whole ones that the text is to have.
 */
#ifndef CONF_DOCUMENT_EDIT_H
#define CONF_DOCUMENT_EDIT_H

#include "conf/document.h"

struct arena;
struct buf;
struct list;

struct document_edit {
	/*
	 * A document of the same format: the keys that are set. Of json an object, which
	 * is merged as by RFC 7396. NULL: none.
	 */
	const char *set;
	size_t set_size;
	const char *set_name; /* for errors */
	/* Keys that are removed, as document_missing() takes them; or NULL. */
	const struct list *unset;
	/*
	 * Gets what may be meant otherwise, and is done all the same; or NULL. Of ini: a
	 * key in front of all sections that begins with the name of one.
	 */
	struct buf *doubt;
	/*
	 * Of lines, or NULL: a line of `set` that begins with one of these, the longest,
	 * takes the place of the line that does so, too.
	 */
	const struct list *match;
};

/*
 * Applies it to the text and appends the new one to `to`. A value that is set already
 * keeps its bytes. `arena` is for the work. Returns 0, or -1 with ERR_CONFIG and the
 * place, also where it is not clear what is to be changed: a key of a file of lines that
 * is there twice, or whose value seems to go on in the next line. The format is not NONE.
 */
int document_edit(enum document_format format, const char *file, const char *text,
	size_t size, const struct document_edit *edit, struct arena *arena,
	struct buf *to, struct err *err);

#endif
