#!/bin/bash
# SPDX-License-Identifier: MIT
# The component of Kustomize; tests/container/examples.sh plays what it renders.
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"

root_its_readme_is_true() {
	command -v kubectl >/dev/null || skip "no kubectl"
	reads examples/kubernetes
}

its_drop_ins_are_valid() {
	status 0 "$GROUNDWORK" -c "$ROOT/examples/kubernetes/conf.d" check
}
