#!/bin/bash
# SPDX-License-Identifier: MIT
# What a template holds stands in single quotes.
# shellcheck disable=SC2016
# `reload` of [app]: sources change, the steps run again, and the application is signalled.

. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/reload.sh"

an_exchanged_volume_is_heard() {
	configured
	started
	exchange 1
	hears "HUP 1"
	exchange 2
	hears "HUP 2"
	ends 0
	contains log "reload: SIGHUP is sent to the application"
	equal $'up 0\nHUP 1\nHUP 2' "$(<heard)"
}

# A file that is written in place, one that is exchanged, and one that was missing.
every_kind_of_change_is_heard() {
	configured "reload_watch = -../more"
	started
	echo "begin 1 end" >volume/..0/t
	hears "HUP 1"
	echo "begin 2 end" >new
	mv new volume/..0/t
	hears "HUP 2"
	rm volume/t
	echo "begin 3 end" >volume/t
	hears "HUP 3"
	# It may come, and a run that changes nothing is not heard.
	touch more
	echo "begin 4 end" >volume/t
	hears "HUP 4"
	ends 0
	equal $'up 0\nHUP 1\nHUP 2\nHUP 3\nHUP 4' "$(<heard)"
}

what_fails_is_not_heard() {
	configured
	started
	echo 'begin ${NOT_SET} end' >volume/..0/t
	eventually grep -q "NOT_SET is not set" log
	eventually grep -q "the application goes on with what it has" log
	equal "begin 0 end" "$(<made)"
	status 0 test "$(wc -l <heard)" = 1
	# And from then on as before.
	echo "begin 1 end" >volume/..0/t
	hears "HUP 1"
	# Each run has a first and a last line.
	equal 2 "$(grep -c 'reload: what is watched has changed$' log)" "runs"
	contains log "groundwork: reload: 1 changed"
	equal $'up 0\nHUP 1' "$(<heard)"
	ends 0
}

# What one run has made and a later one has not undone is heard with that.
function failed_twice {
	[[ $(grep -c "the application goes on with what it has" log) == 2 ]]
}

a_change_of_a_run_that_fails_is_heard_later() {
	configured "reload_watch = ../flags"
	mkdir flags
	touch flags/holds
	cat >conf/30.ini <<-'END'
		[assert:late]
		that = path:flags/holds
		order = 9000
	END
	started
	rm flags/holds
	eventually grep -q "the application goes on with what it has" log
	exchange 1
	eventually grep -qx "begin 1 end" made
	eventually failed_twice
	equal "up 0" "$(<heard)"
	touch flags/holds
	hears "HUP 1"
	ends 0
}

# A directory of configuration that is away for a moment, and one that is exchanged on
# the way to a source; a mode that is mended.
what_was_missing_is_seen_when_it_is_back() {
	mkdir -p deep/a
	echo "begin 0 end" >deep/a/t
	drop_in 10.ini <<-'END'
		[file:made]
		path = made
		template = ../deep/a/t
		policy = manage
		[app]
		reload = HUP
	END
	started
	cp -r conf conf.old
	rm -r conf
	eventually grep -q "the application goes on with what it has" log
	mv conf.old conf
	cp -r deep deep.new
	echo "begin 1 end" >deep.new/a/t
	mv deep deep.old
	mv deep.new deep
	hears "HUP 1"
	rm -r conf/10.ini
	printf '[file:made]\npath = made\ncontent = begin 2 end\npolicy = manage\n[app]\nreload = HUP\n' |
		drop_in 10.ini
	hears "HUP 2"
	ends 0
}

# The start waits for a drop-in that is a pipe, and has read all others by then.
what_changes_while_it_is_read_is_seen() {
	configured
	mkfifo 99.ini
	background "$GROUNDWORK" -c conf -c 99.ini --init \
		"$ROOT/tests/cli/reload_app.py" made heard 2>log
	exec {pipe}>99.ini
	printf '[file:made]\npath = made\ncontent = begin 1 end\npolicy = manage\n' |
		drop_in 10.ini
	touch empty
	mv empty 99.ini
	exec {pipe}>&-
	hears "up 1"
	ends 0
	equal "up 1" "$(<heard)"
}

# What is written in the tick of the clock in which a start begins seems to be newer.
a_configuration_that_is_as_it_was_read_starts_nothing() {
	configured
	mkfifo 99.ini
	background env --default-signal --block-signal=HUP \
		"$GROUNDWORK" -c conf -c 99.ini --init \
		"$ROOT/tests/cli/reload_app.py" made heard 2>log
	exec {pipe}>99.ini
	touch conf conf/10.ini
	echo "# last" >last
	cp last copy
	mv copy 99.ini
	cat last >&"$pipe"
	exec {pipe}>&-
	hears "up 0"
	lacks log "what is watched has changed"
	exchange 1
	hears "HUP 1"
	ends 0
	equal 1 "$(grep -c "what is watched has changed" log)" "runs"
}

# What is made beside the place of a file is no change of a source.
own_temporaries_start_nothing() {
	mkdir all
	echo "begin 0 end" >all/t
	drop_in 10.ini <<-'END'
		[file:made]
		path = made
		template = ../all/t
		policy = manage
		[file:checked]
		path = all/checked
		template = ../all/t
		policy = manage
		validate = sh -c '! grep -q bad "$1"' sh {file}
		[app]
		reload = HUP
		reload_watch = ../all
	END
	started
	echo "begin bad end" >all/t
	eventually grep -q "the application goes on with what it has" log
	sleep 1 # long enough for the next run, which must not come
	echo "begin 1 end" >all/t
	hears "HUP 1"
	ends 0
	equal 1 "$(grep -c "goes on with what it has" log)" "runs that failed"
}

# What is counted: runs of the command, the start's included.
function ran {
	[[ $(wc -l <ran) == "$1" ]]
}

# An exec that changes what is watched starts one more run, and that one none.
own_writes_of_an_exec_end() {
	configured "reload_watch = ../all ../lead"
	mkdir all one
	echo "line 0" >all/edited
	ln -s one lead
	cat >conf/30.ini <<-'END'
		[exec:writes]
		command = ./writes
		reload = yes
		[file:own]
		path = own
		source = ../all/own
		policy = manage
		requires = exec:writes
	END
	cat >writes <<-'END'
		#!/bin/sh
		echo x >>ran
		sed -i 's/line.*/line '$$'/' all/edited
		echo own >all/own
		ln -sfn two lead
		rm -rf two
		mkdir two
	END
	chmod +x writes
	started
	eventually ran 2
	eventually sleeps
	# A run that follows without end would begin in a fifth of this.
	sleep 1
	ran 2
	contains log "which [exec:writes] writes, lies in a directory that is watched"
	touch all/by_others
	eventually ran 4
	sleep 1
	ran 4
	# Where the command has led the link to is watched.
	touch two/by_others
	eventually ran 6
	ends 0
}

# What it has written is known by its path: the directories are others each time.
an_exec_that_makes_its_directories_anew_ends() {
	configured "reload_watch = ../all"
	mkdir all
	cat >conf/30.ini <<-'END'
		[exec:writes]
		command = ./writes
		reload = yes
		[file:own]
		path = own
		source = ../deep/a/own
		policy = manage
		requires = exec:writes
		[file:other]
		path = other
		source = ../lead/other
		policy = manage
		requires = exec:writes
	END
	cat >writes <<-'END'
		#!/bin/sh
		echo x >>ran
		rm -rf deep all
		mkdir -p deep/a all new
		echo own $$ >deep/a/own
		echo all $$ >all/own
		echo other $$ >new/other
		rm -rf lead
		mv new lead
	END
	chmod +x writes
	started
	# The first run did not watch what the second one has made anew.
	eventually ran 3
	sleep 1 # a run that follows without end would begin in a fifth of this
	ran 3
	exchange 1
	hears "HUP 1"
	eventually ran 5 # as for what an exec that runs for others writes
	sleep 1
	ran 5
	echo "by others" >deep/a/own
	eventually ran 6
	sleep 1
	ran 6
	ends 0
}

# Who does not read the log is not waited for.
a_log_that_is_full_keeps_no_change_from_the_application() {
	configured
	mkfifo pipe
	exec {reader}<>pipe
	touch earlier
	eventually ticked
	background env --default-signal --block-signal=HUP "$GROUNDWORK" -c conf --init \
		"$ROOT/tests/cli/reload_app.py" made heard 2>pipe
	hears "up 0"
	status 1 dd if=/dev/zero of=pipe bs=4096 oflag=nonblock
	status 1 dd if=/dev/zero of=pipe bs=1 oflag=nonblock
	exchange 1
	hears "HUP 1"
	exchange 2
	hears "HUP 2"
	ends 0
	exec {reader}<&-
}

# reloads: a change makes a run of `reload` begin, in which a step executes standard input.
function reloads {
	configured
	printf '%s\n' '[exec:slow]' 'command = ./slow' 'reload = yes' >conf/30.ini
	{ printf '%s\n' '#!/bin/bash' 'test -e go || exit 0' && cat; } >slow
	chmod +x slow
	started
	touch go
	exchange 1
}

a_worker_that_is_stopped_has_not_ended() {
	reloads <<-'END'
		echo begin >>turns
		echo $PPID >worker
		while ! test -e on; do sleep 0.02; done
		echo end >>turns
	END
	eventually test -s worker
	kill -STOP "$(<worker)"
	exchange 2
	eventually grep -q "State:.*T" "/proc/$(<worker)/status"
	sleep 0.5 # long enough for another one, which must not come
	touch on
	kill -CONT "$(<worker)"
	hears "HUP 2"
	ends 0
	equal $'begin\nend\nbegin\nend' "$(<turns)"
}

# What it had made before it was killed is heard with the next run.
a_change_of_a_run_that_is_killed_is_heard_later() {
	configured
	cat >conf/30.ini <<-'END'
		[exec:slow]
		command = sh -c 'if test -e go; then rm go; kill -KILL $PPID; fi'
		reload = yes
	END
	started
	touch go
	exchange 1
	eventually grep -q "step 'exec:slow' was killed with SIGKILL" log
	eventually grep -q "the application goes on with what it has" log
	equal "begin 1 end" "$(<made)"
	touch volume/..1/t
	hears "HUP 1"
	ends 0
}

# The orphans of a run and those of the application have one parent.
nothing_is_left_of_a_run_that_is_killed() {
	reloads <<-'END'
		rm go
		setsid bash -c 'trap "" TERM; echo $$ >daemon; sleep 1000 & wait' &
		while ! test -s daemon; do sleep 0.02; done
		kill -KILL $PPID
		sleep 1000
	END
	eventually grep -q "the application goes on with what it has" log
	missing "/proc/$(<daemon)"
	touch volume/..1/t
	hears "HUP 1"
	ends 0
}

# Neither of one whose own parent is killed, which would have ended it.
nothing_is_left_where_who_watches_a_run_is_killed() {
	reloads <<-'END'
		rm go
		(trap "" TERM; echo $BASHPID >left; sleep 1000 & wait) &
		while ! test -s left; do sleep 0.02; done
		kill -KILL "$(ps -o ppid= "$PPID")"
		sleep 1000
	END
	eventually grep -q "the application goes on with what it has" log
	eventually test ! -e "/proc/$(<left)"
	touch volume/..1/t
	hears "HUP 1"
	ends 0
}

# All of them, up to the first: they may be gone by then.
directories_above_what_runs_again_run_again() {
	configured
	drop_in 10.ini <<-'END'
		[directory:outer]
		path = outer
		mode = 0711
		[directory:inner]
		path = outer/inner
		requires = directory:outer
		[file:made]
		path = outer/inner/made
		template = ../volume/t
		policy = manage
		requires = directory:inner
		[link:made]
		path = made
		target = outer/inner/made
	END
	started
	rm -r outer
	exchange 1
	hears "HUP 1"
	mode outer 711
	ends 0
}

what_cannot_be_reloaded_is_an_error() {
	configured
	local signal
	for signal in KILL STOP CHLD; do
		printf '[app]\nreload = %s\n' "$signal" | drop_in 20.ini
		status 100 "$GROUNDWORK" -c conf check
		contains "$err" "20.ini:2: [app] reload: no application hears this signal"
	done
	printf '[exec:e]\ncommand = true\nexport = A\n[app]\nreload = HUP\n' | drop_in 20.ini
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "20.ini:3: [exec:e] export: with \`reload\` of [app] its values are needed again"
}

changed_settings_wait_for_the_next_start() {
	configured
	started
	printf '[app]\nreload = HUP\numask = 0027\n' | drop_in 20.ini
	eventually grep -q "\[app\] umask: what has changed there waits for the next start" log
	exchange 1
	hears "HUP 1"
	ends 0
}

# The values of a key are not one text.
values_that_are_divided_otherwise_are_others() {
	configured
	printf '[app]\nreload = HUP\nstop_signals += 4\nstop_signals += 45\n' | drop_in 20.ini
	started
	printf '[app]\nreload = HUP\nstop_signals += 44\nstop_signals += 5\n' | drop_in 20.ini
	exchange 1
	hears "HUP 1"
	contains log "[app] stop_signals: what has changed there waits for the next start"
	ends 0
}

# A database is no source, a command runs where it says so, and what others do in a
# directory of sources does not matter.
only_what_may_run_again_does() {
	configured
	cat >conf/30.ini <<-'END'
		[exec:once]
		command = sh -c 'echo once >>ran'
		[exec:again]
		command = sh -c 'echo again >>ran'
		reload = yes
		[key:k]
		path = k
		[directory:needed]
		path = needed
		[file:copy]
		path = needed/copy
		source = ../volume/t
		policy = manage
		[directory:other]
		path = other
	END
	started
	rm -rf k needed other
	echo x >volume/unrelated
	exchange 1
	hears "HUP 1"
	eventually grep -qx "begin 1 end" needed/copy
	equal $'again\nagain\nonce' "$(sort ran)"
	missing k
	missing other
	ends 0
}

# The values of its environment are not in /proc, but the next run has them.
secrets_of_the_environment_are_kept_for_the_next_run() {
	configured
	printf 'begin ${N} end\n' >volume/..0/t
	cat >conf/30.ini <<-'END'
		[file:made]
		vars = N
		[app]
		env_from_file = N
	END
	echo 5 >number
	N_FILE=$PWD/number started
	hears "up 5"
	echo 6 >number
	hears "HUP 6"
	ends 0
}

function watches {
	cat "/proc/$supervisor/fdinfo/"* | grep -c '^inotify wd:'
}

# Directories that are left stay where they are, as the releases of an application.
what_a_link_has_left_is_watched_no_more() {
	local number before
	configured
	mkdir volume/..{1..6}
	started
	before=$(watches)
	for number in {1..6}; do
		echo "begin $number end" >"volume/..$number/t"
		ln -s "..$number" volume/..tmp
		mv -T volume/..tmp volume/..data
		hears "HUP $number"
	done
	equal "$before" "$(watches)" "watches"
	ends 0
}

# While the application goes on.
a_stop_ends_a_run() {
	configured "stop_timeout = 20s"
	cat >conf/30.ini <<-'END'
		[exec:slow]
		command = sh -c 'if test -e go; then echo $$ >number; exec sleep 1000; fi'
		reload = yes
	END
	background env --default-signal "$GROUNDWORK" -c conf --init \
		sh -c 'trap "touch heard" TERM; touch up; while ! test -e over; do sleep 0.02; done; exit 5' 2>log
	eventually test -e up
	touch go
	exchange 1
	eventually test -s number
	kill -TERM "$pid"
	eventually test -e heard
	eventually test ! -e "/proc/$(<number)"
	touch over
	local code=0
	wait "$pid" || code=$?
	equal 5 "$code" "exit code"
}

# An application that ends by itself does not wait for a run.
an_end_ends_a_run() {
	configured
	cat >conf/30.ini <<-'END'
		[exec:slow]
		command = sh -c 'if test -e go; then touch slow; exec sleep 1000; fi'
		reload = yes
	END
	background env --default-signal "$GROUNDWORK" -c conf --init \
		sh -c 'touch up; while ! test -e slow; do sleep 0.02; done; exit 5' 2>log
	eventually test -e up
	touch go
	exchange 1
	local code=0
	wait "$pid" || code=$?
	equal 5 "$code" "exit code"
}

without_a_supervisor_it_is_a_warning() {
	configured
	status 0 "$GROUNDWORK" -c conf true
	contains "$err" "[app] reload: nobody is there to do that"
}

# warned TEXT|"" OPTION…: of check, plan and a start, once each.
function warned {
	local text=$1 command
	shift
	for command in check plan '--init -- true'; do
		# shellcheck disable=SC2086 # they are words
		status 0 gw "$@" $command
		if [[ -n $text ]]; then
			contains_once "$err" "warning: $text"
		else
			lacks "$err" reload
		fi
	done
}

what_is_to_be_watched_and_is_missing_is_a_warning() {
	local text="conf/20.ini:3: [app] reload_watch: '$PWD/conf/../more' is missing; where it may be, write a '-' in front of it"
	configured "reload_watch = ../more ../volume -../perhaps"
	status 0 gw --init true
	contains_once "$err" "warning: $text"
	contains_once "$err" "is missing"
	status 0 gw plan --init
	contains_once "$err" "warning: $text"
	status 0 gw check
	lacks "$err" "missing"
	# By a step, or perhaps by a command.
	printf '[file:more]\npath = more\n' | drop_in 30.ini
	status 0 gw plan --init
	lacks "$err" "missing"
	status 0 gw --init true
	lacks "$err" "missing"
	rm more
	printf '[exec:more]\ncommand = true\n' | drop_in 30.ini
	status 0 gw plan --init
	lacks "$err" "missing"
	status 0 gw --init true
	contains_once "$err" "warning: $text"
}

a_signal_that_no_change_can_cause_is_a_warning() {
	local never="conf/20.ini:2: [app] reload: it is never sent, since nothing that may change something runs again" step
	configured
	touch file
	warned ""
	warned "$never" --skip file:made
	status 0 gw --wait file:made --init -- true
	contains "$err" "$never"
	for step in '[file:x]\npath = x\nsource = ../file' '[directory:x]\npath = y' '[assert:x]\nthat = path:file' \
		'[exec:x]\ncommand = true' '[link:x]\nenabled = no\npath = l\ntarget = file'; do
		echo -e "$step" | drop_in 10.ini
		warned "$never"
	done
	for step in '[link:x]\npath = l\ntarget = file' '[exec:x]\ncommand = true\nreload = yes' \
		'[assert:x]\nthat = path:file\nrequires = directory:x\n[directory:x]\npath = y'; do
		echo -e "$step" | drop_in 10.ini
		warned ""
	done
	# The run has a last line, too.
	echo "# no step" | drop_in 10.ini
	background env --default-signal "$GROUNDWORK" -c conf --init sh -c 'echo up >heard; exec sleep 1000' 2>log
	eventually test -s heard
	echo "# new" >>conf/10.ini
	eventually grep -q "reload: nothing to do" log
	ends
}

what_does_nothing_without_a_signal_is_a_warning() {
	configured
	status 0 gw --init exec -- true
	contains "$err" "conf/20.ini:2: [app] reload: it is never sent, since \`exec\` runs no step"
	printf '[app]\nreload = none\nreload_watch = -../more\n' | drop_in 20.ini
	warned "conf/20.ini:3: [app] reload_watch: nothing is watched, since \`reload\` names no signal"
	rm conf/20.ini
	printf '[exec:x]\ncommand = true\nreload = yes\n' | drop_in 30.ini
	warned "conf/30.ini:3: [exec:x] reload: it runs at the start alone, since [app] has no \`reload\`"
	status 0 gw apply
	lacks "$err" "reload"
}

without_a_bootstrap_nothing_is_done() {
	configured
	printf '[bootstrap]\nenabled = no\n' | drop_in 30.ini
	background env --default-signal "$GROUNDWORK" -c conf --init sh -c 'echo up >heard; exec sleep 1000' 2>log
	eventually test -s heard
	exchange 1
	echo "# new" >>conf/30.ini
	eventually grep -q "reload: no bootstrap: \[bootstrap\] enabled = no" log
	missing made
	lacks log "never sent"
	ends
}

function sleeps {
	grep -q '^State:.S' "/proc/$pid/status"
}

# What wakes it up does so before the one who wrote goes on.
function rests_while_others_write {
	local before directory
	eventually sleeps
	before=$(grep ctxt_switches "/proc/$pid/status")
	for directory in . deep; do
		echo busy >"$directory/busy"
		touch "$directory/busy"
		chmod 600 "$directory/busy"
		mv "$directory/busy" "$directory/moved"
		rm "$directory/moved"
		mkdir "$directory/busy"
		rmdir "$directory/busy"
	done
	eventually sleeps
	[[ $before == "$(grep ctxt_switches "/proc/$pid/status")" ]]
}

# Others write in directories on the way to what is watched.
nothing_wakes_up_while_nothing_changes() {
	configured
	mkdir -p deep/a
	cat >conf/30.ini <<-'END'
		[file:deep]
		path = copy
		source = ../deep/a/t
		policy = manage
	END
	echo 0 >deep/a/t
	started
	eventually rests_while_others_write
	mv deep deep.old
	mkdir -p deep/a
	echo 1 >deep/a/t
	eventually grep -qx 1 copy
	hears "HUP 0"
	eventually rests_while_others_write
	ends 0
}

function rounds {
	if [[ -n ${FULL-} ]]; then echo "$1"; else echo "$2"; fi
}

# FULL may be the number of them, if there are to be more than 1,000.
# timeout: 600
exchanges_by_chance() {
	local count
	count=$(rounds 1000 60)
	((${FULL:-0} <= 1)) || count=$FULL
	configured
	started
	status 0 "$ROOT/tests/cli/reload_exchange.py" "$count" 1 volume made heard log "$pid"
	cat "$out"
	ends 0
}

function tried_again {
	local text="reload: make the worker: Resource temporarily unavailable; .*; it is tried again"
	[[ $(grep -c "$text" log) == "$1" ]]
}

# limited COUNT: so many processes may the user have from now on.
function limited {
	setpriv --reuid 65530 --regid 65530 --clear-groups prlimit --pid "$pid" --nproc="$1:1000"
}

# First who watches the worker cannot be made, then the worker below it.
root_a_run_without_a_process_is_tried_again() {
	local count run=0
	export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" # it takes a process of its own
	configured
	chown -R 65530 .
	started setpriv --reuid 65530 --regid 65530 --clear-groups
	for count in 2 3; do
		limited "$count"
		run=$((run + 1))
		exchange "$run"
		eventually tried_again "$run"
		limited 1000
		hears "HUP $run"
	done
	ends 0
	lacks log "error:"
}

pid1_an_exchanged_volume_is_heard() {
	configured
	started_as_pid1
	exchange 1
	hears "HUP 1"
	ends 0
}

root_a_file_that_is_mounted_by_itself_is_warned_of_once() {
	needs_mounts
	printf '%s\n' '[app]' 'reload = HUP' '[file:f]' 'path = made' 'template = one' 'policy = manage' | drop_in 10.ini
	touch other conf/one
	status 0 mounted other conf/one "$GROUNDWORK" -c conf --init true
	contains_once "$err" "is mounted by itself (as by subPath)"
}

# What others change there is not seen, and `reload` says so.
root_a_directory_of_fuse_is_warned_of() {
	local code=0
	printf '%s\n' '[app]' 'reload = HUP' "reload_watch = $PWD/mnt" '[file:f]' 'path = made' 'content = x' 'policy = manage' |
		drop_in 10.ini
	mkdir mnt
	"$ROOT/tests/cli/empty_fuse.py" "$PWD/mnt" "$GROUNDWORK" -c conf --init true 2>log || code=$?
	((code != 77)) || skip "$(<log)"
	equal 0 "$code"
	contains_once log "[app] reload: '$PWD/mnt' is on a file system of the network or of FUSE: what others change there is not seen"
}
