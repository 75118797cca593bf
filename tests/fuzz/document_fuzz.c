/* SPDX-License-Identifier: MIT */
/*
 * Feeds any bytes through the edit of single keys: the first one chooses the format; then
 * come the text, `set` and a key of `unset`, with a byte 0x1c between them. And through
 * what follows a shell's text, in front of a value and behind it. What must hold: no
 * crash; what was edited once is as it should be, so that the next start finds nothing to
 * do; and a value that is refused leaves the text as it was.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/document_edit.h"
#include "conf/escape.h"
#include "conf/field.h"

#define SEPARATOR 0x1c
#define FORMATS   5 /* but none */

static void hold(bool what)
{
	if (!what)
		abort();
}

struct part {
	const char *text;
	size_t size;
};

/* Cuts off what is in front of the separator, or all. */
static struct part cut(struct part *rest)
{
	const char *end = rest->size ? memchr(rest->text, SEPARATOR, rest->size) : NULL;
	size_t size = end ? (size_t)(end - rest->text) : rest->size;
	struct part part = {rest->text, size};

	rest->text += size + (end != NULL);
	rest->size -= size + (end != NULL);
	return part;
}

static void check_edit(enum document_format format, struct part rest)
{
	CLEANUP_BUF struct buf once = BUF_INIT;
	CLEANUP_BUF struct buf twice = BUF_INIT;
	struct arena arena = {0};
	struct list unset = {0};
	struct part text = cut(&rest), set = cut(&rest);
	struct document_edit edit = {
		.set = set.size ? set.text : NULL,
		.set_size = set.size,
		.set_name = "set",
		.unset = &unset,
	};
	DECLARE_ERR(err);

	if (rest.size && !memchr(rest.text, '\0', rest.size))
		list_add(&unset, &arena, rest.text, rest.size);
	if (document_edit(
		    format, "f", text.text, text.size, &edit, &arena, &once, &err) == 0) {
		hold(document_edit(format, "f", once.data, once.len, &edit, &arena,
			     &twice, &err) == 0);
		hold(once.len == twice.len &&
			memcmp(once.data, twice.data, once.len) == 0);
	}
	arena_release(&arena);
}

/* A value at the first separator, or at the end. */
static void check_shell(struct part rest)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct part before = cut(&rest);
	const struct escape_next next = {.text = rest.text, .size = rest.size};
	int escape = escape_find("shell");
	struct lexer lexer;
	size_t size;
	DECLARE_ERR(err);

	escape_begin(escape, &lexer);
	escape_text(&lexer, before.text, before.size, &text);
	size = text.len;
	if (escape_add(escape, &lexer, "it's a \"$(value)\"", &next, &text, &err) < 0)
		hold(text.len == size);
	escape_text(&lexer, rest.text, rest.size, &text);
	escape_end(&lexer, &text);
	escape_release(&lexer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	if (!size)
		return 0;
	check_shell((struct part){text + 1, size - 1});
	check_edit((enum document_format)(DOCUMENT_JSON + *data % FORMATS),
		(struct part){text + 1, size - 1});
	return 0;
}
