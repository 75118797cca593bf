/* SPDX-License-Identifier: MIT */
/*
 * Reading JSON (RFC 8259), strictly: UTF-8 without overlong forms, no lone surrogate, no
 * comment, nothing behind the value. A byte order mark in front is skipped.
 *
 *	CLEANUP_JSON struct json json = JSON_INIT;
 *	size_t steps;
 *
 *	if (json_read(&json, "report.json", text, size, err) < 0)
 *		return -1;
 *	steps = json_find(&json, 0, "steps");
 *	if (steps && json.tokens[steps].type == JSON_ARRAY)
 *		for (size_t i = steps + 1; i < json.tokens[steps].next;
 *			i = json.tokens[i].next)
 *			…
 *
 * What is read is an array of tokens in the order of the text, each of which knows its
 * bytes. Token 0 is the whole value. An element of an array, or a member of an object, is
 * followed by the next one at its `next`; of a member it is the key that stands in this
 * row, and its value is the token behind the key.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/place.h"

struct buf;
struct err;

#define JSON_SIZE_MAX  ((size_t)16 << 20)
#define JSON_DEPTH_MAX 512 /* arrays and objects in one another */

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_token {
	enum json_type type;
	uint32_t start, end; /* its bytes in the text; a string's with its quotes */
	uint32_t next;       /* the token behind it and all that is in it */
};

struct json {
	const char *file, *text; /* not copied */
	size_t size;
	struct json_token *tokens;
	uint32_t count;
};

#define JSON_INIT \
	{ \
		0 \
	}
#define CLEANUP_JSON __attribute__((cleanup(json_release)))

/*
 * Reads a text of `size` bytes into `json`, which is new or released. Returns 0, or -1
 * with ERR_CONFIG and the place of the error; `file` is the name that the text has there.
 * More bytes than JSON_SIZE_MAX, or a value deeper than JSON_DEPTH_MAX, is an error. Name
 * and text must stay as long as `json` is used; the caller releases it after success.
 */
int json_read(struct json *json, const char *file, const char *text, size_t size,
	struct err *err);
void json_release(struct json *json);

/* The place of a byte of the text, its column counted in characters. */
struct place json_place(const struct json *json, size_t at);

/*
 * Returns the token of the value that the object at `token` has by this name, the first
 * if there are two, or 0 if it has none. Linear in the number of its members.
 */
size_t json_find(const struct json *json, size_t token, const char *name);

/*
 * Appends a string's characters, its escapes decoded. It may have a NUL (\u0000), which
 * only the length of the buffer shows.
 */
void json_decode(const struct json *json, size_t token, struct buf *to);

/* Is it a number without fraction and exponent that fits? */
bool json_to_int(const struct json *json, size_t token, int64_t *ret);

#endif
