#!/bin/bash
# SPDX-License-Identifier: MIT
# Downloads, from servers that do what they should not.
. "${BASH_SOURCE[0]%/*}/../lib.sh"
. "${BASH_SOURCE[0]%/*}/http.sh"

# step KEY…: [download:f] with the digest of files/f, and these lines.
function step {
	printf '%s\n' '[bootstrap]' 'retry_delay = 10ms' '[download:f]' 'path = data/f' \
		"sha256 = $(sha256sum <files/f | cut -d' ' -f1)" "$@" | drop_in 10.ini
}

# fetched: data/f is the file, and nothing else is there.
function fetched {
	cmp files/f data/f || fail "data/f is another file"
	equal f "$(ls -A data)" "what is in data"
}

# failed TEXT: the last start has ended with it, and has left nothing.
function failed {
	contains "$err" "$1"
	missing data/f
	[[ ! -d data ]] || equal '' "$(ls -A data)" "what is in data"
}

a_file_is_fetched_once() {
	serve
	step "url = http://$at/f"
	status 0 gw plan
	contains "$out" "+ download:f  download '$PWD/data/f' from http://$at/f"
	missing files/.requests
	status 0 gw apply
	contains "$err" "downloaded '$PWD/data/f', 100000 bytes, from http://$at/f"
	fetched
	mode data/f 644
	status 0 gw apply
	contains "$err" "= download:f"
	equal 1 "$(requests)"
}

# What came in one go, and was followed by nothing, was not said.
what_came_is_said_while_nothing_comes() {
	serve
	step "url = http://$at/burst/f" 'read_timeout = 1h'
	background "$GROUNDWORK" -c conf apply 2>log
	eventually grep -qF "still at work: downloading http://$at/burst/f: 97 KiB, " log
}

# What the network does, it may do better the next time.
what_time_can_mend_is_tried_again() {
	serve
	for how in cut/5000 cuthead/2 part/30000 flaky/2 drip long chunked chunkcut unsized norange changed wrongrange; do
		rm -rf data
		step "url = http://$at/$how/f"
		printf '[bootstrap]\nretry_attempts = 6\n' | drop_in 20.ini
		status 0 gw apply
		fetched
	done
}

# Without a length, the size of the step alone parts a connection that ended from a shorter file.
a_connection_that_ends_early_is_seen_by_the_size() {
	serve
	step "url = http://$at/early/5000/f" 'size = 100000'
	status 0 gw apply
	contains "$err" "the connection has ended after 5000 of 100000 bytes"
	fetched
	equal "/early/5000/f - - -
/early/5000/f bytes=5000- - -" "$(<files/.requests)"
	# What says where it ends is another file.
	rm -r data files/.requests
	step "url = http://$at/chunked/f" 'size = 100001'
	status 111 gw apply
	failed "100000 bytes, not 100001"
	equal 1 "$(requests)"
}

a_file_is_fetched_whole_where_a_range_is_refused() {
	serve
	for how in 400 403 416; do
		rm -rf data
		step "url = http://$at/refuserange/$how/f" 'size = 100000' 'retries = 0'
		status 111 gw apply
		exists data/.f.groundwork-partial
		status 0 gw apply
		fetched
	done
}

what_was_fetched_stays_where_a_server_refuses_all() {
	serve
	step "url = http://$at/cut/5000/f" 'retries = 0'
	status 111 gw apply
	step "url = http://$at/status/403/f http://$at/f" 'retries = 0'
	status 0 gw apply
	fetched
	equal '/f bytes=5000- - -' "$(tail -n 1 files/.requests)"
}

what_was_fetched_goes_on_where_it_ended() {
	serve
	step "url = http://$at/part/30000/f" 'retries = 5'
	status 0 gw apply
	fetched
	tag=$(sed -n '2s/.* \(".*"\) .*/\1/p' files/.requests)
	equal "/part/30000/f - - -
/part/30000/f bytes=30000- $tag -
/part/30000/f bytes=60000- $tag -
/part/30000/f bytes=90000- $tag -" "$(<files/.requests)"
}

# Also what an earlier start has fetched, of which it knows no more than the bytes.
a_later_start_goes_on_with_what_was_fetched() {
	serve
	step "url = http://$at/part/30000/f" 'retries = 0'
	status 111 gw apply
	missing data/f
	equal .f.groundwork-partial "$(ls -A data)"
	mode data/.f.groundwork-partial 600
	for _ in 2 3; do
		status 111 gw apply
	done
	status 0 gw apply
	fetched
	equal '/part/30000/f bytes=90000- - -' "$(tail -n 1 files/.requests)"
}

what_is_left_of_another_file_is_fetched_anew() {
	serve
	mkdir data
	head -c 50000 /dev/urandom >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	step "url = http://$at/f"
	status 0 gw apply
	fetched
	rm data/f
	{ cat files/f && echo more; } >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	status 0 gw apply
	fetched
}

# All of it had come, and only the rename was missing.
what_was_fetched_whole_needs_no_server() {
	mkdir -p files data
	head -c 100000 /dev/urandom >files/f
	cp files/f data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	step 'url = http://127.0.0.1:1/f'
	status 0 gw apply
	fetched
}

# A start that is killed before it publishes has given it mode and owner already.
what_was_fetched_whole_and_given_away_needs_no_server() {
	serve
	step "url = http://$at/f" 'mode = 0640'
	mkdir data
	cp files/f data/.f.groundwork-partial
	chmod 640 data/.f.groundwork-partial
	[[ $(id -u) != 0 ]] || printf '%s\n' 'owner = 10001' >>conf/10.ini
	[[ $(id -u) != 0 ]] || chown 10001 data/.f.groundwork-partial
	status 0 gw apply
	fetched
	mode data/f 640
	missing files/.requests
	# It may be another step's.
	rm data/f
	head -c 50000 files/f >data/.f.groundwork-partial
	chmod 644 data/.f.groundwork-partial
	status 0 gw apply
	fetched
	equal "/f - - -" "$(tail -n 1 files/.requests)"
}

# Without a descriptor nothing of it can be said.
what_was_fetched_stays_where_it_cannot_be_opened() {
	local n
	serve
	step "url = http://$at/f"
	mkdir data
	head -c 50000 files/f >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	for n in {6..40}; do
		(ulimit -n "$n" && exec "$GROUNDWORK" -c conf apply >"$out" 2>"$err") && break
		exists data/.f.groundwork-partial
		equal 50000 "$(stat -c %s data/.f.groundwork-partial)"
	done
	((n > 6)) || fail "it has had enough descriptors"
	fetched
	equal "/f bytes=50000- - -" "$(tail -n 1 files/.requests)"
}

# It may be another file that is reached by that name, or by another one.
what_others_may_have_left_is_not_written() {
	serve
	mkdir data
	head -c 50000 files/f >other
	chmod 600 other
	ln other data/.f.groundwork-partial
	step "url = http://$at/f"
	status 0 gw apply
	fetched
	equal 50000 "$(stat -c %s other)"
	equal "/f - - -" "$(<files/.requests)"
	rm -r data files/.requests
	mkdir data
	ln -s ../other data/.f.groundwork-partial
	status 0 gw apply
	fetched
	equal 50000 "$(stat -c %s other)"
	equal "/f - - -" "$(<files/.requests)"
}

# Who unpacks it does so on another file system, which is not the one that is full.
root_what_was_unpacked_and_has_no_room_is_named() {
	packed
	head -c 300000 /dev/urandom >pack/app-1.0/large
	tar -C pack -cf files/t app-1.0
	sed -i "s/^sha256.*/sha256 = $(sha256sum <files/t | cut -d' ' -f1)/; s,^path.*,path = vol/app," conf/10.ini
	echo 'resume = no' >>conf/10.ini
	mkdir vol
	chmod 755 .
	# shellcheck disable=SC2016 # the inner shell has its own arguments
	status 111 unshare -m bash -c 'mount -t tmpfs -o size=400k,uid=10001 none vol && exec "$@"' - \
		"$GROUNDWORK" -c conf apply
	contains "$err" "No space left on device"
	contains "$err" "'$PWD/vol/app"
	lacks "$err" scratch
}

a_large_file_is_seen_to_be_read() {
	mkdir data
	truncate -s 3G data/f
	mkdir files
	touch files/f
	step 'url = http://127.0.0.1:1/f' 'retries = 0' 'timeout = 1s'
	python3 "$ROOT/tests/cli/on_terminal.py" 200 "$GROUNDWORK" -c conf apply >"$out" 2>&1 || true
	contains "$out" "reading '$PWD/data/f': "
}

# Where a start was killed behind the rename, or another one was quicker.
what_was_fetched_goes_once_it_is_needed_no_more() {
	serve
	step "url = http://$at/f"
	status 0 gw apply
	echo part >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	status 0 gw plan
	contains "$out" "- download:f  remove what a start had fetched of '$PWD/data/f' before"
	status 0 gw apply
	contains "$err" "- download:f  removed what a start had fetched of '$PWD/data/f' before"
	fetched
	rm data/f
	echo part >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	echo 'resume = no' >>conf/10.ini
	status 0 gw apply
	fetched
	# And not what another start is still at.
	echo part >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	background python3 -c 'import fcntl, os, struct, time
file = open("data/.f.groundwork-partial", "r+b")
fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0))  # F_OFD_SETLK
open("locked", "w").close()
time.sleep(60)'
	eventually test -e locked
	status 0 gw apply
	exists data/.f.groundwork-partial
}

what_cannot_be_read_any_more_is_fetched_anew() {
	serve
	step "url = http://$at/f"
	cat >eio.c <<-'END'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <errno.h>
		#include <stdio.h>
		#include <string.h>
		#include <unistd.h>
		ssize_t pread64(int fd, void *data, size_t size, off_t at)
		{
			ssize_t (*real)(int, void *, size_t, off_t) =
				(ssize_t (*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread64");
			char link[64], path[4096] = "";
			snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
			if (readlink(link, path, sizeof path - 1) > 0 && strstr(path, "partial")) {
				errno = EIO;
				return -1;
			}
			return real(fd, data, size, at);
		}
		ssize_t pread(int fd, void *data, size_t size, off_t at) { return pread64(fd, data, size, at); }
	END
	cc -shared -fPIC -o eio.so eio.c 2>/dev/null || skip "no compiler here"
	[[ $(ldd "$GROUNDWORK" 2>/dev/null) == *libc.so* ]] || skip "it is static"
	LD_PRELOAD=$PWD/eio.so "$GROUNDWORK" version >/dev/null 2>&1 || skip "nothing can be loaded into it"
	mkdir data
	head -c 50000 files/f >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	code=0
	LD_PRELOAD=$PWD/eio.so "$GROUNDWORK" -c conf apply >"$out" 2>"$err" || code=$?
	equal 0 "$code"
	contains "$err" "[download:f] what was fetched before cannot be read (Input/output error), and is fetched anew"
	fetched
}

with_resume_no_it_begins_anew() {
	serve
	step "url = http://$at/cut/5000/f" 'resume = no'
	status 0 gw apply
	fetched
	step "url = http://$at/cut/6000/f" 'resume = no' 'retries = 0'
	rm data/f
	status 111 gw apply
	equal '' "$(ls -A data)"
}

what_time_cannot_mend_is_an_error_at_once() {
	serve
	for status in 400 401 403 404 410 418 501; do
		step "url = http://$at/status/$status/f"
		status 111 gw apply
		failed "http://$at/status/$status/f: the server answers with status $status"
	done
	equal 7 "$(requests)"
}

a_server_that_is_busy_is_asked_again_and_no_more_often() {
	serve
	for status in 408 429 500 502 503 504; do
		step "url = http://$at/status/$status/f" 'retries = 2'
		status 111 gw apply
		failed "the server answers with status $status"
	done
	equal 18 "$(requests)"
}

retry_after_is_kept_to() {
	serve
	step "url = http://$at/later/f"
	status 0 gw apply
	fetched
	contains "$err" "the server answers with status 429 and asks to come back in 1 s; trying again in 1.0s"
	rm -r data
	step "url = http://$at/after/20000/f"
	status 111 gw apply
	failed "the server answers with status 503 and asks to come back in 20000 s"
}

# Whatever stands there, no number becomes another one, and nobody waits for it.
retry_after_may_say_anything() {
	serve
	for text in 301 9223372036854775807 9223372036854776 Fri,%2031%20Dec%209999%2023:59:59%20GMT; do
		rm -f files/.requests
		step "url = http://$at/after/$text/f"
		status 111 gw apply
		failed "$text/f: the server answers with status 503"
		matches "$err" 'and asks to come back in [1-9][0-9]+ s, which is longer than the 300 that a start waits [(]'
		equal 1 "$(requests)"
	done
	for text in 0 -1 -9223372036854775808 18446744073709551616 soon Thu,%2001%20Jan%201970%2000:00:00%20GMT; do
		rm -f files/.requests
		step "url = http://$at/after/$text/f" 'retries = 1'
		status 111 gw apply
		failed "$text/f: the server answers with status 503"
		equal 2 "$(requests)"
	done
}

# Whatever is sent, what is published is right.
a_wrong_file_is_never_published() {
	serve
	for how in html short; do
		step "url = http://$at/$how/f"
		status 111 gw apply
		failed "http://$at/$how/f: has the sha256 "
	done
	step "url = http://$at/html/f"
	status 111 gw apply
	contains "$err" "(it is a page of HTML)"
	for how in reset stall; do
		rm files/.requests
		step "url = http://$at/$how/f" 'retries = 1' 'read_timeout = 200ms' 'resume = no'
		status 111 gw apply
		failed "http://$at/$how/f: "
		equal 2 "$(requests)"
	done
	for how in headers/f longheader/f badchunk/f garbage; do
		rm files/.requests
		step "url = http://$at/$how" 'retries = 1'
		status 111 gw apply
		failed "http://$at/$how: "
		equal 1 "$(requests)" "requests of $how"
	done
	step "url = http://$at/loop/1" 'retries = 1'
	status 111 gw apply
	failed "http://$at/loop/1: redirected to http://$at/loop/11: the server redirects to http://$at/loop/12, beyond the 10 that \`redirects\` allows"
	lacks "$err" "trying again"
}

# A proxy may be as busy as any server.
what_a_proxy_answers_is_tried_again_where_time_can_mend_it() {
	serve
	step 'url = https://elsewhere.example/f' 'retries = 1'
	https_proxy=http://$at status 111 gw apply
	failed "CONNECT tunnel failed, response 503"
	contains "$err" "(1 of 1)"
	step 'url = https://forbidden.example/f' 'retries = 1'
	https_proxy=http://$at status 111 gw apply
	failed "CONNECT tunnel failed, response 403"
	lacks "$err" "trying again"
}

# Neither side becomes another one by asking again; a connection that is cut is asked anew.
what_tls_does_not_agree_on_is_not_tried_again() {
	pem IP:127.0.0.1
	serve
	step "url = https://$at/f" 'ca_file = ../cert.pem' 'retries = 1'
	status 111 gw apply
	failed "https://$at/f: "
	lacks "$err" "trying again"
	background python3 -c '
import socket
listener = socket.create_server(("127.0.0.1", 0))
open("cutting.new", "w").write(str(listener.getsockname()[1]))
__import__("os").rename("cutting.new", "cutting")
while True:
    connection = listener.accept()[0]
    connection.recv(1)
    connection.close()'
	eventually test -e cutting
	step "url = https://127.0.0.1:$(<cutting)/f" 'ca_file = ../cert.pem' 'retries = 1'
	status 111 gw apply
	contains "$err" "trying again"
}

a_server_that_wants_a_certificate_of_ours_is_not_asked_again() {
	pem IP:127.0.0.1
	serve cert.pem client
	step "url = https://$at/f" 'ca_file = ../cert.pem' 'retries = 1'
	status 111 gw apply
	failed "https://$at/f: "
	lacks "$err" "trying again"
}

a_server_that_says_nothing_is_left() {
	serve
	step "url = http://$at/stall/f" 'read_timeout = 200ms' 'retries = 0' 'resume = no'
	status 111 gw apply
	failed "http://$at/stall/f: nothing came for 200ms"
	step "url = http://$at/stall/f" 'timeout = 200ms' 'resume = no'
	status 111 gw apply
	failed "it took longer than its timeout of 200ms: http://$at/stall/f, of which "
	step "url = http://$at/none http://$at/silent/f" 'timeout = 3s' 'resume = no'
	status 111 gw apply
	failed "it took longer than its timeout of 3.0s: http://$at/silent/f, of which 0 bytes are there; what was tried before: http://$at/none: the server answers with status 404"
}

mirrors_are_tried_in_order() {
	serve
	printf 'wrong' >files/w
	step "url = http://$at/none http://$at/w http://$at/f http://$at/html/f"
	status 0 gw plan
	contains "$out" "from http://$at/none (or 3 more)"
	status 0 gw apply
	contains "$err" "from http://$at/f"
	contains "$err" "warning: [download:f] what was tried before http://$at/f: http://$at/none: the server answers with status 404; http://$at/w: has the sha256 "
	fetched
	step "url = http://$at/none http://$at/w"
	rm -r data
	status 111 gw apply
	failed "cannot download '$PWD/data/f': http://$at/none: the server answers with status 404; http://$at/w: has the sha256 "
}

# What one server has sent is gone on with, whatever another one answers meanwhile.
a_mirror_that_has_nothing_takes_nothing_away() {
	serve
	head -c 50 files/f >files/w
	for other in none to/none status/403/f loop/1 html/f w; do
		rm -rf data files/.requests
		step "url = http://$at/$other http://$at/part/30000/f" 'retries = 8' 'size = 100000'
		status 0 gw apply
		fetched
		equal 4 "$(grep -c '^/part/' files/.requests)"
		equal "/part/30000/f bytes=90000-" "$(tail -n 1 files/.requests | cut -d ' ' -f 1,2)"
	done
	# And none is asked twice for what it does not have.
	step "url = http://$at/none http://$at/part/30000/f" 'retries = 8'
	rm -r data files/.requests
	status 0 gw apply
	equal 8 "$(requests)"
}

# A server that has no ranges sends all of it: what is there stays where that is another file.
what_is_sent_whole_is_compared_with_what_is_there() {
	local other="the server sends another file than what was fetched before" size=0
	serve
	head -c 200 /dev/urandom >files/w
	{ head -c 30000 files/f && head -c 100000 /dev/urandom; } >files/x
	head -c 100 files/f >files/y
	for name in w y; do
		step "url = http://$at/part/30000/f http://$at/unsized/$name http://$at/chunked/$name http://$at/status/200/$name" \
			'retries = 0'
		status 111 gw apply
		size=$((size + 30000))
		for how in unsized chunked status/200; do
			contains "$err" "http://$at/$how/$name: $other"
		done
		equal "$size" "$(stat -c %s data/.f.groundwork-partial)"
	done
	# What it goes on with is right up to there.
	rm files/.requests
	step "url = http://$at/part/30000/f http://$at/chunked/x http://$at/status/200/f" 'retries = 0'
	status 0 gw apply
	fetched
	contains "$err" "http://$at/chunked/x: $other"
	equal 3 "$(requests)"
}

# Where nobody is asked again, who has more of it may be right.
what_is_there_may_be_wrong() {
	serve
	mkdir data
	head -c 50000 /dev/urandom >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	step "url = http://127.0.0.1:1/f http://$at/chunked/f" 'retries = 0'
	status 111 gw apply
	contains "$err" "the server sends another file than what was fetched before"
	equal 50000 "$(stat -c %s data/.f.groundwork-partial)"
	step "url = http://127.0.0.1:1/f http://$at/status/200/f" 'retries = 1'
	status 0 gw apply
	fetched
	rm -r data
	mkdir data
	head -c 50000 /dev/urandom >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	step "url = http://$at/none http://$at/chunked/f" 'retries = 0'
	status 0 gw apply
	fetched
}

# What comes behind a 101 is of another protocol.
a_server_that_switches_protocols_takes_nothing_away() {
	serve
	mkdir data
	head -c 50000 files/f >data/.f.groundwork-partial
	chmod 600 data/.f.groundwork-partial
	step "url = http://$at/switch/f" 'retries = 0'
	status 111 gw apply
	contains "$err" "the server answers with status 101"
	equal 50000 "$(stat -c %s data/.f.groundwork-partial)"
}

# A page in place of the file, as a portal has it, is not the whole of what is fetched.
# It has a shorter file, and no more than that: 416.
an_older_mirror_takes_nothing_away() {
	serve
	head -c 1000 /dev/urandom >files/w
	step "url = http://$at/w http://$at/part/30000/f" 'retries = 4'
	status 0 gw apply
	fetched
	equal 1 "$(grep -c '^/part/30000/f -' files/.requests)"
	contains "$err" "http://$at/w: the server sends another file than what was fetched before"
}

a_page_takes_nothing_away_where_another_mirror_may_go_on() {
	serve
	step "url = http://$at/part/30000/f http://$at/html/f" 'retries = 0'
	for size in 30000 60000; do
		status 111 gw apply
		contains "$err" "/html/f: the server sends another file than what was fetched before (it is a page of HTML)"
		equal "$size" "$(stat -c %s data/.f.groundwork-partial)"
	done
	# Where no other can go on, what is there may be wrong.
	head -c 50000 /dev/urandom >data/.f.groundwork-partial
	printf '<html>a page' >files/f
	step "url = http://$at/html/f" 'retries = 0'
	sed -i "s/^sha256.*/sha256 = $(curl -s "http://$at/html/f" | sha256sum | cut -d' ' -f1)/" conf/10.ini
	status 0 gw apply
}

every_digest_and_the_size_must_hold() {
	serve
	step "url = http://$at/f" "sha512 = $(sha512sum <files/f | cut -d' ' -f1)" \
		"blake2b = $(b2sum <files/f | cut -d' ' -f1)" 'size = 100000'
	status 0 gw apply
	fetched
	step "url = http://$at/f" "sha512 = $(sha512sum <port | cut -d' ' -f1)"
	status 111 gw apply
	contains "$err" "has the sha512 "
	fetched
	step "url = http://$at/f" "blake2b = $(b2sum <port | cut -d' ' -f1)"
	status 111 gw apply
	contains "$err" "has the blake2b "
	rm -r data
	step "url = http://$at/f" 'size = 99999'
	status 111 gw apply
	failed "the server has 100000 bytes, not 99999"
	step "url = http://$at/chunked/f" 'size = 99999'
	status 111 gw apply
	failed "the server sends more than 99999 bytes"
	step "url = http://$at/chunked/f" 'size = 100001' 'retries = 0'
	status 111 gw apply
	contains "$err" "100000 bytes, not 100001"
	missing data/f
}

# Of what was right before, nothing is lost.
the_last_good_file_is_kept() {
	serve
	mkdir data
	echo old >data/f
	chmod 644 data/f
	step 'url = http://127.0.0.1:1/f' 'retries = 0'
	status 111 gw apply
	contains "$err" "cannot download '$PWD/data/f': http://127.0.0.1:1/f: "
	equal old "$(<data/f)"
	step 'url = http://127.0.0.1:1/f' 'offline_ok = yes' 'retries = 2'
	status 0 gw apply
	contains "$err" "trying again in"
	contains "$err" "(2 of 2)"
	contains "$err" "the file that is there is kept, since offline_ok = yes"
	contains "$err" "the ground is laid: 1 kept as it was"
	contains "$err" "[download:f] the same again; trying again in"
	equal 2 "$(grep -c 'cannot download' "$err")"
	equal old "$(<data/f)"
	status 0 gw plan
	contains "$out" "; it is kept where none can be fetched"
	# What is wrong with a file that came is no want of network.
	step "url = http://$at/html/f" 'offline_ok = yes'
	status 111 gw apply
	equal old "$(<data/f)"
	rm -r data
	step 'url = http://127.0.0.1:1/f' 'offline_ok = yes' 'retries = 0'
	status 111 gw apply
}

# Its server wants to be left alone for longer than a start waits: nobody has another file.
an_old_file_is_kept_where_the_server_is_busy_for_long() {
	serve
	mkdir data
	echo old >data/f
	step "url = http://$at/after/301/f" 'offline_ok = yes' 'retries = 5'
	status 0 gw apply
	contains "$err" "the file that is there is kept, since offline_ok = yes"
	equal old "$(<data/f)"
	equal 1 "$(requests)"
	step "url = http://$at/after/301/f http://$at/status/403/f" 'offline_ok = yes'
	status 0 gw apply
	step "url = http://$at/status/403/f" 'offline_ok = yes'
	status 111 gw apply
}

# It was kept at the first answer of 503.
an_old_file_is_kept_only_once_no_retry_is_left() {
	serve
	mkdir data
	echo old >data/f
	step "url = http://$at/flaky/1/f" 'offline_ok = yes' 'retries = 5'
	status 0 gw apply
	fetched
}

# Each start judged it anew, and never asked a server.
an_old_file_that_is_written_all_the_time_is_replaced() {
	serve
	mkdir data
	truncate -s 40M data/f
	background sh -c 'while echo; do :; done >>data/f'
	step 'url = http://127.0.0.1:1/f' 'offline_ok = yes' 'retries = 0'
	status 0 gw apply
	contains "$err" "the file that is there is kept, since offline_ok = yes"
	step "url = http://$at/f"
	status 0 gw apply
	fetched
	equal 1 "$(requests)"
	kill "$!"
}

# It said that it was kept.
an_old_file_that_is_removed_meanwhile_is_not_kept() {
	local act=${GROUNDWORK%/*}/act_before
	[[ -x $act ]] || skip "act_before was not built"
	mkdir -p files data
	echo new >files/f
	echo old >data/f
	step 'url = http://127.0.0.1:1/f' 'offline_ok = yes' 'retries = 0'
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status 111 "$act" open:.f.groundwork-partial 1 \
		'rm data/f' "$GROUNDWORK" -c conf apply
	contains "$err" "cannot download '$PWD/data/f'"
	lacks "$err" kept
}

# Each try took 256 KiB that were kept until the end.
a_file_that_is_read_again_takes_no_more_memory() {
	command -v prlimit >/dev/null || skip "no prlimit here"
	! grep -q __asan_init "$GROUNDWORK" || skip "a sanitizer takes what it likes"
	mkdir -p files data
	head -c 1000 /dev/zero >files/f
	echo old >data/f
	step 'url = http://127.0.0.1:1/f' 'retries = 100' 'retry_delay = 0' 'offline_ok = yes'
	status 0 prlimit --data=20000000 "$GROUNDWORK" -c conf apply
	contains "$err" "(100 of 100)"
}

a_full_disk_keeps_nothing_of_it() {
	command -v prlimit >/dev/null || skip "no prlimit here"
	serve
	for how in f chunked/f; do
		step "url = http://$at/$how"
		status 111 prlimit --fsize=50000 "$GROUNDWORK" -c conf apply
		failed "File too large"
	done
}

# Only what the configuration names is reserved, and what did not come is let go of.
no_room_is_kept_for_what_a_server_promises() {
	serve
	step "url = http://$at/huge/20000000/f" 'retries = 0'
	for size in '' 'size = 20000000'; do
		printf '%s\n' '[download:f]' "${size:-retries = 0}" | drop_in 20.ini
		status 111 gw apply
		equal .f.groundwork-partial "$(ls -A data)"
		equal 100000 "$(stat -c %s data/.f.groundwork-partial)"
		taken=$(du -k data/.f.groundwork-partial | cut -f 1)
		((taken < 2000)) || fail "$taken KiB are taken"
	done
}

another_mirror_is_asked_where_one_has_too_much() {
	command -v prlimit >/dev/null || skip "no prlimit here"
	serve
	for how in huge/9000000000000000000 endless; do
		rm -rf data
		step "url = http://$at/$how/f http://$at/f"
		status 0 prlimit --fsize=200000 "$GROUNDWORK" -c conf apply
		fetched
	done
}

a_proxy_of_the_environment_is_asked() {
	serve
	step 'url = http://elsewhere.example/f'
	http_proxy=http://$at status 0 gw apply
	fetched
	equal 'http://elsewhere.example/f - - -' "$(<files/.requests)"
	rm -r data
	step 'url = http://127.0.0.1:1/f' 'retries = 0'
	http_proxy=http://$at no_proxy=127.0.0.1 status 111 gw apply
}

# Which of both it is that answers, nobody knows.
a_proxy_may_be_who_answers() {
	serve
	step 'url = http://elsewhere.example/none'
	http_proxy=http://$at status 111 gw apply
	failed "http://elsewhere.example/none: the server or the proxy of http_proxy answers with status 404"
	printf '%s\n' '[wait:w]' 'url = http://elsewhere.example/none' 'timeout = 1s' |
		drop_in 10.ini
	all_proxy=$at status 111 gw apply
	contains "$err" "last: the server or the proxy of all_proxy answers with status 404)"
	printf '%s\n' '[wait:w]' "url = http://$at/none" 'timeout = 1s' | drop_in 10.ini
	http_proxy=http://127.0.0.1:1 no_proxy=127.0.0.1 status 111 gw apply
	contains "$err" "last: the server answers with status 404)"
}

# Where a command of a step finds it, too: in [env], and in a file.
a_proxy_of_env_is_asked() {
	serve
	step 'url = http://elsewhere.example/f'
	printf '%s\n' '[env]' "http_proxy = http://$at" | drop_in 20.ini
	status 0 gw apply
	fetched
	equal 'http://elsewhere.example/f - - -' "$(<files/.requests)"
	rm -r data conf/20.ini
	echo "http://$at" >proxy
	printf '%s\n' '[app]' 'env_from_file = http_proxy' | drop_in 20.ini
	http_proxy_FILE=$PWD/proxy status 0 gw apply
	fetched
	equal 2 "$(requests)"
}

# timeout: 90
a_wrong_proxy_is_not_shown() {
	mkdir -p files
	head -c 9 /dev/zero >files/f
	for kind in download wait; do
		if [[ $kind = download ]]; then
			step 'url = http://elsewhere.example/f' 'retries = 0'
		else
			printf '%s\n' '[wait:w]' 'url = http://elsewhere.example/f' 'timeout = 1s' | drop_in 10.ini
		fi
		for value in 'http://user:pa#Secret1@127.0.0.1:1' 'http://user:pa/Secret1@127.0.0.1:1' \
			'http://user:pa?Secret1@127.0.0.1:1' 'http://user:pa@Secret1@127.0.0.1:1' \
			'http://user:pa Secret1@127.0.0.1:1' 'http://user:Secret1@127.0.0.1:nine' \
			'http://user:Secret1@[::1' 'htp://user:Secret1@127.0.0.1:1' \
			'http://user:Secret1%0a@127.0.0.1:1'; do
			http_proxy=$value status 111 gw --log-format json --report report.json apply
			contains "$err" "http_proxy is no URL of a proxy, as in http://proxy.internal:3128"
			lacks "$err" Secret1
			lacks report.json Secret1
		done
	done
}

the_body_of_a_redirect_is_not_waited_for() {
	serve
	step "url = http://$at/held/302/f" 'retries = 0'
	status 0 timeout 10 "$GROUNDWORK" -c conf apply
	fetched
}

# Servers that push events, and those of a long poll.
the_head_of_an_answer_is_enough_for_a_wait() {
	serve
	printf '%s\n' '[wait:w]' "url = http://$at/held/200/f" 'timeout = 3s' | drop_in 10.ini
	status 0 gw apply
	printf '%s\n' '[wait:w]' "url = http://$at/held/500/f" 'timeout = 1s' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "last: the server answers with status 500"
	printf '%s\n' '[wait:w]' "url = http://$at/held/302/held/404/f" 'timeout = 1s' 'redirects = 1' |
		drop_in 10.ini
	status 111 gw apply
	contains "$err" "last: redirected to http://$at/held/404/f: the server answers with status 404"
}

redirects_are_followed_as_far_as_is_asked() {
	serve
	step "url = http://$at/to/http://$at/to/http://$at/f" 'redirects = 2'
	status 0 gw apply
	fetched
	step "url = http://$at/to/http://$at/to/http://$at/f" 'redirects = 1'
	rm -r data
	status 111 gw apply
	failed "redirected to http://$at/to/http://$at/f: the server redirects to http://$at/f, beyond the 1 that \`redirects\` allows"
	step "url = http://$at/to/http://$at/f" 'redirects = 0'
	status 111 gw apply
	failed "the server answers with status 302, a redirect, and \`redirects\` is 0"
	step "url = http://$at/to/file:///etc/hostname"
	status 111 gw apply
	failed "redirected to file:///etc/hostname: Protocol \"file\""
}

# Who answers is another server than the one that is asked, and no secret of its URL is shown.
where_a_redirect_has_led_is_said() {
	serve
	local led="redirected to http://localhost:${at#*:}"
	step "url = http://$at/secret/none"
	status 111 gw apply
	failed "http://$at/secret/none: $led/none: the server answers with status 404"
	lacks "$err" sesame
	step "url = http://$at/to/http://localhost:1/f" 'retries = 0'
	status 111 gw apply
	failed ": redirected to http://localhost:1/f: Failed to connect to localhost port 1"
	printf '%s\n' '[wait:w]' "url = http://$at/secret/none" 'timeout = 1s' 'redirects = 1' |
		drop_in 10.ini
	status 111 gw apply
	contains "$err" "last: $led/none: the server answers with status 404)"
	lacks "$err" sesame
}

# A token is for the host that it was written for.
a_token_is_sent_to_its_own_host_alone() {
	serve
	umask 077
	echo 'sesame' >token
	step "url = http://$at/token/f" 'header_file = ../token'
	status 0 gw -v apply
	fetched
	lacks "$err" sesame
	rm -r data files/.requests
	printf 'X-Other: 1\nAuthorization: Bearer sesame\n' >token
	step "url = http://$at/to/http://localhost:$(<port)/f" 'header_file = ../token'
	status 0 gw apply
	equal "/to/http://localhost:$(<port)/f - - Bearer sesame
/f - - -" "$(<files/.requests)"
	# Another port is another server.
	rm -r data files/.requests
	local first=$at
	serve
	step "url = http://$first/to/http://$at/f" 'header_file = ../token'
	status 0 gw apply
	equal "/to/http://$at/f - - Bearer sesame
/f - - -" "$(<files/.requests)"
}

# As curl does, and as a Location of a path alone does.
a_user_of_the_url_is_sent_to_its_own_server_alone() {
	serve
	step "url = http://me:ses%40me@$at/to/http://$at/f"
	status 0 gw -v apply
	fetched
	lacks "$err" ses
	equal "/to/http://$at/f - - Basic bWU6c2VzQG1l
/f - - Basic bWU6c2VzQG1l" "$(<files/.requests)"
	rm -r data files/.requests
	step "url = http://me:sesame@$at/to/http://localhost:$(<port)/to/http://$at/f"
	status 0 gw apply
	equal "/to/http://localhost:$(<port)/to/http://$at/f - - Basic bWU6c2VzYW1l
/to/http://$at/f - - -
/f - - -" "$(<files/.requests)"
}

a_token_that_others_can_read_is_warned_of_once() {
	serve
	(umask 077 && echo sesame >token)
	step "url = http://$at/token/f" 'header_file = ../token'
	status 0 gw plan
	lacks "$err" 'lets others at it'
	chmod 644 token
	status 0 gw plan
	contains "$err" "the header file '$PWD/conf/../token' has mode 0644, which lets others at it; chmod 0600 it"
	step "url = http://$at/status/503/f" 'header_file = ../token' 'retries = 2'
	status 111 gw apply
	equal 1 "$(grep -c 'lets others at it' "$err")"
}

a_file_of_headers_may_be_written_carelessly() {
	serve
	umask 077
	for text in 'sesame' ' sesame \n\n' 'Bearer sesame\n' 'bearer sesame\r\n' '\n\tAuthorization: Bearer sesame \n'; do
		rm -rf data
		# shellcheck disable=SC2059 # it is the format
		printf "$text" >token
		step "url = http://$at/token/f" 'header_file = ../token'
		status 0 gw apply
		fetched
	done
	rm -r data
	for text in '' ' \n\n' 'open sesame' 'My Header: sesame' ': sesame' 'a\001sesame'; do
		# shellcheck disable=SC2059 # it is the format
		printf "$text" >token
		status 111 gw plan
		contains "$out" "conf/10.ini:7: [download:f] header_file: '$PWD/conf/../token' "
		lacks "$out" sesame
	done
	echo 'token sesame' >token
	status 111 gw plan
	contains "$out" "where the server wants a word in front of the token, write \`Authorization: WORD TOKEN\`"
}

a_token_in_place_of_its_file_is_not_shown() {
	mkdir files && touch files/f
	for token in ghp_0123456789abcdefghijABCDEFGHIJ012345 'Authorization: Bearer s3same' \
		'Bearer s3/same' eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VzYW1l; do
		step 'url = http://127.0.0.1:1/f' "header_file = $token"
		for command in check plan apply; do
			status 100 gw "$command"
			cat "$out" "$err" >said
			contains said "conf/10.ini:7:15: [download:f] header_file: looks like the token itself"
			lacks said "${token: -6}"
		done
	done
	step 'url = http://127.0.0.1:1/f' 'header_file = token.txt'
	status 100 gw check
	contains "$err" "'$PWD/conf/token.txt' is missing"
}

a_header_with_a_nul_is_an_error() {
	serve
	umask 077
	printf 'X-A: a\0b\nX-B: c\n' >token
	step "url = http://$at/f" 'header_file = ../token'
	status 111 gw apply
	contains "$err" "/token' has a control character"
	missing files/.requests
}

a_range_is_no_header_of_a_file() {
	serve
	umask 077
	echo 'range: bytes=0-9' >token
	step "url = http://$at/f" 'header_file = ../token'
	status 111 gw apply
	contains "$err" "has a header 'Range', which \`resume\` writes itself"
	missing files/.requests
	echo 'If-Range: "x"' >token
	status 111 gw apply
	contains "$err" "has a header 'If-Range', which \`resume\` writes itself"
	missing files/.requests
}

what_refuses_says_what_may_be_missing() {
	serve
	umask 077
	echo other >token
	step "url = http://$at/token/f"
	status 111 gw apply
	contains "$err" "status 401; a token for it is named by \`header_file\`"
	step "url = http://$at/token/f" 'header_file = ../token'
	status 111 gw apply
	contains "$err" "status 401, in spite of what \`header_file\` has"
	step 'url = http://elsewhere.example/f' 'retries = 0'
	http_proxy=http://127.0.0.1:1 status 111 gw apply
	contains "$err" "(the proxy of http_proxy)"
	http_proxy=http://me:hunter2@nowhere.invalid:1 status 111 gw apply
	contains "$err" "(the proxy of http_proxy)"
	lacks "$err" hunter2
	http_proxy=socks5h://127.0.0.1:1 status 111 gw apply
	contains "$err" "(the proxy of http_proxy)"
	step 'url = https://elsewhere.example/f' 'retries = 0'
	HTTPS_PROXY=http://$at status 111 gw apply
	contains "$err" "(the proxy of HTTPS_PROXY)"
}

a_wrong_port_or_authority_is_named() {
	pem IP:127.0.0.1
	serve cert.pem
	step "url = https://$at/f" 'retries = 0'
	status 111 gw apply
	contains "$err" "; the certificate of a private authority is named by \`ca_file\`"
	printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' >junk.pem
	step "url = https://$at/f" 'ca_file = ../junk.pem'
	status 111 gw apply
	contains "$err" "the certificates in '$PWD/conf/../junk.pem' cannot be used: "
	rm port
	serve
	step "url = https://$at/f" 'retries = 0' 'ca_file = ../only.pem'
	status 111 gw apply
	contains "$err" "; does the port speak http://?"
}

a_user_in_the_url_is_shown_to_nobody() {
	serve
	step "url = http://me:hunter2hunter2@$at/none?sig=abcdefgh"
	status 111 gw -v apply
	contains "$err" "http://$at/none: "
	lacks "$err" hunter2
	lacks "$err" abcdefgh
	status 0 gw plan
	lacks "$out" hunter2
}

# By other steps, that is, also where nothing is fetched any more.
a_user_or_a_query_is_printed_by_nobody() {
	serve
	# shellcheck disable=SC2016 # groundwork's
	step 'url = ${URL}'
	# shellcheck disable=SC2016 # the shell's
	printf '%s\n' '[exec:e]' "command = sh -c 'echo \"\$URL\"; echo hunter@hunter2 hunter%40hunter2'" 'env = URL' \
		'check = false' | drop_in 20.ini
	for _ in 1 2; do
		URL="http://me:hunter%40hunter2@$at/f?sig=abcdefghijkl" status 0 gw -v apply
		contains "$err" "http://***@$at/f?***"
		lacks "$err" hunter
		lacks "$err" abcdefghijkl
	done
	equal 1 "$(requests)"
}

# What looks like a host is the begin of a password.
a_password_that_is_not_encoded_is_an_error_at_check() {
	for user in me:hun/ter me:hun?ter me:hun#ter me:12/ter me:12?ter hun/ter; do
		mkdir -p files && touch files/f
		step "url = https://$user@example.org/f"
		status 100 gw check
		contains "$err" "conf/10.ini:6:7: [download:f] url: "
		contains "$err" "written as %2F"
		lacks "$err" ter@
		lacks "$err" hun
	done
	step 'url = https://2001:db8::1/f'
	status 100 gw check
	contains "$err" "written in brackets: [2001:db8::1]:443"
	step 'url = https://cdn.example.org/npm/@a/b@1.2/c.js'
	status 0 gw check
}

tls_is_verified() {
	pem IP:127.0.0.1
	serve cert.pem
	step "url = https://$at/f" 'ca_file = ../only.pem'
	status 0 gw apply
	fetched
	rm -r data
	step "url = https://$at/f" 'retries = 0'
	SSL_CERT_FILE=$PWD/only.pem status 0 gw apply
	fetched
	rm -r data
	status 111 gw apply
	failed "https://$at/f: "
	equal 2 "$(requests)"
}

# The directory was not looked at where there was a file, too.
a_file_and_a_directory_of_authorities_are_both_read() {
	pem DNS:elsewhere.example
	mv only.pem other.pem
	pem IP:127.0.0.1
	serve cert.pem
	mkdir authorities
	cp only.pem "authorities/$(openssl x509 -noout -hash -in only.pem).0"
	chmod 755 . authorities
	chmod 644 authorities/*
	step "url = https://$at/f" 'retries = 0'
	SSL_CERT_FILE=$PWD/other.pem status 111 gw apply
	failed "https://$at/f: "
	for file in "$PWD/other.pem" ''; do
		SSL_CERT_FILE=$file SSL_CERT_DIR=$PWD/authorities status 0 gw apply
		fetched
		rm -r data
	done
	SSL_CERT_FILE=$PWD/only.pem SSL_CERT_DIR=$PWD/conf status 0 gw apply
	fetched
}

# OpenSSL passes over it in silence.
a_directory_of_authorities_that_cannot_be_entered_is_named() {
	pem IP:127.0.0.1
	serve cert.pem
	chmod 755 .
	mkdir -m 755 open
	step "url = https://$at/f" 'retries = 0'
	SSL_CERT_DIR=$PWD/open:$PWD/none:$PWD/only.pem status 111 gw apply
	contains "$err" "; the directory '$PWD/none' cannot be entered by user "
	contains "$err" ": No such file or directory; the directory '$PWD/only.pem' cannot be entered by user "
	contains "$err" ": Not a directory"
	lacks "$err" "directory '$PWD/open'"
}

root_a_closed_directory_of_authorities_is_named() {
	pem IP:127.0.0.1
	serve cert.pem
	chmod 755 .
	mkdir -m 700 closed
	step "url = https://$at/f" 'retries = 0'
	SSL_CERT_DIR=$PWD/closed status 111 gw apply
	contains "$err" "; the directory '$PWD/closed' cannot be entered by user 65534: Permission denied"
}

# As root, what others can put there is no authority, and nothing of ours is read for them.
root_authorities_are_read_by_the_rules() {
	pem IP:127.0.0.1
	serve cert.pem
	chmod 755 .
	chmod 600 only.pem
	mkdir theirs
	ln -s "$PWD/only.pem" theirs/ca.pem
	chown -hR 10001:10001 theirs
	step "url = https://$at/f" "ca_file = $PWD/theirs/ca.pem"
	status 111 gw apply
	failed "[download:f] ca_file: '$PWD/theirs/ca.pem'"
	step "url = https://$at/f"
	SSL_CERT_FILE=$PWD/theirs/ca.pem status 111 gw apply
	failed "SSL_CERT_FILE: '$PWD/theirs/ca.pem'"
	missing files/.requests
}

a_plan_names_the_files_that_cannot_be_used() {
	serve
	for key in ca_file header_file; do
		step "url = http://$at/f" "$key = $PWD/none"
		status 111 gw plan
		contains "$out" "conf/10.ini:7: [download:f] $key: '$PWD/none' is missing"
		status 111 gw apply
		failed "conf/10.ini:7: [download:f] $key: '$PWD/none' is missing"
		step "url = http://$at/f" "$key = ../none" '[file:none]' 'path = none' 'content = x'
		status 0 gw plan
		contains "$out" "? download:f"
	done
	echo junk >junk
	step "url = http://$at/f" "ca_file = ../junk"
	status 111 gw plan
	contains "$out" "conf/10.ini:7: [download:f] ca_file: '$PWD/conf/../junk' holds no certificate in PEM"
	step "url = http://$at/f"
	SSL_CERT_FILE=$PWD/none status 111 gw plan
	contains "$out" "SSL_CERT_FILE: '$PWD/none' is missing"
	# Where nothing is fetched they are not needed.
	status 0 gw apply
	step "url = http://$at/f" "header_file = $PWD/none"
	status 0 gw plan
}

a_certificate_for_another_name_is_refused() {
	pem DNS:elsewhere.example
	serve cert.pem
	step "url = https://$at/f" 'ca_file = ../only.pem'
	status 111 gw apply
	failed "https://$at/f: SSL: no alternative certificate subject name matches"
}

https_never_leads_to_http() {
	pem IP:127.0.0.1
	serve
	plain=$at
	rm port
	serve cert.pem
	step "url = https://$at/to/http://$plain/f" 'ca_file = ../only.pem'
	status 111 gw apply
	failed "the server redirects from https to http://$plain/f, which is not followed"
	step "url = http://$plain/to/https://$at/f" 'ca_file = ../only.pem'
	status 0 gw apply
	fetched
}

what_cannot_be_verified_is_refused() {
	drop_in 10.ini <<-'END'
		[download:f]
		url = https://example.org/f
		path = f
		[download:g]
		url = example.org/g
		path = g
		sha256 = abc
		[download:h]
		url = https://example.org/f
		path = h
		minisign = RWx
		[download:i]
		url = https://example.org/f
		path = h
		sha256 = e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
		version = 1
	END
	status 100 gw check
	contains "$err" "conf/10.ini:1: [download:f] nothing says what the file must be: write \`sha256\`, \`sha512\`, \`blake2b\` or \`minisign\`"
	contains "$err" "conf/10.ini:5:7: [download:g] url: "
	contains "$err" "conf/10.ini:7:10: [download:g] sha256: "
	contains "$err" "conf/10.ini:11:12: [download:h] minisign: "
	contains "$err" "conf/10.ini:16: [download:i] version: has no effect without \`minisign\`"
}

# signed NAME: files/NAME is signed by a new key; $key is its public half.
function signed {
	command -v minisign >/dev/null || skip "no minisign here"
	minisign -G -W -p pub -s sec >/dev/null
	key=$(tail -n 1 pub)
	minisign -S -s sec -m "files/$1" -t "file:$1	version:1.2" >/dev/null
}

function signed_step {
	printf '%s\n' '[download:f]' 'path = data/f' "url = http://$at/f" "minisign = $key" "$@" |
		drop_in 10.ini
}

a_signature_is_verified_and_kept() {
	serve
	signed f
	signed_step 'version = 1.2'
	status 0 gw apply
	cmp files/f data/f
	cmp files/f.minisig data/f.minisig
	equal 2 "$(requests)"
	status 0 gw apply
	contains "$err" "= download:f"
	equal 2 "$(requests)"
	rm data/f.minisig
	status 0 gw apply
	contains "$err" "~ download:f"
	cmp files/f.minisig data/f.minisig
	head -c 100000 /dev/zero >data/f.minisig
	status 0 gw plan
	contains "$out" "has a signature of more than 8192 bytes"
	status 0 gw apply
	contains "$err" "~ download:f"
	cmp files/f.minisig data/f.minisig
	signed_step 'version = 1.3'
	status 111 gw apply
	contains "$err" "is signed as version 1.2, not 1.3"
	cmp files/f data/f
}

# Its trusted comment has the name of the file, and the URL has it with its %XX.
a_name_with_a_blank_is_that_of_its_signature() {
	serve
	cp files/f 'files/a b'
	signed 'a b'
	mv 'files/a b' 'files/a%20b'
	mv 'files/a b.minisig' 'files/a%20b.minisig'
	printf '%s\n' '[download:f]' 'path = data/f' "url = http://$at/a%20b" "minisign = $key" | drop_in 10.ini
	status 0 gw apply
	cmp files/f data/f
}

# Each byte of the two files that carries something.
what_was_not_signed_so_is_refused() {
	serve
	signed f
	signed_step
	cp files/f.minisig good
	minisign -S -s sec -m files/f -t 'file:g' >/dev/null
	status 111 gw apply
	contains "$err" "is signed as another file: 'g'"
	minisign -S -l -s sec -m files/f -t 'file:f' >/dev/null
	status 111 gw apply
	contains "$err" "has a signature of the legacy form"
	signed_step 'minisign_legacy = yes'
	status 0 gw apply
	rm -r data
	signed_step
	cp good files/f.minisig
	printf 12345678 | dd of=files/f bs=1 seek=500 conv=notrunc status=none
	status 111 gw apply
	contains "$err" "is not what its signature is of"
	minisign -G -f -W -p pub2 -s sec2 >/dev/null
	minisign -S -s sec2 -m files/f >/dev/null
	status 111 gw apply
	contains "$err" "was signed with another key"
	rm files/f.minisig
	status 111 gw apply
	contains "$err" "http://$at/f: the server answers with status 404 for its signature, .minisig"
	missing data/f
}

# Whose it is may cut it off while it is read.
a_file_that_is_verified_is_not_mapped() {
	serve
	signed f
	minisign -S -l -s sec -m files/f -t 'file:f' >/dev/null
	signed_step 'minisign_legacy = yes'
	for _ in 1 2; do
		ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
			status 0 strace -f -y -o trace -e trace=mmap "$GROUNDWORK" -c conf apply
		contains trace mmap
		lacks trace "$PWD/data/"
	done
	cmp files/f data/f
}

every_changed_byte_of_a_signature_is_refused() {
	serve
	printf 'a text' >files/f
	signed f
	signed_step
	cp files/f.minisig good
	good=$(<good)
	stride=$((${FULL:-0} == 1 ? 3 : 15))
	# The first line may say anything, and so may the ends of lines.
	for ((i = $(head -n 1 good | wc -c) + RANDOM % (stride / 3) * 3; i < ${#good}; i += stride)); do
		other=B
		[[ ${good:i:1} != B ]] || other=C
		echo "${good:0:i}$other${good:i+1}" >files/f.minisig
		status 111 gw apply
		missing data/f
	done
}

# packed OPTION…: an archive of a directory, as files/t; and a step that unpacks it.
function packed {
	mkdir -p files pack/app-1.0/bin pack/app-1.0/empty
	echo '#!/bin/sh' >pack/app-1.0/bin/run
	chmod 755 pack/app-1.0/bin/run
	echo "${TEXT-text}" >pack/app-1.0/.hidden
	ln -sf bin/run pack/app-1.0/run
	tar -C pack -cf files/t "$@" app-1.0
	[[ -e port ]] || serve
	printf '%s\n' '[bootstrap]' 'retry_delay = 10ms' '[download:t]' 'path = app' 'unpack = yes' \
		'strip = 1' "url = http://$at/t" "sha256 = $(sha256sum <files/t | cut -d' ' -f1)" |
		drop_in 10.ini
}

an_archive_becomes_a_directory_whole() {
	for compression in '' -z -j; do
		rm -rf app
		# Without one there is no word.
		# shellcheck disable=SC2086
		packed $compression
		status 0 gw plan
		contains "$out" "download and unpack '$PWD/app' from http://$at/t"
		status 0 gw apply
		contains "$err" "downloaded and unpacked '$PWD/app'"
		mode app 755
		mode app/bin/run 755
		equal bin/run "$(readlink app/run)"
		equal text "$(<app/.hidden)"
		exists app/empty
		equal '' "$(find . -maxdepth 1 -name '*groundwork*')"
		status 0 gw apply
		contains "$err" "= download:t"
		status 0 gw plan
	done
	equal 3 "$(requests)"
}

# What a variable has it leave out would be missing for ever, and what one has it execute
# is nothing that was verified.
no_variable_has_a_word_in_unpacking() {
	packed -z
	cat >gzip <<-'END'
		#!/bin/sh
		env >"${0%/*}/variables"
		exec /bin/gzip "$@"
	END
	chmod 755 gzip
	export PATH=$PWD:$PATH TAR_OPTIONS="--exclude=run --checkpoint=1 --checkpoint-action=exec=touch\ $PWD/executed" \
		GZIP=-9v ZSTD_CLEVEL=x XZ_OPT=--memlimit=1 XZ_DEFAULTS=--memlimit=1 BZIP2=-k POSIXLY_CORRECT=1 \
		TAPE=/dev/null TAR_READER_OPTIONS=x LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8
	printf '%s\n' '[env]' 'TAR_OPTIONS = --exclude=.hidden' >>conf/10.ini
	status 0 gw apply
	exists app/bin/run
	exists app/.hidden
	missing executed
	equal LC_ALL,PATH "$(grep -o '^[A-Z_]*=' variables | grep -vE '^(PWD|SHLVL|OLDPWD|_|LD_LIBRARY_PATH)=' |
		sort | tr -d = | paste -sd,)"
}

a_directory_of_another_archive_is_left() {
	packed
	mkdir app
	touch app/mine
	status 111 gw apply
	contains "$err" "the directory '$PWD/app' is not empty, and was not unpacked by this step"
	exists app/mine
	rm app/mine
	status 0 gw apply
	TEXT=other packed
	status 111 gw apply
	contains "$err" "the directory '$PWD/app' was unpacked from another archive; write another \`path\`"
	equal text "$(<app/.hidden)"
}

another_strip_is_another_directory() {
	packed
	status 0 gw apply
	sed -i 's/^strip.*/strip = 11/' conf/10.ini
	status 111 gw plan
	contains "$out" "the directory '$PWD/app' was unpacked with another \`strip\`; write another \`path\`"
	# The case of a digest makes no difference.
	sed -i "s/^strip.*/strip = 1/; s/^sha256.*/sha256 = $(sha256sum <files/t | cut -d' ' -f1 | tr a-f A-F)/" conf/10.ini
	status 0 gw plan
}

mode_and_owner_of_what_was_unpacked_are_put_right() {
	packed
	status 0 gw apply
	printf '%s\n' '[download:t]' 'mode = 0750' | drop_in 20.ini
	status 0 gw plan
	contains "$out" "~ download:t  fix '$PWD/app': mode 0755, not 0750"
	status 0 gw apply
	mode app 750
	mode app/bin 755
	status 0 gw apply
	contains "$err" "= download:t"
	[[ $(id -u) == 0 ]] || return 0
	printf '%s\n' 'owner = 10001' 'group = 10002' >>conf/20.ini
	chmod 755 .
	status 0 gw apply
	contains "$err" "fixed '$PWD/app': it had owner 0, not 10001, group 0, not 10002"
	equal 10001:10002 "$(find app -printf '%U:%G\n' | sort -u)"
	mode app 750
	status 0 gw plan
	equal 1 "$(requests)"
}

# In a directory that others can write, one of another user's is no work of ours, whatever
# it says of itself.
root_a_directory_that_another_user_made_is_not_taken() {
	packed
	status 0 gw apply
	cp app/.groundwork-download marker
	rm -rf app
	mkdir app
	cp marker app/.groundwork-download
	chown -R 10001 app
	for mode in 1777 777 775; do
		chmod "$mode" .
		status 111 gw plan
		contains "$out" "'$PWD/app' belongs to user 10001, who is neither root"
		status 111 gw apply
		contains "$err" "'$PWD/app' belongs to user 10001, who is neither root"
	done
	# Nor is the marker alone, in a directory of ours.
	chown 0 app
	chmod 1777 app
	chmod 755 .
	status 111 gw plan
	contains "$out" "'$PWD/app/.groundwork-download' belongs to user 10001"
	chown 0 app/.groundwork-download
	printf '\0more' >>app/.groundwork-download
	status 111 gw plan
	contains "$out" "'$PWD/app' was unpacked from another archive"
	printf 'owner = 10001\n' >>conf/10.ini
	chown -R 10001 app
	cp marker app/.groundwork-download
	chmod 1777 .
	status 0 gw plan
}

# What its owner puts into a volume is not what was verified, and never becomes root's.
root_a_directory_of_the_volumes_owner_is_not_given_away() {
	local owner
	packed
	status 0 gw apply
	mkdir -m 755 volume
	chmod 755 .
	mv app volume/app
	echo evil >volume/app/bin/evil
	chown -R 10001 volume
	sed -i 's,^path =.*,path = volume/app,' conf/10.ini
	# It is the user's anyway.
	for owner in '' 'owner = 10001'; do
		printf '[download:t]\n%s\n' "$owner" | drop_in 20.ini
		status 0 gw apply
		contains "$err" "= download:t"
	done
	for owner in 0 10002; do
		printf '[download:t]\nowner = %d\n' "$owner" | drop_in 20.ini
		status 111 gw plan
		contains "$out" "'$PWD/volume/app' belongs to user 10001, who is neither root nor user $owner, whom"
		status 111 gw apply
		equal 10001 "$(find volume -printf '%U\n' | sort -u)"
	done
	# Nor is one of a third user taken, which the owner has let in.
	chown -R 10003 volume/app
	drop_in 20.ini </dev/null
	status 111 gw apply
	contains "$err" "'$PWD/volume/app' belongs to user 10003, who is neither root nor user 10001, whom"
	# Root's own is given to whom it is to belong to.
	chown -R 0 volume/app
	printf '[download:t]\nowner = 10002\n' | drop_in 20.ini
	status 0 gw apply
	equal 10002 "$(find volume/app -printf '%U\n' | sort -u)"
}

# But what was fetched, which is right.
what_is_no_archive_leaves_nothing() {
	packed
	head -c 5000 /dev/urandom >files/t
	sed -i "s/^sha256.*/sha256 = $(sha256sum <files/t | cut -d' ' -f1)/" conf/10.ini
	status 111 gw apply
	contains "$err" "unpack '$PWD/app': "
	missing app
	equal ./.app.groundwork-partial "$(find . -name '*.groundwork-*')"
	mode .app.groundwork-partial 600 "$(id -u):$(id -g)"
	# It is what was asked for, so nothing is fetched again.
	status 111 gw apply
	equal 1 "$(requests)"
}

root_what_is_unpacked_belongs_to_the_application() {
	packed
	chmod 755 .
	printf '[app]\nuser = 10001\n' | drop_in 20.ini
	status 0 gw apply
	equal "10001 10001 10001" "$(stat -c %u app app/bin/run app/.hidden | xargs)"
}

# repacked: what is in pack/ is the archive, and the step's digest.
function repacked {
	tar -C pack -cf files/t app-1.0
	sed -i "s/^sha256.*/sha256 = $(sha256sum <files/t | cut -d' ' -f1)/" conf/10.ini
}

# refused TEXT: the archive is, and nothing of it is left.
function refused {
	repacked
	status 111 gw apply
	contains "$err" "what was made for '$PWD/app' has the $1"
	missing app
	equal ./.app.groundwork-partial "$(find . -name '*.groundwork-*')"
	rm -rf "pack/app-1.0/bin/it"
}

what_can_lead_out_of_the_directory_is_refused() {
	packed
	for target in ../.. missing/.. ../../app/bin ./../bin/../../x ../bin/.. /etc/passwd / "$PWD/ap" "$PWD/app/../x"; do
		ln -s "$target" pack/app-1.0/bin/it
		refused "link 'bin/it' to '$target', which can lead out of it"
	done
	for target in . .. ../bin .././bin/it ../missing missing/x "$PWD/app" "$PWD/app/bin"; do
		ln -s "$target" pack/app-1.0/bin/it
		repacked
		status 0 gw apply
		equal "$target" "$(readlink app/bin/it)"
		rm -r app pack/app-1.0/bin/it
	done
	# Further names of what is in it.
	ln pack/app-1.0/bin/run pack/app-1.0/bin/it
	repacked
	status 0 gw apply
	[[ app/bin/run -ef app/bin/it ]] || fail "it is no hard link"
}

what_is_no_file_is_refused() {
	packed
	touch pack/app-1.0/.groundwork-download
	repacked
	status 111 gw apply
	contains "$err" "unpack '$PWD/app': the archive has a '.groundwork-download' of its own"
	missing app
	rm pack/app-1.0/.groundwork-download
	mkfifo pack/app-1.0/bin/it
	refused "pipe 'bin/it': there may only be files, directories and links in it"
}

user_what_is_refused_leaves_nothing_however_deep_or_closed() {
	packed
	for what in deep closed; do
		python3 - "$what" <<-'END'
			import sys, tarfile
			with tarfile.open("files/t", "w") as archive:
			    def add(name, mode):
			        entry = tarfile.TarInfo("app-1.0/" + name)
			        entry.type, entry.mode = tarfile.DIRTYPE, mode
			        archive.addfile(entry)
			    if sys.argv[1] == "deep":
			        add("d/" * 400, 0o755)
			    else:
			        add("d", 0)
			        add("d/e", 0)
		END
		sed -i "s/^sha256.*/sha256 = $(sha256sum <files/t | cut -d' ' -f1)/" conf/10.ini
		status 111 gw apply
		contains "$err" "made for '$PWD/app'"
		missing app
		equal ./.app.groundwork-partial "$(find . -name '*.groundwork-*')"
	done
}

root_a_device_is_refused() {
	packed
	mknod pack/app-1.0/bin/it c 1 3 || skip "no devices can be made here"
	refused "device 'bin/it': there may only be files"
	# Who is not root cannot even make it.
	chmod 755 .
	printf '[app]\nuser = 10001\n' | drop_in 20.ini
	mknod pack/app-1.0/bin/it c 1 3
	repacked
	status 111 gw apply
	contains "$err" "unpack '$PWD/app': the archive has the device 'app-1.0/bin/it': there may only be files"
	missing app
	# The tar(1) of BusyBox says so, and ends well.
	mkdir bin
	cat >bin/tar <<-END
		#!/bin/sh
		$(command -v tar) "\$@" || true
	END
	chmod 755 bin/tar
	PATH=$PWD/bin:$PATH status 111 gw apply
	contains "$err" "the archive has the device 'app-1.0/bin/it'"
	missing app
}

# What was verified, and then not unpacked or published, crashed the next try.
what_is_fetched_is_tried_again_where_unpacking_fails() {
	for resume in yes no; do
		rm -rf app files/.requests
		packed
		printf '%s\n' '[download:t]' "resume = $resume" | drop_in 20.ini
		mkdir -p bin
		cat >bin/tar <<-END
			#!/bin/sh
			mkdir "$PWD/tried" 2>/dev/null && exit 75
			rmdir "$PWD/tried"
			exec $(command -v tar) "\$@"
		END
		chmod 755 bin/tar .
		PATH=$PWD/bin:$PATH status 0 gw apply
		contains "$err" "the command ended with status 75 and said nothing; trying again"
		equal text "$(<app/.hidden)"
		equal "$([[ $resume == yes ]] && echo 1 || echo 2)" "$(requests)"
	done
}

# Also where tar(1) keeps them, as that of BusyBox does for root.
what_is_unpacked_has_no_set_id_bits() {
	packed
	mkdir bin
	cat >bin/tar <<-END
		#!/bin/sh
		umask 0
		exec $(command -v tar) "\$@" -p
	END
	chmod 755 bin/tar .
	chmod 6755 pack/app-1.0/bin/run
	chmod 7775 pack/app-1.0/bin
	chmod 1777 pack/app-1.0 pack/app-1.0/empty
	repacked
	for path in "$PATH" "$PWD/bin:$PATH"; do
		PATH=$path status 0 gw apply
		equal '' "$(find app -perm /7000)"
		mode app/bin/run 755
		rm -r app
	done
	[[ $(id -u) == 0 ]] || return 0
	printf '[app]\nuser = 10001\n' | drop_in 20.ini
	PATH=$PWD/bin:$PATH status 0 gw apply
	equal '' "$(find app -perm /7000)"
	rm -r app
	# As any directory that is made in one with this bit.
	chmod 2755 .
	PATH=$PWD/bin:$PATH status 0 gw apply
	equal "$(find app -type d | sort)" "$(find app -perm /7000 | sort)"
	equal '' "$(find app -perm /5000)"
	status 0 gw plan
}

a_strip_beyond_the_archive_is_an_error() {
	packed
	sed -i 's/^strip.*/strip = 3/' conf/10.ini
	status 111 gw apply
	contains "$err" "unpack '$PWD/app': with strip = 3 nothing is left of the names in the archive"
	missing app
	head -c 10240 /dev/zero >files/t
	sed -i "s/^sha256.*/sha256 = $(sha256sum <files/t | cut -d' ' -f1)/; /^strip/d" conf/10.ini
	status 111 gw apply
	contains "$err" "unpack '$PWD/app': the archive is empty"
	missing app
}

# only PROGRAM…: a PATH with these alone.
function only {
	local program
	rm -rf only
	mkdir only
	for program in "$@"; do
		ln -s "$(command -v "$program")" only/
	done
}

without_tar_nothing_is_fetched() {
	packed
	only
	PATH=$PWD/only status 111 gw plan
	contains "$out" "unpack '$PWD/app': command 'tar' not found in PATH"
	PATH=$PWD/only status 111 gw apply
	contains "$err" "unpack '$PWD/app': command 'tar' not found in PATH"
	missing files/.requests
	# An earlier step may make it.
	drop_in 05.ini <<-'END'
		[link:tar]
		path = only/tar
		target = /bin/tar
		order = 1
	END
	PATH=$PWD/only status 0 gw plan
}

a_compression_without_its_program_is_warned_of() {
	packed -z
	mv files/t files/t.txz
	sed -i "s,^url.*,url = http://$at/t.txz," conf/10.ini
	only tar
	PATH=$PWD/only status 0 gw plan
	contains "$err" "[download:t] tar(1) may need the program 'xz' to unpack t.txz, and it is not found"
	# It may be called what it is not, and tar(1) may not need it.
	only tar gzip
	PATH=$PWD/only status 0 gw apply
	contains "$err" "may need the program 'xz'"
	PATH=$PWD/only status 0 gw apply
	lacks "$err" "may need"
}

what_is_plainly_no_archive_is_named() {
	packed
	while read -r bytes is; do
		# The escapes are the format's.
		# shellcheck disable=SC2059
		printf "$bytes and more" >files/t
		sed -i "s/^sha256.*/sha256 = $(sha256sum <files/t | cut -d' ' -f1)/" conf/10.ini
		status 111 gw apply
		contains "$err" "unpack '$PWD/app': what was fetched is $is, not one of tar(1)"
		missing app
	done <<-'END'
		PK\003\004 a ZIP archive
		PK\005\006 a ZIP archive
		7z\274\257\047\034 a 7-Zip archive
		Rar!\032\007 a RAR archive
		!<arch>\n an archive of ar(1), as a Debian package is
		\355\253\356\333 an RPM package
		\177ELF a program (ELF)
		<!doctype\040HTML> a page of HTML
		\357\273\277\n\t<HTML> a page of HTML
		<?xml a text of XML
	END
	: >files/t
	sed -i "s/^sha256.*/sha256 = $(sha256sum <files/t | cut -d' ' -f1)/" conf/10.ini
	status 111 gw apply
	contains "$err" "unpack '$PWD/app': "
	missing app
}

# watched: a tar(1) in front of the real one, which says who runs it and where.
function watched {
	mkdir bin
	cat >bin/tar <<-END
		#!/bin/sh
		echo "tar: \$(id -u):\$(id -g) \$*"
		exec $(command -v tar) "\$@"
	END
	chmod 755 bin/tar
	PATH=$PWD/bin:$PATH
}

# Nobody is named, so it belongs to the volume's owner, as any file there would.
root_what_is_unpacked_in_a_volume_belongs_to_its_owner() {
	packed
	watched
	chmod 755 .
	mkdir volume
	chown 10001:10002 volume
	sed -i 's,^path =.*,path = volume/sub/app,' conf/10.ini
	status 0 gw apply
	contains "$err" "tar: 10001:10002 -f - -x"
	contains "$err" "-C $PWD/volume/sub/.app.groundwork-"
	equal 10001:10002 "$(find volume -printf '%U:%G\n' | sort -u)"
	status 0 gw plan
}

root_an_owner_that_is_written_counts_for_more_than_the_volumes() {
	packed
	watched
	chmod 755 .
	mkdir volume
	chown 10001:10002 volume
	sed -i 's,^path =.*,path = volume/app\nowner = 0,' conf/10.ini
	printf '[app]\nuser = 10001\n' | drop_in 20.ini
	status 0 gw apply
	contains "$err" "tar: 0:0 -f - -x"
	lacks "$err" "-C $PWD/volume"
	equal 0:0 "$(find volume/app -printf '%U:%G\n' | sort -u)"
	status 0 gw plan
}

root_what_is_unpacked_has_the_group_of_the_step() {
	packed
	chmod 755 .
	for owner in '' 'owner = 0' 'owner = 10001'; do
		printf '%s\n' '[download:t]' 'group = 10002' "$owner" | drop_in 20.ini
		rm -rf app
		status 0 gw apply
		equal "${owner:+${owner#owner = }}:10002" "$(find app -printf "${owner:+%U}:%G\n" | sort -u)"
		status 0 gw plan
	done
}

# A kill at any moment leaves what the next start completes.
a_start_that_is_killed_is_completed_by_the_next() {
	serve
	step "url = http://$at/drip/f"
	for i in 1 2 3 4 5 6 7 8; do
		setsid "$GROUNDWORK" -c conf apply >/dev/null 2>&1 &
		sleep "0.0$i"
		kill -KILL -- -$! 2>/dev/null || true
		wait $! || true
	done
	status 0 gw apply
	fetched
}

root_what_a_kill_leaves_of_an_archive_is_removed_by_the_next_start() {
	local owner
	packed
	watched
	chmod 755 .
	mkdir volume tmp seen
	chown 10001:10001 volume
	chmod 777 seen
	sed -i 's,^exec .*,& \&\& touch seen/it; while [ -e hold ]; do sleep .02; done,; s,^exec ,,' bin/tar
	export TMPDIR=$PWD/tmp
	for owner in 10001 0; do
		printf '[download:t]\npath = volume/app\nowner = %d\n' "$owner" | drop_in 20.ini
		rm -rf volume/app
		touch hold
		for _ in 1 2; do
			rm -f seen/it
			setsid "$GROUNDWORK" -c conf apply >/dev/null 2>&1 &
			eventually test -e seen/it
			kill -KILL -- -$!
			wait $! || true
		done
		equal 1 "$(find volume tmp -name .hidden | wc -l)" "copies that were left"
		rm hold
		status 0 gw apply
		equal volume/app/.hidden "$(find volume tmp -name .hidden)"
		equal '' "$(find volume tmp -maxdepth 1 -name '*groundwork*')"
	done
}

# beside PROGRAM: a copy of groundwork in bin, with that as its program for the network.
function beside {
	[[ -e ${GROUNDWORK%/*}/groundwork-network ]] || skip "this build is one program"
	rm -rf bin
	mkdir bin
	cp "$GROUNDWORK" bin/groundwork
	cp "$(type -P "$1")" bin/groundwork-network
}

# Any user of that number can stop it.
a_process_for_the_network_that_reads_no_task_is_ended() {
	beside yes
	pem IP:127.0.0.1
	mkdir -p files
	touch files/f
	for _ in {1..900}; do cat only.pem; done >many.pem
	step 'url = https://127.0.0.1:1/f' 'retries = 0' "ca_file = $PWD/many.pem"
	status 111 timeout 10 bin/groundwork -c conf apply
	contains "$err" "the process for the network does not read its task"
}

# Nothing that another program says is an answer, nor that it says nothing.
another_program_in_its_place_reaches_nothing() {
	beside true
	printf '%s\n' '[wait:w]' 'url = tcp://127.0.0.1:1' 'timeout = 2s' | drop_in 10.ini
	status 111 bin/groundwork -c conf apply
	contains "$err" "last: the process that asked has ended without an answer"
}

root_what_a_server_sends_is_read_by_nobody() {
	serve
	step "url = http://$at/stall/f"
	background "$GROUNDWORK" -c conf apply
	eventually grep -qs stall files/.requests
	worker=$(pgrep -P "$pid")
	child=$(pgrep -P "$worker")
	grep -E '^(Uid|Gid|Groups|NoNewPrivs|CapPrm):' "/proc/$child/status" >rights
	contains rights "Uid:	65534	65534	65534	65534"
	contains rights "Gid:	65534	65534	65534	65534"
	matches rights '^Groups:\s*$'
	contains rights "NoNewPrivs:	1"
	equal "$child" "$(ps -o sid= -p "$child" | xargs)" "its session"
	contains rights "CapPrm:	0000000000000000"
}

what_asks_has_nothing_of_the_environment() {
	[[ -x $GROUNDWORK-network ]] || skip "it is no program of its own here"
	serve
	step "url = http://$at/stall/f"
	OF_THE_APPLICATION=hidden LD_LIBRARY_PATH=/nowhere background "$GROUNDWORK" -c conf apply
	eventually grep -qs stall files/.requests
	worker=$(pgrep -P "$pid")
	child=$(pgrep -P "$worker")
	[[ $EUID == 0 ]] || skip "who is not dumpable is root's to look at"
	# Sanitizers read theirs there.
	tr '\0' '\n' <"/proc/$child/environ" | grep -vE '^[AU]B?SAN_OPTIONS=' >environ
	equal "LD_LIBRARY_PATH=/nowhere" "$(<environ)" "what is left of the environment"
}

# Not even where the server has taken the process over that asks it.
root_what_asks_has_nothing_of_its_parents_memory() {
	serve
	step "url = http://$at/stall/f"
	TOKEN=a-secret-of-others background "$GROUNDWORK" -c conf apply
	eventually grep -qs stall files/.requests
	worker=$(pgrep -P "$pid")
	child=$(pgrep -P "$worker")
	cat >find.py <<-'END'
		import re, sys
		text, process = sys.argv[1].encode(), sys.argv[2]
		memory = open(f"/proc/{process}/mem", "rb", 0)
		for line in open(f"/proc/{process}/maps"):
		    low, high, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
		    low, high = int(low, 16), int(high, 16)
		    if "[v" in line or "r" not in rights or high - low > 1 << 30:
		        continue
		    memory.seek(low)
		    try:
		        if text in memory.read(high - low):
		            sys.exit(print("has it"))
		    except OSError:
		        pass
		print("has it not")
	END
	equal "has it" "$(python3 find.py a-secret-of-others "$worker")"
	equal "has it not" "$(python3 find.py a-secret-of-others "$child")"
	equal groundwork-network "$(tr '\0' ' ' <"/proc/$child/cmdline" | xargs)"
	equal '' "$(tr '\0' '\n' <"/proc/$child/environ" | grep -vE '^([a-z]+_proxy|[AU]B?SAN_OPTIONS)=' || true)"
}

# Whatever number it has: it may be a lock, a socket of others, or a file of secrets.
root_what_asks_has_no_descriptor_of_others() {
	serve
	step "url = http://$at/stall/f"
	echo secret >secret
	chmod 600 secret
	background "$GROUNDWORK" -c conf apply 3<>secret 4<>secret 5<>secret 9<>secret
	eventually grep -qs stall files/.requests
	worker=$(pgrep -P "$pid")
	child=$(pgrep -P "$worker")
	lacks <(ls -l "/proc/$child/fd") secret
}

# As in a container that may do nothing but become another user.
root_what_asks_ends_without_the_right_to_signal_others() {
	command -v setpriv >/dev/null || skip "no setpriv here"
	serve
	step "url = http://$at/stall/f" 'read_timeout = 100ms'
	printf '[bootstrap]\nretry_attempts = 1\n' | drop_in 20.ini
	status 111 setpriv --bounding-set=-kill --inh-caps=-kill "$GROUNDWORK" -c conf apply
	contains "$err" "nothing came for 100ms"
	# Nor where its parent was killed.
	rm files/.requests
	step "url = http://$at/stall/f"
	background setpriv --bounding-set=-kill --inh-caps=-kill "$GROUNDWORK" -c conf apply
	eventually grep -qs stall files/.requests
	worker=$(pgrep -P "$pid")
	child=$(pgrep -P "$worker")
	kill -KILL "$pid" "$worker"
	eventually test ! -e "/proc/$child"
}

without_the_program_for_the_network_it_is_named() {
	[[ -x ${GROUNDWORK%/*}/groundwork-network ]] || skip "this is one program"
	cp "$GROUNDWORK" alone
	serve
	step "url = http://$at/f"
	printf '[bootstrap]\nretry_attempts = 1\n' | drop_in 20.ini
	status 111 ./alone -c conf apply
	contains "$err" "conf/10.ini:3: [download:f]: open '$PWD/groundwork-network', the program for the network: No such file"
	# Whatever is there instead is not asked for long.
	printf '#!/bin/sh\necho other\n' >groundwork-network
	chmod +x groundwork-network
	status 111 ./alone -c conf apply
	contains "$err" "execute '$PWD/groundwork-network', the program for the network: No such file or directory; it is a script, or the loader that it names is missing"
}

# Why is what execve(2) says, of all that asks the network.
a_program_for_the_network_that_cannot_be_executed_is_said_to_be_that() {
	beside true
	mkdir files
	touch files/f
	step 'url = http://127.0.0.1:1/f' 'retries = 0'
	chmod 644 bin/groundwork-network
	status 111 bin/groundwork -c conf apply
	contains "$err" "conf/10.ini:3: [download:f]: execute '$PWD/bin/groundwork-network', the program for the network: Permission denied; give it the mode 0755"
	chmod 755 bin/groundwork-network
	printf '%s\n' '[wait:w]' 'url = tcp://127.0.0.1:1' | drop_in 10.ini
	exec 7>>bin/groundwork-network
	status 111 bin/groundwork -c conf apply
	exec 7>&-
	contains "$err" "[wait:w]: execute '$PWD/bin/groundwork-network', the program for the network: Text file busy; a process has it open for writing"
	echo nothing >bin/groundwork-network
	status 111 bin/groundwork -c conf apply
	contains "$err" "Exec format error; it is not a program for this system"
}

root_a_program_for_the_network_on_a_noexec_mount_is_said_to_be_that() {
	beside true
	needs_mounts
	mkdir files
	touch files/f
	step 'url = http://127.0.0.1:1/f' 'retries = 0'
	# shellcheck disable=SC2016 # the variables of the other shell
	status 111 unshare -m sh -c 'mount --bind "$1" "$1" && mount -o remount,bind,noexec "$1" && shift && exec "$@"' \
		sh bin/groundwork-network bin/groundwork -c conf apply
	contains "$err" "Permission denied; its file system is mounted noexec"
}

nothing_that_the_environment_names_is_loaded() {
	pem IP:127.0.0.1
	serve cert.pem
	step "url = https://$at/f" 'ca_file = ../only.pem'
	touch cnf
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 OPENSSL_CONF=$PWD/cnf SSLKEYLOGFILE=$PWD/keys \
		status 0 strace -f -o trace -e trace=openat,open "$GROUNDWORK" -c conf apply
	fetched
	missing keys
	lacks trace "$PWD/cnf"
	lacks trace openssl.cnf
	lacks trace ossl-modules
	lacks trace engines-
}

# Each piece of its head comes in time; the whole of it does not.
a_head_that_comes_slowly_is_no_silence() {
	serve
	step "url = http://$at/slowhead/f" 'read_timeout = 1s' 'retries = 0'
	status 0 gw apply
	fetched
	rm -r data
	step "url = http://$at/slowhead/f" 'read_timeout = 50ms' 'retries = 0'
	status 111 gw apply
	failed "http://$at/slowhead/f: nothing came for 50ms"
}

a_header_without_an_end_is_said_to_be_that() {
	serve
	step "url = http://$at/longheader/f" 'retries = 0'
	status 111 gw apply
	failed "http://$at/longheader/f: a header of the server is longer than 102400 bytes"
	step "url = http://$at/trailers/f" 'retries = 0'
	status 111 gw apply
	contains "$err" "http://$at/trailers/f: a header of the server is longer than 16384 bytes"
	missing data/f
	printf '%s\n' '[wait:w]' "url = http://$at/longheader/f" 'timeout = 2s' | drop_in 10.ini
	status 111 gw apply
	contains "$err" "last: a header of the server is longer than 102400 bytes"
}

# The link to the version before stays, as the manual has it.
a_version_that_cannot_be_fetched_leaves_the_one_before() {
	mkdir content files
	echo one >content/f
	tar -czf files/site-1.tar.gz -C content f
	serve
	drop_in 10.ini <<-END
		[download:site]
		url = http://$at/site-\${VERSION}.tar.gz
		sha256 = $(sha256sum files/site-1.tar.gz | cut -d' ' -f1)
		path = srv/site-\${VERSION}
		unpack = yes
		critical = no
		retries = 0
		[link:site]
		path = srv/site
		target = site-\${VERSION}
		replace = link
		requires = download:site
		order = 19
		[assert:site]
		that = path:srv/site/.groundwork-download
		message = no version of the site could be fetched
		order = 20
	END
	VERSION=2 status 111 gw apply
	contains "$err" "no version of the site could be fetched"
	VERSION=1 status 0 gw apply
	VERSION=2 status 0 gw apply
	contains "$err" "warning: conf/10.ini:1: [download:site]: cannot download"
	equal one "$(<srv/site/f)"
	sed -i 's/^critical.*/offline_ok = yes/' conf/10.ini
	VERSION=2 status 100 gw check
	contains "$err" "conf/10.ini:6: [download:site] offline_ok: is of a file, and not of what \`unpack\` makes; write \`critical = no\`"
}

# Who waited for what another start had begun removed what a third one had begun since.
# start_many COUNT: at once; all of them end well.
function start_many {
	local pid starts=()
	for ((i = 0; i < $1; i++)); do
		background "$GROUNDWORK" -c conf apply
		starts+=("$!")
	done
	for pid in "${starts[@]}"; do
		wait "$pid" || fail "a start failed"
	done
}

# One of them asks the server; the others see that it is there.
many_at_once_end_with_one_file() {
	serve
	step "url = http://$at/f"
	start_many 32
	fetched
	equal 1 "$(requests)"
	# The same where another file is there.
	head -c 200 files/f >data/f
	start_many 8
	fetched
	equal 2 "$(requests)"
	rm -r data
	step "url = http://$at/f" 'resume = no'
	start_many 6
	fetched
}

# It goes on with what the one before has fetched.
another_start_goes_on_where_one_is_ended() {
	serve
	step "url = http://$at/stall/f" 'read_timeout = 1h'
	background "$GROUNDWORK" -c conf apply
	local first=$! second
	eventually grep -q . data/.f.groundwork-partial
	step "url = http://$at/f"
	background "$GROUNDWORK" -c conf apply 2>log
	second=$!
	eventually grep -q "waiting for another start, which has fetched 0 KiB of '$PWD/data/f'" log
	kill -KILL "$first"
	wait "$second" || fail "$(<log)"
	fetched
	equal "/f bytes=1000- - -" "$(tail -n 1 files/.requests)"
}

# Who has it may be stuck, and nobody waits for longer than for a server.
a_start_that_is_stuck_keeps_no_other_from_its_file() {
	serve
	step "url = http://$at/stall/f" 'read_timeout = 1h'
	background "$GROUNDWORK" -c conf apply
	eventually grep -q . data/.f.groundwork-partial
	step "url = http://$at/f" 'read_timeout = 2s'
	status 0 gw apply
	cmp files/f data/f
	rm data/f
	step "url = http://$at/f" 'timeout = 3s'
	status 111 gw apply
	contains "$err" "it took longer than its timeout of 3.0s while another start was downloading '$PWD/data/f'"
}
