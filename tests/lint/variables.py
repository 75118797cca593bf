#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that each variable that the source reads or sets is in a manual: variables.py [ROOT]

The manuals have the variables of the options and those of a table in src/cli; others must be
named in their prose.
"""

import re
import sys
from pathlib import Path

USE = re.compile(r'(?:getenv|env_[gs]et|env_unset)\([^;]*?"([A-Z_]+)"|"(GROUNDWORK_[A-Z_]+)"')


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    tables = {root / "src/cli" / name for name in ("options.c", "option_table.c", "reference.c")}
    manual = "".join(path.read_text() for path in root.glob("src/cli/*.md"))
    manual += "".join(path.read_text() for path in tables if path.exists())
    failed = False
    for path in sorted(root.glob("src/*/*.c")):
        if path in tables:
            continue
        for names in USE.findall(path.read_text()):
            name = "".join(names)
            if not re.search(rf"\b{name}\b", manual):
                print(f"{path.relative_to(root)}: {name} is in no manual")
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
