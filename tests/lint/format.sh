#!/bin/bash
# SPDX-License-Identifier: MIT
# Every C file as clang-format writes it, with the tree's .clang-format: format.sh [ROOT]
# Where it would break a phrase, a string or a declarator, the line is to be rewritten.
set -euo pipefail
cd "${1:-${BASH_SOURCE[0]%/*}/../..}"

find src tests -name '*.[ch]' -print0 | sort -z |
	xargs -0 -r -n 50 -P 2 clang-format --dry-run -Werror 2>&1 |
	sed -nE 's/:[0-9]+:[0-9]+: error: .*/: not as clang-format writes it/p' | sort -u
