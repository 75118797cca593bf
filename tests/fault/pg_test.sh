#!/bin/bash
# SPDX-License-Identifier: MIT
# A database of a PostgreSQL server that many migrate at once, that are killed, whose server
# is restarted, or whose connection is cut. These are samples; `make fault-pg` goes through
# all messages and fifty rounds.
# shellcheck disable=SC2119 # `server` takes keys, and needs none
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/../cli/postgres.sh"

# race ROUNDS OPTION…: 32 processes; a build with sanitizers takes ten times as long.
function race {
	local rounds=$1
	shift
	! grep -q __asan_init "$GROUNDWORK" || rounds=2
	[[ ${FULL:-0} != 1 ]] || rounds=50
	status 0 "$ROOT/tests/fault/pg_race.py" "$@" 32 "$rounds" "$GROUNDWORK"
}

# cut SCENARIO: behind some messages; with FULL behind each.
function cut {
	local some=(--some 6)
	[[ ${FULL:-0} != 1 ]] || some=()
	status 0 "$ROOT/tests/fault/pg_cut.py" "${some[@]}" "$1" "$GROUNDWORK"
}

# timeout: 180
many_start_at_once_on_one_server() {
	server
	race 2
}

# timeout: 180
many_start_at_once_of_which_half_are_killed() {
	server
	race 2 --kill
}

# timeout: 180
many_start_at_once_while_the_server_is_restarted() {
	server
	race 2 --kill --restart
}

# timeout: 600
a_connection_is_cut_where_each_migration_has_a_transaction() {
	server
	cut each
}

# timeout: 600
a_connection_is_cut_where_all_migrations_have_one() {
	server
	cut all
}

# timeout: 600
a_connection_is_cut_where_one_runs_outside_of_a_transaction() {
	server
	cut outside
}

# timeout: 600
a_connection_is_cut_where_the_database_is_created() {
	server
	cut create
}
