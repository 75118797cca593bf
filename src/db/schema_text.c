/* SPDX-License-Identifier: MIT */
/* SQL of a schema without what makes no difference. */
#include "db/schema_text.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "migration/tokens.h"

/* ---- names ---- */

void schema_names_add(struct schema_names *names, struct arena *arena, const char *name)
{
	names->list =
		arena_array_grow(arena, names->list, names->count, sizeof *names->list);
	names->list[names->count++] = name;
	names->sorted = false;
}

static int by_name(const void *a, const void *b)
{
	return sqlite3_stricmp(*(const char *const *)a, *(const char *const *)b);
}

/* A quote inside of a name is doubled; such a name is not found. */
static bool has_name(struct schema_names *names, const char *text, size_t size)
{
	CLEANUP_BUF struct buf name = BUF_INIT;
	const char *key;

	if (!names->sorted && names->count)
		qsort(names->list, names->count, sizeof *names->list, by_name);
	names->sorted = true;
	buf_add(&name, text, size);
	key = name.data;
	return names->count &&
		bsearch(&key, names->list, names->count, sizeof *names->list, by_name);
}

/* ---- texts ---- */

static void add_lower(struct buf *to, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		buf_putc(to,
			text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32)
							 : text[i]);
}

static bool is_plain(const char *name, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!str_is_digit(name[i]) && name[i] != '_' &&
			!(name[i] >= 'a' && name[i] <= 'z') &&
			!(name[i] >= 'A' && name[i] <= 'Z'))
			return false;
	return size > 0 && !str_is_digit(name[0]);
}

/*
 * A quoted name that needs no quotes has none, others have those of the standard. With
 * quotes in it, a name stays as it is.
 */
static void add_name(struct buf *to, const char *text, size_t size)
{
	bool simple =
		!memchr(text + 1, '"', size - 2) && !memchr(text + 1, '`', size - 2);

	if (is_plain(text + 1, size - 2)) {
		add_lower(to, text + 1, size - 2);
		return;
	}
	buf_putc(to, simple ? '"' : text[0]);
	add_lower(to, text + 1, size - 2);
	buf_putc(to, simple ? '"' : text[size - 1]);
}

/* `[` and the backquote of MySQL are around names alone. */
static bool is_name(
	const char *text, size_t size, bool is_default, struct schema_names *names)
{
	const char *name = text + 1;

	if (size < 2 || !strchr("\"`[", text[0]))
		return false;
	return text[0] != '"' || (!is_default && has_name(names, name, size - 2));
}

const char *schema_text(const char *sql, struct schema_names *names, struct arena *arena)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct tokens tokens = {.text = sql, .size = strlen(sql), .line = 1};
	enum sql_token type;
	bool is_default = false; /* what follows */

	while ((type = tokens_next(&tokens)) != SQL_TOKEN_END) {
		const char *token = tokens.text + tokens.start;
		size_t size = tokens.at - tokens.start;

		if (type == SQL_TOKEN_BREAK)
			continue;
		if (text.len)
			buf_putc(&text, ' ');
		if (type == SQL_TOKEN_WORD)
			add_lower(&text, token, size);
		else if (is_name(token, size, is_default, names))
			add_name(&text, token, size);
		else
			buf_add(&text, token, size);
		if (type == SQL_TOKEN_UNCLOSED)
			break;
		is_default = type == SQL_TOKEN_WORD && tokens_is(&tokens, "default");
	}
	return arena_strdup(arena, text.data);
}
