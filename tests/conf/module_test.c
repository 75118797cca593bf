/* SPDX-License-Identifier: MIT */
/* Modules: which directories are, and what becomes of their files. */
#include "loading.h"

#include "conf/module.h"

/* Their names, each behind a blank, with what files each has. */
static int find(const char *const *names, struct buf *ret, struct err *err)
{
	const char *paths[8] = {NULL};
	struct log log = {.fd = -1, .level = LOG_DEBUG, .sink = hear, .user = &heard};
	struct arena arena = {0};
	struct modules found;
	int rc;

	for (size_t i = 0; names[i]; i++)
		paths[i] = arena_printf(&arena, "%s%s/%s", *names[i] == '-' ? "-" : "",
			directory, names[i] + (*names[i] == '-'));
	rc = modules_find(paths, &arena, &log, &found, err);
	for (size_t i = 0; rc == 0 && i < found.count; i++) {
		const struct module *module = &found.list[i];

		assert_true(str_starts(module->path, directory));
		buf_printf(ret, " %s%s%s", module->name, module->ini ? "+ini" : "",
			module->manifest ? "+json" : "");
		assert_true(module_has(module, MODULE_INI) == module->ini);
	}
	arena_release(&arena);
	return rc;
}

static void expect_found(const char *const *names, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	if (find(names, &got, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(got.len ? got.data : "", expected);
}

/* Makes the directories that put() does not. */
static void make_dirs(const char *const *names)
{
	for (; *names; names++)
		make_dir(*names, geteuid(), 0755);
}

static void a_directory_with_one_of_the_files_is_one(void **state)
{
	(void)state;
	make_dirs(NAMES("m", "m/c", "m/c/in", "m/off"));
	put("m/b/bootstrap.ini", "");
	put("m/a/manifest.json", "{}");
	put("m/c/in/bootstrap.ini", "");
	put("m/c/in/manifest.json", "{}");
	put("m/c/in/deep/bootstrap.ini", "");
	put("m/none/readme", "");
	put("m/bootstrap.ini", "");
	put("m/.hidden/bootstrap.ini", "");
	put("m/lost+found/bootstrap.ini", "");
	put("m/off/.disabled", "");
	put("m/off/bootstrap.ini", "");
	put("m/off/in/bootstrap.ini", "");
	expect_found(NAMES("m"), " a+json b+ini c/in+ini+json");
	assert_non_null(strstr(heard.data, "module 'off' is disabled by '"));
}

static void links_are_followed(void **state)
{
	(void)state;
	make_dirs(NAMES("m"));
	put("real/bootstrap.ini", "");
	put("m/other/x", "");
	put_link("m/link", in("real"), getuid());
	put_link("m/nowhere", in("missing"), getuid());
	put_link("m/loop", "loop", getuid());
	put_link("m/other/bootstrap.ini", in("missing"), getuid());
	expect_found(NAMES("m"), " link+ini other+ini");
}

static void several_directories_are_one_list(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	make_dirs(NAMES("m", "n"));
	put("m/b/bootstrap.ini", "");
	put("n/a/bootstrap.ini", "");
	expect_found(NAMES("m", "-nowhere", "n"), " a+ini b+ini");
	expect_found(NAMES("-nowhere"), "");
	assert_int_equal(find(NAMES("m", "nowhere"), &heard, &err), -1);
	assert_true(str_starts(err.text, "there is no directory '"));
	assert_int_equal(find(NAMES("m/b/bootstrap.ini"), &heard, &err), -1);
	assert_true(str_ends(err.text, "' is no directory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_directory_with_one_of_the_files_is_one),
		TEST(links_are_followed),
		TEST(several_directories_are_one_list),
	};

	return cmocka_run_group_tests_name("conf/module", tests, NULL, NULL);
}
