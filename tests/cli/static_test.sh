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

# What a library does that somebody has put where another one is looked for.
function hostile_library {
	cat >hostile.c <<-'END'
		#include <fcntl.h>
		__attribute__((constructor)) static void loaded(void)
		{
			(void)creat("/home/loaded", 0600);
		}
	END
	cc -shared -fPIC -o "$1" hostile.c 2>"$err" || fail "no library can be made"
}

# A configuration that looks up a user and a name, and uses each library.
function everything { # DIRECTORY
	. "${BASH_SOURCE[0]%/*}/http.sh"
	# shellcheck disable=SC2119 # they are for TLS
	serve
	mkdir -p "$1/conf"
	cp "$GROUNDWORK" "$1/groundwork"
	echo 'CREATE TABLE t(x);' >"$1/conf/001_t.sql"
	cat >"$1/conf/10.ini" <<-END
		[bootstrap]
		report = /home/report.json
		[wait:peer]
		url = tcp://peer.example:${at#*:}
		[download:f]
		path = /home/data/f
		url = http://peer.example:${at#*:}/f
		sha256 = $(sha256sum <files/f | cut -d ' ' -f 1)
		[directory:data]
		path = /home/data
		group = crowd
		[key:k]
		path = /home/data/k
		[cert:c]
		cert = /home/data/c.pem
		key = /home/data/c.key
		san = peer.example
		[database:d]
		path = /home/data/d.db
		migrations = 001_t.sql
	END
	printf '%s\n' 'openssl_conf = a' '[a]' 'providers = b' 'engines = c' '[b]' 'hostile = d' \
		'[d]' 'module = /home/hostile.so' 'activate = 1' '[c]' 'hostile = e' '[e]' \
		'dynamic_path = /home/hostile.so' 'init = 1' >"$1/hostile.cnf"
	hostile_library "$1/hostile.so"
	chmod -R a+rX "$1"
}

# in_system ROOT UID COMMAND…: in ROOT, with the directory home as /home and etc as /etc; where that
# has a module for the names of users and hosts, it is a hostile one.
function in_system {
	# shellcheck disable=SC2016 # the inner shell has its own arguments
	unshare -m sh -ec 'root=$1 user=$2; shift 2
		mount --bind "$root" "$root"
		mount --bind home "$root/home"
		mount --bind etc "$root/etc"
		for module in "$root"/usr/lib/*/libnss_*.so.2; do
			[ ! -e "$module" ] || mount --bind home/hostile.so "$module"
		done
		exec chroot --userspec="$user:$user" "$root" "$@"' sh "$@"
}

# As root, and as any user: what is laid, what is opened, and that nothing is loaded.
function runs_in { # ROOT [DEBIAN]
	local user
	needs_mounts
	everything home
	cp -a "$1/etc" etc
	echo 'crowd:x:12345:' >>etc/group
	echo '127.0.0.1 peer.example' >>etc/hosts
	printf '%s: hesiod compat files\n' passwd group hosts >etc/nsswitch.conf
	if [[ -n ${2-} ]]; then
		matches etc/debian_version "^$2"
		status 0 in_system "$1" 0 /usr/bin/getent group crowd
		exists home/loaded
		rm home/loaded
	fi
	for user in 0 12345; do
		rm -rf home/data home/report.json
		chmod 1777 home
		status 0 env OPENSSL_CONF=/home/hostile.cnf OPENSSL_MODULES=/home OPENSSL_ENGINES=/home \
			strace -f -o trace -e trace=open,openat,openat2,execve,mmap,mprotect \
			bash -c "$(declare -f in_system)"'; in_system "$@"' bash "$1" "$user" \
			/home/groundwork -c /home/conf apply
		contains "$err" "the ground is laid: 5 made, 1 in place"
		mode home/data 755 "$user:12345"
		sed -n '/execve("\/home\/groundwork"/,$p' trace >ours
		[[ -s ours ]] || fail "nothing was traced"
		lacks ours '.so"'
		lacks ours hostile
		lacks ours nsswitch
		lacks ours openssl.cnf
		lacks ours PROT_EXEC
		missing home/loaded
	done
}

function debian { # SUITE
	only_static
	[[ -e ${ROOTS-}/$1/etc/debian_version ]] || skip "make check-static unpacks Debian's $1"
}

root_it_runs_in_debian_12() {
	debian bookworm
	runs_in "$ROOTS/bookworm" 12
}

root_it_runs_in_debian_13() {
	debian trixie
	runs_in "$ROOTS/trixie" 13
}

# A root directory with names of its own, and nothing else.
root_it_runs_where_there_are_only_names() {
	only_static
	mkdir -p only/home only/etc
	touch only/etc/{group,passwd,hosts}
	runs_in only
}

root_it_lays_the_ground_in_an_empty_directory() {
	only_static
	status 0 chroot root /groundwork -c /conf apply
	contains "$err" "the ground is laid: 5 made"
	exists root/data/k root/data/f root/data/l root/data/d.db
	status 0 chroot root /groundwork -c /conf apply
	contains "$err" "5 in place"
}

root_any_user_lays_the_ground_in_an_empty_directory() {
	only_static
	chmod -R a+rX root
	mkdir root/data
	chown 10001:0 root/data
	status 0 chroot --userspec=10001:0 root /groundwork -c /conf apply
	contains "$err" "the ground is laid: 4 made, 1 in place"
	mode root/data/k 600 10001:0
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
	matches "$out" "GNU_RELRO.* R "
	# It is where it was linked to: a relocation at each start would cost more.
	status 0 readelf -hW "$GROUNDWORK"
	matches "$out" "Type: +EXEC"
}

# The bounds of GNU_RELRO are those of a mapping that can only be read.
what_is_constant_after_the_start_cannot_be_written() {
	only_static
	local line start end
	line=$(readelf -lW "$GROUNDWORK" | grep GNU_RELRO)
	read -r _ _ start _ _ end _ <<<"$line"
	printf -v end '%08x' $(((start + end) & -4096))
	printf -v start '%08x' $((start & -4096))
	background "$GROUNDWORK" --init -- sleep 1000
	eventually grep -qE "^0*$start-0*$end r--p" "/proc/$pid/maps"
	kill "$pid"
	wait "$pid" || true # its application, too, has ended then
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
