#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the rules of style that a compiler does not: style.py [ROOT]

Sizes of files and functions, functions that are not to be used, the licence line, leftovers.
"""

import re
import sys
from pathlib import Path

FILE_LINES = {"src": 400, "tests": 800}  # a test mirrors one file, however many cases
FUNCTION_LINES = 60
COLUMNS = 90
TEXT_BYTES = 120  # of a line in a *.md

# What to write instead stands behind each.
FORBIDDEN = {
    "strcpy": "memcpy with a known size, or base/buf.h",
    "stpcpy": "memcpy with a known size, or base/buf.h",
    "strcat": "base/buf.h",
    "strncat": "base/buf.h",
    "sprintf": "snprintf or base/buf.h",
    "vsprintf": "vsnprintf or base/buf.h",
    "strtok": "base/str.h",
    "atoi": "base/str.h",
    "atol": "base/str.h",
    "gets": "base/fs.h",
    "system": "proc/spawn.h",
    "popen": "proc/spawn.h",
    "alloca": "base/mem.h",
    "access": "open it, and see",
}
# Below cli nothing ends the program and nothing prints.
CLI_ONLY = {"exit", "printf", "fprintf", "puts", "fputs", "putchar", "perror"}
EXCEPTIONS = {("src/proc/parent_worker.c", "exit")}  # the worker's process ends where it began

CALL = re.compile(r"(?<![\w.>])([a-z_]\w*)\s*\(")
# Comments and literals, of which only the newlines are kept.
HIDDEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
LEFTOVER = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")  # lint: this line names them
SKIPPED = {".git", "build", "__pycache__"}


def code_of(text):
    """The text without comments and literals, line by line as it was."""
    return HIDDEN.sub(lambda match: "\n" * match[0].count("\n") or " ", text)


def functions(lines):
    """Each function as (line, how many lines its body has): its braces stand alone."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line.startswith("}") and start:
            yield start, number - start - 1
            start = None


def check_functions(lines):
    for start, length in functions(lines):
        if length > FUNCTION_LINES:
            yield start, f"a function of {length} lines, over {FUNCTION_LINES}"


def check_calls(name, code):
    """Functions that are not to be used, or not here."""
    ours = name.startswith("src/")
    below_cli = ours and not name.startswith(("src/cli/", "src/main.c"))
    for number, line in enumerate(code, 1):
        for call in CALL.findall(line):
            if call in FORBIDDEN and (ours or call != "access"):
                yield number, f"{call}() is not used here: {FORBIDDEN[call]}"
            if below_cli and call in CLI_ONLY and (name, call) not in EXCEPTIONS:
                yield number, f"{call}() is for src/cli alone"
        if not ours and re.match(r"static void test_\w+\(", line):
            yield number, "a test needs no prefix"
        if re.search(r"\bgoto\b", line):
            yield number, "goto is not used here: a cleanup attribute, or a function"


def check_c(name, text):
    lines = text.splitlines()
    if lines[:1] != ["/* SPDX-License-Identifier: MIT */"]:
        yield 1, "the first line is not /* SPDX-License-Identifier: MIT */"
    elif len(lines) < 2 or not lines[1].startswith("/*"):
        yield 2, "the second line does not begin to say what the file is for"
    most = FILE_LINES.get(name.split("/")[0], FILE_LINES["src"])
    if len(lines) > most:
        yield len(lines), f"{len(lines)} lines, over {most}"
    for number, line in enumerate(lines, 1):
        width = len(line.expandtabs(8))
        if width > COLUMNS:
            yield number, f"{width} columns, over {COLUMNS}"
    yield from check_functions(lines)
    yield from check_calls(name, code_of(text).splitlines())


def check_script(text):
    if "SPDX-License-Identifier: MIT" not in "".join(text.splitlines()[:2]):
        yield 2, "no SPDX-License-Identifier: MIT in the first two lines"


def check_any(text):
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip():
            yield number, "white space at the end of the line"
        if LEFTOVER.search(line) and "lint: this line names them" not in line:
            yield number, "a leftover: " + line.strip()
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "no newline at the end"


def check_file(root, path):
    name = path.relative_to(root).as_posix()
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return  # a test's binary input
    if path.suffix in (".c", ".h"):
        yield from ((name, *wrong) for wrong in check_c(name, text))
    elif path.suffix == ".md":
        for number, line in enumerate(text.splitlines(), 1):
            if len(line.encode()) > TEXT_BYTES:
                yield name, number, f"{len(line.encode())} bytes, over {TEXT_BYTES}"
    elif text.startswith("#!") or path.suffix == ".py" or path.name == "Makefile":
        yield from ((name, *wrong) for wrong in check_script(text))
    yield from ((name, *wrong) for wrong in check_any(text))


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    failed = False
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        if SKIPPED.intersection(path.relative_to(root).parts):
            continue
        for name, number, message in check_file(root, path):
            print(f"{name}:{number}: {message}")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
