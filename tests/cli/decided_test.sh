#!/bin/bash
# SPDX-License-Identifier: MIT
# What is decided before the first step, and what shows only when a step's turn comes.

# Most of these configurations hold ${NAME} for the program to expand.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# refused COMMAND…: 100 from apply, plan and a start, and nothing is touched.
function refused {
	local before
	before=$(snapshot .)
	status 100 "$@" plan
	status 100 "$@" -- touch started
	status 100 "$@" apply
	contains "$err" "nothing was touched"
	equal "$before" "$(snapshot .)" "what is here"
}

# A directory that is made before anything else.
function first {
	printf '[directory:first]\npath = first\norder = 1\n' | drop_in 00.ini
}

# ---- names ----

an_unset_name_in_when_is_an_error_and_nothing_is_started() {
	first
	mkdir m
	echo 'CREATE TABLE t (a);' >m/001_t.sql
	drop_in 10.ini <<-'END'
		[database:db]
		path = app.db
		migrations = ../m
		when = env:${FEATURE}
	END
	refused gw
	matches "$err" 'conf/10.ini:4:[0-9]+: \[database:db\] when: FEATURE is not set'
	status 100 gw plan
	contains "$out" "1 would fail"
	contains "$out" "FEATURE is not set"
	status 0 env FEATURE=HOME "$GROUNDWORK" -c conf -- echo started
	contains "$out" started
	exists app.db first
}

an_unset_name_in_critical_is_an_error_and_nothing_is_started() {
	first
	drop_in 10.ini <<-'END'
		[exec:e]
		command = false
		critical = ${UNSET}
	END
	refused gw
	matches "$err" 'conf/10.ini:3:[0-9]+: \[exec:e\] critical: UNSET is not set'
	status 0 gw check
}

# On a terminal both streams are read together.
a_plan_shows_what_is_wrong_with_a_step_once() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = TOKEN
		[file:f]
		path = ${UNSET}
		content = x
		mode = ${UNSET_TOO}
		[directory:d]
		path = d
	END
	echo x >token
	status 100 env TOKEN=x TOKEN_FILE=token "$GROUNDWORK" -c conf plan
	cat "$out" >>"$err"
	contains_once "$err" "path: UNSET is not set"
	contains_once "$err" "mode: UNSET_TOO is not set"
	contains_once "$err" "env_from_file: both"
	contains_once "$err" "3 errors in the configuration; nothing was touched"
	# Whoever reads JSON is another reader.
	status 100 gw plan --format json
	contains_once "$err" "path: UNSET is not set"
	contains_once "$out" "path: UNSET is not set"
}

unset_names_of_all_steps_are_reported_together() {
	first
	echo 'x ${IN_A_TEMPLATE}' >template
	drop_in 10.ini <<-'END'
		[exec:e]
		command = echo ${IN_A_COMMAND}
		env = A=${IN_AN_ENVIRONMENT}
		timeout = ${IN_A_TIMEOUT}
		[file:f]
		path = f
		content =
		 one
		 two ${IN_A_TEXT}
		[file:g]
		path = g
		template = ../template
	END
	drop_in 20.ini <<-'END'
		[link:l]
		path = l
		target = ${IN_A_TARGET}
		nonsense = 1
	END
	refused gw
	matches "$err" 'conf/10.ini:2:[0-9]+: \[exec:e\] command: IN_A_COMMAND is not set'
	matches "$err" 'conf/10.ini:3:[0-9]+: \[exec:e\] env: IN_AN_ENVIRONMENT is not set'
	matches "$err" 'conf/10.ini:4:[0-9]+: \[exec:e\] timeout: IN_A_TIMEOUT is not set'
	matches "$err" 'conf/10.ini:9:[0-9]+: \[file:f\] content: IN_A_TEXT is not set'
	matches "$err" '/template:1:[0-9]+: \[file:g\] template: IN_A_TEMPLATE is not set'
	matches "$err" 'conf/20.ini:3:[0-9]+: \[link:l\] target: IN_A_TARGET is not set'
	matches "$err" 'conf/20.ini:4: \[link:l\] nonsense: unknown key'
	contains "$err" "7 errors"
}

names_of_a_step_that_cannot_run_are_not_needed() {
	drop_in 10.ini <<-'END'
		[exec:disabled]
		command = echo ${UNSET}
		enabled = no
		[exec:elsewhere]
		command = echo ${UNSET}
		when = env:GONE
		[exec:other]
		command = echo ${UNSET}
		when = !command:other
		timeout = ${UNSET}
		[exec:skipped]
		command = echo ${UNSET}
		[link:l]
		path = l
		target = x
		[app]
		command = other
	END
	status 0 gw --skip exec:skipped plan
	status 0 gw --skip exec:skipped apply
	exists l
	status 100 gw apply
	matches "$err" 'conf/10.ini:12:[0-9]+: \[exec:skipped\] command: UNSET is not set'
	contains "$err" "1 error "
}

# The system may say tomorrow that such a step is to run.
names_of_a_step_that_depends_on_the_system_are_needed() {
	first
	drop_in 10.ini <<-'END'
		[exec:e]
		command = echo ${UNSET}
		when = path:/nowhere
	END
	refused gw
	matches "$err" 'conf/10.ini:2:[0-9]+: \[exec:e\] command: UNSET is not set'
}

no_step_is_judged_where_there_is_no_bootstrap() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = echo ${UNSET}
	END
	status 0 env GROUNDWORK_ENABLED=no "$GROUNDWORK" -c conf -- echo started
	contains "$out" started
	status 0 env GROUNDWORK_ENABLED=no "$GROUNDWORK" -c conf apply
	status 0 env GROUNDWORK_ENABLED=no "$GROUNDWORK" -c conf plan
	contains "$out" "0 steps"
	contains "$err" "GROUNDWORK_ENABLED=no"
	status 0 gw exec -- echo started
	printf '[bootstrap]\nwhen = env:GONE\n' | drop_in 20.ini
	status 0 gw -- echo started
	status 0 gw plan
}

exec_needs_the_names_of_what_is_exported() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = ${WHICH}
		[key:l]
		path = ${WHERE}
		[exec:e]
		command = echo ${UNSET}
	END
	status 100 gw exec -- echo started
	matches "$err" 'conf/10.ini:3:[0-9]+: \[key:k\] env: WHICH is not set'
	matches "$err" 'conf/10.ini:5:[0-9]+: \[key:l\] path: WHERE is not set'
	lacks "$err" UNSET
}

a_name_in_a_template_that_a_step_makes_shows_at_its_turn() {
	drop_in 10.ini <<-'END'
		[file:template]
		path = made/template
		content = x $${UNSET} ${SET}
		[file:f]
		path = f
		template = ../made/template
		requires = file:template
	END
	status 111 env SET=x "$GROUNDWORK" -c conf apply
	matches "$err" 'made/template:1:[0-9]+: UNSET is not set'
	exists made/template
	missing f
	# It is there now, and still its maker's.
	status 111 env SET=x "$GROUNDWORK" -c conf apply
	status 0 env SET=x UNSET=y "$GROUNDWORK" -c conf apply
	equal "x y x" "$(cat f)"
}

a_template_that_a_command_brings_is_read_at_its_turn() {
	echo 'old ${UNSET}' >template
	drop_in 10.ini <<-'END'
		[exec:fetch]
		command = sh -c 'echo new >template'
		order = 1
		[file:f]
		path = f
		template = ../template
	END
	status 0 gw apply
	equal new "$(cat f)"
}

# What was rendered before the first step is not what is written after one.
a_template_that_changes_under_way_is_read_again() {
	echo 'old ${HOME}' >template
	first
	drop_in 10.ini <<-'END'
		[file:elsewhere]
		path = linked
		content = new
		policy = manage
		order = 2
		[file:f]
		path = f
		template = ../template
	END
	# The same file by another name.
	ln template linked
	cp template before
	status 0 gw apply
	equal "old $HOME" "$(cat f)"
	rm f linked
	rm -r first
	ln -s linked template.new
	mv -T template.new template
	cp before linked
	status 0 gw apply
	equal new "$(cat linked)"
	equal new "$(cat f)"
}

an_existing_file_that_is_left_alone_needs_no_name() {
	echo 'x ${UNSET}' >template
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = x ${UNSET}
		[file:g]
		path = g
		template = ../template
	END
	status 100 gw apply
	status 0 env UNSET=1 "$GROUNDWORK" -c conf apply
	equal "x 1" "$(cat f)"
	status 0 gw apply
	contains "$err" "2 in place"
	status 0 gw plan --exit-code
	printf '[defaults:file]\npolicy = manage\n' | drop_in 20.ini
	status 100 gw apply
}

a_reference_to_no_value_is_an_error_before_the_first_step() {
	first
	echo '${key:nosuch}' >template
	drop_in 10.ini <<-'END'
		[key:raw]
		path = raw
		encoding = ${ENCODING:-raw}
		[link:l]
		path = l
		target = ${key:raw}
		[file:f]
		path = f
		content = ${key:raw}
		[file:g]
		path = g
		template = ../template
	END
	refused gw
	matches "$err" 'conf/10.ini:6: \[link:l\] target: key:raw: a raw key'
	matches "$err" 'conf/10.ini:9:11: \[file:f\] content: key:raw: a raw key'
	matches "$err" "template:1:1: \[file:g\] template: there is no step 'key:nosuch'"
	status 0 env ENCODING=hex "$GROUNDWORK" -c conf --skip file:g apply
}

# ---- values ----

# The value of one key, by way of a variable.
what_comes_of_a_variable_is_judged_before_the_first_step() {
	local kind key value more wrong
	mkdir m
	first
	while IFS='|' read -r kind key value more wrong; do
		printf '[%s:x]\npath = x\n%s = ${VALUE}\n%b' "$kind" "$key" "$more" | drop_in 10.ini
		refused env VALUE="$value" "$GROUNDWORK" -c conf
		matches "$err" "conf/10.ini:3(:[0-9]+)?: \[$kind:x\] $key: .*$wrong"
		status 0 gw check
	done <<-'END'
		key|bytes|15||from 16 to 4096
		key|bytes|4097||from 16 to 4096
		key|env|2BAD||is not the name of a variable
		key|encoding|rot13||none of hex
		key|mode|888||no mode
		key|owner|a:b||more than a user
		key|timeout|soon||no duration
		file|vars|A=1|content = x\n|is no name of variables
		file|policy|never||none of create
		database|pragma|nonsense||name=value
		database|application_id|zero||not a number
		database|adopt|everything||neither none, auto
		database|adopt|baseline:1||there are 0 contributors
		directory|recursive|perhaps||none of no
	END
	printf '[key:x]\npath = x\nwhen = command:${VALUE}\n' | drop_in 10.ini
	refused env VALUE=/bin/sh "$GROUNDWORK" -c conf
	matches "$err" 'conf/10.ini:3:8: \[key:x\] when: .*base name'
	for value in / .. a/..; do
		printf '[file:x]\npath = ${VALUE}\n[exec:x]\ncommand = true\ncreates = %s
[directory:x]\npath = fine %s\n' "$value" "$value" | drop_in 10.ini
		refused env VALUE="$value" "$GROUNDWORK" -c conf
		matches "$err" 'conf/10.ini:2:8: \[file:x\] path: .* names no object'
		matches "$err" 'conf/10.ini:5:11: \[exec:x\] creates: .* names no object'
		matches "$err" 'conf/10.ini:7:13: \[directory:x\] path: .* names no object'
	done
	printf '[exec:x]\ncommand = "${VALUE}" x\ncheck = ${VALUE}\n[file:x]\npath = x
validate = ${VALUE} {file}\n' | drop_in 10.ini
	refused env VALUE= "$GROUNDWORK" -c conf
	matches "$err" 'conf/10.ini:2: \[exec:x\] command: its first word, the program, is empty'
	matches "$err" 'conf/10.ini:3: \[exec:x\] check: its first word'
	matches "$err" 'conf/10.ini:6: \[file:x\] validate: its first word'
	printf '[exec:x]\ncommand = true\nenv = ${VALUE}=1\n' | drop_in 10.ini
	refused env VALUE=2BAD "$GROUNDWORK" -c conf
	matches "$err" "conf/10.ini:3:7: \[exec:x\] env: expected NAME=value or NAME, not '2BAD'"
	printf '[key:x]\npath = x\nenv = A\nencoding = ${VALUE}\n' | drop_in 10.ini
	refused env VALUE=raw "$GROUNDWORK" -c conf
	matches "$err" 'conf/10.ini:3: \[key:x\] env: a raw key'
	status 100 env VALUE=raw "$GROUNDWORK" -c conf plan
	contains "$out" "1 would fail"
	# Where it is not critical, the step fails with it when its turn comes.
	printf '[key:x]\ncritical = no\n' | drop_in 20.ini
	status 0 env VALUE=raw "$GROUNDWORK" -c conf plan
	contains "$out" "1 would fail"
	status 0 env VALUE=raw "$GROUNDWORK" -c conf -- touch started
	contains "$err" "a raw key can hold any byte"
	exists started
	missing x
}

check_judges_what_it_knows_of_variables() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = ${UNSET}
		mode = ${MODE}
		content = ${UNSET}
		template = /nowhere
		[file:g]
		path = g
		template = /nowhere
	END
	sed -i '/^content/d' conf/10.ini
	status 100 env MODE=888 "$GROUNDWORK" -c conf check
	matches "$err" "conf/10.ini:3:8: \[file:f\] mode: '888' is no mode"
	status 0 env MODE=600 "$GROUNDWORK" -c conf check
	status 0 gw check
}

# A bare $TOKEN, which may be what is wrong, has its warning all the same.
check_reports_each_wrong_item_once() {
	local long
	drop_in 10.ini <<-'END'
		[app]
		limits = x ${TOKEN} $TOKEN
		signals = ${TOKEN} y
		umask = $TOKEN
	END
	status 100 env TOKEN=abc "$GROUNDWORK" -c conf check
	sed -n 's/: expected.*//; s/ is not of the form.*//; s/ would be.*//; s/.*10.ini://p' "$err" |
		sort >errors
	diff - errors <<-'END' || fail "the errors differ"
		2: $TOKEN is left as it is; ${TOKEN}
		2:10: [app] limits: 'x'
		2:12: [app] limits: 'abc'
		2:21: [app] limits: '$TOKEN' is expanded by shells alone: write ${TOKEN}
		3:11: [app] signals: 'abc'
		3:20: [app] signals: 'y'
		4: $TOKEN is left as it is; ${TOKEN}
		4:9: [app] umask: '$TOKEN' is expanded by shells alone: write ${TOKEN}
	END
	printf -v long %3000s ''
	printf '[app]\numask = %s\n' "${long// /p}" | drop_in 10.ini
	status 100 gw check
	matches "$err" "umask: 'p{60}…' is not valid: expected one as in 0027"
}

# ---- lines and words ----

a_line_that_is_no_assignment_is_reported_when_it_is_loaded() {
	first
	drop_in 10.ini <<-'END'
		[app]
		env = 2BAD=hunter2
		 GOOD=1
		 NOT ONE=hunter2
		 3BAD=${UNSET:-x}
		[exec:e]
		command = true
		env = 4BAD=hunter2
		 GOOD
		 A-B
		[directory:d]
		path = d
		mode = 999
	END
	refused gw
	cp "$err" apply
	status 100 gw check
	cmp -s apply "$err" || fail "check and apply differ: $(diff apply "$err")"
	matches "$err" "conf/10.ini:2:7: \[app\] env: expected NAME=value, not '2BAD' "
	matches "$err" "conf/10.ini:4:2: \[app\] env: expected NAME=value, not 'NOT ONE' "
	matches "$err" "conf/10.ini:5:2: \[app\] env: expected NAME=value, not '3BAD' "
	matches "$err" "conf/10.ini:8:7: \[exec:e\] env: expected NAME=value or NAME, not '4BAD' "
	matches "$err" "conf/10.ini:10:2: \[exec:e\] env: expected NAME=value or NAME, not 'A-B'"
	matches "$err" "conf/10.ini:13:8: \[directory:d\] mode: '999' is no mode"
	lacks "$err" hunter2
}

a_word_that_is_no_name_is_reported_when_it_is_loaded() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = GOOD 2BAD
		unset_env = GOOD_* BAD=1
		groups = 1 a:b
		[file:f]
		path = f
		content = x
		vars = GOOD B* A-B !C
	END
	refused gw
	status 100 gw check
	matches "$err" "conf/10.ini:2:22: \[app\] env_from_file: '2BAD' is not the name"
	matches "$err" "conf/10.ini:3:20: \[app\] unset_env: 'BAD=1' is no name"
	matches "$err" "conf/10.ini:4: \[app\] groups: 'a:b' "
	matches "$err" "conf/10.ini:8:16: \[file:f\] vars: 'A-B' is not the name of a variable, nor a"
	matches "$err" "conf/10.ini:8:20: \[file:f\] vars: '!C' is no name"
	equal 5 "$(grep -c 'conf/10.ini:' "$err")" "errors"
}

a_condition_that_can_never_hold_is_reported_when_it_is_loaded() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		when = nonsense command:/usr/bin/app
		[link:l]
		path = l
		target = x
		when = user:a:b env:=x
	END
	refused gw
	status 100 gw check
	matches "$err" "conf/10.ini:2:8: \[bootstrap\] when: 'nonsense': a condition is"
	matches "$err" "conf/10.ini:2:17: \[bootstrap\] when: 'command:/usr/bin/app': .* base name"
	matches "$err" "conf/10.ini:6:8: \[link:l\] when: 'user:a:b': "
	matches "$err" "conf/10.ini:6:17: \[link:l\] when: 'env:=x': "
}

# Whatever else of the step is wrong, its texts show what they miss.
all_missing_names_are_reported_at_once_with_their_columns() {
	mkdir -p conf/m
	printf 'x\n  é ${T1} ${T2:-${T3}}\n' >conf/text
	echo 'SELECT 1;' >conf/m/1_a.sql
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d/${P} e
		  # a comment
		  f/${Q}
		[file:a]
		path = ${P}.txt
		mode = ${M}
		content =
		    hello ${A}
		      ${B} ${A}
		[file:b]
		template = text
		[file:c]
		path = c.ini
		owner = ${O}
		set = a=${S}
		policy = edit
		[exec:e]
		command = ${IN_DIR} /scripts
		scripts =
		  *.sh:sh {}
		  *.sql:psql ${PG} {}
		[database:db]
		path = ${D}
		[migrations:x]
		database = db
		path = ${X}
	END
	status 100 gw apply
	sed -n 's/ is not set$//p; s/ missing,.*//p' "$err" | sort >said
	sort <<-END | diff - said
		conf/10.ini:2:10: [directory:d] path: P
		conf/10.ini:4:5: [directory:d] path: Q
		conf/10.ini:6:8: [file:a] path: P
		conf/10.ini:7:8: [file:a] mode: M
		conf/10.ini:9:11: [file:a] content: A
		conf/10.ini:10:7: [file:a] content: B
		conf/10.ini:11: [file:b] path:
		$PWD/conf/text:2:5: [file:b] template: T1
		$PWD/conf/text:2:11: [file:b] template: T3
		conf/10.ini:15:9: [file:c] owner: O
		conf/10.ini:16:9: [file:c] set: S
		conf/10.ini:19:11: [exec:e] command: IN_DIR
		conf/10.ini:22:14: [exec:e] scripts: PG
		conf/10.ini:24:8: [database:db] path: D
		conf/10.ini:27:8: [migrations:x] path: X
	END
	# At its turn, too.
	printf '%s\n' '[exec:maker]' 'command = true' 'order = 1' '[file:f]' 'path = f' 'template = text' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "$PWD/conf/text:2:5: T1 is not set; "
}

# ---- migrations ----

an_error_in_a_migration_is_found_before_the_first_step() {
	first
	mkdir m
	echo 'CREATE TABLE t (a' >m/001_t.sql
	drop_in 10.ini <<-'END'
		[database:db]
		path = app.db
		migrations = ../m
	END
	refused gw
	matches "$err" 'm/001_t.sql:1'
}

migrations_that_a_step_makes_are_read_at_its_turn() {
	drop_in 10.ini <<-'END'
		[file:migrations]
		path = made
		source = ../m
		order = 1
		policy = manage
		[database:db]
		path = app.db
		migrations = ../made
	END
	mkdir m
	echo 'CREATE TABLE t (a' >m/001_t.sql
	status 111 gw apply
	matches "$err" 'made/001_t.sql:1'
	missing app.db
	# What was wrong there before is no reason not to make it right.
	echo 'CREATE TABLE t (a);' >m/001_t.sql
	status 0 gw apply
	exists app.db
}

migrations_that_are_missing_are_111() {
	drop_in 10.ini <<-'END'
		[database:db]
		path = app.db
		migrations = ../nowhere
	END
	status 111 gw plan
	status 111 gw apply
	contains "$err" nowhere
}

the_database_of_a_contribution_may_be_a_variable() {
	mkdir m
	echo 'CREATE TABLE t (a);' >m/001_t.sql
	drop_in 10.ini <<-'END'
		[database:db]
		path = app.db
		[migrations:m]
		database = ${WHICH}
		path = ../m
	END
	status 0 env WHICH=db "$GROUNDWORK" -c conf apply
	equal t "$(python3 -c '
import sqlite3
for row in sqlite3.connect("app.db").execute(
        "SELECT name FROM sqlite_schema WHERE name = ?", ("t",)):
    print(row[0])')"
	status 100 env WHICH=other "$GROUNDWORK" -c conf apply
	matches "$err" "conf/10.ini:4: \[migrations:m\] database: there is no step 'database:other'"
	refused gw
	matches "$err" 'conf/10.ini:4:[0-9]+: \[migrations:m\] database: WHICH is not set'
	status 0 gw check
}

# ---- what only the system knows ----

# later CODE [COMMAND…]: apply, plan and a start end so, and the application never starts.
function later {
	local code=$1
	shift
	status "$code" "$@" gw plan
	status "$code" "$@" gw -- touch started
	missing started
	status "$code" "$@" gw apply
}

a_condition_that_cannot_be_decided_is_111() {
	touch file
	drop_in 10.ini <<-'END'
		[link:l]
		path = l
		target = x
		when = dir-empty:file
	END
	later 111
	matches "$err" "conf/10.ini:4: \[link:l\] when: 'dir-empty:file'"
	missing l
}

a_condition_of_the_bootstrap_that_cannot_be_decided_is_111() {
	touch file
	printf '[bootstrap]\nwhen = dir-empty:file\n' | drop_in 10.ini
	later 111
	contains "$err" "dir-empty:file"
}

a_user_who_is_not_there_is_a_condition_that_does_not_hold() {
	drop_in 10.ini <<-'END'
		[link:l]
		path = l
		target = x
		when = user:nosuch
		[link:m]
		path = m
		target = x
		when = !user:nosuch
	END
	status 0 gw plan
	contains "$out" "'user:nosuch' does not hold"
	status 0 gw -- touch started
	exists started m
	missing l
}

what_shows_at_a_steps_turn_is_111() {
	first
	local step
	echo '${key:k}' >template
	for step in 'file:f]\npath = f\ncontent = ${file:/nowhere/at/all}' \
		'key:k]\npath = k\norder = 40\n[file:f]\npath = f\ntemplate = ../template' \
		'link:l]\npath = l\ntarget = ${file:/nowhere/at/all}'; do
		rm -rf first
		printf "[%b\n" "$step" | drop_in 10.ini
		status 111 gw apply
		exists first
	done
}

root_an_owner_who_is_not_there_is_111() {
	first
	printf '[file:f]\npath = f\nowner = nosuch\n' | drop_in 10.ini
	later 111
	matches "$err" "conf/10.ini:3: \[file:f\] owner: there is no user 'nosuch'"
}

# ---- steps that are not critical ----

what_is_wrong_in_a_step_that_is_not_critical_is_a_warning() {
	local wrong
	touch file
	for wrong in 'when = env:${UNSET}' 'when = dir-empty:file' 'target = ${UNSET}' \
		'timeout = ${UNSET}' 'timeout = ${HOME}' 'target = ${file:/nowhere}'; do
		printf '[link:l]\npath = l\ntarget = x\ncritical = no\n[link:m]\npath = m\ntarget = x
[link:n]\npath = n\ntarget = x\nrequires = link:l\n' | drop_in 10.ini
		printf '[link:l]\n%s\n' "$wrong" | drop_in 20.ini
		rm -f started m
		status 0 gw plan
		contains "$out" "1 would fail"
		missing m
		status 0 gw -- touch started
		contains "$err" "(not critical: the start goes on)"
		contains "$err" "1 failed, 1 not run"
		exists started m
		missing l n
	done
}

an_export_of_a_step_that_is_not_critical_may_be_missing() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = ${UNSET}
		critical = no
		[key:l]
		path = l
		env = KEY
		critical = no
	END
	: >l
	status 0 gw -- sh -c 'echo started ${KEY-}'
	equal started "$(cat "$out")"
	status 0 gw exec -- sh -c 'echo started ${KEY-}'
	equal started "$(cat "$out")"
	contains "$err" "UNSET is not set"
	contains "$err" "is empty"
}

# Nor does a step that is not enabled stand in the way of what is handed on.
a_key_that_is_not_enabled_hands_nothing_to_a_helper() {
	drop_in 10.ini <<-'END'
		[key:off]
		path = ${UNSET}
		env = KEY
		enabled = no
		[key:k]
		path = k
		env = KEY
		[exec:e]
		command = sh -c 'echo "$KEY" >given'
		env = KEY
	END
	status 0 gw apply
	same k given
}

# ---- the environment of the application ----

an_env_file_that_is_missing_is_found_before_the_first_step() {
	first
	printf '[app]\nenv_file = gone.env\n' | drop_in 10.ini
	status 111 gw -- touch started
	missing first started
	matches "$err" "conf/10.ini:2: \[app\] env_file: '.*gone.env' does not exist; a '-' in front"
	status 111 gw exec -- touch started
	# Steps see what it sets, so that who starts no application needs it, too.
	status 111 gw apply
	missing first
}

an_env_file_with_a_wrong_line_is_found_before_the_first_step() {
	first
	printf '[app]\nenv_file = some.env\n' | drop_in 10.ini
	printf 'A=1\n2BAD=1\n' >conf/some.env
	status 100 gw -- touch started
	missing first started
	matches "$err" "conf/10.ini:2: \[app\] env_file: .*some.env:2: expected NAME=value"
}

an_env_file_that_a_step_makes_is_read_when_it_is_made() {
	first
	drop_in 10.ini <<-'END'
		[app]
		env_file = ../made/app.env ../creates/app.env other.env
		[file:env]
		path = made
		template = ../templates
		policy = manage
		[exec:env]
		command = sh -c 'mkdir -p creates; echo B=$VALUE >creates/app.env'
		creates = creates
		env = TOKEN=${key:k}
		[key:k]
		path = k
	END
	mkdir templates
	echo 'A=${VALUE}' >templates/app.env
	echo C=1 >conf/other.env
	status 0 env VALUE=1 "$GROUNDWORK" -c conf -- sh -c 'echo $A $B $C'
	equal "1 1 1" "$(cat "$out")"
	# Nor is one of an earlier start a reason not to make it anew.
	echo nonsense >made/app.env
	status 0 env VALUE=2 "$GROUNDWORK" -c conf -- sh -c 'echo $A $B $C'
	equal "2 1 1" "$(cat "$out")"
	# What it makes is no error of the configuration.
	echo nonsense >templates/app.env
	status 111 env VALUE=2 "$GROUNDWORK" -c conf -- touch started
	missing started
	contains "$err" "made/app.env:1: expected NAME=value"
	# exec makes nothing: what is missing stays so.
	rm -r made
	status 111 gw exec -- touch started
	contains "$err" "made/app.env' does not exist"
}

an_env_file_that_may_be_missing_is_read_after_the_last_step() {
	drop_in 10.ini <<-'END'
		[app]
		env_file = -../app.env
		[exec:e]
		command = sh -c 'echo A=made >app.env'
	END
	status 0 gw -- sh -c 'echo $A'
	equal made "$(cat "$out")"
	rm app.env
	# Even one that only looks may have made it.
	drop_in 20.ini <<-'END'
		[exec:e]
		command =
		check = sh -c 'echo A=found >app.env'
	END
	status 0 gw -- sh -c 'echo $A'
	equal found "$(cat "$out")"
}

a_file_of_env_from_file_that_is_missing_is_found_before_the_first_step() {
	first
	printf '[app]\nenv_from_file = PASSWORD\n' | drop_in 10.ini
	status 111 env PASSWORD_FILE="$PWD/gone" "$GROUNDWORK" -c conf -- touch started
	missing first started
	matches "$err" "conf/10.ini:2: \[app\] env_from_file: PASSWORD_FILE: '.*/gone' is missing"
	drop_in 20.ini <<-END
		[file:password]
		path = gone
		content = from a step
	END
	status 0 env PASSWORD_FILE="$PWD/gone" "$GROUNDWORK" -c conf -- sh -c 'echo $PASSWORD'
	equal "from a step" "$(cat "$out")"
}

a_value_and_its_file_are_an_error_before_the_first_step() {
	first
	echo secret >file
	printf '[app]\nenv_from_file = PASSWORD\n' | drop_in 10.ini
	refused env PASSWORD=x PASSWORD_FILE="$PWD/file" "$GROUNDWORK" -c conf
	matches "$err" "conf/10.ini:2: \[app\] env_from_file: both PASSWORD and PASSWORD_FILE are set"
	# The one in a file of the environment counts, too.
	echo PASSWORD=x >conf/some.env
	printf '[app]\nenv_file = some.env\n' | drop_in 20.ini
	status 100 env PASSWORD_FILE="$PWD/file" "$GROUNDWORK" -c conf -- touch started
	missing first started
}

a_required_path_that_is_missing_is_said_and_does_not_crash_a_plan() {
	echo text >t
	printf '[key:k]\n[file:f]\npath = f\ntemplate = ../t\n' | drop_in 10.ini
	status 100 "$GROUNDWORK" -c conf plan
	contains "$err" "[key:k] path: missing, and it is required"
}

# ---- what a message says ----

every_wrong_item_of_a_list_is_reported() {
	drop_in 10.ini <<-'END'
		[app]
		env =
		  A=${file:/run/a}
		  B=${UNSET}
		  C=${file:/run/c}
	END
	status 100 gw -- true
	contains "$err" "'\${file:/run/a}' cannot be used here"
	contains "$err" "UNSET is not set"
	contains "$err" "'\${file:/run/c}' cannot be used here"
	contains "$err" "3 errors"
}

# It is the cause of all that is wrong with steps, and the first that is said.
what_env_from_file_could_not_read_is_said_with_what_it_stops() {
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PW G_*
		[assert:p]
		that = env:PW
		[file:f]
		path = f
		content = ${PW}
		[file:g]
		path = g.ini
		content =
		from_env = G_{section}_{key} lower
	END
	PW_FILE=/nope refused gw
	contains "$err" "10.ini:2: [app] env_from_file: PW_FILE: '/nope' is missing"
	contains "$err" "10.ini:7:11: [file:f] content: PW is not set: PW_FILE: '/nope' is missing"
	lacks "$err" "write \${file:"
	status 111 env G_a_b_FILE=/nope PW=x "$GROUNDWORK" -c conf apply # it may be mounted later
	contains "$err" "error: 2 errors; nothing was touched"
	missing f
	contains "$err" "G_a_b has no value before the first step: G_a_b_FILE: '/nope' is missing"
	# A step makes it.
	printf '[file:pw]\npath = made\ncontent = x\n' >>conf/10.ini
	PW_FILE=$PWD/made refused gw
	lacks "$err" "[app] env_from_file"
}

an_unset_name_whose_file_is_named_is_explained() {
	echo hunter2 >secret
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = ${PASSWORD}
	END
	PASSWORD_FILE=$PWD/secret refused gw
	contains "$err" "PASSWORD is not set, but PASSWORD_FILE is: write \${file:$PWD/secret}"
	echo "env = COPY=\${PASSWORD}" | cat <(printf '[app]\n') - | drop_in 20.ini
	PASSWORD_FILE=$PWD/secret status 100 gw -- true
	contains "$err" "PASSWORD_FILE is: \`env_from_file\` gives it that file's content"
}

settings_say_how_the_application_gets_what_is_in_a_file() {
	printf '[app]\nenv = A=${file:/run/secrets/a}\n' | drop_in 10.ini
	refused gw
	contains "$err" "'\${file:/run/secrets/a}' cannot be used here"
	contains "$err" "by \`env_file\` or \`env_from_file\`"
}

what_is_missing_is_named_with_its_key_and_line() {
	drop_in 10.ini <<-'END'
		[file:t]
		path = t
		template = gone
		[file:c]
		path = c
		content =
		  ${file:/gone}
	END
	status 111 gw plan
	matches "$out" "conf/10.ini:3: \[file:t\] template: '$PWD/conf/gone' is missing \(it starts at the directory of the drop-in\)"
	matches "$out" 'conf/10.ini:7:3: \[file:c\] content: file:/gone is missing'
}

# What is written relative lies beside the drop-in; all else is the system's.
check_finds_what_is_missing_beside_the_drop_in() {
	drop_in 10.ini <<-'END'
		[file:t]
		path = made
		template = gone
		[secret:s]
		source = ../gone.age
		identity = /run/gone
		path = s
		[database:d]
		path = d
		migrations = gone.d
		[file:system]
		path = a
		source = /gone
		[file:from]
		path = b
		source = ${DIRECTORY:-gone}/x
		[file:off]
		path = c
		source = gone
		when = env:GONE
		[file:later]
		path = d2
		source = ../base/made
		order = 50
	END
	status 100 gw -C base check
	contains "$err" "conf/10.ini:3: [file:t] template: '$PWD/conf/gone' is missing"
	contains "$err" "conf/10.ini:5: [secret:s] source: '$PWD/conf/../gone.age' is missing"
	contains "$err" "conf/10.ini:10: [database:d] migrations: '$PWD/conf/gone.d' is missing"
	contains "$err" "3 errors"
	printf '[exec:get]\ncommand = git clone x\norder = 1\n' | drop_in 20.ini
	status 0 gw -C base check
}
