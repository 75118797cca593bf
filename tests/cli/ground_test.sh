#!/bin/bash
# SPDX-License-Identifier: MIT
# The main job: from an empty directory to everything in place, planned before, free after.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

CONF=$ROOT/tests/cli/ground/conf.d

function run_ground {
	"$GROUNDWORK" -c "$CONF" "$@"
}

# untouched CODE COMMAND…: ends so, and no system call of it changes anything.
function untouched {
	local code=$1
	shift
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	status "$code" "$ROOT/tests/cli/untouched.py" "$@"
	lacks "$err" "it changes something"
}

# What the report $1 says: python code that sees it as `report`, and its steps as `steps`.
function report {
	python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
steps = {step["id"]: step for step in report["steps"]}
exec(sys.argv[2])' "$1" "$2" || fail "the report $1 is not as it should be"
}

# Python, with the database as `db`.
function in_database {
	python3 -c 'import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
exec(sys.argv[2])' "$@"
}

the_ground_has_every_kind() {
	local kinds kind
	kinds=$("$GROUNDWORK" explain --format json | python3 -c 'import json, sys
print(*(section["name"] for section in json.load(sys.stdin)["sections"]
        if section["header"] == "[%s:NAME]" % section["name"]))')
	[[ $kinds == *exec ]] || fail "these are all kinds: $kinds"
	for kind in $kinds; do
		# These need a server, or OpenSSL, and have faults of their own.
		[[ $kind != download && $kind != cert ]] || continue
		matches "$CONF/10-ground.ini" "^\[$kind:"
	done
}

one_command_lays_everything_and_becomes_the_application() {
	mkdir -p stale/deep
	touch app.pid stale/deep/file
	status 42 run_ground -- sh -c 'exit 42'
	missing app.pid stale
	mode data 750
	mode data/deep 755
	mode data/deep/er 750
	mode cache 755
	equal data/deep "$(readlink current)"
	mode data/keys/session.key 600
	equal 64 "$(stat -c %s data/keys/session.key)" "size of the key"
	matches data/keys/api.key '^api_[A-Za-z0-9_-]{32}$'
	equal 0 "$(stat -c %s data/empty)"
	contains etc/app.conf "key = $(cat data/keys/session.key)"
	contains etc/app.conf "base = $PWD"
	mode etc/app.conf 600
	# shellcheck disable=SC2016 # a source is copied as it is
	equal '<p>$${literal}</p>' "$(cat etc/copy)"
	# shellcheck disable=SC2016
	equal '<p>${literal}</p>' "$(cat site/index.html)"
	equal "base $PWD" "$(cat site/deep/page)"
	mode data/app.db 640
	equal seed "$(cat data/seed)"
	exists data/touched
	in_database data/app.db '
assert db.execute("SELECT count(*) FROM users").fetchone() == (2,)
assert db.execute("SELECT count(*) FROM orders").fetchone() == (2,)
assert db.execute("SELECT count(*) FROM groundwork_migrations").fetchone() == (4,)
assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)'
}

nothing_else_is_left_behind() {
	status 0 run_ground apply
	equal "" "$(find . -name '.*' ! -name .)" "hidden leftovers"
	equal "" "$(find . -name '*-wal' -o -name '*-shm' -o -name '*-journal')" "sidecars"
}

the_key_is_in_the_applications_environment_and_nowhere_else() {
	mkdir work
	cd work
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 run_ground -v --report report.json -- sh -c 'echo "$APP_KEY"'
	local key
	key=$(cat data/keys/session.key)
	equal "$key" "$(cat "$out")" "what the application was given"
	lacks "$err" "$key"
	lacks report.json "$key"
	equal $'./data/keys/session.key\n./etc/app.conf' "$(grep -rlF "$key" . | sort)" "who has it"
	# Nor when it is there already.
	status 0 run_ground -v --report report.json -- sh -c ':'
	lacks "$err" "$key"
	lacks report.json "$key"
	status 0 run_ground plan
	lacks "$out" "$key"
}

no_command_line_shows_a_key() {
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	status 0 strace -f -s 100000 -e trace=execve,execveat -o "$TEST_DIR/trace" \
		env ASAN_OPTIONS=detect_leaks=0 "$GROUNDWORK" -c "$CONF" -- sh -c ':'
	matches "$TEST_DIR/trace" '"touch"'
	lacks "$TEST_DIR/trace" "$(cat data/keys/session.key)"
	lacks "$TEST_DIR/trace" "$(cat data/keys/api.key)"
}

the_report_has_every_step() {
	touch app.pid
	status 0 run_ground --report report.json apply
	report report.json '
assert report["version"] == 1 and report["status"] == "success"
assert report["total"] == len(steps) == 19 and report["success"] == 17, report
assert report["failed"] == report["not_run"] == 0 and report["skipped"] == 2
assert report["host"] and report["pid"] > 0 and report["groundwork"] and report["started"]
assert len(report["config"]) == 1 and len(report["config"][0]["blake2b"]) == 64
order = [step["order"] for step in report["steps"]]
assert all(step["message"] for step in steps.values())
assert [id for id in steps if not steps[id]["changed"]] == ["assert:whole", "wait:data"]
assert all(step["duration_ms"] >= 0 and step["started_ms"] >= 0 for step in steps.values())
assert steps["file:config"]["requires"] == ["key:session"]
ids = [step["id"] for step in report["steps"]]
assert ids.index("key:session") < ids.index("file:config") < ids.index("database:app")'
}

a_second_run_skips_every_step_and_says_why() {
	status 0 run_ground apply
	snapshot . >"$TEST_DIR/before"
	status 42 run_ground --report "$TEST_DIR/report.json" -- sh -c 'exit 42'
	equal "" "$(snapshot . | diff "$TEST_DIR/before" -)" "what was touched"
	report "$TEST_DIR/report.json" '
assert report["skipped"] == report["total"] == 19, report
assert not any(step["changed"] for step in steps.values())
assert all(len(step["message"]) > 5 for step in steps.values())'
	equal 19 "$(grep -c '^groundwork: = ' "$err")" "lines of the log"
}

a_second_run_writes_nothing_at_all() {
	status 0 run_ground apply
	untouched 42 "$GROUNDWORK" -c "$CONF" -- sh -c 'exit 42'
	untouched 42 "$GROUNDWORK" -v -c "$CONF" --init -- sh -c 'exit 42'
}

a_second_run_writes_nothing_while_the_database_is_in_use() {
	status 0 run_ground apply
	background python3 -c '
import sqlite3, time
db = sqlite3.connect("data/app.db", isolation_level=None)
db.execute("INSERT INTO settings VALUES (1, 1)")
open("ready", "w").close()
time.sleep(60)'
	eventually test -e ready
	exists data/app.db-wal
	untouched 0 "$GROUNDWORK" -c "$CONF" apply
}

# Every way to call a trace clean must be able to call one dirty.
the_trace_sees_what_a_first_run_writes() {
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	status 1 "$ROOT/tests/cli/untouched.py" "$GROUNDWORK" -c "$CONF" apply
	local call
	for call in openat fsync fchmod rename mkdirat symlinkat; do
		matches "$err" "it changes something: [0-9]+ +$call"
	done
	status 1 "$ROOT/tests/cli/untouched.py" --no-command sh -c 'env true'
	contains "$err" execve
}

root_a_warm_start_is_fine_on_a_read_only_file_system() {
	needs_mounts
	mkdir ground
	status 0 run_ground -C ground apply
	status 42 read_only ground "$GROUNDWORK" -c "$CONF" -C ground -- sh -c 'exit 42'
	contains "$err" "19 in place"
}

user_a_warm_start_is_fine_for_one_who_can_only_read() {
	status 0 run_ground apply
	chmod -R a-w .
	chmod 750 data data/deep/er
	status 42 run_ground -- sh -c 'exit 42'
	contains "$err" "19 in place"
}

a_plan_names_every_object_that_apply_makes() {
	mkdir ground
	status 0 run_ground -C ground plan
	cp "$out" plan
	empty ground
	status 0 run_ground -C ground apply
	local path
	while read -r path; do
		contains plan "'$path'"
	done < <(find "$PWD/ground" -mindepth 1 -not -path '*/data/tree/*' \
		-not -path '*/data/deep/*' -not -path '*/data/index.html') # what is in a tree
}

what_a_plan_says_is_what_apply_does() {
	status 0 run_ground plan --format json
	cp "$out" plan.json
	status 0 run_ground --report report.json apply
	compare_with_plan
	rm -r site/deep data/seed current
	status 0 run_ground plan --format json
	cp "$out" plan.json
	status 0 run_ground --report report.json apply
	compare_with_plan
	contains "$err" "3 made, 16 in place"
}

function compare_with_plan {
	report report.json '
plan = json.load(open("plan.json"))
assert [step["id"] for step in plan["steps"]] == [step["id"] for step in report["steps"]]
for step in plan["steps"]:
    change = step["forecast"] == "change"
    # What a wait waits for is not asked.
    expected = ("unknown",) if step["kind"] == "wait" else ("change", "in place")
    assert step["forecast"] in expected, step
    assert steps[step["id"]]["changed"] == change, (step, steps[step["id"]])'
}

a_plan_touches_nothing() {
	mkdir ground
	untouched 0 --no-command "$GROUNDWORK" -c "$CONF" -C ground plan
	empty ground
	status 0 run_ground -C ground apply
	rm -r ground/site ground/data/seed
	mkdir ground/stale
	snapshot ground >before
	untouched 0 --no-command "$GROUNDWORK" -c "$CONF" -C ground plan
	equal "" "$(snapshot ground | diff before -)" "what was touched"
}

a_plan_runs_no_command() {
	drop_in 10.ini <<-'END'
		[exec:checked]
		command = touch command-ran
		check = touch check-ran
		[exec:assertion]
		check = touch assertion-ran
		[file:f]
		path = f
		content = x
		validate = touch validate-ran {file}
	END
	untouched 0 --no-command "$GROUNDWORK" -c conf plan
	contains "$out" "not known without running its check"
	equal conf "$(ls)"
}

the_exit_code_of_a_plan_says_whether_it_would_change_anything() {
	status 2 run_ground plan --exit-code
	status 0 run_ground plan
	status 0 run_ground apply
	status 0 run_ground plan --exit-code
	rm data/empty
	status 2 run_ground plan --exit-code
	matches "$out" '^\+ file:empty '
	contains "$out" "19 steps: 1 to make, 17 in place, 1 unknown"
}

a_plan_says_what_would_fail() {
	mkdir -p data/app.db
	status 111 run_ground plan
	matches "$out" '^! database:app '
	contains "$out" "1 would fail"
}

the_default_base_is_the_working_directory() {
	mkdir here
	cd here
	status 0 run_ground apply
	exists data/app.db
	cd ..
	missing data
}
