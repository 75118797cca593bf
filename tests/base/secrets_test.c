/* SPDX-License-Identifier: MIT */
/* Taking secrets out of text, in whatever form they stand there. */
#include "../unit.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secrets.h"

static struct secrets secrets;

static void know(const char *value)
{
	secrets_release(&secrets);
	secrets_add(&secrets, value);
	secrets_know_forms(&secrets);
}

static void redacts(const char *text, const char *expected)
{
	CLEANUP_BUF struct buf buf = BUF_INIT;

	buf_puts(&buf, text);
	secrets_redact(&secrets, &buf, 0);
	assert_string_equal(buf.data, expected);
	assert_int_equal(buf.len, strlen(expected));
}

static int forget(void **state)
{
	(void)state;
	secrets_release(&secrets);
	return 0;
}

/* ---- values as they are ---- */

static void takes_every_secret_out(void **state)
{
	(void)state;
	redacts("nothing known", "nothing known");
	secrets_add(&secrets, "secret");
	secrets_add(&secrets, "secret");
	secrets_add(&secrets, "secret-and-more");
	secrets_add(&secrets, "another one");
	assert_int_equal(secrets.count, 3);
	redacts("secret", "***");
	redacts("a secret, secretsecret.", "a ***, ******.");
	redacts("secret-and-more", "***"); /* the longest */
	redacts("another one and secre", "*** and secre");
	redacts("", "");
	secrets_release(&secrets);
	redacts("secret", "secret");
}

static void takes_secrets_out_that_overlap(void **state)
{
	(void)state;
	secrets_add(&secrets, "abcdefgh");
	secrets_add(&secrets, "efghijkl");
	redacts("(abcdefghijkl)", "(***)");
	redacts("(efghijklabcdefgh)", "(******)");
	know("aaaaaa");
	redacts("aaaaaaaaaab", "***b");
}

static void passes_short_ones_over(void **state)
{
	(void)state;
	secrets_add(&secrets, "");
	secrets_add(&secrets, "12345");
	secrets_add(&secrets, " \t12345 \n");
	redacts("12345", "12345");
	secrets_add(&secrets, "123456");
	redacts("1234567", "***7");
	secrets_know_forms(&secrets);
	redacts("3132333435", "3132333435");
}

/* A file ends in a newline, which nobody prints. */
static void white_space_around_it_is_not_the_secret(void **state)
{
	(void)state;
	know("\n pass word \r\n");
	redacts("it is 'pass word'", "it is '***'");
}

static void says_whether_one_is_in_a_text(void **state)
{
	(void)state;
	assert_false(secrets_in(&secrets, "postgres"));
	secrets_add(&secrets, "postgres");
	assert_true(secrets_in(&secrets, "postgres"));
	assert_true(secrets_in(&secrets, "postgres://app:postgres@db/app"));
	assert_true(secrets_in(&secrets, "password=postgres"));
	assert_true(secrets_in(&secrets, "p%6fstgres"));
	/* A short one may be a part of a word by chance. */
	assert_false(secrets_in(&secrets, "/var/lib/postgresql/data"));
	assert_false(secrets_in(&secrets, "mypostgres"));
	assert_true(secrets_in(&secrets, "/var/lib/postgresql/postgres"));
	secrets_add(&secrets, "0123456789abcdef");
	assert_true(secrets_in(&secrets, "x0123456789abcdefx"));
	assert_false(secrets_in(&secrets, ""));
}

static void leaves_what_stands_before(void **state)
{
	CLEANUP_BUF struct buf buf = BUF_INIT;

	(void)state;
	secrets_add(&secrets, "secret");
	buf_add(&buf, "secret a\0secret", 15);
	secrets_redact(&secrets, &buf, 6);
	assert_int_equal(buf.len, 12);
	assert_memory_equal(buf.data, "secret a\0***", 13);
}

static void knows_any_bytes(void **state)
{
	CLEANUP_BUF struct buf buf = BUF_INIT;

	(void)state;
	secrets_know_forms(&secrets);
	secrets_add_bytes(&secrets, "\0\xff\n\x01 \x02\0", 7);
	buf_add(&buf, "<\0\xff\n\x01 \x02\0>", 9);
	secrets_redact(&secrets, &buf, 0);
	assert_string_equal(buf.data, "<***>");
	redacts("00ff0a01200200", "***");
}

/* Many values in a small table, each found, and nothing else. */
static void finds_each_of_many(void **state)
{
	char text[32];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(text, sizeof text, "secret-%04d!", i);
		secrets_add(&secrets, text);
	}
	assert_int_equal(secrets.count, 1000);
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(text, sizeof text, "secret-%04d!", i);
		redacts(text, "***");
		text[11] = '?';
		redacts(text, text);
	}
}

/* ---- values of many lines ---- */

static void knows_each_line_of_a_long_secret(void **state)
{
	static const char key[] =
		"-----BEGIN KEY-----\n0123456789abcdef\nshort\n\nlast line of this ";

	(void)state;
	know(key);
	redacts("it is 0123456789abcdef.", "it is ***.");
	redacts("last line of this ", "*** ");
	redacts("short", "short");
	redacts("0123456789abcdef\nshort\n", "***\n"); /* behind the line before */
	redacts("-----BEGIN KEY-----", "-----BEGIN KEY-----");
	redacts(key, "*** ");
}

static void knows_indented_lines(void **state)
{
	(void)state;
	know("{\n\t\"password\": \"a\",\r\n\t\"user\": \"somebody\"\n}\n");
	redacts("(\"user\": \"somebody\")", "(***)");
	redacts("(\"password\": \"a\",)", "(***)");
	redacts("{}", "{}");
}

static void says_where_a_secret_may_go_on(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {
		{"nothing\n", 8},
		{"x\nfirst line here\n", 2},
		{"x first line here\n", 2},
		{"x\nfirst line here\nsecond line here\n", 2},
		{"x\nfirst line here\nsecond line here\nend", 38},
		{"first line here", 15}, /* is still being printed */
		{"second line here\n", 0},
		{"x\n", 2},
		{"", 0},
	};

	(void)state;
	know("first line here\nsecond line here\nend");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(secrets_unfinished(
					 &secrets, cases[i].text, strlen(cases[i].text)),
			cases[i].at);
}

static void cuts_in_no_secret(void **state)
{
	(void)state;
	secrets_add(&secrets, "secret");
	assert_int_equal(secrets_cut(&secrets, "a secret b", 10, 1), 1);
	assert_int_equal(secrets_cut(&secrets, "a secret b", 10, 2), 2);
	assert_int_equal(secrets_cut(&secrets, "a secret b", 10, 3), 2);
	assert_int_equal(secrets_cut(&secrets, "a secret b", 10, 7), 2);
	assert_int_equal(secrets_cut(&secrets, "a secret b", 10, 8), 8);
}

/* ---- forms ---- */

static void undoes_escapes(void **state)
{
	(void)state;
	know("a/b \"c\" 'd' & \xc3\xa4+%\n\x1b");
	redacts("{\"p\":\"a/b \\\"c\\\" 'd' & \xc3\xa4+%\\n\\u001b\"}",
		"{\"p\":\"***\"}");
	redacts("\"a\\/b \\u0022c\\u0022 \\u0027d' \\u0026 \\u00E4+%\\u000a\\x1b\"",
		"\"***\"");
	redacts("a/b \\\"c\\\" 'd' & \\xc3\\xa4+%\\n\\033", "***");
	redacts("a%2Fb%20%22c%22%20%27d%27%20%26%20%c3%a4%2b%25%0a%1B", "***");
	redacts("p=a%2Fb+%22c%22+%27d%27+%26+%C3%A4%2B%25%0A%1B&q", "p=***&q");
	redacts("echo 'a/b \"c\" '\\''d'\\'' & \xc3\xa4+%\n\x1b'", "echo '***'");
	redacts("echo 'a/b \"c\" '\"'\"'d'\"'\"' & \xc3\xa4+%\n\x1b'", "echo '***'");
	redacts("a/b\\ \\\"c\\\"\\ \\'d\\'\\ \\&\\ \xc3\xa4+%\n\x1b", "***");
	redacts("VALUES ('a/b \"c\" ''d'' & \xc3\xa4+%\n\x1b')", "VALUES ('***')");
	redacts("1,\"a/b \"\"c\"\" 'd' & \xc3\xa4+%\n\x1b\",2", "1,\"***\",2");
	redacts("<a b=\"a/b &quot;c&quot; &#39;d&apos; &amp; &#xe4;+%&#10;&#x1B;\">",
		"<a b=\"***\">");
	/* JSON in JSON; a URL in JSON */
	redacts("\"a/b \\\\\\\"c\\\\\\\" 'd' & \xc3\xa4+%\\\\n\\\\u001b\"", "\"***\"");
	redacts("\"a\\/b%20%22c%22%20'd'%20&%20\xc3\xa4%2B%25%0A%1b\"", "\"***\"");
}

static void undoes_a_pair_of_halves(void **state)
{
	(void)state;
	know("smile \xf0\x9f\x98\x80");
	redacts("\"smile \\ud83d\\ude00.\"", "\"***.\"");
	redacts("smile \\U0001F600.", "***.");
	redacts("smile %F0%9f%98%80.", "***.");
	redacts("smile &#128512;", "***");
	redacts("smile \\ud83d.", "smile \\ud83d.");
}

/* What a secret ends in is a part of what the escape stands for. */
static void takes_escapes_out_whole(void **state)
{
	(void)state;
	secrets_add_bytes(&secrets, "secret \xc3", 8);
	redacts("secret \\u00e4.", "***.");
}

static void what_only_looks_like_an_escape_stays(void **state)
{
	static const char *const texts[] = {"100% of \\", "\\x4", "\\u12", "%zz%",
		"&amp &#; &#x;", "a+b", "''", "\\", "&", "&#120", "%4", "\\ud83d\\u0041"};

	(void)state;
	know("secret");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		redacts(texts[i], texts[i]);
}

static void knows_hexadecimal(void **state)
{
	(void)state;
	know("secret\xff");
	redacts("key=736563726574ff;", "key=***;");
	redacts("KEY=736563726574FF;", "KEY=***;");
}

/* As od, xxd, hexdump, openssl and C have it. */
static void knows_hexadecimal_with_signs_between(void **state)
{
	(void)state;
	know("Zq7+ab");
	redacts("0000000 5a 71 37 2b 61 62\n", "0000000 ***\n");
	redacts("00000000: 5a71 372b 6162 0a  Zq7+ab.", "00000000: *** 0a  ***.");
	redacts("5A:71:37:2B:61:62", "***");
	redacts("5a-71-37-2b-61-62", "***");
	redacts("{0x5a, 0x71, 0x37, 0x2b, 0x61, 0x62}", "{0x***}");
	redacts("\"5a 71 37 2b 61\\n62\"", "\"***\"");
	redacts("5a 71 37 2b 61 63", "5a 71 37 2b 61 63");
	know("0123456789abcdef0123456789abcdef");
	redacts("00000000: 3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef\n",
		"00000000: ***\n");
	redacts("=3031 3233 3435 3637 3839 6162 6364 6566  =0123456789abcdef\n"
		"00000010: 3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef\n",
		"=***\n");
}

/* With so many bytes before and behind it, encoded as a whole. */
static void redacts_base64(
	enum encoding encoding, const char *value, size_t before, size_t behind)
{
	CLEANUP_BUF struct buf plain = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_add(&plain, "user:name:", before);
	buf_puts(&plain, value);
	buf_add(&plain, "@and more ", behind);
	crypto_encode(encoding, plain.data, plain.len, &text);
	secrets_redact(&secrets, &text, 0);
	assert_non_null(strstr(text.data, "***"));
	/* Only the characters of what is beside it are left. */
	assert_true(text.len <= before * 8 / 6 + 3 + (behind * 8 + 5) / 6 + 2);
}

static void knows_base64_wherever_it_stands(void **state)
{
	static const char *const values[] = {"secret", "secret7", "secret89",
		"\xfb\xff\xfe?>~z", "a longer secret value"};

	(void)state;
	for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
		know(values[v]);
		for (size_t i = 0; i < 100; i++) {
			redacts_base64(ENCODING_BASE64, values[v], i / 10, i % 10);
			redacts_base64(ENCODING_BASE64URL, values[v], i / 10, i % 10);
		}
	}
}

static void knows_wrapped_encodings(void **state)
{
	char value[300];
	static const size_t widths[] = {76, 64};

	(void)state;
	for (size_t i = 0; i < sizeof value - 1; i++)
		value[i] = (char)('!' + i * 7 % 90);
	value[sizeof value - 1] = '\0';
	know(value);
	for (size_t w = 0; w < 3; w++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		size_t width = w < 2 ? widths[w] : 60;

		crypto_encode(w < 2 ? ENCODING_BASE64 : ENCODING_HEX, value,
			strlen(value), &text);
		for (size_t at = 0; at + width < text.len; at += width) {
			char line[100];

			(void)snprintf(
				line, sizeof line, "%.*s", (int)width, text.data + at);
			redacts(line, "***");
		}
	}
}

/* Each piece of 1024 bytes is a secret, and so is any form of it. */
static void knows_values_of_any_size(void **state)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 100 * 1024 + 5; i++)
		buf_putc(&value, (char)('!' + (i * i + i / 7) % 90));
	know(value.data);
	buf_add(&text, value.data, value.len);
	secrets_redact(&secrets, &text, 0);
	assert_int_equal(strspn(text.data, "*"), text.len);
	buf_truncate(&text, 0);
	crypto_encode(ENCODING_BASE64, value.data, value.len, &text);
	secrets_redact(&secrets, &text, 0);
	assert_int_equal(strspn(text.data, "*"), text.len);
	buf_truncate(&text, 0);
	json_string(&text, value.data);
	secrets_redact(&secrets, &text, 0);
	assert_int_equal(strspn(text.data, "*\""), text.len);
}

/* They cost time, which a start that shows nobody's text does not have. */
static void encoded_forms_are_made_when_they_are_asked_for(void **state)
{
	(void)state;
	secrets_add(&secrets, "secret");
	assert_int_equal(secrets.count, 1);
	redacts("736563726574", "736563726574");
	secrets_know_forms(&secrets);
	redacts("736563726574", "***");
	assert_int_equal(secrets.count, 5); /* one is as good as two that are the same */
	secrets_add(&secrets, "another");
	redacts("616e6f74686572", "***");
}

static void finds_the_beginning_in_front_of_a_cut(void **state)
{
	(void)state;
	know("secret-value");
	redacts("a secr…", "a ***…");
	redacts("a secret-valu… secret-val… sec…", "a ***… ***… sec…");
	redacts("a secret-value…", "a ***…");
	redacts("…secr", "…secr");
	redacts("736563726574…", "***…");
	redacts("'secret-va…' is none, 'secr…", "'***…' is none, '***…");
	redacts("secr… then secret-value", "***… then ***");
	know("secret…value…long");
	redacts("secret…valu…", "***…");
	redacts("secret…other", "***…other");
	know("secret“quoted”");
	redacts("secret…", "***…");
}

/* ---- what else could go wrong ---- */

/* Whatever stands in a line, it takes time in proportion to its length. */
static void a_long_text_is_searched_once(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	know("aaaaaaaab");
	for (size_t i = 0; i < 4 * 1024 * 1024; i++)
		buf_putc(&text, i % 1024 ? 'a' : '\\');
	secrets_redact(&secrets, &text, 0);
	assert_int_equal(text.len, 4 * 1024 * 1024);
}

/* A text of nothing but what a cut looks like, and secrets of thousands of forms. */
static void a_text_full_of_cuts_is_searched_once(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	for (int i = 0; i < 20; i++) {
		char value[4097] = "";

		for (size_t n = 0; n < 4096; n++)
			value[n] = "0123456789abcdef"[(n * n + (size_t)i * (n + 7)) % 16];
		value[0] = (char)('a' + i);
		secrets_add(&secrets, value);
	}
	secrets_know_forms(&secrets);
	for (size_t i = 0; i < 32768; i++)
		buf_puts(&text, "0123456789abcdef………………………………………………………………………………………………");
	secrets_redact(&secrets, &text, 0);
	assert_true(text.len > 0);
}

/* ---- beside the simple search ---- */

#define VALUES 12
#define LENGTH 60

static unsigned seed = 1;

/* The same numbers at each run (Numerical Recipes, 7.1). */
static size_t next(size_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 16) % below;
}

/* Of two letters, so that values overlap, nest, repeat and begin alike. */
static void put_letters(struct buf *to, size_t count)
{
	while (count--)
		buf_putc(to, (char)('a' + next(2)));
}

/* Marks what each value covers, by asking for each value at each place. */
static void cover(const struct buf *text, const struct buf *values, size_t to[LENGTH])
{
	for (size_t at = 0; at < text->len; at++) {
		const char *here = text->data + at;
		size_t left = text->len - at, longest = 0;

		for (size_t i = 0; i < VALUES; i++)
			if (values[i].len <= left && values[i].len > longest &&
				memcmp(here, values[i].data, values[i].len) == 0)
				longest = values[i].len;
		to[at] = at + longest;
	}
}

/* One that begins inside of another goes on with it; one that begins behind does not. */
static void redact_simply(
	const struct buf *text, const struct buf *values, struct buf *ret)
{
	size_t to[LENGTH];

	cover(text, values, to);
	for (size_t at = 0; at < text->len;) {
		size_t end = to[at];

		if (end == at) {
			buf_putc(ret, text->data[at++]);
			continue;
		}
		while (++at < end)
			end = to[at] > end ? to[at] : end;
		buf_puts(ret, "***");
	}
}

static void finds_what_a_simple_search_finds(void **state)
{
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct buf values[VALUES];
		CLEANUP_BUF struct buf text = BUF_INIT, expected = BUF_INIT;

		secrets_release(&secrets);
		for (size_t i = 0; i < VALUES; i++) {
			values[i] = (struct buf)BUF_INIT;
			put_letters(&values[i], SECRET_SHORTEST + next(8));
			secrets_add(&secrets, values[i].data);
		}
		put_letters(&text, next(LENGTH + 1));
		redact_simply(&text, values, &expected);
		redacts(text.data, expected.data);
		for (size_t i = 0; i < VALUES; i++)
			buf_release(&values[i]);
	}
}

/* Values that are longer than a piece, and begin alike, are kept apart. */
static void adds_each_value_once(void **state)
{
	static char value[3000];
	size_t forms;

	(void)state;
	memset(value, 'x', sizeof value);
	secrets_add_bytes(&secrets, value, 2000);
	forms = secrets.count;
	secrets_add_bytes(&secrets, value, 2000);
	assert_int_equal(secrets.count, forms);
	value[2999] = 'y';
	secrets_add_bytes(&secrets, value, 3000);
	assert_int_equal(secrets.count, forms + 1);
	secrets_know_forms(&secrets);
	forms = secrets.count;
	secrets_add_bytes(&secrets, value, 3000);
	assert_int_equal(secrets.count, forms);
	secrets_add_bytes(&secrets, value, 1024);
	assert_true(secrets.count >= forms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(takes_every_secret_out, forget),
		cmocka_unit_test_teardown(takes_secrets_out_that_overlap, forget),
		cmocka_unit_test_teardown(passes_short_ones_over, forget),
		cmocka_unit_test_teardown(
			white_space_around_it_is_not_the_secret, forget),
		cmocka_unit_test_teardown(says_whether_one_is_in_a_text, forget),
		cmocka_unit_test_teardown(leaves_what_stands_before, forget),
		cmocka_unit_test_teardown(knows_any_bytes, forget),
		cmocka_unit_test_teardown(finds_each_of_many, forget),
		cmocka_unit_test_teardown(knows_each_line_of_a_long_secret, forget),
		cmocka_unit_test_teardown(knows_indented_lines, forget),
		cmocka_unit_test_teardown(says_where_a_secret_may_go_on, forget),
		cmocka_unit_test_teardown(cuts_in_no_secret, forget),
		cmocka_unit_test_teardown(undoes_escapes, forget),
		cmocka_unit_test_teardown(undoes_a_pair_of_halves, forget),
		cmocka_unit_test_teardown(takes_escapes_out_whole, forget),
		cmocka_unit_test_teardown(what_only_looks_like_an_escape_stays, forget),
		cmocka_unit_test_teardown(knows_hexadecimal, forget),
		cmocka_unit_test_teardown(knows_hexadecimal_with_signs_between, forget),
		cmocka_unit_test_teardown(knows_base64_wherever_it_stands, forget),
		cmocka_unit_test_teardown(knows_wrapped_encodings, forget),
		cmocka_unit_test_teardown(knows_values_of_any_size, forget),
		cmocka_unit_test_teardown(
			encoded_forms_are_made_when_they_are_asked_for, forget),
		cmocka_unit_test_teardown(finds_the_beginning_in_front_of_a_cut, forget),
		cmocka_unit_test_teardown(a_long_text_is_searched_once, forget),
		cmocka_unit_test_teardown(a_text_full_of_cuts_is_searched_once, forget),
		cmocka_unit_test_teardown(finds_what_a_simple_search_finds, forget),
		cmocka_unit_test_teardown(adds_each_value_once, forget),
	};

	return cmocka_run_group_tests_name("base/secrets", tests, NULL, NULL);
}
