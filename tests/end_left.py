#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Kills the processes that jobs of tests/run have left: end_left.py JOBS FIRST END

They are known by their working directory or environment, which name a directory of JOBS from
FIRST up to, not including, END. Prints "PID JOB COMMAND" for each, but for those that have
ended by themselves meanwhile, and those that are started while others are killed.

A number that was found may be another process's by the time of its signal: of thousands that
end at once, many are. So each is held by a descriptor (pidfd_open(2)) before it is looked at.
"""

import os
import re
import signal
import sys
import time

ROUNDS = 20


def read(path):
    with open(path, "rb") as file:
        return file.read()


def job_of(pid, jobs):
    """The number of the job that the process belongs to, or None."""
    inside = re.compile(rb"(?:^|(?:^|\0)TEST_DIR=)%b/(\d+)(?:[/\0]|$)" % re.escape(os.fsencode(jobs)))
    for text in (
        lambda: os.fsencode(os.readlink(f"/proc/{pid}/cwd")),
        lambda: read(f"/proc/{pid}/environ"),
    ):
        try:
            found = inside.search(text())
        except OSError:  # it has ended, or is not ours to look at
            continue
        if found:
            return int(found[1])
    return None


def end(pid, jobs, wanted):
    """Kills it if it is of a wanted job. Returns what there is to say of it, or None."""
    try:
        process = os.pidfd_open(pid)
    except OSError:
        return None
    try:
        job = job_of(pid, jobs)
        if job not in wanted:
            return None
        words = read(f"/proc/{pid}/cmdline").decode(errors="replace").replace("\0", " ").split()
        if not words:  # it has ended, and is not reaped
            return None
        signal.pidfd_send_signal(process, signal.SIGKILL)
        return f"{pid} {job} {' '.join(words)}"
    except OSError:
        return None
    finally:
        os.close(process)


def main():
    jobs, wanted = sys.argv[1], range(int(sys.argv[2]), int(sys.argv[3]))
    for number in range(ROUNDS):
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
        ended = [text for text in (end(pid, jobs, wanted) for pid in pids) if text]
        if number == 0 and ended:
            print("\n".join(ended))
        if not ended:
            break
        time.sleep(0.05)


main()
