# SPDX-License-Identifier: MIT
"""What the object files of a build define and use, as nm shows it: for the other scripts."""

import subprocess
from collections import defaultdict
from pathlib import Path


def symbols(paths):
    """Of each object file the names that it defines for others, and those that it uses."""
    paths = [str(path) for path in paths]
    if not paths:
        return []
    run = subprocess.run(
        ["nm", "-A", "-P", "-g", *paths], capture_output=True, text=True, check=True
    )
    defined, used = defaultdict(set), defaultdict(set)
    for line in run.stdout.splitlines():
        path, name, kind = line.split()[:3]
        (used if kind in "Uwv" else defined)[path.rstrip(":")].add(name)
    return [(defined[path], used[path]) for path in paths]


def sources(root, build):
    """Each source as (its name below src/, what it defines, what it uses)."""
    found = sorted(root.glob("src/*.c")) + sorted(root.glob("src/*/*.c"))
    # What stands in place of others in a build, or a program, without network.
    found = [path for path in found if not path.stem.endswith(("none", "apart"))]
    names = [path.relative_to(root / "src").as_posix() for path in found]
    objects = [build / name.replace(".c", ".o") for name in names]
    missing = [str(path) for path in objects if not path.exists()]
    if missing:
        raise SystemExit(f"not built: {', '.join(missing)}")
    return [(name, *both) for name, both in zip(names, symbols(objects))]


def tests(root, build):
    """What the tests use that were built, as one set."""
    found = [build / p.relative_to(root).with_suffix(".o") for p in root.glob("tests/*/*.c")]
    return set().union(*(used for _, used in symbols([p for p in found if p.exists()])))


def circles(objects):
    """Groups of sources each of which uses, over others, a symbol of each (Tarjan 1972)."""
    home = {symbol: name for name, defined, _ in objects for symbol in defined}
    uses = {
        name: sorted({home[s] for s in used if s in home} - {name})
        for name, _, used in objects
    }
    index, low, stack, groups = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for following in uses[node]:
            if following not in index:
                visit(following)
            if following in stack:
                low[node] = min(low[node], low[following])
        if low[node] == index[node]:
            at = stack.index(node)
            group = stack[at:]
            del stack[at:]
            if len(group) > 1:
                groups.append(sorted(group))

    for node in uses:
        if node not in index:
            visit(node)
    return sorted(groups), uses


def arguments(argv):
    """The tree and the build that a script is to look at: [ROOT [BUILD]]."""
    root = Path(argv[1]) if len(argv) > 1 else Path(__file__).parents[2]
    return root, Path(argv[2]) if len(argv) > 2 else root / "build/lint-clang"
