#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command that sees an empty file system of FUSE: empty_fuse.py DIRECTORY COMMAND…

It is mounted there in a namespace of its own, for the command alone, whose exit code is ours; 77
where that cannot be. Of the protocol (linux/fuse.h) it has what looking at a directory asks for.
"""

import ctypes
import errno
import os
import select
import struct
import subprocess
import sys

CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 0x40000
LOOKUP, FORGET, GETATTR, STATFS, INIT, INTERRUPT = 1, 2, 3, 17, 26, 36
libc = ctypes.CDLL(None, use_errno=True)


def must(result):
    if result != 0:
        print("no FUSE here:", os.strerror(ctypes.get_errno()), file=sys.stderr)
        sys.exit(77)


def answer(opcode):
    """The error, and the body."""
    if opcode == INIT:
        return 0, struct.pack("<IIIIHHII", 7, 31, 0, 0, 1, 1, 4096, 1) + bytes(36)
    if opcode == GETATTR:
        attributes = struct.pack("<6Q10I", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0o40755, 2, 0, 0, 0, 4096, 0)
        return 0, struct.pack("<QII", 60, 0, 0) + attributes
    if opcode == STATFS:
        return 0, bytes(80)
    return errno.ENOENT if opcode == LOOKUP else errno.ENOSYS, b""


def serve(fuse):
    _, opcode, unique = struct.unpack_from("<IIQ", os.read(fuse, 1 << 17))
    if opcode in (FORGET, INTERRUPT):
        return
    error, body = answer(opcode)
    os.write(fuse, struct.pack("<IiQ", 16 + len(body), -error, unique) + body)


def main():
    directory, *command = sys.argv[1:]
    must(libc.unshare(CLONE_NEWNS))
    must(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
    try:
        fuse = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        print("no FUSE here:", error, file=sys.stderr)
        sys.exit(77)
    how = f"fd={fuse},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    must(libc.mount(b"empty", directory.encode(), b"fuse", 0, how))
    serve(fuse)
    # Its end closes the pipe.
    ended, end = os.pipe()
    with subprocess.Popen(command, pass_fds=[end]) as process:
        os.close(end)
        while True:
            ready = select.select([fuse, ended], [], [])[0]
            if fuse in ready:
                serve(fuse)
            elif ended in ready:
                break
        sys.exit(process.wait())


main()
