/* SPDX-License-Identifier: MIT */
/* A migration's file as other tools see it. */
#include "db/adopt_file.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/checksum.h"
#include "base/crypto.h"
#include "base/path.h"
#include "base/str.h"
#include "migration/format.h"

#define BOM "\xef\xbb\xbf"

/* ---- names ---- */

const char *adopt_path_below(const char *file, const char *directory)
{
	size_t size = strlen(directory);

	if (strncmp(file, directory, size) == 0 && file[size] == '/')
		return file + size + strspn(file + size, "/");
	return strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
}

/* What a number begins with: "0012_a.sql", or refinery's "V12__a.sql". */
void adopt_name_digits(const struct adopt_file *file, struct buf *ret)
{
	const char *digits = file->below;

	if (*digits == 'V' || *digits == 'U')
		digits++;
	buf_add(ret, digits, str_digits(digits));
}

/* What is before the first '_' of the directory's name. */
void adopt_name_diesel(const struct adopt_file *file, struct buf *ret)
{
	buf_add(ret, file->below, strcspn(file->below, "_/"));
}

/* In subdirectories, too. */
void adopt_name_flyway(const struct adopt_file *file, struct buf *ret)
{
	const char *base = path_base(file->below);
	const char *name = strstr(base, "__");

	if (*base == 'V' && name)
		buf_add(ret, base + 1, (size_t)(name - base) - 1);
	else if (format_is_repeatable(base) && str_ends(base, ".sql"))
		buf_add(ret, base, strlen(base) - strlen(".sql"));
}

/* "001_a" of "001_a/migration.sql". */
void adopt_name_directory(const struct adopt_file *file, struct buf *ret)
{
	buf_add(ret, file->below, strcspn(file->below, "/"));
}

void adopt_name_path(const struct adopt_file *file, struct buf *ret)
{
	buf_puts(ret, file->below);
}

/* ---- checksums ---- */

static void add_sha256(const char *text, size_t size, struct buf *ret)
{
	unsigned char digest[SHA256_SIZE];

	crypto_sha256(text, size, digest);
	crypto_encode(ENCODING_HEX, digest, sizeof digest, ret);
}

void adopt_name_sha256(const struct adopt_file *file, struct buf *ret)
{
	add_sha256(file->text, file->size, ret);
}

bool adopt_sum_sha256(const struct adopt_file *file, unsigned variant, struct buf *ret)
{
	add_sha256(file->text, file->size, ret);
	return variant == 0;
}

/* As it is, with LF for CRLF, or with CRLF for LF. */
bool adopt_sum_lines_sha256(
	const struct adopt_file *file, unsigned variant, struct buf *ret)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	for (size_t i = 0; i < file->size && variant > 0; i++) {
		const char *c = &file->text[i];
		bool ends = i + 1 < file->size && c[0] == '\r' && c[1] == '\n';

		if (!ends && *c == '\n' && variant == 2)
			buf_putc(&text, '\r');
		if (!ends)
			buf_putc(&text, *c);
	}
	add_sha256(
		variant ? text.data : file->text, variant ? text.len : file->size, ret);
	return variant < 3;
}

bool adopt_sum_sha384(const struct adopt_file *file, unsigned variant, struct buf *ret)
{
	unsigned char digest[SHA384_SIZE];

	crypto_sha384(file->text, file->size, digest);
	crypto_encode(ENCODING_HEX, digest, sizeof digest, ret);
	return variant == 0;
}

/* Rust's hash of (name, version, text): a string ends with 0xff; a version has 4 or 8. */
bool adopt_sum_siphash(const struct adopt_file *file, unsigned variant, struct buf *ret)
{
	CLEANUP_BUF struct buf digits = BUF_INIT;
	CLEANUP_BUF struct buf hashed = BUF_INIT;
	uint64_t version = 0;

	adopt_name_digits(file, &digits);
	/* What is larger, refinery refuses. */
	if (!str_to_u64(digits.data, INT64_MAX, &version))
		version = 0;
	buf_puts(&hashed, file->name);
	buf_putc(&hashed, '\xff');
	for (unsigned i = 0; i < (variant == 0 ? 4 : 8); i++)
		buf_putc(&hashed, (char)(version >> 8 * i & 0xff));
	buf_add(&hashed, file->text, file->size);
	buf_putc(&hashed, '\xff');
	buf_printf(ret, "%" PRIu64, checksum_siphash13(hashed.data, hashed.len));
	return variant < 2;
}

/* Of the lines without their ends: of all bytes but CR and LF. */
bool adopt_sum_lines_crc32(
	const struct adopt_file *file, unsigned variant, struct buf *ret)
{
	bool marked = file->size >= 3 && memcmp(file->text, BOM, 3) == 0;
	uint32_t crc = 0;

	for (size_t i = marked ? 3 : 0; i < file->size; i++)
		if (file->text[i] != '\r' && file->text[i] != '\n')
			crc = checksum_crc32(crc, &file->text[i], 1);
	buf_printf(ret, "%" PRId32, (int32_t)crc);
	return variant == 0;
}
