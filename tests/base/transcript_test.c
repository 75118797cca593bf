/* SPDX-License-Identifier: MIT */
/* Output that comes in pieces: joined, redacted, cut into lines, in this order. */
#include "../unit.h"
#include "base/secrets.h"
#include "base/transcript.h"

static struct secrets secrets;
static struct buf recorded; /* each line in [brackets] */
static size_t lines;
static size_t longest;

static void record(void *user, const char *line, size_t size)
{
	(void)user;
	lines++;
	longest = size > longest ? size : longest;
	buf_putc(&recorded, '[');
	buf_add(&recorded, line, size);
	buf_putc(&recorded, ']');
}

static struct transcript fresh(void)
{
	buf_truncate(&recorded, 0);
	lines = longest = 0;
	return (struct transcript){.secrets = &secrets, .line = record, .text = BUF_INIT};
}

/* The whole text in pieces of `piece` bytes. */
static void print(const char *text, size_t size, size_t piece)
{
	CLEANUP_TRANSCRIPT struct transcript transcript = fresh();

	for (size_t at = 0; at < size; at += piece)
		transcript_add(
			&transcript, text + at, size - at < piece ? size - at : piece);
	transcript_end(&transcript);
}

/* The same is recorded, whatever the pieces. */
static void says(const char *text, const char *expected)
{
	for (size_t piece = 1; piece <= strlen(text) + 1; piece++) {
		print(text, strlen(text), piece);
		assert_string_equal(recorded.data, expected);
	}
}

static int begin(void **state)
{
	(void)state;
	secrets = (struct secrets){0};
	recorded = (struct buf)BUF_INIT;
	return 0;
}

static int end(void **state)
{
	(void)state;
	secrets_release(&secrets);
	buf_release(&recorded);
	return 0;
}

static void lines_come_without_their_newlines(void **state)
{
	(void)state;
	says("", "");
	says("one\ntwo\n\nlast", "[one][two][][last]");
	says("\n\n", "[][]");
}

static void a_line_comes_as_soon_as_it_is_whole(void **state)
{
	CLEANUP_TRANSCRIPT struct transcript transcript = fresh();

	(void)state;
	secrets_add(&secrets, "-----BEGIN KEY-----\nAAAABBBBCCCCDDDDEEEE\nFF\n");
	transcript_add(&transcript, "one\ntw", 6);
	assert_string_equal(recorded.data, "[one]");
	transcript_add(&transcript, "o\n", 2);
	assert_string_equal(recorded.data, "[one][two]");
}

static void a_secret_is_found_across_pieces(void **state)
{
	(void)state;
	secrets_add(&secrets, "hunter2!");
	says("a hunter2!, hunter2!\nhunter2!", "[a ***, ***][***]");
}

static void a_secret_of_many_lines_is_found_across_lines(void **state)
{
	(void)state;
	secrets_add(&secrets, "-----BEGIN KEY-----\nAAAABBBBCCCCDDDDEEEE\nFF\n");
	says("a\nkey: -----BEGIN KEY-----\nAAAABBBBCCCCDDDDEEEE\nFF\nb\n",
		"[a][key: ***][b]");
	/* What is one only at the beginning waits, and comes as it is. */
	says("a\n-----BEGIN KEY-----\nAAAABBBBCCCCDDDDEEE\nFF\n",
		"[a][-----BEGIN KEY-----][AAAABBBBCCCCDDDDEEE][FF]");
	says("-----BEGIN KEY-----\n-----BEGIN KEY-----\nAAAABBBBCCCCDDDDEEEE\nFF",
		"[-----BEGIN KEY-----][***]");
	says("-----BEGIN KEY-----\nAAAABBBBCCCCDDDDEEEE\n", "[-----BEGIN KEY-----][***]");
}

/* A secret that ends where another one may begin is not cut by the wait for that. */
static void a_secret_before_one_that_may_go_on_is_whole(void **state)
{
	(void)state;
	secrets_add(&secrets, "one secret first");
	secrets_add(&secrets, "first\nsecond line");
	says("(one secret first\nsecond line)\n", "[(***)]");
	says("(one secret first\nsomething else\n", "[(***][something else]");
	secrets_add(&secrets, "short line\nfirst");
	says("(short line\nfirst\nsecond line)\n", "[(***)]");
}

static void a_line_may_be_64_kib_long(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	secrets_add(&secrets, "hunter2!");
	while (text.len < 65536 - 9)
		buf_putc(&text, 'x');
	buf_puts(&text, "hunter2!\n");
	print(text.data, text.len, 4096);
	assert_int_equal(lines, 1);
	assert_string_equal(recorded.data + 65536 - 10, "xx***]");
}

/* Wherever in a line of any length it stands, and however it is written there. */
static void a_longer_line_is_cut_in_no_secret(void **state)
{
	static const char *const forms[] = {"hunter2\"", "hunter2\\u0022", "hunter2%22",
		"68756e7465723222", "aHVudGVyMiI="};

	(void)state;
	secrets_know_forms(&secrets);
	secrets_add(&secrets, "hunter2\"");
	for (size_t i = 0; i < 100; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		const char *form = forms[i / 20];
		/* Around both places where it may be cut. */
		size_t before = TRANSCRIPT_LINE_MAX - i % 20 - (i & 1 ? 0 : 8192);

		while (text.len < before)
			buf_putc(&text, '.');
		buf_puts(&text, form);
		while (text.len < 2 * TRANSCRIPT_LINE_MAX)
			buf_putc(&text, '.');
		print(text.data, text.len, 4096);
		assert_true(lines >= 2);
		assert_int_equal(recorded.len - 2 * lines, text.len - strlen(form) + 3);
		assert_non_null(strstr(recorded.data, "***"));
	}
}

static void a_longer_line_is_cut_between_characters(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	buf_puts(&text, "x");
	while (text.len < 3 * TRANSCRIPT_LINE_MAX)
		buf_puts(&text, "\xe2\x82\xac");
	print(text.data, text.len, 1000);
	assert_true(lines >= 3);
	assert_true(longest <= TRANSCRIPT_LINE_MAX);
	for (const char *at = recorded.data; at; at = strchr(at + 1, '['))
		assert_true((at[1] & 0xc0) != 0x80);
}

static void what_is_no_text_comes_to_an_end(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	secrets_add(&secrets, "aaaaaa");
	for (size_t i = 0; i < 5 * TRANSCRIPT_LINE_MAX; i++)
		buf_putc(&text, (char)(i < 2 * TRANSCRIPT_LINE_MAX ? 0x80 : 'a'));
	print(text.data, text.len, 4096);
	assert_true(lines >= 4);
	assert_int_equal(recorded.data[recorded.len - 2], '*');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			lines_come_without_their_newlines, begin, end),
		cmocka_unit_test_setup_teardown(
			a_line_comes_as_soon_as_it_is_whole, begin, end),
		cmocka_unit_test_setup_teardown(
			a_secret_is_found_across_pieces, begin, end),
		cmocka_unit_test_setup_teardown(
			a_secret_of_many_lines_is_found_across_lines, begin, end),
		cmocka_unit_test_setup_teardown(
			a_secret_before_one_that_may_go_on_is_whole, begin, end),
		cmocka_unit_test_setup_teardown(a_line_may_be_64_kib_long, begin, end),
		cmocka_unit_test_setup_teardown(
			a_longer_line_is_cut_in_no_secret, begin, end),
		cmocka_unit_test_setup_teardown(
			a_longer_line_is_cut_between_characters, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_no_text_comes_to_an_end, begin, end),
	};

	return cmocka_run_group_tests_name("base/transcript", tests, NULL, NULL);
}
