#!/bin/bash
# SPDX-License-Identifier: MIT
# Modules: directories with a bootstrap.ini or a manifest.json that bring steps of their own.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# module NAME: one whose bootstrap.ini is stdin.
function module {
	mkdir -p "modules/$1"
	cat >"modules/$1/bootstrap.ini"
}

# manifest NAME: one whose manifest.json requires what stdin says.
function manifest {
	mkdir -p "modules/$1"
	printf '{"name": "%s", "bootstrap_requirements": %s}\n' "$1" "$(cat)" >"modules/$1/manifest.json"
}

# with_modules [LINE…]: the drop-in that names their directory, with more lines.
function with_modules {
	printf '%s\n' '[bootstrap]' 'modules = ../modules' "$@" | drop_in 10.ini
}

a_module_brings_its_steps() {
	with_modules
	module orders <<-'END'
		[directory:cache]
		path = data/orders
	END
	status 0 gw apply
	exists data/orders
	contains "$err" "+ directory:orders/cache"
	status 0 gw list
	contains "$out" "directory:orders/cache"
}

they_are_found_one_and_two_levels_deep() {
	with_modules
	module one <<<$'[directory:d]\npath = a'
	module two/inner <<<$'[directory:d]\npath = b'
	module one/nested <<<$'[directory:d]\npath = c'
	module x/y/three <<<$'[directory:d]\npath = d'
	module .hidden <<<$'[directory:d]\npath = e'
	status 0 gw list
	equal "$(<"$out")" "   5  directory:one/d
   5  directory:one/nested/d
   5  directory:two/inner/d"
}

a_directory_without_modules_is_a_warning() {
	local name
	with_modules
	mkdir modules
	status 0 gw check
	contains "$err" "warning: conf/10.ini:2: [bootstrap] modules: no module in '$PWD/modules': a module is a directory one or two levels below it with a bootstrap.ini or a manifest.json"
	status 0 gw apply
	contains "$err" "no module in"
	contains "$err" "the ground is laid: nothing to do"
	for name in x/y/z/bootstrap.ini x/Bootstrap.ini x/manifest.yaml; do
		mkdir -p "modules/${name%/*}"
		touch "modules/$name"
		status 0 gw plan
		contains "$err" "no module in"
		rm -r modules/x
	done
	touch modules/bootstrap.ini
	status 0 gw list
	contains "$err" "no module in '$PWD/modules', which is one itself: name the directory above it"
	rm modules/bootstrap.ini
	mkdir -p modules/off modules/on
	touch modules/off/.disabled
	status 0 gw check
	lacks "$err" "no module"
	rm -r modules/off
	printf '%s\n' '[bootstrap]' 'modules = -../modules' | drop_in 10.ini
	status 0 gw check
	lacks "$err" "no module"
	touch modules/on/bootstrap.ini
	printf '%s\n' '[bootstrap]' 'modules = -../modules/on' | drop_in 10.ini
	status 0 gw check
	contains "$err" "which is one itself"
}

a_disabled_module_is_passed_over() {
	with_modules
	module off <<<'[wrong'
	module off/inner <<<'[wrong'
	touch modules/off/.disabled
	module on <<<$'[directory:d]\npath = on'
	status 0 gw -v apply
	contains "$err" "module 'off' is disabled by "
	exists on
	rm modules/off/.disabled
	status 100 gw check
	contains "$err" "modules/off/bootstrap.ini:1: the header has no ']'"
	contains "$err" "modules/off/inner/bootstrap.ini:1: "
}

what_a_disabled_module_has_brought_is_named_with_it() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		modules = ../modules
		databases = data
		[exec:import]
		command = true
		requires = database:shop
		[exec:export]
		command = true
		requires = database:shop exec:import
	END
	mkdir -p modules/orders/migrations
	echo 'CREATE TABLE a(x);' >modules/orders/migrations/001_a.sql
	echo '{"bootstrap_requirements": {"database": "shop"}}' >modules/orders/manifest.json
	status 0 gw check
	touch modules/orders/.disabled
	status 100 gw check
	contains "$err" "10.ini:6: [exec:import] requires: there is no step 'database:shop'; the disabled module 'orders' may have brought it: declare it in a drop-in, too"
	# One cause is named once.
	contains "$err" "10.ini:9: [exec:export] requires: there is no step 'database:shop'"
	contains_once "$err" "may have brought it"
}

a_contributor_of_a_disabled_module_is_named_with_it() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		modules = ../modules
		[database:shop]
		path = shop.db
		[migrations:orders]
		database = shop
		path = sql
		after = catalog/migrations
	END
	mkdir -p conf/sql modules/catalog/migrations
	echo 'CREATE TABLE a(x);' | tee conf/sql/001_a.sql >modules/catalog/migrations/001_a.sql
	echo '{"bootstrap_requirements": {"database": "shop"}}' >modules/catalog/manifest.json
	status 0 gw check
	touch modules/catalog/.disabled
	status 100 gw check
	contains "$err" "10.ini:8: [migrations:orders] after: 'catalog/migrations' does not contribute to this database; the disabled module 'catalog' may have brought it: declare it in a drop-in, too"
	printf '%s\n' '[database:shop]' 'adopt = catalog/migrations/dbmate' | drop_in 20.ini
	sed -i /^after/d conf/10.ini
	status 100 gw check
	contains "$err" "does not contribute to this database; the disabled module 'catalog'"
}

paths_of_modules_lead_up_only_where_a_link_does() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		modules = ../modules
	END
	mkdir -p modules/orders
	printf '%s\n' '[exec:warm]' 'command = ./warm.sh' >modules/orders/bootstrap.ini
	status 111 gw plan
	contains "$out" " $PWD/modules/orders/bootstrap.ini:1: [exec:orders/warm]: command './warm.sh' not found; a relative path starts at '$PWD'"
	mkdir -p elsewhere/conf
	mv conf/10.ini elsewhere/conf
	rmdir conf
	ln -s elsewhere/conf conf
	mv modules elsewhere
	status 111 gw plan
	contains "$out" " $PWD/conf/../modules/orders/bootstrap.ini:1: "
}

what_is_said_of_a_disabled_module_waits_for_it() {
	with_modules '[directory:off/d]' 'mode = 0700' '[directory:off/in/d]' 'mode = 0711'
	module off <<<$'[directory:d]\npath = d'
	module off/in <<<$'[directory:d]\npath = e'
	touch modules/off/.disabled
	status 0 gw apply
	missing d e
	rm modules/off/.disabled
	status 0 gw apply
	equal "700 711" "$(stat -c %a d e | paste -sd ' ')"
}

a_name_is_looked_for_in_its_own_module_first() {
	with_modules '[key:session]' 'path = keys/all' '[key:other]' 'path = keys/other'
	module orders <<-'END'
		[key:session]
		path = keys/own
		[file:conf]
		path = conf.txt
		content = ${key:session} ${key:other} ${key:users/session}
		requires = key:session
		when = changed:key:session
	END
	module users <<<$'[key:session]\npath = keys/users'
	status 0 gw apply
	equal "$(<conf.txt)" "$(<keys/own) $(<keys/other) $(<keys/users)"
	status 0 gw list
	contains "$out" "file:orders/conf    requires key:orders/session, key:other (content), key:users/session (content)"
	rm keys/all
	status 0 gw apply
	contains "$err" "· file:orders/conf    when:"
}

a_hint_makes_no_circle() {
	with_modules '[directory:d]' 'path = d' 'requires = directory:cache'
	module orders <<<$'[directory:cache]\npath = c\nrequires = directory:d'
	status 100 gw check
	contains "$err" "there is no step 'directory:cache'"
	lacks "$err" "orders/cache"
}

# What lies beside the templates is none, nor is what an absolute path seems to name there.
a_template_of_a_manifest_is_below_the_modules_templates() {
	with_modules
	manifest orders <<<"{\"files\": [\"../outside\", \"$PWD/absolute\"]}"
	mkdir -p "modules/orders/templates$PWD"
	echo beside >modules/orders/outside
	echo below >"modules/orders/templates$PWD/absolute"
	mkdir base
	status 0 gw --base base apply
	equal "0 0" "$(stat -c %s outside absolute | xargs)"
}

a_name_without_its_module_has_a_hint() {
	with_modules '[directory:d]' 'path = d' 'requires = database:app' '[directory:e]' 'path = e'
	module orders <<<$'[database:app]\npath = app.db\n[directory:cache]\npath = c\n[key:k]\npath = k'
	module other <<<$'[database:main]\npath = main.db'
	status 100 gw check
	contains "$err" "conf/10.ini:5: [directory:d] requires: there is no step 'database:app'; did you mean 'database:orders/app'?"
	sed -i 's|database:app|database:orders/app|' conf/10.ini
	status 0 gw check
	status 100 gw --only key:k check
	contains "$err" "--only key:k: there is no such step; did you mean 'key:orders/k'?"
	printf '[directory:cache]\nmode = 0700\n' >>conf/10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:8: [directory:cache] path: missing, and it is required ("
	contains "$err" "); that of a module is called [directory:orders/cache]"
	contains "$err" "1 error in the configuration"
	sed -i 's|^.directory:cache.|[directory:orders/cache]|' conf/10.ini
	status 0 gw check
}

several_modules_share_a_database() {
	with_modules '[database:app]' 'path = app.db'
	module users <<-'END'
		[migrations:schema]
		database = app
		path = sql
	END
	module orders <<-'END'
		[migrations:schema]
		database = app
		path = sql
		after = users/schema
		[migrations:more]
		database = app
		path = more
		after = schema
	END
	mkdir modules/{users,orders}/sql modules/orders/more
	echo 'CREATE TABLE u(id INTEGER PRIMARY KEY);' >modules/users/sql/001_u.sql
	echo 'CREATE TABLE o(u REFERENCES u); INSERT INTO u VALUES(1);' >modules/orders/sql/001_o.sql
	echo 'INSERT INTO o VALUES(1);' >modules/orders/more/001_more.sql
	status 0 gw apply
	equal "$(sqlite3 app.db 'SELECT module FROM groundwork_migrations ORDER BY rowid')" \
		"users/schema
orders/schema
orders/more"
}

a_database_of_the_module_comes_first() {
	with_modules '[database:app]' 'path = all.db'
	module orders <<-'END'
		[database:app]
		path = own.db
		[migrations:m]
		database = app
		path = sql
	END
	mkdir modules/orders/sql
	echo 'CREATE TABLE o(x);' >modules/orders/sql/001_o.sql
	status 0 gw apply
	equal "$(sqlite3 own.db .tables)" "groundwork_migrations  o                    "
	status 0 gw plan
	contains "$out" "database:orders/app"
	equal "$(sqlite3 all.db 'SELECT count(*) FROM groundwork_migrations')" 0
}

a_manifest_says_what_it_requires() {
	with_modules 'databases = db'
	manifest orders <<-'END'
		{
			"directories": ["data/cache", {"path": "data/spool", "mode": "0750"}],
			"files": ["etc/orders.json", "etc/named.txt", {"path": "etc/empty", "mode": "0600"}],
			"database": "app"
		}
	END
	mkdir -p modules/orders/{templates/etc,migrations}
	# shellcheck disable=SC2016 # variables of groundwork's
	{
		echo '{"name": "${NAME}"}' >modules/orders/templates/etc/orders.json
		echo 'named ${NAME}' >modules/orders/templates/named.txt
	}
	echo 'CREATE TABLE o(x);' >modules/orders/migrations/001_o.sql
	manifest users <<<'{"database": "app"}'
	mkdir modules/users/migrations
	echo 'CREATE TABLE u(x);' >modules/users/migrations/001_u.sql
	NAME='"x"' status 0 gw apply
	equal "$(<etc/orders.json)" '{"name": "\"x\""}'
	equal "$(<etc/named.txt)" 'named "x"'
	mode data/cache 755
	mode data/spool 750
	equal '600 0' "$(stat -c '%a %s' etc/empty)"
	equal "$(sqlite3 db/app.db 'SELECT module FROM groundwork_migrations ORDER BY 1')" \
		"orders/migrations
users/migrations"
	NAME=x status 0 gw list
	equal "$(<"$out")" "   5  directory:orders/1
   5  directory:orders/2
  15  file:orders/1
  15  file:orders/2
  15  file:orders/3
  20  database:app
      migrations:orders/migrations  contributes to database:app
      migrations:users/migrations   contributes to database:app"
	NAME=x status 0 gw apply
	contains "$err" "nothing to do"
}

a_manifest_of_another_program_is_no_module() {
	with_modules
	mkdir -p modules/web
	echo '{"name": "an app of the web"}' >modules/web/manifest.json
	status 0 gw check
	equal "$(<"$err")" ""
	contains "$out" "0 steps in 1 file"
}

# One that is cut short may have been a module's.
a_manifest_that_is_damaged_is_a_warning() {
	with_modules
	mkdir -p modules/cut modules/empty
	printf '{"bootstrap_requirem' >modules/cut/manifest.json
	: >modules/empty/manifest.json
	status 0 gw check
	matches "$err" "warning: .*/cut/manifest.json:1:[0-9]+: .*; no module's requirements are in it: if it is none's, a file .disabled beside it says so"
	contains "$err" "/empty/manifest.json:1:1: "
	touch modules/{cut,empty}/.disabled
	status 0 gw check
	equal "$(<"$err")" ""
}

# A misspelt one would be taken for another program's, and nothing be laid.
the_member_of_a_manifest_is_recognized_when_misspelt() {
	with_modules
	local name
	for name in boostrap_requirements bootstrap-requirements bootstrapRequirements \
		bootstrap_requirement Bootstrap_Requirements; do
		mkdir -p modules/a
		printf '{"name": "x",\n "%s": {"directories": ["x"]}}\n' "$name" >modules/a/manifest.json
		status 100 gw check
		contains "$err" "a/manifest.json:2:2: '$name': did you mean 'bootstrap_requirements'?"
	done
	for name in requirements bootstrap install_requirements booted; do
		printf '{"%s": ["x"]}\n' "$name" >modules/a/manifest.json
		status 0 gw check
		equal "$(<"$err")" ""
	done
}

what_is_wrong_in_a_manifest_is_listed_with_its_place() {
	with_modules
	manifest a <<<'{"directories": ["x", 5], "files": "y", "databse": "z"}'
	manifest b <<<'{"directories": [{"path": "x", "mdoe": "0750"}, {"mode": "0750"}], "database": "no such name"}'
	manifest c <<<'{"database": "app"}'
	manifest d <<<'[]'
	manifest e <<<'{"directories": ["a\u0000b", {"path": {}}]}'
	manifest f <<<'{"directories": ["x"] "files": []}'
	manifest h <<<'{"database": "app", "after": ["a"]}'
	manifest g <<<'{"directories": [{"path": "x", "path": "y"}], "directories": ["z"]}'
	status 100 gw check
	contains "$err" "a/manifest.json:1:63: an item is a path, or an object with keys of [directory:NAME]"
	contains "$err" "a/manifest.json:1:76: this is an array of paths"
	contains "$err" "unknown member 'databse'; did you mean 'database'?"
	contains "$err" "unknown member 'after'; [migrations:h/migrations] of a drop-in says so"
	contains "$err" "[directory:b/1] mdoe: unknown key; did you mean 'mode'?"
	contains "$err" "[directory:b/2] path: missing, and it is required"
	lacks "$err" "did you mean [directory:" # the numbers are ours
	contains "$err" "database: this is the NAME of a [database:NAME]"
	contains "$err" "c/manifest.json:1:54: there is no [database:app]: declare it, or name a directory for such databases by \`databases\` in [bootstrap]"
	contains "$err" "d/manifest.json:1:41: bootstrap_requirements: this is an object with directories, files, database"
	contains "$err" "a NUL character, which no value can have"
	contains "$err" "path: a value is a text, a number, true, false, null or an array of texts"
	contains "$err" "f/manifest.json:1:"
	contains "$err" "[directory:g/1] path: this key is in line 1 already"
	contains "$err" "g/manifest.json:1:87: 'directories' is there already: keep one of them, with all that is in both"
	lacks "$err" "this header"
}

# Readers of JSON take one of the two and say nothing, and the other one is lost.
a_member_that_is_there_twice_is_an_error() {
	with_modules
	manifest a <<<'{"database": "x", "files": ["f"], "database": "y", "f\u0069les": ["g"]}'
	module b <<<''
	printf '{"bootstrap_requirements": {"directories": ["x"]},\n"bootstrap_requirement\\u0073": {}}' >modules/b/manifest.json
	status 100 gw check
	contains "$err" "a/manifest.json:1:75: 'database' is there already"
	contains "$err" "a/manifest.json:1:92: 'files' is there already"
	contains "$err" "b/manifest.json:2:1: 'bootstrap_requirements' is there already"
	lacks "$err" "did you mean"
}

a_member_whose_name_has_escapes_is_that_member() {
	with_modules
	mkdir -p modules/a
	printf '{"bootstrap_requirement\\u0073": {"direct\\u006fries": ["x"]}, "a\\u0000b": 1}' >modules/a/manifest.json
	status 0 gw apply
	[[ -n $(find . -name x -type d) ]] || fail "no directory x"
	lacks "$err" "did you mean"
}

a_step_in_both_files_of_a_module_is_an_error() {
	with_modules
	manifest orders <<<'{"directories": ["b"]}'
	module orders <<<$'[directory:1]\npath = a'
	status 100 gw check
	contains "$err" "orders/bootstrap.ini:1: [directory:1]: '"
	contains "$err" "orders/manifest.json' line 1 declares this step already: choose another name"
}

a_drop_in_says_more_of_a_module_s_step() {
	with_modules '[directory:orders/cache]' 'mode = 0700' '[directory:orders/1]' 'mode = 0711'
	module orders <<-'END'
		[directory:cache]
		path = cache
		mode = 0755
	END
	manifest orders <<<'{"directories": ["first"]}'
	status 0 gw apply
	equal "$(stat -c %a cache first)" "700
711"
}

a_drop_in_that_names_no_step_of_a_module_is_an_error() {
	with_modules '[directory:orders/cahce]' 'mode = 0700' '[directory:a/b/c/d]' '[directory:/a]'
	module orders <<<$'[directory:cache]\npath = cache'
	status 100 gw apply
	contains "$err" "10.ini:3: [directory:orders/cahce]: no module declares this step; did you mean 'directory:orders/cache'?"
	contains "$err" "10.ini:5: [directory:a/b/c/d]: 'a/b/c/d' is no name"
	contains "$err" "10.ini:6: [directory:/a]: '/a' is no name"
	missing cache
	drop_in 10.ini <<<'[directory:orders/cache]'
	status 100 gw apply
	contains "$err" "10.ini:1: [directory:orders/cache]: no module declares this step, and there is none: a name without a module has no '/'"
}

settings_stand_in_drop_ins_alone() {
	with_modules
	module orders <<-'END'
		[app]
		user = root
		[env]
		PATH = /evil
		[bootstrap]
		enabled = no
		[defaults:file]
		mode = 0777
	END
	status 100 gw apply
	for section in app env bootstrap defaults:file; do
		contains "$err" "[$section]: a module declares steps alone: write this into a drop-in"
	done
	equal "$(wc -l <"$err")" 5
}

defaults_of_drop_ins_are_theirs_too() {
	with_modules '[defaults:directory]' 'mode = 0701'
	module orders <<<$'[directory:cache]\npath = cache'
	status 0 gw apply
	equal "$(stat -c %a cache)" 701
}

their_directory_may_be_a_variable_and_missing() {
	# shellcheck disable=SC2016 # a variable of groundwork's
	printf '%s\n' '[bootstrap]' 'modules = ${MODULES}' | drop_in 10.ini
	MODULES=$PWD/nowhere status 100 gw apply
	contains "$err" "conf/10.ini:2: [bootstrap] modules: there is no directory '$PWD/nowhere'; a '-' in front makes it optional"
	printf '%s\n' '[bootstrap]' 'modules = nowhere' | drop_in 10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:2: [bootstrap] modules: there is no directory '$PWD/conf/nowhere'"
	contains "$err" "optional (it starts at the directory of the drop-in)"
	# shellcheck disable=SC2016 # a variable of groundwork's
	printf '%s\n' '[bootstrap]' 'modules = -${MODULES}' | drop_in 10.ini
	MODULES=$PWD/nowhere status 0 gw apply
	module a <<<$'[directory:d]\npath = d'
	MODULES=$PWD/modules status 0 gw apply
	exists d
	MODULES=$PWD/conf/10.ini status 100 gw apply
	contains "$err" "10.ini' is no directory"
}

each_directory_that_cannot_be_searched_is_named() {
	printf '%s\n' '[bootstrap]' 'modules = one -two ../modules three 10.ini' | drop_in 10.ini
	mkdir modules
	status 100 gw check
	contains "$err" "there is no directory '$PWD/conf/one'; a '-' in front makes it optional; there is no directory '$PWD/conf/three'; "
	contains "$err" "'$PWD/conf/10.ini' is no directory"
	lacks "$err" "conf/two"
}

a_missing_directory_is_listed_with_all_other_errors() {
	printf '%s\n' '[bootstrap]' 'modules = nowhere' 'tiemout = 3s' '[directory:d]' 'pth = d' '[directory:e]' 'path = e' \
		'requires = directory:a/d directory:f' '[directory:a/d]' 'mode = 0700' | drop_in 10.ini
	status 100 gw apply
	contains "$err" "conf/10.ini:2: [bootstrap] modules: there is no directory '$PWD/conf/nowhere'"
	contains "$err" "conf/10.ini:3: [bootstrap] tiemout: unknown key"
	contains "$err" "conf/10.ini:5: [directory:d] pth: unknown key"
	contains "$err" "there is no step 'directory:f'"
	lacks "$err" "directory:a/d" # which a module may have
	contains "$err" "errors in the configuration; nothing was touched"
	printf '%s\n' '[bootstrap]' 'modules = nowhere' | drop_in 10.ini
	status 100 gw apply
	contains "$err" "1 error in the configuration; nothing was touched"
}

a_directory_that_is_not_known_is_no_error_of_a_check() {
	# shellcheck disable=SC2016 # a variable of groundwork's
	printf '%s\n' '[bootstrap]' 'modules = ${MODULES}' '[directory:a/d]' 'mode = 0700' | drop_in 10.ini
	module a <<<$'[directory:d]\npath = d'
	status 0 gw check
	MODULES=$PWD/modules status 0 gw check
	contains "$out" "1 step in 2 files"
	status 100 gw apply
	contains "$err" "MODULES is not set"
}

a_name_that_cannot_be_written_is_an_error() {
	with_modules
	module 'my module' <<<$'[directory:d]\npath = d'
	status 100 gw check
	contains "$err" "'my module' is no name of a module: it has up to 64 letters, digits, '_', '.' and '-'"
}

a_module_of_one_name_in_two_directories_is_an_error() {
	printf '%s\n' '[bootstrap]' 'modules = ../modules ../more' | drop_in 10.ini
	module a <<<$'[directory:d]\npath = d'
	mkdir -p more/a
	echo >more/a/bootstrap.ini
	status 100 gw check
	contains "$err" "module 'a' is in '"
}

# A value that a module hands on is a secret in [env], too.
what_a_module_hands_on_is_a_secret() {
	# shellcheck disable=SC2016 # variables of groundwork's
	with_modules '[env]' 'DERIVED = x${TOKEN}' '[exec:show]' 'command = echo ${DERIVED}'
	module a <<<$'[key:k]\npath = k\nenv = TOKEN'
	TOKEN=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef status 100 gw apply
	# shellcheck disable=SC2016 # a variable of groundwork's
	contains "$err" '[exec:show] command: ${DERIVED} would show a secret'
}

root_a_module_that_others_can_change_is_a_warning() {
	with_modules
	module a <<<$'[directory:d]\npath = d'
	chown 1234 modules/a modules/a/bootstrap.ini
	status 0 gw apply
	contains "$err" "modules/a' (1234:0, 0755) can be changed by user 1234, and what it says is done as root"
	equal "$(wc -l <"$err")" 3
}

user_a_module_that_cannot_be_read_is_an_error() {
	with_modules
	module a <<<$'[directory:d]\npath = d'
	chmod 0 modules/a
	status 100 gw apply
	contains "$err" "/modules/a', in which modules are looked for, is not readable for us"
	chmod 755 modules/a
}

the_report_names_the_module_s_file() {
	with_modules
	module a <<<$'\n[directory:d]\npath = d'
	manifest a <<<$'{\n"directories": ["x"]}'
	status 0 gw --report r.json apply
	equal "$(python3 -c 'import json
for s in json.load(open("r.json"))["steps"]:
    print(s["id"], s["file"].split("/")[-1], s["line"])')" "directory:a/1 manifest.json 2
directory:a/d bootstrap.ini 2"
}

# Whatever language a module is in: of its files only the two are opened.
nothing_of_a_module_s_code_is_read_or_run() {
	[[ -n $(command -v strace) ]] || skip "no strace here"
	! grep -q __asan_init "$GROUNDWORK" || skip "strace and the sanitizer do not go together"
	with_modules
	module orders <<<$'[directory:cache]\npath = cache'
	for name in index.js package.json main.py __init__.py boot.php Module.class setup.sh; do
		printf '#!/bin/sh\ntouch ran\n' >"modules/orders/$name"
		chmod +x "modules/orders/$name"
	done
	status 0 strace -f -o trace -e trace=open,openat,execve,readlink,stat,lstat,newfstatat \
		"$GROUNDWORK" -c conf apply
	missing ran
	for name in index.js package.json main.py __init__.py boot.php Module.class setup.sh; do
		! grep -F "$name" trace || fail "it asked for $name"
	done
	equal "$(grep -c execve trace)" 1
}

# With FULL 1,000.
many_modules_of_ten_steps() {
	local module count=250 directories=()
	[[ ${FULL:-0} != 1 ]] || count=1000
	with_modules
	for ((module = 0; module < count; module++)); do
		directories+=("modules/m$module")
	done
	mkdir -p "${directories[@]}"
	for ((module = 0; module < count; module++)); do
		for ((step = 0; step < 10; step++)); do
			printf '[directory:d%d]\npath = data/m%d/d%d\n' $step $module $step
		done >"modules/m$module/bootstrap.ini"
	done
	status 0 gw -q plan
	equal "$(wc -l <"$out")" $((count * 10 + 1))
	status 0 gw apply
	contains "$err" "$((count * 10)) made"
	status 0 gw apply
	contains "$err" "nothing to do, $((count * 10)) in place"
}

