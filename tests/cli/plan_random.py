#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Applies random migrations, each planned before, in so many databases.

    plan_random.py SEED COUNT

An error of a plan must be one of the start behind it, and a schema that migrations
have made must never count as changed. What is wrong is printed with its files, and
ends with 1. A file that cannot be applied is taken away before the next one. Prints how
many could be applied as planned, how many failed as planned, and how many only failed.
"""

import os
import random
import shutil
import subprocess
import sys

BASE = """CREATE TABLE a (id INTEGER PRIMARY KEY, x, y, z);
CREATE TABLE b (x UNIQUE, y REFERENCES a (id), z);
CREATE TABLE c (x, y, w);
INSERT INTO a (x, y) VALUES ('k', 1), (2, 3);
INSERT INTO b VALUES (1, 1, 1);
INSERT INTO c VALUES (5, 6, 7);
CREATE TABLE kept (x NOT NULL);
INSERT INTO kept VALUES ('k');
"""

STATEMENTS = """CREATE TABLE {A} (x, y, z);
CREATE TABLE {A} (id INTEGER PRIMARY KEY, x UNIQUE, y REFERENCES {B} ({X}), z NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS {A} (x, w);
CREATE TABLE {A} AS SELECT * FROM {B};
CREATE TABLE {A} AS SELECT json_object((SELECT x FROM kept), 1) AS x;
CREATE TEMP TABLE {A} (x, y);
CREATE VIRTUAL TABLE f USING fts5(x, y);
DROP TABLE {A};
DROP TABLE IF EXISTS {A};
ALTER TABLE {A} RENAME TO {B};
ALTER TABLE {A} RENAME COLUMN {X} TO {Y};
ALTER TABLE {A} ADD COLUMN {X};
ALTER TABLE {A} ADD COLUMN {X} NOT NULL;
ALTER TABLE {A} DROP COLUMN {X};
CREATE UNIQUE INDEX i_{A} ON {A} ({X});
DROP INDEX IF EXISTS i_{A};
CREATE VIEW v_{A} AS SELECT {X}, {Y} FROM {B};
DROP VIEW IF EXISTS v_{A};
CREATE TRIGGER t_{A} AFTER INSERT ON {A} BEGIN UPDATE {B} SET {X} = 1; END;
DROP TRIGGER IF EXISTS t_{A};
INSERT INTO {A} ({X}) VALUES (7);
INSERT INTO {A} ({X}, {Y}) SELECT {X}, {Y} FROM {B};
INSERT OR IGNORE INTO {A} ({X}) VALUES (1);
INSERT INTO f (x) VALUES ('q');
INSERT INTO kept SELECT max(x) FROM kept;
UPDATE {A} SET {X} = {Y};
DELETE FROM {A} WHERE {X} > 2;
SELECT {X} FROM {A} WHERE {Y} IN (SELECT {X} FROM {B});
PRAGMA foreign_keys = ON;
PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON;
PRAGMA defer_foreign_keys = ON;
ANALYZE;""".splitlines()


def statement(pick):
    return pick.choice(STATEMENTS).format(
        A=pick.choice("abcdef"), B=pick.choice("abcdef"), X=pick.choice("xyzw"), Y=pick.choice("xyzw")
    )


def put(name, text):
    with open(name, "w") as file:
        file.write(text)


def groundwork(command):
    argv = [os.environ["GROUNDWORK"], "-c", "conf", command]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def fail(what, said):
    print(what, said, sep="\n")
    for name in sorted(os.listdir("m")):
        print(f"-- {name}", open(f"m/{name}").read(), sep="\n")
    sys.exit(1)


def one_database(pick):
    for name in ("conf", "m"):
        shutil.rmtree(name, ignore_errors=True)
        os.mkdir(name)
    for name in [name for name in os.listdir(".") if "d.db" in name]:
        os.remove(name)
    put(
        "conf/10.ini",
        "[database:d]\npath = d.db\nmigrations = ../m\nschema_drift = error\n"
        f"foreign_keys = {pick.choice(['on', 'off'])}\n",
    )
    put("m/1_base.sql", BASE)
    groundwork("apply")
    for version in range(2, 7):
        file = f"m/{version}_more.sql"
        put(file, "\n".join(statement(pick) for _ in range(pick.randrange(1, 4))) + "\n")
        planned, plan = groundwork("plan")
        applied, log = groundwork("apply")
        if "schema is not what" in plan + log:
            fail("the schema counts as changed", plan + log)
        if planned and not applied:
            fail("the plan has an error that there is not", plan)
        if applied:
            os.remove(file)
        yield bool(planned), bool(applied)


def main():
    found = []
    for i in range(int(sys.argv[2])):
        found += one_database(random.Random(f"{sys.argv[1]} {i}"))
    print(*(found.count(ends) for ends in ((False, False), (True, True), (False, True))))


main()
