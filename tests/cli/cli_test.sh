#!/bin/bash
# SPDX-License-Identifier: MIT
# The command line: options, subcommands, the application's command, exit codes.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

what_comes_from_a_variable_is_named_by_it() {
	printf '%s\n' '[directory:d]' 'path = d' '[exec:warm]' 'command = true' | drop_in 10.ini
	GROUNDWORK_FORCE=yes status 100 gw plan
	contains "$err" "error: GROUNDWORK_FORCE=yes: there is no such step: an id is KIND:NAME"
	GROUNDWORK_WAIT=directory:d,exec:warm status 100 gw plan
	contains "$err" "error: GROUNDWORK_WAIT=directory:d,exec:warm: there is no such step; a comma would be part of its id: spaces separate several"
	status 100 gw --wait directory:d,exec:warm plan
	contains "$err" "error: --wait directory:d,exec:warm: there is no such step; a comma would be part of its id: write the option once for each"
	GROUNDWORK_WAIT=a:1,b:2 status 100 gw plan
	contains "$err" "error: GROUNDWORK_WAIT=a:1,b:2: there is no such step; a comma would be part of its id: spaces separate several"
	for two in tcp://a:1,tcp://b:2 http://a/,https://b/ unix:///a,file:///b postgres://a,redis://b; do
		GROUNDWORK_WAIT=$two status 100 gw plan
		contains "$err" "error: GROUNDWORK_WAIT: a comma would be part of the address of a service: spaces separate several"
	done
	for one in 'http://a/?to=x,http://b/' postgres://a:1,b:2 redis://u:p,w@a; do
		GROUNDWORK_WAIT=$one status 0 gw plan
		contains "$out" "waits before the first step for ${one%%:*}://"
	done
	GROUNDWORK_WAIT=tcp://x status 100 gw plan
	contains "$err" "error: GROUNDWORK_WAIT: the address of a service"
	GROUNDWORK_WAIT=db:5432 status 100 gw plan
	contains "$err" "GROUNDWORK_WAIT=db:5432: there is no such step; did you mean 'tcp://db:5432'?"
	GROUNDWORK_DEADLINE=soon status 100 gw plan
	contains "$err" "error: GROUNDWORK_DEADLINE: "
	lacks "$err" --deadline
	mkdir none
	GROUNDWORK_CONFIG=none status 100 "$GROUNDWORK" plan
	contains "$err" "in what GROUNDWORK_CONFIG names"
	# The option that replaces it is what counts.
	GROUNDWORK_FORCE=yes status 100 gw --force exec:wram plan
	contains "$err" "error: --force exec:wram: there is no such step; did you mean 'exec:warm'?"
	status 100 gw --only exec:wram plan
	contains "$err" "did you mean 'exec:warm'?"
}

# A configuration with one step, which makes the directory "made".
function one_step {
	drop_in 10-made.ini <<-'END'
		[directory:made]
		path = made
	END
}

# Prints its arguments, one a line.
function show_arguments {
	cat >show <<-'END'
		#!/bin/sh
		printf '%s\n' "$@"
	END
	chmod 755 show
}

options_stand_before_and_behind_the_subcommand() {
	one_step
	status 0 "$GROUNDWORK" -c conf -C before apply
	exists before/made
	status 0 "$GROUNDWORK" apply --config=conf --base after
	exists after/made
	status 0 "$GROUNDWORK" -qcconf apply -Cmixed
	exists mixed/made
	equal "" "$(cat "$err")" "what -q prints"
}

the_commands_own_options_are_not_eaten() {
	one_step
	show_arguments
	status 0 "$GROUNDWORK" -c conf ./show -c x --base y -v --help --version -- z
	equal "-c x --base y -v --help --version -- z" "$(tr '\n' ' ' <"$out" | sed 's/ $//')"
	status 0 "$GROUNDWORK" -c conf run ./show -q
	equal "-q" "$(cat "$out")"
	status 0 "$GROUNDWORK" -c conf exec ./show apply
	equal "apply" "$(cat "$out")"
}

two_dashes_end_the_options() {
	one_step
	show_arguments
	cp show apply
	status 0 env PATH="$PWD:$PATH" "$GROUNDWORK" -c conf -- apply -q
	equal "-q" "$(cat "$out")"
	status 0 "$GROUNDWORK" -c conf run -- ./show -- -q
	equal "-- -q" "$(tr '\n' ' ' <"$out" | sed 's/ $//')"
}

only_the_first_word_is_a_subcommand() {
	one_step
	mkdir bin
	show_arguments
	cp show bin/plan
	status 0 env PATH="$PWD/bin:$PATH" "$GROUNDWORK" -c conf run plan x
	equal "x" "$(cat "$out")"
	exists made
}

the_configured_command_is_used_where_none_is_given() {
	show_arguments
	drop_in app.ini <<-'END'
		[app]
		command = ./show 'a word' "another one"
	END
	status 0 "$GROUNDWORK" -c conf
	equal $'a word\nanother one' "$(cat "$out")"
	status 0 "$GROUNDWORK" -c conf run
	equal $'a word\nanother one' "$(cat "$out")"
}

words_with_a_dash_are_appended_to_the_configured_command() {
	show_arguments
	drop_in app.ini <<-'END'
		[app]
		command = ./show configured
	END
	status 0 "$GROUNDWORK" -c conf -- --flag value
	equal $'configured\n--flag\nvalue' "$(cat "$out")"
	status 0 "$GROUNDWORK" -c conf -- ./show other
	equal "other" "$(cat "$out")"
}

no_command_at_all_is_wrong_usage_and_touches_nothing() {
	one_step
	status 100 "$GROUNDWORK" -c conf
	contains "$err" "there is no command"
	missing made
	status 0 "$GROUNDWORK" -c conf apply
	exists made
}

unknown_options_are_refused_with_a_suggestion() {
	one_step
	status 100 "$GROUNDWORK" -c conf --bsae x apply
	contains "$err" "did you mean '--base'?"
	status 100 "$GROUNDWORK" -c conf --qqqqqqqq apply
	contains "$err" "unknown option '--qqqqqqqq'"
	status 100 "$GROUNDWORK" -c conf -Z apply
	contains "$err" "unknown option '-Z'"
	missing made
}

a_wrong_value_of_an_option_is_refused() {
	one_step
	status 100 "$GROUNDWORK" -c conf --deadline soon apply
	contains "$err" "'soon' is no duration"
	status 100 "$GROUNDWORK" -c conf --log-level loud apply
	contains "$err" "'loud' is none of"
	status 100 "$GROUNDWORK" -c conf --format xml plan
	contains "$err" "--format: 'plan' knows text, json"
	lacks "$err" "mdoc"
	status 100 "$GROUNDWORK" -c conf --format xml apply
	contains "$err" "--format is of 'plan', 'list'"
	status 100 "$GROUNDWORK" -c conf apply --base
	contains "$err" "--base needs a value"
	status 100 "$GROUNDWORK" -c conf apply --exit-code=2
	contains "$err" "--exit-code takes no value"
	missing made
}

apply_takes_no_command() {
	one_step
	status 100 "$GROUNDWORK" -c conf apply appli
	contains "$err" "'apply' takes no command"
	status 100 "$GROUNDWORK" -c conf check -- sh
	missing made
}

help_and_version_are_subcommands_and_options() {
	one_step
	status 0 gw --help
	cp "$out" option
	status 0 gw help
	cmp "$out" option
	for word in help version; do
		matches "$out" "^  $word "
	done
	status 0 gw --version
	cp "$out" option
	status 0 gw version
	cmp "$out" option
	status 100 gw version x
	status 0 gw help file.path
	cp "$out" help
	status 0 gw explain file.path
	cmp "$out" help
	# A program of that name is named behind "--".
	mkdir bin
	printf '#!/bin/sh\necho a program\n' >bin/help
	chmod 755 bin/help
	status 0 env PATH="$PWD/bin:$PATH" "$GROUNDWORK" -c conf -- help
	equal "a program" "$(cat "$out")"
	exists made
}

without_words_and_drop_ins_it_says_what_to_type() {
	mkdir empty
	status 100 "$GROUNDWORK" -c empty
	contains "$err" "\`groundwork help\`"
	contains "$err" "\`groundwork explain\`"
	[[ $(wc -l <"$err") == 1 ]] || fail "more than one line"
}

the_exit_code_is_the_applications_own() {
	one_step
	local code
	for code in 0 1 2 42 100 111 126 255; do
		status "$code" "$GROUNDWORK" -c conf sh -c "exit $code"
		status "$code" "$GROUNDWORK" -c conf --init sh -c "exit $code"
	done
}

an_end_by_signal_is_128_and_its_number() {
	one_step
	# The inner shell's $$ is meant.
	# shellcheck disable=SC2016
	status 143 "$GROUNDWORK" -c conf --init sh -c 'kill -TERM $$'
	# shellcheck disable=SC2016
	status 137 "$GROUNDWORK" -c conf --init sh -c 'kill -KILL $$'
}

exit_127_is_for_not_found_alone() {
	one_step
	status 127 "$GROUNDWORK" -c conf no-such-command
	contains "$err" "no-such-command"
	status 127 "$GROUNDWORK" -c conf ./no-such-file
	exists made
}

exit_126_is_for_what_is_there_and_cannot_run() {
	one_step
	echo 'echo no shebang' >plain
	printf '#!/no/such/interpreter\n' >script
	printf '#!/bin/sh\r\necho hello\r\n' >dos
	: >empty
	echo '#!/bin/sh' >closed
	chmod 755 plain script dos empty
	mkdir directory
	local file
	for file in plain script dos empty closed directory; do
		status 126 "$GROUNDWORK" -c conf "./$file"
		contains "$err" "$file"
	done
	status 126 "$GROUNDWORK" -c conf ./script
	contains "$err" "/no/such/interpreter"
	status 126 "$GROUNDWORK" -c conf ./dos
	contains "$err" '\r'
}

# ---- a word that is no subcommand ----

# untouched TEXT WORD…: 127 with this text, and no step has run.
function untouched {
	local text=$1
	shift
	status 127 gw "$@"
	contains_once "$err" "$text"
	missing made
}

# laid COMMAND…: it is looked up when its turn comes.
function laid {
	rm -rf made
	status 127 "$@"
	exists made
	contains "$err" "not found"
}

a_misspelt_subcommand_starts_nothing() {
	one_step
	untouched "error: did you mean 'plan'? command 'plna' not found in PATH (" plna
	untouched "did you mean 'plan'?" plna --flag
	untouched "did you mean 'help'?" hlep
	untouched "did you mean 'version'?" run version
	untouched "did you mean 'plan'?" -q run plna with words
	untouched "did you mean 'plan'?" run plan
	untouched "did you mean 'apply'?" exec aply
}

what_is_near_no_subcommand_starts_nothing_either() {
	one_step
	PATH=/bin:/usr/bin untouched \
		"'nowhere-at-all' not found in PATH (/bin:/usr/bin) (nothing was touched;" nowhere-at-all
	PATH=/bin:/usr/bin untouched "command 'q' not found in PATH (/bin:/usr/bin) (nothing" q
	# A long one is cut.
	PATH=/bin:/usr/bin:$(printf '/no%0100d' 1) untouched "0000…) (nothing" nowhere-at-all
	untouched "did you mean 'check'?" validate
	untouched "did you mean 'run'?" start
	untouched "command '-' not found" -
	untouched "the command is empty" ""
	lacks "$err" "did you mean"
	# A directory is no program.
	mkdir bin bin/plna
	PATH=$PWD/bin:$PATH untouched "did you mean 'plan'?" plna
}

without_a_drop_in_a_misspelt_subcommand_is_one_too() {
	[[ ! -d /etc/groundwork/conf.d ]] || skip "there are drop-ins"
	status 127 "$GROUNDWORK" plna
	contains "$err" "did you mean 'plan'?"
	status 127 "$GROUNDWORK" -- plna
	lacks "$err" "did you mean"
}

a_command_that_is_not_typed_or_is_a_path_is_looked_up_at_its_turn() {
	one_step
	laid gw -- plna
	laid gw run -- plna
	laid gw ./plna
	printf '[app]\ncommand = plna\n' | drop_in 20.ini
	laid gw
	laid gw -- -x
	laid gw - x
}

a_program_that_is_there_is_the_application() {
	one_step
	mkdir bin
	printf '#!/bin/sh\necho started\n' >bin/plna
	chmod 755 bin/plna
	PATH=$PWD/bin:$PATH status 0 gw plna
	contains "$out" started
	# What cannot be executed is another error, of its turn.
	chmod 644 bin/plna
	rmdir made
	PATH=$PWD/bin:$PATH status 126 gw plna
	exists made
}

# It is the application's PATH that counts.
a_program_in_the_path_of_the_application_is_found() {
	mkdir opt
	printf '#!/bin/sh\necho started\n' >opt/plna
	chmod 755 opt/plna
	one_step
	printf '[app]\nenv = PATH=%s\n' "$PWD/opt:/usr/bin:/bin" | drop_in 20.ini
	status 0 gw plna
	contains "$out" started
	printf 'PATH=%s\n' "$PWD/opt:/usr/bin:/bin" >app.env
	printf '[app]\nenv_file = ../app.env\n' | drop_in 20.ini
	status 0 gw plna
	printf '[app]\nunset_env = PATH\n' | drop_in 20.ini
	PATH=$PWD/opt:$PATH untouched_path plna
	# A relative directory starts where the application does.
	printf '[app]\nenv = PATH=opt\n' | drop_in 20.ini
	rmdir made
	status 0 gw plna
}
function untouched_path {
	rmdir made
	untouched "not found in PATH (/usr/local/sbin:" "$@"
	mkdir made
}

# Its `path` says so; what a command leaves somewhere cannot be known.
a_program_that_a_step_makes_is_known() {
	drop_in 10.ini <<-'END'
		[file:tool]
		path = bin/plna
		mode = 0755
		content = #!/bin/sh
		  echo started
	END
	PATH=$PWD/bin:$PATH status 0 gw plna
	contains "$out" started
	rm -r bin
	drop_in 10.ini <<-'END'
		[exec:install]
		command = sh -c 'mkdir bin && cp plna bin'
	END
	printf '#!/bin/sh\necho started\n' >plna
	chmod 755 plna
	PATH=$PWD/bin:$PATH status 127 gw plna
	contains "$err" "a command that a step makes is named behind '--'"
	missing bin
	PATH=$PWD/bin:$PATH status 0 gw -- plna
	contains "$out" started
}

without_a_drop_in_only_run_goes_on() {
	mkdir empty
	local command
	for command in apply plan check; do
		status 100 "$GROUNDWORK" -c empty "$command"
		contains "$err" "no drop-in"
	done
	status 7 "$GROUNDWORK" -c empty sh -c 'exit 7'
	contains "$err" "no drop-in"
}

a_missing_config_path_is_an_error() {
	status 100 "$GROUNDWORK" -c nowhere sh -c 'echo started'
	contains "$err" "there is no configuration 'nowhere'"
	lacks "$out" started
}

variables_are_options_and_are_beaten_by_them() {
	one_step
	mkdir other
	printf '[directory:other]\npath = other-made\n' >other/10.ini
	status 0 env GROUNDWORK_CONFIG=conf GROUNDWORK_BASE=one "$GROUNDWORK" apply
	exists one/made
	status 0 env GROUNDWORK_CONFIG=conf GROUNDWORK_BASE=one \
		"$GROUNDWORK" -c other -C two apply
	exists two/other-made
	missing one/other-made two/made
	status 0 env GROUNDWORK_CONFIG=conf:other "$GROUNDWORK" -C three apply
	exists three/made
}

variables_for_the_log_level_and_the_report() {
	one_step
	status 0 env GROUNDWORK_LOG_LEVEL=error GROUNDWORK_REPORT=report.json \
		"$GROUNDWORK" -c conf apply
	equal "" "$(cat "$err")" "what is logged at the level error"
	exists report.json
	status 0 env GROUNDWORK_LOG_LEVEL=error GROUNDWORK_REPORT=report.json \
		"$GROUNDWORK" -c conf --log-level info --report second.json apply
	contains "$err" "directory:made"
	exists second.json
	status 100 env GROUNDWORK_LOG_LEVEL=loud "$GROUNDWORK" -c conf apply
	contains "$err" "GROUNDWORK_LOG_LEVEL"
}

the_command_line_beats_the_drop_in() {
	one_step
	drop_in 20-settings.ini <<-'END'
		[bootstrap]
		log_level = error
		report = configured.json
	END
	status 0 "$GROUNDWORK" -c conf apply
	equal "" "$(cat "$err")" "what is logged at the level error"
	exists configured.json
	rm -r made configured.json
	status 0 "$GROUNDWORK" -c conf -v --report given.json apply
	contains "$err" "directory:made"
	exists given.json
	missing configured.json
}

groundwork_enabled_no_starts_the_application_alone() {
	one_step
	local no
	for no in no 0 false off; do
		status 5 env GROUNDWORK_ENABLED=$no "$GROUNDWORK" -c conf sh -c 'exit 5'
		missing made
	done
	status 5 env GROUNDWORK_ENABLED=yes "$GROUNDWORK" -c conf sh -c 'exit 5'
	exists made
	status 100 env GROUNDWORK_ENABLED=perhaps "$GROUNDWORK" -c conf sh -c 'exit 5'
	contains "$err" "GROUNDWORK_ENABLED"
}

help_and_version_go_to_standard_output() {
	status 0 "$GROUNDWORK" --help
	contains "$out" "      --state DIR    the directory"
	local word
	for word in run apply exec plan check list --config --base --only --skip --force \
		--deadline --init --no-init --report --format --exit-code GROUNDWORK_CONFIG 111; do
		contains "$out" "$word"
	done
	equal "" "$(cat "$err")"
	status 0 "$GROUNDWORK" --version
	matches "$out" '^groundwork [0-9]'
	matches "$out" '[Ss][Qq][Ll]ite.* 3\.'
	matches "$out" 'libsodium'
	status 0 "$GROUNDWORK" apply -h
	contains "$out" "USAGE"
}

function three_steps {
	drop_in 10.ini <<-'END'
		[directory:a]
		path = a
		[directory:b]
		path = b
		requires = directory:a
		[directory:c]
		path = c
	END
}

only_runs_a_step_and_what_it_requires() {
	three_steps
	status 0 "$GROUNDWORK" -c conf apply --only directory:b
	exists a b
	missing c
	contains "$err" "directory:c  not selected"
}

only_and_skip_take_globs_and_repeat() {
	three_steps
	status 0 "$GROUNDWORK" -c conf apply --only 'directory:[ac]' --skip directory:c
	exists a
	missing b c
	status 0 "$GROUNDWORK" -c conf apply --skip directory:b --skip '*:a'
	exists c
	missing b
}

a_selection_that_finds_no_step_is_an_error() {
	three_steps
	local option
	for option in --only --skip --force; do
		status 100 "$GROUNDWORK" -c conf apply "$option" directory:d
		contains "$err" "$option directory:d: there is no such step"
	done
	missing a b c
}

force_does_what_is_in_place() {
	drop_in 10.ini <<-'END'
		[exec:mark]
		command = sh -c 'echo "$GROUNDWORK_STEP/$GROUNDWORK_FORCE" >>ran; touch made'
		creates = made
		[exec:other]
		command = sh -c 'echo other >>ran; touch other'
		creates = other
	END
	status 0 "$GROUNDWORK" -c conf apply
	status 0 "$GROUNDWORK" -c conf apply
	equal $'exec:mark/\nother' "$(cat ran)"
	status 0 "$GROUNDWORK" -c conf apply --force exec:mark
	equal $'exec:mark/\nother\nexec:mark/exec:mark' "$(cat ran)"
	status 0 env GROUNDWORK_FORCE='exec:o* exec:m*' "$GROUNDWORK" -c conf apply
	equal 5 "$(wc -l <ran)" "lines"
}

list_shows_the_order_and_what_is_required() {
	three_steps
	drop_in 20.ini <<-'END'
		[key:k]
		path = k
		order = 3
		[directory:z]
		path = z
		order = 1
		enabled = no
	END
	status 0 "$GROUNDWORK" -c conf list
	equal "directory:z key:k directory:a directory:b directory:c" \
		"$(awk '{ print $2 }' "$out" | tr '\n' ' ' | sed 's/ $//')"
	contains "$out" "requires directory:a"
	contains "$out" "not enabled"
	status 0 "$GROUNDWORK" -c conf list --format json
	python3 - "$out" <<-'END'
		import json, sys
		steps = json.load(open(sys.argv[1]))["steps"]
		assert [s["id"] for s in steps][:2] == ["directory:z", "key:k"], steps
		assert steps[3]["requires"] == ["directory:a"], steps
	END
	missing a b c k z
}

exec_lays_nothing_and_gives_what_key_steps_export() {
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		env = APP_KEY
		[directory:d]
		path = d
	END
	status 111 "$GROUNDWORK" -c conf exec sh -c 'echo started'
	contains "$err" "APP_KEY"
	lacks "$out" started
	missing k d
	status 0 "$GROUNDWORK" -c conf apply --only key:k
	# The inner shell's variable is meant.
	# shellcheck disable=SC2016
	status 0 "$GROUNDWORK" -c conf exec sh -c 'echo "$APP_KEY"'
	same k "$out"
	missing d
}

the_applications_environment_is_as_app_says() {
	drop_in app.ini <<-'END'
		[app]
		command = env
		workdir = /
		env = ADDED=${GROUNDWORK_BASE}/x
		 OURS=changed
		unset_env = SECRET_*
	END
	status 0 env OURS=ours SECRET_A=1 SECRET_B=2 KEPT=kept "$GROUNDWORK" -c conf
	contains "$out" "ADDED=$PWD/x"
	contains "$out" "OURS=changed"
	contains "$out" "KEPT=kept"
	lacks "$out" SECRET_
	status 0 "$GROUNDWORK" -c conf pwd
	equal / "$(cat "$out")" "the working directory"
}

the_log_goes_to_stderr_and_a_plan_to_stdout() {
	one_step
	status 0 "$GROUNDWORK" -c conf plan
	contains "$out" "directory:made"
	equal "" "$(cat "$err")"
	status 0 "$GROUNDWORK" -c conf apply
	contains "$err" "directory:made"
	equal "" "$(cat "$out")"
}

color_is_for_those_who_want_it() {
	one_step
	status 0 "$GROUNDWORK" -c conf plan
	lacks "$out" $'\033'
	status 0 "$GROUNDWORK" -c conf plan --color always
	contains "$out" $'\033['
	status 0 "$GROUNDWORK" -c conf plan --color never
	lacks "$out" $'\033'
}

the_application_becomes_our_process() {
	one_step
	# The inner shells' $$ are meant.
	# shellcheck disable=SC2016
	status 0 sh -c 'echo $$; exec "$0" -c conf sh -c "echo \$\$"' "$GROUNDWORK"
	equal "$(head -n 1 "$out")" "$(tail -n 1 "$out")" "the process id"
	# shellcheck disable=SC2016
	status 0 sh -c 'echo $$; exec "$0" -c conf --init sh -c "echo \$PPID"' "$GROUNDWORK"
	equal "$(head -n 1 "$out")" "$(tail -n 1 "$out")" "the supervisor's process id"
}

# ---- pictures ----

function pictured {
	drop_in 10.ini <<-'END'
		[app]
		command = ./server --port 1
		[directory:data]
		path = data
		[database:app]
		path = data/app.db
		requires = directory:data tcp://u:secret@db:5432
		[migrations:more]
		database = app
		path = ../more
		after = first
		[migrations:first]
		database = app
		path = ../first
		[exec:off]
		command = true
		enabled = no
	END
	mkdir more first
}

what_an_option_is_of_is_said_where_it_means_nothing() {
	local word
	printf '[directory:d]\npath = d\n' | drop_in 10.ini
	for word in apply run wait exec; do
		status 100 gw "$word" --format json
		contains "$err" "error: --format is of 'plan', 'list', 'status', 'explain', 'help': write --log-format for the log, or --report PATH for a report in JSON"
	done
	for word in check completion install version; do
		status 100 gw "$word" --format json
		contains "$err" "error: --format is of 'plan', 'list', 'status', 'explain', 'help'"
		lacks "$err" "--log-format"
	done
	status 100 gw apply --exit-code
	contains "$err" "--exit-code is of 'plan': write \`groundwork plan --exit-code\`"
	status 100 gw check --rehearse
	lacks "$err" "rehearse = yes"
	missing d
	status 0 gw apply --format text
}

a_list_is_drawn_by_graphviz() {
	pictured
	status 0 gw list --format dot
	lacks "$out" secret
	equal 'digraph groundwork {
	rankdir=LR;
	node [shape=box];
	s0 [label="directory:data (5)"];
	s1 [label="database:app (20)"];
	s0 -> s1;
	o0 [shape=ellipse, label="tcp://db:5432"];
	o0 -> s1;
	s2 [style=dashed, label="exec:off (30)"];
	o1 [shape=note, label="migrations:first"];
	o1 -> s1;
	o2 [shape=note, label="migrations:more"];
	o2 -> s1;
	o1 -> o2;
	app [style=bold, label="[app] ./server"];
	s1 -> app;
	s2 -> app;
}' "$(cat "$out")"
	command -v dot >/dev/null || return 0
	status 0 dot -Tplain "$out"
}

what_means_something_to_mermaid_is_written_otherwise() {
	printf '%s\n' '[app]' 'command = "./a<b>#c"' | drop_in 10.ini
	status 0 gw list --format mermaid
	contains "$out" '{{"[app] ./a#lt;b#gt;#35;c"}}'
}

a_list_is_drawn_by_mermaid() {
	pictured
	status 0 gw list --format mermaid
	equal 'flowchart LR
	s0["directory:data (5)"]
	s1["database:app (20)"]
	s0 --> s1
	o0(["tcp://db:5432"])
	o0 --> s1
	s2["exec:off (30) (not enabled)"]
	o1>"migrations:first"]
	o1 -.-> s1
	o2>"migrations:more"]
	o2 -.-> s1
	o1 -.-> o2
	app{{"[app] ./server"}}
	s1 --> app
	s2 --> app' "$(cat "$out")"
}
