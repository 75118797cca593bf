/* SPDX-License-Identifier: MIT */
/* Single keys of a file: what `set`, `unset` and `from_env` change in a text. */
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/document_edit.h"
#include "step/file_text.h"
#include "step/file_work.h"
#include "step/step.h"

bool file_edits(const struct file_conf *conf)
{
	return conf->set || conf->unset.count || conf->from_env.count;
}

bool file_keeps_text(const struct file_conf *conf)
{
	return conf->policy == POLICY_CREATE || conf->policy == POLICY_EDIT;
}

static int check_item(const struct file_work *work, struct err *err)
{
	const struct file_conf *conf = work->conf;
	enum document_format format = file_format(work);
	const char *key = conf->set ? "set" : conf->unset.count ? "unset" : "from_env";

	if (!str_equal(work->item->path, conf->path)) {
		(void)err_fail(err, "it is for one file, not for a directory");
	} else if (format == DOCUMENT_NONE) {
		(void)err_fail(err, "%s",
			document_no_format(work->item->path, work->ctx->arena));
	} else if (format == DOCUMENT_LINES && conf->from_env.count) {
		(void)err_fail(
			err, "a text of lines has no keys; write another `format`");
		key = "from_env";
	} else {
		return 0;
	}
	return step_locate_key(work->step, key, err);
}

/* The text of `set`, and what is known of it. */
static int render(struct file_work *work, struct buf *ret, struct err *err)
{
	struct expand_result result;

	if (file_set_text(work->step, work->ctx, file_format(work), !work->quiet, ret,
		    &result, err) < 0)
		return -1;
	work->unknown |= result.placeholder;
	work->secret |= result.secret;
	return 0;
}

/* Of `set`, with the text that it has become, and of `unset`. */
static int edit(const struct step *step, struct arena *arena, const char *path,
	enum document_format format, const struct buf *set, struct buf *text,
	struct buf *doubt, struct err *err)
{
	const struct file_conf *conf = step->conf;
	CLEANUP_BUF struct buf edited = BUF_INIT;
	struct document_edit edit = {
		.set = conf->set ? set->data : NULL,
		.set_size = set->len,
		.set_name = "its text",
		.unset = &conf->unset,
		.match = &conf->match,
		.doubt = doubt,
	};

	if (document_edit(
		    format, path, text->data, text->len, &edit, arena, &edited, err) < 0)
		return step_locate_key(step, conf->set ? "set" : "unset", err);
	buf_truncate(text, 0);
	buf_add(text, edited.data, edited.len);
	return 0;
}

int file_check_set(const struct step *step, enum document_format format,
	const struct buf *set, struct err *err)
{
	const struct file_conf *conf = step->conf;
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct arena arena = {0};
	int rc;

	buf_puts(&text, format == DOCUMENT_JSON ? "{}" : "");
	rc = edit(step, &arena, conf->path, format, set, &text, NULL, err);
	arena_release(&arena);
	return rc;
}

/*
 * Says of `unset` what the text does not have: at each start that makes the text anew,
 * else in a plan, since it is what an earlier start has left.
 */
static void note_unset(const struct file_work *work, const struct buf *text)
{
	const struct file_conf *conf = work->conf;
	CLEANUP_BUF struct buf missing = BUF_INIT;
	struct log_event event = {.level = LOG_DEBUG};
	DECLARE_ERR(ignored); /* to be raised when it is edited */

	if (!conf->unset.count ||
		document_missing(file_format(work), work->item->path, text->data,
			text->len, &conf->unset, &missing, &ignored) < 0 ||
		!missing.len)
		return;
	if (work->ctx->planning || !file_keeps_text(conf))
		event.level = LOG_INFO;
	event.at = section_get(work->step->section, "unset")->at;
	event.message = arena_printf(work->ctx->arena, "[%s] unset: '%s' has no %s",
		work->step->id, work->item->path, missing.data);
	log_event(work->ctx->log, &event);
}

static void warn_of_doubt(const struct file_work *work, const struct buf *doubt)
{
	struct log_event event = {
		.level = LOG_WARN, .at = section_get(work->step->section, "set")->at};

	event.message = arena_printf(
		work->ctx->arena, "[%s] set: %s", work->step->id, doubt->data);
	log_event(work->ctx->log, &event);
}

static int set_keys(struct file_work *work, struct buf *text, struct err *err)
{
	CLEANUP_BUF struct buf set = BUF_INIT, doubt = BUF_INIT;
	struct arena arena = {0};
	int rc;

	if (work->conf->set && render(work, &set, err) < 0)
		return -1;
	if (!work->quiet)
		note_unset(work, text);
	rc = edit(work->step, &arena, work->item->path, file_format(work), &set, text,
		work->quiet ? NULL : &doubt, err);
	arena_release(&arena);
	if (rc == 0 && doubt.len)
		warn_of_doubt(work, &doubt);
	return rc;
}

int file_edit(struct file_work *work, struct buf *text, struct err *err)
{
	const struct file_conf *conf = work->conf;
	bool secret = false;

	if (!file_edits(conf))
		return 0;
	if (check_item(work, err) < 0 ||
		((conf->set || conf->unset.count) && set_keys(work, text, err) < 0))
		return -1;
	if (conf->from_env.count &&
		file_env_edit(work->step, work->ctx, work->item->path, file_format(work),
			!work->quiet, text, &secret, err) < 0)
		return step_locate_key(work->step, "from_env", err);
	work->secret |= secret;
	return 0;
}
