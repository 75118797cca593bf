#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds static libraries with musl from Debian's source packages: musl-libraries.sh DIRECTORY
#
# DIRECTORY gets include/ and lib/. apt downloads the sources and verifies them, as it does for
# this machine's own packages, with a source list and a cache of its own: nothing outside
# DIRECTORY is touched, and root is not needed.
set -eu
cd "$1"
here=$PWD
jobs=2

# Optimised for size, since the file system decides the speed; each function has a section of
# its own, so that the linker can drop what is never called.
CFLAGS='-Os -g0 -fno-strict-aliasing -ffunction-sections -fdata-sections
	-fstack-protector-strong -fno-pie -fno-asynchronous-unwind-tables'

# SQLite: what a schema or a query may need, as in Debian's package …
features='-DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS -DSQLITE_ENABLE_FTS3_TOKENIZER
	-DSQLITE_ENABLE_FTS4 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE
	-DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_STMTVTAB
	-DSQLITE_ENABLE_UPDATE_DELETE_LIMIT -DSQLITE_SOUNDEX -DSQLITE_SECURE_DELETE
	-DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_ALLOW_ROWID_IN_VIEW -DSQLITE_USE_URI=1
	-DSQLITE_MAX_SCHEMA_RETRY=25 -DSQLITE_MAX_VARIABLE_NUMBER=250000'
# … without what only a program could use, without threads, and without loading code.
program='-DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_DEPRECATED
	-DSQLITE_OMIT_SHARED_CACHE'
# What its configure finds in musl; without HAVE_USLEEP it would wait for locks by the second.
has='-DHAVE_USLEEP=1 -DHAVE_FDATASYNC=1 -DHAVE_LOCALTIME_R=1 -DHAVE_GMTIME_R=1
	-DHAVE_STRCHRNUL=1 -DHAVE_ISNAN=1 -DHAVE_STDINT_H=1 -DHAVE_INTTYPES_H=1
	-DHAVE_MALLOC_USABLE_SIZE=1 -DHAVE_MALLOC_H=1 -DUSE_PREAD'

# libsodium: what its configure finds. Vector units are left out: they need a probe.
sodium='-DCONFIGURED=1 -DNATIVE_LITTLE_ENDIAN=1 -DHAVE_TI_MODE=1 -DHAVE_INLINE_ASM=1
	-DHAVE_C_VARARRAYS=1 -DHAVE_WEAK_SYMBOLS=1 -DHAVE_ATOMIC_OPS=1 -DHAVE_SYS_MMAN_H=1
	-DHAVE_SYS_RANDOM_H=1 -DHAVE_GETRANDOM=1 -DHAVE_EXPLICIT_BZERO=1 -DHAVE_MMAP=1
	-DHAVE_MPROTECT=1 -DHAVE_MADVISE=1 -DHAVE_MLOCK=1 -DHAVE_POSIX_MEMALIGN=1
	-DHAVE_GETPID=1 -DHAVE_NANOSLEEP=1'

# The words of flags are words on purpose.
# shellcheck disable=SC2086
compile() {
	musl-gcc $CFLAGS "$@"
}

# archive NAME OBJECT…
archive() {
	name=$here/lib/$1
	shift
	ar rcs "$name" "$@"
}

# The sources of Debian's own suites; other repositories of this machine are left out.
source_list() {
	# shellcheck disable=SC1091
	suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
	for list in /etc/apt/sources.list.d/*.sources; do
		[ -e "$list" ] || continue
		awk -v RS= -v ORS='\n\n' -v suite="$suite" '
			$0 ~ "\nSuites:[^\n]*[ \t]" suite && /\nComponents:[^\n]*[ \t]main/ {
				sub(/(^|\n)Types:[^\n]*/, "\nTypes: deb-src")
				print
			}' "$list"
	done >work/parts/stanzas.sources
	space='[[:space:]]'
	lines="s/^deb\($space.*$space${suite}[-a-z/]*$space\(.*$space\)*main\)/deb-src\1/p"
	for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -e "$list" ] || continue
		sed -n "$lines" "$list"
	done >work/parts/lines.list
}

apt() {
	apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$here/work/parts" \
		-o Dir::State::lists="$here/work/lists" -o Dir::Cache="$here/work/cache" \
		-o Acquire::Retries=3 "$@"
}

# Unpacks the package of the source $1 at work/$1.
fetch() {
	mkdir "work/$1.d"
	(cd "work/$1.d" && apt source "$1")
	mv "work/$1.d/$1"-*/ "work/$1"
}

sqlite() {
	cd "$here/work/sqlite3"
	# The parser is made for the features, too.
	CFLAGS=$features ./configure --disable-tcl --disable-readline --disable-load-extension
	make -j"$jobs" sqlite3.c
	# shellcheck disable=SC2086
	compile $features $program $has -c -o sqlite3.o sqlite3.c
	archive libsqlite3.a sqlite3.o
	cp sqlite3.h "$here/include"
}

libsodium() {
	cd "$here/work/libsodium"
	version=$(sed -n 's/^AC_INIT(\[libsodium\],\[\([0-9.]*\)\].*/\1/p' configure.ac)
	sed -e "s/@VERSION@/$version/" -e '/@SODIUM_LIBRARY_MINIMAL_DEF@/d' \
		-e "s/@SODIUM_LIBRARY_VERSION_MAJOR@/$(setting MAJOR)/" \
		-e "s/@SODIUM_LIBRARY_VERSION_MINOR@/$(setting MINOR)/" \
		src/libsodium/include/sodium/version.h.in >src/libsodium/include/sodium/version.h
	mkdir objects
	find "$PWD/src/libsodium" -name '*.c' | sort >sources
	cd objects
	CFLAGS="$CFLAGS $sodium -I../src/libsodium/include -I../src/libsodium/include/sodium" \
		xargs -n 8 -P "$jobs" sh -c "musl-gcc \$CFLAGS -c \"\$@\"" - <../sources
	archive libsodium.a ./*.o
	cp -R ../src/libsodium/include/. "$here/include"
}

setting() {
	sed -n "s/^SODIUM_LIBRARY_VERSION_$1=//p" configure.ac
}

# One small file that needs nothing that musl lacks: Debian's archive as it is.
inih() {
	cp "$(pkg-config --variable=includedir inih)/ini.h" "$here/include"
	cp "$(gcc -print-file-name=libinih.a)" "$here/lib"
}

failed() {
	tail -n 20 log >&3
	echo "musl-libraries: failed; the output is in $here/log" >&3
	exit 1
}

rm -rf work include lib
mkdir -p work/parts work/lists/partial work/cache/archives/partial include lib
echo "  MUSL  SQLite and libsodium from Debian's sources: this takes a minute" >&2
exec 3>&2 >log 2>&1
trap failed EXIT
source_list
apt update
fetch sqlite3
fetch libsodium
(sqlite)
(libsodium)
inih
trap - EXIT
rm -rf work
