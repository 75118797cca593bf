/* SPDX-License-Identifier: MIT */
/* Taking the armour off. */
#include "age/armor.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/str.h"

#define COLUMNS 64

/* What is left to read. */
struct rest {
	const char *at, *end;
};

static struct rest trim(const char *text, size_t size)
{
	struct rest rest = {text, text + size};

	while (rest.at < rest.end && str_is_space(*rest.at))
		rest.at++;
	while (rest.at < rest.end && str_is_space(rest.end[-1]))
		rest.end--;
	return rest;
}

static bool begins(const struct rest *rest, const char *with)
{
	size_t size = strlen(with);

	return (size_t)(rest->end - rest->at) >= size &&
		memcmp(rest->at, with, size) == 0;
}

bool armor_begins(const char *text, size_t size)
{
	struct rest rest = trim(text, size);

	return begins(&rest, "-----BEGIN ");
}

/* The next line without its end. */
static const char *take_line(struct rest *rest, size_t *ret_size)
{
	const char *line = rest->at;
	const char *newline = memchr(line, '\n', (size_t)(rest->end - line));
	const char *end = newline ? newline : rest->end;

	rest->at = newline ? newline + 1 : rest->end;
	if (newline && end > line && end[-1] == '\r')
		end--;
	*ret_size = (size_t)(end - line);
	return line;
}

static bool is_line(const char *line, size_t size, const char *text)
{
	return size == strlen(text) && memcmp(line, text, size) == 0;
}

static int malformed(struct err *err, const char *why)
{
	return err_fail(err, "has malformed armour: %s", why);
}

/* Each line by itself. One that is not full, or ends in padding, is the last one. */
static int decode_lines(struct rest *rest, struct buf *ret, struct err *err)
{
	bool was_short = false;

	while (rest->at < rest->end) {
		size_t before = ret->len;
		size_t size;
		const char *line = take_line(rest, &size);

		if (is_line(line, size, AGE_ARMOR_END))
			return rest->at == rest->end
				? 0
				: malformed(err, "there is more behind its last line");
		if (was_short || size == 0 || size > COLUMNS)
			return malformed(err, "its lines are not of 64 characters");
		if (!crypto_decode(ENCODING_BASE64, line, size, ret))
			return malformed(err, "it is not base64");
		was_short = ret->len - before < COLUMNS / 4 * 3;
	}
	return err_fail(
		err, "was truncated: its armour has no last line, '%s'", AGE_ARMOR_END);
}

int armor_decode(const char *text, size_t size, struct buf *ret, struct err *err)
{
	struct rest rest = trim(text, size);
	size_t length, before = ret->len;
	const char *line = take_line(&rest, &length);

	if (!is_line(line, length, AGE_ARMOR_BEGIN))
		return malformed(err, "its first line is not '" AGE_ARMOR_BEGIN "'");
	buf_reserve(ret, size / 4 * 3);
	if (decode_lines(&rest, ret, err) == 0)
		return 0;
	buf_truncate(ret, before);
	return -1;
}
