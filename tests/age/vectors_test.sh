#!/bin/bash
# SPDX-License-Identifier: MIT
# The public test vectors of the age format.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

every_vector_has_the_result_that_it_expects() {
	status 0 "$ROOT/tests/age/vectors.py" "$GROUNDWORK" "$ROOT/tests/age/cctv.json"
	contains "$out" "143 vectors, 0 failed"
}
