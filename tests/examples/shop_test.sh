#!/bin/bash
# SPDX-License-Identifier: MIT
# The shop: modules on a PostgreSQL server, and the Job and the Pods that share it.
# shellcheck source=tests/cli/postgres.sh
. "${BASH_SOURCE[0]%/*}/../cli/postgres.sh"
# shellcheck source=tests/examples/reader.sh
. "${BASH_SOURCE[0]%/*}/reader.sh"

SHOP=$ROOT/examples/shop

# shop BASE ARGUMENT…
function shop {
	local base=$PWD/$1
	shift
	(cd "$SHOP" && DATABASE_URL=$url "$GROUNDWORK" -c conf.d -C "$base" "$@")
}

# args_of FILE: the arguments that a manifest has.
function args_of {
	sed -n 's/.* args: \[\(.*\)\]$/\1/p' "$SHOP/kubernetes/$1" | tr -d '",'
}

# a_server: with no database of the shop.
function a_server {
	command -v psql >/dev/null || skip "no psql"
	server 'lock_timeout = 1s'
	url=${url/\/d?//shop?}
}

root_its_readme_is_true() {
	command -v initdb psql >/dev/null || skip "postgresql is not installed"
	id postgres >/dev/null 2>&1 || skip "no user postgres here"
	reads examples/shop
}

it_starts_on_nothing_and_once_more() {
	a_server
	status 0 shop ground --init run
	equal $'The shop\n2 x lamp' "$(cat "$out")"
	contains "$err" "with 3 migrations"
	exists ground/cache/catalog ground/spool/mail
	equal 'catalog/migrations 001 catalog/migrations 002 orders/tables 001' \
		"$(sql "SELECT module, id FROM groundwork_migrations WHERE module <> ''
			ORDER BY position" | tr '|\n' '  ' | xargs)"
	SHOP_TOWN=Ghent SHOP_NAME=Lamps status 0 shop ground run
	equal $'Lamps in Ghent\n2 x lamp' "$(cat "$out")"
	contains "$err" "= database:shop"
}

pods_wait_for_what_the_job_makes() {
	local arguments number pods=()
	a_server
	read -ra arguments < <(args_of deployment.yaml)
	for number in 1 2 3; do
		background shop "pod$number" --deadline 60 "${arguments[@]}" \
			>"said$number" 2>"log$number"
		pods+=("$pid")
	done
	eventually grep -q 'to be made by others' log1
	read -ra arguments < <(args_of job.yaml)
	status 0 shop job "${arguments[@]}"
	contains "$err" "with 3 migrations"
	missing job
	for number in 1 2 3; do
		wait "${pods[number - 1]}"
		equal $'The shop\n2 x lamp' "$(cat "said$number")"
		lacks "log$number" "+ database:shop"
	done
	equal 1 "$(sql 'SELECT count(*) FROM orders')"
}

without_an_address_it_says_what_to_set() {
	cd "$SHOP"
	status 100 "$GROUNDWORK" -c conf.d -C "$HOME/ground" plan
	contains "$out" "set DATABASE_URL, or DATABASE_URL_FILE"
}
