#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints figures of a tree that was built: figures.py [ROOT [BUILD]]

Lines of src/, long functions, circles between files, exported functions, and runs of six
lines that stand in two places.
"""

import re
import sys
from collections import defaultdict

import objects
from style import functions

REFERENCE = re.compile(r"cli/(explain|manual|page|reference|complet)")
LONG = 40
RUN = 6
TRIVIAL = re.compile(r"[{}();]*|#\s*include .*")


def print_lines(texts):
    counts = {name: len(lines) for name, lines in texts.items()}
    reference = sum(n for name, n in counts.items() if REFERENCE.match(name))
    print(f"lines of src: {sum(counts.values())}, of which explain and manuals {reference}")
    for suffix in (".c", ".h"):
        print(f"  *{suffix}: {sum(n for name, n in counts.items() if name.endswith(suffix))}")
    for floor in sorted({name.split("/")[0] for name in counts}):
        of_floor = [n for name, n in counts.items() if name.split("/")[0] == floor]
        print(f"  {floor}: {sum(of_floor)} in {len(of_floor)} files")


def print_functions(texts):
    sizes = sorted(
        ((size, name, line) for name, lines in texts.items() for line, size in functions(lines)),
        reverse=True,
    )
    if not sizes:
        return
    long = [entry for entry in sizes if entry[0] > LONG]
    print(f"functions: {len(sizes)}, median {sizes[len(sizes) // 2][0]} lines")
    print(f"functions over {LONG} lines: {len(long)}")
    for size, name, line in long:
        print(f"  {size:3} {name}:{line}")


def print_circles(sources):
    groups, uses = objects.circles(sources)
    print(f"circles between files: {len(groups)}")
    for group in groups:
        print("  " + ", ".join(f"{a} -> {b}" for a in group for b in uses[a] if b in group))


def print_exports(sources):
    exports = {name: len(defined) for name, defined, _ in sources}
    print(f"exported symbols: {sum(exports.values())} in {len(exports)} files")
    for floor in sorted({name.split("/")[0] for name in exports}):
        of_floor = [n for name, n in exports.items() if name.split("/")[0] == floor]
        print(f"  {floor}: {sum(of_floor)} in {len(of_floor)} files")
    for name, count in sorted(exports.items(), key=lambda entry: (-entry[1], entry[0]))[:15]:
        print(f"  {count:3} {name}")


def repeated(texts):
    """Runs that stand in two places or more: (lines, [(name, line), …]), longest first."""
    files = {
        name: [(n, " ".join(line.split())) for n, line in enumerate(lines, 1) if line.strip()]
        for name, lines in texts.items()
    }
    windows = defaultdict(list)
    for name, lines in files.items():
        for at in range(len(lines) - RUN + 1):
            window = tuple(text for _, text in lines[at : at + RUN])
            if not all(TRIVIAL.fullmatch(text) for text in window):
                windows[window].append((name, at))
    places = [group for group in windows.values() if len(group) > 1]
    begins = {tuple(group): group for group in places}
    for group in places:
        before = tuple((name, at - 1) for name, at in group)
        if before in begins:
            continue
        size, following = RUN, tuple((name, at + 1) for name, at in group)
        while following in begins:
            size, following = size + 1, tuple((name, at + 1) for name, at in following)
        yield size, [(name, files[name][at][0]) for name, at in group]


def print_repeated(texts):
    runs = sorted(repeated(texts), key=lambda run: (-run[0] * len(run[1]), run[1]))
    again = sum(size * (len(places) - 1) for size, places in runs)
    print(f"runs of {RUN} lines or more that are repeated: {len(runs)}, {again} lines again")
    for size, places in runs:
        print(f"  {size:3} " + " ".join(f"{name}:{line}" for name, line in places))


def main():
    root, build = objects.arguments(sys.argv)
    texts = {
        path.relative_to(root / "src").as_posix(): path.read_text().splitlines()
        for path in sorted((root / "src").rglob("*.[ch]"))
    }
    sources = objects.sources(root, build)
    print_lines(texts)
    print_functions(texts)
    print_circles(sources)
    print_exports(sources)
    print_repeated(texts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
