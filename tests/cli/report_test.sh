#!/bin/bash
# SPDX-License-Identifier: MIT
# When the report is written, and where it goes by itself.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# of FILE EXPRESSION: what it is of the report in FILE.
function of {
	python3 -c 'import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
print(eval(sys.argv[2]))' "$1" "$2"
}

# valid FILE…: the schema allows each, and knows all that is in it.
function valid {
	valid_by report "$@"
}

# valid_by WORD FILE…: the same by the schema of that.
function valid_by {
	python3 -c 'import jsonschema' 2>/dev/null || skip "no jsonschema of Python here"
	"$GROUNDWORK" explain --format json-schema "$1" >schema.json
	shift
	python3 - "$@" <<-'END' || fail "it is not as the schema says"
		import json, sys, jsonschema

		def close(schema):
		    if isinstance(schema, dict):
		        if "properties" in schema and "type" in schema:
		            schema["additionalProperties"] = False
		        for part in schema.values():
		            close(part)

		schema = json.load(open("schema.json", encoding="utf-8"))
		jsonschema.Draft202012Validator.check_schema(schema)
		close(schema)
		for name in sys.argv[1:]:
		    report = json.load(open(name, encoding="utf-8"))
		    jsonschema.Draft202012Validator(schema).validate(report)
	END
}

# An exec that runs until the file `go` is there, and says so by the file `begun`.
function slow_step {
	drop_in 10.ini <<-'END'
		[directory:first]
		path = first
		[exec:slow]
		command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done'
		requires = directory:first
	END
}

while_it_runs_the_report_says_which_step_is_at_work() {
	slow_step
	background "$GROUNDWORK" -c conf --report r.json apply
	eventually test -e begun
	equal "('running', 'exec:slow', 2)" "$(of r.json '(report["status"], report["step"], report["total"])')"
	equal "$(cat /proc/sys/kernel/random/boot_id)" "$(of r.json 'report["boot"]["id"]')"
	equal "$(of r.json 'report["pid_start"]')" \
		"$(sed 's/.*) //' "/proc/$(of r.json 'report["pid"]')/stat" | cut -d ' ' -f 20)" "start of the worker"
	touch go
	wait "$pid"
	equal "('success', 2, 0, 0)" \
		"$(of r.json '(report["status"], report["success"], report["skipped"], report["left_out"])')"
	mode r.json 644
}

with_a_state_directory_the_report_is_in_it() {
	slow_step
	mkdir st
	background "$GROUNDWORK" -c conf --state st apply
	eventually test -e begun
	equal "exec:slow" "$(of st/report.json 'report["step"]')"
	touch go
	wait "$pid"
	equal success "$(of st/report.json 'report["status"]')"
	mode st/report.json 600
	sed -i 's/touch begun/exit 1/' conf/10.ini
	status 111 gw --state st apply
	equal "('error', 1, 1)" "$(of st/report.json '(report["status"], report["failed"], report["skipped"])')"
	printf 'mode = x\n' >>conf/10.ini
	status 100 gw --state st apply
	equal "('error', 'configuration')" "$(of st/report.json '(report["status"], report["phase"])')"
}

a_state_directory_without_a_report_is_fine() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	status 0 gw -v --state st apply
	contains "$err" "the report: the state directory is missing"
	lacks "$err" warning
	missing st
	mkdir st
	status 0 gw --state st --report '' apply
	missing st/report.json
	status 0 gw --state st --report other.json apply
	missing st/report.json
	exists other.json
	printf '[bootstrap]\nreport = /dev/null\n' | drop_in 20.ini
	status 0 gw --state st apply
	missing st/report.json
}

user_a_state_directory_that_cannot_be_written_is_fine() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	mkdir st
	touch st/groundwork.lock
	chmod 500 st
	status 0 gw --state st apply
	lacks "$err" warning
	exists d
}

# A step that fills an empty directory, or asks whether one is, finds no report there.
a_report_is_not_the_first_file_of_a_directory_that_is_to_be_empty() {
	printf '%s\n' '[directory:d]' 'path = d' 'source = ../seed' | drop_in 10.ini
	mkdir seed d
	touch seed/file
	status 0 gw --report d/report.json apply
	exists d/file d/report.json
	rm -r d
	mkdir d
	printf '%s\n' '[directory:before]' 'path = before' '[exec:e]' 'when = dir-empty:d' 'command = touch ran' |
		drop_in 10.ini
	status 0 gw --report d/report.json apply
	exists ran d/report.json
}

a_report_in_a_directory_that_a_step_makes_says_what_is_at_work() {
	slow_step
	printf '%s\n' '[directory:run]' 'path = run' | drop_in 05.ini
	background "$GROUNDWORK" -c conf --report run/r.json apply
	eventually test -e begun
	equal "('running', 'exec:slow')" "$(of run/r.json '(report["status"], report["step"])')"
	touch go
	wait "$pid"
	equal success "$(of run/r.json 'report["status"]')"
}

# Made for the report it would be root's, and the step would take it as it is.
root_the_directory_of_a_report_is_the_step_s_to_make() {
	printf '%s\n' '[app]' 'user = 1234' '[bootstrap]' 'report = data/run/r.json' \
		'metrics = data/m.prom' '[directory:data]' 'path = data' 'mode = 0750' | drop_in 10.ini
	status 0 gw true
	mode data 750 1234:1234
	exists data/run/r.json data/m.prom
	rm -r data
	# Neither does a start that ends before that step, or before all of them.
	printf '%s\n' '[assert:never]' 'that = path:never' | drop_in 20.ini
	status 111 gw true
	contains "$err" "the report: the directory of '$PWD/data/run/r.json' is missing, which [directory:data] makes"
	contains "$err" "the metrics: the directory of '$PWD/data/m.prom' is missing, which [directory:data] makes"
	missing data
	printf '%s\n' '[nonsense:never]' | drop_in 20.ini
	status 100 gw true
	missing data
	rm conf/20.ini
	# What no step makes any more, since it was left out, is made.
	status 0 gw --skip '*' true
	exists data/run/r.json
}

a_report_or_metrics_that_come_out_empty_are_none() {
	# shellcheck disable=SC2016 # groundwork's
	printf '%s\n' '[bootstrap]' 'report = ${REPORT:-}' 'metrics = ${METRICS:-}' | drop_in 10.ini
	status 0 gw apply
	equal conf "$(ls -A)" "what is there"
	status 100 gw status
	contains "$err" "there is no report"
	REPORT=r.json METRICS=m.prom status 0 gw apply
	exists r.json m.prom
}

a_warm_start_writes_the_last_report_alone() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	mkdir st
	status 0 gw --state st apply
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status 0 \
		strace -f -o trace -e trace=rename,renameat,renameat2,fsync,fdatasync "$GROUNDWORK" -c conf --state st apply
	equal 1 "$(grep -c rename trace)" "files that are published"
	equal 0 "$(grep -c sync trace || true)" "files that are flushed"
}

what_is_left_out_is_no_step_in_place() {
	printf '%s\n' '[directory:a]' 'path = a' '[directory:b]' 'path = b' 'enabled = no' '[directory:c]' 'path = c' \
		'when = env:NOPE' | drop_in 10.ini
	status 0 gw apply
	status 0 gw --report r.json apply
	equal "(3, 2)" "$(of r.json '(report["skipped"], report["left_out"])')"
	equal "[False, True, True]" "$(of r.json '[step["left_out"] for step in report["steps"]]')"
}

what_was_waited_for_is_in_the_report() {
	printf '%s\n' '[exec:e]' "command = sh -c 'test -e again || { touch again; exit 75; }'" 'retry_delay = 40ms' |
		drop_in 10.ini
	status 0 gw --report r.json apply
	equal "['retry']" "$(of r.json '[wait["for"] for wait in report["steps"][0]["waits"]]')"
	equal True "$(of r.json 'report["steps"][0]["waits"][0]["duration_ms"] <= report["steps"][0]["duration_ms"]')"
}

what_keeps_the_application_from_its_launch_is_in_the_report() {
	printf '%s\n' '[directory:d]' 'path = d' '[app]' 'env_file = nope' | drop_in 10.ini
	status 111 gw --report r.json true
	equal error "$(of r.json 'report["status"]')"
	contains r.json "nope' does not exist"
	missing d
}

a_step_that_others_make_is_at_work_while_it_is_waited_for() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	background "$GROUNDWORK" -c conf --report r.json --wait '*' apply
	eventually grep -q '"step":"directory:d"' r.json
	sleep 0.5
	mkdir d
	wait "$pid"
	equal "[('others', 'skipped', False)]" \
		"$(of r.json '[(step["waits"][0]["for"], step["status"], step["left_out"]) for step in report["steps"]]')"
}

# timeout: 90
each_report_is_as_the_schema_says() {
	slow_step
	background "$GROUNDWORK" -c conf --report r.json apply
	eventually test -e begun
	cp r.json running.json
	touch go
	wait "$pid"
	cp r.json success.json
	printf '%s\n' '[exec:again]' "command = sh -c 'test -e again || { touch again; exit 75; }; exit 1'" \
		'retry_delay = 10ms' 'order = 90' '[directory:never]' 'path = n' 'requires = exec:again file:///etc' \
		'[directory:off]' 'path = off' 'enabled = no' | drop_in 20.ini
	status 111 gw --report error.json apply
	status 100 gw --report wrong.json --only nothing apply
	printf 'pth = x\n' >>conf/20.ini
	status 100 gw --report configuration.json apply
	valid running.json success.json error.json wrong.json configuration.json
	equal retry "$(of error.json 'report["steps"][-2]["waits"][0]["for"]')"
	# It can say no.
	sed 's/"total":2/"total":"2"/' success.json >odd.json
	! (valid odd.json) 2>/dev/null || fail "a total that is text is fine"
	sed 's/,"total":2//' success.json >odd.json
	! (valid odd.json) 2>/dev/null || fail "no total is fine"
	sed 's/,"failed":0//' success.json >odd.json
	! (valid odd.json) 2>/dev/null || fail "no member of the end is fine"
	sed 's/"kind"/"kin"/' success.json >odd.json
	! (valid odd.json) 2>/dev/null || fail "an unknown member is fine"
}

a_plan_is_as_its_schema_says() {
	drop_in 10.ini <<-'END'
		[directory:there]
		path = .
		[file:f]
		path = f
		content = x
		[exec:c]
		command = true
		check = true
		requires = tcp://127.0.0.1:1
		[directory:off]
		path = off
		enabled = no
		[exec:fails]
		command = nosuchcommand
		order = 1
		[bootstrap]
		fail_fast = no
	END
	status 111 gw plan --diff --format json
	cp "$out" plan.json
	valid_by plan plan.json
	equal "change,error,in place,left out,unknown" "$(of plan.json '",".join(sorted({step["forecast"] for step in report["steps"]}))')"
	sed -i 's/"changes":[0-9]*/"changes":"2"/' plan.json
	! (valid_by plan plan.json) >/dev/null 2>&1 || fail "the schema allows everything"
}

without_a_plan_the_json_says_what_is_wrong() {
	local command
	printf '%s\n' '[directory:d]' 'path = d' '[env]' 'PASSWORD = hunter2' >good.ini
	mkdir conf
	cp good.ini conf/10.ini
	echo x >>conf/10.ini
	for command in plan list; do
		status 100 gw "$command" --format json
		contains "$out" '"problems":[{"file":"conf/10.ini","line":5,"message":"'
		contains "$out" '"steps":[]'
		cp "$out" "$command.json"
		status 100 "$GROUNDWORK" -c missing "$command" --format json
		contains "$out" "\"message\":\""
		mkdir -p none
		status 100 "$GROUNDWORK" -c none "$command" --format json
		contains "$out" '"message":"nothing to do: no drop-in'
		python3 -c 'import json, sys; json.load(sys.stdin)' <"$out"
	done
	valid_by plan plan.json
	equal 1 "$(of plan.json 'report["errors"]')"
	cp good.ini conf/10.ini
	status 127 gw plan --format json nosuchprogram
	cp "$out" plan.json
	valid_by plan plan.json
	contains plan.json "nosuchprogram"
	cat >>conf/10.ini <<-'END'
		[file:f]
		path = ${UNSET}
	END
	status 100 gw plan --format json
	cp "$out" plan.json
	valid_by plan plan.json
	equal "(1, 2)" "$(of plan.json '(len(report["problems"]), len(report["steps"]))')"
	cp good.ini conf/10.ini
	status 0 gw plan --format json
	lacks "$out" problems
}

# Each line by itself; all together have each member.
the_log_is_as_its_schema_says() {
	drop_in 10.ini <<-'END'
		[exec:a]
		command = sh -c 'sleep 0.01; echo no; exit 1'
		critical = no
		[directory:b]
		path = b
		[directory:c]
		path = c
		enabled = no
		[absent:d]
		path = d
		[file:f]
		path = f
		content = x $b
		owner = 0
	END
	touch d
	mkdir -m 700 b
	status 0 gw --log-format json --log-level debug apply
	split -a 4 -l 1 "$err" line.
	status 0 gw --log-format json --log-level debug apply
	split -a 4 -l 1 "$err" again.
	drop_in 20.ini <<-'END'
		[file:f]
		path = ${UNSET}
	END
	status 100 gw --log-format json apply
	split -a 4 -l 1 "$err" wrong.
	valid_by log line.* again.* wrong.*
	python3 - line.* again.* wrong.* <<-'END' || fail "not all members are in a line"
		import json, sys
		seen = set()
		for name in sys.argv[1:]:
		    seen |= json.load(open(name, encoding="utf-8")).keys()
		known = json.load(open("schema.json", encoding="utf-8"))["properties"].keys()
		print("not seen:", known - seen)
		sys.exit(known != seen)
	END
}

the_schema_is_of_the_report_and_of_a_plan() {
	status 100 "$GROUNDWORK" explain --format json-schema
	contains "$err" "write \`groundwork explain --format json-schema report\`, or \`plan\`, or \`log\`"
	status 100 "$GROUNDWORK" explain --format json-schema file
	status 100 gw list --format json-schema
}

root_a_pipe_of_another_user_gets_no_report() {
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	mkdir -m 1777 shared
	mkfifo shared/r
	chown 10001 shared/r
	exec 7<>shared/r
	status 0 gw --report shared/r apply
	contains "$err" "'$PWD/shared/r' belongs to user 10001"
	! read -r -t 0 -u 7 || fail "it got something"
	chown 0 shared/r
	status 0 gw --report shared/r apply
	read -r -t 5 -u 7 line
	[[ $line == *'"status"'* ]] || fail "no report: $line"
}

a_reader_that_does_not_read_keeps_nothing_from_starting() {
	"$ROOT/tests/cli/many_steps.py" directories 1000 | drop_in 10.ini
	mkfifo r
	exec 7<>r
	status 0 gw --report r run touch started
	contains "$err" "'$PWD/r' was not read in time"
	exists started
}

what_is_waited_for_before_the_steps_is_in_the_report() {
	printf '%s\n' '[bootstrap]' 'report = r.json' '[directory:d]' 'path = d' | drop_in 10.ini
	background "$GROUNDWORK" -q -c conf --deadline 40s --wait "file://$PWD/ready" apply
	eventually grep -q '"wait":' r.json
	equal "(['file://$PWD/ready'], None)" "$(of r.json '(report["wait"]["services"], report["wait"].get("status"))')"
	status 111 gw status
	contains "$out" ", and waits for file://$PWD/ready"
	cp r.json running.json
	touch ready
	wait "$pid"
	equal success "$(of r.json 'report["wait"]["status"]')"
	matches r.json '"message":"file://.*/ready is there, after '
	cp r.json success.json
	status 0 gw status
	matches "$out" "^in place +--wait +[0-9.]+m?s +file://$PWD/ready is there, after"
	status 0 gw --format svg status
	equal 2 "$(grep -c '<g class="step">' "$out")" "bars"
	equal 2 "$(grep -c 'rect class="services"' "$out")" "bars of waiting, with that of the legend"
	rm ready
	status 111 gw --timeout 50ms --wait "file://$PWD/ready" apply
	equal error "$(of r.json 'report["wait"]["status"]')"
	cp r.json error.json
	status 111 gw status
	matches "$out" "^failed +--wait .*it took longer than its timeout of 50ms"
	status 0 gw apply
	lacks r.json '"wait":'
	valid running.json success.json error.json r.json
}

a_wait_is_in_the_report_and_the_picture() {
	printf '%s\n' '[wait:web]' "url = file://$PWD/ready" 'interval = 10ms' | drop_in 10.ini
	background "$GROUNDWORK" -q -c conf --report r.json apply
	eventually grep -q '"step":"wait:web"' r.json
	sleep 0.05
	touch ready
	wait "$pid"
	equal services "$(python3 -c 'import json
print(*(wait["for"] for wait in json.load(open("r.json"))["steps"][0]["waits"]))')"
	status 0 gw --report r.json --format svg status
	equal 2 "$(grep -c 'rect class="services"' "$out")" "bars, with that of the legend"
}

# Who writes --report reads that file later: not that of an earlier start, or none at all.
what_writes_no_report_refuses_to_be_asked_for_one() {
	local command
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	for command in check list exec; do
		status 100 gw --report r.json "$command" --
		contains "$err" "--report: '$command' runs no step, of which a report could be: write \`groundwork --report PATH run\`"
	done
	status 100 gw plan --report r.json
	contains "$err" "--report: 'plan' writes nothing: \`groundwork plan --format json\` prints the plan"
	missing r.json
	# The variable is of the container, and an empty path asks for none.
	for command in check list plan; do
		status 0 env GROUNDWORK_REPORT=r.json "$GROUNDWORK" -c conf "$command"
		status 0 gw --report= "$command"
	done
	missing r.json
	status 0 gw apply --report r.json
	exists r.json
	status 0 gw status --report r.json
}
