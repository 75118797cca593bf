# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the tests of images are written with, besides tests/lib.sh: each has its real program
# of Debian, and conf.d, which does what the entrypoint of the public image of it does.
# shellcheck source=tests/lib.sh
. "${BASH_SOURCE[0]%/*}/../lib.sh"

image=$(realpath "${BASH_SOURCE[1]%/*}") # the directory of the test
export CONF=$image/conf.d
application_log=$TEST_DIR/application

# needs PROGRAM…: skips the test where one is not installed.
needs() {
	local program
	for program in "$@"; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

# start WORD…: as the image with these words behind its name; $pid is the application's.
start() {
	"$GROUNDWORK" -q -c "$CONF" -- "$@" >"$application_log" 2>&1 &
	pid=$!
}

# stop SIGNAL [CODE]: how the application ends on it.
stop() {
	local got=0
	kill -"$1" "$pid"
	wait "$pid" || got=$?
	[[ $got == "${2:-0}" ]] || fail "it ended with $got: $(tail -n 5 "$application_log")"
}

# owner_of_process PID: the real and the effective user.
owner_of_process() {
	awk '/^Uid:/ { print $2, $3 }' "/proc/$1/status"
}

# serving COMMAND…: waits until it succeeds; ends the test when the application has ended.
serving() {
	local try
	for ((try = 0; try < 1000; try++)); do
		! "$@" >/dev/null 2>&1 || return 0
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.02
	done
	fail "it does not serve ($*): $(tail -n 5 "$application_log")"
}

# start_read_only DIRECTORY[:1777]… -- WORD…: start where nothing else can be written; each is
# empty, and root's or, with that mode, everybody's.
start_read_only() {
	needs_mounts
	# The words are the inner shell's.
	# shellcheck disable=SC2016
	unshare -m sh -ec '
		while [ "$1" != -- ]; do
			mkdir -p "${1%:1777}"
			mode=755
			[ "$1" = "${1%:1777}" ] || mode=1777
			mount -t tmpfs -o mode=$mode tmpfs "${1%:1777}"
			shift
		done
		mount -o remount,bind,ro /
		for mounted in $(findmnt -rno TARGET -t tmpfs,overlay,ext4,xfs,btrfs -T "$PWD"); do
			mount -o remount,bind,ro "$mounted"
		done
		if touch /writes 2>/dev/null || touch writes 2>/dev/null; then exit 99; fi
		exec "$GROUNDWORK" -q -c "$CONF" "$@"' sh "$@" >"$application_log" 2>&1 &
	pid=$!
}

# inside COMMAND…: sees the mounts of the application.
inside() {
	nsenter -m -w -t "$pid" "$@"
}
