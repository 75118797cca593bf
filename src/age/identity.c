/* SPDX-License-Identifier: MIT */
/* Reading identity files. */
#include <stdlib.h>
#include <string.h>

#include "age/age.h"
#include "age/armor.h"
#include "age/bech32.h"
#include "age/header.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#define IDENTITIES_MAX 64
#define NATIVE         "AGE-SECRET-KEY-"

/* What else people give as one, and why it is none. */
static const struct {
	const char *begins, *is;
} others[] = {
	{AGE_MAGIC, "the beginning of an age file; decrypt the identity itself"},
	{AGE_ARMOR_BEGIN, "the beginning of an age file; decrypt the identity itself"},
	{"AGE-PLUGIN-", "the identity of a plugin, which is not supported"},
	{NATIVE "PQ-", "a post-quantum identity, which is not supported"},
	{"-----BEGIN ", "the key of another program (SSH, …), which is not supported"},
	{"age1", "a recipient, the public half of an identity"},
};

static int refuse_line(const char *line, size_t size, size_t number, struct err *err)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		size_t length = strlen(others[i].begins);

		if (size >= length && memcmp(line, others[i].begins, length) == 0)
			return err_fail(err, "has in line %zu no identity, but %s",
				number, others[i].is);
	}
	return err_fail(err,
		"has in line %zu no identity (AGE-SECRET-KEY-1…), or one that was "
		"changed",
		number);
}

static int add_identity(const char *line, size_t size, size_t number,
	struct age_identities *ret, struct err *err)
{
	CLEANUP_BUF struct buf private = BUF_INIT;
	struct age_identity *one;

	if (!bech32_decode(NATIVE, line, size, &private) || private.len != KEY_PAIR_SIZE)
		return refuse_line(line, size, number, err);
	if (ret->count == IDENTITIES_MAX)
		return err_fail(err, "holds more than %d identities", IDENTITIES_MAX);
	if (!ret->list) /* once, since what moves leaves copies */
		ret->list = mem_zalloc(IDENTITIES_MAX * sizeof *ret->list);
	one = &ret->list[ret->count++];
	memcpy(one->private, private.data, KEY_PAIR_SIZE);
	crypto_x25519_public(one->private, one->public);
	return 0;
}

int age_identities_parse(
	const char *text, size_t size, struct age_identities *ret, struct err *err)
{
	size_t number = 1;

	for (size_t at = 0; at < size; number++) {
		const char *line = text + at;
		const char *newline = memchr(line, '\n', size - at);
		size_t length = newline ? (size_t)(newline - line) : size - at;

		at += length + 1;
		if (length && line[length - 1] == '\r')
			length--;
		if (length && *line != '#' &&
			add_identity(line, length, number, ret, err) < 0)
			return -1;
	}
	if (ret->count)
		return 0;
	return err_fail(err,
		"holds no identity (AGE-SECRET-KEY-1…); age-keygen(1) makes "
		"one");
}

void age_identities_release(struct age_identities *identities)
{
	if (identities->list)
		mem_wipe(identities->list, IDENTITIES_MAX * sizeof *identities->list);
	free(identities->list);
	*identities = (struct age_identities){0};
}
