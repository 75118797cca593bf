/* SPDX-License-Identifier: MIT */
/*
 * Feeds any bytes to the readers of age files: as a file (in armour or not), as an
 * identity file, and as Bech32. What must hold: no crash; nothing comes out of a file
 * that does not open; a header lies in its file; armour that was taken off has one form.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "age/age.h"
#include "age/armor.h"
#include "age/bech32.h"
#include "age/header.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define IDENTITY \
	"AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"

static void hold(bool what)
{
	if (!what)
		abort();
}

static void open_file(const char *text, size_t size)
{
	CLEANUP_IDENTITIES struct age_identities identities = {0};
	CLEANUP_BUF struct buf plain = BUF_INIT;
	DECLARE_ERR(err);

	hold(age_identities_parse(IDENTITY, strlen(IDENTITY), &identities, &err) == 0);
	if (age_decrypt(text, size, &identities, &plain, &err) < 0)
		hold(plain.len == 0 && err.kind != ERR_NONE);
}

static void parse_header(const char *text, size_t size)
{
	struct age_header header = {0};
	DECLARE_ERR(err);

	if (header_parse(text, size, &header, &err) == 0) {
		hold(header.authentic < header.size && header.size <= size);
		hold(memcmp(text + header.authentic - 3, "---", 3) == 0);
		hold(header.count || header.passphrase || header.ssh || *header.other);
	}
	header_release(&header);
}

/* Without white space and CR the lines of the bytes are those that were read. */
static void take_armour_off(const char *text, size_t size)
{
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	CLEANUP_BUF struct buf base64 = BUF_INIT;
	DECLARE_ERR(err);
	size_t at = 0;

	if (armor_decode(text, size, &bytes, &err) < 0) {
		hold(bytes.len == 0);
		return;
	}
	crypto_encode(ENCODING_BASE64, bytes.data, bytes.len, &base64);
	text = memchr(text, 'B', size);
	text = strchr(text, '\n') + 1;
	for (; at < base64.len; text++)
		if (*text != '\n' && *text != '\r')
			hold(*text == base64.data[at++]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	const char *text = arena_memdup(&arena, data, size);
	CLEANUP_IDENTITIES struct age_identities identities = {0};
	CLEANUP_BUF struct buf bytes = BUF_INIT;
	DECLARE_ERR(err);

	open_file(text, size);
	parse_header(text, size);
	take_armour_off(text, size);
	if (age_identities_parse(text, size, &identities, &err) == 0)
		hold(identities.count > 0);
	if (!bech32_decode("age", text, size, &bytes))
		hold(bytes.len == 0);
	arena_release(&arena);
	return 0;
}
