#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Values of every kind through every escape, into the format's real parser.

usage: escapes.py GROUNDWORK FORMAT…

Each template is rendered with each value, in the current directory. The parser must find
exactly what the template and the value say, or groundwork must refuse the value (exit 100,
which `always` forbids). Exit 77, with a line that says why: there is no such parser here.
"""
import configparser
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys

BASH = shutil.which("bash")
PROGRAM = sys.argv[1]
ALL = "".join(map(chr, range(32, 127))) + "é€😀"
VALUES = [
    "", "plain", "8080", "-1", "1.5e3", "007", "true", "null", "yes", "1,2", "a.b", "--", "a/b:c",
    ALL, ALL + "\n\t\x7f" + ALL, *(c for c in ALL if not c.isalnum()), "\n", "\t", "\x7f", "\x01",
    '8080, "admin": true', 'evil"; return 403 "x', "$(touch pwned)", "`touch pwned`", "; touch pwned",
    "x\nEOF\ntouch pwned\n", "EOF", "E", "'; DROP TABLE t; --", "''", '""', '"""', "'''", "a\\", "\\'",
    '\\"', "\\n", "a b", " a ", "a # b", "a ; b", "a: b", "a:", "- a", "# a", "x = 1\n[y]\nz = 2",
    "${HOME}", "$HOME", "%(a)s", "*/", "/*", "]]>", "<b>&amp;", "a\r\nb",
]


def render(format_, template, value):
    """The text, or None where it was refused."""
    out = "out.json" if format_ == "json" else "out"
    with open("template", "w", newline="") as f:
        f.write(template)
    with open("conf/10.ini", "w") as f:
        f.write(f"[file:f]\npath = {out}\ntemplate = ../template\nescape = {format_}\npolicy = manage\n")
    got = subprocess.run(
        [PROGRAM, "-c", "conf", "apply"], env={**os.environ, "V": value}, capture_output=True
    )
    if got.returncode == 0:
        with open(out, newline="", encoding="utf-8") as f:
            return f.read()
    error = got.stderr.decode()
    if got.returncode not in (100, 111) or ("template:" not in error and "out.json:" not in error):
        raise AssertionError(f"exit {got.returncode}: {error}")
    return None


def scalar(value):
    try:
        read = json.loads(value)
    except ValueError:
        return value
    return value if isinstance(read, (dict, list, str)) else read


def words(shell):
    def read(text):
        got = subprocess.run([shell, "-c", text], capture_output=True)
        assert not os.path.exists("pwned"), "the value was executed"
        assert got.returncode == 0, got.stderr
        return got.stdout.decode().split("\0")[:-1]

    return read


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


def toml(text):
    import tomllib

    return tomllib.loads(text)


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


PRINT = "printf '%s\\0' "
# format: (template, parser, what it must find, must it take all values?)
CASES = {
    "json": [
        ('{"a": ${V}, "b": [1,${V}]}', json.loads, lambda v: {"a": scalar(v), "b": [1, scalar(v)]}, True),
        ('{"a": "<${V}>", "b": "\\\\${V}"}', json.loads, lambda v: {"a": f"<{v}>", "b": "\\" + v}, True),
        ('{"a": 1${V}}', json.loads, lambda v: {"a": json.loads("1" + v)}, False),
    ],
    "toml": [
        ('a = ${V}\n[b]\nc = "${V}"\n', toml, lambda v: {"a": toml_scalar(v), "b": {"c": v}}, True),
        ('a = """\n<${V}>""" # it\'s\nb = [${V}, 1]\n', toml,
         lambda v: {"a": f"<{v}>", "b": [toml_scalar(v), 1]}, True),
        ("a = '${V}'\n", toml, lambda v: {"a": v}, False),
        ("a = 1 # ${V}\n", toml, lambda v: {"a": 1}, False),
        ("a = '''${V}'''\n", toml, lambda v: {"a": v}, False),
    ],
    "sql": [
        ("SELECT '${V}' AS a;\nSELECT 2 AS b -- it's\n;\nSELECT '${V}''${V}' AS c;\n", sql,
         lambda v: [["a", v], ["b", 2], ["c", v + "'" + v]], True),
        ('SELECT 1 AS "${V}";\n', sql, lambda v: [[v, 1]], True),
        ("SELECT 1 AS a -- ${V}\n;\nSELECT 1 AS b /* ${V} */;\n", sql,
         lambda v: [["a", 1], ["b", 1]], False),
    ],
    "shell": [
        (f"x=${{V}}\n{PRINT}\"$x\" ${{V}} \"<${{V}}>\" '<${{V}}>' end\n", None,
         lambda v: [v, v, f"<{v}>", f"<{v}>", "end"], True),
        (f"{PRINT}\"$(printf '%s.' \"${{V}}\" ${{V}} '${{V}}')\" # it's ${{NO:-}}\n{PRINT}'${{V}}'\n",
         None, lambda v: [f"{v}.{v}.{v}.", v], True),
        (f"y=1; {PRINT}\"`printf '%s' '\"'`\" \"$(( (1+2) ))\" \"${{y%\"1\"}}\" '${{V}}'\n".replace(
            "${y", "$${y"), None, lambda v: ['"', "3", "", v], True),
        (f"cat <<EOF >/dev/null\nit's ${{V}}\n${{V}}\nEOF\n{PRINT}'${{V}}'\n", None, lambda v: [v], False),
        (f"{PRINT}a # ${{V}}\n{PRINT}b\n", None, lambda v: ["a", "b"], False),
        (f"{PRINT}`printf %s ${{V}}` a\n", None, lambda v: [v, "a"] if v else ["a"], False),
        (f"{PRINT}$${{x:-${{V}}}} a${{V}}\n", None, lambda v: [v, "a" + v] if v else ["a"], False),
    ],
    "ini": [
        ("[a]\n# it's\nb = ${V}\nc: <${V}>\nd = 1\n", ini,
         lambda v: {"a": {"b": v, "c": f"<{v}>", "d": "1"}}, False),
        ('[a]\nb = "${V}"\nc = \'${V}\'\n', ini, lambda v: {"a": {"b": f'"{v}"', "c": f"'{v}'"}}, False),
        ("[a]\n# ${V}\nb = 1\n[${V}x]\n", ini, lambda v: {"a": {"b": "1"}, v + "x": {}}, False),
    ],
    "properties": [("a=${V}\nb=<${V}>\nc=1\n", properties, lambda v: {"a": v, "b": f"<{v}>", "c": "1"}, False)],
    "env": [
        ("A=${V}\nB=<${V}>\nC=1\n", env, lambda v: {"A": v, "B": f"<{v}>", "C": "1"}, False),
        ('A="${V}"\nB=1\n', env, lambda v: {"A": v, "B": "1"}, False),
        ("A='${V}'\nB=1\n", env, lambda v: {"A": v, "B": "1"}, False),
    ],
}


def toml_scalar(value):
    read = scalar(value)
    return value if read is None else read


def check(format_, template, read, want, always, value):
    text = render(format_, template, value)
    where = f"{format_}: {template!r} with {value!r}"
    if text is None:
        assert not always, f"{where}: it was refused"
        return 0
    try:
        got, want = read(text), want(value)
    except Exception as e:
        raise AssertionError(f"{where}: {text!r}: {e!r}") from e
    assert got == want, f"{where}: {text!r} was read as {got!r}, not {want!r}"
    return 1


def torture(format_):
    count = 0
    for template, read, want, always in CASES[format_]:
        readers = [read] if read else [words(s) for s in ("sh", "bash") if shutil.which(s)]
        taken = sum(
            check(format_, template, reader, want, always, value) for reader in readers for value in VALUES
        )
        assert taken, f"{format_}: {template!r} took no value"
        count += taken
    print(f"{format_}: {count} values came back the same")


PIECES = {
    "json": ['"', "[", "]", "{", "}", ":", ",", " ", "1", '"a"', '"a":', "\\", "${V}", '"${V}"', "\n"],
    "toml": ['"', "'", '"""', "'''", "[", "]", "#", "=", "a", " ", "\n", "b = ", "c = ", "${V}", '"${V}"', "\\"],
    "shell": ['"', "'", "`", "$(", ")", "(", "#", "\\", " ", "\n", "a", ";", "<<E\n", "\nE\n", "$${x", "}",
              "$((", "))", "$'", "${V}", '"${V}"', "'${V}'", ": ", "case a in ", "esac"],
}


def shape(value):
    if isinstance(value, dict):
        return [shape(v) for v in value.values()]
    if isinstance(value, list):
        return [shape(v) for v in value]
    return 0


def outcome(format_, text):
    """The structure of a text, or None where it is none."""
    if format_ == "shell":
        got = subprocess.run([BASH, "-rc", text], capture_output=True, env={"PATH": ""}, timeout=20)
        if os.path.exists("pwned") or b": PWNED: command not found" in got.stderr:
            return "executed"
        return None
    try:
        return shape(json.loads(text) if format_ == "json" else toml(text))
    except (ValueError, TypeError, RecursionError):
        return None


def fuzz(format_, rounds, seed):
    """Templates by chance: no value changes what a plain one gives."""
    chance = random.Random(seed)
    for _ in range(rounds):
        template = "".join(chance.choice(PIECES[format_]) for _ in range(chance.randint(2, 14)))
        if "${V}" not in template:
            continue
        value = chance.choice(VALUES + ["; PWNED;", "$(PWNED)", "\nPWNED\n", "'\nPWNED\n'", '"\nPWNED\n"'])
        plain = render(format_, template, "x")
        text = render(format_, template, value)
        if plain is None or text is None:
            continue
        before, after = outcome(format_, plain), outcome(format_, text)
        where = f"{format_} (seed {seed}): {template!r} with {value!r}: {text!r}"
        assert after != "executed", f"{where}: the value was executed"
        assert before is None or after in (before, None), f"{where}: {before} became {after}"
        assert before is not None or after is None, f"{where}: None became {after}"


def main():
    os.makedirs("conf", exist_ok=True)
    if sys.argv[2] == "fuzz":
        for format_ in PIECES:
            fuzz(format_, int(sys.argv[3]), int(sys.argv[4]))
        return 0
    for format_ in sys.argv[2:]:
        if format_ == "toml" and sys.version_info < (3, 11):
            print("this Python has no tomllib")
            return 77
        torture(format_)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except AssertionError as problem:
        print(problem)
        sys.exit(1)
