#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Values of sigqueue(3), through a supervisor.

    queued.py COMMAND [ARG…]

COMMAND is the supervisor, without the application: that is this script. What the application
receives is printed: "SIGNAL CODE VALUE", and "ours" where the sender is who queued it.
"""

import ctypes
import os
import signal
import subprocess
import sys

SENT = [(signal.SIGRTMIN + 1, 7), (signal.SIGRTMIN + 1, 8), (signal.SIGUSR1, 9)]
libc = ctypes.CDLL(None, use_errno=True)


class Info(ctypes.Structure):
    """siginfo_t of 64-bit Linux, as far as it is looked at."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("signo", "errno", "code", "pad", "pid")),
        ("uid", ctypes.c_uint),
        ("value", ctypes.c_void_p),
        ("rest", ctypes.c_char * 96),
    ]


def application():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    every = (ctypes.c_ubyte * 128)(*[255] * 128)
    info = Info()
    print("up", flush=True)
    for _ in SENT:
        while libc.sigwaitinfo(every, ctypes.byref(info)) < 0:
            pass
        sender = "ours" if info.pid == int(sys.argv[2]) else info.pid
        print(info.signo - signal.SIGRTMIN, info.code, info.value, sender, flush=True)


def main():
    if sys.argv[1] == "--":
        return application()
    command = [*sys.argv[1:], sys.executable, os.path.abspath(__file__), "--", str(os.getpid())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        for number, value in SENT:
            if libc.sigqueue(process.pid, int(number), ctypes.c_void_p(value)) < 0:
                raise OSError(ctypes.get_errno(), "sigqueue")
            print(process.stdout.readline(), end="", flush=True)
    return process.returncode


sys.exit(main())
