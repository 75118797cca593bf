/* SPDX-License-Identifier: MIT */
/* The kind `wait`: what must be there before later steps run, and is made by others. */
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/stop.h"
#include "net/status.h"
#include "step/helper.h"
#include "step/remember.h"
#include "step/services.h"
#include "step/step.h"

#define INTERVAL_MIN_MS 10 /* what asks more often does nothing else */

struct wait_conf {
	struct list url;
	int64_t interval_ms;
	struct list command;
	struct list expect;
	bool insecure;
	const char *ca_file;
	int64_t redirects;
};

static int check_status(const char *text, struct err *err)
{
	struct status_range range;

	return status_parse(text, &range, err);
}

static const struct field fields[] = {
	{"url", FIELD_LIST, offsetof(struct wait_conf, url), .check = services_check,
		.elsewhere = "uri host address service tcp http", .unquoted = true,
		.help = "the addresses of services, which are waited for side by side",
		.example = "tcp://db:5432 unix:///run/app.sock ${DATABASE_URL}"},
	{"command", FIELD_COMMAND, offsetof(struct wait_conf, command),
		.help = "a command that ends with 0 once it is ready; run when all "
			"services of `url` are reached",
		.example = "pg_isready -h db"},
	{"interval", FIELD_DURATION, offsetof(struct wait_conf, interval_ms), "500ms",
		.elsewhere = "sleep delay period",
		.help = "how long after one attempt the next one begins"},
	{"expect", FIELD_LIST, offsetof(struct wait_conf, expect), .check = check_status,
		.elsewhere = "status status_code statuses code",
		.help = "of http and https: the statuses that are readiness, and ranges "
			"of them (default: 200-399)",
		.example = "200 204 301-308 4xx"},
	{"redirects", FIELD_COUNT, offsetof(struct wait_conf, redirects), "0", .max = 50,
		.help = "how many redirects are followed, never from https to http; one "
			"that is not is the answer"},
	{"ca_file", FIELD_READ_PATH, offsetof(struct wait_conf, ca_file),
		.elsewhere = "ca cacert ca_cert ca_certificate cafile",
		.help = "certificates, in PEM, of the authorities that may sign that of "
			"a server of https (default: the system's)",
		.example = "/etc/app/ca.pem"},
	{"insecure", FIELD_BOOL, offsetof(struct wait_conf, insecure), "no",
		.help = "whether the certificate of a server of https may be any"},
	{0},
};

static void validate(const struct section *section, struct problems *problems)
{
	if (!section_get(section, "url") && !section_get(section, "command"))
		problems_add(problems, section->at,
			"[%s] says neither `url` nor `command`: what is waited for",
			section->id);
}

static int find_statuses(
	const struct step *step, struct ctx *ctx, struct probe_http *ret, struct err *err)
{
	const struct list *words = &((const struct wait_conf *)step->conf)->expect;
	struct status_range *ranges = arena_alloc(
		ctx->arena, (words->count + 1) * sizeof *ranges); /* not of 0 bytes */

	for (size_t i = 0; i < words->count; i++)
		if (status_parse(words->items[i], &ranges[i], err) < 0)
			return step_locate_key(step, "expect", err);
	ret->expect = ranges;
	ret->expect_count = words->count;
	return 0;
}

static int find(
	const struct step *step, struct ctx *ctx, struct services *ret, struct err *err)
{
	const struct wait_conf *conf = step->conf;

	for (size_t i = 0; i < conf->url.count; i++)
		if (services_add(ret, conf->url.items[i], ctx, err) < 0 ||
			services_check_build(ret, err) < 0)
			return step_locate_key(step, "url", err);
	ret->ca_file = conf->ca_file;
	ret->step = step;
	ret->http.insecure = conf->insecure;
	ret->http.redirects = (int)conf->redirects;
	return find_statuses(step, ctx, &ret->http, err);
}

/* Nothing is verified of http, nor not verified. */
static void warn_plain(
	const struct step *step, const struct services *services, struct ctx *ctx)
{
	static const char *const keys[] = {"ca_file", "insecure"};

	for (size_t i = 0; i < services->count; i++)
		if (services->list[i]->tls)
			return;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const struct setting *key = section_get(step->section, keys[i]);

		if (key && !key->defaulted && services->http.redirects == 0)
			log_warn_at(ctx->log, key->at,
				"[%s] %s: has no effect: it is of https://, and no `url` "
				"is, nor is a redirect followed there",
				step->id, keys[i]);
	}
}

/* Keys of HTTP beside services that are all of another kind. */
static void judge_http(const struct step *step, const struct services *services,
	struct ctx *ctx, struct problems *problems)
{
	static const char *const keys[] = {"expect", "redirects", "ca_file", "insecure"};
	const struct wait_conf *conf = step->conf;
	bool any = false;

	for (size_t i = 0; i < services->count; i++)
		any |= services->list[i]->form == ADDRESS_HTTP;
	for (size_t i = 0; !any && i < sizeof keys / sizeof *keys; i++) {
		const struct setting *key = section_get(step->section, keys[i]);

		if (key && !key->defaulted)
			problems_add(problems, key->at,
				"[%s] %s: is of http:// and https://, and no `url` is "
				"one of these",
				step->id, keys[i]);
	}
	if (any)
		warn_plain(step, services, ctx);
	if (conf->insecure && *conf->ca_file)
		problems_add(problems, section_get(step->section, "insecure")->at,
			"[%s] insecure: then nothing is verified by `ca_file`; leave one "
			"of both out",
			step->id);
}

static void prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct wait_conf *conf = step->conf;
	const struct setting *interval = section_get(step->section, "interval");
	struct services services = {0};
	DECLARE_ERR(err);

	if (conf->interval_ms < INTERVAL_MIN_MS)
		problems_add(problems, interval->at, "[%s] interval: is at least %dms",
			step->id, INTERVAL_MIN_MS);
	if (find(step, ctx, &services, &err) < 0)
		problems_add_err(problems, &err);
	else
		judge_http(step, &services, ctx, problems);
}

/* ---- the command ---- */

/*
 * Returns 1 where it is content, 0 where it is not, or -1; `last` is what it had to say
 * about it. Of the many tries only that text is shown, and nothing in the log.
 */
static int try_command(
	const struct step *step, struct ctx *ctx, struct err *last, struct err *err)
{
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;
	const struct wait_conf *conf = step->conf;
	const struct helper helper = {.argv = &conf->command};
	const struct log quiet = {.fd = -1};
	const struct log *log = ctx->log;
	int rc;

	ctx->log = &quiet;
	rc = helper_run(&helper, step, ctx, &result, err);
	ctx->log = log;
	if (rc == 0 && result.status == 0)
		return 1;
	if (rc == 0) {
		(void)helper_failed(&result, last); /* always -1 */
	} else if (result.tail.len && last->kind == ERR_NONE) {
		/* A try that has ended says more. */
		(void)err_fail(last, "the command did not end"); /* the same */
		(void)err_quote(last, "; its last lines:\n%s", result.tail.data);
	}
	return rc;
}

static int await_command(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct wait_conf *conf = step->conf;
	unsigned long tries = 0;
	DECLARE_ERR(last);

	remember_yield(ctx);
	for (;;) {
		int64_t next = clock_ms() + conf->interval_ms;
		int rc = try_command(step, ctx, &last, err);

		if (rc == 1)
			break;
		tries++;
		next -= clock_ms();
		if (rc == 0 && stop_sleep(ctx->stop, next > 0 ? next : 0, err) == 0)
			continue;
		if (err->kind == ERR_FAILED && last.kind != ERR_NONE) {
			err_append(
				err, ": tried %lu time%s", tries, tries == 1 ? "" : "s");
			err_append_err(err, ": ", &last);
		}
		return err_prefix(err, "command");
	}
	buf_puts(did,
		did->len ? ", and its command ends with 0" : "its command ends with 0");
	return 0;
}

/* For `plan --online`. */
static int ask(const struct wait_conf *conf, const struct services *services,
	struct ctx *ctx, struct buf *why)
{
	int rc = services->count ? services_ask(services, ctx, why) : IN_PLACE;

	if (!conf->command.count)
		return rc;
	buf_puts(why, "; a plan does not run its command");
	return UNKNOWABLE;
}

/* ---- the contract ---- */

/* A wait makes nothing: it is done by looking, and nobody is kept out meanwhile. */
static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct wait_conf *conf = step->conf;
	bool written = section_get(step->section, "timeout") != NULL;
	struct services services = {0};
	struct stop whole;
	int rc;

	if (find(step, ctx, &services, err) < 0)
		return -1;
	if (ctx->planning) {
		buf_puts(why, "nothing to make; waits for ");
		services_name(&services, why);
		if (conf->command.count)
			buf_printf(why, "%sits command", services.count ? ", and " : "");
		if (services_check_trust(&services, ctx, err) < 0)
			return -1;
		return ctx->online ? ask(conf, &services, ctx, why) : UNKNOWABLE;
	}
	whole = stop_narrow(ctx->stop, written ? -1 : ctx->wait_ms);
	rc = services.count
		? services_await(&services, step, ctx, conf->interval_ms, why, err)
		: 0;
	if (rc == 0 && conf->command.count)
		rc = await_command(step, ctx, why, err);
	stop_widen(ctx->stop, &whole);
	return rc < 0 ? -1 : IN_PLACE;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	return check(step, ctx, did, err) < 0 ? -1 : 0;
}

const struct kind kind_wait = {
	.name = "wait",
	.elsewhere = "service healthcheck wait_for ready",
	.summary = "nothing: waits for a service, or until a command succeeds",
	.example = "[wait:db]\n"
		   "url = tcp://db:5432\n"
		   "timeout = 1min\n",
	.order = 17,
	.waits = true,
	.size = sizeof(struct wait_conf),
	.fields = fields,
	.validate = validate,
	.prepare = prepare,
	.check = check,
	.apply = apply,
};
