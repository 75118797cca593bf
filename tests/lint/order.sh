#!/bin/bash
# SPDX-License-Identifier: MIT
# The files of src/start_order.txt exist, and each is named once: order.sh [ROOT]
cd "${1:-${BASH_SOURCE[0]%/*}/../..}" || exit 2
failed=0
mapfile -t names < <(grep -vxe '#.*' -e '-lc' src/start_order.txt)
for name in "${names[@]}"; do
	[[ -e src/$name.c ]] || { echo "src/start_order.txt: src/$name.c is missing" && failed=1; }
done
printf '%s\n' "${names[@]}" | sort | uniq -d | grep . && failed=1
exit "$failed"
