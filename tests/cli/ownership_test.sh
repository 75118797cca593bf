#!/bin/bash
# SPDX-License-Identifier: MIT
# Whose things are, and that nobody's link leads root astray.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

CONF=$ROOT/tests/cli/ground/conf.d

# ---- whose ----

root_everything_belongs_to_the_applications_user() {
	local user path
	for user in 65534 10001; do
		printf '[app]\nuser = %s\n' $user | drop_in 20.ini
		mkdir ground
		status 42 "$GROUNDWORK" -c "$CONF" -c conf -C ground -- \
			sh -c "test \$(id -u) = $user || exit 1; exit 42"
		while read -r path; do
			equal "$user:$user" "$(stat -c %u:%g -- "$path")" "owner of $path"
		done < <(find ground -mindepth 1 ! -path ground/etc)
		# Directories that no step names belong to whom the directory that they go into does.
		equal 0 "$(stat -c %u ground/etc)" "owner of a directory on the way"
		equal "$user" "$(stat -c %u ground/data/keys)" "owner of a directory on the way"
		mode ground/data/keys/session.key 600
		mode ground/data/app.db 640
		status 0 "$GROUNDWORK" -c "$CONF" -c conf -C ground apply
		contains "$err" "19 in place"
		rm -r ground
	done
}

root_the_group_of_the_application_can_be_another() {
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		group = 10002
		[directory:d]
		path = a/b
		[key:k]
		path = a/k
		owner = 10003
		[exec:e]
		command = touch made
		creates = made
		workdir = ${GROUNDWORK_BASE}/a/b
	END
	sed -i 's|creates = made|creates = a/b/made|' conf/10.ini
	status 0 gw sh -c 'id -u; id -g'
	equal $'10001\n10002' "$(cat "$out")"
	mode a 755 0:0
	mode a/b 755 10001:10002
	mode a/k 600 10003:10003
	mode a/b/made 644 10001:10002
	contains "$err" "cannot be read by the application's user 10001"
}

root_without_a_user_the_directorys_owner_counts() {
	mkdir volume
	chown 10001:10002 volume
	drop_in 10.ini <<-'END'
		[directory:d]
		path = volume/a/b
		[file:f]
		path = volume/c/f
		content = x
		[key:k]
		path = volume/k
		[link:l]
		path = volume/l
		target = x
		[database:d]
		path = volume/d.db
		[exec:e]
		command = cp /dev/null {file}
		creates = volume/made
	END
	status 0 gw apply
	local path
	for path in a a/b c c/f k l d.db; do
		equal 10001:10002 "$(stat -c %u:%g volume/$path)" "owner of $path"
	done
}

root_what_exists_is_not_owned_anew() {
	mkdir -p data/deep/er data/keys cache etc site/deep
	printf 'ab%.0s' {1..32} >data/keys/session.key
	touch data/empty etc/copy site/index.html data/seed data/touched
	chown -R 10005:10006 data cache etc site
	chmod 600 data/keys/session.key
	chmod 750 data data/deep/er
	printf '[app]\nuser = 10001\n' | drop_in 20.ini
	# That user could not use it: an error of its own.
	status 0 "$GROUNDWORK" -c "$CONF" -c conf apply --skip database:app
	local path
	for path in data data/deep data/deep/er data/keys data/keys/session.key data/empty cache \
		etc/copy site site/deep site/index.html; do
		equal 10005:10006 "$(stat -c %u:%g $path)" "owner of $path"
	done
	equal 10001 "$(stat -c %u site/deep/page)" "owner of what is new"
	mode etc/app.conf 600 10001:10001
}

root_a_user_that_is_not_there_is_an_error() {
	drop_in 10.ini <<-'END'
		[app]
		user = nobody-of-that-name
		[directory:d]
		path = d
	END
	status 100 gw sh -c 'touch started'
	matches "$err" "conf/10.ini:2: \[app\] user: there is no user 'nobody-of-that-name'"
	missing started d
}

# It was the only error, of whatever else was wrong.
an_unknown_user_hides_no_other_error() {
	drop_in 10.ini <<-'END'
		[app]
		user = nosuch
		group = nosuchgroup
		groups = one root two
		account = nosuch:/srv
		[file:f]
		path = f
		content = ${MISSING}
		[directory:d]
		path = d
		owner = nosuchowner
		[directory:own]
		path = own
		owner = nosuch
		[exec:e]
		command = nosuchprogram
	END
	status 100 gw plan
	local line
	while read -r line; do
		contains_once "$err" "conf/10.ini:$line"
	done <<-'END'
		2: [app] user: there is no user 'nosuch'
		3: [app] group: there is no group 'nosuchgroup'
		4: [app] groups: there is no group 'one'
		4: [app] groups: there is no group 'two'
	END
	contains "$err" "5 errors in the configuration; nothing was touched"
	contains "$out" "! file:f         conf/10.ini:8:11: [file:f] content: MISSING is not set"
	contains "$out" "! directory:d    conf/10.ini:11: [directory:d] owner: there is no user"
	contains "$out" "· directory:own  create"
	contains "$out" "! exec:e         conf/10.ini:15: [exec:e]: command 'nosuchprogram' not found"
	status 100 gw apply
	contains "$err" "5 errors in the configuration; nothing was touched"
	contains_once "$err" "conf/10.ini:8:11: [file:f] content: MISSING is not set"
	# Beside an error that ends a start before that, too.
	echo 'bad = key' >>conf/10.ini
	status 100 gw plan
	contains_once "$err" "[app] user: there is no user 'nosuch'"
	contains_once "$err" "[exec:e] bad: unknown key"
	empty "$out"
}

root_home_is_the_users() {
	printf '[app]\nuser = nobody\n' | drop_in 10.ini
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 gw sh -c 'echo "$HOME"'
	equal "$(awk -F: '$1 == "nobody" { print $6 }' /etc/passwd)" "$(cat "$out")" "HOME"
}

# ---- not root ----

user_owners_that_are_not_us_are_fine() {
	drop_in 10.ini <<-'END'
		[app]
		user = 65534
		group = 65534
		[directory:d]
		path = d
		owner = root
		group = root
		[file:f]
		path = f
		owner = 0
		content = x
		[key:k]
		path = k
		owner = 65534
		[database:b]
		path = b.db
		owner = 65534
		group = 65534
		[exec:e]
		command = id -u
		user = root
	END
	status 0 gw -v sh -c 'id -u'
	equal "$(id -u)" "$(cat "$out")" "who we are"
	local path
	for path in d f k b.db; do
		equal "$(id -u)" "$(stat -c %u $path)" "owner of $path"
	done
	contains "$err" "we are not root"
	status 0 gw apply
	contains "$err" "1 made, 4 in place"
	equal 1 "$(grep -c "not root" "$err")"
}

user_a_file_that_is_to_be_ours_and_is_not_is_warned_of() {
	printf '[file:f]\npath = /etc/passwd\npolicy = create\nowner = %s\n' "$(id -u)" |
		drop_in 10.ini
	status 0 gw plan
	contains_once "$err" "conf/10.ini:4: [file:f] owner: '/etc/passwd' (0:0, 0644) cannot be \
written by us, user $(id -u); give it to this user (owner, group or fsGroup), or write owner = 0"
	status 0 gw apply
	contains_once "$err" "cannot be written by us"
	printf '[file:f]\npath = /etc/passwd\npolicy = create\nowner = 0\n' | drop_in 10.ini
	status 0 gw apply
	lacks "$err" "warning"
}

# ---- root that may not do all that root may ----

# without CAPABILITY… -- ARGUMENT…: the program as root without these.
function without {
	local all=-$1
	while shift && [[ $1 != -- ]]; do
		all+=,-$1
	done
	shift
	setpriv --bounding-set="$all" --inh-caps="$all" "$GROUNDWORK" -c conf "$@"
}

function everything_for_10001 {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		owner = 10001
		[directory:deep]
		path = deep
		owner = 10001
		recursive = full
		[file:f]
		path = f
		content = x
		owner = 10001
		[file:t]
		path = t
		source = ../tpl
		owner = 10001
		[key:k]
		path = k
		type = ed25519
		public = k.pub
		owner = 10001
		[cert:c]
		cert = c.pem
		key = c.key
		cn = c
		owner = 10001
		[database:b]
		path = b.db
		owner = 10001
	END
	mkdir deep tpl
	touch deep/one deep/two tpl/one tpl/two
}

# The mode is fixed by itself, and what is in the directory stays whose it is.
root_what_cannot_be_given_away_is_foreseen_as_it_is() {
	printf '%s\n' '[app]' 'user = 10001' '[directory:a]' 'path = d' 'mode = 0775' 'owner = 10001' \
		'recursive = full' '[directory:b]' 'path = d/b' | drop_in 10.ini
	mkdir -m 755 d
	mkdir d/b
	status 0 without chown -- plan
	contains "$out" "fix '$PWD/d': mode 0755, not 0775"
	contains_once "$err" "'$PWD/d/b' (0:0, 0755) cannot be written by the application's user 10001"
	status 0 without chown -- apply
	contains_once "$err" "'$PWD/d/b' (0:0, 0755) cannot be written by the application's user 10001"
}

root_what_cannot_be_given_away_is_in_place_with_a_warning() {
	local before step
	everything_for_10001
	status 0 without chown -- apply
	contains "$err" "6 made, 1 in place"
	before=$(snapshot .)
	for _ in plan apply; do
		status 0 without chown -- $_
		cat "$out" >>"$err"
		contains "$err" "nothing to do, 7 in place"
		contains_once "$err" "conf/10.ini:3: [directory:d] owner: '$PWD/d' (0:0, 0755) cannot be \
given to user 10001: root lacks CAP_CHOWN; give the container that capability, or write owner = 0 if"
		for step in directory:deep file:f file:t key:k cert:c database:b; do
			contains_once "$err" "[$step] owner: "
		done
		contains_once "$err" "[directory:deep] recursive: passed over what cannot be given away in"
		contains "$err" "(2); the first is"
		equal "$before" "$(snapshot .)"
	done
	status 0 gw apply
	contains "$err" "7 changed"
	lacks "$err" "warning"
	equal "" "$(find d deep f t/one t/two k k.pub c.pem c.key b.db ! -user 10001)"
}

# It holds for what is made, and a default of the kind changes nothing of what exists.
root_a_default_owner_that_cannot_be_given_is_said_once() {
	printf '[defaults:file]\nowner = 10001\n[file:f]\npath = f\n' | drop_in 10.ini
	status 0 without chown -- apply
	contains_once "$err" "[file:f] owner: '$PWD/f' (0:0, 0644) cannot be given to user 10001: root"
	status 0 without chown -- apply
	lacks "$err" "warning"
}

# A group that is not written is nobody's wish: "cannot be given to group" was said of it.
root_what_gets_another_owner_keeps_its_group_in_silence() {
	mkdir d
	touch f
	chown 10002:10002 d f
	chmod 750 d
	chmod 640 f
	printf '[directory:d]\npath = d\nowner = 0\nmode = 0750\n[file:f]\npath = f\nowner = 0\n' |
		drop_in 10.ini
	status 0 gw apply
	contains "$err" "2 changed"
	lacks "$err" "warning"
	mode d 750 0:10002
	mode f 640 0:10002
}

root_what_can_be_used_all_the_same_is_no_warning() {
	printf '[file:f]\npath = f\ncontent = x\nmode = 0444\nowner = 10001\n' | drop_in 10.ini
	status 0 without chown -- apply
	lacks "$err" "warning"
	# Nobody else was to be able to change it.
	chown 10002 f
	sed -i 's/10001/0/' conf/10.ini
	status 0 without chown -- apply
	contains "$err" "[file:f] owner: '$PWD/f' (10002:0, 0444) cannot be given to user 0: root lacks"
}

root_what_keeps_its_group_is_opened_to_no_other_one() {
	printf '[file:f]\npath = f\nmode = 0640\nowner = 10001\ngroup = 10001\n' | drop_in 10.ini
	touch f
	chmod 600 f
	status 0 without chown -- plan
	contains "$out" "1 in place"
	status 0 without chown -- apply
	mode f 600 0:0
	sed -i 's/0640/0644/' conf/10.ini
	status 0 without chown -- plan
	contains "$out" "fix '$PWD/f': mode 0600, not 0644"
	status 0 without chown -- apply
	mode f 644 0:0
	# Nor is the mode of what others own ours to change without CAP_FOWNER.
	chown 10002:10002 f
	chmod 600 f
	for _ in plan apply; do
		status 0 without chown fowner -- $_
		cat "$out" >>"$err"
		contains "$err" "nothing to do, 1 in place"
	done
	mode f 600 10002:10002
}

# Some refuse it, others say that they have done it.
root_a_file_system_without_owners_is_no_error() {
	local answer
	printf '[directory:d]\npath = d\nowner = 10001\n[file:f]\npath = d/f\nowner = 10001\n[directory:r]\npath = r\nowner = 10001\nrecursive = full\n' |
		drop_in 10.ini
	mkdir d r
	touch d/f r/f
	for answer in error=EPERM retval=0; do
		ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
			status 0 strace -f -qq -o /dev/null -e inject=fchown,fchownat:$answer \
			"$GROUNDWORK" -c conf apply
		contains "$err" "nothing to do, 3 in place"
		contains_once "$err" "[directory:d] owner: '$PWD/d' (0:0, 0755) cannot be given to user 10001: \
its file system does not allow it; mount it so that it is theirs, or write owner = 0"
		contains_once "$err" "[file:f] owner: "
		contains "$err" "[directory:r] recursive: passed over what cannot be given away in '$PWD/r' (1); the first is '$PWD/r/f': its file"
	done
	mkdir conf.mode
	printf '[directory:d]\npath = d\nmode = 0700\n' >conf.mode/10.ini
	printf '[file:g]\npath = g\nmode = 0600\n' >conf.mode/20.ini
	touch g
	chmod 640 g
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
		status 0 strace -f -qq -o /dev/null -e inject=fchmod:retval=0 \
		"$GROUNDWORK" -c conf.mode apply
	contains "$err" "nothing to do, 2 in place"
	contains "$err" "[file:g] mode: '$PWD/g' (0:0, 0640) cannot be closed to others"
	contains "$err" "[directory:d] mode: '$PWD/d' (0:0, 0755) cannot be closed to others: its file system has no modes; mount it with one that closes it, or write mode = 0755 if it is to stay so"
}

# The error of a start stands in the plan.
root_a_user_that_cannot_be_taken_on_is_in_the_plan() {
	local command text='become .*10001.*give the container CAP_SETUID and CAP_SETGID'
	while read -r command; do
		printf '[exec:x]\nuser = 10001\n%b' "$command" | drop_in 10.ini
		status 111 without setuid setgid -- plan
		matches "$out" "! exec:x .*$text"
		status 111 without setuid setgid -- apply
		matches "$err" "! error: .*$text"
	done <<-'END'
		command = true\n
		command = touch {file}\ncreates = x\n
		command = touch {dir}/x\ncreates = x\n
		check = true\n
		command = scripts\n
	END
	printf '[app]\nuser = 10001\n[file:f]\npath = f\nvalidate = true {file}\n' | drop_in 10.ini
	status 111 without setuid setgid -- plan
	matches "$out" "! file:f .*validate: $text"
	status 111 without setuid setgid -- apply
	matches "$err" "! error: .*validate: $text"
	missing x f
}

root_what_a_command_is_to_make_and_cannot_be_given_is_in_the_plan() {
	local text="the temporary of '$PWD/x' cannot be given to user 10001: root lacks CAP_CHOWN"
	local command
	for command in 'command = touch {file}' 'command = touch {dir}/x'; do
		printf '[exec:x]\nuser = 10001\ncreates = x\n%s\n' "$command" | drop_in 10.ini
		status 111 without chown -- plan
		contains "$out" "$text; give the container that capability"
		status 111 without chown -- apply
		contains "$err" "$text; give the container that capability"
	done
	# Of its own directory it needs nothing to be given.
	mkdir own
	chown 10001 own
	printf '[exec:x]\nuser = 10001\ncreates = own/x\ncommand = touch {file}\n' | drop_in 10.ini
	status 0 without chown -- plan
	status 0 without chown -- apply
	exists own/x
}

user_a_directory_that_is_closed_to_us_is_named_with_its_owner() {
	mkdir closed
	chmod 555 closed
	drop_in 10.ini <<-'END'
		[file:f]
		path = closed/f
		content = x
	END
	status 111 gw apply
	contains "$err" "closed"
	contains "$err" "$(id -u)"
	matches "$err" 'conf/10.ini:1: \[file:f\]: .*mode 0555'
}

# ---- links ----

# What of root's a link could lead to.
function target {
	mkdir target
	echo precious >target/file
	chmod 700 target
	chmod 600 target/file
	snapshot target >"$TEST_DIR/target"
	cksum target/file >>"$TEST_DIR/target"
}

function target_is_untouched {
	equal "" "$( (snapshot target && cksum target/file) | diff "$TEST_DIR/target" -)" \
		"what was touched"
}

# A step of every kind that makes something at $1.
function steps_at {
	cat <<-END
		[directory:k]
		path = $1
		mode = 0777
		owner = 10001
		@
		[directory:k]
		path = $1
		owner = 10001
		recursive = full
		@
		[link:k]
		path = $1
		target = x
		@
		[file:k]
		path = $1
		content = evil
		@
		[file:k]
		path = $1
		content = evil
		policy = manage
		mode = 0666
		owner = 10001
		@
		[key:k]
		path = $1
		@
		[database:k]
		path = $1
		owner = 10001
		@
		[exec:k]
		command = sh -c 'echo evil >"\$1"' sh {file}
		creates = $1
		@
	END
}

# astray PATH: a step of each kind there fails, or leaves the target alone.
function astray {
	local step='' line code
	while IFS= read -r line; do
		if [[ $line != @ ]]; then
			step+=$line$'\n'
			continue
		fi
		drop_in 10.ini <<<"$step"
		last_command="apply of: ${step//$'\n'/; }"
		code=0
		gw apply >"$out" 2>"$err" || code=$?
		((code == 111)) || [[ ${2-} == may-succeed && $code == 0 ]] ||
			fail "expected exit code 111, got $code"
		target_is_untouched
		code=0
		gw plan >"$out" 2>"$err" || code=$?
		target_is_untouched
		step=
	done < <(steps_at "$1")
}

# A directory of the user 10001, as a volume is.
function users_directory {
	mkdir -p volume
	chown 10001:10001 volume
}

function users_link {
	ln -s "$1" "$2"
	chown -h 10001:10001 "$2"
}

root_a_users_link_in_the_last_place_is_not_written_through() {
	target
	users_directory
	users_link "$PWD/target/file" volume/absolute
	users_link ../target/file volume/relative
	users_link "$PWD/target" volume/directory
	users_link "$PWD/target/new" volume/dangling
	local name
	for name in absolute relative directory dangling; do
		# What `creates` names is there: a link that leads somewhere is in place.
		astray "volume/$name" may-succeed
		equal 10001 "$(stat -c %u volume/$name)" "owner of the link"
		[[ -L volume/$name ]] || fail "the link was replaced"
	done
}

root_a_users_link_in_the_middle_is_not_walked() {
	target
	users_directory
	users_link "$PWD/target" volume/absolute
	users_link ../target volume/relative
	local name
	for name in absolute relative; do
		astray "volume/$name/new"
		astray "volume/$name/file"
		astray "volume/$name/deep/new"
		contains "$out" "unsafe path"
	done
}

root_a_users_link_in_a_sticky_directory_is_not_walked() {
	target
	mkdir tmp
	chmod 1777 tmp
	users_link "$PWD/target" tmp/absolute
	users_link ../target tmp/relative
	local name
	for name in absolute relative; do
		astray "tmp/$name/new"
		astray "tmp/$name/file"
	done
}

root_a_link_to_a_link_of_roots_is_not_walked() {
	target
	users_directory
	ln -s "$PWD/target" ours
	users_link "$PWD/ours" volume/theirs
	astray volume/theirs/new
}

root_a_directory_of_another_in_a_users_directory_is_not_entered() {
	target
	users_directory
	mkdir volume/roots
	astray volume/roots/new may-succeed
}

root_our_own_links_are_walked() {
	mkdir real
	ln -s real ours
	drop_in 10.ini <<-'END'
		[file:f]
		path = ours/f
		content = x
	END
	status 0 gw apply
	exists real/f
}

root_a_users_link_to_a_directory_of_theirs_is_not_walked() {
	users_directory
	mkdir volume/real
	chown 10001:10001 volume/real
	users_link real volume/link
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/link/f
		content = x
	END
	status 111 gw apply
	contains "$err" "'link' belongs to user 10001"
	contains "$err" "write the path that it leads to"
	missing volume/real/f
}

root_a_hard_link_to_roots_file_is_not_given_away() {
	target
	users_directory
	ln target/file volume/f
	snapshot target >"$TEST_DIR/target"
	cksum target/file >>"$TEST_DIR/target"
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/f
		owner = 10001
		mode = 0666
	END
	status 111 gw apply
	contains "$err" "hard links"
	target_is_untouched
}

root_a_temporarys_name_cannot_be_taken_in_advance() {
	users_directory
	target
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/f
		content = x
	END
	# Old leftovers that are links, directories and others' files are no way in either.
	users_link "$PWD/target/file" volume/.f.groundwork-aaaaaa
	touch -h -d '2 hours ago' volume/.f.groundwork-aaaaaa
	users_link "$PWD/target" volume/.f.groundwork-bbbbbb
	touch -h -d '2 hours ago' volume/.f.groundwork-bbbbbb
	snapshot target >"$TEST_DIR/target"
	cksum target/file >>"$TEST_DIR/target"
	status 0 gw apply
	target_is_untouched
	exists volume/f
}

# The application's user tries to win a race against root: a directory of theirs is exchanged
# for a link as fast as they can.
root_a_directory_that_is_exchanged_for_a_link_meanwhile_is_no_way_in() {
	target
	users_directory
	mkdir volume/d volume/other
	chown 10001:10001 volume/d volume/other
	background python3 -c '
import os
os.setgroups([])
os.setgid(10001)
os.setuid(10001)
os.symlink("../target", "volume/link")
while True:
    try:
        os.rename("volume/d", "volume/aside")
        os.rename("volume/link", "volume/d")
        os.rename("volume/d", "volume/link")
        os.rename("volume/aside", "volume/d")
    except OSError:
        pass'
	eventually test -L volume/link
	local round
	for round in {1..60}; do
		drop_in 10.ini <<-END
			[file:f]
			path = volume/d/f$round
			content = evil
			[directory:d]
			path = volume/d/d$round
			owner = 10001
			[key:k]
			path = volume/d/k$round
		END
		gw apply >"$out" 2>"$err" || true
	done
	target_is_untouched
}
