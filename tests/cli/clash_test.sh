#!/bin/bash
# SPDX-License-Identifier: MIT
# Two steps that cannot both have one path.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

one_object_is_not_of_two_types() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a b
		[key:k]
		path = b
		[link:l]
		path = a
		target = b
	END
	status 100 gw apply
	contains "$err" "10.ini:4: [key:k] '$PWD/b' would be a file, and directory:d makes a directory of it"
	contains "$err" "10.ini:6: [link:l] '$PWD/a' would be a symbolic link, and directory:d makes"
	missing a b
	status 100 gw check
	status 100 gw plan
}

no_two_steps_rewrite_one_file() {
	export GROUNDWORK_STATE="$PWD/state"
	drop_in 10.ini <<-'END'
		[file:a]
		path = f
		content = a
		policy = track
		[file:b]
		path = ./f
		content = b
		policy = manage
	END
	status 100 gw apply
	contains "$err" "10.ini:6: [file:b] '$PWD/f' is of file:a, too, and each start would write it twice"
	missing f
	sed -i 's/^policy = track/policy = create/' conf/10.ini
	status 0 gw apply
	equal b "$(cat f)"
	sed -i 's/^policy = manage/policy = edit\nset =\n  a=1/; /^content = b/d; s|path = f|path = f.env|; s|/f$|/f.env|; s/^content = a/content = a=0/' conf/10.ini
	status 0 gw apply
	equal a=1 "$(cat f.env)"
}

conditions_choose_between_two() {
	drop_in 10.ini <<-'END'
		[file:a]
		path = f
		content = a
		policy = manage
		when = env:A
		[file:b]
		path = f
		content = b
		policy = manage
		when = !env:A
	END
	status 0 gw apply
	equal b "$(cat f)"
	status 0 env A=1 "$GROUNDWORK" -c conf apply
	equal a "$(cat f)"
	# What the system decides is not known here.
	sed -i 's/^when = env:A/when = path:conf/; s/^when = !env:A/when = !path:conf/' conf/10.ini
	status 0 gw apply
	equal a "$(cat f)"
}

a_directory_of_templates_is_in_a_directory() {
	mkdir -p one two
	echo 1 >one/1
	echo 2 >two/2
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		mode = 0750
		[file:one]
		path = d
		source = ../one
		policy = manage
		[file:two]
		path = d
		template = ../two
		policy = manage
	END
	status 0 gw apply
	equal "1 2" "$(cat d/1 d/2 | xargs)"
	status 0 gw apply
	contains "$err" "0 done"
}

a_step_that_is_not_critical_fails_alone() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		[key:k]
		path = d
		critical = no
	END
	status 0 gw apply
	contains "$err" "key:k"
	exists d
}

a_key_and_a_secret_are_alone_in_their_file() {
	local other
	for other in $'[key:other]\npath = same' $'[file:other]\npath = same\ncontent = x' \
		$'[database:other]\npath = same'; do
		printf '%s\n' '[key:k]' 'path = same' "$other" | drop_in 10.ini
		status 100 gw apply
		contains "$err" "'$PWD/same' is of "
		contains "$err" "a key or secret is alone in its file"
		missing same
	done
	# Of somebody else's file single keys may be set, and what a command makes is known to none.
	printf '%s\n' '[key:k]' 'path = same' '[exec:e]' 'command = true' 'creates = same' | drop_in 10.ini
	status 0 gw apply
}
