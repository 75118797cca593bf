#!/bin/bash
# SPDX-License-Identifier: MIT
# [app] account: the name of the application's numbers in /etc/passwd and /etc/group.

# Most of these tests hand $NAME to another shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# etc: a directory with the two files, to be /etc.
function etc {
	needs_mounts
	mkdir -p etc
	printf '%s\n' 'root:x:0:0:root:/root:/bin/bash' '# a comment' \
		'git:secret:1000:1000:Git, A.:/home/git:/bin/rbash' 'last:x:7:7::/:/bin/sh' >etc/passwd
	printf '%s\n' 'root:x:0:' 'git:x:1000:www,ci' 'disk:x:6:git' >etc/group
	chmod 664 etc/passwd
	chown 0:7 etc/passwd
	chmod 755 .
}

# with_etc COMMAND…: where that directory is /etc.
function with_etc {
	mounted etc /etc "$@"
}

function app {
	printf '%s\n' "[app]" "$@" | drop_in 10.ini
}

# left_by_plan [COMMAND…]: a plan says what apply says, of a number without a name.
function left_by_plan {
	local made
	status 0 "$@" "$GROUNDWORK" -v -c conf true
	made=$(grep -o "account: 'git' is not made: .*" "$err")
	status 0 "$@" "$GROUNDWORK" -c conf true
	contains "$err" "$made"
	status 0 "$@" "$GROUNDWORK" -c conf plan
	contains "$err" "${made/is not/would not be}"
}

root_that_stays_root_keeps_its_names() {
	etc
	app "account = git:/data/git"
	status 0 with_etc "$GROUNDWORK" -c conf sh -c 'echo $HOME'
	contains_once "$err" "groundwork: [app] account: 'git' is not made: user 0 keeps its names and its home"
	status 0 with_etc "$GROUNDWORK" -c conf plan
	contains_once "$err" "groundwork: [app] account: 'git' would not be made: user 0 keeps"
}

root_an_entry_gets_the_numbers_and_the_home() {
	etc
	app "user = 1234:1235" "account = git:/data/git"
	status 0 with_etc "$GROUNDWORK" -c conf sh -c 'id -un; id -gn; echo $HOME $USER'
	equal $'git\ngit\n/data/git git' "$(<"$out")"
	contains "$err" "[app] account: 'git' is now user 1234 and group 1235"
	# All else is as it was, to the byte.
	printf '%s\n' 'root:x:0:0:root:/root:/bin/bash' '# a comment' \
		'git:secret:1234:1235:Git, A.:/data/git:/bin/rbash' 'last:x:7:7::/:/bin/sh' |
		cmp - etc/passwd
	printf '%s\n' 'root:x:0:' 'git:x:1235:www,ci' 'disk:x:6:git' | cmp - etc/group
	mode etc/passwd 664 0:7
	mode etc/group 644 0:0
	# In place: nothing is written, and no lock taken.
	rm etc/.pwd.lock
	snapshot etc >before
	status 0 with_etc "$GROUNDWORK" -c conf apply
	lacks "$err" account
	snapshot etc | cmp - before
}

root_an_entry_that_is_missing_is_made() {
	etc
	printf 'root:x:0:0:root:/root:/bin/bash\n+::::::' >etc/passwd
	printf 'root:x:0:' >etc/group
	app "user = 1234:1235" "account = git:/data/git"
	status 0 with_etc "$GROUNDWORK" -q -c conf apply
	equal $'root:x:0:0:root:/root:/bin/bash\ngit:*:1234:1235::/data/git:/bin/sh\n+::::::' \
		"$(<etc/passwd)"
	equal $'root:x:0:\ngit:x:1235:' "$(<etc/group)"
	rm etc/passwd etc/group
	status 0 with_etc "$GROUNDWORK" -q -c conf apply
	equal 'git:*:1234:1235::/data/git:/bin/sh' "$(<etc/passwd)"
	mode etc/passwd 644 0:0
}

# The first entry of a number is its name for whoever asks.
root_a_number_that_has_another_name_is_a_warning() {
	local command other="[app] account: user 1234 is 'other' in /etc/passwd, which comes before 'git'"
	etc
	echo 'other:x:1234:1234::/:/bin/sh' >>etc/passwd
	sed -i '/^git/d' etc/passwd etc/group
	app "user = 1234:1235" "account = git:/data/git"
	for command in plan apply apply; do
		status 0 with_etc "$GROUNDWORK" -c conf "$command"
		contains_once "$err" "warning: $other"
	done
	equal 'git:*:1234:1235::/data/git:/bin/sh' "$(tail -1 etc/passwd)"
	sed -i '/^other/d' etc/passwd
	status 0 with_etc "$GROUNDWORK" -c conf apply
	lacks "$err" "other"
	# One that exists, and comes first.
	etc
	echo 'other:x:1234:1234::/:/bin/sh' >>etc/passwd
	for command in plan apply; do
		status 0 with_etc "$GROUNDWORK" -c conf "$command"
		lacks "$err" "other"
	done
}

# Groups that list the name are the application's at the first start already.
root_its_groups_are_those_of_the_name() {
	local n
	etc
	app "user = 1234" "account = git:/data/git"
	for n in 1 2; do
		status 0 with_etc "$GROUNDWORK" -q -c conf id -G
		equal "1234 6" "$(<"$out")" "start $n"
	done
}

# Before any step: whose things are git's, are the application's.
root_steps_and_plans_know_it() {
	etc
	app "user = 1234:1235" "account = git:/data/git"
	printf '%s\n' '[directory:d]' 'path = d' 'owner = git' 'group = git' | drop_in 20.ini
	snapshot etc >before
	status 0 with_etc "$GROUNDWORK" -c conf plan
	contains "$err" "[app] account: 'git' would be user 1234 and group 1235"
	snapshot etc | cmp - before
	status 0 with_etc "$GROUNDWORK" -c conf check
	status 0 with_etc "$GROUNDWORK" -q -c conf exec true
	snapshot etc | cmp - before
	status 0 with_etc "$GROUNDWORK" -q -c conf apply
	mode d 755 1234:1235
	# One that is missing as yet is known to the plan.
	app "user = 1234:1235" "account = new:/data"
	printf '%s\n' '[directory:e]' 'path = e' 'owner = new' 'group = new' | drop_in 20.ini
	status 0 with_etc "$GROUNDWORK" -c conf plan
}

root_what_would_have_to_be_guessed_is_an_error() {
	local passwd text
	etc
	app "user = 1234:1235" "account = git:/data/git"
	while IFS='|' read -r passwd text; do
		printf '%b' "$passwd" >etc/passwd
		snapshot etc >before
		status 111 with_etc "$GROUNDWORK" -q -c conf apply
		contains "$err" "10.ini:3: [app] account: '/etc/passwd': the entry 'git': $text"
		rm -f etc/.pwd.lock
		snapshot etc | cmp - before
	done <<-'END'
		git:x:1:1::/:/s\nroot:x:0:0::/:/s\ngit:x:2:2::/:/s\n|line 1 and line 3 are entries of one name
		git:x:1:1\n|line 1 has 4 fields, where 7 belong
		git:x:1:1::/:/s:more\n|line 1 has 8 fields, where 7 belong
		git:x:0:0::/:/s\n|it is root's by its number
		git:x:1:1::/:/s\nx\0y\n|it holds a NUL byte
	END
	rm etc/passwd
	ln -s /dev/null etc/passwd
	status 111 with_etc "$GROUNDWORK" -q -c conf apply
	contains "$err" "'/etc/passwd' is a symbolic link, not a file"
	rm etc/passwd
	mkfifo etc/passwd
	status 111 with_etc "$GROUNDWORK" -q -c conf apply
	contains "$err" "'/etc/passwd'"
}

what_is_no_account_is_refused_when_it_is_read() {
	local account
	for account in git git: :/data 'git:data' 'git:/da:ta' root:/data 1git:/ 'g it:/' -git:/ \
		"$(printf 'g%.0s' {1..33}):/" 'git:/x\n'; do
		app "account = $account"
		[[ $account == *'\n' ]] && app "account = git:/x" "  y:z"
		status 100 "$GROUNDWORK" -c conf check
		contains "$err" "10.ini:2: [app] account: "
	done
	app 'account = ${NAME-git}:${DATA:-/data}/git'
	status 0 "$GROUNDWORK" -c conf check
}

# A file that is mounted alone cannot be replaced.
root_mounted_files_are_written_in_place() {
	etc
	app "user = 1234:1235" "account = git:/data/git"
	status 0 unshare -m sh -c 'mount --bind etc/passwd /etc/passwd &&
		mount --bind etc/group /etc/group && exec "$@"' sh \
		"$GROUNDWORK" -q -c conf sh -c 'id -un'
	equal git "$(<"$out")"
	contains etc/passwd "git:secret:1234:1235:Git, A.:/data/git:/bin/rbash"
	contains etc/group "git:x:1235:www,ci"
}

root_where_it_may_not_be_written_it_is_left() {
	etc
	app "user = 1234:1235" "account = git:/data/git"
	snapshot etc >before
	status 0 unshare -m sh -c 'mount --bind etc /etc && mount -o remount,bind,ro /etc &&
		exec "$@"' sh "$GROUNDWORK" -v -c conf sh -c 'echo $HOME $USER'
	equal "/data/git git" "$(<"$out")"
	contains "$err" "[app] account: 'git' is not made: "
	left_by_plan unshare -m sh -c 'mount --bind etc /etc && mount -o remount,bind,ro /etc &&
		exec "$@"' sh
	# One that is mounted alone so is common.
	left_by_plan unshare -m sh -c 'mount --bind etc/passwd /etc/passwd &&
		mount -o remount,bind,ro /etc/passwd && exec "$@"' sh
	snapshot etc | cmp - before
	# A number that has another name there has one.
	app "user = 7:7" "account = git:/data/git"
	status 0 unshare -m sh -c 'mount --bind etc /etc && mount -o remount,bind,ro /etc &&
		exec "$@"' sh "$GROUNDWORK" -c conf plan
	lacks "$err" account
}

user_who_may_not_write_starts() {
	app "account = git:/data/git"
	status 0 "$GROUNDWORK" -v -c conf true
	contains "$err" "[app] account: 'git' is not made: "
	left_by_plan
}

# Root's number has its names.
root_the_number_0_gets_no_other_name() {
	etc
	snapshot etc >before
	app "account = git:/data/git"
	status 0 with_etc "$GROUNDWORK" -q -c conf apply
	snapshot etc | cmp - before
	app "user = 1234:0" "account = git:/data/git"
	status 0 with_etc "$GROUNDWORK" -q -c conf apply
	contains etc/passwd "git:secret:1234:0:"
	contains etc/group "git:x:1000:www,ci"
}

# As useradd(8) and its kin do.
root_it_waits_for_the_lock_of_the_accounts() {
	etc
	app "user = 1234:1235" "account = git:/data/git"
	cat >holder.py <<-'END'
		import fcntl, signal
		lock = open("etc/.pwd.lock", "w")
		fcntl.lockf(lock, fcntl.LOCK_EX)
		open("held", "w").close()
		signal.pause()
	END
	background python3 holder.py
	eventually test -e held
	cp etc/passwd before
	status 111 with_etc "$GROUNDWORK" -q --deadline 200ms -c conf apply
	cmp before etc/passwd
	kill "$pid"
	status 0 with_etc "$GROUNDWORK" -q -c conf apply
	contains etc/passwd "git:secret:1234:1235:"
}

# Another process adds users meanwhile, under the lock: none of them is lost.
root_nobody_elses_change_is_lost() {
	local n
	[[ -n $(command -v useradd) ]] || skip "no useradd here"
	etc
	mkdir -p etc/default
	: >etc/shadow
	: >etc/gshadow
	cp /etc/login.defs etc/ 2>/dev/null || true
	cp -r /etc/pam.d etc/ 2>/dev/null || true
	cat >both <<-'END'
		for n in 1 2 3 4 5 6 7 8; do
			useradd -M -N -g root "user$n" || exit
		done &
		for n in 1 2 3 4 5 6 7 8; do
			UID_NOW=$((1230 + n)) "$GROUNDWORK" -q -c conf apply || exit
		done
		wait $!
	END
	app 'user = ${UID_NOW}:1235' "account = git:/data/git"
	GROUNDWORK=$GROUNDWORK status 0 with_etc bash both
	contains etc/passwd "git:secret:1238:1235:"
	for n in 1 2 3 4 5 6 7 8; do
		contains_once etc/passwd "user$n:"
	done
}
