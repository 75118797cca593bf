/* SPDX-License-Identifier: MIT */
/* Errors about a contributor. */
#include "migration/contributor.h"

#include <stdarg.h>

#include "base/buf.h"
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
