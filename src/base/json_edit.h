/* SPDX-License-Identifier: MIT */
/* Editing JSON: what is not edited stays as it is, byte by byte. */
#ifndef BASE_JSON_EDIT_H
#define BASE_JSON_EDIT_H

struct buf;
struct err;
struct json;

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
