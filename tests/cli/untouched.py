#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command under strace and prints every system call that would change something.

    untouched.py [--no-command] COMMAND [ARG…]

Exit: the command's own code; 1, with the calls on standard error, where there were any.
Allowed are writes to standard output and error, pipes and memory files, and opening
/dev/null and the like. With --no-command nothing may be executed and no socket opened.
"""

import os
import re
import subprocess
import sys
import tempfile

CHANGES = set(
    """
    mkdir mkdirat rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat
    rmdir chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat fsync fdatasync sync
    syncfs sync_file_range truncate ftruncate fallocate mknod mknodat setxattr lsetxattr
    fsetxattr removexattr lremovexattr fremovexattr utime utimes utimensat futimesat flock
    copy_file_range sendfile mount umount2 creat
    """.split()
)
WRITES = {"write", "writev", "pwrite64", "pwritev", "pwritev2", "splice", "vmsplice", "tee"}
OPENS = {"open", "openat", "openat2"}
COMMANDS = {"execve", "execveat", "socket", "connect"}
FOR_WRITING = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)")
CALL = re.compile(r"^\d+ +(\w+)\((.*)$")
NAMED = re.compile(r"^(\d+)<(.*?)>")
HARMLESS = re.compile(r'"/dev/(null|tty|pts/\d+)"')
# A descriptor that is open for reading alone cannot get a write lock.
LOCKS = re.compile(r"F_(OFD_)?SETLKW?, .*F_WRLCK(?!.* EBADF )")


def is_quiet(descriptor):
    """A write there changes nothing on disk."""
    number, target = descriptor.groups()
    return number in ("1", "2") or target.startswith(("pipe:", "/memfd:", "anon_inode:"))


def changes(name, rest, no_command):
    descriptor = NAMED.match(rest)
    memory = descriptor and descriptor.group(2).startswith("/memfd:")
    if name in CHANGES:
        return not memory
    if name in WRITES:
        return not (descriptor and is_quiet(descriptor))
    if name in OPENS:
        return bool(FOR_WRITING.search(rest)) and not HARMLESS.search(rest)
    if name == "fcntl":
        return bool(LOCKS.search(rest))
    return no_command and name in COMMANDS


def main():
    words = sys.argv[1:]
    no_command = words[:1] == ["--no-command"]
    words = words[no_command:]
    with tempfile.TemporaryDirectory() as directory:
        trace = os.path.join(directory, "trace")
        # A sanitizer looks for leaks with ptrace, which strace is using, and makes the directory
        # of its log, which is not what we ask about.
        env = dict(os.environ, ASAN_OPTIONS="exitcode=99:detect_leaks=0", UBSAN_OPTIONS="")
        code = subprocess.call(["strace", "-f", "-y", "-s", "300", "-o", trace, *words], env=env)
        with open(trace, errors="replace") as lines:
            calls = [(line, CALL.match(line)) for line in lines]
    calls = [(line, call) for line, call in calls if call]
    wrong = [
        line
        for number, (line, call) in enumerate(calls)
        # The first call is strace's own execve of the command.
        if changes(call.group(1), call.group(2), no_command and number > 0)
    ]
    if len(calls) < 20:
        print("strace saw next to nothing", file=sys.stderr)
        return 1
    for line in wrong:
        print("it changes something:", line.rstrip(), file=sys.stderr)
    return 1 if wrong else code


sys.exit(main())
