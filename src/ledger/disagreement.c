/* SPDX-License-Identifier: MIT */
/* Migrations of one message: they disagree with the ledger in one way. */
#include "ledger/disagreement.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#define MORE_MAX 40

void disagreement_add(
	struct disagreement *found, struct arena *arena, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	va_list args;

	if (found->count++ >= DISAGREEMENT_NAMED)
		return;
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	if (!found->first)
		found->first = found->text = arena_strdup(arena, text.data);
	else
		found->text = arena_printf(arena, "%s, %s", found->text, text.data);
}

int disagreement_answer(enum ledger_answer how, bool warn, const struct ledger_spec *spec,
	const struct disagreement *found, const char *advice, struct err *err)
{
	char more[MORE_MAX] = "";

	if (!found->count)
		return 0;
	if (found->count > DISAGREEMENT_NAMED)
		(void)snprintf(more, sizeof more, " and %zu more",
			found->count - DISAGREEMENT_NAMED); /* fits */
	if (how == LEDGER_REFUSE)
		return err_fail(
			err, "'%s': %s%s: %s", spec->name, found->text, more, advice);
	if (how == LEDGER_WARN && warn)
		log_warn(spec->log, "'%s': %s%s: %s", spec->name, found->text, more,
			advice);
	return 0;
}
