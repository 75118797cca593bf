#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a script of what a README has a reader type: reader.py README [HEADING…]

In an indented block, a line "$ COMMAND" is typed, and "> MORE" goes on with it; the lines
below, if there are any, are what it prints, of which "…" stands for any text, and alone for
any lines. The script has a line "typed COMMAND PATTERN" for each. Without a heading it has
the blocks above the first "##". With --match FILE PATTERN it
says whether the file has such a text.
"""

import re
import shlex
import sys

INDENT = "    "


def blocks(text, headings):
    """The lines of the blocks of code below these headings, without their indentation."""
    section = ""
    found = set()
    for line in text.splitlines():
        if line.startswith("## "):
            section = line[3:]
        if section in headings:
            found.add(section)
            yield line[len(INDENT):] if line.startswith(INDENT) else None
    missing = set(headings) - found
    if missing:
        sys.exit(f"reader: no heading: {', '.join(missing)}")


def sessions(lines):
    """Each command as (what is typed, the lines that it prints)."""
    typed = printed = None
    for line in lines:
        if line is not None and line.startswith("$ "):
            if typed:
                yield typed, printed
            typed, printed = line[2:], []
        elif line is None:
            if typed:
                yield typed, printed
            typed = None
        elif typed and line.startswith("> ") and not printed:
            typed += "\n" + line[2:]
        elif typed:
            printed.append(line)
    if typed:
        yield typed, printed


def pattern(printed):
    """A regular expression of what is printed."""
    lines = ["(?:[^\n]*\n)*" if line == "…" else re.escape(line).replace("…", "[^\n]*") + "\n"
             for line in printed]
    return "".join(lines)


def main():
    if sys.argv[1] == "--match":
        got = open(sys.argv[2], encoding="utf-8", errors="replace").read()
        sys.exit(not re.fullmatch(sys.argv[3], got))
    with open(sys.argv[1], encoding="utf-8") as readme:
        lines = blocks(readme.read(), sys.argv[2:] or [""])
        script = [f"typed {shlex.quote(typed)} {shlex.quote(pattern(printed))}"
                  for typed, printed in sessions(lines)]
    if not script:
        sys.exit(f"reader: {sys.argv[1]}: no command")
    print(*script, sep="\n")


main()
