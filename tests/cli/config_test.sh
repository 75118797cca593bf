#!/bin/bash
# SPDX-License-Identifier: MIT
# Drop-ins: how they are found, read and merged, and how errors in them are reported.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# An apply ends well.
function applied {
	status 0 "$GROUNDWORK" -c conf apply
}

# error TEXT: a check of the configuration reports it, and nothing is made.
function error {
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "$1"
	status 100 "$GROUNDWORK" -c conf sh -c 'touch started'
	contains "$err" "$1"
	equal conf "$(ls)" "what is there"
}

# ---- errors ----

twelve_errors_in_three_files_are_reported_at_once() {
	drop_in 10.ini <<-'END'
		[directory:data]
		path = data
		mdoe = 0750
		mode = 9
		[directroy:log]
		path = log
	END
	drop_in 20.ini <<-'END'
		[file:config]
		path = etc/config
		policy = manege
		enabled = perhaps
		requires = directory:dta
		this is no key
	END
	drop_in 30.ini <<-'END'
		[key:session]
		bytes = many
		requires = db:5432
		[exec:it]
		command = sh -c 'unclosed
		[exec:it]
	END
	local command where
	for command in check apply plan list run; do
		status 100 "$GROUNDWORK" -c conf "$command"
		for where in 10.ini:3: 10.ini:4: 10.ini:5: 20.ini:3: 20.ini:4: 20.ini:5: 20.ini:6: \
			30.ini:2: 30.ini:3: 30.ini:5: 30.ini:6:; do
			matches "$err" "conf/$where"
		done
		# The path is missing in [key:session]; that makes twelve.
		matches "$err" 'conf/30.ini:1: .*path: missing'
		equal 12 "$(grep -cE 'conf/[0-9]+\.ini:[0-9]+(:[0-9]+)?: ' "$err")" "errors"
		contains "$err" "12 errors in the configuration; nothing was touched"
	done
	equal conf "$(ls)" "what is there"
}

what_would_be_misread_in_silence_is_an_error() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = x ; the data
		mode = 0755 # ours
		[key:k]
		path = k ; secret
		[key:l]
		path = "my file"
		[link:m]
		path = ~/x
		target = '/y'
		[exec:e]
		command = echo hi > out.txt
		check = test -s out.txt && true
		[app]
		env_file = "app.env"
		stop_timeout = 10s ; long
	END
	status 100 "$GROUNDWORK" -c conf check
	local where
	for where in "2:10: \[directory:d\] path: '; the data'" "3:13: \[directory:d\] mode: '# ours'" \
		"5:10: \[key:k\] path: '; secret'" '7:8: \[key:l\] path: the quotes' \
		"9:8: \[link:m\] path: '~' is expanded by shells" '10:10: \[link:m\] target: the quotes' \
		"12:19: \[exec:e\] command: no shell runs this, and '>'" \
		"13:25: \[exec:e\] check: no shell runs this, and '&&'" \
		'15:12: \[app\] env_file: the quotes would be' "16:20: \[app\] stop_timeout: '; long'"; do
		matches "$err" "conf/10.ini:$where"
	done
	equal 10 "$(grep -cE 'conf/10.ini:[0-9]+:[0-9]+: ' "$err")" "errors"
	equal conf "$(ls)" "what is there"
}

what_is_meant_is_written_with_braces_or_quotes() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a${X:- #1} ${X:-"}q" ./~ a#b;c
		[directory:e]
		path = #recycle
		[exec:e]
		command = find a#b;c -exec touch made \; -o -name '|'
	END
	status 0 "$GROUNDWORK" -c conf apply
	equal '"q" #recycle a #1 a#b;c conf made ~' "$(LC_ALL=C printf '%s ' * | sed 's/ $//')"
}

words_of_an_enum_are_read_in_any_case() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = new
		policy = Manage
		escape = JSON
		[database:d]
		path = d.db
		journal_mode = DELETE
		[bootstrap]
		enabled = YES
		log_level = Warn
	END
	echo old >f
	status 0 "$GROUNDWORK" -c conf apply
	equal new "$(cat f)"
	equal '' "$(cat "$err")" "the log"
}

suggestions_name_the_nearest() {
	drop_in 10.ini <<-'END'
		[directroy:a]
		path = a
		[directory:b]
		pathh = b
		[file:c]
		path = c
		policy = mange
		requires = directory:bb
		[botstrap]
		fail_fast = yes
		[app]
		comand = x
		[defaults:fil]
		mode = 0600
	END
	status 100 "$GROUNDWORK" -c conf check
	matches "$err" "10.ini:1: .*did you mean 'directory'"
	matches "$err" "10.ini:4: .*did you mean 'path'"
	matches "$err" "10.ini:7:10: .*did you mean 'manage'"
	matches "$err" "10.ini:8: .*did you mean 'directory:b'"
	matches "$err" "10.ini:9: .*did you mean 'bootstrap'"
	matches "$err" "10.ini:12: .*did you mean 'command'"
	matches "$err" "10.ini:13: .*did you mean 'file'"
}

a_port_is_taken_for_a_service_that_was_meant() {
	drop_in 10.ini <<-'END'
		[directory:a]
		path = a
		requires = db:5432
	END
	error "did you mean 'tcp://db:5432'?"
}

each_of_several_cycles_is_named() {
	local name
	for name in a:b b:a c:d d:e e:c f:f g:a; do
		printf '%s\n' "[directory:${name%:*}]" "path = ${name%:*}" "requires = directory:${name#*:}"
	done | drop_in 10.ini
	error "[directory:b] requires itself: directory:b → directory:a → directory:b"
	contains "$err" "requires itself: directory:d → directory:e → directory:c → directory:d"
	contains "$err" "[directory:f] requires itself: directory:f → directory:f"
	contains "$err" "3 errors in the configuration"
}

a_cycle_is_named_whole() {
	drop_in 10.ini <<-'END'
		[directory:one]
		path = one
		requires = directory:two
		[directory:two]
		path = two
		requires = directory:three
		[directory:three]
		path = three
		requires = directory:one
		[directory:tail]
		path = tail
		requires = directory:one
	END
	error "requires itself: directory:"
	local step
	for step in one two three; do
		matches "$err" "requires itself: .*directory:$step.* → "
	done
	lacks "$err" directory:tail
}

a_cycle_through_a_reference_is_one() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = ${key:k}
		[key:k]
		path = k
		requires = file:f
	END
	error "requires itself: "
}

a_step_that_requires_itself_is_a_cycle() {
	drop_in 10.ini <<-'END'
		[directory:a]
		path = a
		requires = directory:a
	END
	error "requires itself: directory:a → directory:a"
}

unset_variables_are_reported_together() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = ${FIRST_UNSET}/f
		mode = ${SECOND_UNSET}
		content = text
	END
	status 100 "$GROUNDWORK" -c conf apply
	contains "$err" FIRST_UNSET
	contains "$err" SECOND_UNSET
	matches "$err" '10.ini:2:8: '
	matches "$err" '10.ini:3:8: '
}

unset_variables_of_the_settings_are_reported_together() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		report = ${FIRST_UNSET}
		[app]
		workdir = ${SECOND_UNSET}
		env = A=${THIRD_UNSET}
	END
	status 100 "$GROUNDWORK" -c conf -- touch started
	matches "$err" '10.ini:2:10: .*FIRST_UNSET'
	matches "$err" '10.ini:4:11: .*SECOND_UNSET'
	matches "$err" '10.ini:5:9: .*THIRD_UNSET'
	missing started
}

unset_variables_of_a_template_are_reported_with_their_lines() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content =
		 one ${ONE_UNSET}
		 two ${SET}
		 three ${THREE_UNSET} ${SET-}
	END
	status 100 env SET=x "$GROUNDWORK" -c conf apply
	matches "$err" '10.ini:4:6: .*ONE_UNSET'
	matches "$err" '10.ini:6:8: .*THREE_UNSET'
	missing f
}

check_tolerates_unset_variables() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = ${UNSET_HERE}/f
		enabled = ${UNSET_TOO}
		content = ${UNSET_AS_WELL}
	END
	status 0 "$GROUNDWORK" -c conf check
	contains "$out" "1 step in 1 file"
}

check_does_not_look_at_the_system() {
	drop_in 10.ini <<-'END'
		[directory:a]
		path = /proc/version/impossible
		owner = no-such-user-at-all
		[file:b]
		path = b
		template = /nowhere
		[exec:c]
		command = /no/such/command
	END
	status 0 "$GROUNDWORK" -c conf check
}

# ---- what inih would do, seen from outside ----

a_line_may_be_long() {
	local long
	long=$(printf 'x%.0s' {1..3000})
	drop_in 10.ini <<-END
		[file:f]
		path = f
		content = $long = [y] ; z
	END
	applied
	equal "$long = [y] ; z" "$(cat f)"
}

a_section_name_is_not_cut() {
	local name
	name=$(printf 'n%.0s' {1..64})
	drop_in 10.ini <<-END
		[directory:$name]
		path = made
	END
	status 0 "$GROUNDWORK" -c conf list
	contains "$out" "directory:$name"
	drop_in 10.ini <<-END
		[directory:${name}n]
		path = made
	END
	error "10.ini:1:"
}

nothing_behind_a_value_is_a_comment() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = a ; b # c
	END
	applied
	equal "a ; b # c" "$(cat f)"
}

only_an_equals_sign_assigns() {
	drop_in 10.ini <<-'END'
		[file:f]
		path: f
	END
	error "10.ini:2:"
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = a:b=c
	END
	applied
	equal "a:b=c" "$(cat f)"
}

text_keeps_comment_lines_blank_lines_and_indentation() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content =
		   # a comment of the text
		   ; another

		     deeper
		   back


		[directory:d]
		path = d
	END
	applied
	equal $'# a comment of the text\n; another\n\n  deeper\nback\n.' "$(cat f; echo .)"
	exists d
}

comment_lines_in_a_list_are_comments() {
	drop_in 10.ini <<-'END'
		# one
		; two
		[directory:d]
		path = a
		 # three
		 b
		# four
		 c
	END
	applied
	exists a b c
	equal 4 "$(find . -mindepth 1 -maxdepth 1 | wc -l)" "objects"
}

errors_have_line_numbers() {
	drop_in 10.ini <<-'END'
		# a comment

		[directory:d]
		path = a
		 b

		# another
		nonsense = 1
	END
	error "10.ini:8: "
}

# ---- the format ----

a_bom_and_crlf_are_fine() {
	mkdir conf
	printf '\xef\xbb\xbf[file:f]\r\npath = f\r\ncontent =\r\n one\r\n two\r\n' >conf/10.ini
	applied
	equal $'one\ntwo' "$(cat f)"
}

a_nul_byte_is_an_error() {
	mkdir conf
	printf '[directory:d]\npath = d\0d\n' >conf/10.ini
	error "10.ini:2: "
	contains "$err" NUL
}

what_is_not_utf8_is_an_error() {
	mkdir conf
	printf '[directory:d]\npath = d\xff\n' >conf/10.ini
	error "10.ini:2: "
}

a_value_of_1_mib_is_fine_and_more_is_an_error() {
	mkdir conf
	{ printf '[file:f]\npath = f\ncontent = ' && head -c 1048576 /dev/zero | tr '\0' x; } >conf/10.ini
	applied
	equal 1048577 "$(stat -c %s f)" "size"
	rm f
	printf x >>conf/10.ini
	error "10.ini:3: "
}

# Of one line, and of many.
a_long_value_of_any_key_is_whole() {
	local number
	mkdir conf
	{
		printf '[app]\nenv = LONG=' && head -c 65000 /dev/zero | tr '\0' x && echo
		printf '[directory:many]\npath = first\n'
		for ((number = 0; number < 900; number++)); do
			echo "	many/a-directory-with-a-long-name-$number"
		done
	} >conf/10.ini
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 "$GROUNDWORK" -q -c conf -- sh -c 'echo ${#LONG}'
	equal 65000 "$(cat "$out")" "size"
	equal 900 "$(find many -mindepth 1 | wc -l)" "directories"
}

a_file_over_16_mib_is_an_error() {
	mkdir conf
	{ echo '# a comment' && head -c 16777216 /dev/zero | tr '\0' '#'; } >conf/10.ini
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "16 MiB"
}

the_same_key_or_header_twice_in_one_file_is_an_error() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a
		path = b
		[directory:d]
		mode = 0700
	END
	status 100 "$GROUNDWORK" -c conf check
	matches "$err" '10.ini:3: '
	matches "$err" '10.ini:4: '
}

a_section_that_is_there_twice_is_one_error() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a
		mode = 0750
		[directory:d]
		path = b
		mode = 0700
		[directory:e]
		path = c
		path = d
	END
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "10.ini:4: [directory:d]: this header is in line 1 already: put its keys together"
	contains "$err" "10.ini:9: [directory:e] path: this key is in line 8 already"
	contains "$err" "2 errors in the configuration"
}

what_is_required_and_unknown_is_shown_what_there_is() {
	local i
	for i in 1 2 3 4 5 6 7; do
		printf '[link:%s]\npath = l%s\ntarget = x\n' "$i" "$i"
	done | drop_in 10.ini
	drop_in 20.ini <<-'END'
		[key:session]
		path = a
		[key:token]
		path = b
		[exec:e]
		command = true
		requires = key:b key:sesion link:x
	END
	status 100 "$GROUNDWORK" -c conf check
	contains "$err" "there is no step 'key:b'; there are 'key:session', 'key:token'"
	contains "$err" "there is no step 'key:sesion'; did you mean 'key:session'?"
	contains "$err" "there is no step 'link:x'; there are 'link:1', 'link:2', 'link:3', 'link:4', 'link:5' and 2 more"
}

a_hint_never_leads_to_a_circle() {
	drop_in 10.ini <<-'END'
		[key:alpha]
		path = a
		requires = key:alphas
		[key:alpha2]
		path = a2
		requires = key:between
		[key:between]
		path = b
		requires = key:alpha
		[key:zeta]
		path = z
		[migrations:m]
		database = alpa
		path = m
		[database:alpha]
		path = d.db
	END
	status 100 gw check
	# alpha2 is nearer, and would require alpha.
	contains "$err" "10.ini:3: [key:alpha] requires: there is no step 'key:alphas'; did you mean 'key:zeta'?"
	# What is a part of another step requires nothing.
	contains "$err" "there is no step 'database:alpa'; did you mean 'database:alpha'?"
}

names_have_a_form() {
	local name
	for name in '' -a 'a b' 'a/b' 'ä' .a; do
		drop_in 10.ini <<-END
			[directory:$name]
			path = a
		END
		error "10.ini:1: "
	done
	drop_in 10.ini <<-'END'
		[directory:0.a_B-c]
		path = a
	END
	status 0 "$GROUNDWORK" -c conf check
}

x_keys_are_left_alone() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		x-anything = ${of the user's
	END
	applied
}

values_are_expanded_once_and_not_split_again() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = ${WORDS} plain
		[file:f]
		path = f
		content = ${DOLLAR} $${LITERAL} ${UNSET:-default ${WORDS}} ${WORDS:+other}
	END
	# shellcheck disable=SC2016 # it is not to be expanded
	status 0 env WORDS="two words" DOLLAR='${WORDS}' "$GROUNDWORK" -c conf apply
	exists "two words" plain
	missing two words
	# shellcheck disable=SC2016
	equal '${WORDS} ${LITERAL} default two words other' "$(cat f)"
}

# ---- merging ----

a_later_file_overrides_single_keys() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = first
		mode = 0600
	END
	drop_in 20.ini <<-'END'
		[file:f]
		content = second
	END
	applied
	equal second "$(cat f)"
	mode f 600
}

an_empty_value_resets() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = first
		[directory:d]
		path = d
		mode = 0700
	END
	drop_in 20.ini <<-'END'
		[file:f]
		content =
		[directory:d]
		mode =
	END
	applied
	equal 0 "$(stat -c %s f)" "size"
	mode d 755
}

plus_equals_appends_to_a_list_alone() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a
	END
	drop_in 20.ini <<-'END'
		[directory:d]
		path += b
		 c
	END
	applied
	exists a b c
	rm -r a b c
	drop_in 30.ini <<-'END'
		[directory:d]
		mode += 0700
	END
	error "30.ini:2: "
}

defaults_fill_what_steps_of_a_kind_do_not_write() {
	drop_in 10.ini <<-'END'
		[directory:a]
		path = a
		[directory:b]
		path = b
		mode = 0711
		[file:f]
		path = f
	END
	drop_in 20.ini <<-'END'
		[defaults:directory]
		mode = 0700
	END
	applied
	mode a 700
	mode b 711
	mode f 644
}

# ---- finding drop-ins ----

the_same_name_in_a_later_directory_replaces_the_file() {
	mkdir one two
	printf '[directory:a]\npath = a\n[directory:b]\npath = b\n' >one/10.ini
	printf '[directory:c]\npath = c\n' >two/10.ini
	status 0 "$GROUNDWORK" -c one -c two apply
	exists c
	missing a b
	contains "$err" "'one/10.ini' is replaced by 'two/10.ini'"
}

an_empty_file_or_a_link_to_dev_null_masks() {
	mkdir one two
	printf '[directory:a]\npath = a\n' >one/10.ini
	printf '[directory:b]\npath = b\n' >one/20.ini
	printf '[directory:c]\npath = c\n' >one/30.ini
	: >two/10.ini
	ln -s /dev/null two/20.ini
	status 0 "$GROUNDWORK" -c one -c two apply
	exists c
	missing a b
}

files_of_all_directories_are_read_by_base_name() {
	mkdir one two
	printf '[file:f]\npath = f\ncontent = twenty\n' >one/20.ini
	printf '[file:f]\ncontent = ten\n' >two/10.ini
	status 0 "$GROUNDWORK" -c one -c two apply
	equal twenty "$(cat f)"
}

hidden_files_and_leftovers_are_passed_over() {
	drop_in 10.ini <<-'END'
		[directory:a]
		path = a
	END
	local name
	for name in .hidden.ini 20.ini~ 20.ini.dpkg-old 20.ini.rpmnew 20.ini.ucf-dist README; do
		echo nonsense >"conf/$name"
	done
	applied
}

a_file_can_be_named_itself() {
	printf '[directory:a]\npath = a\n' >any.name
	status 0 "$GROUNDWORK" -c any.name apply
	exists a
}

# In a mount namespace of its own the directories of the search path are ours.
root_the_search_path_goes_from_vendor_to_run() {
	needs_mounts
	[[ -d /usr/local/lib && -d /etc && -d /run ]] || skip "a directory of the path is missing"
	# The inner shell's variables are meant.
	# shellcheck disable=SC2016
	status 0 unshare -m sh -ec '
		for directory in /usr/local/lib /etc /run; do
			mount -t tmpfs tmpfs $directory
			mkdir -p $directory/groundwork/conf.d
			name=$(basename $directory)
			printf "[directory:$name]\npath = $name\n" >$directory/groundwork/conf.d/$name.ini
			printf "[file:f]\npath = f\ncontent = $directory\n" >$directory/groundwork/conf.d/f.ini
		done
		exec "$0" apply' "$GROUNDWORK"
	exists lib etc run
	equal /run "$(cat f)"
}

paths_that_are_read_start_at_the_drop_in_and_those_made_at_the_base() {
	mkdir -p conf/deep
	echo template >conf/deep/t
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		template = deep/t
	END
	mkdir elsewhere
	cd elsewhere
	status 0 "$GROUNDWORK" -c ../conf -C ../base apply
	equal template "$(cat ../base/f)"
}

as_many_sections_as_there_may_be_and_one_more() {
	mkdir conf
	python3 -c '
for number in range(65536):
    print(f"[directory:{number}]\npath = {number}")' >conf/10.ini
	# What goes on with one is none.
	printf '[directory:0]\nmode = 0700\n' >conf/20.ini
	status 0 gw check
	equal "65536 steps in 2 files: no error found" "$(<"$out")"
	printf '[directory:1]\nmode = 0700\n[directory:over]\npath = over\n' >conf/30.ini
	status 100 gw check
	equal "conf/30.ini:3: [directory:over]: one section too many: 65536 are the most
groundwork: error: 1 error in the configuration; nothing was touched" "$(<"$err")"
	mkdir -p modules/a
	mv conf/30.ini conf/x
	printf '{"bootstrap_requirements": {"files": ["f"]}}' >modules/a/manifest.json
	sed -i '1i [bootstrap]\nmodules = ../modules' conf/20.ini
	sed -i '$d' conf/10.ini
	sed -i '$d' conf/10.ini
	status 100 gw check
	contains "$err" "a/manifest.json:1:39: [file:1]: one section too many: 65536 are the most"
}
