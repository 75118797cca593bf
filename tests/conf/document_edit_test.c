/* SPDX-License-Identifier: MIT */
/* Changing single keys: these alone, and all else to the byte. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/document_edit.h"
#include "conf/field.h"

#include "../shown.h"

/* Adds what `separator` separates. */
static void split(
	struct list *list, struct arena *arena, const char *text, const char *separator)
{
	for (size_t size; text && *text; text += size + (text[size] != '\0')) {
		size = strcspn(text, separator);
		list_add(list, arena, text, size);
	}
}

/* What it comes to, or its error; valid until the next call. */
static const char *edited_lines(enum document_format format, const char *text,
	const char *set, const char *unset, const char *match)
{
	static struct buf got = BUF_INIT;
	static struct err err;
	struct arena arena = {0};
	struct list list = {0}, beginnings = {0};
	struct document_edit edit = {
		.set = set, .set_name = "set", .unset = &list, .match = &beginnings};
	int rc;

	split(&list, &arena, unset, " ");
	split(&beginnings, &arena, match, "\n");
	edit.set_size = set ? strlen(set) : 0;
	err_init(&err);
	buf_truncate(&got, 0);
	buf_puts(&got, "");
	rc = document_edit(format, "f", text, strlen(text), &edit, &arena, &got, &err);
	arena_release(&arena);
	return rc < 0 ? shown(&err) : got.data;
}

static const char *edited(
	enum document_format format, const char *text, const char *set, const char *unset)
{
	return edited_lines(format, text, set, unset, NULL);
}

#define INI(text, set, unset, expected) \
	assert_string_equal(edited(DOCUMENT_INI, text, set, unset), expected)
#define ENV(text, set, unset, expected) \
	assert_string_equal(edited(DOCUMENT_ENV, text, set, unset), expected)
#define PROPERTIES(text, set, unset, expected) \
	assert_string_equal(edited(DOCUMENT_PROPERTIES, text, set, unset), expected)
#define LINES(text, set, unset, match, expected) \
	assert_string_equal( \
		edited_lines(DOCUMENT_LINES, text, set, unset, match), expected)
#define JSON(text, set, unset, expected) \
	assert_string_equal(edited(DOCUMENT_JSON, text, set, unset), expected)

static void values_are_changed_where_they_stand(void **state)
{
	(void)state;
	INI("; c\ntop=1\n\n[A]\n  one =  x  \n# two\nTWO : y\n",
		"top = 2\n[a]\none = z\ntwo = w\n", NULL,
		"; c\ntop=2\n\n[A]\n  one =  z  \n# two\nTWO : w\n");
	INI("[a]\r\nb = 1\r\n[c]\r\nb = 2\r\n", "[c]\nb = 3", NULL,
		"[a]\r\nb = 1\r\n[c]\r\nb = 3\r\n");
	INI("[a]\nbare\nb =\n", "[a]\nbare = 1\nb = 2\n", NULL, "[a]\nbare = 1\nb =2\n");
	/* What is so already is left as it is. */
	INI("[a]\n\tb=1 \n", "[a]\nb = 1\n", NULL, "[a]\n\tb=1 \n");
	ENV("# c\nexport A='1'\nB=\"two\nlines\"\nC=3", "A=4\nB=5\nC=6\n", NULL,
		"# c\nexport A=4\nB=5\nC=6");
	PROPERTIES("a.b: 1\nlong = x \\\n  y\nc 2\n", "a.b=3\nlong=z\nc=4\n", NULL,
		"a.b: 3\nlong = z\nc 4\n");
}

static void what_is_new_is_written_behind_its_neighbours(void **state)
{
	(void)state;
	INI("[a]\nb = 1\n\n[c]\n", "[a]\nx = 2\ny = 3\n[c]\nz = 4\n", NULL,
		"[a]\nb = 1\nx = 2\ny = 3\n\n[c]\nz = 4\n");
	INI("[a]\nb = 1", "[a]\nx = 2\ny = 3\n", NULL, "[a]\nb = 1\nx = 2\ny = 3\n");
	INI("; c\n[a]\n", "top = 1\n", NULL, "; c\ntop = 1\n[a]\n");
	INI("a = 1\n; c\n", "[n]\nx = 1\ny = 2\n[m]\nz = 3\n", NULL,
		"a = 1\n; c\n\n[n]\nx = 1\ny = 2\n\n[m]\nz = 3\n");
	INI("", "[n]\nx = 1\n", NULL, "[n]\nx = 1\n");
	INI("[a]\r\nb = 1\r\n", "[a]\nx = 2\n[n]\ny = 1\n", NULL,
		"[a]\r\nb = 1\r\nx = 2\r\n\r\n[n]\r\ny = 1\r\n");
	ENV("A=1\n\n# end\n", "B=2\n", NULL, "A=1\nB=2\n\n# end\n");
	ENV("# only\n", "B=2\n", NULL, "# only\nB=2\n");
	ENV("A=1\n", "C = 3\nexport D\t=  'x y'\n", NULL, "A=1\nC=3\nexport D='x y'\n");
	ENV("", "B='x y'\nC=3\n", NULL, "B='x y'\nC=3\n");
	ENV("A=1\n  B=2\n", "export A=1\nexport B=3\n", NULL,
		"export A=1\n  export B=3\n");
}

static void whole_lines_are_set(void **state)
{
	(void)state;
	LINES("# c\nPort 1\n", "Port 1\nUse DNS\n", NULL, NULL, "# c\nPort 1\nUse DNS\n");
	LINES("Port 1\nPort 1\n", "Port 1\n", NULL, NULL, "Port 1\nPort 1\n");
	LINES("Port 1 \t\r\nx\r\n", "Port 1\nb c\n", NULL, NULL,
		"Port 1 \t\r\nx\r\nb c\r\n");
	LINES("a", "b\n\n  c\n", NULL, NULL, "a\nb\n  c\n");
	LINES("", "b\n", NULL, NULL, "b\n");
	/* With other white space in front it is another line. */
	LINES("  b\n", "b\n", NULL, NULL, "  b\nb\n");
}

static void a_line_takes_the_place_of_one_that_begins_so(void **state)
{
	(void)state;
	LINES("#Port 1\nPort 22  \nPortForward 3\nPort-x 4\n", "Port 2\n", NULL, "Port",
		"#Port 1\nPort 2  \nPortForward 3\nPort-x 4\n");
	LINES("a 1\n", "Port 2\nb 1\n", NULL, "Port", "a 1\nPort 2\nb 1\n");
	LINES("Port 2\r\n", "Port 2\n", NULL, "Port", "Port 2\r\n");
	/* The longest one, and of signs no word. */
	LINES("save 60 1\nsave 90 2\nx=1\n", "save 60 7\nsave 90 8\nx=2\n", NULL,
		"save 60\nsave 90\nsave\nx=", "save 60 7\nsave 90 8\nx=2\n");
	LINES("a 1\nb 2\nab 3\na\n", "c 1\n", "a", NULL, "b 2\nab 3\nc 1\n");
	LINES("Port 1\nPort 2\n", "Port 3\n", NULL, "Port",
		"f:2: a second line begins so; it is not clear which one is to be "
		"replaced");
	/* In a block it may be another one: sshd_config. */
	LINES("Match User a\n  Port 1\n", "Port 3\n", NULL, "Port",
		"f:2: the line is indented, as in a block; it is not clear whether it is "
		"meant");
	LINES("Match User a\n\tPort 1\n", NULL, "Port", NULL,
		"f:2: the line is indented, as in a block; it is not clear whether it is "
		"meant");
	LINES("a {\n  b 1\n}\n", "x\n  b 2\n", NULL, "b", "a {\n  b 2\n}\nx\n");
	LINES("", "Port 3\nPort 4\n", NULL, "Port",
		"set:2: two lines are set or unset that begin alike");
}

static void what_is_unset_is_removed(void **state)
{
	(void)state;
	INI("[a]\nb = 1\nc = 2\n[d]\nb = 3\n", NULL, "A.b d.x",
		"[a]\nc = 2\n[d]\nb = 3\n");
	ENV("A=1\nB=\"x\ny\"\nC=2\n", "C=3\n", "B", "A=1\nC=3\n");
	ENV("A=1\nA=2\n", NULL, "A", "");
	PROPERTIES("a.b=1 \\\n 2\nc=3\n", NULL, "a.b", "c=3\n");
	/* A blank line ends what a backslash joins. */
	PROPERTIES("a=1\\\n\nb=2\n", NULL, "b", "a=1\\\n\n");
	PROPERTIES("a=1\\\r\n\r\nb=2\r\n", "b=9\n", NULL, "a=1\\\r\n\r\nb=9\r\n");
}

static void json_is_merged(void **state)
{
	(void)state;
	JSON("{ \"a\": {\"b\": 1, \"c\": 2},\n  \"d\": 3 }", "{\"a\": {\"b\": 9}}",
		"a.c d x.y", "{ \"a\": {\"b\": 9} }");
	JSON("{}", NULL, "a", "{}");
	JSON("{\"a\": 1, \"b\": {\"c\": 2, \"d\": 3}}", NULL, "b.c a b b.c", "{}");
	/* Two members that one name stands for. */
	JSON("{\"a.b\": 1, \"c\": 2, \"a\": {\"b\": 2}}", NULL, "a.b",
		"f:1:26: 'a.b' is this member, and the one in line 1, too: `set` null "
		"for the one that is meant");
	JSON("{\"a.b\": 1, \"a\": {\"b\": 2}}", "{\"a.b\": null}", NULL,
		"{\"a\": {\"b\": 2}}");
	JSON("{\"a.b\": {\"c\": 1}, \"a\": {\"b\": {\"c\": 2}}}", NULL, "a.b",
		"f:1:25: 'a.b' is this member, and the one in line 1, too: `set` null "
		"for the one that is meant");
	/* Names with dots, and what only begins so. */
	JSON("{\"a.b\": {\"c\": 1}, \"a\": {\"b\": 2}}", NULL, "a.b.c",
		"{\"a.b\": {}, \"a\": {\"b\": 2}}");
	JSON("{\"a\\u0000b\": 1}", NULL, "a", "{\"a\\u0000b\": 1}");
	JSON("{\"a\": [{\"b\": 1}]}", NULL, "a.0.b",
		"f:1:9: 'a.0.b' is in an array, of which nothing is unset: `set` the "
		"whole array");
	JSON("{\"a.0\": {\"b\": 2},\n\"a\": [{\"b\": 1}]}", NULL, "a.0.b",
		"f:2:8: 'a.0.b' is this member, and the one in line 1, too: `set` null "
		"for the one that is meant");
	JSON("[1]", "{\"a\": 1}", NULL, "f:1:1: an object is expected");
}

static void of_what_could_be_meant_the_right_one_is(void **state)
{
	(void)state;
	LINES("a x\nab y\n", "ab z", NULL, "ab\na", "a x\nab z\n");
	PROPERTIES(
		"a = b\\\r\nc = 1\r\n", "c = 2", NULL, "a = b\\\r\nc = 1\r\nc = 2\r\n");
	ENV("A='x\\' B=2\n", "A=3", NULL,
		"f:1: a shell takes more of the line for another variable: write each "
		"one in a line of its own, or the value in quotes; it is not changed");
}

static void what_is_not_clear_is_an_error(void **state)
{
	(void)state;
	INI("[a]\nb = 1\nb = 2\n", "[a]\nb = 3\n", NULL,
		"f:3: the key is there a second time; it is not clear which counts");
	INI("b = 1\n  goes on\n", "b = 3\n", NULL,
		"f:1: the value seems to go on in the next line; it is not changed");
	INI("b = 1\n", "b = 2\nB = 3\n", NULL, "set:2: the key is set or unset twice");
	INI("b = 1\n", "b = 2\n", "b", "set:1: the key is set or unset twice");
	INI("[a\n", "b = 2\n", NULL, "f:1: the section has no ']' at its end");
	ENV("A=1\\\nB=2\n", "B=3\n", NULL,
		"f:1: the line ends in a backslash, which for a shell joins the next "
		"line to it: put the value in quotes");
	PROPERTIES("a=1\\", "b=2\n", NULL,
		"f:1: the last line ends in a backslash, which would join what is "
		"written behind it: write two of them, or none");
	PROPERTIES("a=1\n", "b=2\\\n", NULL,
		"set:1: the last line ends in a backslash, which would join what is "
		"written behind it: write two of them, or none");
	PROPERTIES("a=1\\\\\nc=\\ ", "b=2\n", NULL, "a=1\\\\\nc=\\ \nb=2\n");
	INI("[a]\nb = 1\n", "[a]\nc = 2,\n  d = 3\n", NULL,
		"set:3: it is indented deeper than the key above it, and may be more of "
		"its value; it is not set");
	INI("[a]\nb = 1\n", "[]\nb = 2\n", NULL,
		"set:1: the header has no name of a section");
	INI("[a]\nb = 1\n", "  [a]\n    b = 2\n    c = 3\n  [d]\n    e = 4\n", NULL,
		"[a]\nb = 2\nc = 3\n\n[d]\ne = 4\n");
	ENV("A=1\n", "not a name\n", NULL, "set:1: the line is no NAME=value");
}

#define GOES_ON(line) \
	"f:" line ": the value seems to go on in the next line; it is not changed"
#define MORE(line) \
	"f:" line ": it may be more of a value above it, which has a quote or " \
	"backslash at the end of its line; it is not changed"
#define DEEPER(line) \
	"f:" line ": it is indented deeper than the key above it, and may be more " \
	"of its value; it is not changed"

/* As PHP and Gitea read them; for others, each line is a key of its own. */
static void no_value_over_lines_in_quotes_is_damaged(void **state)
{
	static const char php[] = "[s]\nb = \"multi\nline = 3\"\nc=1\n";

	(void)state;
	INI(php, "[s]\nb = new\n", NULL, GOES_ON("2"));
	INI(php, "[s]\nline = new\n", NULL, MORE("3"));
	INI(php, NULL, "s.b", GOES_ON("2"));
	INI(php, NULL, "s.line", MORE("3"));
	INI(php, "[s]\nc = 2\nd = 3\n", NULL,
		"[s]\nb = \"multi\nline = 3\"\nc=2\nd = 3\n");
	INI("[s]\nb = \"x\n\n; y\"\n[t]\n", "[s]\nd = 3\n", NULL,
		"[s]\nb = \"x\n\n; y\"\nd = 3\n[t]\n");
	INI("b = `x\nc = 1\n`\n", "c = 2\n", NULL, MORE("2"));
	INI("b = \"\"\"x\nc = \"1\"\n\"\"\"\n", "c = 2\n", NULL, MORE("2"));
	INI("b = 'x\nc = 1'\n", "c = 2\n", NULL, MORE("2"));
	INI("b = x\"y\nc = 1\"\n", "c = 2\n", NULL, MORE("2"));
	INI("b = \"\\\"\nc = 1\"\n", "c = 2\n", NULL, MORE("2"));
	INI("b = x\\\nc = 1\n", "c = 2\n", NULL, MORE("2"));
	INI("b = x\\\nc = 1\n", "b = 2\n", NULL, GOES_ON("1"));
	/* A section in it, and behind that. */
	INI("b = \"x\n[s]\nc = 1\"\nd = 1\n", "[s]\nd = 2\n", NULL,
		"f:4: the header of its section may be more of a value above that; it is "
		"not changed");
	INI("b = \"x\n[s]\nc = 1\"\nd = 1\n", "e = 2\n", NULL,
		"f:2: what looks like a section may be more of a value above it; no new "
		"key is set");
	INI("b = \"x\n[s]\nc = 1\"\n[t]\nd = 1\n", "[t]\nd = 2\n", NULL,
		"b = \"x\n[s]\nc = 1\"\n[t]\nd = 2\n");
	/* What is closed nowhere, or is a comment, is no more than it seems. */
	INI("b = it's\nc = 'n\nd = 5\" ; \"\n", "b = 1\nc = 2\n", NULL,
		"b = 1\nc = 2\nd = 5\" ; \"\n");
	INI("b = 1 ; \"x\nc = \"1\"\n", "c = 2\n", NULL, "b = 1 ; \"x\nc = 2\n");
	INI("b = 1\n", "b = \"x\ny\"\n", NULL,
		"set:1: the value seems to go on in the next line; only values of one "
		"line are set");
}

#define JOINED(line) \
	"f:" line ": the line ends in a backslash, which would join a new key behind " \
	"it; no new key is set"
#define WOULD_BE(line) "as it would be: " MORE(line)

/* The next start would not find it. */
static void no_new_key_becomes_more_of_a_value(void **state)
{
	(void)state;
	INI("[a]\nk = 1 \\\n", "[a]\nj = 9\n", NULL, JOINED("2"));
	INI("[a]\nk = 1 \\", "[a]\nj = 9\n", NULL, JOINED("2"));
	INI("[a]\nk = 1 \\\n# c\n", "[a]\nj = 9\n", NULL, JOINED("2"));
	INI("[a]\nk = 1 \\\n2 \\\n", "[a]\nj = 9\n", NULL, JOINED("2"));
	INI("k = 1 \\\n; c\nj = 2\n", "j = 9\n", NULL, MORE("3"));
	/* What is in another section, or behind a blank line, is not. */
	INI("[a]\nk = 1 \\\n", "[b]\nj = 9\n", NULL, "[a]\nk = 1 \\\n\n[b]\nj = 9\n");
	INI("[a]\nk = 1 \\\n\n[b]\n", "[a]\nj = 9\n", NULL,
		"[a]\nk = 1 \\\n\nj = 9\n[b]\n");
	INI("[a]\nk = 1 \\\\\n", "[a]\nj = 9\n", NULL, "[a]\nk = 1 \\\\\nj = 9\n");
	INI("[a]\nj = 1\n", "[a]\nk = 1 \\\n", NULL,
		"set:2: the value ends in a backslash, which would join the next line to "
		"it");
	/* A new quote closes one that was open. */
	INI("[a]\nk = \"\n", "[a]\nj = \"9\"\n", NULL, WOULD_BE("3"));
	INI("[a]\nk = \"\"\"x\n", "[b]\nj = \"9\"\n", NULL, WOULD_BE("5"));
	INI("k = \"\nj = 1\n", "j = \"9\"\n", NULL, WOULD_BE("2"));
	INI("k = 1\nj = \"2\"\n", "k = \"\n", NULL,
		"as it would be: f:1: the value seems to go on in the next line; it is "
		"not changed");
	INI("k = \"\n", "j = 9\n", NULL, "k = \"\nj = 9\n");
	/* Nothing is behind this one: a sanitizer sees what is read there. */
	INI("k = \"\\", "j = 9\n", NULL, JOINED("1"));
}

/* configparser takes them for a part of the name, others do not. */
static void blanks_in_the_brackets_of_a_section_are_doubted(void **state)
{
	static const char error[] =
		"f:1: the brackets of the section have blanks within, which some readers "
		"take for a part of its name; it is not clear which one is meant";

	(void)state;
	INI("[a ]\nk = 1\n", "[a]\nk = 9\n", NULL, error);
	INI("[ a]\nk = 1\n", "[a]\nj = 9\n", NULL, error);
	INI("[ a]\nk = 1\n", "[a ]\nj = 9\n", NULL, error);
	INI("[a ]\nk = 1\n", "[b]\nk = 9\n", NULL, "[a ]\nk = 1\n\n[b]\nk = 9\n");
	INI("[ a ]\nk = 1\n", "[ A ]\nk = 9\n", NULL, "[ a ]\nk = 9\n");
	INI("[b]\n", "[ a ]\nk = 9\n", NULL, "[b]\n\n[ a ]\nk = 9\n");
	INI("[a ]\nk = 1\nj = 2\n", NULL, "a.j",
		"f:3: the brackets of the section have blanks within, which some readers "
		"take for a part of its name; it is not clear which one is meant");
}

/* One variable for Docker, several for a shell. */
static void a_line_that_sets_several_variables_is_not_changed(void **state)
{
#define ANOTHER(file, end) \
	file ":1: a shell takes more of the line for another variable: write each one " \
	     "in a line of its own, or the value in quotes; it is not " end
	(void)state;
	ENV("A=\"x\" B=2\n", "A=9\n", NULL, ANOTHER("f", "changed"));
	ENV("A=x B=2\n", NULL, "A", ANOTHER("f", "changed"));
	ENV("C=1;D=2\n", "C=9\n", NULL, ANOTHER("f", "changed"));
	ENV("C=1; export C\n", "C=9\n", NULL, ANOTHER("f", "changed"));
	ENV("C=1;export\tC\n", "C=9\n", NULL, ANOTHER("f", "changed"));
	ENV("C=1; unset B\n", "C=9\n", NULL, ANOTHER("f", "changed"));
	ENV("C=1;readonly C\n", NULL, "C", ANOTHER("f", "changed"));
	ENV("C=1; declare -x D\n", "C=9\n", NULL, ANOTHER("f", "changed"));
	ENV("C=1 && typeset -x C\n", "C=9\n", NULL, ANOTHER("f", "changed"));
	ENV("C= B=2\n", "C=9\n", NULL, ANOTHER("f", "changed"));
	ENV("X=1\n", "C=1 D=2\n", NULL, ANOTHER("set", "set"));
	/* Others are. */
	ENV("A=\"x\" B=2\nC=1\n", "C=9\n", NULL, "A=\"x\" B=2\nC=9\n");
	ENV("A=\"x; B=2\"\nB='y; D=2'z\n", "A=9\nB=8\n", NULL, "A=9\nB=8\n");
	ENV("A=-Xmx1g -Da=b a;b\nB=x # C=1\nC=u?a=1&b=2\nD=x\\ E=1\n",
		"A=9\nB=9\nC=9\nD=9\n", NULL, "A=9\nB=9\nC=9\nD=9\n");
	ENV("A=unset B\nB=it was unset\nC=1; unsets D\n", "A=9\nB=9\nC=9\n", NULL,
		"A=9\nB=9\nC=9\n");
}

/* As configparser reads them. */
static void no_value_in_deeper_lines_is_damaged(void **state)
{
	static const char text[] = "[s]\na =\n  one\n  two = 2\nb = 1\n";

	(void)state;
	INI(text, "[s]\ntwo = 9\n", NULL, DEEPER("4"));
	INI(text, NULL, "s.two", DEEPER("4"));
	INI(text, NULL, "s.a", GOES_ON("2"));
	INI(text, "[s]\nb = 2\n", NULL, "[s]\na =\n  one\n  two = 2\nb = 2\n");
	INI("a = 1\n\n# c\n  d = 2\n", "a = 3\n", NULL, GOES_ON("1"));
	INI("a = 1\n  [s]\nd = 2\n", "[s]\ne = 3\n", NULL,
		"f:2: what looks like a section may be more of a value above it; no new "
		"key is set");
	/* Where headers are indented, new keys are. */
	INI("  [a]\n  x = 1\n  [b]\n  y = 2\n", "[a]\nz = 3\n", NULL,
		"  [a]\n  x = 1\n  z = 3\n  [b]\n  y = 2\n");
	INI("  [a]\n    x = 1\n  [b]\n  [c]",
		"[a]\nz = 3\n[b]\ny = 2\n[c]\nv = 1\n[d]\nw = 1\n", NULL,
		"  [a]\n    x = 1\n    z = 3\n  [b]\n  y = 2\n  [c]\n  v = 1\n"
		"\n[d]\nw = 1\n");
	INI(" [a]\nx = 1\n", "y = 2\n", NULL, " y = 2\n [a]\nx = 1\n");
	INI(" [a]\nx = 1\n", "[a]\ny = 2\n", NULL,
		"f:1: this header is indented deeper than a new key would be, and may be "
		"taken for more of its value; no new key is set");
	INI(" [a]\nx = 1\n [b]\n", "[b]\ny = 2\n", NULL,
		"f:3: what looks like a section may be more of a value above it; no new "
		"key is set");
	INI("  [a]\n  x = 1\n    two = 2\n   [b]\n", "[b]\ny = 2\n", NULL,
		"f:4: what looks like a section may be more of a value above it; no new "
		"key is set");
	/* Lines that are indented alike are keys. */
	INI("[s]\n  a = 1\n  b = 2\n c = 3\n", "[s]\na = 4\nb = 5\n", NULL,
		"[s]\n  a = 4\n  b = 5\n c = 3\n");
}

static void values_of_variables_end_where_a_shell_ends_them(void **state)
{
	(void)state;
	ENV("A=\"x\\\"\nB=1\"\nC=1\n", "C=2\nA=3\n", NULL, "A=3\nC=2\n");
	ENV("A='x'\\''\nB=1'\nC=1\n", "B=2\n", NULL, "A='x'\\''\nB=1'\nC=1\nB=2\n");
	ENV("A=it's\nB=1\n", "B=2\n", NULL, "A=it's\nB=2\n");
	ENV("A=x\"y\nB=1\"\n", "B=2\n", NULL,
		"f:1: a quote within the value is closed in a later line: put all of the "
		"value in quotes");
	ENV("A=\"x\nB=1\n", "A=2\n", NULL, "f:1: the quote of the value is not closed");
}

/* As java.util.Properties.load() reads them. */
static void properties_are_known_however_they_are_escaped(void **state)
{
	(void)state;
	PROPERTIES("\\u0061=1\n", "a=2\n", NULL, "\\u0061=2\n");
	PROPERTIES("\\u0061=1\nb=1\n", NULL, "a", "b=1\n");
	PROPERTIES("\\u00e4\\ \\:\\ud83d\\ude00 = 1\n", "ä\\u0020\\u003a😀=2\n", NULL,
		"\\u00e4\\ \\:\\ud83d\\ude00 = 2\n");
	PROPERTIES("a\\tb=1\n", "a\\u0009b=2\n", NULL, "a\\tb=2\n");
	PROPERTIES("a\\\n  b=1\nc=1\n", "ab=2\nc=2\n", NULL, "a\\\n  b=2\nc=2\n");
	PROPERTIES("a\\\n  b=1\nc=1\n", "a=2\n", NULL, "a\\\n  b=1\nc=1\na=2\n");
	PROPERTIES("\\u0041=1\n", NULL, "a", "\\u0041=1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_changed_where_they_stand),
		cmocka_unit_test(what_is_new_is_written_behind_its_neighbours),
		cmocka_unit_test(whole_lines_are_set),
		cmocka_unit_test(a_line_takes_the_place_of_one_that_begins_so),
		cmocka_unit_test(what_is_unset_is_removed),
		cmocka_unit_test(json_is_merged),
		cmocka_unit_test(what_is_not_clear_is_an_error),
		cmocka_unit_test(no_value_over_lines_in_quotes_is_damaged),
		cmocka_unit_test(no_value_in_deeper_lines_is_damaged),
		cmocka_unit_test(no_new_key_becomes_more_of_a_value),
		cmocka_unit_test(blanks_in_the_brackets_of_a_section_are_doubted),
		cmocka_unit_test(a_line_that_sets_several_variables_is_not_changed),
		cmocka_unit_test(properties_are_known_however_they_are_escaped),
		cmocka_unit_test(of_what_could_be_meant_the_right_one_is),
		cmocka_unit_test(values_of_variables_end_where_a_shell_ends_them),
	};

	return cmocka_run_group_tests_name("conf/document_edit", tests, NULL, NULL);
}
