/* SPDX-License-Identifier: MIT */
/* The reader of /etc/passwd and /etc/group: lines of every shape. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit.h"
#include "base/err.h"
#include "proc/passwd.h"

#include "../shown.h"

static char path[128];

static void write_file(const char *text, size_t size)
{
	int fd;

	snprintf(path, sizeof path, "%s/accounts-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	close(fd);
}

static void open_text(struct passwd_file *file, const char *text, size_t size)
{
	DECLARE_ERR(err);

	write_file(text, size);
	assert_int_equal(passwd_open(file, path, &err), 0);
	assert_int_equal(unlink(path), 0);
}

static void entries_have_their_lines(void **state)
{
	static const char text[] = "\n# a comment\nroot:x:0:0:root:/root:/bin/sh\n"
				   "+@netgroup::::::\n+\n-nobody::::::\n\n"
				   "app:x:1000:1001:,,,:/home/app:/bin/a:b\n"
				   "last:x:5:6";
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	struct passwd_entry entry;

	(void)state;
	open_text(&file, text, sizeof text - 1);
	assert_true(passwd_next(&file, &entry));
	assert_int_equal(entry.line, 3);
	assert_string_equal(entry.field[PASSWD_NAME], "root");
	assert_string_equal(entry.field[PASSWD_HOME], "/root");
	assert_true(passwd_next(&file, &entry));
	assert_int_equal(entry.line, 8);
	assert_string_equal(entry.field[PASSWD_ID], "1000");
	assert_string_equal(entry.field[PASSWD_GROUP], "1001");
	assert_string_equal(entry.field[PASSWD_FIELDS - 1], "/bin/a:b");
	assert_true(passwd_next(&file, &entry));
	assert_int_equal(entry.line, 9);
	assert_string_equal(entry.field[PASSWD_GROUP], "6");
	assert_string_equal(entry.field[PASSWD_HOME], "");
	assert_false(passwd_next(&file, &entry));
	assert_false(passwd_next(&file, &entry));
}

static void numbers_are_digits_alone(void **state)
{
	static const struct {
		const char *text;
		uint32_t number;
	} good[] = {{"0", 0}, {"1000", 1000}, {"0815", 815}, {"4294967294", 4294967294}};
	static const char *const bad[] = {"", " ", " 1", "1 ", "1\r", "\t1", "+1", "-1",
		"0x10", "1e3", "4294967295", "4294967296", "18446744073709551616",
		"${UNSET}", "١"};
	uint32_t number = 7;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(passwd_parse_number(good[i].text, &number));
		assert_int_equal(number, good[i].number);
	}
	number = 7;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (passwd_parse_number(bad[i], &number) || number != 7)
			fail_msg("'%s' is %u", bad[i], number);
}

/* As the end of a write that was cut short by a crash leaves them. */
static void a_line_with_a_nul_byte_has_no_number(void **state)
{
	static const char text[] = "app:x:10\0"
				   "00:1000::/:\nother:x:5:5::/:\n";
	static const char members[] = "video:x:44:app\0"
				      ",other\n\0:x:1:other\n";
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	CLEANUP_PASSWD struct passwd_file groups = PASSWD_INIT;
	struct passwd_entry entry;
	DECLARE_ERR(err);
	uint32_t uid;

	(void)state;
	open_text(&file, text, sizeof text - 1);
	assert_true(passwd_find_name(&file, "app", &entry));
	assert_int_equal(passwd_number(&file, &entry, PASSWD_ID, "user", &uid, &err), -1);
	assert_non_null(strstr(shown(&err), ":1: the user number of 'app' is ''"));
	assert_true(passwd_find_name(&file, "other", &entry));
	open_text(&groups, members, sizeof members - 1);
	assert_true(passwd_next(&groups, &entry));
	assert_false(passwd_lists(&entry, "app"));
	assert_false(passwd_next(&groups, &entry));
}

static void members_are_found_whatever_stands_around_them(void **state)
{
	static const char *const lists[] = {"app", "app,other", "other,app", "a,app,b",
		" app", "other, app", "other,app\r", "other,\tapp ,b", ",app", "app,"};
	static const char *const lacks[] = {"", "ap", "apple", "other", "my app", "app b",
		",", "a,p,p", "APP", ":app"};

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct passwd_entry entry = {.field = {[PASSWD_MEMBERS] = lists[i]}};

		if (!passwd_lists(&entry, "app"))
			fail_msg("not in '%s'", lists[i]);
	}
	for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
		struct passwd_entry entry = {.field = {[PASSWD_MEMBERS] = lacks[i]}};

		if (passwd_lists(&entry, "app"))
			fail_msg("in '%s'", lacks[i]);
	}
}

/* A group with more members than any buffer of a library holds. */
static void lines_may_be_of_any_length(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	struct passwd_entry entry;

	(void)state;
	buf_puts(&text, "staff:x:50:");
	for (int i = 0; i < 200000; i++)
		buf_printf(&text, "member%d,", i);
	buf_puts(&text, "app\nnext:x:51:app\n");
	open_text(&file, text.data, text.len);
	assert_true(passwd_next(&file, &entry));
	assert_true(passwd_lists(&entry, "member0"));
	assert_true(passwd_lists(&entry, "member199999"));
	assert_true(passwd_lists(&entry, "app"));
	assert_true(passwd_next(&file, &entry));
	assert_int_equal(entry.line, 2);
}

static void a_file_that_is_too_large_is_refused(void **state)
{
	struct passwd_file file = PASSWD_INIT;
	DECLARE_ERR(err);
	int fd;

	(void)state;
	write_file("", 0);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(ftruncate(fd, 65 * 1024 * 1024), 0);
	close(fd);
	assert_int_equal(passwd_open(&file, path, &err), -1);
	assert_non_null(strstr(err.text, "File too large"));
	passwd_release(&file);
	assert_int_equal(unlink(path), 0);
}

static void a_missing_file_has_no_entries(void **state)
{
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	CLEANUP_PASSWD struct passwd_file directory = PASSWD_INIT;
	struct passwd_entry entry;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(passwd_open(&file, "/nowhere/passwd", &err), 0);
	assert_int_not_equal(file.missing, 0);
	assert_false(passwd_next(&file, &entry));
	assert_int_equal(passwd_open(&directory, "/", &err), -1);
}

static void a_pipe_does_not_block(void **state)
{
	CLEANUP_PASSWD struct passwd_file file = PASSWD_INIT;
	DECLARE_ERR(err);

	(void)state;
	write_file("", 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(passwd_open(&file, path, &err), -1);
	assert_non_null(strstr(err.text, "is a pipe, not a file"));
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_have_their_lines),
		cmocka_unit_test(numbers_are_digits_alone),
		cmocka_unit_test(a_line_with_a_nul_byte_has_no_number),
		cmocka_unit_test(members_are_found_whatever_stands_around_them),
		cmocka_unit_test(lines_may_be_of_any_length),
		cmocka_unit_test(a_file_that_is_too_large_is_refused),
		cmocka_unit_test(a_missing_file_has_no_entries),
		cmocka_unit_test(a_pipe_does_not_block),
	};

	return cmocka_run_group_tests_name("proc/passwd", tests, NULL, NULL);
}
