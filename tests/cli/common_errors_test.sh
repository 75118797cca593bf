#!/bin/bash
# SPDX-License-Identifier: MIT
# What people get wrong, and the words that help them: the table of common_errors.txt.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# judge CODE ARGUMENT…: what stands in ini and words; nothing is touched.
function judge {
	local code=$1 text
	shift
	printf '%s\n' "${ini[@]}" >conf/a.ini
	# shellcheck disable=SC2068 # an argument may be quoted in the table
	status "$code" env -u MODE -u NOPE PATH=/usr/bin:/bin \
		GROUNDWORK_ENABLED= "$GROUNDWORK" -c conf "$@"
	cat "$out" "$err" >said
	for text in "${words[@]}"; do
		contains said "$text"
	done
	for text in "${absent[@]}"; do
		lacks said "$text"
	done
	rm said
	equal conf "$(ls -A)"
	equal a.ini "$(ls -A conf)"
	count=$((count + 1))
}

# errors PART LEAST: that part of the table has so many at least, and each is reported.
function errors {
	local part=$1 least=$2 line in='' count=0 ini=() words=() absent=() command=()
	mkdir conf
	while IFS= read -r line || [[ -n $line ]]; do
		case $line in
		"== $part") in=yes ;;
		'== '*) in= ;;
		'$ '*) read -ra command <<<"${line#\$ }" ;;
		'| '*) words+=("${line#| }") ;;
		'! '*) absent+=("${line#! }") ;;
		'')
			if [[ $in && ${#command[@]} -gt 0 ]]; then
				judge "${command[@]}"
			fi
			ini=() words=() absent=() command=()
			;;
		*) ini+=("$line") ;;
		esac
	done < <(cat "$ROOT/tests/cli/common_errors.txt" && echo)
	((count >= least)) || fail "$part: only $count errors"
}

names_that_are_misspelt() { errors names 12; }
lines_in_the_form_of_other_formats() { errors lines 14; }
values_of_another_type() { errors types 17; }
paths_and_files() { errors paths 10; }
orders_and_requirements() { errors order 8; }
conditions() { errors conditions 11; }
commands_of_steps() { errors commands 8; }
what_is_written_for_other_programs() { errors 'other formats' 15; }
what_is_typed() { errors typed 15; }
downloads_certificates_and_waits() { errors 'downloads, certificates and waits' 12; }

every_part_of_the_table_is_judged() {
	local part
	while IFS= read -r part; do
		matches "$ROOT/tests/cli/common_errors_test.sh" "^[a-z_]*\\(\\) \\{ errors '?$part'? [0-9]"
	done < <(sed -n 's/^== //p' "$ROOT/tests/cli/common_errors.txt")
}
