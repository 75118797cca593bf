#!/bin/bash
# SPDX-License-Identifier: MIT
# The log as JSON: each line an object, whatever it has to say.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# of_json EXPRESSION: what Python makes of it; `lines` are the objects of $err.
function of_json {
	python3 - "$err" "$1" <<-'END'
		import json, sys

		lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
		assert all({"time", "level", "message"} <= line.keys() for line in lines)
		print(eval(sys.argv[2]))
	END
}

function some_steps {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		[exec:says]
		command = sh -c 'echo "a \"quote\""; printf "no newline "'
		[exec:fails]
		command = sh -c 'echo why; exit 3'
		critical = no
		[exec:long]
		command = sleep 1.2
		order = 40
	END
}

each_line_is_an_object() {
	some_steps
	status 0 gw --log-format json apply
	equal "[('directory:d', 5, 'success'), ('exec:fails', 30, 'error'), ('exec:says', 30, 'success'), ('exec:long', 40, 'success')]" \
		"$(of_json '[(line["step"], line["order"], line["status"]) for line in lines if "status" in line]')"
	equal "['a \"quote\"', 'no newline ']" \
		"$(of_json '[line["message"] for line in lines if line.get("step") == "exec:says" and "status" not in line]')"
	equal "['is still at work, 1.0s']" \
		"$(of_json '[line["message"] for line in lines if line.get("step") == "exec:long" and "status" not in line]')"
	equal "[('conf/10.ini', 5, 'warn')]" \
		"$(of_json '[(line["file"], line["line"], line["level"]) for line in lines if line.get("status") == "error"]')"
	equal True "$(of_json 'all(line["duration_ms"] > 0 for line in lines if "status" in line)')"
}

the_setting_and_the_variable_choose_it() {
	some_steps
	status 0 env GROUNDWORK_LOG_FORMAT=json "$GROUNDWORK" -c conf apply
	equal "the ground is laid in part: 3 made, 1 failed" "$(of_json 'lines[-1]["message"]')"
	printf '%s\n' '[bootstrap]' 'log_format = json' >>conf/10.ini
	status 0 gw apply
	of_json 1 >/dev/null
	"$ROOT/tests/cli/on_terminal.py" 40 "$GROUNDWORK" -c conf apply >"$err" || true
	of_json 1 >/dev/null
	status 0 env GROUNDWORK_LOG_FORMAT=text "$GROUNDWORK" -c conf apply
	contains "$err" "groundwork: = directory:d"
	status 100 gw --log-format xml apply
	contains "$err" "xml"
}

errors_of_the_configuration_are_objects_too() {
	printf '%s\n' '[directory:d]' 'pth = "d"' '[file:f]' 'content = x' | drop_in 10.ini
	status 100 gw --log-format json apply
	equal "[('conf/10.ini', 2), ('conf/10.ini', 3)]" \
		"$(of_json '[(line["file"], line["line"]) for line in lines if "file" in line]')"
	equal True "$(of_json '"nothing was touched" in lines[-1]["message"]')"
	status 100 gw --log-format json --nonsense apply
	equal error "$(of_json 'lines[0]["level"]')"
}

# The parent's lines: of a worker that was killed, and of one that was too slow.
the_parent_says_it_in_the_same_way() {
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	printf '%s\n' '[bootstrap]' 'log_format = json' '[exec:a]' "command = sh -c 'kill -KILL \$PPID'" | drop_in 10.ini
	status 111 gw apply
	equal "step 'exec:a' was killed with SIGKILL (out of memory?)" "$(of_json 'lines[-1]["message"]')"
}

a_secret_is_redacted_before_it_is_escaped() {
	printf '%s\n' '[app]' 'env_from_file = PW' '[exec:a]' "command = sh -c 'cat pw'" | drop_in 10.ini
	printf 'so"me\tsecret' >pw
	PW_FILE=$PWD/pw status 0 gw --log-format json apply
	lacks "$err" secret
	equal "***" "$(of_json '[line["message"] for line in lines if line.get("step") == "exec:a"][0]')"
}

# ---- the report ----

# of_report FILE EXPRESSION: of its object, `report`.
function of_report {
	python3 - "$1" "$2" <<-'END'
		import json, sys

		report = json.load(open(sys.argv[1], encoding="utf-8"))
		print(eval(sys.argv[2]))
	END
}

a_report_lists_what_is_wrong_with_the_configuration() {
	printf '%s\n' '[directory:d]' 'pth = d' '[app]' 'env_from_file = PW' '[link:l]' 'path = l' 'target = x' \
		'replace = hunter22' | drop_in 10.ini
	PW=hunter22 status 100 gw --report r.json apply
	equal "('error', 'configuration', 0)" "$(of_report r.json '(report["status"], report["phase"], report["total"])')"
	equal "[('conf/10.ini', 2), ('conf/10.ini', 8)]" \
		"$(of_report r.json '[(error["file"], error["line"]) for error in report["errors"]]')"
	lacks r.json hunter22
	missing d l
	status 100 gw --report other.json plan
	missing other.json
}

a_report_goes_where_it_is_sent() {
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	status 0 gw --report - apply
	equal success "$(of_report "$out" 'report["status"]')"
	missing ./-
	"$GROUNDWORK" -c conf --report /dev/fd/7 apply 7>seven
	equal "('directory:d', 'directory', 'conf/10.ini', 1)" \
		"$(of_report seven '[(step["id"], step["kind"], step["file"], step["line"]) for step in report["steps"]][0]')"
	mkfifo pipe
	status 0 gw --report pipe apply
	contains "$err" "warning: the report: nobody reads the pipe '$PWD/pipe'"
	cat <pipe >"$PWD/received" &
	status 0 gw --report pipe sh -c 'touch started'
	wait $!
	equal success "$(of_report received 'report["status"]')"
	exists started
	[[ -p pipe ]] || fail "the pipe is gone"
	status 0 gw --report /dev/null apply
	lacks "$err" warning
}

# A reader that is started with it may come second.
a_reader_that_comes_late_is_waited_for() {
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	mkfifo pipe
	(sleep 0.5; exec cat <pipe >received) &
	status 0 gw -q --report pipe apply
	equal "" "$(cat "$err")"
	wait $!
	equal success "$(of_report received 'report["status"]')"
}

# It is not what the application waits for.
a_reader_that_does_not_read_is_not_waited_for() {
	local number
	mkfifo pipe
	for ((number = 0; number < 600; number++)); do
		printf '[directory:d%d]\npath = d%d\n' "$number" "$number"
	done | drop_in 10.ini
	exec 8<>pipe
	status 0 gw --report pipe sh -c 'touch started'
	contains "$err" "warning: the report: '$PWD/pipe' was not read in time"
	exists started
}

# A reader that takes a little at a time, too.
a_slow_reader_is_not_waited_for() {
	local number
	mkfifo pipe
	for ((number = 0; number < 2000; number++)); do
		printf '[directory:d%d]\npath = d%d\n' "$number" "$number"
	done | drop_in 10.ini
	background python3 -c 'import time
file = open("pipe", "rb", buffering=0)
while file.read(4096): time.sleep(0.3)'
	status 0 gw -q --report pipe sh -c 'touch started'
	contains "$err" "was not read in time"
	exists started
}
