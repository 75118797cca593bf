# SPDX-License-Identifier: MIT
"""What is found to be wrong, and commands that must not hang."""

import subprocess
import sys

HANGS = 20  # seconds

class Wrong(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Wrong(message)


def run(command):
    """Its code and what it said; one that hangs is killed, and all that it traces with it."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=HANGS)
    except subprocess.TimeoutExpired as late:
        raise Wrong(f"it hangs; it said: {late.stdout} {late.stderr}") from late
    return done.returncode, done.stdout + done.stderr


def break_each(options, numbers, count, one):
    """
    Has one(number), which returns what is wrong or None, break the calls of these numbers, of
    `count`, and prints that; ten failures are enough. Returns the exit code.
    """
    failed = 0
    for number in numbers:
        wrong = one(number)
        if wrong:
            print(f"broken at call {number} of {count}: {wrong}", file=sys.stderr)
            failed += 1
        if failed == 10:
            break
    print(f"{options.scenario}, {options.how}: {len(numbers)} of {count} calls, {failed} failed")
    return 1 if failed or not numbers else 0
