#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `link`.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function one_link {
	drop_in 10.ini <<-'END'
		[link:l]
		path = deep/link
		target = ../somewhere/${NAME:-else}
	END
}

a_link_is_made_with_its_parents_and_its_target_as_written() {
	one_link
	status 0 gw plan
	contains "$out" "create the link '$PWD/deep/link' to '../somewhere/else'"
	status 0 gw apply
	equal ../somewhere/else "$(readlink deep/link)"
	status 0 gw apply
	contains "$err" "1 in place"
}

a_link_elsewhere_is_left_alone_and_is_an_error() {
	one_link
	status 0 gw apply
	status 111 env NAME=new "$GROUNDWORK" -c conf apply
	contains "$err" "points to '../somewhere/else', not to '../somewhere/new'"
	contains "$err" "replace = link"
	equal ../somewhere/else "$(readlink deep/link)"
}

replace_points_a_link_anew() {
	one_link
	status 0 gw apply
	printf '[link:l]\nreplace = link\n' | drop_in 20.ini
	status 0 env NAME=new "$GROUNDWORK" -c conf plan
	contains "$out" "point '$PWD/deep/link' to '../somewhere/new' instead of"
	status 0 env NAME=new "$GROUNDWORK" -c conf apply
	equal ../somewhere/new "$(readlink deep/link)"
	equal link "$(ls -A deep)"
}

# A link has no key `owner` that could accept another user's directory; a file has one.
root_advice_names_only_keys_that_the_kind_has() {
	mkdir -m 1777 open
	mkdir open/theirs
	chown 10002 open/theirs
	printf '[link:l]\npath = open/theirs/l\ntarget = t\n' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "(mode 1777); give it to root or the application's user"
	printf '[file:l]\npath = open/theirs/l\n' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "(mode 1777); write owner = 10002 to accept it, or give it to root"
	printf '[exec:l]\ncommand = touch {file}\ncreates = open/theirs/l\n' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "(mode 1777); write user = 10002 to accept it, or give it to root"
	printf 'user = 10002\n' >>conf/10.ini
	status 0 gw apply
	exists open/theirs/l
}

replace_never_replaces_anything_but_a_link() {
	one_link
	printf '[link:l]\nreplace = link\n' | drop_in 20.ini
	mkdir deep
	echo precious >deep/link
	status 111 gw apply
	contains "$err" "not a symbolic link"
	equal precious "$(cat deep/link)"
	rm deep/link
	mkdir deep/link
	status 111 gw apply
	empty deep/link
}

a_link_to_nothing_is_in_place() {
	one_link
	mkdir deep
	ln -s ../somewhere/else deep/link
	status 0 gw plan --exit-code
}

a_missing_target_is_an_error() {
	drop_in 10.ini <<-'END'
		[link:l]
		path = l
	END
	status 100 gw apply
	contains "$err" "target: missing"
}
