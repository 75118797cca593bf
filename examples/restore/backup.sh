#!/bin/sh
# SPDX-License-Identifier: MIT
# Puts a copy of a database into the store, whole or not at all: backup.sh DATABASE
set -eu
name=$(date -u +%Y%m%dT%H%M%S).db
sqlite3 -readonly "$1" "VACUUM INTO '$STORE/.$name'"
mv "$STORE/.$name" "$STORE/$name"
