#!/bin/bash
# SPDX-License-Identifier: MIT
# Static analysis by clang-tidy, with the checks of .clang-tidy, two files at a time:
# tidy.sh [ROOT]. Of a function the analyzer looks at ANALYZED states, if not at all that it
# would: a third of them takes a third of the time.
set -euo pipefail
cd "${1:-${BASH_SOURCE[0]%/*}/../..}"

# One process a file: version 14 takes a va_list in the second file of a process for one that
# was never started. err.c defines what analyzer.h models.
analyze() {
	local model=(-include tests/lint/analyzer.h)
	[[ $1 != src/base/err.c && -e ${model[1]} ]] || model=()
	# The words are flags.
	# shellcheck disable=SC2086
	clang-tidy --quiet "$1" -- -std=c11 -D_GNU_SOURCE -Isrc $headers "${model[@]}" \
		-Xclang -analyzer-config -Xclang "max-nodes=${ANALYZED:-225000}" 2>/dev/null
}
export -f analyze

# Where headers are that lie in a directory of their own.
headers=$("${PKG_CONFIG:-pkg-config}" --cflags libpq 2>/dev/null || true)
export headers

# The inner shell's argument.
# shellcheck disable=SC2016
find src -name '*.c' -print0 | sort -z | xargs -0 -r -n 1 -P 2 bash -c 'analyze "$1"' analyze
