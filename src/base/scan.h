/* SPDX-License-Identifier: MIT */
/*
 * Going through a long text to the bytes that matter, eight bytes at a time. The C
 * library's strcspn(3) does not do for texts without an end, and may go byte by byte.
 */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stddef.h>

/* How many bytes are in front of the first one that is among `stops`, which are few? */
size_t scan_until(const char *text, size_t size, const char *stops);

/* The same for `stops` and all that is no printable ASCII. */
size_t scan_plain(const char *text, size_t size, const char *stops);

/* How many bytes have this value? */
size_t scan_count(const char *text, size_t size, char value);

#endif
