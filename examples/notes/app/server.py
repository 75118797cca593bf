# SPDX-License-Identifier: MIT
"""A notebook over HTTP, and an application without a line of first-run code.

It expects its configuration, its key and its database to be there. Nothing in it creates a
directory, a table or a key; where one is missing it says so and ends.
"""

import json
import os
import re
import signal
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from modules import notes


def load():
    """The configuration, the key and the database: all there, or an error."""
    with open(os.environ.get("NOTES_CONFIG", "etc/notes.json"), encoding="utf-8") as file:
        config = json.load(file)
    key = bytes.fromhex(os.environ["NOTES_KEY"])
    # mode=rw: a database that is missing is an error, not a reason to make an empty one.
    database = sqlite3.connect(f"file:{config['database']}?mode=rw", uri=True)
    database.execute("PRAGMA foreign_keys = ON")
    log = open(config["log"], "a", buffering=1, encoding="utf-8")
    return config, notes.Notebook(database, key), log


class Handler(BaseHTTPRequestHandler):
    """GET / · POST /notes {"author", "text"} · GET /notes/N"""

    def do_GET(self):
        notebook = self.server.notebook
        if self.path == "/":
            self.answer(200, {"title": self.server.title, "notes": notebook.count()})
        elif match := re.fullmatch(r"/notes/([0-9]{1,9})", self.path):
            try:
                note = notebook.read(int(match[1]))
                self.answer(200 if note else 404, note or {"error": "no such note"})
            except notes.Forged as error:
                self.answer(500, {"error": str(error)})
        else:
            self.answer(404, {"error": "no such page"})

    def do_POST(self):
        try:
            size = int(self.headers.get("Content-Length", 0))
            note = json.loads(self.rfile.read(min(size, 1 << 20)))
            author, text = str(note["author"]), str(note["text"])
        except (ValueError, KeyError, TypeError):
            self.answer(400, {"error": 'expected {"author": …, "text": …}'})
            return
        self.answer(201, {"id": self.server.notebook.store(author, text)})

    def answer(self, status, body):
        data = json.dumps(body).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        print(self.log_date_time_string(), format % args, file=self.server.log)


def main():
    # The default action of SIGTERM would skip the `finally` below.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        config, notebook, log = load()
    except KeyError as error:
        sys.exit(f"notes: cannot start: {error.args[0]} is not set")
    except (OSError, ValueError, sqlite3.Error) as error:
        sys.exit(f"notes: cannot start: {error}")
    with HTTPServer((config["address"], config["port"]), Handler) as server:
        server.title, server.notebook, server.log = config["title"], notebook, log
        try:
            server.serve_forever()
        finally:
            notebook.close()


if __name__ == "__main__":
    main()
