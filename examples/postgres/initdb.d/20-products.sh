#!/bin/sh
# SPDX-License-Identifier: MIT
# A script sees the variables of the container, and the server by PGHOST, PGUSER and PGDATABASE.
psql -X -v ON_ERROR_STOP=1 -c "INSERT INTO product VALUES ('lamp', 20), ('table', 90)"
