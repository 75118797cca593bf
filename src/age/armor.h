/* SPDX-License-Identifier: MIT */
/* The ASCII armour of age files: the strict form of PEM (RFC 7468). */
#ifndef AGE_ARMOR_H
#define AGE_ARMOR_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

#define AGE_ARMOR_BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define AGE_ARMOR_END   "-----END AGE ENCRYPTED FILE-----"

/* Does it begin as armour does? White space in front of it counts for nothing. */
bool armor_begins(const char *text, size_t size);

/*
 * Appends the bytes. Lines may end in CR and LF, and white space may be around the whole.
 * Returns 0, or -1 with nothing appended.
 */
int armor_decode(const char *text, size_t size, struct buf *ret, struct err *err);

#endif
