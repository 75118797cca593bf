#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `key`: made once, checked for ever, never shown.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function one_key {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = APP_KEY
	END
}

# untouched_by CODE TEXT: the file k is refused with that message, and stays as it is.
function untouched_by {
	local before
	before=$(snapshot k; cksum k)
	status "$1" gw sh -c 'touch started'
	contains "$err" "$2"
	status "$1" gw plan
	contains "$out" "$2"
	equal "$before" "$(snapshot k; cksum k)" "the key file"
	missing started
}

every_encoding_has_its_form() {
	drop_in 10.ini <<-'END'
		[key:hex]
		path = hex
		[key:base64]
		path = base64
		encoding = base64
		[key:base64url]
		path = base64url
		encoding = base64url
		[key:raw]
		path = raw
		encoding = raw
	END
	status 0 gw apply
	matches hex '^[0-9a-f]{64}$'
	matches base64 '^[A-Za-z0-9+/]{43}=$'
	matches base64url '^[A-Za-z0-9_-]{43}$'
	equal 64 "$(stat -c %s hex)" "size"
	equal 44 "$(stat -c %s base64)" "size"
	equal 43 "$(stat -c %s base64url)" "size"
	equal 32 "$(stat -c %s raw)" "size"
	status 0 gw apply
	contains "$err" "4 in place"
}

every_length_is_kept() {
	local bytes encoding
	for bytes in 16 17 18 24 33 64 4096; do
		for encoding in hex base64 base64url raw; do
			printf '[key:%s]\npath = %s\nbytes = %s\nencoding = %s\n' \
				"$encoding$bytes" "$encoding$bytes" "$bytes" "$encoding"
		done
	done | drop_in 10.ini
	status 0 gw apply
	status 0 gw apply
	contains "$err" "28 in place"
	equal 4096 "$(stat -c %s raw4096)" "size"
	equal 34 "$(stat -c %s hex17)" "size"
	equal 24 "$(stat -c %s base6418)" "size"
	equal 22 "$(stat -c %s base64url16)" "size"
}

lengths_have_limits() {
	local bytes
	for bytes in 0 15 4097; do
		printf '[key:k]\npath = k\nbytes = %s\n' "$bytes" | drop_in 10.ini
		status 100 gw apply
		contains "$err" "10.ini:3:9: "
		missing k
	done
}

two_keys_are_never_the_same() {
	drop_in 10.ini <<-'END'
		[key:a]
		path = a
		[key:b]
		path = b
	END
	status 0 gw apply
	[[ $(cat a) != "$(cat b)" ]] || fail "the same key twice"
}

a_key_is_closed_to_others_whatever_the_umask() {
	one_key
	umask 000
	status 0 gw apply
	mode k 600
}

a_prefix_stands_before_the_key() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		prefix = base64:
		encoding = base64
	END
	status 0 gw apply
	matches k '^base64:[A-Za-z0-9+/]{43}=$'
	status 0 gw apply
	printf 'other:%s' "$(head -c 32 /dev/zero | base64)" >k
	untouched_by 111 "does not begin with the prefix 'base64:'"
}

one_trailing_newline_is_fine() {
	one_key
	local key
	key=$(printf 'ab%.0s' {1..32})
	echo "$key" >k
	chmod 600 k
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 gw sh -c 'echo "<$APP_KEY>"'
	equal "<$key>" "$(cat "$out")"
	printf '%s\n\n' "$key" >k
	untouched_by 111 "is not hex"
}

an_empty_key_file_is_an_error() {
	one_key
	: >k
	untouched_by 111 "is empty"
	echo >k
	untouched_by 111 "is empty"
}

a_malformed_key_file_is_an_error() {
	one_key
	printf 'xy%.0s' {1..32} >k
	untouched_by 111 "is not hex"
	printf 'a\0%.0s' {1..32} >k
	untouched_by 111 "is not hex"
}

a_key_of_another_length_is_an_error() {
	one_key
	printf 'ab%.0s' {1..31} >k
	untouched_by 111 "holds 31 bytes, not 32"
	printf 'ab%.0s' {1..33} >k
	untouched_by 111 "holds 33 bytes, not 32"
	contains "$out" "correct \`bytes\`, or restore it"
}

# XFS leaves such a file of one whose text was not flushed.
a_key_of_zeros_is_an_error() {
	local type
	printf '[key:k]\npath = k\nencoding = raw\n' | drop_in 10.ini
	head -c 32 /dev/zero >k
	untouched_by 111 "the key '$PWD/k' holds zeros alone, as a file does whose text a crash has lost"
	for type in random x25519; do
		printf '[key:k]\npath = k\ntype = %s\n' "$type" | drop_in 10.ini
		printf '%064d' 0 >k
		untouched_by 111 "holds zeros alone"
	done
	printf '[key:k]\npath = k\ntype = uuid\n' | drop_in 10.ini
	echo 00000000-0000-0000-0000-000000000000 >k
	untouched_by 111 "holds zeros alone"
	printf '[key:k]\npath = k\ntype = uuid\nvalidate = no\n' | drop_in 10.ini
	status 0 gw apply
}

validate_no_takes_any_text_but_none() {
	one_key
	printf '[key:k]\nvalidate = no\n' | drop_in 20.ini
	echo "my own secret" >k
	chmod 600 k
	# shellcheck disable=SC2016
	status 0 gw sh -c 'echo "$APP_KEY"'
	equal "my own secret" "$(cat "$out")"
	: >k
	untouched_by 111 "is empty"
}

user_an_unreadable_key_is_an_error_that_says_whose_it_is() {
	one_key
	status 0 gw apply
	chmod 0 k
	status 111 gw sh -c 'touch started'
	local who
	who=$(id -u):$(id -g)
	contains "$err" "'$PWD/k': Permission denied: it belongs to $who with mode 0000, and we are $who"
	missing started
	mode k 0
}

a_directory_in_the_place_of_the_key_is_an_error() {
	one_key
	mkdir k
	status 111 gw apply
	contains "$err" "'$PWD/k'"
	empty k
}

a_link_to_nothing_gets_no_key() {
	one_key
	ln -s nowhere k
	status 111 gw apply
	contains "$err" "link to nothing"
	missing nowhere
}

a_link_to_a_key_is_read() {
	one_key
	printf 'ab%.0s' {1..32} >elsewhere
	chmod 600 elsewhere
	ln -s elsewhere k
	status 0 gw apply
	contains "$err" "1 in place"
}

a_key_in_the_environment_counts_and_no_file_is_made() {
	one_key
	local key
	key=$(printf 'cd%.0s' {1..32})
	# shellcheck disable=SC2016
	status 0 env APP_KEY="$key" "$GROUNDWORK" -v -c conf sh -c 'echo "$APP_KEY"'
	equal "$key" "$(cat "$out")"
	missing k
	contains "$err" "the variable APP_KEY holds the key gw:"
	lacks "$err" "$key"
	status 0 env APP_KEY= "$GROUNDWORK" -c conf apply
	exists k
}

# at MOMENT N SCRIPT: apply, with that run at that moment (act_before.c).
function at {
	local act=${GROUNDWORK%/*}/act_before
	[[ -x $act ]] || skip "act_before was not built"
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
		status 0 "$act" "$@" "$GROUNDWORK" -c conf apply
}

# Nor has the public half of a key that never was in the file.
a_key_that_comes_meanwhile_is_not_replaced() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		type = ed25519
		public = k.pub
	END
	status 0 gw apply
	mv k theirs
	mv k.pub theirs.pub
	at rename:k 1 'cp -p theirs k'
	cmp k theirs
	cmp k.pub theirs.pub
}

# That they are there says nothing of a key that was looked for before they were.
a_key_and_its_data_that_come_meanwhile_belong_together() {
	one_key
	echo 'guards = v/data' >>conf/10.ini
	mkdir v
	status 0 gw apply
	mv k theirs
	at open:v 1 'cp -p theirs k && touch v/data'
	cmp k theirs
}

a_malformed_key_in_the_environment_is_an_error() {
	one_key
	status 111 env APP_KEY=mellon-is-the-word "$GROUNDWORK" -v -c conf sh -c 'touch started'
	contains "$err" "APP_KEY is not hex"
	lacks "$err" mellon
	missing started k
}

two_keys_that_differ_are_an_error_that_shows_neither() {
	one_key
	status 0 gw apply
	local stored given
	stored=$(cat k)
	given=$(printf 'cd%.0s' {1..32})
	status 111 env APP_KEY="$given" "$GROUNDWORK" -v -c conf --report r sh -c 'touch started'
	matches "$err" "APP_KEY \(gw:[0-9a-f]{16}\) and the file '$PWD/k' \(gw:[0-9a-f]{16}\)"
	equal 2 "$(grep -oE 'gw:[0-9a-f]{16}' "$err" | sort -u | wc -l)" "fingerprints"
	local file
	for file in "$err" r; do
		lacks "$file" "$stored"
		lacks "$file" "$given"
	done
	equal "$stored" "$(cat k)"
	missing started
	# The same key in both is fine.
	status 0 env APP_KEY="$stored" "$GROUNDWORK" -c conf apply
}

no_new_key_is_made_over_old_data() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		guards = data.db directory
	END
	mkdir directory
	status 2 gw plan --exit-code
	echo data >data.db
	status 111 gw apply
	contains "$err" "the key '$PWD/k' is missing, and '$PWD/data.db'"
	status 111 gw plan
	missing k
	rm data.db
	touch directory/file
	status 111 gw apply
	contains "$err" "'$PWD/directory'"
	rm directory/file
	status 0 gw apply
	exists k
	# With the key there, its data is as it should be.
	echo data >data.db
	status 0 gw apply
	equal data "$(cat data.db)"
}

force_makes_no_second_key() {
	one_key
	status 0 gw apply
	local key
	key=$(cat k)
	status 0 gw apply --force key:k
	equal "$key" "$(cat k)"
}

too_open_permissions_are_a_warning() {
	one_key
	status 0 gw apply
	chmod 644 k
	status 0 gw apply
	contains "$err" "has mode 0644, which lets others at it"
	mode k 644
}

a_written_mode_is_put_right() {
	one_key
	status 0 gw apply
	chmod 644 k
	printf '[key:k]\nmode = 0640\n' | drop_in 20.ini
	status 0 gw apply
	mode k 640
}

a_raw_key_cannot_be_a_variable() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		encoding = raw
		env = APP_KEY
	END
	status 100 gw apply
	contains "$err" "10.ini:4: "
	missing k
}

env_is_the_name_of_a_variable() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = not a name
	END
	status 100 gw apply
	contains "$err" "10.ini:3:7: "
}

root_the_owner_of_a_key() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		owner = 10001
		group = 10002
	END
	status 0 gw apply
	mode k 600 10001:10002
}

a_key_in_the_file_of_its_variable_counts_like_one_in_it() {
	printf 'ab%.0s' {1..32} >given
	drop_in 10.ini <<-'END'
		[app]
		env_from_file = SESSION
		[key:k]
		path = k
		env = SESSION
	END
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	SESSION_FILE=$PWD/given status 0 gw sh -c 'echo "$SESSION"'
	same given "$out"
	missing k
	status 0 gw apply
	exists k
	SESSION_FILE=$PWD/given status 111 gw sh -c 'touch started'
	contains "$err" "hold different keys"
	missing started
}

# Before each command the keys are looked at that it could print: those, too, whose turn
# has not come, and whose path is another one by then.
a_key_is_made_where_its_turn_finds_its_path() {
	echo old >p
	drop_in 10.ini <<-END
		[exec:one]
		command = sh -c 'echo new >p'
		[key:k]
		requires = exec:one
		path = $PWD/\${file:$PWD/p}.key
		env = APP_KEY
	END
	# The inner shell's variables are meant.
	# shellcheck disable=SC2016
	status 0 gw sh -c 'test -n "$APP_KEY" && test "$APP_KEY" = "$(cat new.key)"'
	missing old.key
}

every_type_has_its_form() {
	drop_in 10.ini <<-'END'
		[key:password]
		path = password
		type = password
		bytes = 20
		charset = A-Za-z0-9_-
		[key:uuid]
		path = uuid
		type = uuid
		[key:sign]
		path = sign
		type = ed25519
		public = sign.pub
		encoding = base64url
		[key:wireguard]
		path = wg
		type = x25519
		public = wg.pub
		encoding = base64
	END
	status 0 gw plan
	contains "$out" "'$PWD/password' (a password of 20 characters, 0600)"
	contains "$out" "'$PWD/sign' (ed25519, base64url, 0600), and its public half '$PWD/sign.pub'"
	umask 077
	status 0 gw apply
	matches password '^[A-Za-z0-9_-]{20}$'
	matches uuid '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
	matches sign '^[A-Za-z0-9_-]{43}$'
	matches sign.pub '^[A-Za-z0-9_-]{43}$'
	matches wg '^[A-Za-z0-9+/]{43}=$'
	matches wg.pub '^[A-Za-z0-9+/]{43}=$'
	mode sign 600
	mode sign.pub 644
	snapshot . >"$TEST_DIR/before"
	status 0 gw -v apply
	contains "$err" "4 in place"
	equal "" "$(snapshot . | diff "$TEST_DIR/before" -)" "what was touched"
	status 0 gw plan --exit-code
}

# What others make of the same private halves.
openssl_derives_the_same_public_halves() {
	command -v openssl >/dev/null || skip "no openssl here"
	drop_in 10.ini <<-'END'
		[defaults:key]
		encoding = raw
		[key:ed25519]
		path = ed25519
		type = ed25519
		public = ed25519.pub
		[key:x25519]
		path = x25519
		type = x25519
		public = x25519.pub
	END
	status 0 gw apply
	local prefix type
	for type in ed25519:302e020100300506032b657004220420 x25519:302e020100300506032b656e04220420; do
		prefix=${type#*:} type=${type%:*}
		{ python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' "$prefix"
			cat "$type"; } >"$type.der"
		openssl pkey -inform DER -in "$type.der" -pubout -outform DER | tail -c 32 >"$type.other"
		cmp "$type.pub" "$type.other"
	done
}

a_pair_without_its_public_half_is_completed() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		type = ed25519
		public = k.pub
	END
	status 0 gw apply
	local private public
	private=$(cat k) public=$(cat k.pub)
	rm k.pub
	status 2 gw plan --exit-code
	contains "$out" "make its public half '$PWD/k.pub'"
	status 0 gw apply
	equal "$private $public" "$(cat k) $(cat k.pub)" "both halves"
	# The other half alone is what is left of a lost key.
	rm k
	status 111 gw apply
	contains "$err" "the key '$PWD/k' is missing, and its public half '$PWD/k.pub' is there"
	missing k
	equal "$public" "$(cat k.pub)"
}

what_means_nothing_for_a_type_is_an_error() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		type = uuid
		bytes = 16
		public = p
	END
	status 100 gw check
	contains "$err" "10.ini:4: "
	contains "$err" "10.ini:5: "
	missing k p
}

a_password_leaves_no_trace_in_the_log() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		type = password
		env = PASSWORD
	END
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 gw -v --report r sh -c 'echo "$PASSWORD"'
	same k "$out"
	lacks "$err" "$(cat k)"
	lacks r "$(cat k)"
	lacks "$err" "gw:"
	status 111 env PASSWORD="$(tr '[:upper:][:lower:]' '[:lower:][:upper:]' <k)" "$GROUNDWORK" -c conf apply
	contains "$err" "the variable PASSWORD and the file '$PWD/k' hold different keys"
	lacks "$err" "gw:"
}
