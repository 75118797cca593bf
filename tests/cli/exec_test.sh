#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `exec`: commands, what they make, what they get, and what they say.

# Most of these tests hand $NAME and ${…} to others than this shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# ---- values ----

no_value_becomes_code() {
	local command
	for command in "sh -c 'echo \${DB}'" "bash -euo pipefail -c 'createdb \${DB:-app}'" \
		"env A=1 /bin/dash -c \"echo \${DB}\"" "busybox ash -ec 'echo \${A:+\${DB}}'" \
		"su -c 'echo \${DB}' app" "timeout 5 sh -c \${DB}" "python3 -c 'print(\${DB})'" \
		"xargs -r perl -ne 'print \${DB}'" "env -S 'app \${DB}'" "watch -n 1 echo \${DB}" \
		"ssh host createdb \${DB}" "awk 'BEGIN { print \${DB} }'"; do
		printf '[exec:e]\ncommand = %s\n' "$command" | drop_in 10.ini
		status 100 env DB='$(touch pwned)' "$GROUNDWORK" -c conf check
		matches "$err" 'conf/10.ini:2:[0-9]+: \[exec:e\] command: the value of \$\{(DB|A)\} would be run as code by'
		status 100 env DB='$(touch pwned)' "$GROUNDWORK" -c conf apply
	done
	drop_in 10.ini <<-'END'
		[exec:e]
		check = sh -c 'test ${A} = 1'
		[file:f]
		path = f
		validate = sh -c 'grep -q ${A} {file}'
		[app]
		command = sh -c 'exec ./server --port ${A}'
	END
	status 100 "$GROUNDWORK" -c conf check
	equal 3 "$(grep -c 'would be run as code by sh' "$err")" "errors"
	equal conf "$(ls)" "what is there"
}

no_form_of_a_key_stands_in_a_command() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		[exec:e]
		command = echo ${words:A:+b} ${key:k:+y}
	END
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "conf/10.ini:4:30: [exec:e] command: '\${key:k}' cannot stand in a command, in any of its forms"
	status 100 "$GROUNDWORK" -c conf apply
	equal conf "$(ls)" "what is there"
}

what_an_option_turns_out_to_be_is_judged_before_the_first_step() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		[exec:e]
		command = ${INTERPRETER} ${FLAG} 'echo ${DB}'
	END
	status 0 env INTERPRETER=echo FLAG=-c DB=x "$GROUNDWORK" -c conf apply
	rmdir d
	status 100 env INTERPRETER=/bin/sh FLAG=-c DB='$(touch pwned)' "$GROUNDWORK" -c conf apply
	matches "$err" 'conf/10.ini:4:34: \[exec:e\] command: the value of \$\{DB\} would be run as code by sh'
	equal conf "$(ls)" "what is there"
}

values_are_handed_to_a_shell_as_data() {
	drop_in 10.ini <<-'END'
		[exec:argument]
		command = sh -c 'printf "%s\n" "$1" >argument' sh ${DB}
		[exec:environment]
		command = sh -c 'printf "%s\n" "$DB $${NONE:-none}" >environment'
	END
	status 0 env DB='$(touch pwned) "`;' "$GROUNDWORK" -c conf apply
	equal '$(touch pwned) "`;' "$(cat argument)"
	equal '$(touch pwned) "`; none' "$(cat environment)"
	equal "argument conf environment" "$(echo *)" "what is there"
}

one_reference_may_be_many_words() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'printf "<%s>" "$@" >words' sh a ${words:MORE} ${words:NONE:-} ${MORE} ${words:EMPTY}
		[app]
		command = printf '<%s>' ${words:MORE} end
	END
	status 0 env MORE="b  'c d' \${X} *" EMPTY= "$GROUNDWORK" -q -c conf
	equal "<a><b><'c><d'><\${X}><*><b  'c d' \${X} *>" "$(cat words)"
	equal "<b><'c><d'><\${X}><*><end>" "$(cat "$out")"
}

many_words_stand_in_a_command_alone() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = echo a${words:MORE} "${words:MORE} b"
		env = A=${words:MORE}
		[file:f]
		path = ${words:MORE}
		content = ${words:MORE}
		[key:k]
		path = k
		env = K
		[exec:f]
		command = echo ${words:K}
	END
	status 100 "$GROUNDWORK" -c conf check
	local place
	for place in 2:17 2:31 3:9 5:8 6:11; do
		matches "$err" "conf/10.ini:$place: .*'\\$\{words:NAME\}' is only a whole word of a command"
	done
	matches "$err" 'conf/10.ini:11: \[exec:f\] command: \$\{K\} would show a secret'
}

a_command_without_a_check_runs_at_every_start() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo x >>ran'
	END
	status 0 gw apply
	status 0 gw apply
	equal 2 "$(wc -l <ran)" "times"
	status 2 gw plan --exit-code
}

creates_makes_it_run_once() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo x >>made'
		creates = made
	END
	status 2 gw plan --exit-code
	contains "$out" "'$PWD/made'"
	status 0 gw apply
	status 0 gw apply
	contains "$err" "1 in place"
	equal 1 "$(wc -l <made)" "times"
}

a_command_that_does_not_make_what_it_creates_has_failed() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = true
		creates = made
	END
	status 111 gw apply
	contains "$err" "'$PWD/made' is missing"
}

what_is_made_beside_a_file_is_published_with_it() {
	printf '%s\n' '[exec:key]' 'command = sh -c "echo key >$1; echo half >$1.pub" sh {file}' \
		'creates = id' | drop_in 10.ini
	status 0 gw apply
	lacks "$err" warning
	equal key "$(<id)"
	equal half "$(<id.pub)"
	equal $'conf\nid\nid.pub' "$(ls)"
	equal $'.\n..\nconf\nid\nid.pub' "$(ls -a)"
	status 0 gw apply
	contains "$err" "1 in place"
}

a_plan_does_not_know_what_is_made_beside_a_file() {
	drop_in 10.ini <<-'END'
		[exec:key]
		command = sh -c 'echo key >$1; echo half >$1.pub' sh {file}
		creates = id
		[bootstrap]
		fail_fast = no
		[defaults:file]
		order = 31
		[file:reads]
		path = reads
		content = ${file:../id.pub}
		[file:copies]
		path = copies
		source = ../id.pub
		[file:makes]
		path = id.conf
		content = x
		[file:other]
		path = other
		source = ../other.pub
	END
	status 111 gw plan
	matches "$out" '\? file:reads'
	matches "$out" '\? file:copies'
	matches "$out" '\+ file:makes '
	matches "$out" '! file:other '
	mv conf/10.ini all
	sed '/file:other/,$d' all | drop_in 10.ini
	status 0 gw plan
	status 0 gw apply
	equal "half half x" "$(cat reads copies id.conf | xargs)"
}

what_is_beside_a_file_replaces_nothing() {
	printf '%s\n' '[exec:key]' 'command = sh -c "echo key >$1; echo half | tee $1.a >$1.pub" sh {file}' \
		'creates = id' | drop_in 10.ini
	echo theirs >id.pub
	status 111 gw apply
	contains "$err" "'$PWD/id.pub', which the command makes with '$PWD/id', exists already, and was left as it is; nothing was published: move it away"
	equal theirs "$(<id.pub)"
	equal $'.\n..\nconf\nid.pub' "$(ls -a)"
	rm id.pub
	status 0 gw apply
	equal half "$(<id.pub)"
}

# Where locks are not seen, a start that was stopped for a minute may be taken for a killed one.
what_another_start_took_for_left_is_not_published() {
	local act=${GROUNDWORK%/*}/act_before
	[[ -x $act ]] || skip "act_before was not built"
	drop_in 10.ini <<-'END'
		[exec:key]
		command = sh -c 'echo key >$1; echo half >$1.pub' sh {file}
		creates = v/id
		retries = 0
	END
	mkdir v
	# The list, what is listed, and then the file.
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
		status 111 "$act" rename 2 'rm v/.id.groundwork-beside' "$GROUNDWORK" -c conf apply
	contains "$err" "another start took what was to be published with '$PWD/v/id' for what a"
	empty v
	status 0 gw apply
	equal "key half" "$(cat v/id v/id.pub | xargs)"
}

what_many_starts_make_beside_a_file_is_of_one_of_them() {
	drop_in 10.ini <<-'END'
		[exec:pair]
		command = sh -c 'read -r uuid </proc/sys/kernel/random/uuid
		  for i in "" .pub .crt; do echo $uuid >"$1$i"; done' sh {file}
		creates = v/id
	END
	local round pids one
	for round in 1 2 3; do
		rm -rf v pids
		pids=()
		for one in {1..16}; do
			"$GROUNDWORK" -q -c conf apply 2>"err$one" &
			pids+=($!)
		done
		for one in "${pids[@]}"; do
			wait "$one" || fail "round $round: $(cat err*)"
		done
		equal $'.\n..\nid\nid.crt\nid.pub' "$(ls -a v)" "round $round"
		equal 1 "$(cat v/* | sort -u | wc -l)" "round $round: starts that the files are of"
	done
}

user_what_is_made_beside_a_file_is_published_with_it() {
	printf '%s\n' '[exec:key]' 'command = sh -c "echo key >$1; echo half >$1.pub" sh {file}' \
		'creates = id' | drop_in 10.ini
	status 0 gw apply
	equal "key half" "$(cat id id.pub | xargs)"
}

root_what_is_made_beside_a_file_belongs_to_who_made_it() {
	mkdir v
	chown 1000:1000 v
	drop_in 10.ini <<-'END'
		[defaults:exec]
		command = sh -c 'echo key >$1; echo half >$1.pub' sh {file}
		[exec:root]
		creates = v/root
		[exec:user]
		creates = v/user
		user = 1000
		group = 1000
		[exec:other]
		creates = v/other
		user = 1001
		group = 1001
	END
	status 0 gw apply
	equal "1001 1001 0 0 1000 1000" "$(stat -c %u v/other{,.pub} v/root{,.pub} v/user{,.pub} | xargs)"
	equal $'.\n..\nother\nother.pub\nroot\nroot.pub\nuser\nuser.pub' "$(ls -a v)"
}

a_database_that_was_not_closed_is_not_published() {
	printf '%s\n' '[exec:db]' 'command = sh -c "echo db >$1; printf %s \"$LOG\" >$1-wal" sh {file}' \
		'creates = app.db' | drop_in 10.ini
	LOG=rows status 111 gw apply
	contains "$err" "the command did not close the database that was to become '$PWD/app.db', and what is in its '-wal' would be lost"
	equal conf "$(ls)"
	LOG='' status 0 gw apply
	equal db "$(<app.db)"
}

a_database_with_half_a_transaction_is_not_published() {
	command -v sqlite3 >/dev/null || skip "no sqlite3 here"
	drop_in 10.ini <<-'END'
		[exec:db]
		command = sh -c 'sqlite3 "$1" "PRAGMA journal_mode = $MODE; CREATE TABLE a (b)"
		  test -z "$HALF" || printf "\331\325\005\371 half" >"$1-journal"' sh {file}
		creates = app.db
	END
	MODE=delete HALF=yes status 111 gw apply
	contains "$err" "the command left a transaction half done in the database that was to become '$PWD/app.db', as its '-journal' shows"
	equal conf "$(ls)"
	# Its journal stays, and begins with zeros.
	MODE=persist HALF='' status 0 gw apply
	equal $'app.db\nconf' "$(ls)"
}

a_public_key_of_a_start_that_was_killed_is_swept() {
	mkdir data
	touch -d '2 hours ago' data/.id.groundwork-0aaaaa{,.pub}
	touch data/.id.groundwork-0bbbbb.pub
	printf '%s\n' '[exec:key]' 'command = touch {file}' 'creates = data/id' | drop_in 10.ini
	status 0 gw apply
	equal ".id.groundwork-0bbbbb.pub id" "$(entries data)" "what is there"
}

file_is_published_whole_and_only_on_success() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo half >"$1"; test -e allowed; echo whole >>"$1"; exit $?' sh {file}
		creates = deep/made
	END
	sed -i 's/test -e allowed;/test -e allowed || exit 1;/' conf/10.ini
	status 111 gw apply
	empty deep
	touch allowed
	status 0 gw apply
	equal $'half\nwhole' "$(cat deep/made)"
	equal made "$(ls -A deep)"
}

file_that_is_not_written_is_an_error() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = true {file}
		creates = made
	END
	status 111 gw apply
	contains "$err" "wrote nothing to {file}"
	contains "$err" "if nothing had to be done, it says status=skipped in the file that GROUNDWORK_RESULT names"
	missing made
}

file_does_not_replace_what_another_process_made_meanwhile() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo ours >"$1"; echo theirs >made' sh {file}
		creates = made
	END
	status 0 gw apply
	equal theirs "$(cat made)"
	contains "$err" "another process made"
	equal $'conf\nmade' "$(ls -A)"
}

file_stands_anywhere_in_a_word() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = dd if=/dev/null of={file} status=none
		creates = made
	END
	status 0 gw apply
	exists made
}

file_without_creates_is_an_error() {
	drop_in 10.ini <<-'END'
		[exec:one]
		command = touch {file}
		[exec:two]
		creates = x
		[exec:three]
		description = nothing to do
	END
	status 100 gw apply
	matches "$err" '10.ini:2: '
	matches "$err" '10.ini:4: '
	matches "$err" '10.ini:5: '
}

a_description_stands_for_the_command() {
	drop_in 10.ini <<-'END'
		[exec:seed]
		description = seeds the shop
		command = sh -c '
		  echo one
		  echo two >made'
		creates = made
		requires = directory:d
		[exec:plain]
		command = sh -c '
		  set -eu
		  echo three'
		[directory:d]
		description = for uploads
		path = d
	END
	status 0 gw list
	matches "$out" "exec:seed +seeds the shop; requires directory:d$"
	matches "$out" "directory:d +for uploads$"
	status 0 gw list --format json
	contains "$out" '"id":"directory:d","kind":"directory","description":"for uploads",'
	contains "$out" '"id":"exec:plain","kind":"exec","order"'
	status 0 gw plan
	contains "$out" "make '$PWD/made': run: seeds the shop"
	contains "$out" "run: sh -c 'echo three'"
	status 0 gw plan --format json
	contains "$out" '"description":"seeds the shop"'
	status 0 gw --report report.json apply
	matches "$err" "exec:seed +ran: seeds the shop"
	matches "$err" "exec:plain +ran: sh -c 'echo three'"
	contains report.json '"description":"seeds the shop"'
	status 0 gw --report report.json status --format svg
	contains "$out" "; for uploads"
}

retries_of_its_own_hold_for_every_failure() {
	drop_in 10.ini <<-'END'
		[exec:late]
		command = sh -c 'echo >>tries; test "$(wc -l <tries)" -ge 3 && exit 0; exit 7'
		retries = 2
		retry_delay = 1ms
		[exec:ready]
		check = sh -c 'echo >>asked; test "$(wc -l <asked)" -ge 2'
		retries = 1
		retry_delay = 1ms
		[exec:made]
		command = sh -c 'echo >>made; test "$(wc -l <made)" -ge 2 && date >"$1"; exit 0' sh {file}
		creates = there
		retries = 1
		retry_delay = 1ms
	END
	status 0 gw apply
	equal 3 "$(wc -l <tries)" "attempts of the command"
	equal 2 "$(wc -l <asked)" "attempts of the check"
	equal 2 "$(wc -l <made)" "attempts of what makes it"
	contains "$err" "trying again"
	contains "$err" "10.ini:6: [exec:ready] check: the command"
	lacks "$err" "[exec:ready] [exec:ready]"
	rm tries
	drop_in 10.ini <<-'END'
		[exec:late]
		command = sh -c 'echo >>tries; exit 7'
	END
	status 111 gw apply
	equal 1 "$(wc -l <tries)" "attempts without retries of its own"
}

what_it_creates_is_looked_at_before_anything_is_expanded() {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'printf %s "$FIRST" >"$1"' sh {file}
		creates = made
		env = FIRST=${FIRST_PASSWORD:?set it for the first start}
		env += OTHER=${OTHER}
	END
	status 100 gw apply
	contains "$err" "set it for the first start"
	FIRST_PASSWORD=one OTHER='' status 0 gw apply
	status 0 gw apply
	contains "$err" "exec:init  '$PWD/made' is there"
	status 0 gw plan --exit-code
	status 100 gw --force exec:init apply
	contains "$err" "set it for the first start"
	equal one "$(cat made)"
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'printf %s "$FIRST" >"$1"' sh {file}
		creates = made
		env = FIRST=${file:/nowhere/secret}
	END
	status 0 gw apply
	rm made
	status 111 gw apply
	contains "$err" "/nowhere/secret"
}

# ---- {dir} ----

# entries DIRECTORY: the names in it.
function entries {
	(cd "$1" && shopt -s dotglob nullglob && echo *)
}

dir_is_published_whole_and_only_on_success() {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'echo >>tries; echo x >"$1/a"; mkdir "$1/sub"; echo y >"$1/sub/b"; exit "$CODE"' sh {dir}
		creates = data/db
	END
	CODE=3 status 111 gw apply
	empty data
	CODE=0 status 0 gw apply
	equal "x y" "$(cat data/db/a) $(cat data/db/sub/b)"
	mode data/db 700
	equal db "$(entries data)" "what is beside it"
	CODE=3 status 0 gw apply
	contains "$err" "'$PWD/data/db' is there"
	equal 2 "$(wc -l <tries)" "times"
}

dir_takes_the_place_of_an_empty_directory() {
	drop_in 10.ini <<-'END'
		[directory:data]
		path = data
		[exec:init]
		command = touch {dir}/a
		creates = data
		order = 6
	END
	status 0 gw apply
	equal a "$(entries data)"
	status 0 gw plan --exit-code
}

dir_does_not_replace_what_another_process_made_meanwhile() {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'mkdir data; echo theirs >data/x; echo ours >"$1/x"' sh {dir}
		creates = data
	END
	status 0 gw apply
	contains "$err" "another process made '$PWD/data' first"
	equal theirs "$(cat data/x)"
	equal "conf data" "$(entries .)" "what is there"
}

dir_that_stays_empty_is_an_error() {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = true {dir}
		creates = data
	END
	status 111 gw apply
	contains "$err" "wrote nothing to {dir}, which was to become '$PWD/data'"
	missing data
	touch data
	status 111 gw plan
	contains "$out" "'$PWD/data' is a file, not a directory; move it away"
}

a_link_to_nothing_at_creates_is_not_in_place() {
	mkdir volume
	ln -s volume/made link
	drop_in 10.ini <<-'END'
		[exec:make]
		command = touch link
		creates = link
	END
	status 0 gw apply
	contains "$err" "1 made"
	exists volume/made
	status 0 gw apply
	contains "$err" "'$PWD/link' is there"
	rm volume/made
	sed -i 's/touch link/touch {file}/' conf/10.ini
	status 111 gw plan
	contains "$out" "'$PWD/link' is a link to nothing; remove it"
	status 111 gw apply
	missing volume/made
}

dir_and_file_exclude_each_other() {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = cp {file} {dir}
		creates = data
		[exec:lost]
		command = touch {dir}/a
		[exec:looks]
		command = touch {file}
		creates = file
		check = test -f {file}
	END
	status 100 gw check
	contains "$err" "10.ini:9: [exec:looks] check: {file} is of \`command\` alone, while it runs: name what is there"
	contains "$err" "10.ini:2: [exec:init] command: it makes \`creates\` by {file} or by {dir}, not by both"
	contains "$err" "10.ini:5: [exec:lost] command: {dir} is a temporary directory that becomes \`creates\`, which is missing"
}

a_file_that_is_a_directory_leaves_nothing() {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'mkdir -p "$1/a"; echo x >"$1/a/b"' sh {file}
		creates = data/db
	END
	status 111 gw apply
	contains "$err" "is a directory, not a file"
	empty data
}

a_stale_dir_is_swept_and_one_in_use_is_not() {
	mkdir -p data/.db.groundwork-0aaaaa/sub data/.db.groundwork-0bbbbb
	echo x | tee data/.db.groundwork-0aaaaa/sub/x >data/.db.groundwork-0bbbbb/x
	chmod 500 data/.db.groundwork-0aaaaa/sub
	touch -d '2 hours ago' data/.db.groundwork-0aaaaa data/.db.groundwork-0bbbbb
	drop_in 10.ini <<-'END'
		[exec:init]
		command = touch {dir}/a
		creates = data/db
	END
	exec 8<data/.db.groundwork-0bbbbb
	flock -s 8
	status 0 gw apply
	equal ".db.groundwork-0bbbbb db" "$(entries data)" "what is there"
}

root_dir_has_the_group_of_the_command() {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'touch "$1/file"' sh {dir}
		creates = db
		group = 1234
	END
	status 0 gw apply
	equal "0:1234 0:1234" "$(stat -c %u:%g db db/file | xargs)"
}

root_dir_belongs_to_the_user_of_the_command() {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'id -u >"$1/who"; ln -s who "$1/link"; chmod 750 "$1"' sh {dir}
		creates = ${WHERE}/db
		user = 1234
		group = 1234
	END
	mkdir closed open theirs
	chmod 777 open
	chown 1234:1234 theirs
	chmod 755 . closed
	local where
	for where in closed theirs open; do
		WHERE=$where status 0 gw apply
		equal 1234 "$(cat $where/db/link)" "$where"
		equal "1234:1234 750" "$(stat -c '%u:%g %a' $where/db)" "$where"
		equal "1234:1234" "$(stat -c '%u:%g' $where/db/who)" "$where"
		equal db "$(entries $where)" "what is beside it in $where"
	done
}

# on_volume FUNCTION: calls it with a file system of its own mounted on volume.
function on_volume {
	mkdir volume
	mount -t tmpfs none volume 2>/dev/null || skip "no mounts here"
	local code=0
	("$1") || code=$?
	umount volume
	return "$code"
}

function copied_to_another_file_system {
	chmod 777 volume
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'mkdir "$1/sub"; id -u >"$1/sub/who"; chmod 600 "$1/sub/who"; ln -s sub/who "$1/link"; touch -d 2020-01-01 "$1/sub/who"' sh {dir}
		creates = volume/db
		user = 1234
		group = 1234
	END
	status 0 gw apply
	equal 1234 "$(cat volume/db/link)"
	equal "1234:1234 600 1577836800" "$(stat -c '%u:%g %a %Y' volume/db/sub/who)"
	equal "1234:1234 700" "$(stat -c '%u:%g %a' volume/db)"
	equal db "$(entries volume)" "what is beside it"
	rm -r volume/db
	drop_in 20.ini <<-'END'
		[exec:init]
		command = sh -c 'mkfifo "$1/pipe"' sh {dir}
	END
	status 111 gw apply
	contains "$err" "pipe' is a"
	contains "$err" "which cannot be copied"
	empty volume
}

root_dir_is_copied_to_another_file_system() {
	on_volume copied_to_another_file_system
}

function cannot_replace_a_mount_point {
	drop_in 10.ini <<-'END'
		[exec:init]
		command = sh -c 'echo >>../tries; touch "$1/a"' sh {dir}
		creates = volume
	END
	status 111 gw plan
	contains "$out" "'$PWD/volume' is a mount point, which no other directory can replace: name one that is to be made in it, such as '$PWD/volume/data'"
	status 111 gw apply
	missing tries
}

root_dir_cannot_replace_a_mount_point() {
	on_volume cannot_replace_a_mount_point
}

a_check_decides_whether_it_runs() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo x >>ran'
		check = test -e ran
	END
	status 0 gw plan
	contains "$out" "not known without running its check: test -e ran"
	status 0 gw apply
	status 0 gw apply
	contains "$err" "1 in place"
	equal 1 "$(wc -l <ran)" "times"
}

a_check_alone_is_an_assertion() {
	drop_in 10.ini <<-'END'
		[exec:e]
		check = sh -c 'echo it is missing; test -e wanted'
	END
	status 111 gw apply
	contains "$err" "it is missing"
	touch wanted
	status 0 gw apply
	contains "$err" "1 in place"
}

there_is_no_shell() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = ./show a;b 'c  d' "e f"g h\ i $HOME * ''
	END
	printf '#!/bin/sh\nprintf "<%%s>" "$@"\n' >show
	chmod 755 show
	status 0 gw apply
	contains "$err" '<a;b><c  d><e fg><h i><$HOME><*><>'
}

what_stands_in_quotes_is_all_of_the_script() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c '
		  # one, of the script
		  case $1 in
		    a) printf "%s\n" "one
		    # two

		    three" >out
		    ;;
		    *) exit 1 ;;
		  esac' sh
		  # of the drop-in, isn't it
		  a
	END
	status 0 "$GROUNDWORK" -c conf apply
	equal "one,# two,,three," "$(tr '\n' , <out)"
}

a_command_is_split_before_it_is_expanded() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = ./show ${WORDS} ${EMPTY}
	END
	printf '#!/bin/sh\nprintf "<%%s>" "$@"\n' >show
	chmod 755 show
	status 0 env WORDS='a b; c' EMPTY= "$GROUNDWORK" -c conf apply
	contains "$err" '<a b; c><>'
}

# ---- a directory of scripts ----

scripts_that_nothing_runs_are_warned_of() {
	mkdir init.d
	echo >init.d/README
	printf '%s\n' '[exec:init]' 'command = ./init.d' | drop_in 10.ini
	status 0 gw apply
	lacks "$err" warning
	printf '#!/bin/sh\necho ran\n' >init.d/10.sh
	status 0 gw apply
	contains "$err" "warning: [exec:init] nothing in '$PWD/init.d' is run: make its files executable"
	chmod 755 init.d/10.sh
	status 0 gw apply
	lacks "$err" warning
}

scripts_of_a_directory_run_by_name() {
	mkdir init.d
	echo 'echo "sh $1"; echo "$0" >ran' >init.d/9.sh
	echo 'SELECT 1;' >init.d/10.sql
	echo 'SELECT 2;' | gzip >"init.d/11 \$(touch x).sql.gz"
	printf '#!/bin/sh\necho own\n' >init.d/12
	echo >init.d/README
	chmod 755 init.d/12
	drop_in 10.ini <<-'END'
		[exec:init]
		command = ./init.d
		scripts = *.sh:sh {} word
		          *.sql:cat {}
		scripts += *.sql.gz:sh -c 'gunzip -c "$1"' sh {}
	END
	status 0 gw plan
	contains "$out" "run 4 scripts of '$PWD/init.d': 9.sh, 10.sql, 11 \$(touch x).sql.gz, 12; left out: README (not executable)"
	status 0 gw apply
	equal "sh word SELECT 1; SELECT 2; own" \
		"$(sed -n 's/^groundwork: \[exec:init\] //p' "$err" | xargs)" "what they said"
	equal "$PWD/init.d/9.sh" "$(cat ran)"
	missing x
	drop_in 20.ini <<-'END'
		[exec:init]
		scripts = *.sh:sh -c 'sh {}'
	END
	status 100 gw check
	contains "$err" "20.ini:2:22: [exec:init] scripts: the name of the file would be run as code by sh"
}

root_a_script_that_others_can_change_is_refused() {
	mkdir init.d
	printf '#!/bin/sh\ntouch pwned\n' >init.d/1
	chmod 775 init.d/1
	drop_in 10.ini <<-'END'
		[exec:init]
		command = ./init.d
	END
	status 100 gw plan
	status 100 gw apply
	contains "$err" "'$PWD/init.d/1' (0:0, 0775) can be changed by group 0, and it would be run as user 0: take the group's write permission away (chmod g-w), or mount it read-only"
	missing pwned
}

root_a_program_that_others_can_change_is_a_warning() {
	local said="'$PWD/hook.sh' (0:0, 0777) can be changed by everybody, and it would be run as user"
	printf '#!/bin/sh\nid -u\n' >hook.sh
	chmod 777 hook.sh
	printf '[exec:a]\ncommand = ./hook.sh\nuser = 1234\n' | drop_in 10.ini
	status 0 gw apply
	contains "$err" "$said 1234"
	printf '[exec:a]\ncommand = ./hook.sh\n' | drop_in 10.ini
	status 0 gw plan
	contains_once "$err" "warning: conf/10.ini:2: [exec:a] command: $said 0: "
	status 0 gw apply
	contains_once "$err" "$said 0: "
	chmod 755 hook.sh
	status 0 gw apply
	lacks "$err" "can be changed"
	chown 1234 hook.sh
	status 0 gw apply
	contains "$err" "(1234:0, 0755) can be changed by its owner, user 1234, and it would be run as user 0"
	printf '[exec:a]\ncommand = ./hook.sh\nuser = 1234\n' | drop_in 10.ini
	status 0 gw apply
	lacks "$err" "can be changed"
}

root_scripts_that_others_can_change_are_refused_before_the_first_step() {
	local mode
	mkdir init.d
	echo 'touch ran' >init.d/1.sh
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = state
		[exec:a]
		command = touch {file}
		creates = made
		[exec:b]
		command = ./init.d
		scripts = *.sh:sh {}
		when = changed:exec:a
	END
	for mode in 775 777; do
		chmod $mode init.d
		status 0 gw check
		contains_once "$err" "warning: conf/10.ini:7: [exec:b] command: '$PWD/init.d' (0:0, 0$mode) can be changed by "
		contains "$err" "or mount it read-only; a start as root is refused"
		status 100 gw plan
		contains "$out" "! exec:b  conf/10.ini:7: [exec:b] command: "
		status 100 gw apply
		contains "$err" "conf/10.ini:7: [exec:b] command: '$PWD/init.d' (0:0, 0$mode) can be"
		missing made
	done
	# A step may have made it so by then.
	printf '%s\n' '[directory:i]' 'path = init.d' 'mode = 0755' | drop_in 20.ini
	status 0 gw check
	lacks "$err" warning
	status 0 gw apply
	exists ran
	# What is there needs no script.
	drop_in 10.ini <<-'END'
		[exec:b]
		command = ./init.d
		scripts = *.sh:sh {}
		creates = ran
	END
	rm conf/20.ini
	chmod 777 init.d
	status 0 gw apply
}

what_is_made_once_is_asked_about_with_state() {
	local command
	drop_in 10.ini <<-'END'
		[exec:a]
		command = touch {file}
		creates = made
		[exec:b]
		command = false
		when = changed:exec:a
	END
	for command in check plan; do
		status 0 gw $command
		contains_once "$err" "warning: conf/10.ini:6: [exec:b] when: exec:a makes what it \`creates\` once, and if that start ends before this step has succeeded, no later one runs it; with \`state\` in [bootstrap], the next one does"
	done
	status 111 gw apply
	status 0 gw apply
	rm made
	status 111 gw --state state apply
	lacks "$err" warning
	status 111 gw --state state apply
	# What is made anew each time is another matter.
	drop_in 10.ini <<-'END'
		[link:a]
		path = made
		target = x
		[exec:b]
		command = false
		when = changed:link:a
	END
	status 0 gw check
	lacks "$err" warning
}

# ---- what it gets ----

it_gets_the_step_the_base_and_whether_it_is_forced() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = env
	END
	status 0 gw -C base apply
	contains "$err" "GROUNDWORK_STEP=exec:e"
	contains "$err" "GROUNDWORK_BASE=$PWD/base"
	lacks "$err" GROUNDWORK_FORCE
	status 0 gw apply --force exec:e
	contains "$err" "GROUNDWORK_FORCE=exec:e"
}

its_environment_is_ours_without_secrets() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = APP_KEY
		[exec:e]
		command = env
	END
	local key
	key=$(printf 'cd%.0s' {1..32})
	status 0 env KEPT=kept APP_KEY="$key" NOTIFY_SOCKET=/x "$GROUNDWORK" -c conf apply
	contains "$err" "[exec:e] KEPT=kept"
	lacks "$err" APP_KEY=
	lacks "$err" NOTIFY_SOCKET
	status 0 gw apply
	lacks "$err" APP_KEY
}

a_bare_name_hands_a_secret_on() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = APP_KEY
		[exec:e]
		command = sh -c 'printf %s "$APP_KEY" >given; env'
		env = APP_KEY
		 ADDED=${UNSET:-value}
	END
	status 0 gw -v apply
	same k given
	contains "$err" "ADDED=value"
	contains "$err" "APP_KEY="
	lacks "$err" "$(cat k)"
	rm k given
	local key
	key=$(printf 'cd%.0s' {1..32})
	status 0 env APP_KEY="$key" "$GROUNDWORK" -v -c conf apply
	equal "$key" "$(cat given)" "what was handed on"
	lacks "$err" "$key"
}

a_secret_in_a_command_is_an_error() {
	local reference
	for reference in '${key:k}' '${file:/run/secrets/x}' '${secret:s}'; do
		drop_in 10.ini <<-END
			[key:k]
			path = k
			[exec:e]
			command = echo $reference
			[secret:s]
			source = s.age
			identity = id
			path = s
		END
		status 100 gw apply
		matches "$err" '10.ini:4: .*would show a secret'
	done
	missing k
}

its_output_is_reported_line_by_line_and_redacted() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		[exec:e]
		command = sh -c 'echo one; echo two >&2; cat k; echo; printf "no newline"'
		requires = key:k
	END
	status 0 gw sh -c 'echo application'
	contains "$err" "[exec:e] one"
	contains "$err" "[exec:e] two"
	contains "$err" "[exec:e] no newline"
	lacks "$err" "$(cat k)"
	equal application "$(cat "$out")" "standard output"
}

bytes_that_are_no_text_are_shown() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'printf "a\\0b\\377c\\0\\n"; exit 3'
	END
	status 111 gw apply
	contains "$err" '[exec:e] a\x00b\xffc\x00'
	status 111 gw -q apply
	contains "$err" '  a\x00b\xffc\x00'
}

# An error has room for the end of what was said, in whole characters.
a_long_line_is_cut_in_front_in_an_error() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'for i in $(seq 1000); do printf "\342\202\254"; done; echo the end; exit 3'
	END
	status 111 gw --report report.json apply
	contains "$err" "€€the end"
	lacks "$err" '\x'
	contains report.json "€€the end"
}

the_last_lines_are_in_the_error_and_redacted() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		[exec:e]
		command = sh -c 'seq 100; cat k; echo; echo the end; exit 3'
		requires = key:k
	END
	status 111 gw --report report.json apply
	python3 -c '
import json
message = json.load(open("report.json"))["steps"][1]["message"]
assert "status 3" in message and "the end" in message and "100" in message, message
assert "\n95\n" not in message, message
assert open("k").read() not in message'
	lacks "$err" "$(cat k)"
}

an_end_by_signal_is_reported() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'kill -SEGV $$'
	END
	status 111 gw apply
	contains "$err" "ended by SIGSEGV"
}

a_command_that_is_not_there_is_an_error() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = no-such-command
	END
	status 111 gw apply
	contains "$err" no-such-command
}

standard_input_is_empty() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'cat; echo end of input; readlink /proc/self/fd/0'
	END
	echo "for the application" >input
	status 0 gw cat <input
	contains "$err" "[exec:e] end of input"
	contains "$err" "[exec:e] /dev/null"
	equal "for the application" "$(cat "$out")"
}

a_result_file_says_skipped_and_why() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'printf "status=skipped\nmessage=had nothing to do\n" >"$GROUNDWORK_RESULT"'
		[exec:f]
		command = sh -c 'echo message=did it >"$GROUNDWORK_RESULT"'
	END
	status 0 gw apply
	contains "$err" "= exec:e  had nothing to do"
	contains "$err" "+ exec:f  did it"
}

an_unknown_line_in_the_result_file_is_a_warning() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'printf "message=did it\nvalue=7\n" >"$GROUNDWORK_RESULT"'
	END
	status 0 gw apply
	contains "$err" "+ exec:e  did it"
	contains "$err" "exec:e: line 2 of GROUNDWORK_RESULT is neither status=skipped nor"
	lacks "$err" value
}

a_secret_that_a_failed_command_has_set_is_not_reported() {
	drop_in 10.ini <<-'END'
		[exec:f]
		command = sh -c 'echo "secret TOKEN=secret-token" >"$GROUNDWORK_RESULT"; echo "secret-token is wrong" >&2; exit 1'
		export = TOKEN
	END
	status 111 gw apply --report report.json
	contains report.json '*** is wrong'
	lacks report.json secret-token
}

the_lines_of_a_secret_are_never_shown() {
	printf 'first+line\nsecond+line\n' >key
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c '{ printf "secret KEY="; cat key; } >"$GROUNDWORK_RESULT"'
		export = KEY
	END
	status 111 gw -- touch started
	contains "$err" "line 2 of GROUNDWORK_RESULT, behind one that sets a secret"
	lacks "$err" second
	missing started
}

a_name_that_a_later_command_exports_says_what_to_write() {
	drop_in 10.ini <<-'END'
		[exec:find]
		command = sh -c 'echo env ADDRESS=10.0.0.7 >"$GROUNDWORK_RESULT"'
		export = PORT ADDRESS
		[file:f]
		path = f
		content = ${ADDRESS}
	END
	status 100 gw apply
	contains "$err" "ADDRESS is not set: exec:find sets it where it runs before: write requires = exec:find"
	printf '[file:f]\nrequires = exec:find\n' | drop_in 20.ini
	status 0 gw apply
	equal 10.0.0.7 "$(<f)"
}

what_a_command_exports_is_for_later_steps_and_the_application() {
	drop_in 10.ini <<-'END'
		[exec:find]
		command = sh -c 'printf "env ADDRESS=10.0.0.7\nsecret TOKEN=secret-token\nenv GONE=\nmessage=TOKEN is secret-token\n" >"$GROUNDWORK_RESULT"'
		export = ADDRESS TOKEN GONE
		order = 5
		[file:f]
		path = f-${ADDRESS}
		content = ${ADDRESS} ${TOKEN} ${GONE:-gone}
		policy = manage
		when = env:ADDRESS
		[exec:see]
		command = sh -c 'echo "$ADDRESS:$TOKEN:$GONE"'
		[app]
		command = sh -c 'echo "$ADDRESS $TOKEN $GONE"'
		env = ADDRESS=other
		unset_env = NO*
	END
	export GONE=there
	status 0 gw check
	status 0 gw plan
	contains "$out" "run: sh -c"
	contains "$out" "; only then are known ADDRESS, TOKEN, GONE"
	contains "$out" "? file:f     when: 'env:ADDRESS' is not known yet"
	status 0 gw
	equal "10.0.0.7 secret-token " "$(cat "$out")" "what the application has"
	contains "$err" "+ exec:find  TOKEN is ***"
	contains "$err" "[exec:see] 10.0.0.7::"
	equal "10.0.0.7 secret-token gone" "$(cat f-10.0.0.7)"
	lacks "$err" secret-token
	status 0 gw exec
	equal "other  there" "$(cat "$out")" "what a command without a bootstrap has"
	contains "$err" "[exec:find] export: \`exec\` does not run its command, and leaves ADDRESS TOKEN GONE as it is"
	sed -i '/^when/d' conf/10.ini
	status 0 gw plan
	contains "$out" "? file:f     not known before exec:find has run: [file:f] path: ADDRESS is not known yet"
	sed -i 's/order = 5/order = 50/' conf/10.ini
	status 100 gw apply
	contains "$err" "10.ini:6:10: [file:f] path: ADDRESS is not set"
}

# The database would be made anew only if the command did not run.
a_plan_does_not_know_what_follows_from_what_a_command_makes() {
	mkdir migrations
	echo 'CREATE TABLE note (text TEXT);' >migrations/001_note.sql
	drop_in 10.ini <<-'END'
		[exec:restore]
		command = cp backup {file}
		creates = data/app.db
		order = 19
		when = path:backup
		[database:app]
		path = data/app.db
		migrations = ../migrations
		[exec:unpack]
		command = mkdir -p unpacked
		creates = unpacked
		[file:in-it]
		path = unpacked/it
		order = 31
		[file:beside-it]
		path = unpacked.it
		order = 31
	END
	status 0 gw plan
	matches "$out" '^\+ database:app +create the database'
	matches "$out" "^\\? file:in-it +not known before exec:unpack has made '$PWD/unpacked'"
	matches "$out" '^\+ file:beside-it '
	touch backup
	status 0 gw plan
	matches "$out" '^\+ exec:restore '
	matches "$out" "^\\? database:app +not known before exec:restore has made '$PWD/data/app.db'"
	contains "$out" "2 unknown"
	mkdir data unpacked
	status 0 gw --only file:in-it plan
	matches "$out" '^\+ file:in-it '
}

workdir_and_umask() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'pwd; umask; touch here'
		workdir = work
	END
	mkdir work
	umask 027
	status 0 gw apply
	contains "$err" "[exec:e] $PWD/work"
	contains "$err" "[exec:e] 0027"
	exists work/here
}

no_descriptor_of_ours_is_handed_on() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		[database:d]
		path = d.db
		[exec:e]
		command = sh -c 'ls /proc/$$/fd; readlink "$GROUNDWORK_RESULT"'
	END
	# Without those that this shell has.
	status 0 python3 -c 'import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))' \
		"$GROUNDWORK" -c conf sh -c 'ls /proc/$$/fd'
	# The three standard ones, the result file, and in the application none besides.
	equal 5 "$(grep -c '^groundwork: \[exec:e\] ' "$err")" "lines"
	contains "$err" "groundwork-result"
	equal "0 1 2" "$(tr '\n' ' ' <"$out" | sed 's/ $//')" "descriptors"
}

what_a_helper_leaves_running_ends_with_its_step() {
	mkfifo up
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'setsid sh -c "echo \$\$ >up; exec sleep 1000" & read -r pid <up; echo $pid >daemon'
		[exec:next]
		command = sh -c '! kill -0 "$(cat daemon)"'
	END
	status 0 gw apply
	contains_once "$err" "what the command left running was ended"
	contains "$err" "[exec:e] what the command left running was ended"
}

# As in a container that may do nothing but become another user.
root_a_command_of_another_user_ends_without_the_right_to_signal_it() {
	command -v setpriv >/dev/null || skip "no setpriv here"
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'setsid sleep 1000 & echo $! $$ >pids; sleep 1000'
		user = nobody
		timeout = 2s
		retries = 0
	END
	chmod 0777 .
	status 111 setpriv --bounding-set=-kill --inh-caps=-kill "$GROUNDWORK" -c conf apply
	contains "$err" "it took longer than its timeout of 2.0s"
	local child children
	read -ra children <pids
	equal 2 "${#children[@]}" "processes"
	for child in "${children[@]}"; do
		missing "/proc/$child"
	done
}

# As PID 1 it is known at once: kill(-1) can signal none of them.
root_what_we_may_not_end_is_not_called_ended() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'setsid ./setpriv --reuid 0 sh -c "echo >up; exec sleep 1000 >/dev/null 2>&1" & read -r line <up'
	END
	chmod 0777 .
	mkfifo -m 0666 up
	install -m 4755 "$(command -v setpriv)" setpriv
	[[ $(setpriv --reuid 10001 --clear-groups ./setpriv --reuid 0 id -ru) == 0 ]] ||
		skip "set-ID bits are ignored here"
	status 0 in_pid1 setpriv --reuid 10001 --regid 10001 --clear-groups \
		"$GROUNDWORK" -c conf apply
	contains "$err" "[exec:e] what the command left running could not be ended, and still runs"
}

a_result_that_is_no_result_is_an_error() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'head -c 300000 /dev/zero | tr "\0" x >"$GROUNDWORK_RESULT"'
	END
	status 111 gw apply
	contains "$err" "it wrote more than 256 KiB to GROUNDWORK_RESULT, which is for a few lines"
}

a_line_without_end_is_no_trouble() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'head -c 3000000 /dev/zero | tr "\0" x; echo; printf "a\033[31mb\0c\n"'
	END
	status 0 gw apply
	lacks "$err" $'\033'
}

root_a_command_runs_as_its_user() {
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[exec:app]
		command = sh -c 'id -u; id -g; id -G; echo $HOME'
		[exec:own]
		command = sh -c 'id -u; id -g; id -G'
		user = 10002
		group = 10003
	END
	status 0 gw apply
	equal "10001 10001 10001 /" "$(said exec:app)"
	equal "10002 10003 10003" "$(said exec:own)"
}

function said {
	sed -n "s/^groundwork: \[$1\] //p" "$err" | tr '\n' ' ' | sed 's/ $//'
}

root_a_plan_says_that_the_user_of_a_command_does_not_exist() {
	drop_in 10.ini <<-'END'
		[exec:e]
		command = true
		user = no-such-user
	END
	status 111 gw plan
	contains "$out" "there is no user 'no-such-user'"
}

an_error_of_a_key_names_its_line() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = st
		[exec:a]
		command = true

		user = nosuch
		[exec:b]
		command = true

		inputs = /nope
	END
	status 111 gw --only exec:a apply
	contains "$err" "conf/10.ini:6: [exec:a] user: there is no user 'nosuch'"
	status 111 gw --only exec:b apply
	contains "$err" "conf/10.ini:10: [exec:b] inputs: '/nope' is missing"
}

no_value_becomes_sql() {
	drop_in 10.ini <<-'END'
		[exec:refused]
		command = psql -d app -c "CREATE ROLE ${DB}"
		[exec:passes]
		command = psql -d ${DB} -v name=${DB} -f role.sql
		when = env:NOTSET
		[exec:file]
		command = sqlite3 ${DB}.db ".backup {file}"
		creates = copy
		when = env:NOTSET
	END
	status 100 env DB=app "$GROUNDWORK" -c conf plan
	contains "$err" "10.ini:2:26: [exec:refused] command: the value of \${DB} would be run as SQL by psql: hand it over as in psql -v name="
	contains "$err" "1 error in the configuration"
	sed -i 's/^command = psql -d app -c.*/command = true/' conf/10.ini
	status 0 env DB=app "$GROUNDWORK" -c conf plan
}

root_a_users_command_can_open_its_standard_error() {
	chmod 755 .
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo to stdout >/dev/stdout && echo to stderr >/dev/stderr'
		user = 10001
	END
	status 0 gw apply
	contains "$err" "to stdout"
	contains "$err" "to stderr"
}

inputs_that_are_a_directory_ask_for_its_files() {
	mkdir sources
	drop_in 10.ini <<-END
		[bootstrap]
		state = state
		[exec:e]
		command = true
		inputs = $PWD/sources
	END
	status 111 gw apply
	contains "$err" "[exec:e] inputs: '$PWD/sources' is a directory, not a file; name the files in it"
}

a_script_is_shown_by_its_first_line() {
	drop_in 10.ini <<-'END'
		[exec:script]
		command = sh -ec '
		  touch made
		  exit 0' sh
		[exec:words]
		command = touch also
	END
	status 0 gw plan
	matches "$out" "exec:script +run: sh -ec 'touch made …\$"
	matches "$out" 'exec:words +run: touch also$'
	status 0 gw apply
	matches "$err" "exec:script +ran: sh -ec 'touch made … \\("
	lacks "$err" "exit 0"
}
