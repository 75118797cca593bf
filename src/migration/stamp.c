/* SPDX-License-Identifier: MIT */
/* The stamp of a contributor. */
#include "migration/stamp.h"

#include <stdint.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "migration/contributors.h"
#include "migration/migration.h"

/*
 * How far apart two times that differ can be: ten ticks of the slowest clock of Linux; or
 * the two seconds of FAT where there is no fraction of a second at all.
 */
#define TICK_NS   100000000
#define COARSE_NS 2000000000

#define SECOND_NS 1000000000

_Static_assert(sizeof((struct stamp *)0)->hash == DIGEST_SIZE, "one digest");

static bool is_before(const struct timespec *time, const struct timespec *now)
{
	int64_t margin = time->tv_nsec ? TICK_NS : COARSE_NS;
	int64_t seconds = (int64_t)now->tv_sec - time->tv_sec;

	if (seconds < 0 || seconds > 3)
		return seconds > 3;
	return seconds * SECOND_NS + now->tv_nsec - time->tv_nsec > margin;
}

/*
 * Images without a ctime (squashfs, erofs) and FAT show mtime in its place, which whoever
 * makes or changes the file chooses: whole seconds, as a rule. Elsewhere two equal times
 * have a fraction.
 */
static bool has_ctime(const struct stat *st)
{
	return st->st_ctim.tv_nsec || st->st_mtim.tv_nsec ||
		st->st_ctim.tv_sec != st->st_mtim.tv_sec;
}

bool stamp_is_settled(const struct stat *st, const struct timespec *now)
{
	return has_ctime(st) && is_before(&st->st_mtim, now) &&
		is_before(&st->st_ctim, now);
}

void stamp_add(
	struct digest *digest, const struct migration *migration, const struct stat *st)
{
	const int64_t numbers[] = {
		(int64_t)st->st_size,
		(int64_t)st->st_ino,
		st->st_mtim.tv_sec,
		st->st_mtim.tv_nsec,
		st->st_ctim.tv_sec,
		st->st_ctim.tv_nsec,
	};

	crypto_digest_add(digest, migration->id, strlen(migration->id) + 1);
	crypto_digest_add(digest, migration->file, strlen(migration->file) + 1);
	crypto_digest_add(digest, numbers, sizeof numbers);
}

void stamp_take(const struct migration *list, size_t count, struct fs_reader *reader,
	struct stamp *ret)
{
	struct digest digest;
	struct timespec now;
	DECLARE_ERR(ignored); /* reading it will fail, too */

	ret->valid = false;
	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	crypto_digest_begin(&digest);
	for (size_t i = 0; i < count; i++) {
		struct stat st;

		if (fs_reader_stat(
			    reader, list[i].from->fs, list[i].file, &st, &ignored) != 0 ||
			!S_ISREG(st.st_mode) || !stamp_is_settled(&st, &now))
			return;
		stamp_add(&digest, &list[i], &st);
	}
	crypto_digest_end(&digest, ret->hash);
	ret->valid = true;
}

void stamp_seal(const struct stamp *stamp, const unsigned char *const *hashes,
	unsigned char ret[DIGEST_SIZE])
{
	struct digest digest;

	crypto_digest_begin(&digest);
	crypto_digest_add(&digest, stamp->hash, sizeof stamp->hash);
	for (size_t i = 0; i < stamp->count; i++)
		crypto_digest_add(&digest, hashes[i], DIGEST_SIZE);
	crypto_digest_end(&digest, ret);
}
