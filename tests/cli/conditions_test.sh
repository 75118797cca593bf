#!/bin/bash
# SPDX-License-Identifier: MIT
# Conditions: groups, alternatives, steps that changed something, and for which commands.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

groups_and_alternatives_decide() {
	drop_in 10.ini <<-'END'
		[link:a]
		path = a
		target = x
		when = env:MODE=prod|stage-* on:FEATURE or env:FORCE
		[link:b]
		path = b
		target = x
		when = off:FEATURE
	END
	status 0 env MODE=stage-2 FEATURE=Yes "$GROUNDWORK" -c conf apply
	test -L a
	missing b
	rm a
	status 0 env MODE=stage FEATURE=yes "$GROUNDWORK" -c conf plan
	contains "$out" "when: 'env:MODE=prod|stage-*' does not hold, 'env:FORCE' does not hold"
	status 0 env FORCE=1 FEATURE=no "$GROUNDWORK" -c conf apply
	test -L a
	test -L b
	status 100 env FEATURE=perhaps "$GROUNDWORK" -c conf apply
	matches "$err" "conf/10.ini:8: \[link:b\] when: 'off:FEATURE': the value of FEATURE is neither"
	lacks "$err" perhaps
}

what_can_never_hold_is_an_error_that_proposes() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		when = command:a command:b
		[link:a]
		path = a
		target = x
		when = env:A or
		when += env:B !env:B
		[defaults:link]
		when = or env:A
	END
	status 100 gw check
	matches "$err" "conf/10.ini:2: \[bootstrap\] when: .*either of them is 'command:a|b'"
	matches "$err" "conf/10.ini:6: \[link:a\] when: 'env:B' and '!env:B' can never hold"
	matches "$err" "conf/10.ini:9:8: .*when: there is no condition before an 'or'"
}

a_step_runs_where_another_has_changed_something() {
	drop_in 10.ini <<-'END'
		[exec:reload]
		command = touch reloaded
		when = changed:file:settings|link:l
		order = 1
		[file:settings]
		path = settings
		content = ${MODE}
		policy = manage
		[link:l]
		path = l
		target = x
	END
	export MODE=a
	status 0 gw plan
	lacks "$out" "does not hold"
	status 0 gw apply
	exists reloaded
	rm reloaded
	status 0 gw plan
	contains "$out" "'changed:file:settings|link:l' does not hold"
	status 0 gw apply
	missing reloaded
	MODE=b
	status 0 gw apply
	exists reloaded
}

# A reload that fails, or is never reached, is done by a later start.
what_a_change_asks_for_is_done_by_a_later_start_with_state() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = state
		[file:settings]
		path = settings
		content = ${MODE}
		policy = manage
		[exec:kill]
		command = sh -c 'kill -KILL "$PPID"'
		when = env:KILLED
		order = 20
		[exec:reload]
		command = sh -c 'echo >>reloaded; exec ./reload'
		when = !env:OFF
		when += changed:file:settings
		order = 30
	END
	export MODE=a
	printf '#!/bin/sh\nexit 1\n' >reload
	chmod 755 reload
	status 111 gw apply
	equal 1 "$(wc -l <reloaded)"
	# Nothing changes now, and it is owed still.
	status 0 gw plan
	contains "$out" "+ exec:reload"
	status 111 gw apply
	equal 2 "$(wc -l <reloaded)"
	status 0 gw apply --skip exec:reload
	printf '#!/bin/sh\n' >reload
	status 0 gw apply
	equal 3 "$(wc -l <reloaded)"
	status 0 gw apply
	equal 3 "$(wc -l <reloaded)"
	# Left out, it owes, too.
	status 0 env MODE=b "$GROUNDWORK" -c conf apply --skip exec:reload
	status 0 env MODE=b "$GROUNDWORK" -c conf apply
	equal 4 "$(wc -l <reloaded)"
	# A step that changes nothing after all leaves no debt.
	status 0 env MODE=b "$GROUNDWORK" -c conf apply --force file:settings
	status 0 env MODE=b "$GROUNDWORK" -c conf apply
	equal 4 "$(wc -l <reloaded)"
	status 111 env MODE=c KILLED=1 "$GROUNDWORK" -c conf apply
	status 0 env MODE=c "$GROUNDWORK" -c conf apply
	equal 5 "$(wc -l <reloaded)"
}

a_plan_says_where_it_cannot_know_of_a_change() {
	drop_in 10.ini <<-'END'
		[exec:ask]
		check = false
		command = true
		[link:l]
		path = l
		target = x
		when = changed:exec:ask
	END
	status 0 gw plan
	matches "$out" "^\? link:l +when: 'changed:exec:ask' is not known yet"
	status 0 gw apply
	test -L l
}

function bootstrap {
	drop_in 10.ini <<-'END'
		[bootstrap]
		when = command:server
		[app]
		umask = 0077
		workdir = /
		env = ADDED=1
		unset_env = GIVEN
		env_file = nowhere
		limits = core=0:0
		[key:k]
		path = k
		env = KEY
	END
	# shellcheck disable=SC2016
	printf '#!/bin/sh\numask; pwd; echo "$ADDED,$GIVEN,$KEY"; ulimit -c\n' >tool
	chmod 755 tool
}

a_command_that_is_not_meant_runs_as_it_was_given() {
	bootstrap
	export GIVEN=g
	(
		umask 0027
		status 0 gw -- ./tool
		equal "0027
$PWD
,g,
$(ulimit -c)" "$(cat "$out")"
	)
	contains "$err" "no bootstrap: when: 'command:server' does not hold"
	missing k
	# The one that is meant has it all, and this is missing.
	cp tool server
	status 111 gw -- ./server
	contains "$err" nowhere
}

root_a_command_that_is_not_meant_stays_who_it_is() {
	printf '[bootstrap]\nwhen = command:server\n[app]\nuser = nobody\n' | drop_in 10.ini
	status 0 gw -- id -u
	equal 0 "$(cat "$out")"
	# A user who is missing is of no matter, either.
	printf '[app]\nuser = no-such-user\n' | drop_in 20.ini
	status 0 gw -- id -u
	equal 0 "$(cat "$out")"
}

apply_and_plan_are_for_every_command() {
	bootstrap
	touch conf/nowhere
	status 0 gw plan
	contains "$out" "1 to make"
	status 0 gw apply
	exists k
}

a_value_never_becomes_a_condition() {
	drop_in 10.ini <<-'END'
		[link:a]
		path = a
		target = x
		when = env:MODE=${WANTED}
		[link:b]
		path = b
		target = x
		when = env:MODE=${WANTED} or path:${WANTED}
	END
	status 0 env MODE=prod WANTED='*' "$GROUNDWORK" -c conf apply
	missing a
	missing b
	touch '*'
	for wanted in '*' or '!' 'a|b' '[p]rod' 'pro?' $'prod\nor' '"' 'env:MODE'; do
		status 0 env MODE="$wanted" WANTED="$wanted" "$GROUNDWORK" -c conf apply
		test -L a
		test -L b
		rm a b
		status 0 env MODE=prod WANTED="$wanted" "$GROUNDWORK" -c conf apply
		missing a
		test "$wanted" != '*' || test -L b
		rm -f b
	done
	drop_in 20.ini <<-'END'
		[link:c]
		path = c
		target = x
		when = ${WANTED}
	END
	status 100 gw check
	contains "$err" 'conf/20.ini:4:8: [link:c] when: '"'\${WANTED}': no value becomes a cond"
}

a_plan_counts_what_earlier_steps_would_make() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d/empty d/full
		[file:f]
		path = d/full/f
		[link:dir]
		path = 1
		target = x
		when = path:d path:d/empty is-dir:d/full !is-file:d/full
		[link:file]
		path = 2
		target = x
		when = path:d/full/f
		[link:empty]
		path = 3
		target = x
		when = dir-empty:d/empty !dir-empty:d/full !dir-empty:d
		[link:none]
		path = 4
		target = x
		when = path:d/none or is-link:d/full or !path:d/full
		[defaults:link]
		order = 30
	END
	status 0 gw plan
	for step in dir file empty; do matches "$out" "^\+ link:$step "; done
	matches "$out" "^· link:none +when: 'path:d/none' does not hold, 'is-link:d/full' does"
	status 0 gw apply
	test -L 1
	test -L 2
	test -L 3
	missing 4
}

a_plan_does_not_know_what_a_command_would_make() {
	drop_in 10.ini <<-'END'
		[exec:get]
		command = sh -c 'mkdir -p c/in; touch c/in/x'
		creates = c
		[exec:any]
		command = touch x
		order = 31
		[file:f]
		path = f
		order = 36
		when = path:y
		[link:a]
		path = 1
		target = x
		order = 30
		when = path:c/in
		[link:b]
		path = 2
		target = x
		order = 30
		when = dir-empty:c
		[link:d]
		path = 4
		target = x
		order = 35
		when = !path:y
		[link:e]
		path = 5
		target = x
		order = 37
		when = path:f
	END
	status 0 gw plan
	matches "$out" "^\? link:a +when: 'path:c/in' is not known yet"
	matches "$out" "^\? link:b +when: 'dir-empty:c' is not known yet"
	matches "$out" "^\? link:d +when: '!path:y' is not known yet"
	matches "$out" "^\? link:e +when: 'path:f' is not known yet"
	status 0 gw apply
	test -L 1
	missing 2
	test -L 4
	missing 5
}

a_value_that_begins_with_an_equals_sign_is_written_so() {
	drop_in 10.ini <<-'END'
		[link:l]
		path = l
		target = x
		when = env:MODE=\=prod
	END
	status 0 env MODE=prod "$GROUNDWORK" -c conf apply
	missing l
	status 0 env MODE==prod "$GROUNDWORK" -c conf apply
	test -L l
}

# They would be names of variables, and the other branch be taken.
words_of_other_languages_are_errors_in_templates() {
	local words
	for words in 'not NAME' 'A and B' 'defined NAME' 'A is set'; do
		printf '%s\n' '[file:f]' 'path = f' "content = \${if $words}yes\${else}no\${end}" | drop_in 10.ini
		status 100 gw check
		contains "$err" '10.ini:3'
	done
	# The program expands it.
	# shellcheck disable=SC2016
	printf '%s\n' '[file:f]' 'path = f' 'content = ${if !NOPE HOME}yes${else}no${end}' | drop_in 10.ini
	status 0 gw apply
	equal yes "$(<f)"
}

# None of them would ever hold, and its opposite always.
what_nothing_is_called_is_an_error() {
	local word
	# shellcheck disable=SC2088,SC2016 # as they are written
	for word in command:nginx,sleep '!path:~/x' 'path:$HOME/x' path:/x,/y dir-empty:~/d; do
		printf '%s\n' '[directory:d]' 'path = d' "when = $word" | drop_in 10.ini
		status 100 gw check
		contains "$err" '10.ini:3'
	done
	printf '%s\n' '[directory:d]' 'path = d' 'when = !path:/a,b !env:X=a,b !env:X=*' | drop_in 10.ini
	status 0 gw apply
	exists d
}

# `when` and a source start at different directories.
a_relative_path_that_does_not_hold_is_said_to_start_somewhere() {
	mkdir templates base
	echo text >templates/a
	drop_in 10.ini <<-'END'
		[file:a]
		path = a
		template = ../templates/a
		when = is-file:../templates/a
	END
	status 0 gw check
	contains "$err" "warning: conf/10.ini:4: [file:a] when: 'is-file:../templates/a' starts at --base, and the same path in \`template\` at the directory of the drop-in"
	status 0 gw plan
	contains "$out" "· file:a  when: 'is-file:../templates/a' does not hold; a relative path starts at '$PWD'"
	status 0 gw -C base plan
	contains "$out" "+ file:a"
}
