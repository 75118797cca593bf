/* SPDX-License-Identifier: MIT */
/* Loading: which files count, what they are, and all of their errors at once. */
#include "loading.h"

static void precedence_and_masks(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf more = BUF_INIT;

	(void)state;
	put("usr/10-a.ini", "[exec:a]\ncommand = usr\nenv = X=1\n");
	put("usr/20-b.ini", "[exec:b]\n");
	put("usr/30-c.ini", "[exec:c]\n");
	put("usr/40-d.ini", "[exec:d]\n");
	put("etc/10-a.ini", "[exec:a]\ncommand = etc\n");
	put("etc/20-b.ini", "");
	put("etc/50-d.ini", "[exec:d]\ncommand = later\n");
	put("etc/40-d.ini~", "[wrong\n");
	put("etc/.40-d.ini", "[wrong\n");
	assert_int_equal(symlink("/dev/null", in("etc/30-c.ini")), 0);
	load(NAMES("usr", "etc"), &got);
	/* a whole file is replaced, not single keys of it */
	assert_string_equal(got.data, "[exec:a] command=etc\n[exec:d] command=later\n");
	assert_non_null(strstr(heard.data, "/usr/10-a.ini' is replaced by '"));
	assert_non_null(
		strstr(heard.data, "/etc/20-b.ini' is empty: it masks that name"));
	assert_non_null(
		strstr(heard.data, "/etc/30-c.ini' is empty: it masks that name"));
	/* the other way round the mask is replaced */
	load(NAMES("etc", "usr"), &more);
	assert_non_null(
		strstr(more.data, "[exec:a] command=usr env=X=1\n[exec:b]\n[exec:c]"));
}

static void says_where_nothing_can_be_read(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf expected = BUF_INIT;

	(void)state;
	load(NAMES("missing"), &got);
	buf_printf(
		&expected, "failed: there is no configuration '%s/missing'\n", directory);
	assert_string_equal(got.data, expected.data);
}

static void reports_files_that_cannot_be_read(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf large = BUF_INIT;

	(void)state;
	put("d/3.ini", "[exec:a]\n");
	assert_int_equal(mkdir(in("d/1.ini"), 0700), 0);
	for (int i = 0; i < 16 * 1024 * 1024 + 1; i++)
		buf_putc(&large, i % 64 ? '#' : '\n');
	put_bytes("d/2.ini", large.data, large.len);
	load(NAMES("d"), &got);
	assert_string_equal(got.data,
		"[exec:a]\nd/1.ini: this is a directory, not a file\n"
		"d/2.ini: larger than 16 MiB, the most that a drop-in may be\n");
	put_bytes("d/2.ini", large.data, large.len - 1);
	buf_truncate(&got, 0);
	load(NAMES("d"), &got);
	assert_string_equal(
		got.data, "[exec:a]\nd/1.ini: this is a directory, not a file\n");
}

/* All errors of all files at once. */
static void ten_errors_in_three_files(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	int lines = 0;

	(void)state;
	put("d/1.ini",
		"[fiel:a]\npath = x\n[file:b]\npath = 1\nmode = 0888\nmoed = "
		"1\n[file:c]\n");
	put("d/2.ini", "[file:d]\npath: x\npolicy = mange\n[app]\ncommand = 'x\n");
	put("d/3.ini", "[exec:e] # run\ncommand = a\ncommand = b\n[exec:f]\nenv = ${A\n");
	load(NAMES("d"), &got);
	for (const char *c = got.data; *c; c++)
		lines += strncmp(c, "\nd/", 3) == 0;
	assert_int_equal(lines, 10);
}

static void knows_its_files(void **state)
{
	struct problems problems = {0};
	DECLARE_ERR(err);
	unsigned char digest[DIGEST_SIZE];
	struct conf conf = {0};

	(void)state;
	put("d/1.ini", "[exec:a]\nenv = A=1\n");
	put("d/2.ini", "");
	put("d/3.ini", "[exec:b]\ncommand =\n");
	assert_int_equal(conf_load(&conf, (const char *const[]){in("d"), NULL}, schemas,
				 NULL, &problems, &err),
		0);
	assert_int_equal(conf.files_count, 2);
	assert_string_equal(conf.files[1].path, in("d/3.ini"));
	crypto_digest("[exec:a]\nenv = A=1\n", 19, digest);
	assert_memory_equal(conf.files[0].digest, digest, DIGEST_SIZE);
	assert_non_null(conf_section(&conf, "exec:a"));
	assert_null(conf_section(&conf, "exec:z"));
	assert_non_null(section_get(conf_section(&conf, "exec:a"), "env"));
	assert_string_equal(
		section_get(conf_section(&conf, "exec:a"), "env")->value->dir, in("d"));
	assert_null(section_get(conf_section(&conf, "exec:a"), "command"));
	assert_null(section_get(conf_section(&conf, "exec:b"), "command"));
	assert_int_equal(conf_section(&conf, "exec:b")->at.line, 1);
	conf_release(&conf);
	assert_int_equal(problems.count, 0);
}

/* A relative -c is shown as it was given, and still knows its directory. */
static void relative_paths(void **state)
{
	struct problems problems = {0};
	DECLARE_ERR(err);
	struct conf conf = {0};
	char *before = getcwd(NULL, 0);

	(void)state;
	put("d/1.ini", "[exec:a]\nenv = A=1\n");
	assert_int_equal(chdir(directory), 0);
	assert_int_equal(conf_load(&conf, NAMES("d"), schemas, NULL, &problems, &err), 0);
	assert_string_equal(conf.files[0].path, "d/1.ini");
	assert_string_equal(section_get(conf.sections, "env")->value->dir, in("d"));
	conf_release(&conf);
	assert_int_equal(chdir(before), 0);
	free(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(precedence_and_masks),
		TEST(says_where_nothing_can_be_read),
		TEST(reports_files_that_cannot_be_read),
		TEST(ten_errors_in_three_files),
		TEST(knows_its_files),
		TEST(relative_paths),
	};

	return cmocka_run_group_tests_name("conf/conf", tests, NULL, NULL);
}
