#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints a drop-in of many steps: many_steps.py SHAPE COUNT

SHAPE: directories, files, keys, links, templates (of one, t.txt beside it), chain (each
requires the one before), fan (each requires the ten before), references (a file with the
value of a key each), conditions, changes (each asks for that of a command), shared (one
path of them all), variables (names in [env]).
"""

import sys


def step(shape, number):
    """The section of one step."""
    name = f"s{number:05d}"
    path = f"made/{number // 100:03d}/{name}"
    if shape == "files":
        return f"[file:{name}]\npath = {path}\ncontent = text ${{HOME}} {number}\n"
    if shape == "templates":
        return f"[file:{name}]\npath = {path}\ntemplate = t.txt\npolicy = manage\n"
    if shape == "keys":
        return f"[key:{name}]\npath = {path}\n"
    if shape == "links":
        return f"[link:{name}]\npath = {path}\ntarget = x\n"
    if shape == "references":
        return f"[key:{name}]\npath = {path}.key\n[file:{name}]\npath = {path}\ncontent = ${{key:{name}}}\n"
    if shape == "changes":
        return (
            f"[exec:{name}]\ncommand = mkdir -p made/x{name}\ncreates = made/x{name}\n"
            f"[directory:{name}]\npath = made/{name}\nwhen = changed:exec:{name}\n"
        )
    if shape == "shared":
        path = "made"
    text = f"[directory:{name}]\npath = {path}\n"
    before = {"chain": 1, "fan": 10}.get(shape, 0)
    required = [f"directory:s{other:05d}" for other in range(max(0, number - before), number)]
    if required:
        text += f"requires = {' '.join(required)}\n"
    if shape == "conditions":
        text += f"when = !path:/nowhere/{number}\n"
    return text


def main():
    shape, count = sys.argv[1], int(sys.argv[2])
    if shape == "variables":
        print("[env]", *(f"NAME_{number} = ${{NAME_{number - 1}:-x}}" for number in range(count)), sep="\n")
        return
    sys.stdout.write("".join(step(shape, number) for number in range(count)))


if __name__ == "__main__":
    main()
