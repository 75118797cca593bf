#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts many processes on one empty volume at the same moment, again and again.

    race.py ROUNDS PROCESSES GROUNDWORK GROUND

GROUND is the directory tests/cli/ground. After each round: all succeeded, all got the same
key, each object was created by exactly one of them, and no temporary file is left. Then the
same with a migration that is pending. The first failure is printed, exit 1.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys

ONCE = """
    directory:cache link:current key:session key:api secret:password file:empty file:copy
    file:config database:app
""".split()
TABLES = {"users": 2, "orders": 2, "groundwork_migrations": 4}
PENDING = "INSERT INTO users (name) VALUES ('third');\n"


class Wrong(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Wrong(message)


def become(command, directory, number, gate, opener):
    """In a child: waits until the gate opens, which its parent's end going away does."""
    try:
        for descriptor, end in ((1, "out"), (2, "err")):
            file = os.open(f"{directory}/{number}.{end}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, descriptor)
        os.close(opener)
        os.read(gate, 1)
        os.execv(command[0], command)
    finally:
        os._exit(99)


def start_all(processes, command, directory):
    gate, opener = os.pipe()
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            become(command, directory, number, gate, opener)
        children.append(child)
    os.close(gate)
    os.close(opener)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def read(path):
    with open(path) as file:
        return file.read()


def count_rows(path, tables):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for table, rows in tables.items():
        found = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        expect(found == rows, f"{table} has {found} rows, not {rows}")
    check = database.execute("PRAGMA integrity_check").fetchone()[0]
    expect(check == "ok", f"the database: {check}")
    database.close()


def expect_done_once(logs, step):
    done = sum(bool(re.search(rf"^groundwork: [+~] {step} ", log, re.M)) for log in logs)
    expect(done == 1, f"{step} was done by {done} processes")


def expect_settled(groundwork, conf, volume):
    """No temporary is left, and one who comes later has nothing to do."""
    left = [name for _, _, names in os.walk(volume) for name in names if ".groundwork-" in name]
    expect(not left, f"left behind: {left}")
    later = subprocess.run(
        [groundwork, "-c", conf, "-C", volume, "plan", "--exit-code"],
        capture_output=True, text=True, check=False)
    expect(later.returncode == 0, f"not all is in place:\n{later.stdout}{later.stderr}")


def race(processes, groundwork, conf, volume, directory):
    """All start; the logs of all, when they ended as they should."""
    command = [groundwork, "-c", conf, "-C", volume, "--", "sh", "-c", 'echo "$APP_KEY"']
    codes = start_all(processes, command, directory)
    logs = [read(f"{directory}/{number}.err") for number in range(processes)]
    for number, code in enumerate(codes):
        expect(code == 0, f"one ended with {code} and said:\n{logs[number]}")
    key = read(f"{volume}/data/keys/session.key")
    for number in range(processes):
        given = read(f"{directory}/{number}.out").strip()
        expect(given == key, f"one was given another key and said:\n{logs[number]}")
    return logs


def one_round(processes, groundwork, ground, directory):
    conf, volume = f"{directory}/ground/conf.d", f"{directory}/volume"
    shutil.copytree(ground, f"{directory}/ground")
    os.mkdir(volume)
    logs = race(processes, groundwork, conf, volume, directory)
    for step in ONCE:
        expect_done_once(logs, step)
    count_rows(f"{volume}/data/app.db", TABLES)
    expect_settled(groundwork, conf, volume)

    with open(f"{directory}/ground/users/003_third.sql", "w") as file:
        file.write(PENDING)
    logs = race(processes, groundwork, conf, volume, directory)
    expect_done_once(logs, "database:app")
    count_rows(f"{volume}/data/app.db", {"users": 3, "orders": 2, "groundwork_migrations": 5})
    expect_settled(groundwork, conf, volume)


def main():
    rounds, processes, groundwork, ground = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]
    for number in range(rounds):
        directory = os.path.abspath(f"round{number}")
        os.mkdir(directory)
        try:
            one_round(processes, groundwork, ground, directory)
        except (Wrong, OSError, sqlite3.Error) as wrong:
            print(f"round {number}: {wrong}", file=sys.stderr)
            return 1
        shutil.rmtree(directory)
    return 0


sys.exit(main())
