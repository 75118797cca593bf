# SPDX-License-Identifier: MIT
"""Notes, each signed with the notebook's key, so that nobody changes one unnoticed."""

import hashlib
import hmac

from modules import authors


class Forged(Exception):
    """A note that was not signed with this key."""


class Notebook:
    def __init__(self, database, key):
        self.database, self.key = database, key
        self.count()  # fails here and now where the tables are missing

    def sign(self, author, text):
        message = f"{len(author)}:{author}{text}".encode()
        return hmac.new(self.key, message, hashlib.sha256).digest()

    def store(self, author, text):
        with self.database:
            return self.database.execute(
                "INSERT INTO notes (author, text, signature) VALUES (?, ?, ?)",
                (authors.identify(self.database, author), text, self.sign(author, text)),
            ).lastrowid

    def read(self, number):
        """A note, or None where there is none of that number."""
        row = self.database.execute(
            "SELECT authors.name, text, signature FROM notes"
            " JOIN authors ON authors.id = author WHERE notes.id = ?",
            (number,),
        ).fetchone()
        if row is None:
            return None
        author, text, signature = row
        if not hmac.compare_digest(signature, self.sign(author, text)):
            raise Forged(f"note {number} was not signed with this key")
        return {"id": number, "author": author, "text": text, "verified": True}

    def count(self):
        return self.database.execute("SELECT count(*) FROM notes").fetchone()[0]

    def close(self):
        self.database.close()
