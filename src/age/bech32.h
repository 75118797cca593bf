/* SPDX-License-Identifier: MIT */
/* Bech32 (BIP 173), without its limit of 90 characters, as age writes its keys. */
#ifndef AGE_BECH32_H
#define AGE_BECH32_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/*
 * Decodes `text`, whose part before the last '1' must be `prefix` and in the same case,
 * and appends its bytes. Returns false and appends nothing where it is not that, or its
 * checksum is wrong.
 */
bool bech32_decode(const char *prefix, const char *text, size_t size, struct buf *ret);

#endif
