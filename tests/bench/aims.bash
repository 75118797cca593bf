# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Measuring, and aims that are met or missed. What sources it has set `work`, a directory.

# shellcheck disable=SC2154 # as said
"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -o "$work/spawn" tests/bench/spawn.c
missed=0

# spawned ROUNDS COMMAND…: medians, in the array `times`.
# shellcheck disable=SC2034 # the caller's
spawned() {
	mapfile -t times < <("$work/spawn" "$@")
}

# row TITLE OURS BESIDE THEIRS MOST: nanoseconds; ours may be at most MOST of theirs.
row() {
	awk -v title="$1" -v ours="$2" -v name="$3" -v theirs="$4" -v most="$5" 'BEGIN {
		met = ours <= most * theirs
		printf "  %-44s %9.2f ms   %s %.2f ms   %.2f of it, aim %.2f: %s\n", title,
			ours / 1e6, name, theirs / 1e6, ours / theirs, most, met ? "met" : "MISSED"
		exit !met
	}' || { missed=$((missed + 1)) && return 1; }
}

# most TITLE FIGURE MOST UNIT: an aim that is a figure itself.
most() {
	awk -v title="$1" -v ours="$2" -v most="$3" -v unit="$4" 'BEGIN {
		printf "  %-44s %9.2f %s   aim %s %s: %s\n", title, ours, unit, most, unit,
			ours <= most ? "met" : "MISSED"
		exit ours > most
	}' || { missed=$((missed + 1)) && return 1; }
}

missed_aims() {
	printf '\naims that were missed: %d\n' "$missed"
}
