#!/bin/bash
# SPDX-License-Identifier: MIT
# A database whose making or upgrading is killed, fails, or is done by many at once. These
# are samples; `make fault-db` goes through all calls and a hundred rounds.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

. "${BASH_SOURCE[0]%/*}/breaking.bash"

function calls {
	needs_tracing
	status 0 "$ROOT/tests/fault/db_calls.py" "$@" "$break_at" "$GROUNDWORK"
}

kill_while_a_database_is_made() {
	calls -s 41 cold kill
}

kill_during_an_upgrade() {
	calls -s 67 upgrade kill
}

kill_during_an_upgrade_in_rollback_mode() {
	calls -s 61 upgrade-delete kill
}

kill_during_an_upgrade_after_a_crash_of_the_application() {
	calls -s 67 crashed-delete kill
}

kill_during_an_upgrade_while_the_application_works() {
	calls -s 67 in-use kill
}

kill_during_a_backup() {
	calls -s 83 backup kill
}

kill_during_an_upgrade_behind_a_rehearsal() {
	calls -s 89 rehearse kill
}

root_kill_during_an_upgrade_of_another_users_database() {
	calls -s 67 theirs kill
}

kill_while_the_journal_mode_is_switched() {
	calls -s 41 switch kill
}

a_full_disk_while_a_database_is_made() {
	calls -s 37 cold 28
}

a_full_disk_during_an_upgrade() {
	calls -s 47 upgrade 28
}

an_io_error_during_an_upgrade() {
	calls -s 47 upgrade-delete 5
}

a_quota_during_a_backup() {
	calls -s 61 backup 122
}

a_full_disk_during_a_rehearsal() {
	calls -s 97 rehearse 28
}

many_start_on_a_fresh_volume() {
	status 0 "$ROOT/tests/fault/db_race.py" fresh 32 5 "$GROUNDWORK"
}

many_start_where_migrations_are_pending() {
	status 0 "$ROOT/tests/fault/db_race.py" pending 32 5 "$GROUNDWORK"
}

many_start_whose_lock_is_worth_nothing() {
	status 0 "$ROOT/tests/fault/db_race.py" unlocked 32 5 "$GROUNDWORK"
}

upgrades_while_an_application_reads_and_writes() {
	status 0 "$ROOT/tests/fault/db_in_use.py" wal 10 "$GROUNDWORK"
}

upgrades_while_an_application_writes_in_rollback_mode() {
	status 0 "$ROOT/tests/fault/db_in_use.py" delete 5 "$GROUNDWORK"
}
