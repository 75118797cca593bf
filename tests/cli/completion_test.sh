#!/bin/bash
# SPDX-License-Identifier: MIT
# What shells complete with the scripts that the program prints.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# type_and_expect TYPED SHOWN: a line for tests/cli/shell_session.py. It is not typed before
# the shell asks, since a Tab would then not be its own.
function type_and_expect {
	printf 'expect prompt>\ntype %s\nexpect %s\n' "$1" "$2"
}

# completes SHELL… < LINES: the shell, at a terminal, completes what is typed.
function completes {
	touch "one file"
	"$GROUNDWORK" completion "$1" >script
	# shellcheck disable=SC2016 # the shell at the terminal expands it
	{
		[[ $1 != zsh ]] || type_and_expect 'autoload -U compinit; compinit -D; echo "init"ed' inited
		type_and_expect '. ./script; echo "load"ed' loaded
		type_and_expect 'groundwork() { printf "<%s>" "$@"; echo; }; echo "defin"ed' defined
		cat
	} >lines
	shift
	status 0 "$ROOT/tests/cli/shell_session.py" "$@" <lines
}

# The same lines for both; ";:" keeps the Tab from the end of its line.
function lines_to_complete {
	type_and_expect $'groundwork plan --exi\t;:' '<plan><--exit-code>'
	type_and_expect $'groundwork pl\t --format=js\t;:' '<plan><--format=json>'
	type_and_expect $'groundwork explain dire\t;:' '<explain><directory>'
	type_and_expect $'groundwork explain app.stop_t\t;:' '<explain><app.stop_timeout>'
	type_and_expect $'groundwork --color al\t li\t;:' '<--color><always><list>'
	type_and_expect $'groundwork comp\t zs\t;:' '<completion><zsh>'
	type_and_expect $'groundwork -c one\t plan' '<-c><one file><plan>'
	type_and_expect $'groundwork run /bin/ech\t -x' '<run></bin/echo><-x>'
	type_and_expect $'groundwork -- /bin/ech\t -x' '<--></bin/echo><-x>'
	# Behind the application's command words are files, and no option is ours.
	type_and_expect $'groundwork -- echo one\t;:' '<--><echo><one file>'
	type_and_expect $'groundwork -- echo --exi\t;:' '<--><echo><--exi>'
	type_and_expect $'groundwork run -c x echo --exi\t;:' '<run><-c><x><echo><--exi>'
	type_and_expect $'groundwork exec echo -c one\t;:' '<exec><echo><-c><one file>'
	type_and_expect $'groundwork echo --exi\t;:' '<echo><--exi>'
}

bash_completes_commands_options_and_keys() {
	completes bash bash --norc --noprofile -i < <(
		lines_to_complete
		type_and_expect $'groundwork --color=never li\t;:' '<--color=never><list>'
	)
}

# What it offers is no pattern.
bash_offers_each_file_once() {
	touch '*' 'a b' c script
	"$GROUNDWORK" completion bash >script
	# shellcheck disable=SC2016 # the other shell expands it
	bash -c '. ./script
		COMP_WORDS=(groundwork -c "") COMP_CWORD=2
		_groundwork
		printf "%s\n" "${COMPREPLY[@]}"' >offered
	diff <(printf '%s\n' * | sort) <(sort offered) || fail "it offers other files"
}

zsh_completes_commands_options_and_keys() {
	command -v zsh >/dev/null || skip "no zsh here"
	completes zsh env TERM=xterm zsh -f -i < <(lines_to_complete)
}

# fish prints what it would offer.
fish_completes_commands_options_and_keys() {
	command -v fish >/dev/null || skip "no fish here"
	"$GROUNDWORK" completion fish >script
	function offers {
		fish -c "source script; complete -C '$1'" >offered
		grep -q "^$2" offered || fail "'$1' offers: $(cat offered)"
	}
	offers 'groundwork expl' explain
	offers 'groundwork plan --exi' --exit-code
	offers 'groundwork plan --format ' json
	offers 'groundwork explain app.stop_t' app.stop_timeout
	offers 'groundwork completion ' bash
	offers 'groundwork run -c x --exi' --exit-code
	offers 'groundwork plan -' --exit-code
	# Behind the application's command words are files, and no option is ours.
	touch "one file"
	local ours
	for ours in '--' 'run -c x' 'exec --' ''; do
		offers "groundwork $ours echo on" one
		offers "groundwork $ours echo --format on" one
		fish -c "source script; complete -C 'groundwork $ours echo -'" >offered
		! grep -q . offered || fail "behind '$ours echo' it offers: $(head -n 3 offered)"
	done
}

scripts_have_no_error_of_syntax() {
	local shell
	for shell in bash zsh fish; do
		"$GROUNDWORK" completion "$shell" >script
		! command -v "$shell" >/dev/null || status 0 "$shell" -n script
	done
}

scripts_have_all_commands_and_options() {
	local shell word
	"$GROUNDWORK" explain --format json >tables.json
	for shell in bash zsh fish; do
		"$GROUNDWORK" completion "$shell" >script
		for word in $(python3 -c 'import json
tables = json.load(open("tables.json"))
print(*(row["name"] for table in ("commands", "options", "sections") for row in tables[table]))'); do
			contains script "$word"
		done
	done
}

other_shells_are_an_error() {
	status 100 "$GROUNDWORK" completion
	contains "$err" "bash, fish or zsh"
	status 100 "$GROUNDWORK" completion csh
	status 100 "$GROUNDWORK" completion bash zsh
}
