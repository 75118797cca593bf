#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which lines of src/ the tests have executed.

cov.py prepare BUILD   an empty file for the counts of each object, which any user may write
cov.py BUILD           a table, floor by floor, and the files with most lines that none executed
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

WORST = 15


def notes(build):
    return sorted(build.glob("*/*.gcno")) + sorted(build.glob("*.gcno"))


def prepare(build):
    for note in build.rglob("*.gcno"):
        counts = note.with_suffix(".gcda")
        counts.unlink(missing_ok=True)
        counts.touch()
        counts.chmod(0o666)


def executed(build, root):
    """{file below src: {line: has it been executed?}}"""
    lines = defaultdict(lambda: defaultdict(bool))
    # It fails, too, where a file has no function or was not executed at all: no reason to stop.
    reports = subprocess.run(["gcov", "--json-format", "--stdout", *map(str, notes(build))],
                             check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for report in reports.stdout.splitlines():
        for file in json.loads(report)["files"]:
            path = os.path.relpath(root / file["file"], root / "src")
            if path.startswith(".."):
                continue
            for line in file["lines"]:
                lines[path][line["line_number"]] |= line["count"] > 0
    return lines


def show(lines):
    floors = defaultdict(lambda: [0, 0])
    for path, of in lines.items():
        for name in (path.rpartition("/")[0] or "main.c", "all"):
            floors[name][0] += len(of)
            floors[name][1] += sum(of.values())
    print("| floor | lines | executed | of them |")
    print("|---|---|---|---|")
    for name, (total, seen) in sorted(floors.items(), key=lambda item: item[0] == "all"):
        print(f"| {name} | {total} | {seen} | {100 * seen / total:.1f} % |")
    print("\nfiles with most lines that no test executed:")
    missing = sorted(((sum(not seen for seen in of.values()), path) for path, of in lines.items()),
                     reverse=True)
    for count, path in missing[:WORST]:
        numbers = [str(number) for number, seen in sorted(lines[path].items()) if not seen]
        print(f"  {count:3} src/{path}: {' '.join(numbers[:12])}{' …' if count > 12 else ''}")


def main():
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]).resolve())
        return
    build = Path(sys.argv[1]).resolve()
    lines = executed(build, Path(__file__).resolve().parent.parent.parent)
    if not lines:
        sys.exit("cov.py: no counts in " + sys.argv[1])
    show(lines)


main()
