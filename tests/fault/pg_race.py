#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many processes migrate one database of a server at the same moment, round after round.

    pg_race.py [--kill] [--restart] PROCESSES ROUNDS GROUNDWORK

By turns there is no database, and migrations are pending. Each process waits at a barrier
before it executes the program. Each must end with 0, the ledger must have every migration
once, in order, and so must a table to which each migration adds a row. Where nothing disturbs
them, none tries what another one has done. Then nobody is connected any more.

--kill      half of them are killed, each at a random moment of the round
--restart   the server is ended at once in every other pair of rounds, at a random moment, and
            started again

The server is that of pg_wire.py. What is random comes from a seed, which an error names.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time

import pg_wire

CONF = """[database:d]
url = postgres://postgres@/d?host={directory}
create = yes
migrations = m
[migrations:more]
database = d
path = more
after = d
"""
FIRST, LAST = 3, 8  # migrations of each contributor, before and after
WAIT = 'read -r _; exec "$0" "$@"'
TIMEOUT = 60        # seconds, of a process
AGAIN = "the ledger says how far it came: again"


def migrations(first, last):
    for number in range(first, last + 1):
        for module in ("m", "more"):
            os.makedirs(module, exist_ok=True)
            with open(f"{module}/{number:03}_t.sql", "w") as file:
                if (module, number) == ("m", 1):
                    file.write("CREATE TABLE runs (module text, n int);\n")
                # It takes its time, so that much happens in the middle of one.
                file.write(f"CREATE TABLE {module}{number} (a int);\n"
                           "SELECT pg_sleep(0.01);\n"
                           f"INSERT INTO runs VALUES ('{module}', {number});\n")


def remove_migrations():
    for module in ("m", "more"):
        for number in range(FIRST + 1, LAST + 1):
            os.unlink(f"{module}/{number:03}_t.sql")


def start(barrier, number, groundwork):
    """One that waits at the barrier, in a process group of its own."""
    command = ["sh", "-c", WAIT, groundwork, "-c", "10.ini", "--timeout", str(TIMEOUT), "apply"]
    with open(f"{number}.log", "w") as log:
        return subprocess.Popen(
            command, stdin=barrier, stdout=log, stderr=log, start_new_session=True)


def end(process, whole):
    """It alone, by which its children end, or all of them at once."""
    if process.poll() is None:
        (os.killpg if whole else os.kill)(process.pid, signal.SIGKILL)


def disturb(began, moments):
    """Does what is to be done at each moment after `began`."""
    for moment, action in sorted(moments, key=lambda pair: pair[0]):
        time.sleep(max(0.0, began + moment - time.monotonic()))
        action()


def run_round(options, dice, length, restarts):
    """What each of them said that did not end as it should, and how long it took."""
    barrier, opener = os.pipe()
    started = [start(barrier, number, options.groundwork)
               for number in range(options.processes)]
    os.close(barrier)
    victims = started[::2] if options.kill else []
    moments = [(dice.uniform(0, length), lambda process=process, whole=dice.random() < 0.5:
                end(process, whole)) for process in victims]
    if restarts:
        moments.append((dice.uniform(0, length), pg_wire.restart))
    began = time.monotonic()
    os.close(opener)
    disturb(began, moments)
    codes = [process.wait(2 * TIMEOUT) for process in started]
    wrong = []
    for number, code in enumerate(codes):
        with open(f"{number}.log") as log:
            said = log.read()
        if code != 0 and not (started[number] in victims and code == -signal.SIGKILL):
            wrong.append(f"ended with {code}: {said}")
        elif AGAIN in said and not moments:
            wrong.append(f"another one ran a migration beside this one: {said}")
    return wrong, time.monotonic() - began


def look(last):
    expected = [(module, number) for first, to in ((1, FIRST), (FIRST + 1, last))
                for module in ("d", "more") for number in range(first, to + 1)]
    with pg_wire.Connection("d") as connection:
        ledger = connection.query("SELECT module, id FROM groundwork_migrations "
                                  "WHERE module <> '' ORDER BY position")
        runs = connection.query("SELECT module, n FROM runs")
    wrong = []
    if ledger != [(module, f"{number:03}") for module, number in expected]:
        wrong.append(f"the ledger has {ledger}")
    if sorted(runs) != sorted((module.replace("d", "m"), str(n)) for module, n in expected):
        wrong.append(f"what has run is {sorted(runs)}")
    for _ in range(500):
        if pg_wire.query("SELECT 1 FROM pg_stat_activity WHERE datname = 'd'") == []:
            return wrong
        time.sleep(0.02)
    return wrong + ["somebody is still connected"]


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--restart", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("processes", type=int)
    parser.add_argument("rounds", type=int)
    parser.add_argument("groundwork")
    return parser.parse_args()


def main():
    options = parse()
    dice = random.Random(options.seed)
    length = 1.0  # of a round, in seconds
    failed = 0
    with open("10.ini", "w") as file:
        file.write(CONF.format(directory=os.getcwd()))
    migrations(1, LAST)
    for number in range(options.rounds):
        fresh = number % 2 == 0
        if fresh:
            pg_wire.drop("d")
            remove_migrations()
        else:
            migrations(FIRST + 1, LAST)
        wrong, took = run_round(options, dice, length, options.restart and number % 4 >= 2)
        length = (length + took) / 2
        wrong = wrong or look(FIRST if fresh else LAST)
        if wrong:
            print(f"seed {options.seed}, round {number}:", *wrong, sep="\n  ", file=sys.stderr)
            failed += 1
    print(f"{options.processes} processes, {options.rounds} rounds, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
