#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An interactive shell on a terminal of its own, and what is typed there.

    shell_session.py [COMMAND [ARG…]] < SCRIPT

COMMAND leads the session instead of bash.

Lines of the script: "type TEXT" (with a newline behind it), "key X" (Ctrl-X), "expect TEXT"
(until the terminal shows it, behind what was expected before), "close" (hang up). What the
terminal shows is printed where an expectation fails, exit 1.
"""

import os
import pty
import select
import sys
import time

PATIENCE = 20  # seconds
BASH = ["bash", "--norc", "--noprofile", "--noediting", "-i"]


class Session:
    def __init__(self, command):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(PS1="prompt> ", HISTFILE="", TERM="dumb", INPUTRC="/dev/null")
            os.execvp(command[0], command)
        self.shown = ""
        self.seen = 0

    def type(self, text):
        os.write(self.terminal, f"{text}\n".encode())

    def key(self, letter):
        os.write(self.terminal, bytes([ord(letter) & 31]))

    def expect(self, text):
        limit = time.monotonic() + PATIENCE
        while (place := self.shown.find(text, self.seen)) < 0:
            left = limit - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                raise TimeoutError(text)
            self.shown += os.read(self.terminal, 4096).decode(errors="replace")
        self.seen = place + len(text)

    def close(self, _):
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


def main():
    session = Session(sys.argv[1:] or BASH)
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        try:
            getattr(session, verb)(rest)
        except (TimeoutError, OSError) as error:
            print(f"{line.strip()}: {error!r}; the terminal shows:\n{session.shown}", file=sys.stderr)
            os.kill(session.pid, 9)
            return 1
    return 0


sys.exit(main())
