#!/bin/bash
# SPDX-License-Identifier: MIT
# The order of steps, what they require of each other, and what `list` says of it.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# ran: the steps that have run, in their order.
function ran {
	sed -n 's/^groundwork: [+~=·-] \([^ ]*\) .*/\1/p' "$err" | paste -sd ' '
}

the_lowest_order_runs_first_then_the_lowest_id() {
	drop_in 10.ini <<-'END'
		[exec:c]
		command = true
		[exec:a]
		command = true
		[exec:late]
		command = true
		order = 50
		[exec:z-first]
		command = true
		order = 2
		[exec:b]
		command = true
	END
	status 0 gw apply
	equal "exec:z-first exec:a exec:b exec:c exec:late" "$(ran)"
}

what_writes_no_order_has_that_of_its_kind() {
	drop_in 10.ini <<-'END'
		[exec:a]
		command = true
		[file:a]
		path = f
		[key:a]
		path = k
		[directory:a]
		path = d
		[database:a]
		path = db
	END
	status 0 gw apply
	equal "directory:a key:a file:a database:a exec:a" "$(ran)"
}

a_requirement_that_is_skipped_or_left_out_is_met() {
	mkdir d
	drop_in 10.ini <<-'END'
		[directory:there]
		path = d
		[directory:left-out]
		path = e
		when = env:NOT_SET
		[file:f]
		path = f
		requires = directory:there directory:left-out
	END
	status 0 gw apply
	exists f
	missing e
}

what_requires_a_failed_step_is_not_run() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		fail_fast = no
		[exec:fails]
		command = false
		[file:f]
		path = f
		requires = exec:fails
		[exec:other]
		command = touch other
		order = 90
	END
	status 111 gw apply
	missing f
	exists other
	contains "$err" "· file:f      not run: requires exec:fails"
	contains "$err" "the ground is not laid: 1 made, 1 failed, 1 not run"
}

what_a_long_chain_requires_is_kept_with_little_stack() {
	local last=directory:s19999
	! grep -q __asan_init "$GROUNDWORK" || skip "the sanitizer needs more stack"
	"$ROOT/tests/cli/many_steps.py" chain 20000 | drop_in 10.ini
	(ulimit -Ss 256 && ulimit -Hs 256 && status 0 gw -q --only "$last" plan)
	equal "20000 steps: 20000 to make" "$(tail -n 1 "$out")"
}

a_requirement_of_a_higher_order_is_a_warning() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		order = 3
		requires = key:k
		[key:k]
		path = k
	END
	status 0 gw apply
	contains "$err" "warning: conf/10.ini:3: [file:f] order: it is 3, and that of key:k, which is required, 10: the step runs behind that one"
	equal "key:k file:f" "$(ran)"
	sed -i '/^order/d' conf/10.ini
	status 0 gw apply
	lacks "$err" "order: it is"
}

# What a step is run with, and what another one gets of it.
the_context_of_a_step_is_its_env() {
	drop_in 10.ini <<-'END'
		[exec:a]
		command = sh -c 'echo "$MODE $GROUNDWORK_STEP" >a'
		env = MODE=dry
		[exec:b]
		command = sh -c 'printenv MODE >b || echo none >b'
	END
	status 0 gw apply
	equal "dry exec:a" "$(<a)"
	equal none "$(<b)"
}

a_module_brings_steps_of_any_kind() {
	printf '%s\n' '[bootstrap]' 'modules = ../modules' | drop_in 10.ini
	mkdir -p modules/m
	cat >modules/m/bootstrap.ini <<-'END'
		[directory:cache]
		path = cache
		source = warm
		[exec:compile]
		command = touch compiled
		creates = compiled
		[assert:mode]
		that = env:HOME
		[absent:pid]
		path = pid
		[link:current]
		path = current
		target = cache
	END
	mkdir modules/m/warm
	echo warm >modules/m/warm/entry
	touch pid
	status 0 gw apply
	equal warm "$(<current/entry)"
	exists compiled
	missing pid
}

# Replicas on one volume, and a step that is forced though it is in place.
what_is_forced_is_done_again_and_the_rest_is_not() {
	drop_in 10.ini <<-'END'
		[exec:a]
		command = sh -c 'echo a >>ran'
		creates = ran
		[exec:b]
		command = sh -c 'echo b >>also'
		creates = also
	END
	status 0 gw apply
	status 0 gw --force exec:a apply
	equal 2 "$(wc -l <ran)"
	equal 1 "$(wc -l <also)"
}

nothing_to_do_is_said_so() {
	drop_in 10.ini <<<$'[directory:d]\npath = d'
	status 0 gw apply
	contains "$err" "the ground is laid: 1 made"
	status 0 gw apply
	contains "$err" "the ground is laid: nothing to do, 1 in place"
}

# Of several, the one that comes last: moving it is what would help.
a_step_is_behind_the_last_of_its_requirements() {
	drop_in 10.ini <<-'END'
		[directory:late]
		path = late
		order = 1
		requires = directory:a directory:b directory:c
		[directory:a]
		path = a
		order = 10
		[directory:b]
		path = b
		order = 30
		[directory:c]
		path = c
		order = 20
	END
	status 0 gw list
	contains "$out" "directory:late  requires directory:a, directory:b, directory:c; behind directory:b; "
}

a_list_says_why_a_step_has_its_place() {
	drop_in 10.ini <<-'END'
		[app]
		command = ./server
		[key:k]
		path = k
		[file:early]
		path = f
		order = 2
		content = ${key:k}
		requires = tcp://db:5432
		[file:off]
		path = g
		enabled = no
		[database:app]
		path = app.db
		migrations = own
		[migrations:more]
		database = app
		path = more
		after = then app
		[migrations:then]
		database = ${DB:-app}
		path = then
	END
	mkdir conf/more conf/then
	status 0 gw list
	equal "  10  key:k
   2  file:early       requires key:k (content), tcp://db:5432; behind key:k; its order is written
  15  file:off         not enabled
  20  database:app
      migrations:then  contributes to database:app
      migrations:more  contributes to database:app after then, app
      [app]            ./server" "$(sed 's/ *$//' "$out")"
	status 0 gw list --format json
	equal "['key:k', 'tcp://db:5432'] ['content'] key:k True migrations:then then,app ./server" "$(python3 -c 'import json, sys
listed = json.load(open(sys.argv[1]))
step = listed["steps"][1]
print(step["requires"], step["requires_by"], step["behind"], step["order_written"], listed["contributions"][0]["id"], ",".join(listed["contributions"][1]["after"]), listed["command"])' "$out")"
	status 0 gw --only 'database:*' list
	matches "$out" '^   2  file:early +requires .*; its order is written; not selected$'
	matches "$out" '^  20  database:app$'
	status 0 gw --only 'database:*' list --format json
	equal "[False, False, False, True]" "$(python3 -c 'import json, sys
print([step["selected"] for step in json.load(open(sys.argv[1]))["steps"]])' "$out")"
	status 0 gw --skip 'database:*' list --format mermaid
	contains "$out" '["database:app (20) (not selected)"]'
	status 0 gw --skip 'database:*' list --format dot
	contains "$out" '[style=dotted, label="database:app (20)"];'
}
