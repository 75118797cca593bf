/* SPDX-License-Identifier: MIT */
/* The checksums by which other tools recognize the text of a migration. */
#include "ledger/adopt_sums.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "migration/migration.h"

/* ---- SHA-2 ---- */

static void begin_sha(struct adopt_summing *summing)
{
	enum sha sha = summing->kind == ADOPT_SUM_SHA384 ? SHA_384 : SHA_256;

	for (size_t i = 0; i < ADOPT_SUMS_MAX; i++)
		crypto_sha_begin(&summing->sha[i], sha);
}

static void add_sha(struct adopt_summing *summing, const char *data, size_t size)
{
	crypto_sha_add(&summing->sha[0], data, size);
}

static const char *end_sha(struct crypto_sha *sha, struct arena *arena)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	unsigned char digest[SHA384_SIZE];

	crypto_encode(ENCODING_HEX, digest, crypto_sha_end(sha, digest), &text);
	return arena_strdup(arena, text.data);
}

static size_t end_one_sha(
	struct adopt_summing *summing, const char **ret, struct arena *arena)
{
	ret[0] = end_sha(&summing->sha[0], arena);
	return 1;
}

/* With LF, and with CRLF. */
static void add_to_both(struct adopt_summing *summing, const char *data, size_t size)
{
	crypto_sha_add(&summing->sha[1], data, size);
	crypto_sha_add(&summing->sha[2], data, size);
}

static void add_lines_sha(struct adopt_summing *summing, const char *data, size_t size)
{
	const char *end = data + size;

	add_sha(summing, data, size);
	while (data < end) {
		const char *lf = memchr(data, '\n', (size_t)(end - data));
		const char *stop = lf ? lf : end;

		if (stop > data) {
			if (summing->cr)
				add_to_both(summing, "\r", 1);
			summing->cr = stop[-1] == '\r';
			add_to_both(summing, data, (size_t)(stop - data) - summing->cr);
		}
		if (lf) {
			crypto_sha_add(&summing->sha[1], "\n", 1);
			crypto_sha_add(&summing->sha[2], "\r\n", 2);
			summing->cr = false;
		}
		data = stop + (lf != NULL);
	}
}

static size_t end_lines_sha(
	struct adopt_summing *summing, const char **ret, struct arena *arena)
{
	if (summing->cr)
		add_to_both(summing, "\r", 1);
	for (size_t i = 0; i < ADOPT_SUMS_MAX; i++)
		ret[i] = end_sha(&summing->sha[i], arena);
	return ADOPT_SUMS_MAX;
}

/* ---- Rust's hash of (name, version, text) ---- */

/* A string ends with 0xff; a version has 4 bytes or 8. */
static void begin_siphash(struct adopt_summing *summing)
{
	CLEANUP_BUF struct buf digits = BUF_INIT;
	const char *name = summing->file.name;
	uint64_t version = 0;
	unsigned char bytes[8];

	adopt_name_digits(&summing->file, &digits);
	/* What is larger, refinery refuses. */
	if (!str_to_u64(digits.data, INT64_MAX, &version))
		version = 0;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = version >> 8 * i & 0xff;
	for (size_t i = 0; i < 2; i++) {
		siphash_begin(&summing->siphash[i]);
		siphash_add(&summing->siphash[i], name, strlen(name));
		siphash_add(&summing->siphash[i], "\xff", 1);
		siphash_add(&summing->siphash[i], bytes, i == 0 ? 4 : 8);
	}
}

static void add_siphash(struct adopt_summing *summing, const char *data, size_t size)
{
	for (size_t i = 0; i < 2; i++)
		siphash_add(&summing->siphash[i], data, size);
}

static size_t end_siphash(
	struct adopt_summing *summing, const char **ret, struct arena *arena)
{
	add_siphash(summing, "\xff", 1);
	for (size_t i = 0; i < 2; i++)
		ret[i] = arena_printf(
			arena, "%" PRIu64, siphash_end(&summing->siphash[i]));
	return 2;
}

/* ---- CRC-32 ---- */

static void begin_crc(struct adopt_summing *summing)
{
	summing->crc = 0;
}

static void add_lines_crc(struct adopt_summing *summing, const char *data, size_t size)
{
	for (size_t i = summing->begun ? 0 : str_bom_size(data, size); i < size; i++)
		if (data[i] != '\r' && data[i] != '\n')
			summing->crc = checksum_crc32(summing->crc, &data[i], 1);
}

static size_t end_crc(
	struct adopt_summing *summing, const char **ret, struct arena *arena)
{
	ret[0] = arena_printf(arena, "%" PRId32, (int32_t)summing->crc);
	return 1;
}

/* ---- all of them ---- */

static const struct {
	void (*begin)(struct adopt_summing *summing);
	void (*add)(struct adopt_summing *summing, const char *data, size_t size);
	size_t (*end)(
		struct adopt_summing *summing, const char **ret, struct arena *arena);
} kinds[] = {
	[ADOPT_SUM_SHA256] = {begin_sha, add_sha, end_one_sha},
	[ADOPT_SUM_LINES_SHA256] = {begin_sha, add_lines_sha, end_lines_sha},
	[ADOPT_SUM_SHA384] = {begin_sha, add_sha, end_one_sha},
	[ADOPT_SUM_SIPHASH] = {begin_siphash, add_siphash, end_siphash},
	[ADOPT_SUM_LINES_CRC32] = {begin_crc, add_lines_crc, end_crc},
};

void adopt_sum_begin(struct adopt_summing *summing)
{
	kinds[summing->kind].begin(summing);
}

void adopt_sum_add(struct adopt_summing *summing, const char *data, size_t size)
{
	kinds[summing->kind].add(summing, data, size);
	summing->begun = true;
}

const char *const *adopt_sum_end(struct adopt_summing *summing, struct arena *arena)
{
	const char **list = arena_alloc(arena, (ADOPT_SUMS_MAX + 1) * sizeof *list);

	list[kinds[summing->kind].end(summing, list, arena)] = NULL;
	return list;
}

static void take(void *user, const char *data, size_t size)
{
	adopt_sum_add(user, data, size);
}

int adopt_sums(enum adopt_sum kind, const struct migrations *all, size_t index,
	struct fs_reader *reader, const char *const **ret, struct err *err)
{
	struct migration *migration = &all->list[index];
	struct adopt_summing summing = {.kind = kind, .file = adopt_file_of(migration)};

	if (!migration->sums || migration->sums_kind != (int)kind) {
		adopt_sum_begin(&summing);
		if (migration_pass(migration, reader, take, &summing, err) < 0)
			return -1;
		migration->sums = adopt_sum_end(&summing, all->arena);
		migration->sums_kind = (int)kind;
	}
	*ret = migration->sums;
	return 0;
}
