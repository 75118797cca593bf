#!/bin/bash
# SPDX-License-Identifier: MIT
# What status says of the last run.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# An exec that runs until the file `go` is there.
function slow_step {
	printf '%s\n' '[directory:first]' 'path = first' '[directory:off]' 'path = off' 'enabled = no' '[exec:slow]' \
		"command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done'" | drop_in 10.ini
}

# edit KEY VALUE: of the report r.json.
function edit {
	python3 -c 'import json, sys
report = json.load(open("r.json"))
at = report
*path, last = sys.argv[1].split(".")
for name in path: at = at[name]
at[last] = json.loads(sys.argv[2])
json.dump(report, open("r.json", "w"))' "$1" "$2"
}

before_and_after_a_run_it_says_what_there_was() {
	slow_step
	touch go
	status 111 gw --report r.json status
	contains "$out" "there is no report '$PWD/r.json': there was no bootstrap yet, or its report could not be written"
	status 111 gw --report r.json --format json status
	equal '{"version":1,"status":"none"}' "$(cat "$out")"
	status 111 gw --report r.json --format svg status
	equal "" "$(cat "$out")"
	contains "$err" "there is no report '$PWD/r.json'"
	status 0 gw --report r.json apply
	status 0 gw --report r.json status
	matches "$out" "^the bootstrap succeeded in [0-9.]+(us|ms|s), ([0-9.]+s|less than 1s) ago$"
	matches "$out" "^made +directory:first +[0-9.]+(us|ms) +created"
	matches "$out" "^left out +directory:off .* not enabled$"
	matches "$out" "^made +exec:slow "
	status 0 gw --report r.json apply
	status 0 gw --report r.json status
	matches "$out" "^in place +directory:first "
	equal "" "$(cat "$err")"
	status 0 gw -q --report r.json status
	equal 1 "$(wc -l <"$out")" "lines"
	status 0 gw --report r.json --format json status
	equal success "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["status"])' "$out")"
	cmp "$out" r.json
}

a_failure_is_named() {
	printf '%s\n' '[exec:bad]' 'command = false' '[directory:later]' 'path = d' 'order = 80' | drop_in 10.ini
	status 111 gw --report r.json apply
	status 111 gw --report r.json status
	matches "$out" "^the bootstrap failed in .* ago: conf/10.ini:1: \[exec:bad\]"
	matches "$out" "^failed +exec:bad "
	matches "$out" "^not run +directory:later .* an earlier step failed$"
	printf 'pth = x\n' >>conf/10.ini
	status 100 gw --report r.json apply
	status 111 gw --report r.json status
	matches "$out" "^the bootstrap failed .*: conf/10.ini:6: \[directory:later\] pth"
}

# A health check shows one line; what the command said is no line of ours.
what_a_failed_command_said_is_below_the_line_or_in_it() {
	printf '%s\n' '[exec:refused]' "command = sh -c 'echo a; echo b; exit 3'" | drop_in 10.ini
	status 111 gw --report r.json apply
	status 111 gw --report r.json status
	equal "  a|  b|failed" "$(sed -n '2,4s/ *exec.*//; 2,4p' "$out" | sed 's/ *$//' | paste -sd '|')"
	status 111 gw --report r.json -q status
	matches "$out" '^the bootstrap failed .* status 3; its last lines: a b$'
	equal 1 "$(wc -l <"$out")"
}

what_is_at_work_is_named_and_what_was_killed() {
	slow_step
	background "$GROUNDWORK" -c conf --report r.json apply
	eventually test -e begun
	status 111 gw --report r.json status
	matches "$out" "^the bootstrap has been at work for ([0-9]+s|less than 1s), at step 'exec:slow' for ([0-9]+s|less than 1s)$"
	status 111 gw --report r.json --format json status
	contains "$out" '"status":"running"'
	kill -KILL "$pid"
	wait "$pid" || true
	eventually crashed
	contains "$out" "the bootstrap crashed: its process"
	contains "$out" "at step 'exec:slow'"
	status 111 gw --report r.json --format json status
	contains "$out" '"status":"crashed"'
}

what_became_of_a_step_is_said_in_the_words_of_the_log() {
	drop_in 10.ini <<-'END'
		[absent:old]
		path = old
		[directory:mended]
		path = mended
		mode = 0700
		[directory:new]
		path = new
		[directory:there]
		path = .
		[bootstrap]
		metrics = app.prom
	END
	mkdir -m 755 old mended
	status 0 gw --report r.json apply
	contains "$err" "1 made, 1 changed, 1 removed, 1 in place"
	status 0 gw --report r.json status
	matches "$out" "^removed +absent:old "
	matches "$out" "^changed +directory:mended "
	matches "$out" "^made +directory:new "
	matches "$out" "^in place +directory:there "
	contains r.json '"status":"success","result":"removed",'
	for word in made changed removed in_place; do
		contains app.prom "groundwork_steps{result=\"$word\"} 1"
	done
	status 0 gw --report r.json --format svg status
	contains "$out" "<title>absent:old, removed in "
	matches "$out" "<title>the bootstrap succeeded in [0-9.a-z]+, begun 20[0-9-]+T[0-9:.]+Z</title>"
	# One of an earlier version has no such word.
	sed -i 's/"result":"removed",//' r.json
	status 0 gw --report r.json status
	matches "$out" "^made +absent:old "
}

# The state directory is made by the very step that is at work.
a_first_start_is_at_work_too() {
	slow_step
	printf '[bootstrap]\nstate = st\n[exec:slow]\nonce = yes\n' | drop_in 20.ini
	background "$GROUNDWORK" -c conf apply
	eventually test -e begun
	status 111 gw status
	matches "$out" "^the bootstrap has been at work for .*, at step 'exec:slow'"
	touch go
	wait "$pid"
	status 0 gw status
}

function crashed {
	! gw --report r.json status >"$out" && grep -q crashed "$out"
}

# The report may lie on a volume, and be of another container or another boot of this one.
a_report_of_another_boot_is_none() {
	slow_step
	touch go
	local change
	for change in 'boot.id "00000000-0000-0000-0000-000000000000"' 'boot.init_start 1' 'boot.pid_namespace 1' \
		'host "elsewhere"'; do
		status 0 gw --report r.json apply
		edit "${change%% *}" "${change#* }"
		status 111 gw --report r.json status
		contains "$out" "no bootstrap in this boot of this container: the report '$PWD/r.json' is of another, of host '"
		status 111 gw --report r.json --format json status
		contains "$out" '"none"'
	done
}

# Its process may be gone, or another one of its number.
a_running_report_whose_process_is_another_is_one_of_a_crash() {
	slow_step
	background "$GROUNDWORK" -c conf --report r.json apply
	eventually test -e begun
	cp r.json running
	touch go
	wait "$pid"
	cp running r.json
	status 111 gw --report r.json status
	contains "$out" "the bootstrap crashed"
	# A process that lives, and was started at another time.
	edit pid "$$"
	edit pid_start 1
	status 111 gw --report r.json status
	contains "$out" "the bootstrap crashed"
	edit pid_start "$(sed 's/.*) //' "/proc/$$/stat" | cut -d ' ' -f 20)"
	status 111 gw --report r.json status
	contains "$out" "the bootstrap has been at work"
}

# A report may be another user's, and say what it likes: no terminal obeys it.
a_forged_report_reaches_no_terminal_as_it_is() {
	slow_step
	touch go
	status 0 gw --report r.json apply
	python3 -c '
text = open("r.json", encoding="utf-8").read()
open("r.json", "w", encoding="utf-8").write(
    text.replace("exec:slow", "exec:\x9b31m\u202e\x7fslow"))'
	status 0 gw --report r.json status
	contains "$out" 'exec:\xc2\x9b31m\xe2\x80\xae\x7fslow'
	status 0 gw --report r.json --format json status
	contains "$out" '"exec:\u009b31m\u202e\u007fslow"'
	status 0 gw --report r.json --format svg status
	python3 - "$out" <<-'END'
		import json, sys
		text = open(sys.argv[1], encoding="utf-8").read()
		assert not any(letter in text for letter in "\x9b\u202e\x7f"), text
	END
}

a_damaged_report_is_an_error() {
	slow_step
	touch go
	status 0 gw --report r.json apply
	cp r.json whole
	head -c 300 whole >r.json
	status 111 gw --report r.json status
	contains "$err" "the report is damaged: $PWD/r.json:1:"
	printf '[]' >r.json
	status 111 gw --report r.json status
	contains "$err" "the report '$PWD/r.json': it is no report"
	cp whole r.json
	edit version 2
	status 111 gw --report r.json status
	contains "$err" "it is a report of version 2, and this program reads 1"
	cp whole r.json
	edit status '"odd"'
	status 111 gw --report r.json status
	contains "$err" "its status is 'odd'"
	# Members that are missing, or of another type, are none.
	printf '{"version":1,"status":"success","steps":[{"id":7},null,{}],"boot":4,"errors":[3]}' >r.json
	status 111 gw --report r.json status
	contains "$out" "no bootstrap in this boot"
	status 111 gw --report r.json --format json status
}

# More than a JSON text may have, for which its steps are left out.
a_very_large_report_is_read_without_its_steps() {
	slow_step
	touch go
	status 0 gw --report r.json apply
	python3 - <<-'END'
		with open("r.json", encoding="utf-8") as file:
		    text = file.read()
		assert text.count('"steps":[') == 1
		with open("r.json", "w", encoding="utf-8") as file:
		    file.write(text.replace('"steps":[', '"steps":[' + 17 * 1024 * 1024 * " "))
	END
	status 0 gw --report r.json status
	contains "$out" "the bootstrap succeeded"
}

# As the start itself has said it.
an_error_without_a_line_has_none() {
	mkdir -p conf/x.ini
	status 100 gw --report r.json apply
	contains "$err" "conf/x.ini: this is a directory, not a file"
	status 111 gw --report r.json status
	contains "$out" " conf/x.ini: this is a directory, not a file"
}

it_finds_the_report_as_a_start_does() {
	slow_step
	touch go
	printf '%s\n' '[bootstrap]' "report = \${WHERE:-data}/r.json" 'state = st' '[app]' 'env_file = more.env' \
		'command = true' '[file:f]' 'path = f' "content = \${UNSET}" 'when = command:x' | drop_in 20.ini
	touch conf/more.env
	status 0 gw apply
	status 0 gw status
	status 111 env WHERE=other "$GROUNDWORK" -c conf status
	contains "$out" "'$PWD/other/r.json'"
	echo WHERE=other >conf/more.env
	status 111 gw status
	contains "$out" "'$PWD/other/r.json'"
	GROUNDWORK_REPORT=data/r.json status 0 gw status
	cd /
	status 0 "$GROUNDWORK" -C "$OLDPWD" --report data/r.json status
	cd "$OLDPWD"
	printf '[bootstrap]\nreport =\n' | drop_in 30.ini
	status 111 gw status
	contains "$out" "'$PWD/st/report.json'"
	status 0 gw apply
	status 111 gw status
	mkdir st
	status 0 gw apply
	status 0 gw status
	status 111 gw --state other status
}

where_no_report_can_be_it_is_an_error() {
	slow_step
	status 100 gw status
	contains "$err" "there is no report: \`report\` in [bootstrap], or --report, says where one is"
	status 100 gw --report - status
	contains "$err" "the report goes to '-', where it cannot be read again"
	status 100 gw --report x status more
	status 100 gw --report x --format dot status
	printf '[bootstrap]\nreport = $%s\n' '{NOPE}' | drop_in 20.ini
	status 100 gw status
	contains "$err" "NOPE"
}

# A configuration that is wrong, or gone, is no obstacle; nor is who asks.
it_needs_nothing_but_the_place() {
	slow_step
	touch go
	printf '[bootstrap]\nreport = r.json\n' | drop_in 20.ini
	status 0 gw apply
	printf '[nonsense]\n[file:x]\ncontent = $%s' '{' >>conf/10.ini
	status 0 gw status
	equal "" "$(cat "$err")"
	status 0 "$GROUNDWORK" -c /nowhere --report r.json status
}

root_another_user_may_ask() {
	slow_step
	touch go
	printf '[bootstrap]\nreport = r.json\nstate = st\n' | drop_in 20.ini
	status 0 gw apply
	chmod -R a+rX .
	status 0 setpriv --reuid 65534 --regid 65534 --clear-groups "$GROUNDWORK" -c conf status
	mkdir -p st
	status 0 gw --report '' apply
	printf '[bootstrap]\nreport =\n' | drop_in 30.ini
	status 0 gw apply
	status 111 setpriv --reuid 65534 --regid 65534 --clear-groups "$GROUNDWORK" -c conf status
	contains "$err" "Permission denied"
}

it_writes_nothing() {
	slow_step
	touch go
	printf '[bootstrap]\nreport = r.json\n' | drop_in 20.ini
	status 0 gw apply
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	status 0 "$ROOT/tests/cli/untouched.py" "$GROUNDWORK" -c conf status
	lacks "$err" "it changes something"
}

# The volume's owner puts a directory of their own in the place of the state directory.
root_a_report_that_others_have_put_there_is_not_believed() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = v/state
		[exec:fails]
		command = false
	END
	mkdir -p v/state
	chmod 700 v/state
	chown 10001 v
	status 111 gw apply
	status 111 gw status
	mv v/state v/old
	setpriv --reuid 10001 --clear-groups mkdir v/state
	echo '{"version":1,"status":"success","duration_ms":1,"started":"2026-11-28T13:50:24.835Z","pid":1}' >v/state/report.json
	chown 10001 v/state/report.json
	status 111 gw status
	lacks "$out" succeeded
	# Nor one that does not say of which boot it is.
	cp v/state/report.json report.json
	status 111 gw status --report report.json
	contains "$out" "no bootstrap in this boot of this container"
}

# on_a_full_disk OPTION…: a start succeeds; the next one, on a full disk, fails; status.
function on_a_full_disk {
	cat >script <<-'END'
		mount -t tmpfs -o size=64k tmpfs v || exit 9
		mkdir -m 700 v/state
		"$@" -q apply && "$@" -q status || exit 8
		dd if=/dev/zero of=v/full 2>/dev/null
		touch fail
		test ! -e more.ini || cp more.ini conf/20.ini
		"$@" apply 2>said && exit 7
		"$@" -q status
	END
	rm -f fail conf/20.ini
	status 111 unshare -m bash script "$GROUNDWORK" -c conf "$@"
}

# Of whichever kind: it would speak for the run that has failed.
root_a_report_that_cannot_be_written_leaves_none_of_an_earlier_run() {
	needs_mounts
	printf '%s\n' '[exec:maybe]' 'command = test ! -e fail' | drop_in 10.ini
	mkdir v
	local place
	for place in "--state v/state" "--report v/r.json"; do
		# shellcheck disable=SC2086 # two words
		on_a_full_disk $place
		lacks said warning # the earlier one has made room
		contains "$out" "the bootstrap failed"
	done
	for place in {1..100}; do
		printf '%s\n' "[directory:$place]" "path = $place"
	done >more.ini
	for place in "--state v/state" "--report v/r.json"; do
		# shellcheck disable=SC2086
		on_a_full_disk $place
		matches said "warning: the report: .*No space left on device"
		lacks said "earlier run"
		contains "$out" "': there was no bootstrap yet, or its report could not be written"
	done
}

root_metrics_that_cannot_be_written_leave_none_of_an_earlier_run() {
	needs_mounts
	printf '%s\n' '[bootstrap]' 'metrics = v/m.prom' '[exec:maybe]' 'command = test ! -e fail' | drop_in 10.ini
	mkdir v
	cat >script <<-'END'
		mount -t tmpfs -o size=64k tmpfs v || exit 9
		"$1" -q -c conf apply && test -e v/m.prom || exit 8
		dd if=/dev/zero of=v/full 2>/dev/null
		touch fail
		cp more.ini conf/20.ini
		"$1" -q -c conf apply 2>said && exit 7
		test ! -e v/m.prom
	END
	for step in {1..100}; do
		printf '%s\n' "[directory:$step]" "path = $step"
	done >more.ini
	status 0 unshare -m bash script "$GROUNDWORK"
	matches said "warning: the metrics: .*No space left on device"
}

function as_10001 {
	setpriv --reuid 10001 --regid 10001 --clear-groups "$@"
}

# The file stays as it is: whoever reads `status` is to know that.
root_a_report_of_an_earlier_run_that_stays_is_in_the_warning() {
	printf '%s\n' '[exec:b]' 'command = test ! -e fail' | drop_in 10.ini
	mkdir -m 700 st
	status 0 gw --state st apply
	exists st/report.json
	cp st/report.json r.json
	touch fail
	chmod 755 . && chmod -R a+rX conf
	status 111 as_10001 "$GROUNDWORK" -c conf --report r.json apply
	contains "$err" "warning: the report: create '$PWD/r.json': Permission denied"
	contains "$err" "; what \`status\` says is of an earlier run"
	rm r.json
	status 111 as_10001 "$GROUNDWORK" -c conf --report r.json apply
	contains "$err" "warning: the report: "
	lacks "$err" "earlier run"
	needs_mounts
	status 111 read_only st "$GROUNDWORK" -c conf --state st apply
	contains "$err" "; what \`status\` says is of an earlier run"
	rm fail
	status 0 read_only st "$GROUNDWORK" -c conf --state st apply
	lacks "$err" warning
}

what_waits_or_asks_before_it_works_is_at_work() {
	mkdir state
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = state
		[exec:asks]
		command = true
		check = sh -c 'while test -e hold; do sleep 0.05; done'
	END
	status 0 gw apply
	status 0 gw status
	touch hold
	background "$GROUNDWORK" -q -c conf apply
	eventually at_work exec:asks
	rm hold
	wait "$pid"
	status 0 gw status
	background "$GROUNDWORK" -q -c conf --wait "file://$PWD/ready" apply
	eventually at_work ""
	kill -KILL "$pid"
	wait "$pid" || true
	eventually says_crashed # the worker ends a moment later
}

function says_crashed {
	status 111 gw status
	grep -q crashed "$out"
}

# at_work STEP: says status, with 111.
function at_work {
	local code=0
	"$GROUNDWORK" -c conf status >now || code=$?
	[[ $code == 111 ]] && grep -q "at work.*$1" now
}

a_health_check_gets_one_line() {
	mkdir state
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = state
		[exec:fails]
		command = sh -c 'echo one; echo two; exit 1'
	END
	status 111 gw apply
	status 111 "$GROUNDWORK" -q -c conf status
	equal 1 "$(wc -l <"$out")"
}

a_missing_state_directory_is_named() {
	printf '%s\n' '[bootstrap]' 'state = st' '[directory:d]' 'path = d' | drop_in 10.ini
	status 0 gw apply
	status 111 gw status
	contains "$out" "there is no report '$PWD/st/report.json': the state directory is missing, which is only made where a step has something to remember; name a \`report\` in [bootstrap]"
	lacks "$out" "no bootstrap" # there was one
	echo 'report = r.json' | drop_in 20.ini
	sed -i '1i [bootstrap]' conf/20.ini
	status 0 gw apply
	status 0 gw status
}
