/* SPDX-License-Identifier: MIT */
/* Drop-ins: what a folder gives, which file replaces which, masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/dropin.h"
#include "folder.h"

static struct folder folder;

static int setup(void **state)
{
	(void)state;
	folder_make(&folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	folder_remove(&folder);
	return 0;
}

static void hear(void *user, enum log_level level, const char *line)
{
	(void)level;
	buf_printf(user, "%s\n", line);
}

/* Their paths in the order of reading, without the folder's, each behind a blank. */
static int find(const char *const *names, bool must_exist, struct buf *ret,
	struct buf *heard, struct err *err)
{
	const char *paths[8] = {NULL};
	struct log log = {.fd = -1, .level = LOG_INFO, .sink = hear, .user = heard};
	struct arena arena = ARENA_INIT;
	struct dropins found;
	int result;

	for (size_t i = 0; names[i]; i++)
		paths[i] = arena_printf(&arena, "%s/%s", folder.path, names[i]);
	result = dropins_find(paths, must_exist, &arena, &log, &found, err);
	if (result == 0) {
		for (size_t i = 0; i < found.count; i++) {
			assert_true(str_starts(found.list[i].path, folder.path));
			buf_printf(
				ret, " %s", found.list[i].path + strlen(folder.path) + 1);
		}
		free(found.list);
	}
	arena_release(&arena);
	return result;
}

static void expect(const char *const *names, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf heard = BUF_INIT;
	DECLARE_ERR(err);

	if (find(names, true, &got, &heard, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(got.data, expected);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_folder_gives_its_ini_files(void **state)
{
	static const char *const passed_over[] = {".hidden.ini", ".ini", "a.ini~",
		"a.ini.bak", "a.ini.dpkg-old", "a.ini.dpkg-dist", "a.ini.dpkg-new",
		"a.ini.dpkg-tmp", "a.ini.rpmsave", "a.ini.rpmnew", "a.ini.rpmorig",
		"a.ini.ucf-dist", "a.ini.ucf-old", "a.ini.ucf-new", "#a.ini#",
		"a.ini.swp", "README", "a.conf", "a.INI", "ini"};

	(void)state;
	for (size_t i = 0; i < sizeof passed_over / sizeof *passed_over; i++) {
		char name[64];

		(void)snprintf(name, sizeof name, "d/%s", passed_over[i]);
		folder_write(&folder, name, "[wrong\n");
	}
	expect(NAMES("d"), "");
	folder_write(&folder, "d/b.ini", "");
	folder_write(&folder, "d/a.ini", "");
	folder_write(&folder, "d/10-z.ini", "");
	folder_write(&folder, "d/B.ini", "");
	expect(NAMES("d"), " d/10-z.ini d/B.ini d/a.ini d/b.ini");
}

static void base_names_order_all_folders(void **state)
{
	(void)state;
	folder_write(&folder, "one/20.ini", "");
	folder_write(&folder, "one/40.ini", "");
	folder_write(&folder, "two/10.ini", "");
	folder_write(&folder, "two/30.ini", "");
	expect(NAMES("one", "two"), " two/10.ini one/20.ini two/30.ini one/40.ini");
	expect(NAMES("two", "one"), " two/10.ini one/20.ini two/30.ini one/40.ini");
}

static void a_later_folder_replaces(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf heard = BUF_INIT;
	CLEANUP_BUF struct buf expected = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	folder_write(&folder, "one/a.ini", "");
	folder_write(&folder, "two/a.ini", "");
	folder_write(&folder, "three/a.ini", "");
	folder_write(&folder, "one/b.ini", "");
	assert_int_equal(find(NAMES("one", "two", "three"), true, &got, &heard, &err), 0);
	assert_string_equal(got.data, " three/a.ini one/b.ini");
	buf_printf(&expected,
		"groundwork: '%s/one/a.ini' is replaced by '%s/three/a.ini'\n"
		"groundwork: '%s/two/a.ini' is replaced by '%s/three/a.ini'\n",
		folder.path, folder.path, folder.path, folder.path);
	assert_string_equal(heard.data, expected.data);
}

static void files_are_read_whatever_their_name(void **state)
{
	(void)state;
	folder_write(&folder, "x/a.conf", "");
	folder_write(&folder, "y/a.conf", "");
	folder_write(&folder, "z/.hidden", "");
	folder_write(&folder, "d/a.ini", "");
	folder_write(&folder, "e/a.ini", "");
	/* files do not replace one another, and folders do not replace files */
	expect(NAMES("y/a.conf", "x/a.conf", "z/.hidden"),
		" z/.hidden y/a.conf x/a.conf");
	expect(NAMES("d/a.ini", "e"), " d/a.ini e/a.ini");
	expect(NAMES("d", "e/a.ini"), " d/a.ini e/a.ini");
	/* the same file is read once */
	expect(NAMES("d", "d/a.ini", "d", "./d//a.ini"), " d/a.ini");
}

static void what_is_missing(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf heard = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	folder_write(&folder, "d/a.ini", "");
	assert_int_equal(find(NAMES("d", "no"), true, &got, &heard, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "there is no configuration '"));
	assert_int_equal(find(NAMES("d/a.ini/x"), true, &got, &heard, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(
		find(NAMES("no", "d", "d/a.ini/x"), false, &got, &heard, &err), 0);
	assert_string_equal(got.data, " d/a.ini");
}

static void too_many(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf heard = BUF_INIT;
	DECLARE_ERR(err);
	char name[64];

	(void)state;
	for (int i = 0; i < DROPINS_MAX; i++) {
		(void)snprintf(name, sizeof name, "d/%d.ini", i);
		folder_write(&folder, name, "");
	}
	assert_int_equal(find(NAMES("d"), true, &got, &heard, &err), 0);
	folder_write(&folder, "d/more.ini", "");
	assert_int_equal(find(NAMES("d"), true, &got, &heard, &err), -1);
	assert_non_null(strstr(err.text, "one drop-in too many: 1000 are the most"));
}

static int read_one(const char *name, bool from_folder, size_t limit, struct buf *ret,
	struct err *err)
{
	struct dropin dropin = {
		.path = folder_path(&folder, name), .from_folder = from_folder};

	return dropin_read(&dropin, limit, NULL, ret, err);
}

static void reads_and_masks(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	folder_write(&folder, "a.ini", "[app]\n");
	folder_write(&folder, "empty.ini", "");
	assert_int_equal(symlink("/dev/null", folder_path(&folder, "null.ini")), 0);
	assert_int_equal(symlink("a.ini", folder_path(&folder, "link.ini")), 0);
	assert_int_equal(read_one("a.ini", true, 100, &text, &err), 0);
	assert_string_equal(text.data, "[app]\n");
	assert_int_equal(read_one("link.ini", true, 100, &text, &err), 0);
	assert_string_equal(text.data, "[app]\n[app]\n");
	assert_int_equal(read_one("empty.ini", true, 100, &text, &err), 1);
	assert_int_equal(read_one("null.ini", true, 100, &text, &err), 1);
	/* given by name they are just empty */
	assert_int_equal(read_one("empty.ini", false, 100, &text, &err), 0);
	assert_int_equal(read_one("null.ini", false, 100, &text, &err), 0);
	assert_int_equal(text.len, 12);
}

static void refuses_what_is_no_file(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(mkdir(folder_path(&folder, "d.ini"), 0700), 0);
	assert_int_equal(mkfifo(folder_path(&folder, "p.ini"), 0600), 0);
	assert_int_equal(symlink("nowhere", folder_path(&folder, "l.ini")), 0);
	assert_int_equal(symlink("/dev/zero", folder_path(&folder, "z.ini")), 0);
	assert_int_equal(read_one("d.ini", true, 100, &text, &err), -1);
	assert_string_equal(err.text, "this is a directory, not a file");
	assert_int_equal(read_one("p.ini", true, 100, &text, &err), -1);
	assert_string_equal(err.text, "this is a pipe, not a file");
	assert_int_equal(read_one("z.ini", true, 100, &text, &err), -1);
	assert_string_equal(err.text, "this is a device, not a file");
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(read_one("l.ini", true, 100, &text, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_true(str_starts(err.text, "a link that leads nowhere"));
	/* a device that never ends */
	assert_int_equal(read_one("z.ini", false, 100, &text, &err), -1);
	assert_non_null(strstr(err.text, "larger than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_folder_gives_its_ini_files, setup, teardown),
		cmocka_unit_test_setup_teardown(
			base_names_order_all_folders, setup, teardown),
		cmocka_unit_test_setup_teardown(a_later_folder_replaces, setup, teardown),
		cmocka_unit_test_setup_teardown(
			files_are_read_whatever_their_name, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(reads_and_masks, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_file, setup, teardown),
	};

	return cmocka_run_group_tests_name("conf/dropin", tests, NULL, NULL);
}
