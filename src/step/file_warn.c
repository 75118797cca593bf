/* SPDX-License-Identifier: MIT */
/* What `check` warns of in the texts of the kind `file`. */
#include "base/err.h"
#include "base/log.h"
#include "conf/foreign.h"
#include "step/file_text.h"
#include "step/step.h"

void file_warn_of_foreign(
	const struct step *step, struct ctx *ctx, const struct file_template *text)
{
	const struct file_conf *conf = step->conf;
	struct log_event event = {.level = LOG_WARN, .at = text->at};
	struct foreign found;

	if (!ctx->tolerant || conf->vars.count || expand_needed(text->data) ||
		!foreign_find(text->data, text->size, &found))
		return;
	for (const char *c = text->data; c < found.text; c++)
		event.at.line += *c == '\n';
	event.at.column = 0;
	event.message = arena_printf(ctx->arena,
		"[%s] %s: '%.*s' is left as it is, and ${%.*s} would be expanded; %s",
		step->id, conf->content ? "content" : "template", (int)found.size,
		found.text, (int)found.name_size, found.name,
		conf->content ? "with `vars`, the rest is another program's"
			      : "`source` copies what another program expands");
	log_event(ctx->log, &event);
}

void file_warn_of_stranger(const struct step *step, struct ctx *ctx, bool draft,
	const struct file_template *text)
{
	DECLARE_ERR(err);

	/* An owner that is not known here may be where it starts. */
	if (file_may_expand_early(step, ctx, draft, text, &err) == 0 ||
		err.at.file != text->at.file)
		return;
	err_append(&err, "; a start as root is refused");
	log_err(ctx->log, LOG_WARN, &err);
}
