#!/bin/bash
# SPDX-License-Identifier: MIT
# A second name of root's file in a directory of another user's, where hard links are not
# protected (fs.protected_hardlinks): also where it is gone before links can be counted.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

owner=1000

# volume: the directory v of $owner, and a file of root's that is not in it.
function volume {
	chmod 755 .
	mkdir v
	chown "$owner:$owner" v
	echo 0123456789abcdef0123456789abcdef >secret
	chmod 600 secret
	stat -c '%u:%g %a %s %Y' secret >before
}

function secret_is_as_it_was {
	equal "$(cat before)" "$(stat -c '%u:%g %a %s %Y' secret)" "the file of root's"
	! grep -rqF 0123456789abcdef v || fail "what is in it is in the volume"
	lacks "$out" 0123456789abcdef
	lacks "$err" 0123456789abcdef
}

# at MOMENT N SCRIPT CODE: an apply to whom this happens.
function at {
	local act=${GROUNDWORK%/*}/act_before
	[[ -x $act ]] || skip "act_before was not built"
	"$act" open:none 0 true true 2>"$err" || skip "no ptrace here: $(tail -n 1 "$err")"
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" \
		status "$4" "$act" "$1" "$2" "$3" "$GROUNDWORK" -c conf apply
}

root_a_link_that_is_gone_when_links_are_counted_is_not_read() {
	volume
	printf '%s\n' '[key:k]' 'path = v/k' 'validate = no' | drop_in 10.ini
	ln secret v/k
	at stat:k 1 'rm v/k' 111
	contains "$err" "'$PWD/v/k': unsafe path"
	secret_is_as_it_was
}

root_a_link_that_is_gone_when_links_are_counted_is_not_given_away() {
	volume
	printf '%s\n' '[file:t]' 'path = v/t' "owner = $owner" 'mode = 0644' | drop_in 10.ini
	ln secret v/t
	at stat:t 1 'rm v/t' 111
	contains "$err" "'$PWD/v/t' is not changed: another process links or removes it"
	secret_is_as_it_was
}

root_a_link_that_is_put_there_meanwhile_is_passed_over_in_a_tree() {
	volume
	printf '%s\n' '[directory:v]' 'path = v' "owner = $owner" 'recursive = full' |
		drop_in 10.ini
	touch v/t v/other
	at open:t 1 'rm v/t && ln secret v/t' 0
	rm v/t
	equal "$owner" "$(stat -c %u v/other)"
	secret_is_as_it_was
}

# As the command's user, who may go on with what it left.
root_what_a_command_leaves_is_not_copied_while_its_links_change() {
	volume
	mkdir -m 755 private
	printf '%s\n' '[exec:e]' 'command = tee {file}' \
		'creates = private/made' "user = $owner" | drop_in 10.ini
	# The script's own.
	# shellcheck disable=SC2016
	at 'stat:.made.*' 1 'mv "$FILE" "$FILE-"' 111
	contains "$err" "what was made for '$PWD/private/made' is linked or removed at this moment"
	missing private/made
	status 0 "$GROUNDWORK" -c conf apply
	exists private/made
}

root_a_file_in_use_is_changed_all_the_same() {
	volume
	printf '%s\n' '[directory:v]' 'path = v' "owner = $owner" 'recursive = full' \
		'[file:t]' 'path = v/t' "owner = $owner" 'mode = 0644' | drop_in 10.ini
	touch v/t v/other
	status 0 "$GROUNDWORK" -c conf apply
	mode v/t 644 "$owner:0"
	mode v/other 644 "$owner:0"
}
