#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Upgrades a database again and again, while an application reads and writes it.

    db_in_use.py wal|delete ROUNDS GROUNDWORK

The application: a writer, and in WAL mode a reader whose transactions last long. No upgrade
may fail, the application may see no error, and every row that it has written must be there.
(In the mode delete a reader that never ends keeps every writer out; so there is none.)
"""

import os
import sqlite3
import subprocess
import sys
import threading
import time

PATIENCE = 30  # seconds that the application waits for a lock


def migration(number):
    with open(f"m/{number:04}_m.sql", "w") as file:
        if number == 1:
            file.write("CREATE TABLE kept (n INTEGER PRIMARY KEY, a);\n")
            return
        # Beside a new table, the one that is being written to is rebuilt.
        file.write(f"CREATE TABLE t{number} (a);\n"
                   f"CREATE TABLE kept_new (n INTEGER PRIMARY KEY, a, c{number});\n"
                   "INSERT INTO kept_new (n, a) SELECT n, a FROM kept;\n"
                   "DROP TABLE kept;\nALTER TABLE kept_new RENAME TO kept;\n")


class Application:
    def __init__(self, slow_reader):
        self.stop = threading.Event()
        self.errors, self.written, self.begun = [], 0, threading.Event()
        work = [self.write] + ([self.read] if slow_reader else [])
        self.threads = [threading.Thread(target=self.guard, args=(one,)) for one in work]
        for thread in self.threads:
            thread.start()
        self.begun.wait()

    def guard(self, work):
        database = sqlite3.connect("d.db", isolation_level=None, timeout=PATIENCE)
        try:
            while not self.stop.is_set():
                work(database)
        except sqlite3.Error as error:
            self.errors.append(f"{work.__name__}: {error}")
            self.begun.set()
        finally:
            database.close()

    def write(self, database):
        database.execute("INSERT INTO kept (n) VALUES (?)", (self.written + 1,))
        self.written += 1
        self.begun.set()
        time.sleep(0.0005)  # others want to write, too

    def read(self, database):
        database.execute("BEGIN")
        before = database.execute("SELECT count(*) FROM kept").fetchone()
        time.sleep(0.03)
        if database.execute("SELECT count(*) FROM kept").fetchone() != before:
            self.errors.append("a transaction has seen what others wrote")
        database.execute("COMMIT")

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()


def upgrade(groundwork):
    done = subprocess.run([groundwork, "-q", "-c", "10.ini", "apply"],
                          capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [f"an upgrade: {done.stdout}{done.stderr}"]


def look(written, rounds):
    database = sqlite3.connect("d.db")

    def one(query):
        return database.execute(query).fetchone()[0]

    found = (one("SELECT count(*) FROM kept"), one("SELECT max(n) FROM kept"))
    wrong = [] if found == (written, written) else [f"{written} rows written, {found} there"]
    if one("SELECT count(*) FROM groundwork_migrations") != rounds + 1:
        wrong.append("the ledger is not right")
    if one("PRAGMA integrity_check") != "ok":
        wrong.append("it is damaged")
    database.close()
    return wrong


def main():
    mode, rounds, groundwork = sys.argv[1:]
    rounds = int(rounds)
    os.mkdir("m")
    with open("10.ini", "w") as file:
        file.write(f"[database:d]\npath = d.db\nmigrations = m\njournal_mode = {mode}\n"
                   f"busy_timeout = {PATIENCE}\n")
    migration(1)
    wrong = upgrade(groundwork)
    if not wrong:
        application = Application(mode == "wal")
        for number in range(rounds):
            migration(number + 2)
            wrong += upgrade(groundwork)
        application.end()
        wrong += application.errors + look(application.written, rounds)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"in use, {mode}: {rounds} upgrades, {len(wrong)} things wrong")
    return 1 if wrong else 0


sys.exit(main())
