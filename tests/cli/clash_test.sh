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
	contains "$err" "10.ini:4: [key:k] '$PWD/b' would be a file, and directory:d (conf/10.ini:1) makes a directory of it"
	contains "$err" "10.ini:6: [link:l] '$PWD/a' would be a symbolic link, and directory:d (conf/10.ini:1) makes"
	missing a b
	status 100 gw check
	status 100 gw plan
}

# A CA whose key another step overwrites signs nothing that anybody accepts, and a file
# without its signature is fetched at each start.
what_a_step_makes_besides_is_its_own() {
	local key=RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
	drop_in 10.ini <<-END
		[cert:c]
		cert = a.pem
		key = a.key
		cn = a
		ca = ca.pem
		[cert:d]
		cert = b.pem
		key = b.key
		cn = b
		ca = ca.pem
		ca_key = other.key
		[file:k]
		path = ca.key
		policy = manage
		content = text
		[file:o]
		path = other.key
		content = text
		[file:a]
		path = ca.pem
		policy = manage
		content = text
		[download:f]
		url = http://127.0.0.1:1/f
		path = f
		minisign = $key
		[download:s]
		url = http://127.0.0.1:1/s
		path = f.minisig
		minisign = $key
		[directory:d]
		path = f.minisig.minisig
		order = 30
	END
	status 100 gw apply
	contains "$err" "10.ini:13: [file:k] '$PWD/ca.key' is of cert:c (conf/10.ini:1), too"
	contains "$err" "10.ini:17: [file:o] '$PWD/other.key' is of cert:d (conf/10.ini:6), too"
	contains "$err" "10.ini:20: [file:a] '$PWD/ca.pem' is of cert:d (conf/10.ini:6), too"
	contains "$err" "10.ini:29: [download:s] '$PWD/f.minisig' is of download:f (conf/10.ini:23), too"
	contains "$err" "10.ini:32: [directory:d] '$PWD/f.minisig.minisig' would be a directory, and download:s"
	contains "$err" "5 errors"
	missing a.pem ca.pem
	status 100 gw check
}

# What brings the CA runs before the step that it is to sign for.
a_ca_may_be_brought_by_another_step() {
	drop_in 10.ini <<-'END'
		[file:k]
		path = ca.key
		content = ${KEY}
		order = 5
		[file:a]
		path = ca.pem
		policy = manage
		content = ${CERT}
		order = 5
		[cert:c]
		cert = a.pem
		key = a.key
		cn = a
		ca = ca.pem
		[cert:d]
		cert = b.pem
		key = b.key
		cn = b
		ca = ca.pem
	END
	KEY=x CERT=y status 0 gw check
}

# Whichever runs first, the other would fail at each start.
nothing_is_below_a_file() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = a
		[file:f]
		path = a/b/c
		[file:g]
		path = d
		[directory:d]
		path = d/e
		[file:t]
		path = t
		template = ../templates
		[database:x]
		path = t/one/x.db
		[cert:c]
		cert = tls
		key = tls/key
		cn = a
		[key:p]
		type = ed25519
		path = p
		public = p/pub
	END
	mkdir templates
	touch templates/one
	status 100 gw apply
	contains "$err" "10.ini:4: [file:f] '$PWD/a/b/c' would be in '$PWD/a', and key:k (conf/10.ini:1) makes a file of that"
	contains "$err" "10.ini:6: [file:g] '$PWD/d' would be a file, and directory:d (conf/10.ini:7) makes a directory of it, which '$PWD/d/e' is in"
	contains "$err" "10.ini:13: [database:x] '$PWD/t/one/x.db' would be in '$PWD/t/one', and file:t (conf/10.ini:9) makes a file"
	contains "$err" "10.ini:16: [cert:c] key: is the path of \`cert\`, too, or one is in the other"
	contains "$err" "10.ini:21: [key:p] public: is the path of the key itself, or one is in the other"
	contains "$err" "5 errors"
	missing a d t tls p
	status 100 gw check
	status 100 gw plan
	# What the system decides, and what is no file, may have something below it.
	drop_in 10.ini <<-'END'
		[file:f]
		path = d
		when = path:nope
		[directory:d]
		path = d/e
		order = 40
		[link:l]
		path = l
		target = d
		[file:l]
		path = l/f
		order = 41
	END
	status 0 gw apply
	exists d/f
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
	contains "$err" "10.ini:6: [file:b] '$PWD/f' is of file:a (conf/10.ini:1), too, and each start would write it twice"
	missing f
	sed -i 's/^policy = track/policy = create/' conf/10.ini
	status 100 gw apply
	contains "$err" "'$PWD/f' is of file:a (conf/10.ini:1), too, and what that makes would be overwritten at once"
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

conditions_of_the_system_that_both_hold_do_not_choose() {
	drop_in 10.ini <<-'END'
		[file:a]
		path = f
		content = a
		policy = manage
		when = path:conf
		[file:b]
		path = f
		content = b
		policy = manage
		when = is-dir:other
	END
	status 0 gw check
	status 0 gw apply
	equal a "$(cat f)"
	rm f
	mkdir other
	status 0 gw check
	status 100 gw plan
	contains "$out" "10.ini:7: [file:b] '$PWD/f' is of file:a (conf/10.ini:1), too, and each start would write it twice"
	status 100 gw apply
	contains "$err" "10.ini:7: [file:b] '$PWD/f' is of file:a (conf/10.ini:1), too"
	missing f
	mv conf hidden
	mkdir conf
	sed 's/path:conf/path:nowhere/' hidden/10.ini >conf/10.ini
	status 0 gw apply
	equal b "$(cat f)"
}

# What an earlier step changes may be what a condition asks for.
a_condition_may_see_what_the_first_of_two_makes() {
	drop_in 10.ini <<-'END'
		[file:a]
		path = d/f
		content = a
		when = !path:d/f
		[file:b]
		path = d/f
		content = b
		when = !path:d
		[exec:c]
		order = 16
		command = true
		[file:d]
		order = 17
		path = g
		when = path:conf
		[file:e]
		order = 17
		path = g
		content = e
		when = path:conf
	END
	status 0 gw plan
	status 0 gw apply
	equal a "$(cat d/f)"
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
	contains "$err" "nothing to do"
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

a_key_a_secret_and_a_database_are_alone_in_their_file() {
	local other
	for other in $'[key:other]\npath = same' $'[file:other]\npath = same\ncontent = x' \
		$'[database:other]\npath = same' $'[file:other]\npath = same\npolicy = edit\nformat = ini\nset = a=b'; do
		printf '%s\n' '[key:k]' 'path = ./same' "$other" | drop_in 10.ini
		status 100 gw check
		status 100 gw apply
		contains "$err" "'$PWD/same' is of "
		contains "$err" "one of them is alone in its file"
		missing same
	done
	printf '%s\n' '[file:a]' 'path = same' '[database:d]' 'path = same' | drop_in 10.ini
	status 100 gw apply
	contains "$err" "10.ini:4: [database:d] '$PWD/same' is of file:a (conf/10.ini:1)"
}

# clash TEXT: the drop-in of the standard input has an error of that text, whoever asks.
function clash {
	local command
	drop_in 10.ini
	for command in check plan apply; do
		status 100 gw "$command"
		cat "$out" "$err" >said
		contains said "$1"
	done
}

what_exists_by_then_is_not_made_in_silence() {
	local made="p' is made by"
	clash "10.ini:5: [file:b] '$PWD/d/../$made file:a (conf/10.ini:1) before, so that this step would never do anything" <<-'END'
		[file:a]
		path = p
		content = a
		[file:b]
		path = d/../p
		content = b
	END
	clash "10.ini:6: [exec:e] '$PWD/$made file:a (conf/10.ini:1) before" <<-'END'
		[file:a]
		path = p
		[exec:e]
		command = touch {file}
		env = KEY=x
		creates = p
	END
	clash "[exec:b] '$PWD/$made exec:a (conf/10.ini:4) before" <<-'END'
		[exec:b]
		command = touch p
		creates = p
		[exec:a]
		command = touch p
		creates = p
	END
	clash "[exec:e] '$PWD/$made key:k (conf/10.ini:4) before, so that this step would never do anything: let that one require it" <<-'END'
		[exec:e]
		command = touch p
		creates = p
		[key:k]
		path = k
		type = ed25519
		public = p
	END
	clash "[exec:restore] '$PWD/$made database:d (conf/10.ini:4) before, so that this step would never do anything: let that one require it" <<-'END'
		[exec:restore]
		command = cp backup {file}
		creates = p
		[database:d]
		path = p
	END
	clash "[link:b] '$PWD/$made link:a (conf/10.ini:1)" <<-'END'
		[link:a]
		path = p
		target = x
		[link:b]
		path = p
		target = y
	END
	clash "[exec:e] '$PWD/p' would be a file, and directory:d (conf/10.ini:1) makes a directory of it" <<-'END'
		[directory:d]
		path = p
		[exec:e]
		command = touch {file}
		creates = p
	END
	clash "[exec:e] '$PWD/$made directory:d (conf/10.ini:1) before" <<-'END'
		[directory:d]
		path = p
		[exec:e]
		command = mkdir p
		creates = p
	END
	missing p k
}

what_one_makes_the_other_does_not_undo() {
	clash "[file:b] '$PWD/p' is of exec:e (conf/10.ini:1), too, and what that makes would be overwritten at once" <<-'END'
		[exec:e]
		command = touch {file}
		creates = p
		[file:b]
		path = p
		content = b
		policy = manage
		requires = exec:e
	END
	clash "[file:b] '$PWD/p.ini' is of file:a (conf/10.ini:1), too, and one of them writes it anew at each start: write the keys into the \`set\`" <<-'END'
		[file:a]
		path = p.ini
		content = a=b
		policy = manage
		[file:b]
		path = p.ini
		policy = edit
		set = a=c
	END
	clash "[file:b] '$PWD/p.ini' is changed by file:a (conf/10.ini:1) before it is made here: let that one require this step" <<-'END'
		[file:a]
		path = p.ini
		policy = edit
		set = a=c
		[file:b]
		path = p.ini
		content = a=b
	END
	clash "[directory:b] '$PWD/p' is of directory:a (conf/10.ini:1), too, with another \`mode\`, and each start would change it twice" <<-'END'
		[directory:a]
		path = p
		mode = 0700
		[directory:b]
		path = p
		mode = 0750
	END
}

files_of_directories_are_each_of_one_step() {
	mkdir -p conf/one conf/two
	echo 1 >conf/one/f
	echo 2 >conf/two/f
	clash "10.ini:5: [file:b] '$PWD/d/f' is made by file:a (conf/10.ini:1) before" <<-'END'
		[file:a]
		path = d
		source = one
		[file:b]
		path = d/f
		content = b
	END
	clash "[file:b] '$PWD/d/f' is of file:a (conf/10.ini:1), too, and each start would write it twice" <<-'END'
		[file:a]
		path = d
		template = one
		policy = manage
		[file:b]
		path = d
		template = two
		policy = manage
	END
	clash "[directory:d] '$PWD/d' is made by directory:c (conf/10.ini:1) before, so that this step would never fill it" <<-'END'
		[directory:c]
		path = d
		source = one
		[directory:d]
		path = d
		source = two
	END
	missing d
}

a_plan_knows_of_what_goes_on_with_anothers_work() {
	mkdir -p conf/tree
	echo x >conf/tree/x
	drop_in 10.ini <<-'END'
		[directory:a]
		path = d e
		[directory:b]
		path = d
		source = tree
		[directory:c]
		path = d
		mode = 0700
		[directory:d]
		path = d
		[exec:init]
		command = touch {dir}/x
		creates = e
		[exec:restore]
		order = 2
		command = cp /dev/null {file}
		creates = app.db
		[database:app]
		path = app.db
		[file:a]
		path = f.ini
		content = a=b
		[file:b]
		path = f.ini
		policy = edit
		set = a=c
		[file:p]
		path = empty
		[file:q]
		path = empty
	END
	status 0 gw check
	status 0 gw plan
	contains "$out" "~ directory:b   fill '$PWD/d' from "
	contains "$out" "~ directory:c   fix '$PWD/d': mode 0755, not 0700"
	contains "$out" "= directory:d   an earlier step makes '$PWD/d'"
	contains "$out" "+ exec:init     make '$PWD/e': run: "
	contains "$out" "? database:app  not known before exec:restore has made '$PWD/app.db'"
	contains "$out" "? file:b        not known before file:a has made '$PWD/f.ini'"
	contains "$out" "? file:q        not known before file:p has made '$PWD/empty'"
	status 111 gw apply # of no bytes
	contains "$err" "app.db"
	sed -i 's|cp /dev/null {file}|true|; /^creates = app.db/d' conf/10.ini
	rm app.db
	status 0 gw apply
	exists d/x e/x
	mode d 700
	equal a=c "$(cat f.ini)"
	status 0 gw apply
	contains "$err" "1 made"
}

the_second_may_help_where_the_first_fails() {
	drop_in 10.ini <<-'END'
		[exec:fetch]
		command = false {file}
		creates = p
		critical = no
		order = 1
		[file:default]
		path = p
		content = default
	END
	status 0 gw check
	status 0 gw plan
	contains "$out" "? file:default  not known before exec:fetch has made '$PWD/p'"
	status 0 gw apply
	equal default "$(cat p)"
}

what_the_system_decides_a_plan_does_not_promise_twice() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		[file:a]
		path = p
		when = !path:d/x
		[exec:e]
		command = touch {file}
		creates = p
		when = !path:d/x
	END
	status 0 gw plan
	contains "$out" "? exec:e       not known before file:a has made '$PWD/p'"
	status 0 gw apply
	contains "$err" "2 made"
}
