#!/bin/bash
# SPDX-License-Identifier: MIT
# What is remembered between starts, in the state directory.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function once {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'echo ran >>log; test ! -e bad'
		once = yes
	END
}

# The barrier is a pipe: they go on when nobody has it open for writing any more.
a_command_runs_once_though_32_start_at_once() {
	local pids=()
	once
	drop_in 20.ini <<-'END'
		[exec:first]
		command = sh -c 'echo ran >>first'
		when = first-run
	END
	mkfifo barrier
	exec 9<>barrier
	exec 8<barrier
	for _ in {1..32}; do
		{
			exec 9>&-
			read -r _ <&8 || true
			exec "$GROUNDWORK" -q -c conf --state st apply
		} &
		pids+=($!)
	done
	exec 9>&- 8>&-
	for i in "${pids[@]}"; do
		wait "$i"
	done
	equal 1 "$(wc -l <log)" "runs"
	equal 1 "$(wc -l <first)" "first runs"
}

user_a_state_directory_that_cannot_be_made_or_written_is_an_error_of_the_plan() {
	local state
	once
	mkdir closed ours
	status 0 gw --state ours apply
	sed -i s/init/other/ conf/10.ini
	chmod 555 closed ours
	for state in closed/x closed/x/y ours; do
		status 111 gw --state $state plan
		matches "$out" "^! exec:other .*the state directory: .*Permission denied"
		status 111 gw --state $state apply
		contains "$err" "Permission denied"
	done
	# A step that opens it, or a command before, sees to it; what is in place needs none.
	printf '[directory:d]\npath = closed ours\nmode = 0755\n' | drop_in 05.ini
	status 0 gw --state closed/x plan
	status 0 gw --state ours plan
	rm conf/05.ini
	sed -i s/other/init/ conf/10.ini
	status 0 gw --state ours plan
	chmod 755 closed ours
}

a_first_run_is_one_until_all_steps_have_succeeded() {
	drop_in 10.ini <<-'END'
		[exec:seed]
		command = sh -c 'echo ran >>log'
		when = first-run
		[exec:verify]
		command = test -e good
		order = 40
	END
	status 100 gw check
	contains "$err" "conf/10.ini:3: [exec:seed] when: something must be remembered"
	status 111 gw --state st apply
	status 0 gw --state st --only exec:seed apply
	touch good
	status 0 gw --state st plan
	contains "$out" "+ exec:seed"
	status 0 gw --state st apply
	equal 3 "$(wc -l <log)" "runs"
	status 0 gw --state st apply
	contains "$err" "exec:seed    when: 'first-run' does not hold"
	equal 3 "$(wc -l <log)" "runs"
}

a_step_that_may_fail_keeps_the_first_run_from_its_end() {
	drop_in 10.ini <<-'END'
		[exec:seed]
		command = sh -c 'echo ran >>log'
		when = first-run
		[exec:verify]
		command = test -e good
		critical = no
		order = 40
	END
	status 0 gw --state st apply
	contains "$err" "this was a first run, and the next one is, too: 'first-run' holds until no step fails"
	status 0 gw --state st apply
	equal 2 "$(wc -l <log)" "runs"
	touch good
	status 0 gw --state st apply
	lacks "$err" "first run"
	rm good
	status 0 gw --state st apply
	lacks "$err" "first run"
	equal 3 "$(wc -l <log)" "runs"
}

a_command_that_failed_is_run_again() {
	once
	touch bad
	status 111 gw --state st apply
	rm bad
	status 0 gw --state st apply
	status 0 gw --state st apply
	contains "$err" "exec:init  it was done on 2"
	equal 2 "$(wc -l <log)" "runs"
	status 0 gw --state st --force exec:init apply
	equal 3 "$(wc -l <log)" "runs"
}

a_plan_with_force_says_that_the_command_runs() {
	printf '%s\n' '[exec:seed]' 'command = sh -c "echo >>log"' 'once = yes' '[exec:made]' 'command = touch made' \
		'creates = made' '[exec:asked]' 'command = touch asked' 'check = test -e asked' | drop_in 10.ini
	status 0 gw --state st apply
	status 2 gw --state st --force 'exec:*' plan --exit-code
	matches "$out" "^\+ exec:seed   it was done on 2.*; --force: run: sh -c"
	matches "$out" "^\+ exec:made   '$PWD/made' is there; --force: make '$PWD/made': run: touch made$"
	matches "$out" "^\+ exec:asked  run: touch asked$"
	contains "$out" "3 steps: 3 to make"
	status 0 gw --state st --force 'exec:*' apply
	contains "$err" "3 made"
}

root_a_read_only_state_directory_has_the_same_advice_in_a_plan() {
	printf '%s\n' '[exec:seed]' 'command = true' 'once = yes' | drop_in 10.ini
	status 0 gw --state st apply
	needs_mounts
	status 111 read_only st "$GROUNDWORK" -c conf --state st --force exec:seed plan
	contains "$out" "Read-only file system; mount a writable volume there"
	status 111 read_only st "$GROUNDWORK" -c conf --state st --force exec:seed apply
	contains "$err" "'$PWD/st/groundwork.lock': Read-only file system; mount a writable volume there"
}

user_nothing_is_run_whose_end_could_not_be_remembered() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = touch ran
		once = yes
	END
	mkdir st
	touch st/groundwork.lock
	chmod 500 st
	status 111 gw --state st apply
	missing ran
	chmod 700 st
	status 0 gw --state st apply
	exists ran
}

what_needs_a_state_directory_is_refused_without() {
	once
	status 100 gw check
	contains "$err" 'conf/10.ini:3: [exec:init] once: something must be remembered'
	contains "$err" 'state = DIR'
	status 100 gw apply
	missing log
	GROUNDWORK_STATE=st status 0 gw check
	missing st
	drop_in 20.ini <<<$'[bootstrap]\nstate = ${X:-st}'
	status 0 gw plan
	contains "$out" "+ exec:init  run: sh -c"
	missing st
	status 0 gw apply
	mode st 700
}

where_nothing_needs_it_it_may_be_missing() {
	drop_in 10.ini <<<$'[directory:d]\npath = d'
	status 0 gw --state /proc/nothing apply
	status 0 gw --state d/st apply
	missing d/st
	status 0 gw apply
}

a_directory_is_filled_though_the_state_will_be_in_it() {
	once
	drop_in 20.ini <<<$'[directory:d]\npath = d\nsource = ../seed'
	mkdir seed d
	touch seed/file
	status 0 gw --state d/st apply
	exists d/file d/st
	echo 'merge = mirror' >>conf/20.ini
	status 100 gw --state d/st check
	contains "$err" "merge: mirror would remove '$PWD/d/st' from '$PWD/d'"
	exists d/st
}

the_lock_says_who_holds_it() {
	drop_in 10.ini <<-'END'
		[exec:slow]
		command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done; echo x >>log'
		once = yes
	END
	background "$GROUNDWORK" -c conf --state st apply
	eventually test -e begun
	matches st/groundwork.lock "^host=.* pid=[0-9]+ step=exec:slow$"
	status 111 gw --state st --deadline 50ms apply
	matches "$err" "the deadline of 50ms \(--deadline\) has passed while waiting for the lock '$PWD/st/groundwork.lock', which is held by process [0-9]+ of host '.*' \(step exec:slow\)"
	status 111 gw --state st --deadline 2500ms apply
	matches "$err" "\[exec:slow\] is still at work: waiting for the lock '$PWD/st/groundwork.lock', which is held by process [0-9]+ of host '.*' \(step exec:slow\), [0-9.]+s"
	touch go
	status 0 gw --state st apply
	wait "$pid"
	equal 1 "$(wc -l <log)" "runs"
}

the_lock_says_which_step_is_at_work() {
	drop_in 10.ini <<-'END'
		[exec:first-with-a-long-name]
		command = true
		once = yes
		[exec:second]
		command = sh -c 'touch begun; while ! test -e go; do sleep 0.02; done'
		requires = exec:first-with-a-long-name
	END
	background "$GROUNDWORK" -c conf --state st apply
	eventually test -e begun
	matches st/groundwork.lock "^host=.* pid=[0-9]+ step=exec:second$"
	equal 1 "$(wc -l <st/groundwork.lock)" "lines"
	touch go
	wait "$pid"
	empty st/groundwork.lock
}

a_damaged_record_ends_the_start() {
	once
	status 0 gw --state st apply
	sed -i 's/once=2/once=3/' st/exec.init.record
	status 111 gw --state st apply
	contains "$err" "st/exec.init.record' is damaged"
	equal 1 "$(wc -l <log)" "runs"
}

a_pruned_directory_has_one_name() {
	drop_in 10.ini <<-'END'
		[file:site]
		path = p/../site
		template = ../templates
		prune = yes
	END
	mkdir p templates
	echo 1 >templates/a
	sed -i 's|p/../||' conf/10.ini
	status 0 gw --state st apply
	sed -i 's|= site|= p/../site|' conf/10.ini
	status 111 gw --state st apply
	contains "$err" "[file:site] prune: write the path without '..'"
	exists site/a
}

what_goes_is_not_there_for_validate() {
	drop_in 10.ini <<-'END'
		[file:site]
		path = site
		template = ../templates
		policy = manage
		prune = yes
		validate = sh -c 'test -e "$1/deep/kept" && ! test -e "$1/deep/old" && ! test -e "$1/gone"' sh {dir}
	END
	mkdir -p templates/deep templates/gone
	echo 1 >templates/deep/kept
	sed -i 's/validate/x-validate/' conf/10.ini
	echo 1 >templates/deep/old
	echo 1 >templates/gone/old
	status 0 gw --state st apply
	sed -i 's/x-validate/validate/' conf/10.ini
	mv templates/deep/old templates/deep/new
	rm -r templates/gone
	status 0 gw --state st apply
	missing site/deep/old site/gone
	exists site/deep/new site/deep/kept
}

a_secret_beside_an_edited_file_is_closed() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		policy = track
		content = ${NAME}
		[app]
		env_from_file = NAME
	END
	status 0 env NAME=plain "$GROUNDWORK" -c conf --state st -q apply
	chmod 644 f
	echo mine >f
	echo secret-text >value
	status 0 env NAME_FILE=value "$GROUNDWORK" -c conf --state st apply
	contains f.new secret-text
	mode f.new 600
	mode f 644
}

the_new_text_beside_an_edited_file_has_its_mode() {
	drop_in 10.ini <<-'END'
		[file:plain]
		path = plain
		policy = track
		content = ${NAME}
		[file:written]
		path = written
		policy = track
		content = ${NAME} ${SECRET:-}
		mode = 0640
		[app]
		env_from_file = SECRET
	END
	status 0 env NAME=one "$GROUNDWORK" -c conf --state st -q apply
	chmod 664 plain
	echo mine | tee plain >written
	status 0 env NAME=two SECRET=secret-text "$GROUNDWORK" -c conf --state st -q apply
	mode plain.new 664
	contains written.new secret-text
	mode written.new 640
}

an_edited_file_with_a_long_name_stays() {
	local name
	printf -v name '%0252d' 0
	drop_in 10.ini <<-END
		[file:f]
		path = $name
		policy = track
		content = \${TEXT}
	END
	status 0 env TEXT=one "$GROUNDWORK" -c conf --state st apply
	echo mine >"$name"
	status 0 env TEXT=two "$GROUNDWORK" -c conf --state st apply
	matches "$err" "its new text was not written, since '.*0\.new' would be too long a name"
	equal mine "$(cat "$name")" "the text"
	status 0 env TEXT=two "$GROUNDWORK" -c conf --state st plan --exit-code
}

an_edit_while_the_new_text_is_made_stays() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		policy = track
		content = ${TEXT}
		retry_delay = 1ms
		validate = sh -c 'test ! -e edit || mv edit "$1"' sh f {file}
	END
	status 0 env TEXT=one "$GROUNDWORK" -c conf --state st apply
	echo mine >edit
	status 0 env TEXT=two "$GROUNDWORK" -c conf --state st apply
	equal "mine two" "$(cat f f.new | xargs)" "the texts"
}

an_edited_file_stays_and_one_without_template_goes() {
	drop_in 10.ini <<-'END'
		[file:site]
		path = site
		template = ../templates
		policy = track
		prune = yes
	END
	mkdir templates
	echo 1 >templates/a
	echo 1 >templates/b
	status 0 gw --state st apply
	echo mine >site/a
	echo 2 >templates/a
	rm templates/b
	status 0 gw --state st plan
	contains "$out" "leave '$PWD/site/a', which was changed, and write its new text to '$PWD/site/a.new'"
	contains "$out" "remove '$PWD/site/b', which has no template any more"
	status 0 gw --state st apply
	equal "mine 2" "$(cat site/a site/a.new | xargs)" "the texts"
	missing site/b
	status 0 gw --state st plan --exit-code
}

# Kubernetes gives a volume to the group of its Pod at each start (fsGroup).
user_a_state_directory_may_be_the_groups() {
	once
	status 0 gw --state st apply
	chmod 2770 st
	status 0 gw --state st apply
	contains "$err" "it was done on"
	chmod 777 st
	status 111 gw --state st apply
	contains "$err" "st' can be written by others (mode 2777)"
}

root_keeps_its_state_on_the_applications_volume() {
	once
	mkdir data
	chown 10001:10001 data
	drop_in 20.ini <<<$'[app]\nuser = 10001:10001'
	status 0 gw --state data/st apply
	mode data/st 700 0:0
	status 0 gw --state data/st apply
	contains "$err" "it was done on"
	chown 10002 data
	status 111 gw --state data/st apply
	contains "$err" "user 10002, who is not the user of [app], controls what leads to it"
}

# What failed half way through other inputs has undone what was done with those of before.
a_command_is_run_again_with_inputs_of_before() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = state
		[exec:e]
		command = sh -c 'cat in >made; ! grep -q B made'
		inputs = ../in
	END
	echo A >in
	status 0 gw apply
	status 0 gw apply
	contains "$err" "nothing to do"
	echo B >in
	status 111 gw apply
	equal B "$(cat made)"
	echo A >in
	status 0 gw apply
	equal A "$(cat made)"
}

root_a_plan_says_where_a_state_directory_is_refused() {
	local place
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = ${PLACE}
		[exec:once]
		command = true
		once = yes
	END
	mkdir -m 777 open
	mkdir of-others
	chown 1000 of-others
	for place in open/st open/deep/st of-others/st; do
		PLACE=$place status 111 gw plan
		contains "$out" "unsafe path"
		PLACE=$place status 111 gw apply
		contains "$err" "unsafe path"
	done
	PLACE=own/deep/st status 0 gw plan
	PLACE=own/deep/st status 0 gw apply
}

# A condition in a text needs what is remembered as one of `when` does.
a_text_that_asks_for_the_first_run_needs_state() {
	local command
	mkdir templates
	echo "\${if !first-run}again\${else}first\${end}" >templates/x
	drop_in 10.ini <<-'END'
		[file:a]
		path = a
		policy = manage
		content =
		  # ${if first-run}first${else}again${end}
		[file:b]
		path = b
		policy = manage
		template = ../templates/x
	END
	for command in check plan apply; do
		status 100 gw "$command"
		cat "$out" "$err" >said
		contains said "conf/10.ini:4: [file:a] content: something must be remembered"
		[[ $command == check ]] || # which reads what lies beside the drop-in
			contains said "x:1:1: [file:b] template: something must be remembered"
	done
	status 0 gw --state st apply
	equal "# first" "$(cat a)"
	equal first "$(cat b)"
	status 0 gw --state st apply
	equal "# again" "$(cat a)"
	equal again "$(cat b)"
}
