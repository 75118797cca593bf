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

#define BOM "\xef\xbb\xbf"

/* ---- names ---- */

const char *adopt_path_below(const char *file, const char *directory)
{
	size_t size = strlen(directory);

	if (strncmp(file, directory, size) == 0 && file[size] == '/')
		return file + size + strspn(file + size, "/");
	return strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
}

/* "0012" is "12", and "000" is "0". */
static void add_number(const char *digits, size_t size, struct buf *ret)
{
	size_t zeros = strspn(digits, "0");

	if (zeros >= size && size > 0)
		zeros = size - 1;
	buf_add(ret, digits + zeros, size - zeros);
}

/* The leading number: "0012_a.sql", or refinery's "V12__a.sql". */
void adopt_name_number(const struct adopt_file *file, struct buf *ret)
{
	const char *digits = file->below;

	if (*digits == 'V' || *digits == 'U')
		digits++;
	add_number(digits, str_digits(digits), ret);
}

/* The same as text. */
void adopt_name_digits(const struct adopt_file *file, struct buf *ret)
{
	buf_add(ret, file->below, str_digits(file->below));
}

/* What is before the first '_' of the directory's name, without its '-'. */
void adopt_name_diesel(const struct adopt_file *file, struct buf *ret)
{
	for (const char *c = file->below; *c && !strchr("_/", *c); c++)
		if (*c != '-')
			buf_putc(ret, *c);
}

/* "1_02.0__a.sql" is "1.2": parts are numbers, and zeros at the end are nothing. */
static void add_version(const char *version, size_t size, struct buf *ret)
{
	size_t used = ret->len; /* up to a part that is not 0 */

	for (size_t i = 0; i < size; i++) {
		size_t part = str_digits(version + i);

		buf_puts(ret, ret->len ? "." : "");
		add_number(version + i, part, ret);
		if (strspn(version + i, "0") < part || !used)
			used = ret->len;
		i += part;
	}
	buf_truncate(ret, used);
}

/* "1", "1.2", "1_2": numbers with single separators between them. */
static bool is_version(const char *text)
{
	for (size_t size; (size = str_digits(text)) > 0; text++) {
		text += size;
		if (!*text)
			return true;
		if (*text != '.' && *text != '_')
			return false;
	}
	return false;
}

bool adopt_clean_flyway(const char *name, struct buf *ret)
{
	if (str_starts(name, ADOPT_REPEATABLE)) {
		buf_puts(ret, name);
		return true;
	}
	if (!is_version(name))
		return false;
	add_version(name, strlen(name), ret);
	return true;
}

/* In subdirectories, too. Of a repeatable one the ledger has "my views". */
void adopt_name_flyway(const struct adopt_file *file, struct buf *ret)
{
	const char *base = path_base(file->below);
	const char *name = strstr(base, "__");

	if (*base == 'V' && name) {
		add_version(base + 1, (size_t)(name - base) - 1, ret);
		return;
	}
	if (!str_starts(base, ADOPT_REPEATABLE) || !str_ends(base, ".sql"))
		return;
	buf_add(ret, base, strlen(base) - strlen(".sql"));
	for (char *c = ret->data + strlen(ADOPT_REPEATABLE); *c; c++)
		if (*c == '_')
			*c = ' ';
}

bool adopt_is_repeatable(const char *name)
{
	return str_starts(name, ADOPT_REPEATABLE);
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

	adopt_name_number(file, &digits);
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
