# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Measuring, and a table of what was measured, in Markdown, with aims that are met or missed.
# What measures, and sources it, has set `work`, a directory.

[[ -z ${work-} ]] || "${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -o "$work/spawn" tests/bench/spawn.c
missed=0 asides=() last=
declare -A spread # of a median, half of what lies between the quartiles

# spawned ROUNDS COMMAND…: medians, in the array `times`.
spawned() {
	local median half
	# shellcheck disable=SC2034 # the caller's
	times=()
	while read -r median half; do
		times+=("$median")
		spread[$median]=$half
	done < <("$work/spawn" "$@")
}

# The head of the table, unless the rows of many scripts are in one: what stands behind it is in
# the file BENCH_TABLE then.
table() {
	[[ -z ${BENCH_TABLE-} ]] || return 0
	printf '| %-48s | %-20s | %-26s | %-20s | %5s | %s |\n' what takes beside 'it takes' \
		ratio aim
	echo '|---|---:|---|---:|---:|---|'
}

# part TITLE: a row above those of one kind.
part() {
	cells "**$1**" '' '' '' '' ''
}

# cells TITLE OURS BESIDE THEIRS RATIO AIM
cells() {
	# shellcheck disable=SC2034 # for who writes an aside
	last=$1
	printf '| %-48s | %20s | %-26s | %20s | %5s | %s |\n' "$@"
}

# figure NANOSECONDS: in milliseconds, and how far it goes, where it was measured by itself.
figure() {
	awk -v ns="$1" -v half="${spread[$1]-}" 'BEGIN {
		printf "%.2f ms", ns / 1e6
		if (half != "" && ns > 0) printf " ± %.0f %%", 100 * half / ns
	}'
}

# row TITLE OURS BESIDE THEIRS [MOST]: nanoseconds; ours may be at most MOST of theirs.
row() {
	judge "$1" "$(figure "$2")" "$3" "$(figure "$4")" "$2" "$4" "${5-}"
}

# row_of UNIT TITLE OURS BESIDE THEIRS [MOST]: the same for another unit.
row_of() {
	judge "$2" "$3 $1" "$4" "$5 $1" "$3" "$5" "${6-}"
}

judge() { # TITLE OURS BESIDE THEIRS FIGURE FIGURE MOST
	local ratio verdict=
	ratio=$(awk -v a="$5" -v b="$6" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }')
	[[ -z $7 ]] || verdict=$(awk -v a="$5" -v b="$6" -v most="$7" 'BEGIN {
		printf "%s: %s", most, a <= most * b ? "met" : "MISSED"
	}')
	cells "$1" "$2" "$3" "$4" "$ratio" "$verdict"
	[[ $verdict != *MISSED ]] || { missed=$((missed + 1)) && return 1; }
}

# most TITLE FIGURE MOST UNIT: an aim that is a figure itself.
most() {
	local verdict
	verdict=$(awk -v ours="$2" -v most="$3" 'BEGIN { print ours <= most ? "met" : "MISSED" }')
	cells "$1" "$(printf '%.2f %s' "$2" "$4")" '' '' '' "$3 $4: $verdict"
	[[ $verdict == met ]] || { missed=$((missed + 1)) && return 1; }
}

# plain TITLE NANOSECONDS: beside nothing, without an aim.
plain() {
	cells "$1" "$(figure "$2")" '' '' '' ''
}

# aside LINE…: what stands behind the table.
aside() {
	asides+=("$@")
}

missed_aims() {
	if [[ -n ${BENCH_TABLE-} ]]; then
		((${#asides[@]} == 0)) || printf '%s\n' "${asides[@]}" >>"$BENCH_TABLE"
	else
		((${#asides[@]} == 0)) || printf '%s\n' '' "${asides[@]}"
		printf '\naims that were missed: %d\n' "$missed"
	fi
}

table
