# SPDX-License-Identifier: MIT
"""What is found to be wrong, and commands that must not hang."""

import subprocess

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
