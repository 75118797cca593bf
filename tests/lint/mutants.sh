#!/bin/bash
# SPDX-License-Identifier: MIT
# The faults of `make mutants` can still be put into the source.
exec "${BASH_SOURCE[0]%/*}/../mutants/mutants.py" -c
