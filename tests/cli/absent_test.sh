#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `absent`: what is removed, and what never is.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

what_is_stale_is_removed_before_anything_is_made() {
	drop_in 10.ini <<-'END'
		[absent:stale]
		path = run/app.pid run/app.sock
		[directory:a]
		path = run
	END
	mkdir run
	touch run/app.pid run/other
	ln -s /etc/passwd run/app.sock
	status 0 gw plan
	matches "$out" "^- absent:stale +remove '$PWD/run/app.pid'; remove '$PWD/run/app.sock'"
	exists run/app.pid run/app.sock
	status 0 gw apply
	missing run/app.pid run/app.sock
	exists run/other /etc/passwd
	matches "$err" "- absent:stale +removed '$PWD/run/app.pid'; removed"
	status 0 gw apply
	matches "$err" "= absent:stale +'$PWD/run/app.pid' does not exist"
}

a_directory_is_removed_with_what_is_in_it_where_that_is_written() {
	printf '[absent:a]\npath = tree empty\n' | drop_in 10.ini
	mkdir -p tree/sub/deep empty
	touch tree/sub/deep/file outside
	ln -s ../outside tree/link
	status 111 gw apply
	matches "$err" "'$PWD/tree' is a directory that is not empty; .recursive = yes. removes it"
	exists tree/sub/deep/file
	printf 'recursive = yes\n' >>conf/10.ini
	status 0 gw plan
	contains "$out" "remove '$PWD/tree' and the 4 objects in it; remove '$PWD/empty'"
	exists tree/sub/deep/file
	status 0 gw apply
	missing tree empty
	exists outside
	contains "$err" "removed '$PWD/tree' and the 4 objects in it"
}

a_path_is_named_once_in_the_error_of_who_needs_it() {
	printf '%s\n' '[absent:a]' 'path = x' '[file:f]' 'path = x' | drop_in 10.ini
	status 100 gw check
	contains "$err" "[absent:a] path: '$PWD/x': it is of file:f, which would make it again after each removal"
}

what_another_step_makes_is_an_error_at_load() {
	drop_in 10.ini <<-'END'
		[absent:a]
		path = data/a data run
		recursive = yes
		[directory:b]
		path = logs data/a/b
		[file:f]
		path = run/app.conf
		[key:below]
		path = ${GROUNDWORK_BASE}/data/key
		[exec:e]
		command = touch ${GROUNDWORK_BASE}/data/a
		creates = data/a
	END
	mkdir -p data/a
	status 100 gw check
	matches "$err" "conf/10.ini:2: \[absent:a\] path: '.*/data/a': '.*/data/a/b' is of directory:b, which"
	matches "$err" "conf/10.ini:2: \[absent:a\] path: '.*/data': '.*/data/a/b' is of directory:b, which"
	matches "$err" "conf/10.ini:2: \[absent:a\] path: '.*/run': '.*/run/app.conf' is of file:f, which"
	status 100 gw apply
	exists data/a
	# Beside it, and above it, is fine; and so is what is not made this time.
	drop_in 10.ini <<-'END'
		[absent:a]
		path = data/a/stale data/ab conf.off
		when = !env:ON
		[directory:b]
		path = data/a
		[file:off]
		path = conf.off
		when = env:ON
	END
	touch data/a/stale conf.off
	status 0 gw apply
	missing data/a/stale conf.off
	exists data/a
	status 0 env ON=1 "$GROUNDWORK" -c conf apply
	exists conf.off
}

# What its value is was not known at load.
what_another_step_makes_is_left_in_any_case() {
	drop_in 10.ini <<-END
		[absent:a]
		path = \${file:$PWD/where}
		recursive = yes
		[directory:b]
		path = data/b
	END
	mkdir -p data/b
	echo "$PWD/data" >where
	status 111 gw apply
	contains "$err" "is of directory:b, which would make it again"
	exists data/b
}

what_another_step_makes_is_left_by_any_of_its_names() {
	drop_in 10.ini <<-'END'
		[absent:a]
		path = cur/data
		recursive = yes
		[file:b]
		path = rel/data/b
		content = once
	END
	mkdir -p rel
	ln -s rel cur
	status 0 gw apply
	echo mine >rel/data/b
	status 111 gw plan
	contains "$out" "'$PWD/cur/data': '$PWD/rel/data/b' is of file:b, which would make it again"
	status 111 gw apply
	contains "$err" "'$PWD/cur/data': '$PWD/rel/data/b' is of file:b, which would make it again"
	equal "$(cat rel/data/b)" mine
	# The other way round; and the link is another object than where it leads.
	sed -i 's|cur/data|rel/data|; s|rel/data/b|cur/data/b|' conf/10.ini
	status 111 gw apply
	contains "$err" "is of file:b, which would make it again"
	sed -i 's|rel/data|cur|; s|cur/data/b|rel/data/b|' conf/10.ini
	status 0 gw apply
	missing cur
	equal "$(cat rel/data/b)" mine
	# Where relative paths start.
	ln -s "$PWD" here
	printf '[absent:a]\npath = here\n' | drop_in 10.ini
	status 0 gw apply
	missing here
	ln -s "${PWD%/*}" above
	printf '[absent:a]\npath = above/%s\nrecursive = yes\n' "${PWD##*/}" | drop_in 10.ini
	status 111 gw apply
	contains "$err" "relative paths start at '$PWD'"
	exists conf/10.ini
}

some_paths_are_refused() {
	drop_in 10.ini <<-'END'
		[absent:system]
		path = /etc /usr/lib/
		recursive = yes
		[absent:up]
		path = a/../b
		[absent:glob]
		path = run/*.pid
		[absent:base]
		path = ${GROUNDWORK_BASE}
	END
	status 100 gw check
	matches "$err" "10.ini:2: \[absent:system\] path: '/etc' belongs to the system and is not removed"
	matches "$err" "10.ini:2: \[absent:system\] path: '/usr/lib' belongs"
	matches "$err" "10.ini:5:8: \[absent:up\] path: 'a/../b': write the path without '..'"
	matches "$err" "10.ini:7:8: \[absent:glob\] path: 'run/\*.pid': each path is one object; there are no globs"
	matches "$err" "10.ini:9: \[absent:base\] path: '$PWD': relative paths start there"
	status 100 gw --state run check
	contains "$err" "10.ini:7:8: [absent:glob] path: 'run/*.pid'"
	printf '[absent:run]\npath = run\nrecursive = yes\n' | drop_in 10.ini
	status 100 gw --state run/state check
	contains "$err" "'$PWD/run': '$PWD/run/state' holds what is remembered between starts"
	printf '[absent:glob]\npath = run/*.pid\n' | drop_in 10.ini
	status 100 gw apply
}

user_what_may_not_be_removed_is_an_error() {
	printf '[absent:a]\npath = closed/file\n' | drop_in 10.ini
	mkdir closed
	touch closed/file
	chmod 555 closed
	status 111 gw apply
	matches "$err" "remove '.*/closed/file': Permission denied: its directory belongs to"
	chmod 755 closed
}

root_what_is_mounted_is_left() {
	needs_mounts
	printf '[absent:a]\npath = tree\nrecursive = yes\n' | drop_in 10.ini
	mkdir -p tree/volume precious
	touch tree/file precious/file
	# The inner shell's arguments are meant.
	status 111 mounted precious tree/volume "$GROUNDWORK" -c conf apply
	contains "$err" "'$PWD/tree/volume' is a mount point; what is mounted is not removed"
	exists tree/file precious/file
}

root_what_a_user_moved_into_it_is_left() {
	printf '[absent:a]\npath = data/cache\nrecursive = yes\n' | drop_in 10.ini
	mkdir -p data/cache/keys
	touch data/cache/keys/key
	chown 10001 data data/cache
	status 111 gw apply
	matches "$err" "data/cache': unsafe path: 'keys' belongs to user 0, and what leads to it is controlled by user 10001"
	exists data/cache/keys/key
}

root_what_others_may_have_moved_there_is_left() {
	printf '[absent:a]\npath = volume/cache volume/pid volume/empty\nrecursive = yes\n' | drop_in 10.ini
	mkdir -p volume/keys volume/empty
	touch volume/keys/key volume/pid
	chmod 700 volume/keys
	chgrp 10001 volume
	chmod 775 volume
	# It needs no right to the directory itself.
	setpriv --reuid 10001 --regid 10001 --clear-groups mv volume/keys volume/cache ||
		skip "no other users here"
	status 111 gw apply
	matches "$err" "volume/cache/key': unsafe path: .*could have moved there"
	contains "$err" "; take that from them (chmod g-w '$PWD/volume'), or remove it as a user"
	exists volume/cache/key
	sed -i 's|volume/cache ||' conf/10.ini
	status 0 gw apply
	missing volume/pid volume/empty
}

root_the_directory_of_a_checkout_that_is_in_the_way_is_named() {
	local command mode whom
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[absent:a]
		path = a/tmp/pids/server.pid
	END
	mkdir -p a/tmp/pids
	touch a/tmp/pids/server.pid
	while read -r mode whom; do
		chown -R 10001:10001 a
		chmod "$mode" a a/tmp a/tmp/pids
		for command in apply plan; do
			status 111 gw $command
			cat "$out" "$err" >said
			contains said "take that from them (chmod $whom-w '$PWD/a' '$PWD/a/tmp'), or remove it as a user"
		done
		exists a/tmp/pids/server.pid
		chmod "$whom-w" a a/tmp
		status 0 gw plan
	done <<-'END'
		775 g
		777 go
		757 o
	END
	status 0 gw apply
	missing a/tmp/pids/server.pid
}

many_may_remove_it_at_once() {
	printf '[absent:a]\npath = tree\nrecursive = yes\n[bootstrap]\nretry_delay = 1ms\nretry_attempts = 100\n' | drop_in 10.ini
	mkdir -p tree/{a,b,c}/{a,b,c}/{a,b,c}
	touch tree/{a,b,c}/{a,b,c}/{a,b,c}/{1,2,3,4}
	local pids=() i
	for i in 1 2 3 4 5 6 7 8; do
		"$GROUNDWORK" -c conf apply 2>"log$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || fail "one of them failed: $(cat log*)"
	done
	missing tree
}
