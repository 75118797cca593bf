#!/bin/bash
# SPDX-License-Identifier: MIT
# Volumes that others own, or may write: what goes on working there, and what is refused.
# shellcheck source=tests/cli/volume.sh
. "${BASH_SOURCE[0]%/*}/volume.sh"

function theirs { # OPTION… PATH…
	chown -h 10001:10001 "$@"
}

# refused TEXT COMMAND…: exit 111, nothing of root's in the volume, and the error has TEXT.
function refused {
	local text=$1
	shift
	status 111 "$@"
	contains "$err" "$text"
	secret_is_nowhere
}

# Two starts on one volume, with a step of every kind: the second finds all in place.
function starts_twice {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = volume/a volume/a/b
		[file:f]
		path = volume/a/f
		content = key ${key:k}
		policy = manage
		[file:deep]
		path = volume/a/b/c/f
		content = x
		[key:k]
		path = volume/a/keys/k
		[link:l]
		path = volume/a/l
		target = f
		[database:db]
		path = volume/a/app.db
		[exec:e]
		command = cp /etc/hostname {file}
		creates = volume/a/made
	END
	status 0 gw apply
	status 0 gw apply
	contains "$err" "nothing to do, 7 in place"
	equal "" "$(find volume -name '.*groundwork*')" "what was left behind"
}

# ---- what goes on working ----

root_an_empty_dir_that_all_may_write_serves_roots_pod() {
	local mode
	for mode in 0777 2777 2775; do
		volume $mode 0:10002
		starts_twice
		equal 0 "$(stat -c %u volume/a/f)" "owner of the file"
		rm -r volume
	done
}

root_an_empty_dir_that_all_may_write_serves_the_applications_user() {
	local mode
	printf '[app]\nuser = 10001\n' | drop_in 00.ini
	for mode in 0777 2777 2775 1777; do
		volume $mode 0:10001
		starts_twice
		equal 10001 "$(stat -c %u volume/a/f)" "owner of the file"
		rm -r volume
	done
}

root_a_volume_of_the_applications_user_serves_it() {
	local mode
	printf '[app]\nuser = 10001\n' | drop_in 00.ini
	for mode in 0755 2775 0700; do
		volume $mode 10001:10001
		starts_twice
		rm -r volume
	done
}

root_a_volume_of_another_user_gives_its_owner_what_is_made() {
	local mode
	for mode in 0755 2775; do
		volume $mode 10001:10002
		starts_twice
		equal 10001 "$(stat -c %u volume/a/f)" "owner of the file"
		rm -r volume
	done
}

user_a_volume_of_the_only_user_serves_it() {
	local mode
	for mode in 0777 2775 0700; do
		mkdir volume
		chmod $mode volume
		starts_twice
		rm -r volume
	done
}

# config_map: as Kubernetes mounts one, root's, and open to all.
function config_map {
	mkdir -p map/..2026_01
	echo "text \${NAME}" >map/..2026_01/template
	echo "NAME=value" >map/..2026_01/env
	ln -s ..2026_01 map/..data
	ln -s ..data/template map/template
	ln -s ..data/env map/env
	chmod 777 map
}

root_config_maps_are_read_through_their_links() {
	config_map
	drop_in 10.ini <<-'END'
		[app]
		env_file = ../map/env
		[file:f]
		path = f
		template = ../map/template
		[file:all]
		path = all
		template = ../map
	END
	# Its names are links in what is listed, too. The inner shell's variable is meant.
	# shellcheck disable=SC2016
	NAME=value status 0 gw sh -c 'test "$NAME" = value'
	equal "text value" "$(cat f)"
	equal "text value" "$(cat all/template)"
}

# secret_volume: with an fsGroup, and sticky.
function secret_volume {
	mkdir -p mounted/..2026_01
	printf 'fedcba9876543210fedcba9876543210' >mounted/..2026_01/password
	printf 'ab%.0s' {1..32} >mounted/..2026_01/key
	ln -s ..2026_01 mounted/..data
	ln -s ..data/password mounted/password
	ln -s ..data/key mounted/key
	chown -R 0:10002 mounted
	chmod 440 mounted/..data/*
	chmod 3777 mounted
}

root_mounted_secrets_are_read_through_their_links() {
	secret_volume
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = PASSWORD
		user = 10001:10002
		[key:k]
		path = mounted/key
		env = KEY
	END
	# The inner shell's variables are meant.
	# shellcheck disable=SC2016
	PASSWORD_FILE=$PWD/mounted/password status 0 gw sh -c 'echo "$PASSWORD $KEY"'
	equal "fedcba9876543210fedcba9876543210 $(printf 'ab%.0s' {1..32})" "$(cat "$out")"
}

root_links_of_roots_outside_of_volumes_are_followed() {
	mkdir -p run alternatives
	ln -s run var-run
	echo one >alternatives/one
	ln -s one alternatives/chosen
	ln -s alternatives/chosen tool
	drop_in 10.ini <<-'END'
		[file:f]
		path = var-run/app/f
		source = ../tool
	END
	status 0 gw apply
	equal one "$(cat run/app/f)"
}

root_what_an_image_copied_below_a_home_is_read() {
	volume 755 10001:10001
	mkdir -p volume/app/templates volume/migrations
	echo template >volume/app/templates/t
	echo 'CREATE TABLE t(x);' >volume/migrations/001_t.sql
	chmod 600 volume/app/templates/t volume/migrations/001_t.sql
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		template = ../volume/app/templates/t
		[database:d]
		path = d.db
		migrations = ../volume/migrations
	END
	status 0 gw apply
	equal template "$(cat f)"
}

root_a_users_own_link_to_their_own_file_is_read() {
	volume 755 10001:10001
	printf 'ab%.0s' {1..32} >volume/real
	chmod 600 volume/real
	ln -s real volume/k
	theirs volume/real volume/k
	drop_in 10.ini <<-'END'
		[key:k]
		path = volume/k
		env = KEY
	END
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 gw sh -c 'echo "$KEY"'
	same volume/real "$out"
}

root_a_secret_mounted_into_a_users_volume_is_read() {
	needs_mounts
	volume 755 10001:10001
	printf 'ab%.0s' {1..32} >mounted
	chmod 600 mounted
	: >volume/key
	drop_in 10.ini <<-'END'
		[key:k]
		path = volume/key
		env = KEY
	END
	# The inner shell's words are meant.
	# shellcheck disable=SC2016
	status 0 unshare -m sh -c '
		mount --bind mounted volume/key
		exec "$GROUNDWORK" -c conf sh -c "echo \$KEY"'
	same mounted "$out"
}

# ---- reading for others ----

root_a_key_is_not_read_through_a_users_link() {
	local validate target
	volume 755 10001:10001
	secret
	mkdir -p hidden volume/dir
	chmod 700 hidden
	cp secret hidden/k
	chmod 644 hidden/k
	theirs volume/dir
	for target in "$PWD/secret" ../secret; do
		ln -s "$target" volume/k
		theirs volume/k
		for validate in yes no; do
			drop_in 10.ini <<-END
				[key:k]
				path = volume/k
				bytes = 16
				env = KEY
				validate = $validate
				[file:o]
				path = volume/out
				content = \${key:k}
			END
			refused "the link 'k'" gw apply
			contains "$err" "user 10001"
			# The inner shell's variable is meant.
			# shellcheck disable=SC2016
			refused "the link 'k'" gw exec sh -c 'echo "$KEY" | tee volume/x'
			missing volume/out volume/x
		done
		rm volume/k
	done
	# In the middle of the path, too, and where the directory is what is closed.
	ln -s "$PWD" volume/here
	ln -s "$PWD/hidden" volume/there
	theirs volume/here volume/there
	sed -i 's|path = volume/k|path = volume/here/secret|' conf/10.ini
	refused "the link 'here'" gw apply
	sed -i 's|path = volume/here/secret|path = volume/there/k|' conf/10.ini
	refused "the link 'there'" gw apply
}

# Each key that names something to be read, at volume/x.
function readers {
	cat <<-'END'
		[app]
		env_file = ../volume/x
		user = 10001
		@
		[app]
		env_from_file = NAME
		@
		[file:f]
		path = volume/out
		content = ${file:volume/x}
		@
		[file:f]
		path = volume/out
		template = ../volume/x
		@
		[file:f]
		path = volume/out
		source = ../volume/x
		@
		[file:f]
		path = volume/out
		source = ../volume/tree
		@
		[database:d]
		path = volume/d.db
		migrations = ../volume/x.sql
		@
		[database:d]
		path = volume/d.db
		migrations = ../volume/m
		@
	END
}

# unreadable TEXT: none of them reads what is there.
function unreadable {
	local step='' line
	while IFS= read -r line; do
		if [[ $line != @ ]]; then
			step+=$line$'\n'
			continue
		fi
		drop_in 10.ini <<<"$step"
		sed -i "s|{file:volume|{file:$PWD/volume|" conf/10.ini
		NAME_FILE=$PWD/volume/x refused "$1" gw sh -c 'env >volume/started'
		missing volume/started volume/out
		step=
	done < <(readers)
}

root_nothing_is_read_through_a_users_link() {
	volume 755 10001:10001
	secret
	echo "NAME=$(cat secret)" >secret
	ln -s ../secret volume/x
	ln -s ../secret volume/x.sql
	mkdir volume/tree volume/m
	ln -s ../../secret volume/tree/x
	ln -s ../../secret volume/m/001_x.sql
	theirs -R volume
	unreadable "user 10001"
}

# through_links DIRECTORY: steps that write and read through links of a user there.
function through_links {
	cat >>conf/10.ini <<-END
		[file:w]
		path = $1/cache/planted
		content = x
		critical = no
		[file:r]
		path = volume/out
		content = \${text:$PWD/$1/x}
	END
	refused "unsafe path" gw apply
	refused "unsafe path" gw apply
	missing sec/planted volume/out
	rm -r volume conf
}

root_a_users_link_does_not_become_roots_with_its_directory() {
	local recursive
	secret
	mkdir sec
	for recursive in full mismatch; do
		volume 755
		mkdir -p volume/d/deep
		ln -s "$PWD/sec" volume/d/cache
		ln -s "$PWD/secret" volume/d/x
		touch volume/d/deep/f
		theirs -R volume/d
		drop_in 10.ini <<-END
			[directory:d]
			path = volume/d
			owner = root
			recursive = $recursive
		END
		status 0 gw apply
		mode volume/d/deep/f 644 0:10001
		equal 10001 "$(stat -c %u volume/d/x)" "owner of the link"
		status 0 gw plan --exit-code
		through_links volume/d
	done
}

root_a_link_that_a_user_put_into_a_source_is_copied_as_that_users() {
	local mode owner
	secret
	mkdir sec
	for mode in 755 1777; do
		volume 755
		mkdir volume/src
		[[ $mode == 1777 ]] || theirs volume/src
		chmod "$mode" volume/src
		ln -s "$PWD/sec" volume/src/cache
		ln -s "$PWD/secret" volume/src/x
		touch volume/src/f
		theirs volume/src/*
		for owner in '' 'owner = 10002' 'owner = root'; do
			drop_in 10.ini <<-END
				[file:d]
				path = volume/d
				source = $PWD/volume/src
				$owner
			END
			status 0 gw apply
			equal 10001 "$(stat -c %u volume/d/x)" "owner of the link"
			rm -r volume/d
		done
		status 0 gw apply
		through_links volume/d
	done
}

root_nothing_is_read_by_another_name_of_a_file() {
	volume 755 10001:10001
	secret
	mkdir volume/tree volume/m
	ln secret volume/x
	ln secret volume/x.sql
	ln secret volume/tree/x
	ln secret volume/m/001_x.sql
	theirs volume/tree volume/m
	# The check is of what stands there, whoever linked it.
	local step='' line
	while IFS= read -r line; do
		if [[ $line != @ ]]; then
			step+=$line$'\n'
			continue
		fi
		drop_in 10.ini <<<"$step"
		sed -i "s|{file:volume|{file:$PWD/volume|" conf/10.ini
		NAME_FILE=$PWD/volume/x status 111 gw sh -c 'env >volume/started'
		contains "$err" "several hard links"
		contains "$err" "belongs to user 0 with mode 0600"
		missing volume/started volume/out
		step=
	done < <(readers)
}

root_in_a_shared_directory_a_strangers_closed_file_is_not_read() {
	volume 1777
	secret
	cp secret volume/x
	chown 10002:10002 volume/x
	chmod 600 volume/x
	drop_in 10.ini <<-END
		[file:f]
		path = f
		template = ../volume/x
	END
	status 111 gw apply
	contains "$err" "belongs to user 10002"
	missing f
	chmod 644 volume/x
	status 0 gw apply
}

root_with_the_right_to_read_all_a_user_counts_as_root() {
	[[ $(setpriv --reuid 10003 --regid 10003 --clear-groups --inh-caps +dac_read_search \
		--ambient-caps +dac_read_search id -u 2>&1) == 10003 ]] || skip "no ambient capabilities"
	volume 755 10001:10001
	secret
	ln -s ../secret volume/x
	theirs volume/x
	chmod 777 .
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		source = ../volume/x
	END
	refused "the link 'x'" setpriv --reuid 10003 --regid 10003 --clear-groups \
		--inh-caps +dac_read_search --ambient-caps +dac_read_search "$GROUNDWORK" -c conf apply
	missing f
}

# ---- owners and modes ----

root_set_id_bits_are_not_taken_over() {
	volume 755 10001:10001
	echo old >volume/t
	theirs volume/t
	chmod 4755 volume/t
	drop_in 10.ini <<-'END'
		[file:t]
		path = volume/t
		content = new
		policy = manage
		owner = root
	END
	status 0 gw apply
	mode volume/t 755 0:10001
	# The same text: only the owner changes.
	theirs volume/t
	chmod 6755 volume/t
	status 0 gw apply
	mode volume/t 755 0:10001
	# Nobody's changes: the bits were given for the former text.
	sed -i '/^owner/d; s/new/newer/' conf/10.ini
	chmod 4755 volume/t
	status 0 gw apply
	mode volume/t 755 0:10001
}

root_a_file_that_a_stranger_planted_is_not_written_into() {
	local policy
	volume 1777
	echo planted >volume/c
	chown 10002 volume/c
	for policy in create manage; do
		drop_in 10.ini <<-END
			[key:k]
			path = k
			[file:c]
			path = volume/c
			content = \${key:k}
			policy = $policy
		END
		status 111 gw apply
		contains "$err" "belongs to user 10002"
		contains "$err" "write owner = 10002 to accept it"
		equal planted "$(cat volume/c)"
		status 111 gw plan
	done
	printf 'owner = 10002\n' >>conf/10.ini
	status 0 gw apply
	same k volume/c
}

root_a_key_that_a_stranger_planted_is_not_the_key() {
	volume 1777
	printf 'ab%.0s' {1..32} >volume/k
	chown 10002 volume/k
	drop_in 10.ini <<-'END'
		[key:k]
		path = volume/k
		env = KEY
	END
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 111 gw sh -c 'echo "$KEY" >started'
	contains "$err" "belongs to user 10002"
	missing started
	status 111 gw exec sh -c 'touch started'
	missing started
}

root_what_a_stranger_planted_for_a_command_is_not_in_place() {
	volume 1777
	echo planted >volume/made
	chown 10002 volume/made
	drop_in 10.ini <<-'END'
		[exec:e]
		command = cp /etc/hostname {file}
		creates = volume/made
	END
	status 111 gw apply
	contains "$err" "belongs to user 10002"
}

root_a_link_of_roots_that_others_can_rename_is_not_walked() {
	mkdir target
	volume 777
	ln -s ../target volume/ours
	mv volume/ours volume/data
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/data/f
		content = x
	END
	status 111 gw apply
	contains "$err" "'data' belongs to user 0"
	contains "$err" "others, who could exchange it"
	missing target/f
}

root_a_strangers_directory_in_a_shared_one_is_not_entered() {
	volume 777
	mkdir volume/d
	chown 10002 volume/d
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[file:f]
		path = volume/d/f
		content = x
	END
	status 111 gw apply
	contains "$err" "'d' belongs to user 10002"
	missing volume/d/f
}

root_a_directorys_mode_is_not_given_to_a_file() {
	volume 755 10001:10001
	echo x >volume/d
	theirs volume/d
	chmod 600 volume/d
	drop_in 10.ini <<-'END'
		[directory:d]
		path = volume/d
		mode = 2775
		owner = root
		group = adm
	END
	status 111 gw --force directory:d apply
	mode volume/d 600 10001:10001
}

root_a_file_with_other_names_is_not_opened_wider() {
	volume 755 10001:10001
	secret
	ln secret volume/s
	drop_in 10.ini <<-'END'
		[file:s]
		path = volume/s
		owner = root
		mode = 0644
	END
	status 111 gw apply
	contains "$err" "hard links"
	mode secret 600 0:0
}

root_a_mount_deep_in_a_users_volume_is_not_changed() {
	needs_mounts
	volume 755 10001:10001
	mkdir -p volume/a/m outside
	theirs volume/a volume/a/m
	chmod 700 outside
	echo old >outside/f
	drop_in 10.ini <<-'END'
		[directory:d]
		path = volume/a/m
		mode = 0777
		[file:f]
		path = volume/a/m/f
		policy = manage
		content = new
	END
	status 111 mounted outside volume/a/m "$GROUNDWORK" -c conf apply
	contains "$err" "unsafe path"
	mode outside 700 0:0
	sed -i '/^\[directory/,/^mode/d' conf/10.ini
	status 111 mounted outside volume/a/m "$GROUNDWORK" -c conf apply
	equal old "$(cat outside/f)"
}

root_a_mount_in_a_users_volume_is_a_place_of_its_own() {
	needs_mounts
	volume 755 10001:10001
	mkdir volume/m outside
	theirs volume/m
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/m/f
		content = new
	END
	status 0 mounted outside volume/m "$GROUNDWORK" -c conf apply
	equal new "$(cat outside/f)"
}

root_recursion_stays_on_its_mount() {
	needs_mounts
	mkdir -p d/sub/m outside
	touch d/sub/f outside/f
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
		owner = 10001
		recursive = full
	END
	status 0 mounted outside d/sub/m "$GROUNDWORK" -c conf apply
	equal 10001 "$(stat -c %u d/sub/f)" "owner in the tree"
	equal 0 "$(stat -c %u outside)" "owner of the mount"
	equal 0 "$(stat -c %u outside/f)" "owner in the mount"
}

# ---- {file} ----

root_a_file_for_roots_command_does_not_lie_in_a_users_directory() {
	volume 755 10001:10001
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo "$1" >place; echo made >"$1"' sh {file}
		creates = volume/made
		user = root
		[file:f]
		path = volume/f
		content = text
		validate = sh -c 'echo "$1" >looked; cat "$1" >seen' sh {file}
	END
	status 0 gw apply
	local file
	for file in place looked; do
		[[ $(cat $file) != *volume* ]] || fail "$file is $(cat $file)"
		missing "$(cat $file)" "$(dirname "$(cat $file)")"
	done
	equal made "$(cat volume/made)"
	equal text "$(cat seen)"
	equal $'f\nmade' "$(ls -A volume)"
}

root_a_file_for_the_directorys_user_lies_beside_its_target() {
	volume 755 10001:10001
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[exec:e]
		command = sh -c 'echo "$1" >"$1"' sh {file}
		creates = volume/made
	END
	status 0 gw apply
	matches volume/made 'volume/\.made\.groundwork-'
	mode volume/made 644 10001:10001
}

root_a_users_command_can_make_a_file_for_roots_directory() {
	mkdir etc
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'id -u >"$1"' sh {file}
		creates = etc/made
		user = 10001
	END
	status 0 gw apply
	equal 10001 "$(cat etc/made)"
	mode etc/made 644 10001:10001
}

root_without_a_place_for_a_temporary_the_error_names_tmpdir() {
	needs_mounts
	volume 755 10001:10001
	drop_in 10.ini <<-'END'
		[exec:e]
		command = touch {file}
		creates = volume/made
		user = root
	END
	local base=$PWD
	# Its own directory is below one of those that are closed: mounted aside before.
	# shellcheck disable=SC2016
	status 111 unshare -m sh -c '
		mkdir -p /mnt/groundwork-test-'"$$"' && mount --bind . /mnt/groundwork-test-'"$$"' || exit 9
		cp "$GROUNDWORK" /mnt/groundwork-test-'"$$"'/gw
		for closed in /run /tmp /dev/shm; do
			mount -t tmpfs -o ro none "$closed" || exit 9
		done
		cd /mnt/groundwork-test-'"$$"' && exec ./gw -c conf apply'
	rmdir "/mnt/groundwork-test-$$"
	contains "$err" TMPDIR
	missing "$base/volume/made"
	mkdir tmp
	TMPDIR=$PWD/tmp status 0 gw apply
	empty tmp
}

# ---- what is reported ----

root_what_the_application_cannot_use_is_reported_each_time() {
	mkdir d
	chmod 700 d
	echo x >f
	chmod 600 f
	printf 'ab%.0s' {1..32} >k
	chmod 600 k
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[directory:d]
		path = d
		[file:f]
		path = f
		[key:k]
		path = k
	END
	local round
	for round in first second; do
		status 0 gw apply
		contains "$err" "/d' (0:0, 0700) cannot be entered by the application's user 10001"
		contains "$err" "/f' (0:0, 0600) cannot be read by the application's user 10001"
		contains "$err" "/k' (0:0, 0600) cannot be read by the application's user 10001"
		contains "$err" "write owner = 10001 into the step"
		equal 3 "$(grep -c "application's user" "$err")" "warnings of the $round start"
	done
}

root_a_volume_that_the_application_cannot_write_is_reported_each_time() {
	mkdir volume roots
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[directory:volume]
		path = volume
		[directory:roots]
		path = roots
		owner = root
	END
	local round
	for round in first second; do
		status 0 gw apply
		contains "$err" "/volume' (0:0, 0755) cannot be written by the application's user 10001"
		contains "$err" "write owner = 10001 into the step, or owner = 0 if it is to stay so"
		equal 1 "$(grep -c "application's user" "$err")" "warnings of the $round start"
	done
	chmod 777 volume
	status 0 gw apply
	lacks "$err" warning
}

user_a_volume_that_we_cannot_write_is_reported() {
	mkdir -m 555 volume
	drop_in 10.ini <<-'END'
		[directory:volume]
		path = volume
	END
	status 0 gw apply
	contains "$err" "/volume' ($(id -u):$(id -g), 0555) cannot be written by us, user $(id -u)"
	chmod 755 volume
	status 0 gw apply
	lacks "$err" warning
}

# What we may not give to the owner that is written is not as it was decided.
root_a_volume_that_we_may_not_give_to_its_owner_is_reported() {
	mkdir -m 755 volume roots
	drop_in 10.ini <<-'END'
		[directory:volume]
		path = volume
		owner = 10001
		[directory:roots]
		path = roots
		owner = root
	END
	status 0 setpriv --reuid=10001 --regid=10001 --clear-groups "$GROUNDWORK" -c conf apply
	contains_once "$err" "cannot be written by us, user 10001"
	contains "$err" "/volume' (0:0, 0755) cannot be written"
	chown 10001 volume
	status 0 setpriv --reuid=10001 --regid=10001 --clear-groups "$GROUNDWORK" -c conf apply
	lacks "$err" warning
}

# In place, as far as we could put it right; but the application cannot use it.
root_what_belongs_to_the_user_whom_we_do_not_become_is_reported_each_time() {
	mkdir -m 755 volume others
	chown 1883:1883 volume others
	install -m 600 -o 1883 /dev/null file
	drop_in 10.ini <<-'END'
		[app]
		user = 1883
		[directory:volume]
		path = volume
		owner = 1883
		[directory:others]
		path = others
		owner = 1883
		writable_by = 1883
		[file:file]
		path = file
	END
	local round
	for round in first second; do
		status 0 setpriv --reuid=10001 --regid=10001 --clear-groups "$GROUNDWORK" -c conf apply
		contains "$err" "/volume' (1883:1883, 0755) cannot be written by us, user 10001; give it to this user (owner, group or fsGroup), or write writable_by = 1883 if it is to stay so"
		contains "$err" "/file' (1883:0, 0600) cannot be read by us, user 10001; give it to this user"
		equal 2 "$(grep -c warning "$err")" "warnings of the $round start"
	done
	status 0 setpriv --reuid=10001 --regid=10001 --clear-groups "$GROUNDWORK" -c conf plan
	contains "$err" "/volume' (1883:1883, 0755) cannot be written by us"
	status 0 gw apply
	lacks "$err" warning
}

root_the_mode_of_a_directory_of_the_application_s_is_what_to_write() {
	mkdir -m 500 volume
	chown 10001 volume
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[directory:volume]
		path = volume
		owner = 10001
	END
	status 0 gw apply
	contains "$err" "/volume' (10001:0, 0500) cannot be written by the application's user 10001; write mode = 0700 into the step, or mode = 0500 if it is to stay so"
	echo 'mode = 0500' >>conf/10.ini
	status 0 gw apply
	lacks "$err" warning
}

root_a_secret_of_roots_on_a_users_volume_is_reported() {
	volume 755 10001:10001
	drop_in 10.ini <<-'END'
		[key:k]
		path = volume/k
		owner = root
	END
	status 0 gw apply
	contains "$err" "is root's, but user 10001 can exchange it there"
	status 0 gw apply
	contains "$err" "is root's, but user 10001 can exchange it there"
}

root_a_configuration_that_others_can_write_is_reported() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
	END
	status 0 gw apply
	lacks "$err" warning
	theirs conf/10.ini
	status 0 gw apply
	contains "$err" "'conf/10.ini' (10001:10001, 0644) can be written by user 10001"
	chmod 777 conf
	status 0 gw apply
	contains "$err" "'conf' (0:0, 0777) can be changed by everybody"
	chown 0:0 conf/10.ini
	chmod 755 conf
	chmod 664 conf/10.ini
	chgrp 10002 conf/10.ini
	status 0 "$GROUNDWORK" -c conf/10.ini apply
	contains "$err" "can be written by group 10002"
}

user_a_configuration_of_others_is_theirs_to_write() {
	drop_in 10.ini <<-'END'
		[directory:d]
		path = d
	END
	chmod 777 conf conf/10.ini
	status 0 gw apply
	lacks "$err" warning
}

root_a_later_command_finds_no_directory_of_ours() {
	volume 755 10001:10001
	drop_in 10.ini <<-'END'
		[file:a]
		path = volume/a
		content = x
		[exec:look]
		command = sh -c 'ls -A volume >seen'
	END
	status 0 gw apply
	equal a "$(cat seen)"
}

root_roots_commands_do_not_work_behind_a_users_link() {
	volume 755 10001:10001
	mkdir outside volume/d volume/d/roots
	theirs volume/d
	ln -s ../outside volume/link
	theirs volume/link
	drop_in 10.ini <<-'END'
		[exec:w]
		command = touch made
		workdir = volume/link
	END
	status 111 gw apply
	contains "$err" "'link' belongs to user 10001"
	missing outside/made
	drop_in 10.ini <<-'END'
		[app]
		workdir = volume/link
	END
	status 111 gw touch made
	contains "$err" "'link' belongs to user 10001"
	missing outside/made
	# The link's own user may be led where they can go; and real directories are entered.
	printf 'user = 10001\n' >>conf/10.ini
	status 0 gw pwd
	equal "$PWD/outside" "$(cat "$out")"
	drop_in 10.ini <<-'END'
		[exec:w]
		command = touch made
		workdir = volume/d/roots
	END
	status 0 gw apply
	exists volume/d/roots/made
}

root_a_directory_that_a_stranger_made_first_is_not_ours() {
	volume 1777
	mkdir volume/d
	chown 10002 volume/d
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[directory:d]
		path = volume/d
	END
	status 111 gw apply
	contains "$err" "belongs to user 10002"
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[key:k]
		path = volume/d/k
	END
	status 111 gw apply
	contains "$err" "'d' belongs to user 10002"
	missing volume/d/k
	# That user's word is taken where the step gives it.
	printf 'owner = 10002\n' >>conf/10.ini
	status 0 gw apply
	chown 10001 volume/d volume/d/k
	sed -i '/^owner/d' conf/10.ini
	status 0 gw apply
	drop_in 10.ini <<-'END'
		[directory:d]
		path = volume/d
		owner = 10003
	END
	status 0 gw apply
	equal 10003 "$(stat -c %u volume/d)" "owner of the directory"
}

# What is in a directory of root's counts as root's: keys, links, files.
root_a_strangers_directory_does_not_become_roots() {
	local mode
	for mode in 1777 777; do
		volume $mode
		mkdir -m 777 volume/d
		chown 10002:10002 volume/d
		drop_in 10.ini <<-'END'
			[directory:d]
			path = volume/d
			owner = root
		END
		status 111 gw apply
		contains "$err" "'$PWD/volume/d' belongs to user 10002"
		mode volume/d 777 10002:10002
		rm -r volume
	done
	# In a directory where nobody else makes any, it was given to them.
	mkdir -p given/d
	theirs given/d
	sed -i s/volume/given/ conf/10.ini
	status 0 gw apply
	mode given/d 755 0:10001
}

root_a_mount_in_a_sticky_directory_is_nobodys_to_exchange() {
	needs_mounts
	volume 1777
	mkdir volume/m outside
	theirs outside
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/m/f
		content = new
	END
	status 0 mounted outside volume/m "$GROUNDWORK" -c conf apply
	mode outside/f 644 10001:10001
	drop_in 10.ini <<-'END'
		[directory:m]
		path = volume/m
		owner = root
	END
	status 0 mounted outside volume/m "$GROUNDWORK" -c conf apply
	equal 0 "$(stat -c %u outside)" "owner of what is mounted"
}

root_a_plan_knows_no_owner_that_is_still_to_be_given() {
	mkdir data
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[database:db]
		path = data/app.db
	END
	chown 10001 data
	status 0 gw apply
	chown -R 10005:10005 data
	drop_in 05.ini <<-'END'
		[directory:data]
		path = data
		owner = 10001
		recursive = full
	END
	status 0 gw plan
	lacks "$out" "cannot read and write"
	status 0 gw apply
	mode data/app.db 640 10001:10005
}

root_a_database_is_not_begun_where_its_user_could_not_write() {
	drop_in 10.ini <<-'END'
		[app]
		user = 10001
		[database:db]
		path = a/b/app.db
	END
	status 111 gw plan
	contains "$out" "make it with a [directory:…] step"
	status 111 gw apply
	missing a
	printf '[directory:b]\npath = a/b\n' >>conf/10.ini
	status 0 gw plan
	status 0 gw apply
}

root_another_name_in_a_sticky_directory_is_not_read() {
	volume 1777
	secret
	ln secret volume/s
	drop_in 10.ini <<-END
		[file:o]
		path = o
		content = \${file:$PWD/volume/s}
	END
	status 111 gw apply
	contains "$err" "several hard links"
	missing o
}

root_a_forced_command_has_the_same_directories() {
	volume 2775 10001:10001
	mkdir volume/d
	chown 10002 volume/d
	drop_in 10.ini <<-'END'
		[exec:e]
		command = cp /dev/null {file}
		creates = volume/d/made
		user = 10002
	END
	status 0 gw apply
	status 0 gw --force exec:e apply
	contains "$err" "is there already, and was left as it is"
}

root_what_a_mode_does_not_show_is_not_read_through_a_users_link() {
	volume 755 10001:10001
	secret
	mkdir open
	cp secret open/group
	chown 0:10001 open/group
	chmod 604 open/group
	cp secret open/acl
	chmod 644 open/acl
	# user::rw- user:10001:--- group::r-- mask::r-- other::r--
	python3 -c 'import os, struct
entries = [(1, 6, 0xffffffff), (2, 0, 10001), (4, 4, 0xffffffff), (0x10, 4, 0xffffffff),
           (0x20, 4, 0xffffffff)]
os.setxattr("open/acl", "system.posix_acl_access", struct.pack("<I", 2) +
            b"".join(struct.pack("<HHI", *entry) for entry in entries))' 2>/dev/null ||
		rm open/acl # a file system without lists
	drop_in 10.ini <<-'END'
		[file:f]
		path = volume/out
		source = ../volume/x
	END
	local target
	for target in ../open/group ../open/acl /proc/self/maps /proc/1/status /proc/kallsyms; do
		[[ $target != ../open/acl || -e open/acl ]] || continue
		ln -sf "$target" volume/x
		theirs volume/x
		refused "the link 'x'" gw apply
		missing volume/out
	done
	echo free >open/free
	ln -sf ../open/free volume/x
	theirs volume/x
	status 0 gw apply
}
