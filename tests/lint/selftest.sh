#!/bin/bash
# SPDX-License-Identifier: MIT
# Proves that each check can fail: runs it on a small tree that is bad in one way, and looks
# for the right complaint. The test runner and the compilers' warnings are checks, too.
set -euo pipefail
root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

# file PATH: standard input becomes that file of the tree, with a licence line in front.
file() {
	mkdir -p "$tree/${1%/*}"
	{
		case $1 in
		*.[ch]) echo '/* SPDX-License-Identifier: MIT */' && echo '/* For a test. */' ;;
		*) echo '#!/bin/bash' && echo '# SPDX-License-Identifier: MIT' ;;
		esac
		cat
	} >"$tree/$1"
}

# complains TEXT COMMAND…: it must fail, and say TEXT; the tree is emptied for the next.
complains() {
	local text=$1 output code=0
	shift
	output=$("$@" 2>&1) || code=$?
	if ((code == 0)) || [[ $output != *"$text"* ]]; then
		echo "${1##*/}: expected a failure that says: $text"
		echo "  exit code $code, and it says: ${output:-nothing}"
		failed=1
	fi
	rm -rf "${tree:?}"/*
}

floors() { complains "$1" "$root/tests/lint/floors.py" "$tree"; }
style() { complains "$1" "$root/tests/lint/style.py" "$tree"; }

file src/base/err.h <<<''
file src/conf/conf.h <<<'#include "db/db.h"'
file src/db/db.h <<<''
floors 'conf may not use db'
file src/migration/split.h <<<'#include "db/db.h"'
file src/db/db.h <<<''
floors 'migration may not use db'
file src/base/err.h <<<''
file src/base/err.c <<<'#include "err.h"'
floors 'does not name its floor'
file src/base/err.c <<<'#include "base/nothing.h"'
floors 'is missing'
file src/new/new.c <<<''
floors 'is on no floor'
file src/step/key.c <<<'#include <sqlite3.h>'
floors 'is for db alone'
file src/base/one.c <<<'#include <sodium.h>'
file src/base/two.c <<<'#include <sodium.h>'
floors 'is for one file alone'
file src/base/one.h <<<'#include "base/two.h"'
file src/base/two.h <<<'#include "base/one.h"'
floors 'headers in a ring'
file src/step/a.c <<<'#include "pg/pg.h"'
file src/pg/pg.h <<<''
floors 'is for step/database_engine.c alone'

file src/step/a.c <<<'const char *a = env_get(env, "UNHEARD_OF");'
complains 'UNHEARD_OF is in no manual' "$root/tests/lint/variables.py" "$tree"

file src/base/a.c <<<"$(printf 'int a%d;\n' {1..399})"
style 'lines, over 400'
file src/base/a.c <<<"$(printf '%s\n' 'int f(void)' '{' {1..61} '}')"
style 'a function of 61 lines'
file src/base/a.c <<<'	'"$(printf '%083d' 0)"
style '91 columns'
file src/cli/a.md <<<"$(printf '%0121d' 0)"
style '121 bytes, over 120'
file src/base/a.c <<<'int f(void) { return atoi("strcpy(a, b) is only text"); }'
style 'atoi() is not used here'
file src/conf/a.c <<<'void f(void) { printf("hello"); }'
style 'printf() is for src/cli alone'
file src/base/a.c <<<'void f(void) { goto out; }'
style 'goto is not used here'
file tests/base/a_test.c <<<'static void test_a(void **state)'
style 'a test needs no prefix'
file src/base/a.c <<<'/* TODO: this */' # lint: this line names them
style 'a leftover'
file src/base/a.c <<<'int a; '
style 'white space at the end'
mkdir -p "$tree/src/base" && echo 'int a;' >"$tree/src/base/a.c"
style 'the first line is not'
mkdir -p "$tree/tests" && echo '#!/bin/sh' >"$tree/tests/run"
style 'no SPDX-License-Identifier'

file src/base/a.c <<<$'/* It is not\n * there. */' # lint: this line names them
complains "write is missing" "$root/tests/lint/words.py" "$tree"
file tests/a.sh <<<'# a folder_name' # lint: this line names them
complains "write directory" "$root/tests/lint/words.py" "$tree"

cp "$root/.clang-format" "$tree"
file src/base/a.c <<<'int  a;'
complains "src/base/a.c: not as clang-format" "$root/tests/lint/format.sh" "$tree"

# Builds what `file` has written at src/ and tests/, and checks its symbols.
symbols() { # TEXT
	local source
	for source in "$tree"/{src,tests}/*/*.c; do
		[[ -e $source ]] || continue
		local object=${source#"$tree"/}
		object=$tree/build/${object#src/}
		mkdir -p "${object%/*}"
		gcc -c -o "${object%.c}.o" "$source"
	done
	complains "$1" "$root/tests/lint/symbols.py" "$tree" "$tree/build"
}
file src/base/a.c <<<'int alone(void) { return 0; }'
symbols 'src/base/a.c: no other file uses alone'
file src/base/a.c <<<'int alone(void) { return 0; }'
file tests/base/a_test.c <<<'int alone(void); int main(void) { return alone(); }'
symbols 'src/base/a.c: tests alone use alone'
file src/base/a.c <<<'int b; extern int a; int *c(void); int *c(void) { return &a; }'
file src/conf/b.c <<<'int a; extern int b; int *d(void); int *d(void) { return &b; }'
symbols 'in a circle: base/a.c -> conf/b.c, conf/b.c -> base/a.c'

file src/base/a.c <<<'int a;'
printf '%s\n' '# a comment' base/a base/b >"$tree/src/start_order.txt"
complains 'src/base/b.c is missing' "$root/tests/lint/order.sh" "$tree"

# Each check must be one that `make lint` runs.
for check in "$root"/tests/lint/*.{py,sh}; do
	case ${check##*/} in
	all.sh | figures.py | objects.py) continue ;;
	esac
	grep -qw "${check##*/}" "$root/tests/lint/all.sh" ||
		{ echo "all.sh does not run ${check##*/}" && failed=1; }
done

# The quotes that are missing are what it complains of.
# shellcheck disable=SC2016
file tests/cli/a.sh <<<'rm $1'
complains SC2086 "$root/tests/lint/scripts.sh" "$tree"
file tests/cli/a_test.sh <<<'function a { true; }'
complains "nobody calls a" "$root/tests/lint/scripts.sh" "$tree"
file tests/cli/a_test.sh <<<$'a() { true; }\na() { false; }'
complains "a() replaces another function" "$root/tests/lint/scripts.sh" "$tree"
file tests/cli/a_test.sh <<<'test_a() { true; }'
complains "a test needs no prefix" "$root/tests/lint/scripts.sh" "$tree"

cp "$root/.clang-tidy" "$tree"
file src/base/a.c <<<'int f(int *p); int f(int *p) { return p ? 0 : *p; }'
complains NullDereference "$root/tests/lint/tidy.sh" "$tree"

for compiler in gcc clang; do
	mkdir -p "$tree/.ci" && cp "$root/.ci/deps.sh" "$tree/.ci" && cp "$root/Makefile" "$tree"
	file src/base/a.c <<<'int f(long n); int f(long n) { int x = n; return x; }'
	complains conversion make -s -C "$tree" "build/lint-$compiler/base/a.o"
done

runner() { # TEXT [OPTION]
	mkdir -p "$tree/build/gcc" && cp "$root/tests/"{run,lib.sh,end_left.py} "$tree/tests"
	cp /bin/true "$tree/build/gcc/groundwork"
	complains "$1" "$tree/tests/run" "${@:2}" build/gcc
}
script() { # standard input: what follows the library in tests/cli/a_test.sh
	# shellcheck disable=SC2016
	file tests/cli/a_test.sh < <(echo '. "${BASH_SOURCE[0]%/*}/../lib.sh"' && cat)
}
script <<<''
runner 'no test ran'
script <<'END'
a() { status 1 "$GROUNDWORK"; }
END
runner 'expected exit code 1, got 0'
script <<'END'
a() { false; true; }
END
runner '0 passed, 1 failed, 0 skipped'
again() {
	script <<-'END'
		a() { [[ -e $ROOT/shared/a ]] || { : >"$ROOT/shared/a" && false; }; }
		b() { false; true; }
	END
}
again
runner '0 passed, 2 failed, 0 skipped'
again
runner '1 passed, 1 failed, 0 skipped' -r
again
runner 'passed when run again alone:' -r
script <<'END'
# timeout: 1
a() { sleep 60; }
END
runner 'not done in 1 s'
script <<'END'
a() {
	(setsid sleep 4711 &)
	(cd / && exec sleep 4712 &)
	eventually pgrep -f '^sleep 4712$'
	false
}
END
runner 'left running, and killed: '
for number in 4711 4712; do
	! pgrep -f "^sleep $number\$" >/dev/null || { echo "tests/run left sleep $number" && failed=1; }
done
script <<'END'
a() { skip "no reason"; }
END
runner '0 passed, 0 failed, 1 skipped'

exit "$failed"
