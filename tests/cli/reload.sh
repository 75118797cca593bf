# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What tests of `reload` share; to be sourced behind lib.sh.

# A volume as the kubelet makes it, and a file that is made of it.
volume() {
	mkdir -p volume/..0
	echo "begin 0 end" >volume/..0/t
	ln -s ..0 volume/..data
	ln -s ..data/t volume/t
}

# configured LINES…: the settings of [app], beside the file and `reload`.
configured() {
	volume
	drop_in 10.ini <<-'END'
		[file:made]
		path = made
		template = ../volume/t
		policy = manage
	END
	printf '%s\n' '[app]' 'reload = HUP' "$@" | drop_in 20.ini
}

# Has the clock of files gone on, so that nothing seems to have changed since the start?
ticked() {
	touch later
	[[ later -nt earlier ]]
}

# started [COMMAND…]: supervised, as $pid, by way of the command, and the application is up. The
# signal may come before it waits.
started() {
	touch earlier
	eventually ticked
	background "$@" env --default-signal --block-signal=HUP "$GROUNDWORK" -c conf --init \
		"$ROOT/tests/cli/reload_app.py" made heard 2>log
	eventually grep -q up heard
	# shellcheck disable=SC2154 # by background
	supervisor=$pid
}

started_as_pid1() {
	# The words of TEST_PID1 are a command and its options.
	# shellcheck disable=SC2086
	started $TEST_PID1 --
	supervisor=$(tr -d ' ' <"/proc/$pid/task/$pid/children")
}

hears() {
	eventually grep -qx "$1" heard
}

# ends [CODE]
ends() {
	local code=0
	kill -TERM "${supervisor-$pid}"
	wait "$pid" || code=$?
	equal "${1-143}" "$code" "exit code"
}

# exchange STATE: as the kubelet does it.
exchange() {
	mkdir "volume/..$1"
	echo "begin $1 end" >"volume/..$1/t"
	ln -s "..$1" volume/..tmp
	mv -T volume/..tmp volume/..data
}
