#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `directory`.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

a_directory_is_made_with_its_parents() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a/b/c
		mode = 0700
	END
	status 0 gw apply
	mode a 755
	mode a/b 755
	mode a/b/c 700
}

the_umask_does_not_matter() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a/b
		mode = 0775
	END
	umask 077
	status 0 gw apply
	mode a 755
	mode a/b 775
}

several_paths_are_one_step() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a
		 b c
	END
	mkdir b
	status 0 gw apply
	exists a b c
	contains "$err" "/a'"
	contains "$err" "/c'"
	lacks "$err" "/b'"
}

modes_have_special_bits_too() {
	drop_in 10.ini <<-'END'
		[directory:sticky]
		path = sticky
		mode = 1777
		[directory:setgid]
		path = setgid
		mode = 2770
	END
	status 0 gw apply
	mode sticky 1777
	mode setgid 2770
}

what_exists_keeps_its_mode_unless_the_step_writes_one() {
	mkdir -m 711 a b
	drop_in 10.ini <<-'END'
		[directory:a]
		path = a
		[directory:b]
		path = b
		mode = 0750
	END
	status 0 gw plan
	contains "$out" "mode 0711, not 0750"
	status 0 gw apply
	mode a 711
	mode b 750
	status 0 gw plan --exit-code
}

the_defaults_section_does_not_change_what_exists() {
	mkdir -m 711 a
	drop_in 10.ini <<-'END'
		[defaults:directory]
		mode = 0700
		[directory:a]
		path = a
		[directory:b]
		path = b
	END
	status 0 gw apply
	mode a 711
	mode b 700
}

a_file_in_the_way_is_an_error_and_stays() {
	echo precious >a
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a
	END
	status 111 gw plan
	contains "$out" "is a file, not a directory"
	status 111 gw apply
	contains "$err" "is a file, not a directory"
	equal precious "$(cat a)"
}

a_file_on_the_way_is_an_error_and_stays() {
	echo precious >a
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a/b/c
	END
	status 111 gw apply
	contains "$err" "'a' on the way is a file, not a directory"
	equal precious "$(cat a)"
}

a_link_in_the_place_of_the_directory_is_an_error() {
	mkdir target
	ln -s target a
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a
		mode = 0700
	END
	status 111 gw apply
	contains "$err" "is a symbolic link, not a directory"
	mode target 755
}

a_link_on_the_way_is_walked() {
	mkdir target
	ln -s target a
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a/b
	END
	status 0 gw apply
	exists target/b
}

the_same_directory_twice_is_fine() {
	drop_in 10.ini <<-'END'
		[directory:one]
		path = a/./b//c
		[directory:two]
		path = a/b/c
	END
	status 0 gw apply
	contains "$err" "1 made, 1 in place"
}

what_is_in_it_is_left_alone() {
	mkdir -p a/inside
	chmod 700 a/inside
	echo text >a/file
	drop_in 10.ini <<-'END'
		[directory:d]
		path = a
		mode = 0750
	END
	status 0 gw apply
	mode a/inside 700
	equal text "$(cat a/file)"
}

root_owner_and_group_are_given_and_put_right() {
	drop_in 10.ini <<-'END'
		[directory:new]
		path = new
		owner = 10001
		group = 10002
		[directory:old]
		path = old
		owner = 10001
	END
	mkdir -m 700 old
	status 0 gw apply
	mode new 755 10001:10002
	mode old 700 10001:0
}

root_recursive_says_whose_the_contents_are() {
	local recursive
	for recursive in no mismatch full; do
		mkdir -p $recursive/deep
		touch $recursive/deep/file
		ln -s /etc/passwd $recursive/link
		drop_in $recursive.ini <<-END
			[directory:$recursive]
			path = $recursive
			owner = 10001
			group = 10001
			recursive = $recursive
		END
	done
	status 0 gw apply
	mode no 755 10001:10001
	mode no/deep/file 644 0:0
	mode mismatch/deep 755 10001:10001
	mode mismatch/deep/file 644 10001:10001
	equal 10001 "$(stat -c %u mismatch/link)" "owner of the link itself"
	equal 0 "$(stat -L -c %u mismatch/link)" "owner of what it points to"
	mode full/deep/file 644 10001:10001
	# Once the directory is right, only `full` looks into it.
	chown 0:0 mismatch/deep/file full/deep/file
	status 0 gw apply
	mode mismatch/deep/file 644 0:0
	mode full/deep/file 644 10001:10001
	status 0 gw plan --exit-code
}

root_recursive_does_not_give_away_what_has_another_name() {
	mkdir d
	echo secret >shadow
	chmod 600 shadow
	ln shadow d/linked
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		owner = 10001
		recursive = full
	END
	status 0 gw apply
	mode shadow 600 0:0
}

root_exclude_leaves_alone_what_it_names() {
	mkdir -p d/.snapshot/old d/cache/x d/sub
	touch d/.snapshot/old/file d/cache/x/file d/sub/file d/sub/keep.lock
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		owner = 10001
		recursive = full
		exclude = .snapshot cache/* *.lock
	END
	status 0 gw apply
	mode d/.snapshot 755 0:0
	mode d/.snapshot/old/file 644 0:0
	mode d/cache 755 10001:0
	mode d/cache/x 755 0:0
	mode d/sub/keep.lock 644 0:0
	mode d/sub/file 644 10001:0
	status 0 gw plan --exit-code
}

a_glob_of_exclude_that_ends_in_a_slash_is_an_error() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		exclude = cache/
	END
	status 100 gw check
	contains "$err" "10.ini:3:11: [directory:d] exclude: 'cache/' matches nothing; write 'cache'"
}

# With `merge = mirror` what is not left out is removed.
globs_of_other_programs_are_errors() {
	mkdir s
	local glob
	for glob in '**/up' ./up '!up' 'a**/up' '*.{a,b}' d/up; do
		printf '%s\n' '[directory:d]' 'path = d' 'source = ../s' 'merge = mirror' "exclude = $glob" |
			drop_in 10.ini
		status 100 gw check
		contains "$err" "10.ini:5"
		contains "$err" "exclude: '$glob'"
	done
	for glob in up /up 'up/*' 'up/**' /d/up '*.a'; do
		printf '%s\n' '[directory:d]' 'path = d' 'source = ../s' 'merge = mirror' "exclude = $glob" |
			drop_in 10.ini
		status 0 gw check
	done
}

root_writable_by_asks_as_that_user() {
	mkdir -m 755 closed
	drop_in 10.ini <<-'END'
		[directory:closed]
		path = closed
		writable_by = 10001
	END
	status 111 gw apply
	contains "$err" "belongs to 0:0 with mode 0755"
	contains "$err" "user 10001"
	empty closed
	chown 10001 closed
	status 0 gw apply
}

user_writable_by_ourselves() {
	mkdir -m 555 closed
	drop_in 10.ini <<-END
		[directory:closed]
		path = closed
		writable_by = $(id -u)
	END
	status 111 gw apply
	contains "$err" "cannot write there"
	chmod 755 closed
	status 0 gw apply
}

# ---- a tree that is copied ----

function source_of {
	mkdir -p src/sub src/.hidden src/empty
	echo one >src/file
	echo two >src/sub/deep
	echo three >src/.hidden/file
	ln -s sub/deep src/link
	chmod 750 src/sub
	chmod 600 src/file
	touch -d 2001-02-03 src/file
	drop_in 10.ini <<-END
		[directory:d]
		path = d
		source = $PWD/src
		${1-}
	END
}

a_source_fills_an_empty_directory_once() {
	source_of
	mkdir d d/lost+found
	status 0 gw plan
	contains "$out" "fill '$PWD/d' from '$PWD/src'"
	status 0 gw apply
	contains "$err" "copied 7 objects from '$PWD/src' into '$PWD/d'"
	rmdir d/lost+found
	equal "" "$(diff -r --no-dereference src d)" "what differs"
	mode d 755
	mode d/sub 750
	mode d/file 600
	equal "$(stat -c %y src/file)" "$(stat -c %y d/file)" "when it was changed"
	rm -r d/sub
	echo mine >d/file
	status 0 gw apply
	contains "$err" "1 in place"
	missing d/sub
	rm -r src # it is not needed any more
	status 0 gw plan --exit-code
}

holes_of_a_file_stay_holes_in_its_copy() {
	source_of
	truncate -s 1G src/empty-file
	printf begin >src/sparse
	truncate -s 40M src/sparse
	printf middle >>src/sparse
	truncate -s 80M src/sparse
	status 0 gw apply
	cmp src/sparse d/sparse || fail "the copy has other bytes"
	equal 1073741824 "$(stat -c %s d/empty-file)" "bytes"
	(($(du -sk d | cut -f 1) < 1024)) || fail "the copy is dense: $(du -k d/*)"
}

a_copy_that_was_interrupted_is_completed() {
	source_of
	mkdir -p d/.private.groundwork-1abcde/.sub.groundwork-2abcde
	touch d/.groundwork-filling d/mine
	echo edited >d/file
	status 2 gw plan --exit-code
	contains "$out" "fill '$PWD/d'"
	status 0 gw apply
	equal edited "$(cat d/file)"
	equal two "$(cat d/sub/deep)"
	exists d/mine d/empty
	missing d/.groundwork-filling
	touch -d '2 hours ago' d/.private*
	status 0 gw plan --exit-code
}

who_comes_second_waits_for_the_one_who_copies() {
	source_of "timeout = 200ms"
	mkdir d
	touch d/.groundwork-filling
	background python3 -c 'if 1:
		import fcntl, sys, time
		file = open(sys.argv[1], "r+")
		fcntl.lockf(file, fcntl.LOCK_EX)
		open("locked", "w").close()
		time.sleep(60)
	' d/.groundwork-filling
	eventually test -e locked
	status 111 gw apply
	contains "$err" "timeout"
	equal .groundwork-filling "$(ls -A d)" "what was copied"
	kill "$pid"
	status 143 wait "$pid"
	status 0 gw apply
	equal "" "$(diff -r --no-dereference src d)" "what differs"
}

merge_missing_says_which_file_stands_for_a_directory() {
	source_of "merge = missing"
	mkdir d
	echo mine >d/sub
	status 0 gw apply
	contains "$err" "'$PWD/d/sub': a file there, and a directory in '$PWD/src': nothing of that is copied"
	equal mine "$(cat d/sub)"
	status 0 gw apply
	contains "$err" "nothing of that is copied"
}

a_path_of_a_directory_is_no_glob() {
	printf '%s\n' '[directory:d]' 'path = a/* b' | drop_in 10.ini
	status 100 gw apply
	contains "$err" "10.ini:2:8: [directory:d] path: 'a/*': there are no globs here"
	missing b
}

merge_missing_adds_what_is_missing_each_time() {
	source_of "merge = missing"
	mkdir -p d/sub
	echo mine >d/file
	status 0 gw plan
	contains "$out" "from '$PWD/src' into '$PWD/d'"
	status 0 gw apply
	equal mine "$(cat d/file)"
	rm d/sub/deep
	status 0 gw plan
	contains "$out" "copy 'sub/deep' from '$PWD/src' into '$PWD/d'"
	status 0 gw apply
	equal two "$(cat d/sub/deep)"
	status 0 gw plan --exit-code
}

merge_always_replaces_what_differs() {
	source_of "merge = always"
	status 0 gw apply
	echo six >d/file
	touch -r src/file d/file
	touch d/mine
	status 0 gw apply
	equal one "$(cat d/file)"
	exists d/mine
	rm -r d/sub
	echo precious >d/sub
	status 111 gw apply
	contains "$err" "/d/sub' is a file, and a directory in '$PWD/src': move it away"
	equal precious "$(cat d/sub)"
}

merge_mirror_keeps_what_is_excluded_and_what_leads_to_it() {
	source_of "merge = mirror
exclude = *.db"
	mkdir -p d/old/sub d/gone d/file
	echo kept | tee d/old/sub/a.db >d/file/b.db
	echo goes | tee d/old/sub/other d/old/other >d/gone/other
	status 111 gw apply
	contains "$err" "'$PWD/d/file' is a directory, and a file in '$PWD/src': move it away, with what"
	mv d/file d/moved
	status 0 gw plan
	contains "$out" "'$PWD/d/old/other'"
	lacks "$out" "'$PWD/d/old'"
	status 0 gw apply
	equal kept "$(cat d/old/sub/a.db)"
	equal kept "$(cat d/moved/b.db)"
	missing d/old/sub/other d/old/other d/gone
	status 0 gw apply
	contains "$err" "nothing to do"
}

merge_mirror_removes_nothing_that_another_step_makes() {
	source_of "merge = mirror
[key:k]
path = d/keys/k
[directory:up]
path = d/up"
	status 100 gw apply
	contains "$err" "[directory:d] merge: mirror would remove '$PWD/d/keys/k' from '$PWD/d': it is of key:k; leave it out with \`exclude\`"
	contains "$err" "mirror would remove '$PWD/d/up' from"
	missing d
	sed -i 's|^merge.*|&\nexclude = keys up|' conf/10.ini
	status 0 gw apply
	cp d/keys/k before
	echo mine >d/up/mine
	status 0 gw apply
	cmp before d/keys/k
	equal mine "$(cat d/up/mine)"
}

merge_mirror_removes_nothing_that_a_step_reaches_by_a_link() {
	source_of "merge = mirror
[file:f]
path = link/f
content = f"
	mkdir -p d/real
	ln -s d/real link
	echo mine >d/real/mine
	status 111 gw plan
	contains "$out" "merge: mirror would remove '$PWD/d/real': '$PWD/link/f' is of file:f"
	status 111 gw apply
	contains "$err" "10.ini:4: [directory:d] merge: mirror would remove '$PWD/d/real'"
	equal mine "$(cat d/real/mine)"
	sed -i 's|^merge.*|&\nexclude = real|' conf/10.ini
	status 0 gw apply
	exists d/real/mine d/real/f d/file
}

merge_mirror_leaves_what_belongs_to_an_excluded_database() {
	local file

	source_of "merge = mirror
exclude = app.db"
	mkdir -p d/old
	for file in d/app.db{,-wal,-shm,-journal} d/.app.db.lock d/old/app.db-journal d/other.db-wal; do
		echo data >"$file"
	done
	status 0 gw apply
	exists d/app.db{,-wal,-shm,-journal} d/.app.db.lock d/old/app.db-journal
	missing d/other.db-wal
}

merge_mirror_removes_not_where_it_is_run() {
	source_of "merge = mirror"
	mkdir -p d/here
	cp -r conf "$PWD.conf"
	sed -i "s|= src|= $PWD/src|; s|^path = d|path = $PWD/d|" "$PWD.conf/10.ini"
	cd d/here
	status 100 "$GROUNDWORK" -c "${PWD%/d/here}.conf" apply
	contains "$err" "mirror would remove '$PWD' from '${PWD%/here}': relative paths start there"
}

# It looks like one that is not mounted.
merge_mirror_removes_nothing_for_an_empty_source() {
	local command
	mkdir -p s/lost+found s/cache d/deep
	touch d/deep/important
	printf '%s\n' '[directory:d]' 'path = d' "source = $PWD/s" 'merge = mirror' 'exclude = cache' |
		drop_in 10.ini
	for command in plan apply; do
		status 111 gw "$command"
		cat "$out" >>"$err"
		contains "$err" "'$PWD/s' is empty, and all that is in '$PWD/d' would be removed"
		exists d/deep/important
	done
	touch s/f
	status 0 gw apply
	missing d/deep
	rm s/f d/f
	status 0 gw apply
}

merge_mirror_removes_what_the_source_does_not_have() {
	source_of "merge = mirror
exclude = kept"
	status 0 gw apply
	mkdir d/old d/sub/kept
	touch d/old/file d/sub/kept/file
	status 0 gw plan
	contains "$out" "remove '$PWD/d/old' (2 objects), not in '$PWD/src'"
	exists d/old/file
	status 0 gw apply
	contains "$err" "removed 2 from '$PWD/d'"
	missing d/old
	exists d/sub/kept/file
	status 0 gw plan --exit-code
}

a_source_that_is_missing_is_an_error() {
	source_of
	rm -r src
	status 111 gw apply
	contains "$err" "'$PWD/src' is missing"
}

a_source_and_the_directory_in_one_another_are_an_error() {
	drop_in 10.ini <<-END
		[directory:d]
		path = $PWD/d
		source = $PWD/d/defaults
		[directory:e]
		path = $PWD/e/f
		source = $PWD/e
		[directory:f]
		path = f
		merge = always
	END
	status 100 gw apply
	contains "$err" "10.ini:3: [directory:d] source: '$PWD/d/defaults' cannot be copied into"
	contains "$err" "10.ini:6: [directory:e] source:"
	contains "$err" "10.ini:9: [directory:f] merge: has no effect without \`source\`"
	missing d e f
}

root_copies_belong_to_the_applications_user() {
	source_of "owner = 10001"
	find src -mindepth 1 -exec chown -h 10002 {} +
	chmod u+s src/sub/deep
	chown -h 0 src/link
	ln -s elsewhere src/another # of 10002, whose choice it may be
	chown -h 10002 src/another
	status 0 gw apply
	mode d/file 600 10001:10001
	mode d/sub 750 10001:10001
	mode d/sub/deep 644 10001:10001
	equal 10001 "$(stat -c %u d/link)" "owner of the link"
	equal 10002 "$(stat -c %u d/another)" "owner of another user's link"
}

user_directories_that_cannot_be_entered_are_counted() {
	drop_in 10.ini <<-END
		[directory:d]
		path = d
		owner = $(id -u)
		recursive = full
	END
	mkdir -p d/open/closed d/also/closed
	chmod 0 d/open/closed d/also/closed
	status 0 gw plan
	contains_once "$err" "warning: [directory:d] recursive: passed over directories in '$PWD/d' that cannot be entered (2); the first is '$PWD/d/"
	status 0 gw apply
	contains_once "$err" "cannot be entered (2)"
	chmod 755 d/also/closed
	status 0 gw apply
	contains_once "$err" "cannot be entered (1); the first is '$PWD/d/open/closed'"
	chmod 755 d/open/closed
	status 0 gw apply
	lacks "$err" "passed over"
}

# The mode and the owner that it is to have decide, before anything is made.
root_what_its_writer_could_not_write_is_not_made() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		owner = root
		mode = 0700
		writable_by = 10001
	END
	status 111 gw plan
	contains "$out" "! directory:d  conf/10.ini:1: [directory:d]: '$PWD/d' belongs to 0:0 with mode 0700, and user 10001"
	status 111 gw apply
	missing d
	printf '[directory:d]\nowner = 10001\n' | drop_in 20.ini
	status 0 gw plan
	contains "$out" "+ directory:d  create"
	status 0 gw apply
	rm conf/20.ini
	status 111 gw plan
	contains "$out" "! directory:d"
	status 111 gw apply
	equal 10001 "$(stat -c %u d)" "owner"
}

# A plan asks each directory that something would be copied into, or removed from.
user_a_plan_sees_directories_of_others_further_down() {
	mkdir -p src/sub d/sub gone/sub
	touch src/sub/f gone/sub/f gone/top
	chmod 555 d/sub gone/sub
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		source = ../src
		merge = missing
		critical = no
		[absent:a]
		path = gone
		recursive = yes
		critical = no
	END
	status 0 gw plan
	contains "$out" "copy into the directory of '$PWD/d/sub/f': Permission denied"
	contains "$out" "remove '$PWD/gone/sub/f': Permission denied"
	status 0 gw apply
	contains "$err" "remove '$PWD/gone/sub/f': Permission denied"
	exists gone/top
	chmod 755 d/sub gone/sub
	status 0 gw plan
	contains "$out" "~ directory:d  copy 'sub/f'"
	status 0 gw apply
	exists d/sub/f
	missing gone
}

nothing_is_made_in_a_file_system_of_the_kernel() {
	printf '[file:f]\npath = /proc/x\n[directory:d]\npath = /proc/self/x\norder = 20\n' | drop_in 10.ini
	status 111 gw plan
	contains "$out" "create '/proc/x': it is in a file system of the kernel's, in which nothing can be made"
	contains "$out" "! directory:d"
	status 111 gw apply
}
