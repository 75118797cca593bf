#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Values of every kind through every escape, into the format's real parser.

usage: escapes.py GROUNDWORK FORMAT…
       escapes.py GROUNDWORK fuzz ROUNDS SEED FORMAT…

Each template is rendered with each value, in the current directory. The parser must find
exactly what the template and the value say, or groundwork must refuse the value, which
`always` forbids. `fuzz` puts templates together by chance: no value may change what a plain
one gives, and JSON must be what the template and the value say. Exit 77, with a line that says why: there is no such parser here.
"""
import json
import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from escape_parsers import CASES, PIECES, Missing, outcomes, scalar  # noqa: E402

PROGRAM = sys.argv[1]
ALL = "".join(map(chr, range(32, 127))) + "é€😀"
VALUES = [
    "", "plain", "8080", "-1", "1.5e3", "1e3", "007", "0x1f", "1_000", "1:30", "2026-01-01", "1.10", ".5", "5.",
    "true", "false", "null", "nil", "~", "yes", "No", "on", "y", "<<", "=", ".inf", "1,2", "a.b", "--", "---",
    "...", "a/b:c", "a-b.example", "::1", "[::1]:80", "a:", "a :", "a: b", ": ", ":", "- ", "-", "- a", "? a",
    "#", " #", "a #b", "# a", "*a", "&a", "!a", "!!str", "%a", "@a", "`a", "|", ">", "{a: b}", "[1]", ",", "\\",
    ALL, ALL + "\n\t\x7f" + ALL, *(c for c in ALL if not c.isalnum()), "\n", "\t", "\r", "\x7f", "\x01", "\x1b",
    '8080, "admin": true', 'evil"; return 403 "x', "$(touch pwned)", "`touch pwned`", "; touch pwned",
    "x\nEOF\ntouch pwned\n", "EOF", "E", "'; DROP TABLE t; --", "''", '""', '"""', "'''", "a\\", "\\'",
    '\\"', "\\n", "a b", " a ", "a # b", "a ; b", "a\nb: c", "x = 1\n[y]\nz = 2", "a\n\nb\n", " \n ",
    "${HOME}", "$HOME", "{$HOME}", "{", "->a", "[0]", "%(a)s", "*/", "/*", "]]>", "]]", "<b>&amp;", "amp;", "-->",
    "<!--", "</script>", "<?php PWNED(); ?>", "?>", "?><?= PWNED() ?>", "'.PWNED().'", "${PWNED()}", "`+PWNED()+`",
    "'+PWNED()+'", '"+PWNED()+"', '"..PWNED().."', "]] .. PWNED() --", "/;PWNED();/", "\u2028PWNED()", "a\u2028b",
    "a\u2029b", "a\x85b", "\ufeff", "\ufffe", "a\r\nb", "\udcff", "a\udcc3(", "41", "u0041", "x41", "101",
    "o", "on", "inf", "nan", "22", "022", "0b1", "0o7", "1,000", "+1", "NULL", "True", "2026-1-1",
]


def steps(format_, templates, ids):
    """Writes the configuration of these texts, and returns what it prints on errors."""
    with open("conf/10.ini", "w") as f:
        f.write("[bootstrap]\nfail_fast = no\n")
        for i in ids:
            ending = ".json" if format_ == "json" else ""
            f.write(f"[file:f{i}]\npath = out{i}{ending}\ntemplate = ../template{i}\nescape = {format_}\n")
    values = {f"V{i}": os.fsencode(templates[i][1]) for i in ids}
    got = subprocess.run(
        [PROGRAM, "-c", "conf", "apply"], env={"PATH": os.environ["PATH"], **values}, capture_output=True
    )
    return got.returncode, os.fsdecode(got.stderr)


def render(format_, templates):
    """Of each (template, value) the text, or None where it was refused: all in few runs."""
    left = list(range(len(templates)))
    for i, (template, _) in enumerate(templates):
        with open(f"template{i}", "w", newline="") as f:
            f.write(template.replace("${V}", f"${{V{i}}}"))
    while left:
        code, error = steps(format_, templates, left)
        if code == 0:
            break
        refused = {int(i) for i in re.findall(r"\[file:f(\d+)\] template: ", error)}
        refused |= {int(i) for i in re.findall(r"out(\d+)\.json[:']", error)}
        if code not in (100, 111) or not refused:
            raise AssertionError(f"exit {code}: {error}")
        left = [i for i in left if i not in refused]
    texts = [None] * len(templates)
    for i in left:
        name = f"out{i}.json" if format_ == "json" else f"out{i}"
        with open(name, newline="", errors="surrogateescape") as f:
            texts[i] = f.read()
        os.unlink(name)
    for i in range(len(templates)):
        os.unlink(f"template{i}")
    return texts


def torture(format_):
    count = 0
    # Python hands only UTF-8 to SQLite.
    values = [v for v in VALUES if format_ != "sql" or not re.search("[\udc80-\udcff]", v)]
    for template, readers, want, always in CASES[format_]:
        pairs = [(template, value) for value in values]
        texts = render(format_, pairs)
        where = [f"{format_}: {template!r} with {value!r}: {text!r}" for (_, value), text in zip(pairs, texts)]
        taken = [i for i, text in enumerate(texts) if text is not None]
        for i, value in enumerate(values):
            # What is no character, or none of the format's, may be refused everywhere.
            assert not always or i in taken or not is_text(value), f"{where[i]}: it was refused"
        if not want:
            assert not taken or taken == [values.index("")], f"{format_}: {template!r} took {len(taken)} values"
            continue
        assert taken, f"{format_}: {template!r} took no value"
        for read in readers():
            for i, got in zip(taken, read([texts[i] for i in taken])):
                assert got == want(values[i]), f"{where[i]} was read as {got!r}, not {want(values[i])!r}"
                count += 1
    print(f"{format_}: {count} values came back the same")


def is_text(value):
    return not re.search("[\udc80-\udcff\x01\x1b\ufffe]", value)


# A value in a JSON template: within quotes, alone, and alone as a key.
QUOTED, BARE, KEY = "\0Q", "\0B", "\0K"


def json_string(chance):
    parts = chance.choices([QUOTED, "a", " ", "\\\\", '\\"', "\\u00e9", "{", "]", ":", ",", "#", "//"], k=chance.randint(0, 4))
    return '"' + "".join(parts) + '"'


def json_template(chance, depth=0):
    """Of pieces put together at random next to nothing is JSON."""
    def many(item):
        return chance.choice([",", " , ", "\n,"]).join(item() for _ in range(chance.randint(0, 3)))

    def member():
        key = chance.choice([KEY, json_string(chance), f'"k{chance.random()}"'])
        return key + chance.choice([":", " : ", ":\n"]) + json_template(chance, depth + 1)

    kind = chance.randint(0, 6 if depth < 4 else 4)
    if kind < 2:
        return chance.choice([BARE, f'"{QUOTED}"'])
    if kind < 5:
        return chance.choice([json_string(chance), "1", "-1.5e3", "true", "null"])
    return "[" + many(lambda: json_template(chance, depth + 1)) + "]" if kind == 5 else "{" + many(member) + "}"


def json_filled(template, value):
    """What it becomes, and whether an object of it has a name twice."""
    text = json.dumps(value)
    bare = json.dumps(scalar(value))
    twice = []

    def members(pairs):
        if len(dict(pairs)) < len(pairs):
            twice.append(pairs)
        return dict(pairs)
    filled = template.replace(QUOTED, text[1:-1]).replace(KEY, text).replace(BARE, bare)
    return json.loads(filled, object_pairs_hook=members), bool(twice)


# What is of JSON again behind the quote that it closes.
BREAKS_OUT = ['a", "PWNED": "b', 'a", "PWNED', '": "PWNED", "', '"], ["', '"}, {"PWNED": "']


def fuzz_json(rounds, seed):
    """What a template of JSON must become is known: nothing else, and no refusal, will do."""
    chance = random.Random(seed)
    values = [v for v in VALUES if is_text(v)]
    pairs = []
    while len(pairs) < rounds:
        # Alone, a string with a document in it is refused.
        template = f"[{json_template(chance)}]"
        value = chance.choice(chance.choice([values, BREAKS_OUT]))
        # A number stands bare, and is no key.
        if "\0" in template and not (KEY in template and not isinstance(scalar(value), str)):
            pairs.append((template, value))
    texts = render("json", [(re.sub("\0[QBK]", "${V}", template), value) for template, value in pairs])
    for (template, value), text in zip(pairs, texts):
        where = f"json (seed {seed}): {template!r} with {value!r}: {text!r}"
        filled, twice = json_filled(template, value)
        if twice and KEY in template:
            assert text is None, f"{where}: it has a name twice"
            continue
        assert text is not None or twice, f"{where}: it was refused"
        assert text is None or json.loads(text) == filled, where
    print(f"json: {rounds} templates became what they must")


# How many of 100 templates must take both values, or the comparison shows little.
TAKEN = {"toml": 20, "shell": 20, "xml": 25}


def fuzz(format_, rounds, seed):
    chance = random.Random(seed)
    hostile = VALUES[1:] + ["; PWNED;", "$(PWNED)", "\nPWNED\n", "'\nPWNED\n'", '"\nPWNED\n"', "PWNED()", "\nPWNED()\n"]
    pairs = []
    while len(pairs) < 2 * rounds:
        template = "".join(chance.choice(PIECES[format_]) for _ in range(chance.randint(2, 14)))
        if "${V}" in template:
            value = chance.choice(hostile)
            # Numbers, true and false stand bare where a text gets quotes, which may not stand
            # everywhere.
            bare = re.fullmatch(r"[-+.0-9]+|true|false", value)
            plain = "5" if bare else "plain"  # no key of PIECES
            pairs += [(template, plain), (template, value)]
    texts = render(format_, pairs)
    kept = [i for i in range(0, len(texts), 2) if texts[i] is not None and texts[i + 1] is not None]
    before = outcomes(format_, [texts[i] for i in kept])
    after = outcomes(format_, [texts[i + 1] for i in kept])
    for i, was, now in zip(kept, before, after):
        where = f"{format_} (seed {seed}): {pairs[i + 1]!r}: {texts[i + 1]!r}"
        assert now != "executed", f"{where}: the value was executed"
        assert now in (was, None), f"{where}: {was} became {now}"
    least = rounds * TAKEN.get(format_, 0) // 100
    assert len(kept) >= least, f"{format_} (seed {seed}): {len(kept)} of {rounds} templates took both, not {least}"
    print(f"{format_}: {len(kept)} of {rounds} templates took both values")


def main():
    os.makedirs("conf", exist_ok=True)
    if sys.argv[2] == "fuzz":
        for format_ in sys.argv[5:]:
            rounds, seed = int(sys.argv[3]), int(sys.argv[4])
            fuzz_json(rounds, seed) if format_ == "json" else fuzz(format_, rounds, seed)
    else:
        for format_ in sys.argv[2:]:
            torture(format_)


if __name__ == "__main__":
    try:
        main()
    except Missing as what:
        print(f"there is no {what} here")
        sys.exit(77)
    except AssertionError as problem:
        print(os.fsencode(str(problem)).decode(errors="backslashreplace"))
        sys.exit(1)
