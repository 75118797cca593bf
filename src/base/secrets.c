/* SPDX-License-Identifier: MIT */
/* Taking secrets out of text. */
#include "base/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define SHORTEST      6
#define LINE_SHORTEST 16
#define STARS         "***"

static void drop(char *value)
{
	mem_wipe(value, strlen(value));
	free(value);
}

/* Takes `value` over. */
static void add_one(struct secrets *secrets, char *value)
{
	size_t size = strlen(value);
	size_t at = 0;

	for (size_t i = 0; i < secrets->count; i++)
		if (strcmp(secrets->values[i], value) == 0) {
			drop(value);
			return;
		}
	while (at < secrets->count && strlen(secrets->values[at]) >= size)
		at++;
	secrets->values =
		mem_resize(secrets->values, secrets->count + 1, sizeof *secrets->values);
	memmove(secrets->values + at + 1, secrets->values + at,
		(secrets->count - at) * sizeof *secrets->values);
	secrets->values[at] = value;
	secrets->count++;
}

void secrets_add(struct secrets *secrets, const char *value)
{
	if (strlen(value) < SHORTEST)
		return;
	add_one(secrets, mem_strdup(value));
	if (!strchr(value, '\n'))
		return;
	/* A key of many lines comes to the log a line at a time. */
	while (*value) {
		size_t size = strcspn(value, "\n");

		if (size >= LINE_SHORTEST) {
			char *line = mem_zalloc(size + 1);

			memcpy(line, value, size);
			add_one(secrets, line);
		}
		value += size + (value[size] == '\n');
	}
}

static void redact_one(const char *value, struct buf *text, size_t from)
{
	size_t size = strlen(value);
	CLEANUP_BUF struct buf clean = BUF_INIT;
	const char *rest = text->data + from;
	const char *end = text->data + text->len;
	const char *hit = memmem(rest, (size_t)(end - rest), value, size);

	if (!hit)
		return;
	for (; hit; hit = memmem(rest, (size_t)(end - rest), value, size)) {
		buf_add(&clean, rest, (size_t)(hit - rest));
		buf_puts(&clean, STARS);
		rest = hit + size;
	}
	buf_add(&clean, rest, (size_t)(end - rest));
	buf_truncate(text, from);
	buf_add(text, clean.data, clean.len);
}

void secrets_redact(const struct secrets *secrets, struct buf *text, size_t from)
{
	for (size_t i = 0; i < secrets->count; i++)
		redact_one(secrets->values[i], text, from);
}

void secrets_release(struct secrets *secrets)
{
	for (size_t i = 0; i < secrets->count; i++)
		drop(secrets->values[i]);
	free(secrets->values);
	secrets->values = NULL;
	secrets->count = 0;
}
