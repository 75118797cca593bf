/* SPDX-License-Identifier: MIT */
/* What a statement of SQL is given for $1, $2 …, whichever engine runs it. */
#ifndef BASE_QUERY_VALUE_H
#define BASE_QUERY_VALUE_H

#include <stddef.h>
#include <stdint.h>

/* A text, or a blob, or else an integer. */
struct query_value {
	const char *text;
	const void *blob;
	size_t size; /* of the blob */
	int64_t integer;
};

#endif
