/* SPDX-License-Identifier: MIT */
/* What tokens of JSON stand for. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/unescape.h"

void json_decode(const struct json *json, size_t token, struct buf *to)
{
	const struct json_token *string = &json->tokens[token];
	const char *text = json->text + string->start + 1;
	size_t size = string->end - string->start - 2;
	size_t *starts;

	/* It undoes what other formats have, too, none of which has been let through. */
	if (unescape(UNESCAPE_BACKSLASH, text, size, to, &starts))
		free(starts);
	else
		buf_add(to, text, size);
}

/* An escape is longer than what it stands for. */
static bool is_name(const struct json *json, size_t token, const char *name, size_t size)
{
	const struct json_token *string = &json->tokens[token];
	const char *text = json->text + string->start + 1;
	size_t written = string->end - string->start - 2;
	CLEANUP_BUF struct buf key = BUF_INIT;

	if (written < size)
		return false;
	if (!memchr(text, '\\', written))
		return written == size && memcmp(text, name, size) == 0;
	json_decode(json, token, &key);
	return key.len == size && memcmp(key.data, name, size) == 0;
}

size_t json_find(const struct json *json, size_t token, const char *name)
{
	size_t size = strlen(name);

	if (json->tokens[token].type != JSON_OBJECT)
		return 0;
	for (size_t i = token + 1; i < json->tokens[token].next; i = json->tokens[i].next)
		if (is_name(json, i, name, size))
			return i + 1;
	return 0;
}

bool json_to_int(const struct json *json, size_t token, int64_t *ret)
{
	const struct json_token *number = &json->tokens[token];
	bool negative = json->text[number->start] == '-';
	int64_t value = 0;

	if (number->type != JSON_NUMBER)
		return false;
	for (size_t i = number->start + negative; i < number->end; i++) {
		int digit = json->text[i] - '0';

		if (!str_is_digit(json->text[i]) ||
			__builtin_mul_overflow(value, 10, &value) ||
			__builtin_sub_overflow(value, digit, &value))
			return false;
	}
	if (!negative && value == INT64_MIN)
		return false;
	*ret = negative ? value : -value;
	return true;
}
