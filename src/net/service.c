/* SPDX-License-Identifier: MIT */
/* Waiting for services. */
#include "net/service.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "net/address.h"
#include "net/probe.h"

#define ATTEMPT_MS 5000  /* of one attempt; what does not answer is asked anew */
#define HTTP_MS    10000 /* the same with a resolver and TLS */
#define GIVE_UP_MS 35000 /* the same behind a resolver with several servers and domains */
#define FIRST_MS   500   /* until it is said what is missing */

struct service {
	const struct address *address;
	struct probe probe;
	bool busy; /* an attempt is under way */
	bool reached;
	unsigned long tries;
	int64_t next_ms;    /* when it is asked again */
	int64_t give_up_ms; /* of the attempt under way */
	int64_t took_ms;
	char last[PROBE_TEXT_MAX]; /* why it was not reached */
};

struct waiting {
	const struct service_wait *how;
	struct service *services;
	size_t count;
	size_t missing; /* are not reached */
	int64_t began_ms;
	int64_t line_ms; /* when the next line is due; INT64_MAX: never */
};

/* ---- what it says ---- */

static void add_duration(struct buf *to, int64_t ms)
{
	char text[CLOCK_TEXT_MAX];

	clock_duration(ms * 1000, text);
	buf_puts(to, text);
}

static void add_missing(const struct waiting *waiting, struct buf *ret)
{
	for (size_t i = 0; i < waiting->count; i++) {
		const struct service *service = &waiting->services[i];

		if (service->reached)
			continue;
		buf_separate(ret, "; ");
		buf_printf(ret, "%s (asked %lu time%s", service->address->shown,
			service->tries, service->tries == 1 ? "" : "s");
		if (*service->last)
			buf_printf(ret, ", last: %s", service->last);
		else if (service->busy)
			buf_puts(ret, ", no answer yet");
		buf_putc(ret, ')');
	}
}

static void add_reached(const struct waiting *waiting, struct buf *ret)
{
	const char *between = "";

	for (size_t i = 0; i < waiting->count; i++) {
		const struct service *service = &waiting->services[i];
		bool file = service->address->form == ADDRESS_FILE;

		buf_printf(ret, "%s%s %s", between, service->address->shown,
			file ? "is there" : "answers");
		between = ", ";
		if (service->tries == 1)
			continue;
		buf_puts(ret, ", after ");
		add_duration(ret, service->took_ms);
	}
}

/* What a deadline has to say of it. */
static int add_to_error(const struct waiting *waiting, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (err->kind != ERR_FAILED)
		return -1;
	add_missing(waiting, &text);
	return err_append(err, ": %s", text.data);
}

static void report_missing(struct waiting *waiting, int64_t now)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (now < waiting->line_ms)
		return;
	waiting->line_ms =
		waiting->how->again_ms ? now + waiting->how->again_ms : INT64_MAX;
	add_missing(waiting, &text);
	waiting->how->missing(waiting->how->user, text.data);
}

/* ---- attempts ---- */

static void settle(struct waiting *waiting, struct service *service)
{
	service->busy = false;
	memcpy(service->last, service->probe.text, sizeof service->last);
	if (*service->last)
		return;
	service->reached = true;
	service->took_ms = clock_ms() - waiting->began_ms;
	waiting->missing--;
}

static int ask(struct waiting *waiting, struct service *service, struct err *err)
{
	struct probe_how how = {.timeout_ms = ATTEMPT_MS,
		.http_timeout_ms = HTTP_MS,
		.fs = waiting->how->fs,
		.stop = waiting->how->stop};

	if (waiting->how->http)
		how.http = *waiting->how->http;
	service->tries++;
	service->give_up_ms = clock_ms() +
		(waiting->how->give_up_ms ? waiting->how->give_up_ms : GIVE_UP_MS);
	service->next_ms = clock_ms() + waiting->how->interval_ms;
	if (probe_begin(&service->probe, service->address, &how, err) < 0)
		return -1;
	service->busy = service->probe.child.pid;
	if (!service->busy)
		settle(waiting, service);
	return 0;
}

/* Asks those whose turn it is, and ends attempts that take too long (a resolver). */
static int begin_attempts(struct waiting *waiting, struct err *err)
{
	for (size_t i = 0; i < waiting->count; i++) {
		struct service *service = &waiting->services[i];
		int64_t now = clock_ms();

		if (service->busy && now >= service->give_up_ms) {
			probe_stop(&service->probe, "no answer");
			settle(waiting, service);
		}
		if (!service->reached && !service->busy && now >= service->next_ms &&
			ask(waiting, service, err) < 0)
			return -1;
	}
	return 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When there is something to do next, whatever comes before. */
static int64_t next_turn(const struct waiting *waiting)
{
	int64_t turn = waiting->line_ms;

	for (size_t i = 0; i < waiting->count; i++) {
		const struct service *service = &waiting->services[i];

		if (!service->reached)
			turn = earlier(turn,
				service->busy ? service->give_up_ms : service->next_ms);
	}
	return turn;
}

/* Waits until an attempt has ended, or it is the turn of something. */
static int await(struct waiting *waiting, struct err *err)
{
	struct pollfd fds[SERVICES_MAX];
	struct service *of[SERVICES_MAX];
	int64_t wait_ms = next_turn(waiting) - clock_ms();
	nfds_t count = 0;

	for (size_t i = 0; i < waiting->count; i++) {
		struct service *service = &waiting->services[i];

		if (!service->busy)
			continue;
		fds[count] =
			(struct pollfd){.fd = service->probe.child.fd, .events = POLLIN};
		of[count++] = service;
	}
	if (stop_poll(waiting->how->stop, fds, count, wait_ms > 0 ? wait_ms : 0, err) < 0)
		return -1;
	for (nfds_t i = 0; i < count; i++) {
		if (!fds[i].revents)
			continue;
		probe_end(&of[i]->probe);
		settle(waiting, of[i]);
	}
	return 0;
}

static bool has_asked(const struct waiting *waiting)
{
	for (size_t i = 0; i < waiting->count; i++)
		if (waiting->services[i].busy || !waiting->services[i].tries)
			return false;
	return true;
}

static int wait_for_all(struct waiting *waiting, struct err *err)
{
	for (;;) {
		if (begin_attempts(waiting, err) < 0)
			return add_to_error(waiting, err);
		if (!waiting->missing)
			return 0;
		if (waiting->how->once && has_asked(waiting)) {
			err_fail(err, "not reached");
			return add_to_error(waiting, err);
		}
		report_missing(waiting, clock_ms());
		if (await(waiting, err) < 0)
			return add_to_error(waiting, err);
	}
}

int service_wait(const struct address *const *addresses, size_t count,
	const struct service_wait *how, struct buf *did, struct err *err)
{
	CLEANUP_FREE struct service *services = mem_zalloc(count * sizeof *services);
	struct waiting waiting = {.how = how,
		.services = services,
		.count = count,
		.missing = count,
		.began_ms = clock_ms()};
	int rc;

	for (size_t i = 0; i < count; i++)
		services[i] =
			(struct service){.address = addresses[i], .probe = PROBE_INIT};
	waiting.line_ms = how->missing ? waiting.began_ms + FIRST_MS : INT64_MAX;
	rc = wait_for_all(&waiting, err);
	for (size_t i = 0; i < count; i++)
		probe_stop(&services[i].probe, "");
	if (rc == 0)
		add_reached(&waiting, did);
	return rc;
}
