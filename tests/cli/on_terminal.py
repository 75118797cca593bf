#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command on a terminal and prints what it writes there: on_terminal.py COLUMNS WORD…"""

import fcntl
import os
import pty
import struct
import sys
import termios


def main():
    child, terminal = pty.fork()
    if child == 0:
        os.read(0, 1)  # until the size is set
        os.execvp(sys.argv[2], sys.argv[2:])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, int(sys.argv[1]), 0, 0))
    settings = termios.tcgetattr(terminal)
    settings[1] &= ~termios.OPOST
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, settings)
    os.write(terminal, b"\n")
    text = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the command has ended
            break
        if not piece:
            break
        text += piece
    sys.stdout.buffer.write(text)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    main()
