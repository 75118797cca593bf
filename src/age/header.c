/* SPDX-License-Identifier: MIT */
/* Parsing headers: strict, so that each has one form. */
#include "age/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#define VERSION_LINE AGE_MAGIC "v1"
#define COLUMNS      64

/* What is left to read, line by line. */
struct rest {
	const char *at, *end;
};

/* A part of a line. */
struct word {
	const char *text;
	size_t size;
};

static bool word_is(struct word word, const char *text)
{
	return word.size == strlen(text) && memcmp(word.text, text, word.size) == 0;
}

static bool word_begins(struct word word, const char *text)
{
	return word.size >= strlen(text) && memcmp(word.text, text, strlen(text)) == 0;
}

static int malformed(struct err *err, const char *why)
{
	return err_fail(
		err, "has a malformed header, and was changed or damaged: %s", why);
}

static int take_line(struct rest *rest, struct word *ret, struct err *err)
{
	const char *newline = memchr(rest->at, '\n', (size_t)(rest->end - rest->at));

	if (!newline)
		return err_fail(err, "was truncated: it ends within its header");
	*ret = (struct word){rest->at, (size_t)(newline - rest->at)};
	rest->at = newline + 1;
	return 0;
}

/* The next word of a line, which one space ends. Returns false where it is none. */
static bool take_word(struct word *line, struct word *ret)
{
	size_t size = 0;

	while (size < line->size && line->text[size] > ' ' && line->text[size] <= '~')
		size++;
	*ret = (struct word){line->text, size};
	if (size == 0 || (size < line->size && line->text[size] != ' ') ||
		size + 1 == line->size)
		return false;
	size += size < line->size;
	*line = (struct word){line->text + size, line->size - size};
	return true;
}

/* Decodes `size` bytes exactly. */
static bool decode_exactly(struct word text, unsigned char *ret, size_t size)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;

	if (!crypto_decode(ENCODING_BASE64_UNPADDED, text.text, text.size, &bytes) ||
		bytes.len != size)
		return false;
	memcpy(ret, bytes.data, size);
	return true;
}

/* ---- one stanza ---- */

/* Lines of 64 characters, and a shorter one, which may be empty, behind them. */
static int take_body(struct rest *rest, struct buf *ret_base64, struct err *err)
{
	struct word line;

	do {
		if (take_line(rest, &line, err) < 0)
			return -1;
		if (line.size > COLUMNS || word_begins(line, "-"))
			return malformed(err, "a stanza has no end");
		buf_add(ret_base64, line.text, line.size);
	} while (line.size == COLUMNS);
	return 0;
}

static int add_recipient(struct age_header *header, struct word arguments,
	struct word base64, struct err *err)
{
	struct age_recipient *one;

	header->recipients =
		mem_grow(header->recipients, header->count, sizeof *header->recipients);
	one = &header->recipients[header->count];
	if (!decode_exactly(arguments, one->share, sizeof one->share) ||
		!decode_exactly(base64, one->sealed, sizeof one->sealed))
		return malformed(err, "a stanza X25519 is not what it should be");
	header->count++;
	return 0;
}

static void note_type(struct age_header *header, struct word type)
{
	if (word_is(type, "scrypt"))
		header->passphrase = true;
	else if (word_begins(type, "ssh-"))
		header->ssh = true;
	else
		(void)snprintf(header->other, sizeof header->other, "%.*s",
			(int)(type.size < 60 ? type.size : 60), type.text); /* cut */
}

/* `line` is what is behind its "-> ". */
static int take_stanza(
	struct rest *rest, struct word line, struct age_header *header, struct err *err)
{
	CLEANUP_BUF struct buf base64 = BUF_INIT;
	CLEANUP_BUF struct buf body = BUF_INIT;
	struct word type, arguments, unused;

	if (!take_word(&line, &type))
		return malformed(err, "a stanza has no type");
	arguments = line;
	while (line.size)
		if (!take_word(&line, &unused))
			return malformed(err, "a stanza's arguments are no words");
	if (take_body(rest, &base64, err) < 0)
		return -1;
	if (!crypto_decode(ENCODING_BASE64_UNPADDED, base64.data, base64.len, &body))
		return malformed(err, "a stanza's body is not base64");
	if (word_is(type, "X25519"))
		return add_recipient(
			header, arguments, (struct word){base64.data, base64.len}, err);
	note_type(header, type);
	return 0;
}

/* ---- the whole ---- */

static int check_version(struct rest *rest, struct err *err)
{
	static const char line[] = VERSION_LINE "\n";
	size_t size = (size_t)(rest->end - rest->at);

	if (size == 0)
		return err_fail(err, "is empty");
	if (size < sizeof line - 1 && memcmp(rest->at, line, size) == 0)
		return err_fail(err, "was truncated: it ends within its first line");
	if (!word_begins((struct word){rest->at, size}, AGE_MAGIC))
		return err_fail(err, "is no age file: it begins with something else");
	if (word_begins((struct word){rest->at, size}, VERSION_LINE "\r"))
		return malformed(err, "its lines end in CR");
	if (!word_begins((struct word){rest->at, size}, line))
		return err_fail(err,
			"is of another version of the age format than v1, "
			"the known one");
	rest->at += sizeof line - 1;
	return 0;
}

/* All stanzas, and the line of the MAC behind them. */
static int take_stanzas(
	struct rest *rest, const char *text, struct age_header *ret, struct err *err)
{
	struct word line;
	size_t stanzas = 0;

	for (;; stanzas++) {
		if (take_line(rest, &line, err) < 0)
			return -1;
		if (!word_begins(line, "-> "))
			break;
		line = (struct word){line.text + 3, line.size - 3};
		if (take_stanza(rest, line, ret, err) < 0)
			return -1;
	}
	if (!word_begins(line, "--- "))
		return malformed(err, "a line is neither a stanza nor the last one");
	if (stanzas == 0)
		return malformed(err, "it has no recipient");
	if (ret->passphrase && stanzas > 1)
		return malformed(err, "it has a passphrase and other recipients");
	ret->authentic = (size_t)(line.text - text) + 3;
	line = (struct word){line.text + 4, line.size - 4};
	if (!decode_exactly(line, ret->mac, sizeof ret->mac))
		return malformed(err, "its MAC is not 32 bytes in base64");
	ret->size = (size_t)(rest->at - text);
	return 0;
}

int header_parse(const char *text, size_t size, struct age_header *ret, struct err *err)
{
	struct rest rest = {text, text + size};

	if (check_version(&rest, err) < 0)
		return -1;
	return take_stanzas(&rest, text, ret, err);
}

void header_release(struct age_header *header)
{
	free(header->recipients);
	*header = (struct age_header){0};
}
