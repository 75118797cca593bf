#!/bin/bash
# SPDX-License-Identifier: MIT
# What a step costs where there are many: instructions of more and more steps, and times.
#
#	tests/bench/scale.sh [GROUNDWORK [FACTOR]]
#
# Instructions are counted with valgrind; of twice the steps it may be 2.15 times as much. Times
# are medians, on a tmpfs unless TMPDIR says otherwise.
# FACTOR multiplies the rounds (1). FULL=1 counts from 500 up to 10,000 steps instead of 2,000.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
factor=${2:-1}
top=$((${FULL:-0} ? 10000 : 2000))
steps=$PWD/tests/cli/many_steps.py
work=$(mktemp -d "${TMPDIR:-/dev/shm}/groundwork-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}"

. tests/bench/aims.bash
cd "$work"
# shellcheck disable=SC2016 # a variable of groundwork's
echo 'text of ${HOME}' >t.txt

many() { # SHAPE COUNT
	mkdir -p "$1-$2"
	cp t.txt "$1-$2"
	"$steps" "$1" "$2" >"$1-$2/10.ini"
}

# Of a start, as $counted: of the process that needs most. A count goes on behind a fork, and who
# is killed when its answer is there may print none.
instructions() {
	rm -f count.*
	valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
		--log-file=count.%p "$@" >/dev/null 2>&1
	counted=$(cat count.* | sed -n 's/.*I *refs: *//p' | tr -d , | sort -n | tail -n 1)
}

# For each subcommand: how much more it is of twice the steps, on the average of all doublings.
growth_rows() {
	local shape words fewer
	for shape in directories files keys chain fan templates references; do
		many "$shape" 500
		many "$shape" "$top"
		for words in check list plan cold warm; do
			[[ $words != cold ]] || rm -rf made
			instructions "$groundwork" -q -c "$shape-500" ${words/@(cold|warm)/apply}
			fewer=$counted
			[[ $words != cold ]] || rm -rf made
			instructions "$groundwork" -q -c "$shape-$top" ${words/@(cold|warm)/apply}
			most "$shape, $words, twice the steps" \
				"$(awk "BEGIN { print exp(log($counted / $fewer) / (log($top / 500) / log(2))) }")" 2.15 x || true
		done
		rm -rf made
	done
}

time_row() { # TITLE AIM COMMAND…: milliseconds
	local title=$1 aim=$2
	shift 2
	spawned $((5 * factor)) "$@"
	most "$title" "$((times[0] / 1000))e-3" "$aim" ms || true
}

time_rows() {
	many directories 10000
	many keys 10000
	time_row '10,000 steps, check' 80 "$groundwork" -q -c directories-10000 check
	"$groundwork" -q -c directories-10000 apply
	time_row '10,000 directories, nothing to do' 150 "$groundwork" -q -c directories-10000 apply
	mkdir keys
	"$groundwork" -q -C keys -c keys-10000 apply
	time_row '10,000 keys, nothing to do' 400 "$groundwork" -q -C keys -c keys-10000 apply
}

shopt -s extglob
part 'instructions'
growth_rows
part 'times'
time_rows
missed_aims
