#!/bin/bash
# SPDX-License-Identifier: MIT
# What `make release` makes, twice: run.sh [NAME…]
#
# The release of this tree is compared with one that is made of the same commit in another
# directory, with another umask, time zone and number of jobs. The other one's libraries are
# copies of this one's; with FULL=1 they are built there, too, which takes minutes, and so is the
# release of another machine, which qemu-user runs. Each
# function `name() {` below is a test, in this order, and ends at the first thing that is not
# as expected; a helper is written `function name {`.
set -uo pipefail
cd "${BASH_SOURCE[0]%/*}/../.." || exit 2
work=$(mktemp -d "${TMPDIR:-/tmp}/groundwork-release.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
architecture=$(dpkg --print-architecture)
version=$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' src/base/version.h)
name=groundwork-$version-linux-$architecture
package=groundwork_${version}_$architecture.deb
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) || exit 2
export SOURCE_DATE_EPOCH
unset MAKEFLAGS MFLAGS MAKELEVEL

. tests/checks.sh

function fail {
	echo "    ${FUNCNAME[1]}: $*"
	exit 1
}

function unpacked { # the tarball, at $work/tar, and the package, at $work/deb
	[[ -e $work/tar ]] || {
		mkdir -p "$work/tar"
		tar -C "$work/tar" -xzf "dist/$name.tar.gz"
		dpkg-deb -x "dist/$package" "$work/deb"
	}
}

it_is_made() {
	[[ -z $(git status --porcelain) ]] || fail "commit first: a release is that of a commit"
	expect 0 make -s release
	(cd dist && find . -type f -printf '%P\n' | sort | xargs) >"$work/files"
	[[ $(<"$work/files") == "SHA256SUMS $name $name.spdx.json $name.tar.gz $package" ]] ||
		fail "dist has: $(<"$work/files")"
}

# The other directory has a longer name, and files whose modes are others.
another_directory_makes_the_same_bytes() {
	local other="$work/another directory, of a longer name/groundwork" file
	expect 0 git clone -q . "$other"
	if [[ -z ${FULL-} ]]; then
		mkdir "$other/build"
		cp -a build/musl "$other/build/musl"
	fi
	(
		umask 077
		unset SOURCE_DATE_EPOCH
		cd "$other" && TZ=Asia/Tokyo LC_ALL=C.UTF-8 make -s -j3 release
	) >"$work/other.log" 2>&1 || {
		tail -n 20 "$work/other.log" | sed 's/^/    | /'
		fail "it cannot be made there"
	}
	for file in dist/* dist/SHA256SUMS; do
		cmp "$file" "$other/$file" || fail "another one there: $file"
	done
}

# What the comparison cannot see where the libraries are copies.
it_names_no_time_and_no_directory_of_its_build() {
	! grep -aq build/musl "dist/$name" || fail "the directory of its libraries"
	! grep -aqF "$PWD" "dist/$name" || fail "the directory of its build"
	grep -ao 'built on: [ -~]*' "dist/$name" >"$work/out"
	[[ $(<"$work/out") == "built on: Thu Jan  1 00:00:00 1970 UTC" ]] || fail "$(<"$work/out")"
}

# cli/static_test.sh has what can be seen of the program itself.
its_stack_is_protected() {
	local library
	readelf -sW build/static/*/*.o | grep -c 'UND __stack_chk_fail' >"$work/out"
	(($(<"$work/out") >= 100)) || fail "in $(<"$work/out") of our objects"
	for library in build/musl/lib/*.a; do
		(($(readelf -sW "$library" | grep -c 'UND __stack_chk_fail') > 0)) ||
			fail "not in $library"
	done
}

its_digests_hold() {
	(cd dist && sha256sum -c --quiet SHA256SUMS) || fail "SHA256SUMS is of other files"
	[[ $(wc -l <dist/SHA256SUMS) == 4 ]] || fail "SHA256SUMS has not all files"
	[[ $(stat -c %a "dist/$name") == 755 ]] || fail "the program cannot be executed"
}

the_tarball_is_of_nobody_and_of_the_commits_time() {
	local time
	time=@$(git log -1 --format=%ct)
	tar -tvzf "dist/$name.tar.gz" --numeric-owner --full-time --utc |
		awk '{ print $2, $4, $5 }' | sort -u >"$work/out"
	[[ $(<"$work/out") == "0/0 $(date -u -d "$time" '+%F %T')" ]] ||
		fail "owner and time: $(<"$work/out")"
	tar -tvzf "dist/$name.tar.gz" | cut -c 1-10 | sort -u | xargs >"$work/out"
	[[ $(<"$work/out") == "-rw-r--r-- -rwxr-xr-x drwxr-xr-x" ]] || fail "modes: $(<"$work/out")"
}

the_tarball_has_all_that_is_needed() {
	local file
	unpacked
	for file in groundwork NOTICES LICENSE README.md CHANGELOG.md man/groundwork.1 \
		man/groundwork.ini.5 completion/bash completion/fish completion/zsh \
		conf.d/10-user.ini examples/notes/README.md "$name.spdx.json"; do
		[[ -s $work/tar/$name/$file ]] || fail "missing: $file"
	done
	expect 0 "$work/tar/$name/groundwork" --version
	says "groundwork $version"
	grep -q '^\.Dt GROUNDWORK 1$' "$work/tar/$name/man/groundwork.1" || fail "no manual"
	expect 0 diff -r conf.d "$work/tar/$name/conf.d"
}

the_package_is_one_of_debian() {
	unpacked
	expect 0 dpkg-deb -f "dist/$package" Package Version Architecture Depends
	[[ $(xargs <"$work/out") == "Package: groundwork Version: $version Architecture: $architecture" ]] ||
		fail "$(<"$work/out")"
	expect 0 "$work/deb/usr/bin/groundwork" --version
	says "groundwork $version"
	(cd "$work/deb" && dpkg-deb --ctrl-tarfile "$OLDPWD/dist/$package" |
		tar -xOf - ./md5sums | md5sum -c --quiet) || fail "its md5sums are of other files"
	dpkg-deb -c "dist/$package" | awk '$2 != "root/root" { print }' >"$work/out"
	[[ ! -s $work/out ]] || fail "of others than root: $(<"$work/out")"
	# dpkg itself takes it, and gives it back.
	mkdir -p "$work/admin/updates" "$work/admin/info" "$work/root"
	touch "$work/admin/status" "$work/admin/available"
	expect 0 dpkg --force-not-root --force-bad-path --log=/dev/null --admindir="$work/admin" \
		--instdir="$work/root" -i "dist/$package"
	cmp -s "$work/root/usr/bin/groundwork" "dist/$name" || fail "not installed as it is"
	expect 0 dpkg --force-not-root --force-bad-path --log=/dev/null --admindir="$work/admin" \
		--instdir="$work/root" -P groundwork
	[[ -z $(find "$work/root" -type f) ]] || fail "left behind: $(find "$work/root" -type f)"
}

# The SBOM, the notices and --version name the same libraries; that they are all that is
# linked in is what the linker is given.
the_sbom_names_what_is_linked() {
	"dist/$name" --version >"$work/versions" || fail "it does not run"
	expect 0 python3 tests/release/sbom.py "dist/$name.spdx.json" "dist/$name" \
		"$work/versions" build/static/NOTICES
	make -n --always-make build/static/groundwork 2>/dev/null |
		grep -oE -e ' -l[a-z0-9]+' | sort -u | xargs >"$work/out"
	[[ $(<"$work/out") == "-lc -lcrypto -lcurl -linih -lpq -lsodium -lsqlite3 -lssl" ]] ||
		fail "it is linked with others: $(<"$work/out")"
}

a_signature_is_that_of_the_digests() {
	command -v minisign >/dev/null || fail "no minisign here"
	expect 0 minisign -G -W -p "$work/key.pub" -s "$work/key"
	cp -a dist/SHA256SUMS "$work/unsigned"
	expect 0 make -s release MINISIGN_KEY="$work/key"
	cmp dist/SHA256SUMS "$work/unsigned" || fail "signed, it is another one"
	expect 0 minisign -V -p "$work/key.pub" -m dist/SHA256SUMS
	says "groundwork $version"
	echo >>dist/SHA256SUMS
	expect 1 minisign -V -p "$work/key.pub" -m dist/SHA256SUMS
	# What was there is replaced, the signature too.
	expect 0 make -s release
	[[ ! -e dist/SHA256SUMS.minisig ]] || fail "an old signature is kept"
}

# It lays the same ground as this machine's.
full_it_is_made_for_another_machine() {
	local foreign=${name%-*}-arm64
	expect 0 make -s release RELEASE="$architecture arm64"
	(cd dist && sha256sum -c --quiet SHA256SUMS) || fail "SHA256SUMS is of other files"
	[[ $(wc -l <dist/SHA256SUMS) == 8 ]] || fail "SHA256SUMS has not all files"
	expect 0 readelf -hW "dist/$foreign"
	says AArch64
	expect 0 dpkg-deb -f "dist/${package/_$architecture/_arm64}" Architecture
	says arm64
	qemu-aarch64 "dist/$foreign" --version >"$work/versions" || fail "it does not run"
	expect 0 python3 tests/release/sbom.py "dist/$foreign.spdx.json" "dist/$foreign" \
		"$work/versions" build/static-arm64/NOTICES
	lay "dist/$name" >"$work/laid" || fail "no ground is laid"
	lay qemu-aarch64 "dist/$foreign" >"$work/laid_there" || fail "it lays no ground"
	diff "$work/laid" "$work/laid_there" || fail "it lays another ground"
}

function lay { # PROGRAM…: the ground of all kinds, and prints what there is then
	rm -rf "$work/ground"
	"$@" -q -c tests/cli/ground/conf.d -C "$work/ground" apply &&
		(cd "$work/ground" && find . -printf '%P %y %m\n' | sort)
}

mapfile -t tests < <(sed -n 's/^\([a-z0-9_]*\)() {$/\1/p' tests/release/run.sh)
[[ -n ${FULL-} ]] || mapfile -t tests < <(printf '%s\n' "${tests[@]}" | grep -v '^full_')
(($# == 0)) || tests=("$@")
run_tests release "${tests[@]}"
