#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Migrations of PostgreSQL made by chance, in the form of a tool: postgres_corpus.py PROGRAM TOOL COUNT SEED

COUNT migrations with what is hard to cut or to run; the program applies them to the database
`ours` of the server that PGHOST says. It must be what psql -1 makes of the same statements,
file by file: each object of pg_dump, and its rows.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOST = os.environ["PGHOST"]

# ---- statements, each of which depends on those before ----


class Author:
    """Writes one migration after the other, and knows what is there."""

    def __init__(self, chance):
        self.chance = chance
        self.number = 0
        self.tables = []
        self.types = []

    def write(self):
        """Returns the statements of the next migration; all have their semicolons."""
        self.number += 1
        n = self.number
        if n == 1:
            return [
                "CREATE TABLE log (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text);",
                "CREATE TYPE state AS ENUM ('new', 'it''s; old');",
            ]
        if n % 12 == 0:
            return [f"CREATE INDEX CONCURRENTLY ic{n} ON log (what);"]
        kinds = [self.table, self.index, self.function, self.atomic, self.trigger, self.block]
        kinds += [self.enum, self.rows, self.strings, self.rule, self.view, self.partition]
        kinds += [self.alter, self.policy, self.procedure, self.settings]
        lines = [f"INSERT INTO log (what) SELECT count(*) || '/{n}' FROM log;"]
        for kind in self.chance.sample(kinds, self.chance.randint(2, 5)):
            lines += kind(n)
        return lines

    def any_table(self):
        return self.chance.choice(self.tables) if self.tables else "log"

    def table(self, n):
        self.tables.append(f"t{n}")
        return [
            f'CREATE TABLE "t{n}" (\n  id serial PRIMARY KEY, -- the key; not more\n'
            "  what text NOT NULL DEFAULT 'a;b' /* ; /* nested; */ */ CHECK (what <> $$;$$),\n"
            "  tags text[] DEFAULT '{\"a;b\",c}', doc jsonb DEFAULT '{\"a\": \";\"}',\n"
            "  twice int GENERATED ALWAYS AS (id * 2) STORED, at state DEFAULT 'new');",
            f"COMMENT ON TABLE t{n} IS E'it\\'s; a \\\\ table\\n';",
        ]

    def index(self, n):
        table = self.any_table()
        return [
            f"CREATE UNIQUE INDEX i{n} ON {table} (lower(what), id) WHERE what <> ';';",
            f"CREATE INDEX \"i;{n}\" ON {table} USING hash (what);",
        ]

    def function(self, n):
        tag = self.chance.choice(["$$", "$f$", f"$été{n}$"])
        return [
            f"CREATE OR REPLACE FUNCTION f{n}(a int, b text DEFAULT ';') RETURNS text\n"
            f"LANGUAGE plpgsql AS {tag}\nDECLARE\n  c text := E'\\';';\nBEGIN\n"
            "  -- it's not the end;\n  IF a > 1 THEN RETURN b || c; END IF;\n"
            f"  RETURN $q$;$q$ || CASE WHEN a = 0 THEN '--' ELSE '/*' END;\nEND {tag};",
            f"INSERT INTO log (what) SELECT f{n}(g) FROM generate_series(0, 2) g;",
        ]

    def atomic(self, n):
        return [
            f"CREATE FUNCTION a{n}(x int) RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n"
            "  SELECT 1;\n  SELECT CASE WHEN x > 1 THEN 2 ELSE (SELECT 3) END;\nEND;",
        ]

    def procedure(self, n):
        return [
            f"CREATE PROCEDURE p{n}(x text) LANGUAGE sql AS "
            f"'INSERT INTO log (what) VALUES (x || '';{n}'');';",
            f"CALL p{n}('called');",
        ]

    def trigger(self, n):
        table = self.any_table()
        return [
            f"CREATE FUNCTION tf{n}() RETURNS trigger AS $body$\nBEGIN\n"
            "  new.what := new.what || ';';\n  RETURN new;\nEND;\n$body$ LANGUAGE plpgsql;",
            f"CREATE TRIGGER tr{n} BEFORE INSERT ON {table} FOR EACH ROW\n"
            f"  WHEN (new.what IS DISTINCT FROM 'end;') EXECUTE FUNCTION tf{n}();",
        ]

    def block(self, n):
        return [
            f"DO $do$\nDECLARE r record;\nBEGIN\n  FOR r IN SELECT g FROM generate_series(1, 2) g LOOP\n"
            f"    EXECUTE format('CREATE TABLE %I (x int); ', 'do{n};' || r.g);\n  END LOOP;\n"
            "  BEGIN\n    PERFORM 1 / 0;\n  EXCEPTION WHEN division_by_zero THEN\n"
            "    RAISE NOTICE 'as it should; be';\n  END;\nEND;\n$do$;",
        ]

    def enum(self, n):
        self.types.append(f"e{n}")
        return [
            f"CREATE TYPE e{n} AS ENUM ('a', 'b;', 'c''d');",
            f"CREATE DOMAIN d{n} AS text CHECK (value ~ '^[^;]*$' OR value = ';');",
            f"ALTER TYPE state ADD VALUE 'v{n}' BEFORE 'new';",
        ]

    def rows(self, n):
        table = self.any_table()
        return [
            f"WITH new AS (INSERT INTO {table} (what) VALUES ('{n}'), ('é;ü'), ('--') RETURNING what)\n"
            "INSERT INTO log (what) SELECT string_agg(what, ';') FROM new;",
            f"UPDATE {table} SET what = what || '{n}' WHERE id % 3 = 0;",
            f"DELETE FROM {table} WHERE id % 7 = 0;",
        ]

    def strings(self, n):
        return [
            "INSERT INTO log (what) VALUES ('a'';b'), (E'a\\';b\\\\'), (U&'d\\0061t;a'), ($x$;'$$\"$x$),\n"
            f"  ('con'\n  'tinued; {n}'), (N'n;'), ('back\\');",
            "INSERT INTO log (what) SELECT 1 - -1 || '' WHERE 1<>2 AND 3*-1 < 0 AND B'1' = B'1';",
        ]

    def rule(self, n):
        return [
            f"CREATE TABLE heard{n} (what text, n int);",
            f"CREATE RULE r{n} AS ON DELETE TO heard{n} DO ALSO (\n"
            f"  INSERT INTO log (what) VALUES ('gone;');\n  UPDATE log SET what = what || '' WHERE id = 1;\n);",
            f"INSERT INTO heard{n} VALUES ('x', 1);",
            f"DELETE FROM heard{n};",
        ]

    def view(self, n):
        return [
            f"CREATE VIEW v{n} AS SELECT id, what AS \"w;\" FROM log WHERE what <> ';' ORDER BY id;",
            f"CREATE MATERIALIZED VIEW m{n} AS SELECT count(*) FROM v{n};",
        ]

    def partition(self, n):
        return [
            f"CREATE TABLE part{n} (at date, x int) PARTITION BY RANGE (at);",
            f"CREATE TABLE part{n}_a PARTITION OF part{n} FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
            f"INSERT INTO part{n} VALUES ('2024-02-03', {n});",
        ]

    def alter(self, n):
        if not self.tables:
            return []
        index = self.chance.randrange(len(self.tables))
        old, self.tables[index] = self.tables[index], f"r{n}"
        return [
            f'ALTER TABLE "{old}" RENAME TO "r{n}";',
            f"ALTER TABLE r{n} ADD COLUMN c{n} int DEFAULT {n}, ADD CHECK (c{n} >= 0);",
            f"CREATE TABLE child{n} (r int REFERENCES r{n} ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);",
            f"INSERT INTO child{n} SELECT min(id) FROM r{n} HAVING count(*) > 0;",
        ]

    def policy(self, n):
        table = self.any_table()
        return [
            f"CREATE POLICY \"p;{n}\" ON {table} USING (what <> ';');",
            f"GRANT SELECT ON {table} TO PUBLIC;",
        ]

    def settings(self, n):
        return [
            "SET check_function_bodies = false;",
            "SELECT pg_catalog.set_config('search_path', '', false);",
            f"CREATE FUNCTION public.later{n}() RETURNS int LANGUAGE sql AS 'SELECT x FROM public.nowhere{n};';",
            "SET search_path = public;",
        ]


# ---- the form of each tool: the path and the text of each migration, and what must not run ----

DESTROY = "DROP TABLE log CASCADE;\n"


def marked(up, down, outside):
    def form(n, text, alone):
        head = outside if alone else up
        return {f"{n + 100}_m.sql": f"{head}\n{text}\n{down}\n{DESTROY}"}

    return form


def directional(outside):
    def form(n, text, alone):
        head = outside if alone else ""
        return {f"{n:06d}_m.up.sql": head + text, f"{n:06d}_m.down.sql": DESTROY}

    return form


def flyway(n, text, alone):
    return {f"{n % 3}/V1.{n}__m.sql": text.replace("INTO log", "INTO ${journal}")}


def diesel(n, text, alone):
    name = f"2024-{n // 28 + 1:02d}-{n % 28 + 1:02d}-000000_m"
    files = {f"{name}/up.sql": text, f"{name}/down.sql": DESTROY}
    if alone:
        files[f"{name}/metadata.toml"] = "run_in_transaction = false\n"
    return files


def prisma(n, text, alone):
    return {
        f"{20240101000000 + n}_m/migration.sql": text,
        "migration_lock.toml": 'provider = "postgresql"\n',
    }


FORMS = {
    "dbmate": marked("-- migrate:up", "-- migrate:down", "-- migrate:up transaction:false"),
    "goose": marked("-- +goose Up", "-- +goose Down", "-- +goose NO TRANSACTION\n-- +goose Up"),
    "sqlx": directional("-- no-transaction\n"),
    "golang-migrate": directional(""),
    "flyway": flyway,
    "diesel": diesel,
    "prisma": prisma,
}


# ---- how it is written ----


def join(chance, tool, statements):
    if tool == "goose":  # which cuts at each line that ends in a semicolon
        statements = [
            f"-- +goose StatementBegin\n{line}\n-- +goose StatementEnd" if ";\n" in line else line
            for line in statements
        ]
        return "\n".join(statements)
    return chance.choice(["\n", "\n\n-- a comment; with this\n", " /* ; /* ' */ */\n"]).join(statements)


def decorate(chance, tool, text):
    if tool != "goose" and chance.random() < 0.2:
        text = f"BEGIN;\n{text}\nCOMMIT;"
    elif tool != "goose" and chance.random() < 0.3:
        text = text[:-1]  # the last semicolon
    if chance.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return text + chance.choice(["", "\n", "\n\n"])


def write(base, tool, chance, count):
    """Returns the statements of each migration."""
    author = Author(chance)
    scripts = []
    for n in range(1, count + 1):
        statements = author.write()
        scripts.append(statements)
        alone = "CONCURRENTLY" in statements[0]
        text = join(chance, tool, statements)
        text = text if alone else decorate(chance, tool, text)
        for path, content in FORMS[tool](n, text, alone).items():
            file = base / "m" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            bom = "\ufeff" if path.endswith(".sql") and chance.random() < 0.1 else ""
            file.write_bytes((bom + content).encode())
    return scripts


# ---- what is compared ----


def psql(database, text, *options):
    command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database]
    subprocess.run(
        [*command, *options, "-f", "-"],
        input=text.encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def objects(database):
    """What pg_dump has of each object, by its name and type."""
    command = ["pg_dump", "-U", "postgres", "-T", "groundwork_migrations", database]
    dump = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    # The program strips the CR of CRLF, by which a file's hash is the same everywhere.
    dump = re.sub(r"^\\(un)?restrict .*$", "", dump.replace("\r", ""), flags=re.M)
    dump = dump.replace("\\r\\n", "\\n")
    parts = re.split(r"^-- ((?:Data for )?Name: .*; Type: .*)$", dump, flags=re.M)
    # Where a row lies is a matter of which space was free.
    return {
        name: "\n".join(sorted(text.split("\n"))) if name.startswith("Data") else text
        for name, text in zip(parts[1::2], parts[2::2])
    }


def apply(program, base, tool):
    keys = "placeholders = journal=log\n" if tool == "flyway" else ""
    (base / "conf.ini").write_text(
        f"[database:d]\nurl = postgres://postgres@/ours?host={HOST}\ncreate = yes\n"
        f"migrations = m\n{keys}"
    )
    command = [program, "-q", "-c", "conf.ini", "apply"]
    run = subprocess.run(command, cwd=base, stderr=subprocess.PIPE)
    return run.stderr.decode() if run.returncode else None


def differ():
    ours, theirs = objects("ours"), objects("expected")
    names = [name for name in {**theirs, **ours} if ours.get(name) != theirs.get(name)]
    return "\n".join(f"{name}:\n- {theirs.get(name)}\n+ {ours.get(name)}" for name in names)


def main():
    program, tool, count, seed = sys.argv[1:]
    base = Path(tempfile.mkdtemp(prefix="corpus."))
    scripts = write(base, tool, random.Random(f"{tool} {seed}"), int(count))
    psql("postgres", "CREATE DATABASE expected TEMPLATE template0")
    for statements in scripts:
        alone = "CONCURRENTLY" in statements[0]
        psql("expected", "\n".join(statements), *([] if alone else ["-1"]))
    wrong = apply(str(Path(program).resolve()), base, tool) or differ()
    if wrong:
        print(f"{tool}, {count} migrations, seed {seed}, in {base}: {wrong}")
    elif len(objects("expected")) < 2 * int(count):
        print(f"{tool}: only {len(objects('expected'))} objects: is pg_dump read as it is written?")
        wrong = "few"
    if not wrong:
        shutil.rmtree(base)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
