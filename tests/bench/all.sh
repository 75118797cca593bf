#!/bin/bash
# SPDX-License-Identifier: MIT
# All that is measured, in one table; above it what it was measured on and when, behind it what
# is said of rows. FULL=1 does the larger work of each.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}/../.."

lines=$(mktemp)
trap 'rm -f "$lines" "$lines.table"' EXIT
model=$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)
echo "$(build/static/groundwork --version | head -n 1), $(date +%F): $(nproc) processors, ${model:-unknown};" \
	"$(uname -sr); load $(cut -d ' ' -f 1 /proc/loadavg). Medians, ± half of what lies between the quartiles."
echo
. tests/bench/aims.bash
export BENCH_TABLE=$lines
for script in tests/bench/*.sh; do
	[[ $script -ef $0 ]] || "$script"
done | tee "$lines.table"
echo
cat "$lines"
echo "aims that were missed: $(grep -c ': MISSED' "$lines.table")"
