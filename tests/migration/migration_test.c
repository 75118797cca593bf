/* SPDX-License-Identifier: MIT */
/* The file of a migration. */
#include "../directory.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "base/mem.h"
#include "base/problems.h"
#include "base/str.h"
#include "dialect.h"
#include "migration/contributors.h"
#include "migration/migration.h"

#define CHUNK ((size_t)64 * 1024) /* as the file is hashed */

struct one {
	struct fs fs;
	struct contributor contributor;
	struct fs_reader reader;
	struct migration migration;
	struct migration_text text;
	struct problems problems;
	struct err err;
	char path[PATH_MAX];
};

static void one_init(struct one *one)
{
	*one = (struct one){
		.fs = FS_INIT,
		.reader = FS_READER_INIT,
		.text = MIGRATION_TEXT_INIT,
	};
	fs_begin(&one->fs);
	(void)snprintf(one->path, sizeof one->path, "%s/1_x.sql", directory);
	one->contributor = (struct contributor){.name = "app", .fs = &one->fs};
	one->migration = (struct migration){
		.file = one->path,
		.from = &one->contributor,
		.dialect = &plain_dialect,
	};
	err_init(&one->err);
}

static void one_release(struct one *one)
{
	migration_text_release(&one->text);
	fs_reader_release(&one->reader);
	problems_release(&one->problems);
	fs_end(&one->fs);
}

static void write_file(const struct one *one, const void *data, size_t size)
{
	FILE *file = fopen(one->path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static int hash(struct one *one)
{
	return migration_hash(&one->migration, &one->reader, &one->err);
}

static int load(struct one *one)
{
	migration_text_release(&one->text);
	return migration_load(
		&one->migration, &one->reader, &one->text, &one->problems, &one->err);
}

/* The hash of the file and of the bytes in memory; the text is loaded as it is. */
static void expect_hash(
	const void *data, size_t size, const void *normal, size_t normal_size)
{
	struct one one;
	unsigned char wanted[DIGEST_SIZE];
	struct buf raw = BUF_INIT;
	size_t bom = str_bom_size(data, size);

	one_init(&one);
	write_file(&one, data, size);
	crypto_digest(normal, normal_size, wanted);
	assert_int_equal(hash(&one), 0);
	assert_memory_equal(one.migration.hash, wanted, DIGEST_SIZE);
	migration_hash_bytes(&one.migration, data, size);
	assert_memory_equal(one.migration.hash, wanted, DIGEST_SIZE);
	assert_int_equal(load(&one), 0);
	assert_int_equal(one.text.text.len, size - bom);
	assert_memory_equal(one.text.text.data, (const char *)data + bom, size - bom);
	assert_int_equal(migration_read(&one.migration, &one.reader, &raw, &one.err), 0);
	assert_int_equal(raw.len, size);
	assert_memory_equal(raw.data, data, size);
	buf_release(&raw);
	one_release(&one);
}

static void hash_is_of_the_normal_text(void **state)
{
	(void)state;
	expect_hash("a\n1;\n", 5, "a\n1;\n", 5);
	expect_hash("\xef\xbb\xbf"
		    "a\r\n1;\r\n",
		10, "a\n1;\n", 5);
	expect_hash("a;\r", 3, "a;\r", 3);
	expect_hash("a\r\r\nb\rc;", 9, "a\r\nb\rc;", 8);
	expect_hash("", 0, "", 0);
	expect_hash("\xef\xbb\xbf", 3, "", 0);
	expect_hash("\xef\xbb", 2, "\xef\xbb", 2);
}

/* A line end, or a CR alone, may lie at the end of what is read at once. */
static void hash_does_not_depend_on_chunks(void **state)
{
	static const size_t sizes[] = {
		CHUNK - 2, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK};
	char *data = mem_zalloc(2 * CHUNK + 4), *normal = mem_zalloc(2 * CHUNK + 4);

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t size = sizes[i];

		memset(data, 'a', size);
		memset(normal, 'a', size);
		memcpy(data + size, "\r\n;", 3);
		memcpy(normal + size, "\n;", 2);
		expect_hash(data, size + 3, normal, size + 2);
		expect_hash(data, size + 1, data, size + 1); /* the CR is the end */
		memcpy(data + size, "\rb;", 3);
		expect_hash(data, size + 3, data, size + 3);
	}
	free(data);
	free(normal);
}

static void what_was_changed_after_it_was_hashed_is_not_taken(void **state)
{
	struct one one;
	struct buf raw = BUF_INIT;

	(void)state;
	one_init(&one);
	write_file(&one, "a;", 2);
	assert_int_equal(hash(&one), 0);
	write_file(&one, "b;", 2);
	assert_int_equal(load(&one), -1);
	assert_non_null(strstr(one.err.text, "/1_x.sql' was changed while it was read"));
	err_init(&one.err);
	assert_int_equal(migration_read(&one.migration, &one.reader, &raw, &one.err), -1);
	assert_non_null(strstr(one.err.text, "/1_x.sql' was changed while it was read"));
	assert_int_equal(unlink(one.path), 0);
	err_init(&one.err);
	assert_int_equal(load(&one), -1);
	assert_non_null(strstr(one.err.text, "/1_x.sql' is missing"));
	buf_release(&raw);
	one_release(&one);
}

/* The kernel says that files of /proc are empty. */
static void a_file_that_hides_its_size_is_hashed_whole(void **state)
{
	struct one one;
	unsigned char empty[32];

	(void)state;
	one_init(&one);
	migration_hash_bytes(&one.migration, "", 0);
	memcpy(empty, one.migration.hash, sizeof empty);
	one.migration.file = "/proc/version";
	assert_int_equal(hash(&one), 0);
	assert_memory_not_equal(one.migration.hash, empty, sizeof empty);
	one_release(&one);
}

static void a_missing_file_has_no_hash(void **state)
{
	struct one one;

	(void)state;
	one_init(&one);
	assert_int_equal(hash(&one), 1);
	assert_int_equal(mkdir(one.path, 0755), 0);
	assert_int_equal(hash(&one), -1);
	assert_non_null(strstr(one.err.text, "/1_x.sql' is a directory, not a file"));
	one_release(&one);
}

static void statements_lie_in_the_text(void **state)
{
	struct one one;

	(void)state;
	one_init(&one);
	write_file(&one, "a;\r\n\r\nb (c;\r\n);\r\n", 17);
	assert_int_equal(hash(&one), 0);
	assert_int_equal(load(&one), 0);
	assert_int_equal(one.problems.count, 0);
	assert_int_equal(one.text.statements_count, 2);
	assert_ptr_equal(one.text.statements[1].text, one.text.text.data + 6);
	assert_int_equal(one.text.statements[1].size, 9);
	assert_int_equal(one.text.statements[1].line, 3);
	one_release(&one);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, directory_setup, directory_teardown)

/* No matter how little of it there is on disk. */
static void what_is_too_large_is_not_read(void **state)
{
	struct one one;

	(void)state;
	one_init(&one);
	write_file(&one, "", 0);
	assert_int_equal(truncate(one.path, (off_t)1 << 32), 0);
	assert_int_equal(hash(&one), -1);
	assert_non_null(strstr(one.err.text, "is larger than 2147483631 bytes"));
	assert_int_equal(load(&one), -1);
	assert_non_null(strstr(one.err.text, "is larger than 2147483631 bytes"));
	one_release(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hash_is_of_the_normal_text),
		TEST(hash_does_not_depend_on_chunks),
		TEST(what_was_changed_after_it_was_hashed_is_not_taken),
		TEST(a_file_that_hides_its_size_is_hashed_whole),
		TEST(a_missing_file_has_no_hash),
		TEST(statements_lie_in_the_text),
		TEST(what_is_too_large_is_not_read),
	};

	return cmocka_run_group_tests_name("migration/migration", tests, NULL, NULL);
}
