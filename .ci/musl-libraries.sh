#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds static libraries with musl from Debian's source packages, for this machine or another:
#
#	musl-libraries.sh DIRECTORY [arm64]
#
# DIRECTORY gets include/, lib/, NOTICES, and versions, which names each library with its
# Debian revision (include/libraries.h has the same for the program); sources has the digest of
# each file that they are made from. `built` changes when they are built: by another script, or
# after Debian has another version, which is looked up once a day. For another machine musl is
# built, too, in the version that this one has; bin/musl-gcc then compiles for it.
#
# apt downloads the sources and verifies them, as it does for this machine's own packages: the
# suite's signature, by it the list of sources, and by that each file. It has a source list
# and a cache of its own, from the mirrors of this machine: nothing outside DIRECTORY is
# touched, and root is not needed. A mirror may list a version that it no longer has, or
# lack a suite; then the next older version is taken. VERSIONS may name a file with a line "NAME
# VERSION" of those that are to be taken, and no others, so that a release can be made again;
# lines "==== NAME VERSION ====" of a release's NOTICES will do.
set -eu
[ -z "${VERSIONS-}" ] || VERSIONS=$(realpath "$VERSIONS")
script=$(cat "$0" ${VERSIONS:+"$VERSIONS"} | sha256sum)
mkdir -p "$1"
cd "$1"
here=$PWD
case ${2-} in
'') cc=musl-gcc triplet='' ;;
arm64) cc=$here/bin/musl-gcc triplet=aarch64-linux-gnu openssl_target=linux-aarch64 ;;
*) echo "musl-libraries: $2 is not one of: arm64" >&2 && exit 2 ;;
esac
tools=${triplet:+$triplet-}
# What a configure script needs to hear, once.
host=${triplet:+--host=${triplet%-gnu}-musl}
jobs=2
suites='trixie bookworm'
packages='sqlite3 libinih libsodium openssl curl postgresql-15'

# Optimised for size, since the file system decides the speed; each function has a section of
# its own, so that the linker can drop what is never called. No strings are merged: one that
# ends as another does would lie wherever that is, and a start would touch pages all over.
CFLAGS='-Os -g0 -fno-strict-aliasing -ffunction-sections -fdata-sections
	-fstack-protector-strong -fno-pie -fno-asynchronous-unwind-tables -fno-merge-constants
	-ffile-prefix-map='"$here=."

# SQLite: what a schema or a query may need, as in Debian's package …
features='-DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS -DSQLITE_ENABLE_FTS3_TOKENIZER
	-DSQLITE_ENABLE_FTS4 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE
	-DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_STMTVTAB
	-DSQLITE_ENABLE_UPDATE_DELETE_LIMIT -DSQLITE_SOUNDEX -DSQLITE_SECURE_DELETE
	-DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_ALLOW_ROWID_IN_VIEW -DSQLITE_USE_URI=1
	-DSQLITE_MAX_SCHEMA_RETRY=25 -DSQLITE_MAX_VARIABLE_NUMBER=250000'
# … without what only a program could use, without threads, and without loading code. Without
# a soft limit a hash table of a large schema has more than 64 buckets, in which each lookup
# is a search.
program='-DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_DEPRECATED
	-DSQLITE_OMIT_SHARED_CACHE -DSQLITE_OMIT_TRACE -DSQLITE_UNTESTABLE
	-DSQLITE_MALLOC_SOFT_LIMIT=0'
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
	"$cc" $CFLAGS "$@"
}

# archive NAME OBJECT…
archive() {
	name=$here/lib/$1
	shift
	"${tools}ar" rcsD "$name" "$@"
}

# ---- sources ----

# The sources of Debian's suites, from where this machine has its own suite; backports and
# other repositories are left out.
source_list() {
	# shellcheck disable=SC1091
	own=$(. /etc/os-release && echo "$VERSION_CODENAME")
	space='[[:space:]]'
	own_suite="$own\(-updates\|-security\)\{0,1\}"
	line="^deb\($space.*$space\)$own_suite\($space\(.*$space\)*main\)"
	for suite in $suites; do
		for list in /etc/apt/sources.list.d/*.sources; do
			[ -e "$list" ] || continue
			awk -v RS= -v ORS='\n\n' -v own="$own" -v suite="$suite" "$stanza" "$list"
		done >"work/parts/$suite.sources"
		for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
			[ -e "$list" ] || continue
			sed -n "s/$line/deb-src\1$suite\2\3/p" "$list"
		done >"work/parts/$suite.list"
	done
}

# The awk program that turns a stanza with our own suite into one of sources of another.
# shellcheck disable=SC2016
stanza='/\nComponents:[^\n]*[ \t]main/ && match($0, /\nSuites:[^\n]*/) {
	before = substr($0, 1, RSTART)
	after = substr($0, RSTART + RLENGTH)
	count = split(substr($0, RSTART + 8, RLENGTH - 8), words)
	kept = ""
	for (i = 1; i <= count; i++)
		if (words[i] == own || words[i] == own "-updates" || words[i] == own "-security")
			kept = kept " " suite substr(words[i], length(own) + 1)
	if (kept == "")
		next
	sub(/(^|\n)Types:[^\n]*/, "\nTypes: deb-src", before)
	print before "Suites:" kept after
}'

apt() {
	command=$1
	shift
	"apt-$command" -q -o Dir::Etc::sourcelist=/dev/null -o Acquire::Retries=3 \
		-o Acquire::AllowInsecureRepositories=false \
		-o Acquire::AllowDowngradeToInsecureRepositories=false \
		-o APT::Get::AllowUnauthenticated=false \
		-o Dir::Etc::sourceparts="$here/work/parts" \
		-o Dir::State::lists="$here/work/lists" -o Dir::Cache="$here/work/cache" "$@"
}

# The versions of the source $1 that the mirrors list, newest first.
listed() {
	apt cache showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -ruV
}

say() {
	echo "  MUSL  $*" >&3
}

pinned() {
	[ -z "${VERSIONS-}" ] || sed -n "s/^\(==== \)\{0,1\}$1 \([^ ]*\).*/\2/p" "$VERSIONS"
}

# Unpacks the source $1 at work/$1: as VERSIONS says, in the version $2, or in the newest one
# that can be had.
fetch() {
	pinned=$(pinned "$1")
	for version in ${pinned:-${2-} $(listed "$1")}; do
		rm -rf "work/$1.d"
		mkdir "work/$1.d"
		if (cd "work/$1.d" && apt get source "$1=$version"); then
			mv "work/$1.d/$1"-*/ "work/$1"
			echo "$1 $version" >>work/versions
			(cd "work/$1.d" && sha256sum -- *.dsc *.tar.*) |
				sed -n "/\.asc\$/!s/^/$1 /p" >>work/sources
			return
		fi
		say "$1 $version is listed and cannot be had: looking for an older one"
	done
	say "no source of $1 can be had"
	return 1
}

# ---- libraries ----

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
	# What hashes migrations and files.
	CFLAGS="$CFLAGS -O2 $sodium -I../src/libsodium/include -I../src/libsodium/include/sodium" \
		xargs -n 8 -P "$jobs" sh -c "'$cc' \$CFLAGS -c \"\$@\"" - <../sources
	archive libsodium.a ./*.o
	cp -R ../src/libsodium/include/. "$here/include"
}

setting() {
	sed -n "s/^SODIUM_LIBRARY_VERSION_$1=//p" configure.ac
}

# OpenSSL: no code is loaded, no configuration read, and nothing of this machine's named.
openssl() {
	cd "$here/work/openssl"
	# musl-gcc knows no headers of the kernel; none of the C library's are taken for musl's.
	kernel="-idirafter /usr/include -idirafter /usr/include/$(gcc -print-multiarch)"
	[ -z "$triplet" ] || kernel="-idirafter /usr/$triplet/include"
	# shellcheck disable=SC2086
	CC=$cc AR=${tools}ar RANLIB=${tools}ranlib ./Configure ${openssl_target-} \
		--prefix=/nonexistent --openssldir=/nonexistent --libdir=lib \
		no-shared no-dso no-engine no-dynamic-engine no-module no-tests no-apps no-docs \
		no-legacy no-async no-secure-memory no-autoload-config no-ui-console no-comp \
		no-cms no-ts no-ocsp no-ct no-srp no-psk no-dtls no-srtp no-ssl3 no-tls1 no-tls1_1 \
		no-cmp no-quic no-rfc3779 no-idea no-seed no-camellia no-aria no-bf no-cast no-des \
		no-rc2 no-rc4 no-md4 no-mdc2 no-rmd160 no-whirlpool no-sm2 no-sm3 no-sm4 no-gost \
		no-dsa no-siphash no-scrypt no-ml-dsa no-slh-dsa no-ec2m no-ocb no-siv no-argon2 \
		$CFLAGS $kernel
	make -j"$jobs" build_generated
	# Its library says when and how it was built, which is to be the same at any time and in
	# any directory.
	SOURCE_DATE_EPOCH=0 perl util/mkbuildinf.pl musl-gcc musl >crypto/buildinf.h
	make -j"$jobs" libcrypto.a libssl.a
	# It asks the processor what it can before main(), which costs each start 8 % in a
	# virtual machine; OPENSSL_init_crypto(), which tls_begin() calls, asks it again.
	"${tools}objcopy" --remove-section=.init libcrypto.a
	cp libcrypto.a libssl.a "$here/lib"
	cp -R include/openssl "$here/include"
}

# curl: HTTP/1.1 and HTTPS alone; the resolver may block, since a child of ours asks it.
curl() {
	cd "$here/work/curl"
	# One line of flags.
	# shellcheck disable=SC2086,SC2116
	CC=$cc CPPFLAGS="-I$here/include" LDFLAGS="-static -no-pie -L$here/lib" \
		./configure $host --disable-shared --enable-static --with-openssl --without-ca-bundle \
		--without-ca-path --without-zlib --without-brotli --without-zstd --without-libpsl \
		--without-libidn2 --without-nghttp2 --without-libgsasl --disable-ftp --disable-file \
		--disable-ldap --disable-ldaps --disable-rtsp --disable-dict --disable-telnet \
		--disable-tftp --disable-pop3 --disable-imap --disable-smb --disable-smtp \
		--disable-gopher --disable-mqtt --disable-ipfs --disable-manual --disable-docs \
		--disable-ntlm --disable-negotiate-auth --disable-kerberos-auth --disable-aws \
		--disable-unix-sockets --disable-alt-svc --disable-hsts --disable-cookies \
		--disable-netrc --disable-doh --disable-mime --disable-form-api \
		--disable-websockets --disable-libcurl-option --disable-tls-srp \
		--disable-threaded-resolver --disable-openssl-auto-load-config \
		CFLAGS="$(echo $CFLAGS)"
	make -C lib -j"$jobs" libcurl.la
	cp lib/.libs/libcurl.a "$here/lib"
	cp -R include/curl "$here/include"
}

# libpq alone, with what it has of its program's other parts. (Of later versions the sources
# lack what is generated.)
libpq() {
	cd "$here/work/postgresql-15"
	# shellcheck disable=SC2086,SC2116
	CC=$cc CPPFLAGS="-I$here/include" LDFLAGS="-static -no-pie -L$here/lib" \
		./configure $host --without-readline --without-zlib --without-icu --without-gssapi \
		--without-ldap --without-pam --without-systemd --with-ssl=openssl \
		--sysconfdir=/nonexistent CFLAGS="$(echo $CFLAGS)"
	make -C src/backend generated-headers
	make -C src/common -j"$jobs" libpgcommon_shlib.a
	make -C src/port -j"$jobs" libpgport_shlib.a
	make -C src/interfaces/libpq -j"$jobs" libpq.a
	archive libpq.a src/interfaces/libpq/*.o src/common/*_shlib.o src/port/*_shlib.o
	cp src/interfaces/libpq/libpq-fe.h src/include/postgres_ext.h src/include/pg_config_ext.h \
		src/include/pg_config.h "$here/include"
}

inih() {
	cd "$here/work/libinih"
	compile -c -o ini.o ini.c
	archive libinih.a ini.o
	cp ini.h "$here/include"
}

# The C library of another machine.
musl() {
	cd "$here/work/musl"
	# Debian's gcc would call its own C library for what a processor can do.
	# shellcheck disable=SC2086,SC2116
	CC=${tools}gcc CFLAGS="$(echo $CFLAGS) -mno-outline-atomics" ./configure \
		--target="${triplet%-gnu}-musl" --prefix="$here/musl" --disable-shared \
		--enable-wrapper=gcc
	make -j"$jobs" AR="${tools}ar" RANLIB="${tools}ranlib" install
	mkdir -p "$here/bin"
	ln -sf ../musl/bin/musl-gcc "$here/bin/musl-gcc"
}

# What needs nothing of each other is built at the same time: much of it is done by one
# processor alone. The output of what failed comes last.
together() {
	builders=
	for library; do
		("$library") >"work/$library.log" 2>&1 &
		builders="$builders $!:$library"
	done
	broken=
	for builder in $builders; do
		library=${builder#*:}
		if wait "${builder%%:*}"; then
			cat "work/$library.log"
		else
			broken="$broken work/$library.log"
		fi
	done
	# Names of ours, without blanks.
	# shellcheck disable=SC2086
	[ -z "$broken" ] || { cat $broken && return 1; }
}

notices() {
	while read -r name version; do
		printf '\n==== %s %s ====\n\n' "$name" "$version"
		case $name in
		libinih) cat work/libinih/LICENSE.txt ;;
		libsodium) cat work/libsodium/LICENSE ;;
		musl) cat work/musl/debian/copyright 2>/dev/null ||
			cat /usr/share/doc/musl-dev/copyright ;;
		*) cat "work/$name/debian/copyright" ;;
		esac
	done <versions
}

# The versions, for the program to print: "SQLite 3.46.1-7+deb13u2" and so on.
header() {
	printf '#define LIBRARIES'
	sed -e 's/^sqlite3/SQLite/' -e 's/^libinih/inih/' -e 's/^openssl/OpenSSL/' -e 's/^postgresql-15/libpq/' versions | while read -r line; do
		printf ' \\\n\t"%s\\n"' "$line"
	done
	echo
}

# ---- when ----

# What `built` holds when all is as it should be.
wanted() {
	echo "$script"
	for package in $packages; do
		echo "$package $(listed "$package" | head -n 1)"
	done
	echo "musl $(musl_version)"
}

musl_version() {
	dpkg-query -W -f '${Version}' musl-dev
}

is_recent() {
	[ -e built ] && [ "$(head -n 1 built)" = "$script" ] && [ -n "$(find checked -mtime -1)" ] &&
		[ "$(tail -n 1 built)" = "musl $(musl_version)" ]
}

failed() {
	tail -n 20 log >&3
	echo "musl-libraries: failed; the output is in $here/log" >&3
	exit 1
}

# Others may build them in the same directory at the same time.
exec 9>lock
flock 9
! is_recent 2>/dev/null || exit 0
rm -rf work
mkdir -p work/parts work/lists/partial work/cache/archives/partial
exec 3>&2 >log 2>&1
trap failed EXIT
source_list
apt get update || say "not every list of sources could be had"
wanted >work/built
# Without a list there is nothing newer than what is there.
if [ -e built ] && [ "$(head -n 1 built)" = "$script" ] &&
	{ cmp -s work/built built || [ -z "$(listed sqlite3)" ]; }; then
	touch checked
	trap - EXIT
	rm -rf work
	exit 0
fi
say "SQLite, inih, libsodium, OpenSSL, curl and libpq from Debian's sources: this takes minutes"
rm -rf include lib musl bin built
mkdir include lib
for package in $packages; do
	fetch "$package"
done
if [ -z "$triplet" ]; then
	echo "musl $(musl_version)" >>work/versions
else
	fetch musl "$(musl_version)"
	together musl
fi
mv work/versions versions
mv work/sources sources
together openssl sqlite libsodium inih
together curl libpq
notices >NOTICES
header >include/libraries.h
mv work/built built
touch checked
trap - EXIT
rm -rf work
