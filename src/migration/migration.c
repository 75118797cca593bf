/* SPDX-License-Identifier: MIT */
/* The file of a migration: its hash and its statements. */
#include "migration/migration.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_reader.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/contributors.h"
#include "migration/markers.h"
#include "migration/outside.h"
#include "migration/placeholders.h"
#include "migration/split.h"

#define CHUNK ((size_t)64 * 1024)

/* Lines and offsets are counted in an int, here and in SQLite. */
#define FILE_MAX ((size_t)INT_MAX - 16)

_Static_assert(sizeof((struct migration *)0)->hash == DIGEST_SIZE, "one digest");

bool migration_is_of(const struct migration *migration, const char *contributor)
{
	return str_equal(migration->contributor, contributor);
}

const struct migration *migrations_first_of(
	const struct migrations *all, const char *contributor)
{
	for (size_t i = 0; i < all->count; i++)
		if (migration_is_of(&all->list[i], contributor))
			return &all->list[i];
	return NULL;
}

/* ---- the text that the hash is of ---- */

/* Removes what is before `from`, and each CR before an LF, in place. Returns the size. */
static size_t normalise(char *text, size_t from, size_t size)
{
	size_t to = 0;

	while (from < size) {
		const char *cr = memchr(text + from, '\r', size - from);
		size_t end = cr ? (size_t)(cr - text) : size;
		bool drop = end + 1 < size && text[end + 1] == '\n';

		if (cr && !drop)
			end++;
		if (to != from)
			memmove(text + to, text + from, end - from);
		to += end - from;
		from = end + drop;
	}
	return to;
}

/* Reads until `size` bytes are there, or the file ends. Returns how many, or -1. */
static ssize_t read_up_to(int fd, char *to, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read(fd, to + got, size - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

/* The error of reading it, by errno. */
static int fail_reading(const struct migration *migration, struct err *err)
{
	if (errno != EFBIG)
		return err_sys(err, "read '%s'", migration->file);
	return err_fail(err,
		"'%s' is larger than %zu bytes; make several migrations of it",
		migration->file, FILE_MAX);
}

/*
 * `known` is the size of the file where it says one, and then no read looks for the end.
 * Others may grow for as long as they are read. `take`, if not NULL, gets all bytes.
 */
static int hash_file(int fd, size_t known, migration_take *take, void *user,
	unsigned char ret[DIGEST_SIZE])
{
	char chunk[CHUNK];
	struct digest digest;
	size_t kept = 0; /* a CR that ended the last chunk */
	size_t left = known ? known : FILE_MAX + 1;
	bool first = true, last = false;

	crypto_digest_begin(&digest);
	while (!last) {
		size_t room = CHUNK - kept;
		size_t wanted = left < room ? left : room;
		ssize_t got = read_up_to(fd, chunk + kept, wanted);
		size_t size = kept + (size_t)got;

		if (got < 0)
			return -1;
		if (take)
			take(user, chunk + kept, (size_t)got);
		left -= (size_t)got;
		if (!left && !known)
			return set_errno(EFBIG);
		last = !left || (size_t)got < wanted;
		kept = !last && chunk[CHUNK - 1] == '\r';
		size -= kept;
		crypto_digest_add(&digest, chunk,
			normalise(chunk, first ? str_bom_size(chunk, size) : 0, size));
		if (kept)
			chunk[0] = '\r';
		first = false;
	}
	crypto_digest_end(&digest, ret);
	return 0;
}

static int fail_missing(const struct migration *migration, struct err *err)
{
	return err_fail(err, "'%s' is missing", migration->file);
}

/* Returns 0 with descriptor and size, 1 if it is missing, or -1. */
static int open_file(const struct migration *migration, struct fs_reader *reader,
	int *ret, size_t *ret_size, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = fs_reader_open(
		reader, migration->from->fs, migration->file, &fd, &st, err);

	if (rc != 0)
		return rc;
	if ((size_t)st.st_size > FILE_MAX) {
		errno = EFBIG;
		return fail_reading(migration, err);
	}
	*ret = steal_fd(&fd);
	*ret_size = (size_t)st.st_size;
	return 0;
}

int migration_hash(struct migration *migration, struct fs_reader *reader, struct err *err)
{
	CLEANUP_FD int fd = -1;
	size_t size;
	int rc = open_file(migration, reader, &fd, &size, err);

	if (rc != 0)
		return rc;
	if (hash_file(fd, size, NULL, NULL, migration->hash) < 0)
		return fail_reading(migration, err);
	migration->hashed = true;
	return 0;
}

int migrations_hash(struct migrations *all, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;

	for (size_t i = 0; i < all->count; i++) {
		int rc = all->list[i].hashed
			? 0
			: migration_hash(&all->list[i], &reader, err);

		if (rc == 1)
			return fail_missing(&all->list[i], err);
		if (rc < 0)
			return -1;
	}
	return 0;
}

void migration_hash_bytes(struct migration *migration, const void *data, size_t size)
{
	const char *text = data, *end = text + size,
		   *from = text + str_bom_size(text, size);
	struct digest digest;

	crypto_digest_begin(&digest);
	while (from < end) {
		const char *cr = memmem(from, (size_t)(end - from), "\r\n", 2);
		const char *to = cr ? cr : end;

		crypto_digest_add(&digest, from, (size_t)(to - from));
		if (cr)
			crypto_digest_add(&digest, "\n", 1);
		from = cr ? cr + 2 : end;
	}
	crypto_digest_end(&digest, migration->hash);
	migration->hashed = true;
}

/* ---- reading ---- */

static int read_file(const struct migration *migration, struct fs_reader *reader,
	struct buf *ret, struct err *err)
{
	CLEANUP_FD int fd = -1;
	size_t size = 0;
	int rc = open_file(migration, reader, &fd, &size, err);

	if (rc == 1)
		return fail_missing(migration, err);
	if (rc < 0)
		return -1;
	buf_reserve(ret, size + 2);
	return fd_read_all(fd, FILE_MAX, ret) < 0 ? fail_reading(migration, err) : 0;
}

static int fail_changed(const struct migration *migration, struct err *err)
{
	return err_fail(err, "'%s' was changed while it was read", migration->file);
}

int migration_read(const struct migration *migration, struct fs_reader *reader,
	struct buf *ret, struct err *err)
{
	struct migration read = *migration;
	size_t before = ret->len;

	if (read_file(migration, reader, ret, err) < 0)
		return -1;
	migration_hash_bytes(&read, ret->data + before, ret->len - before);
	if (memcmp(read.hash, migration->hash, sizeof read.hash) != 0)
		return fail_changed(migration, err);
	return 0;
}

int migration_pass(const struct migration *migration, struct fs_reader *reader,
	migration_take *take, void *user, struct err *err)
{
	CLEANUP_FD int fd = -1;
	unsigned char hash[DIGEST_SIZE];
	size_t size = 0;
	int rc = open_file(migration, reader, &fd, &size, err);

	if (rc == 1)
		return fail_missing(migration, err);
	if (rc < 0)
		return -1;
	if (hash_file(fd, size, take, user, hash) < 0)
		return fail_reading(migration, err);
	return memcmp(hash, migration->hash, sizeof hash) == 0
		? 0
		: fail_changed(migration, err);
}

/* ---- the statements ---- */

static struct place place_of(const char *file, const char *text, size_t at)
{
	struct place place = {.file = file, .line = 1};
	size_t line_start = 0;

	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			place.line++;
			line_start = i + 1;
		}
	}
	place.column = (int)(at - line_start) + 1;
	return place;
}

/* Is it text at all? Reports why not. */
static bool check_bytes(
	const char *file, const struct buf *text, struct problems *problems)
{
	const char *nul = memchr(text->data, '\0', text->len);
	size_t valid = str_utf8_valid(text->data, text->len);

	if (text->len >= 2 &&
		(memcmp(text->data, "\xff\xfe", 2) == 0 ||
			memcmp(text->data, "\xfe\xff", 2) == 0))
		problems_add(problems, (struct place){.file = file},
			"is UTF-16; save it as UTF-8");
	else if (nul)
		problems_add(problems,
			place_of(file, text->data, (size_t)(nul - text->data)),
			"a NUL byte; what follows would never run");
	else if (valid < text->len)
		problems_add(
			problems, place_of(file, text->data, valid), "is not UTF-8 here");
	else
		return true;
	return false;
}

static struct script script_of(const struct migration *migration, const struct buf *text,
	struct problems *problems)
{
	return (struct script){
		.text = text->data,
		.size = text->len,
		.file = migration->file,
		.dialect = migration->dialect,
		.advice = placeholders_advice(migration->placeholders),
		.strict = migration->from->strict,
		.problems = problems,
	};
}

static int split(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *text, struct problems *problems, struct err *err)
{
	struct script script = script_of(migration, &text->text, problems);
	struct script_part whole = {.size = script.size};
	struct script_part *parts = NULL;
	size_t count = 1;
	int rc;

	script.passed = &text->passed;
	text->markers = migration->marked ? markers_find(&script) : NULL;
	if (text->markers)
		markers_split(text->markers, &script, &parts, &count, &text->doubt_line);
	rc = outside_read(migration, reader, text, problems, err);
	script.outside = text->outside;
	split_script(&script, parts ? parts : &whole, count, &text->statements,
		&text->statements_count);
	outside_infer(migration, text);
	free(parts);
	return rc;
}

/* Reads it without its BOM, as migration_read(). */
static int read_text(const struct migration *migration, struct fs_reader *reader,
	struct buf *text, struct err *err)
{
	size_t bom;

	if (migration_read(migration, reader, text, err) < 0)
		return -1;
	bom = str_bom_size(text->data, text->len);
	memmove(text->data, text->data + bom, text->len - bom);
	buf_truncate(text, text->len - bom);
	return 0;
}

int migration_load(const struct migration *migration, struct fs_reader *reader,
	struct migration_text *ret, struct problems *problems, struct err *err)
{
	struct buf *text = &ret->text;

	if (read_text(migration, reader, text, err) < 0)
		return -1;
	ret->valid = check_bytes(migration->file, text, problems) &&
		(!migration->may_have_placeholders ||
			placeholders_replace(text, migration->placeholders, FILE_MAX,
				migration->file, problems));
	buf_reserve(text, 2); /* splitting may use the bytes behind it */
	return ret->valid ? split(migration, reader, ret, problems, err) : 0;
}

int migration_find_markers(const struct migration *migration, struct fs_reader *reader,
	const struct markers **ret, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct problems unused = {0}; /* they are of another migration */
	struct script script;

	*ret = NULL;
	if (!migration->marked)
		return 0;
	if (read_text(migration, reader, &text, err) < 0)
		return -1;
	script = script_of(migration, &text, &unused);
	if (check_bytes(migration->file, &text, &unused))
		*ret = markers_find(&script);
	problems_release(&unused);
	return 0;
}

void migration_text_release(struct migration_text *text)
{
	buf_release(&text->text);
	buf_release(&text->passed);
	free(text->statements);
	*text = (struct migration_text)MIGRATION_TEXT_INIT;
}
