#!/bin/bash
# SPDX-License-Identifier: MIT
# Databases where memory or stack are limited (getrlimit(2)), and SQLite's own limits.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# database: d.db; standard input is its migration.
function database {
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		migrations = ../m
	END
	mkdir -p m
	cat >m/001_d.sql
}

function apply_in {
	rm -f d.db
	status 0 prlimit "$@" "$GROUNDWORK" -c conf apply
}

# AddressSanitizer reserves terabytes, and a stack for itself.
function without_sanitizer {
	! grep -q __asan_init "$GROUNDWORK" || skip "AddressSanitizer needs more"
}

a_trigger_may_call_itself_1000_times() {
	database <<-'END'
		PRAGMA recursive_triggers = ON;
		CREATE TABLE n (i INTEGER PRIMARY KEY);
		CREATE TRIGGER t AFTER INSERT ON n WHEN NEW.i < 990
		BEGIN INSERT INTO n VALUES (NEW.i + 1); END;
		INSERT INTO n VALUES (1);
	END
	status 0 "$GROUNDWORK" -c conf apply
}

a_cascade_may_have_1000_levels() {
	database <<-'END'
		CREATE TABLE c (id INTEGER PRIMARY KEY, up INT REFERENCES c ON DELETE CASCADE);
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 990)
		INSERT INTO c SELECT i, nullif(i - 1, 0) FROM n;
		PRAGMA foreign_keys = ON;
		DELETE FROM c WHERE id = 1;
	END
	status 0 "$GROUNDWORK" -c conf apply
}

# Each table's trigger is compiled inside that of the table before it.
function chain {
	local i
	for ((i = 0; i <= 900; i++)); do
		echo "CREATE TABLE t$i (a);"
	done
	for ((i = 0; i < 900; i++)); do
		echo "CREATE TRIGGER g$i AFTER INSERT ON t$i" \
			"BEGIN INSERT INTO t$((i + 1)) VALUES (NEW.a); END;"
	done
	echo "INSERT INTO t0 VALUES (1);"
}

a_soft_limit_of_the_stack_does_not_end_it() {
	without_sanitizer
	database < <(chain)
	status 0 prlimit --stack=131072:8388608 "$GROUNDWORK" -c conf plan
	apply_in --stack=131072:8388608
}

# It was ended by SIGSEGV.
what_nests_too_deep_for_the_stack_is_an_error() {
	local deep='it nests too many triggers or cascades for the limit of the stack: raise it'
	local size
	without_sanitizer
	database < <(chain)
	for size in 262144 524288 1048576; do
		status 111 prlimit --stack=$size "$GROUNDWORK" -c conf plan
		contains "$out" "m/001_d.sql:1802: 'INSERT INTO t0 VALUES (1);': $deep"
		status 111 prlimit --stack=$size "$GROUNDWORK" -c conf apply
		contains "$err" "m/001_d.sql:1802: 'INSERT INTO t0 VALUES (1);': $deep"
		missing d.db
	done
	apply_in --stack=8388608
}

# SQLite asks nobody about views in views.
a_crash_names_the_limit_of_the_stack() {
	local i
	without_sanitizer
	{
		echo "CREATE TABLE v0 (a);"
		for ((i = 1; i <= 900; i++)); do
			echo "CREATE VIEW v$i AS SELECT a FROM v$((i - 1)) UNION SELECT 1;"
		done
		echo "CREATE TABLE t AS SELECT * FROM v900;"
	} >views
	database <views
	status 111 prlimit --stack=262144 "$GROUNDWORK" -c conf apply
	contains "$err" "step 'database:d' crashed with SIGSEGV; the stack is limited, and may have been too small: raise"
	missing d.db
}

what_it_starts_gets_the_stack_as_found() {
	without_sanitizer
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'ulimit -Ss; ulimit -Hs'
	END
	status 0 prlimit --stack=131072:8388608 "$GROUNDWORK" -c conf run -- \
		sh -c 'ulimit -Ss; ulimit -Hs'
	equal $'128\n8192' "$(<"$out")"
	matches "$err" ' 128$'
	matches "$err" ' 8192$'
	status 0 prlimit --stack=131072:8388608 "$GROUNDWORK" --init -c conf run -- \
		sh -c 'ulimit -Ss; ulimit -Hs'
	equal $'128\n8192' "$(<"$out")"
}

too_small_a_stack_is_an_error() {
	without_sanitizer
	database <<<'CREATE TABLE t (a);'
	status 111 prlimit --stack=131072 "$GROUNDWORK" -c conf apply
	contains "$err" 'the stack may have 128 KiB at most, and 256 are needed'
	missing d.db
	apply_in --stack=262144
}

large_rows_fit_into_any_limit_of_memory() {
	local size
	without_sanitizer
	database <<-'END'
		CREATE TABLE t (b);
		INSERT INTO t VALUES (zeroblob(16000000));
		INSERT INTO t SELECT hex(b) FROM t;
	END
	for size in 220 260 285 300 330 370; do
		apply_in --as=$((size << 20))
		apply_in --data=$((size << 20))
	done
}
