#!/bin/bash
# SPDX-License-Identifier: MIT
# What it costs to migrate a database of a PostgreSQL server, beside psql and dbmate.
#
#	tests/bench/pg.sh [GROUNDWORK [FACTOR]]
#
# On a server of its own, on a tmpfs unless TMPDIR says otherwise, by its socket. All are
# started in turn, round by round, each on a database of its own, which is created anew
# before a fresh one and not timed; a figure is the median. psql runs all SQL in one
# transaction, and keeps no ledger. dbmate is without its schema dump. FACTOR multiplies the
# rounds (1).
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
factor=${2:-1}
work=$(mktemp -d "${TMPDIR:-/dev/shm}/groundwork-bench.XXXXXX")
trap 'as_postgres pg_ctl -D "$work/data" -m immediate stop >/dev/null 2>&1; rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}" "${!PG@}"

. tests/bench/aims.bash
. tests/bench/dbmate.bash
find_dbmate
. tests/postgres.sh
command -v initdb >/dev/null || { echo "all is left out: no postgresql here" >&2; exit; }
cd "$work"

chmod 1777 .
as_postgres initdb -D data -U postgres -A trust -E UTF8 -N --no-instructions >log
as_postgres pg_ctl -D data -w -l "$work/data/log" -o "-c listen_addresses= \
	-c unix_socket_directories=$work" start >log

# address DATABASE
address() {
	echo "postgres://postgres@/$1?host=$work"
}

# Each start of dbmate asks for TLS, unless it is refused.
dbmate_words=("$dbmate" -u "$(address dbmate)&sslmode=disable" -d dbmate --no-dump-schema migrate)

cat >fresh <<-END
	#!/bin/sh
	psql -Xq "$(address postgres)" -c "DROP DATABASE IF EXISTS \$1 WITH (FORCE)" \
		-c "CREATE DATABASE \$1"
END
chmod +x fresh

# prepare COUNT: directories plain and dbmate with so many migrations, and all.sql.
prepare() {
	local number name
	rm -rf plain dbmate
	mkdir plain dbmate
	for ((number = 1; number <= $1; number++)); do
		name=$(printf '%04d_table.sql' "$number")
		cat >"plain/$name" <<-END
			CREATE TABLE table_$number (id INTEGER PRIMARY KEY, name TEXT NOT NULL, made INTEGER);
			CREATE INDEX index_$number ON table_$number (name);
			INSERT INTO table_$number VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3);
		END
		{ echo '-- migrate:up' && cat "plain/$name" && echo '-- migrate:down'; } \
			>"dbmate/$name"
	done
	cat plain/*.sql >all.sql
}

# configure NAME [KEY…]: NAME.ini, for a database NAME.
configure() {
	printf '%s\n' '[database:bench]' "url = $(address "$1")" 'migrations = plain' "${@:2}" >"$1.ini"
}

# rows COUNT ROUNDS
rows() {
	local fresh nothing=("$groundwork" -q -c each.ini apply)
	prepare "$1"
	configure each
	configure whole 'transaction = all'
	fresh=(./fresh each ';' "$groundwork" -q -c each.ini apply ';'
		./fresh whole ';' "$groundwork" -q -c whole.ini apply ';'
		./fresh psql ';' psql -Xq1 -v ON_ERROR_STOP=1 -f all.sql "$(address psql)")
	[[ -z $dbmate ]] || {
		fresh+=(';' ./fresh dbmate ';' "${dbmate_words[@]}")
		nothing+=(';' "${dbmate_words[@]}")
	}
	spawned $(($2 * factor)) "${fresh[@]}"
	row "fresh, $1" "${times[1]}" psql "${times[5]}" 1.1 || true
	row '  in one transaction' "${times[3]}" psql "${times[5]}" 1.1 || true
	[[ -z $dbmate ]] || plain '  dbmate' "${times[7]}"
	spawned $(($2 * 4 * factor)) "${nothing[@]}"
	if [[ -n $dbmate ]]; then
		row "nothing pending, $1" "${times[0]}" dbmate "${times[1]}" 0.4 || true
	else
		plain "nothing pending, $1" "${times[0]}"
	fi
}

rows 100 5
rows 1000 3
missed_aims
