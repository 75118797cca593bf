#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Decrypts each vector with a step of its own: vectors.py GROUNDWORK VECTORS.json

What it works in is the working directory. Of a vector that is to fail no byte may be published,
and the error must be of the kind that the vector expects.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from base64 import b64decode
from pathlib import Path

INI = "[secret:x]\nsource = x.age\nidentity = x.txt\npath = out\n"
# For vectors that have none.
IDENTITY = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0"
ERRORS = {
    "no match": r"for none of the identities|recipients of the type 'x25519'",
    "HMAC failure": r"was changed: its header is not authentic",
    "header failure": r"malformed header|was truncated: it ends (within|before)|another version|is empty",
    "payload failure": r"was truncated|was changed: (chunk|there is more)|last chunk is empty",
    "armor failure": r"malformed armour|was truncated: its armour|is no age file",
}
PASSPHRASE = r"with a passphrase|malformed header|recipients of the type 'Scrypt'"
UNSUPPORTED = r"of the type '(?i:mlkem768x25519|grease)'|post-quantum identity|malformed header"


def parse(vector):
    """What its header says, and the age file."""
    head, _, body = vector.partition(b"\n\n")
    keys = {}
    for line in head.decode().splitlines():
        key, value = line.split(": ", 1)
        keys.setdefault(key, []).append(value)
    return keys, zlib.decompress(body) if "compressed" in keys else body


def expected(name, keys):
    """None, or what the error is to say."""
    expect = keys["expect"][0]
    if "scrypt" in name:
        return PASSPHRASE
    if any("-PQ-" in identity for identity in keys.get("identity", [])):
        return UNSUPPORTED
    if expect == "success":
        empty = keys["payload"][0] == hashlib.sha256(b"").hexdigest()
        return "holds an empty text" if empty else None
    return ERRORS[expect]


def try_one(groundwork, name, vector):
    """What is wrong, or None."""
    keys, body = parse(vector)
    error = expected(name, keys)
    Path("x.age").write_bytes(body)
    Path("x.txt").write_text("\n".join(keys.get("identity", [IDENTITY])) + "\n")
    os.chmod("x.txt", 0o600)
    Path("x.ini").write_text(INI)
    done = subprocess.run(
        [groundwork, "-c", "x.ini", "apply"], capture_output=True, text=True, check=False)
    left = set(os.listdir()) - {"x.age", "x.txt", "x.ini"}
    if error is None:
        if done.returncode != 0:
            return f"ended with {done.returncode}: {done.stderr}"
        digest = hashlib.sha256(Path("out").read_bytes()).hexdigest()
        os.unlink("out")
        return None if digest == keys["payload"][0] else "another text came out"
    if done.returncode not in (100, 111) or left:
        return f"ended with {done.returncode}, and left {left}: {done.stderr}"
    if not re.search(error, done.stderr):
        return f"expected /{error}/: {done.stderr}"
    return None


def main():
    groundwork, failures = sys.argv[1], 0
    vectors = json.loads(Path(sys.argv[2]).read_text())
    for name, base64 in vectors.items():
        os.mkdir(name)
        os.chdir(name)
        wrong = try_one(groundwork, name, b64decode(base64))
        os.chdir("..")
        shutil.rmtree(name)
        if wrong:
            failures += 1
            print(f"{name}: {wrong}")
    print(f"{len(vectors)} vectors, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
