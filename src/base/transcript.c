/* SPDX-License-Identifier: MIT */
/* Output of other programs: collecting, redacting, splitting into lines. */
#include "base/transcript.h"

#include <string.h>

#include "base/secrets.h"

/* A secret is far shorter than this, in whatever form. */
#define KEPT_BACK ((size_t)8 * 1024)

/* Passes on what is before `at`. */
static void pass_on(struct transcript *transcript, size_t at)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;
	struct buf *text = &transcript->text;

	buf_add(&clean, text->data, at);
	secrets_redact(transcript->secrets, &clean, 0);
	for (size_t from = 0; from < clean.len;) {
		const char *line = clean.data + from;
		const char *newline = memchr(line, '\n', clean.len - from);
		size_t size = newline ? (size_t)(newline - line) : clean.len - from;

		transcript->line(transcript->user, line, size);
		from += size + 1;
	}
	memmove(text->data, text->data + at, text->len - at);
	buf_truncate(text, text->len - at);
}

/* How much of the text is whole lines. */
static size_t lines_size(const struct buf *text, size_t size)
{
	const char *newline = memrchr(text->data, '\n', size);

	return newline ? (size_t)(newline + 1 - text->data) : 0;
}

/* The size of the whole lines, without a secret that may continue in later output. */
static size_t finished(const struct transcript *transcript)
{
	const struct buf *text = &transcript->text;
	size_t size = lines_size(text, text->len);
	size_t at = secrets_unfinished(transcript->secrets, text->data, size);

	while (at < size) {
		size = at;
		at = lines_size(text,
			secrets_cut(transcript->secrets, text->data, text->len, at));
	}
	return at;
}

/* Where a line that is too long is cut: between two characters, and in no secret. */
static size_t cut_long(const struct transcript *transcript)
{
	const struct buf *text = &transcript->text;
	size_t at = text->len - KEPT_BACK;

	for (int i = 0; i < 3 && (text->data[at] & 0xc0) == 0x80; i++)
		at--;
	at = secrets_cut(transcript->secrets, text->data, text->len, at);
	/* Secrets from the first byte on, without a gap: all of it becomes stars. */
	return at > 0 ? at : text->len;
}

void transcript_add(struct transcript *transcript, const char *data, size_t size)
{
	while (size > 0) {
		struct buf *text = &transcript->text;
		size_t room = TRANSCRIPT_LINE_MAX - text->len;
		size_t n = size < room ? size : room;
		bool ends = memchr(data, '\n', n);

		buf_add(text, data, n);
		data += n;
		size -= n;
		if (ends)
			pass_on(transcript, finished(transcript));
		if (text->len == TRANSCRIPT_LINE_MAX)
			pass_on(transcript, cut_long(transcript));
	}
}

void transcript_end(struct transcript *transcript)
{
	pass_on(transcript, transcript->text.len);
}

void transcript_release(struct transcript *transcript)
{
	buf_release(&transcript->text);
}
