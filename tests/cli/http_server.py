#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server of HTTP that does what servers should not.

	http_server.py DIRECTORY PORTFILE [PEM [client]]

Serves the files of DIRECTORY, on a port of loopback that it writes to PORTFILE; with PEM, a key
and a certificate, over TLS, with "client" to those alone who have that certificate, too. Each
request is a line in DIRECTORY/.requests: the path, the Range, the If-Range and the Authorization
that came with it. In front of a file's name a path may say how it is sent:

	/NAME			as it is, with an ETag and ranges
	/cut/N/NAME		the first answer ends after N bytes, without a word
	/part/N/NAME		each answer ends after N bytes more
	/flaky/N/NAME		the first N answers are 503
	/after/TEXT/NAME	the answer is 503, with Retry-After: TEXT
	/later/NAME		the first answer is 429, with Retry-After: 1
	/reset/NAME		the connection is reset after 1,000 bytes
	/stall/NAME		after 1,000 bytes nothing comes any more
	/burst/NAME		in chunks, without the last, and then nothing comes any more
	/drip/NAME		it comes in 20 pieces
	/long/NAME, /short/NAME	Content-Length is 10 bytes more, or less, than there are
	/huge/N/NAME		Content-Length is N, whatever there is
	/endless/NAME		the file again and again, for as long as it is read
	/unsized/NAME		no Content-Length: the end of the connection is the end
	/early/N/NAME		the same, and of the first answer after N bytes
	/chunked/NAME		in chunks; /chunkcut/NAME: without the last; /badchunk/NAME: of no size
	/cuthead/N/NAME		the first N answers end in the middle of their heads
	/changed/NAME		after the first answer, which is cut, the file is another one
	/wrongrange/NAME	a range is answered with another one
	/norange/NAME		ranges are ignored
	/status/CODE/NAME	that status, with the file as the body
	/html/NAME		a page of HTML, with status 200
	/switch/NAME		status 101, and the file behind it
	/to/URL			a redirect there; /loop/N: to /loop/N+1
	/token/NAME		only with "Authorization: Bearer sesame"
	/headers/NAME		2,000 headers, of 1,000 bytes each
	/trailers/NAME		in chunks, and trailers behind them, without an end
	/slowhead/NAME		each of 12 lines of the head comes 100 ms later
	/longheader/NAME	a header of 200,000 bytes
	/silent/NAME		the request is read, and nothing is sent
	/garbage		no HTTP at all

As a proxy it opens no connection: to forbidden.example by 403, else by 503.
"""

import hashlib
import os
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(sys.argv[1])
COUNTS = {}
LOCK = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def count(self):
        """How often this path was asked for before."""
        with LOCK:
            COUNTS[self.path] = COUNTS.get(self.path, 0) + 1
            return COUNTS[self.path] - 1

    def note(self):
        words = [self.path] + [
            self.headers.get(name, "-") for name in ("Range", "If-Range", "Authorization")
        ]
        with LOCK, open(ROOT / ".requests", "a") as file:
            file.write(" ".join(words) + "\n")

    def answer(self, status, body, headers=(), length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if length is not False:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()

    def hang_up(self):
        self.close_connection = True

    def start_of(self, data, tag):
        """The byte that the request's range begins with, 0 without one that holds."""
        wanted = self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if not wanted or (condition and condition != tag):
            return 0
        return int(wanted.removeprefix("bytes=").split("-")[0])

    def send(self, data, most=None, headers=(), shift=0, ranges=True):
        """Sends the file, or the range that was asked for; of either `most` bytes alone."""
        tag = '"%s"' % hashlib.sha256(data).hexdigest()[:16]
        start = self.start_of(data, tag) if ranges else 0
        headers = [("ETag", tag), *headers]
        if start >= len(data) and start:
            self.answer(416, b"")
            return
        if start:
            begin = start + shift
            headers.append(("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}"))
            data = data[begin:]
        self.answer(206 if start else 200, data, headers)
        self.wfile.write(data if most is None else data[:most])
        if most is not None and most < len(data):
            self.hang_up()

    def do_GET(self):
        self.note()
        words = self.path.split("?")[0].lstrip("/").split("/")
        how = getattr(self, "do_" + words[0], None) if len(words) > 1 else None
        try:
            if how:
                how(*words[1:])
            elif words[0] == "garbage":
                self.wfile.write(b"\0" * 1000)
                self.hang_up()
            else:
                self.send(self.read(words[-1]))
        except FileNotFoundError:
            self.answer(404, b"no such file")
            self.wfile.write(b"no such file")
        except (BrokenPipeError, ConnectionResetError):
            self.hang_up()

    def do_CONNECT(self):
        self.answer(403 if self.path.startswith("forbidden") else 503, b"")

    def read(self, name):
        return (ROOT / name).read_bytes()

    def do_cut(self, size, name):
        self.send(self.read(name), int(size) if self.count() == 0 else None)

    def do_part(self, size, name):
        self.send(self.read(name), int(size))

    def do_flaky(self, times, name):
        if self.count() < int(times):
            self.answer(503, b"")
        else:
            self.send(self.read(name))

    def do_later(self, name):
        if self.count() == 0:
            self.answer(429, b"", [("Retry-After", "1")])
        else:
            self.send(self.read(name))

    def do_after(self, text, name):
        self.answer(503, b"", [("Retry-After", unquote(text))])

    def do_reset(self, name):
        data = self.read(name)
        self.answer(200, data)
        self.wfile.write(data[:1000])
        self.wfile.flush()
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.hang_up()

    def do_stall(self, name):
        data = self.read(name)
        self.answer(200, data)
        self.wfile.write(data[:1000])
        self.wfile.flush()
        self.connection.recv(1)
        self.hang_up()

    def do_burst(self, name):
        self.do_chunked(name, whole=False)
        self.wfile.flush()
        self.connection.recv(1)

    def do_silent(self, name):
        self.connection.recv(1)
        self.hang_up()

    def do_drip(self, name):
        data = self.read(name)
        self.answer(200, data)
        step = len(data) // 20 + 1
        for start in range(0, len(data), step):
            self.wfile.write(data[start : start + step])
            self.wfile.flush()

    def do_long(self, name):
        data = self.read(name)
        self.answer(200, data, length=len(data) + 10)
        self.wfile.write(data)
        self.hang_up()

    def do_huge(self, size, name):
        data = self.read(name)
        self.answer(200, data, length=int(size))
        self.wfile.write(data)
        self.hang_up()

    def do_endless(self, name):
        data = self.read(name)
        self.answer(200, b"", [("Connection", "close")], length=False)
        while True:
            self.wfile.write(data)

    def do_short(self, name):
        data = self.read(name)
        self.answer(200, data, length=len(data) - 10)
        self.wfile.write(data)
        self.hang_up()

    def do_unsized(self, name):
        self.answer(200, b"", [("Connection", "close")], length=False)
        self.wfile.write(self.read(name))
        self.hang_up()

    def do_early(self, size, name):
        first = self.count() == 0
        data = self.read(name)
        start = self.start_of(data, None)
        headers = [("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")] if start else []
        self.answer(
            206 if start else 200, b"", [("Connection", "close"), *headers], length=False
        )
        self.wfile.write(data[: int(size)] if first else data[start:])
        self.hang_up()

    def do_chunked(self, name, whole=True):
        data = self.read(name)
        self.answer(200, b"", [("Transfer-Encoding", "chunked")], length=False)
        for start in range(0, len(data), 5000):
            piece = data[start : start + 5000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        if whole:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.hang_up()

    def do_chunkcut(self, name):
        self.do_chunked(name, whole=False)

    def do_badchunk(self, name):
        self.answer(200, b"", [("Transfer-Encoding", "chunked")], length=False)
        self.wfile.write(b"5\r\nhello\r\n-5\r\n")
        self.hang_up()

    def do_cuthead(self, times, name):
        if self.count() < int(times):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Len")
            self.hang_up()
        else:
            self.send(self.read(name))

    def do_changed(self, name):
        data = self.read(name)
        if self.count() == 0:
            self.send(data[::-1], 1000)
        else:
            self.send(data)

    def do_wrongrange(self, name):
        data = self.read(name)
        if self.count() == 0:
            self.send(data, 1000)
        else:
            self.send(data, shift=1)

    def do_norange(self, name):
        self.send(self.read(name), 1000 if self.count() == 0 else None, ranges=False)

    def do_refuserange(self, status, name):
        if self.headers.get("Range"):
            self.answer(int(status), b"")
        else:
            self.send(self.read(name), 1000 if self.count() == 0 else None)

    def do_held(self, status, *url):
        """The head alone, as servers that push events or answer a long poll send it."""
        leads = [("Location", "/" + "/".join(url))] if int(status) // 100 == 3 else []
        self.answer(int(status), b"", [("Connection", "close"), *leads], length=False)
        self.wfile.flush()
        self.connection.recv(1)
        self.hang_up()

    def do_status(self, status, name):
        data = self.read(name)
        self.answer(int(status), data)
        self.wfile.write(data)

    def do_switch(self, name):
        self.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + self.read(name))
        self.hang_up()

    def do_html(self, name):
        body = b"<html>Please log in</html>"
        self.answer(200, body, [("Content-Type", "text/html; charset=utf-8")])
        self.wfile.write(body)

    def lead(self, url):
        self.answer(302, b"moved", [("Location", url)])
        self.wfile.write(b"moved")

    def do_to(self, *url):
        self.lead(self.path.removeprefix("/to/"))

    def do_secret(self, name):
        port = self.server.server_address[1]
        self.lead(f"http://user:sesame@localhost:{port}/{name}?token=sesame")

    def do_loop(self, number):
        self.lead(f"/loop/{int(number) + 1}")

    def do_token(self, name):
        if self.headers.get("Authorization") == "Bearer sesame":
            self.send(self.read(name))
        else:
            self.answer(401, b"")

    def do_slowhead(self, name):
        data = self.read(name)
        self.send_response(200)
        self.flush_headers()
        for number in range(12):
            time.sleep(0.1)
            self.send_header(f"X-{number}", "slow")
            self.flush_headers()
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_longheader(self, name):
        self.send(self.read(name), headers=[("X-Long", "x" * 200000)])

    def do_trailers(self, name):
        data = self.read(name)
        self.answer(200, b"", [("Transfer-Encoding", "chunked")], length=False)
        self.wfile.write(b"%x\r\n%s\r\n0\r\n" % (len(data), data))
        while True:
            self.wfile.write(b"X-Other: 1\r\n" * 100)

    def do_headers(self, name):
        self.send(self.read(name), headers=[(f"X-{i}", "x" * 1000) for i in range(2000)])


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, address):
        pass


def main():
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3])
        if len(sys.argv) > 4:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(sys.argv[3])
            # Later versions have sent the request by then: a reset may overtake the refusal.
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        server.socket = context.wrap_socket(server.socket, server_side=True)
    new = sys.argv[2] + ".new"
    Path(new).write_text(str(server.server_address[1]))
    os.rename(new, sys.argv[2])
    server.serve_forever()


if __name__ == "__main__":
    main()
