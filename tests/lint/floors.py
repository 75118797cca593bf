#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that no source file includes what its floor may not use: floors.py [ROOT]

A directory of src/ is a floor. A file includes its own floor and those below it, by a path that
shows the floor; a library's header is known to one file (SQLite's: to one floor), and the engine
of a server to one file above it; and no header includes itself by way of others.
"""

import re
import sys
from pathlib import Path

# Each floor, and what it may use beside itself. main.c stands on top.
BELOW = {
    "base": set(),
    "conf": {"base"},
    "proc": {"base"},
    "migration": {"base"},
    "ledger": {"migration", "base"},
    "db": {"ledger", "migration", "base"},
    "age": {"base"},
    "tls": {"base"},
    "net": {"tls", "base"},
    "pg": {"ledger", "net", "migration", "base"},
    "state": {"base"},
    "step": {"proc", "db", "pg", "ledger", "age", "net", "tls", "state", "migration", "conf", "base"},
    "plan": {"step", "proc", "db", "net", "state", "migration", "conf", "base"},
    "cli": {"plan", "step", "proc", "db", "ledger", "net", "tls", "migration", "conf", "base"},
    "main.c": {"cli", "net", "proc", "base"},
}
ONE_FILE = re.compile(r"ini\.h|sodium\.h|sodium/.*|curl/curl\.h")
ONE_FLOOR = {"sqlite3.h": "db", "openssl": "tls", "libpq-fe.h": "net"}
# The only file above it that knows the floor: all others know ledger/server.h.
ONE_ABOVE = {"pg": "step/database_engine.c"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def includes(path):
    """Yields (line number, quoted path or None, system path or None)."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1], match[2]


def check_own(source, name, included):
    """What is wrong with one include of our own, if anything."""
    floor, target = name.split("/")[0], included.split("/")[0]
    if "/" not in included or target not in BELOW:
        return f'"{included}" does not name its floor, as in "base/err.h"'
    if not (source / included).is_file():
        return f'"{included}" is missing'
    if target != floor and target not in BELOW[floor]:
        return f'{floor} may not use {target}: "{included}"'
    if target != floor and ONE_ABOVE.get(target, name) != name:
        return f'"{included}" is for {ONE_ABOVE[target]} alone'
    return None


def find_cycle(graph):
    """A list of headers that include each other in a ring, or None."""
    done = set()

    def visit(node, trail):
        if node in trail:
            return trail[trail.index(node) :] + [node]
        if node in done:
            return None
        for following in graph.get(node, ()):
            if cycle := visit(following, trail + [node]):
                return cycle
        done.add(node)
        return None

    for node in sorted(graph):
        if cycle := visit(node, []):
            return cycle
    return None


def check(source):
    """All that is wrong below the directory `source`, a sentence each."""
    wrong = []
    graph = {}
    users = {}
    for path in sorted(source.rglob("*.[ch]")):
        name = path.relative_to(source).as_posix()
        floor = name.split("/")[0]
        if floor not in BELOW:
            wrong.append(f"src/{name}: is on no floor")
            continue
        for number, own, library in includes(path):
            place = f"src/{name}:{number}"
            if own:
                graph.setdefault(name, []).append(own)
                if problem := check_own(source, name, own):
                    wrong.append(f"{place}: {problem}")
            elif ONE_FILE.fullmatch(library):
                users.setdefault(library.split("/")[0], []).append(name)
                if name.endswith(".h"):
                    wrong.append(f"{place}: a header may not show <{library}>")
            elif ONE_FLOOR.get(library.split("/")[0], floor) != floor:
                owner = ONE_FLOOR[library.split("/")[0]]
                wrong.append(f"{place}: <{library}> is for {owner} alone")
    for library, names in sorted(users.items()):
        if len(set(names)) > 1:
            wrong.append(f"<{library}> is for one file alone: {', '.join(names)}")
    if cycle := find_cycle(graph):
        wrong.append("headers in a ring: " + " -> ".join(cycle))
    return wrong


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    wrong = check(root / "src")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
