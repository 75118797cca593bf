/* SPDX-License-Identifier: MIT */
/* Migrations that disagree with the ledger in one way, for one message. */
#include "db/disagreement.h"

#include <stdarg.h>

#include "base/err.h"
#include "base/log.h"

void disagreement_add(struct disagreement *found, const char *format, ...)
{
	va_list args;

	if (found->count++ >= DISAGREEMENT_NAMED)
		return;
	buf_separate(&found->text, ", ");
	va_start(args, format);
	buf_vprintf(&found->text, format, args);
	va_end(args);
}

int disagreement_answer(enum db_answer how, bool warn, const struct db_spec *spec,
	struct disagreement *found, const char *advice, struct err *err)
{
	int rc = 0;

	if (found->count > DISAGREEMENT_NAMED)
		buf_printf(
			&found->text, " and %zu more", found->count - DISAGREEMENT_NAMED);
	if (found->count && how == DB_REFUSE)
		rc = err_fail(err, "'%s': %s: %s", spec->path, found->text.data, advice);
	else if (found->count && how == DB_WARN && warn)
		log_warn(spec->log, "'%s': %s: %s", spec->path, found->text.data, advice);
	buf_release(&found->text);
	return rc;
}
