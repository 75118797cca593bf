#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cuts the connection of a start to its server behind one message after the other.

    pg_cut.py [--some COUNT] SCENARIO GROUNDWORK

SCENARIO    each, all   `transaction`, of three migrations
            outside     the second one runs outside of a transaction
            create      the database is created, too

A proxy counts the messages of the protocol, in both directions, of all connections of the
start. Behind one of them it cuts the connection that the message came by, with a FIN and
then again with an RST, and then again it cuts all others instead. A start must go on by
itself; every second time nobody can connect any more, and it is ended.

Whatever came of it, the database then is as before or complete up to a migration: a table to
which each migration adds a row has one for each row of the ledger, and no other. The next
start completes it. Where a migration outside of a transaction has begun and not ended, that
one says so instead, and does as it says once its advice is followed.

COUNT messages are chosen by chance, from a seed, which an error names; without it, all are.
The server is that of pg_wire.py.
"""

import argparse
import concurrent.futures
import contextlib
import os
import random
import re
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

import pg_wire
from outcome import Wrong, expect

CONF = """[database:d]
url = postgres://postgres@127.0.0.1:{port}/{database}?sslmode=disable
schema = {schema}
migrations = {migrations}
transaction = {transaction}
create = {create}
"""
MIGRATIONS = [
    "CREATE TABLE runs (n int);\nINSERT INTO runs VALUES (1);\n",
    # Whoever starts again when its COMMIT is sent and not answered finds it still at work.
    "CREATE TABLE two (a int);\nINSERT INTO runs VALUES (2);\n"
    "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS\n"
    "$$ BEGIN PERFORM pg_sleep(0.25); RETURN NULL; END $$;\n"
    "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON two DEFERRABLE INITIALLY DEFERRED\n"
    "FOR EACH ROW EXECUTE FUNCTION wait();\nINSERT INTO two VALUES (1);\n",
    "INSERT INTO runs VALUES (3);\nCREATE TABLE three (a int);\n",
]
OUTSIDE = ("-- no-transaction\nCREATE INDEX CONCURRENTLY two ON runs (n);\n"
           "INSERT INTO runs VALUES (2);\n")
IDS = ["001", "002", "003"]
HOW = ["FIN", "RST", "others"]
WORKERS = 4
HANGS = 60   # seconds
AWAY = 0.15  # the same: until a start is ended that cannot go on
BEGUN = "d/002 has begun outside of a transaction, and has not ended"
ADVICE = re.compile(r"then (DELETE FROM .* WHERE module = '' AND id = 'begun:d/002')")


class Side:
    """One of the two ends of a connection: what comes from there."""

    def __init__(self, sock, is_client):
        self.sock = sock
        self.is_client = is_client
        self.typed = not is_client  # has a message a type? The first one of a client has none
        self.data = b""
        self.other = None

    def messages(self):
        """All that are there whole."""
        while True:
            head = 1 if self.typed else 0
            if len(self.data) < head + 4:
                return
            size = head + struct.unpack("!I", self.data[head:head + 4])[0]
            if len(self.data) < size:
                return
            self.typed = True
            yield self.data[:size]
            self.data = self.data[size:]


class Proxy:
    """Cuts behind message number `last` (0: it does not)."""

    def __init__(self, last=0, how="FIN", away=False):
        self.last, self.how, self.away = last, how, away
        self.count = 0
        self.what = ""  # the last message
        self.was_cut = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.waker, self.wake = socket.socketpair()
        self.selector.register(self.waker, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wake.close()
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()

    def serve(self):
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.waker:
                    return
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj.fileno() >= 0:  # the other end may just have ended both
                    self.pass_on(key.data)

    def accept(self):
        client = Side(self.listener.accept()[0], is_client=True)
        server = Side(socket.socket(socket.AF_UNIX), is_client=False)
        client.other, server.other = server, client
        server.sock.connect(".s.PGSQL.5432")
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for side in (client, server):
            self.selector.register(side.sock, selectors.EVENT_READ, side)

    def pass_on(self, side):
        try:
            data = side.sock.recv(65536)
            side.data += data
            for message in side.messages():
                side.other.sock.sendall(message)
                self.count += 1
                self.what = f"{'to' if side.is_client else 'from'} the server, {message[:40]}"
                if self.count == self.last:
                    self.cut(side)
                    if self.how != "others":
                        return
        except OSError:
            data = b""
        if not data:
            self.close(side)

    def close(self, side):
        for each in (side, side.other):
            self.selector.unregister(each.sock)
            each.sock.close()

    def cut(self, side):
        sides = [side]
        if self.how == "others":
            sides = [key.data for key in self.selector.get_map().values()
                     if key.data and key.data.is_client and key.data not in (side, side.other)]
        for each in sides:
            if self.how == "RST":
                self.arm(each)
                self.arm(each.other)
            self.close(each)
        if self.away:
            self.selector.unregister(self.listener)
            self.listener.close()
        self.was_cut.set()

    @staticmethod
    def arm(side):
        """Closing it then resets the connection."""
        side.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Scenario:
    def __init__(self, name, groundwork):
        self.name, self.groundwork = name, groundwork
        self.outside = name == "outside"
        self.create = name == "create"
        texts = MIGRATIONS[:1] + [OUTSIDE if self.outside else MIGRATIONS[1]] + MIGRATIONS[2:]
        os.makedirs(f"m-{name}", exist_ok=True)
        for number, text in zip(IDS, texts):
            with open(f"m-{name}/{number}_t.sql", "w") as file:
                file.write(text)

    def run(self, case, proxy):
        """One start: its exit code, and what it has said."""
        with open(f"{case}.ini", "w") as file:
            file.write(CONF.format(
                port=proxy.port, schema=case, migrations=f"m-{self.name}",
                database=case if self.create else "d",
                transaction="all" if self.name == "all" else "each",
                create="yes" if self.create else "no"))
        with open(f"{case}.log", "w+") as log:
            command = [self.groundwork, "-c", f"{case}.ini", "apply"]
            process = subprocess.Popen(command, stdout=log, stderr=log)
            if proxy.away and proxy.was_cut.wait(HANGS):
                time.sleep(AWAY)
                process.send_signal(signal.SIGTERM)
            try:
                code = process.wait(HANGS)
            except subprocess.TimeoutExpired:
                process.kill()
                code = f"none: it hangs ({process.wait()})"
            log.seek(0)
            return code, log.read()

    def connect(self, case):
        return pg_wire.Connection(case if self.create else "d")

    def look(self, case):
        """The ids of the ledger, each of which has run once; and whether one has begun."""
        try:
            connection = self.connect(case)
        except pg_wire.Refused as refused:
            expect(self.create and str(refused).startswith("3D000"), str(refused))
            return [], False
        with connection:
            # One moment, although it takes several statements to see it.
            connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
            tables = {row[0] for row in connection.query(
                "SELECT relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
                f"ON n.oid = c.relnamespace WHERE nspname = '{case}'")}
            rows, runs = [], []
            if "groundwork_migrations" in tables:
                rows = connection.query(f"SELECT module, id FROM {case}.groundwork_migrations "
                                        "ORDER BY position")
            if "runs" in tables:
                runs = [f"00{row[0]}" for row in connection.query(f"SELECT n FROM {case}.runs")]
            ids = [id for module, id in rows if module]
            begun = ("", "begun:d/002") in rows
            ran = [id for id in runs if not (begun and id == "002")]
            expect(ids == IDS[:len(ids)], f"the ledger has {ids}")
            expect(ran == ids, f"the ledger has {ids}, and what has run is {runs}")
            expect(not begun or (ids == IDS[:1] and runs.count("002") <= 1), f"begun, with {ids}")
            for id, table in zip(IDS, ("runs", "two", "three")):
                expect((table in tables) == (id in ids) or (begun and table == "two"),
                       f"the ledger has {ids}, and there are {tables}")
        return ids, begun

    def follow(self, case, said):
        """The advice for one that has begun and not ended."""
        expect(BEGUN in said, f"one has begun, and what is said is: {said}")
        with self.connect(case) as connection:
            connection.query(f"DROP INDEX IF EXISTS {case}.two")
            connection.query(f"DELETE FROM {case}.runs WHERE n = 2")
            connection.query(ADVICE.search(said).group(1))

    def complete(self, case, proxy):
        code, said = self.run(case, proxy)
        ids, begun = self.look(case)
        if begun:
            expect(code == 111, f"one has begun, and it ended with {code}: {said}")
            self.follow(case, said)
            code, said = self.run(case, proxy)
            ids, begun = self.look(case)
        expect(code == 0, f"the next start ended with {code}: {said}")
        expect(ids == IDS and not begun, f"the next start has left {ids}")
        return said

    def remove(self, case):
        if self.create:
            pg_wire.drop(case)
        else:
            pg_wire.query(f"DROP SCHEMA IF EXISTS {case} CASCADE", "d")
        os.unlink(f"{case}.ini")
        os.unlink(f"{case}.log")

    def cut(self, number, how, away):
        """Returns what is wrong, or None."""
        case = f"c{number}{how.lower()}"
        said = ""
        try:
            with Proxy(number, how, away) as proxy:
                code, said = self.run(case, proxy)
                said = f"cut {proxy.what}; exit code {code}\n{said}"
                ids, begun = self.look(case)
                expect(proxy.was_cut.is_set(), "there was no such message")
                expect(code in ((0, 111, 128 + signal.SIGTERM) if away else (0, 111)),
                       "it did not end as it should")
                expect(code == 0 or away or begun, "it did not go on")
                expect(code != 0 or ids == IDS, f"it has left {ids}")
            with Proxy() as proxy:
                self.complete(case, proxy)
            self.remove(case)
        except (Wrong, OSError, pg_wire.Refused) as wrong:
            how = f"{how}, and away" if away else how
            return f"{self.name}, message {number}, {how}: {wrong}\n  {said}"
        return None

    def count(self):
        """How many messages a start has that nothing cuts."""
        with Proxy() as proxy:
            self.complete("whole", proxy)
            count = proxy.count
        self.remove("whole")
        return count


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--some", type=int, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("scenario", choices=("each", "all", "outside", "create"))
    parser.add_argument("groundwork")
    return parser.parse_args()


def main():
    options = parse()
    scenario = Scenario(options.scenario, options.groundwork)
    with contextlib.suppress(pg_wire.Refused):
        pg_wire.query("CREATE DATABASE d")
    count = scenario.count()
    numbers = range(1, count + 1)
    if options.some:
        numbers = sorted(random.Random(options.seed).sample(numbers, min(options.some, count)))
    cuts = [(number, how, (number + place) % 2 == 0)
            for number in numbers for place, how in enumerate(HOW)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        wrong = [said for said in pool.map(lambda cut: scenario.cut(*cut), cuts) if said]
    if wrong:
        print(f"seed {options.seed}:", *wrong, sep="\n", file=sys.stderr)
    print(f"{options.scenario}: {count} messages, {len(cuts)} cuts, {len(wrong)} failed")
    return 1 if wrong else 0


sys.exit(main())
