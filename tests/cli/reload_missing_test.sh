#!/bin/bash
# SPDX-License-Identifier: MIT
# What a configuration holds stands in single quotes.
# shellcheck disable=SC2016
# `reload` of [app]: sources that are away for a while, and runs that do not come to them.

. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/reload.sh"

# file_of LINES…: the file `made`, with these keys; and `reload`.
function file_of {
	printf '%s\n' '[file:made]' 'path = made' 'policy = manage' "$@" '[app]' 'reload = HUP' | drop_in 10.ini
}

# source_has STATE: in all the directories that lead to it.
function source_has {
	mkdir -p deep/a/b
	echo "begin $1 end" >deep/a/b/t
}

function goes_on {
	eventually grep -q "the application goes on with what it has" log
}

# away WHAT: it is removed, and, once a run has missed it, made again and changed again.
function away {
	rm -r "$1"
	goes_on
	source_has 1
	hears "HUP 1"
	source_has 2
	hears "HUP 2"
	ends 0
}

a_source_that_was_away_is_heard() {
	source_has 0
	file_of 'source = ../deep/a/b/t'
	started
	away deep/a
}

pid1_a_source_that_was_away_is_heard() {
	source_has 0
	file_of 'source = ../deep/a/b/t'
	started_as_pid1
	away deep/a
}

a_template_that_was_away_is_heard() {
	source_has 0
	file_of 'template = ../deep/a/b/t'
	started
	away deep
}

a_directory_of_sources_that_was_away_is_heard() {
	source_has 0
	file_of 'source = ../deep/a'
	sed -i 's/^path.*/path = all/' conf/10.ini
	ln -s all/b/t made
	started
	away deep/a
}

the_target_of_a_link_that_was_away_is_heard() {
	source_has 0
	ln -s deep/a lead
	file_of 'source = ../lead/b/t'
	started
	away deep
}

# No run has read it before.
what_a_link_in_a_directory_will_lead_to_is_heard() {
	mkdir links all
	ln -s ../deep/a/b/t links/t
	echo "begin 0 end" >all/t
	file_of 'source = ../links' 'critical = no'
	sed -i 's/^path.*/path = all/' conf/10.ini
	ln -s all/t made
	started
	source_has 1
	hears "HUP 1"
	ends 0
}

# The run without it is a whole one, as the start is.
a_source_that_may_be_missing_is_heard_when_it_comes() {
	file_of 'source = ../deep/a/b/t' 'critical = no'
	echo "begin 0 end" >made
	started
	source_has 1
	hears "HUP 1"
	rm deep/a/b/t
	eventually grep -q "reload: 1 failed" log
	source_has 2
	hears "HUP 2"
	ends 0
}

a_directory_of_scripts_is_heard_when_it_comes() {
	printf '%s\n' '[exec:e]' "command = $PWD/scripts" 'scripts = *.sh:sh {}' 'reload = yes' 'critical = no' \
		'[app]' 'reload = HUP' | drop_in 10.ini
	echo "begin 0 end" >made
	started
	mkdir scripts
	echo 'echo "begin 1 end" >made' >scripts/1.sh
	hears "HUP 1"
	ends 0
}

# down_with COMMAND LINES…: a file of these lines, and in front of it a step that runs the command
# while `down` exists.
function down_with {
	printf '%s\n' '[exec:service]' 'order = 1' 'reload = yes' "command = sh -c 'test ! -e down || $1'" |
		drop_in 05.ini
	shift
	file_of "$@"
	source_has 0
}

# missed: all that leads to the source is made anew, and the run fails in front of the
# file. The next change, once nothing fails any more, is made.
function missed {
	touch down
	rm -r deep
	source_has 1
	goes_on
	equal "begin 0 end" "$(<made)"
	rm down
	source_has 2
	hears "HUP 2"
	ends 0
}

a_run_that_fails_early_watches_what_it_has_not_come_to() {
	down_with false 'source = ../deep/a/b/t'
	started
	missed
}

pid1_a_run_that_fails_early_watches_what_it_has_not_come_to() {
	down_with false 'source = ../deep/a/b/t'
	started_as_pid1
	missed
}

a_run_that_is_killed_watches_what_it_has_not_come_to() {
	down_with 'kill -KILL $PPID' 'source = ../deep/a/b/t'
	started
	missed
}

a_run_that_fails_early_watches_what_a_text_names() {
	down_with false "content = \${file:$PWD/deep/a/b/t}"
	started
	missed
}

# Neither was any of these directories there before.
a_run_that_fails_early_watches_new_directories() {
	down_with false 'source = ../deep'
	sed -i 's/^path.*/path = all/' conf/10.ini
	ln -s all/a/b/t made
	started
	touch down
	mkdir -p deep/c/d
	echo "begin 1 end" >deep/c/d/t
	goes_on
	rm down
	echo "begin 2 end" >deep/c/d/t
	hears "HUP 0"
	equal "begin 2 end" "$(<all/c/d/t)"
	ends 0
}

# A start without what is not critical, and what requires that.
what_a_start_has_not_come_to_is_watched() {
	down_with false 'source = ../deep/a/b/t' 'requires = exec:service'
	echo 'critical = no' >>conf/05.ini
	echo "begin 0 end" >made
	touch down
	started
	contains log "not run"
	rm down
	source_has 1
	hears "HUP 1"
	ends 0
}
