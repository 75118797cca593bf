#!/bin/bash
# SPDX-License-Identifier: MIT
# The component of Kustomize; tests/container/examples.sh plays what it renders.
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/../cli/postgres.sh"
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"

root_its_readme_is_true() {
	command -v kubectl >/dev/null || skip "no kubectl"
	reads examples/kubernetes
}

its_drop_ins_are_valid() {
	status 0 "$GROUNDWORK" -c "$ROOT/examples/kubernetes/conf.d" check
}

# What the Deployment and the Job have of it, with a server of the test's.
pods_wait_for_what_the_job_makes() {
	local example=$ROOT/examples/kubernetes arguments number pods=()
	# shellcheck disable=SC2119 # without a key of its own
	server
	export DATABASE_URL=${url/\/d?//app?}
	for number in 1 2 3; do
		GROUNDWORK_WAIT=$(sed -n 's/.*GROUNDWORK_WAIT, value: "\(.*\)"}$/\1/p' "$example/app.yaml") background \
			"$GROUNDWORK" -c "$example/conf.d" --deadline 60 --only database:app -- true 2>"log$number"
		pods+=("$pid")
	done
	eventually grep -q 'to be made by others' log1
	read -ra arguments < <(sed -n 's/.* args: \[\(.*\)\]$/\1/p' "$example/job.yaml" | tr -d ,)
	status 0 "$GROUNDWORK" -c "$example/conf.d" "${arguments[@]}"
	contains "$err" "with 1 migration"
	for number in 1 2 3; do
		wait "${pods[number - 1]}"
		contains "log$number" "= database:app"
	done
}
