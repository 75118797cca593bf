#!/bin/bash
# SPDX-License-Identifier: MIT
# The harness detects what an attack achieves: one of each sort, on a vulnerable program.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# attack CODE SECONDS: standard input is the attack; its configuration is a shell script.
function attack {
	local tool=${GROUNDWORK%/*}/attack
	[[ -x $tool ]] || skip "the attacks were not built"
	cat >x.attack
	mkdir -p world
	chmod 755 world
	status "$1" "$tool" "$2" no "$ROOT/tests/attack/naive.sh" "$PWD/world" x.attack
}

# once SCRIPT [LINE…]: one round without attackers, in which something is found.
function once {
	attack 1 0 <<-END
		start apply
		config
			  $1
		dir v 0 755
		variant v
		$(printf '%s\n' "${@:2}")
	END
	contains "$out" "0 passed, 1 failed, 0 skipped"
}

root_a_harmless_round_passes() {
	attack 0 0 <<-'END'
		start apply
		start plan
		config
			  cat v/key >v/copy
		dir v 1000 755
		variant v
		file v/key 1000 600 own-key
	END
	matches "$out" '^x +2 +2 +0 +0( +0)+$'
	contains "$out" "1 passed, 0 failed, 0 skipped"
}

root_a_change_outside_is_found() {
	once 'cat config/secret >>v/f' 'link v/f 1000 @/outside/plain'
	matches "$out" "changed: v: ./outside/plain 100644 0:0 .* size 47 "
}

root_a_change_to_as_many_bytes_is_found() {
	once "printf OPEN 1<>v/f" 'link v/f 1000 @/outside/plain'
	matches "$out" "changed: v: ./outside/plain 100644 0:0 .* size 12 "
}

root_a_file_outside_that_is_replaced_by_its_like_is_found() {
	once 'cp -p outside/plain outside/new; mv outside/new outside/plain'
	matches "$out" "changed: v: ./outside/plain 100644 0:0 .* size 12 "
}

root_a_new_object_outside_is_found() {
	once 'mkdir v/d/new' 'link v/d 1000 @/outside/closed'
	contains "$out" "changed: v: ./outside/closed/new 40755 0:0"
}

root_a_mode_and_an_owner_outside_are_found() {
	once 'chmod 666 v/f' 'link v/f 1000 @/outside/x'
	contains "$out" "changed: v: ./outside/x 100666 0:0"
	once 'chown 1000:0 v/f' 'link v/f 1000 @/outside/x'
	contains "$out" "changed: v: ./outside/x 100600 1000:0"
}

root_what_is_read_into_the_volume_is_found() {
	once 'cat v/k >v/out' 'link v/k 1000 @/outside/x'
	contains "$out" "leaked: v: 'v/out' (user 0)"
}

root_what_is_read_into_the_output_or_log_is_found() {
	once 'cat v/k; cat v/k >&2' 'link v/k 1000 @/outside/closed/key'
	contains "$out" "leaked: v: the output shows"
	contains "$out" "leaked: v: the log shows"
}

root_a_hard_link_to_what_is_outside_is_no_leak() {
	attack 0 0 <<-'END'
		start apply
		config
			  ln outside/x v/x
		dir v 1000 755
		variant v
	END
}

root_an_attackers_object_that_is_given_away_is_found() {
	attack 1 0 <<-'END'
		start apply
		config
		  until compgen -G 'v/a/*' && compgen -G 'v/b/*'; do :; done >/dev/null
		  for i in {1..50}; do chown -h 0:0 v/?/.aside* v/?/f; done
		dir v 1000 755
		dir v/a 1000 755
		dir v/b 1000 755
		file v/a/f 1000 644 -
		file v/b/f 1000 644 -
		variant v
			attacker 1000 exchange v/a/f file
			attacker 1000 exchange v/b/f link:@/outside/x
	END
	matches "$out" "given: v: 'v/a/[^']*' of user 1000 became user 0's"
	matches "$out" "given: v: the link 'v/b/[^']*' of an attacker's became user 0's"
}

root_a_set_id_bit_of_roots_is_found() {
	once 'chmod 4755 v/f' 'file v/f 0 644 -'
	contains "$out" "set-id: v: 'v/f' is 4755 and belongs to 0:0"
	once 'chmod 2755 v/f' 'file v/f 1000:4 644 -'
	contains "$out" "set-id: v: 'v/f' is 2755 and belongs to 1000:4"
}

root_a_secret_that_is_open_to_others_is_found() {
	once 'cat config/secret >v/s'
	contains "$out" "exposed: v: 'v/s' (user 0, 644) holds a secret"
	once 'cat config/secret >&2'
	contains "$out" "exposed: v: the log shows a secret"
	once ': >v/.k.temporary' 'private *k*' 'file v/.k.x 0 644 -'
	contains "$out" "exposed: v: 'v/.k.x' (user 0) has mode 644"
}

root_a_secret_that_is_open_for_a_moment_is_read() {
	attack 1 0 <<-'END'
		start apply
		config
			  secret=$(<config/secret)
			  exec {never}<> <(:)
			  for i in {1..100}; do
			    echo "$secret" >v/s; read -rt 0.01 -u "$never" || :; : >v/s
			  done
		dir v 0 755
		variant v
			attacker 1001 read v
			attacker 1001 swap v/s v/t
	END
	contains "$out" "exposed: v: another user read a secret"
}

root_a_planted_key_that_is_used_is_found() {
	once 'cat v/k; cat v/k >v/out' 'file v/k 1001 644 planted-key' 'refuse planted'
	contains "$out" "planted: v: the output shows an attacker's key"
	contains "$out" "planted: v: 'v/out' (user 0) holds an attacker's key"
}

root_a_refusal_without_a_word_is_found() {
	once 'exit 111' refused
	contains "$out" "silent: v: exit code 111"
	once 'echo text >&2' 'warns some words'
	contains "$out" "silent: v: it does not say 'some words'"
}

root_a_hang_is_ended_and_found() {
	export ATTACK_LIMIT=1
	once 'sleep 1000'
	contains "$out" "hangs: v: not done in 1000 ms"
}

root_a_crash_is_found() {
	# The inner shell's own.
	# shellcheck disable=SC2016
	once 'kill -SEGV $BASHPID'
	contains "$out" "crashes: v: wait status b"
	once 'echo the worker crashed with signal 11 >&2; exit 111' refused
	contains "$out" "crashes: v: the worker crashed with"
}

root_attackers_that_never_strike_are_a_failure() {
	once : 'attacker 1000 swap v/none v/nothing'
	contains "$out" "void: v: its attackers never struck"
}

root_an_attack_that_lets_no_start_through_is_a_failure() {
	once 'echo no; exit 111'
	contains "$out" "void: v: no start got through"
}

root_a_refusal_may_be_what_is_wanted() {
	attack 0 0 <<-'END'
		start apply
		config
		  echo no
		  exit 111
		dir v 1000 755
		variant v
			refused
	END
	contains "$out" "1 passed, 0 failed, 0 skipped"
}

# timeout: 180
root_each_verb_strikes() {
	attack 0 0 <<-'END'
		start apply
		config
			  exec {never}<> <(:)
			  for i in {1..50}; do
			    echo text >v/made; read -rt 0.01 -u "$never" || :; rm -rf v/made v/.made*
			  done
		dir v 1000 777
		dir v/a 1000 755
		dir v/b 1000 755
		variant exchange
			attacker 1000 exchange v/a link:@/outside/open file fifo dir key
		variant swap
			attacker 1001 swap v/a v/b
		variant plant
			attacker 1001 plant v/c file link:@/outside/x
		variant watch
			attacker 1000 watch v mad? link:/dev/null
	END
	matches "$out" '^x +4 +4 +0 +[1-9]'
}

root_what_needs_hard_links_is_skipped_where_there_are_none() {
	attack 0 0 <<-'END'
		start apply
		config
			  :
		dir v 1000 755
		variant v
			hard-links
			attacker 1000 exchange v/a hard:@/outside/x
	END
	contains "$out" "0 passed, 0 failed, 1 skipped"
	contains "$out" "skipped: v: no hard links"
}

user_attacks_are_skipped() {
	status 0 "$ROOT/tests/attack/run.sh" "$GROUNDWORK" "$GROUNDWORK"
	contains "$out" "0 passed, 0 failed, 1 skipped"
}
