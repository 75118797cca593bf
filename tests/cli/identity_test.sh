#!/bin/bash
# SPDX-License-Identifier: MIT
# Who the application is: /proc shows what was asked for, and nothing else.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function app {
	printf '%s\n' "[app]" "$@" | drop_in 10.ini
}

function quiet {
	"$GROUNDWORK" -q -c conf "$@"
}

# shows KEY VALUE: in /proc/self/status of the application, become and supervised.
function shows {
	local init
	for init in --init --no-init; do
		status 0 quiet "$init" cat /proc/self/status
		equal "$2" "$(awk -v key="$1:" '$1 == key { $1 = ""; print substr($0, 2) }' "$out")" \
			"$1 with $init"
	done
}

root_user_and_group_in_one_word() {
	app "user = 10001:44"
	shows Uid "10001 10001 10001 10001"
	shows Gid "44 44 44 44"
	status 0 quiet id -G
	equal 44 "$(cat "$out")" "groups"
}

root_specifications_as_gosu_takes_them() {
	local spec want
	while read -r spec want; do
		app "user = $spec"
		status 0 quiet sh -c 'echo $(id -u):$(id -g):$(id -G):$HOME'
		equal "$want" "$(cat "$out")" "$spec"
	done <<-END
		0 0:0:$(id -G root):$HOME
		0:0 0:0:0:$HOME
		root:root 0:0:0:$HOME
		4711 4711:4711:4711:/
		0:4711 0:4711:4711:$HOME
		4711:4712 4711:4712:4712:/
		root:4711 0:4711:4711:$HOME
		4711:root 4711:0:0:/
		4711:daemon 4711:$(id -g daemon):$(id -g daemon):/
		games $(id -u games):$(id -g games):$(id -G games):/usr/games
		games: $(id -u games):$(id -g games):$(id -G games):/usr/games
		games:daemon $(id -u games):$(id -g daemon):$(id -g daemon):/usr/games
		:4711 0:4711:4711:$HOME
	END
	for spec in bogus 0day 0:bogus 0:0day; do
		app "user = $spec"
		status 100 quiet true
	done
}

root_groups_replace_those_of_the_user() {
	app "user = 10001:10002" "groups = daemon 4711"
	shows Gid "10002 10002 10002 10002"
	shows Groups "$(id -g daemon) 4711 10002"
	app "groups = 4711"
	shows Uid "0 0 0 0"
	shows Groups "0 4711"
	app "groups = no-such-group"
	status 100 quiet true
	contains "$err" "[app] groups: there is no group 'no-such-group'"
}

root_an_arbitrary_user_has_no_rights_left() {
	app "user = 10001"
	shows CapPrm 0000000000000000
	shows CapEff 0000000000000000
	shows CapAmb 0000000000000000
	status 0 quiet sh -c '! setpriv --reuid 0 true'
}

root_capabilities_are_kept_and_no_others() {
	app "user = 10001" "capabilities = net_bind_service CAP_CHOWN"
	local set
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		shows "$set" 0000000000000401
	done
	app "capabilities = none"
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		shows "$set" 0000000000000000
	done
}

# A runtime may give them (Docker did), and execve(2) of a file with capabilities uses them.
root_inheritable_capabilities_end_with_the_change_of_user() {
	local init way set
	for way in --inh-caps=+chown,+setuid "--inh-caps=+chown,+setuid --ambient-caps=+chown"; do
		printf '%s\n' '[exec:e]' 'command = cat /proc/self/status' '[app]' 'user = 10001' |
			drop_in 10.ini
		for init in --init --no-init; do
			# The words of `way` are options.
			# shellcheck disable=SC2086
			status 0 setpriv $way "$GROUNDWORK" -c conf "$init" cat /proc/self/status
			for set in CapInh CapPrm CapEff CapAmb; do
				matches "$out" "^$set:.0+$"
				matches "$err" "$set:.0+$"
			done
		done
		# What is to be kept is, and who stays root has dropped nothing.
		app "user = 10001" "capabilities = chown"
		# shellcheck disable=SC2086
		status 0 setpriv $way "$GROUNDWORK" -q -c conf cat /proc/self/status
		matches "$out" '^CapInh:.0+1$'
		app "user = root"
		# shellcheck disable=SC2086
		status 0 setpriv $way "$GROUNDWORK" -q -c conf cat /proc/self/status
		matches "$out" '^CapInh:.0+81$'
	done
}

root_a_capability_that_is_not_ours_starts_nothing() {
	app "capabilities = sys_time"
	status 111 setpriv --bounding-set -sys_time --inh-caps -sys_time \
		"$GROUNDWORK" -q -c conf echo started
	contains "$err" "keep cap_sys_time: it is not among our capabilities"
	lacks "$out" started
}

user_capabilities_none_needs_no_new_privs() {
	app "capabilities = none"
	status 111 quiet echo started
	contains "$err" "no_new_privs = yes"
	app "capabilities = none" "no_new_privs = yes"
	shows NoNewPrivs 1
	shows CapEff 0000000000000000
}

no_new_privs() {
	app
	shows NoNewPrivs "$(awk '/NoNewPrivs/ { print $2 }' /proc/self/status)"
	app "no_new_privs = yes"
	shows NoNewPrivs 1
}

root_limits_and_no_new_privs_hold_for_a_user_that_is_taken_on() {
	local init
	app "user = 10001" "no_new_privs = yes" "limits = nofile=100:200 core=0"
	shows NoNewPrivs 1
	for init in --init --no-init; do
		status 0 quiet "$init" cat /proc/self/limits
		matches "$out" '^Max open files +100 +200 '
		matches "$out" '^Max core file size +0 +0 '
	done
	# Both at once: capabilities, too, that need no_new_privs for nothing.
	app "user = 10001" "no_new_privs = yes" "capabilities = chown" "limits = nofile=100:200"
	shows NoNewPrivs 1
	shows CapEff 0000000000000001
	status 0 quiet cat /proc/self/limits
	matches "$out" '^Max open files +100 +200 '
}

umask_of_the_application() {
	local found
	found=$(umask)
	app
	shows Umask "$found"
	app "umask = 027"
	shows Umask 0027
	app "umask = 0"
	shows Umask 0000
}

limits() {
	local init
	app "limits = nofile=100:200 core=0" "  stack=4M:"
	for init in --init --no-init; do
		status 0 quiet "$init" cat /proc/self/limits
		matches "$out" '^Max open files +100 +200 '
		matches "$out" '^Max core file size +0 +0 '
		matches "$out" '^Max stack size +4194304 '
		# All others are as we were started with.
		equal "$(grep -vE 'open files|core|stack' /proc/self/limits)" \
			"$(grep -vE 'open files|core|stack' "$out")" "the other limits"
	done
}

user_a_limit_that_may_not_be_raised_starts_nothing() {
	app "limits = nofile=unlimited"
	status 111 quiet echo started
	contains "$err" "limit nofile=unlimited:unlimited (the hard limit is"
	lacks "$out" started
}

# Only what we were given: no memfd, no pipe, no signalfd.
the_application_has_no_descriptor_of_ours() {
	local init
	app
	for init in --init --no-init; do
		status 0 quiet "$init" ls /proc/self/fd 7</dev/null
		cp "$out" ours
		status 0 ls /proc/self/fd 7</dev/null
		equal "$(cat "$out")" "$(cat ours)" "descriptors with $init"
		grep -qx 7 ours
	done
}

the_working_directory() {
	mkdir here
	app "workdir = here"
	status 0 quiet --init pwd
	equal "$PWD/here" "$(cat "$out")"
	status 0 quiet pwd
	equal "$PWD/here" "$(cat "$out")"
	app "workdir = gone"
	status 111 quiet pwd
	contains "$err" "change to the working directory '$PWD/gone'"
}

root_a_directory_that_is_closed_to_the_user_is_no_place_to_work() {
	mkdir -m 700 closed
	app "user = 10001" "workdir = closed"
	status 111 quiet echo started
	contains "$err" "closed"
	lacks "$out" started
}

# The same configuration serves an image that is started without root.
user_who_cannot_change_stays_who_he_is() {
	app "user = root" "groups = daemon"
	shows Uid "$(id -u) $(id -u) $(id -u) $(id -u)"
	shows Groups "$(awk '/^Groups/ { $1 = ""; print substr($0, 2) }' /proc/self/status)"
}

# With the right to change groups, which a container may have been given, they are changed.
root_groups_are_set_by_whom_may_set_them_without_root() {
	local init way with=(setpriv --reuid 10001 --regid 0 --groups 10001)
	with+=(--inh-caps +setgid --ambient-caps +setgid)
	"${with[@]}" true 2>/dev/null || skip "no ambient capabilities here"
	chmod 777 .
	for way in "groups = 4711" "user = 10001"$'\n'"groups = 4711"; do
		app "$way"
		for init in --init --no-init; do
			status 0 "${with[@]}" "$GROUNDWORK" -q -c conf "$init" sh -c 'echo $(id -G)'
			contains "$out" 4711
			lacks "$err" groups
		done
	done
	app "groups = 4711"
	status 0 "${with[@]}" "$GROUNDWORK" -q -c conf sh -c 'echo $(id -u):$(id -G)'
	equal "10001:0 4711" "$(cat "$out")" "user and groups"
}

user_groups_that_cannot_be_set_are_logged() {
	app "groups = daemon"
	shows Groups "$(awk '/^Groups/ { $1 = ""; print substr($0, 2) }' /proc/self/status)"
	status 0 "$GROUNDWORK" -c conf true
	contains_once "$err" "[app] groups: we are not root"
}

# A user's NSS modules are never asked.
root_a_hostile_nsswitch_is_not_read() {
	[[ -n $(command -v strace) ]] || skip "no strace here"
	app "user = games"
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status 0 strace -f -o trace -e trace=file \
		"$GROUNDWORK" -q -c conf true
	contains trace /etc/passwd
	lacks trace nsswitch.conf
	lacks trace libnss_
}

# with_accounts COMMAND…: where /etc/passwd and /etc/group are the files of that name here.
function with_accounts {
	needs_mounts
	unshare -m sh -c 'mount --bind passwd /etc/passwd && mount --bind group /etc/group &&
		exec "$@"' sh "$@"
}

# An image whose /etc/passwd was made from a template with an unset variable.
root_an_entry_without_a_number_is_refused_and_named() {
	local number
	echo 'root:x:0:' >group
	for number in '' '${UNSET}' 4294967296 4294967295 -1 ' 1000' 0x10; do
		printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' "app:x:$number:$number::/:" >passwd
		app "user = app"
		status 100 with_accounts "$GROUNDWORK" -q -c conf echo started
		contains "$err" "/etc/passwd:2: the user number of 'app' is '$number'"
		lacks "$out" started
		printf '%s\n' "[file:f]" "path = f" "owner = app" | drop_in 10.ini
		! with_accounts "$GROUNDWORK" -q -c conf apply 2>"$err" || fail "it was made"
		contains "$err" "/etc/passwd:2: the user number of 'app' is '$number'"
		missing f
		# It is nothing to anybody else.
		app "user = root"
		status 0 with_accounts "$GROUNDWORK" -q -c conf true
	done
}

root_a_group_without_a_number_is_refused_and_named() {
	printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'app:x:1000:1000::/:' >passwd
	printf '%s\n' 'root:x:0:' 'lost:x::other' >group
	app "user = app:lost"
	status 100 with_accounts "$GROUNDWORK" -q -c conf echo started
	contains "$err" "/etc/group:2: the group number of 'lost' is ''"
	app "user = app"
	status 0 with_accounts "$GROUNDWORK" -q -c conf true
	echo 'lost:x::other,app' >group
	status 100 with_accounts "$GROUNDWORK" -q -c conf echo started
	contains "$err" "/etc/group:1: the group number of 'lost' is ''"
	lacks "$out" started
}

root_a_plan_knows_all_groups_that_there_may_be() {
	printf '[app]\nuser = nobody\ngroups = %s\n' "$(seq -s ' ' 20000 21100)" | drop_in 10.ini
	chmod 755 .
	cp /bin/true program
	chgrp 21100 program
	chmod 750 program
	status 0 gw plan -- "$PWD/program"
	lacks "$err" "would not start"
	status 0 gw run "$PWD/program"
}

root_more_groups_than_64_and_more_members_than_a_buffer_holds() {
	local init
	echo 'app:x:1000:1000::/:' >passwd
	for ((i = 0; i < 3000; i++)); do
		echo "g$i:x:$((5000 + i)):other,app"
	done >group
	echo "large:x:9999:$(printf 'member%d,' {1..20000})app" >>group
	app "user = app"
	for init in --init --no-init; do
		status 0 with_accounts "$GROUNDWORK" -q -c conf "$init" id -G
		equal "1000 $(echo {5000..7999}) 9999" "$(cat "$out")" "groups with $init"
	done
	printf '%s\n' '[exec:e]' 'command = sh -c "id -G >groups"' '[app]' 'user = app' |
		drop_in 10.ini
	chmod 777 .
	status 0 with_accounts "$GROUNDWORK" -q -c conf apply
	equal 3002 "$(wc -w <groups)" "groups of a helper"
}

# Root of a user namespace, where setgroups(2) is denied: nothing is dropped, so the groups
# that cannot be dropped are no error.
root_who_is_root_of_a_user_namespace_stays_root() {
	local init spec inside=(setpriv --reuid 10001 --regid 10001 --groups 4711 unshare -Ur)
	"${inside[@]}" true 2>/dev/null || skip "no user namespaces here"
	chmod 777 .
	for spec in root root:root 0:0; do
		printf '%s\n' '[exec:e]' 'command = id -u' '[app]' "user = $spec" | drop_in 10.ini
		for init in --init --no-init; do
			status 0 "${inside[@]}" "$GROUNDWORK" -c conf "$init" id -u
			equal 0 "$(cat "$out")" "user $spec with $init"
		done
	done
	# What was asked for in words is not left out in silence.
	app "user = root" "groups = daemon"
	status 111 "${inside[@]}" "$GROUNDWORK" -q -c conf echo started
	contains "$err" "setgroups: Operation not permitted; our user namespace may set no groups (/proc/self/setgroups is 'deny')"
	lacks "$err" "CAP_SETGID"
	lacks "$out" started
}

a_user_that_does_not_exist_is_a_condition_that_does_not_hold() {
	printf '%s\n' '[directory:d]' 'path = d' 'when = user:no-such-user' \
		'[directory:e]' 'path = e' 'when = !user:no-such-user' | drop_in 10.ini
	status 0 "$GROUNDWORK" -c conf apply
	missing d
	exists e
}

root_user_and_logname_are_those_of_another_user() {
	app "user = nobody"
	USER=root LOGNAME=root status 0 quiet sh -c 'echo $USER $LOGNAME $HOME'
	equal "nobody nobody /nonexistent" "$(<"$out")"
	app "user = 10001"
	USER=root LOGNAME=root status 0 quiet sh -c 'echo ${USER-none} ${LOGNAME-none} $HOME'
	equal "none none /" "$(<"$out")"
	printf '%s\n' '[exec:who]' 'command = sh -c "echo $USER $LOGNAME"' 'user = nobody' |
		drop_in 20.ini
	USER=root LOGNAME=root status 0 "$GROUNDWORK" -c conf apply
	contains "$err" "[exec:who] nobody nobody"
}

user_who_stays_is_named_once() {
	app "user = 4242" "groups = daemon"
	status 0 "$GROUNDWORK" -c conf true
	lacks "$err" "groups"
	equal 1 "$(grep -c "groundwork: \[app\] user '4242': we are not root and stay" "$err")"
}

# A step makes them mean something.
signals_that_hold_while_steps_run_alone_are_a_warning() {
	local alone="[app] signals, stop_signals: this holds while the steps run alone, since the application takes our place; write \`init = yes\`"
	local nobody="nobody is there to do that"
	app "stop_timeout = 5s" "signals = TERM=QUIT" "stop_signals += WINCH" "init = no"
	printf '[directory:d]\npath = d\n' | drop_in 20.ini
	for command in true check plan; do
		status 0 "$GROUNDWORK" -c conf "$command"
		contains_once "$err" "warning: conf/10.ini:3: $alone"
		contains_once "$err" "warning: conf/10.ini:2: [app] stop_timeout: $nobody"
	done
	status 0 "$GROUNDWORK" -c conf exec true
	contains_once "$err" "warning: conf/10.ini:3: [app] signals, stop_signals, stop_timeout: $nobody"
	printf '[bootstrap]\nenabled = no\n' | drop_in 30.ini
	status 0 "$GROUNDWORK" -c conf true
	contains_once "$err" "[app] signals, stop_signals, stop_timeout: $nobody"
}

what_no_stop_starts_is_a_warning() {
	local none="no signal starts it, since \`signals\` drops all of \`stop_signals\`"
	app "signals = TERM=none INT=none" "stop_timeout = 2" "stop_delay = 1" "init = yes"
	for command in true check plan; do
		status 0 "$GROUNDWORK" -c conf "$command"
		contains_once "$err" "warning: conf/10.ini:3: [app] stop_timeout, stop_delay: $none"
	done
	app "signals = QUIT=none" "stop_signals = QUIT" "stop_delay = 2" "init = yes"
	status 0 "$GROUNDWORK" -c conf check
	contains_once "$err" "warning: conf/10.ini:4: [app] stop_delay: $none"
	app "signals = TERM=none INT=none USR1=TERM" "stop_timeout = 2" "init = yes"
	status 0 "$GROUNDWORK" -c conf check
	lacks "$err" "$none"
	app "signals = TERM=none INT=none" "init = yes"
	status 0 "$GROUNDWORK" -c conf true
	lacks "$err" "$none"
}

what_nobody_is_there_to_do_is_a_warning() {
	local command
	app "stop_timeout = 5s" "signals = TERM=QUIT" "init = auto"
	status 0 "$GROUNDWORK" -c conf true
	contains "$err" "warning: conf/10.ini:3: [app] signals, stop_timeout: nobody is there to do that, since the application takes our place; write \`init = yes\`"
	status 0 "$GROUNDWORK" -c conf --init true
	lacks "$err" "nobody is there"
	status 0 "$GROUNDWORK" -c conf apply
	lacks "$err" "nobody is there"
	app "stop_timeout = 5s" "init = yes"
	status 0 "$GROUNDWORK" -c conf true
	lacks "$err" "nobody is there"
	# Ahead of the start, where that is certain.
	for command in check plan; do
		status 0 "$GROUNDWORK" -c conf --no-init "$command"
		contains "$err" "conf/10.ini:2: [app] stop_timeout: nobody is there to do that"
	done
	app "init = no" "stop_timeout = 5s" "reload = HUP"
	for command in check plan 'plan true'; do
		# shellcheck disable=SC2086 # they are words
		status 0 "$GROUNDWORK" -c conf $command
		contains "$err" "conf/10.ini:3: [app] stop_timeout, reload: nobody is there to do that"
	done
	app "stop_timeout = 5s"
	for command in check plan; do
		status 0 "$GROUNDWORK" -c conf "$command"
		lacks "$err" "nobody is there"
	done
}

pid1_who_supervises_is_there_to_do_it() {
	app "stop_timeout = 5s"
	status 0 in_pid1 "$GROUNDWORK" -c conf true
	lacks "$err" "nobody is there"
}

root_a_set_user_id_program_gives_its_rights_to_nobody() {
	local bit
	! grep -q __asan_init "$GROUNDWORK" || skip "a sanitizer does not run with such a bit"
	chmod 755 .
	for bit in 4755 2755; do
		install -m "$bit" "$GROUNDWORK" ./ours
		status 100 setpriv --reuid 65534 --regid 65534 --clear-groups ./ours -c /dev/null exec id
		contains "$err" "has the set-user-ID or set-group-ID bit"
		empty "$out"
	done
}

# processes_of USER: has it some?
function processes_of {
	[[ $(ps -o pid= -u "$1" | wc -l) == 2 ]]
}

root_a_limit_of_processes_is_named() {
	export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" # it takes a process of its own
	drop_in 10.ini <<-'END'
		[app]
		user = 65533
		limits = nproc=1
	END
	background setpriv --reuid 65533 --regid 65533 --clear-groups sleep 60
	background setpriv --reuid 65533 --regid 65533 --clear-groups sleep 60
	eventually processes_of 65533
	status 126 gw -- sh -c 'exit 0'
	contains "$err" "as many processes as the limit nproc lets it have"
}

# limited COUNT COMMAND…: as a user who may have so many processes.
function limited {
	(ulimit -u "$1" && exec setpriv --reuid 65532 --regid 65532 --clear-groups "${@:2}")
}

# The parent, its worker, and what either of them makes.
root_a_process_too_many_names_the_limit_wherever_it_is_made() {
	local nproc="unavailable; there are as many processes as the limit nproc of the user"
	drop_in 10.ini <<-'END'
		[exec:command]
		command = true
		when = env:COMMAND
		[wait:network]
		url = tcp://127.0.0.1:1
	END
	chmod 755 .
	export ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" # it takes a process of its own
	status 111 limited 1 "$GROUNDWORK" -c conf apply
	contains "$err" "make the worker: Resource temporarily $nproc"
	status 111 limited 1 env -u GROUNDWORK_CONFIG "$GROUNDWORK" --init exec true
	contains "$err" "start the application: Resource temporarily $nproc"
	status 111 limited 2 env COMMAND=yes "$GROUNDWORK" -c conf --skip 'wait:*' apply
	contains "$err" "make a process for the command: Resource temporarily $nproc"
	status 111 limited 2 "$GROUNDWORK" -c conf --timeout 1s apply
	contains "$err" "make a process for the network: Resource temporarily $nproc"
}

# refused_early KEY TEXT COMMAND…: `plan` warns, and what starts the application does nothing else.
function refused_early {
	local command key=$1 text=$2
	shift 2
	printf '%s\n' '[directory:d]' 'path = d' | drop_in 20.ini
	status 0 "$@" "$GROUNDWORK" -c conf plan
	contains_once "$err" "the application would not start: [app] $key: "
	contains "$err" "warning: conf/10.ini:2: "
	contains "$err" "$text"
	for command in "plan true" "run true" "exec true"; do
		# shellcheck disable=SC2086
		status 111 "$@" "$GROUNDWORK" -c conf $command
		contains_once "$err" "error: conf/10.ini:2: [app] $key: "
		contains "$err" "$text"
		missing d
	done
	status 0 "$@" "$GROUNDWORK" -c conf apply
	rmdir d
}

user_a_limit_that_is_refused_is_in_the_plan_and_ends_before_the_first_step() {
	app "limits = nofile=150"
	status 0 prlimit --nofile=100:200 "$GROUNDWORK" -c conf plan
	lacks "$err" warning
	app "limits = nofile=300"
	refused_early limits "limit nofile=300:300 (the hard limit is 200): Operation not permitted; write less (fs.nr_open is the most there is), or have the container's runtime raise the hard limit (docker run --ulimit nofile=300) or give us CAP_SYS_RESOURCE" \
		prlimit --nofile=100:200
	app "limits = core=unlimited"
	refused_early limits "write less, or have the container's runtime raise the hard limit (docker run --ulimit core=-1)" \
		prlimit --core=0:0
}

root_a_user_who_cannot_be_become_is_in_the_plan() {
	app "user = 10001"
	status 0 gw plan
	lacks "$err" warning
	refused_early user "setresgid: Operation not permitted; give the container CAP_SETUID and CAP_SETGID, or start it as that user (docker run --user 10001:10001)" \
		setpriv --bounding-set -setgid --inh-caps -setgid
	refused_early user "setresuid: Operation not permitted; give the container" \
		setpriv --bounding-set -setuid --inh-caps -setuid
}

root_a_capability_that_we_lack_is_in_the_plan() {
	app "capabilities = sys_time"
	refused_early capabilities "keep cap_sys_time: it is not among our capabilities" \
		setpriv --bounding-set -sys_time --inh-caps -sys_time
}
