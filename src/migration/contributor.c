/* SPDX-License-Identifier: MIT */
/* Errors and warnings about a contributor. */
#include "migration/contributor.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/problems.h"

void contributor_problem(const struct contributor *contributor, struct problems *problems,
	const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	problems_add(problems, contributor->at, "[%s] %s: %s", contributor->section,
		contributor->key, text.data);
}

void contributor_warn_placeholders(
	const struct contributor *contributor, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct log_event event = {.level = LOG_WARN, .at = contributor->placeholders_at};
	va_list args;

	if (!contributor->log)
		return;
	buf_printf(&text, "[%s] placeholders: ", contributor->placeholders_section);
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	event.message = text.data;
	log_event(contributor->log, &event);
}
