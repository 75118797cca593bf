# SPDX-License-Identifier: MIT
"""The formats of escapes.py: templates, what a real parser must find in them, pieces of others.

Where a template has None for that, each value is to be refused that is not empty.

A reader takes texts and returns what it finds in each; it raises Missing where its program
or module is not on this machine.
"""
import configparser
import html.parser
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import xml.etree.ElementTree


class Missing(Exception):
    pass


def program(name):
    return shutil.which(name) or raise_missing(name)


def raise_missing(name):
    raise Missing(name)


def module(name):
    try:
        return __import__(name)
    except ImportError:
        raise Missing(f"Python module {name}") from None


def one_by_one(read):
    """A reader from a function of one text."""

    def all_texts(texts):
        return [attempt(read, text) for text in texts]

    return lambda: [all_texts]


def attempt(read, text):
    try:
        return read(text)
    except Exception as e:  # whatever a parser raises is what it says of the text
        return f"{type(e).__name__}: {e}"


def scalar(value):
    try:
        read = json.loads(value)
    except ValueError:
        return value
    return value if isinstance(read, (dict, list, str)) else read


def not_null(value):
    read = scalar(value)
    return value if read is None else read


def yaml_scalar(value):
    return value if re.search("[eE]", value) and value != "true" and value != "false" else not_null(value)


# ---- readers ----


# Each script in a subshell of one shell. Its words are what it prints, with its code behind them.
SCRIPTS = """for script; do
    (. "$script") >"$script.out" 2>&1
    printf %s "$?" >>"$script.out"
    ! test -e pwned || exit 0
done"""


def words(shell):
    def read(texts):
        with tempfile.TemporaryDirectory() as directory:
            names = write_files(directory, texts)
            subprocess.run([shell, "-c", SCRIPTS, shell, *names], check=True)
            ran = sum(os.path.exists(f"{name}.out") for name in names)
            assert not os.path.exists("pwned"), f"the value was executed: {texts[ran - 1]!r}"
            return [words_of(f"{name}.out") for name in names]

    return read


def words_of(name):
    with open(name, newline="", errors="surrogateescape") as f:
        *found, code = f.read().split("\0")
    return found if code == "0" else f"{found}, {code}"


def shells():
    return [words(shell) for shell in ("sh", "bash") if shutil.which(shell)]


def sql(text):
    got = []
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a)")
    for statement in text.split(";\n"):
        if statement.strip():
            cursor = connection.execute(statement)
            got.append([cursor.description[0][0], *cursor.fetchone()])
    connection.execute("SELECT * FROM t")
    return got


def toml():
    return one_by_one(module("tomllib").loads)()


def yaml():
    return one_by_one(module("yaml").safe_load)()


def ini(text):
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()}


def properties(text):
    """As java.util.Properties reads a line."""
    got = {}
    for line in text.split("\n"):
        if not line:
            continue
        key, value = line.split("=", 1)
        out, value = "", value.lstrip()
        while value:
            if value[0] != "\\":
                out, value = out + value[0], value[1:]
            elif value[1] == "u":
                out, value = out + chr(int(value[2:6], 16)), value[6:]
            else:
                out, value = out + value[1], value[2:]
        got[key] = out.encode("utf-16", "surrogatepass").decode("utf-16")
    return got


def env(text):
    """As systemd reads an EnvironmentFile: only what these templates have."""
    got = {}
    for line in text.split("\n"):
        if not line:
            continue
        key, value = line.split("=", 1)
        value, quote, out = value.strip(" \t"), "", ""
        if value[:1] in ('"', "'") and value:
            quote, value = value[0], value[1:]
        while value and value != quote:
            assert value[0] != quote, "the value ends too early"
            if value[0] == "\\" and quote != "'" and (not quote or value[1] in '"\\`$'):
                value = value[1:]
            out, value = out + value[0], value[1:]
        got[key] = out
    return got


def xml_tree(text):
    def node(element):
        return [element.tag, dict(element.attrib), element.text or "", *map(node, element)]

    return node(xml.etree.ElementTree.fromstring(text))


class Page(html.parser.HTMLParser):
    """Tags, attributes and text of a page, in order; what is empty is left out."""

    def __init__(self):
        super().__init__()
        self.got = []

    def handle_starttag(self, tag, attrs):
        self.got.append([tag, *attrs])

    def handle_endtag(self, tag):
        self.got.append("/" + tag)

    def handle_data(self, data):
        if self.got and isinstance(self.got[-1], str) and not self.got[-1].startswith("/"):
            data = self.got.pop() + data
        self.got.append(data)


def page(text):
    parser = Page()
    parser.feed(text)
    parser.close()
    return parser.got


# Each runs the files that it is given and prints a line for each: the results, in hexadecimal,
# with their types; or "executed"; or "error".
PHP = r"""<?php
$executed = false;
function PWNED() { global $executed; $executed = true; return ''; }
function show($v) {
    if (is_array($v)) return implode(' ', array_map('show', $v));
    if (is_string($v)) return 's' . bin2hex($v);
    return 'j' . bin2hex(json_encode($v));
}
error_reporting(0);
foreach (array_slice($argv, 1) as $file) {
    $executed = false;
    ob_start();
    try { $got = show(include $file); } catch (Throwable $e) { $got = 'error'; }
    $out = ob_get_clean();
    echo $executed ? 'executed' : "o" . bin2hex($out) . " $got", "\n";
}
"""
NODE = r"""
const fs = require('fs');
let executed;
globalThis.PWNED = () => { executed = true; return ''; };
const show = v => Array.isArray(v) ? v.map(show).join(' ')
    : typeof v === 'string' ? 's' + Buffer.from(v).toString('hex')
    : 'j' + Buffer.from(JSON.stringify(v) || '').toString('hex');
for (const file of process.argv.slice(2)) {
    let got;
    executed = false;
    try { got = show(new Function(fs.readFileSync(file, 'utf8'))()); } catch (e) { got = 'error'; }
    console.log(executed ? 'executed' : got);
}
"""
LUA = r"""
local executed
function PWNED() executed = true return '' end
local function show(v)
    if type(v) == 'table' then
        local all = {}
        for i = 1, #v do all[i] = show(v[i]) end
        return table.concat(all, ' ')
    elseif type(v) == 'string' then
        return 's' .. v:gsub('.', function(c) return ('%02x'):format(c:byte()) end)
    end
    return 'j' .. tostring(v):gsub('.', function(c) return ('%02x'):format(c:byte()) end)
end
for i = 1, #arg do
    executed = false
    local f = loadfile(arg[i])
    local ok, got = false, nil
    if f then ok, got = pcall(f) end
    print(executed and 'executed' or ok and show(got) or 'error')
end
"""


def write_files(directory, texts):
    names = [os.path.join(directory, f"t{i}") for i in range(len(texts))]
    for name, text in zip(names, texts):
        with open(name, "w", newline="", errors="surrogateescape") as f:
            f.write(text)
    return names


def run_files(command, driver, texts):
    if not texts:
        return []
    with tempfile.TemporaryDirectory() as directory:
        names = write_files(directory, texts)
        with open(os.path.join(directory, "driver"), "w") as f:
            f.write(driver)
        got = subprocess.run([*command, f.name, *names], capture_output=True, text=True)
    lines = got.stdout.splitlines()
    assert len(lines) == len(texts), got.stdout + got.stderr
    return lines


def typed(line):
    """The results of a line that a driver printed."""

    def one(word):
        text = os.fsdecode(bytes.fromhex(word[1:]))
        return text if word[0] == "s" else json.loads(text) if text else None

    return line if line in ("executed", "error") else [one(word) for word in line.split()]


def php():
    command = [program("php"), "-n"]
    return [lambda texts: [typed(line.partition(" ")[2] or line) for line in run_files(command, PHP, texts)]]


def node():
    command = [program("node")]
    return [lambda texts: [typed(line) for line in run_files(command, NODE, texts)]]


def lua():
    found = [name for name in ("lua5.1", "lua5.3", "lua5.4", "luajit", "lua") if shutil.which(name)]
    found = found or [program("lua")]
    return [lambda texts, name=name: [typed(x) for x in run_files([name], LUA, texts)] for name in found]


NGINX = """daemon off; master_process off; pid {0}/pid; error_log stderr emerg;
events {{ }}
http {{
    access_log off; default_type text/plain;
    client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c;
    uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;
    server {{ listen unix:{0}/s; {1} }}
}}
"""


def nginx():
    command = program("nginx")
    curl = program("curl")

    def read(texts):
        with tempfile.TemporaryDirectory() as directory:
            names = write_files(directory, texts)
            places = [f"location = /{i} {{ include {name}; }}" for i, name in enumerate(names)]
            main = os.path.join(directory, "main")
            with open(main, "w") as f:
                f.write(NGINX.format(directory, "\n".join(places)))
            arguments = [command, "-p", directory, "-c", main]
            tested = subprocess.run([*arguments, "-t"], capture_output=True, text=True)
            assert tested.returncode == 0, tested.stderr
            with subprocess.Popen(arguments) as server:
                try:
                    return fetch(curl, directory, names)
                finally:
                    server.terminate()

    return [read]


def fetch(curl, directory, names):
    subprocess.run(
        [curl, "-s", "--retry", "50", "--retry-delay", "0", "--retry-all-errors", "--unix-socket",
         f"{directory}/s", "-o", f"{directory}/got#1", f"http://localhost/[0-{len(names) - 1}]"], check=True)
    got = []
    for i in range(len(names)):
        with open(f"{directory}/got{i}", newline="", errors="surrogateescape") as f:
            got.append(f.read())
    return got


# ---- format: (template, its readers, what they must find, must it take all values?) ----

PRINT = "printf '%s\\0' "
CASES = {
    "json": [
        ('{"a": ${V}, "b": [1,${V}]}', one_by_one(json.loads), lambda v: {"a": scalar(v), "b": [1, scalar(v)]}, True),
        ('{"a": "<${V}>", "b": "\\\\${V}"}', one_by_one(json.loads), lambda v: {"a": f"<{v}>", "b": "\\" + v}, True),
        ('{"a": 1${V}}', one_by_one(json.loads), lambda v: {"a": json.loads("1" + v)}, False),
        ('{"a": "\\u00${V}"}', one_by_one(json.loads), None, False),
    ],
    "toml": [
        ('a = ${V}\n[b]\nc = "${V}"\n', toml, lambda v: {"a": not_null(v), "b": {"c": v}}, True),
        ('a = """\n<${V}>""" # it\'s\nb = [${V}, 1]\n', toml, lambda v: {"a": f"<{v}>", "b": [not_null(v), 1]}, True),
        ("${V} = 1\n[t]\na = {${V} = [${V}]}\n", toml, lambda v: {v: 1, "t": {"a": {v: [not_null(v)]}}}, True),
        ("a = [[${V}], # c\n[1]]\n[[${V}]]\nb = 1\n", toml, lambda v: {"a": [[not_null(v)], [1]], v: [{"b": 1}]},
         True),
        ("a = '${V}'\n", toml, lambda v: {"a": v}, False),
        ("a = 1 # ${V}\n", toml, lambda v: {"a": 1}, False),
        ("a = '''${V}'''\n", toml, lambda v: {"a": v}, False),
    ],
    "yaml": [
        ("a: ${V}\nb:\n  - ${V}\n  - c: ${V} # it's\n    d: ${V}\n", yaml,
         lambda v: {"a": yaml_scalar(v), "b": [yaml_scalar(v), {"c": yaml_scalar(v), "d": yaml_scalar(v)}]}, True),
        ('a: "${V}"\nb: {c: "<${V}>", "d":${V}}\n', yaml,
         lambda v: {"a": v, "b": {"c": f"<{v}>", "d": yaml_scalar(v)}}, True),
        ("a: [${V}, ${V}]\nb:\n  ${V}\nc: 1\n", yaml,
         lambda v: {"a": [yaml_scalar(v)] * 2, "b": yaml_scalar(v), "c": 1}, True),
        ('a: !!str ${V}\nb: &x ${V}\nc: it\'s\n"d": *x\n', yaml,
         lambda v: {"a": v, "b": yaml_scalar(v), "c": "it's", "d": yaml_scalar(v)}, True),
        ("---\na: '${V}'\n", yaml, lambda v: {"a": v}, False),
        ("a: |\n  it's \"\n  ${V}.\nb: 'it''s'\nc: '<${V}>'\n", yaml,
         lambda v: {"a": f'it\'s "\n{v}.\n', "b": "it's", "c": f"<{v}>"}, False),
        ("a: x${V}y\nb: http://${V}/\n", yaml, lambda v: {"a": f"x{v}y", "b": f"http://{v}/"}, False),
        ("# ${V}\nk${V}: 1\n", yaml, lambda v: {f"k{v}": 1}, False),
        ("a: ${V} x\nb: [x ${V} x]\n", yaml, lambda v: {"a": f"{v} x", "b": [f"x {v} x"]}, False),
        ("a: >-\n  x\n${V}: 1\nb: two\n  ${V}'\n", yaml,
         lambda v: {"a": "x", yaml_key(v): 1, "b": f"two {v}'"}, False),
        ("- ${V}:${V}\n- n${V}\n- .${V} # c\n- 1${V}:30\n- [${V}:${V}, n${V}]\n- 2026-${V}-01", yaml,
         lambda v: [yaml_scalar(t) for t in (f"{v}:{v}", f"n{v}", f".{v}", f"1{v}:30")]
         + [[f"{v}:{v}", f"n{v}"], f"2026-{v}-01"], False),
        ("n${V}: {n${V}: 1, b: -${V}}\n", yaml, lambda v: {f"n{v}": {f"n{v}": 1, "b": yaml_scalar(f"-{v}")}}, False),
        ("a:\n  2026-01-01\n  ${V}:${V}:${V}\n", yaml, lambda v: {"a": f"2026-01-01 {v}:{v}:{v}"}, False),
        ("- x ${V}#y\n- [x ${V}#y]\n", yaml, lambda v: [f"x {v}#y", [f"x {v}#y"]], False),
        ("- a:${V}\n", yaml, lambda v: [f"a:{v}"], False),
        ("? a\n: ${V}\n", yaml, lambda v: {"a": yaml_scalar(v)}, False),
        ("a: &${V} 1\nb: x\n", yaml, None, False),
        ('a: "\\x${V}"\n', yaml, None, False),
    ],
    "xml": [
        ("<?xml version='1.0'?><!-- it's --><a b=\"${V}\" c='${V}'>${V}<d/><![CDATA['\"]]></a>", one_by_one(xml_tree),
         lambda v: ["a", {"b": v, "c": v}, v, ["d", {}, ""]], True),
        ("<a><!-- ${V} --><![CDATA[${V}]]></a>", one_by_one(xml_tree), lambda v: ["a", {}, v], False),
        ("<a><b${V}/>&am${V}p;</a>", one_by_one(xml_tree), lambda v: ["a", {}, "", ["b" + v, {}, ""]], False),
    ],
    "html": [
        ("<!DOCTYPE html><a b=\"${V}\" c='<${V}>'>.${V}.</a>", one_by_one(page),
         lambda v: [["a", ("b", v), ("c", f"<{v}>")], f".{v}.", "/a"], True),
        ("<p>a<br>b < c &lt; it's</p><script>x('</p>')</script><p>${V}.</p>", one_by_one(page),
         lambda v: [["p"], "a", ["br"], "b < c < it's", "/p", ["script"], "x('</p>')", "/script", ["p"], v + ".",
                    "/p"], True),
        ("<p onclick=\"x('${V}')\"><script>'${V}'</script><!-- ${V} --><i a=${V}x>", one_by_one(page),
         lambda v: [["p", ("onclick", f"x('{v}')")], ["script"], *([f"'{v}'"]), "/script", ["i", ("a", v + "x")]],
         False),
    ],
    "sql": [
        ("SELECT '${V}' AS a;\nSELECT 2 AS b -- it's\n;\nSELECT '${V}''${V}' AS c;\n", one_by_one(sql),
         lambda v: [["a", v], ["b", 2], ["c", v + "'" + v]], True),
        ('SELECT 1 AS "${V}";\n', one_by_one(sql), lambda v: [[v, 1]], True),
        ("SELECT (${V}) AS a;\nSELECT 1+${V} AS b;\nSELECT x_${V} AS c FROM (SELECT 2 x_${V});\n", one_by_one(sql),
         lambda v: [["a", scalar(v)], ["b", 1 + scalar(v)], ["c", 2]], False),
        ("SELECT (${V}) AS a;\n", one_by_one(sql), lambda v: [["a", scalar(v)]], False),
        ("SELECT 1 AS a -- ${V}\n;\nSELECT 1 AS b /* ${V} */;\n", one_by_one(sql),
         lambda v: [["a", 1], ["b", 1]], False),
    ],
    "nginx": [
        ('return 200 "<${V}>"; # it\'s', nginx, lambda v: f"<{v}>", False),
        ("return 200 '<${V}>';", nginx, lambda v: f"<{v}>", False),
        ("return 200 ${V};", nginx, lambda v: v, False),
        ("# ${V}\nreturn 200 a${V};", nginx, lambda v: "a" + v, False),
    ],
    "shell": [
        (f"x=${{V}}\n{PRINT}\"$x\" ${{V}} \"<${{V}}>\" '<${{V}}>' end\n", shells,
         lambda v: [v, v, f"<{v}>", f"<{v}>", "end"], True),
        (f"{PRINT}\"$(printf '%s.' \"${{V}}\" ${{V}} '${{V}}')\" # it's ${{NO:-}}\n{PRINT}'${{V}}'\n",
         shells, lambda v: [f"{v}.{v}.{v}.", v], True),
        (f"y=1; {PRINT}\"`printf '%s' '\"'`\" \"$(( (1+2) ))\" \"${{y%\"1\"}}\" '${{V}}'\n".replace(
            "${y", "$${y"), shells, lambda v: ['"', "3", "", v], True),
        (f"cat <<EOF >/dev/null\nit's ${{V}}\n${{V}}\nEOF\n{PRINT}'${{V}}'\n", shells, lambda v: [v], False),
        (f"{PRINT}a # ${{V}}\n{PRINT}b\n", shells, lambda v: ["a", "b"], False),
        (f"{PRINT}`printf %s ${{V}}` a\n", shells, lambda v: [v, "a"] if v else ["a"], False),
        (f"{PRINT}$${{x:-${{V}}}} a${{V}}\n", shells, lambda v: [v, "a" + v] if v else ["a"], False),
    ],
    "php": [
        ("it's <?php\n# it's\nreturn ['${V}', \"<${V}>\", ${V}, 'k' =>${V}, \"a $u{${V} $u\"];\n", php,
         lambda v: [v, f"<{v}>", scalar(v), scalar(v), f"a {{{v} "], True),
        ("<?php /* it's */ $a = ['b' => 'c']; $c = 'c'; return [\"$a[b] ${V} {$c}${V}\"];", php,
         lambda v: [f"c {v} c{v}"], True),
        ("<?php return array_keys(['a' => 1,${V}=>1]);", php, lambda v: ["a", php_key(v)], True),
        ("<?php // ${V}\nreturn [$x${V} ?? 1, <<<EOT\n \"it's ${V}\n EOT, '${V}'];", php, lambda v: [1, f"\"it's {v}", v], False),
        ("<?php return [\"\\x${V}\", \"$argc${V}\", `echo ${V}`, <<<'E'\n${V}\nE];", php, None, False),
        ("<?= '${V}' ?>a${V}<?php return ['?>', \"${V}\", /* *${V} */ 1];", php, lambda v: ["?>", v, 1], False),
    ],
    "js": [
        ("// it's\nconst a = /['\"`]/, b = 4 / 2; /* \" */\nreturn ['${V}', \"<${V}>\", ${V}, {\"k\": ${V}}.k,"
         " `'$${a ? `\"` : 1}`, '${V}'];", node,
         lambda v: [v, f"<{v}>", scalar(v), scalar(v), "'\"", v], True),
        ("return Object.keys({${V}: 1});", node, lambda v: [v], True),
        ("return [`${V}`, typeof x${V}, /* ${V} */ 1 /* *${V} */, '${V}']; // ${V}\n", node,
         lambda v: [v, "undefined", 1, v], False),
        ("const re = /a${V}/;\nreturn [re.source, '\\u00${V}'];", node, None, False),
    ],
    "lua": [
        ("-- it's\nlocal t = {k = 1} --[==[ ' ]] \" ]==]\nreturn {'${V}', \"<${V}>\", ${V}, t['k'], [[']], ({[${V}] = "
         "2})[${V}], '\\\\${V}'}", lua,
         lambda v: [v, f"<{v}>", lua_scalar(v), 1, "'", 2, "\\" + v], True),
        ("return {[=[${V}]=], x${V} == nil, '${V}'} -- ${V}\n", lua, lambda v: [v, True, v], False),
        ("return {'\\1${V}', '\\x${V}'}", lua, None, False),
    ],
    "ini": [
        ("[a]\n# it's\nb = ${V}\nc: <${V}>\nd = 1\n", one_by_one(ini),
         lambda v: {"a": {"b": v, "c": f"<{v}>", "d": "1"}}, False),
        ('[a]\nb = "${V}"\nc = \'${V}\'\n', one_by_one(ini), lambda v: {"a": {"b": f'"{v}"', "c": f"'{v}'"}}, False),
        ("[a]\n# ${V}\nb = 1\n[${V}x]\n", one_by_one(ini), lambda v: {"a": {"b": "1"}, v + "x": {}}, False),
    ],
    "properties": [
        ("a=${V}\nb=<${V}>\nc=1\n", one_by_one(properties), lambda v: {"a": v, "b": f"<{v}>", "c": "1"}, False)
    ],
    "env": [
        ("A=${V}\nC=1\n", one_by_one(env), lambda v: {"A": v, "C": "1"}, False),
        ("A=${V}\nB=<${V}>\nC=1\n", one_by_one(env), lambda v: {"A": v, "B": f"<{v}>", "C": "1"}, False),
        ('A="${V}"\nB=1\n', one_by_one(env), lambda v: {"A": v, "B": "1"}, False),
        ("A='${V}'\nB=1\n", one_by_one(env), lambda v: {"A": v, "B": "1"}, False),
    ],
}


def yaml_key(value):
    return value if value in ("true", "false") else yaml_scalar(value)


def php_key(value):
    return int(value) if re.fullmatch("-?[1-9][0-9]*|0", value) else value


def lua_scalar(value):
    return not_null(value)


# ---- templates by chance ----

VALUE = ["${V}", '"${V}"', "'${V}'"]
PIECES = {
    "toml": ['"', "'", '"""', "'''", "[", "]", "#", "=", "a", " ", "\n", "b = ", "c = ", "\\", *VALUE],
    "shell": ['"', "'", "`", "$(", ")", "(", "#", "\\", " ", "\n", "a", ";", "<<E\n", "\nE\n", "$${x", "}",
              "$((", "))", "$'", ": ", "case a in ", "esac", *VALUE],
    "yaml": ['"', "'", "a", "b: ", "c:\n", "- ", "\n", "\n  ", "\n    ", " ", "[", "]", "{", "}", ", ", ": ", ":", "#",
             " # ", "|\n", ">-\n", "&x ", "!!str ", "x: |\n  y\n", "--- ", "---\n", "? ", "\\", "\r\n", *VALUE],
    "xml": ["<a>", "</a>", "<a b=", '"', "'", ">", "<", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>", "&", ";",
            " ", "x", "=", "<!DOCTYPE a", *VALUE],
    "php": ["<?php ", "?>", '"', "'", "`", "//", "#", "/*", "*/", "<<<E\n", "\nE", "\nE;\n", "\n", ";", "$a", "{$a", "}",
            "[", "]", "\\", " ", "(", ")", ",", ".", "$b = ", "<?= ", *VALUE],
    "js": ['"', "'", "`", "$${", "}", "{", "//", "/*", "*/", "/", "[", "]", "\n", ";", "a", "a = ", "(", ")", ",", "+",
           "\\", " ", "return ", "<!--", "-->", *VALUE],
    "lua": ['"', "'", "[[", "]]", "[=[", "]=]", "--", "--[[", "\n", "a = ", "a", "{", "}", ",", "..", "(", ")", "\\", "[",
            "=", " ", *VALUE],
}


def shape(value):
    if isinstance(value, dict):
        return [shape(v) for v in value.values()]
    if isinstance(value, list):
        return [shape(v) for v in value]
    return 0


def structure(read):
    """The shapes of texts; None where one is none."""

    def one(text):
        try:
            return shape(read(text))
        except Exception:
            return None

    return lambda texts: [one(text) for text in texts]



def shell_outcome(text):
    got = subprocess.run([program("bash"), "-rc", os.fsencode(text)], capture_output=True, env={"PATH": ""}, timeout=20)
    executed = os.path.exists("pwned") or b": PWNED: command not found" in got.stderr
    return "executed" if executed else None


def executed(lines):
    return ["executed" if line == "executed" else None for line in lines]


def outcomes(format_, texts):
    """What each text is: its structure, "executed", or None."""
    if format_ == "shell":
        return [shell_outcome(text) for text in texts]
    if format_ == "php":
        return executed(run_files([program("php"), "-n"], PHP, texts))
    if format_ == "js":
        return executed(run_files([program("node")], NODE, texts))
    if format_ == "lua":
        return executed(run_files([program("lua")], LUA, texts))
    if format_ == "xml":
        return structure(lambda text: tree_list(xml.etree.ElementTree.fromstring(text)))(texts)
    if format_ == "yaml":
        return structure(lambda text: list(module("yaml").safe_load_all(text)))(texts)
    return structure(module("tomllib").loads)(texts)


def tree_list(node):
    return [list(node.attrib), *map(tree_list, node)]
