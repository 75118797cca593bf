#!/bin/bash
# SPDX-License-Identifier: MIT
# The example of PostgreSQL; tests/images/postgres has more of what its configuration does.
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"
# shellcheck source=tests/postgres.sh
. "$ROOT/tests/postgres.sh"

root_its_readme_is_true() {
	command -v initdb psql >/dev/null || skip "postgresql is not installed"
	id postgres >/dev/null 2>&1 || skip "no user postgres here"
	reads examples/postgres
}

# A start that is killed while a script is at work.
pid1_what_was_killed_half_way_is_made_by_the_next_start() {
	local example=$ROOT/examples/postgres
	command -v initdb psql >/dev/null || skip "postgresql is not installed"
	((EUID == 0)) || skip "needs root"
	[[ -n $TEST_PID1 ]] || skip "no process namespaces here"
	export POSTGRES_PASSWORD=secret POSTGRES_SCRIPTS=$PWD/initdb.d PGUSER=postgres PGHOST=$PWD
	cp -r "$example/initdb.d" .
	mkfifo -m 666 begun
	chmod 1777 .
	echo "echo >$PWD/begun; sleep 600" >initdb.d/30-slow.sh
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	background $TEST_PID1 -- "$GROUNDWORK" -c "$example/conf.d" -C data 2>log
	read -r <begun
	kill -KILL "$pid"
	wait "$pid" || true
	missing data/cluster
	rm initdb.d/30-slow.sh
	background "$GROUNDWORK" -c "$example/conf.d" -C data -- \
		-c listen_addresses= -c unix_socket_directories="$PWD" 2>log
	eventually psql -At -c 'SELECT count(*) FROM product'
	equal 2 "$(psql -At -c 'SELECT count(*) FROM product')"
	kill -TERM "$pid"
	wait "$pid"
}
