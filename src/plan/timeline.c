/* SPDX-License-Identifier: MIT */
/* The last run as a picture. */
#include "plan/timeline.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "plan/escaped.h"
#include "plan/last_run.h"

/* All in pixels. */
#define PLOT_WIDTH   1000
#define MARGIN       20
#define HEAD_HEIGHT  104 /* heading, legend and axis */
#define ROW_HEIGHT   20
#define BAR_HEIGHT   14
#define LETTER_WIDTH 8  /* no letter of the font is wider, at its size */
#define LEGEND_Y     46 /* the end of a row of it */
#define LEGEND_ROW   20
#define AXIS_LETTERS 8 /* of the longest label of the axis */
#define WAIT_HEIGHT  6 /* below it, how the step ended is to be seen */
#define BAR_MIN      1.0

#define TICKS_MAX    10
#define REQUIRES_MAX 8   /* lines to a step: from those that ended last */
#define TEXT_MAX     400 /* bytes of a message in a tooltip */
#define HEADING_MAX  120

struct timeline {
	const struct last_run *run;
	struct buf *to;
	int64_t end_us; /* where the axis ends */
	double left;    /* where it begins */
	double width, height;
};

static const char style[] =
	"<style>"
	"text{font:12px monospace;fill:#222}.head{font-weight:bold}"
	/* In front of a bar, where lines lead to. */
	".right{text-anchor:end;stroke:#fff;stroke-width:6px;stroke-linejoin:round;"
	"paint-order:stroke}"
	".grid{stroke:#ddd}.requires{stroke:#446;fill:none;stroke-opacity:.7}"
	".made{fill:#8bc98b}.changed{fill:#e3c45c}.removed{fill:#cf9fdc}"
	".in-place{fill:#bbb}.kept{fill:#d8c9a0}.left-out{fill:#e4e4e4}"
	".failed{fill:#e57373}.not-run{fill:#fff;stroke:#aaa}"
	".services{fill:#f6b26b}.lock{fill:#b39ddb}.retry{fill:#fff176}"
	".others{fill:#80cbc4}"
	"</style>\n";

#define NOT_RUN (&last_step_ends[LAST_STEP_ENDS - 1])

/* What is of no known status counts as not run. */
static const struct last_step_end *end_of(const struct last_step *step)
{
	const struct last_step_end *end = last_step_end(step);

	return end ? end : NOT_RUN;
}

/* ---- text ---- */

/* As a log shows it, in one line, and with what means something to XML escaped. */
static void add_text(struct buf *to, const char *text, size_t longest)
{
	size_t size = strlen(text);
	bool whole = size <= longest;
	CLEANUP_BUF struct buf safe = BUF_INIT;
	/* The last two characters are in no XML, however written: U+FFFE and U+FFFF. */
	static const char *const escapes[][2] = {{"&", "&amp;"}, {"<", "&lt;"},
		{">", "&gt;"}, {"\"", "&quot;"}, {"\n", " "}, {"\xef\xbf\xbe", ""},
		{"\xef\xbf\xbf", ""}, {NULL, NULL}};

	log_show(&safe, text, whole ? size : str_cut(text, longest), 0);
	if (!whole)
		buf_puts(&safe, "…");
	escaped_add(to, safe.data, escapes);
}

static void add_whole(struct buf *to, const char *text)
{
	add_text(to, text, SIZE_MAX);
}

/* ---- geometry ---- */

static double x_of(const struct timeline *timeline, int64_t us)
{
	if (us > timeline->end_us)
		us = timeline->end_us;
	return timeline->left + (double)us * PLOT_WIDTH / (double)timeline->end_us;
}

static double y_of(size_t row)
{
	return HEAD_HEIGHT + (double)row * ROW_HEIGHT;
}

/* What was not run has no time: it stands at the end. */
static int64_t start_of(const struct timeline *timeline, const struct last_step *step)
{
	return end_of(step) == NOT_RUN ? timeline->end_us : step->started_us;
}

/* The margins have room for the longest label, in whatever half it begins. */
static void measure(struct timeline *timeline)
{
	const struct last_run *run = timeline->run;
	size_t longest = 0;
	double label;

	timeline->end_us = run->duration_us > 0 ? run->duration_us : 1;
	for (size_t i = 0; i < run->count; i++) {
		const struct last_step *step = &run->steps[i];
		size_t size = strlen(step->id) + CLOCK_TEXT_MAX / 2;

		longest = size > longest ? size : longest;
		if (step->started_us + step->duration_us > timeline->end_us)
			timeline->end_us = step->started_us + step->duration_us;
	}
	label = (double)longest * LETTER_WIDTH - PLOT_WIDTH / 2.0;
	timeline->left = MARGIN + (label > 0 ? label : 0);
	timeline->width = 2 * timeline->left + PLOT_WIDTH;
	timeline->height = y_of(run->count) + MARGIN;
}

/* ---- parts ---- */

static void add_rect(struct timeline *timeline, const char *class, double x, double y,
	double width, int height)
{
	buf_printf(timeline->to,
		"<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		"height=\"%d\"/>",
		class, x, y, width, height);
}

static void add_key(
	struct timeline *timeline, const char *class, const char *words, double *x, int y)
{
	add_rect(timeline, class, *x, y - BAR_HEIGHT + 2, BAR_HEIGHT, BAR_HEIGHT);
	buf_printf(timeline->to, "<text x=\"%.1f\" y=\"%d\">%s</text>\n",
		*x + BAR_HEIGHT + 4, y, words);
	*x += BAR_HEIGHT + 16 + LETTER_WIDTH * (double)strlen(words);
}

static void add_legend(struct timeline *timeline)
{
	const int y = LEGEND_Y + LEGEND_ROW;
	double x = MARGIN;

	for (size_t i = 0; i < LAST_STEP_ENDS; i++)
		add_key(timeline, last_step_ends[i].class,
			last_step_word(&last_step_ends[i]), &x, LEGEND_Y);
	x = MARGIN;
	buf_printf(timeline->to, "<text x=\"%.1f\" y=\"%d\">waited for:</text>\n", x, y);
	x += LETTER_WIDTH * 12;
	for (size_t i = 0; waited_for_names[i]; i++)
		add_key(timeline, waited_for_names[i], waited_for_names[i], &x, y);
}

/* 1, 2 or 5 of a power of ten. */
static int64_t tick_of(int64_t end_us)
{
	int64_t tick = 1;

	for (int i = 0; end_us / tick > TICKS_MAX; i++)
		tick = i % 3 == 1 ? tick / 2 * 5 : tick * 2;
	return tick;
}

static void add_axis(struct timeline *timeline)
{
	int64_t tick = tick_of(timeline->end_us);

	for (int64_t us = 0; us <= timeline->end_us; us += tick) {
		char text[CLOCK_TEXT_MAX];
		double x = x_of(timeline, us);
		/* The last one has no room behind it. */
		bool right = x + AXIS_LETTERS * LETTER_WIDTH > timeline->width;

		clock_duration(us, text);
		buf_printf(timeline->to,
			"<path class=\"grid\" d=\"M%.1f %d V%.1f\"/>"
			"<text%s x=\"%.1f\" y=\"%d\">%s</text>\n",
			x, HEAD_HEIGHT - 8, timeline->height - MARGIN,
			right ? " class=\"right\"" : "", x, HEAD_HEIGHT - 14, text);
	}
}

static int64_t ended_us(const struct timeline *timeline, size_t row)
{
	const struct last_step *step = &timeline->run->steps[row];

	return step->started_us + step->duration_us;
}

/* Which of those that a step requires ended last, that first. Returns how many. */
static size_t find_latest(const struct timeline *timeline, const struct last_step *step,
	size_t ret[REQUIRES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < step->requires_count; i++) {
		size_t row = step->requires[i], at = count;

		for (; at > 0 &&
			ended_us(timeline, ret[at - 1]) < ended_us(timeline, row);
			at--)
			if (at < REQUIRES_MAX)
				ret[at] = ret[at - 1];
		if (at < REQUIRES_MAX)
			ret[at] = row;
		if (count < REQUIRES_MAX)
			count++;
	}
	return count;
}

/* From where what it requires has ended, down to its row, and to where it begins. */
static void add_requires(struct timeline *timeline, size_t row)
{
	const struct last_step *step = &timeline->run->steps[row];
	size_t latest[REQUIRES_MAX];
	size_t count = find_latest(timeline, step, latest);

	if (end_of(step) == NOT_RUN)
		return;
	for (size_t i = 0; i < count; i++) {
		double middle = BAR_HEIGHT / 2.0;

		buf_printf(timeline->to,
			"<path class=\"requires\" d=\"M%.1f %.1f V%.1f H%.1f\"/>\n",
			x_of(timeline, ended_us(timeline, latest[i])),
			y_of(latest[i]) + middle, y_of(row) + middle,
			x_of(timeline, step->started_us));
	}
}

static void add_tooltip(struct timeline *timeline, const struct last_step *step)
{
	struct buf *to = timeline->to;
	size_t latest[REQUIRES_MAX];
	size_t count = find_latest(timeline, step, latest);
	char took[CLOCK_TEXT_MAX];

	clock_duration(step->duration_us, took);
	buf_puts(to, "<title>");
	add_whole(to, step->id);
	buf_printf(to, ", %s in %s: ", last_step_word(end_of(step)), took);
	add_text(to, step->message, TEXT_MAX);
	buf_puts(to, *step->description ? "; " : "");
	add_text(to, step->description, TEXT_MAX);
	for (size_t i = 0; i < count; i++) {
		buf_puts(to, i ? ", " : "; requires ");
		add_whole(to, timeline->run->steps[latest[i]].id);
	}
	if (step->requires_count > count)
		buf_printf(to, " and %zu more", step->requires_count - count);
	if (*step->services)
		buf_puts(to, step->requires_count ? ", " : "; requires ");
	add_text(to, step->services, TEXT_MAX);
	buf_puts(to, "</title>");
}

static void add_waits(struct timeline *timeline, size_t row)
{
	const struct last_step *step = &timeline->run->steps[row];

	for (size_t i = 0; i < step->waits_count; i++) {
		const struct wait *wait = &step->waits[i];
		double x = x_of(timeline, wait->started_us);
		double end = x_of(timeline, wait->started_us + wait->duration_us);

		add_rect(timeline, waited_for_names[wait->waited_for], x, y_of(row),
			end - x, WAIT_HEIGHT);
	}
}

static void add_step(struct timeline *timeline, size_t row)
{
	const struct last_step *step = &timeline->run->steps[row];
	struct buf *to = timeline->to;
	int64_t start = start_of(timeline, step);
	double x = x_of(timeline, start);
	double width = x_of(timeline, start + step->duration_us) - x;
	bool right = x > timeline->left + PLOT_WIDTH / 2.0;
	char took[CLOCK_TEXT_MAX];

	clock_duration(step->duration_us, took);
	buf_puts(to, "<g class=\"step\">");
	add_tooltip(timeline, step);
	add_rect(timeline, end_of(step)->class, x, y_of(row),
		width > BAR_MIN ? width : BAR_MIN, BAR_HEIGHT);
	add_waits(timeline, row);
	buf_printf(to, "<text%s x=\"%.1f\" y=\"%.1f\">", right ? " class=\"right\"" : "",
		right ? x - 4 : x + 4, y_of(row) + BAR_HEIGHT - 3);
	add_whole(to, step->id);
	buf_printf(to, " (%s)</text></g>\n", took);
}

void timeline_svg(const struct last_run *run, const char *heading, struct buf *ret)
{
	struct timeline timeline = {.run = run, .to = ret};

	measure(&timeline);
	buf_printf(ret,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" "
		"height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n<title>",
		timeline.width, timeline.height, timeline.width, timeline.height);
	add_whole(ret, heading);
	buf_puts(ret, "</title>\n");
	buf_puts(ret, style);
	buf_printf(ret, "<path fill=\"#fff\" d=\"M0 0 H%.0f V%.0f H0 Z\"/>\n",
		timeline.width, timeline.height);
	buf_printf(ret, "<text class=\"head\" x=\"%d\" y=\"20\">", MARGIN);
	add_text(ret, heading, HEADING_MAX);
	buf_puts(ret, "</text>\n");
	add_legend(&timeline);
	add_axis(&timeline);
	for (size_t i = 0; i < run->count; i++)
		add_requires(&timeline, i);
	for (size_t i = 0; i < run->count; i++)
		add_step(&timeline, i);
	buf_puts(ret, "</svg>\n");
}
