/* SPDX-License-Identifier: MIT */
/* JSON (RFC 8259): writing, reading and merging it. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/place.h"

struct buf;
struct err;

/* ---- writing ---- */

/* Appends `text` as it may stand between the quotes of a JSON string. */
void json_escape(struct buf *to, const char *text, size_t size);

/*
 * Appends a JSON text for people to see: what str_is_control() names, of which valid text
 * has more than white space in its strings alone, stands as \uXXXX, which means the same.
 */
void json_show(struct buf *to, const char *text, size_t size);

/*
 * Appends the comma before the next item or member, unless it is the first, or the value
 * behind a name.
 */
void json_next(struct buf *to);

/*
 * Appends that and a whole string, quotes and all. For people, too: what str_is_control()
 * names stands as \uXXXX.
 */
void json_string(struct buf *to, const char *text);

/* The same for a member of an object whose value is a string. */
void json_member(struct buf *to, const char *name, const char *text);

/* ---- reading ---- */

/*
 * Strictly: UTF-8 without overlong forms, no lone surrogate, no comment, nothing behind
 * the value. A byte order mark in front is skipped.
 *
 *	CLEANUP_JSON struct json json = JSON_INIT;
 *	if (json_read(&json, "list.json", text, size, err) < 0)
 *		return -1;
 *	list = json_find(&json, 0, "list");
 *	if (list && json.tokens[list].type == JSON_ARRAY)
 *		for (size_t i = list + 1; i < json.tokens[list].next;
 *			i = json.tokens[i].next)
 *			…
 *
 * What is read is an array of tokens in the order of the text, each of which knows its
 * bytes. Token 0 is the whole value. An element of an array, or a member of an object, is
 * followed by the next one at its `next`; of a member it is the key that stands in this
 * row, and its value is the token behind the key.
 */

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

/* Is it one that could be read? Returns 0, or -1 as json_read(). */
int json_check(const char *file, const char *text, size_t size, struct err *err);

/* The same, and has no object two members of one name? */
int json_check_names(const char *file, const char *text, size_t size, struct err *err);
void json_release(struct json *json);

/* The place of a byte of the text, its column counted in characters. */
struct place json_place(const struct json *json, size_t at);

/*
 * The same for many bytes, most of them in the order of the text: it is counted on from
 * the last one, which `mark` holds. A mark begins as {0} and is of one text.
 */
struct json_mark {
	size_t at;
	struct place place;
};
struct place json_place_next(const struct json *json, size_t at, struct json_mark *mark);

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

/* ---- merging: what is not changed stays as it is, byte by byte ---- */

/*
 * Applies a merge patch (RFC 7396) and appends the new text to `to`. Each member that the
 * patch has is set to the patch's value, merged with it if both are objects, or removed
 * if that is null. A value that is written alike already keeps its bytes. A new member is
 * written behind the last one, with the line ends, the indentation and the space around
 * ':' that its neighbours have; where that is more than some tens of bytes, with two
 * spaces a level and one behind ':'. Linear in the size of the two, but for the sorting
 * of names.
 *
 * Returns 0, or -1 with ERR_CONFIG and its place if one of the two is no object, if an
 * object that takes part has two members of one name, or if the new text is larger than
 * JSON_SIZE_MAX. Then `to` has the beginning of a text, which the caller drops.
 */
int json_merge(const struct json *json, const struct json *patch, struct buf *to,
	struct err *err);

#endif
