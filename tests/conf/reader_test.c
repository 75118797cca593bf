/* SPDX-License-Identifier: MIT */
/* The reader: lines, values, places, and every trap of inih by name. */
#include "../unit.h"
#include "base/buf.h"
#include "base/str.h"
#include "conf/reader.h"

/*
 * What was read, as one text: "1 [a:b]", "2 key {flat} {text}", with what `quoted` has in
 * between where there is any, "3 key+ …" for an append,
 * "4 key -" for a reset, "5 key !" for an error, then the problems. A newline in a value
 * is shown as "~".
 */
struct recorder {
	struct buf text;
	bool with_text;
};

static void add_value(struct buf *to, const char *value)
{
	buf_puts(to, " {");
	for (; *value; value++)
		buf_putc(to, *value == '\n' ? '~' : *value);
	buf_putc(to, '}');
}

static void record(void *user, const struct reader_line *line)
{
	struct recorder *recorder = user;
	struct buf *text = &recorder->text;

	buf_printf(text, "%d ", line->at.line);
	if (!line->key) {
		buf_printf(text, "[%s]\n", line->section);
		return;
	}
	buf_printf(text, "%s%s", line->key, line->append ? "+" : "");
	if (line->broken) {
		buf_puts(text, " !");
	} else if (!line->value) {
		buf_puts(text, " -");
	} else {
		add_value(text, line->value->flat);
		if (recorder->with_text && line->value->quoted)
			add_value(text, line->value->quoted);
		if (recorder->with_text)
			add_value(text, line->value->text);
		assert_int_equal(line->value->at.line, line->at.line);
		assert_string_equal(line->value->dir, "/dir");
	}
	buf_putc(text, '\n');
}

static char *read_size(const char *text, size_t size, bool with_text)
{
	struct recorder recorder = {.text = BUF_INIT, .with_text = with_text};
	struct reader_handler handler = {.line = record, .user = &recorder};
	struct problems problems = {0};
	struct arena arena = {0};
	/* A copy without a NUL behind it: a sanitizer sees who reads over the end. */
	char *copy = malloc(size ? size : 1);
	char *ret;

	assert_non_null(copy);
	memcpy(copy, text, size);
	reader_read("f", "/dir", copy, size, &arena, &handler, &problems);
	free(copy);
	for (size_t i = 0; i < problems.count; i++)
		buf_printf(&recorder.text, "%s\n", problem_text(&problems, i));
	problems_release(&problems);
	arena_release(&arena);
	ret = mem_strdup(recorder.text.data);
	buf_release(&recorder.text);
	return ret;
}

static void expect(const char *text, const char *expected)
{
	char *got = read_size(text, strlen(text), false);

	assert_string_equal(got, expected);
	free(got);
}

static void expect_text(const char *text, const char *expected)
{
	char *got = read_size(text, strlen(text), true);

	assert_string_equal(got, expected);
	free(got);
}

/* The reading of `text` says `part` somewhere. */
static void expect_part(const char *text, const char *part)
{
	char *got = read_size(text, strlen(text), false);

	if (!strstr(got, part))
		assert_string_equal(got, part);
	free(got);
}

/* ---- what inih does, and a user must never see ---- */

/* inih 55 splits a line after 200 bytes, and takes the tail for a line of its own. */
static void trap_long_lines(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf expected = BUF_INIT;

	(void)state;
	buf_puts(&text, "[a:b]\nkey = ");
	buf_puts(&expected, "1 [a:b]\n2 key {");
	for (int i = 0; i < 400; i++) {
		buf_puts(&text, "x = [y] ;");
		buf_puts(&expected, "x = [y] ;");
	}
	buf_puts(&text, "\nnext = 1\n");
	buf_puts(&expected, "}\n3 next {1}\n");
	expect(text.data, expected.data);
}

/* inih 55 cuts the name of a section after 49 bytes, and a key's as well. */
static void trap_long_names(void **state)
{
	(void)state;
	expect("[kind:a23456789-123456789-123456789-123456789-123456789-one]\n"
	       "key_of_more_than_fifty_bytes_456789-123456789-1234567891 = 1\n"
	       "key_of_more_than_fifty_bytes_456789-123456789-1234567892 = 2\n"
	       "[kind:a23456789-123456789-123456789-123456789-123456789-two]\n"
	       "key = 3\n",
		"1 [kind:a23456789-123456789-123456789-123456789-123456789-one]\n"
		"2 key_of_more_than_fifty_bytes_456789-123456789-1234567891 {1}\n"
		"3 key_of_more_than_fifty_bytes_456789-123456789-1234567892 {2}\n"
		"4 [kind:a23456789-123456789-123456789-123456789-123456789-two]\n"
		"5 key {3}\n");
}

/* inih drops what stands behind " ;". */
static void trap_inline_comments(void **state)
{
	(void)state;
	expect("[a:b]\nkey = one ; two\nnext = # three\nlast = ;\n",
		"1 [a:b]\n2 key {one ; two}\n3 next {# three}\n4 last {;}\n");
}

/* inih swallows lines with ";" or "#" where a value goes on. */
static void trap_comments_in_continuations(void **state)
{
	(void)state;
	expect_text("[a:b]\ncontent =\n  # heading\n  ; and\n  body\n",
		"1 [a:b]\n2 content {body} {# heading~; and~body~}\n");
	expect_text(
		"[a:b]\ncontent = x\n  # only\n", "1 [a:b]\n2 content {x} {x~# only~}\n");
	expect_text("[a:b]\ncontent =\n  # only\n", "1 [a:b]\n2 content {} {# only~}\n");
}

/* What looks like a comment is a part of a script that stands in quotes. */
static void keeps_what_stands_in_quotes(void **state)
{
	static const char *const cases[][2] = {
		{"sh '\n  a) y\n    ;;\n\n  # c\n  '\n  # d\n",
			"{sh '~a) y~'} {sh '~a) y~;;~~# c~'} "
			"{sh '~a) y~  ;;~~# c~'~# d~}"},
		{"\n  # it's\n  sh\n  ; \"", "{sh} {# it's~sh~; \"~}"},
		{"\n  \"\n\n  \\\"\n  ;\"\n", "{\"~\\\"} {\"~~\\\"~;\"} {\"~~\\\"~;\"~}"},
		{"${X:-'}\n  # c\n  a", "{${X:-'}~a} {${X:-'}~# c~a~}"},
		{"'\n;;\n  b'", "{'~b'} {'~b'~}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		CLEANUP_BUF struct buf expected = BUF_INIT;

		buf_printf(&text, "[a:b]\nk = %s", cases[i][0]);
		buf_printf(&expected, "1 [a:b]\n2 k %s\n", cases[i][1]);
		expect_text(text.data, expected.data);
	}
}

/* inih takes ":" for "=". */
static void trap_colon(void **state)
{
	(void)state;
	expect_part("[a:b]\nkey: value\n", "f:2: [a:b] expected 'key = value'");
	expect_part("[a:b]\nkey: a = b\n", "f:2: [a:b] expected 'key = value'");
	expect("[a:b]\nkey = a:b=c\n", "1 [a:b]\n2 key {a:b=c}\n");
}

/* inih reports no line numbers (and where it does, counts pieces of lines). */
static void trap_line_numbers(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	(void)state;
	buf_puts(&text, "# comment\n\n[a:b]\nlong = ");
	for (int i = 0; i < 2000; i++)
		buf_putc(&text, 'x');
	buf_puts(&text, "\n  y\n\n# c\n  z\nnext = 1\nwrong\n");
	expect_part(text.data, "\n9 next {1}\n");
	expect_part(text.data, "f:10: [a:b] expected");
}

/* ---- lines ---- */

static void reads_lines(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"", ""},
		{"\n\n", ""},
		{"# c\n; c\n", ""},
		{"[a:b]", "1 [a:b]\n"},
		{"[a:b] \t\nk=v", "1 [a:b]\n2 k {v}\n"},
		{"[a:b]\nk = v \t \n", "1 [a:b]\n2 k {v}\n"},
		{"[a:b]\nk  =  a b  \n", "1 [a:b]\n2 k {a b}\n"},
		{"[a:b]\nk =\n", "1 [a:b]\n2 k -\n"},
		{"[a:b]\nk =\n\n\n", "1 [a:b]\n2 k -\n"},
		{"[a:b]\nk =   \t\n", "1 [a:b]\n2 k -\n"},
		{"[a:b]\nk += v\n", "1 [a:b]\n2 k+ {v}\n"},
		{"[a:b]\nk+=v\n", "1 [a:b]\n2 k+ {v}\n"},
		{"[a:b]\nk += \n", "1 [a:b]\n2 k+ -\n"},
		{"[a:b]\nk = += v\n", "1 [a:b]\n2 k {+= v}\n"},
		{"[a:b]\nk == v\n", "1 [a:b]\n2 k {= v}\n"},
		{"[a:b]\nA-b_9 = v\n", "1 [a:b]\n2 A-b_9 {v}\n"},
		{"[]\n", "1 []\n"},
		{"[a:b]\nk = a\n  b\n\tc\n", "1 [a:b]\n2 k {a~b~c}\n"},
		{"[a:b]\nk =\n  b\n\n  c\n", "1 [a:b]\n2 k {b~c}\n"},
		{"[a:b]\nk = a\n# c\n  b\n; c\n  c\n", "1 [a:b]\n2 k {a~b~c}\n"},
		{"[a:b]\nk = a\n  [c:d]\n  x = y\n", "1 [a:b]\n2 k {a~[c:d]~x = y}\n"},
		{"[a:b]\n  # indented comment\n  ; another\nk = 1\n",
			"1 [a:b]\n4 k {1}\n"},
		{"  # indented comment\n[a:b]\n", "2 [a:b]\n"},
		{"[a:b]\nk = 1\n[a:b]\nk = 2\n", "1 [a:b]\n2 k {1}\n3 [a:b]\n4 k {2}\n"},
		/* a byte order mark is skipped; one further in is content */
		{"\xef\xbb\xbf[a:b]\nk = 1\n", "1 [a:b]\n2 k {1}\n"},
		{"[a:b]\nk = \xef\xbb\xbf\n", "1 [a:b]\n2 k {\xef\xbb\xbf}\n"},
		{"\xef\xbb\xbf", ""},
		{"[a:b]\r\nk = 1\r\n  2\r\n\r\nl = 3\r\n",
			"1 [a:b]\n2 k {1~2}\n5 l {3}\n"},
		{"[a:b]\nk = v\r", "1 [a:b]\n2 k {v}\n"},
		{"[a:b]\nk = äöü €\n", "1 [a:b]\n2 k {äöü €}\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect(cases[i].text, cases[i].expected);
}

static void reads_texts(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"k = a\n", "{a} {a~}"},
		{"k = a\n\n\n", "{a} {a~}"},
		{"k =\n  a\n    b\n  c\n", "{a~b~c} {a~  b~c~}"},
		{"k =\n    a\n  b\n", "{a~b} {  a~b~}"},
		{"k =\n\ta\n\t\tb\n", "{a~b} {a~\tb~}"},
		/* tab and blanks share nothing: nothing is cut off */
		{"k =\n\ta\n  b\n", "{a~b} {\ta~  b~}"},
		{"k =\n  a\n\n  b\n   \n\n", "{a~b} {a~~b~}"},
		{"k =\n\n  a\n", "{a} {~a~}"},
		{"k = first\n    deep\n  flat\n",
			"{first~deep~flat} {first~  deep~flat~}"},
		{"k =\n  keeps blanks at the end  \n",
			"{keeps blanks at the end} {keeps blanks at the end  ~}"},
		{"k =\n  a\n# gone\n  b\n", "{a~b} {a~b~}"},
		{"k =\r\n  a\r\n    b\r\n", "{a~b} {a~  b~}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		CLEANUP_BUF struct buf expected = BUF_INIT;

		buf_printf(&text, "[a:b]\n%s", cases[i].text);
		buf_printf(&expected, "1 [a:b]\n2 k %s\n", cases[i].expected);
		expect_text(text.data, expected.data);
	}
}

static void record_text_line(void *user, const struct reader_line *line)
{
	int *ret = user;

	if (line->value)
		*ret = line->value->text_at.line;
}

static int text_line(const char *text)
{
	int line = 0;
	struct reader_handler handler = {.line = record_text_line, .user = &line};
	struct problems problems = {0};
	struct arena arena = {0};

	reader_read("f", "/dir", text, strlen(text), &arena, &handler, &problems);
	problems_release(&problems);
	arena_release(&arena);
	return line;
}

static void knows_where_a_text_begins(void **state)
{
	(void)state;
	assert_int_equal(text_line("[a:b]\nk = a\n  b\n"), 2);
	assert_int_equal(text_line("[a:b]\nk =\n  b\n"), 3);
	assert_int_equal(text_line("[a:b]\nk =\n# c\n  b\n"), 4);
	assert_int_equal(text_line("[a:b]\nk =\n\n  b\n"), 3);
}

/* ---- errors ---- */

static void reports_errors(void **state)
{
	static const struct {
		const char *text;
		const char *part;
	} cases[] = {
		{"[a:b]\nword\n", "f:2: [a:b] expected 'key = value'"},
		{"[a:b]\n= v\n", "f:2: [a:b] expected 'key = value'"},
		{"[a:b]\n+= v\n", "f:2: [a:b] expected 'key = value'"},
		{"[a:b]\nk + = v\n", "f:2: [a:b] expected 'key = value'"},
		{"[a:b]\nk k = v\n", "f:2: [a:b] expected 'key = value'"},
		{"[a:b]\nk.k = v\n", "f:2: [a:b] expected 'key = value'"},
		{"[a:b]\n-k = v\n", "f:2: [a:b] expected 'key = value'"},
		{"[a:b]\nwörd = v\n", "f:2: [a:b] expected 'key = value'"},
		{"[a:b]\n\vk = v\n", "f:2: [a:b] expected 'key = value'"},
		{"k = v\n[a:b]\n", "f:1: 'k' stands before the first [kind:name]"},
		{"word\n", "f:1: expected 'key = value'"},
		{"[a:b\nk = v\n", "f:1: the header has no ']'"},
		{"[a:b] ; c\nk = v\n", "f:1: [a:b]: nothing may follow a header"},
		{"[a:b] ; c\nk = v\n", "2 k {v}"},
		{"[a:b]]\n", "f:1: [a:b]: nothing may follow a header"},
		{"  k = v\n[a:b]\n",
			"f:1: an indented line goes on with the key above it"},
		{"[a:b]\n  k = v\n",
			"f:2: an indented line goes on with the key above it"},
		{"[a:b]\nk = a\rb\n", "f:2: a carriage return inside a line"},
		{"[a:b]\r\r\nk = 1\n", "f:1: a carriage return inside a line"},
		{"# \xff\n[a:b]\n", "f:1: byte 0xff at column 3 is not UTF-8"},
		{"[a:b]\nk = \xc3\n", "f:2: byte 0xc3 at column 5 is not UTF-8"},
		{"[a:b]\nk = \xed\xa0\x80\n", "f:2: byte 0xed at column 5"},
		{"\xff\xfe[\0a\0", "f:1: this is UTF-16"},
		{"\xfe\xff", "f:1: this is UTF-16"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_part(cases[i].text, cases[i].part);
}

static void reports_nul_bytes(void **state)
{
	static const char text[] = "[a:b]\nk = a\0b\nl = 1\n# c\0\n";
	char *got = read_size(text, sizeof text - 1, false);

	(void)state;
	assert_string_equal(got,
		"1 [a:b]\n2 k !\n3 l {1}\n"
		"f:2: a NUL byte: this is no text file\n"
		"f:4: a NUL byte: this is no text file\n");
	free(got);
}

/* One error is listed once: what follows from it is not. */
static void reads_on_behind_errors(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} cases[] = {
		{"[a:b]\npath: x\n  more\n  lines\nk = 1\n",
			"1 [a:b]\n2 path !\n5 k {1}\n"
			"f:2: [a:b] expected 'key = value', not 'path: x': write "
			"'path = x', or indent it as a further line of a value\n"},
		{"[a b]\nk = 1\n[ c:d ]\nl = 1\n[ ]\n[e:f]\nm = 1\n",
			"5 [ ]\n6 [e:f]\n7 m {1}\n"
			"f:1: [a b]: a ':' stands between kind and name: write [a:b]\n"
			"f:3: [ c:d ]: no white space may stand in a header: write "
			"[c:d]\n"},
		{"[a:b\nk = 1\n  2\n[c:d]\nl = 1\n",
			"4 [c:d]\n5 l {1}\n"
			"f:1: the header has no ']': expected '[kind:name]'\n"},
		{"a = 1\nb = 2\nc\n  d\n[c:d]\nl = 1\n",
			"5 [c:d]\n6 l {1}\nf:1: 'a' stands before the first "
			"[kind:name]\n"},
		{"[a:b]\n  one\n  two\nk = 1\n",
			"1 [a:b]\n4 k {1}\nf:2: an indented line goes on with the key "
			"above it, and there is none: unindent it\n"},
		{"[a:b]\nk = 1\n  \xff\n  2\n",
			"1 [a:b]\n2 k {1~2}\nf:3: byte 0xff at column 3 is not UTF-8: "
			"save the file as UTF-8\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect(cases[i].text, cases[i].expected);
}

/* ---- limits ---- */

static char *read_value_of(size_t size, bool indented)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_puts(&text, indented ? "[a:b]\nk =\n    " : "[a:b]\nk = ");
	for (size_t i = 0; i < size; i++)
		buf_putc(&text, 'x');
	buf_puts(&text, "\nl = 1\n");
	return read_size(text.data, text.len, false);
}

static void value_limit(void **state)
{
	(void)state;
	for (int indented = 0; indented < 2; indented++) {
		char *within = read_value_of(READER_VALUE_MAX, indented);
		char *over = read_value_of(READER_VALUE_MAX + 1, indented);

		assert_null(strstr(within, "1 MiB"));
		assert_int_equal(strspn(strchr(within, '{') + 1, "x"), READER_VALUE_MAX);
		assert_non_null(strstr(within, "xxx}\n"));
		assert_non_null(strstr(over, "2 k !\n"));
		assert_non_null(
			strstr(over, "f:2: [a:b] k: the value is longer than 1 MiB"));
		assert_non_null(strstr(over, " l {1}\n"));
		free(within);
		free(over);
	}
}

static char *read_file_of(size_t size)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_puts(&text, "[a:b]\nk = 1\n#");
	while (text.len < size)
		buf_putc(&text, text.len % 100 == 0 ? '\n' : '#');
	return read_size(text.data, text.len, false);
}

static void file_limit(void **state)
{
	char *within = read_file_of(READER_FILE_MAX);
	char *over = read_file_of(READER_FILE_MAX + 1);

	(void)state;
	assert_string_equal(within, "1 [a:b]\n2 k {1}\n");
	assert_string_equal(
		over, "f: larger than 16 MiB, the most that a drop-in may be\n");
	free(within);
	free(over);
}

static void key_limit(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf key = BUF_INIT;

	(void)state;
	for (int i = 0; i < 64; i++)
		buf_putc(&key, 'k');
	buf_printf(&text, "[a:b]\n%s = 1\n", key.data);
	expect_part(text.data, "k {1}\n");
	buf_truncate(&text, 0);
	buf_printf(&text, "[a:b]\n%sk = 1\n", key.data);
	expect_part(text.data, "f:2: [a:b] expected 'key = value'");
}

/* Many entries: each keeps its number through the library. */
static void many_entries(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf expected = BUF_INIT;

	(void)state;
	for (int i = 0; i < 12000; i++) {
		buf_printf(&text, "[a:%d]\nk%d = %d\n", i, i, i);
		buf_printf(&expected, "%d [a:%d]\n%d k%d {%d}\n", 2 * i + 1, i, 2 * i + 2,
			i, i);
	}
	expect(text.data, expected.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trap_long_lines),
		cmocka_unit_test(trap_long_names),
		cmocka_unit_test(trap_inline_comments),
		cmocka_unit_test(trap_comments_in_continuations),
		cmocka_unit_test(keeps_what_stands_in_quotes),
		cmocka_unit_test(trap_colon),
		cmocka_unit_test(trap_line_numbers),
		cmocka_unit_test(reads_lines),
		cmocka_unit_test(reads_texts),
		cmocka_unit_test(knows_where_a_text_begins),
		cmocka_unit_test(reports_errors),
		cmocka_unit_test(reports_nul_bytes),
		cmocka_unit_test(reads_on_behind_errors),
		cmocka_unit_test(value_limit),
		cmocka_unit_test(file_limit),
		cmocka_unit_test(key_limit),
		cmocka_unit_test(many_entries),
	};

	return cmocka_run_group_tests_name("conf/reader", tests, NULL, NULL);
}
