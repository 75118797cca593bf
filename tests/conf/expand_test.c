/* SPDX-License-Identifier: MIT */
/* Expansion: every form, every error, one pass, escapes, the allow-list. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/expand.h"
#include "conf/field.h"
#include "conf/reference.h"
#include "conf/words.h"

#include "../shown.h"

static const char *lookup(void *user, const char *name)
{
	static const char *const variables[][2] = {
		{"A", "one"},
		{"EMPTY", ""},
		{"QUOTES", "a\"b'c\\d"},
		{"LOOKS", "${A} $A $${A}"},
		{"LINES", "1\n2"},
		{"BYTES", "\xff"},
		{"file", "a variable"},
		{"DIR", "/run"},
		{"URL", "tcp://db:5432/x"},
		{"STAR", "*"},
		{"_x9", "x"},
	};

	(void)user;
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		if (str_equal(variables[i][0], name))
			return variables[i][1];
	return NULL;
}

static int cannot_read(struct err *err, const char *name)
{
	(void)err_set(err, ERR_TEMPORARY, "cannot read '%s'", name);
	err->code = 5;
	return -1;
}

static int reference(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	(void)user;
	if (strstr(name, "missing"))
		return 1;
	if (strstr(name, "bad"))
		return cannot_read(err, name);
	if (strstr(name, "huge"))
		for (int i = 0; i < 16 * 1024 * 1024 + 1; i++)
			buf_putc(ret, 'x');
	else if (strstr(name, "nul"))
		buf_add(ret, "a\0b", 3);
	else if (!strstr(name, "empty"))
		buf_printf(ret, "<%s %s>", word, name);
	return 0;
}

static const char *const words[] = {"file", "text", "key", "secret", NULL};

static const struct expander plain = {
	.lookup = lookup, .reference = reference, .words = words};

static const struct place at = {.file = "f", .line = 10};

static void expect_with(
	const struct expander *expander, const char *text, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	if (expand(expander, text, at, &got, NULL, &err) < 0)
		assert_string_equal(shown(&err), expected);
	else
		assert_string_equal(got.data, expected);
}

static void expect(const char *text, const char *expected)
{
	expect_with(&plain, text, expected);
}

static void expect_error(
	const struct expander *expander, const char *text, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	assert_int_equal(expand(expander, text, at, &got, NULL, &err), -1);
	if (strncmp(shown(&err), expected, strlen(expected)) != 0)
		assert_string_equal(shown(&err), expected);
}

static void forms_of_variables(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"plain", "plain"},
		{"a ${A} b", "a one b"},
		{"${A}${A}", "oneone"},
		{"${_x9}", "x"},
		{"${EMPTY}", ""},
		/* default where unset or empty; where unset */
		{"${NO:-d}", "d"},
		{"${EMPTY:-d}", "d"},
		{"${A:-d}", "one"},
		{"${NO:-}", ""},
		{"${NO-d}", "d"},
		{"${EMPTY-d}", ""},
		{"${A-d}", "one"},
		{"${NO--}", "-"},
		{"${NO:--}", "-"},
		{"${NO-}", ""},
		/* demand */
		{"${A:?needed}", "one"},
		/* other */
		{"${A:+other}", "other"},
		{"${EMPTY:+other}", ""},
		{"${NO:+other}", ""},
		{"${A:+}", ""},
		{"${A:+<${A}>}", "<one>"},
		/* nesting */
		{"${NO:-${A}}", "one"},
		{"${NO:-${NEITHER:-${A}!}?}.", "one!?."},
		{"${NO:-a ${A} b}", "a one b"},
		{"${A:-${NEVER}}", "one"},
		{"${NO:-a:-b}", "a:-b"},
		{"${NO:-{x}}", "{x}"},
		{"${NO:-}}", "}"},
		/* literals */
		{"$${A}", "${A}"},
		{"$$${A}", "$${A}"},
		{"${NO:-$${A}}", "${A}"},
		{"$A $ $$ $1 a$", "$A $ $$ $1 a$"},
		{"{A} }", "{A} }"},
		/* one pass */
		{"${LOOKS}", "${A} $A $${A}"},
		{"${NO:-${LOOKS}}", "${A} $A $${A}"},
		/* values go through as they are */
		{"[${LINES}]", "[1\n2]"},
		{"${QUOTES}", "a\"b'c\\d"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect(cases[i][0], cases[i][1]);
}

static void forms_of_references(void **state)
{
	static const char *const cases[][2] = {
		{"${file:/a/b c}", "<file /a/b c>"},
		{"${key:k.1-x}", "<key k.1-x>"},
		{"${key:mod/k}", "<key mod/k>"},
		{"${secret:s}", "<secret s>"},
		{"${file:/missing:-d}", "d"},
		{"${file:/empty:-d}", "d"},
		{"${file:/a:-d}", "<file /a>"},
		{"${key:missing:-${A}}", "one"},
		{"${key:k:+yes}", "yes"},
		{"${file:-x}", "a variable"},
		{"${file:+x}", "x"},
		{"${key:-x}", "x"},
		{"${key}", "f:10: key is not set"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect(cases[i][0], cases[i][1]);
}

static void every_error(void **state)
{
	static const char *const cases[][2] = {
		{"${", "f:10: a '${' is not closed by '}'"},
		{"a ${A", "f:10: a '${' is not closed by '}'"},
		{"${A:-${A}", "f:10: a '${' is not closed by '}'"},
		{"\n\n${A", "f:12: a '${' is not closed by '}'"},
		{"${}", "f:10: '${}' is none of"},
		{"${1}", "f:10: '${1}' is none of"},
		{"${A^^}", "f:10: '${A^^}' is none of"},
		{"${A/x/y}", "f:10: '${A/x/y}' is none of"},
		{"${ A}", "f:10: '${ A}' is none of"},
		{"${A }", "f:10: '${A }' is none of"},
		{"${A:}", "f:10: '${A:}' is none of"},
		{"${A:=x}", "f:10: '${A:=x}' is none of"},
		{"${A?x}", "f:10: '${A?x}' is none of"},
		{"${A+x}", "f:10: '${A+x}' is none of"},
		{"${#A}", "f:10: '${#A}' is none of"},
		{"${foo:bar}",
			"f:10: '${foo:bar}' is none of ${NAME}, ${NAME:-default}, "
			"${NAME-default}, ${NAME:?message}, ${NAME:+other}, "
			"${NAME#glob}, ${NAME%glob}, ${file:/path}, ${text:/path}, "
			"${key:name}, ${secret:name}; write $${ for a literal ${"},
		{"${file:relative}", "f:10: 'relative' is no absolute path"},
		{"${file:${EMPTY}}", "f:10: the path is empty"},
		{"${file:}", "f:10: '${file:}' is none of"},
		{"${key:#x}", "f:10: '${key:#x}' is none of"},
		{"${A#[${A}]}", "f:10: no value can stand in […]"},
		{"${key:}", "f:10: '${key:}' is none of"},
		{"${key:a b}",
			"f:10: '${key:a b}' is none of ${NAME}, ${NAME:-default}, "
			"${NAME-default}, ${NAME:?message}, ${NAME:+other}, "
			"${NAME#glob}, ${NAME%glob}, ${file:/path}, ${text:/path}, "
			"${key:name}, ${secret:name}; write $${"},
		{"${key:.x}", "f:10: '${key:.x}' is none of"},
		{"${A|jsno}", "f:10: '|jsno' is no format: did you mean '|json'?"},
		{"${A:-b|yml2}", "f:10: '|yml2' is no format"},
		{"${key:bad}", "f:10: cannot read 'bad'"},
		{"\n${NO:-\n${key:bad}}", "f:12: cannot read 'bad'"},
		{"${key:nul}", "f:10: the value of 'nul' has a NUL byte"},
		{"${key:huge}", "f:10: it comes to more than 16 MiB"},
		{"${BYTES|json}",
			"f:10: ${BYTES}: a value that is not UTF-8 cannot stand in JSON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_error(&plain, cases[i][0], cases[i][1]);
}

static void nesting_has_an_end(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct problems problems = {0};

	(void)state;
	for (int i = 0; i < 16; i++)
		buf_puts(&text, "${NO:-");
	buf_puts(&text, "deep");
	for (int i = 0; i < 16; i++)
		buf_puts(&text, "}");
	expect(text.data, "deep");
	buf_truncate(&text, 0);
	for (int i = 0; i < 17; i++)
		buf_puts(&text, "${NO:-");
	for (int i = 0; i < 17; i++)
		buf_puts(&text, "}");
	expect_error(&plain, text.data, "f:10: ${…} is nested more than 16 deep");
	buf_truncate(&text, 0);
	for (int i = 0; i < 20000; i++)
		buf_puts(&text, "${NO:-");
	for (int i = 0; i < 20000; i++)
		buf_puts(&text, "}");
	expect_error(&plain, text.data, "f:10: ${…} is nested more than 16 deep");
	expand_check(text.data, words, NULL, at, "", &problems);
	assert_int_equal(problems.count, 1);
	assert_string_equal(
		problem_text(&problems, 0), "f:10: ${…} is nested more than 16 deep");
	problems_release(&problems);
}

static void all_unset_names_at_once(void **state)
{
	(void)state;
	expect("${N1} ${A}\n${N2:-${N3}}\n\n${N1} ${N4:?is the ${A} that we need} "
	       "${N5:?}",
		"f:10: N1 is not set; f:11: N3 is not set; f:13: N4: is the one that we "
		"need; f:13: N5: is not set, or empty");
	expect("${EMPTY:?give it}", "f:10: EMPTY: give it");
	expect("${file:/missing} ${key:missing}",
		"f:10: file:/missing is missing; f:10: key:missing has no value");
}

static void kind_of_error(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(expand(&plain, "${NO}", at, &got, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	/* what a callback raises keeps its kind: time may mend it */
	assert_int_equal(expand(&plain, "${key:bad}", at, &got, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	assert_int_equal(err.code, 5);
}

static void tolerates(void **state)
{
	static const char *const unset[] = {"${NO}", "${NO:?why}", "a ${NO:-${NEITHER}}",
		"${key:missing}", "${file:/missing}"};
	struct expander tolerant = plain;
	struct expand_result result;

	(void)state;
	tolerant.tolerant = true;
	for (size_t i = 0; i < sizeof unset / sizeof *unset; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);

		assert_int_equal(expand(&tolerant, unset[i], at, &got, &result, &err), 0);
		assert_true(result.unset);
	}
	expect_error(&tolerant, "${A/x}", "f:10: '${A/x}' is none of");
	for (int i = 0; i < 2; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);

		assert_int_equal(expand(&tolerant, i ? "${NO:-x}" : "${A}", at, &got,
					 &result, &err),
			0);
		assert_false(result.unset);
	}
}

static void references_may_be_refused(void **state)
{
	struct expander refusing = {.lookup = lookup,
		.reference_why = "a command's arguments are seen by all"};
	struct expander checking = {.lookup = lookup, .tolerant = true};

	(void)state;
	expect_error(&refusing, "${key:k}",
		"f:10: '${key:k}' cannot be used here: a command's arguments are seen "
		"by all");
	refusing.tolerant = true;
	expect_error(&refusing, "${key:k}", "f:10: '${key:k}' cannot be used here");
	expect_with(&checking, "<${key:k}>", "<>");
}

static void knows_secrets(void **state)
{
	static const struct {
		const char *text;
		bool secret;
	} cases[] = {
		{"${A}", false},
		{"${key:k}", true},
		{"${NO:-${secret:k}}", true},
		{"${file:/x}", true},
		{"${A:-${key:k}}", false},
		{"${key:k:+yes}", false},
		{"${key:missing:-no}", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		struct expand_result result;
		DECLARE_ERR(err);

		assert_int_equal(
			expand(&plain, cases[i].text, at, &got, &result, &err), 0);
		assert_int_equal(result.secret, cases[i].secret);
	}
}

static bool is_one(void *user, const char *name, const char *value)
{
	(void)user;
	return str_equal(name, "A") || strstr(value, "b'c");
}

static void knows_variables_that_are_secrets(void **state)
{
	static const struct {
		const char *text;
		bool secret;
	} cases[] = {
		{"a ${A} b", true},  /* by its name */
		{"${QUOTES}", true}, /* by its value */
		{"${_x9}", false},
		{"${NO:-${A}}", true},
		{"${A:-x}", true},
		{"${A-x}", true},
		{"${A:?x}", true},
		{"${A|json}", true},
		{"${A:+x}", false}, /* shows that it is set, and no more */
		{"${_x9:+${A}}", true},
		{"${_x9:-${A}}", false},
		{"$${A} $A", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		struct expander expander = plain;
		struct expand_result result;
		DECLARE_ERR(err);

		expander.secret = is_one;
		assert_int_equal(
			expand(&expander, cases[i].text, at, &got, &result, &err), 0);
		assert_int_equal(result.secret, cases[i].secret);
		expander.argument = true;
		assert_int_equal(
			expand(&expander, cases[i].text, at, &got, &result, &err),
			cases[i].secret ? -1 : 0);
	}
}

static void no_secret_becomes_an_argument(void **state)
{
	struct expander expander = plain;

	(void)state;
	expander.argument = true;
	expect_with(&expander, "${A} ${NO:-b}", "one b");
	expect_error(&expander, "a\n${key:k}", "f:11: the value of 'k' holds a secret");
	expect_error(&expander, "${file:/x}", "f:10: the value of '/x' holds a secret");
	expect_with(&expander, "${key:k:+x}", "x");
	expander.secret = is_one;
	expect_error(&expander, "${A}", "f:10: the value of 'A' holds a secret");
	expect_error(&expander, "${NO:?${A}}", "f:10: the value of 'A' holds a secret");
}

static void escapes(void **state)
{
	static const struct {
		const char *escape;
		const char *text;
		const char *expected;
	} cases[] = {
		{"json", "\"${QUOTES}\"", "\"a\\\"b'c\\\\d\""},
		{"json", "\"${LINES}\"", "\"1\\n2\""},
		{"shell", "'${QUOTES}'", "'a\"b'\\''c\\d'"},
		{"sql", "'${QUOTES}'", "'a\"b''c\\d'"},
		{"none", "${QUOTES|json}", "a\\\"b'c\\\\d"},
		{"json", "${QUOTES|none}", "a\"b'c\\d"},
		{"json", "${QUOTES|sql}", "a\"b''c\\d"},
		/* by the place */
		{"json", "{\"a\": ${A}}", "{\"a\": \"one\"}"},
		{"json", "[${QUOTES}, ${NO:-1}, ${EMPTY}]",
			"[\"a\\\"b'c\\\\d\", 1, \"\"]"},
		{"shell", "x=${QUOTES} \"${QUOTES}\"",
			"x='a\"b'\\''c\\d' \"a\\\"b'c\\\\d\""},
		{"shell", "${A}${QUOTES|shell}",
			"f:10: ${QUOTES}: this value cannot be made safe for shell "
			"in a part of a word that is not in quotes: put quotes around "
			"the word; to put it in as it is, write |none before the }"},
		/* values never move it */
		{"shell", "'${QUOTES|none}' '${QUOTES}'", "'a\"b'c\\d' 'a\"b'\\''c\\d'"},
		{"shell", "x ${A|none} '${QUOTES}'", "x one 'a\"b'\\''c\\d'"},
		/* what stands behind ":+" ends where the text around it goes on */
		{"shell", "x=${A:+${LINES}} y", "x='1\n2' y"},
		{"shell", "${A:+'${QUOTES}}'", "'a\"b'\\''c\\d'"},
		/* a default stands in for the value; it is escaped once */
		{"json", "\"${NO:-a\"b}\"", "\"a\\\"b\""},
		{"json", "\"${NO:-${QUOTES}}\"", "\"a\\\"b'c\\\\d\""},
		{"none", "${NO:-a\"b|json}", "a\\\"b"},
		{"none", "${NO:-${QUOTES|json}|sql}", "a\\\"b''c\\\\d"},
		/* what stands behind ":+" is text; the values in it are not */
		{"json", "${A:+\"x\": \"${QUOTES}\"}", "\"x\": \"a\\\"b'c\\\\d\""},
		{"none", "${A:+\"|json}", "\\\""},
		/* by hand with every form */
		{"none", "${QUOTES:?why|json}", "a\\\"b'c\\\\d"},
		{"none", "${NO-\"|json}", "\\\""},
		{"none", "${key:k|json}", "<key k>"},
		{"none", "${file:/x:-y|json}", "<file /x>"},
		/* a bar that is none */
		{"none", "${NO:-a|b|none}", "a|b"},
		{"none", "${NO:-a| b}", "a| b"},
		{"none", "${NO:-a|}", "a|"},
		/* literals are text */
		{"json", "$${\"}", "${\"}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct expander expander = plain;

		expander.escape = escape_find(cases[i].escape);
		expect_with(&expander, cases[i].text, cases[i].expected);
	}
}

static void allow_list(void **state)
{
	const char *names[] = {"A", "NO", NULL};
	const struct list list = {.items = names, .count = 2};
	struct expander expander = plain;
	static const char *const cases[][2] = {
		{"${A} ${EMPTY} ${OTHER}", "one ${EMPTY} ${OTHER}"},
		{"${OTHER:-${A}}", "${OTHER:-one}"},
		{"${x%%.*} ${#x} ${x/a/b} ${x[0]}", "${x%%.*} ${#x} ${x/a/b} ${x[0]}"},
		{"${ not closed", "${ not closed"},
		{"${AB} ${A}", "${AB} one"},
		{"$${A}", "${A}"},
		{"${NO:-d}", "d"},
		{"${key:k}", "<key k>"},
		{"${file:0:3} ${file:$x} ${file:/x}", "${file:0:3} ${file:$x} <file /x>"},
		{"${x:offset} ${other:name}", "${x:offset} ${other:name}"},
	};

	(void)state;
	expander.allow = &list;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_with(&expander, cases[i][0], cases[i][1]);
	expect_error(&expander, "${NO}", "f:10: NO is not set");
	expect_error(&expander, "${A/x}", "f:10: '${A/x}' is none of");
	expect_error(&expander, "${A", "f:10: a '${' is not closed");
}

static void note_bare(void *user, struct place where, const char *name)
{
	buf_printf(user, "%d %s;", where.line, name);
}

static void reports_bare_names(void **state)
{
	CLEANUP_BUF struct buf reported = BUF_INIT;
	struct expander expander = plain;

	(void)state;
	expander.bare = note_bare;
	expander.user = &reported;
	expect_with(&expander, "$A $NO\n${NO:-\n$file}$A_ ${LOOKS} $${A} $$A",
		"$A $NO\n\n$file$A_ ${A} $A $${A} ${A} $$A");
	assert_string_equal(reported.data, "10 A;12 file;12 A;");
}

/* Which words there are is for the caller to say, and what each stands for. */
/* The operand is a glob as it is written; what comes out of a ${…} in it is none. */
static void ends_are_cut(void **state)
{
	(void)state;
	expect("${URL#*://} ${URL##*/} ${URL%/*} ${URL%%:*}",
		"db:5432/x x tcp://db:5432 tcp");
	expect("${A#x} ${A%x} ${A#o} ${A%e} ${A##*} ${EMPTY#*}.", "one one ne on  .");
	expect("${URL#${STAR}} ${STAR#${STAR}}.", "tcp://db:5432/x .");
	expect("${A#${NO:-on}}${A%${A}}", "e");
	expect("${A#\\o} ${A#[a-o]} ${A%[!x]}", "ne ne on");
	expect("${NO#x}", "f:10: NO is not set");
	expect("${QUOTES#a|json}", "\\\"b'c\\\\d");
	expect("${NO:-${A#o}}", "ne");
}

static void paths_are_expanded(void **state)
{
	struct expander expander = plain;
	struct expand_result result;
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	expander.dir = "/conf";
	expect_with(&expander, "${file:${DIR}/db} ${file:x/y} ${text:${NO:-z}}",
		"<file /run/db> <file /conf/x/y> <text /conf/z>");
	expect_with(&expander, "${file:${DIR}/empty:-d} ${text:missing:-${A}}", "d one");
	expect_with(&expander, "${file:${LOOKS}}", "<file /conf/${A} $A $${A}>");
	expect_with(&expander, "${file:${NO}/x} ${NOR}",
		"f:10: NO is not set; f:10: NOR is not set");
	expect_with(&expander, "${file:missing}", "f:10: file:/conf/missing is missing");
	assert_int_equal(expand(&expander, "${text:x}", at, &got, &result, &err), 0);
	assert_false(result.secret);
	assert_int_equal(expand(&expander, "${file:x}", at, &got, &result, &err), 0);
	assert_true(result.secret);
}

static void words_are_the_callers(void **state)
{
	static const char *const other[] = {"cert", NULL};
	struct expander expander = plain;

	(void)state;
	expander.words = other;
	expect_with(&expander, "${cert:site}", "<cert site>");
	expect_error(&expander, "${key:k}",
		"f:10: '${key:k}' is none of ${NAME}, ${NAME:-default}, ${NAME-default}, "
		"${NAME:?message}, ${NAME:+other}, ${NAME#glob}, ${NAME%glob}, "
		"${cert:name}; write $${ for");
	expect_error(&expander, "${crt:site}",
		"f:10: '${crt:site}' is none of ${NAME}, ${NAME:-default}, "
		"${NAME-default}, ${NAME:?message}, ${NAME:+other}, ${NAME#glob}, "
		"${NAME%glob}, ${cert:name}; did you mean '${cert:…}'?");
	expander.words = NULL;
	expect_with(&expander, "${any_1:x}", "<any_1 x>");
	expect_error(&expander, "${ANY:x}", "f:10: '${ANY:x}' is none of");
}

static void checks_the_form(void **state)
{
	struct problems problems = {0};

	(void)state;
	expand_check("${A}\n${B:-\n${C/}} ${D|x}\n${E", words, NULL, at,
		"[k:n] key: ", &problems);
	assert_int_equal(problems.count, 3);
	assert_true(
		str_starts(problem_text(&problems, 0), "f:12: [k:n] key: '${C/}' is"));
	assert_true(
		str_starts(problem_text(&problems, 1), "f:12: [k:n] key: '|x' is no"));
	assert_true(
		str_starts(problem_text(&problems, 2), "f:13: [k:n] key: a '${' is not"));
	problems_release(&problems);
	/* what stands behind an open one is inside of it */
	expand_check("${A ${B%}", words, NULL, at, "", &problems);
	assert_int_equal(problems.count, 1);
	problems_release(&problems);
	expand_check("${A:-${key:x}} $${ $x", words, NULL, at, "", &problems);
	assert_int_equal(problems.count, 0);
}

static void note(void *user, const char *name, bool shown)
{
	buf_printf(user, "%s%s;", shown ? "" : "!", name);
}

static void finds_each_reference(void **state)
{
	CLEANUP_BUF struct buf found = BUF_INIT;

	(void)state;
	expand_each("${A} x${B:-${C-${D:?${E|json}}}} ${F:+${G:+${H}}} $${I} $J "
		    "${key:k} ${secret:a/b:-${K}} ${file:/x|json} ${key:l:+x} "
		    "$${key:no} ${key:-${other:x|json}} ${M",
		note, &found);
	assert_string_equal(found.data,
		"A;B;C;D;E;!F;!G;H;key:k;secret:a/b;K;file:/x;!key:l;key;other:x;");
	buf_truncate(&found, 0);
	expand_each("${A/} ${B ${key: } ${x/${key:a}}", note, &found);
	assert_string_equal(found.data, "key:a;");
	buf_truncate(&found, 0);
	expand_each("${A%${B}} ${file:${C}/${D}:-${E}} ${A##*/}", note, &found);
	assert_string_equal(found.data, "A;B;file:${C}/${D};C;D;E;A;");
}

static size_t span(const char *text)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, strlen(text));

	return token_next(&tokens).size;
}

static void spans(void **state)
{
	(void)state;
	assert_int_equal(span("${A} b}"), 4);
	assert_int_equal(span("${A:-${B}} b"), 10);
	assert_int_equal(span("${A:-$${B}} b"), 11);
	assert_int_equal(span("${A:-${B}"), 2);
	assert_int_equal(span("${"), 2);
	assert_int_equal(span("A"), 1);
	assert_int_equal(span(""), 0);
	assert_true(expand_needed("a${"));
	assert_false(expand_needed("a$b{"));
}

static void enters_what_is_nested(void **state)
{
	static const char text[] = "${1${A${B}${C}}";
	CLEANUP_TOKENS struct tokens tokens = tokens_of(text, strlen(text));
	static const size_t sizes[] = {2, 1, 12, 1, 4, 4, 1, 0};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct token token = token_next(&tokens);

		assert_int_equal(token.size, sizes[i]);
		if (token.size == 12)
			token_enter(&tokens, &token);
	}
}

/* Text in which "${" is nested so deep: to go from each to its end would take minutes. */
static void goes_through_a_text_once(void **state)
{
	enum { DEPTH = 300000 };
	const char *items[] = {"A", NULL};
	const struct list allow = {.items = items, .count = 1};
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf found = BUF_INIT;
	struct arena arena = {0};
	struct list split = {0};
	struct expander expander = plain;

	(void)state;
	expander.allow = &allow;
	for (int i = 0; i < DEPTH; i++)
		buf_puts(&text, "${");
	for (int closed = 0; closed < 2; closed++) {
		expect_with(&expander, text.data, text.data);
		expand_each(text.data, note, &found);
		assert_int_equal(found.len, 0);
		words_split(text.data, " ", &arena, &split);
		assert_int_equal(split.count, closed + 1);
		for (int i = 0; !closed && i < DEPTH; i++)
			buf_putc(&text, '}');
	}
	arena_release(&arena);
}

/* Stands for values that are known only later. */
static int not_yet(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	(void)user;
	(void)word;
	(void)ret;
	return strstr(name, "bad") ? cannot_read(err, name) : EXPAND_LATER;
}

static void a_placeholder_stands_for_a_missing_value(void **state)
{
	struct expander expander = plain;
	struct expand_result result;
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	expander.placeholder = "later";
	assert_int_equal(
		expand(&expander, "${key:missing} $A", at, &got, &result, &err), 0);
	assert_string_equal(got.data, "later $A");
	assert_true(result.placeholder && result.secret && result.bare);
	assert_int_equal(expand(&expander, "${key:k} $NO", at, &got, &result, &err), 0);
	assert_false(result.placeholder || result.bare);
	expect_error(&expander, "${file:/missing}", "f:10: file:/missing is missing");
}

static void values_may_come_later(void **state)
{
	static const struct {
		const char *text;
		bool later;
		const char *error; /* NULL: none */
	} cases[] = {
		{"${A}", false, NULL},
		{"${key:k}", true, NULL},
		{"${NO:-x${file:/f}}", true, NULL},
		{"${A:-x${file:/f}}", false, NULL},
		/* Whether these are needed is not known. */
		{"${file:/f:-${NO}}", true, NULL},
		{"${key:k:?message}", true, NULL},
		{"${key:k:+${NO}}", true, NULL},
		{"${key:k} ${NO}", true, "f:10: NO is not set"},
		{"${key:bad}", false, "f:10: cannot read 'bad'"},
	};
	static const struct expander early = {.lookup = lookup, .reference = not_yet};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		struct expand_result result = {0};
		DECLARE_ERR(err);

		assert_int_equal(expand(&early, cases[i].text, at, &got, &result, &err),
			cases[i].error ? -1 : 0);
		assert_string_equal(shown(&err), cases[i].error ? cases[i].error : "");
		assert_int_equal(result.later, cases[i].later);
	}
}

static void unset_names_may_be_left_or_nothing(void **state)
{
	struct expander keep = plain, empty = plain;

	(void)state;
	keep.missing = EXPAND_KEEP;
	empty.missing = EXPAND_EMPTY;
	expect_with(&keep, "a${NO}b${A}${NO|json}${EMPTY}", "a${NO}bone${NO|json}");
	expect_with(&keep, "${NO:-x${NO}}${NO-d}${NO:+o}", "x${NO}d");
	expect_with(&empty, "a${NO}b${A}${NO|json}${NO:-x${NO}}", "abonex");
	expect_with(&keep, "a${NO#x}${A%e}${NO##x|json}.", "a${NO#x}on${NO##x|json}.");
	expect_with(&empty, "a${NO#x}${A%e}${NO%%x*|json}.", "aon.");
	/* What asks for a value by its form, and what is no variable, is not missed. */
	expect_with(&keep, "${NO:?say it}", "f:10: NO: say it");
	expect_with(&empty, "${EMPTY:?say it}", "f:10: EMPTY: say it");
	expect_with(&keep, "${file:/missing}", "f:10: file:/missing is missing");
	expect_with(&empty, "${key:missing}", "f:10: key:missing has no value");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_of_variables),
		cmocka_unit_test(forms_of_references),
		cmocka_unit_test(every_error),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(all_unset_names_at_once),
		cmocka_unit_test(kind_of_error),
		cmocka_unit_test(tolerates),
		cmocka_unit_test(references_may_be_refused),
		cmocka_unit_test(knows_secrets),
		cmocka_unit_test(knows_variables_that_are_secrets),
		cmocka_unit_test(no_secret_becomes_an_argument),
		cmocka_unit_test(escapes),
		cmocka_unit_test(allow_list),
		cmocka_unit_test(reports_bare_names),
		cmocka_unit_test(ends_are_cut),
		cmocka_unit_test(paths_are_expanded),
		cmocka_unit_test(words_are_the_callers),
		cmocka_unit_test(checks_the_form),
		cmocka_unit_test(finds_each_reference),
		cmocka_unit_test(spans),
		cmocka_unit_test(enters_what_is_nested),
		cmocka_unit_test(goes_through_a_text_once),
		cmocka_unit_test(a_placeholder_stands_for_a_missing_value),
		cmocka_unit_test(values_may_come_later),
		cmocka_unit_test(unset_names_may_be_left_or_nothing),
	};

	return cmocka_run_group_tests_name("conf/expand", tests, NULL, NULL);
}
