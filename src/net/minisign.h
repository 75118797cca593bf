/* SPDX-License-Identifier: MIT */
/*
 * Signatures of minisign(1), as https://jedisct1.github.io/minisign/ specifies them: of
 * the BLAKE2b-512 of a file ("ED", what the program makes), or, before, of the file
 * itself ("Ed"); with a comment that is signed, too.
 */
#ifndef NET_MINISIGN_H
#define NET_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>

struct err;

#define MINISIGN_HASH_SIZE 64                 /* of BLAKE2b-512 */
#define MINISIGN_MAX       ((size_t)8 * 1024) /* of a signature file */

struct minisign_key {
	unsigned char id[8];
	unsigned char key[32];
};

struct minisign {
	bool legacy; /* of the file itself */
	unsigned char id[8];
	unsigned char signature[64];
	char comment[4096]; /* the trusted one, without its name */
};

/* Of the text that minisign(1) prints: "RW…", 56 characters. Returns 0, or -1. */
int minisign_key_parse(const char *text, struct minisign_key *ret, struct err *err);

/*
 * Parses a signature file, and verifies its comment by the key. The text of an error
 * goes on from the file's name. Returns 0, or -1, also where another key signed it.
 */
int minisign_parse(const char *text, size_t size, const struct minisign_key *key,
	struct minisign *ret, struct err *err);

/*
 * Is it the signature of this file? `data` is its BLAKE2b-512, or of a legacy one all of
 * the file.
 */
bool minisign_verify(const struct minisign *signature, const struct minisign_key *key,
	const void *data, size_t size);

/*
 * The value of a word of the comment, as in "timestamp:1700000000\tfile:a.gz": words are
 * divided by tabs or, where there is none, by blanks. Returns 0 with it in `ret`, or 1
 * where it is missing or does not fit.
 */
int minisign_word(
	const struct minisign *signature, const char *word, char *ret, size_t size);

#endif
