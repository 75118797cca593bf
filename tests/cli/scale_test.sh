#!/bin/bash
# SPDX-License-Identifier: MIT
# What a step costs does not depend on how many there are: instructions are counted, which
# come out the same on every machine, whatever else it does.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# instructions WORD…: of a start with these, as $counted: of the process that needs most. A
# count goes on behind a fork, and one that is killed when its answer is there may print none.
function instructions {
	rm -f count.*
	status 0 valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null \
		--log-file=count.%p "$GROUNDWORK" -q -c conf "$@"
	counted=$(cat count.* | sed -n 's/.*I *refs: *//p' | tr -d , | sort -n | tail -n 1)
}

# grows SHAPE: of three times the steps, each subcommand needs at most 3.3 times as much. A
# plan does all that check does.
function grows {
	local count words counted subcommands=(plan apply)
	local -A few=()
	[[ -n $(command -v valgrind) ]] || skip "no valgrind here"
	! grep -q __asan_init "$GROUNDWORK" || skip "valgrind runs no sanitizer"
	[[ ${FULL:-0} != 1 ]] || subcommands+=(check)
	# shellcheck disable=SC2016 # a variable of groundwork's
	echo 'text of ${HOME}' >t.txt
	for count in 300 900; do
		rm -rf conf made
		mkdir conf
		cp t.txt conf
		"$ROOT/tests/cli/many_steps.py" "$1" "$count" >conf/10.ini
		status 0 gw -q apply
		for words in "${subcommands[@]}"; do
			instructions "$words"
			[[ -n ${few[$words]-} ]] || few[$words]=$counted
			((counted * 10 <= few[$words] * (count == 300 ? 10 : 33))) ||
				fail "$words of $count ${1}: $counted instructions, of 300: ${few[$words]}"
		done
	done
}

# It is written whenever a step has something to do.
a_report_costs_each_step_the_same() {
	local count least=0
	[[ -n $(command -v valgrind) ]] || skip "no valgrind here"
	! grep -q __asan_init "$GROUNDWORK" || skip "valgrind runs no sanitizer"
	for count in 300 900; do
		mkdir -p conf
		rm -rf made
		"$ROOT/tests/cli/many_steps.py" directories "$count" >conf/10.ini
		instructions --report "$PWD/r.json" apply
		((count == 300 || counted * 10 <= least * 33)) || fail "$count steps: $counted instructions, 300: $least"
		least=$counted
	done
}

# The directories above it are made, and named, each once.
a_deep_path_costs_what_it_costs() {
	local depth shallow=0
	[[ -n $(command -v valgrind) ]] || skip "no valgrind here"
	! grep -q __asan_init "$GROUNDWORK" || skip "valgrind runs no sanitizer"
	for depth in 200 600; do
		printf '[directory:d]\npath = /nowhere%s\n' "$(printf '/a%.0s' $(seq "$depth"))" | drop_in 10.ini
		instructions plan
		((depth == 200 || counted <= shallow * 10)) || fail "$depth deep: $counted instructions, 200 deep: $shallow"
		shallow=$counted
	done
}

# Each item is looked at by itself, not all that stands behind it.
a_list_of_paths_costs_what_it_costs() {
	local count least=0
	[[ -n $(command -v valgrind) ]] || skip "no valgrind here"
	! grep -q __asan_init "$GROUNDWORK" || skip "valgrind runs no sanitizer"
	for count in 2000 6000; do
		{
			printf '[directory:d]\npath ='
			printf ' made/%d\n' $(seq "$count")
		} | drop_in 10.ini
		instructions check
		((count == 2000 || counted * 10 <= least * 33)) ||
			fail "$count paths: $counted instructions, 2000: $least"
		least=$counted
	done
}

# A line is looked up among the keys, and a condition among those about the same.
# timeout: 180
lists_of_keys_cost_what_they_cost() {
	local count format least=0
	[[ -n $(command -v valgrind) ]] || skip "no valgrind here"
	! grep -q __asan_init "$GROUNDWORK" || skip "valgrind runs no sanitizer"
	for count in 1000 3000; do
		mkdir -p conf
		seq "$count" | sed 's/.*/k& = 1/' | tee a.ini a.properties >conf/k.txt
		seq "$count" | sed 's/.*/k&=1/' >a.env
		seq "$count" | sed 's/.*/"k&": 1/; 2,$s/^/, /; 1s/^/{/; $s/$/}/' | tee a.json >conf/k.json
		{
			for format in ini env properties; do
				printf '[file:%s]\npath = a.%s\npolicy = edit\nset =\n' "$format" "$format"
				seq "$((count / 2))" | sed 's/.*/  k& = 2/'
				seq "$((count / 2))" | sed 's/.*/  new& = 2/'
				echo 'unset ='
				seq "$((count / 2 + 1))" "$count" | sed 's/.*/  k&/'
			done
			printf '[file:json]\npath = a.json\npolicy = edit\nunset =\n'
			seq "$count" | sed 's/.*/  k&/'
			printf '[file:text]\npath = b.ini\nformat = properties\nsource = k.txt\nmust_have =\n'
			seq "$count" -1 1 | sed 's/.*/  k&/'
			printf '[file:object]\npath = b.json\nsource = k.json\nmust_have =\n'
			seq "$count" -1 1 | sed 's/.*/  k&/'
			printf '[directory:d]\npath = d\nwhen =\n'
			seq "$count" | sed 's/.*/  !env:K& !path:no&/'
		} | drop_in 10.ini
		rm -f b.*
		instructions apply
		((count == 1000 || counted * 10 <= least * 33)) ||
			fail "$count keys: $counted instructions, 1000 keys: $least"
		least=$counted
	done
	equal '{}' "$(cat a.json)"
	equal 'k1 = 2 new1500 = 2' "$(sed -n 1p a.ini) $(sed -n '$p' a.ini)"
}

# Of all shapes those that differ most; FULL=1 tries the rest.
function rarely {
	[[ ${FULL:-0} == 1 ]] || skip "only with FULL=1"
	grows "$1"
}

# timeout: 180
directories_cost_what_they_cost() { grows directories; }
# timeout: 180
templates_cost_what_they_cost() { grows templates; }
# timeout: 180
fans_cost_what_they_cost() { grows fan; }
# timeout: 180
references_cost_what_they_cost() { grows references; }
files_cost_what_they_cost() { rarely files; }
keys_cost_what_they_cost() { rarely keys; }
links_cost_what_they_cost() { rarely links; }
chains_cost_what_they_cost() { rarely chain; }
conditions_cost_what_they_cost() { rarely conditions; }
# timeout: 180
changes_cost_what_they_cost() { grows changes; }
# timeout: 180
shared_paths_cost_what_they_cost() { grows shared; }
# timeout: 180
variables_cost_what_they_cost() { grows variables; }

# A manifest's lines are counted once, not for each item.
manifests_cost_what_they_cost() {
	local count least=
	[[ -n $(command -v valgrind) ]] || skip "no valgrind here"
	! grep -q __asan_init "$GROUNDWORK" || skip "valgrind runs no sanitizer"
	mkdir -p modules/m
	printf '[bootstrap]\nmodules = %s\n' "$PWD/modules" | drop_in 10.ini
	for count in 1000 3000; do
		{
			printf '{"bootstrap_requirements": {"directories": [\n"/nowhere/0"'
			printf ',\n"/nowhere/%s"' $(seq "$count")
			printf ']}}\n'
		} >modules/m/manifest.json
		instructions check
		((count == 1000 || counted * 10 <= least * 33)) ||
			fail "$count items: $counted instructions, 1000 items: $least"
		least=$counted
	done
}
