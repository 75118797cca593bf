#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A server of first answers: first_answer.py WHERE ANSWER…

WHERE is a file for the port of loopback on which it listens, or the path of a socket, which has
a '.s.' in its name. The first connection gets the first ANSWER, and so on; the last one is for
all that follow. An ANSWER is bytes as Python writes them (`\\x0a`); of some a '-' is put in
front of what they mean:

	-close		the connection is closed at once
	-silence	nothing is sent, and nothing closed
	-drip:BYTES	one byte at a time
	-flood		bytes without an end
	-pgerror:CODE:TEXT, -mysqlerror:NUMBER:TEXT	an error as these servers send it

What a client sends first is in WHERE.asked, in a line for each connection.
"""

import os
import socket
import struct
import sys
import threading


def message(answer):
    if answer.startswith("-pgerror:"):
        _, code, text = answer.split(":", 2)
        fields = f"SFATAL\0VFATAL\0C{code}\0M".encode() + plain(text) + b"\0Fx.c\0\0"
        return b"E" + struct.pack(">I", len(fields) + 4) + fields
    if answer.startswith("-mysqlerror:"):
        _, number, text = answer.split(":", 2)
        body = b"\xff" + struct.pack("<H", int(number)) + plain(text)
        return struct.pack("<I", len(body))[:3] + b"\0" + body
    return plain(answer)


def plain(text):
    return text.encode().decode("unicode_escape").encode("latin-1")


def serve(client, answer, asked):
    try:
        if answer.startswith("-drip:"):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in plain(answer.removeprefix("-drip:")):
                client.send(bytes([byte]))
        elif answer == "-flood":
            while True:
                client.send(b"E" * 65536)
        elif answer not in ("-silence", "-close"):
            client.send(message(answer))
        if answer != "-close":
            first = client.recv(1000)
            with open(asked, "a") as file:
                file.write(repr(first) + "\n")
            while client.recv(1000):
                pass
    except OSError:
        pass
    client.close()


def main():
    where, answers = sys.argv[1], sys.argv[2:]
    if ".s." in where:
        server = socket.socket(socket.AF_UNIX)
        server.bind(where)
        os.chmod(where, 0o700)
        server.listen(100)
    else:
        server = socket.create_server(("127.0.0.1", 0), backlog=100)
        with open(where + ".new", "w") as file:
            file.write(str(server.getsockname()[1]))
        os.rename(where + ".new", where)
    while True:
        client = server.accept()[0]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        threading.Thread(target=serve, args=(client, answer, where + ".asked"), daemon=True).start()


main()
