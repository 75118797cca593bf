#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server of PostgreSQL that does what servers should not: postgres_proxy.py PORTFILE

Passes on what the server of postgres.sh in this directory says, on a port of loopback that it
writes to PORTFILE. For each connection the file "fault" says, as FAULT AT, what is wrong: in the
answer AT of those that have rows, or 0: in each of them,

	first           the rows have their first column alone
	none            they have no columns
	null            all of their cells are NULL
	notices         notices come without end
	notice, error   one comes that has a gigabyte
	rollback        COMMIT is answered with ROLLBACK, wherever it is

The protocol is version 3.0: "Frontend/Backend Protocol", chapter 55 of PostgreSQL 15's
documentation.
"""

import os
import pathlib
import socket
import struct
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fault"))
from pg_wire import receive  # noqa: E402

PORTFILE = sys.argv[1]
KEPT = {"first": 1, "none": 0}


def message(kind, data):
    return kind + struct.pack("!I", len(data) + 4) + data


def columns(data, kept):
    """The first of them: a name, and 18 bytes."""
    at = 2
    for _ in range(kept):
        at = data.index(b"\0", at) + 19
    return struct.pack("!H", kept) + data[2:at]


def cells(data, kept):
    at = 2
    for _ in range(kept):
        at += 4 + max(struct.unpack("!i", data[at:at + 4])[0], 0)
    return struct.pack("!H", kept) + data[2:at]


def damaged(fault, kind, data):
    count = struct.unpack("!H", data[:2])[0]
    if fault == "null":
        return data if kind == b"T" else data[:2] + b"\xff" * 4 * count
    if fault not in KEPT:
        return data
    return (columns if kind == b"T" else cells)(data, min(count, KEPT[fault]))


def text(kind):
    return b"S%s\0C00000\0Mx%s\0\0" % (kind, b"x" * 2000)


def flood(fault, client):
    if fault in ("notice", "error"):
        kind = fault[:1].upper().encode()
        client.sendall(kind + struct.pack("!I", 1 << 30) + text(fault.upper().encode())[:-2])
    while fault in ("notice", "error"):
        client.sendall(b"x" * 65536)
    while fault == "notices":
        client.sendall(message(b"N", text(b"NOTICE")) * 100)


def pass_on(server, client):
    """From the server; nothing but its messages of rows is looked at."""
    fault, at = pathlib.Path("fault").read_text(encoding="ascii").split()
    answers, hit = 0, False
    while True:
        kind, size = struct.unpack("!cI", receive(server, 5))
        data = receive(server, size - 4)
        if kind == b"T":
            answers += 1
            hit = int(at) in (0, answers)
            if hit:
                flood(fault, client)
        if fault == "rollback" and kind == b"C":
            data = data.replace(b"COMMIT", b"ROLLBACK")
        if hit and kind in (b"T", b"D"):
            data = damaged(fault, kind, data)
        client.sendall(message(kind, data))


def serve(client):
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    size = struct.unpack("!I", receive(client, 4))[0]
    start = struct.pack("!I", size) + receive(client, size - 4)
    with client, socket.socket(socket.AF_UNIX) as server:
        server.connect(os.path.abspath(".s.PGSQL.5432"))
        server.sendall(start)
        threading.Thread(target=quietly, args=(pass_bytes, client, server), daemon=True).start()
        quietly(pass_on, server, client)


def pass_bytes(client, server):
    while data := client.recv(65536):
        server.sendall(data)
    server.shutdown(socket.SHUT_WR)


def quietly(function, *arguments):
    try:
        function(*arguments)
    except OSError:
        pass  # a connection has ended


def main():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(10)
        with open(PORTFILE + ".new", "w", encoding="ascii") as file:
            file.write(f"{listener.getsockname()[1]}\n")
        os.rename(PORTFILE + ".new", PORTFILE)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=quietly, args=(serve, client), daemon=True).start()


main()
