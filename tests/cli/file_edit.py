#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files by chance, of which single keys are set: file_edit.py make|compare COUNT

`make` writes files/N.ini, .env, .properties or .json, conf/10.ini, which sets keys in them
(by `set`, and by `from_env` from variables in the file `variables`), and what is to come
out in expected/N."""

import json
import os
import random
import re
import sys

NEWLINES = ["\n", "\r\n"]
SEPARATORS = {"ini": ["=", " = ", "= ", " : "], "env": ["="], "properties": ["=", " = ", ": ", " "]}
FROM_ENV = {"ini": "__{section}__{key}", "env": "_{key}", "properties": "_{key} lower _=.",
            "json": "__{key} lower hex __=."}
SAFE = re.compile(r"[A-Za-z0-9_./:@%+,-]*")


def value(chance):
    words = ["x", "1", "a b", "#no", "; no", "=", "[z]", "é", "'q'", "%s", "://"]
    return chance.choice("ab1") + "".join(chance.choices(words, k=chance.randint(0, 2)))


def other_line(chance, form):
    lines = {"ini": ["", "; c", "# k0 = 1", "  "], "env": ["", "# K0=1", "#x"],
             "properties": ["", "# c", "! k.0=1", "  "]}
    return chance.choice(lines[form])


def key(form, number):
    return {"ini": f"k{number}", "env": f"K{number}", "properties": f"k.{number}"}[form]


def quoted(text):
    return '"' + re.sub(r'(["\\$`])', r"\\\1", text) + '"'


def written(form, text):
    """How a value of a variable is to be written."""
    if form == "properties":
        return "".join(f"\\u{ord(c):04x}" if ord(c) > 126 else "\\" + c if c in "\\=:#!" else c for c in text)
    if form == "env" and not SAFE.fullmatch(text):
        return quoted(text) if "'" in text else f"'{text}'"
    return text


class Changes:
    """What is set: in text of the file's format by section, and in variables."""

    def __init__(self, chance, number):
        self.chance, self.prefix = chance, f"F{number}"
        self.text, self.patch, self.variables = {}, {}, {}

    def any(self):
        return self.text or self.patch or self.variables

    def line(self, form, section, name, text):
        """A key of a file of lines is to be set; returns how it is then written."""
        if self.chance.random() < 0.5:
            text = f'"{text}"' if form == "env" else text
            self.text.setdefault(section, []).append(f"{name}={text}")
            return text
        if form == "ini":
            section, name = (self.chance.choice([s.lower(), s.upper()]) for s in (section, name))
            name = f"_{section}__{name}"
        self.variables[f"{self.prefix}_{name.upper().replace('.', '_') if form == 'properties' else name}"] = text
        return written(form, text)

    def member(self, path, was):
        """The same of the member of an object."""
        text = self.chance.choice(["1e5", "-7", "true", "null ", "x", 'q"\\', "é", "{}"])
        if self.chance.random() < 0.5:
            patch = self.patch
            for name in path[:-1]:
                patch = patch.setdefault(name, {})
            patch[path[-1]] = text
            return json.dumps(text)
        # Names of variables are in upper case, and have no dash and no dot.
        name = "__".join(re.sub(r"[-.]", lambda c: f"_0X{ord(c[0]):02X}_", part).upper() for part in path)
        self.variables[f"{self.prefix}__{name}"] = text
        as_is = text in ("1e5", "-7", "true") and not isinstance(was, str)
        return text if as_is else json.dumps(text, ensure_ascii=False)


def make_lines(chance, form, changes):
    """A file, and what it is to become."""
    before, after = [], []
    sections = [""] + ([f"s{n}" for n in range(chance.randint(0, 3))] if form == "ini" else [])
    for section in sections:
        if section:
            line = f"[{section}]" + chance.choice(["", " ", " ; c", " # [c]"])
            before.append(line)
            after.append(line)
        # One that is deeper than the one above it may be more of its value.
        indent = chance.choice(["", "", "  "]) if form == "ini" else ""
        for number in range(chance.randint(1, 5)):
            for _ in range(chance.randint(0, 2)):
                line = other_line(chance, form)
                before.append(line)
                after.append(line)
            name, old = key(form, number), value(chance)
            head = indent
            if form == "env":
                old = f'"{old}"'
                head = chance.choice(["", "", "export "])
            head += name + chance.choice(SEPARATORS[form])
            new = changes.line(form, section, name, value(chance)) if chance.random() < 0.4 else old
            before.append(head + old)
            after.append(head + new)
    newline = chance.choice(NEWLINES)
    end = chance.choice([newline, ""])
    return newline.join(before) + end, newline.join(after) + end


def make_object(chance, changes, path=()):
    """An object as it is written, before and after."""
    def space():
        return chance.choice(["", "", " ", "\n", "\r\n\t", "  "])
    before = after = "{" + space()
    names = chance.sample(["a", "b-c", "d", "e.f", "g", "h"], k=chance.randint(1, 4))
    for number, name in enumerate(names):
        head = ("," + space() if number else "") + f'"{name}"' + space() + ":" + space()
        if len(path) < 3 and chance.random() < 0.3:
            old, new = make_object(chance, changes, path + (name,))
        else:
            was = chance.choice(["x", "\u00e9\\", 1, 2.50, True, None, [1, {"a": 2}]])
            old = new = json.dumps(was, ensure_ascii=chance.random() < 0.5)
            if not isinstance(was, list) and chance.random() < 0.4:
                new = changes.member(path + (name,), was)
        tail = space()
        before += head + old + tail
        after += head + new + tail
    return before + "}", after + "}"


def section_of(number, form, changes):
    """The step that makes these changes."""
    yield f"[file:f{number}]\npath = files/{number}.{form}\npolicy = edit\nfrom_env = F{number}{FROM_ENV[form]}\n"
    if changes.patch:
        yield f"set = {json.dumps(changes.patch)}\n"
    if changes.text:
        yield "set =\n"
    for section, lines in changes.text.items():
        yield from (f"  {line}\n" for line in ([f"[{section}]"] if section else []) + lines)


def make(count):
    seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
    print("seed", seed)
    chance = random.Random(seed)
    for directory in ("files", "expected", "conf"):
        os.mkdir(directory)
    with open("conf/10.ini", "w", encoding="utf-8") as conf, open("variables", "w", encoding="utf-8") as variables:
        conf.write("[app]\nenv_file = ../variables\n")
        for number in range(count):
            form = chance.choice(["ini", "env", "properties", "json"])
            changes = None
            while not changes or not changes.any():
                changes = Changes(chance, number)
                texts = make_object(chance, changes) if form == "json" else make_lines(chance, form, changes)
            for directory, text in zip(("files", "expected"), texts):
                with open(f"{directory}/{number}.{form}", "w", encoding="utf-8", newline="") as file:
                    file.write(text)
            conf.writelines(section_of(number, form, changes))
            variables.writelines(f"{name}={quoted(text)}\n" for name, text in changes.variables.items())


def compare(count):
    wrong = []
    for name in sorted(os.listdir("expected")):
        with open(f"expected/{name}", "rb") as one, open(f"files/{name}", "rb") as other:
            if one.read() != other.read():
                wrong.append(name)
    sys.exit(f"not as expected: {wrong[:5]} of {count}" if wrong else 0)


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](int(sys.argv[2]))
