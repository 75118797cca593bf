/* SPDX-License-Identifier: MIT */
/*
 * Feeds any bytes through the JSON reader and, as text and patch with a byte 0x1c between
 * them, through the merge. What must hold: no crash; every token lies in the text and in
 * its container; an empty patch changes no byte; a merged text can be read, has the
 * patch's values, and merging again changes nothing.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

#define SEPARATOR 0x1c

static void hold(bool what)
{
	if (!what)
		abort();
}

static void check_tokens(const struct json *json)
{
	for (size_t i = 0; i < json->count; i++) {
		const struct json_token *token = &json->tokens[i];
		CLEANUP_BUF struct buf text = BUF_INIT;
		int64_t number;

		hold(token->start < token->end && token->end <= json->size);
		hold(token->next > i && token->next <= json->count);
		if (token->type == JSON_STRING)
			json_decode(json, i, &text);
		(void)json_to_int(json, i, &number);
		if (token->type < JSON_ARRAY)
			continue;
		for (size_t k = i + 1; k < token->next; k = json->tokens[k].next) {
			hold(json->tokens[k].start > token->start);
			hold(json->tokens[k].end < token->end);
			hold(json->tokens[k].next <= token->next);
			hold(token->type == JSON_ARRAY ||
				json->tokens[k].next == json->tokens[k + 1].next);
		}
	}
}

/* The text has the patch's value; for null it has none. */
static void check_merged(
	const struct json *json, size_t at, const struct json *patch, size_t from)
{
	const struct json_token *token = &patch->tokens[from];

	hold(json->tokens[at].type == token->type);
	if (token->type != JSON_OBJECT)
		return;
	for (size_t i = from + 1; i < token->next; i = patch->tokens[i].next) {
		CLEANUP_BUF struct buf name = BUF_INIT;
		size_t found;

		json_decode(patch, i, &name);
		if (strlen(name.data) != name.len)
			continue;
		found = json_find(json, at, name.data);
		hold(!found == (patch->tokens[i + 1].type == JSON_NULL));
		if (found)
			check_merged(json, found, patch, i + 1);
	}
}

static void check_merge(const struct json *json, const struct json *patch)
{
	CLEANUP_JSON struct json merged = JSON_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf again = BUF_INIT;
	DECLARE_ERR(err);

	if (json_merge(json, patch, &text, &err) < 0)
		return;
	hold(json_read(&merged, "merged", text.data, text.len, &err) == 0);
	check_tokens(&merged);
	check_merged(&merged, 0, patch, 0);
	hold(json_merge(&merged, patch, &again, &err) == 0);
	hold(again.len == text.len && memcmp(again.data, text.data, text.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *second = size ? memchr(text, SEPARATOR, size) : NULL;
	size_t first_size = second ? (size_t)(second - text) : size;
	CLEANUP_JSON struct json json = JSON_INIT;
	CLEANUP_JSON struct json patch = JSON_INIT;
	CLEANUP_JSON struct json nothing = JSON_INIT;
	CLEANUP_BUF struct buf same = BUF_INIT;
	DECLARE_ERR(err);

	if (json_read(&json, "text", text, first_size, &err) < 0)
		return 0;
	check_tokens(&json);
	hold(json_read(&nothing, "nothing", "{}", 2, &err) == 0);
	if (json_merge(&json, &nothing, &same, &err) == 0)
		hold(same.len == first_size && memcmp(same.data, text, same.len) == 0);
	if (second &&
		json_read(&patch, "patch", second + 1, size - first_size - 1, &err) == 0)
		check_merge(&json, &patch);
	return 0;
}
