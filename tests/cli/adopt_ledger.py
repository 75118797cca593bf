#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does what another tool does: adopt_ledger.py TOOL DATABASE FILE…

Applies each file to the database and records it in the tool's ledger, as the tool writes it.
Checksums are Python's own. Exit code 77: this Python cannot compute the tool's.
"""

import hashlib
import re
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

TABLES = {
    "dbmate": 'CREATE TABLE "schema_migrations" (version varchar(128) primary key)',
    "golang-migrate": "CREATE TABLE schema_migrations (version uint64,dirty bool)",
    "goose": """CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT,
        version_id INTEGER NOT NULL, is_applied INTEGER NOT NULL,
        tstamp TIMESTAMP DEFAULT (datetime('now')))""",
    "sqlx": """CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY,
        description TEXT NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        success BOOLEAN NOT NULL, checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)""",
    "diesel": """CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL,
        run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)""",
    "refinery": """CREATE TABLE refinery_schema_history(version INT4 PRIMARY KEY,
        name VARCHAR(255), applied_on VARCHAR(255), checksum VARCHAR(255))""",
    "flyway": """CREATE TABLE "flyway_schema_history" ("installed_rank" INT NOT NULL PRIMARY KEY,
        "version" VARCHAR(50), "description" VARCHAR(200) NOT NULL, "type" VARCHAR(20) NOT NULL,
        "script" VARCHAR(1000) NOT NULL, "checksum" INT, "installed_by" VARCHAR(100) NOT NULL,
        "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
        "execution_time" INT NOT NULL, "success" BOOLEAN NOT NULL)""",
    "prisma": """CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL,
        "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
        "logs" TEXT, "rolled_back_at" DATETIME,
        "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
        "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)""",
    "drizzle": """CREATE TABLE "__drizzle_migrations" (id SERIAL PRIMARY KEY,
        hash text NOT NULL, created_at numeric)""",
    "d1": """CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)""",
    "sql-migrate": """CREATE TABLE "gorp_migrations" ("id" varchar(255) not null primary key,
        "applied_at" datetime)""",
}


def siphash13(data):
    """Python's own hash of bytes, where it is that, with the key 0."""
    command = "import sys; print(sys.hash_info.algorithm, hash(sys.stdin.buffer.read()))"
    result = subprocess.run(
        [sys.executable, "-c", command],
        input=data,
        env={"PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
        check=True,
    )
    algorithm, value = result.stdout.split()
    if algorithm != b"siphash13":
        sys.exit(77)
    return int(value) % 2**64


def record(tool, db, number, path):
    """Writes the row of a file, the NUMBERth."""
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    directory = path.parent.name
    digits = re.match(r"[VU]?(\d+)", path.name) or re.match(r"(\d+)", directory)
    version = int(digits[1])
    name = path.stem.split("_")[-1]
    if tool == "dbmate":
        db.execute("INSERT INTO schema_migrations VALUES (?)", [digits[1]])
    elif tool == "golang-migrate":
        db.execute("DELETE FROM schema_migrations")
        db.execute("INSERT INTO schema_migrations VALUES (?, 0)", [version])
    elif tool == "goose":
        db.execute("INSERT INTO goose_db_version(version_id, is_applied) VALUES (?, 1)", [version])
    elif tool == "sqlx":
        db.execute(
            "INSERT INTO _sqlx_migrations VALUES (?, ?, datetime(), 1, ?, 1)",
            [version, name, hashlib.sha384(data).digest()],
        )
    elif tool == "diesel":
        db.execute(
            "INSERT INTO __diesel_schema_migrations(version) VALUES (?)",
            [directory.split("_")[0].replace("-", "")],
        )
    elif tool == "refinery":
        hashed = name.encode() + b"\xff" + version.to_bytes(4, "little") + data + b"\xff"
        db.execute(
            "INSERT INTO refinery_schema_history VALUES (?, ?, '2024-01-01T00:00:00Z', ?)",
            [version, name, str(siphash13(hashed))],
        )
    elif tool == "flyway":
        flyway = path.name[1:].split("__")[0]
        crc = zlib.crc32(b"".join(data.decode("utf-8-sig").encode().splitlines()))
        db.execute(
            "INSERT INTO flyway_schema_history VALUES (?, ?, ?, 'SQL', ?, ?, '', '', 1, 1)",
            [number, flyway, name, path.name, crc - 2**32 if crc >= 2**31 else crc],
        )
    elif tool == "prisma":
        db.execute(
            "INSERT INTO _prisma_migrations VALUES (?, ?, 1704067200000, ?, NULL, NULL, 1, 1)",
            [str(number), sha256, directory],
        )
    elif tool == "drizzle":
        db.execute(
            "INSERT INTO __drizzle_migrations(hash, created_at) VALUES (?, ?)", [sha256, number]
        )
    elif tool == "d1":
        db.execute("INSERT INTO d1_migrations(name) VALUES (?)", [path.name])
    elif tool == "sql-migrate":
        db.execute("INSERT INTO gorp_migrations VALUES (?, datetime())", [path.name])
    elif tool == "user_version":
        db.execute(f"PRAGMA user_version = {number}")


def main():
    tool, database, *files = sys.argv[1:]
    db = sqlite3.connect(database, isolation_level=None)
    if tool in TABLES:
        db.execute(TABLES[tool])
    if tool == "goose":
        db.execute("INSERT INTO goose_db_version(version_id, is_applied) VALUES (0, 1)")
    for number, file in enumerate(files, 1):
        path = Path(file)
        db.executescript(path.read_text())
        record(tool, db, number, path)


if __name__ == "__main__":
    main()
