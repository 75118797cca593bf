/* SPDX-License-Identifier: MIT */
/* The log: levels, redaction, lines that are written whole. */
#include <fcntl.h>
#include <unistd.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/secrets.h"
#include "base/str.h"

static void record(void *user, enum log_level level, const char *line)
{
	struct buf *recorded = user;

	buf_printf(recorded, "%d %s|", (int)level, line);
}

static void shows_by_level(void **state)
{
	static const char *const expected[] = {
		[LOG_ERROR] = "0 groundwork: error: e|",
		[LOG_WARN] = "1 groundwork: warning: w|",
		[LOG_INFO] = "2 groundwork: 1|",
		[LOG_DEBUG] = "3 groundwork: debug: d|",
	};

	(void)state;
	for (int level = LOG_ERROR; level <= LOG_DEBUG; level++) {
		CLEANUP_BUF struct buf recorded = BUF_INIT;
		CLEANUP_BUF struct buf all = BUF_INIT;
		struct log log = {.fd = -1,
			.level = (enum log_level)level,
			.sink = record,
			.user = &recorded};

		log_error(&log, "e");
		log_warn(&log, "%s", "w");
		log_info(&log, "%d", 1);
		log_debug(&log, "d");
		for (int shown = LOG_ERROR; shown <= level; shown++)
			buf_puts(&all, expected[shown]);
		assert_string_equal(recorded.data, all.data);
	}
}

static void an_error_is_shown_with_its_place(void **state)
{
	CLEANUP_BUF struct buf recorded = BUF_INIT;
	struct log log = {.fd = -1, .level = LOG_INFO, .sink = record, .user = &recorded};
	DECLARE_ERR(err);

	(void)state;
	err_fail(&err, "no");
	log_err(&log, LOG_ERROR, &err);
	err_at(&err, (struct place){"/a", 3, 7});
	log_err(&log, LOG_WARN, &err);
	log_err(&log, LOG_DEBUG, &err);
	assert_string_equal(recorded.data,
		"0 groundwork: error: no|1 groundwork: warning: /a:3:7: no|");
}

static void hides_secrets(void **state)
{
	CLEANUP_BUF struct buf recorded = BUF_INIT;
	struct secrets secrets = {0};
	struct log_event event = {.level = LOG_WARN, .at = {.line = 1}};
	struct log log = {.fd = -1,
		.level = LOG_INFO,
		.secrets = &secrets,
		.sink = record,
		.user = &recorded};

	(void)state;
	secrets_add(&secrets, "two\nlines");
	secrets_add(&secrets, "secret");
	log_info(&log, "a %s of two\nlines", "secret");
	event.subject = event.message = event.at.file = "secret";
	log_event(&log, &event);
	assert_string_equal(recorded.data,
		"2 groundwork: a *** of ***|"
		"1 groundwork: warning: ***:1: [***] ***|");
	secrets_release(&secrets);
}

static void shows_progress_like_a_line(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	struct secrets secrets = {0};
	/* It is longer than the terminal is wide, and not folded. */
	struct log log = {
		.level = LOG_INFO, .terminal = true, .secrets = &secrets, .columns = 20};
	int fds[2];

	(void)state;
	secrets_add(&secrets, "secret");
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	log.fd = fds[1];
	log_progress(&log, "a %s\033[2J", "secret");
	log_progress_end(&log);
	log.terminal = false;
	log_progress(&log, "not here");
	close_fd(&fds[1]);
	assert_int_equal(fd_read_all(fds[0], 1000, &got), 0);
	assert_string_equal(
		got.data, "\033[?7lgroundwork: a ***\\x1b[2J\033[K\033[?7h\r\033[K");
	close_fd(&fds[0]);
	secrets_release(&secrets);
}

/* A newline in a string would make two lines of it, and no JSON. */
static void json_is_not_broken_on_a_narrow_terminal(void **state)
{
	CLEANUP_BUF struct buf recorded = BUF_INIT;
	struct log log = {.fd = -1,
		.level = LOG_INFO,
		.sink = record,
		.user = &recorded,
		.json = true,
		.columns = 20};

	(void)state;
	log_info(&log, "many words that would not fit on one line of it");
	assert_null(strchr(recorded.data, '\n'));
	assert_non_null(strstr(
		recorded.data, "\"many words that would not fit on one line of it\""));
}

static void writes_whole_lines(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	struct log log = {.level = LOG_INFO, .color = true};
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	log.fd = fds[1];
	log_error(&log, "e");
	log_info(&log, "i");
	close_fd(&fds[1]);
	assert_int_equal(fd_read_all(fds[0], 1000, &got), 0);
	assert_string_equal(
		got.data, "groundwork: \033[31merror: \033[0me\ngroundwork: i\n");
	close_fd(&fds[0]);
	log_error(&log, "it cannot be written, and nothing happens");
}

/* The same line from a fixed buffer, whatever stands in it. */
static void a_fixed_line_is_like_any_other(void **state)
{
	static const char *const texts[] = {"plain", "", "two\nlines\n", "\033[2J\r",
		"\xc3\xa4 \xe2\x82\xac", "cut \xe2\x82", "\xff\xfe"};

	(void)state;
	for (int color = 0; color < 2; color++)
		for (int level = LOG_ERROR; level <= LOG_DEBUG; level++)
			for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
				CLEANUP_BUF struct buf usual = BUF_INIT;
				CLEANUP_BUF struct buf fixed = BUF_INIT;
				struct log log = {.fd = -1,
					.level = (enum log_level)level,
					.color = color,
					.sink = record,
					.user = &usual};

				log_error(&log, "%s", texts[i]);
				log_debug(&log, "%d %s", 5, texts[i]);
				log.fixed = true;
				log.user = &fixed;
				log_error(&log, "%s", texts[i]);
				log_debug(&log, "%d %s", 5, texts[i]);
				assert_string_equal(fixed.data, usual.data);
			}
}

/* One that is too long is cut, between two characters, and says so. */
static void a_fixed_line_is_cut(void **state)
{
	static char text[3 * LOG_FIXED_MAX];
	static const char *const repeated[] = {"x", "\n", "\033", "\xe2\x82\xac"};

	(void)state;
	for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++) {
		size_t size = strlen(repeated[i]);
		CLEANUP_BUF struct buf got = BUF_INIT;
		struct log log = {.level = LOG_INFO, .fixed = true};
		int fds[2];

		for (size_t at = 0; at + size < sizeof text; at += size)
			memcpy(text + at, repeated[i], size);
		assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
		log.fd = fds[1];
		log_info(&log, "%s", text);
		close_fd(&fds[1]);
		assert_int_equal(fd_read_all(fds[0], sizeof text, &got), 0);
		close_fd(&fds[0]);
		assert_true(got.len <= LOG_FIXED_MAX && got.len > LOG_FIXED_MAX - 12);
		assert_string_equal(got.data + got.len - strlen("…\n"), "…\n");
		assert_int_equal(str_utf8_valid(got.data, got.len), got.len);
		assert_null(strstr(got.data, "\\xe2"));
	}
}

static void fill(int fd)
{
	char page[4096] = {0};

	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	while (write(fd, page, sizeof page) > 0)
		continue;
	assert_int_equal(fcntl(fd, F_SETFL, 0), 0);
}

/* One second for all lines in a row, and none is lost once they are read again. */
static void what_is_not_read_is_waited_for_once(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	static char text[3 * LOG_FIXED_MAX];
	char page[4096];
	bool unread = false;
	struct log log = {.level = LOG_INFO, .unread = &unread};
	int fds[2];

	(void)state;
	memset(text, 'x', sizeof text - 1);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	log.fd = fds[1];
	fill(fds[1]);
	for (int i = 0; i < 200; i++) { /* far more than the test's timeout in seconds */
		log_info(&log, "lost");
		assert_true(unread);
	}
	log_info(&log, "%s", text);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	while (read(fds[0], page, sizeof page) > 0)
		continue;
	assert_int_equal(fcntl(fds[0], F_SETFL, 0), 0);
	log_info(&log, "here");
	assert_false(unread);
	log_info(&log, "%s", text);
	assert_false(unread);
	close_fd(&fds[1]);
	assert_int_equal(fd_read_all(fds[0], 2 * sizeof text, &got), 0);
	close_fd(&fds[0]);
	assert_ptr_equal(strstr(got.data, "groundwork: here\ngroundwork: xxx"), got.data);
	assert_int_equal(
		got.len, strlen("groundwork: here\ngroundwork: \n") + sizeof text - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_by_level),
		cmocka_unit_test(an_error_is_shown_with_its_place),
		cmocka_unit_test(hides_secrets),
		cmocka_unit_test(shows_progress_like_a_line),
		cmocka_unit_test(json_is_not_broken_on_a_narrow_terminal),
		cmocka_unit_test(writes_whole_lines),
		cmocka_unit_test(a_fixed_line_is_like_any_other),
		cmocka_unit_test(a_fixed_line_is_cut),
		cmocka_unit_test(what_is_not_read_is_waited_for_once),
	};

	return cmocka_run_group_tests_name("base/log", tests, NULL, NULL);
}
