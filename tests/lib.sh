# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What a black-box test is written with.
#
#	#!/bin/bash
#	# SPDX-License-Identifier: MIT
#	# How the working directory is chosen.
#	. "${BASH_SOURCE[0]%/*}/../lib.sh"
#
#	a_missing_directory_is_created() {
#		drop_in 10-data.ini <<-'END'
#			[directory:data]
#			path = data
#		END
#		status 0 "$GROUNDWORK" -c conf apply
#		contains "$err" "directory:data"
#		mode data 755
#	}
#
# Each function that is written `name() {` is a test; a helper is written `function name {`.
# tests/run runs a test in an empty directory of its own, as the user who runs the tests;
# user_… as an unprivileged user, root_… only as root, pid1_… only where process namespaces
# work. The first check that does not hold ends the test, and so does any command that fails.
# Run the script by itself to run its tests.
#
#	$GROUNDWORK	the binary under test
#	$ROOT		a copy of tests/, examples/, conf.d/ and README.md that every user can read
#	$out, $err	what the last `status` command printed
#
# The same tests run with the sanitizers. A program that is traced cannot look for leaks:
# where a test uses strace, it adds ":detect_leaks=0" to ASAN_OPTIONS.
set -Eeuo pipefail

if [[ -z ${TEST_DIR-} ]]; then
	script=$(realpath "$0")
	exec "${script%/*/*}/run" "${BUILD:-build/gcc}" "${script##*/tests/}*"
fi

out=$TEST_DIR/out
err=$TEST_DIR/err
last_command=

trap 'fail "exit code $? of: $BASH_COMMAND"' ERR
trap 'end_background' EXIT

# fail MESSAGE…: ends the test, and prints where, and the last command.
fail() {
	local frame=0
	while [[ ${BASH_SOURCE[frame]-} == */lib.sh ]]; do
		frame=$((frame + 1))
	done
	trap - ERR
	{
		echo "${BASH_SOURCE[frame]#"$ROOT"/}:${BASH_LINENO[frame - 1]}: $TEST_NAME: $*"
		if [[ -n $last_command ]]; then
			echo "    the last command was: $last_command"
			show "its standard output" "$out"
			show "its standard error" "$err"
		fi
	} >&2
	exit 1
}

# show TITLE FILE: its last lines, indented.
show() {
	[[ -s $2 ]] || return 0
	echo "    $1:"
	tail -n 20 "$2" | sed 's/^/    | /'
}

# skip REASON: the test cannot run here.
skip() {
	echo "$*" >"$TEST_DIR/skip"
	exit 77
}

# status CODE COMMAND…: runs it, with its output in $out and $err, and checks how it ended.
status() {
	local want=$1 got=0
	shift
	last_command=$*
	"$@" >"$out" 2>"$err" || got=$?
	[[ $got == "$want" ]] || fail "expected exit code $want, got $got"
}

# gw ARGUMENT…: the program, with the drop-ins of conf/ (drop_in).
gw() {
	"$GROUNDWORK" -c conf "$@"
}

# The checks below start no process where they hold: there are thousands of them.

# has FILE TEXT: whether it is somewhere in one of the lines. What is no file is read once.
function has {
	local IFS=$'\n' parts
	if [[ -f $1 && -r $1 && $2 != *$'\n'* ]]; then
		mapfile -d '' -t parts <"$1" # what NUL ends
		[[ "${parts[*]}" == *"$2"* ]]
	else
		grep -qF -e "$2" -- "$1"
	fi
}

# contains FILE TEXT: somewhere in one of its lines. lacks: nowhere.
contains() {
	has "$@" || fail "expected in ${1##*/}: $2$(quote_file "$1")"
}
lacks() {
	[[ -e $1 ]] || fail "no such file: $1"
	! has "$@" || fail "not expected in ${1##*/}: $2$(quote_file "$1")"
}

# contains_once FILE TEXT: in one of its lines, and only in one.
contains_once() {
	local count
	count=$(grep -cF -e "$2" -- "$1") || true
	[[ $count == 1 ]] ||
		fail "expected once in ${1##*/}, not $count times: $2$(quote_file "$1")"
}

# matches FILE REGEX: an extended regular expression, found in one of its lines.
matches() {
	local line lines=()
	[[ ! -f $1 || ! -r $1 ]] || mapfile -t lines <"$1"
	for line in "${lines[@]}"; do
		if [[ $line =~ $2 ]]; then
			return 0
		fi
	done
	grep -qE -e "$2" -- "$1" || fail "expected in ${1##*/}: /$2/$(quote_file "$1")"
}

# A file other than $out and $err, which are shown anyway.
quote_file() {
	[[ $1 == "$out" || $1 == "$err" ]] || { echo && show "it has" "$1"; }
}

# exists PATH…, missing PATH…: a link counts as such, wherever it leads.
exists() {
	local path
	for path in "$@"; do
		[[ -e $path || -L $path ]] || fail "expected to exist: $path"
	done
}
missing() {
	local path
	for path in "$@"; do
		[[ ! -e $path && ! -L $path ]] || fail "expected not to exist: $path"
	done
}

# empty PATH…: files and directories that exist and have nothing in them.
empty() {
	local path
	for path in "$@"; do
		[[ -n $(find "$path" -maxdepth 0 -empty 2>/dev/null) ]] ||
			fail "expected to exist and to be empty: $path"
	done
}

# mode PATH OCTAL [UID:GID]
mode() {
	equal "$2${3:+ $3}" "$(stat -c "%a${3:+ %u:%g}" -- "$1")" "mode of $1"
}

# equal EXPECTED GOT [WHAT]
equal() {
	[[ $1 == "$2" ]] ||
		fail "${3:+$3: }not what was expected"$'\n'"    expected: $1"$'\n'"    got:      $2"
}

# same FILE FILE: both have the same text, and some.
same() {
	[[ -s $1 ]] || fail "expected to exist and to have something in it: $1"
	equal "$(cat -- "$1")" "$(cat -- "$2")" "$2"
}

# drop_in NAME: standard input becomes conf/NAME.
drop_in() {
	local text
	[[ -d conf ]] || mkdir conf
	IFS= read -r -N 65536 text || true
	{
		printf %s "$text"
		((${#text} < 65536)) || cat
	} >"conf/$1"
}

# snapshot PATH…: a line for each object below it; the same twice means that nothing changed.
snapshot() {
	find "$@" -printf '%p %y %m %U:%G %i %s %T@ %C@ %l\n' | sort
}

# in_pid1 COMMAND…: as PID 1 of a process namespace that ends with it.
in_pid1() {
	[[ -n $TEST_PID1 ]] || skip "no process namespaces here"
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	$TEST_PID1 -- "$@"
}

# needs_mounts: skips the test where it cannot have mounts of its own.
needs_mounts() {
	unshare -m true 2>/dev/null || skip "no mount namespaces here"
}

# mounted SOURCE TARGET COMMAND…: where the one is mounted on the other.
mounted() {
	# shellcheck disable=SC2016 # the inner shell has its own arguments
	unshare -m sh -ec 'mount --bind "$1" "$2"; shift 2; exec "$@"' sh "$@"
}

# read_only DIRECTORY COMMAND…: where it is mounted so.
read_only() {
	# shellcheck disable=SC2016 # as above
	unshare -m sh -ec 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"
		! touch "$1/x" 2>/dev/null; shift; exec "$@"' sh "$@"
}

# background COMMAND…: $pid is its process id; it is killed at the end of the test.
background() {
	"$@" &
	# shellcheck disable=SC2034 # the test's
	pid=$!
}
# shellcheck disable=SC2317 # called by the trap
end_background() {
	local left
	[[ -n ${!:-} ]] || return 0
	left=$(jobs -p)
	# It may have ended already; the words are process ids.
	# shellcheck disable=SC2086
	[[ -z $left ]] || kill -KILL $left 2>/dev/null || true
}

# made_once NAME COMMAND…: $made is what the command makes, at its last argument, once for
# all tests of a run that have the same user.
function made_once {
	local lock
	made=$ROOT/shared/$1.$EUID
	if [[ ! -e $made.done ]]; then
		exec {lock}>"$made.lock"
		flock "$lock"
		[[ -e $made.done ]] || { "${@:2}" "$made" && : >"$made.done"; }
		exec {lock}>&-
	fi
}

# pause SECONDS: as sleep does, without a process. Nothing is ever written there.
pause() {
	! read -rt "$1" <>"$ROOT/silence"
}

# eventually COMMAND…: waits until it succeeds; the test's own timeout is generous.
eventually() {
	local try
	for ((try = 0; try < 1000; try++)); do
		! "$@" >/dev/null 2>&1 || return 0
		pause 0.02
	done
	fail "did not succeed in time: $*"
}
