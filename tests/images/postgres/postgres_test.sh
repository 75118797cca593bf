#!/bin/bash
# SPDX-License-Identifier: MIT
# The image postgres, by the configuration of examples/postgres.
. "${BASH_SOURCE[0]%/*}/../image.sh"

CONF=$ROOT/examples/postgres/conf.d

# shellcheck source=tests/postgres.sh
. "$ROOT/tests/postgres.sh"
export POSTGRES_SCRIPTS=$PWD/initdb.d GROUNDWORK_BASE=$PWD/data

function query {
	psql -X -At -h "$PWD" -U postgres -c "$1" "${2:-postgres}"
}

function serves {
	chmod 1777 .
	start -c listen_addresses= -c unix_socket_directories="$PWD"
	serving query 'SELECT 1'
}

function scripts {
	needs postgres initdb psql
	mkdir -p initdb.d
	echo 'CREATE TABLE t (a text);' >initdb.d/10-table.sql
	# The script's own variable.
	# shellcheck disable=SC2016
	echo 'psql -X -v ON_ERROR_STOP=1 -c "INSERT INTO t VALUES (\$\$$POSTGRES_DB\$\$)"' \
		>initdb.d/20-row.sh
	chmod 755 initdb.d
	export POSTGRES_PASSWORD="it's \$(a) \"secret\"" POSTGRES_DB=shop
}

root_a_cluster_is_made_with_its_database_and_scripts() {
	scripts
	serves
	equal shop "$(query 'SELECT a FROM t' shop)"
	equal "$(id -u postgres) $(id -u postgres)" "$(owner_of_process "$pid")"
	mode data/cluster 700 "$(id -u postgres):$(id -g postgres)"
	lacks "$application_log" "it's"
	! tr '\0' '\n' <"/proc/$pid/environ" | grep -q POSTGRES_PASSWORD || fail "it has the password"
	stop INT
}

root_a_warm_start_makes_nothing_anew() {
	scripts
	serves
	query "INSERT INTO t VALUES ('kept')" shop
	stop INT
	echo 'DROP TABLE t;' >initdb.d/30-drop.sql
	serves
	equal $'shop\nkept' "$(query 'SELECT a FROM t' shop)"
	stop TERM
}

root_the_password_may_be_in_a_file() {
	scripts
	unset POSTGRES_PASSWORD
	echo from-a-file >password
	chmod 600 password
	POSTGRES_PASSWORD_FILE=$PWD/password serves
	equal t "$(query "SELECT rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = 'postgres'")"
	stop INT
}

without_a_password_nothing_is_made() {
	scripts
	unset POSTGRES_PASSWORD
	status 100 "$GROUNDWORK" -c "$CONF" -- postgres
	contains "$err" "set POSTGRES_PASSWORD"
	missing data
}

root_a_script_that_fails_leaves_no_cluster() {
	scripts
	chmod 1777 .
	echo 'SELECT broken;' >initdb.d/30-broken.sql
	status 111 "$GROUNDWORK" -c "$CONF" -- postgres
	contains "$err" "30-broken.sql:1: ERROR"
	equal "" "$(ls -A data)" "what is left"
	rm initdb.d/30-broken.sql
	serves
	equal shop "$(query 'SELECT a FROM t' shop)"
	stop INT
}

pid1_what_was_killed_half_way_is_made_by_the_next_start() {
	((EUID == 0)) || skip "needs root"
	scripts
	chmod 1777 .
	mkfifo begun
	chmod 666 begun
	echo "echo >$PWD/begun; sleep 600" >initdb.d/30-slow.sh
	[[ -n $TEST_PID1 ]] || skip "no process namespaces here"
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	background $TEST_PID1 -- "$GROUNDWORK" -q -c "$CONF" -- postgres
	read -r <begun
	kill -KILL "$pid"
	wait "$pid" || true
	missing data/cluster
	rm initdb.d/30-slow.sh
	serves
	equal shop "$(query 'SELECT a FROM t' shop)"
	stop INT
}

root_the_root_file_system_is_read_only() {
	scripts
	chmod 755 .
	TMPDIR=$PWD/tmp start_read_only "$PWD/data" "$PWD/tmp:1777" /dev/shm:1777 -- \
		-c listen_addresses= -c unix_socket_directories="$PWD/tmp"
	serving inside psql -X -h "$PWD/tmp" -U postgres -c 'SELECT 1' shop
	equal "$(id -u postgres) $(id -u postgres)" "$(owner_of_process "$pid")"
	stop INT
}
