#!/bin/bash
# SPDX-License-Identifier: MIT
# Every C file as clang-format writes it, with the tree's .clang-format: format.sh [ROOT]
# Where it would break a phrase, a string or a declarator, the line is to be rewritten.
set -euo pipefail
cd "${1:-${BASH_SOURCE[0]%/*}/../..}"

check() {
	clang-format --dry-run -Werror "$1" >/dev/null 2>&1 || {
		echo "$1: not as clang-format writes it"
		return 1
	}
}
export -f check

# The inner shell's argument.
# shellcheck disable=SC2016
find src tests -name '*.[ch]' -print0 | sort -z | xargs -0 -r -n 1 -P 2 bash -c 'check "$1"' check
