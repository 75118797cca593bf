#!/bin/bash
# SPDX-License-Identifier: MIT
# What cannot be executed, and what is said of it; supervised or not, the code is the same.

. "${BASH_SOURCE[0]%/*}/../lib.sh"

# refused CODE TEXT COMMAND…: with its exit code, however it is started.
function refused {
	local way
	mkdir -p conf
	for way in --init --no-init; do
		status "$1" "$GROUNDWORK" -q -c conf "$way" "${@:3}"
		contains "$err" "$2"
		equal 1 "$(wc -l <"$err")" "lines of it"
	done
	[[ -n $TEST_PID1 ]] || return 0
	status "$1" in_pid1 "$GROUNDWORK" -q -c conf "${@:3}"
	contains "$err" "$2"
}

function program {
	cat >"$1"
	chmod "${2:-755}" "$1"
}

# A copy of a real program with some of its bytes changed: changed NAME [OFFSET BYTES]…
function changed {
	cp "$(readlink -f "$(command -v sleep)")" "$1"
	local file=$1
	shift
	while (($#)); do
		printf '%b' "$2" | dd of="$file" bs=1 seek="$1" conv=notrunc status=none
		shift 2
	done
}

# As with any other init: a file of the caller's by number, also as the command itself. Helpers have none.
descriptors_of_the_caller_are_the_applications() {
	local way number
	drop_in 10.ini <<-'END'
		[exec:helper]
		command = sh -c 'for n in 3 4 9 57; do ! test -e /dev/fd/$n; done'
	END
	program script <<-'END'
		#!/bin/sh
		echo "by number: $1"
	END
	echo text >file
	for way in --init --no-init pid1 exec; do
		local start=("$GROUNDWORK" -q -c conf "$way")
		[[ $way != pid1 ]] || start=(in_pid1 "$GROUNDWORK" -q -c conf run)
		[[ $way != pid1 || -n $TEST_PID1 ]] || continue
		for number in 3 4 9 57; do
			eval "status 0 \"\${start[@]}\" cat /dev/fd/$number $number<file"
			contains "$out" text
			eval "status 0 \"\${start[@]}\" /dev/fd/$number $way $number<script"
			contains "$out" "by number: $way"
		done
		status 0 "${start[@]}" cat /dev/fd/3 /dev/fd/4 3< <(echo one) 4< <(echo two)
		equal "one two" "$(paste -sd ' ' "$out")"
	done
}

what_is_not_there() {
	refused 127 "'no-such-command' not found in PATH" no-such-command
	refused 127 "'./gone' not found" ./gone
	refused 127 "command is empty" ""
}

a_missing_interpreter_is_named() {
	program script <<<'#!/no/such/interpreter -x'
	refused 126 "script './script': its interpreter '/no/such/interpreter' does not exist" ./script
}

windows_line_ends_are_shown() {
	printf '#!/bin/sh\r\necho x\r\n' | program script
	refused 126 "its interpreter '/bin/sh\\r' does not exist" ./script
	contains "$err" "Windows line ends"
}

a_script_without_a_first_line_is_no_script() {
	program script <<<'echo x'
	refused 126 "'./script' has no '#!' line" ./script
}

an_empty_file() {
	program script </dev/null
	refused 126 "'./script' is empty" ./script
}

no_execute_bit() {
	program script 644 <<<'#!/bin/sh'
	refused 126 "'./script' has no execute bit (its mode is 0644): chmod +x it" ./script
}

a_directory() {
	mkdir directory
	refused 126 "'./directory' is a directory" ./directory
}

root_a_noexec_mount() {
	mkdir mounted
	mount -t tmpfs -o noexec none mounted 2>/dev/null || skip "no mounts here"
	program mounted/script <<<'#!/bin/sh'
	local code=0
	(refused 126 "lies on a file system that is mounted noexec" ./mounted/script) || code=$?
	umount mounted
	return "$code"
}

# e_machine is at byte 18 of an ELF file's head.
another_architecture() {
	changed other 18 '\x16\x00'
	refused 126 "'./other' is a binary for another architecture (s390" ./other
}

a_truncated_binary() {
	changed whole
	head -c 5000 whole | program cut
	refused 126 "'./cut' is a truncated binary: it has 5000 bytes of at least" ./cut
}

a_missing_loader() {
	changed whole
	sed 's|/lib64/ld-linux-x86-64.so.2|/lib64/ld-nowhere-86-64.so.2|; s|/lib/ld-linux-aarch64.so.1|/lib/ld-nowhere-arch64.so.1|' \
		whole | program lost
	! cmp -s whole lost || skip "an unknown loader here"
	refused 126 "'./lost' needs the loader '/lib" ./lost
	contains "$err" "which does not exist"
}

# The PATH that is searched is the application's, in order; what is blocked is passed over.
the_search_goes_on_behind_what_may_not_be_executed() {
	mkdir a b conf
	program a/tool 644 <<<'#!/bin/sh'
	program b/tool <<-'END'
		#!/bin/sh
		echo b
	END
	status 0 env PATH="$PWD/a:$PWD/b:$PATH" "$GROUNDWORK" -q -c conf tool
	equal b "$(cat "$out")"
	rm b/tool
	PATH=$PWD/a:$PATH refused 126 "'$PWD/a/tool' has no execute bit" tool
}

root_in_an_empty_root_the_loader_is_what_is_missing() {
	mkdir -p root/bin conf
	changed root/bin/tool
	cp "$GROUNDWORK" root/groundwork
	status 0 "$GROUNDWORK" --version
	chroot root /groundwork --version >/dev/null 2>&1 || skip "this build needs its libraries"
	mkdir root/conf
	status 126 chroot root /groundwork -q -c /conf /bin/tool
	contains "$err" "needs the loader"
}

# A seccomp filter that knows no memfd_create, or a kernel that has none.
root_without_memfds_everything_is_as_with_them() {
	[[ -n $(command -v strace) ]] || skip "no strace here"
	local error init
	drop_in 10.ini <<-'END'
		[exec:e]
		command = sh -c 'echo "message=it was reported" >"$GROUNDWORK_RESULT"'
		user = 10001
		[app]
		user = 10001
	END
	for error in EPERM ENOSYS; do
		for init in --init --no-init; do
			ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 status 3 strace -f -o trace \
				-e trace=memfd_create -e inject=memfd_create:error="$error" \
				"$GROUNDWORK" -c conf "$init" sh -c 'id -u; exit 3'
			equal 10001 "$(cat "$out")"
			contains "$err" "it was reported"
		done
	done
}
