#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs every check of this directory, and says of each whether it holds. What two compilers say
# is checked by `make lint` before: a warning there is an error. figures.py checks nothing.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}"

failed=0
checks=(floors.py style.py format.sh words.py variables.py symbols.py scripts.sh tidy.sh
	mutants.sh order.sh selftest.sh)
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
declare -A running
for check in "${checks[@]}"; do
	"./$check" >"$output/$check" 2>&1 </dev/null &
	running[$check]=$!
done
for check in "${checks[@]}"; do
	if wait "${running[$check]}"; then
		echo "lint: ${check%.*}: ok"
	else
		echo "lint: ${check%.*}: FAILED"
		sed 's/^/  | /' "$output/$check"
		failed=1
	fi
done
exit "$failed"
