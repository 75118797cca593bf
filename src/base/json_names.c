/* SPDX-License-Identifier: MIT */
/* Members that have one name. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

struct name {
	const char *text; /* decoded */
	size_t size, token;
};

static int by_text(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);

	if (order == 0)
		order = (x->size > y->size) - (x->size < y->size);
	return order ? order : (x->token > y->token) - (x->token < y->token);
}

static int check_object(
	const struct json *json, size_t object, struct arena *arena, struct err *err)
{
	CLEANUP_BUF struct buf name = BUF_INIT;
	struct name *names = NULL;
	size_t count = 0;

	for (size_t i = object + 1; i < json->tokens[object].next;
		i = json->tokens[i].next) {
		buf_truncate(&name, 0);
		json_decode(json, i, &name);
		names = arena_array_grow(arena, names, count, sizeof *names);
		names[count++] = (struct name){
			arena_memdup(arena, name.data, name.len), name.len, i};
	}
	if (count)
		qsort(names, count, sizeof *names, by_text);
	for (size_t i = 1; i < count; i++) {
		const struct name *one = &names[i - 1], *other = &names[i];

		if (one->size != other->size ||
			memcmp(one->text, other->text, one->size) != 0)
			continue;
		(void)err_config(err, "two members have the name '%s'", other->text);
		return err_at(err, json_place(json, json->tokens[other->token].start));
	}
	return 0;
}

int json_check_names(const char *file, const char *text, size_t size, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	struct arena arena = {0};
	int rc = json_read(&json, file, text, size, err);

	for (size_t i = 0; rc == 0 && i < json.count; i++)
		if (json.tokens[i].type == JSON_OBJECT)
			rc = check_object(&json, i, &arena, err);
	arena_release(&arena);
	return rc;
}
