#!/bin/bash
# SPDX-License-Identifier: MIT
# The drop-ins of conf.d serve an application in a container as they are, and do nothing unasked.
# shellcheck disable=SC2016 # the shells within expand it
. "${BASH_SOURCE[0]%/*}/../lib.sh"

they_are_valid() {
	status 0 "$GROUNDWORK" -c "$ROOT/conf.d" check
}

nothing_is_made_unasked() {
	export TMPDIR=$TEST_DIR
	status 7 "$GROUNDWORK" -c "$ROOT/conf.d" -- sh -c 'exit 7'
	equal "" "$(ls -A)" "the working directory"
	status 0 "$GROUNDWORK" -c "$ROOT/conf.d" plan --exit-code
	contains "$out" "nothing to do, 4 left out"
}

each_variable_is_described_where_it_is_read() {
	local file name
	for file in "$ROOT"/conf.d/*.ini; do
		for name in $(grep -v '^;' "$file" | grep -o '\${[A-Z_]*\|env:[A-Z_|]*' | tr -c 'A-Z_\n' '\n' | sort -u); do
			grep -qE "^;.*\b$name\b" "$file" || fail "$name is described nowhere in $file"
		done
	done
}

a_data_directory_is_made_where_one_is_named() {
	DATA_DIR=$PWD/data status 7 "$GROUNDWORK" -c "$ROOT/conf.d" -- sh -c 'exit 7'
	mode data 755
}

a_key_is_made_where_its_variable_is_named() {
	export DATA_DIR=$PWD/data KEY_ENV=SECRET_KEY
	status 0 "$GROUNDWORK" -c "$ROOT/conf.d" -- printenv SECRET_KEY
	equal "$(cat data/secret.key)" "$(cat "$out")" "the key"
	KEY_FILE=$PWD/other/key status 0 "$GROUNDWORK" -c "$ROOT/conf.d" -- printenv SECRET_KEY
	equal "$(cat other/key)" "$(cat "$out")" "the other key"
	rm -r data other
	SECRET_KEY=$(printf %064d 1) status 0 "$GROUNDWORK" -c "$ROOT/conf.d" -- printenv SECRET_KEY
	missing data/secret.key
}

# ---- in an image: image/ is its root file system, with nothing but programs and accounts ----

function image {
	local name
	needs_mounts
	mkdir -p image/etc/groundwork image/dev image/proc image/run image/usr volume
	for name in bin sbin lib lib64; do
		[[ ! -L /$name ]] || cp -P "/$name" image/
		[[ -L /$name || ! -d /$name ]] || mkdir "image/$name"
	done
	printf '%s\n' root:x:0:0:root:/root:/bin/sh >image/etc/passwd
	echo root:x:0: >image/etc/group
	cp "$GROUNDWORK"* image/
	cp -r "$ROOT/conf.d" image/etc/groundwork/
}

# in_image CODE USER:GROUP WORD…: the image with these words behind its name, as docker run --user
# has it; $mounts are commands for mounts of its own.
function in_image {
	local code=$1
	shift
	status "$code" unshare -m sh -ec '
		cd image
		for name in usr bin sbin lib lib64 proc dev; do
			[ -L $name ] || [ ! -d $name ] || mount --rbind /$name $name
		done
		eval "$mounts"
		user=$1
		shift
		exec env -u TMPDIR HOME=/ container=podman chroot --userspec="$user" --groups= . /groundwork "$@"' sh "$@"
}
export mounts=

# What the application says of itself.
who='id -u; id -g; id -un; echo "$HOME"'

root_an_image_of_nothing_has_a_directory_for_temporary_files() {
	image
	in_image 0 0:0 -- sh -c 'exit 0'
	mode image/tmp 1777 0:0
	in_image 0 0:0 -- sh -c 'exit 0'
	contains "$err" "nothing to do"
}

root_puid_and_pgid_own_the_data_and_run_the_application() {
	image
	export DATA_DIR=/data PUID=1234 PGID=1235 KEY_ENV=SECRET_KEY
	in_image 0 0:0 -- sh -c "$who"' && echo $SECRET_KEY && touch /data/mine'
	equal "1234 1235 app /data $(cat image/data/secret.key)" "$(xargs <"$out")"
	mode image/data 755 1234:1235
	mode image/data/secret.key 600 1234:1235
	mode image/data/mine 644 1234:1235
	snapshot image/data >before
	in_image 0 0:0 -- true
	contains "$err" "nothing to do, 2 in place"
	equal "$(cat before)" "$(snapshot image/data)" "what a warm start leaves"
	# Another user: all of it is given to that one.
	PUID=1300 in_image 0 0:0 -- sh -c "$who"
	equal "1300 1235 app /data" "$(xargs <"$out")"
	mode image/data/mine 644 1300:1235
	mode image/data/secret.key 600 1300:1235
}

root_puid_alone_is_enough_for_a_volume_at_data() {
	image
	mkdir image/data
	mounts='mount --bind ../volume data' PUID=1234 APP_USER=git in_image 0 0:0 -- sh -c "$who"
	equal "1234 1234 git /" "$(xargs <"$out")"
	mode volume 755 1234:1234
}

root_any_user_of_group_0_has_a_name() {
	image
	chmod -R g=u image/etc
	chmod 770 volume
	mkdir -m 1777 image/tmp
	mkdir image/data
	export DATA_DIR=/data APP_USER=app KEY_ENV=SECRET_KEY
	mounts='mount --bind ../volume data' in_image 0 10001:0 -- sh -c "$who"
	equal "10001 0 app /" "$(xargs <"$out")"
	mode volume/secret.key 600 10001:0
	mounts='mount --bind ../volume data' in_image 0 10001:0 -- sh -c "$who"
	contains "$err" "nothing to do, 2 in place"
}

root_a_root_file_system_may_be_read_only() {
	local user
	image
	chmod 770 volume
	mkdir image/data image/tmp
	export DATA_DIR=/data APP_USER=app KEY_ENV=SECRET_KEY
	mounts='mount --rbind . . && cd "$PWD" && mount -o remount,bind,ro . &&
		! touch x 2>/dev/null && mount --bind ../volume data && mount -t tmpfs -o mode=1777 tmpfs tmp'
	for user in 10001:0 0:0; do
		rm -f volume/*
		[[ $user != 0:0 ]] || chmod 755 volume
		in_image 0 "$user" -- sh -c 'id -u; echo $HOME; test -n "$SECRET_KEY"'
		lacks "$err" warning
	done
	# With nothing that may be written, that is said, and the application starts.
	chown 10001 volume/secret.key
	mounts='mount --rbind . . && cd "$PWD" && mount -o remount,bind,ro . &&
		mount --bind ../volume data && mount -o remount,bind,ro data'
	in_image 0 10001:0 -- sh -c 'test -n "$SECRET_KEY"'
	contains "$err" "/tmp/groundwork.json"
}

root_a_health_check_asks_how_the_start_went() {
	image
	export DATA_DIR=/data
	in_image 111 0:0 -q status
	in_image 0 0:0 -- sh -c '/groundwork -q status'
	exists image/tmp/groundwork.json
	printf '%s\n' '[assert:never]' 'that = path:/never' >image/etc/groundwork/conf.d/90-never.ini
	in_image 111 0:0 -- true
	in_image 111 0:0 -q status
	contains "$out" assert:never
}
