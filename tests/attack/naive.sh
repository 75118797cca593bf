#!/bin/bash
# SPDX-License-Identifier: MIT
# Replaces the program where the attacks themselves are tested: its configuration is a shell
# script, which does as root what it should not.
#
#	naive.sh [-q] -c CONFIGURATION WORD…
set -euo pipefail

[[ $1 != -q ]] || shift
case $2 in
fixtures/plain.ini)
	sqlite3 fixtures/plain.db 'PRAGMA journal_mode = wal; CREATE TABLE one(x)' >/dev/null
	;;
*)
	# shellcheck source=/dev/null
	. "$2"
	;;
esac
