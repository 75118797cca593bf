#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exchanges a volume as the kubelet does, at moments by chance, while an application runs.

    reload_exchange.py ROUNDS SEED VOLUME FILE HEARD LOG PID

VOLUME has `t`, a link to ..data/t; FILE is what is made of it, HEARD is reload_app.py's, and
LOG is groundwork's. In the end the application must have heard of the last state, and each signal
must follow a change. PID is groundwork's: its memory and its descriptors must not grow. It gets
other signals meanwhile, which it hands on.
"""

import os
import random
import shutil
import signal
import sys
import time

HANG = 60  # seconds: much longer than a run takes
OTHERS = [signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGRTMIN + 1]

# Seconds between two: from far shorter than the quiet that is waited for to a little longer.
PAUSES = [0, 0, 0.001, 0.005, 0.02, 0.21]
SHORTER = [0] * 100 + [0.001] * 50 + [0.005] * 20 + [0.21]  # of very many


def exchange(volume, number):
    new = os.path.join(volume, f"..{number}")
    os.mkdir(new)
    with open(os.path.join(new, "t"), "w", encoding="ascii") as file:
        file.write(f"begin {number} end\n")
    old = os.readlink(os.path.join(volume, "..data"))
    os.symlink(f"..{number}", os.path.join(volume, "..data_tmp"))
    os.rename(os.path.join(volume, "..data_tmp"), os.path.join(volume, "..data"))
    shutil.rmtree(os.path.join(volume, old))


def cost(pid):
    """Its own memory in KiB, without that of files, and how many descriptors it has."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        own = next(int(line.split()[1]) for line in file if line.startswith("Anonymous:"))
    return own, len(os.listdir(f"/proc/{pid}/fd"))


def lines(heard):
    with open(heard, encoding="ascii") as file:
        return file.read().split("\n")[:-1]


def wait_for(heard, number):
    limit = time.monotonic() + HANG
    while lines(heard)[-1].split()[1] != str(number):
        if time.monotonic() > limit:
            sys.exit(f"it never heard of {number}: {lines(heard)[-3:]}")
        time.sleep(0.02)


def main():
    rounds, seed = int(sys.argv[1]), int(sys.argv[2])
    volume, made, heard, log, pid = sys.argv[3:8]
    chance = random.Random(seed)
    # Both sets of what matters have been made by then.
    for number in range(1, 6):
        exchange(volume, number)
        wait_for(heard, number)
    before = cost(pid)
    for number in range(6, rounds + 1):
        exchange(volume, number)
        os.kill(int(pid), chance.choice(OTHERS))
        time.sleep(chance.choice(PAUSES if rounds <= 10000 else SHORTER))
    wait_for(heard, rounds)
    after = cost(pid)
    states = [line.split()[1] for line in lines(heard)]
    if "half" in states:
        sys.exit("it has seen half a file")
    with open(log, encoding="utf-8") as file:
        said = file.read()
    # The start creates it, and each run that changes it writes it once.
    changes, signals = said.count(" wrote "), said.count("SIGHUP is sent")
    # One that waits until the application looks is for all changes by then.
    waited = said.count("SIGHUP waits")
    if not signals <= changes <= signals + waited or len(states) - 1 > signals:
        sys.exit(f"{changes} changes, {signals} signals, {len(states) - 1} heard")
    with open(made, encoding="ascii") as file:
        if file.read() != f"begin {rounds} end\n":
            sys.exit("the last state was never made")
    if after[0] > before[0] + 64 or after[1] != before[1]:
        sys.exit(f"it grows: {before} to {after} (KiB of its own, descriptors)")
    print(f"{rounds} exchanges, {len(states) - 1} signals; {after[0]} KiB, {after[1]} descriptors")


main()
