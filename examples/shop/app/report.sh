#!/bin/sh
# SPDX-License-Identifier: MIT
# The application: it says what was ordered, in the words of its template. It makes no table,
# no directory, and no file.
set -eu
cat "$SHOP_BASE/etc/greeting.txt"
exec psql -XAt -d "$DATABASE_URL" -c "SELECT format('%s x %s', orders.amount, products.name)
	FROM orders JOIN products ON products.id = orders.product ORDER BY orders.id"
