/* SPDX-License-Identifier: MIT */
/*
 * Takes any secret out of any text. The input is the size of pieces, a secret, a byte
 * 0x1c, and what stands around it. What must hold: no crash, no hang, and the secret is
 * in nothing that is shown, whether it was written as it is or in another form.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/secrets.h"
#include "base/str.h"
#include "base/transcript.h"

#define SEPARATOR 0x1c

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The stars that stand for a secret could be a part of it. */
static void must_lack(const struct buf *text, const struct buf *form)
{
	if (form->len >= SECRET_SHORTEST && !memchr(form->data, '*', form->len) &&
		memmem(text->data, text->len, form->data, form->len))
		abort();
}

static void hear(void *user, const char *line, size_t size)
{
	struct buf *heard = user;

	if (heard->len)
		buf_putc(heard, '\n');
	buf_add(heard, line, size);
}

/* Prints `text` in pieces, and searches what is logged for `form`. */
static void print(const struct secrets *secrets, const struct buf *text, size_t piece,
	const struct buf *form)
{
	CLEANUP_BUF struct buf heard = BUF_INIT;
	CLEANUP_TRANSCRIPT struct transcript transcript = {
		.secrets = secrets, .line = hear, .user = &heard, .text = BUF_INIT};

	for (size_t at = 0; at < text->len; at += piece)
		transcript_add(&transcript, text->data + at,
			text->len - at < piece ? text->len - at : piece);
	transcript_end(&transcript);
	must_lack(&heard, form);
}

/* What stands around it must not be a part of what it is encoded as. */
static void show(const struct secrets *secrets, const char *around, size_t size,
	const struct buf *form, size_t piece)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_add(&text, around, size);
	buf_puts(&text, " ");
	buf_add(&text, form->data, form->len);
	buf_puts(&text, " ");
	buf_add(&text, around, size);
	print(secrets, &text, piece, form);
	secrets_redact(secrets, &text, 0);
	must_lack(&text, form);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data + 1, SEPARATOR, size - 1) : NULL;
	struct secrets secrets = {0};
	CLEANUP_BUF struct buf secret = BUF_INIT;
	CLEANUP_BUF struct buf json = BUF_INIT;
	CLEANUP_BUF struct buf hex = BUF_INIT;
	CLEANUP_BUF struct buf base64 = BUF_INIT;
	const char *around;
	size_t left, piece;

	if (!end)
		return 0;
	piece = (size_t)data[0] + 1;
	buf_add(&secret, data + 1, (size_t)(end - data) - 1);
	around = (const char *)end + 1;
	left = size - (size_t)(end + 1 - data);
	secrets_add_bytes(&secrets, secret.data, secret.len);
	secrets_know_forms(&secrets);
	show(&secrets, around, left, &secret, piece);
	json_escape(&json, secret.data, secret.len);
	if (str_utf8_valid(secret.data, secret.len) == secret.len &&
		secret.len >= SECRET_SHORTEST)
		show(&secrets, around, left, &json, piece);
	crypto_encode(ENCODING_HEX, secret.data, secret.len, &hex);
	crypto_encode(ENCODING_BASE64, secret.data, secret.len, &base64);
	if (secret.len >= SECRET_SHORTEST) {
		show(&secrets, around, left, &hex, piece);
		show(&secrets, around, left, &base64, piece);
	}
	secrets_release(&secrets);
	return 0;
}
