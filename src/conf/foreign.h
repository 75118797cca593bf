/* SPDX-License-Identifier: MIT */
/* Variables as the templates of other tools write them, which here stay as they are. */
#ifndef CONF_FOREIGN_H
#define CONF_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

struct foreign {
	const char *text; /* "{{ .Env.PORT }}", "{{ .PORT }}", "%PORT%", "@PORT@" */
	size_t size;
	const char *name; /* "PORT" */
	size_t name_size;
};

/*
 * Finds the first one that begins in the first `size` bytes of the text, which goes on up
 * to its NUL. But behind ".Env.", a name is one of capital letters, so that what
 * programs themselves expand is rarely taken for one. Returns whether there is one.
 */
bool foreign_find(const char *text, size_t size, struct foreign *ret);

#endif
