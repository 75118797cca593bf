/* SPDX-License-Identifier: MIT */
/* The record of a step. */
#include "state/record.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "state/state.h"

#define HEAD            "groundwork state 1\n"
#define SUM             "sum="
#define RECORD_MAX      ((size_t)64 << 20)
#define NAME_LENGTH_MAX 200 /* of its file */

/* ---- names and texts ---- */

/* The file of a step: its id, in letters that every file system takes. */
static int name_file(const char *id, struct buf *ret, struct err *err)
{
	for (const char *c = id; *c; c++) {
		bool dot = *c == '.' && c > id;

		if (str_is_alnum(*c) || dot || *c == '_' || *c == '-')
			buf_putc(ret, *c);
		else if (*c == ':') /* there is no dot in the name of a kind */
			buf_putc(ret, '.');
		else
			buf_printf(ret, "%%%02X", (unsigned char)*c);
	}
	buf_puts(ret, ".record");
	if (ret->len <= NAME_LENGTH_MAX)
		return 0;
	return err_config(err, "'%s' is too long a name for a record", id);
}

static void escape(struct buf *to, const char *text, char more)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f || c == '%' || *text == more)
			buf_printf(to, "%%%02X", c);
		else
			buf_putc(to, *text);
	}
}

/* The text of `size` bytes in the arena, or NULL where an escape is none. */
static char *unescape(const char *text, size_t size, struct arena *arena)
{
	CLEANUP_BUF struct buf ret = BUF_INIT;

	for (size_t i = 0; i < size; i++) {
		if (text[i] != '%')
			buf_putc(&ret, text[i]);
		else if (i + 2 < size &&
			crypto_decode(ENCODING_HEX, text + i + 1, 2, &ret))
			i += 2;
		else
			return NULL;
	}
	return arena_memdup(arena, ret.data, ret.len);
}

static void add_sum(struct buf *text)
{
	unsigned char digest[DIGEST_SIZE];

	crypto_digest(text->data, text->len, digest);
	buf_puts(text, SUM);
	crypto_encode(ENCODING_HEX, digest, sizeof digest, text);
	buf_putc(text, '\n');
}

/* ---- entries ---- */

/* Where the key is, or would be. */
static size_t find(const struct record *record, const char *key, bool *ret_exists)
{
	size_t low = 0, high = record->count;

	*ret_exists = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(record->list[middle].key, key);

		if (order == 0) {
			*ret_exists = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *record_get(const struct record *record, const char *key)
{
	bool exists;
	size_t at = find(record, key, &exists);

	return exists ? record->list[at].value : NULL;
}

static void insert(struct record *record, size_t at, const char *key, const char *value)
{
	struct record_entry *entry;

	record->list = arena_array_grow(
		record->arena, record->list, record->count, sizeof *record->list);
	entry = &record->list[at];
	memmove(entry + 1, entry, (record->count - at) * sizeof *entry);
	*entry = (struct record_entry){
		arena_strdup(record->arena, key), arena_strdup(record->arena, value)};
	record->count++;
}

void record_set(struct record *record, const char *key, const char *value)
{
	bool exists;
	size_t at = find(record, key, &exists);
	struct record_entry *entry = &record->list[at];

	if (exists ? value && str_equal(entry->value, value) : !value)
		return;
	record->changed = true;
	if (!exists) {
		insert(record, at, key, value);
	} else if (value) {
		entry->value = arena_strdup(record->arena, value);
	} else {
		record->count--;
		memmove(entry, entry + 1, (record->count - at) * sizeof *entry);
	}
}

/* ---- reading and writing ---- */

/* The line at *at without its newline, or NULL; moves on. */
static const char *next_line(const char **at, const char *end, size_t *ret_size)
{
	const char *line = *at;
	const char *newline = memchr(line, '\n', (size_t)(end - line));

	if (!newline)
		return NULL;
	*ret_size = (size_t)(newline - line);
	*at = newline + 1;
	return line;
}

static bool parse_entry(struct record *record, const char *line, size_t size)
{
	const char *equals = memchr(line, '=', size);
	const char *key, *value;

	if (!equals)
		return false;
	key = unescape(line, (size_t)(equals - line), record->arena);
	value = unescape(equals + 1, size - (size_t)(equals + 1 - line), record->arena);
	if (!key || !value)
		return false;
	record_set(record, key, value);
	return true;
}

/* Is it whole: does its sum hold? Then `ret_end` is where that stands. */
static bool is_whole(const struct buf *text, const char **ret_end)
{
	const size_t size = strlen(SUM) + (size_t)2 * DIGEST_SIZE + 1;
	CLEANUP_BUF struct buf copy = BUF_INIT;

	if (text->len < strlen(HEAD) + size || !str_starts(text->data, HEAD))
		return false;
	buf_add(&copy, text->data, text->len - size);
	add_sum(&copy);
	*ret_end = text->data + text->len - size;
	return copy.len == text->len && memcmp(copy.data, text->data, text->len) == 0;
}

/* Returns 0, 1 where it is another step's, or -1 where it is damaged. */
static int parse(struct record *record, const struct buf *text)
{
	const char *at = text->data + strlen(HEAD);
	const char *end, *line, *id;
	size_t size;

	if (!is_whole(text, &end))
		return -1;
	line = next_line(&at, end, &size);
	id = line ? unescape(line, size, record->arena) : NULL;
	if (!id)
		return -1;
	while ((line = next_line(&at, end, &size)))
		if (!parse_entry(record, line, size))
			return -1;
	record->changed = false;
	return str_equal(id, record->id) ? 0 : 1;
}

int record_read(struct record *record, struct state *state, const char *id,
	struct arena *arena, struct err *err)
{
	CLEANUP_BUF struct buf name = BUF_INIT, text = BUF_INIT;
	int rc;

	*record = (struct record){.arena = arena, .id = arena_strdup(arena, id)};
	if (name_file(id, &name, err) < 0)
		return -1;
	rc = state_read(state, name.data, RECORD_MAX, &text, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = parse(record, &text);
	if (rc == 0)
		return 0;
	return err_fail(err,
		rc < 0 ? "the record '%s/%s' is damaged: what was done is not known; "
			 "remove it, and it is done again"
		       : "the record '%s/%s' is of another step: its file system does "
			 "not know upper from lower case",
		state->path, name.data);
}

int record_write(struct record *record, struct state *state, struct err *err)
{
	CLEANUP_BUF struct buf name = BUF_INIT, text = BUF_INIT;

	if (!record->changed)
		return 0;
	if (name_file(record->id, &name, err) < 0)
		return -1;
	buf_puts(&text, HEAD);
	escape(&text, record->id, '%');
	buf_putc(&text, '\n');
	for (size_t i = 0; i < record->count; i++) {
		escape(&text, record->list[i].key, '=');
		buf_putc(&text, '=');
		escape(&text, record->list[i].value, '%');
		buf_putc(&text, '\n');
	}
	add_sum(&text);
	if (state_write(state, name.data, text.data, text.len, err) < 0)
		return -1;
	record->changed = false;
	return 0;
}
