#!/bin/bash
# SPDX-License-Identifier: MIT
# The key `schema_drift` of a database: the schema that is there against its migrations.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/database.sh"

# database LINE…: with these keys, and two migrations.
function database {
	drop_in 10.ini <<-END
		[database:d]
		path = d.db
		migrations = ../m
		$(printf '%s\n' "$@")
	END
	mkdir -p m
	echo 'CREATE TABLE one (a, b);' >m/001_one.sql
	echo 'CREATE INDEX by_a ON one (a);' >m/002_index.sql
}

a_schema_that_was_changed_by_hand_ends_the_start() {
	local before
	database 'schema_drift = error'
	status 0 gw apply
	status 0 gw apply
	lacks "$err" 'schema'
	sql 'DROP INDEX by_a; CREATE TABLE two (a); ALTER TABLE one DROP COLUMN b;'
	echo 'CREATE TABLE three (a);' >m/003_three.sql
	before=$(snapshot .)
	status 111 gw plan
	contains "$out" '- index by_a'
	contains "$out" '~ table one: - b'
	contains "$out" '+ table two'
	status 111 gw apply
	contains "$err" 'schema is not what its migrations make'
	contains "$err" '+ table two'
	equal "$before" "$(snapshot .)"
	sql 'CREATE INDEX by_a ON one (a); DROP TABLE two; ALTER TABLE one ADD COLUMN b;'
	status 0 gw apply
}

a_schema_that_was_changed_by_hand_is_a_warning() {
	database 'schema_drift = warn'
	status 0 gw apply
	sql 'CREATE TABLE two (a);'
	status 0 gw plan
	contains "$err" '+ table two'
	matches "$out" '^= database:d '
	status 0 gw apply
	contains "$err" '+ table two'
}

# Also where the log shows no warnings.
warnings_are_in_the_plan_and_the_report_as_json() {
	database 'schema_drift = warn'
	status 0 gw apply
	status 0 gw plan --format json
	contains "$out" '"warnings":[]'
	sql 'CREATE TABLE two (a);'
	status 0 gw -q plan --format json
	python3 -c 'import json, sys
[warning] = json.load(sys.stdin)["steps"][0]["warnings"]
assert "+ table two" in warning' <"$out"
	status 0 gw -q apply --report report.json
	python3 -c 'import json, sys
[warning] = json.load(sys.stdin)["steps"][0]["warnings"]
assert "+ table two" in warning' <report.json
}

by_default_the_schema_is_not_compared() {
	database
	status 0 gw apply
	sql 'CREATE TABLE two (a);'
	status 0 gw apply
	lacks "$err" 'table two'
}

where_a_migration_was_changed_drift_cannot_be_known() {
	database 'schema_drift = error' 'drift = ignore'
	status 0 gw apply
	sql 'CREATE TABLE two (a);'
	echo 'CREATE TABLE one (a, b, c);' >m/001_one.sql
	status 0 gw apply
	contains "$err" 'it cannot be known whether its schema is what its migrations make'
	contains "$err" "m/001_one.sql' was changed"
}

what_a_baseline_names_counts_as_applied() {
	database 'schema_drift = error' 'adopt = baseline:001'
	sql 'CREATE TABLE one (a);'
	status 111 gw apply
	contains "$err" '~ table one: - b'
	sql 'ALTER TABLE one ADD COLUMN b;'
	status 0 gw apply
	status 0 gw apply
}

# count_opens COMMAND…: how often it opens the database.
function count_opens {
	((EUID == 0)) || skip "only root may trace what is not dumpable"
	local trace=$TEST_DIR/trace
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" \
		strace -f -o "$trace" -e trace=openat true 2>/dev/null || skip "no strace here"
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" \
		strace -f -o "$trace" -e trace=openat "$GROUNDWORK" -c conf "$@" >/dev/null 2>&1
	grep -c '/d\.db"\|"d\.db"' "$trace"
}

the_database_is_opened_no_oftener_to_compare_its_schema() {
	local opens
	database
	status 0 gw apply
	opens=$(count_opens apply)
	database 'schema_drift = error'
	equal "$opens" "$(count_opens apply)"
	equal "$opens" "$(count_opens plan)"
}

what_was_compared_once_is_not_made_again() {
	database 'schema_drift = error'
	status 0 gw apply
	status 0 gw -v apply
	contains "$err" 'its schema is as recorded'
	sql "DELETE FROM groundwork_migrations WHERE id = 'schema:digest'"
	status 0 gw -v apply
	lacks "$err" 'its schema is as recorded'
	sql 'CREATE TABLE two (a);'
	status 111 gw apply
	contains "$err" '+ table two'
}

another_word_is_an_error_of_the_configuration() {
	database 'schema_drift = yes'
	status 100 gw check
	contains "$err" "conf/10.ini:4:16: [database:d] schema_drift: 'yes'"
}
