/* SPDX-License-Identifier: MIT */
/* Keys of nginx's map and its like, some of which are directives even in quotes. */
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/escape.h"
#include "conf/escape_value.h"

static bool is_directive(const char *key)
{
	static const char *const words[] = {"default", "include", "hostnames", "volatile",
		"delete", "proxy", "proxy_recursive", "ranges", "*", NULL};

	return str_is_among(key, words);
}

/* The key so far, without its quote. */
static void add_begun(const struct lexer *lexer, const struct buf *text, struct buf *ret)
{
	size_t size = lexer->token == NGINX_FIRST ? lexer->token_size : 0;
	const char *from = text->data + text->len - size;

	if (size && (*from == '"' || *from == '\'')) {
		from++;
		size--;
	}
	buf_add(ret, from, size);
}

/* In the form that begins or ends it, which the text around it does not write. */
static bool is_pattern(enum lexer_map map, const char *value, bool begins, bool ends)
{
	if (begins && *value && strchr("~\\", *value))
		return true;
	return map == LEXER_HOSTS &&
		((begins && *value && strchr(".*", *value)) ||
			(ends && str_ends(value, ".*")));
}

int escape_map_key(const struct lexer *lexer, const char *value,
	const struct escape_next *next, const struct buf *text, struct err *err)
{
	CLEANUP_BUF struct buf key = BUF_INIT;
	size_t n = 0;
	bool begins, complete;

	if (!lexer_map(lexer))
		return 0;
	add_begun(lexer, text, &key);
	begins = key.len == 0;
	buf_puts(&key, value);
	while (n < next->size && !strchr(NGINX_ENDS "\"'$", next->text[n]))
		n++;
	buf_add(&key, next->text, n);
	/* Behind a "$" comes the next value, which is judged with this one. */
	complete = n == next->size || next->text[n] != '$';
	if (!is_pattern(lexer_map(lexer), value, begins, complete && n == 0) &&
		!(complete && is_directive(key.data)))
		return 0;
	return err_config(err,
		"as a key of a map or the like this value is no text, but a directive "
		"or pattern, even in quotes; to put it in as it is, write |none before "
		"the }");
}
