/* SPDX-License-Identifier: MIT */
/* Signatures of minisign. */
#include "net/minisign.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/str.h"

#define TRUSTED "trusted comment: "

/* Decodes base64 of just that many bytes. */
static bool decode(const char *text, size_t size, void *ret, size_t wanted)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;

	if (!crypto_decode(ENCODING_BASE64, text, size, &plain) || plain.len != wanted)
		return false;
	memcpy(ret, plain.data, wanted);
	return true;
}

int minisign_key_parse(const char *text, struct minisign_key *ret, struct err *err)
{
	unsigned char data[2 + sizeof ret->id + sizeof ret->key];

	if (!decode(text, strlen(text), data, sizeof data) || memcmp(data, "Ed", 2) != 0)
		return err_config(err,
			"is no public key of minisign: 56 characters that begin with RW, "
			"as the second line of minisign.pub has them");
	memcpy(ret->id, data + 2, sizeof ret->id);
	memcpy(ret->key, data + 2 + sizeof ret->id, sizeof ret->key);
	return 0;
}

/* The next line, without its end. */
static bool next_line(
	const char **at, const char *end, const char **ret, size_t *ret_size)
{
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));

	if (*at == end)
		return false;
	*ret = *at;
	*ret_size = (size_t)((stop ? stop : end) - *at);
	*at = stop ? stop + 1 : end;
	if (*ret_size && (*ret)[*ret_size - 1] == '\r')
		(*ret_size)--;
	return true;
}

static bool is_comment(const char *line, size_t size)
{
	return size > strlen(TRUSTED) && memcmp(line, TRUSTED, strlen(TRUSTED)) == 0;
}

/* The signature that is of the signature and the comment behind it. */
static bool verify_comment(const struct minisign *signature,
	const struct minisign_key *key, const unsigned char by[64])
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_add(&text, signature->signature, sizeof signature->signature);
	buf_puts(&text, signature->comment);
	return crypto_ed25519_verify(key->key, text.data, text.len, by);
}

int minisign_parse(const char *text, size_t size, const struct minisign_key *key,
	struct minisign *ret, struct err *err)
{
	const char *const end = text + size;
	unsigned char data[2 + sizeof ret->id + sizeof ret->signature];
	unsigned char by[64];
	const char *lines[4] = {NULL};
	size_t sizes[4] = {0};

	for (size_t i = 0; i < 4; i++)
		if (!next_line(&text, end, &lines[i], &sizes[i]))
			return err_fail(err,
				"is no signature of minisign: it has %zu line%s", i,
				i == 1 ? "" : "s");
	if (!str_starts(lines[0], "untrusted comment:") ||
		!decode(lines[1], sizes[1], data, sizeof data) ||
		!is_comment(lines[2], sizes[2]) ||
		!decode(lines[3], sizes[3], by, sizeof by) ||
		(memcmp(data, "Ed", 2) != 0 && memcmp(data, "ED", 2) != 0))
		return err_fail(err, "is no signature of minisign");
	lines[2] += strlen(TRUSTED);
	sizes[2] -= strlen(TRUSTED);
	if (memchr(lines[2], '\0', sizes[2]))
		return err_fail(err, "has a NUL byte in its trusted comment");
	if (sizes[2] >= sizeof ret->comment)
		return err_fail(err, "has a trusted comment that is too long");
	ret->legacy = data[1] == 'd';
	memcpy(ret->id, data + 2, sizeof ret->id);
	memcpy(ret->signature, data + 2 + sizeof ret->id, sizeof ret->signature);
	memcpy(ret->comment, lines[2], sizes[2]);
	ret->comment[sizes[2]] = '\0';
	if (memcmp(ret->id, key->id, sizeof ret->id) != 0)
		return err_fail(
			err, "was signed with another key than that of `minisign`");
	if (!verify_comment(ret, key, by))
		return err_fail(err, "has a trusted comment that its key did not sign");
	return 0;
}

bool minisign_verify(const struct minisign *signature, const struct minisign_key *key,
	const void *data, size_t size)
{
	return crypto_ed25519_verify(key->key, data, size, signature->signature);
}

int minisign_word(
	const struct minisign *signature, const char *word, char *ret, size_t size)
{
	const char *between = strchr(signature->comment, '\t') ? "\t" : " ";
	size_t length = strlen(word);

	for (const char *at = signature->comment; *at;) {
		size_t part = strcspn(at, between);

		if (part > length && at[length] == ':' && memcmp(at, word, length) == 0 &&
			part - length - 1 < size) {
			memcpy(ret, at + length + 1, part - length - 1);
			ret[part - length - 1] = '\0';
			return 0;
		}
		at += part;
		at += strspn(at, between);
	}
	return 1;
}
