#!/bin/bash
# SPDX-License-Identifier: MIT
# What the application leaves running: how it ends, and what is logged of it.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

left="what the application left running"

function app {
	printf '%s\n' "[app]" "$@" | drop_in 10.ini
}

# without_cap_kill COMMAND…
function without_cap_kill {
	command -v setpriv >/dev/null || skip "no setpriv here"
	setpriv --bounding-set=-kill --inh-caps=-kill "$@"
}

# as_root: a program that any user may run to become root.
function as_root {
	command -v setpriv >/dev/null || skip "no setpriv here"
	chmod 777 .
	cp "$(command -v setpriv)" as_root
	chmod 4755 as_root
	setpriv --reuid 1234 --clear-groups ./as_root --reuid 0 true 2>/dev/null || skip "no set-ID programs here"
}

# For a shell: until the last command of its background is what it is to be.
up='while ! grep -qsx "$name" /proc/$!/comm; do sleep 0.02; done'
both='tail -f /dev/null & name=tail; '$up'; trap "" TERM; sleep 1000 & name=sleep; '$up'; exit 3'

what_is_ended_and_what_is_killed_is_said() {
	app "leftover_timeout = 1s"
	status 3 "$GROUNDWORK" -c conf --init sh -c "$both"
	contains_once "$err" "groundwork: $left was ended: 1 process (tail)"
	contains_once "$err" "groundwork: warning: $left did not end in time: killed after 1.0s: 1 process (sleep)"
	status 0 "$GROUNDWORK" -c conf --init true
	lacks "$err" "$left"
	# Who was there before us is neither ended nor counted.
	status 3 sh -c 'sleep 1000 & echo $! >sidecar; exec "$@"' sh \
		"$GROUNDWORK" -c conf --init sh -c 'tail -f /dev/null & name=tail; '"$up; exit 3"
	kill "$(<sidecar)"
	contains "$err" "$left was ended: 1 process (tail)"
}

# The shell ends at once, and its server has as long as what is left.
a_shell_that_ends_before_its_server_leaves_it() {
	app "leftover_timeout = 100ms" "stop_timeout = 30s"
	background env --default-signal "$GROUNDWORK" -c conf --init sh -c \
		'sh -c "trap : TERM; touch ready; while :; do sleep 0.02; done"; echo bye' 2>log
	eventually test -e ready
	kill "$pid"
	wait "$pid" || true
	contains log "$left did not end in time: killed after 100ms: "
}

a_stop_that_cuts_the_wait_short_is_named() {
	app "leftover_timeout = none"
	background env --default-signal "$GROUNDWORK" -c conf --init sh -c \
		'(trap "" TERM; touch ready; exec sleep 1000) & while ! test -e ready; do sleep 0.02; done' 2>log
	eventually grep -q "$left is waited for: 1 process (sleep)" log
	kill "$pid"
	wait "$pid"
	matches log "$left did not end in time: killed after [0-9.]+s, by SIGTERM: 1 process .sleep.$"
}

root_pid1_leftovers_of_a_user_end_without_the_right_to_signal_others() {
	app "user = nobody" "leftover_timeout = 1s"
	chmod 777 .
	status 3 without_cap_kill unshare -fp --mount-proc "$GROUNDWORK" -c conf -- sh -c "$both"
	contains "$err" "$left was ended: 1 process (tail)"
	contains "$err" "$left did not end in time: killed after 1.0s: 1 process (sleep)"
}

root_pid1_who_may_not_be_signalled_is_named_and_not_waited_for() {
	app "leftover_timeout = 100ms"
	status 3 without_cap_kill unshare -fp --mount-proc "$GROUNDWORK" -c conf -- sh -c \
		'setpriv --reuid 1234 --clear-groups sleep 1000 & name=sleep; '"$up; exit 3"
	contains_once "$err" "$left may not be signalled by us (root needs CAP_KILL: docker run --cap-add KILL), and ends with PID 1: 1 process (sleep)"
	lacks "$err" "killed"
}

root_a_leftover_that_became_root_is_named_and_not_waited_for() {
	as_root
	app "leftover_timeout = 100ms"
	status 3 setpriv --reuid 1234 --clear-groups "$GROUNDWORK" -c conf --init sh -c \
		'./as_root --reuid 0 sleep 1000 & echo $! >left; name=sleep; '"$up; exit 3"
	kill "$(<left)"
	contains_once "$err" "$left may not be signalled by us, and is left: 1 process (sleep)"
}

root_pid1_an_application_that_cannot_be_killed_ends_with_us() {
	as_root
	app "stop_timeout = 100ms" "leftover_timeout = 100ms"
	status 137 unshare -fp --mount-proc setpriv --reuid 1234 --clear-groups sh -c \
		'(while ! test -e up; do sleep 0.02; done; kill -TERM 1) & exec "$@"' sh \
		"$GROUNDWORK" -c conf -- ./as_root --reuid 0 sh -c 'touch up; exec sleep 1000'
	contains_once "$err" "the application did not end in time, and cannot be killed: Operation not permitted; it ends with PID 1"
}

# /proc is that of the namespace above, whose numbers are others.
root_pid1_what_is_left_is_ended_with_the_proc_of_another_namespace() {
	app
	# shellcheck disable=SC2016 # for the shell there
	status 3 unshare -fp --kill-child sh -c '"$@"; code=$?; kill -0 -1 2>/dev/null && exit 99; exit "$code"' sh \
		"$GROUNDWORK" -c conf --init sh -c 'setsid sleep 1000 & exit 3'
	contains_once "$err" "$left was ended: 1 process"
}

root_without_proc_it_is_said_that_nothing_is_ended() {
	needs_mounts
	! grep -q __asan_init "$GROUNDWORK" || skip "a sanitizer needs /proc"
	app
	status 3 unshare -m sh -c 'mount -t tmpfs tmpfs /proc && exec "$@"' sh \
		"$GROUNDWORK" -c conf --init sh -c 'sleep 1000 & echo $! >left; exit 3'
	kill "$(<left)"
	contains_once "$err" "$left is not ended: without /proc it cannot be found"
}
