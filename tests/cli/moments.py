#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sends a signal at moments that are spread over a whole start, and counts how it ended.

    moments.py ROUNDS pid1|child SIGNAL CODE[|CODE] COMMAND [ARG…]

The application says "up" when it runs. The moments go from the first at which all signals
are blocked to well after the application runs. The application must end with CODE, or by the
signal of that code, once it has received SIGNAL, and never by itself. After each round no process is left that
holds the other end of a pipe. The first failure is printed, exit 1. Exit 77: no process
namespaces here.
"""

import ctypes
import os
import select
import signal
import sys
import time

SYS_CLONE = {"x86_64": 56, "aarch64": 220}
CLONE_NEWPID = 0x20000000
HANG = 20  # seconds: much longer than any round takes
BLOCKED = 0xFFFFFFFFFFFBFEFF  # all but KILL and STOP
libc = ctypes.CDLL(None, use_errno=True)


class Wrong(Exception):
    pass


def spawn(pid1, command):
    """The process, as we see it, and the pipe that everybody below it holds."""
    held, given = os.pipe()
    if pid1:
        number = SYS_CLONE[os.uname().machine]
        pid = libc.syscall(number, CLONE_NEWPID | signal.SIGCHLD, 0, 0, 0, 0)
        if pid < 0:
            sys.exit(77)
    else:
        pid = os.fork()
    if pid == 0:
        try:
            os.set_inheritable(given, True)
            os.dup2(given, 1)
            os.dup2(given, 2)
            os.setsid()
            os.execv(command[0], command)
        finally:
            os._exit(99)
    os.close(given)
    return pid, held


def blocked(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("SigBlk:"):
                return int(line.split()[1], 16)
    return 0


def became_a_shell(pid):
    """Then the mask is gone again, and the application runs."""
    return os.path.basename(os.readlink(f"/proc/{pid}/exe")) in ("sh", "dash", "bash")


def wait_for_mask(pid):
    limit = time.monotonic() + HANG
    while time.monotonic() < limit:
        if blocked(pid) == BLOCKED or became_a_shell(pid):
            return
    raise Wrong("it never blocked its signals")


def wait_for_end(pid, held):
    """The status, once everybody who holds the pipe is gone."""
    limit = time.monotonic() + HANG
    output = b""
    while True:
        if not select.select([held], [], [], max(0, limit - time.monotonic()))[0]:
            raise Wrong(f"a process is left after {HANG} s; it said {output!r}")
        data = os.read(held, 4096)
        if not data:
            break
        output += data
    os.close(held)
    return os.waitpid(pid, 0)[1], output


def one_round(pid1, command, delay, number, codes):
    """Sends the signal `delay` after the mask. Returns what the application said."""
    pid, held = spawn(pid1, command)
    try:
        wait_for_mask(pid)
        moment = time.perf_counter() + delay
        while time.perf_counter() < moment:
            pass
        os.kill(pid, number)
        status, output = wait_for_end(pid, held)
    except (Wrong, OSError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    ended = os.waitstatus_to_exitcode(status)
    if ended not in codes:
        raise Wrong(f"it ended with {ended} and said {output!r}")
    return output


def time_of_start(pid1, command):
    """From the mask to the application's first word; a warning may come before it."""
    pid, held = spawn(pid1, command)
    wait_for_mask(pid)
    begin = time.perf_counter()
    output = b""
    while not output.endswith(b"up\n"):
        data = select.select([held], [], [], HANG)[0] and os.read(held, 4096)
        if not data:
            raise Wrong("the application never ran")
        output += data
    took = time.perf_counter() - begin
    os.kill(pid, signal.SIGTERM)
    wait_for_end(pid, held)
    return took


def main():
    rounds, way = int(sys.argv[1]), sys.argv[2]
    sent, command = int(sys.argv[3]), sys.argv[5:]
    codes = [int(code) for code in sys.argv[4].split("|")]
    codes += [128 - code for code in codes]
    pid1 = way == "pid1"
    started = 0
    try:
        # The first start lays the ground, and takes longer than all others.
        longest = sorted(time_of_start(pid1, command) for _ in range(6))[3] * 1.3
        for number in range(rounds):
            output = one_round(pid1, command, longest * number / rounds, sent, codes)
            started += b"up\n" in output
    except Wrong as wrong:
        print(f"{way}, signal {sent}: {wrong}", file=sys.stderr)
        return 1
    print(f"{rounds} rounds of signal {sent} over {longest * 1000:.1f} ms, the application ran in {started}")
    return 0


sys.exit(main())
