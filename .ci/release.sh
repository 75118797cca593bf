#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes what a release is downloaded as: release.sh DIST ARCHITECTURE=DIRECTORY:LIBRARIES…
#
# DIST gets, for each architecture (Debian's name of it: amd64, arm64), from DIRECTORY's
# groundwork and NOTICES and from LIBRARIES, which .ci/musl-libraries.sh has made:
#
#	groundwork-VERSION-linux-ARCHITECTURE			the program
#	groundwork-VERSION-linux-ARCHITECTURE.tar.gz		with manuals, completions, conf.d,
#								examples, notices and SBOM
#	groundwork_VERSION_ARCHITECTURE.deb
#	groundwork-VERSION-linux-ARCHITECTURE.spdx.json		the SBOM
#
# and SHA256SUMS, which is signed as SHA256SUMS.minisig where MINISIGN_KEY names a secret key
# of minisign(1). The same commit and the same tools make the same bytes, in any directory: all
# times are SOURCE_DATE_EPOCH, by default that of the commit. A program of another machine is
# run by qemu-user. What DIST had before is replaced at the end, as a whole.
set -eu
umask 022
export LC_ALL=C TZ=UTC0
dist=$1
shift
new=$dist.new
stage=build/release
version=$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' src/base/version.h)

fail() {
	echo "release: $*" >&2
	exit 1
}

is_repository() {
	[ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]
}

# The time of all files.
find_time() {
	if is_repository && [ -n "$(git status --porcelain)" ]; then
		echo "release: what is not committed is in it, too: nobody else can make it" >&2
	fi
	if [ -z "${SOURCE_DATE_EPOCH-}" ]; then
		is_repository || fail "not a clone: set SOURCE_DATE_EPOCH"
		SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
	fi
	export SOURCE_DATE_EPOCH
}

# The files of directories that belong to the project.
ours() {
	if is_repository; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		find "$@" ! -type d ! -name '*.pyc'
	fi | sort
}

# copy TO PATH…: files and directories of ours, with their paths.
copy() {
	to=$1
	shift
	ours "$@" >"$stage/files"
	tar -cf - -T "$stage/files" | tar -C "$to" -xf -
}

# The same owner, mode and time for all that is below it.
level() {
	chmod -R u=rwX,go=rX "$1"
	find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

# run ARGUMENT…: the program, by its own machine or by what plays one.
run() {
	if [ "$architecture" = "$(dpkg --print-architecture)" ]; then
		"$program" "$@"
	else
		"qemu-$(echo "$architecture" | sed 's/^arm64$/aarch64/')" "$program" "$@"
	fi
}

tarball() {
	root=$stage/$name
	mkdir -p "$root/man" "$root/completion"
	install -m 0755 "$program" "$root/groundwork"
	install -m 0644 "$built/NOTICES" "$new/$name.spdx.json" "$root"
	copy "$root" LICENSE README.md CHANGELOG.md conf.d examples
	run explain --format mdoc groundwork >"$root/man/groundwork.1"
	run explain --format mdoc groundwork.ini >"$root/man/groundwork.ini.5"
	for shell in bash fish zsh; do
		run completion "$shell" >"$root/completion/$shell"
	done
	level "$root"
	tar -C "$stage" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
		-cf - "$name" | gzip -9n >"$new/$name.tar.gz"
}

# The package has what the tarball has, where Debian's users look for it.
package() {
	from=$root
	root=$stage/$name.deb
	share=$root/usr/share
	doc=$share/doc/groundwork
	mkdir -p "$root/DEBIAN" "$root/usr/lib/groundwork" "$doc" "$share/man/man1" "$share/man/man5"
	install -D -m 0755 "$from/groundwork" "$root/usr/bin/groundwork"
	install -D -m 0644 "$from/completion/bash" \
		"$share/bash-completion/completions/groundwork"
	install -D -m 0644 "$from/completion/fish" \
		"$share/fish/vendor_completions.d/groundwork.fish"
	install -D -m 0644 "$from/completion/zsh" "$share/zsh/vendor-completions/_groundwork"
	gzip -9nc "$from/man/groundwork.1" >"$share/man/man1/groundwork.1.gz"
	gzip -9nc "$from/man/groundwork.ini.5" >"$share/man/man5/groundwork.ini.5.gz"
	gzip -9nc "$from/CHANGELOG.md" >"$doc/changelog.gz"
	install -m 0644 "$from/NOTICES" "$doc/copyright"
	install -m 0644 "$from/README.md" "$from/$name.spdx.json" "$doc"
	cp -R "$from/conf.d" "$root/usr/lib/groundwork"
	cp -R "$from/examples" "$doc"
	level "$root"
	(cd "$root" && find usr -type f | sort | xargs -d '\n' md5sum) >"$stage/md5sums"
	control "$(find "$root/usr" -printf '%y %s\n' |
		awk '{ sum += $1 == "f" ? int(($2 + 1023) / 1024) : 1 } END { print sum }')" \
		>"$root/DEBIAN/control"
	mv "$stage/md5sums" "$root/DEBIAN"
	level "$root"
	# One thread: how many there are changes what xz(1) makes.
	dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$root" \
		"$new/groundwork_${version}_$architecture.deb" >/dev/null
}

control() { # SIZE
	cat <<-END
		Package: groundwork
		Version: $version
		Architecture: $architecture
		Multi-Arch: foreign
		Section: admin
		Priority: optional
		Maintainer: The groundwork authors
		Installed-Size: $1
		Description: lays the ground for an application, then becomes or supervises it
		 One static program that runs before an application, as the entrypoint of a
		 container or in a shell. It makes what the application needs (directories,
		 databases, configuration, keys, certificates, files) from INI drop-ins, and then
		 becomes the application, or supervises it as PID 1.
	END
}

sums() {
	(cd "$new" && sha256sum -- groundwork*) >"$stage/SHA256SUMS"
	mv "$stage/SHA256SUMS" "$new"
	if [ -n "${MINISIGN_KEY-}" ]; then
		minisign -S -s "$MINISIGN_KEY" -m "$new/SHA256SUMS" -x "$new/SHA256SUMS.minisig" \
			-t "groundwork $version"
	fi
	find "$new" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
}

find_time
rm -rf "$new" "$stage"
mkdir -p "$new" "$stage"
for target; do
	architecture=${target%%=*}
	built=${target#*=}
	libraries=${built##*:}
	built=${built%:*}
	program=$built/groundwork
	name=groundwork-$version-linux-$architecture
	run --version >"$stage/version"
	install -m 0755 "$program" "$new/$name"
	.ci/sbom.sh "$version" "$architecture" "$program" "$libraries" >"$new/$name.spdx.json"
	tarball
	package
done
sums
rm -rf "$dist" "$stage"
mv "$new" "$dist"
