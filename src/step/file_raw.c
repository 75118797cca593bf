/* SPDX-License-Identifier: MIT */
/* A warning of values that go as they are into a text of no known format. */
#include "step/file_raw.h"

#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "step/step.h"

void file_note_raw(void *user, struct place at, const char *name)
{
	struct file_raw *raw = user;

	if (!raw->names.count)
		raw->at = at;
	if (!list_has(&raw->names, name))
		list_add(&raw->names, raw->ctx->arena, name, strlen(name));
}

void file_warn_raw(const struct file_raw *raw)
{
	CLEANUP_BUF struct buf names = BUF_INIT;
	size_t count = raw->names.count;
	struct log_event event = {.level = LOG_WARN, .at = raw->at};

	for (size_t i = 0; i < count; i++)
		buf_printf(&names, "%s%s",
			i == 0                  ? ""
				: i + 1 < count ? ", "
						: " and ",
			raw->names.items[i]);
	event.message = arena_printf(raw->ctx->arena,
		"[%s] %s: the value%s of %s, with a quote, a line end, or a sign such as "
		"; or $, go%s into '%s' as %s, since its ending names no format; write "
		"`escape`, or ${%s|none} where that is meant",
		raw->step->id, raw->by, count == 1 ? "" : "s", names.data,
		count == 1 ? "es" : "", raw->path, count == 1 ? "it is" : "they are",
		raw->names.items[0]);
	log_event(raw->ctx->log, &event);
}
