#!/bin/bash
# SPDX-License-Identifier: MIT
# `plan`: what it says is what `apply` then does, and it says what it cannot know.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

a_report_and_metrics_that_are_directories_are_warned_of() {
	printf '%s\n' '[bootstrap]' 'metrics = m' 'report = r' '[directory:d]' 'path = d' | drop_in 10.ini
	status 0 gw plan
	lacks "$err" warning
	mkdir m r
	status 0 gw plan
	contains "$err" "warning: the report: '$PWD/r' is a directory, not a file"
	contains "$err" "warning: the metrics: '$PWD/m' is a directory, not a file"
	GROUNDWORK_REPORT=r.json status 0 gw plan
	contains_once "$err" warning
}
. "${BASH_SOURCE[0]%/*}/database.sh"

# refused TEXT: a plan's error, and that of the start behind it; the plan changes nothing.
function refused {
	local before
	before=$(snapshot .)
	status 111 gw plan
	matches "$out" '^! database:d '
	contains "$out" "$1"
	equal "$before" "$(snapshot .)"
	status 111 gw apply
	contains "$err" "$1"
}

a_plan_finds_the_errors_of_a_new_database() {
	one_migration
	printf 'CREATE TABLE two (a);\nINSERT INTO nosuch VALUES (1);\n' >m/002_two.sql
	refused "/m/002_two.sql:2: 'INSERT INTO nosuch VALUES (1);': no such table: nosuch"
	echo 'CREAT TABLE two (a);' >m/002_two.sql
	refused "/m/002_two.sql:1: 'CREAT TABLE two (a);': near \"CREAT\": syntax error"
	missing d.db
}

a_plan_finds_the_errors_of_an_upgrade() {
	one_migration
	status 0 gw apply
	echo 'UPDATE one SET b = own();' >m/002_two.sql
	refused '/m/002_two.sql:1: '
	echo 'ALTER TABLE one ADD COLUMN b; UPDATE one SET b = own();' >m/002_two.sql
	refused 'no such function: own'
	echo 'CREATE TABLE groundwork_x (a);' >m/002_two.sql
	refused "'groundwork_x' is groundwork's own"
}

a_plan_says_that_the_data_was_not_tried() {
	one_migration
	status 0 gw apply
	status 0 gw plan
	lacks "$out" 'compiles'
	echo 'ALTER TABLE one ADD COLUMN b;' >m/002_two.sql
	status 0 gw plan
	contains "$out" 'its SQL compiles, and was not tried on the data; --rehearse tries it on a copy'
	cat >m/002_two.sql <<-'END'
		INSERT INTO one VALUES ('k');
		CREATE TABLE two AS SELECT json_object((SELECT a FROM one), 1) AS a;
	END
	status 0 gw plan
	contains "$out" "its SQL compiles up to $PWD/conf/../m/002_two.sql:2, which cannot"
	status 0 gw apply
}

what_needs_rows_is_no_error_of_a_plan() {
	one_migration
	cat >m/002_two.sql <<-'END'
		PRAGMA foreign_keys = ON;
		INSERT INTO one VALUES ('a');
		CREATE TABLE parent (id INTEGER PRIMARY KEY);
		CREATE TABLE child (id REFERENCES parent, a NOT NULL);
		INSERT INTO parent VALUES (1);
		INSERT INTO child SELECT 1, max(a) FROM one;
	END
	status 0 gw plan
	status 0 gw apply
}

a_plan_does_not_know_a_database_that_a_command_may_make() {
	one_migration
	drop_in 05.ini <<-'END'
		[exec:restore]
		command = cp backup.db d.db
		when = path:backup.db
		order = 19
	END
	status 0 gw plan
	matches "$out" '^\+ database:d +create the database '
	status 0 gw apply
	mv d.db backup.db
	status 0 gw plan
	matches "$out" '^\? database:d +not known before exec:restore has run, which may make '
	contains "$out" '; else: create the database '
	contains "$out" 'its SQL was not tried, since exec:restore runs before'
	status 2 gw plan --exit-code
}

a_plan_does_not_know_what_a_command_may_write() {
	drop_in 10.ini <<-'END'
		[exec:get]
		command = sh -c 'mkdir m; echo "CREATE TABLE a (b);" >m/1_a.sql; echo x >t; echo y >u'
		order = 1
		[database:d]
		path = d.db
		migrations = ../m
		[file:f]
		path = f
		template = ../t
		[file:g]
		path = g
		content = ${file:u}-
		[file:h]
		path = h
		source = ../t
	END
	sed -i "s,file:u,file:$PWD/u," conf/10.ini
	status 0 gw plan
	matches "$out" "^\? database:d +not known before exec:get has run: '.*/m' is missing"
	matches "$out" "^\? file:f +not known before exec:get has run: .*/t' is missing"
	matches "$out" "^\? file:g +not known before exec:get has run: .*/u' is missing"
	matches "$out" "^\? file:h +not known before exec:get has run: .*/t' is missing"
	status 0 gw apply
	exists d.db f g h
}

a_plan_does_not_know_what_an_earlier_step_makes() {
	drop_in 10.ini <<-END
		[file:a]
		path = a
		content = text
		order = 1
		[file:b]
		path = b
		source = $PWD/a
		[file:c]
		path = c
		content = \${file:$PWD/a}
		[file:d]
		path = d
		template = ../b
		[directory:empty]
		path = empty
		[file:e]
		path = e
		source = ../empty/e
	END
	status 111 gw plan
	matches "$out" '^\? file:b +not known before file:a has run: '
	matches "$out" '^\? file:c +not known before file:a has run: '
	matches "$out" '^\? file:d +not known before file:b has run: '
	matches "$out" '^! file:e '
	status 111 gw apply
	exists a b c d
	missing e
}

a_plan_does_not_know_the_value_of_a_key_that_is_to_be_made() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		[key:no]
		path = no
		when = env:NO_KEY
		[exec:env]
		command = sh -c 'test -n "$KEY"'
		env = KEY=${key:k}
		[directory:path]
		path = data/${key:k}
		order = 12
		[link:default]
		path = l
		target = ${key:k:-none}
		[exec:when]
		command = true
		when = env:KEY=${key:k}
		[exec:no]
		command = true
		env = KEY=${key:no}
		critical = no
	END
	status 0 gw plan
	contains "$out" "? exec:env        not known before key:k has run: [exec:env] env: key:k has no value yet"
	contains "$out" "? directory:path  not known before key:k has run: [directory:path] path: "
	contains "$out" "? link:default    not known before key:k has run: [link:default] target: "
	contains "$out" "? exec:when       not known before key:k has run: [exec:when] when: "
	matches "$out" '^! exec:no .*: key:no has no value \(not critical: the start goes on\)$'
	status 0 gw apply
	exists "data/$(<k)"
	equal "$(<k)" "$(readlink l)"
	status 0 gw plan
	matches "$out" '^\+ exec:env +run: '
}

an_error_is_one_that_a_command_may_mend() {
	one_migration
	drop_in 05.ini <<-'END'
		[exec:alter]
		command = sh -c 'sqlite3 d.db "CREATE TABLE two (a)"'
		order = 19
		when = path:d.db
	END
	status 0 gw apply
	echo 'INSERT INTO two VALUES (1);' >m/002_two.sql
	status 0 gw plan
	contains "$out" 'its SQL was not tried, since exec:alter runs before'
}

a_plan_knows_what_a_later_or_a_done_command_leaves_alone() {
	one_migration
	drop_in 05.ini <<-'END'
		[exec:ready]
		command = touch ready
		creates = ready
		order = 1
		[exec:index]
		command = sh -c 'date >"$1"' sh {file}
		creates = index
		order = 2
		[exec:later]
		command = true
	END
	touch ready
	status 0 gw plan
	matches "$out" '^\+ database:d +create the database '
	rm ready
	status 0 gw plan
	matches "$out" '^\? database:d +not known before exec:ready has run'
	rm -r m
	status 111 gw plan --skip exec:ready
	matches "$out" '^! database:d '
	drop_in 20.ini <<-'END'
		[file:f]
		path = f
		source = ../t
	END
	status 111 gw plan --skip exec:ready
	matches "$out" '^! file:f '
}

# Of those that cannot be applied, a few fail on their rows alone.
# timeout: 180
an_error_of_a_plan_is_always_one_of_the_start() {
	local works both late
	python3 "$ROOT/tests/cli/plan_random.py" 1 30 >"$out" || fail "a plan was wrong"
	read -r works both late <"$out"
	((works > 30 && both > 60 && late < both / 10)) || fail "$works, $both, $late"
}

a_plan_does_not_speak_of_data_where_there_is_none() {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' | drop_in 10.ini
	mkdir m
	echo 'CREATE TABLE a (x);' >m/001_a.sql
	status 0 gw plan
	contains "$out" 'its SQL compiles, and was not run; --rehearse runs it in memory'
	lacks "$out" "on the data"
	status 0 gw plan --rehearse
	contains "$out" 'rehearsed in memory'
}

a_baseline_that_is_too_low_is_doubted() {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' 'adopt = baseline:001' | drop_in 10.ini
	mkdir m
	echo 'CREATE TABLE a (x);' >m/001_a.sql
	echo 'CREATE TABLE b (x);' >m/002_b.sql
	local doubt="table b already exists; by \`adopt\`, '001_a' is the last of 'd' that was applied: if this was, too, write a later"
	python3 -c 'import sqlite3
sqlite3.connect("d.db").executescript("CREATE TABLE a (x); CREATE TABLE b (x)")'
	status 111 gw plan
	contains "$out" "$doubt"
	status 111 gw apply
	contains "$err" "$doubt"
	echo 'SELECT nothing;' >m/002_b.sql
	status 111 gw plan
	lacks "$out" "by \`adopt\`"
}

root_migrations_that_may_not_be_listed_are_called_by_their_directory() {
	printf '%s\n' '[database:d]' 'path = d.db' 'migrations = ../m' | drop_in 10.ini
	mkdir m
	echo 'CREATE TABLE a (x);' >m/001_a.sql
	chmod 755 .
	chmod 700 m
	status 111 setpriv --reuid=10001 --regid=10001 --clear-groups "$GROUNDWORK" -c conf plan
	contains "$out" "open '$PWD/conf/../m': Permission denied"
	lacks "$out" _journal.json
}

# each_would_fail TEXT PROGRAM: a plan has the error of each step, as the start has it.
function each_would_fail {
	local steps
	steps=$(grep -c '^\[[a-z]*:' conf/10.ini)
	status 111 "$2" plan
	contains "$out" " $steps would fail"
	sed -n 's/^! [^ ]* *//p' "$out" | sort >planned
	status 111 "$2" apply
	contains "$err" "$steps failed"
	sed -n 's/^groundwork: ! error: \(.*\) ([0-9.]*[mu]*s)$/\1/p' "$err" | sort | diff planned -
	equal "$steps" "$(grep -c "$1" planned)"
}

function where_it_is_read_only {
	read_only there "$GROUNDWORK" -c conf "$@"
}

function all_kinds {
	drop_in 10.ini <<-'END'
		[bootstrap]
		fail_fast = no
		[directory:new]
		path = there/new
		[link:new]
		path = there/link
		target = x
		[link:replace]
		path = there/old-link
		target = x
		replace = link
		[file:new]
		path = there/a/b
		[file:replace]
		path = there/old
		content = new
		policy = manage
		[key:new]
		path = there/key
		[absent:old]
		path = there/stale
		order = 40
		[database:new]
		path = there/db
	END
	mkdir there
	echo old | tee there/old >there/stale
	ln -s y there/old-link
}

a_command_that_would_not_be_found_is_warned_of() {
	local warning="the application would not start: [app] command:"
	function plan_with {
		drop_in 10.ini <<-END
			[app]
			command = $1
			env = PATH=$PATH:$PWD/bin
			[file:f]
			path = bin/made
			mode = 0755
			${2-}
		END
		status 0 gw plan
	}
	plan_with nosuch
	contains "$err" "$warning command 'nosuch' not found in PATH ("
	plan_with "$PWD/nosuch"
	contains "$err" "$warning command '$PWD/nosuch' not found"
	plan_with sh
	lacks "$err" "$warning"
	plan_with "$PWD/bin/made"
	lacks "$err" "$warning"
	plan_with made
	lacks "$err" "$warning"
	mkdir dist
	plan_with "$PWD/app/program" $'[directory:d]\npath = app\nsource = ../dist'
	lacks "$err" "$warning"
	# A command may make any file, where it would run.
	plan_with nosuch $'[exec:e]\ncommand = true'
	lacks "$err" "$warning"
	contains_once "$err" "10.ini:2: not known before exec:e has run: [app] command: command 'nosuch' not found in PATH ("
	plan_with made $'[exec:e]\ncommand = true'
	lacks "$err" "not known before"
	plan_with nosuch $'[exec:e]\ncommand = true\ncreates = conf'
	contains_once "$err" "$warning command 'nosuch' not found in PATH ("
	plan_with nosuch $'[exec:e]\ncommand = true\nwhen = env:NOT_SET'
	contains_once "$err" "$warning command 'nosuch' not found in PATH ("
}

# What commands might make or change holds back no more than they can.
root_a_command_that_need_not_run_hides_nothing_of_the_application() {
	local text="[app] workdir: change to the working directory '$PWD/closed': Permission denied"
	printf '[exec:e]\ncommand = true\ncreates = made\n' | drop_in 20.ini
	printf '[app]\nuser = 10001\nworkdir = closed\ncommand = true\n' | drop_in 10.ini
	mkdir -m 700 closed
	status 0 gw plan
	lacks "$err" "would not start"
	contains_once "$err" "conf/10.ini:3: not known before exec:e has run: $text"
	status 0 gw plan true
	contains_once "$err" "conf/10.ini:3: not known before exec:e has run: $text"
	: >made
	status 0 gw plan
	contains_once "$err" "warning: conf/10.ini:3: the application would not start: $text"
	status 0 gw plan --force exec:e
	contains "$err" "conf/10.ini:3: not known before exec:e has run: $text"
	status 111 gw plan true
	contains_once "$err" "error: conf/10.ini:3: $text"
	equal "" "$(cat "$out")"
	status 111 gw run
	contains "$err" "error: conf/10.ini:3: $text"
}

# Another process runs it, and its command may make any file.
a_command_that_is_waited_for_may_make_the_application() {
	printf '[app]\ncommand = ./nosuch\n[exec:e]\ncommand = true\ncreates = made\n' | drop_in 10.ini
	status 0 gw plan --wait exec:e
	lacks "$err" "would not start"
	contains_once "$err" "not known before exec:e has run: [app] command: command './nosuch' not found"
}

# The words of the start, ahead of it: of the application, and of a step's command.
a_program_that_cannot_be_executed_is_in_the_plan() {
	local file code words
	echo 'echo hi' >bare
	printf '#!/bin/sh\n' | tee bit made >dummy
	printf '#!/no/such\n' >gone
	printf '#!/bin/sh\r\n' >dos
	: >empty
	chmod 755 bare gone dos empty
	chmod 644 bit made
	[[ ! -e /proc/sys/fs/binfmt_misc/register ]] || rm bare
	while IFS='|' read -r file code words; do
		[[ -e $file || $file == nosuch ]] || continue
		printf '[app]\ncommand = ./%s\n' "$file" | drop_in 10.ini
		status 0 gw plan
		contains "$err" "10.ini:2: the application would not start: [app] command: $words"
		status 0 gw plan "./$file"
		contains "$err" "warning: the application would not start: $words"
		status "$code" gw run
		contains "$err" "error: conf/10.ini:2: [app] command: $words"
		printf '[exec:e]\ncommand = ./%s\n' "$file" | drop_in 10.ini
		status 111 gw plan
		contains "$out" "[exec:e]: $words"
		status 111 gw apply
		contains "$err" "[exec:e]: $words"
	done <<-END
		bit|126|'./bit' has no execute bit (its mode is 0644): chmod +x it
		bare|126|'./bare' has no '#!' line
		gone|126|script './gone': its interpreter '/no/such' does not exist
		dos|126|script './dos': its interpreter '/bin/sh\r' does not exist
		empty|126|'./empty' is empty
		nosuch|127|command './nosuch' not found; a relative path starts at '$PWD'
	END
	printf '[file:m]\npath = made\nmode = 0755\npolicy = manage\ncontent = #!/bin/sh\n' | drop_in 10.ini
	printf '[app]\ncommand = ./made\n' | drop_in 20.ini
	status 0 gw plan
	lacks "$err" "would not start"
}

root_what_is_closed_to_its_user_is_in_the_plan() {
	mkdir -m 700 closed
	printf '#!/bin/sh\n' | tee closed/in >own
	chmod 755 closed/in
	chmod 700 own
	function closed { # LINE WORDS
		printf '[app]\nuser = 10001\n%s\n' "$1" | drop_in 10.ini
		status 0 gw plan
		contains "$err" "10.ini:3: the application would not start: [app] $2"
		status 126 gw run
		contains "$err" "error: conf/10.ini:3: [app] $2"
		printf '[exec:e]\nuser = 10001\n%s\n' "$1" | drop_in 10.ini
		status 111 gw plan
		contains "$out" "[exec:e]: ${2#*: }"
	}
	closed 'command = ./own' \
		"command: './own' may not be executed by user 10001 (mode 0700, owner root (0), group 0)"
	closed "command = ./closed/in" "command: './closed/in' cannot be reached: permission denied on the way"
	printf '[app]\nuser = 10001\nworkdir = closed\ncommand = true\n' | drop_in 10.ini
	status 0 gw plan
	contains "$err" "10.ini:3: the application would not start: [app] workdir: change to the working"
	contains "$err" "user 10001 must be able to enter it and all above it (x)"
	status 111 gw plan true
	status 111 gw run
	contains "$err" "10.ini:3: [app] workdir: change to the working"
}

a_working_directory_that_was_removed_is_named() {
	local base one=$PWD/conf/10.ini
	printf '[app]\ncommand = true\n' | drop_in 10.ini
	mkdir gone
	cd gone
	rmdir ../gone
	for base in . /; do
		status 111 "$GROUNDWORK" -C "$base" -c "$one" run
		contains "$err" "the working directory: No such file or directory; where it was removed, or is closed,"
	done
	status 111 "$GROUNDWORK" install here
	contains "$err" "the working directory: No such file or directory; where it was removed, or is closed,"
}

a_working_directory_that_is_missing_is_warned_of() {
	printf '[app]\ncommand = true\nworkdir = made/it\n' | drop_in 10.ini
	status 0 gw plan
	contains "$err" "10.ini:3: the application would not start: [app] workdir: change to the working directory '$PWD/made/it': No such"
	status 111 gw run
	contains "$err" "10.ini:3: [app] workdir: change to the working directory '$PWD/made/it': No such"
	status 111 gw plan true
	contains "$err" "error: conf/10.ini:3: [app] workdir: change to the working directory '$PWD/made/it'"
	touch it made
	status 111 gw plan true
	contains "$err" "[app] workdir: '$PWD/made/it': 'made' on the way is a file, not a directory"
	rm it made
	printf '[directory:it]\npath = made/it\n' | drop_in 20.ini
	status 0 gw plan
	lacks "$err" "would not start"
	status 0 gw run
}

a_source_that_is_missing_is_named_by_its_key() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = state
		[secret:source]
		source = gone.age
		identity = /gone
		env = A
		[secret:identity]
		source = ../there.age
		identity = gone
		env = B
		[exec:inputs]
		command = true
		inputs = -gone 10.ini gone
		[directory:source]
		path = d
		source = gone
		[database:migrations]
		path = d.db
		migrations = gone
		[file:absolute]
		path = f
		source = /gone
		[file:there]
		path = there.age
	END
	status 111 gw plan
	for at in "13: [exec:inputs] inputs: '$PWD/conf/gone'" \
		"9: [secret:identity] identity: '$PWD/conf/gone'" \
		"16: [directory:source] source: '$PWD/conf/gone'" \
		"19: [database:migrations] migrations: '$PWD/conf/gone'"; do
		contains "$out" "10.ini:$at is missing (it starts at the directory of the drop-in)"
	done
	contains "$out" "10.ini:5: [secret:source] identity: '/gone' is missing"
	contains "$out" "10.ini:22: [file:absolute] source: '/gone' is missing"
	equal 4 "$(grep -c "starts at" "$out")"
}

check_looks_at_inputs_beside_the_drop_in() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = state
		[file:made]
		path = conf/made
		[exec:inputs]
		command = true
		inputs = -gone 10.ini made migrations gone
		[exec:later]
		command = true
		inputs = /gone
	END
	mkdir conf/migrations
	status 100 gw check
	contains "$err" "10.ini:7: [exec:inputs] inputs: '$PWD/conf/gone' is missing (it starts at the directory of the drop-in)"
	contains "$err" "10.ini:7: [exec:inputs] inputs: '$PWD/conf/migrations' is a directory, not a file; name the files in it"
	contains "$err" "2 errors in the configuration"
}

a_step_whose_program_is_not_found_would_fail() {
	function plans_as_error { # LINES… ERROR
		printf '%s\n' "${@:1:$#-1}" | drop_in 10.ini
		status 111 gw plan
		contains "$out" "${*: -1}"
		matches "$out" '^! '
		status 111 gw apply
		contains "$err" "${*: -1}"
	}
	mkdir scripts
	touch scripts/a.sql
	plans_as_error '[exec:e]' 'command = nosuch x' 'env = PATH=/nodir:/bin' \
		"[exec:e]: command 'nosuch' not found in PATH (/nodir:/bin)"
	plans_as_error '[exec:e]' "command = $PWD/nosuch x" "[exec:e]: command '$PWD/nosuch' not found"
	plans_as_error '[exec:e]' 'command = ./nosuch x' 'workdir = /' "[exec:e]: command './nosuch' not found"
	plans_as_error '[exec:e]' 'command = ./nosuch.d/' "[exec:e]: command './nosuch.d/' not found"
	plans_as_error '[exec:e]' 'command = true' "workdir = $PWD/nodir" \
		"[exec:e]: change to the working directory '$PWD/nodir': No such file or directory"
	plans_as_error '[exec:e]' 'command = ./scripts' 'scripts = *.sql:nosuch {}' \
		"[exec:e]: a.sql: command 'nosuch' not found in PATH ("
	plans_as_error '[exec:e]' 'command = true' 'check = nosuch' \
		"[exec:e] check: command 'nosuch' not found in PATH ("
	plans_as_error '[file:f]' 'path = f' 'validate = nosuch {file}' \
		"[file:f] validate: command 'nosuch' not found in PATH ("
	plans_as_error '[file:f]' 'path = d' 'source = ../scripts' 'validate = nosuch {dir}' \
		"[file:f] validate: command 'nosuch' not found in PATH ("
	missing f d
}

a_program_that_an_earlier_step_may_make_is_none_that_would_fail() {
	function plans {
		printf '%s\n' "$@" | drop_in 10.ini
		status 0 gw plan
		! grep '^!' "$out" || fail "would fail"
	}
	mkdir dist conf.d real
	printf '#!/bin/sh\n' >dist/program
	chmod 755 dist/program
	ln -s real linked
	plans '[exec:a]' 'command = true' '[exec:b]' 'command = nosuch'
	plans '[exec:a]' 'command = true' '[exec:b]' 'command = nosuch' 'workdir = nodir'
	plans '[exec:a]' 'command = touch {file}' 'creates = made/x' '[exec:b]' "command = $PWD/made/x"
	plans '[file:a]' 'path = bin/x' 'mode = 0755' '[exec:b]' 'command = x' "env = PATH=$PWD/bin"
	plans '[directory:a]' 'path = app' 'source = ../dist' '[exec:b]' "command = $PWD/app/program"
	plans '[directory:a]' 'path = real/app' 'source = ../dist' '[exec:b]' "command = $PWD/linked/app/program"
	plans '[directory:a]' 'path = w' '[exec:b]' 'command = true' 'workdir = w'
	plans '[directory:a]' 'path = w/x' '[exec:b]' 'command = true' 'workdir = w'
	plans '[exec:a]' 'command = true' 'export = PATH' '[exec:b]' 'command = nosuch'
	plans '[exec:b]' 'command = nosuch' 'creates = dist/program'
	plans '[file:f]' 'path = dist/program' 'validate = nosuch {file}'
	# A step that waits for one may make it, too.
	plans '[file:a]' 'path = input' '[exec:b]' 'command = true' 'inputs = ../input' \
		'[exec:c]' 'command = nosuch' '[bootstrap]' 'state = state'
	matches "$out" '^\? exec:b '
	# Where the directory alone is made, nothing is in it.
	printf '%s\n' '[directory:a]' 'path = app' '[exec:b]' "command = $PWD/app/program" | drop_in 10.ini
	status 111 gw plan
	matches "$out" "^! exec:b .*command '$PWD/app/program' not found"
}

# They cannot be found again in what is shown.
diff_shows_no_short_secret() {
	echo 1357 >pin
	printf 'PIN=old\nX=1\n' >there.env
	chmod 600 there.env
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = APP_PIN
		[file:new]
		path = new
		content = pin=${file:../pin} ${APP_PIN} ${APP_PIN:-1} ${APP_PIN%7}
		[file:set]
		path = there.env
		policy = edit
		set =
		  PIN=${APP_PIN}
		  X=2
		[file:env]
		path = e.env
		from_env = APP_{key}
	END
	status 0 env APP_PIN_FILE=pin "$GROUNDWORK" -c conf plan --diff
	contains "$out" '+pin=*** *** *** ***'
	contains "$out" '+PIN='
	contains "$out" '+X=2'
	lacks "$out" 135
	status 0 env APP_PIN_FILE=pin "$GROUNDWORK" -c conf apply
	equal 'pin=1357 1357 1357 135' "$(cat new)"
	equal 'PIN=1357' "$(cat e.env)"
}

diff_shows_the_lines_that_would_change() {
	printf 'a=1\nb=2\nc=3\n' >changed
	printf 'password=older\nport=1\n' >closed
	chmod 600 closed
	mkdir -p "$TEST_DIR/secret"
	printf 'first\nsecond\n' >"$TEST_DIR/secret/key"
	drop_in 10.ini <<-END
		[file:changed]
		path = changed
		policy = manage
		content =
		  a=1
		  b=two
		  c=3
		[file:closed]
		path = closed
		policy = manage
		content =
		  password=\${file:$TEST_DIR/secret/key}
		  port=1
		[file:new]
		path = new
		content =
		  $(printf 'escape \033[31m')
		[file:there]
		path = changed.txt
		content = x
	END
	echo x >changed.txt
	status 0 gw plan --diff
	grep '^    ' "$out" >lines
	diff - lines <<-END
		    --- $PWD/changed
		    +++ $PWD/changed
		    @@ -1,3 +1,3 @@
		     a=1
		    -b=2
		    +b=two
		     c=3
		    --- $PWD/closed
		    +++ $PWD/closed
		    @@ -1,2 +1,2 @@
		    -***
		    +password=***
		     port=1
		    --- /dev/null
		    +++ $PWD/new
		    @@ -0,0 +1 @@
		    +escape \x1b[31m
	END
	lacks "$out" first
	lacks "$out" second
	lacks "$out" older
	status 0 gw plan --diff --format json
	lacks "$out" second
	python3 -c 'import json, sys
steps = json.load(open(sys.argv[1]))["steps"]
assert "+b=two" in steps[0]["diff"] and "diff" not in steps[3], steps' "$out"
	status 0 gw plan
	lacks "$out" "b=two"
	status 100 gw --diff apply
	contains "$err" "--diff is of 'plan'"
}

user_what_may_not_be_written_would_fail() {
	all_kinds
	chmod 555 there
	each_would_fail "Permission denied" gw
	chmod 755 there
}

# A directory that an earlier step opens, or that a command may, is no error yet.
user_what_an_earlier_step_opens_would_not_fail() {
	drop_in 10.ini <<-'END'
		[directory:there]
		path = there
		mode = 0755
		[file:new]
		path = there/new
		[exec:open]
		command = chmod 755 other
		order = 1
		[file:other]
		path = other/new
	END
	mkdir there other
	chmod 555 there other
	status 0 gw plan
	status 0 gw apply
}

# A directory that is missing is made on the way, also where a ".." is behind it.
a_path_that_leads_up_is_planned_as_it_is_made() {
	drop_in 10.ini <<-'END'
		[directory:a]
		path = n/../e
		[directory:b]
		path = b/c o/../e/in
		[file:f]
		path = b/c/../../m/../f
		[exec:x]
		command = touch {file}
		creates = k/../x
	END
	status 0 gw plan
	contains "$out" "the directory '$PWD/n/../e' (0755), and on the way '$PWD/n'"
	contains "$out" "the directory '$PWD/b/c' (0755), and on the way '$PWD/b'; create"
	contains "$out" "the directory '$PWD/o/../e/in' (0755), and on the way '$PWD/o'"
	contains "$out" "m/../f' (0644, empty), and on the way '$PWD/m'"
	contains "$out" "touch {file}, and on the way '$PWD/k'"
	lacks "$out" "..'"
	status 0 gw apply
	equal "b conf e f k m n o x" "$(echo *)"
	status 0 gw plan
	contains "$out" "4 steps: nothing to do, 4 in place"
	rmdir k m n o
	status 0 gw plan
	contains "$out" "? directory:a  not known before '$PWD/n' is made, on the way to '$PWD/e', which exists"
	contains "$out" "/m' is made, on the way to '$PWD/b/c/../../f', which exists"
	contains "$out" "4 steps: 4 unknown"
	status 0 gw apply
	matches "$err" 'file:f .*already there'
	exists k m n o
}

user_what_a_path_leads_up_to_is_looked_at() {
	printf '[directory:a]\npath = n/../closed/a\n' | drop_in 10.ini
	mkdir closed
	chmod 555 closed
	status 111 gw plan
	contains "$out" "n/../closed/a': Permission denied"
	status 111 gw apply
	contains "$err" "n/../closed/a': Permission denied"
}

root_what_is_on_a_read_only_mount_would_fail() {
	all_kinds
	printf '[file:mode]\npath = there/mode\nmode = 0600\n' >>conf/10.ini
	touch there/mode
	needs_mounts
	each_would_fail "Read-only file system" where_it_is_read_only
}

# same_warnings: of a plan and of the start behind it.
function same_warnings {
	status 0 gw plan
	grep warning "$err" >planned || true
	status 0 gw apply
	grep warning "$err" | diff planned -
}

root_warnings_are_about_the_owners_that_earlier_steps_will_have_given() {
	local how
	for how in full mismatch; do
		printf '%s\n' '[app]' 'user = 4711' '[directory:v]' 'path = vol' 'owner = 4711' \
			"recursive = $how" 'exclude = n' '[key:k]' 'path = vol/k' '[file:n]' \
			'path = vol/n' | drop_in 10.ini
		mkdir vol
		(umask 077 && printf '%064d\n' 1 | tee vol/k >vol/n)
		same_warnings
		contains_once planned "'$PWD/vol/n' (0:0, 0600) cannot be read by"
		equal 1 "$(wc -l <planned)"
		rm -r vol
	done
	mkdir vol from
	touch from/x
	printf '%s\n' '[app]' 'user = nobody' '[directory:v]' 'path = vol' 'source = ../from' \
		'merge = missing' '[directory:w]' 'path = vol/new' 'mode = 0700' 'owner = root' | drop_in 10.ini
	same_warnings
	contains_once planned "conf/10.ini:3: [directory:v] '$PWD/vol' (0:0, 0755) cannot be written by the application's user $(id -u nobody) (nobody); write owner = nobody into"
	contains_once planned "'$PWD/vol/new' (0:0, 0700) cannot be entered by the application's user $(id -u nobody) (nobody)"
}

# By its glob with a slash, as it has several links or is another mount, or without `recursive`; and the
# group is given, too.
root_warnings_are_about_what_an_earlier_step_leaves_as_it_is() {
	printf '%s\n' '[app]' 'user = 4711' '[directory:a]' 'path = vol' 'owner = 4711' 'group = 4712' \
		'recursive = full' 'exclude = c/x' '[directory:x]' 'path = vol/c/x' '[directory:y]' \
		'path = vol/y' '[file:l]' 'path = vol/l' '[file:g]' 'path = vol/g' '[file:s]' \
		'path = vol/s' '[directory:m]' 'path = vol/m' '[directory:b]' 'path = top' 'owner = 4711' \
		'[file:t]' 'path = top/t' | drop_in 10.ini
	mkdir -p vol/c/x vol/y vol/m top
	(umask 077 && touch vol/l vol/g vol/s top/t)
	ln vol/l l
	chmod 0 vol/s
	cat >both <<-'END'
		mount -t tmpfs -o mode=700 tmpfs vol/m
		"$GROUNDWORK" -c conf plan 2>&1 >/dev/null | grep warning >planned
		"$GROUNDWORK" -c conf apply 2>&1 | grep warning | diff planned -
	END
	status 0 unshare -m sh both
	contains_once planned "[directory:x] '$PWD/vol/c/x' (0:0, 0755) cannot be written by"
	contains_once planned "'$PWD/vol/l' (0:0, 0600) cannot be read by"
	contains_once planned "'$PWD/vol/s' (4711:4712, 0000) cannot be read by"
	contains_once planned "'$PWD/vol/m' (0:0, 0700) cannot be"
	contains_once planned "'$PWD/top/t' (0:0, 0600) cannot be read by"
	equal 5 "$(wc -l <planned)"
}

# Also where that is the step of the directory above, and the other way round.
root_warnings_are_about_the_last_one_that_gives_an_owner() {
	local last
	for last in '[directory:a]\npath = vol/z\n%s\nowner = 4713\n[directory:b]\npath = vol\n%s\nowner = 4711\n' \
		'[directory:a]\npath = vol\n%s\nowner = root\n[directory:b]\npath = vol/z\n%s\nowner = 4711\n'; do
		# shellcheck disable=SC2059
		printf "[app]\nuser = 4711\n${last}[file:f]\npath = vol/z/f\n" \
			'recursive = full' 'recursive = full' | drop_in 10.ini
		mkdir -p vol/z
		(umask 077 && touch vol/z/f vol/o)
		chown 4712 vol/z/f vol/o
		status 0 gw plan
		lacks "$err" warning
		status 0 gw apply
		lacks "$err" warning
		mode vol/z/f 600 4711:0
		rm -r vol
	done
}

root_what_an_owner_decides_is_not_known_before_an_earlier_step_gives_it() {
	mkdir -m 1777 vol
	mkdir vol/d
	chown 1234 vol/d
	printf '%s\n' '[directory:y]' 'path = vol/d' 'owner = 4711' '[file:x]' 'path = vol/d/f' | drop_in 10.ini
	status 0 gw plan
	contains "$out" "not known before directory:y has run: '$PWD/vol/d/f': unsafe path: 'd' belongs to user 1234"
	status 111 gw apply
	contains "$err" "'d' belongs to user 4711, and lies in a directory where others may put"
	status 111 gw plan
	contains "$out" "'d' belongs to user 4711, and lies in a directory where others may put"
}

# "In place", it said, and the start that followed would not walk there.
root_what_others_will_control_is_not_known_before_an_earlier_step_gives_it() {
	printf '%s\n' '[directory:a]' 'path = top' 'owner = 4711' 'recursive = full' 'exclude = cache' \
		'[directory:s]' 'path = top/cache/sub' '[file:f]' 'path = top/cache/f' '[file:g]' \
		'path = top/cache/g' 'content = x' '[file:h]' 'path = top/h' '[exec:x]' 'command = true' \
		'creates = top/cache/x' | drop_in 10.ini
	mkdir -p top/cache/sub
	touch top/cache/f top/h
	chown 1234 top/cache
	status 0 gw plan
	local step unsafe="unsafe path: 'cache' belongs to user 1234, and what leads to it is controlled by user 4711"
	for step in directory:s file:f file:g; do
		matches "$out" "^\? $step +not known before directory:a has run: '.*': $unsafe"
	done
	matches "$out" '^= file:h '
	matches "$out" '^\+ exec:x '
	matches "$out" '^6 steps: 1 to make, 1 to change, 1 in place, 3 unknown'
	status 111 gw apply
	contains "$err" "[directory:s]: '$PWD/top/cache/sub': $unsafe"
}

a_directory_that_is_not_empty_is_said_to_be_left() {
	mkdir vol from
	touch from/a vol/b
	printf '%s\n' '[directory:v]' 'path = vol' 'source = ../from' | drop_in 10.ini
	status 0 gw plan
	contains "$out" "= directory:v  '$PWD/vol' is not empty, and nothing is copied into it"
	status 0 gw apply
	contains "$err" "= directory:v  '$PWD/vol' is not empty, and nothing is copied into it"
	missing vol/a
	rm vol/b
	status 0 gw apply
	exists vol/a
}

root_whose_directories_on_the_way_are_is_said_where_it_is_not_the_application() {
	printf '%s\n' '[app]' 'user = 4711' '[directory:a]' 'path = srv' '[directory:b]' 'path = srv/x/b' \
		'[directory:r]' 'path = r' 'owner = root' '[file:f]' 'path = r/x/y/f' | drop_in 10.ini
	status 0 gw plan
	matches "$out" "directory:b +create the directory '$PWD/srv/x/b' \(0755\), and on the way '$PWD/srv/x'$"
	matches "$out" "'$PWD/r/x', '$PWD/r/x/y' \(user 0's, as what they are in\)$"
	status 0 gw apply
	mode srv/x 755 4711:4711
	mode r/x/y 755 0:0
	mode r/x/y/f 644 4711:4711
}

a_validation_that_a_plan_does_not_run_is_named() {
	mkdir from
	touch from/a from/b
	printf '%s\n' '[file:f]' 'path = f' 'content = x' 'policy = manage' 'validate = false {file}' \
		'[file:d]' 'path = d' 'source = ../from' 'validate = false {dir}' | drop_in 10.ini
	status 0 gw plan
	matches "$out" "file:f +create '$PWD/f' \(0644\); \`validate\` was not run$"
	contains_once "$out" "create '$PWD/d/a'"
	equal 2 "$(grep -o 'was not run' "$out" | wc -l)"
	echo x >f
	chmod 600 f
	printf '[file:f]\nmode = 644\n' | drop_in 20.ini
	status 0 gw plan
	matches "$out" "file:f +fix '$PWD/f': mode 0600, not 0644$"
}

# `when` of steps and of [bootstrap] is judged for the command that is named.
a_plan_may_name_the_command() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		when = command:sh|server
		[link:always]
		path = always
		target = x
		[link:server]
		path = server
		target = x
		when = command:server arg:--fast
	END
	status 0 gw plan
	contains "$out" "· link:server"
	status 0 gw plan sh -c x
	contains "$out" "+ link:always"
	contains "$out" "· link:server"
	status 0 gw plan -- server --fast
	contains "$out" "+ link:server"
	contains "$err" "the application would not start: command 'server' not found in PATH ("
	# What stands behind it is its own.
	status 0 gw plan /bin/server --fast --format=json
	contains "$out" "+ link:server"
	status 0 gw plan true
	contains "$err" "no bootstrap: when: 'command:sh|server' does not hold"
	lacks "$err" "of [app]"
	printf '[app]\nenv = A=1\n' | drop_in 20.ini
	for command in run plan; do
		status 0 gw "$command" true
		contains_once "$err" "no bootstrap: when: 'command:sh|server' does not hold; nothing of [app] is used"
	done
	contains "$out" "0 steps"
	status 0 gw --format json plan -- server --fast
	contains "$out" '"link:server"'
	missing always
}

# Who mistypes an option or a subcommand does not ask for the plan of a program.
a_plan_for_what_is_no_program_is_an_error() {
	printf '[link:l]\npath = l\ntarget = x\n' | drop_in 10.ini
	status 127 gw plan nowhere-at-all
	contains "$err" "command 'nowhere-at-all' not found"
	equal "" "$(cat "$out")"
	status 127 gw plan chekc
	contains "$err" "did you mean 'check'?"
	missing l
}

words_that_match_are_added_in_a_plan_too() {
	drop_in 10.ini <<-'END'
		[app]
		command = sh -c true
		[link:l]
		path = l
		target = x
		when = arg:--fast
	END
	status 0 gw plan
	contains "$out" "· link:l"
	status 0 gw plan -- --fast
	contains "$out" "+ link:l"
}

user_what_a_command_makes_by_a_temporary_name_would_fail() {
	drop_in 10.ini <<-'END'
		[exec:file]
		command = touch {file}
		creates = closed/file
		[exec:dir]
		command = mkdir {dir}/x
		creates = closed/dir
		[directory:s]
		path = full
		source = ../from
		merge = missing
	END
	mkdir closed full from
	touch from/new full/old
	chmod 555 closed full
	status 111 gw plan
	matches "$out" "^! exec:file .*Permission denied"
	matches "$out" "^! exec:dir .*Permission denied"
	matches "$out" "^! directory:s .*Permission denied"
	chmod 755 closed full
	status 0 gw plan
	status 0 gw apply
	exists closed/file closed/dir/x full/new
}

root_what_another_user_owns_in_a_sticky_directory_would_fail() {
	printf '%s\n' '[file:t]' 'path = st/f' 'policy = manage' 'content = x' '[absent:a]' 'path = st/g' | drop_in 10.ini
	mkdir -m 1777 st
	touch st/f st/g
	chown 4242 st/f st/g
	chmod 666 st/f
	status 111 setpriv --reuid 10001 --regid 10001 --clear-groups "$GROUNDWORK" -c conf plan
	matches "$out" "^! file:t .*Operation not permitted"
	matches "$out" "^! absent:a .*Operation not permitted"
	chown 10001 st/f st/g
	status 0 setpriv --reuid 10001 --regid 10001 --clear-groups "$GROUNDWORK" -c conf plan
}

# as_planned: a start gives each step the mark that the plan has given it, and neither warns.
function as_planned {
	status 0 gw plan
	lacks "$err" "warning: "
	lacks "$out" "cannot be"
	sed -n 's/^\([-+~=] [^ ]*\) .*/\1/p' "$out" >planned
	status 0 gw apply
	lacks "$err" "warning: "
	sed -n 's/^groundwork: \([-+~=] [^ ]*\) .*/\1/p' "$err" | diff planned - || fail "the start is another"
}

# Each is made on the way by the step before it.
root_a_directory_made_on_the_way_becomes_what_a_later_step_writes() {
	drop_in 10.ini <<-'END'
		[directory:cache]
		path = data/cache
		[directory:data]
		path = data
		owner = 10001
		writable_by = 10001
		[directory:data2]
		path = data
		owner = 10001
		[directory:data3]
		path = data/in
		writable_by = 10001
		[file:f]
		path = logs/f
		order = 1
		[directory:logs]
		path = logs
		mode = 0777
		writable_by = 10001
		[key:k]
		path = keys/k
		order = 1
		[directory:keys]
		path = keys
		mode = 0700
		[directory:keys2]
		path = keys
		owner = 10001
	END
	as_planned
	equal "~ directory:data" "$(grep 'directory:data$' planned)"
	equal "= directory:data2" "$(grep 'directory:data2$' planned)"
	mode data 755 10001:0
	mode data/in 755 10001:0
	mode keys 700 10001:0
}

# What is made before its parent is given away stays whose it is, unless `recursive` takes it.
root_a_directory_made_before_its_parent_is_given_away_is_not() {
	mkdir there
	drop_in 10.ini <<-'END'
		[directory:a]
		path = data/cache there/cache all/cache
		[directory:b]
		path = data there
		owner = 10001
		[directory:c]
		path = data/cache
		owner = 10001
		[directory:d]
		path = there/cache
		owner = 10001
		[directory:e]
		path = all
		owner = 10001
		recursive = full
		[directory:f]
		path = all/cache
		owner = 10001
	END
	as_planned
	equal "~ directory:c" "$(grep 'directory:c$' planned)"
	equal "~ directory:d" "$(grep 'directory:d$' planned)"
	equal "= directory:f" "$(grep 'directory:f$' planned)"
}

user_a_directory_made_on_the_way_is_closed_by_a_later_step() {
	drop_in 10.ini <<-'END'
		[directory:cache]
		path = data/cache
		[directory:data]
		path = data
		mode = 0700
	END
	as_planned
	contains "$err" "1 made, 1 changed"
	mode data 700
}

a_plan_knows_what_an_earlier_step_puts_into_a_directory() {
	mkdir -p m empty
	touch m/f m/left
	drop_in 10.ini <<-'END'
		[directory:a]
		path = data/cache
		[directory:b]
		path = data
		source = ../m
		[directory:c]
		path = excluded/cache
		[directory:d]
		path = excluded
		source = ../m
		exclude = cache
		[directory:e]
		path = empty/cache
		[directory:f]
		path = empty
		source = ../m
	END
	as_planned
	equal $'+ directory:a\n= directory:b\n+ directory:c\n~ directory:d\n+ directory:e\n= directory:f' "$(cat planned)"
	contains "$err" "'$PWD/data' is not empty, and nothing is copied into it"
	missing data/f empty/f
	exists excluded/f
}

what_a_command_may_put_into_a_directory_is_not_known() {
	mkdir m d
	touch m/f
	drop_in 10.ini <<-'END'
		[exec:e]
		command = touch {file}
		creates = d/x
		order = 1
		[directory:d]
		path = d
		source = ../m
	END
	status 0 gw plan
	contains "$out" "? directory:d  not known before exec:e has made '$PWD/d/x'"
	status 0 gw apply
	missing d/f
}

what_is_copied_to_a_path_is_not_known_before() {
	mkdir m
	touch m/f m/left
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		source = ../m
		exclude = left
		[file:f]
		path = d/f
		content = text
		[file:left]
		path = d/left
		[file:other]
		path = d/other
	END
	status 0 gw plan
	contains "$out" "? file:f       not known before '$PWD/d/f' is copied from '$PWD/conf/../m'"
	contains "$out" "+ file:left    create "
	contains "$out" "+ file:other   create "
	status 0 gw apply
	contains "$err" "= file:f "
	equal "" "$(cat d/f)"
	as_planned
}
