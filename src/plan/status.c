/* SPDX-License-Identifier: MIT */
/* How the last run ended. */
#include "plan/status.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"

/* ---- one line ---- */

static void add_safely(struct buf *ret, const char *text)
{
	log_show(ret, text, strlen(text), 0);
}

/* "12s", in whole seconds from then to now; also of a clock that was set back. */
static void add_span(struct buf *ret, int64_t then_s)
{
	char text[CLOCK_TEXT_MAX];
	long long seconds = clock_epoch() - then_s;

	if (seconds <= 0) {
		buf_puts(ret, "less than 1s");
	} else if (seconds < 60) {
		buf_printf(ret, "%llds", seconds);
	} else {
		clock_duration(seconds * 1000000, text);
		buf_puts(ret, text);
	}
}

/* What is kept has the date. */
static void add_began(struct buf *ret, const struct last_run *run)
{
	buf_puts(ret, ", begun ");
	add_safely(ret, run->started);
}

static void add_ago(struct buf *ret, int64_t then_s)
{
	buf_puts(ret, ", ");
	add_span(ret, then_s);
	buf_puts(ret, " ago");
}

static void add_ended(struct buf *ret, const struct last_run *run, bool dated)
{
	char took[CLOCK_TEXT_MAX];

	clock_duration(run->duration_us, took);
	buf_printf(ret, " in %s", took);
	if (dated)
		add_began(ret, run);
	else
		add_ago(ret, run->started_s + run->duration_us / 1000000);
}

/* What failed was not critical: "succeeded in part (1 failed, 2 not run)". */
static void add_in_part(struct buf *ret, const struct last_run *run)
{
	if (run->failed <= 0)
		return;
	buf_printf(ret, " in part (%lld failed", (long long)run->failed);
	if (run->not_run > 0)
		buf_printf(ret, ", %lld not run", (long long)run->not_run);
	buf_putc(ret, ')');
}

static void add_step(struct buf *ret, const struct last_run *run)
{
	if (!*run->step)
		return;
	buf_puts(ret, " at step '");
	add_safely(ret, run->step);
	buf_puts(ret, "'");
}

static void add_running(struct buf *ret, const struct last_run *run, bool dated)
{
	buf_puts(ret,
		dated ? "the bootstrap is at work"
		      : "the bootstrap has been at work for ");
	if (dated)
		add_began(ret, run);
	else
		add_span(ret, run->started_s);
	if (*run->waits_for && !*run->step) {
		buf_puts(ret, ", and waits for ");
		add_safely(ret, run->waits_for);
	}
	if (!*run->step)
		return;
	buf_puts(ret, ",");
	add_step(ret, run);
	if (dated)
		return;
	buf_puts(ret, " for ");
	add_span(ret, run->step_started_s);
}

void status_text(const struct last_run *run, enum last_end end, const char *path,
	bool dated, struct buf *ret)
{
	switch (end) {
	case LAST_SUCCESS:
		buf_puts(ret, "the bootstrap succeeded");
		add_in_part(ret, run);
		add_ended(ret, run, dated);
		break;
	case LAST_ERROR:
		buf_puts(ret, "the bootstrap failed");
		add_ended(ret, run, dated);
		if (*run->error)
			buf_puts(ret, ": ");
		log_show(ret, run->error, strlen(run->error), STATUS_INDENT);
		break;
	case LAST_RUNNING:
		add_running(ret, run, dated);
		break;
	case LAST_CRASHED:
		buf_printf(ret, "the bootstrap crashed%s: its process %ld is gone",
			*run->step ? "" : " before a step had something to do",
			(long)run->pid);
		add_step(ret, run);
		break;
	case LAST_NONE:
		buf_puts(
			ret, "no bootstrap in this boot of this container: the report '");
		add_safely(ret, path);
		buf_puts(ret, "' is of another, of host '");
		add_safely(ret, run->boot.host);
		buf_puts(ret, "'");
		if (dated)
			add_began(ret, run);
		else
			add_ago(ret, run->started_s);
		break;
	}
	buf_putc(ret, '\n');
}

void status_nothing(const char *path, bool no_directory, struct buf *ret)
{
	buf_puts(ret, "there is no report '");
	add_safely(ret, path);
	buf_puts(ret,
		no_directory
			? "': the state directory is missing, which is only made "
			  "where a step has something to remember; name a "
			  "`report` in [bootstrap]\n"
			: "': there was no bootstrap yet, or its report could not be "
			  "written\n");
}

/* ---- the steps ---- */

#define WIDTH_MAX 64 /* of ids below each other */
#define WORD_MIN  8  /* the same of what became of them */
#define BESIDE    12 /* what stands beside both in front of a message */

/* The columns of the lines below each other. */
struct widths {
	int word, id;
};

static const char *word_of(const struct last_step *step)
{
	const struct last_step_end *end = last_step_end(step);

	return end ? last_step_word(end) : "?";
}

static struct widths measure(const struct last_run *run)
{
	struct widths widths = {.word = WORD_MIN};

	for (size_t i = 0; i < run->count; i++) {
		int id = (int)strlen(run->steps[i].id);
		int word = (int)strlen(word_of(&run->steps[i]));

		if (id <= WIDTH_MAX && id > widths.id)
			widths.id = id;
		widths.word = word > widths.word ? word : widths.word;
	}
	return widths;
}

static void add_line(const struct last_step *step, const struct widths *widths,
	bool color, struct buf *ret)
{
	CLEANUP_BUF struct buf id = BUF_INIT;
	const struct last_step_end *end = last_step_end(step);
	char took[CLOCK_TEXT_MAX];

	add_safely(&id, step->id);
	clock_duration(step->duration_us, took);
	buf_printf(ret, "%s%-*s%s  %-*s  %6s  ",
		color && end ? log_marks[end->mark].color : "", widths->word,
		word_of(step), color && end ? "\033[0m" : "", widths->id, id.data, took);
	log_show(ret, step->message, strlen(step->message),
		widths->word + widths->id + BESIDE);
}

void status_steps(const struct last_run *run, bool color, int columns, struct buf *ret)
{
	const struct widths widths = measure(run);

	for (size_t i = 0; i < run->count; i++) {
		size_t begin = ret->len;

		add_line(&run->steps[i], &widths, color, ret);
		log_wrap(ret, begin, columns, widths.word + widths.id + BESIDE);
		buf_putc(ret, '\n');
	}
}

/* ---- JSON ---- */

int status_json(
	const struct json *json, enum last_end end, struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf whole = BUF_INIT;
	CLEANUP_JSON struct json patch = JSON_INIT;

	buf_puts(&text, "{");
	json_member(&text, "status", last_end_names[end]);
	buf_puts(&text, "}");
	if (json_read(&patch, "status", text.data, text.len, err) < 0)
		return -1;
	if (json_merge(json, &patch, &whole, err) < 0)
		return -1;
	json_show(ret, whole.data, whole.len);
	return 0;
}
