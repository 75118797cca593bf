#!/bin/bash
# SPDX-License-Identifier: MIT
# What it costs to start and supervise an application, beside other init programs.
#
#	tests/bench/proc.sh [GROUNDWORK [ROUNDS]]
#
# All are started in turn, round by round; a figure is the median. "adds" is the time over
# that of the bare command. The others are Debian's packages, but for su-exec, which Debian
# does not have; what is not installed is left out.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
rounds=${2:-1000}
dynamic=$PWD/build/groundwork
work=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-bench.XXXXXX")
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}"
idle_seconds=5
left=()

cleanup() {
	# It may have ended already.
	((${#left[@]} == 0)) || kill -KILL "${left[@]}" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

. tests/bench/aims.bash

cat >"$work/user.ini" <<-'END'
	[app]
	user = 65534
	group = 65534
END

# The programs that are compared: names, and the words in front of the command.
supervise=() become=() identity=()
declare -A words

contest() { # LIST NAME COMMAND…
	command -v "$3" >/dev/null || return 0
	local -n list=$1
	list+=("$2")
	words[$2]="${*:3}"
}

contest supervise "groundwork" "$groundwork" --init --
contest supervise "groundwork, dynamic" "$dynamic" --init --
contest supervise "tini" tini -s --
contest supervise "tini-static" tini-static -s --
contest supervise "dumb-init" dumb-init --
contest supervise "catatonit" catatonit --
contest become "become: groundwork" "$groundwork" --
contest become "become: groundwork, dynamic" "$dynamic" --
if ((EUID == 0)); then
	contest identity "user: groundwork" "$groundwork" -c "$work/user.ini" --
	contest identity "user: gosu" gosu 65534:65534
	contest identity "user: su-exec" su-exec 65534:65534
	contest identity "user: setpriv" setpriv --reuid 65534 --regid 65534 --clear-groups
	chmod 755 "$work"
fi
names=("${supervise[@]}" "${become[@]}" "${identity[@]}")

# ---- time ----

declare -A adds
bare=0

measure_time() {
	local name command=(true)
	for name in "${names[@]}"; do
		# The words are a command and its options.
		# shellcheck disable=SC2206
		command+=(";" ${words[$name]} true)
	done
	local index
	spawned "$rounds" "${command[@]}"
	((${#times[@]} == ${#names[@]} + 1)) || return 1
	bare=${times[0]}
	for index in "${!names[@]}"; do
		adds[${names[index]}]=$((times[index + 1] - bare))
	done
}

# ---- system calls: those of the first process, and of whatever it needs beside it ----

declare -A calls all_calls

count_calls() { # OPTIONS COMMAND…
	strace "-qqc$1" -o "$work/calls" "${@:2}" >/dev/null 2>&1
	# "100.00 SECONDS USECS CALLS [ERRORS] total"
	awk '$NF == "total" { print $4 }' "$work/calls"
}

measure_calls() {
	local name app command
	app=$(count_calls "" true)
	for name in "${names[@]}"; do
		read -ra command <<<"${words[$name]}"
		all_calls[$name]=$(($(count_calls f "${command[@]}" true) - app))
		calls[$name]=$(count_calls "" "${command[@]}" true)
	done
	# A program that becomes the command makes the command's calls, too.
	for name in "${become[@]}" "${identity[@]}"; do
		calls[$name]=$((calls[$name] - app))
	done
}

# ---- memory and wake-ups, while the application sleeps ----

declare -A dirty wakes

switches() { # PID
	awk '/ctxt_switches/ { sum += $2 } END { print sum }' "/proc/$1/status"
}

child_sleeps() { # PID
	local child
	child=$(cat "/proc/$1/task/$1/children") && [[ -n $child ]] &&
		[[ $(cat "/proc/${child%% *}/comm") == sleep ]]
}

measure_idle() {
	local name pid command before=() pids=() index
	for name in "${supervise[@]}"; do
		read -ra command <<<"${words[$name]}"
		"${command[@]}" sleep 1000 2>/dev/null &
		pid=$!
		left+=("$pid")
		pids+=("$pid")
		until child_sleeps "$pid" 2>/dev/null; do
			kill -0 "$pid"
			sleep 0.01
		done
	done
	sleep 1 # until what a start does afterwards is done
	for index in "${!pids[@]}"; do
		dirty[${supervise[index]}]=$(awk '/^Anonymous:/ { print $2 }' \
			"/proc/${pids[index]}/smaps_rollup")
		before+=("$(switches "${pids[index]}")")
	done
	sleep "$idle_seconds"
	for index in "${!pids[@]}"; do
		wakes[${supervise[index]}]=$(($(switches "${pids[index]}") - before[index]))
		kill "${pids[index]}"
	done
	wait 2>/dev/null || true
	left=()
}

# ---- the table ----

times_rows() { # REFERENCE NAME…
	local name
	for name in "${@:2}"; do
		if [[ $name == "$1" || -z ${adds[$1]-} ]]; then
			plain "$name adds" "${adds[$name]}"
		else
			row "$name adds" "${adds[$name]}" "$1" "${adds[$1]}" "${aims[$name]-}" || true
		fi
	done
}

idle_rows() {
	local name
	for name in "${supervise[@]}"; do
		[[ $name == tini || -z ${dirty[tini]-} ]] || row_of kB "$name, private memory" \
			"${dirty[$name]}" tini "${dirty[tini]}" "${idle_aims[$name]-}" || true
	done
	most 'wake-ups while idle' "${wakes[groundwork]}" 0 "in $idle_seconds s" || true
}

calls_rows() {
	local name
	for name in "${names[@]}"; do
		cells "$name, system calls" "${calls[$name]}" 'with what is beside it' \
			"${all_calls[$name]}" '' ''
	done
}

measure_time
measure_calls
measure_idle

declare -A aims=([groundwork]=0.45 ["user: groundwork"]=0.3) idle_aims=([groundwork]=0.4)
plain 'true alone' "$bare"
times_rows tini "${supervise[@]}"
times_rows "user: gosu" "${become[@]}" "${identity[@]}"
[[ -z ${adds["user: su-exec"]-} ]] || row 'user: groundwork adds' "${adds["user: groundwork"]}" \
	'user: su-exec' "${adds["user: su-exec"]}" 1 || true
idle_rows
calls_rows
missed_aims
