#!/bin/bash
# SPDX-License-Identifier: MIT
# The subcommand explain: kinds, sections and keys from the program's own tables.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# What an example reads and does not make.
function lay_sources {
	mkdir -p migrations audit/migrations
	echo 'CREATE TABLE note (text TEXT);' >migrations/001_note.sql
	echo 'CREATE TABLE entry (text TEXT);' >audit/migrations/001_entry.sql
	cp "$ROOT/tests/age/files/text.asc" db_password.age
	cp "$ROOT/tests/age/files/identity.txt" identity.txt
	touch app.template
	# What an earlier start has downloaded, so that no server is asked.
	mkdir -p data
	echo model >data/.model.bin.groundwork-partial
	chmod 600 data/.model.bin.groundwork-partial
}

# tables CODE: runs Python code that knows the program's `tables`.
function tables {
	"$GROUNDWORK" explain --format json >tables.json
	python3 -c 'import json, sys
tables = json.load(open("tables.json"))
exec(sys.argv[1])' "$1"
}

explain_lists_each_section_in_a_line() {
	local words word
	words=$(tables 'print(*(section["name"] for section in tables["sections"]))')
	status 0 "$GROUNDWORK" explain
	for word in $words; do
		matches "$out" "^  $word  +[a-z]"
	done
}

explain_needs_no_configuration() {
	mkdir conf
	echo broken >conf/10.ini
	GROUNDWORK_CONFIG=conf status 0 "$GROUNDWORK" explain file
	equal "" "$(cat "$err")"
	chmod 0 . 2>/dev/null && status 0 "$GROUNDWORK" explain file
	chmod 700 .
}

explain_prints_keys_with_type_default_and_meaning() {
	status 0 "$GROUNDWORK" explain link
	contains "$out" "[link:NAME]: a symbolic link"
	contains "$out" "path (path, required)"
	contains "$out" "replace (no · link, default no)"
	contains "$out" "explain step"
	contains "$out" "target = releases/1.0"
}

explain_prints_one_key() {
	status 0 "$GROUNDWORK" explain app.stop_timeout
	contains "$out" "[app] stop_timeout"
	contains "$out" "duration, default none"
	contains "$out" "stop_timeout = 20s"
	# Neither is of the steps.
	matches <(tr -s "\n " " " <"$out") "The command of a step always has 4[.]5s"
	status 0 "$GROUNDWORK" explain app.leftover_timeout
	matches <(tr -s "\n " " " <"$out") "what a step's command leaves always has 4[.]5s"
	status 0 "$GROUNDWORK" explain key.bytes
	contains "$out" "from 16 to 4096, default 32"
}

explain_prints_a_key_of_every_step() {
	status 0 "$GROUNDWORK" explain file.when
	contains "$out" "[file:NAME] when"
	status 0 "$GROUNDWORK" explain file.order
	contains "$out" "default 15"
}

explain_finds_a_word_in_the_manuals() {
	local word
	for word in ledger adopt baseline stamp migration sqlx d1 golang-migrate WAL ATTACH; do
		status 0 "$GROUNDWORK" explain "$word"
		contains "$out" "$word: where the manuals speak of it"
		tail -n +3 "$out" >rest
		grep -qi -e "$word" rest || fail "nothing of $word"
		lacks "$out" "WHERE FILES ARE FOUND"
		status 0 "$GROUNDWORK" explain --format markdown "$word"
		status 0 "$GROUNDWORK" explain --format mdoc "$word"
		status 100 "$GROUNDWORK" explain --format json "$word"
	done
	# What is called so, or has it as code, goes before what only mentions it.
	status 0 "$GROUNDWORK" explain sqlx
	contains "$out" "_sqlx_migrations"
	contains "$out" "database:"
	lacks "$out" "dbmate"
	status 0 "$GROUNDWORK" explain stop_timeout
	contains "$out" "A key: \`groundwork explain app.stop_timeout\`."
	contains "$out" "until KILL"
	# With what stands below a text as code.
	status 0 "$GROUNDWORK" explain schema_drift
	contains "$out" "sqlite3 app.db \"INSERT INTO groundwork_migrations"
	lacks "$out" "createdb"
	status 0 "$GROUNDWORK" explain condition
	contains "$out" "is-link:/p"
	contains "$out" "Conditions of one group that can never hold"
	lacks "$out" "[database:"
}

explain_finds_a_part_of_a_word_where_there_is_no_more() {
	status 0 "$GROUNDWORK" explain termination
	contains "$out" "/dev/termination-log"
	lacks "$out" BEHAVIOUR
	status 0 "$GROUNDWORK" explain behaviour
	contains "$out" "BEHAVIOUR AND ITS TESTS"
	contains "$out" "nothing is half done"
	status 100 "$GROUNDWORK" explain terminatio
}

explain_suggests_the_nearest() {
	status 100 "$GROUNDWORK" explain fille
	contains "$err" "did you mean 'file'?"
	status 100 "$GROUNDWORK" explain file.pth
	contains "$err" "did you mean 'path'?"
	status 100 "$GROUNDWORK" explain grundwork
	contains "$err" "did you mean 'groundwork'?"
	status 100 "$GROUNDWORK" explain groundwork.inni
	contains "$err" "'groundwork.inni'; did you mean 'groundwork.ini'?"
	status 100 "$GROUNDWORK" explain grundwork.ini
	contains "$err" "'grundwork.ini'; did you mean 'groundwork.ini'?"
	status 100 "$GROUNDWORK" explain groundwork.some_key
	contains "$err" "no kind or section 'groundwork.some_key'"
	status 100 "$GROUNDWORK" explain groundwork.5
	contains "$err" "no kind or section 'groundwork.5'"
	status 100 "$GROUNDWORK" explain fil.mode
	contains "$err" "'fil'; did you mean 'file'?"
	status 100 "$GROUNDWORK" explain nothing-like-it
	contains "$err" "lists all"
	status 100 "$GROUNDWORK" explain file key
	contains "$err" "one word at most"
	status 100 "$GROUNDWORK" explain migrations.when
	contains "$err" "has no key 'when'"
}

options_may_stand_behind_the_word() {
	status 0 "$GROUNDWORK" explain link --format markdown
	contains "$out" '(no · link, default no): '
	status 0 "$GROUNDWORK" --format mdoc explain link
	contains "$out" ".Sh EXAMPLE"
	status 100 "$GROUNDWORK" explain link --format xml
	mkdir conf
	status 100 "$GROUNDWORK" -c conf plan --format mdoc
	contains "$err" "--format: 'plan' knows text, json"
	status 100 "$GROUNDWORK" -c conf list --format mdoc
	contains "$err" "'list' knows text, json, dot, mermaid"
}

text_fits_80_columns() {
	local word
	for word in "" $(tables '
for section in tables["sections"]:
    print(section["name"], *(f"{section["name"]}.{key["name"]}" for key in section["keys"]))
'); do
		status 0 "$GROUNDWORK" explain ${word:+"$word"}
		# Characters, not bytes.
		! grep -E '.{81}' "$out" || fail "wider than 80 columns: $word"
	done
}

each_key_has_help_a_type_and_an_example() {
	tables '
for section in tables["sections"]:
    for key in section["keys"]:
        name = section["name"] + "." + key["name"]
        assert key["type"] and key["help"] and key["example"], name
        assert key["help"][0].islower() or key["help"][0] in "`-", name
        assert not key["help"].endswith("."), name
        assert key["name"] + " =" in key["example"], name
'
}

# The section of each example, and of each key in it, is one that `check` accepts.
# timeout: 180
each_key_can_be_written_as_its_example_says() {
	lay_sources
	tables '
import os
for section in tables["sections"]:
    header = section["example"][section["example"].rindex("\n[") + 1:].split("\n")[0] \
        if "\n[" in section["example"] else section["example"].split("\n")[0]
    for key in section["keys"]:
        directory = "conf/" + section["name"] + "." + key["name"]
        os.makedirs(directory)
        open(directory + "/10.ini", "w").write(section["example"])
        lines = key["example"].split("\n", 1)[1]
        open(directory + "/20.ini", "w").write(header + "\n" + lines)
'
	mkdir -p conf/a
	local dir
	for dir in conf/*.*; do
		cp -R migrations audit app.template db_password.age identity.txt "$dir"
		"$GROUNDWORK" -c "$dir" --state st check >"$out" 2>"$err" ||
			grep -qE 'a file has one text|means nothing for type|that is a directory|is for the lines of|does not go with|says whether it was done|has no effect without|is of http:// and https://|is of a new database|is of a server|a file of SQLite' "$err" ||
			fail "$dir: $(cat "$err")"
	done
}

# Each whole example does what it says, and finds all of it in place at the next start.
# timeout: 180
each_example_can_be_applied() {
	local name
	for name in $(tables 'for section in tables["sections"]: print(section["name"])'); do
		mkdir "$name"
		(
			cd "$name"
			lay_sources
			"$GROUNDWORK" explain "$name" --format json |
				python3 -c 'import json, sys; print(json.load(sys.stdin)["example"], end="")' |
				sed 's,/run/secrets/,,; s,tcp://db:5432,file:///,' >groundwork.ini
			status 0 "$GROUNDWORK" -c groundwork.ini -- true
			[[ $name == bootstrap ]] || lacks "$err" "no bootstrap"
			status 0 "$GROUNDWORK" -c groundwork.ini plan --exit-code
		)
	done
}
