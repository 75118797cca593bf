# SPDX-License-Identifier: MIT
"""Who writes notes."""


def identify(database, name):
    """The number of the author of that name, who is made known if need be."""
    database.execute("INSERT OR IGNORE INTO authors (name) VALUES (?)", (name,))
    return database.execute("SELECT id FROM authors WHERE name = ?", (name,)).fetchone()[0]
