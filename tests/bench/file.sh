#!/bin/bash
# SPDX-License-Identifier: MIT
# What it costs to make files, templates and keys and to find them in place, beside cp, cmp
# and envsubst.
#
#	tests/bench/file.sh [GROUNDWORK [FACTOR]]
#
# On a tmpfs, unless TMPDIR says otherwise: what is compared is our work, not a disk's. All
# are started in turn, round by round; a figure is the median. FACTOR multiplies the rounds
# (1). FULL=1 copies 1 GiB instead of 128 MiB.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

groundwork=$(realpath "${1:-build/static/groundwork}")
factor=${2:-1}
FULL=${FULL:-0}
work=$(mktemp -d "${TMPDIR:-/dev/shm}/groundwork-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
unset "${!GROUNDWORK_@}"

. tests/bench/aims.bash
cd "$work"

apply() { # NAME: the words of a start, in the array `start`
	start=("$groundwork" -q -c "$1.ini" apply)
}

# ---- many files in one directory ----

many_files() { # COUNT: its time, in `cold` and `warm`
	mkdir "from-$1"
	seq "$1" | (cd "from-$1" && split -l 1 -a 5 -d - file-)
	printf '[file:all]\npath = to-%s\nsource = from-%s\n' "$1" "$1" >"many-$1.ini"
	apply "many-$1"
	spawned $((3 * factor)) rm -rf "to-$1" ';' "${start[@]}" ';' "${start[@]}"
	cold=${times[1]} warm=${times[2]}
}

many_rows() {
	local fewer
	many_files 1000
	fewer=$cold
	many_files 10000
	most '10,000 files in one directory, cold' "$((cold / 1000))e-3" 1500 ms || true
	row '  linear' "$cold" 'ten times 1,000' $((10 * fewer)) 1.25 || true
	plain '  nothing to do' "$warm"
}

# ---- templates ----

# Lines of a format, every fourth with one of 20 variables, up to 4 KiB; 1,000 of them.
templates() { # NAME FIRST LINE LAST
	mkdir "$1"
	awk -v dir="$1" -v first="$2" -v line="$3" -v last="$4" 'BEGIN {
		for (file = 0; file < 1000; file++) {
			text = first
			path = dir "/" file "." dir
			for (n = 0; length(text) < 4096 - length(last); n++) {
				value = "${VALUE_" n / 4 "}"
				if (n % 4 || n >= 80)
					value = "some value of text " (file * 7 + n) % 1000
				text = text sprintf(line "\n", n, value)
			}
			printf "%s%s", text, last >path
			close(path)
		}
	}'
	printf '[file:all]\npath = made-%s\ntemplate = %s\npolicy = manage\n' "$1" "$1" >"$1.ini"
}

template_rows() {
	local name number
	for ((number = 0; number < 20; number++)); do
		export "VALUE_$number=the value of number $number"
	done
	templates txt '' 'key%d = %s, and more of the text' ''
	templates json $'{\n' '"key%d": "%s, and more of the text",' $'"end": 1\n}\n'
	templates yaml '' 'key%d: "%s, and more of the text"' ''
	templates sh '' 'key%d="%s, and more of the text"' ''
	templates xml $'<r>\n' '<key%d a="%s">and more of the text</key>' $'</r>\n'
	# shellcheck disable=SC2016 # a variable of PHP
	templates php $'<?php\n' '$key%d = "%s, and more of the text";' ''
	templates js '' 'key%d = "%s, and more of the text";' ''
	templates lua '' 'key%d = "%s, and more of the text"' ''
	for name in txt json yaml sh xml php js lua; do
		apply "$name"
		"${start[@]}"
		cat "$name"/* >joined
		spawned $((9 * factor)) sh -c 'envsubst <joined' ';' "${start[@]}"
		row "1,000 templates, $name, nothing to do" "${times[1]}" envsubst "${times[0]}" 1 ||
			true
	done
}

# ---- large sources ----

source_rows() {
	local size
	head -c 16777216 /dev/urandom >big
	printf '[file:big]\npath = copy\nsource = big\npolicy = manage\n' >source.ini
	apply source
	spawned $((9 * factor)) rm -f copy ';' "${start[@]}" ';' "${start[@]}" ';' cmp big copy ';' \
		rm -f copy ';' cp big copy ';' sync copy
	row 'source of 16 MiB, cold' "${times[1]}" 'cp and sync' $((times[5] + times[6])) 1.3 || true
	row '  nothing to do' "${times[2]}" cmp "${times[3]}" 1.3 || true
	size=$((FULL ? 1024 : 128))
	for ((; size > 0; size -= 16)); do cat big; done >huge
	mv huge big
	spawned -m 1 rm -f copy ';' "${start[@]}" ';' "${start[@]}"
	most '  larger, peak of memory, cold' "$((times[1] * 10 / 1024))e-1" 4 MiB || true
	most '  larger, peak of memory, nothing to do' "$((times[2] * 10 / 1024))e-1" 4 MiB || true
}

# ---- secrets: what is logged is searched for each of them ----

keys() { # COUNT: its time, in `warm`
	local number
	for ((number = 0; number < $1; number++)); do
		printf '[key:k%d]\npath = keys-%d/%d\n' "$number" "$1" "$number"
	done >"keys-$1.ini"
	"$groundwork" -q -c "keys-$1.ini" apply
	spawned $((5 * factor)) "$groundwork" -c "keys-$1.ini" apply
	warm=${times[0]}
}

key_rows() {
	local fewer
	keys 1000
	fewer=$warm
	keys 4000
	row '4,000 keys, nothing to do' "$warm" 'four times 1,000' $((4 * fewer)) 1.5 || true
}

part 'many files'
many_rows
part '1,000 templates of 4 KiB with 20 variables, beside one envsubst on the joined text'
template_rows
part 'large sources'
source_rows
part 'secrets'
key_rows
missed_aims
