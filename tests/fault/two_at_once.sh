# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Many jobs, two of them at a time; to be sourced.

# two_at_once FUNCTION JOB…: FUNCTION JOB for each. Fails where one has failed.
function two_at_once {
	local run=$1 job failed=0 running=0
	shift
	for job; do
		if ((running == 2)); then
			wait -n || failed=1
			running=$((running - 1))
		fi
		"$run" "$job" &
		running=$((running + 1))
	done
	while ((running--)); do
		wait -n || failed=1
	done
	return "$failed"
}
