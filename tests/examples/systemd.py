#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts a unit as systemd does: systemd.py SERVICE STATE CREDENTIALS, in the unit's directory

What it obeys of SERVICE.service and SERVICE.socket: Environment=, LoadCredential= (a file of
CREDENTIALS, by the last name of its path), StateDirectory= (in STATE, which is %S),
ListenStream= (another port, that is free), Type=notify, NotifyAccess= and the words of
ExecStart= as they are. Prints "port PORT", "pid PID", what it is notified of by whom it listens
to, and "exit CODE". The end of standard input ends the service, by TERM.
"""

import os
import select
import shlex
import signal
import socket
import sys


def settings(path):
    with open(path, encoding="utf-8") as unit:
        return [tuple(line.rstrip("\n").split("=", 1)) for line in unit
                if "=" in line and not line.startswith(("#", ";"))]


def one(unit, name):
    (value,) = [value for key, value in unit if key == name]
    return value


def main():
    service, state, store = sys.argv[1], *map(os.path.abspath, sys.argv[2:])
    unit = settings(service + ".service")
    int(one(settings(service + ".socket"), "ListenStream"))
    listener = socket.create_server(("127.0.0.1", 0))
    print("port", listener.getsockname()[1])

    assert one(unit, "Type") == "notify"
    access = one(unit, "NotifyAccess")
    notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notified.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    notified.bind(os.path.join(state, "notify"))

    directory = os.path.join(state, one(unit, "StateDirectory"))
    os.makedirs(directory, exist_ok=True)
    credentials = os.path.join(state, "credentials")
    os.makedirs(credentials, mode=0o700, exist_ok=True)
    for name, path in (value.split(":") for key, value in unit if key == "LoadCredential"):
        with open(os.path.join(store, os.path.basename(path)), "rb") as source, \
                open(os.path.join(credentials, name), "wb") as target:
            target.write(source.read())

    environment = {"PATH": os.environ["PATH"], "LISTEN_FDS": "1",
                   "LISTEN_FDNAMES": service + ".socket", "STATE_DIRECTORY": directory,
                   "CREDENTIALS_DIRECTORY": credentials, "NOTIFY_SOCKET": notified.getsockname()}
    for value in (value for key, value in unit if key == "Environment"):
        environment.update(word.replace("%S", state).split("=", 1) for word in shlex.split(value))
    words = shlex.split(one(unit, "ExecStart"))

    pid = os.fork()
    if pid == 0:
        environment["LISTEN_PID"] = str(os.getpid())
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)
        os.execvpe(words[0], words, environment)
    print("pid", pid, flush=True)
    end = os.pidfd_open(pid)
    inputs = [notified, end, sys.stdin]
    while True:
        ready, _, _ = select.select(inputs, [], [])
        if notified in ready:
            text, ancillary, _, _ = notified.recvmsg(4096, socket.CMSG_SPACE(12))
            sender = int.from_bytes(ancillary[0][2][:4], sys.byteorder)
            if access == "all" or sender == pid:
                print(text.decode(), flush=True)
            else:
                print("passed over, since NotifyAccess=main:", text.decode(), flush=True)
        elif end in ready:
            break
        else:
            signal.pidfd_send_signal(end, signal.SIGTERM)
            inputs.remove(sys.stdin)
    print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


main()
