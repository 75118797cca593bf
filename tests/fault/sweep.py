#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks a start at one system call after the other, and checks that the next start repairs it.

    sweep.py [-u USER] [-s STRIDE] [-f FIRST] [-l LAST] SCENARIO HOW BREAK_AT GROUNDWORK GROUND

SCENARIO    cold (an empty volume), upgrade (a migration is pending), warm (all is there)
HOW         kill, or the number of an error that the call fails with (28: the disk is full)
-u USER     the application's user: root gives everything away
-s STRIDE   only every STRIDEth call, from one on that is chosen by chance
-f, -l      only from that call on, up to that call
GROUND      the directory tests/cli/ground

After each break every object is complete or missing. Then a normal start creates all that is
missing and changes nothing that was published, or was the user's. Then temporary files that
were left are made to look old, and a start that writes beside them removes them.
A failure is printed with the number of the call; exit 1.
"""

import argparse
import os
import random
import re
import shutil
import sqlite3
import sys
import time

from outcome import Wrong, break_each, expect, run

STARTED = 42  # how the application ends
COPIED = r"<p>\$\$\{literal\}</p>\n"
EDITED = "<p>edited by hand</p>\n"
PENDING = "CREATE TABLE third (a); INSERT INTO users (name) VALUES ('third');\n"
OLD = 2 * 3600
WHOLE = {
    "data/keys/session.key": r"[0-9a-f]{64}",
    "data/keys/api.key": r"api_[A-Za-z0-9_-]{32}",
    "data/keys/sign.key": r"[0-9a-f]{64}",
    "data/keys/sign.pub": r"[0-9a-f]{64}",
    "data/keys/password": r"correct horse battery staple\n",
    "data/empty": r"",
    "data/seed": r"seed\n",
    "etc/app.conf": r"key = [0-9a-f]{64}\nbase = .*\n",
    "etc/settings.env": r"# of the program\nPORT=80\nMODE=new\n",
    "etc/copy": COPIED,
    "data/tree/deep/leaf": r"grown\n",
    "data/index.html": COPIED,
    "data/deep/er/index.html": COPIED,
    "data/deep/er/deep/page": r"base \$\{GROUNDWORK_BASE\}\n",
    "site/index.html": re.escape(EDITED),
    "site/deep/page": r"base .*\n",
}
DIRECTORIES = ["data", "data/deep", "data/deep/er", "data/keys", "cache", "etc", "site/deep"]
KEPT = [
    "data/keys/session.key", "data/keys/api.key", "data/keys/sign.key", "data/keys/sign.pub",
    "data/keys/password", "site/index.html", "etc/copy", "etc/settings.env",
    "data/seed", "data/tree/deep/leaf", "data/index.html", "data/deep/er/deep/page",
]


def read(path):
    with open(path) as file:
        return file.read()


class Volume:
    """One volume, and what there is to know of it."""

    def __init__(self, options, directory):
        self.options = options
        self.directory = directory
        self.root = f"{directory}/volume"
        self.conf = f"{directory}/ground/conf.d"
        shutil.copytree(options.ground, f"{directory}/ground")
        os.chmod(f"{directory}/ground/identity.txt", 0o600)
        self.upgrade = options.scenario == "upgrade"
        os.makedirs(f"{self.root}/site")
        with open(f"{self.root}/site/index.html", "w") as file:
            file.write(EDITED)
        os.makedirs(f"{self.root}/stale/deep")
        for name in ("app.pid", "stale/file", "stale/deep/file"):
            with open(f"{self.root}/{name}", "w"):
                pass
        if options.user:
            with open(f"{self.conf}/20-app.ini", "w") as file:
                file.write(f"[app]\nuser = {options.user}\n")
        if options.scenario != "cold":
            self.start()
        if self.upgrade:
            with open(f"{directory}/ground/users/003_third.sql", "w") as file:
                file.write(PENDING)

    def command(self):
        return [
            self.options.groundwork, "-q", "-c", self.conf, "-C", self.root, "--",
            "sh", "-c", f'test -n "$APP_KEY" || exit 1; exit {STARTED}',
        ]

    def path(self, name):
        return f"{self.root}/{name}"

    def broken_start(self, number):
        """The start that is broken at that call: its code, and what it said."""
        command = [self.options.break_at, str(number), self.options.how, *self.command()]
        code, said = run(command)
        expect(code != 99, said)
        return code, said

    def start(self):
        code, said = run(self.command())
        expect(code == STARTED, f"a normal start ended with {code}:\n{said}")

    def expect_whole_or_missing(self):
        """Nothing is half there; what is published already, to compare with later."""
        for name, form in WHOLE.items():
            if os.path.lexists(self.path(name)):
                text = read(self.path(name))
                expect(re.fullmatch(form, text), f"{name} is half done: {text!r}")
        if os.path.exists(self.path("data/app.db")):
            self.expect_database((4, 5) if self.upgrade else (4,))
        return {n: read(self.path(n)) for n in KEPT if os.path.exists(self.path(n))}

    def expect_database(self, migrations):
        database = sqlite3.connect(f"file:{self.path('data/app.db')}", uri=True)

        def one(query):
            return database.execute(query).fetchone()[0]

        try:
            found = one("SELECT count(*) FROM groundwork_migrations")
            expect(found in migrations, f"the ledger has {found} rows")
            users = one("SELECT count(*) FROM users")
            expect(users == found - 2, f"{users} users and {found} migrations")
            expect(one("PRAGMA integrity_check") == "ok", "the database is damaged")
        finally:
            database.close()

    def expect_all(self, published):
        for name in WHOLE:
            expect(os.path.exists(self.path(name)), f"{name} is missing")
        for name in ("app.pid", "stale"):
            expect(not os.path.lexists(self.path(name)), f"{name} is not removed")
        for name in DIRECTORIES:
            expect(os.path.isdir(self.path(name)), f"{name} is missing")
        expect(os.readlink(self.path("current")) == "data/deep", "the link is wrong")
        expect(self.expect_whole_or_missing().items() >= published.items(),
               "what was published is another now")
        self.expect_database((5,) if self.upgrade else (4,))
        key = read(self.path("data/keys/session.key"))
        expect(f"key = {key}\n" in read(self.path("etc/app.conf")), "another key in the file")

    def left_behind(self):
        return [
            os.path.join(directory, name)
            for directory, directories, names in os.walk(self.root)
            for name in directories + names
            if ".groundwork-" in name
        ]

    def expect_sweeping(self):
        left = self.left_behind()
        if not left:
            return
        expect(all(os.path.basename(path).startswith(".") for path in left), f"left: {left}")
        old = time.time() - OLD
        for path in left:
            os.utime(path, (old, old), follow_symlinks=False)
        # What lies in a private directory goes with it.
        directories = {os.path.dirname(path) for path in left}
        directories = {directory for directory in directories if ".groundwork-" not in directory}
        with open(f"{self.conf}/30-sweep.ini", "w") as file:
            for number, directory in enumerate(directories):
                file.write(f"[file:sweep{number}]\npath = {directory}/swept\n")
        self.start()
        left = self.left_behind()
        expect(not left, f"not swept: {[os.path.relpath(path, self.root) for path in left]}")


def one_call(options, number):
    directory = os.path.abspath(f"call{number}")
    os.mkdir(directory)
    code, said = None, ""
    try:
        volume = Volume(options, directory)
        code, said = volume.broken_start(number)
        if options.how != "kill":
            # Whatever fails: the application starts on whole ground alone.
            expect(code != 1, "the application was started without its key")
            if code == STARTED:
                volume.expect_all({})
        published = volume.expect_whole_or_missing()
        volume.start()
        volume.expect_all(published)
        volume.expect_sweeping()
    except (Wrong, OSError, sqlite3.Error) as wrong:
        return f"{wrong}\n  the broken start ended with {code} and said: {said}"
    finally:
        shutil.rmtree(directory)
    return None


def count_calls(options):
    directory = os.path.abspath("count")
    os.mkdir(directory)
    code, said = Volume(options, directory).broken_start(0)
    shutil.rmtree(directory)
    expect(code == STARTED, f"the start that is to be broken ended with {code}: {said}")
    return int(said.split()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-u", dest="user")
    parser.add_argument("-s", dest="stride", type=int, default=1)
    parser.add_argument("-f", dest="first", type=int)
    parser.add_argument("-l", dest="last", type=int)
    parser.add_argument("scenario", choices=["cold", "upgrade", "warm"])
    for name in ("how", "break_at", "groundwork", "ground"):
        parser.add_argument(name)
    options = parser.parse_args()
    count = count_calls(options)
    first = options.first or random.randint(1, options.stride)
    numbers = range(first, min(count, options.last or count) + 1, options.stride)
    return break_each(options, numbers, count, lambda number: one_call(options, number))


sys.exit(main())
