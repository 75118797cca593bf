/* SPDX-License-Identifier: MIT */
/* The header of an age file: for whom the file key is encrypted, and its MAC. */
#ifndef AGE_HEADER_H
#define AGE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"

struct err;

#define AGE_MAGIC         "age-encryption.org/"
#define AGE_FILE_KEY_SIZE 16

/* A stanza "-> X25519". */
struct age_recipient {
	unsigned char share[KEY_PAIR_SIZE];
	unsigned char sealed[AGE_FILE_KEY_SIZE + SEAL_SIZE]; /* the file key */
};

/* All zero is empty. */
struct age_header {
	struct age_recipient *recipients;
	size_t count;
	bool passphrase, ssh; /* there are stanzas of these types */
	char other[64];       /* the type of the last that is of no known one, or "" */
	size_t authentic;     /* the size of what the MAC is of */
	unsigned char mac[SHA256_SIZE];
	size_t size; /* with the MAC: the payload is behind it */
};

/* Returns 0, or -1 where the text does not begin with a whole header. */
int header_parse(const char *text, size_t size, struct age_header *ret, struct err *err);
void header_release(struct age_header *header);

#endif
