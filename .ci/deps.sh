#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what the named parts of the build need and this machine lacks.
#
#	.ci/deps.sh PART…		PART: cc:COMPILER, build, static, static-arm64, release, roots,
#					check, parsers, lint, demo, examples, fuzzer, bench, images,
#					oracle
#
# If nothing is missing it only checks, in a few milliseconds. It knows apt, apk and dnf.
set -eu

# need WHAT APT APK DNF: this is missing; the names of its packages.
need() {
	missing="$missing $1"
	apt="$apt $2" apk="$apk $3" dnf="$dnf $4"
}

has() {
	command -v "$1" >/dev/null 2>&1
}

# library PKG-CONFIG-NAME APT APK DNF
library() {
	"${PKG_CONFIG:-pkg-config}" --exists "$1" 2>/dev/null || need "$@"
}

# headers COMPILER: a compiler needs the C library's headers.
headers() {
	echo '#include <stdio.h>' | "$1" -E -o /dev/null - 2>/dev/null
}

compiler() {
	case $1 in
	*clang*) has "$1" || need "$1" "$1" "$1" "$1" ;;
	gcc | cc) has "$1" || need "$1" gcc gcc gcc ;;
	*) has "$1" || need "$1" "$1" "$1" "$1" ;;
	esac
	if ! has "$1" || ! headers "$1"; then
		need libc-headers libc6-dev musl-dev glibc-devel
	fi
}

fuzzer() {
	if ! has clang || ! [ -e "$(clang -print-file-name=libclang_rt.fuzzer-"$(uname -m)".a)" ]
	then
		need libfuzzer libclang-rt-dev compiler-rt compiler-rt
	fi
}

part() {
	case $1 in
	cc:*) compiler "${1#cc:}" ;;
	build)
		has ar || need ar binutils binutils binutils
		has pkg-config || need pkg-config pkg-config pkgconf pkgconf-pkg-config
		library sqlite3 libsqlite3-dev sqlite-dev sqlite-devel
		library inih libinih-dev inih-dev inih-devel
		library libsodium libsodium-dev libsodium-dev libsodium-devel
		[ "${NETWORK:-yes}" != yes ] || {
			library libcurl libcurl4-openssl-dev curl-dev libcurl-devel
			library libpq libpq-dev libpq-dev libpq-devel
			library libssl libssl-dev openssl-dev openssl-devel
		}
		;;
	static)
		compiler gcc
		has apt-get || cannot "the libraries of 'make static' are Debian's, from apt-get"
		has musl-gcc || need musl-gcc musl-tools - -
		has ar || need ar binutils - -
		has dpkg-source || need dpkg-source dpkg-dev - -
		has tclsh || need tclsh tcl - -
		;;
	static-arm64)
		part static
		has aarch64-linux-gnu-gcc || need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu - -
		[ -e /usr/aarch64-linux-gnu/include/linux/types.h ] ||
			need arm64-headers linux-libc-dev-arm64-cross - -
		# What runs it here.
		has qemu-aarch64 || need qemu-aarch64 qemu-user - -
		;;
	release)
		has git || need git git git git
		has dpkg-deb || cannot "'make release' makes a Debian package with dpkg-deb"
		;;
	roots)
		has debootstrap || need debootstrap debootstrap debootstrap debootstrap
		;;
	check)
		has bash || need bash bash bash bash
		has setpriv || need setpriv util-linux setpriv util-linux
		has python3 || need python3 python3 python3 python3
		has strace || need strace strace strace strace
		has valgrind || need valgrind valgrind valgrind valgrind
		has sqlite3 || need sqlite3 sqlite3 sqlite sqlite
		has mandoc || need mandoc mandoc mandoc mandoc
		library cmocka libcmocka-dev cmocka-dev libcmocka-devel
		# What encrypts secrets; not every distribution has it, and its tests are skipped.
		has age || ! has apt-get || need age age - -
		# A server to migrate; the same.
		[ -d /usr/lib/postgresql ] || has initdb || ! has apt-get || need postgres postgresql - -
		;;
	parsers)
		# Who reads what templates, reports, metrics and completions become, and a pooler; a test
		# without its program is skipped.
		for other in php:php-cli node:nodejs lua:lua5.4 nginx:nginx-light curl:curl \
			promtool:prometheus openssl:openssl minisign:minisign zsh:zsh fish:fish \
			pgbouncer:pgbouncer systemd-analyze:systemd; do
			has "${other%:*}" || ! has apt-get || need "${other%:*}" "${other#*:}" - -
		done
		for other in yaml jsonschema; do
			python3 -c "import $other" 2>/dev/null || ! has apt-get ||
				[ "$(command -v python3)" != /usr/bin/python3 ] ||
				need "python3-$other" "python3-$other" - -
		done
		;;
	lint)
		has bash || need bash bash bash bash
		has python3 || need python3 python3 python3 python3
		has clang-tidy || need clang-tidy clang-tidy clang-extra-tools clang-tools-extra
		has clang-format || need clang-format clang-format clang-extra-tools clang-tools-extra
		has nm || need nm binutils binutils binutils
		has shellcheck || need shellcheck shellcheck shellcheck ShellCheck
		;;
	bench)
		compiler cc
		has bash || need bash bash bash bash
		has envsubst || need envsubst gettext-base gettext-envsubst gettext-envsubst
		has strace || need strace strace strace strace
		# What to compare with; not every distribution has all of them.
		for other in tini dumb-init catatonit gosu sqlite3 sql-migrate curl openssl; do
			has "$other" || ! has apt-get || need "$other" "$other" - -
		done
		;;
	images)
		# What is started behind groundwork.
		for other in redis-server:redis-server mosquitto:mosquitto \
			mosquitto_pub:mosquitto-clients nginx:nginx-light prosody:prosody \
			luac:lua5.4 curl:curl mariadbd:mariadb-server openssl:openssl \
			chromium-headless-shell:chromium-headless-shell; do
			has "${other%:*}" || ! has apt-get || need "${other%:*}" "${other#*:}" - -
		done
		[ -d /usr/lib/postgresql ] || ! has apt-get || need postgres postgresql - -
		;;
	oracle)
		has bash || need bash bash bash bash
		has sqlite3 || need sqlite3 sqlite3 sqlite sqlite
		[ -d /usr/lib/postgresql ] || has initdb || ! has apt-get || need postgres postgresql - -
		# Not every distribution has it.
		has sql-migrate || ! has apt-get || need sql-migrate sql-migrate - -
		;;
	demo)
		has bash || need bash bash bash bash
		has python3 || need python3 python3 python3 python3
		;;
	examples)
		# Beside what runs containers, and a kubectl that knows components (1.21): Debian's is older.
		has podman-compose || ! has apt-get || need podman-compose podman-compose - -
		python3 -c "import yaml" 2>/dev/null || ! has apt-get || need python3-yaml python3-yaml - -
		;;
	fuzzer) fuzzer ;;
	*)
		echo "deps: unknown part '$1'" >&2
		exit 2
		;;
	esac
}

look() {
	apt='' apk='' dnf='' missing=''
	for name in "$@"; do
		part "$name"
	done
}

cannot() {
	echo "deps: missing:$missing" >&2
	echo "deps: $1" >&2
	exit 1
}

# root COMMAND…: as root, or with sudo.
root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif has sudo; then
		sudo "$@"
	else
		cannot "not root, and no sudo here; as root, run: $*"
	fi
}

apt_get() {
	# RUNLEVEL: no service is started.
	set -- env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get \
		-o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 -qq -y "$@"
	root "$@"
}

look "$@"
[ -n "$missing" ] || exit 0

# A parallel make may run this script several times at once: check again after waiting.
if has flock; then
	exec 9<"$0"
	flock 9
	look "$@"
	[ -n "$missing" ] || exit 0
fi

echo "deps: installing for$missing" >&2
exec </dev/null >&2
# The lists are words on purpose: each name is one argument.
# shellcheck disable=SC2086
if has apt-get; then
	# A fresh machine has no package lists, and old lists name packages that are gone.
	ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || apt_get update ||
		cannot "apt-get update failed"
	apt_get install --no-install-recommends $apt ||
		{ apt_get update && apt_get install --no-install-recommends $apt; } ||
		cannot "apt-get could not install:$apt"
elif has apk; then
	root apk add --no-cache $apk || cannot "apk could not install:$apk"
elif has dnf; then
	root dnf install -y --setopt=install_weak_deps=False $dnf ||
		cannot "dnf could not install:$dnf"
else
	cannot "no apt-get, apk or dnf here: please install them by hand"
fi

# A package manager may succeed without a compiler that runs.
look "$@"
[ -z "$missing" ] || cannot "still missing after the installation"
