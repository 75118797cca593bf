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

# run_tests WHAT TEST…: prints a line each, and the total. Fails where one has failed.
function run_tests {
	local what=$1 name passed=0 failed=0
	shift
	for name; do
		if ("$name"); then
			echo "ok      $name"
			passed=$((passed + 1))
		else
			echo "FAILED  $name"
			failed=$((failed + 1))
		fi
	done
	echo "$what: $passed passed, $failed failed, 0 skipped"
	((failed == 0))
}
