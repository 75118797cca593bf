#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Orphans and signals by the thousand, under a supervisor.

    storm.py COUNT COMMAND [ARG…]

COMMAND is the supervisor, without the application: that is this script. It leaves COUNT
orphans behind while COUNT real-time signals arrive, which the kernel queues: each must come
through. Then no zombie is left, and the supervisor sleeps. Exit 1 where that is not so.
"""

import os
import signal
import subprocess
import sys
import time

PATIENCE = 300  # seconds: much longer than it takes
QUIET = 0.5  # seconds in which nothing may happen
AT_ONCE = 500  # signals: fewer than may be queued


class Wrong(Exception):
    pass


def leave_orphans(count):
    for _ in range(count):
        child = os.fork()
        if child == 0:
            if os.fork() == 0:
                os._exit(0)
            os._exit(0)
        os.waitpid(child, 0)


def application(count):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN, signal.SIGTERM])
    print("up", flush=True)
    breeder = os.fork()
    if breeder == 0:
        leave_orphans(count)
        os._exit(0)
    for number in range(1, count + 1):
        if signal.sigwait([signal.SIGRTMIN, signal.SIGTERM]) == signal.SIGTERM:
            return 1
        if number % AT_ONCE == 0 or number == count:
            print(number, flush=True)
    os.waitpid(breeder, 0)
    print("done", flush=True)
    signal.sigwait([signal.SIGTERM])
    return 0


def expect_line(process, text):
    line = process.stdout.readline().strip()
    if line != text:
        raise Wrong(f"the application said {line!r}, not {text!r}")


def send(process, count):
    for number in range(1, count + 1):
        os.kill(process.pid, signal.SIGRTMIN)
        if number % AT_ONCE == 0 or number == count:
            expect_line(process, str(number))


def children(pid):
    """The state of each, by its pid."""
    found = {}
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{int(entry)}/stat") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except (ValueError, OSError):
            continue
        if int(parent) == pid:
            found[int(entry)] = state
    return found


def effort(pid):
    """How often it ran, and for how long."""
    with open(f"/proc/{pid}/status") as file:
        switches = [line for line in file if "ctxt_switches" in line]
    with open(f"/proc/{pid}/stat") as file:
        return switches, file.read().rpartition(")")[2].split()[11:13]


def expect_quiet(process):
    limit = time.monotonic() + PATIENCE
    while len(children(process.pid)) != 1:
        if time.monotonic() > limit:
            raise Wrong(f"children: {children(process.pid)}")
        time.sleep(0.01)
    before = effort(process.pid)
    time.sleep(QUIET)
    after = effort(process.pid)
    if before != after:
        raise Wrong(f"it does not sleep: {before} became {after}")


def storm(count, command):
    command = [*command, sys.executable, os.path.abspath(__file__), "--", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            expect_line(process, "up")
            send(process, count)
            expect_line(process, "done")
            expect_quiet(process)
            process.terminate()
            if process.wait(PATIENCE) != 0:
                raise Wrong(f"exit code {process.returncode}")
        except Wrong:
            process.kill()
            raise


def main():
    if sys.argv[1] == "--":
        return application(int(sys.argv[2]))
    try:
        storm(int(sys.argv[1]), sys.argv[2:])
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


sys.exit(main())
