#!/bin/bash
# SPDX-License-Identifier: MIT
# What it costs to create a database and to keep it up to date, beside other tools.
#
#	tests/bench/db.sh [GROUNDWORK [FACTOR]]
#
# All are started in turn, round by round, each on a database of its own; a figure is the
# median. Against: the sqlite3 shell (fresh: all SQL in one transaction, which keeps no
# ledger; nothing pending: it reads the ledger that groundwork reads), dbmate (from npm,
# below build/bench; without its schema dump), sql-migrate. What is not installed is left out,
# with a message. FACTOR multiplies the rounds (1).
#
# Then a table of aims, each met or MISSED. Behind what is missed stand the system calls of
# one start, where strace is there, and how much of its time the kernel has taken.
# FULL=1 adds a column to a database of 1 GB instead of 100 MB.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
dynamic=$(realpath build/groundwork)
factor=${2:-1}
work=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}"

. tests/bench/aims.bash
. tests/bench/dbmate.bash

# ---- the programs that are compared ----

names=(groundwork)
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
	printf '[database:bench]\npath = groundwork.db\nmigrations = plain\n' >groundwork.ini
	printf '%s:\n  dialect: sqlite3\n  datasource: sql-migrate.db\n  dir: sql-migrate\n' \
		development >dbconfig.yml
}

# words NAME FRESH: what it is started with, in the array `command`.
words() {
	case $1 in
	groundwork) command=("$groundwork" -q -c groundwork.ini apply) ;;
	sqlite3)
		if [[ $2 == yes ]]; then
			command=(sqlite3 sqlite3.db '.read all.sql')
		else
			command=(sqlite3 groundwork.db 'SELECT * FROM groundwork_migrations')
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
	spawned "$rounds" "${all[@]}"
	((${#times[@]} == 2 * ${#names[@]})) || return 1
	for index in "${!names[@]}"; do
		time[${names[index]}]=${times[2 * index + 1]}
	done
}

# report TITLE [SHELL-AIM DBMATE-AIM]: a row for each of the others.
report() {
	local name
	local -A aims=([sqlite3]=${2-} [dbmate]=${3-})
	for name in "${names[@]:1}"; do
		row "$1" "${time[groundwork]}" "$name" "${time[$name]}" "${aims[$name]-}" || true
	done
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

fresh 100 30
nothing 100 100 1.2 0.35

# ---- the table ----

# profile PREPARE COMMAND…: behind the table, one start of what the last row is about, by its
# system calls and by whose time it takes.
profile() {
	local prepare=$1 TIMEFORMAT='%U s of its own, %S s of the kernel'
	shift
	eval "$prepare"
	# shellcheck disable=SC2154 # it is in aims.bash
	aside "$last: $({ time "$@" >/dev/null 2>&1; } 2>&1)"
	command -v strace >/dev/null || return 0
	eval "$prepare"
	strace -f -c -S calls -U calls,name -o "$work/calls" "$@" >/dev/null 2>&1 || return 0
	aside "$(awk '$2 == "total" { total = $1 } $1 ~ /^[0-9]+$/ && n < 5 && $2 != "total" {
		list = list (n++ ? ", " : "") $1 " " $2
	} END { print "  system calls: " total ": " list " …" }' "$work/calls")"
}

# configure NAME [KEY…]: NAME.ini, for a database NAME.db.
configure() {
	printf '%s\n' '[database:bench]' "path = $1.db" 'migrations = plain' "${@:2}" >"$1.ini"
}

# Files that were changed just now have no stamp.
settle() {
	while [[ -n $(find plain -newerct '0.3 seconds ago' -print -quit) ]]; do sleep 0.1; done
}

fresh_rows() { # COUNT ROUNDS
	prepare "$1"
	configure dynamic
	spawned "$2" rm -f groundwork.db ';' "$groundwork" -q -c groundwork.ini apply ';' \
		rm -f dynamic.db ';' "$dynamic" -q -c dynamic.ini apply ';' \
		rm -f sqlite3.db ';' sqlite3 sqlite3.db '.read all.sql'
	local start=("$groundwork" -q -c groundwork.ini apply)
	row "fresh, $1" "${times[1]}" shell "${times[5]}" 1.15 || profile 'rm -f groundwork.db' "${start[@]}"
	row "fresh, $1, static beside dynamic" "${times[1]}" dynamic "${times[3]}" 1 ||
		profile 'rm -f groundwork.db' "${start[@]}"
}

nothing_rows() { # TITLE ROUNDS MOST
	local ledger='SELECT * FROM groundwork_migrations'
	configure stamped 'stamp = yes'
	settle
	"$groundwork" -q -c groundwork.ini apply
	"$groundwork" -q -c stamped.ini apply
	spawned "$2" "$groundwork" -q -c groundwork.ini apply ';' \
		sqlite3 groundwork.db "$ledger" ';' "$groundwork" -q -c stamped.ini apply
	row "nothing pending, $1" "${times[0]}" shell "${times[1]}" "$3" ||
		profile : "$groundwork" -q -c groundwork.ini apply
	row "nothing pending, $1, with the stamp" "${times[2]}" shell "${times[1]}" "$3" ||
		profile : "$groundwork" -q -c stamped.ini apply
	rm -f stamped.db
}

# So many migrations that add rows to one table: a small schema.
prepare_rows() {
	local number
	rm -rf "${work:?}/set"
	mkdir -p "$work/set/plain"
	cd "$work/set"
	echo 'CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT);' >plain/0000_table.sql
	for ((number = 1; number < $1; number++)); do
		printf "INSERT INTO rows (name) VALUES ('row %d');\n" "$number" \
			>"plain/$(printf '%04d_row.sql' "$number")"
	done
	configure groundwork
}

large_files() {
	local files=(plain/1_a.sql plain/2_b.sql) file
	rm -rf "${work:?}/set"
	mkdir -p "$work/set/plain"
	cd "$work/set"
	for file in "${files[@]}"; do
		awk -v name="${file:8:1}" 'BEGIN {
			print "CREATE TABLE " name " (id INTEGER PRIMARY KEY, text TEXT);"
			for (size = 0; size < 25000000; size += length(line) + 1) {
				line = "INSERT INTO " name " (text) VALUES (\047line " ++n \
					" of a file that holds the data of a table\047);"
				print line
			}
		}' >"$file"
	done
	configure groundwork
	configure stamped 'stamp = yes'
	settle
	"$groundwork" -q -c groundwork.ini apply
	"$groundwork" -q -c stamped.ini apply
	local commands=("$groundwork" -q -c groundwork.ini apply ';' "$groundwork" -q -c stamped.ini
		apply ';' b2sum -l 256 "${files[@]}")
	spawned 9 "${commands[@]}"
	most '2 x 25 MB of INSERTs, nothing pending' "$((times[0] / 1000))e-3" 100 ms ||
		profile : "$groundwork" -q -c groundwork.ini apply
	row '  beside hashing alone' "${times[0]}" 'b2sum' "${times[2]}"
	most '  with the stamp' "$((times[1] / 1000))e-3" 10 ms ||
		profile : "$groundwork" -q -c stamped.ini apply
	spawned -m 3 "${commands[@]}"
	most '  peak of memory' "$((times[0] * 10 / 1024))e-1" 8 MB || true
	most '  peak of memory, with the stamp' "$((times[1] * 10 / 1024))e-1" 8 MB || true
}

# copy_of DATABASE: the program ./copy then puts it back. Flushed, or the flush of a start
# would write the copy.
copy_of() {
	mkdir -p big
	mv "$1" big/
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nrm -f "$1"*; cp "big/$1" "$1" && sync "$1"\n' >copy
	chmod +x copy
}

# enlarge DATABASE SQL ROWS
enlarge() {
	python3 - "$@" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1])
		db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
		    "WHERE i < %s) %s" % (sys.argv[3], sys.argv[2]))
		db.commit()
		db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
		db.close()
	END
}

# One small migration on a database of 100 MB. The copy that each start gets is not timed.
one_pending() { # ROUNDS
	local migrate=("$dbmate" -u sqlite:dbmate.db -d dbmate --no-dump-schema migrate) name
	prepare 10
	"$groundwork" -q -c groundwork.ini apply
	[[ -z $dbmate ]] || "${migrate[@]}" >/dev/null
	for name in groundwork.db ${dbmate:+dbmate.db}; do
		sqlite3 "$name" 'CREATE TABLE big (id INTEGER PRIMARY KEY, data BLOB)'
		enlarge "$name" 'INSERT INTO big SELECT i, randomblob(1000) FROM n' 100000
		copy_of "$name"
	done
	statements 11 >plain/0011_table.sql
	{ echo '-- migrate:up' && statements 11 && echo '-- migrate:down'; } >dbmate/0011_table.sql
	spawned "$1" ./copy groundwork.db ';' "$groundwork" -q -c groundwork.ini apply \
		${dbmate:+';' ./copy dbmate.db ';' "${migrate[@]}"}
	if [[ -z $dbmate ]]; then
		plain 'one pending, 100 MB' "${times[1]}"
		return
	fi
	row 'one pending, 100 MB' "${times[1]}" dbmate "${times[3]}" 2 ||
		profile './copy groundwork.db' "$groundwork" -q -c groundwork.ini apply
}

# A column for a large table that refers to another one.
add_column() { # ROUNDS
	local rows=$((FULL ? 1000000 : 100000)) title='one ADD COLUMN, 100 MB'
	rm -rf "${work:?}/set"
	mkdir -p "$work/set/plain"
	cd "$work/set"
	((!FULL)) || title='one ADD COLUMN, 1 GB'
	cat >plain/1_a.sql <<-'END'
		CREATE TABLE parent (id INTEGER PRIMARY KEY);
		CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent, data BLOB);
		INSERT INTO parent VALUES (0), (1), (2), (3);
	END
	configure groundwork
	"$groundwork" -q -c groundwork.ini apply
	enlarge groundwork.db 'INSERT INTO child SELECT i, i % 4, randomblob(1000) FROM n' "$rows"
	copy_of groundwork.db
	echo 'ALTER TABLE child ADD COLUMN note TEXT;' >plain/2_b.sql
	spawned "$1" ./copy groundwork.db ';' "$groundwork" -q -c groundwork.ini apply ';' \
		./copy groundwork.db ';' sqlite3 groundwork.db "BEGIN IMMEDIATE; $(cat plain/2_b.sql)
			PRAGMA foreign_key_check; COMMIT;"
	row "$title" "${times[1]}" 'ALTER, foreign_key_check' "${times[3]}" 1.15 ||
		profile './copy groundwork.db' "$groundwork" -q -c groundwork.ini apply
}

part 'migrations with a table, an index and rows each'
FULL=${FULL:-0}
fresh_rows 1000 $((5 * factor))
nothing_rows 1000 $((20 * factor)) 1.5
fresh_rows 5000 $((1 * factor))
nothing_rows 5000 $((9 * factor)) 1.5
prepare 100
nothing_rows 100 $((60 * factor)) 1.2
part 'migrations with rows alone: a schema of one table'
prepare_rows 1000
nothing_rows 1000 $((20 * factor)) 1.5
prepare_rows 5000
nothing_rows 5000 $((9 * factor)) 1.5
part 'large files and databases'
large_files
one_pending $((5 * factor))
add_column $((3 * factor))
missed_aims
