#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds manuals against the program's tables: manual_names.py missing|unknown

In the working directory: tables.json (`explain --format json`), groundwork.md and
groundwork.ini.md (the manuals as Markdown). Prints what the tables have and no manual
describes ("missing"), or what a manual names and no table has ("unknown").
"""

import json
import re
import sys
from pathlib import Path

# How a section is called in the manual, where it is not by its own name.
HEADINGS = {
    "app": "The application",
    "bootstrap": "The start",
    "env": "The environment",
    "step": "Every step",
    "defaults": "Defaults of a kind",
}
# What a manual may name beside what the tables have: conditions, sources of ${…}, results,
# members of a report and of a line of the log, the program and its ledger, placeholders, schemes of services, and
# pragmas of SQLite, and words of files of other tools and of libpq.
OTHERS = """
    or env path is-dir is-file is-link dir-empty user command arg first-run changed file
    key
    success skipped error not-run status failed not_run total duration_ms id message phase
    configuration steps started host pid config errors line warnings started_ms
    left_out waits pid_start boot running step_started
    time level column mark log
    groundwork_bootstrap_success problems
    groundwork groundwork-network groundwork_migrations baseline user_version none all unlimited
    kind name section x- x-name
    tcp unix http https jdbc postgres postgresql mysql mariadb redis rediss mongodb amqp amqps
    nats ldap ldaps mssql mysql2 mysqli mysqlx smtp http_proxy https_proxy all_proxy no_proxy pg_isready
    orders cache bootstrap_requirements directories files templates
    defer_foreign_keys legacy_alter_table recursive_triggers run_in_transaction
    passfile service sslmode sslrootcert verify-ca verify-full
""".split()


def read(name):
    """A manual without the backslashes of Markdown."""
    return re.sub(r"\\([\\*_<\[])", r"\1", Path(name).read_text())


def missing(tables, one, five):
    """Yields what is in the tables and in no manual, each where it belongs."""
    items = re.findall(r"^- (.*?): ", one, re.M)
    words = {word for item in items for word in re.findall(r"`([^`]+)`", item)}
    synopsis = one.split("# Description")[0]
    for command in tables["commands"]:
        if command["name"] not in words or command["name"] not in synopsis:
            yield command["name"]
    for option in tables["options"]:
        yield from {"--" + option["name"]} - words
        if "variable" in option and f"[{option['variable']}]" not in one:
            yield option["variable"]
    yield from {variable["name"] for variable in tables["variables"]} - words
    yield from {str(exit["code"]) for exit in tables["exit_codes"]} - words
    for section in tables["sections"]:
        heading = HEADINGS.get(section["name"], section["name"])
        _, found, below = five.partition(f"# {heading}\n")
        if not found:
            yield f"the section '{heading}'"
        listed = re.findall(r"^- `(\w+)` \(", below, re.M)
        for at, key in enumerate(section["keys"]):
            if listed[at : at + 1] != [key["name"]]:
                yield f"{section['name']}.{key['name']} in its section"


def names(code):
    """The keys, kinds, sections, commands and conditions in one `piece of code`."""
    if re.fullmatch(r"[a-z][a-z0-9_-]*", code):
        return [code]
    match = re.fullmatch(r"([a-z_-]+) \+?=.*|\[([a-z]+)(?::.*)?]|([a-z-]+):[A-Za-z/].*", code)
    return [name for name in match.groups() if name] if match else []


def unknown(tables, *manuals):
    """Yields what a manual names and no table has."""
    known = set(OTHERS)
    variables = {variable["name"] for variable in tables["variables"]}
    options = {"-", "--"}
    for section in tables["sections"]:
        known.add(section["name"])
        for key in section["keys"]:
            known.update([key["name"], *key.get("choices", [])])
    known.update(command["name"] for command in tables["commands"])
    for option in tables["options"]:
        options.update(["--" + option["name"], "-" + option.get("letter", "-")])
        variables.add(option.get("variable"))
    for manual in manuals:
        prose = re.sub(r"^```.*?^```$", "", manual, flags=re.M | re.S)
        for code in re.findall(r"`([^`]+)`", prose):
            yield from set(names(code)) - known
            # "-- migrate:up" is SQL.
            if code.startswith("-") and not code.startswith("-- "):
                yield from {code.split(" ")[0]} - options
        yield from set(re.findall(r"GROUNDWORK_[A-Z_]+", prose)) - variables


def main():
    tables = json.loads(Path("tables.json").read_text())
    check = {"missing": missing, "unknown": unknown}[sys.argv[1]]
    wrong = list(check(tables, read("groundwork.md"), read("groundwork.ini.md")))
    print("".join(f"{name}\n" for name in wrong), end="")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
