/* SPDX-License-Identifier: MIT */
/*
 * Files that age(1) has encrypted, as https://age-encryption.org/v1 specifies them: for
 * X25519 recipients, as bytes or in ASCII armour.
 *
 *	struct age_identities identities = {0};
 *	age_identities_parse(text, size, &identities, &err);
 *	age_decrypt(file, size, &identities, &plain, &err);
 *	age_identities_release(&identities);
 *
 * All of it works on texts in memory, opens no file, and knows no step: a floor of its
 * own, above base alone. It is not a part of base, since it is several files that are
 * used by one kind, and never by the parent process, whose code lies together.
 *
 * Functions return 0, or -1 with an error that has neither the name of the file, which
 * the caller puts in front, nor any of its text: "was changed: …".
 */
#ifndef AGE_AGE_H
#define AGE_AGE_H

#include <stddef.h>

#include "base/crypto.h"

struct buf;
struct err;

struct age_identity {
	unsigned char private[KEY_PAIR_SIZE];
	unsigned char public[KEY_PAIR_SIZE];
};

/* All zero is empty. */
struct age_identities {
	struct age_identity *list;
	size_t count;
};

/*
 * Adds those of an identity file, one a line ("AGE-SECRET-KEY-1…"); empty lines and those
 * that begin with "#" are skipped. Any other line is an error, and so is a file without
 * one, or with more than 64.
 */
int age_identities_parse(
	const char *text, size_t size, struct age_identities *ret, struct err *err);

/* Wipes and frees them. */
void age_identities_release(struct age_identities *identities);
#define CLEANUP_IDENTITIES __attribute__((cleanup(age_identities_release)))

/*
 * Could an identity open it, as far as armour and header show? Returns 0, or -1 with the
 * error of age_decrypt().
 */
int age_check(const char *file, size_t size, struct err *err);

/*
 * Appends what `file` holds, once all of it was verified; on an error `ret` is as it was.
 * The errors distinguish: what is no age file, or of another version; one for other
 * identities (its code is ENOKEY), for a passphrase, for SSH keys or recipients of other
 * types; one that was truncated; one whose header or payload was changed.
 */
int age_decrypt(const char *file, size_t size, const struct age_identities *identities,
	struct buf *ret, struct err *err);

#endif
