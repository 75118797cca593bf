#!/bin/bash
# SPDX-License-Identifier: MIT
# What it costs to create a database and to keep it up to date, beside other tools.
#
#	tests/bench/db.sh [GROUNDWORK [FACTOR]]
#
# All are started in turn, round by round, each on a database of its own; a figure is the
# median. Against: the sqlite3 shell (fresh: all SQL in one transaction, which keeps no
# ledger; nothing pending: it opens the database and counts its schema), dbmate (from npm,
# below build/bench; without its schema dump), sql-migrate. What is not installed is left out,
# with a message. FACTOR multiplies the rounds (1).
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
factor=${2:-1}
work=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}"

"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -o "$work/spawn" tests/bench/spawn.c

# ---- the programs that are compared ----

find_dbmate() {
	local found
	if ! compgen -G 'build/bench/node_modules/@dbmate/*/bin/dbmate' >/dev/null; then
		command -v npm >/dev/null || { echo "dbmate is left out: no npm here" >&2; return; }
		mkdir -p build/bench
		npm install --prefix build/bench --no-audit --no-fund --silent dbmate \
			>"$work/npm" 2>&1 || true
	fi
	# The program itself: what npm links to starts node first.
	found=$(compgen -G 'build/bench/node_modules/@dbmate/*/bin/dbmate' | head -n 1) ||
		{ echo "dbmate is left out: npm could not install it: $(tail -n 1 "$work/npm")" >&2
			return; }
	dbmate=$(realpath "$found")
}

names=(groundwork)
dbmate=''
if command -v sqlite3 >/dev/null; then
	names+=(sqlite3)
else
	echo "the shell is left out: no sqlite3 here" >&2
fi
find_dbmate
[[ -z $dbmate ]] || names+=(dbmate dbmate-unsafe)
if command -v sql-migrate >/dev/null; then
	names+=(sql-migrate)
else
	echo "sql-migrate is left out: no such package here" >&2
fi

# ---- migrations: a table, an index and data each ----

statements() { # NUMBER
	cat <<-END
		CREATE TABLE table_$1 (id INTEGER PRIMARY KEY, name TEXT NOT NULL, made INTEGER);
		CREATE INDEX index_$1 ON table_$1 (name);
		INSERT INTO table_$1 (name, made) VALUES ('one', 1), ('two', 2), ('three', 3);
	END
}

# prepare COUNT: directories plain, dbmate, sql-migrate with so many migrations, and all.sql.
prepare() {
	local number name
	rm -rf "${work:?}/set"
	mkdir -p "$work"/set/{plain,dbmate,sql-migrate}
	cd "$work/set"
	for ((number = 1; number <= $1; number++)); do
		name=$(printf '%04d_table.sql' "$number")
		statements "$number" >"plain/$name"
		{ echo '-- migrate:up' && cat "plain/$name" && echo '-- migrate:down'; } \
			>"dbmate/$name"
		{ echo '-- +migrate Up' && cat "plain/$name"; } >"sql-migrate/$name"
	done
	{ echo 'BEGIN;' && cat plain/*.sql && echo 'COMMIT;'; } >all.sql
	printf '[database:bench]\npath = groundwork.db\nmigrations = plain\n' >bench.ini
	printf '%s:\n  dialect: sqlite3\n  datasource: sql-migrate.db\n  dir: sql-migrate\n' \
		development >dbconfig.yml
}

# words NAME FRESH: what it is started with, in the array `command`.
words() {
	case $1 in
	groundwork) command=("$groundwork" -q -c bench.ini apply) ;;
	sqlite3)
		if [[ $2 == yes ]]; then
			command=(sqlite3 sqlite3.db '.read all.sql')
		else
			command=(sqlite3 sqlite3.db 'SELECT count(*) FROM sqlite_master')
		fi
		;;
	dbmate) command=("$dbmate" -u sqlite:dbmate.db -d dbmate --no-dump-schema migrate) ;;
	# As fast as possible: what a crash leaves then is no database.
	dbmate-unsafe)
		command=("$dbmate" -u 'sqlite:dbmate-unsafe.db?_journal=OFF&_sync=OFF' -d dbmate
			--no-dump-schema migrate)
		;;
	sql-migrate) command=(sql-migrate up) ;;
	esac
}

# ---- measuring ----

declare -A time

# measure ROUNDS FRESH [PREPARE…]: before each start, PREPARE is run on its database.
measure() {
	local rounds=$(($1 * factor)) fresh=$2 name all=() command times index
	((rounds > 0)) || rounds=1
	for name in "${names[@]}"; do
		words "$name" "$fresh"
		all+=("${@:3}" "$name.db" ";" "${command[@]}" ";")
	done
	mapfile -t times < <("$work/spawn" "$rounds" "${all[@]}")
	((${#times[@]} == 2 * ${#names[@]})) || return 1
	for index in "${!names[@]}"; do
		time[${names[index]}]=${times[2 * index + 1]}
	done
}

# report TITLE [SHELL-AIM DBMATE-AIM]: ratios, and whether an aim is met.
report() {
	local name
	printf '\n%s\n' "$1"
	for name in "${names[@]}"; do
		awk -v name="$name" -v ours="${time[groundwork]}" -v theirs="${time[$name]}" 'BEGIN {
			printf "  %-16s %10.2f ms", name, theirs / 1e6
			if (name != "groundwork") printf "   groundwork: %5.2f of that", ours / theirs
			print ""
		}'
	done
	[[ -z ${2-} ]] || aim sqlite3 "$2"
	[[ -z ${3-} ]] || aim dbmate "$3"
}

aim() {
	[[ -n ${time[$1]-} ]] || return 0
	awk -v ours="${time[groundwork]}" -v theirs="${time[$1]}" -v name="$1" -v most="$2" 'BEGIN {
		printf "  aim: at most %.2f of %s: %s\n", most, name,
			ours <= most * theirs ? "met" : "MISSED"
	}'
}

fresh() { # COUNT ROUNDS
	prepare "$1"
	measure "$2" yes rm -f
	report "fresh, $1 migrations" 1.15 0.5
}

# As the last fresh start has left them.
nothing() { # COUNT ROUNDS
	measure "$2" no true
	report "nothing pending, $1 migrations" "${@:3}"
}

# One small migration on a database of 100 MB. The copy that each start gets is not timed.
one_pending() { # ROUNDS
	local name
	prepare 10
	for name in "${names[@]}"; do
		words "$name" yes
		"${command[@]}" >/dev/null 2>&1 </dev/null
		python3 - "$name.db" <<-'END'
			import sqlite3, sys
			db = sqlite3.connect(sys.argv[1])
			db.execute("CREATE TABLE big (id INTEGER PRIMARY KEY, data BLOB)")
			db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
			    "WHERE i < 100000) INSERT INTO big SELECT i, randomblob(1000) FROM n")
			db.commit()
			db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
			db.close()
		END
		mkdir -p big
		mv "$name.db" big/
	done
	for name in plain dbmate sql-migrate; do
		{
			case $name in
			dbmate) echo '-- migrate:up' ;;
			sql-migrate) echo '-- +migrate Up' ;;
			esac
			statements 11
			[[ $name != dbmate ]] || echo '-- migrate:down'
		} >"$name/0011_table.sql"
	done
	{ echo 'BEGIN;' && statements 11 && echo 'COMMIT;'; } >all.sql
	# Flushed, or the measured flush would write the copy.
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nrm -f "$1"*; cp "big/$1" "$1" && sync "$1"\n' >copy
	chmod +x copy
	measure "$1" yes ./copy
	report "one pending, a database of 100 MB"
}

fresh 100 40
nothing 100 200 1.2 0.35
fresh 1000 8
nothing 1000 40
one_pending 7
