/* SPDX-License-Identifier: MIT */
/* Log events as lines: what stands where, and nothing that moves a cursor. */
#include "../unit.h"
#include "base/buf.h"
#include "base/log.h"

static void shows_what_would_act_on_a_terminal(void **state)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
		{"plain\ttab", "plain\ttab"},
		{"two\nlines\n", "two\n  lines\n  "},
		{"\033[2J\r\a\b\x7f", "\\x1b[2J\\x0d\\x07\\x08\\x7f"},
		{"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80",
			"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"},
		{"\xc2\x9b"
		 "2J\xc2\x80\xc2\x9f\xc2\xa0",
			"\\xc2\\x9b2J\\xc2\\x80\\xc2\\x9f\xc2\xa0"},
		{"\x9b"
		 "2J",
			"\\x9b2J"},
		{"cut \xe2\x82", "cut \\xe2\\x82"},
		/* U+202E turns what follows around; U+2066 and U+2069 isolate it. */
		{"a\xe2\x80\xae"
		 "b\xe2\x81\xa6\xe2\x81\xa9",
			"a\\xe2\\x80\\xae"
			"b\\xe2\\x81\\xa6\\xe2\\x81\\xa9"},
		{"\xe2\x80\xa8\xe2\x80\x8f\xd8\x9c",
			"\\xe2\\x80\\xa8\\xe2\\x80\\x8f\\xd8\\x9c"},
		{"\xe2\x80\x8d\xe2\x80\xaf\xe2\x81\xa5",
			"\xe2\x80\x8d\xe2\x80\xaf\xe2\x81\xa5"},
		{"\xff\xfe"
		 "a",
			"\\xff\\xfe"
			"a"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf shown = BUF_INIT;

		log_show(&shown, cases[i].text, strlen(cases[i].text), 2);
		assert_string_equal(shown.data, cases[i].shown);
	}
}

static const struct {
	struct log_event event;
	const char *line;
} events[] = {
	{{.level = LOG_INFO, .message = "done"}, "groundwork: done"},
	{{.level = LOG_INFO, .message = "done", .duration_us = 12345},
		"groundwork: done (12ms)"},
	{{.level = LOG_WARN, .at = {"/a", 3, 0}, .message = "odd"},
		"groundwork: warning: /a:3: odd"},
	{{.level = LOG_ERROR, .at = {"/a", 3, 7}, .listed = true, .message = "bad\nly"},
		"/a:3:7: bad\n  ly"},
	{{.level = LOG_INFO, .subject = "exec:a", .message = "it says"},
		"groundwork: [exec:a] it says"},
	{{.level = LOG_INFO,
		 .subject = "exec:a",
		 .status = "success",
		 .mark = LOG_MARK_MADE,
		 .width = 9,
		 .message = "ran",
		 .duration_us = 380},
		"groundwork: + exec:a     ran (380us)"},
	{{.level = LOG_INFO,
		 .subject = "exec:a",
		 .status = "not-run",
		 .mark = LOG_MARK_LEFT_OUT,
		 .width = 4,
		 .message = "not run: requires key:b"},
		"groundwork: · exec:a  not run: requires key:b"},
	{{.level = LOG_ERROR,
		 .at = {"/a", 3, 0},
		 .mark = LOG_MARK_FAILED,
		 .message = "[exec:a] no"},
		"groundwork: ! error: /a:3: [exec:a] no"},
};

static void each_part_has_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		CLEANUP_BUF struct buf line = BUF_INIT;
		char fixed[128];
		size_t size =
			log_text_fixed(fixed, sizeof fixed, &events[i].event, false);

		log_text(&line, &events[i].event, false);
		assert_string_equal(line.data, events[i].line);
		assert_string_equal(fixed, events[i].line);
		assert_int_equal(size, strlen(fixed));
	}
}

/* Of any size: whole where it fits, else cut, with its mark, in no character. */
static void a_fixed_line_is_cut_where_it_is_full(void **state)
{
	const struct log_event event = {.level = LOG_INFO,
		.message = "0123456789 \xe2\x82\xac \xe2\x80\xae 0123456789"};
	static const char whole[] =
		"groundwork: 0123456789 \xe2\x82\xac \\xe2\\x80\\xae 0123456789";
	static const char *const cuts[] = {"…", "\xe2\x82\xac…", "\\xae…"};
	bool seen[sizeof cuts / sizeof *cuts] = {false};
	char line[128];

	(void)state;
	for (size_t size = 28; size < sizeof line; size++) {
		size_t length = log_text_fixed(line, size, &event, false);

		assert_int_equal(length, strlen(line));
		if (size >= sizeof whole) {
			assert_string_equal(line, whole);
			continue;
		}
		assert_true(length < size);
		assert_string_equal(line + length - strlen("…"), "…");
		assert_memory_equal(line, whole, length - strlen("…"));
		assert_true(length + strlen("\\xe2\\x80\\xae") >= size - 1);
		assert_false(strstr(line, "\\xe2") && !strstr(line, "\\xae"));
		for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
			seen[i] |= strstr(line, cuts[i]) != NULL;
	}
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
		assert_true(seen[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_would_act_on_a_terminal),
		cmocka_unit_test(each_part_has_its_place),
		cmocka_unit_test(a_fixed_line_is_cut_where_it_is_full),
	};

	return cmocka_run_group_tests_name("base/log_text", tests, NULL, NULL);
}
