/* SPDX-License-Identifier: MIT */
/* Merging: overriding, resets, appends, defaults, and every error with its place. */
#include "loading.h"

static void merges(void **state)
{
	(void)state;
	expect("[file:a]\npath = 1\nmode = 0600\n[app]\ncommand = x\n",
		"[file:b]\npath = 2\n[file:a]\nmode = 0640\n", "[app]\ncommand = y\n",
		"[file:a] path=1 mode=0640\n[app] command=y\n[file:b] path=2\n");
	/* a reset: the built-in default is back */
	expect("[file:a]\npath = 1\nmode = 0600\n", "[file:a]\nmode =\n", NULL,
		"[file:a] path=1 mode=-\n");
	/* lists grow */
	expect("[file:a]\npath = 1\nvars = x y\nvars += z\n", "[file:a]\nvars += w\n",
		NULL, "[file:a] path=1 vars=x y+z+w\n");
	expect("[file:a]\npath = 1\nvars = x\n", "[file:a]\nvars =\nvars += y\n", NULL,
		"[file:a] path=1 vars=y\n");
	expect("[file:a]\npath = 1\nvars += x\n", "[file:a]\nvars = y\n", NULL,
		"[file:a] path=1 vars=y\n");
	expect("[file:a]\npath = 1\nvars +=\n", NULL, NULL, "[file:a] path=1\n");
	/* x- keys are for other programs */
	expect("[file:a]\npath = 1\nx-note = 1\nx-note = 2\n", NULL, NULL,
		"[file:a] path=1\n");
	/* comments alone are content of a text, and nothing elsewhere */
	expect("[file:a]\npath = 1\ncontent =\n  # c\nvars =\n  # c\n", NULL, NULL,
		"[file:a] path=1 content= vars=-\n");
}

static void defaults_fill(void **state)
{
	(void)state;
	expect("[defaults:file]\nmode = 0600\nvars = x\n[file:a]\npath = 1\n",
		"[file:b]\npath = 2\nmode = 0640\n[exec:c]\n", NULL,
		"[file:a] path=1 mode*=0600 vars*=x\n"
		"[file:b] path=2 mode=0640 vars*=x\n[exec:c]\n");
	/* wherever they stand, and overridden like any section */
	expect("[file:a]\npath = 1\n", "[defaults:file]\nmode = 0600\n",
		"[defaults:file]\nmode = 0640\n", "[file:a] path=1 mode*=0640\n");
	/* what was reset stays so */
	expect("[defaults:file]\nmode = 0600\n[file:a]\npath = 1\nmode =\n", NULL, NULL,
		"[file:a] path=1 mode=-\n");
	expect("[defaults:file]\nmode = 0600\n[file:a]\npath = 1\n",
		"[defaults:file]\nmode =\n", NULL, "[file:a] path=1\n");
	/* an append goes on with them */
	expect("[defaults:file]\nvars = x\n[file:a]\npath = 1\nvars += y\n[file:b]\n"
	       "path = 2\nvars += z\n[file:c]\npath = 3\nvars =\nvars += w\n",
		"[defaults:file]\nvars += v\n", NULL,
		"[file:a] path=1 vars=x+v+y\n[file:b] path=2 vars=x+v+z\n"
		"[file:c] path=3 vars=w\n");
	/* an append that a later file takes back does not */
	expect("[defaults:file]\nvars = x\n[file:a]\npath = 1\nvars += y\n",
		"[file:a]\nvars = z\n", NULL, "[file:a] path=1 vars=z\n");
	/* a required key may come from them; common keys, too */
	expect("[defaults:file]\npath = 1\norder = 7\n[file:a]\n", NULL, NULL,
		"[file:a] path*=1 order*=7\n");
}

static void reports_wrong_sections(void **state)
{
	static const struct {
		const char *header;
		const char *error;
	} cases[] = {
		{"fiel:a", "unknown kind 'fiel'; did you mean 'file'?"},
		{"zzzzzzzzzz:a", "unknown kind 'zzzzzzzzzz'; there are file, exec"},
		{"appp", "unknown section; did you mean 'app'?"},
		{"app:x", "'app' takes no name: write [app]"},
		{"file", "a name is missing: write [file:NAME]"},
		{"file:",
			"'' is no name: it has up to 64 letters, digits, '_', '.' and "
			"'-', and begins with a letter or digit"},
		{"file:a/b",
			"no module declares this step, and there is none: a name "
			"without a module has no '/'"},
		{"file:.a",
			"'.a' is no name: it has up to 64 letters, digits, '_', '.' and "
			"'-', and begins with a letter or digit"},
		{"file:ä",
			"'ä' is no name: it has up to 64 letters, digits, '_', '.' and "
			"'-', and begins with a letter or digit"},
		{"defaults:fil", "unknown kind 'fil'; did you mean 'file'?"},
		{"defaults:app", "unknown kind 'app'; there are file, exec"},
		{"defaults", "a name is missing: write [defaults:KIND]"},
		{"default:file", "unknown kind 'default'; did you mean 'defaults'?"},
		{"", "unknown section; there are file, exec, app, defaults"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		CLEANUP_BUF struct buf expected = BUF_INIT;

		buf_printf(&text, "[exec:z]\n[%s]\nwhatever = 1\n", cases[i].header);
		buf_printf(&expected, "[exec:z]\nd/1.ini:2: [%s]: %s\n", cases[i].header,
			cases[i].error);
		expect(text.data, NULL, NULL, expected.data);
	}
}

static void names_have_a_limit(void **state)
{
	char name[66];
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf got = BUF_INIT;

	(void)state;
	memset(name, 'n', sizeof name);
	name[65] = '\0';
	buf_printf(&text, "[exec:%s]\n[exec:%s]\n", name, name + 1);
	put("d/1.ini", text.data);
	load(NAMES("d"), &got);
	assert_non_null(strstr(got.data, "d/1.ini:1: [exec:nnn"));
	assert_null(strstr(got.data, "d/1.ini:2:"));
}

static void reports_wrong_keys(void **state)
{
	(void)state;
	expect("[file:a]\npath = 1\nmoed = 0600\nrequirse = x\nzzzzzzzz = 1\n", NULL,
		NULL,
		"[file:a] path=1 mode=- requires=-\n"
		"d/1.ini:3: [file:a] moed: unknown key; did you mean 'mode'?\n"
		"d/1.ini:4: [file:a] requirse: unknown key; did you mean 'requires'?\n"
		"d/1.ini:5: [file:a] zzzzzzzz: unknown key; there are path, mode, "
		"content, policy, vars, requires, order\n");
	expect("[file:a]\n", NULL, NULL,
		"[file:a]\n"
		"d/1.ini:1: [file:a] path: missing, and it is required (where it is "
		"made)\n");
	expect("[file:data]\npath = 1\n[file:dtaa]\nmode = 0600\n", NULL, NULL,
		"[file:data] path=1\n[file:dtaa] mode=0600\n"
		"d/1.ini:3: [file:dtaa] path: missing, and it is required (where it is "
		"made); did you mean [file:data]?\n");
	/* one error is enough: the path is not missing, too */
	expect("[file:a]\npth = 1\n[file:b]\npath: 1\n[file:c]\npath =\n", NULL, NULL,
		"[file:a] path=-\n[file:b] path=-\n[file:c] path=-\n"
		"d/1.ini:2: [file:a] pth: unknown key; did you mean 'path'?\n"
		"d/1.ini:4: [file:b] expected 'key = value', not 'path: 1': write "
		"'path = 1', or indent it as a further line of a value\n"
		"d/1.ini:5: [file:c] path: missing, and it is required (where it is "
		"made)\n");
	/* a key of other kinds */
	expect("[file:a]\npath = 1\ncommand = x\n[app]\ncontent = 1\n", NULL, NULL,
		"[file:a] path=1\n[app]\n"
		"d/1.ini:3: [file:a] command: unknown key: it is a key of [exec:NAME], "
		"[app]\n"
		"d/1.ini:5: [app] content: unknown key: it is a key of [file:NAME]\n");
	/* common keys are for steps alone */
	expect("[app]\norder = 1\n", NULL, NULL,
		"[app]\nd/1.ini:2: [app] order: unknown key; there are command, env\n");
}

static void reports_duplicates(void **state)
{
	(void)state;
	expect("[file:a]\npath = 1\n\npath = 2\n", NULL, NULL,
		"[file:a] path=2\n"
		"d/1.ini:4: [file:a] path: this key is in line 2 already: keep one of "
		"them\n");
	expect("[file:a]\npath = 1\n[exec:b]\n[file:a]\nmode = 0600\n", NULL, NULL,
		"[file:a] path=1 mode=0600\n[exec:b]\n"
		"d/1.ini:4: [file:a]: this header is in line 1 already: put its keys "
		"together\n");
	expect("[file:a]\npath = 1\nvars += x\nvars = y\n", NULL, NULL,
		"[file:a] path=1 vars=y\n"
		"d/1.ini:4: [file:a] vars: this key is in line 3 already: keep one of "
		"them\n");
	expect("[file:a]\npath = 1\nmode =\nmode = 0600\n", NULL, NULL,
		"[file:a] path=1 mode=0600\n"
		"d/1.ini:4: [file:a] mode: this key is in line 3 already: keep one of "
		"them\n");
	expect("[defaults:file]\nmode = 1\n[defaults:file]\nmode = 2\n", NULL, NULL,
		"d/1.ini:3: [defaults:file]: this header is in line 1 already: put its "
		"keys together\n");
	expect("[file:a]\npath = 1\nvars = x\nvars += y\nvars = z\n", NULL, NULL,
		"[file:a] path=1 vars=z\n"
		"d/1.ini:5: [file:a] vars: this key is in line 3 already: keep one of "
		"them\n");
	/* each file may say it once */
	expect("[file:a]\npath = 1\n", "[file:a]\npath = 2\n", "[file:a]\npath = 3\n",
		"[file:a] path=3\n");
}

static void reports_wrong_values(void **state)
{
	(void)state;
	expect("[file:a]\npath = 1\nmode = 0888\n", NULL, NULL,
		"[file:a] path=1 mode=0888\n"
		"d/1.ini:3:8: [file:a] mode: '0888' is no mode: expected up to four "
		"octal digits (0-7), as in 0640\n");
	/* the file that has the last word mends it */
	expect("[file:a]\npath = 1\nmode = 0888\n", "[file:a]\nmode = 0600\n", NULL,
		"[file:a] path=1 mode=0600\n");
	/* reported once, where it stands, and not for every step */
	expect("[defaults:file]\nmode = 0888\n[file:a]\npath = 1\n[file:b]\npath = 1\n",
		NULL, NULL,
		"[file:a] path=1 mode*=0888\n[file:b] path=1 mode*=0888\n"
		"d/1.ini:2:8: [defaults:file] mode: '0888' is no mode: expected up to "
		"four octal digits (0-7), as in 0640\n");
	expect("[file:a]\npath = 1\nmode += 0600\ncontent += x\n", NULL, NULL,
		"[file:a] path=1 mode=0600 content=x\n"
		"d/1.ini:3: [file:a] mode: += works on lists, and this is none: write "
		"'='\n"
		"d/1.ini:4: [file:a] content: += works on lists, and this is none: write "
		"'='\n");
	expect("[file:a]\npath = 1\nmode = 0600\n", "[file:a]\nmode += 1\n", NULL,
		"[file:a] path=1 mode=0600+1\n"
		"d/2.ini:2: [file:a] mode: += works on lists, and this is none: write "
		"'='\n");
}

/* The word that is wrong, wherever the lines of its value are. */
static void errors_name_line_and_column(void **state)
{
	(void)state;
	expect("[exec:a]\nrequires = a\n  ä b # c\n", NULL, NULL,
		"[exec:a] requires=a~ä b # c\n"
		"d/1.ini:3:7: [exec:a] requires: '# c' would be part of the value: a "
		"comment has a line of its own; where it is meant, write ${X:-#}\n");
	expect("[exec:a]\nenv = A=1\n\t# none\n\n    2B=1\n", NULL, NULL,
		"[exec:a] env=A=1~2B=1\n"
		"d/1.ini:5:5: [exec:a] env: expected NAME=value, not '2B' in front of "
		"'='\n");
	expect("[exec:a]\ncommand = 'a b'\\c\n  # none\n    d\"\" >x\n", NULL, NULL,
		"[exec:a] command='a b'\\c~d\"\" >x\n"
		"d/1.ini:4:9: [exec:a] command: no shell runs this, and '>x' would be an "
		"argument: write sh -c '…', or quote it\n");
	expect("[exec:a]\ncommand =\n\n  a b\n    c d' e\n", NULL, NULL,
		"[exec:a] command=a b~c d' e\n"
		"d/1.ini:5:8: [exec:a] command: unclosed quote (')\n");
	expect("[exec:a]\nrequires =\n  a\n  b ${X:-\n    ${Y|}}\n", NULL, NULL,
		"[exec:a] requires=a~b ${X:-~${Y|}}\n"
		"d/1.ini:5:5: [exec:a] requires: '${Y|}' is none of ${NAME}, "
		"${NAME:-default}, ${NAME-default}, ${NAME:?message}, ${NAME:+other}, "
		"${NAME#glob}, ${NAME%glob}; write $${ for a literal ${\n");
}

static void reports_indented_keys(void **state)
{
	(void)state;
	expect("[file:a]\npath = 1\nvars = x\n  mode = 0600\n  policy += y\n  a = b\n",
		NULL, NULL,
		"[file:a] path=1 vars=x~mode = 0600~policy += y~a = b\n"
		"d/1.ini:3: [file:a] vars: the indented line 'mode = 0600' goes on with "
		"it: unindent that\n"
		"d/1.ini:3: [file:a] vars: the indented line 'policy += y' goes on with "
		"it: unindent that\n");
	/* A variable may be called as a key is. */
	expect("[exec:a]\nenv =\n  A=1\n  command=x\n", NULL, NULL,
		"[exec:a] env=A=1~command=x\n");
	expect("[file:a]\npath = 1\ncontent =\n  x\n  mode = 1\n", NULL, NULL,
		"[file:a] path=1 content=x~mode = 1\n");
}

static void sections_have_a_limit(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf got = BUF_INIT;

	(void)state;
	for (int i = 0; i < 65537; i++)
		buf_printf(&text, "[exec:s%d]\n", i);
	put("d/1.ini", text.data);
	load(NAMES("d"), &got);
	assert_non_null(strstr(got.data,
		"[exec:s65535]\nd/1.ini:65537: [exec:s65536]: one "
		"section too many: 65536 are the most\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(merges),
		TEST(defaults_fill),
		TEST(reports_wrong_sections),
		TEST(names_have_a_limit),
		TEST(reports_wrong_keys),
		TEST(reports_duplicates),
		TEST(reports_wrong_values),
		TEST(errors_name_line_and_column),
		TEST(reports_indented_keys),
		TEST(sections_have_a_limit),
	};

	return cmocka_run_group_tests_name("conf/merge", tests, NULL, NULL);
}
