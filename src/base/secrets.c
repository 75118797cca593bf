/* SPDX-License-Identifier: MIT */
/* Secrets, in every form that is searched for. */
#include "base/secrets.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/secrets_internal.h"
#include "base/str.h"

#define LINE_SHORTEST 16   /* of a value of several lines */
#define PIECE_MAX     1024 /* longer values are found piece by piece */
#define FIRST_BITS    5
#define ROOM          4 /* buckets for each form: most bytes of a text hit an empty one */

/* How wide lines are that base64, openssl and xxd wrap. */
#define BASE64_WIDTH  76
#define OPENSSL_WIDTH 64
#define XXD_WIDTH     60
#define DUMP_WIDTH    32 /* of xxd, hexdump, od: 16 bytes, with blanks between them */
#define DUMP_MAX      ((size_t)64 * 1024) /* of longer values nobody reads a dump */

struct secret_value {
	struct secret_value *next;
	struct secret_value *next_alike; /* with the same first piece */
	const char *data;
	size_t size;
};

/* ---- the table ---- */

static void put(struct secrets *secrets, struct secret_form *form)
{
	struct secret_form **bucket = secret_bucket(secrets, form->key);

	form->next = *bucket;
	*bucket = form;
}

static void grow(struct secrets *secrets)
{
	struct secret_form **old = secrets->buckets;
	size_t count = old ? (size_t)1 << secrets->bits : 0;

	if (secrets->count * ROOM < count)
		return;
	secrets->bits = old ? secrets->bits + 1 : FIRST_BITS;
	secrets->buckets = arena_alloc(
		&secrets->arena, ((size_t)1 << secrets->bits) * sizeof *secrets->buckets);
	for (size_t i = 0; i < count; i++) {
		struct secret_form *form = old[i];

		while (form) {
			struct secret_form *next = form->next;

			put(secrets, form);
			form = next;
		}
	}
}

/* The form with these bytes, of which there are enough, or NULL. */
static struct secret_form *find_form(
	const struct secrets *secrets, const char *data, size_t size)
{
	struct secret_form *form = NULL;

	if (secrets->buckets)
		form = *secret_bucket(secrets, secret_key(data, SECRET_SHORTEST));
	while (form && (form->size != size || memcmp(form->data, data, size) != 0))
		form = form->next;
	return form;
}

static void add_form(struct secrets *secrets, const char *data, size_t size, bool base64)
{
	struct secret_form *form;
	uint64_t key;

	if (size < SECRET_SHORTEST || find_form(secrets, data, size))
		return;
	grow(secrets);
	key = secret_key(data, SECRET_SHORTEST);
	form = arena_alloc(&secrets->arena, sizeof *form);
	form->data = arena_memdup(&secrets->arena, data, size);
	form->size = size;
	form->key = key;
	form->base64 = base64;
	put(secrets, form);
	secrets->count++;
	if (memchr(data, '\n', size)) {
		form->next_multiline = secrets->multiline;
		secrets->multiline = form;
	}
}

/* ---- values of several lines ---- */

/* A PEM file's first and last line are no secret. */
static bool is_armour(const char *line, size_t size)
{
	return size >= 5 && memcmp(line, "-----", 5) == 0;
}

/* Adds each line, since it may be printed alone; a short one with the line before it. */
static void add_lines(struct secrets *secrets, const char *data, size_t size)
{
	const char *end = data + size;
	const char *before = NULL;

	while (data < end) {
		const char *newline = memchr(data, '\n', (size_t)(end - data));
		const char *next = newline ? newline + 1 : end;
		const char *last = newline ? newline : end;

		while (data < last && str_is_space(*data))
			data++;
		while (data < last && str_is_space(last[-1]))
			last--;
		if (data < last && !is_armour(data, (size_t)(last - data))) {
			bool alone = last - data >= LINE_SHORTEST || !before;
			const char *from = alone ? data : before;

			if (last - data >= LINE_SHORTEST || before)
				add_form(secrets, from, (size_t)(last - from), false);
			before = data;
		}
		data = next;
	}
}

/* ---- encoded forms ---- */

/*
 * The base64 of a value depends on how many bytes are before it, and its first and last
 * character on the bytes beside it. The rest is always the same.
 */
static void add_base64(struct secrets *secrets, enum encoding encoding, const char *data,
	size_t size, size_t before)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	size_t first = (before * 8 + 5) / 6;
	size_t end = (before + size) * 8 / 6;

	buf_add(&bytes, "\0\0", before);
	buf_add(&bytes, data, size);
	crypto_encode(encoding, bytes.data, bytes.len, &text);
	add_form(secrets, text.data + first, end - first, true);
}

static void add_wrapped(struct secrets *secrets, const struct buf *text, size_t width)
{
	CLEANUP_BUF struct buf lines = BUF_INIT;

	if (text->len <= width)
		return;
	for (size_t at = 0; at < text->len; at += width) {
		size_t left = text->len - at;

		buf_add(&lines, text->data + at, left < width ? left : width);
		buf_putc(&lines, '\n');
	}
	add_lines(secrets, lines.data, lines.len);
}

static void add_piece_encoded(struct secrets *secrets, const char *data, size_t size)
{
	CLEANUP_BUF struct buf hex = BUF_INIT;

	crypto_encode(ENCODING_HEX, data, size, &hex);
	add_form(secrets, hex.data, hex.len, false);
	for (char *c = hex.data; *c; c++)
		if (*c >= 'a')
			*c = (char)(*c - 'a' + 'A');
	add_form(secrets, hex.data, hex.len, false);
	for (size_t before = 0; before < 3; before++) {
		add_base64(secrets, ENCODING_BASE64, data, size, before);
		add_base64(secrets, ENCODING_BASE64URL, data, size, before);
	}
}

/* Calls `add` for pieces that are all of the value; the last may overlap. */
static void in_pieces(struct secrets *secrets, const struct secret_value *value,
	void (*add)(struct secrets *secrets, const char *data, size_t size))
{
	size_t at = 0;

	while (value->size - at > PIECE_MAX) {
		add(secrets, value->data + at, PIECE_MAX);
		at += PIECE_MAX;
	}
	if (value->size > PIECE_MAX)
		at = value->size - PIECE_MAX;
	add(secrets, value->data + at, value->size - at);
}

static void add_encoded(struct secrets *secrets, const struct secret_value *value)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	in_pieces(secrets, value, add_piece_encoded);
	crypto_encode(ENCODING_BASE64, value->data, value->size, &text);
	add_wrapped(secrets, &text, BASE64_WIDTH);
	add_wrapped(secrets, &text, OPENSSL_WIDTH);
	buf_truncate(&text, 0);
	crypto_encode(ENCODING_HEX, value->data, value->size, &text);
	add_wrapped(secrets, &text, XXD_WIDTH);
	if (value->size <= DUMP_MAX)
		add_wrapped(secrets, &text, DUMP_WIDTH);
}

void secrets_know_forms(struct secrets *secrets)
{
	if (secrets->encoded)
		return;
	secrets->encoded = true;
	for (const struct secret_value *value = secrets->values; value;
		value = value->next)
		add_encoded(secrets, value);
}

/* ---- adding ---- */

static void add_piece(struct secrets *secrets, const char *data, size_t size)
{
	add_form(secrets, data, size, false);
}

static struct secret_form *first_piece(
	const struct secrets *secrets, const char *data, size_t size)
{
	return find_form(secrets, data, size < PIECE_MAX ? size : PIECE_MAX);
}

static bool is_known(const struct secrets *secrets, const char *data, size_t size)
{
	const struct secret_form *form = first_piece(secrets, data, size);
	const struct secret_value *value = form ? form->values : NULL;

	while (value && (value->size != size || memcmp(value->data, data, size) != 0))
		value = value->next_alike;
	return value;
}

/* The list of all values is for secrets_know_forms(), that of a form for is_known(). */
static void list_value(struct secrets *secrets, struct secret_value *value)
{
	struct secret_form *form = first_piece(secrets, value->data, value->size);

	value->next = secrets->values;
	secrets->values = value;
	value->next_alike = form->values;
	form->values = value;
}

void secrets_add_bytes(struct secrets *secrets, const void *data, size_t size)
{
	struct secret_value *value;

	if (size < SECRET_SHORTEST || is_known(secrets, data, size))
		return;
	value = arena_alloc(&secrets->arena, sizeof *value);
	value->data = arena_memdup(&secrets->arena, data, size);
	value->size = size;
	in_pieces(secrets, value, add_piece);
	list_value(secrets, value);
	if (memchr(data, '\n', size))
		add_lines(secrets, value->data, size);
	if (secrets->encoded)
		add_encoded(secrets, value);
}

void secrets_add(struct secrets *secrets, const char *value)
{
	size_t size;

	while (str_is_space(*value))
		value++;
	size = strlen(value);
	while (size > 0 && str_is_space(value[size - 1]))
		size--;
	secrets_add_bytes(secrets, value, size);
}

void secrets_release(struct secrets *secrets)
{
	arena_release(&secrets->arena);
	*secrets = (struct secrets){0};
}
