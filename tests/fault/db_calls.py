#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks the making and the upgrading of a database at one system call after the other.

    db_calls.py [-s STRIDE] [-f FIRST] [-l LAST] SCENARIO HOW BREAK_AT GROUNDWORK

HOW         kill, or the number of an error that the call fails with
SCENARIO    cold, cold-delete       there is no database; the journal mode is WAL, or delete
            upgrade, upgrade-delete migrations are pending, more than the cache holds
            crashed, crashed-delete the application died with pages in the -wal, or in the
                                    middle of a transaction that was being written
            in-use                  the application has it open, and goes on with its work
            backup                  a copy is made before
            rehearse                the application died, and migrations run on a copy before;
                                    a stamp of them is recorded
            theirs                  we are root, and directory and database are another user's
            switch                  from journal mode delete to WAL

After each break the database is absent, as before, or complete: seen in a copy, as the next
process that opens it sees it. What an application had committed is in it. Then a normal
start completes it. A failure is printed with the number of the call; exit 1.
"""

import argparse
import os
import shutil
import sqlite3
import sys

from outcome import Wrong, break_each, expect, run

OWNER = 1000      # of the scenario "theirs"
OLD, NEW = 2, 6   # migrations before and after an upgrade
ROWS = 40         # in the table that an upgrade rebuilds
PAGE = 65536      # few and large, so that few calls write more than the cache (2 MB) holds

REBUILD = """
CREATE TABLE parent_new (id INTEGER PRIMARY KEY, data BLOB, more TEXT DEFAULT 'x');
INSERT INTO parent_new (id, data) SELECT id, data FROM parent;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;
"""
CACHE = "UPDATE parent SET data = randomblob(130000) WHERE id % 2;\n"  # 2.6 MB


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def migrations(directory, first, last):
    for number in range(first, last + 1):
        text = f"CREATE TABLE t{number} (a); INSERT INTO t{number} VALUES ({number});\n"
        if number == 1:
            text += (
                "CREATE TABLE parent (id INTEGER PRIMARY KEY, data BLOB);"
                "CREATE TABLE child (p REFERENCES parent(id) ON DELETE CASCADE);"
                "CREATE TABLE app (n INTEGER);"
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                f" WHERE i < {ROWS}) INSERT INTO parent SELECT i, randomblob(1000) FROM n;"
                "INSERT INTO child SELECT id FROM parent;")
        if number == OLD + 1:
            text += REBUILD + CACHE
        write(f"{directory}/m/{number:03}_t.sql", text)


def connect(path):
    return sqlite3.connect(path, isolation_level=None, timeout=5)


def crash(path, in_transaction):
    """An application writes and dies: its sidecars stay."""
    pid = os.fork()
    if pid == 0:
        database = connect(path)
        database.execute("INSERT INTO app VALUES (1)")
        if in_transaction:
            database.execute("PRAGMA cache_size = 5")
            database.execute("BEGIN")
            database.execute("UPDATE parent SET data = randomblob(1000)")
        os._exit(0)
    os.waitpid(pid, 0)


class Scenario:
    """The directory that each broken start begins with, and what is right afterwards."""

    def __init__(self, options):
        name = options.scenario
        self.options = options
        self.cold = name.startswith("cold")
        self.in_use = name == "in-use"
        self.theirs = name == "theirs"
        self.directory = os.path.abspath("template")
        keys = ["[database:d]", "path = d.db", "migrations = m", f"pragma = page_size={PAGE}"]
        if name.endswith("-delete"):
            keys.append("journal_mode = delete")
        if name == "backup":
            keys.append("backup = before-migrate")
        if name == "rehearse":
            keys += ["rehearse = yes", "stamp = yes", "schema_drift = error"]
        write(f"{self.directory}/10.ini", "\n".join(
            keys + (["journal_mode = delete"] if name == "switch" else [])) + "\n")
        migrations(self.directory, 1, OLD)
        if not self.cold:
            code, said = run(self.command(self.directory))
            expect(code == 0, said)
        died = name.startswith("crashed") or name == "rehearse"
        if died:
            crash(f"{self.directory}/d.db", name == "crashed-delete")
        self.committed = int(died)
        self.new = OLD if name == "switch" else NEW
        migrations(self.directory, OLD + 1, self.new)
        if name == "switch":
            write(f"{self.directory}/10.ini", "\n".join(keys + ["journal_mode = wal"]) + "\n")

    def command(self, directory):
        return [self.options.groundwork, "-q", "-c", f"{directory}/10.ini", "-C", directory, "apply"]

    def broken(self, directory, number):
        command = [self.options.break_at, str(number), self.options.how]
        code, said = run(command + self.command(directory))
        expect(code != 99, said)
        return code, said

    def look(self, directory, committed):
        """The number of its migrations, each of which is whole."""
        database = connect(f"{directory}/d.db")

        def column(query):
            return [row[0] for row in database.execute(query)]

        try:
            expect(column("PRAGMA integrity_check") == ["ok"], "the database is damaged")
            found = column("SELECT id FROM groundwork_migrations WHERE module <> '' ORDER BY id")
            expect(found == [f"{n:03}" for n in range(1, len(found) + 1)], f"found {found}")
            tables = set(column("SELECT name FROM sqlite_master"))
            for number in range(1, NEW + 1):
                expect((f"t{number}" in tables) == (number <= len(found)),
                       f"t{number} and {len(found)} migrations")
            more = column("SELECT count(*) FROM pragma_table_info('parent')") == [3]
            expect(more == (len(found) > OLD), "the rebuild is half done")
            expect(column("SELECT count(*) FROM parent JOIN child ON id = p") == [ROWS],
                   "rows are lost")
            expect(column("SELECT count(*) FROM app") == [committed],
                   "what the application has written is lost")
            return len(found)
        finally:
            database.close()

    def look_in_copy(self, directory, committed):
        copy = f"{directory}-copy"
        shutil.copytree(directory, copy)
        try:
            found = self.look(copy, committed)
        finally:
            shutil.rmtree(copy)
        allowed = (self.new,) if self.cold else (OLD, self.new)
        expect(found in allowed, f"{found} migrations are in it")
        return found

    def expect_theirs(self, directory):
        for name in os.listdir(directory):
            owner = os.lstat(f"{directory}/{name}").st_uid
            expect(owner == OWNER or name.startswith("."), f"{name} belongs to {owner}")

    def expect_complete(self, directory, committed):
        expect(self.look(directory, committed) == self.new, "it is not complete")
        left = [name for name in os.listdir(directory) if name.endswith(".upgrading")]
        expect(not left, f"left: {left}")
        if self.theirs:
            self.expect_theirs(directory)

    def one(self, directory, number):
        self.copy_to(directory)
        path, committed, app = f"{directory}/d.db", self.committed, None
        said = code = None
        try:
            if self.in_use:
                app = connect(path)
                app.execute("INSERT INTO app VALUES (1)")
                app.execute("SELECT count(*) FROM parent").fetchone()
                committed += 1
            code, said = self.broken(directory, number)
            if app:
                app.execute("INSERT INTO app VALUES (2)")
                committed += 1
            if self.theirs:
                self.expect_theirs(directory)
            if os.path.exists(path):
                found = self.look_in_copy(directory, committed)
            else:
                expect(self.cold, "the database is gone")
                found = 0
            if code == 0 and self.options.how != "kill":
                expect(found == self.new, "it said that it had done it")
            code2, said2 = run(self.command(directory))
            expect(code2 == 0, f"a normal start ended with {code2}: {said2}")
            if app:
                app.execute("INSERT INTO app VALUES (3)")
                committed += 1
                app.close()
            self.expect_complete(directory, committed)
        except (Wrong, OSError, sqlite3.Error) as wrong:
            return f"{wrong}\n  the broken start ended with {code} and said: {said}"
        finally:
            if app:
                app.close()
            shutil.rmtree(directory)
        return None

    def copy_to(self, directory):
        shutil.copytree(self.directory, directory)
        if self.theirs:
            for name in [".", *os.listdir(directory)]:
                os.chown(f"{directory}/{name}", OWNER, OWNER)

    def count(self):
        directory = os.path.abspath("count")
        self.copy_to(directory)
        code, said = self.broken(directory, 0)
        expect(code == 0, f"the start that is to be broken ended with {code}: {said}")
        shutil.rmtree(directory)
        return int(said.split()[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-s", dest="stride", type=int, default=1)
    parser.add_argument("-f", dest="first", type=int, default=1)
    parser.add_argument("-l", dest="last", type=int)
    for name in ("scenario", "how", "break_at", "groundwork"):
        parser.add_argument(name)
    options = parser.parse_args()
    scenario = Scenario(options)
    count = scenario.count()
    numbers = range(options.first, min(count, options.last or count) + 1, options.stride)
    return break_each(options, numbers, count, lambda number: scenario.one(
        os.path.abspath(f"call{number}"), number))


sys.exit(main())
