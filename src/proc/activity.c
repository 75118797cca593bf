/* SPDX-License-Identifier: MIT */
/* What parent and worker say to each other. */
#include "proc/activity.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "proc/sources.h"

#define READS_MAX 1000 /* a worker that was killed may leave a change half made */

/* One writer, and a reader that looks again if it was changed meanwhile (a seqlock). */
struct activity {
	atomic_uint turn; /* odd: being changed */
	struct activity_now now;
	atomic_bool signals_known; /* from then on nothing writes to them */
	struct signal_rules signals;
	atomic_int stop; /* the parent's */
	atomic_int group;
	atomic_bool changed;
	uint64_t app_keys[ACTIVITY_KEYS_MAX];
	struct sources sources; /* of which no page is used without `reload` */
};

struct activity *activity_map(struct err *err)
{
	struct activity *activity = mmap(NULL, sizeof *activity, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (activity == MAP_FAILED) {
		(void)err_sys(err, "map the worker's activity"); /* always -1 */
		return NULL;
	}
	return activity;
}

void activity_unmap(struct activity *activity)
{
	if (activity)
		(void)munmap(activity, sizeof *activity); /* fails for a bad address */
}

/* ---- the worker ---- */

static void begin_change(struct activity *activity)
{
	atomic_fetch_add_explicit(&activity->turn, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
}

static void end_change(struct activity *activity)
{
	atomic_fetch_add_explicit(&activity->turn, 1, memory_order_release);
}

/* Of a text that is longer, what is behind some word is not worth a failure. */
static void set_text(char to[ACTIVITY_TEXT_MAX], const char *text)
{
	static const char cut[] = " …";
	size_t size = strlen(text), end;

	if (size >= ACTIVITY_TEXT_MAX) {
		size = end = str_cut(text, ACTIVITY_TEXT_MAX - sizeof cut);
		while (end && text[end] != ' ')
			end--;
		size = end ? end : size;
		memcpy(to + size, cut, sizeof cut);
	} else {
		to[size] = '\0';
	}
	memcpy(to, text, size);
}

void activity_step(struct activity *activity, const char *id)
{
	begin_change(activity);
	set_text(activity->now.step, id ? id : "");
	activity->now.detail[0] = '\0';
	activity->now.began_ms = clock_ms();
	end_change(activity);
}

void activity_detail(struct activity *activity, const char *text)
{
	begin_change(activity);
	set_text(activity->now.detail, text);
	end_change(activity);
}

void activity_deadline(struct activity *activity, int64_t deadline_ms)
{
	begin_change(activity);
	activity->now.deadline_ms = deadline_ms;
	end_change(activity);
}

void activity_log(struct activity *activity, const struct log *log)
{
	begin_change(activity);
	activity->now.log_known = true;
	activity->now.log_level = log->level;
	activity->now.log_json = log->json;
	end_change(activity);
}

void activity_signals(struct activity *activity, const struct signal_rules *rules)
{
	activity->signals = *rules;
	atomic_store_explicit(&activity->signals_known, true, memory_order_release);
}

void activity_change(struct activity *activity)
{
	atomic_store(&activity->changed, true);
}

struct sources *activity_sources(struct activity *activity)
{
	return &activity->sources;
}

uint64_t *activity_app_keys(struct activity *activity)
{
	return activity->app_keys;
}

atomic_int *activity_stop(struct activity *activity)
{
	return &activity->stop;
}

atomic_int *activity_group(struct activity *activity)
{
	return &activity->group;
}

/* ---- the parent ---- */

void activity_begin(struct activity *activity)
{
	/* Nobody else is there to see it; a worker may have been killed in a change. */
	atomic_store(&activity->turn, 0);
	memset(&activity->now, 0, sizeof activity->now);
	atomic_store(&activity->stop, 0);
	atomic_store(&activity->group, 0);
}

bool activity_take_change(struct activity *activity)
{
	return atomic_exchange(&activity->changed, false);
}

const struct signal_rules *activity_known_signals(const struct activity *activity)
{
	bool known = atomic_load_explicit(&activity->signals_known, memory_order_acquire);

	return known ? &activity->signals : NULL;
}

bool activity_read(const struct activity *activity, struct activity_now *ret)
{
	bool whole = false;

	for (int i = 0; i < READS_MAX && !whole; i++) {
		unsigned turn =
			atomic_load_explicit(&activity->turn, memory_order_acquire);

		if (turn % 2) {
			(void)sched_yield(); /* always succeeds on Linux */
			continue;
		}
		*ret = activity->now;
		atomic_thread_fence(memory_order_acquire);
		whole = turn ==
			atomic_load_explicit(&activity->turn, memory_order_relaxed);
	}
	if (!whole)
		*ret = activity->now;
	ret->step[sizeof ret->step - 1] = '\0';
	ret->detail[sizeof ret->detail - 1] = '\0';
	return whole;
}
