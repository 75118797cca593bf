#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that a thing is called by its one word, as words.txt lists them: words.py [ROOT]"""

import re
import sys
from pathlib import Path

LIST = Path(__file__).with_name("words.txt")
WHERE = ["src", "tests", "conf.d", "examples", ".ci", "README.md", "Makefile", "Dockerfile"]
EXEMPT = "lint: this line names them"
SPACE = r"\s+(?:[*#]\s+)?"  # or the end of a line of a comment


def read_list():
    for line in LIST.read_text().splitlines():
        if not line.startswith("#"):
            word, instead = line.split("\t")
            pattern = SPACE.join(map(re.escape, word.split())) + ("s?" if " " not in word else "")
            yield re.compile(rf"(?<![a-z]){pattern}(?![a-z])", re.I), instead


def files(root):
    for name in WHERE:
        top = root / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not path.is_symlink() and path.name != LIST.name:
                yield path


def check(root):
    words = list(read_list())
    for path in files(root):
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # a test's binary input
        lines = text.splitlines()
        for pattern, instead in words:
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                if EXEMPT not in lines[line - 1]:
                    yield path.relative_to(root).as_posix(), line, match[0], instead


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    wrong = sorted(check(root))
    for name, line, word, instead in wrong:
        print(f"{name}:{line}: '{' '.join(word.split())}': write {instead}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
