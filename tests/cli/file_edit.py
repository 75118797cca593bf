#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files by chance, of which single keys are set: file_edit.py make|compare COUNT

`make` writes files/N.ini, .env or .properties, conf/10.ini, which sets keys in them, and
what is to come out in expected/N."""

import os
import random
import sys

NEWLINES = ["\n", "\r\n"]
SEPARATORS = {"ini": ["=", " = ", "= ", " : "], "env": ["="], "properties": ["=", " = ", ": ", " "]}


def value(chance):
    words = ["x", "1", "a b", "#no", "; no", "=", "[z]", "é", "'q'", "%s", "://"]
    return chance.choice("ab1") + "".join(chance.choices(words, k=chance.randint(0, 2)))


def other_line(chance, form):
    lines = {"ini": ["", "; c", "# k0 = 1", "  "], "env": ["", "# K0=1", "#x"],
             "properties": ["", "# c", "! k0=1", "  "]}
    return chance.choice(lines[form])


def key(form, number):
    return f"K{number}" if form == "env" else f"k{number}"


def make(chance, form):
    """A file as its lines, the lines that it is to have, and the text of `set`."""
    before, after, changes = [], [], {}
    sections = [""] + ([f"s{n}" for n in range(chance.randint(0, 3))] if form == "ini" else [])
    for section in sections:
        if section:
            line = f"[{section}]" + chance.choice(["", " ", " ; c"])
            before.append(line)
            after.append(line)
        for number in range(chance.randint(1, 5)):
            for _ in range(chance.randint(0, 2)):
                line = other_line(chance, form)
                before.append(line)
                after.append(line)
            name, old = key(form, number), value(chance)
            new = value(chance) if chance.random() < 0.4 else None
            if form == "env":
                old, new = (text and f'"{text}"' for text in (old, new))
            indented = form == "ini" and number and chance.random() < 0.3
            head = "  " if indented else ""
            if form == "env" and chance.random() < 0.3:
                head = "export "
            head += name + ("=" if indented else chance.choice(SEPARATORS[form]))
            before.append(head + old)
            after.append(head + (old if new is None else new))
            if new is not None:
                changes.setdefault(section, []).append(f"{name}={new}")
    text = []
    for section, lines in changes.items():
        text += ([f"[{section}]"] if section else []) + lines
    return before, after, text


def main():
    what, count = sys.argv[1], int(sys.argv[2])
    if what == "compare":
        wrong = []
        for name in sorted(os.listdir("expected")):
            with open(f"expected/{name}", "rb") as one, open(f"files/{name}", "rb") as other:
                if one.read() != other.read():
                    wrong.append(name)
        sys.exit(f"not as expected: {wrong[:5]} of {count}" if wrong else 0)
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    for directory in ("files", "expected", "conf"):
        os.mkdir(directory)
    with open("conf/10.ini", "w", encoding="utf-8") as conf:
        for number in range(count):
            form = chance.choice(["ini", "env", "properties"])
            before, after, text = make(chance, form)
            if not text:
                continue
            newline = chance.choice(NEWLINES)
            end = chance.choice([newline, ""])
            for directory, lines in (("files", before), ("expected", after)):
                with open(f"{directory}/{number}.{form}", "w", encoding="utf-8", newline="") as file:
                    file.write(newline.join(lines) + end)
            conf.write(f"[file:f{number}]\npath = files/{number}.{form}\npolicy = edit\nset =\n")
            conf.writelines(f"  {line}\n" for line in text)


main()
