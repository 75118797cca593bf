/* SPDX-License-Identifier: MIT */
/*
 * Feeds any bytes to the readers of signatures, URLs and addresses of services. What must
 * hold: no crash; what no key has signed is never taken; no URL that is shown has more
 * than it was given.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/address.h"
#include "net/minisign.h"
#include "net/url.h"

#define KEY "RWRoeTpUhXxDdnySpzPanePn3BeLY1Fz8l2DRVlDv2YVjfzO4qOPc7ts"

static void hold(bool what)
{
	if (!what)
		abort();
}

static void read_signature(const char *text, size_t size)
{
	struct minisign_key key;
	struct minisign signature;
	char word[64];
	DECLARE_ERR(err);

	hold(minisign_key_parse(KEY, &key, &err) == 0);
	if (minisign_parse(text, size, &key, &signature, &err) == 0)
		hold(minisign_word(&signature, "file", word, sizeof word) >= 0);
	else
		hold(err.kind != ERR_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	char *text = arena_memdup(&arena, data, size);
	struct minisign_key key;
	struct address address;
	struct url url;
	DECLARE_ERR(err);

	read_signature(text, size);
	(void)minisign_key_parse(text, &key, &err);
	err_init(&err);
	(void)address_parse(text, &arena, &address, &err);
	err_init(&err);
	if (url_parse(text, &arena, &url, &err) == 0)
		hold(strlen(url.shown) <= strlen(text));
	arena_release(&arena);
	return 0;
}
