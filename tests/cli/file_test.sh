#!/bin/bash
# SPDX-License-Identifier: MIT
# The kind `file`: where its text comes from, when it is written, and how.

# Most of these tests hand ${…} to groundwork, not to the shell.
# shellcheck disable=SC2016
. "${BASH_SOURCE[0]%/*}/../lib.sh"

without_a_text_it_is_an_empty_placeholder() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = a/f
	END
	status 0 gw apply
	mode a/f 644
	equal 0 "$(stat -c %s a/f)" "size"
}

a_template_is_expanded_and_a_source_is_not() {
	drop_in 10.ini <<-'END'
		[file:template]
		path = template
		template = ../text
		[file:source]
		path = source
		source = ../text
	END
	printf 'name ${NAME} $${NAME} $NAME ${UNSET:-default}' >text
	status 0 env NAME=value "$GROUNDWORK" -c conf apply
	equal 'name value ${NAME} $NAME default' "$(cat template)"
	equal 'name ${NAME} $${NAME} $NAME ${UNSET:-default}' "$(cat source)"
	contains "$err" '$NAME is left as it is'
}

a_source_may_hold_any_byte_and_a_template_no_nul() {
	drop_in 10.ini <<-'END'
		[file:source]
		path = source
		source = ../bytes
	END
	printf 'a\0b\xff' >bytes
	status 0 gw apply
	cmp bytes source
	printf '[file:t]\npath = t\ntemplate = ../bytes\n' | drop_in 20.ini
	status 111 gw apply
	contains "$err" "NUL"
	missing t
}

a_source_may_be_of_any_size() {
	printf '[file:f]\npath = f\nsource = ../s\npolicy = manage\n' | drop_in 10.ini
	truncate -s 17M s
	status 0 gw apply
	contains "$err" "(17825792 bytes)"
	cmp s f
	snapshot f >before
	status 0 gw apply
	snapshot f | cmp - before
	printf x >>s
	status 0 gw apply
	cmp s f
	status 0 gw apply
	contains "$err" "1 file in place"
}

# What /proc has no size for is compared, and copied, all the same.
the_size_of_a_source_is_what_is_read_of_it() {
	printf '[file:f]\npath = f\nsource = /proc/version\npolicy = manage\n' |
		drop_in 10.ini
	status 0 gw apply
	cmp /proc/version f
	status 0 gw apply
	contains "$err" "1 file in place"
}

a_missing_template_is_an_error() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		template = nowhere
	END
	status 111 gw apply
	contains "$err" "conf/nowhere"
	missing f
}

only_one_text_may_be_given() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = x
		source = y
	END
	status 100 gw apply
	contains "$err" "a file has one text"
}

a_directory_of_templates_makes_a_directory() {
	drop_in 10.ini <<-'END'
		[file:site]
		path = out
		template = ../templates
		mode = 0640
	END
	mkdir -p templates/deep/er templates/..data templates/..2024_01_01
	touch templates/..data/x templates/..2024_01_01/x templates/.a.groundwork-0aaaaa
	echo '${NAME}' >templates/one
	echo 'two' >templates/deep/er/two
	echo hidden >templates/.hidden
	echo backup >templates/one~
	ln -s one templates/linked
	status 0 env NAME=value "$GROUNDWORK" -c conf apply
	equal value "$(cat out/one)"
	equal value "$(cat out/linked)"
	equal two "$(cat out/deep/er/two)"
	mode out/deep/er/two 640
	equal hidden "$(cat out/.hidden)"
	equal ".hidden deep linked one" "$(find out -mindepth 1 -maxdepth 1 -printf "%f\n" | LC_ALL=C sort | xargs)"
	status 0 env NAME=value "$GROUNDWORK" -c conf apply
	contains "$err" "4 files in place"
	rm out/one
	status 0 env NAME=value "$GROUNDWORK" -c conf apply
	exists out/one
}

a_suffix_chooses_templates_and_is_dropped() {
	drop_in 10.ini <<-'END'
		[file:site]
		path = out
		template = ../templates
		suffix = .template
	END
	mkdir -p templates/sub
	echo '["${NAME}"]' >templates/sub/a.json.template
	echo b >templates/b.template
	echo no >templates/plain
	echo no >templates/.template
	echo no >templates/c.template.bak
	status 0 env NAME='x"y' "$GROUNDWORK" -c conf apply
	equal '["x\"y"]' "$(cat out/sub/a.json)"
	equal "out out/b out/sub out/sub/a.json" "$(find out | LC_ALL=C sort | xargs)"
	lacks "$err" suffix
	rm -r templates/sub templates/b.template out
	status 111 gw apply
	contains "$err" "holds no template that ends in .template"
	missing out
}

a_suffix_is_proposed_where_names_would_keep_it() {
	printf '[file:site]\npath = out\ntemplate = ../templates\n' | drop_in 10.ini
	mkdir templates
	touch templates/{a.conf.tmpl,b.conf.tmpl}
	status 0 gw apply
	exists out/a.conf.tmpl
	equal 1 "$(grep -c 'would drop it' "$err")" "warnings"
	contains "$err" "[file:site] template: '$PWD/out/a.conf.tmpl' keeps its ending .tmpl; \`suffix = .tmpl\`"
	printf '[file:one]\npath = a.tmpl\ntemplate = ../templates/a.conf.tmpl\n' | drop_in 10.ini
	status 0 gw apply
	lacks "$err" suffix
}

a_suffix_is_for_a_directory_of_templates() {
	printf '[file:f]\npath = f\nsource = ../s\nsuffix = .x\n[file:g]\npath = g\ntemplate = ../s\nsuffix = *.x\n' |
		drop_in 10.ini
	status 100 gw check
	matches "$err" 'conf/10.ini:4: \[file:f\] suffix: has no effect without `template`'
	matches "$err" "conf/10.ini:8:10: \[file:g\] suffix: '\*.x' is not the end of a name"
	printf '[file:g]\npath = g\ntemplate = ../s\nsuffix = .x\n' | drop_in 10.ini
	touch s
	status 111 gw apply
	matches "$err" "conf/10.ini:3: \[file:g\] template: '.*/s' is a file, and \`suffix\` is for"
}

the_execute_bits_of_a_source_are_kept() {
	printf '[file:s]\npath = out\nsource = ../s\n[file:t]\npath = t\nsource = ../s/run\nmode = 0640\n' | drop_in 10.ini
	mkdir s
	touch s/{run,text}
	chmod 755 s/run
	status 0 gw apply
	mode out/run 755
	mode out/text 644
	mode t 640
	chmod 600 out/run
	status 0 gw apply
	mode out/run 600
}

a_copy_is_no_more_open_than_its_source() {
	drop_in 10.ini <<-'END'
		[file:s]
		path = out
		source = ../s
		[file:json]
		path = json
		source = ../s/key
		format = env
		[file:wider]
		path = wider
		source = ../s/key
		mode = 0644
		[file:new]
		path = new
		source = ../s/key
		policy = track
	END
	mkdir s
	echo a=b | tee s/{key,run,read,text} >/dev/null
	echo c=d >new
	chmod 600 s/key
	chmod 710 s/run
	chmod 440 s/read
	chmod 666 s/text
	chmod 644 new
	status 0 gw --state state plan
	matches "$out" "create '[^']*/out/key' \\(0600\\)"
	status 0 gw --state state apply
	mode out/key 600
	mode out/run 710
	mode out/read 640
	mode out/text 644
	mode json 600
	mode wider 644
	mode new.new 600
	status 0 gw --state state apply
	matches "$err" 'in place'
}

a_text_is_no_more_open_than_its_template() {
	mkdir t
	for name in key read text; do echo '${HOME}' >t/$name; done
	chmod 700 t
	chmod 600 t/key
	chmod 440 t/read
	chmod 755 t/text
	cp -p t/key later
	echo old | tee managed copied >/dev/null
	chmod 644 managed copied
	echo 'text of somebody' >track
	drop_in 10.ini <<-'END'
		[file:t]
		path = out
		template = ../t
		[file:one]
		path = one
		template = ../t/key
		[file:wider]
		path = wider
		template = ../t/key
		mode = 0644
		[file:track]
		path = track
		template = ../t/key
		policy = track
		[file:managed]
		path = managed
		template = ../t/key
		policy = manage
		[file:copied]
		path = copied
		source = ../t/key
		policy = manage
		[exec:copy]
		command = cp -p later made
		creates = made
		[file:made]
		path = of
		template = ../made
		requires = exec:copy
	END
	status 0 gw --state state plan
	matches "$out" "create '[^']*/one' \\(0600\\)"
	status 0 gw --state state apply
	mode out/key 600
	mode out/read 640
	mode out/text 644
	mode one 600
	mode wider 644
	mode track.new 600
	mode of 600
	# What was there stays as open as it was, as one of a source.
	equal "$HOME" "$(cat managed)"
	equal '${HOME}' "$(cat copied)"
	mode managed 644
	mode copied 644
	status 0 gw --state state apply
	matches "$err" 'in place'
}

root_a_template_that_is_closed_to_all_makes_no_open_text() {
	mkdir t
	echo 'home=${HOME}' | tee t/{none,run,all} >/dev/null
	echo 'text of somebody' >track
	drop_in 10.ini <<-'END'
		[file:t]
		path = out
		template = ../t
		[file:one]
		path = one
		template = ../t/none
		[file:track]
		path = track
		template = ../t/none
		policy = track
		[file:set]
		path = set.env
		template = ../t/all
		set = a=b
		[exec:copy]
		command = cp -p t/none made
		creates = made
		[file:made]
		path = of
		template = ../made
		requires = exec:copy
	END
	chmod 000 t/none
	chmod 100 t/run
	chmod 111 t/all
	status 0 gw --state state plan
	matches "$out" "create '[^']*/one' \\(0600\\)"
	status 0 gw --state state apply
	for name in out/none out/run out/all one track.new set.env of; do
		mode $name 600
	done
}

links_and_empty_directories_of_a_source_are_made() {
	drop_in 10.ini <<-'END'
		[file:s]
		path = out
		source = ../s
		policy = manage
	END
	mkdir -p s/sub s/deep/empty/most s/..data
	echo text >s/sub/text
	ln -s sub/text s/link
	ln -s ../sub s/deep/up
	ln -s /nowhere/at/all s/absolute
	ln -s not-yet s/dangling
	# What would lead elsewhere is copied.
	echo outside >outside
	ln -s ../outside s/outside
	echo data >s/..data/mounted
	ln -s ..data/mounted s/mounted
	status 0 gw plan
	cp "$out" plan
	missing out
	status 0 gw apply
	equal sub/text "$(readlink out/link)"
	equal ../sub "$(readlink out/deep/up)"
	equal /nowhere/at/all "$(readlink out/absolute)"
	equal not-yet "$(readlink out/dangling)"
	equal "outside data" "$(cat out/outside out/mounted | xargs)"
	[[ ! -L out/outside && ! -L out/mounted ]] || fail "a link is left"
	mode out/deep/empty/most 755
	local path
	while read -r path; do
		contains plan "'$path'"
	done < <(find "$PWD/out" -mindepth 1)
	snapshot out >before
	status 0 gw apply
	contains "$err" "8 files in place"
	equal "" "$(snapshot out | diff before -)" "what was touched"
	ln -sf elsewhere out/link
	rmdir out/deep/empty/most
	status 0 gw apply
	equal sub/text "$(readlink out/link)"
	exists out/deep/empty/most
	rm out/link
	echo theirs >out/link
	status 111 gw apply
	matches "$err" "'.*/out/link' is a file, and '.*/s/link' a link to 'sub/text'; move it away"
	equal theirs "$(cat out/link)"
}

links_of_a_source_under_create_are_the_users_afterwards() {
	printf '[file:s]\npath = out\nsource = ../s\n' | drop_in 10.ini
	mkdir s
	ln -s one s/link
	ln -s one s/file
	status 0 gw apply
	equal one "$(readlink out/link)"
	ln -sf two out/link
	rm out/file
	echo theirs >out/file
	status 0 gw apply
	equal two "$(readlink out/link)"
	equal theirs "$(cat out/file)"
}

a_dangling_link_among_templates_is_named() {
	printf '[file:s]\npath = out\ntemplate = ../s\n' | drop_in 10.ini
	mkdir s
	ln -s nowhere s/link
	status 111 gw apply
	matches "$err" "conf/10.ini:3: \[file:s\] template: '.*/s/link' is a link to 'nowhere', which is missing"
	missing out
}

root_the_owner_of_many_files_is_looked_up_once() {
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	drop_in 10.ini <<-END
		[file:site]
		path = out
		source = ../templates
		owner = $(id -un)
	END
	mkdir templates
	touch templates/{one,two,three,four,five}
	status 0 gw apply
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" status 0 strace -f -o trace \
		-e trace=open,openat "$GROUNDWORK" -c conf apply
	equal 1 "$(grep -c '"/etc/passwd"' trace)" "opens of /etc/passwd"
}

# calls COUNT: of a start that finds so many files in place, as $calls.
function calls {
	mkdir "from-$1"
	for ((i = 0; i < $1; i++)); do
		echo 'a text of ${HOME}' >"from-$1/$i"
	done
	drop_in 10.ini <<-END
		[file:site]
		path = to-$1
		template = ../from-$1
		policy = manage
	END
	status 0 gw apply
	ASAN_OPTIONS="${ASAN_OPTIONS-}:detect_leaks=0" status 0 strace -f -o trace "$GROUNDWORK" -c conf apply
	calls=$(grep -c '(' trace)
}

a_file_that_is_in_place_takes_few_system_calls() {
	local few
	strace -o /dev/null true 2>/dev/null || skip "strace cannot trace here"
	calls 20
	few=$calls
	calls 60
	((calls - few <= 40 * 20)) || fail "40 more files take $((calls - few)) more system calls"
}

an_empty_directory_of_templates_is_an_error() {
	drop_in 10.ini <<-'END'
		[file:site]
		path = out
		template = ../templates
	END
	mkdir templates
	status 111 gw apply
	contains "$err" "holds no template"
}

# ---- policies ----

create_leaves_an_existing_file_alone_for_ever() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = new text
	END
	echo edited >f
	snapshot f >before
	status 0 gw apply
	contains "$err" "is left as it is (policy = create)"
	equal edited "$(cat f)"
	equal "" "$(snapshot f | diff before -)" "what was touched"
	: >f
	status 0 gw apply
	empty f
}

manage_makes_it_so_every_time() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		policy = manage
		content = version ${VERSION}
	END
	status 0 env VERSION=1 "$GROUNDWORK" -c conf apply
	chmod 600 f
	status 0 env VERSION=2 "$GROUNDWORK" -c conf plan
	contains "$out" "its text differs"
	status 0 env VERSION=2 "$GROUNDWORK" -c conf apply
	equal "version 2" "$(cat f)"
	mode f 600
	snapshot f >before
	status 0 env VERSION=2 "$GROUNDWORK" -c conf apply
	equal "" "$(snapshot f | diff before -)" "what was touched"
	contains "$err" "1 in place"
}

a_file_that_is_managed_is_replaced_whole() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		policy = manage
		content = new
	END
	echo old >f
	ln f other
	status 0 gw apply
	equal new "$(cat f)"
	equal old "$(cat other)"
}

manage_without_a_text_is_an_error() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		policy = manage
	END
	status 100 gw apply
	contains "$err" "would empty the file every time"
}

what_is_no_file_is_an_error_and_stays() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		policy = manage
		content = x
	END
	mkdir f
	status 111 gw apply
	contains "$err" "is a directory, not a file"
	rmdir f
	echo target >target
	ln -s target f
	status 111 gw apply
	contains "$err" "is a symbolic link, not a file"
	equal target "$(cat target)"
}

root_a_mounted_file_is_whole_on_a_full_volume() {
	needs_mounts
	drop_in 10.ini <<-END
		[file:f]
		path = f.json
		policy = edit
		set = {"b": "$(printf 'y%.0s' {1..16384})"}
	END
	mkdir v
	touch f.json
	status 0 unshare -m sh -ec '
		mount -t tmpfs -o size=64k none v
		printf "{\"mine\": \"%12200s\"}" precious >v/u.json
		cp v/u.json before
		mount --bind v/u.json f.json
		dd if=/dev/zero of=v/fill bs=1k 2>/dev/null || true
		! "$0" -c conf apply || exit 3
		cmp before f.json
		rm v/fill
		"$0" -c conf apply
		grep -q precious f.json
		cp f.json after' "$GROUNDWORK"
	contains "$err" "write in place '$PWD/f.json': No space left on device; make room and start again; nothing was changed there"
	python3 -c 'import json; json.load(open("after"))["b"]'
}

root_nothing_is_written_into_a_mounted_file_of_a_stranger() {
	needs_mounts
	printf '%s\n' '[file:f]' 'path = d/f' 'content = new' 'policy = manage' | drop_in 10.ini
	mkdir -m 1777 d
	echo theirs >mounted
	chown 10001 mounted
	touch d/f
	status 111 mounted mounted d/f "$GROUNDWORK" -c conf apply
	equal theirs "$(cat mounted)"
}

root_a_mounted_file_is_written_in_place() {
	needs_mounts
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		policy = manage
		content = new
	END
	echo "a longer text than the new one" >mounted
	touch f
	status 0 unshare -m sh -ec '
		mount --bind mounted f
		"$0" -c conf apply
		exec "$0" -c conf apply' "$GROUNDWORK"
	equal new "$(cat mounted)"
	empty f
	contains "$err" "was written in place, which is not atomic"
	contains "$err" "1 in place"
	equal $'conf\nf\nmounted' "$(ls -A)"
}

# ---- modes ----

a_secret_in_the_text_makes_it_0600() {
	mkdir run
	echo hunter2 >run/secret
	drop_in 10.ini <<-'END'
		[key:k]
		path = k
		[file:key]
		path = key
		content = ${key:k}
		[file:file]
		path = file
		content = ${file:${GROUNDWORK_BASE}/run/secret}
		[file:default]
		path = default
		content = ${file:/nowhere:-default}
		[file:written]
		path = written
		mode = 0640
		content = ${key:k}
		[file:plain]
		path = plain
		content = plain
	END
	sed -i "s|\${GROUNDWORK_BASE}|$PWD|" conf/10.ini
	umask 000
	status 0 gw -v apply
	mode key 600
	mode file 600
	mode written 640
	mode plain 644
	equal hunter2 "$(cat file)"
	same k key
	equal default "$(cat default)"
	lacks "$err" hunter2
	lacks "$err" "$(cat k)"
}

a_key_is_in_the_file_as_soon_as_it_is_made() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		order = 1
		policy = manage
		content = ${key:k}
		[key:k]
		path = k
	END
	status 0 gw plan
	contains "$out" "create '$PWD/f'"
	status 0 gw apply
	same k f
}

a_written_mode_is_put_right() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = x
		mode = 0640
	END
	echo edited >f
	chmod 644 f
	status 0 gw apply
	mode f 640
	equal edited "$(cat f)"
}

# ---- values ----

escapes_are_guessed_from_the_ending() {
	mkdir t
	printf '{"a": "${VALUE}"}\n' >t/a.json
	printf "a='\${VALUE}'\n" >t/a.sh
	printf "SELECT '\${VALUE}';\n" >t/a.sql
	printf '${VALUE}\n' >t/a.txt
	drop_in 10.ini <<-'END'
		[file:t]
		path = out
		template = ../t
	END
	local value
	value=$'a "quoted" \'word\' \\ back\nline\t$HOME `id` é'
	status 0 env VALUE="$value" "$GROUNDWORK" -c conf apply
	equal "$value" "$(python3 -c 'import json; print(json.load(open("out/a.json"))["a"])')"
	equal "$value" "$(sh -c '. out/a.sh; echo "$a"')"
	equal "$value" "$(python3 -c '
import sqlite3
print(sqlite3.connect(":memory:").execute(open("out/a.sql").read()).fetchone()[0])')"
	equal "$value" "$(cat out/a.txt)"
}

an_escape_can_be_chosen() {
	drop_in 10.ini <<-'END'
		[file:json]
		path = json
		escape = json
		content = "${VALUE}"
		[file:none]
		path = none.json
		escape = none
		content = ${VALUE}
		[file:hand]
		path = hand
		content = ${VALUE|json} ${VALUE|shell} ${VALUE}
	END
	status 0 env VALUE="a\"b'c" "$GROUNDWORK" -c conf apply
	equal '"a\"b'"'"'c"' "$(cat json)"
	equal "a\"b'c" "$(cat none.json)"
	equal 'a\"b'"'"'c a"b'"'\\''"'c a"b'"'"'c' "$(cat hand)"
}

vars_are_the_only_names_that_are_expanded() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		vars = ONE TWO
		content = ${ONE} ${TWO:-two} ${THREE} ${FOUR%%.*} ${#FIVE}
	END
	status 0 env ONE=one THREE=three "$GROUNDWORK" -c conf apply
	equal 'one two ${THREE} ${FOUR%%.*} ${#FIVE}' "$(cat f)"
}

vars_may_be_globs() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		vars = ONE NGINX_*
		content = ${ONE} ${NGINX_A} ${NGINX_B:-b} ${NGINXA} ${ONE_} ${A_NGINX_A}
	END
	status 0 env ONE=one NGINX_A=a ONE_=x NGINXA=x A_NGINX_A=x "$GROUNDWORK" -c conf apply
	equal 'one a b ${NGINXA} ${ONE_} ${A_NGINX_A}' "$(cat f)"
}

a_value_is_not_expanded_again() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = ${ONE}
	END
	status 0 env ONE='${TWO}' TWO=two "$GROUNDWORK" -c conf apply
	equal '${TWO}' "$(cat f)"
}

all_forms_of_a_reference() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content =
		 1 ${SET} ${SET:-x} ${SET-x} ${SET:+other}
		 2 ${EMPTY:-x} <${EMPTY-x}> <${EMPTY:+other}> <${EMPTY}>
		 3 ${UNSET:-x} ${UNSET-x} <${UNSET:+other}>
		 4 ${UNSET:-${EMPTY:-${SET}}}
	END
	status 0 env SET=set EMPTY= "$GROUNDWORK" -c conf apply
	equal $'1 set set set other\n2 x <> <> <>\n3 x x <>\n4 set' "$(cat f)"
	printf '[file:f]\npolicy = manage\ncontent = ${UNSET:?set it, please}\n' | drop_in 20.ini
	status 100 gw apply
	contains "$err" "set it, please"
}

a_bare_name_in_a_text_is_a_warning() {
	echo 'a $HOME b $NOT_SET' >template
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = x $HOME
		[file:g]
		path = g
		template = ../template
	END
	local command
	for command in plan apply; do
		status 0 gw "$command"
		equal 2 "$(grep -c 'HOME is left as it is' "$err")" "warnings"
		matches "$err" 'conf/10.ini:3: \$HOME is left as it is'
		matches "$err" '/template:1: \$HOME is left as it is'
		lacks "$err" NOT_SET
	done
	equal 'a $HOME b $NOT_SET' "$(cat g)"
}

# ---- descriptors ----

# Nothing that was opened for one of them is open for the next.
many_templates_need_few_descriptors() {
	local number
	mkdir templates
	for ((number = 0; number < 100; number++)); do
		mkdir "templates/$number"
		echo "$number \${HOME}" >"templates/$number/text"
	done
	drop_in 10.ini <<-'END'
		[file:site]
		path = site
		template = ../templates
		policy = manage
		validate = grep -q / {file}
		[file:create]
		path = create
		template = ../templates
		[file:source]
		path = source
		source = ../templates
	END
	# shellcheck disable=SC2016 # of the inner shell
	status 0 bash -c 'ulimit -n 64 && exec "$0" -c conf apply' "$GROUNDWORK"
	equal 300 "$(find site create source -type f | wc -l)" "files"
	equal "99 $HOME" "$(cat site/99/text)"
	# Again, with every text another one.
	find templates -type f -exec sed -i 's/$/ more/' {} +
	# shellcheck disable=SC2016
	status 0 bash -c 'ulimit -n 64 && exec "$0" -c conf apply' "$GROUNDWORK"
	equal "99 $HOME more" "$(cat site/99/text)"
	equal "99 $HOME" "$(cat create/99/text)"
	# shellcheck disable=SC2016
	status 0 bash -c 'ulimit -n 64 && exec "$0" -c conf apply' "$GROUNDWORK"
	contains "$err" "3 in place"
	# shellcheck disable=SC2016
	status 0 bash -c 'ulimit -n 64 && exec "$0" -c conf plan' "$GROUNDWORK"
}

# What is read of it as zeros alone would take an hour.
a_timeout_ends_what_reads_a_large_file() {
	local step
	mkdir s d
	truncate -s 4T big f s/f d/f
	while IFS= read -r step; do
		printf '%b\ntimeout = 100ms\n' "$step" | drop_in 10.ini
		status 111 gw --state state apply
		contains "$err" "it took longer than its timeout of 100ms"
		status 111 gw --state state --deadline 100ms apply
		equal '' "$(find . -name 'g' -o -name '.*groundwork*')" "what was left"
	done <<-'END'
		[file:x]\npath = f\nsource = ../big\npolicy = manage
		[file:x]\npath = g\nsource = ../big\nsha256 = e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
		[file:x]\npath = g\nsource = ../big\npolicy = track
		[exec:x]\ncommand = true\ninputs = ../big
		[directory:x]\npath = d\nsource = ../s\nmerge = always
	END
}

# ---- validate ----

missing_says_what_an_unset_name_is() {
	drop_in 10.ini <<-'END'
		[file:keep]
		path = keep.json
		missing = keep
		content = {"a": "${GONE}", "b": ${GONE_TOO|none}, "c": "${SET}", "d": "${GONE:-x${GONE}"}}
		format = none
		[file:empty]
		path = empty.json
		missing = empty
		content = {"a": "${GONE}", "b": ${GONE}, "c": "x${GONE}${SET}"}
		[file:template]
		path = made
		template = ../template
		missing = keep
		vars = SET GONE
	END
	printf '${GONE} ${SET} ${OTHER} $${SET} ${GONE-y}' >template
	sed -i 's/"d".*$/"d": "${GONE:-x${GONE}}"}/' conf/10.ini
	status 0 env SET='a"b' "$GROUNDWORK" -c conf apply
	equal '{"a": "${GONE}", "b": ${GONE_TOO|none}, "c": "a\"b", "d": "x${GONE}"}' "$(cat keep.json)"
	equal '{"a": "", "b": "", "c": "xa\"b"}' "$(cat empty.json)"
	equal '${GONE} a"b ${OTHER} ${SET} y' "$(cat made)"
	status 0 env SET='a"b' "$GROUNDWORK" -c conf apply
	contains "$err" "3 in place"
	# What asks for a value by its form is an error in any case.
	drop_in 10.ini <<-'END'
		[file:demand]
		path = demand
		missing = empty
		content = ${GONE:?write it}
		[file:read]
		path = read
		missing = empty
		content = ${file:/nowhere}
	END
	status 100 gw apply
	contains "$err" "[file:demand] content: GONE: write it"
	status 111 env GONE=x "$GROUNDWORK" -c conf apply
	contains "$err" "/nowhere is missing"
	missing read
}

a_format_holds_for_new_and_for_existing_texts() {
	drop_in 10.ini <<-'END'
		[file:ini]
		path = app.conf
		format = ini
		content =
		  [a
		[file:source]
		path = copy.json
		source = ../s.json
		format = json
		[bootstrap]
		fail_fast = no
	END
	echo '{"a": 1} // no' >s.json
	status 100 gw check
	contains "$err" "2 errors"
	status 100 gw plan
	status 100 gw apply
	matches "$err" "the new text of '.*/app.conf' is not ini: .*/app.conf:1: the section has no"
	status 111 gw --skip file:ini apply
	matches "$err" "the new text of '.*/copy.json' is not json: .*/copy.json:1:10:"
	missing app.conf copy.json
	# By its ending alone a source may be anything, and so may what is there.
	printf '[file:source]\npath = copy.json\nsource = ../s.json\n' | drop_in 10.ini
	status 0 gw apply
	printf '[file:a]\npath = copy.json\ncontent = {}\n' | drop_in 10.ini
	status 0 gw apply
	printf 'format = json\n' >>conf/10.ini
	status 111 gw plan
	contains "$out" "'$PWD/copy.json', which is left as it is (policy = create), is not json"
	status 111 gw apply
	status 111 gw --force file:a apply
	equal '{"a": 1} // no' "$(cat copy.json)"
	echo '{"a": 2}' >copy.json
	status 0 gw apply
	sed -i 's/{}/{"a": \${A}}/; s/format = json/format = none/; s/copy/new/' conf/10.ini
	status 0 env A='[}' "$GROUNDWORK" -c conf apply
}

must_have_names_what_is_not_there() {
	drop_in 10.ini <<-'END'
		[file:json]
		path = app.json
		must_have = server.port server.host log.0
		content =
		  {"server": {"port": 1}, "log": []}
		[file:env]
		path = .env
		must_have = URL
		content = URL=x
		[file:other]
		path = app.conf
		must_have = a
		source = ../source
		[bootstrap]
		fail_fast = no
	END
	echo 'a = 1' >source
	status 100 gw check
	contains "$err" "2 errors"
	status 100 gw plan
	status 100 gw apply
	matches "$err" "must_have: the new text of '.*/app.json' has no 'server.host', 'log.0'"
	status 111 gw --skip file:json apply
	matches "$err" "must_have: the ending of '.*/app.conf' does not say its format; write"
	missing app.json app.conf
	exists .env
	# Of a file that is there, too.
	echo OTHER=x >.env
	status 111 gw --only file:env apply
	matches "$err" "must_have: '.*/.env', which is left as it is \(policy = create\), has no 'URL'"
	equal OTHER=x "$(cat .env)"
}

sha256_is_that_of_a_new_text() {
	printf '[file:f]\npath = f\nsource = ../s\nsha256 = %s\n' "$(printf 'text' | sha256sum | cut -c 1-64)" |
		drop_in 10.ini
	echo text >s
	status 111 gw apply
	matches "$err" "sha256: that of the new text of '.*/f' is [0-9a-f]{64}, not"
	missing f
	printf text >s
	status 0 gw apply
	exists f
	echo theirs >f
	status 0 gw apply
	sed -i 's/^sha256.*/sha256 = abc/' conf/10.ini
	status 100 gw check
	matches "$err" "conf/10.ini:4:10: \[file:f\] sha256: 'abc' is no SHA-256: 64 hexadecimal digits"
}

validate_refuses_a_text_before_it_is_published() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		policy = manage
		content = ${TEXT}
		validate = grep -q good {file}
	END
	status 111 env TEXT=bad "$GROUNDWORK" -c conf apply
	contains "$err" "was refused"
	missing f
	status 0 env TEXT=good "$GROUNDWORK" -c conf apply
	status 111 env TEXT=bad "$GROUNDWORK" -c conf apply
	equal good "$(cat f)"
	equal $'conf\nf' "$(ls -A)"
}

validate_judges_a_directory_as_a_whole_before_any_file_of_it_is_written() {
	mkdir -p templates/deep site/deep
	echo 'a ${TEXT}' >templates/a
	echo 'b ${TEXT}' >templates/deep/b
	echo mine >site/mine
	echo mine >site/deep/mine
	drop_in 10.ini <<-'END'
		[file:f]
		path = site
		policy = manage
		template = ../templates
		validate = sh -c 'cd "$1" && cat a deep/b mine deep/mine && grep -q good deep/b' sh {dir}
	END
	status 111 env TEXT=bad "$GROUNDWORK" -c conf apply
	contains "$err" "validate: the new '$PWD/site' was refused"
	missing site/a site/deep/b
	equal $'conf\nsite\ntemplates' "$(ls -A)"
	status 0 env TEXT=good "$GROUNDWORK" -c conf apply
	contains "$err" "[file:f] b good"
	status 111 env TEXT=bad "$GROUNDWORK" -c conf apply
	equal $'a good\nb good' "$(cat site/a site/deep/b)"
	equal $'./deep/mine\n./mine' "$(cd site && find . -name mine | sort)"
	status 0 env TEXT=good "$GROUNDWORK" -c conf apply
	lacks "$err" "[file:f] b good" # nothing changes: nobody is asked
}

validate_of_a_directory_is_not_for_one_file() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		content = x
		validate = test -e {dir}/f
	END
	status 100 gw check
	contains "$err" "conf/10.ini:4: [file:f] validate: {dir} is for a directory"
	echo x >text
	sed -i 's/content = x/source = ..\/text/' conf/10.ini
	status 111 gw apply
	contains "$err" "conf/10.ini:4: [file:f] validate: {dir} is for a directory"
	sed -i 's/{dir}\/f/{dir} {file}/' conf/10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:4: [file:f] validate: it is for each new text, {file}, or for"
	missing f
}

# It would say of the state before that it is good.
validate_that_does_not_see_what_is_new_is_an_error() {
	local from
	mkdir templates
	for from in 'content = x' 'template = ../templates'; do
		printf '%s\n' '[file:f]' 'path = f' "$from" 'validate = nginx -t -c live.conf' | drop_in 10.ini
		status 100 gw check
		contains "$err" "conf/10.ini:4: [file:f] validate: the command finds what is new by {file} or {dir}"
		echo 'validate += file' >>conf/10.ini
		status 100 gw check
		sed -i 's/+= file/+= {file}/' conf/10.ini
		status 0 gw check
	done
	printf '%s\n' '[file:f]' 'path = f' 'template = ../templates' 'validate = test -e' \
		'validate += {dir}/x' | drop_in 10.ini
	touch templates/x
	status 0 gw apply
	sed -i 's,{dir}/x,{dir}/../main,' conf/10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:5: [file:f] validate: {dir}/.. is not where the new directory"
	printf '%s\n' '[exec:e]' 'creates = x' 'command = cp {dir}/../a {dir}' | drop_in 10.ini
	status 100 gw check
	contains "$err" "conf/10.ini:3: [exec:e] command: {dir}/.. is not where \`creates\` will be"
}

what_validate_writes_beside_the_new_files_is_not_published() {
	mkdir templates
	echo '${TEXT}' >templates/a
	echo "include $PWD/site/a" >main
	drop_in 10.ini <<-'END'
		[file:f]
		path = site
		policy = manage
		template = ../templates
		validate = sh -c '
		  sed "s|$PWD/site/|$1/|" main >"$1/.main" &&
		  exec grep -q good $(sed "s/include //" "$1/.main")' sh {dir}
	END
	status 111 env TEXT=bad "$GROUNDWORK" -c conf apply
	missing site
	status 0 env TEXT=good "$GROUNDWORK" -c conf apply
	equal a "$(ls -A site)"
	status 111 env TEXT=bad "$GROUNDWORK" -c conf apply
	equal good "$(cat site/a)"
}

# all_read_only COMMAND…: where nothing can be written here, nor in /tmp and /run.
function all_read_only {
	# shellcheck disable=SC2016 # the inner shell has its own arguments
	unshare -m sh -ec 'for at in /tmp /run "$PWD"; do
			mount --bind "$at" "$at"
			mount -o remount,bind,ro "$at"
		done
		cd "$PWD"
		exec "$@"' sh "$@"
}

# Where nothing can be written a temporary elsewhere helps nobody.
root_a_directory_to_validate_that_is_read_only_is_named_as_such() {
	local place
	mkdir -p site templates
	echo x >templates/a
	chmod 755 . site
	drop_in 10.ini <<-'END'
		[file:f]
		path = site
		policy = manage
		template = ../templates
		validate = test -e {dir}/a
	END
	needs_mounts
	for place in "plan $out" "apply $err"; do
		status 111 all_read_only "$GROUNDWORK" -c conf "${place% *}"
		contains "${place#* }" \
			"[file:f]: create '$PWD/site/a': Read-only file system; mount a writable volume there"
	done
	# The directory itself may be written, but nothing beside it.
	status 111 all_read_only sh -ec 'mount -t tmpfs x site; exec "$@"' sh "$GROUNDWORK" -c conf apply
	contains "$err" "a temporary of '$PWD/site': its directory cannot be written, and neither TMPDIR"
}

# Killed by the system, it said nothing that could be good.
validate_that_dies_by_a_signal_refuses_the_text() {
	local signal
	for signal in KILL SEGV TERM HUP; do
		drop_in 10.ini <<-END
			[file:f]
			path = f
			content = x
			validate = sh -c 'kill -$signal \$\$' sh {file}
		END
		status 111 gw -- touch started
		matches "$err" 'validate: the new text of .* was refused: .*ended by SIG'
		missing f started
		equal conf "$(ls -A)"
	done
}

validate_sees_the_file_as_it_will_be() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		mode = 0640
		content = x
		validate = sh -c 'stat -c %a "$1"; grep -q x "$1"' sh {file}
	END
	status 0 gw apply
	contains "$err" "[file:f] 640"
}

# validated_by WHO LINE…: who runs `validate`, and what it sees: "UID: OWNER:GROUP MODE".
function validated_by {
	local see='cat $1 >/dev/null && printf "by %s: " $(id -u); stat -c "%u:%g %a" $1'
	{
		printf '[app]\nuser = 10001\n[file:f]\n'
		printf '%s\n' "${@:2}"
		printf "validate = sh -c '%s' sh %s\n" "$see" "$seen"
	} | drop_in 10.ini
	status 0 gw apply
	contains "$err" "[file:f] by $1"
}

root_who_validates_a_file_may_read_it() {
	local seen='{file}'
	echo x >secret
	validated_by '10001: 10001:10001 600' 'path = a' "content = \${file:$PWD/secret}"
	validated_by '10001: 0:0 644' 'path = b' 'owner = 0' 'content = x'
	validated_by '10001: 0:10001 640' 'path = c' 'owner = 0' 'group = 10001' 'mode = 0640' 'content = x'
	# Nobody else gets a text that is closed to the application's user.
	validated_by '0: 0:0 600' 'path = d' 'owner = 0' "content = \${file:$PWD/secret}"
	validated_by '10002: 10002:10002 400' 'path = e' 'owner = 10002' 'group = 10002' 'mode = 0400' 'content = x'
	echo old >f
	chmod 600 f
	validated_by '0: 0:0 600' 'path = f' 'policy = manage' 'content = x'
	mkdir templates
	echo "\${file:$PWD/secret}" >templates/b
	echo x >templates/a
	seen='{dir}/b'
	validated_by '10001: 10001:10001 600' 'path = g' 'template = ../templates'
	validated_by '0: 0:0 600' 'path = h' 'owner = 0' 'template = ../templates'
	rm templates/b
	seen='{dir}/a'
	validated_by '10001: 10001:10001 600' 'path = i' 'owner = 0' 'template = ../templates'
}

root_the_owner_of_a_file() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		owner = 10001
		group = 10002
		content = x
		[file:managed]
		path = managed
		policy = manage
		content = x
	END
	echo old >managed
	chown 10003:10004 managed
	chmod 640 managed
	status 0 gw apply
	mode f 644 10001:10002
	mode managed 640 10003:10004
	equal x "$(cat managed)"
}

user_what_cannot_be_read_is_named_with_its_owner() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		fail_fast = no
		[file:site]
		path = site
		template = ../templates
		[directory:d]
		path = d
		source = ../templates
		[file:f]
		path = f
		source = ../templates/a
		[link:l]
		path = templates/l
		target = x
		[assert:empty]
		that = dir-empty:templates
		[database:d]
		path = d.db
		migrations = ../templates
	END
	mkdir templates
	echo 1 >templates/a
	chmod 0 templates
	status 111 gw apply
	chmod 700 templates
	contains "$err" "[file:site] template: open '$PWD/conf/../templates': Permission denied: it belongs to $EUID:"
	matches "$err" "directory:d.* open '$PWD/conf/../templates': Permission denied: it belongs to $EUID:"
	contains "$err" "conf/10.ini:19: [database:d] migrations: open '$PWD/conf/../templates': Permission denied: it belongs to $EUID:"
	contains "$err" "[file:f] source: look at '$PWD/conf/../templates/a': Permission denied: '$PWD/conf/../templates' belongs to $EUID:"
	matches "$err" "link:l.* read the link '$PWD/templates/l': Permission denied: its directory belongs to $EUID:"
	contains "$err" "open '$PWD/templates': Permission denied: '$PWD/templates' belongs to $EUID:"
}

the_path_of_a_file_does_not_end_in_a_slash() {
	mkdir -p conf/tree
	echo x >conf/tree/x
	drop_in 10.ini <<-'END'
		[file:a]
		path = a/
		[file:b]
		path = b/
		source = tree/x
		[link:l]
		path = l/
		target = x
		[key:k]
		path = k
		type = ed25519
		public = p/
		[exec:e]
		command = touch {file}
		creates = e/
		[file:tree]
		path = c/
		source = tree
		[directory:d]
		path = d/
		[exec:dir]
		command = touch {dir}/x
		creates = f/
	END
	status 100 gw check
	contains "$err" "10.ini:2: [file:a] path: the path of a file does not end in '/'; write its name behind that"
	contains "$err" "10.ini:4: [file:b] path: the path of a file"
	contains "$err" "10.ini:7: [link:l] path: the path of a symbolic link"
	contains "$err" "10.ini:12: [key:k] public: the path of a file"
	contains "$err" "10.ini:15: [exec:e] creates: the path of a file"
	contains "$err" "5 errors"
}

# at MOMENT N SCRIPT: apply, with that run at that moment (act_before.c); its exit code.
function at {
	local act=${GROUNDWORK%/*}/act_before
	[[ -x $act ]] || skip "act_before was not built"
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 "$act" "$@" "$GROUNDWORK" -c conf apply
}

what_another_makes_meanwhile_is_not_written_over() {
	drop_in 10.ini <<-'END'
		[file:f]
		path = f
		template = ../text
	END
	echo ours >text
	status 0 at rename:f 1 'echo theirs >f'
	equal theirs "$(<f)"
}

# It is remembered before it is published.
a_kill_after_a_text_is_no_edit_of_it() {
	drop_in 10.ini <<-'END'
		[bootstrap]
		state = st
		[file:f]
		path = f
		template = ../text
		policy = track
	END
	echo '${TEXT}' >text
	local n code
	for ((n = 1; ; n++)); do
		rm -rf st f
		TEXT=old status 0 gw apply
		code=0
		TEXT=new at sync "$n" 'kill -9 "$PID"' 2>"$err" || code=$?
		((code != 98)) || break
		TEXT=newer status 0 gw apply
		equal newer "$(<f)" "sync $n"
		missing f.new
	done
	((n > 3)) || fail "only $n: nothing was flushed"
}

# "…" around all of a document is a string, which nobody means.
a_document_in_a_variable_is_no_string() {
	local value
	printf '%s\n' '[file:f]' 'path = f.json' "content = \${CONFIG}" | drop_in 10.ini
	for value in '{"a": 1}' $'\n [1]' '{"a'; do
		CONFIG=$value status 100 gw apply
		contains "$err" "f.json' is one string with a document in it: \${NAME|none} puts in"
		missing f.json
	done
	CONFIG='a {' status 0 gw apply
	equal '"a {"' "$(cat f.json)"
	rm f.json
	printf '%s\n' '[file:f]' 'path = f.json' "content = \${CONFIG|none}" | drop_in 10.ini
	CONFIG='{"a": 1' status 100 gw apply
	contains "$err" "is not json"
	CONFIG='{"a": 1}' status 0 gw apply
	equal '{"a": 1}' "$(cat f.json)"
}
