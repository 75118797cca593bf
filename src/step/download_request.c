/* SPDX-License-Identifier: MIT */
/* One request, and what the server answers. */
#include "step/download_request.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fs_error.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "net/http_text.h"
#include "net/status.h"
#include "net/transfer.h"
#include "step/step.h"

#define SMALL             (10u << 20) /* bytes that are shown in KiB */
#define COMPARED          ((size_t)16 * 1024)
#define RETRY_AFTER_MAX_S 300 /* a server that asks for more is passed over */

/* ---- what the server says ---- */

/* An error for want of room is this server's: another one may send less. */
static int refuse_full(struct asking *asking, struct err *err)
{
	if (!fs_is_full(err->code))
		return -1;
	buf_puts(&asking->why, err->text);
	asking->type[0] = '\0'; /* whatever it is that the server sends */
	err_init(err);
	return 1;
}

int download_begin_anew(struct asking *asking, struct err *err)
{
	struct download_memory *memory = asking->fetching->memory;

	asking->from = 0;
	download_hashes_release(&memory->hashes);
	download_hashes_begin(&memory->hashes, asking->fetching->conf);
	return fs_stage_empty(&memory->stage, err);
}

static int refuse(struct asking *asking, const struct http_head *head)
{
	char text[HTTP_TEXT_MAX];

	asking->refused = head->status != 404 && head->status != 410;
	asking->later = status_is_temporary(head->status) &&
		head->retry_after_s > RETRY_AFTER_MAX_S;
	asking->temporary = status_is_temporary(head->status) && !asking->later;
	if (asking->temporary)
		asking->retry_after_ms = head->retry_after_s * 1000;
	http_explain_status(head, text);
	buf_puts(&asking->why, text);
	if (head->status >= 300 && head->status < 400 &&
		!asking->fetching->conf->redirects)
		buf_puts(&asking->why, ", a redirect, and `redirects` is 0");
	if (head->status == 401 || head->status == 403)
		buf_puts(&asking->why,
			*asking->fetching->conf->header_file
				? ", in spite of what `header_file` has"
				: *asking->url->secret
				? ", in spite of the user or query of the URL"
				: "; a token for it is named by `header_file`");
	if (head->status == 407)
		buf_puts(&asking->why, ", as a proxy does that wants a password");
	if (head->retry_after_s)
		buf_printf(&asking->why, " and asks to come back in %lld s",
			(long long)head->retry_after_s);
	if (asking->later)
		buf_printf(&asking->why,
			", which is longer than the %d that a start waits",
			RETRY_AFTER_MAX_S);
	return 1;
}

/*
 * What was fetched from this very server goes on only where it still has the same; what
 * came from another, or in an earlier start, shows by its bytes, or by its digest.
 */
static const char *validator_of(const struct asking *asking)
{
	const struct download_memory *memory = asking->fetching->memory;
	bool same = memory->from && str_equal(memory->from, asking->url->text);

	return same && memory->validator[0] ? memory->validator : NULL;
}

/* Does the server say itself that what it sent before is no more? */
static bool has_changed(const struct asking *asking)
{
	const char *validator = validator_of(asking);

	return validator && *asking->validator &&
		!str_equal(validator, asking->validator);
}

/* What comes from now on is of this server. */
static void take_over(struct asking *asking)
{
	struct download_memory *memory = asking->fetching->memory;

	asking->sent = true;
	memory->from = asking->url->text;
	memcpy(memory->validator, asking->validator, sizeof memory->validator);
}

/* Of the file: does the body go on with what we have? */
static int take_file_head(
	struct asking *asking, const struct http_head *head, struct err *err)
{
	const struct download_conf *conf = asking->fetching->conf;
	struct download_memory *memory = asking->fetching->memory;
	uint64_t from = head->status == 206 ? head->from : 0;
	uint64_t whole = head->size < 0 ? 0 : from + (uint64_t)head->size;

	if (head->status == 206 && from != asking->from) {
		asking->sent = true;
		buf_puts(
			&asking->why, "the server sends another part than was asked for");
		return 1;
	}
	/* Before anything is lost that another server has sent. */
	if (conf->size && whole && whole != (uint64_t)conf->size) {
		buf_printf(&asking->why, "the server has %llu bytes, not %lld",
			(unsigned long long)whole, (long long)conf->size);
		return 1;
	}
	memcpy(asking->validator, head->validator, sizeof asking->validator);
	asking->whole = whole;
	asking->unended = head->unended;
	if (head->status == 200 && memory->hashes.size) {
		asking->comparing = !asking->fetching->anew && !has_changed(asking);
		if (!asking->comparing && download_begin_anew(asking, err) < 0)
			return -1;
	}
	if (!asking->comparing)
		take_over(asking);
	/* Of what a server says alone, nobody knows whether it comes. */
	if (!conf->size || fs_stage_reserve(&memory->stage, conf->size, err) == 0)
		return 0;
	return refuse_full(asking, err);
}

static int take_head(void *user, const struct http_head *head, struct err *err)
{
	struct asking *asking = user;
	int64_t size = asking->fetching->conf->size;

	memcpy(asking->type, head->type, sizeof asking->type);
	if (head->status == 416 && asking->from) {
		/* Its file may be a shorter one. */
		asking->complete = !size || asking->from >= (uint64_t)size;
		asking->refused = !asking->complete;
		buf_puts(&asking->why, "the server has no more");
		return 1;
	}
	if (head->status != 200 && !(head->status == 206 && asking->from))
		return refuse(asking, head);
	return asking->file ? take_file_head(asking, head, err) : 0;
}

/* ---- what comes ---- */

static void log_downloading(struct asking *asking)
{
	const struct fetching *fetching = asking->fetching;
	uint64_t size = fetching->memory->hashes.size;
	const struct ctx *ctx = fetching->ctx;
	bool small = (asking->whole ? asking->whole : size) < SMALL;
	int unit = small ? 10 : 20;
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (asking->said == (size >> unit) + 1)
		return;
	asking->said = (size >> unit) + 1;
	buf_printf(&text, "downloading %s: %llu", asking->url->shown,
		(unsigned long long)(size >> unit));
	if (asking->whole)
		buf_printf(
			&text, " of %llu", (unsigned long long)(asking->whole >> unit));
	buf_puts(&text, small ? " KiB" : " MiB");
	/* Nothing may come behind it for long. */
	log_at_work(ctx->log, text.data);
	if (download_is_due(&asking->said_ms))
		log_progress(ctx->log, "[%s] %s", fetching->step->id, text.data);
}

/* What is staged stays, be it right or not. */
static int spare(struct asking *asking)
{
	struct fetching *fetching = asking->fetching;

	fetching->spared[fetching->at] =
		asking->whole > fetching->memory->hashes.size ? SPARED_MORE : SPARED;
	buf_puts(&asking->why,
		"the server sends another file than what was fetched before");
	return 1;
}

/*
 * Of a server that sends all of it again: the begin is what is staged, if both are right.
 * Takes that from the data. Returns 0, 1 where they differ, or -1.
 */
static int compare(
	struct asking *asking, const char **data, size_t *size, struct err *err)
{
	struct download_memory *memory = asking->fetching->memory;
	char staged[COMPARED];

	while (asking->comparing && *size) {
		uint64_t left = memory->hashes.size - asking->same;
		size_t most = *size < sizeof staged ? *size : sizeof staged;
		ssize_t got = pread(memory->stage.fd, staged, left < most ? left : most,
			(off_t)asking->same);

		if (got < 0)
			return err_sys(err, "read '%s'", asking->fetching->conf->path);
		if (got == 0 || memcmp(staged, *data, (size_t)got) != 0)
			return spare(asking);
		*data += got;
		*size -= (size_t)got;
		asking->same += (uint64_t)got;
		asking->comparing = asking->same < memory->hashes.size;
		if (!asking->comparing) {
			take_over(asking);
			asking->from = 0;
		}
	}
	return 0;
}

static int take_body(void *user, const void *data, size_t size, struct err *err)
{
	struct asking *asking = user;
	struct download_memory *memory = asking->fetching->memory;
	int64_t most = asking->fetching->conf->size;
	const char *text = data;
	int rc;

	if (!asking->file) {
		buf_add(asking->text, data, size);
		if (asking->text->len <= MINISIGN_MAX)
			return 0;
		buf_printf(&asking->why, "the server sends more than %zu bytes",
			MINISIGN_MAX);
		return 1;
	}
	rc = compare(asking, &text, &size, err);
	if (rc != 0)
		return rc;
	if (most && memory->hashes.size + size > (uint64_t)most) {
		buf_printf(&asking->why, "the server sends more than %lld bytes",
			(long long)most);
		return 1;
	}
	if (fs_stage_write(&memory->stage, text, size, err) < 0)
		return refuse_full(asking, err);
	download_hashes_add(&memory->hashes, text, size);
	log_downloading(asking);
	return 0;
}

/* ---- one request ---- */

/* Has the connection ended before all came, as far as the step's `size` shows it? */
static bool is_cut(struct asking *asking)
{
	const struct fetching *fetching = asking->fetching;
	uint64_t size = (uint64_t)fetching->conf->size;
	uint64_t came = asking->comparing ? asking->same : fetching->memory->hashes.size;

	if (!asking->file || asking->why.len || !asking->unended || came >= size ||
		str_starts(asking->type, "text/html"))
		return false;
	buf_printf(&asking->why, "the connection has ended after %llu of %llu bytes",
		(unsigned long long)came, (unsigned long long)size);
	return true;
}

/* Which server was being asked when time was over? Returns -1. */
static int add_asked(const struct asking *asking, struct err *err)
{
	if (err->kind != ERR_FAILED || !stop_is_due(asking->fetching->ctx->stop))
		return -1;
	return asking->file
		? err_append(err, ": %s, of which %llu bytes are there",
			  asking->url->shown,
			  (unsigned long long)asking->fetching->memory->hashes.size)
		: err_append(err, ": the signature of %s", asking->url->shown);
}

int download_ask(struct asking *asking, const char *url, struct err *err)
{
	const struct fetching *fetching = asking->fetching;
	const struct http_request request = {
		.url = url,
		.headers = fetching->sources.headers,
		.headers_count = fetching->sources.headers_count,
		.trust = &fetching->sources.trust,
		.proxies = &fetching->sources.proxies,
		.redirects = (int)fetching->conf->redirects,
		.from = asking->from,
		.validator = asking->from ? validator_of(asking) : NULL,
	};
	const struct transfer_use use = {
		.head = take_head,
		.body = take_body,
		.user = asking,
		.stop = fetching->ctx->stop,
		.idle_ms = fetching->conf->read_timeout_ms,
	};
	struct http_end end;

	if (transfer_run(&request, &use, &end, err) < 0)
		return add_asked(asking, err);
	if (end.outcome == HTTP_TEMPORARY || end.outcome == HTTP_REFUSED) {
		asking->temporary = end.outcome == HTTP_TEMPORARY;
		buf_puts(&asking->why, end.text);
	} else if (is_cut(asking)) {
		asking->temporary = true;
	} else if (asking->comparing && !asking->why.len) {
		(void)spare(asking); /* all of it is less than what is staged */
	}
	return 0;
}
