# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# Tests that are functions of one script, which run one after the other; to be sourced by it.
# It has the directory $work, and `fail`, which ends the test.

function expect { # WANT COMMAND…: its exit code
	local want=$1 got=0
	shift
	"$@" >"$work/out" 2>&1 || got=$?
	((got == want)) || {
		tail -n 30 "$work/out" | sed 's/^/    | /'
		fail "expected exit code $want, got $got: $*"
	}
}

function says { # TEXT: the last `expect` printed it
	grep -qF -e "$1" "$work/out" || {
		sed 's/^/    | /' "$work/out"
		fail "it does not say: $1"
	}
}

# run_tests WHAT TEST…: prints a line each, and the total. Fails where one has failed. Its
# variables would be seen by the tests in place of the script's: none has a name of theirs.
function run_tests {
	local run_what=$1 run_test run_passed=0 run_failed=0
	shift
	for run_test; do
		if ("$run_test"); then
			echo "ok      $run_test"
			run_passed=$((run_passed + 1))
		else
			echo "FAILED  $run_test"
			run_failed=$((run_failed + 1))
		fi
	done
	echo "$run_what: $run_passed passed, $run_failed failed, 0 skipped"
	((run_failed == 0))
}
