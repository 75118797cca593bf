#!/bin/bash
# SPDX-License-Identifier: MIT
# The static binary needs nothing of where it runs, and loads no code from there.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# root: an otherwise empty root directory with it, and a ground of every kind to lay.
function only_static {
	! readelf -lW "$GROUNDWORK" | grep -q INTERP || skip "this is the dynamic build"
	mkdir -p root/conf root/tmp
	cp "$GROUNDWORK" root/groundwork
	echo 'CREATE TABLE t(x); CREATE VIRTUAL TABLE f USING fts5(y);' >root/conf/001_t.sql
	# The template's, not the shell's.
	# shellcheck disable=SC2016
	echo 'port=${PORT:-80}' >root/conf/t.conf
	cat >root/conf/10.ini <<-'END'
		[directory:data]
		path = /data
		[key:k]
		path = /data/k
		env = KEY
		[file:f]
		path = /data/f
		template = t.conf
		[link:l]
		path = /data/l
		target = f
		[database:d]
		path = /data/d.db
		migrations = 001_t.sql
		requires = directory:data
	END
}

# Names and numbers of a system that asks modules of its own for users.
function hostile {
	mkdir -p root/etc
	echo 'passwd: systemd files' >root/etc/nsswitch.conf
	echo 'group: systemd files' >>root/etc/nsswitch.conf
	echo 'app:x:4242:4343::/home/app:/bin/false' >root/etc/passwd
	echo 'app:x:4343:' >root/etc/group
	printf '[directory:own]\npath = /own\nowner = app\ngroup = app\n' >root/conf/20.ini
}

root_it_lays_the_ground_in_an_empty_directory() {
	only_static
	status 0 chroot root /groundwork -c /conf apply
	contains "$err" "the ground is laid: 5 made"
	exists root/data/k root/data/f root/data/l root/data/d.db
	status 0 chroot root /groundwork -c /conf apply
	contains "$err" "5 in place"
}

root_it_runs_itself_in_an_empty_directory() {
	only_static
	status 0 chroot root /groundwork -c /conf -- /groundwork --version
	contains "$out" "groundwork "
	status 0 chroot root /groundwork --init -c /conf -- /groundwork --version
}

# There is no /proc by which it could execute itself.
root_it_reaches_what_listens_from_an_empty_directory() {
	only_static
	. "${BASH_SOURCE[0]%/*}/http.sh"
	# shellcheck disable=SC2119 # they are for TLS
	serve
	printf '[wait:%s]\nurl = %s\n' port "tcp://$at" file "http://$at/f" >root/conf/10.ini
	status 0 chroot root /groundwork -c /conf apply
	contains "$err" "http://$at/f"
}

root_users_are_found_without_the_modules_of_the_place() {
	only_static
	hostile
	status 0 chroot root /groundwork -c /conf apply
	mode root/own 755 4242:4343
}

root_it_opens_no_code() {
	only_static
	hostile
	status 0 strace -f -o trace -e trace=open,openat,openat2,mmap,mprotect \
		chroot root /groundwork -c /conf apply
	# What chroot itself loads is not ours.
	sed -n '/"\/conf/,$p' trace >ours
	[[ -s ours ]] || fail "nothing was traced"
	lacks ours ".so"
	lacks ours "nsswitch"
	lacks ours "PROT_EXEC"
}

it_has_no_loader_and_a_stack_that_is_data() {
	only_static
	status 0 readelf -lW "$GROUNDWORK"
	lacks "$out" "DYNAMIC"
	matches "$out" "GNU_STACK.* RW "
}

it_names_its_libraries_with_their_revisions() {
	only_static
	status 0 "$GROUNDWORK" --version
	matches "$out" '^SQLite 3\.[0-9.]+-[0-9]'
	matches "$out" '^inih [0-9]+-[0-9]'
	matches "$out" '^libsodium [0-9.]+-[0-9]'
	matches "$out" '^musl [0-9.]+-[0-9]'
}

a_limited_address_space_is_enough_for_a_database() {
	only_static
	drop_in 10.ini <<-'END'
		[database:d]
		path = d.db
		migrations = ../m
	END
	mkdir m
	echo 'CREATE TABLE one (a);' >m/001_one.sql
	# Less than the heap that SQLite is given elsewhere: it gets a quarter of that.
	status 0 prlimit --as=150000000 "$GROUNDWORK" -v -c conf apply
	lacks "$err" "SQLite uses malloc"
	exists d.db
}
