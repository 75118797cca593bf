#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An application that changes are signalled to.

    reload_app.py FILE HEARD

Writes a line to HEARD when it runs, and at each HUP: what FILE holds then, or "half" where
that is not "begin N end". Ends with 0 at TERM, once its last HUP is written. Most other signals
are ignored.
"""

import signal
import sys


def look(heard, word):
    with open(sys.argv[1], encoding="ascii") as file:
        words = file.read().split()
    whole = len(words) == 3 and words[0] == "begin" and words[2] == "end"
    print(word, words[1] if whole else "half", file=heard, flush=True)


def main():
    signals = {signal.SIGHUP, signal.SIGTERM}
    for other in signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGRTMIN + 1:
        signal.signal(other, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with open(sys.argv[2], "w", encoding="ascii") as heard:
        look(heard, "up")
        while signal.sigwait(signals) == signal.SIGHUP:
            look(heard, "HUP")


main()
