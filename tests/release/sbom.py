#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks an SBOM: sbom.py SBOM PROGRAM VERSIONS NOTICES

It must be an SPDX 2.3 document by the rules that matter to its readers, of that PROGRAM, and name
the libraries that VERSIONS (what --version printed) and NOTICES name, in the same revisions.
"""
import hashlib
import json
import re
import sys

DOCUMENT = {"spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo",
            "packages", "relationships"}
PACKAGE = {"SPDXID", "name", "versionInfo", "downloadLocation", "filesAnalyzed",
           "licenseConcluded", "licenseDeclared", "copyrightText", "primaryPackagePurpose",
           "packageFileName", "checksums", "externalRefs"}
TYPES = {"DESCRIBES", "STATIC_LINK", "BUILD_TOOL_OF"}
CREATED = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
PURL = r"pkg:(deb/debian|generic)/[a-z0-9.+-]+@[A-Za-z0-9.~%-]+(\?arch=[a-z0-9]+)?"
CPE = r"cpe:2\.3:a(:[A-Za-z0-9._-]+){3}(:\*){7}"


def check(holds, what):
    if not holds:
        sys.exit(f"sbom: {what}")


def main():
    sbom, program, versions, notices = sys.argv[1:]
    with open(sbom, encoding="utf-8") as file:
        document = json.load(file)
    check(set(document) == DOCUMENT, f"keys: {sorted(set(document) ^ DOCUMENT)}")
    check(document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0", "head")
    check(document["SPDXID"] == "SPDXRef-DOCUMENT", "its own id")
    check(re.fullmatch(CREATED, document["creationInfo"]["created"]), "time")

    packages = {}
    for package in document["packages"]:
        name = package["name"]
        check(set(package) == PACKAGE, f"{name}: {sorted(set(package) ^ PACKAGE)}")
        check(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", package["SPDXID"]), f"{name}: id")
        check(package["SPDXID"] not in packages, f"{name}: twice")
        packages[package["SPDXID"]] = package
        for sum_ in package["checksums"]:
            check(sum_["algorithm"] == "SHA256", f"{name}: algorithm")
            check(re.fullmatch("[0-9a-f]{64}", sum_["checksumValue"]), f"{name}: digest")
        for reference in package["externalRefs"]:
            pattern = {"purl": PURL, "cpe23Type": CPE}[reference["referenceType"]]
            locator = reference["referenceLocator"]
            check(re.fullmatch(pattern, locator), f"{name}: {locator}")

    main_id = "SPDXRef-groundwork"
    with open(program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    check(packages[main_id]["checksums"][0]["checksumValue"] == digest, "of another program")

    linked, described = {}, []
    for relation in document["relationships"]:
        start, end = relation["spdxElementId"], relation["relatedSpdxElement"]
        kind = relation["relationshipType"]
        check(kind in TYPES, f"relation {kind}")
        check({start, end} - {"SPDXRef-DOCUMENT"} <= set(packages), f"relation of {start}, {end}")
        if kind == "STATIC_LINK":
            linked[packages[end]["name"]] = packages[end]["versionInfo"]
        elif kind == "DESCRIBES":
            described.append(end)
    check(described == [main_id], "what it describes")

    with open(versions, encoding="utf-8") as file:
        said = dict(line.split() for line in file)
    check(said.pop("groundwork") == packages[main_id]["versionInfo"], "version")
    check(said == linked, f"--version says {said}, the SBOM {linked}")
    with open(notices, encoding="utf-8") as file:
        noticed = re.findall(r"^==== (\S+) (\S+) ====$", file.read(), re.M)
    check(sorted(revision for _, revision in noticed) == sorted(linked.values()),
          f"the notices are of {noticed}")


main()
