# SPDX-License-Identifier: MIT
"""A guest book, whose socket, credential and readiness are a service manager's.

It expects its settings and its database to be there, and its socket as descriptor 3.
"""

import json
import os
import signal
import socket
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote


class Handler(BaseHTTPRequestHandler):
    """GET /NAME: an entry; GET /, with the admin's credential: all of them."""

    def do_GET(self):
        name = unquote(self.path[1:])
        if name:
            with self.server.database as database:
                database.execute("INSERT INTO guest VALUES (?)", (name,))
            self.answer(200, f"Welcome, {name}")
        elif self.headers["Authorization"] == f"Bearer {self.server.admin}":
            names = self.server.database.execute("SELECT name FROM guest ORDER BY rowid")
            self.answer(200, " ".join(name for (name,) in names))
        else:
            self.answer(403, "For the admin alone")

    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode() + b"\n")

    def log_message(self, *_):
        """systemd's journal needs no line a guest."""


def activated():
    """The socket that sd_listen_fds(3) speaks of."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        sys.exit("guests: cannot start: no socket was passed")
    return socket.socket(fileno=3)


def notify(state):
    """As sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto(state, "\0" + address[1:] if address[0] == "@" else address)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.chdir(os.environ["GUESTS_BASE"])
    server = HTTPServer(None, Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = activated()
    with open("settings.json", encoding="utf-8") as settings:
        server.admin = json.load(settings)["admin"]
    server.database = sqlite3.connect("file:guests.db?mode=rw", uri=True)
    notify(b"READY=1")
    server.serve_forever()


if __name__ == "__main__":
    main()
