/* SPDX-License-Identifier: MIT */
/* Escapes: names, guesses from a path, and what may never get out of its quotes. */
#include "placing.h"

static void names(void **state)
{
	(void)state;
	for (int i = 0; escape_names[i]; i++)
		assert_int_equal(escape_find(escape_names[i]), i);
	assert_int_equal(escape_find("none"), 0);
	assert_int_equal(escape_find(""), -1);
	assert_int_equal(escape_find("JSON"), -1);
}

static void suggests(const char *path, const char *name)
{
	assert_string_equal(escape_names[escape_for_path(path)], name);
}

static void guesses(void **state)
{
	(void)state;
	suggests("/a/b.json", "json");
	suggests("/a/b.sh", "shell");
	suggests("/a/b.bash", "shell");
	suggests("/a/b.sql", "sql");
	suggests("/a/b.conf", "none");
	suggests("/a/b.toml", "toml");
	suggests("/a/b.cfg", "ini");
	suggests("/a/b.env", "env");
	suggests("/a/.env", "env");
	suggests("/a/nginx.conf", "nginx");
	suggests("/a/b.yml", "yaml");
	suggests("/a/b.svg", "xml");
	suggests("/a/b.html", "html");
	suggests("/a/b.php", "php");
	suggests("/a/b.mjs", "js");
	suggests("/a/b.lua", "lua");
	suggests("/a.json/b", "none");
	suggests("/a/.json", "none");
	suggests("", "none");
}

static const struct {
	const char *escape, *before, *value, *behind, *expected;
} safe[] = {
	{"none", "", "'\"\\\n", "", "'\"\\\n"},
	{"json", "\"", "a\"b\\c/\n\r\t\b\f\x01\x7f", "\"",
		"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0001\\u007f"},
	{"json", "\"", "ä€\xf0\x9f\x98\x80", "\"", "ä€\xf0\x9f\x98\x80"},
	{"json", "\"", "", "\"", ""},
	{"json", "{\"a\": ", "8080", "}", "8080"},
	{"json", "{\"a\": ", "8080, \"b\": 1", "}", "\"8080, \\\"b\\\": 1\""},
	{"json", "[", "null", ",", "null"},
	{"json", "[", "007", ",", "\"007\""},
	{"json", "[", "1.", ",", "\"1.\""},
	{"json", "[", "-1.5e+3", "]", "-1.5e+3"},
	{"json", "[", "", "]", "\"\""},
	{"json", "1", "2", "", "2"},
	{"json", "\"\\\\", "\"", "\"", "\\\""},
	{"toml", "a = '", "b\"\\", "'", "b\"\\"},
	{"toml", "a = \"\"\"", "\"\"\"", "\"\"\"", "\\\"\\\"\\\""},
	{"toml", "a = '''x''' # it's\nb = ", "c", "\n", "\"c\""},
	{"toml", "a = \"\"\nb = \"", "\"", "\"", "\\\""},
	{"toml", "# ", "plain", "", "plain"},
	{"shell", "'", "it's $HOME `x` \\ \"\n", "'", "it'\\''s $HOME `x` \\ \"\n"},
	{"shell", "\"", "it's $HOME `x` \\ \"\n", "\"",
		"it's \\$HOME \\`x\\` \\\\ \\\"\n"},
	{"shell", "PW=", "$(id)", "\n", "'$(id)'"},
	{"shell", "x ", "", " y", "''"},
	{"shell", "echo ", "2", ">out", "'2'"},
	{"shell", "echo a", "2", ">out", "2"},
	{"shell", "echo x", "", ">out", ""},
	{"shell", "echo ", "2", " >out", "2"},
	{"shell", "x-", "", "", ""},
	{"shell", "\"$(a \"b\" '", "'", "')\"", "'\\''"},
	{"shell", "cat <<E\nit's\nE\n'", "'", "'", "'\\''"},
	{"shell", "cat <<-'E' | x\n\tit's\n\t\tE\n'", "'", "'", "'\\''"},
	{"shell", "a=`b '`; '", "'", "'", "'\\''"},
	{"shell", "x=\"$(cat <<-'E'\n\tit's (\n\tE\n)\"; y '", "'", "'", "'\\''"},
	{"shell", "( cat <<E | b\n)\nE\n); y '", "'", "'", "'\\''"},
	{"shell", "x=\"${y#'#'}\" '", "'", "'", "'\\''"},
	{"shell", "a=$(($(b \"c)\") + ${d:-1})) '", "'", "'", "'\\''"},
	{"shell", "a=$((1 + (2))) '", "'", "'", "'\\''"},
	{"shell", "a=${b:-\"c}\"d} '", "plain", "'", "plain"},
	{"shell", "# it's\n'", "'", "'", "'\\''"},
	{"shell", "a#it\\'s '", "'", "'", "'\\''"},
	{"shell", "x <<<'a' '", "'", "'", "'\\''"},
	/* Not the word that is run as code. */
	{"shell", "trap 'a' '", "$x", "'", "$x"},
	{"shell", "sh -c 'echo \"$1\"' sh \"", "$x", "\"", "\\$x"},
	{"shell", "X=eval Y=", "$x", "\n", "'$x'"},
	{"shell", "eval a >'", "$x", "'\n", "$x"},
	{"shell", "eval a; b '", "$x", "'\n", "$x"},
	{"shell", "# eval\nb '", "$x", "'\n", "$x"},
	{"shell", "eval 'a'\nb '", "$x", "'\n", "$x"},
	{"shell", "eval '", "plain", "'\n", "plain"},
	{"shell", "x sh '-c", "$x", "'\n", "$x"},
	{"shell", "psql -v a='", "$x", "' -f b\n", "$x"},
	{"shell", "a=1; [ -f \"", "$x", "\" ] && b\n", "\\$x"},
	{"shell", "if [[ \"", "$x", "\" == y ]]; then\n", "\\$x"},
	{"shell", "if [[ ", "$x", " != y && -n z ]]; then\n", "'$x'"},
	{"shell", "[[ y = ", "$x", " ]]\n", "'$x'"},
	{"shell", "[[ -n \"", "$x", "\" ]]\n", "\\$x"},
	{"shell", "[ ", "a b", " -gt 0 ]\n", "'a b'"},
	{"shell", "", "name", "", "name"},
	{"shell", "", "name", "\"x\" y\n", "name"},
	{"shell", "a; \"", "name", "$y\" z\n", "name"},
	{"shell", "unset ", "name", "\n", "name"},
	{"shell", "[ -v ", "name", " ]\n", "name"},
	{"shell", "[[ ", "-12", " -gt 0 ]]\n", "-12"},
	{"shell", "declare -i n=", "12", "\n", "12"},
	{"shell", "declare -i n=1; m=\"", "$x", "\"\n", "\\$x"},
	{"shell", "declare -r n\nn=\"", "$x", "\"\n", "\\$x"},
	{"shell", "declare -i n; read n <f; read m <<< \"", "$x", "\"\n", "\\$x"},
	{"shell", "declare -i n; read n <f; cat <<< \"", "$x", "\"\n", "\\$x"},
	{"shell", "declare -i n; while read m; do :; done <<< \"", "$x", "\"\n", "\\$x"},
	{"shell", "declare -i n; printf -v m %s \"", "$x", "\"\n", "\\$x"},
	{"shell", "declare -i n; for n in 1; do :; done; for m\nin \"", "$x", "\"\n",
		"\\$x"},
	{"shell", "[[ a -eq 0 ]] && x=\"", "$x", "\"\n", "\\$x"},
	{"shell", "[[\"", "$x", "\" == x ]]\n", "\\$x"},
	{"shell", "echo a >& x \"", "$x", "\"\n", "\\$x"},
	{"shell", "y=$y\"", "$x", "\"\n", "\\$x"},
	{"shell", "x $y\"", "$x", "\"\n", "\\$x"},
	{"shell", "[ -f $y\"", "$x", "\" ]\n", "\\$x"},
	{"shell", "if [ $(y \"", "$x", "\") = z ]\n", "\\$x"},
	{"shell", "[ $y = \"", "$x", "\" ]\n", "\\$x"},
	{"shell", "trap - $y \"", "$x", "\"\n", "\\$x"},
	{"shell", "declare -rx n=", "$x", "\n", "'$x'"},
	{"shell", "export A=1 B=\"", "$x", "\"\n", "\\$x"},
	{"shell", "printf '%s' \"", "$x", "\"\n", "\\$x"},
	{"shell", "printf -v a '%s' \"", "$x", "\"\n", "\\$x"},
	{"shell", "a=(\n  x \"", "$x", "\"\n)\n", "\\$x"},
	{"shell", "x &>/dev/null \"", "$x", "\"\n", "\\$x"},
	{"shell", "x & b \"", "$x", "\"\n", "\\$x"},
	{"shell", "eval x & b \"", "$x", "\"\n", "\\$x"},
	{"shell", "eval x >&2; b \"", "$x", "\"\n", "\\$x"},
	{"shell", "exec \"$APP\" --x \"", "$x", "\"\n", "\\$x"},
	{"shell", "exec gosu \"$U\" app \"", "$x", "\" \"$@\"\n", "\\$x"},
	{"shell", "case ", "$x", " in\n", "'$x'"},
	{"shell", "cat <<<\"", "$x", "\"\n", "\\$x"},
	{"shell", "x=${y#*{}; b \"", "$x", "\"\n", "\\$x"},
	{"shell", "f() { b \"", "$x", "\"; }\n", "\\$x"},
	{"shell", "x $(( (1 + 2) * 3 )) \"", "$x", "\"\n", "\\$x"},
	{"shell", "((x = 1)) && b \"", "$x", "\"\n", "\\$x"},
	{"shell", "x \"`date`\" \"${y[@]}\" {} a{b,c} \"", "$x", "\"\n", "\\$x"},
	{"shell", "rabbitmqadmin declare queue name=\"", "$x", "\"\n", "\\$x"},
	{"sql", "'", "'; drop table x; --", "'", "''; drop table x; --"},
	{"sql", "'it''s", "a\\'", "'", "a\\''"},
	{"sql", "\"", "a\"", "\"", "a\"\""},
	{"sql", "-- it's\n/* it's */ (", "1 or 1", ")", "'1 or 1'"},
	{"sql", "(", "-1", ")", "-1"},
	{"sql", "\\c app\nSELECT a.b, '", "it's", "'", "it''s"},
	{"sql", ".mode csv\nSELECT '\n.x \\y ", "it's", "'", "it''s"},
	{"sql", "\\c ", "7", "\n", "7"},
	{"nginx", "a \"", "x\"; return 403 \"", "\"", "x\\\"; return 403 \\\""},
	{"nginx", "a ", "b;", ";", "\"b;\""},
	{"nginx", "# it's\na it's '", "'", "'", "\\'"},
	{"ini", "[a]\nb = ", "c ; d", "\n", "c ; d"},
	{"ini", "[", "a", "]", "a"},
	{"ini", "a = `", "p;w#d\"'", "`", "p;w#d\"'"},
	{"ini", "a = b`", "c`d", "", "c`d"},
	{"properties", "a=", "\\é\xf0\x9f\x98\x80", "\n", "\\\\\\u00e9\\ud83d\\ude00"},
	{"env", "A=", "\"\\", "\n", "\"\\\"\\\\\""},
	{"env", "A=", "$(id) #'", "\r\n", "\"\\$(id) #'\""},
	{"env", "A=", " a #b", "", "' a #b'"},
	{"env", "A=", "a/b", " # c\n", "a/b"},
	{"env", "A=", "", " b\n", ""},
	{"env", "A=\"", "$", "\"\n", "\\$"},
	{"yaml", "a: ", "8080", "\n", "8080"},
	{"yaml", "a: ", "true", " # b\n", "true"},
	{"yaml", "a: ", "yes", "\n", "\"yes\""},
	{"yaml", "a: ", "null", "", "\"null\""},
	{"yaml", "a: ", "1e3", "\n", "\"1e3\""},
	{"yaml", "a: ", "1:30", "\n", "\"1:30\""},
	{"yaml", "a: ", "", "\n", "\"\""},
	{"yaml", "a: ", "- b: *c #", "\n", "\"- b: *c #\""},
	{"yaml", "a: ", " b\n ", "\n", "\"\\x20b\\n\\x20\""},
	{"yaml", "a: \"", "\"\\\xe2\x80\xa8\x7f\xc2\x85", "\"",
		"\\\"\\\\\\u2028\\u007f\\u0085"},
	{"yaml", "a: '", "it's", "'", "it''s"},
	{"yaml", "a: it's\nb: '", "'", "'", "''"},
	{"yaml", "a: it\n  's\nb: '", "'", "'", "''"},
	{"yaml", "a: ''''\nb: ", "'", "\n", "\"'\""},
	{"yaml", "- a:\n  - ", "b: c", "\n", "\"b: c\""},
	{"yaml", "a:\n  ", "b: c", "\n", "\"b: c\""},
	{"yaml", "a: [1, ", "2, 3", "]", "\"2, 3\""},
	{"yaml", "a: {b: [\"c\"], d: ", "}", "}", "\"}\""},
	{"yaml", "{\"a\":", "b", "}", "\"b\""},
	{"yaml", "a: |\n  '\n  # \"\n b: '\nc: '", "'", "'", "''"},
	{"yaml", "a: >-\n  '\n\n  ", "b-c", "\n", "b-c"},
	{"yaml", "- a: |\n    '\n  b: '", "'", "'", "''"},
	{"yaml", "a: &b\n  '", "'", "'", "''"},
	{"yaml", "a: !!str ", "1", "\n", "1"},
	{"yaml", "a: *b\n", "c", ": 1\n", "c"},
	{"yaml", "--- # it's\na: '", "'", "'", "''"},
	{"yaml", "%TAG ! it's\n---\n'", "'", "'", "''"},
	{"yaml", "a: b-", "c:d", "\n", "c:d"},
	{"yaml", "", "key", ": 1\n", "key"},
	{"yaml", "# ", "a:b", "\n", "a:b"},
	{"yaml", "a:\r\n  - ", "b c", "\r\n", "\"b c\""},
	{"xml", "<a>", "&<>\"'\t\n\r", "", "&amp;&lt;&gt;&quot;&#39;&#9;&#10;&#13;"},
	{"xml", "<?a '?><!-- it's --><a b='", "'", "'", "&#39;"},
	{"xml", "<![CDATA[<a b=']]><a>", "<", "", "&lt;"},
	{"xml", "<!DOCTYPE a SYSTEM \"b>\"><a>", "<", "", "&lt;"},
	{"xml", "<a b=\"x\" c = '", "'", "'", "&#39;"},
	{"xml", "<a", "b-c", ">", "b-c"},
	{"xml", "a &amp;", "b;", "", "b;"},
	{"xml", "<!-- ", "a-b/c", " -->", "a-b/c"},
	{"html", "<script>'<a b=</SCRIPT ><a>", "<", "", "&lt;"},
	{"html", "<a onclick=\"x('", "y", "')\">", "y"},
	{"html", "<a data-on='", "'", "'>", "&#39;"},
	{"html", "a < b it's <br>", "<", "", "&lt;"},
	{"php", "it's <?php '", "\\'\"$", "'", "\\\\\\'\"$"},
	{"php", "<?php \"", "\\'\"${a", "\"", "\\\\'\\\"\\$\\x7ba"},
	{"php", "<?php a(", "b", ")", "'b'"},
	{"php", "<?php a(", "-1.5", ",", "-1.5"},
	{"php", "<?php ['a' =>", "null", "]", "null"},
	{"php", "<?php # it's\n/* it's */ /*/ ' */ '", "'", "'", "\\'"},
	{"php", "<?php // ?>'<?= '", "'", "'", "\\'"},
	{"php", "<?php <<<A\nAB '\n  A . '", "'", "'", "\\'"},
	{"php", "<?php <<<'A'\nit's ", "b", "\nA", "b"},
	{"php", "<?php \"$a {$b} ", "\"", "\"", "\\\""},
	{"php", "a", "b", "", "b"},
	{"js", "'", "'\"\\\n\x01</\xe2\x80\xa8", "'",
		"\\'\\\"\\\\\\n\\u0001\\x3c/\\u2028"},
	{"js", "{a: ", "b", "}", "\"b\""},
	{"js", "a = ", "1e3", ";", "1e3"},
	{"js", "// it's\n/* it's */ /*/ ' */ '", "'", "'", "\\'"},
	{"js", "a = /['\"/]/g; '", "'", "'", "\\'"},
	{"js", "return /'/; '", "'", "'", "\\'"},
	{"js", "a.return / 2; '", "'", "'", "\\'"},
	{"js", "a = b / 2 / c[0] / '", "'", "'", "\\'"},
	{"js", "`'${a + `'` + {b: `'`}.b}'` + '", "'", "'", "\\'"},
	{"js", "`\\`'` + '", "'", "'", "\\'"},
	{"js", "#!/usr/bin/it's\n'", "'", "'", "\\'"},
	{"js", "`", "a", "`", "a"},
	{"js", "// it's\xe2\x80\xa8'", "'", "'", "\\'"},
	{"js", "// ", "a/b", "\n", "a/b"},
	{"lua", "\"", "'\"\\\n\x01\xff", "\"", "\\'\\\"\\\\\\n\\001\xff"},
	{"lua", "a = ", "nil", "\n", "\"nil\""},
	{"lua", "a = ", "true", "\n", "true"},
	{"lua", "t[", "a", "]", "\"a\""},
	{"lua", "-- it's\n--[[ it's\n]] --[==[ ' ]=] ' ]==] '", "'", "'", "\\'"},
	{"lua", "[[ ' ]] .. t['a'] .. [=[ ]] ' ]=] .. '", "'", "'", "\\'"},
	{"lua", "--[ it's\n'", "'", "'", "\\'"},
	{"lua", "[[", "a/b", "]]", "a/b"},
	{"lines", "Port ", "a'b \"c\\=$", " # x", "a'b \"c\\=$"},
	{"url", "http://a/?b=", "a/b &c~é", "", "a%2Fb%20%26c~%C3%A9"},
};

static void makes_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);

		if (place(safe[i].escape, safe[i].before, safe[i].value, safe[i].behind,
			    &got, &err) < 0)
			fail_msg("%s%s: %s", safe[i].before, safe[i].behind, err.text);
		assert_string_equal(got.data, safe[i].expected);
	}
}

static const struct {
	const char *escape, *before, *value, *behind, *message;
} refused[] = {
	{"json", "\"", "a\xff", "\"", "a value that is not UTF-8"},
	{"json", "\"\\", "n", "\"", "behind a backslash"},
	{"json", "1", ",2", "", "in a part of a word"},
	{"json", "// \"", "\"", "\"", "in a text that is not JSON"},
	{"json", "\"a\n\"", "a b", "\"", "not closed on its line"},
	{"toml", "a = '", "'", "'", "a value with a ' or a control"},
	{"toml", "a = '''", "'", "'''", "in a '''…''' string"},
	{"toml", "a = \"\"\"\"x\"\"\"\"\"", "a b", "", "more than three quotes"},
	{"toml", "# ", "\n", "", "in a comment"},
	{"shell", "x=a", "b c", "\n", "in a part of a word"},
	{"shell", "x=", "b c", "\"", "in a part of a word"},
	{"shell", "echo 1", "2", "<in", "right before a redirection"},
	{"shell", "cat <<E\n", "$(id)", "\nE\n", "in a here-document"},
	{"shell", "cat <<EOF\n", "EOF", "\nEOF\n", "in a here-document"},
	{"shell", "cat <<EOF\nE", "O", "F\nEOF\n", "in a here-document"},
	{"shell", "cat <<A <<B\n'", "'", "'", "second here-document"},
	{"shell", "cat <<A\nb\\\nA\nc ", "$x", "\nA\n", "behind a here-document"},
	{"shell", "$(cat <<A)\nb\nA\n'", "'", "'", "behind a here-document"},
	{"shell", "$(cat <<A b)\nb\nA\n'", "'", "'", "behind a here-document"},
	{"shell", "$(cat <<A\nb\nA)\nA\n'", "'", "'", "behind a here-document"},
	{"shell", "$(cat <<A $(\nb\nA\n)) '", "'", "'", "behind a here-document"},
	{"shell", "x=${y#'}'} '", "'", "'", "a ' in ${…}"},
	{"shell", "x=\"${y:-it's}\" '", "'", "'", "a ' in ${…}"},
	{"shell", "x=\"${y:-'\\'}\" '", "'", "'", "a ' in ${…}"},
	{"shell", "`", "a b", "`", "in a `…` command"},
	{"shell", "$((", "a b", "))", "in an arithmetic expression"},
	{"shell", "((", "a b", "))", "in an arithmetic expression"},
	{"shell", "${x:-", "a b", "}", "in a parameter's ${…}"},
	{"shell", "$'", "a b", "'", "in a $'…' string"},
	{"shell", "a # '", "\n", "'", "in a comment"},
	{"shell", "$(case a in a) '", "'", "')", "a text behind a `case`"},
#define CODE(before, behind, program) \
	{ \
		"shell", before, "$(id)", behind, \
			"in a word that '" program "' runs as code" \
	}
	CODE("trap 'rm -f ", "' EXIT\n", "trap"),
	CODE("trap -- \"", "\" EXIT\n", "trap"),
	CODE("eval \"", "\"\n", "eval"),
	CODE("eval x ", "\n", "eval"),
	CODE("x; A=1 eval B=", "\n", "eval"),
	CODE("alias a='", "'\n", "alias"),
	CODE("let \"x=", "\"\n", "let"),
	CODE("sh -c 'echo ", "'\n", "sh"),
	CODE("if ! exec env A=b bash -euc \"echo ", "\"; then", "bash"),
	CODE("a | xargs -0 \\\n  sh -c '\n  b\n  ", "\n'\n", "sh"),
	CODE("( cd /x\n  su - app -c \"", "\" )\n", "su"),
	CODE("x=$(ssh host \"a 'b' ", "\")\n", "ssh"),
	CODE("x \"$(eval \"", "\")\"\n", "eval"),
	CODE("A=\"$(eval '", "')\"\n", "eval"),
	CODE("A=\"b\" eval \"", "\"\n", "eval"),
	CODE("A='b' eval '", "'\n", "eval"),
	CODE("eval \"$(x '", "')\"\n", "eval"),
	CODE("{ 2>&1 >log python3 -c 'print(\"", "\")'\n", "python3"),
	CODE("psql <in -c \"SELECT '", "'\"\n", "psql"),
	CODE("cat <<A\nx\nA\neval '", "'\n", "eval"),
	CODE("eval >&- x '", "'\n", "eval"),
	CODE("a <(b 'c') >x; sed \"s/x/", "/\" f\n", "sed"),
	CODE("case x in x) eval '", "';; esac\n", "eval"),
	CODE("# it's\n\\\ne\\val '", "'\n", "eval"),
	CODE("x=${y#*{}; eval \"", "\"\n", "eval"),
	CODE("x=${y%%{*}; sh -c \"", "\"\n", "sh"),
	CODE("x \"${y%\\{}\"; eval \"", "\"\n", "eval"),
	CODE("eval &>/dev/null \"", "\"\n", "eval"),
	CODE("eval &\\\n>>/dev/null \"", "\"\n", "eval"),
	CODE("eval >&2 \"", "\"\n", "eval"),
	CODE("eval >|x \"", "\"\n", "eval"),
	CODE("eval 2>x \"", "\"\n", "eval"),
	CODE("time eval \"", "\"\n", "eval"),
	CODE("time -p eval \"", "\"\n", "eval"),
	CODE("builtin -- eval \"", "\"\n", "eval"),
	CODE("command -p eval \"", "\"\n", "eval"),
	CODE("a+=1 eval \"", "\"\n", "eval"),
	CODE("a[0]=1 eval \"", "\"\n", "eval"),
	CODE("function f { eval \"", "\"; }\n", "eval"),
	CODE("coproc x { eval \"", "\"; }\n", "eval"),
	CODE("function f { psql -c \"", "\"; }\n", "psql"),
	CODE("f() { eval \"", "\"; }\n", "eval"),
	CODE("elif eval \"", "\"\n", "eval"),
	CODE("eval \"a\n", "\"\n", "eval"),
	CODE("eval\t\"", "\"\n", "eval"),
	CODE("x a#b; eval \"", "\"\n", "eval"),
	CODE("x $((1 + (2))); eval \"", "\"\n", "eval"),
	CODE("((x = 1)) && eval \"", "\"\n", "eval"),
	CODE("x `a b`; eval \"", "\"\n", "eval"),
	CODE("a=(b) eval \"", "\"\n", "eval"),
	CODE("x >(eval \"", "\")\n", "eval"),
	CODE("\"$SHELL\" -c \"", "\"\n", "sh"),
	CODE("sh $x \"", "\"\n", "sh"),
	CODE("sh -e${y#;} -c \"", "\"\n", "sh"),
	CODE("bash <<< \"", "\"\n", "bash"),
	CODE("[[ -v \"", "\" ]]\n", "-v"),
	CODE("[ -v \"", "\" ]\n", "-v"),
	CODE("test -v ", "\n", "-v"),
	CODE("declare \"", "\"\n", "declare"),
	CODE("declare -n a=\"", "\"\n", "declare"),
	CODE("printf -v \"", "\" x\n", "printf"),
	CODE("while read -r ", "; do\n", "read"),
	CODE("unset \"", "\"\n", "unset"),
	CODE("builtin unset \"", "\"\n", "unset"),
	CODE("mapfile -C \"", "\" a\n", "mapfile"),
	{"shell", "PROMPT_COMMAND=\"", "$x", "\"\n", "a variable that 'bash' runs"},
	{"shell", "export PS4=\"", "$x", "\"\n", "a variable that 'bash' runs"},
	{"shell", "source /dev/stdin <<< \"", "$x", "\"\n", "'source' runs as code"},
	{"shell", ". <(echo \"", "$x", "\")\n", "'.' runs as code"},
	{"shell", "x $[", "$x", "]\n", "not all shells read alike"},
	{"shell", "x \"$[1 + ", "$x", "]\"\n", "not all shells read alike"},
	{"shell", "$x \"", "$x", "\"\n", "a command whose name is not known"},
	{"shell", "$'eval' \"", "$x", "\"\n", "a command whose name is not known"},
	{"shell", "ev?l \"", "$x", "\"\n", "a command whose name is not known"},
	{"shell", "{eval,\"", "$x", "\"}\n", "a command whose name is not known"},
	{"shell", "$y\"", "$x", "\"\n", "a command whose name is not known"},
	CODE("sh {-c,\"", "\"}\n", "sh"),
	CODE("sh $y\"", "\"\n", "sh"),
	CODE("trap $y \"", "\" EXIT\n", "trap"),
	CODE("printf $y \"", "\"\n", "printf"),
	{"shell", "printf \"", "-va[$(id)]", "\" x\n", "'printf' runs as code"},
	CODE("[ -v $'a'\"", "\" ]\n", "-v"),
	{"shell", "a=(b &\neval \"", "$x", "\")\n", "not all shells read alike"},
	CODE("[ $y \"", "\" ]\n", "-v"),
	CODE("[[ ! -v \"", "\" ]]\n", "-v"),
	CODE("[[ a && ( -v '", "' ) ]]\n", "-v"),
	CODE("echo a >&\"", "\"\n", ">&"),
	CODE("echo a 1>& \"", "\"\n", ">&"),
	CODE("bash < <(echo \"", "\")\n", "bash"),
	{"shell", "declare -n r; r=\"", "$x", "\"\n", "a variable that 'declare' runs"},
	{"shell", "declare -n ri; read $y <<< \"", "$x", "\"\n",
		"a variable that 'declare' runs"},
	{"shell", "while read r; do declare -n r; done <<< \"", "$x", "\"\n",
		"a variable that 'declare' runs"},
#undef CODE
#define NUMBER(before, behind, program) \
	{ \
		"shell", before, "name", behind, \
			"in a word that '" program "' reads as a number" \
	}
	NUMBER("if [[ ", " -gt 0 ]]; then\n", "[["),
	NUMBER("[[ \"", "\" -eq 0 ]]\n", "[["),
	NUMBER("[[ 'a", "' -eq 0 ]]\n", "[["),
	NUMBER("[[ 0 -lt ", " ]]\n", "[["),
	NUMBER("[[ a = b && ", " -le 0 ]]\n", "[["),
	NUMBER("[[ a = b &&\n  0 -ge ", " ]]\n", "[["),
	NUMBER("[[ ", "", "[["),
	NUMBER("[[ ( \"$(a \"", "\")\" -gt 0 ) ]]\n", "[["),
	NUMBER("[[\n  ", " -gt 0 ]]\n", "[["),
	NUMBER("[[ a =~ [[:digit:]] && # b\n ( 0 -lt ", " ) ]]\n", "[["),
	NUMBER("[[(0 -lt ", ")]]\n", "[["),
	NUMBER("declare -i n=", "\n", "declare"),
#define VARIABLE(before, behind) \
	{ \
		"shell", before, "name", behind, \
			"in a variable that 'declare' reads as a number" \
	}
	VARIABLE("declare -i n\nx\nn=\"", "\"\n"),
	VARIABLE("f() {\n  local a=1 -ri \\\n n=\"b;\nc\" n2;\n}\nn2+='", "'\n"),
	VARIABLE("typeset -i a n\nn=(1 ", ")\n"),
	VARIABLE("declare $y n\nexport n=", "\n"),
	VARIABLE("declare -i n\nfor n in 1 ", "; do\n"),
	VARIABLE("typeset -i \\\n\"k\"\nk='", "'\n"),
	VARIABLE("RANDOM=", "\n"),
	VARIABLE("declare\\\n -i n\nn=\"", "\"\n"),
	VARIABLE("declare -i n\nread -r n <<< ", "\n"),
	VARIABLE("declare -i n\nIFS= read -ran<<<\"", "\"\n"),
	VARIABLE("declare -i n\nread $y <<< ", "\n"),
	VARIABLE("declare -i n\nread n < <(echo \"", "\")\n"),
	VARIABLE("declare -ai n\nmapfile -t n <<< \"", "\"\n"),
	VARIABLE("declare -ai n\nreadarray 'n[1]' <<< \"", "\"\n"),
	VARIABLE("# don't read it\ndeclare -i n\nwhile read -r a n; do\n:\ndone <<< ",
		"\n"),
	VARIABLE("declare -i n\n{ read n; } <<< \"", "\"\n"),
	VARIABLE("declare -i n\n(read n<x) < <(echo ", ")\n"),
	VARIABLE("declare -i n\nprintf -v n %s \"", "\"\n"),
	VARIABLE("declare -i n\nbuiltin printf -v'n[1]' \"", "\"\n"),
	VARIABLE("declare -i n\nfor n\nin \"", "\"; do\n"),
	VARIABLE("declare -i n\nselect \\\n  n # of which\n\n  in a ", "; do\n"),
#undef VARIABLE
	NUMBER("typeset -xi n=\"", "\"\n", "typeset"),
	NUMBER("local -i a=1 n=\"", "\"\n", "local"),
	NUMBER("a[", "]=1\n", "[…]"),
	NUMBER("a=([\"", "\"]=1)\n", "[…]"),
#undef NUMBER
	{"shell", "x", "", "#", NULL},
	{"shell", "x ", "", "#", "in a part of a word"},
	{"sql", "E'", "'", "'", "in an E'…' string"},
	{"sql", "$$", "a b", "$$", "dollar quote"},
	{"sql", "it's '", "'", "'", "a quote inside a word"},
	{"sql", "[a 'b] '", "'", "'", "a quote in […]"},
	{"sql", "-- '", "\n", "'", "in a comment"},
	{"sql", "/* /* */ '", "'", "'", "a comment in a comment"},
	{"sql", "`", "'", "`", "in a `…` name"},
	{"sql", "\\set p '", "x\\'\\! id #", "'\n", "in a command of the client"},
	{"sql", "SELECT 1 \\gset ", "a b", "\n", "in a command of the client"},
	{"sql", "SELECT 1;\n\\c ", "a b", "\n", "in a command of the client"},
	{"sql", ".shell echo '", "$(id)", "'\n", "in a command of the client"},
	{"sql", "SELECT 1;\r\n.import '", "|id", "' t\n", "in a command of the client"},
	{"nginx", "\"", "$x", "\"", "a value with a $"},
	{"nginx", "content_by_lua_block {\n'", "'", "'", "a Lua block"},
	{"nginx", "a b", "c;", ";", "in a part of a word"},
	{"nginx", "map $a $b {\n", "default", " 1;\n}", "as a key of a map"},
	{"nginx", "map $a $b {\n\"", "include", "\" 1;\n}", "as a key of a map"},
	{"nginx", "map $a $b {\n\"", "~^a", "\" 1;\n}", "as a key of a map"},
	{"nginx", "map $a $b {\nde", "fault", " 1;\n}", "as a key of a map"},
	{"ini", "a = ", "b\nc", "\n", "a value with a line end"},
	{"ini", "a = ", "b\rc", "\n", "a value with a line end"},
	{"ini", "a = ", "b\vc", "\n", "a value with a line end"},
	{"ini", "a = ", "b\fc", "\n", "a value with a line end"},
	{"ini", "a = ", "b\x1c[c]", "\n", "a value with a line end"},
	{"ini", "a = ", "b\xc2\x85[c]", "\n", "a value with a line end"},
	{"ini", "a = ", "b\xe2\x80\xa9[c]", "\n", "a value with a line end"},
	{"ini", "a = ", " b", "\n", "the white space"},
	{"ini", "a = ", "b\\", "\n", "ends in a backslash"},
	{"ini", "[", "a b", "]", "in the name of a section"},
	{"ini", "", "a b", "=", "in a key"},
	{"ini", "a = \"", "\"", "\"", "a value with a quote"},
	{"ini", "a = `", "b`c", "`", "a value with a ` cannot stand in these quotes"},
	{"ini", "a = `", "b\nc", "`", "a value with a line end"},
	{"ini", "a = `b`", "c d", "", "behind a quoted one"},
	{"env", "A='", "'", "'", "a value with a quote"},
	{"env", "A=b=", "c d", "\n", "in a part of a word"},
	{"env", "A=b ", "#c", "\n", "in a part of a word"},
	{"env", "A=", "b c", " d\n", "in a part of a word"},
	{"properties", "# ", "a b", "\n", "in a comment"},
	{"ini", "a = ", "b\xe2\x80\xa8[c]", "\n", "a value with a line end"},
	{"json", "\"\\u00", "41", "\"", "behind a backslash"},
	{"toml", "a = \"\\x", "41", "\"", "behind a backslash"},
	{"yaml", "a: \"\\x4", "1", "\"", "behind a backslash"},
	{"yaml", "a: \"", "\xff", "\"", "a value that is not UTF-8"},
	{"yaml", "a: '", "\n", "'", "in single quotes of YAML"},
	{"yaml", "a: '", "\xe2\x80\xa8", "'", "in single quotes of YAML"},
	{"yaml", "a: b ", "c d:", "\n", "in a part of a word"},
	{"yaml", "a: ", "b: c", " d\n", "in a part of a word"},
	{"yaml", "a: ", "-", " b\n", "in a part of a word"},
	{"yaml", "a: b", "c:", " d\n", "in a part of a word"},
	{"yaml", "[a", "b:c", "]", "in a part of a word"},
	{"yaml", "[a", ",b", "]", "in a part of a word"},
	{"yaml", "", "---", " a", "in a part of a word"},
	{"yaml", "", "", ": a", "in a part of a word"},
	{"yaml", "", "b c", ": a", "in a part of a word"},
	{"yaml", "a: b\n", "c d", "\n", "in a part of a word"},
	{"yaml", "a: b\n  ", "c d", "\n", "in a part of a word"},
	{"yaml", "a: b\n  '", "c d", "'\n", "in a part of a word"},
	{"yaml", "a: |\n  ", "b c", "\n", "in a block scalar"},
	{"yaml", "a: |\n  b\n\n  ", "b c", "\n", "in a block scalar"},
	{"yaml", "a: |", "2", "\n", "the first line of a block scalar"},
	{"yaml", "a: # b", " #", "\n", "in a comment"},
	{"yaml", "a: &", "b", " c\n", "an anchor, alias or tag"},
	{"yaml", "a: !", "b", " c\n", "an anchor, alias or tag"},
	{"yaml", "\"a\"", "b", ": c\n", "behind a quoted one"},
	{"yaml", "? a\n: '", "' '", "'", "behind a - or ?"},
	{"yaml", "a: `", "a b", "", "not YAML"},
	{"yaml", "a:\n\t", "a b", "", "a tab in an indentation"},
	{"yaml", "--- |\n", "a b", "", "a block scalar of no key"},
	{"yaml", "a: \"b\" c '", "' '", "'", "behind a quoted one"},
	{"xml", "<a>", "\x01", "", "control character"},
	{"xml", "<a>", "\xff", "", "a value that is not UTF-8"},
	{"xml", "<", "/a", ">", "the name of a tag"},
	{"xml", "<a ", "b='", ">", "in a tag"},
	{"xml", "<![CDATA[", "]]>", "]]>", "a CDATA section"},
	{"xml", "<!-- ", "--", " -->", "in a comment"},
	{"xml", "<!-- -", "-", "> -->", "in a comment"},
	{"xml", "<!DOCTYPE a [ <a b='", "'", "'", "with more in it"},
	{"xml", "a &", "lt", ";", "what it would become a part of"},
	{"xml", "<a b='&", "lt", ";'", "what it would become a part of"},
	{"xml", "<!", "--", "", "in a <!…>"},
	{"xml", "<a 'b='", "'", "'", "belongs to nothing"},
	{"html", "<script>x = '", "a b", "'", "an element that is no text"},
	{"html", "<script><!--</script>'", "a b", "'", "in a script"},
	{"html", "<a onClick=\"", "a b", "\">", "an attribute that is code"},
	{"html", "<p style='", "a;b", "'>", "an attribute that is code"},
	{"html", "<a href=", "a b", ">", "in a tag"},
	{"php", "", "<?php", "", "outside of <?php"},
	{"php", "<?php x", "('a')", ";", "in a part of a word"},
	{"php", "<?php \"$a", "b", "\"", "what it would become a part of"},
	{"php", "<?php \"{$a", "b", "}\"", "what it would become a part of"},
	{"php", "<?php \"\\x4", "1", "\"", "behind a backslash"},
	{"php", "<?php `a ", "b;", "`", "in a `…` command"},
	{"php", "<?php // ", "?>", "\n", "in a comment"},
	{"php", "<?php #", "a", "\n", "in a part of a word"},
	{"php", "<?php <<<A\nb ", "$c", "\nA", "in a here-document"},
	{"php", "<?php <<<A\n ", "A", "\nA", "in a here-document"},
	{"php", "<?php <<<", "A", "\nA", "first line of a here-document"},
	{"php", "<?php /* *", "/", " */", "in a comment"},
	{"php", "<? '", "a b", "'", "none of <?php and <?="},
	{"js", "a", "('b')", ";", "in a part of a word"},
	{"js", "`", "${a}", "`", "in a template literal"},
	{"js", "a = /", "b", "/", "may begin a comment"},
	{"js", "a = /b", "/", "/", "a regular expression"},
	{"js", "// ", "\n", "\n", "in a comment"},
	{"js", "/* *", "/", " */", "in a comment"},
	{"js", "f(a) / '", "a b", "'", "a / that may divide"},
	{"js", "'\\x4", "1", "'", "behind a backslash"},
	{"js", "'", "\xff", "'", "a value that is not UTF-8"},
	{"js", "a <!-- '", "a b", "'", "<!-- or -->"},
	{"lua", "a", "('b')", "\n", "in a part of a word"},
	{"lua", "[[", "]]", "]]", "a [[…]] string"},
	{"lua", "--[==[ ", "]==]", "]==]", "in a comment"},
	{"lua", "--", "[[", "\n", "in a comment"},
	{"lua", "[=", "a", "[", "may begin a long bracket"},
	{"lua", "'\\1", "2", "'", "behind a backslash"},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);
		int rc = place(refused[i].escape, refused[i].before, refused[i].value,
			refused[i].behind, &got, &err);

		if (!refused[i].message) {
			assert_int_equal(rc, 0);
			continue;
		}
		if (rc == 0 || !strstr(err.text, refused[i].message))
			fail_msg("%s%s%s: %s", refused[i].before, refused[i].value,
				refused[i].behind, rc ? err.text : got.data);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_int_equal(got.len, 0);
	}
}

/* What an empty value is written as is a part of the text that the next one is behind. */
static void follows_empty_values(void **state)
{
	int format = escape_find("shell");
	const struct escape_next blank = {" ", 1}, quote = {"\"", 1};
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct lexer lexer;
	DECLARE_ERR(err);

	(void)state;
	escape_begin(format, &lexer);
	escape_text(&lexer, "eval ", 5, &text);
	assert_int_equal(escape_add(format, &lexer, "", &blank, &text, &err), 0);
	escape_text(&lexer, " \"x ", 4, &text);
	assert_string_equal(text.data, "eval '' \"x ");
	assert_int_equal(escape_add(format, &lexer, "$(id)", &quote, &text, &err), -1);
	assert_non_null(strstr(err.text, "in a word that 'eval' runs as code"));
	escape_release(&lexer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(guesses),
		cmocka_unit_test(makes_safe),
		cmocka_unit_test(refuses),
		cmocka_unit_test(follows_empty_values),
	};

	return cmocka_run_group_tests_name("conf/escape", tests, NULL, NULL);
}
