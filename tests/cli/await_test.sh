#!/bin/bash
# SPDX-License-Identifier: MIT
# --wait: services before the first step, and steps that others make.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# In the background, as $waiter, its log in the file `log`: a start that waits.
function waits {
	"$GROUNDWORK" -c conf "$@" >log 2>&1 &
	waiter=$!
}

# ended STATUS: it has, with that.
function ended {
	local got=0
	wait "$waiter" || got=$?
	equal "$got" "$1"
}

function ground {
	drop_in 10.ini <<-'END'
		[directory:data]
		path = data
		[key:session]
		path = data/session.key
		[file:settings]
		path = data/settings
		content = ${key:session}
		[database:app]
		path = data/app.db
		migrations = sql
	END
	mkdir -p conf/sql
	echo 'CREATE TABLE a(x);' >conf/sql/001_a.sql
}

wait_makes_nothing_and_ends_when_all_is_there() {
	ground
	waits wait
	eventually grep -qF "[directory:data] is still at work: to be made by others: " log
	missing data
	status 0 gw apply
	ended 0
	contains log "= directory:data  1 directory in place, after "
	contains log "= database:app    '"
	contains log "nothing to do, 4 in place"
}

what_is_in_place_is_not_waited_for() {
	ground
	status 0 gw apply
	snapshot data >before
	status 0 gw wait
	contains "$err" "= database:app    '"
	lacks "$err" "of waiting"
	snapshot data >after
	same after before
}

# What a value comes from may be written by the same others.
a_value_is_read_again_at_each_look() {
	drop_in 10.ini <<-END
		[link:current]
		path = current
		target = \${file:$PWD/version}
	END
	echo one >version
	# Of a file that others can change the value is noted, too.
	[[ $EUID != 0 ]] || chown 65534 version
	ln -s two current
	waits wait --timeout 30s
	eventually grep -qF "[link:current] is still at work" log
	echo two >version.new
	mv version.new version
	ended 0
	contains log "= link:current  "
}

# An env_file that is read before the first step is read again behind what was waited for.
what_others_wrote_meanwhile_is_what_the_application_gets() {
	drop_in 10.ini <<-END
		[file:ready]
		path = ready
		content = x
		[app]
		env_file = $PWD/app.env
	END
	echo GREETING=before >app.env
	# shellcheck disable=SC2016 # the shell that is run expands it
	waits --wait file:ready sh -c 'echo "$GREETING" >got'
	eventually grep -qF "[file:ready] is still at work" log
	echo GREETING=behind >app.env
	status 0 gw apply
	ended 0
	equal behind "$(<got)"
}

# It is not an error of the configuration: exit 100 says that nothing was touched.
an_error_behind_what_was_waited_for_is_none_of_the_configuration() {
	drop_in 10.ini <<-END
		[directory:ready]
		path = ready
		[app]
		env_file = $PWD/app.env
	END
	echo A=1 >app.env
	waits --wait directory:ready true
	eventually grep -qF "[directory:ready] is still at work" log
	echo 'this is no line of it' >app.env
	mkdir -m 755 ready
	ended 111
	contains log "app.env:1: "
}

one_step_is_waited_for_and_the_others_are_made() {
	ground
	waits --wait database:app sh -c 'echo started'
	eventually grep -qF "[database:app] is still at work" log
	exists data/session.key data/settings
	missing data/app.db
	status 0 gw apply
	ended 0
	contains log started
}

# The recipe of the manual: both have one configuration and one volume, on which nothing is.
a_job_applies_and_a_deployment_waits_for_it() {
	ground
	drop_in 20.ini <<-'END'
		[bootstrap]
		state = data/.state
		[database:app]
		requires = exec:prepare
		[exec:prepare]
		command = sh -c 'touch job; while ! test -e go; do sleep 0.02; done'
		order = 7
		creates = job
		when = env:JOB
		[exec:seed]
		command = sh -c 'echo seeded >>seeds'
		once = yes
		requires = database:app
		[app]
		command = sh -c 'test -s data/app.db && cat data/session.key >>"$REPLICA"'
	END
	local replica pids=()
	for replica in one two; do
		REPLICA=$replica "$GROUNDWORK" -c conf --wait database:app run 2>"log.$replica" &
		pids+=($!)
		eventually grep -qF "[database:app] is still at work: to be made by others" "log.$replica"
	done
	JOB=yes background "$GROUNDWORK" -c conf apply 2>log
	eventually test -e job
	missing data/app.db seeds one two
	touch go
	wait "$pid" || fail "$(<log)"
	contains log "+ database:app"
	for replica in "${pids[@]}"; do
		wait "$replica" || fail "$(cat log.*)"
	done
	contains log.one "= database:app"
	contains log.two "= database:app"
	same data/session.key one
	same data/session.key two
	equal seeded "$(<seeds)"
}

# What is waited for may be made under the state directory's lock, which was taken before.
a_start_that_waits_does_not_keep_the_lock() {
	ground
	printf '%s\n' '[bootstrap]' 'state = st' '[exec:seed]' 'command = touch seeded' 'once = yes' | drop_in 20.ini
	mkdir st
	waits --wait database:app run touch started
	eventually grep -qF "[database:app] is still at work" log
	exists data/settings
	status 0 gw apply
	ended 0
	exists started seeded
	rm -r data st seeded started
	mkdir st
	printf '%s\n' '[directory:data]' 'when = first-run' | drop_in 30.ini
	waits --wait database:app run touch started
	eventually grep -qF "[database:app] is still at work" log
	status 0 gw apply
	ended 0
	exists started seeded
}

the_deadline_ends_it() {
	ground
	status 111 gw --deadline 700ms wait
	contains "$err" "directory:data"
	contains "$err" "it is still to be made by others: create the directory '"
	missing data
	status 111 gw --deadline 1500ms --wait tcp://127.0.0.1:1 apply
	contains "$err" "--wait: "
	matches "$err" "tcp://127.0.0.1:1 \(asked [0-9]+ times?, last: 127.0.0.1: Connection refused\)"
	contains "$err" "· directory:data  not run: --wait was not met"
	missing data
}

a_stop_ends_it() {
	ground
	waits wait
	eventually grep -qF "[directory:data] is still at work" log
	kill -TERM "$waiter"
	ended 143
}

a_service_comes_before_the_first_step() {
	ground
	waits --wait "file://$PWD/ready" --wait unix:///proc/self/nothing --deadline 20s apply
	sleep 0.2
	missing data
	kill -TERM "$waiter"
	ended 143
	touch ready
	status 0 gw --wait "file://$PWD/ready" apply
	contains "$err" "--wait: file://$PWD/ready is there"
	exists data
	rm -r data
	GROUNDWORK_WAIT="file://$PWD/ready directory:other" status 100 gw apply
	contains "$err" "GROUNDWORK_WAIT=directory:other: there is no such step"
	status 100 gw --wait tcp://x apply
	contains "$err" "--wait: the address of a service"
}

a_newer_database_is_in_place() {
	ground
	echo 'unknown = error' >>conf/10.ini
	status 0 gw apply
	echo 'CREATE TABLE b(x);' >conf/sql/002_b.sql
	status 0 gw apply
	rm conf/sql/002_b.sql
	status 111 gw apply
	status 0 gw wait
	contains "$err" "app/002"
}

what_nothing_shows_is_passed_over() {
	drop_in 10.ini <<-'END'
		[exec:each]
		command = touch made
		[exec:check]
		command = touch never
		check = test -e there
	END
	waits --deadline 20s --wait 'exec:*' apply
	eventually grep -qF "[exec:check] is still at work: to be made by others: " log
	touch there
	ended 0
	contains log "· exec:each   passed over: nothing shows whether others have done it"
	missing made never
}

# Its own timeout is of a start that makes the rest.
a_wait_is_waited_for_without_end() {
	printf '%s\n' '[wait:x]' "url = file://$PWD/ready" 'timeout = 50ms' | drop_in 10.ini
	waits --wait 'wait:x' apply
	eventually grep -qF "is still at work" log
	touch ready
	ended 0
	rm ready
	status 111 gw apply
	contains "$err" "its timeout of 50ms"
}

# What nobody is sure to make keeps nobody waiting for ever, and is a warning as in `apply`.
what_is_not_critical_is_waited_for_as_long_as_its_timeout() {
	drop_in 10.ini <<-'END'
		[wait:mail]
		url = tcp://127.0.0.1:1
		timeout = 300ms
		critical = no
		order = 1
		[exec:cache]
		command = false
		creates = cache
		critical = no
		order = 2
		[directory:behind]
		path = behind
		requires = exec:cache
		[directory:d]
		path = d
	END
	mkdir d
	status 0 gw --timeout 400ms --deadline 30s wait
	matches "$err" "\[wait:mail\]: it took longer than its timeout of 300ms: tcp://127.0.0.1:1 \(asked .*\(not critical"
	matches "$err" "\[exec:cache\]: it took longer than its timeout of 400ms: it is still to be made by others: .*\(not critical"
	matches "$err" "^groundwork: · directory:behind +not run.*: requires exec:cache"
	matches "$err" "^groundwork: = directory:d "
	status 0 gw --timeout 400ms --deadline 30s --wait exec:cache --wait wait:mail run touch started
	exists started
}

# It waits for a service itself: as long as --timeout says, and nobody is to make it.
a_wait_is_waited_for_as_long_as_the_option_says() {
	printf '%s\n' '[wait:x]' "url = file://$PWD/ready" 'timeout = 50ms' | drop_in 10.ini
	status 111 gw --timeout 400ms --deadline 30s wait
	contains "$err" "it took longer than its timeout of 400ms: file://$PWD/ready (asked"
	status 111 gw --deadline 400ms wait
	contains_once "$err" "the deadline of 400ms (--deadline) has passed"
	lacks "$err" "by others"
	status 0 gw --wait wait:x plan
	contains "$out" "? wait:x  nothing to make; waits for file://$PWD/ready"
}

# Who only waits has done no first run, and owes nobody a change.
a_wait_remembers_nothing() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = state
		[directory:data]
		path = data
		[file:first]
		path = first
		when = first-run
	END
	mkdir state data
	touch first
	status 0 gw wait
	equal "groundwork.lock report.json" "$(find state -type f -printf "%f\n" | sort | paste -sd " ")"
}

a_plan_says_what_would_be_waited_for() {
	ground
	status 0 gw --wait '*' plan
	contains "$out" "? database:app    waits until others have made it: create the database '"
	status 0 gw apply
	status 0 gw --wait '*' plan
	contains "$out" "= database:app    '"
	status 100 gw --wait nothing plan
}

what_is_waited_for_is_no_change_of_a_plan() {
	printf '%s\n' '[file:f]' 'path = nope' 'content = x' '[exec:a]' 'command = true' 'creates = /tmp' | drop_in 10.ini
	status 2 gw plan --exit-code
	status 0 gw --wait file:f plan --exit-code
	contains "$out" "? file:f  waits until others have made it"
	status 0 gw --wait file:f --format json plan
	contains "$out" '"changes":0,'
}

root_online_a_plan_asks_services() {
	printf '%s\n' '[wait:x]' "url = file://$PWD/ready" '[directory:d]' 'path = d' \
		'requires = tcp://127.0.0.1:1' | drop_in 10.ini
	status 0 gw plan
	contains "$out" "? wait:x       nothing to make; waits for file://$PWD/ready"
	lacks "$out" "now:"
	status 2 gw plan --exit-code
	mkdir d
	status 0 gw plan --exit-code # a wait changes nothing
	# What is in place is not waited for.
	lacks "$out" "waits before"
	rmdir d
	status 0 gw plan --online
	contains "$out" "? wait:x       nothing to make; waits for file://$PWD/ready; now: not reached: file://$PWD/ready (asked 1 time, last: No such file or directory)"
	contains "$out" "waits before for tcp://127.0.0.1:1; now: not reached: tcp://127.0.0.1:1 (asked 1 time, last: 127.0.0.1: Connection refused)"
	touch ready
	status 0 gw plan --online
	contains "$out" "= wait:x       nothing to make; waits for file://$PWD/ready; now: file://$PWD/ready is there"
	status 100 gw apply --online
	contains "$err" "--online is of 'plan'"
}

a_plan_has_the_services_of_the_option_before_the_first_step() {
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	status 0 gw --wait "file://$PWD/ready" plan
	contains "$out" "? --wait       waits before the first step for file://$PWD/ready"
	GROUNDWORK_WAIT="file://$PWD/ready" status 0 gw plan --online
	contains "$out" "? --wait       waits before the first step for file://$PWD/ready; now: not reached: "
	touch ready
	status 0 gw --wait "file://$PWD/ready" plan --online
	contains "$out" "= --wait       waits before the first step for file://$PWD/ready; now: file://$PWD/ready is there"
	status 0 gw --wait "file://$PWD/ready" plan --online --format json
	contains "$out" '"forecast":"in place","message":"waits before'
}

wait_says_how_a_service_is_named() {
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	status 100 gw wait http://127.0.0.1:1/health
	contains "$err" "'wait' waits for all steps and takes no word: write \`groundwork --wait WHAT wait\`"
	status 100 gw --wait "tcp://127.0.0.1:1 tcp://user:secret@127.0.0.1:2" wait
	contains "$err" "--wait: takes one address or step; write it once for each"
	lacks "$err" secret
	status 100 gw --wait "directory:d directory:e" wait
	contains "$err" "write it once for each"
}

who_waits_for_nothing_refuses_to_be_asked_to() {
	local command
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	for command in check list status explain; do
		status 100 gw --wait tcp://127.0.0.1:1 "$command"
		contains "$err" "--wait: '$command' waits for nothing: write "
	done
	status 0 env GROUNDWORK_WAIT=tcp://127.0.0.1:1 "$GROUNDWORK" -c conf check
}

a_service_is_waited_for_without_a_configuration() {
	local command
	mkdir none
	for command in wait apply; do
		status 111 "$GROUNDWORK" -c none --timeout 100ms --wait "file://$PWD/ready" "$command"
		contains "$err" "--wait: it took longer than its timeout"
	done
	touch ready
	status 0 "$GROUNDWORK" -c none --wait "file://$PWD/ready" wait
	status 100 "$GROUNDWORK" -c none wait
	contains "$err" "nothing to do: no drop-in"
}

a_wrong_port_is_named() {
	local port
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	for port in 0 65536 99999999999999999999; do
		status 100 gw --wait "db:$port" wait
		contains "$err" "--wait db:$port: there is no such step, and '$port' is no port: a port is a number from 1 to 65535"
		printf '%s\n' '[directory:d]' 'path = d' "requires = db:$port" | drop_in 10.ini
		status 100 gw check
		contains "$err" "10.ini:3: [directory:d] requires: there is no step 'db:$port', and '$port' is no port"
		printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	done
}

a_timeout_on_the_command_line_is_for_services_too() {
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 10.ini
	status 111 gw --timeout 1500ms --wait tcp://127.0.0.1:1 apply
	matches "$err" "--wait: it took longer than its timeout of 1.5s: tcp://127.0.0.1:1 \(asked [0-9]+ times?, last: 127.0.0.1: Connection refused\)"
	missing d
	status 100 gw --wait db:5432 apply
	contains "$err" "--wait db:5432: there is no such step; did you mean 'tcp://db:5432'?"
	status 100 gw apply --wait ::1
	contains "$err" "--wait ::1: there is no such step; did you mean 'tcp://[::1]:PORT'?"
}

what_a_check_says_is_said_once() {
	drop_in 10.ini <<-'END'
		[exec:x]
		command = true
		check = sh -c 'echo not yet; exit 1'
	END
	status 111 gw --deadline 1800ms wait
	equal 1 "$(grep -c "^groundwork: \[exec:x\] not yet" "$err")"
}

online_a_command_of_a_wait_is_not_known() {
	printf '%s\n' '[wait:c]' 'command = false' | drop_in 10.ini
	status 0 gw plan --online
	contains "$out" "? wait:c  nothing to make; waits for its command; a plan does not run its command"
}

what_is_named_is_waited_for_though_it_is_not_selected() {
	ground
	status 111 gw --only 'key:*' --wait database:app --deadline 1s run touch started
	status 111 gw --skip 'database:*' --wait database:app --deadline 1s run touch started
	missing started
	status 0 gw --only 'key:*' --skip 'database:*' apply
	status 0 gw --only 'key:*' --deadline 5s wait # for what is selected
}

exec_does_not_pass_over_a_wait_in_silence() {
	ground
	status 100 gw --wait tcp://127.0.0.1:1 exec touch started
	contains "$err" "--wait: 'exec' runs no step and waits for nothing: write "
	missing started
	GROUNDWORK_WAIT=tcp://127.0.0.1:1 status 0 gw exec touch started
	contains "$err" "GROUNDWORK_WAIT: 'exec' runs no step and waits for nothing"
	exists started
}

a_start_without_a_bootstrap_says_that_it_waits_for_nothing() {
	ground
	GROUNDWORK_ENABLED=no status 0 gw --wait tcp://127.0.0.1:1 run true
	contains "$err" "no bootstrap: GROUNDWORK_ENABLED=no; --wait waits for nothing"
}
