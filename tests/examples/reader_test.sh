#!/bin/bash
# SPDX-License-Identifier: MIT
# What tests the READMEs of the examples can fail.
# shellcheck disable=SC2016 # the shells within expand it
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# readme: standard input, with the same typed by typed.sh; $out is what was typed and printed.
function readme {
	cat >README.md
	python3 "$ROOT/tests/examples/reader.py" README.md "${@:2}" >typed
	READER=$ROOT/tests/examples/reader.py status "$1" bash -c '. "$0" && . ./typed' \
		"$ROOT/tests/examples/typed.sh"
}

commands_share_a_shell_and_print_what_is_shown() {
	readme 0 <<-'END'
		It changes:

		    $ cd / && A='it is'
		    $ echo "$A $PWD"; echo more; echo end
		    it … /
		    …
		    end
		    $ printf '%s\n' one \
		    >     two
		    one
		    two

		    not typed
	END
	contains "$out" 'echo "$A $PWD"; echo more'
}

what_fails_or_prints_something_else_is_an_error() {
	readme 1 <<-'END'
		    $ true
		    $ false
		    $ touch never
	END
	missing never
	readme 1 <<-'END'
		    $ echo one; echo two
		    one
	END
	readme 1 <<-'END'
		    $ echo one
		    one
		    two
	END
	contains "$err" "this is not as in the README: echo one"
}

what_begins_in_the_background_is_waited_for() {
	mkfifo begin
	readme 0 <<-'END'
		    $ { read -r line <begin; touch begun; } &
		    $ echo >begin
		    $ test -e begun
	END
	contains "$out" 'test -e begun'
}

headings_choose() {
	readme 0 "Second" <<-'END'
		    $ false

		## First

		    $ false

		## Second

		    $ true
	END
	status 1 python3 "$ROOT/tests/examples/reader.py" README.md Third
	contains "$err" "no heading: Third"
	status 1 python3 "$ROOT/tests/examples/reader.py" "$ROOT/examples/notes/app/server.py"
	contains "$err" "no command"
}
