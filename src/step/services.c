/* SPDX-License-Identifier: MIT */
/* Services that steps wait for. */
#include "step/services.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "net/http.h"
#include "net/proxy.h"
#include "net/service.h"
#include "net/trust.h"
#include "step/proxied.h"
#include "step/remember.h"
#include "step/step.h"
#include "step/trusted.h"
#include "step/url_secrets.h"

/* As address_parse(). */
static int parse(
	const char *text, struct arena *arena, struct address *ret, struct err *err)
{
	int rc = address_parse(text, arena, ret, err);

	if (rc == 0 || strncasecmp(text, "sqlite", strlen("sqlite")) != 0)
		return rc;
	return err_config(err,
		"is of a file, which no service has to open: leave the step out where it "
		"is, as by `when = !env:DATABASE_URL=sqlite*`");
}

int services_check(const char *text, struct err *err)
{
	struct arena arena = {0};
	struct address address;
	int rc = parse(text, &arena, &address, err);

	arena_release(&arena);
	return rc;
}

int services_check_build(const struct services *services, struct err *err)
{
	return services->list[services->count - 1]->form == ADDRESS_HTTP &&
			!http_available
		? err_config(err,
			  "cannot be asked: this build has no network (NETWORK=no); "
			  "tcp://HOST:PORT waits until its port is open")
		: 0;
}

int services_add(
	struct services *services, const char *text, struct ctx *ctx, struct err *err)
{
	struct address *address = arena_alloc(ctx->arena, sizeof *address);
	int rc = parse(text, ctx->arena, address, err);

	/* Of a wrong one, too: a helper may print it. */
	url_secrets_add_text(address->secret, ctx->secrets);
	url_secrets_add_text(address->query, ctx->secrets);
	if (rc < 0)
		return -1;
	if (services->count == SERVICES_MAX)
		return err_config(err, "there are more than %d services", SERVICES_MAX);
	services->list = arena_array_grow(
		ctx->arena, services->list, services->count, sizeof *services->list);
	services->list[services->count++] = address;
	return 0;
}

void services_name(const struct services *services, struct buf *ret)
{
	for (size_t i = 0; i < services->count; i++)
		buf_printf(ret, "%s%s", i ? ", " : "", services->list[i]->shown);
}

struct waiter {
	const struct step *step;
	const struct ctx *ctx;
};

#define LINES_MS   10000 /* between two lines of the log */
#define AT_WORK_MS 500   /* the same where others choose when it is shown */

static void log_missing(void *user, const char *text)
{
	const struct waiter *waiter = user;
	const struct log *log = waiter->ctx->log;
	CLEANUP_BUF struct buf work = BUF_INIT;

	if (!waiter->step) {
		log_info(log, "--wait: waiting for %s", text);
		return;
	}
	buf_printf(&work, "waiting for %s", text);
	log_at_work(log, work.data);
	log_progress(log, "[%s] waiting for %s", waiter->step->id, text);
}

/* Finds what verifies https, where it is asked or led to. Returns 0, or -1. */
static int find_trust(const struct services *services, struct ctx *ctx, struct trust *ret,
	struct err *err)
{
	CLEANUP_BUF struct buf missing = BUF_INIT;
	const char *ca_file = services->ca_file ? services->ca_file : "";
	const struct address *tls = NULL;
	bool may_lead_there = false;

	for (size_t i = 0; i < services->count; i++) {
		if (services->list[i]->tls)
			tls = services->list[i];
		may_lead_there |= services->list[i]->form == ADDRESS_HTTP &&
			services->http.redirects > 0;
	}
	if ((!tls && !may_lead_there) || services->http.insecure)
		return 0;
	if (trusted_find(services->step, ctx, ca_file, ret, err) < 0)
		return -1;
	if (tls && trust_is_missing(ret, "ca_file", &missing))
		return err_fail(err, "%s: %s", tls->shown, missing.data);
	return 0;
}

int services_check_trust(
	const struct services *services, struct ctx *ctx, struct err *err)
{
	struct trust trust = TRUST_INIT;
	int rc = find_trust(services, ctx, &trust, err);

	trust_release(&trust);
	return rc;
}

static bool has_url(const struct services *services)
{
	for (size_t i = 0; i < services->count; i++)
		if (services->list[i]->form == ADDRESS_HTTP)
			return true;
	return false;
}

static int await(const struct services *services, struct ctx *ctx,
	const struct service_wait *how, struct buf *did, struct err *err)
{
	struct trust trust = TRUST_INIT;
	struct proxies proxies = {0};
	struct probe_http http = services->http;
	struct service_wait whole = *how;
	int rc = find_trust(services, ctx, &trust, err);

	if (rc == 0 && has_url(services))
		rc = proxied_find(ctx, &proxies, err);
	http.trust = &trust;
	http.proxies = &proxies;
	whole.http = &http;
	whole.fs = &ctx->fs;
	if (rc == 0)
		rc = service_wait(services->list, services->count, &whole, did, err);
	trust_release(&trust);
	return rc;
}

#define ASK_MS 6000 /* an attempt over TCP that ends without an answer, and more */

int services_ask(const struct services *services, struct ctx *ctx, struct buf *why)
{
	const struct stop whole = stop_narrow(ctx->stop, ASK_MS);
	const struct service_wait how = {
		.stop = ctx->stop, .interval_ms = 2 * ASK_MS, .once = true};
	CLEANUP_BUF struct buf did = BUF_INIT;
	DECLARE_ERR(err);
	int rc = await(services, ctx, &how, &did, &err);

	stop_widen(ctx->stop, &whole);
	buf_printf(why, "; now: %s", rc < 0 ? err.text : did.data);
	return rc < 0 ? UNKNOWABLE : IN_PLACE;
}

int services_await(const struct services *services, const struct step *step,
	struct ctx *ctx, int64_t interval_ms, struct buf *did, struct err *err)
{
	struct waiter waiter = {.step = step, .ctx = ctx};
	const struct service_wait how = {
		.stop = ctx->stop,
		.interval_ms = interval_ms,
		.missing = log_missing,
		.again_ms = step ? AT_WORK_MS : LINES_MS,
		.user = &waiter,
	};
	int rc;

	remember_yield(ctx);
	rc = await(services, ctx, &how, did, err);
	if (step)
		log_progress_end(ctx->log);
	return rc;
}
