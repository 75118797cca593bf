#!/bin/bash
# SPDX-License-Identifier: MIT
# Directories with many files: each kind beside them, and those that go through them. `make
# hostile` has 500,000.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

COUNT=2000
[[ -z ${FULL-} ]] || COUNT=500000

function fill {
	python3 - "$COUNT" <<-'END'
		import os, sys
		os.mkdir("many")
		for i in range(int(sys.argv[1])):
		    os.close(os.open(f"many/{i}", os.O_CREAT | os.O_WRONLY))
	END
}

function count {
	find "$1" -mindepth 1 | wc -l
}

# timeout: 900
each_kind_works_beside_them() {
	fill
	drop_in 10.ini <<-'END'
		[directory:d]
		path = many/directory
		[link:l]
		path = many/link
		target = 1
		[key:k]
		path = many/key
		[file:f]
		path = many/file
		content = x
		policy = manage
		[database:b]
		path = many/db
		[exec:f]
		command = cp /dev/null {file}
		creates = many/made
		[exec:d]
		command = mkdir {dir}/made
		creates = many/made.d
		[absent:a]
		path = many/2
	END
	status 0 gw apply
	contains "$err" "7 made, 1 removed"
	status 0 gw apply
	contains "$err" "nothing to do, 8 in place"
	# What was made, with the directory in {dir}, for the one that was removed.
	equal "$((COUNT + 7))" "$(count many)"
}

# timeout: 900
root_each_is_given_to_its_owner() {
	fill
	printf '%s\n' '[directory:d]' 'path = many' 'recursive = full' 'owner = 10001' | drop_in 10.ini
	status 0 gw apply
	contains "$err" "(owner of $((COUNT + 1)) objects changed)"
	equal "" "$(find many ! -user 10001 -print -quit)"
	status 0 gw apply
	contains "$err" "nothing to do"
}

# timeout: 900
all_of_them_are_copied_and_removed() {
	fill
	printf '%s\n' '[directory:d]' 'path = copy' 'source = ../many' | drop_in 10.ini
	status 0 gw apply
	contains "$err" "copied $COUNT objects"
	equal "$COUNT" "$(count copy)"
	printf '%s\n' '[absent:a]' 'path = copy many' 'recursive = yes' | drop_in 10.ini
	status 0 gw apply
	missing copy many
}
