#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `secret`: decrypted whole or not at all, and shown to nobody.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

FILES=$ROOT/tests/age/files
TEXT='correct horse battery staple'

# one_secret NAME [KEY=VALUE…]: a step with this one of FILES as its source.
function one_secret {
	local name=$1
	shift
	mkdir -p conf
	cp "$FILES/$name" conf/x.age
	install -m 600 "$FILES/identity.txt" conf/identity.txt
	{
		printf '[secret:x]\nsource = x.age\nidentity = identity.txt\n'
		[[ $# == 0 ]] || printf '%s\n' "$@"
	} | drop_in 10.ini
}

# refused CODE TEXT: nothing is published, and the application does not start.
function refused {
	status "$1" gw --report r sh -c 'touch started'
	contains "$err" "$2"
	lacks "$err" "$TEXT"
	lacks r "$TEXT"
	missing started out
}

a_secret_goes_into_a_file_and_a_variable() {
	one_secret text.asc 'path = out' 'env = PASSWORD'
	umask 000
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 gw -v --report r sh -c 'echo "<$PASSWORD>"'
	equal "<$TEXT>" "$(cat "$out")"
	equal "$TEXT" "$(cat out)"
	mode out 600
	lacks "$err" "$TEXT"
	lacks r "$TEXT"
	snapshot . >"$TEST_DIR/before"
	status 0 gw apply
	contains "$err" "1 in place"
	equal "" "$(snapshot . | diff "$TEST_DIR/before" -)" "what was touched"
}

a_secret_stands_for_itself_in_texts() {
	one_secret text.asc
	drop_in 20.ini <<-'END'
		[file:f]
		path = f
		content = password = ${secret:x}
	END
	status 0 gw plan
	contains "$out" "secret:x"
	lacks "$out" "$TEXT"
	status 0 gw apply
	equal "password = $TEXT" "$(cat f)"
	mode f 600
}

a_secret_of_several_lines_is_redacted_line_by_line() {
	one_secret lines.asc 'env = LINES'
	drop_in 20.ini <<-'END'
		[exec:show]
		command = sh -c 'echo "the first is $LINES" | cat; exit 3'
		env = LINES
	END
	status 111 gw apply
	contains "$err" "the first is ***"
	lacks "$err" "line one of the secret"
	lacks "$err" "line two of the secret"
}

no_helper_gets_a_secret_that_it_was_not_given() {
	one_secret text.asc 'env = PASSWORD'
	drop_in 20.ini <<-'END'
		[exec:show]
		command = sh -c 'env >seen'
		creates = seen
	END
	status 0 gw apply
	lacks seen "$TEXT"
	status 0 gw exec env
	contains "$out" "PASSWORD=$TEXT"
}

a_secret_in_a_command_is_an_error() {
	one_secret text.asc
	drop_in 20.ini <<-'END'
		[exec:e]
		command = echo ${secret:x}
	END
	status 100 gw apply
	contains "$err" "{secret:x} would show a secret"
}

what_no_identity_opens_is_found_before_anything_is_changed() {
	one_secret passphrase.asc 'path = out' 'requires = directory:d'
	printf '[directory:d]\npath = d\n' | drop_in 20.ini
	status 100 gw plan
	contains "$out" "10.ini:2: [secret:x] source: '$PWD/conf/x.age' is encrypted with a passphrase"
	status 100 gw apply
	contains "$err" "x.age' is encrypted with a passphrase"
	missing d out
	# What only the identity can show is found at its turn.
	cp "$FILES/other.asc" conf/x.age
	status 111 gw apply
	exists d
	missing out
}

a_rotated_secret_is_written_anew() {
	one_secret text.asc 'path = out'
	status 0 gw apply
	cp "$FILES/rotated.asc" conf/x.age
	status 2 gw plan --exit-code
	contains "$out" "another secret by now"
	status 0 gw apply
	equal "the rotated passphrase" "$(cat out)"
	# One that does not open leaves it.
	cp "$FILES/other.asc" conf/x.age
	status 111 gw apply
	equal "the rotated passphrase" "$(cat out)"
}

each_way_of_not_opening_has_an_error_of_its_own() {
	one_secret other.asc 'path = out' 'env = PASSWORD'
	refused 111 "x.age' is encrypted for 1 recipient, and for none of the identities (1) of '$PWD/conf/identity.txt'"
	cp "$FILES/passphrase.asc" conf/x.age
	refused 100 "x.age' is encrypted with a passphrase"
	cp "$FILES/ssh.asc" conf/x.age
	refused 100 "x.age' is encrypted for SSH keys"
	echo 'age-encryption.org/v9' >conf/x.age
	refused 100 "x.age' is of another version"
	head -n 5 "$FILES/text.asc" >conf/x.age
	refused 100 "x.age' was truncated"
	sed 's/^bmFvS/bmFvT/' "$FILES/text.asc" >conf/x.age
	refused 111 "x.age' was changed: its header is not authentic"
	sed 's/^Xp2kl/Xp2km/' "$FILES/text.asc" >conf/x.age
	refused 111 "x.age' was truncated or changed: its last"
	echo "$TEXT" >conf/x.age
	refused 100 "x.age' is no age file"
	cp "$FILES/empty.asc" conf/x.age
	refused 111 "x.age' holds an empty text"
	cp "$FILES/nul.asc" conf/x.age
	refused 111 "x.age' holds a NUL byte"
	truncate -s 65M conf/x.age
	refused 111 "x.age' is larger than 67108864 bytes"
	rm conf/x.age
	refused 111 "x.age' is missing"
}

a_long_text_goes_into_a_file_alone() {
	command -v age >/dev/null || skip "no age here"
	one_secret text.asc 'path = out'
	seq 400000 >plain
	age -a -r "$(age-keygen -y conf/identity.txt)" -o conf/x.age plain
	status 0 gw apply
	cmp plain out
	status 0 gw apply
	contains "$err" "1 in place"
	rm out
	one_secret text.asc 'env = TOKEN'
	age -r "$(age-keygen -y conf/identity.txt)" -o conf/x.age plain
	refused 111 "x.age' holds more than a value can, 1 MiB; write it to a file with \`path\`"
	head -c 131066 /dev/zero | tr '\0' x >plain # TOKEN= and a NUL have the rest
	age -r "$(age-keygen -y conf/identity.txt)" -o conf/x.age plain
	refused 111 "x.age' holds more than a variable can, 128 KiB"
	truncate -s 131065 plain
	age -r "$(age-keygen -y conf/identity.txt)" -o conf/x.age plain
	# shellcheck disable=SC2016
	status 0 gw run -- sh -c 'echo ${#TOKEN}'
	equal 131065 "$(cat "$out")"
}

an_identity_that_is_none_is_an_error_that_does_not_show_it() {
	one_secret text.asc 'path = out'
	sed -i 's/LM0$/LM1/' conf/identity.txt
	refused 111 "identity.txt' has in line 2 no identity"
	lacks "$err" "AGE-SECRET-KEY-1EGTZ"
	: >conf/identity.txt
	refused 111 "identity.txt' holds no identity"
	rm conf/identity.txt
	refused 111 "identity.txt' is missing"
}

user_an_unreadable_identity_is_an_error_that_says_whose_it_is() {
	one_secret text.asc 'path = out'
	chmod 0 conf/identity.txt
	refused 111 "identity.txt': Permission denied: it belongs to $(id -u):$(id -g) with mode 0000"
}

an_identity_that_others_may_read_is_a_warning() {
	one_secret text.asc 'path = out'
	chmod 644 conf/identity.txt
	status 0 gw apply
	contains "$err" "identity.txt' has mode 0644, which lets others at it; chmod 0600 it"
}

# It would be opened with an identity that its owner chooses.
root_an_identity_of_another_user_is_not_used() {
	one_secret text.asc 'path = out'
	mkdir -m 1777 v
	mv conf/identity.txt v/id
	chown 10002:10002 v/id
	sed -i "s,identity.txt,$PWD/v/id," conf/10.ini
	status 111 gw apply
	contains "$err" "v/id' belongs to user 10002"
	missing out
}

another_value_of_the_variable_is_an_error() {
	one_secret text.asc 'env = PASSWORD'
	status 111 env PASSWORD=another-password "$GROUNDWORK" -c conf sh -c 'touch started'
	contains "$err" "the variable PASSWORD and '$PWD/conf/x.age' hold different secrets"
	lacks "$err" another-password
	missing started
	status 0 env PASSWORD="$TEXT" "$GROUNDWORK" -c conf apply
	printf '[secret:x]\nwhen = !env:PASSWORD\n' | drop_in 20.ini
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 env PASSWORD=another-password "$GROUNDWORK" -c conf sh -c 'echo "$PASSWORD"'
	equal another-password "$(cat "$out")"
}

a_secret_never_overwrites_its_source() {
	one_secret text.asc "path = $PWD/conf/x.age"
	status 100 gw apply
	contains "$err" "path: is that of \`source\`"
	cmp conf/x.age "$FILES/text.asc"
}

one_identity_serves_all() {
	one_secret text.asc
	drop_in 10.ini <<-'END'
		[defaults:secret]
		identity = identity.txt
		[secret:a]
		source = x.age
		path = a
		[secret:b]
		source = x.age
		path = b
	END
	status 0 gw apply
	equal "$TEXT $TEXT" "$(cat a) $(cat b)"
}

a_plan_waits_for_a_source_that_a_step_makes() {
	one_secret text.asc 'path = out' 'requires = exec:fetch'
	mv conf/x.age y.age
	printf '[exec:fetch]\ncommand = cp y.age conf/x.age\ncreates = conf/x.age\n' | drop_in 20.ini
	status 0 gw plan
	matches "$out" '^\? secret:x '
	status 0 gw apply
	equal "$TEXT" "$(cat out)"
}

root_the_owner_of_a_secret() {
	one_secret text.asc 'path = out' 'owner = 10001' 'group = 10002'
	status 0 gw apply
	mode out 600 10001:10002
}

# What age(1) encrypts, at the sizes where its chunks begin and end.
what_age_encrypts_is_what_comes_out() {
	command -v age-keygen >/dev/null || skip "no age here"
	one_secret text.asc 'path = out'
	rm conf/identity.txt
	age-keygen -o conf/identity.txt 2>/dev/null
	local size recipient
	recipient=$(age-keygen -y conf/identity.txt)
	for size in 1 15 16 1000 65535 65536 65537 131072 200000 700000; do
		head -c "$size" /dev/urandom >plain
		age -r "$recipient" -o conf/x.age plain
		status 0 gw apply
		cmp plain out
		age -a -r "$recipient" -o conf/x.age plain
		status 0 gw apply
		contains "$err" "1 in place"
	done
	# The other way: what opens here opens there, with the same identity.
	age -d -i conf/identity.txt conf/x.age | cmp - out
	age -d -i "$FILES/identity.txt" "$FILES/text.asc" >text
	equal "$TEXT" "$(cat text)"
}

what_age_encrypts_for_many_opens_for_each() {
	command -v age-keygen >/dev/null || skip "no age here"
	one_secret text.asc 'path = out'
	local number recipients=()
	for number in 1 2 3; do
		age-keygen -o "id$number" 2>/dev/null
		recipients+=(-r "$(age-keygen -y "id$number")")
	done
	echo "for three" >plain
	age "${recipients[@]}" -o conf/x.age plain
	for number in 1 2 3; do
		cp "id$number" conf/identity.txt
		status 0 gw apply
		cmp plain out
		rm out
	done
	cat id1 id2 "$FILES/identity.txt" >conf/identity.txt
	age -r "$(age-keygen -y id2)" -o conf/x.age plain
	status 0 gw apply
	cmp plain out
}

# A file that something is mounted on cannot be replaced; nor may others read its new text.
root_a_mounted_file_is_closed_before_it_gets_the_secret() {
	needs_mounts
	one_secret text.asc 'path = out'
	echo before >mounted
	chmod 644 mounted
	touch out
	# shellcheck disable=SC2016
	status 0 unshare -m sh -ec '
		mount --bind mounted out
		"$0" -c conf apply
		chmod 644 out
		exec "$0" -c conf apply' "$GROUNDWORK"
	equal "$TEXT" "$(cat mounted)"
	contains "$err" "was written in place, which is not atomic"
	contains_once "$err" "which lets others at it"
	chmod 600 mounted
	echo before >mounted
	status 0 mounted mounted out "$GROUNDWORK" -c conf apply
	mode mounted 600
}
