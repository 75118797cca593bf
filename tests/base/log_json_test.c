/* SPDX-License-Identifier: MIT */
/* Log events as lines of JSON, read again. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"

/* The member of the line as it is in the text, or "". */
static const char *member(const char *line, const char *name)
{
	static struct buf text = BUF_INIT;
	CLEANUP_JSON struct json json = JSON_INIT;
	size_t token;
	DECLARE_ERR(err);

	if (json_read(&json, "line", line, strlen(line), &err) < 0)
		fail_msg("%s: %s", line, err.text);
	token = json_find(&json, 0, name);
	buf_truncate(&text, 0);
	if (token && json.tokens[token].type == JSON_STRING)
		json_decode(&json, token, &text);
	else if (token)
		buf_add(&text, line + json.tokens[token].start,
			json.tokens[token].end - json.tokens[token].start);
	return text.data;
}

static void each_part_is_a_member(void **state)
{
	static const int64_t order = 15;
	const struct log_event event = {
		.level = LOG_WARN,
		.at = {.file = "a.ini", .line = 3, .column = 7},
		.subject = "file:a",
		.status = "error",
		.order = &order,
		.mark = LOG_MARK_FAILED,
		.message = "it's \"this\"\n\tand \x1b[31m \xe2\x80\xae that \xff",
		.duration_us = 1234567,
	};
	CLEANUP_BUF struct buf line = BUF_INIT;

	(void)state;
	log_json(&line, &event);
	assert_string_equal(member(line.data, "level"), "warn");
	assert_int_equal(strlen(member(line.data, "time")), 24);
	assert_string_equal(member(line.data, "file"), "a.ini");
	assert_string_equal(member(line.data, "line"), "3");
	assert_string_equal(member(line.data, "column"), "7");
	assert_string_equal(member(line.data, "step"), "file:a");
	assert_string_equal(member(line.data, "order"), "15");
	assert_string_equal(member(line.data, "status"), "error");
	assert_string_equal(member(line.data, "mark"), "!");
	assert_string_equal(member(line.data, "duration_ms"), "1234.567");
	assert_string_equal(member(line.data, "message"),
		"it's \"this\"\n\tand \x1b[31m \xe2\x80\xae that \xef\xbf\xbd");
	/* It is one line, and nothing in it acts on a terminal. */
	for (size_t i = 0; i < line.len; i++)
		assert_true((unsigned char)line.data[i] >= ' ');
	assert_null(strstr(line.data, "\xe2\x80\xae"));
}

static void what_is_missing_is_left_out(void **state)
{
	CLEANUP_BUF struct buf line = BUF_INIT;

	(void)state;
	log_json(&line, &(struct log_event){.level = LOG_INFO, .message = ""});
	assert_string_equal(
		strstr(line.data, "\"level\""), "\"level\":\"info\",\"message\":\"\"}");
}

/* Where there is no room for all of it, it is still an object. */
static void a_fixed_line_is_whole_where_it_is_cut(void **state)
{
	char message[3000], line[1200], cut[1200];
	struct log_event event = {.level = LOG_INFO, .subject = "a", .message = message};

	(void)state;
	for (size_t size = 900; size < sizeof message; size += 7) {
		size_t length;

		for (size_t i = 0; i < size; i++)
			message[i] = "a\"\x01\xc3\xa4"[i % 5];
		message[size / 5 * 5] = '\0';
		length = log_json_fixed(line, sizeof line, &event);
		assert_true(length < sizeof line);
		assert_int_equal(strlen(line), length);
		(void)snprintf(cut, sizeof cut, "%s", member(line, "message"));
		if (strcmp(cut, message) == 0)
			continue;
		assert_string_equal(cut + strlen(cut) - strlen("…"), "…");
		assert_memory_equal(cut, message, strlen(cut) - strlen("…"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_is_a_member),
		cmocka_unit_test(what_is_missing_is_left_out),
		cmocka_unit_test(a_fixed_line_is_whole_where_it_is_cut),
	};

	return cmocka_run_group_tests_name("base/log_json", tests, NULL, NULL);
}
