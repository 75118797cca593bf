#!/bin/bash
# SPDX-License-Identifier: MIT
# The manuals, held against the tables of the program in both directions.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

function print_manuals {
	local name
	"$GROUNDWORK" explain --format json >tables.json
	for name in groundwork groundwork.ini; do
		"$GROUNDWORK" explain --format markdown "$name" >"$name.md"
	done
}

pages_render_without_a_warning() {
	command -v mandoc >/dev/null || skip "no mandoc here"
	local word
	for word in "" groundwork groundwork.ini app step defaults file exec file.mode; do
		"$GROUNDWORK" explain --format mdoc ${word:+"$word"} >page
		status 0 mandoc -Tlint -Wwarning page
		equal "" "$(cat "$out")" "explain $word"
	done
}

manuals_fit_80_columns() {
	local name
	for name in groundwork groundwork.ini; do
		status 0 "$GROUNDWORK" explain "$name"
		! grep -E '.{81}' "$out" || fail "wider than 80 columns: $name"
	done
}

every_table_that_a_manual_asks_for_exists() {
	local page
	for page in groundwork groundwork.ini; do
		status 0 "$GROUNDWORK" explain "$page"
		! grep -n '^ *@' "$out" || fail "$page has a line that begins with @"
	done
}

the_default_order_of_each_kind_is_in_the_manual() {
	status 0 "$GROUNDWORK" explain groundwork.ini
	matches "$out" '^  directory  5$'
	matches "$out" '^  database   20$'
	matches "$out" '^  exec       30$'
}

a_manual_may_be_named_with_its_section() {
	local name
	for name in groundwork.1 groundwork.ini.5; do
		status 0 "$GROUNDWORK" explain "${name%.*}"
		cp "$out" expected
		status 0 "$GROUNDWORK" explain "$name"
		cmp -s expected "$out" || fail "another text for $name"
	done
}

a_manual_is_no_json() {
	status 100 "$GROUNDWORK" explain groundwork --format json
	contains "$err" "text, markdown or mdoc"
}

what_the_tables_have_is_in_a_manual() {
	print_manuals
	status 0 "$ROOT/tests/cli/manual_names.py" missing
}

what_a_manual_names_exists() {
	print_manuals
	status 0 "$ROOT/tests/cli/manual_names.py" unknown
}

# A row of "Behaviour and its tests" names a test that there is.
each_test_that_is_named_exists() {
	local row file
	"$GROUNDWORK" explain groundwork |
		grep -oE '([a-z0-9_]+_test:[a-z0-9_]+|(step|plan)/[a-z0-9_]+_test)' >rows
	[[ $(wc -l <rows) -gt 40 ]] || fail "only $(wc -l <rows) rows"
	while read -r row; do
		file=$ROOT/tests/cli/${row%%:*}.sh
		[[ $row == *:* ]] || file=$ROOT/tests/$row.c
		test -e "$file" || fail "there is no $file"
		[[ $row != *:* ]] || grep -q "^${row#*:}() {" "$file" || fail "there is no $row"
	done <rows
}

# Each INI text of the manuals is one that `check` accepts.
what_a_manual_shows_is_accepted() {
	print_manuals
	mkdir -p migrations audit/migrations modules/orders
	printf '%s\n' '[directory:cache]' 'path = cache' >modules/orders/bootstrap.ini
	touch identity.txt
	sed -n 's/.*"\(.*\)\\n".*/\1/p' "$ROOT/tests/age_file.h" |
		sed -n '/BEGIN AGE/,/END AGE/p;/END AGE/q' >db_password.age
	echo 'CREATE TABLE note (text TEXT);' | tee migrations/001_a.sql >audit/migrations/001_b.sql
	python3 - <<-'END'
		import re
		blocks = re.findall(r"^```\n(\[.*?)^```$", open("groundwork.ini.md").read(), re.M | re.S)
		assert len(blocks) > 8
		for number, block in enumerate(blocks):
		    open(f"{number}.ini", "w").write(block)
	END
	local file
	for file in *.ini; do
		status 0 "$GROUNDWORK" -c "$file" check
	done
}
