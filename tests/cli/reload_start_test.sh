#!/bin/bash
# SPDX-License-Identifier: MIT
# `reload` of [app] while the application starts: what changes before is made before, and its
# signal waits until the application handles it.

. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/reload.sh"

# As configured, with a last step that waits until it may end.
function migrates {
	configured
	cat >conf/30.ini <<-'END'
		[exec:migrate]
		command = sh -c 'touch at_work; while ! test -e migrated; do sleep 0.02; done'
		order = 9000
	END
}

# begun [COMMAND…]: supervised, as $pid, without anything done about signals.
function begun {
	touch earlier
	eventually ticked
	background "$@" env --default-signal "$GROUNDWORK" -c conf --init \
		"$ROOT/tests/cli/reload_app.py" made heard 2>log
	supervisor=$pid
}

# starting COMMAND…: the same, with an application that comes to its own command late: once
# there is `ready`.
function starting {
	touch earlier
	eventually ticked
	background env --default-signal "$GROUNDWORK" -c conf --init sh -c \
		'touch starting; while ! test -e ready; do sleep 0.02; done; '"$1" 2>log
	supervisor=$pid
	eventually test -e starting
}

application="exec $ROOT/tests/cli/reload_app.py made heard"

what_changes_while_steps_run_is_made_before_the_application_starts() {
	migrates
	begun
	eventually test -e at_work
	exchange 1
	touch migrated
	hears "up 1"
	ends 0
	equal "up 1" "$(<heard)"
	contains_once log "reload: what is watched has changed before the application starts"
	lacks log "SIGHUP"
}

pid1_what_changes_while_steps_run_is_made_before_the_application_starts() {
	migrates
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	begun $TEST_PID1 --
	eventually test -e at_work
	exchange 1
	touch migrated
	hears "up 1"
	kill -TERM "$(tr -d ' ' <"/proc/$pid/task/$pid/children")"
	status 0 wait "$pid"
	equal "up 1" "$(<heard)"
}

a_run_that_fails_before_the_start_does_not_keep_the_application() {
	migrates
	begun
	eventually test -e at_work
	# shellcheck disable=SC2016 # of the template
	echo 'begin ${NOT_SET} end' >volume/..0/t
	touch migrated
	hears "up 0"
	contains log "reload: the application starts with what there is"
	# And from then on as before.
	exchange 1
	hears "HUP 1"
	ends 0
}

a_stop_ends_a_run_before_the_start() {
	configured
	cat >conf/30.ini <<-'END'
		[exec:slow]
		command = sh -c 'if test -e changed; then touch slow; exec sleep 1000; fi'
		reload = yes
		[exec:last]
		command = sh -c 'echo changed >volume/..0/t; touch changed'
		order = 9000
	END
	begun
	eventually test -e slow
	ends 143
	missing heard
}

# Another one writes without end.
changes_without_end_do_not_keep_the_application() {
	configured
	touch busy
	(while test -e busy; do touch volume/..0/t && sleep 0.05; done) &
	begun
	hears "up 0"
	rm busy
	ends 0
}

a_signal_waits_until_it_is_handled() {
	configured
	starting "$application"
	exchange 1
	eventually grep -q "reload: SIGHUP waits until the application handles it" log
	equal "begin 1 end" "$(<made)"
	lacks log "SIGHUP is sent"
	# One signal is for all changes by then.
	exchange 2
	eventually grep -qx "begin 2 end" made
	touch ready
	hears "HUP 2"
	ends 0
	equal 1 "$(grep -c HUP heard)" "signals"
	contains_once log "SIGHUP waits until"
	contains_once log "SIGHUP is sent"
}

# The shell handles it, and what it runs does not yet.
a_signal_to_the_group_waits_for_all_of_it() {
	configured "kill_mode = group"
	starting "trap : HUP; mkfifo pipe; (read -r line <pipe; $application) & touch trapped; while :; do wait; done"
	touch ready
	eventually test -e trapped
	exchange 1
	eventually grep -q "reload: SIGHUP waits until the application handles it" log
	echo line >pipe
	hears "HUP 1"
	ends
}

# As root of a container, who may not trace others.
root_who_waits_for_it_as_another_user_handles_it() {
	configured "user = 65530"
	chmod 777 .
	background env --default-signal --block-signal=HUP setpriv --bounding-set=-sys_ptrace \
		--inh-caps=-sys_ptrace "$GROUNDWORK" -c conf --init "$ROOT/tests/cli/reload_app.py" made heard 2>log
	supervisor=$pid
	hears "up 0"
	exchange 1
	hears "HUP 1"
	ends 0
	contains log "SIGHUP is sent"
	lacks log "does not handle it yet"
}

what_never_handles_it_gets_it_all_the_same() {
	configured
	starting true
	exchange 1
	eventually grep -q "SIGHUP is sent to the application, which after 10 s does not handle it yet" log
	status 129 wait "$pid"
	contains log "the application was ended by SIGHUP"
}

# By the signal that it gets nothing ends that does not handle it.
what_has_survived_one_gets_the_next_at_once() {
	configured
	sed -i 's/HUP/WINCH/' conf/*.ini
	starting true
	exchange 1
	eventually grep -q "SIGWINCH is sent to the application, which" log
	exchange 2
	eventually grep -q "SIGWINCH is sent to the application$" log
	ends
}

a_stop_does_not_wait_for_it() {
	configured
	starting true
	exchange 1
	eventually grep -q "SIGHUP waits until" log
	ends
	lacks log "is sent"
}

a_signal_that_others_send_does_not_wait() {
	configured
	starting true
	exchange 1
	eventually grep -q "SIGHUP waits until" log
	kill -HUP "$pid"
	status 129 wait "$pid"
	lacks log "is sent"
}
