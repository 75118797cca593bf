#!/bin/sh
# SPDX-License-Identifier: MIT
# Prints the SBOM of the release, SPDX 2.3 in JSON: sbom.sh VERSION ARCHITECTURE PROGRAM LIBRARIES
#
# LIBRARIES is the directory of .ci/musl-libraries.sh, which knows what PROGRAM is linked with:
# each library has its Debian revision, its licence, and the digest of its source package (a
# .dsc, which has those of all its files). Compiler and linker are named, too: the same bytes
# come of the same versions of them alone. SOURCE_DATE_EPOCH is the time that is named.
set -eu
version=$1 architecture=$2 program=$3 libraries=$4
case $architecture in
"$(dpkg --print-architecture)") cc=gcc ;;
arm64) cc=aarch64-linux-gnu-gcc ;;
esac

digest_of() {
	sha256sum <"$1" | cut -d ' ' -f 1
}

# A source package's library: NAME LICENCE, and VENDOR:PRODUCT, by which lists of
# vulnerabilities know it, or -.
known() {
	case $1 in
	sqlite3) echo SQLite blessing sqlite:sqlite ;;
	libinih) echo inih BSD-3-Clause - ;;
	libsodium) echo libsodium ISC libsodium:libsodium ;;
	openssl) echo OpenSSL Apache-2.0 openssl:openssl ;;
	curl) echo curl curl haxx:curl ;;
	postgresql-*) echo libpq PostgreSQL postgresql:postgresql ;;
	musl) echo musl MIT musl-libc:musl ;;
	*) echo "sbom: what is the licence of $1?" >&2 && exit 1 ;;
	esac
}

# package ID NAME VERSION LICENCE FILE DIGEST PURPOSE URL [CPE]
package() {
	sed "s|@id|$1|; s|@name|$2|; s|@version|$3|; s|@licence|$4|; s|@file|$5|; s|@digest|$6|
		s|@purpose|$7|; s|@url|$8|" <<-'END'
		    {
		      "SPDXID": "SPDXRef-@id",
		      "name": "@name",
		      "versionInfo": "@version",
		      "downloadLocation": "NOASSERTION",
		      "filesAnalyzed": false,
		      "licenseConcluded": "NOASSERTION",
		      "licenseDeclared": "@licence",
		      "copyrightText": "NOASSERTION",
		      "primaryPackagePurpose": "@purpose",
		      "packageFileName": "@file",
		      "checksums": [
		        { "algorithm": "SHA256", "checksumValue": "@digest" }
		      ],
		      "externalRefs": [
	END
	[ -z "${9-}" ] || printf '        { "%s": "SECURITY", "%s": "cpe23Type", "%s": "%s" },\n' \
		referenceCategory referenceType referenceLocator "$9"
	printf '        { "%s": "PACKAGE-MANAGER", "%s": "purl", "%s": "%s" }\n      ]\n    }' \
		referenceCategory referenceType referenceLocator "$8"
}

# The address of a package of Debian's: NAME VERSION ARCHITECTURE
debian() {
	echo "pkg:deb/debian/$1@$(echo "$2" | sed 's/+/%2B/g; s/:/%3A/g')?arch=$3"
}

# Of a library, the file by which its source is known, and its digest.
source_of() {
	if line=$(grep "^$1 .*\.dsc\$" "$libraries/sources"); then
		echo "$line" | awk '{ print $3, $2 }'
	else # musl, of which this machine has a package
		echo libc.a "$(digest_of "$(musl-gcc -print-file-name=libc.a)")"
	fi
}

library() { # SOURCE VERSION
	# Words without blanks.
	# shellcheck disable=SC2046
	set -- "$1" "$2" $(known "$1") $(source_of "$1")
	# The upstream version is what lists of vulnerabilities have.
	upstream=$(echo "$2" | sed 's/^[0-9]*://; s/-[^-]*$//; s/[+~].*//')
	cpe="cpe:2.3:a:$5:$upstream:*:*:*:*:*:*:*"
	[ "$5" != - ] || cpe=
	package "$3" "$3" "$2" "$4" "$6" "$7" LIBRARY "$(debian "$1" "$2" source)" \
		"$cpe"
}

# A program of the compiler's, by the package that it lies in.
tool() { # ID PROGRAM
	file=$(realpath "$(command -v "$("$cc" -print-prog-name="$2")")")
	name=$(dpkg-query -S "$file")
	name=${name%%:*}
	of=$(dpkg-query -W -f '${Version}\n' "$name" | head -n 1)
	package "$1" "$name" "$of" GPL-3.0-or-later "$(basename "$file")" "$(digest_of "$file")" \
		APPLICATION "$(debian "$name" "$of" "$(dpkg --print-architecture)")"
}

relation() { # FROM TYPE TO
	printf '    { "spdxElementId": "SPDXRef-%s", "relationshipType": "%s", ' "$1" "$2"
	printf '"relatedSpdxElement": "SPDXRef-%s" }' "$3"
}

digest=$(digest_of "$program")
name=groundwork-$version-linux-$architecture
cat <<END
{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "$name",
  "documentNamespace": "https://spdx.org/spdxdocs/$name-$digest",
  "creationInfo": {
    "created": "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)",
    "creators": ["Organization: The groundwork authors", "Tool: .ci/sbom.sh"]
  },
  "packages": [
END
package groundwork groundwork "$version" MIT groundwork "$digest" APPLICATION \
	"pkg:generic/groundwork@$version"
while read -r source of; do
	echo ,
	library "$source" "$of"
done <"$libraries/versions"
echo ,
tool compiler cc1
echo ,
tool linker ld
printf '\n  ],\n  "relationships": [\n'
relation DOCUMENT DESCRIBES groundwork
while read -r source of; do
	echo ,
	relation groundwork STATIC_LINK "$(known "$source" | cut -d ' ' -f 1)"
done <"$libraries/versions"
for tool in compiler linker; do
	echo ,
	relation "$tool" BUILD_TOOL_OF groundwork
done
printf '\n  ]\n}\n'
