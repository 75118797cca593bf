#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many processes make, or upgrade, one database at the same moment, round after round.

    db_race.py fresh|pending|unlocked PROCESSES ROUNDS GROUNDWORK

unlocked: migrations are pending, and the lock file is removed again and again, so that only
the transaction protects the database. Each process waits at a barrier before it executes the
program. Each must end with 0, and the database must have every migration once, and no other
file beside it.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading

CONF = """[database:d]
path = d.db
busy_timeout = 60
migrations = m
[migrations:more]
database = d
path = more
after = d
"""
FIRST, LAST = 3, 8  # migrations of each contributor, before and after
WAIT = 'read -r _; exec "$0" "$@"'


def migrations(directory, first, last):
    for number in range(first, last + 1):
        for module in ("m", "more"):
            os.makedirs(f"{directory}/{module}", exist_ok=True)
            with open(f"{directory}/{module}/{number:03}_t.sql", "w") as file:
                file.write(f"CREATE TABLE {module}{number} (a);\n"
                           f"INSERT INTO {module}{number} VALUES ({number});\n")


def remove_lock(directory, stop):
    while not stop.wait(0.0005):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{directory}/.d.db.lock")


def start_all(directory, processes, groundwork):
    """What each of them said that did not end with 0."""
    barrier, opener = os.pipe()
    command = ["sh", "-c", WAIT, groundwork, "-q", "-c", f"{directory}/10.ini", "-C", directory, "apply"]
    started = [
        subprocess.Popen(command, stdin=barrier, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True)
        for _ in range(processes)
    ]
    os.close(barrier)
    os.close(opener)
    wrong = []
    for process in started:
        said = process.communicate()[0]
        if process.returncode != 0:
            wrong.append(f"ended with {process.returncode}: {said}")
    return wrong


def look(directory, last):
    database = sqlite3.connect(f"{directory}/d.db")
    found = database.execute("SELECT module, id FROM groundwork_migrations ORDER BY rowid")
    expected = [(module, f"{n:03}") for first, to in ((1, FIRST), (FIRST + 1, last))
                for module in ("d", "more") for n in range(first, to + 1)]
    wrong = [] if found.fetchall() == expected else ["the ledger is not right"]
    for module in ("m", "more"):
        for number in range(1, last + 1):
            rows = database.execute(f"SELECT a FROM {module}{number}").fetchall()
            if rows != [(number,)]:
                wrong.append(f"{module}{number} has {rows}")
    if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        wrong.append("it is damaged")
    database.close()
    left = set(os.listdir(directory)) - {"10.ini", "m", "more", "d.db", ".d.db.lock"}
    return wrong + ([f"left behind: {left}"] if left else [])


def main():
    scenario, processes, rounds, groundwork = sys.argv[1:]
    failed = 0
    for number in range(int(rounds)):
        directory = os.path.abspath("round")
        os.mkdir(directory)
        with open(f"{directory}/10.ini", "w") as file:
            file.write(CONF)
        last = FIRST
        migrations(directory, 1, last)
        wrong = []
        stop = threading.Event()
        remover = threading.Thread(target=remove_lock, args=(directory, stop))
        if scenario == "unlocked":
            remover.start()
        if scenario != "fresh":
            wrong = start_all(directory, 1, groundwork)
            last = LAST
            migrations(directory, FIRST + 1, last)
        wrong = wrong or start_all(directory, int(processes), groundwork)
        stop.set()
        if scenario == "unlocked":
            remover.join()
        wrong = wrong or look(directory, last)
        if wrong:
            print(f"round {number}:", *wrong, sep="\n  ", file=sys.stderr)
            failed += 1
        shutil.rmtree(directory)
    print(f"{scenario}: {processes} processes, {rounds} rounds, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
