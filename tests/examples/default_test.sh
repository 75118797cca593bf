#!/bin/bash
# SPDX-License-Identifier: MIT
# The drop-ins of conf.d work for an application as they are, and do nothing unasked.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

they_are_valid() {
	status 0 "$GROUNDWORK" -c "$ROOT/conf.d" check
}

nothing_is_made_unasked() {
	status 7 "$GROUNDWORK" -c "$ROOT/conf.d" -- sh -c 'exit 7'
	equal "" "$(ls -A)" "the working directory"
	status 0 "$GROUNDWORK" -c "$ROOT/conf.d" plan --exit-code
}

a_data_directory_is_made_where_one_is_named() {
	DATA_DIR=$PWD/data status 7 "$GROUNDWORK" -c "$ROOT/conf.d" -- sh -c 'exit 7'
	mode data 755
}
