# SPDX-License-Identifier: MIT
"""A PostgreSQL server of a test (tests/cli/postgres.sh), which has begun in this directory.

The protocol is version 3.0: "Frontend/Backend Protocol", chapter 55 of PostgreSQL 15's
documentation.
"""

import contextlib
import os
import socket
import struct
import subprocess

VERSION = 196608  # 3.0
PATIENCE = 30     # seconds


class Refused(Exception):
    """What the server says; its first word is the SQLSTATE."""


def receive(sock, size):
    data = b""
    while len(data) < size:
        more = sock.recv(size - len(data))
        if not more:
            raise OSError("the server has closed the connection")
        data += more
    return data


def message(sock):
    """The next one: its type, and its contents."""
    kind, size = struct.unpack("!cI", receive(sock, 5))
    return kind, receive(sock, size - 4)


def cells(data):
    count, at = struct.unpack("!H", data[:2])[0], 2
    for _ in range(count):
        size = struct.unpack("!i", data[at:at + 4])[0]
        at += 4
        yield None if size < 0 else data[at:at + size].decode()
        at += max(size, 0)


class Connection:
    def __init__(self, database):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        try:
            self.sock.connect(os.path.abspath(".s.PGSQL.5432"))
            words = f"user\0postgres\0database\0{database}\0\0".encode()
            self.sock.sendall(struct.pack("!II", len(words) + 8, VERSION) + words)
            self.answer()
        except (OSError, Refused):
            self.sock.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def answer(self):
        rows, refused = [], None
        while True:
            kind, data = message(self.sock)
            if kind == b"D":
                rows.append(tuple(cells(data)))
            elif kind == b"E":
                fields = {field[:1]: field[1:].decode() for field in data.split(b"\0") if field}
                refused = Refused(f"{fields[b'C']} {fields[b'M']}")
                if fields[b"S"] in ("FATAL", "PANIC"):
                    raise refused
            elif kind == b"Z" and refused:
                raise refused
            elif kind == b"Z":
                return rows

    def query(self, sql):
        """All rows of its statements, of texts."""
        sql = sql.encode() + b"\0"
        self.sock.sendall(struct.pack("!cI", b"Q", len(sql) + 4) + sql)
        return self.answer()


def query(sql, database="postgres"):
    with Connection(database) as connection:
        return connection.query(sql)


def restart():
    """As after a crash. It must not run as root."""
    user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    command = ["pg_ctl", "-D", "data", "-m", "immediate", "-w", "-l", "data/log", "restart"]
    subprocess.run((user if os.geteuid() == 0 else []) + command, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def drop(database):
    """Also where others are connected, or it is missing."""
    with contextlib.suppress(Refused):
        query(f"DROP DATABASE {database} WITH (FORCE)")
