/* SPDX-License-Identifier: MIT */
/* The warnings of one step. */
#include "plan/warnings.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secrets.h"
#include "base/str.h"
#include "plan/run.h"
#include "step/step.h"

const char *result_redact(const struct ctx *ctx, const char *text)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;

	buf_puts(&clean, text);
	secrets_redact(ctx->secrets, &clean, 0);
	return arena_memdup(ctx->arena, clean.data, clean.len);
}

/* Where the warnings of one step go, besides the log. */
struct warnings {
	struct ctx *ctx;
	struct arena *arena; /* of the run: ctx has another one for each look of --wait */
	struct result *result;
	const struct log *before;
	struct log log;
};

/* A retry finds what was warned of before. */
static bool keep_warning(void *user, const struct log_event *event)
{
	struct warnings *warnings = user;
	struct result *result = warnings->result;
	const struct ctx *ctx = warnings->ctx;
	const char *text = arena_printf(
		ctx->arena, "%s%s", event->message, event->quoted ? event->quoted : "");
	const char *clean = result_redact(ctx, place_text(ctx->arena, &event->at, text));

	for (size_t i = 0; i < result->warnings_count; i++)
		if (str_equal(result->warnings[i], clean))
			return false;
	result->warnings = arena_array_grow(warnings->arena, result->warnings,
		result->warnings_count, sizeof *result->warnings);
	result->warnings[result->warnings_count++] = arena_strdup(warnings->arena, clean);
	return true;
}

/* In the arena: what the step reads may keep the log. */
struct warnings *warnings_begin(struct ctx *ctx, struct result *result)
{
	struct warnings *warnings = arena_alloc(ctx->arena, sizeof *warnings);

	*warnings = (struct warnings){.ctx = ctx,
		.arena = ctx->arena,
		.result = result,
		.before = ctx->log,
		.log = *ctx->log};
	warnings->log.warned = keep_warning;
	warnings->log.warned_user = warnings;
	ctx->log = &warnings->log;
	return warnings;
}

void warnings_end(struct warnings *warnings)
{
	warnings->ctx->log = warnings->before;
	warnings->log.warned = NULL;
}
