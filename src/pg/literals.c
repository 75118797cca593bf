/* SPDX-License-Identifier: MIT */
/* Values as SQL writes them. */
#include "pg/literals.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/query_value.h"
#include "ledger/query.h"

static void write_value(struct buf *to, const struct query_value *value)
{
	if (value->text) {
		query_quote_text(to, value->text);
	} else if (value->blob) {
		buf_puts(to, "'\\x");
		crypto_encode(ENCODING_HEX, value->blob, value->size, to);
		buf_putc(to, '\'');
	} else {
		buf_printf(to, "%lld", (long long)value->integer);
	}
}

void literals_write(struct buf *to, const char *sql, const struct query_value *values)
{
	bool in_name = false; /* which may be of a schema, with a dollar */

	while (*sql) {
		char *end;

		in_name ^= *sql == '"';
		if (in_name || *sql != '$') {
			buf_putc(to, *sql++);
			continue;
		}
		write_value(to, &values[strtoul(sql + 1, &end, 10) - 1]);
		sql = end;
	}
	buf_puts(to, "; ");
}
