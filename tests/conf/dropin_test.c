/* SPDX-License-Identifier: MIT */
/* Drop-ins: what a directory gives, which file replaces which, masks. */
#include "../directory.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/dropin.h"

static void hear(void *user, enum log_level level, const char *line)
{
	(void)level;
	buf_printf(user, "%s\n", line);
}

/* Their paths in the order of reading, without the directory's, each behind a blank. */
static int find(const char *const *names, bool must_exist, struct buf *ret,
	struct buf *heard, struct err *err)
{
	const char *paths[8] = {NULL};
	struct log log = {.fd = -1, .level = LOG_INFO, .sink = hear, .user = heard};
	struct arena arena = {0};
	struct dropins found;
	int result;

	for (size_t i = 0; names[i]; i++)
		paths[i] = arena_printf(&arena, "%s/%s", directory, names[i]);
	result = dropins_find(paths, must_exist, &arena, &log, &found, err);
	for (size_t i = 0; result == 0 && i < found.count; i++) {
		assert_true(str_starts(found.list[i].path, directory));
		buf_printf(ret, " %s", found.list[i].path + strlen(directory) + 1);
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

static void a_directory_gives_its_ini_files(void **state)
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
		put(name, "[wrong\n");
	}
	expect(NAMES("d"), "");
	put("d/b.ini", "");
	put("d/a.ini", "");
	put("d/10-z.ini", "");
	put("d/B.ini", "");
	expect(NAMES("d"), " d/10-z.ini d/B.ini d/a.ini d/b.ini");
}

static void base_names_order_all_directories(void **state)
{
	(void)state;
	put("one/20.ini", "");
	put("one/40.ini", "");
	put("two/10.ini", "");
	put("two/30.ini", "");
	expect(NAMES("one", "two"), " two/10.ini one/20.ini two/30.ini one/40.ini");
	expect(NAMES("two", "one"), " two/10.ini one/20.ini two/30.ini one/40.ini");
}

static void a_later_directory_replaces(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf heard = BUF_INIT;
	CLEANUP_BUF struct buf expected = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	put("one/a.ini", "");
	put("two/a.ini", "");
	put("three/a.ini", "");
	put("one/b.ini", "");
	assert_int_equal(find(NAMES("one", "two", "three"), true, &got, &heard, &err), 0);
	assert_string_equal(got.data, " three/a.ini one/b.ini");
	buf_printf(&expected,
		"groundwork: '%s/one/a.ini' is replaced by '%s/three/a.ini'\n"
		"groundwork: '%s/two/a.ini' is replaced by '%s/three/a.ini'\n",
		directory, directory, directory, directory);
	assert_string_equal(heard.data, expected.data);
}

static void files_are_read_whatever_their_name(void **state)
{
	(void)state;
	put("x/a.conf", "");
	put("y/a.conf", "");
	put("z/.hidden", "");
	put("d/a.ini", "");
	put("e/a.ini", "");
	/* files do not replace one another, and directories do not replace files */
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
	put("d/a.ini", "");
	assert_int_equal(find(NAMES("d", "no"), true, &got, &heard, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "there is no configuration '"));
	assert_int_equal(find(NAMES("d:no"), true, &got, &heard, &err), -1);
	assert_non_null(strstr(err.text, "d:no'; for several, repeat the option"));
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
		put(name, "");
	}
	assert_int_equal(find(NAMES("d"), true, &got, &heard, &err), 0);
	put("d/more.ini", "");
	assert_int_equal(find(NAMES("d"), true, &got, &heard, &err), -1);
	assert_non_null(strstr(err.text, "one drop-in too many: 1000 are the most"));
}

static int read_one(const char *name, bool from_directory, size_t limit, struct buf *ret,
	struct err *err)
{
	struct dropin dropin = {.path = in(name), .from_directory = from_directory};

	return dropin_read(&dropin, limit, NULL, ret, err);
}

static void reads_and_masks(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	put("a.ini", "[app]\n");
	put("empty.ini", "");
	assert_int_equal(symlink("/dev/null", in("null.ini")), 0);
	assert_int_equal(symlink("a.ini", in("link.ini")), 0);
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
	assert_int_equal(mkdir(in("d.ini"), 0700), 0);
	assert_int_equal(mkfifo(in("p.ini"), 0600), 0);
	assert_int_equal(symlink("nowhere", in("l.ini")), 0);
	assert_int_equal(symlink("/dev/zero", in("z.ini")), 0);
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
		UNIT(a_directory_gives_its_ini_files),
		UNIT(base_names_order_all_directories),
		UNIT(a_later_directory_replaces),
		UNIT(files_are_read_whatever_their_name),
		UNIT(what_is_missing),
		UNIT(too_many),
		UNIT(reads_and_masks),
		UNIT(refuses_what_is_no_file),
	};

	return cmocka_run_group_tests_name("conf/dropin", tests, NULL, NULL);
}
