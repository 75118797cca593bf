#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Migrations made by chance, in the form of each tool: corpus.py PROGRAM TOOL FROM TO

Each seed from FROM to TO is a directory of migrations with what makes tools differ: their order, files that
must not run, and SQL that is hard to cut. The program applies it; what it makes must be what
the sqlite3 shell makes of the same statements in the tool's own order, which is written down
here a second time: the schema and all rows. Then half of them is applied by the shell and
recorded as the tool does it, and the program adopts that and applies the rest.
"""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import adopt_ledger

# ---- statements, each of which depends on those before ----


class Author:
    """Writes one migration after the other, and knows what is there."""

    def __init__(self, chance):
        self.chance = chance
        self.number = 0
        self.tables = []  # [name, columns that were added]
        self.families = []  # pairs of parent and child

    def write(self):
        """Returns the statements of the next migration, each with its semicolon."""
        self.number += 1
        n = self.number
        if n == 1:
            return [
                "CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT);",
                "INSERT INTO log (what) VALUES ('1; -- no comment');",
            ]
        lines = [f"INSERT INTO log (what) SELECT count(*) || '/{n}' FROM log;"]
        kinds = [self.table, self.family, self.column, self.names, self.trigger, self.view]
        kinds += [self.rows, self.rows, self.actions, self.rebuild]
        for kind in self.chance.sample(kinds, self.chance.randint(2, 4)):
            lines += kind(n)
        return lines

    def table(self, n):
        self.tables.append([f"t{n}", []])
        return [
            f"CREATE TABLE \"t{n}\" (\n  id INTEGER PRIMARY KEY, -- the key; not more\n"
            f"  v TEXT NOT NULL DEFAULT 'a;b' /* ; */\n);",
            f"INSERT INTO t{n} (v) VALUES ('{n}''s'), ('é;ü'), ('--');",
        ]

    def column(self, n):
        if not self.tables:
            return []
        table = self.chance.choice(self.tables)
        lines = []
        if table[1] and self.chance.random() < 0.5:
            lines.append(f"ALTER TABLE {table[0]} DROP COLUMN {table[1].pop()};")
        table[1].append(f"c{n}")
        lines.append(f"ALTER TABLE {table[0]} ADD COLUMN c{n} INTEGER DEFAULT {n};")
        return lines

    def names(self, n):
        if not self.tables:
            return []
        table = self.chance.choice(self.tables)
        old, table[0] = table[0], f"r{n}"
        return [f"ALTER TABLE [{old}] RENAME TO `r{n}`;", f"CREATE INDEX i{n} ON r{n} (v);"]

    def trigger(self, n):
        return [
            f"CREATE TABLE heard{n} (what);",
            f"CREATE TRIGGER tr{n} AFTER INSERT ON log WHEN new.what <> 'end;' BEGIN\n"
            f"  INSERT INTO heard{n} VALUES (CASE WHEN new.id % 2 THEN new.what ELSE ';' END);\n"
            f"  UPDATE log SET what = what || '+' WHERE id = new.id;\nEND;",
        ]

    def view(self, n):
        return [f"CREATE VIEW v{n} AS SELECT id, what FROM log WHERE what <> ';' ORDER BY id;"]

    def rows(self, n):
        lines = [f"UPDATE log SET what = what || '{n}' WHERE id % {n % 3 + 1} = 0;"]
        for table in self.tables[:2]:
            lines.append(f"INSERT INTO {table[0]} (v) SELECT what FROM log ORDER BY id LIMIT 2;")
        return lines

    def family(self, n):
        action = self.chance.choice(["CASCADE", "SET NULL", "SET DEFAULT"])
        self.families.append((f"p{n}", f"k{n}"))
        return [
            f"CREATE TABLE p{n} (id INTEGER PRIMARY KEY, name TEXT);",
            f"CREATE TABLE k{n} (id INTEGER PRIMARY KEY, p INTEGER DEFAULT 1 REFERENCES p{n} (id)\n"
            f"  ON UPDATE CASCADE ON DELETE {action});",
            f"INSERT INTO p{n} VALUES (1, 'a'), (2, 'b'), (3, 'c');",
            f"INSERT INTO k{n} (p) VALUES (1), (2), (2), (3);",
        ]

    def actions(self, n):
        """Foreign keys act, and then do not."""
        if not self.families:
            return []
        parent, _ = self.chance.choice(self.families)
        return [
            "PRAGMA foreign_keys = ON;",
            f"UPDATE {parent} SET id = id + 7 WHERE id = (SELECT max(id) FROM {parent});",
            f"DELETE FROM {parent} WHERE id = 2;",
            "PRAGMA foreign_keys = OFF;",
            f"INSERT INTO {parent} SELECT max(id) + 1, 'off' FROM {parent};",
        ]

    def rebuild(self, n):
        """The way of sqlite.org/lang_altertable.html, without a transaction of its own."""
        if not self.families:
            return []
        parent, _ = self.chance.choice(self.families)
        return [
            f"CREATE TABLE new{n} (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '?');",
            f"INSERT INTO new{n} SELECT id, coalesce(name, '!') FROM {parent};",
            f"DROP TABLE {parent};",
            f"ALTER TABLE new{n} RENAME TO {parent};",
        ]


# ---- the form of each tool: (path, text) of what runs, in order, and of what must not ----

DESTROY = "DROP TABLE log;\n"


def ascending(chance, count, widths=False):
    """Numbers in ascending order, of different lengths."""
    numbers = sorted(chance.sample(range(1, 400), count))
    return [f"{n:0{chance.randint(1, 4)}d}" if widths else str(n) for n in numbers]


def marked(up, down):
    def form(chance, texts):
        order = ascending(chance, len(texts), True)
        if up == "-- migrate:up":  # dbmate sorts files by name, as text
            order = sorted(f"{n}" for n in chance.sample(range(1, 2000), len(texts)))
            order.sort(key=lambda n: f"{n}_m.sql")
        return [
            (f"{n}_m.sql", f"{up}\n{text}\n{down}\n{DESTROY}") for n, text in zip(order, texts)
        ], []

    return form


def directional(chance, texts):
    order = ascending(chance, len(texts), True)
    runs = [(f"{n}_m.up.sql", text) for n, text in zip(order, texts)]
    return runs, [(f"{n}_m.down.sql", DESTROY) for n in order]


def simple(chance, texts):
    """With a file for another database, and one for ours that is preferred to the plain one."""
    order = ascending(chance, len(texts), True)
    runs = [(f"{n}_m.sql", text) for n, text in zip(order, texts)]
    runs[-1] = (f"{order[-1]}_m.sqlite.sql", runs[-1][1])
    return runs, [(f"{order[-1]}_m.sql", DESTROY), (f"{order[-2]}_m.postgres.sql", DESTROY)]


def diesel(chance, texts):
    names, dashes = [], chance.random() < 0.5
    for day in sorted(chance.sample(range(1, 28), len(texts))):
        month = chance.randint(10, 12)
        forms = [f"2024{month}{day:02d}000000", f"2024{month}{day:02d}"]
        if dashes:
            forms += [f"2024-{month}-{day:02d}-000000", f"2024-{month}-{day:02d}"]
        names.append(chance.choice(forms))
    names.sort(key=lambda name: name.replace("-", ""))
    runs = [(f"{name}_m/up.sql", text) for name, text in zip(names, texts)]
    return runs, [(f"{name}_m/down.sql", DESTROY) for name in names]


def refinery(chance, texts):
    order = ascending(chance, len(texts))
    runs = [(f"{chance.choice('VVU')}{n}__m.sql", text) for n, text in zip(order, texts)]
    return [("V" + runs[0][0][1:], runs[0][1])] + runs[1:], []


def flyway(chance, texts):
    versions = sorted(
        {(chance.randint(1, 3), chance.randint(1, 30)) for _ in range(50)},
    )
    versions = sorted(chance.sample(versions, len(texts)))
    texts = [text.replace("INSERT INTO log", "INSERT INTO ${journal}") for text in texts]
    runs = [(f"V{a}.{b}__m.sql", text) for (a, b), text in zip(versions, texts)]
    a, b = versions[0]
    return runs, [(f"U{a}.{b}__m.sql", DESTROY)]


def prisma(chance, texts):
    order = sorted(str(chance.randint(20240101000000, 20241231000000)) for _ in texts)
    runs = [(f"{n}_m/migration.sql", text) for n, text in zip(order, texts)]
    return runs, [("migration_lock.toml", 'provider = "sqlite"\n')]


def drizzle(chance, texts):
    tags = [f"{n:04d}_m" for n in range(len(texts))]
    chance.shuffle(tags)  # the journal decides
    entries = [{"idx": i, "when": i + 1, "tag": tag} for i, tag in enumerate(tags)]
    journal = json.dumps({"version": "7", "dialect": "sqlite", "entries": entries})
    runs = [(f"{tag}.sql", text) for tag, text in zip(tags, texts)]
    return runs, [("meta/_journal.json", journal), ("9999_draft.sql", DESTROY)]


FORMS = {
    "dbmate": marked("-- migrate:up", "-- migrate:down"),
    "goose": marked("-- +goose Up", "-- +goose Down"),
    "sql-migrate": marked("-- +migrate Up", "-- +migrate Down"),
    "golang-migrate": directional,
    "sqlx": directional,
    "d1": simple,
    "diesel": diesel,
    "refinery": refinery,
    "flyway": flyway,
    "prisma": prisma,
    "drizzle": drizzle,
}


# ---- how it is written ----


def wrap(chance, statements):
    """A transaction of its own, as people write it around foreign_keys."""
    if any("foreign_keys" in line for line in statements) or chance.random() < 0.6:
        return statements
    if chance.random() < 0.5:
        before, after = ["PRAGMA foreign_keys=OFF;", "BEGIN;"], ["COMMIT;"]
    else:  # for a tool that has begun one
        before = ["COMMIT;", "PRAGMA foreign_keys=OFF;", "BEGIN;"]
        after = ["COMMIT;", "PRAGMA foreign_keys=ON;", "BEGIN;"]
    return before + statements + after


def separate(chance, tool, statements):
    """One text: with markers where the tool needs them, else any white space."""
    if tool in ("goose", "sql-migrate"):
        word = "goose" if tool == "goose" else "migrate"
        statements = [
            f"-- +{word} StatementBegin\n{line}\n-- +{word} StatementEnd"
            if "TRIGGER" in line
            else line
            for line in statements
        ]
    if tool == "drizzle":
        return "\n--> statement-breakpoint\n".join(statements)
    choices = ["\n", "\n\n-- a comment; with this\n"]
    if tool != "goose":  # which takes nothing behind its markers
        choices.append(" /* ; */\n")
    return chance.choice(choices).join(statements)


def decorate(chance, tool, text):
    if tool not in ("goose", "sql-migrate") and not text.endswith(("END;", "StatementEnd")):
        if chance.random() < 0.4:
            text = text[:-1]  # the last semicolon
    if chance.random() < 0.3:
        text = text.replace("\n", "\r\n")
    return text + chance.choice(["", "\n", "\n\n"])


# ---- what is compared ----

# Ledgers, and what has a row for each table with AUTOINCREMENT, of a ledger, too.
HIDDEN = ("%_migrations", "%schema_history", "goose_db_version", "sqlite_sequence")


def contents(path):
    db = sqlite3.connect(path)
    hidden = " AND ".join(f"tbl_name NOT LIKE '{name}'" for name in HIDDEN)
    objects = db.execute(
        f"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE {hidden} ORDER BY type, name"
    ).fetchall()
    # The program strips the CR of CRLF, by which a file's hash is the same everywhere.
    lines = [repr([str(field).replace("\r\n", "\n") for field in row]) for row in objects]
    for row in objects:
        if row[0] == "table":
            rows = db.execute(f'SELECT rowid, * FROM "{row[1]}" ORDER BY rowid')
            lines += [row[1] + repr(values) for values in rows]
    db.close()
    return lines


def shell(path, scripts):
    text = "".join(f"PRAGMA foreign_keys=OFF;\n{script}\n;\n" for script in scripts)
    subprocess.run(["sqlite3", "-bail", path], input=text.encode(), check=True)


def program(name, tool, base, adopt):
    placeholders = "placeholders = journal=log\n" if tool == "flyway" else ""
    (base / "conf.ini").write_text(
        f"[database:d]\npath = d.db\nmigrations = m\nadopt = {adopt}\n"
        f"{placeholders}"
    )
    run = subprocess.run(
        [name, "-q", "-c", "conf.ini", "apply"], cwd=base, stderr=subprocess.PIPE
    )
    return None if run.returncode == 0 else run.stderr.decode()


def differ(base):
    ours, theirs = contents(base / "d.db"), contents(base / "expected.db")
    if ours == theirs:
        return None
    lines = [f"- {line}" for line in theirs if line not in ours]
    return "\n".join(lines + [f"+ {line}" for line in ours if line not in theirs])


def check(name, tool, seed, base):
    """Returns what is wrong, or None."""
    chance = random.Random(f"{tool} {seed}")
    author = Author(chance)
    plain = [author.write() for _ in range(chance.randint(6, 9))]
    texts = [decorate(chance, tool, separate(chance, tool, wrap(chance, p))) for p in plain]
    runs, others = FORMS[tool](chance, texts)
    for path, text in runs + others:
        file = base / "m" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        bom = "\ufeff" if path.endswith(".sql") and chance.random() < 0.2 else ""
        file.write_bytes((bom + text).encode())
    scripts = ["\n".join(statements) for statements in plain]
    shell(base / "expected.db", scripts)
    wrong = program(name, tool, base, "none") or differ(base)
    if wrong:
        return wrong
    (base / "d.db").unlink()
    return adopt(name, tool, base, [path for path, _ in runs], scripts)


def adopt(name, tool, base, paths, scripts):
    half = len(scripts) // 2
    shell(base / "d.db", scripts[:half])
    db = sqlite3.connect(base / "d.db", isolation_level=None)
    db.execute(adopt_ledger.TABLES[tool])
    for number, path in enumerate(paths[:half], 1):
        adopt_ledger.record(tool, db, number, base / "m" / path)
    db.close()
    return program(name, tool, base, tool) or differ(base)


def main():
    name, tool, first, last = sys.argv[1:]
    failed = 0
    for seed in range(int(first), int(last) + 1):
        base = Path(tempfile.mkdtemp(prefix="corpus."))
        wrong = check(str(Path(name).resolve()), tool, seed, base)
        if wrong:
            print(f"{tool}, seed {seed}, in {base}: {wrong}")
            failed += 1
        else:
            shutil.rmtree(base)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
