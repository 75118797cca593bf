#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which files a start runs: prints src/start_order.txt, the order in which they are linked, anew.

    tests/bench/start_order.py [GROUNDWORK] >src/start_order.txt

GROUNDWORK (build/gcc/groundwork) has debugging information; valgrind(1) shows what it runs. Behind
what a start of ever more does come the C library's functions that this needs.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

HEAD = """\
# Files that a start runs, in the order in which they are linked (START of the Makefile): those of a
# start that only supervises, of one that becomes another user, of one with steps. -lc: what they
# need of the C library. Made by tests/bench/start_order.py; a file that is missing costs page faults.
"""

# What becomes the application leaves no trace of the calls.
LAUNCH = {"proc/" + name for name in (
    "activation", "capabilities", "diagnose", "elf_file", "execute", "identity_become", "launch",
    "limits", "startup", "streams")}

STEPS = """\
[app]
user = 65534
group = 65534
[assert:port]
that = env:PORT
[absent:stale]
path = data/app.pid
[directory:data]
path = data
mode = 0750
[link:current]
path = current
target = data
[key:session]
path = data/session.key
[file:conf]
path = data/app.conf
content = port = ${PORT}
[database:app]
path = data/app.db
migrations = migrations
"""


def runs(words, times):
    """The files that run in any process of that, the last of so many times."""
    for _ in range(times):
        for old in glob.glob("calls.*"):
            os.remove(old)
        subprocess.run(["valgrind", "-q", "--tool=callgrind", "--callgrind-out-file=calls.%p",
                        *words], check=True, stderr=subprocess.DEVNULL,
                       env=dict(os.environ, PORT="80"))
    found = set()
    for path in glob.glob("calls.*"):
        with open(path, encoding="utf-8") as file:
            found.update(re.findall(r"\bsrc/(\w+(?:/\w+)?)\.c$", file.read(), re.M))
    return found


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/gcc/groundwork")
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        os.chdir(work)
        os.mkdir("migrations")
        for name, text in [("user.ini", STEPS[:STEPS.index("[assert")]), ("steps.ini", STEPS),
                           ("migrations/1_one.sql", "CREATE TABLE one (id INTEGER);\n")]:
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        print(HEAD, end="")
        done = set()
        more = LAUNCH
        for words, times in [(["--init", "--"], 1), (["-c", "user.ini", "--"], 1),
                             (["-c", "steps.ini", "--init", "--"], 2)]:
            new = (runs([program, *words, "true"], times) | more) - done
            more = set()
            done |= new
            print(*sorted(new), "-lc", sep="\n")


main()
