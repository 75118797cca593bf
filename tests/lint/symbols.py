#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks what the files of src/ use of each other: symbols.py [ROOT [BUILD]]

What a file exports is used by another file, or it is static, or dead; tests may call what
the file itself uses, too. No files use each other in a circle.
"""

import re
import sys

import objects

def check(root, build):
    sources = objects.sources(root, build)
    tests = objects.tests(root, build)
    for name, defined, _ in sources:
        used = set().union(*(uses for other, _, uses in sources if other != name))
        code = (root / "src" / name).read_text()
        for symbol in sorted(defined - used - {"main"}):
            by_itself = len(re.findall(rf"\b{symbol}\b", code)) > 1
            if symbol not in tests:
                yield f"src/{name}: no other file uses {symbol}"
            elif not by_itself:
                yield f"src/{name}: tests alone use {symbol}"
    groups, uses = objects.circles(sources)
    for group in groups:
        edges = [f"{a} -> {b}" for a in group for b in uses[a] if b in group]
        yield "files use each other in a circle: " + ", ".join(edges)


def main():
    wrong = list(check(*objects.arguments(sys.argv)))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
