/* SPDX-License-Identifier: MIT */
/* Fetching a file from the first of its URLs that has it. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fs_error.h"
#include "base/fs_left.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "step/download_request.h"
#include "step/step.h"
#include "step/url_secrets.h"

#define AWAIT_MS 50 /* until it is asked again whether another process is done */

/* ---- one URL ---- */

static void add_reason(struct fetching *fetching, const struct asking *asking)
{
	buf_printf(&fetching->reasons, "%s%s: %s", fetching->reasons.len ? "; " : "",
		asking->url->shown, asking->why.data);
	fetching->temporary |= asking->temporary;
	fetching->later |= asking->later;
	if (asking->temporary && asking->retry_after_ms > fetching->retry_after_ms)
		fetching->retry_after_ms = asking->retry_after_ms;
}

static const char *signature_url(const struct fetching *fetching, const struct url *url)
{
	size_t size = strcspn(url->text, "?#");

	return arena_printf(fetching->ctx->arena, "%.*s.minisig%s", (int)size, url->text,
		url->text + size);
}

/* The functions below return 1 where it is fetched, 0 with a reason, or -1. */

static int try_signature(
	struct fetching *fetching, const struct url *url, struct err *err)
{
	struct asking asking = {
		.fetching = fetching,
		.url = url,
		.text = fetching->signature,
		.why = BUF_INIT,
	};
	int rc;

	if (!*fetching->conf->minisign)
		return 1;
	buf_truncate(fetching->signature, 0);
	rc = download_ask(&asking, signature_url(fetching, url), err);
	if (rc == 0 && asking.why.len) {
		buf_puts(&asking.why, " for its signature, .minisig");
		add_reason(fetching, &asking);
	} else if (rc == 0) {
		rc = 1;
	}
	buf_release(&asking.why);
	return rc;
}

/* Is what is staged the right file? The hashes have ended then, else they begin anew. */
static int verify(struct fetching *fetching, struct buf *why)
{
	struct download_memory *memory = fetching->memory;
	int rc = download_verify(&memory->hashes, fetching->conf, memory->stage.fd,
		*fetching->conf->minisign ? fetching->signature : NULL, why);

	if (rc == 0)
		download_hashes_begin(&memory->hashes, fetching->conf);
	return rc;
}

/* After that: what is staged is to be gone on with all the same. Returns 0, or -1. */
static int read_staged(struct fetching *fetching, struct err *err)
{
	struct download_memory *memory = fetching->memory;

	return download_hashes_read(&memory->hashes, memory->stage.fd,
		fetching->conf->path, fetching->ctx, err);
}

static int fetch_file(struct asking *asking, struct err *err)
{
	struct fetching *fetching = asking->fetching;

	for (bool whole = false;;) {
		buf_truncate(&asking->why, 0);
		asking->whole = 0;
		asking->sent = asking->complete = asking->temporary = false;
		asking->refused = asking->later = asking->comparing = false;
		asking->same = 0;
		asking->from = whole ? 0 : fetching->memory->hashes.size;
		if (download_ask(asking, asking->url->text, err) < 0)
			return -1;
		if (asking->complete)
			buf_truncate(&asking->why, 0);
		if (!asking->why.len) {
			if (verify(fetching, &asking->why) == 1)
				return 1;
			if (asking->complete && !fetching->anew) {
				/* It may be the file of this server that is shorter. */
				if (read_staged(fetching, err) < 0)
					return -1;
				whole = true;
				continue;
			}
		} else if (asking->refused && !asking->temporary && !asking->later &&
			asking->from) {
			/* It may be the range alone that it refuses. */
			whole = true;
			continue;
		} else if (asking->temporary || !asking->sent) {
			/* What was cut short goes on later, at this server or another. */
			return 0;
		}
		/* What is staged is of no use. */
		if (asking->from == 0)
			return download_begin_anew(asking, err);
		if (download_begin_anew(asking, err) < 0)
			return -1;
	}
}

static int try_file(struct fetching *fetching, const struct url *url, struct err *err)
{
	struct asking asking = {
		.fetching = fetching, .url = url, .file = true, .why = BUF_INIT};
	int rc = fetch_file(&asking, err);

	if (rc == 0) {
		if (!asking.temporary && str_starts(asking.type, "text/html"))
			buf_puts(&asking.why, " (it is a page of HTML)");
		add_reason(fetching, &asking);
	}
	buf_release(&asking.why);
	return rc;
}

static int try_url(struct fetching *fetching, const char *text, const struct url **ret,
	struct err *err)
{
	struct url *url = arena_alloc(fetching->ctx->arena, sizeof *url);
	CLEANUP_BUF struct buf missing = BUF_INIT;
	int rc;

	if (url_parse(text, fetching->ctx->arena, url, err) < 0)
		return -1;
	url_secrets_add(url, fetching->ctx->secrets);
	if (url->tls && trust_is_missing(&fetching->sources.trust, "ca_file", &missing)) {
		buf_printf(&fetching->reasons, "%s%s: %s",
			fetching->reasons.len ? "; " : "", url->shown, missing.data);
		return 0;
	}
	rc = try_signature(fetching, url, err);
	if (rc == 1)
		rc = try_file(fetching, url, err);
	if (rc == 1)
		*ret = url;
	return rc;
}

/* ---- all of it ---- */

/* Opens the stage, and reads what an earlier start has left in it, with `resume`. */
static int open_and_read(struct fetching *fetching, const struct fs_attr *attr,
	bool resume, struct err *err)
{
	struct download_memory *memory = fetching->memory;
	const struct download_conf *conf = fetching->conf;
	struct fs *fs = &fetching->ctx->fs;

	memory->stage = (struct fs_stage)FS_STAGE_INIT;
	if ((resume ? fs_stage_resume(fs, &memory->stage, conf->path, attr, err)
		    : fs_stage_open(fs, &memory->stage, conf->path, attr, err)) < 0)
		return -1;
	memory->open = true;
	memory->from = NULL;
	download_hashes_begin(&memory->hashes, conf);
	return download_hashes_read(
		&memory->hashes, memory->stage.fd, conf->path, fetching->ctx, err);
}

static void log_waiting(const struct fetching *fetching, int64_t size, int64_t *said_ms)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const struct ctx *ctx = fetching->ctx;

	if (!download_is_due(said_ms))
		return;
	buf_printf(&text, "waiting for another start, which has fetched %lld KiB of '%s'",
		(long long)(size >> 10), fetching->conf->path);
	log_at_work(ctx->log, text.data);
	log_progress(ctx->log, "[%s] %s", fetching->step->id, text.data);
}

/*
 * Waits while another process fetches the file, for as long as a server may send nothing:
 * who has it may be as stuck. Returns 1 where it has ended, 0 without one, or -1.
 */
static int await_other(struct fetching *fetching, struct err *err)
{
	struct download_memory *memory = fetching->memory;
	const struct download_conf *conf = fetching->conf;
	struct ctx *ctx = fetching->ctx;
	int64_t size, said_ms = 0;
	int rc = 0;

	while (fs_left_is_busy(&ctx->fs, conf->path, &size)) {
		if (!memory->others_ms || size > memory->others) {
			memory->others = size;
			memory->others_ms = clock_ms();
		}
		rc = 0;
		if (clock_ms() - memory->others_ms >= conf->read_timeout_ms)
			break;
		log_waiting(fetching, size, &said_ms);
		if (stop_sleep(ctx->stop, AWAIT_MS, err) < 0)
			return err_append(err,
				" while another start was downloading '%s'", conf->path);
		rc = 1;
	}
	log_progress_end(ctx->log);
	return rc;
}

/* Has another process published the file since it was looked at? */
static bool is_published(const struct fetching *fetching, const struct stat *seen)
{
	const struct download_conf *conf = fetching->conf;
	struct stat st;
	DECLARE_ERR(ignored); /* it shows when it is published */
	int rc = fs_lookup(&fetching->ctx->fs, conf->path, FS_TARGET, &st, &ignored);

	return !conf->unpack && rc == 0 &&
		(!seen || st.st_ino != seen->st_ino ||
			st.st_mtim.tv_sec != seen->st_mtim.tv_sec ||
			st.st_mtim.tv_nsec != seen->st_mtim.tv_nsec);
}

/* Returns 0, 1 where another process has had what an earlier start left, or -1. */
static int open_stage(
	struct fetching *fetching, const struct fs_attr *attr, struct err *err)
{
	struct download_memory *memory = fetching->memory;
	struct ctx *ctx = fetching->ctx;
	int rc;

	if (memory->open)
		return 0;
	if (open_and_read(fetching, attr, fetching->conf->resume, err) == 0) {
		if (!fetching->conf->resume || memory->stage.resumable)
			return 0;
		rc = await_other(fetching, err);
		if (rc != 0)
			download_forget(memory);
		return rc;
	}
	/* On a bad disk each start would fail at the same bytes. */
	if (!memory->open || err->kind != ERR_FAILED || !err->code)
		return -1;
	log_warn(ctx->log,
		"[%s] what was fetched before cannot be read (%s), and is fetched anew",
		fetching->step->id, strerror(err->code));
	err_init(err);
	memory->hashes.size = 0;
	download_forget(memory);
	return open_and_read(fetching, attr, false, err);
}

/* Was all of it fetched before, and only not published? */
static int is_complete(struct fetching *fetching, struct err *err)
{
	struct download_memory *memory = fetching->memory;
	CLEANUP_BUF struct buf why = BUF_INIT;

	if (!memory->hashes.size || *fetching->conf->minisign)
		return 0;
	if (verify(fetching, &why) == 1)
		return 1;
	return read_staged(fetching, err);
}

/*
 * Those of which it is hoped that they have the right file, and what is staged is wrong:
 * while another server may go on with that, only who has more of it than is staged.
 */
static bool is_next(const struct fetching *fetching, size_t i)
{
	bool may_go_on = fetching->temporary || fetching->later;

	return !fetching->anew || fetching->spared[i] == SPARED_MORE ||
		(fetching->spared[i] == SPARED && !may_go_on);
}

/* Asks all of them in turn. Returns as those above do. */
static int try_all(struct fetching *fetching, const struct url **ret, struct err *err)
{
	const struct list *urls = &fetching->conf->url;
	size_t *at = &fetching->at;
	int rc = 0;

	for (*at = 0; rc == 0 && *at < urls->count; ++*at)
		if (is_next(fetching, *at))
			rc = try_url(fetching, urls->items[*at], ret, err);
	return rc;
}

/* Where none goes on with what is staged, or is asked again. */
static int try_anew(struct fetching *fetching, const struct url **ret, struct err *err)
{
	if ((fetching->temporary || fetching->later) && !fetching->ctx->last_try)
		return 0;
	fetching->anew = true;
	return try_all(fetching, ret, err);
}

static int fetch(struct fetching *fetching, const struct fs_attr *attr,
	const struct stat *seen, const struct url **ret, struct err *err)
{
	const struct download_conf *conf = fetching->conf;
	struct ctx *ctx = fetching->ctx;
	int rc;

	*ret = NULL;
	if (download_sources_read(fetching->step, ctx, &fetching->sources, err) < 0)
		return -1;
	rc = open_stage(fetching, attr, err);
	if (rc == 0 && !fetching->memory->judged_anew && is_published(fetching, seen)) {
		fetching->memory->judged_anew = true;
		download_forget(fetching->memory);
		rc = 1;
	}
	if (rc != 0)
		return rc;
	rc = is_complete(fetching, err);
	if (rc == 0)
		rc = try_all(fetching, ret, err);
	if (rc == 0)
		rc = try_anew(fetching, ret, err);
	log_progress_end(ctx->log);
	if (*ret && fetching->reasons.len)
		log_warn(ctx->log, "[%s] what was tried before %s: %s",
			fetching->step->id, (*ret)->shown, fetching->reasons.data);
	if (rc < 0)
		return fetching->reasons.len
			? err_append(err, "; what was tried before: %s",
				  fetching->reasons.data)
			: -1;
	if (rc == 1)
		return fs_stage_settle(&fetching->memory->stage, err);
	err_set(err, fetching->temporary ? ERR_TEMPORARY : ERR_FAILED,
		"cannot download '%s': %s", conf->path, fetching->reasons.data);
	err->retry_after_ms = fetching->retry_after_ms;
	fetching->memory->later = fetching->later && !fetching->temporary;
	return -1;
}

int download_fetch(const struct step *step, struct ctx *ctx,
	struct download_memory *memory, const struct fs_attr *attr,
	const struct stat *seen, struct buf *signature, const struct url **ret,
	struct err *err)
{
	struct fetching fetching = {
		.step = step,
		.conf = step->conf,
		.ctx = ctx,
		.memory = memory,
		.sources = DOWNLOAD_SOURCES_INIT,
		.signature = signature,
		.reasons = BUF_INIT,
	};
	int rc;

	fetching.spared = arena_alloc(
		ctx->arena, fetching.conf->url.count * sizeof *fetching.spared);
	rc = fetch(&fetching, attr, seen, ret, err);

	/* A disk is not left full. */
	if (rc < 0 && memory->open && fs_is_full(err->code))
		memory->hashes.size = 0;
	buf_release(&fetching.reasons);
	trust_release(&fetching.sources.trust);
	return rc;
}

void download_forget(struct download_memory *memory)
{
	if (!memory->open)
		return;
	if (!memory->hashes.size)
		fs_stage_drop(&memory->stage);
	download_hashes_release(&memory->hashes);
	fs_stage_release(&memory->stage);
	memory->open = false;
}
