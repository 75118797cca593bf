#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which signals has an application been sent, before it could have a handler?

    heard.py NUMBER… -- COMMAND [ARG…]   executes COMMAND with these signals blocked
    heard.py NUMBER…                     waits for each of them, then says which came

The first is for who starts us, the second is the application, which finds the mask of the
first.
"""

import os
import signal
import sys

HANG = 20  # seconds: much longer than it takes


def main():
    words = sys.argv[1:]
    if "--" in words:
        end = words.index("--")
        signal.pthread_sigmask(signal.SIG_BLOCK, {int(word) for word in words[:end]})
        os.execvp(words[end + 1], words[end + 1 :])
    came = [signal.sigtimedwait({int(word)}, HANG) for word in words]
    print(*(info.si_signo for info in came if info))
    twice = signal.sigpending() & {int(word) for word in words}
    if twice:
        print("twice:", *sorted(twice))


main()
