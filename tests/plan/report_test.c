/* SPDX-License-Identifier: MIT */
/* The report and printed plans: JSON that parses, text that is safe. */
#include "../ground.h"

#include "base/json.h"
#include "plan/list.h"
#include "plan/print.h"
#include "plan/report.h"
#include "proc/boot.h"

/* The value at a path such as "steps[0].id", as text. */
static void value_is(const char *text, const char *path, const char *expected)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);
	size_t at = 0;

	if (json_read(&json, "report", text, strlen(text), &err) < 0)
		fail_msg("%s: %s", err.text, text);
	for (const char *part = path; *part; part += strspn(part, "].")) {
		size_t size = strcspn(part, "[].");
		char name[32];

		(void)snprintf(name, sizeof name, "%.*s", (int)size, part);
		if (part > path && part[-1] == '[') {
			long n = strtol(name, NULL, 10);

			for (at++; n > 0 && at < json.count; n--)
				at = json.tokens[at].next;
		} else {
			at = json_find(&json, at, name);
		}
		if (at == 0 || at >= json.count)
			fail_msg("%s is missing in %s", path, text);
		part += size + (part[size] == '[');
	}
	if (json.tokens[at].type == JSON_STRING)
		json_decode(&json, at, &got);
	else
		buf_add(&got, text + json.tokens[at].start,
			json.tokens[at].end - json.tokens[at].start);
	assert_string_equal(got.data, expected);
}

static const struct problems no_problems;
static const struct print_wrong none_wrong = {.problems = &no_problems};

static const char ini[] =
	"[directory:a]\npath = a\n[link:b]\npath = b\ntarget = \"\\\033[2J\xc2\x9bX\n"
	"requires = directory:a\n[link:c]\npath = a\ntarget = x\nenabled = no\n";

static struct run apply_all(int expected)
{
	struct run_options options = {.settings = &ground.bootstrap.settings};
	struct run run;

	assert_int_equal(
		run_apply(&ground.bootstrap.plan, &ground.bootstrap.ctx, &options, &run),
		expected);
	return run;
}

static struct report report_of(const struct run *run)
{
	static struct boot boot;

	boot_read(&boot);
	return (struct report){
		.run = run,
		.conf = &ground.bootstrap.conf,
		.problems = &ground.bootstrap.problems,
		.secrets = &ground.bootstrap.secrets,
		.boot = &boot,
	};
}

static void a_report_has_it_all(void **state)
{
	static const char *const values[][2] = {
		{"version", "1"},
		{"status", "success"},
		{"success", "2"},
		{"skipped", "1"},
		{"failed", "0"},
		{"not_run", "0"},
		{"total", "3"},
		{"phase", "steps"},
		{"errors", "[]"},
		{"steps[0].id", "directory:a"},
		{"steps[0].kind", "directory"},
		{"steps[0].line", "1"},
		{"steps[1].line", "3"},
		{"steps[0].order", "5"},
		{"steps[0].status", "success"},
		{"left_out", "1"},
		{"steps[0].changed", "true"},
		{"steps[0].left_out", "false"},
		{"steps[2].left_out", "true"},
		{"steps[0].waits", "[]"},
		{"steps[0].requires", "[]"},
		{"steps[1].requires", "[\"directory:a\"]"},
		{"steps[2].status", "skipped"},
		{"steps[2].message", "not enabled"},
		{"steps[2].changed", "false"},
	};
	CLEANUP_BUF struct buf json = BUF_INIT;
	char pid[16];
	struct run run;
	struct report report;

	(void)state;
	ground_load(ini, NULL);
	run = apply_all(0);
	report = report_of(&run);
	report_json(&report, &json);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		value_is(json.data, values[i][0], values[i][1]);
	value_is(json.data, "config[0].path", ground.file);
	value_is(json.data, "started", run.started);
	(void)snprintf(pid, sizeof pid, "%d", (int)getpid());
	value_is(json.data, "pid", pid);
	assert_int_equal(json.data[json.len - 1], '\n');
	assert_int_equal(strcspn(json.data, "\n"), json.len - 1);
}

static void a_report_has_the_failure(void **state)
{
	CLEANUP_BUF struct buf json = BUF_INIT;
	struct run run;
	struct report report;

	(void)state;
	put("base/a", "in the way");
	ground_load(ini, NULL);
	run = apply_all(-1);
	report = report_of(&run);
	report_json(&report, &json);
	value_is(json.data, "status", "error");
	value_is(json.data, "errors[0].line", "1");
	value_is(json.data, "failed", "1");
	value_is(json.data, "not_run", "1");
	value_is(json.data, "left_out", "1"); /* not enabled */
	value_is(json.data, "steps[0].status", "error");
	value_is(json.data, "steps[1].status", "not-run");
	value_is(json.data, "steps[1].message", "not run: requires directory:a");
}

static void a_report_has_what_is_wrong_with_the_configuration(void **state)
{
	CLEANUP_BUF struct buf json = BUF_INIT;
	struct report report;

	(void)state;
	assert_int_equal(
		ground_read(
			"[directory:a]\n[link:b]\npath = b\ntarget = x\nreplace = z\n",
			NULL, NULL),
		0);
	report = report_of(NULL);
	report_json(&report, &json);
	value_is(json.data, "status", "error");
	value_is(json.data, "phase", "configuration");
	value_is(json.data, "errors[0].file", ground.file);
	value_is(json.data, "errors[0].line", "1");
	value_is(json.data, "errors[1].line", "5");
	value_is(json.data, "total", "0");
	value_is(json.data, "steps", "[]");
}

static void a_report_is_written_whole(void **state)
{
	const struct buf text = {.data = (char[]){"text"}, .len = 4};
	struct fs *fs = &ground.bootstrap.ctx.fs;
	struct report_place place = {.path = in("report")};
	DECLARE_ERR(err);

	(void)state;
	ground_load("", NULL);
	put("report", "old");
	assert_int_equal(chmod(in("report"), 0600), 0);
	assert_int_equal(report_write(fs, &place, &text, true, &err), 0);
	mode_is("report", 0644);
	text_is("report", "text");
	place.path = in("new/report");
	assert_int_equal(report_write(fs, &place, &text, false, &err), 0);
	assert_int_equal(entries("new"), 1);
	place.path = in("new");
	assert_int_equal(report_write(fs, &place, &text, true, &err), -1);
}

static void a_plan_is_printed(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf json = BUF_INIT;
	struct run run;

	(void)state;
	ground_load(ini, NULL);
	assert_int_equal(
		run_forecast(&ground.bootstrap.plan, &ground.bootstrap.ctx, true, &run),
		0);
	assert_int_equal(print_changes(&run), 2);
	print_forecast(&run, false, 0, &text);
	says(text.data, "+ directory:a  create the directory '");
	says(text.data, "to '\"\\\\x1b[2J\\xc2\\x9bX'\n");
	says(text.data, "· link:c       not enabled\n");
	says(text.data, "3 steps: 2 to make, 1 left out\n");
	assert_null(strchr(text.data, '\033'));
	print_forecast_json(&run, &none_wrong, &json);
	value_is(json.data, "changes", "2");
	value_is(json.data, "errors", "0");
	value_is(json.data, "steps[0].forecast", "change");
	value_is(json.data, "steps[2].forecast", "left out");
	value_is(json.data, "steps[1].kind", "link");
	buf_truncate(&text, 0);
	put("base/a", "in the way");
	assert_int_equal(
		run_forecast(&ground.bootstrap.plan, &ground.bootstrap.ctx, true, &run),
		-1);
	print_forecast(&run, true, 0, &text);
	says(text.data, "\033[31m! directory:a");
	says(text.data, "3 steps: 1 left out, 1 would fail, 1 not run\n");
}

static void a_list_is_printed(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf json = BUF_INIT;

	(void)state;
	ground_load(ini, NULL);
	list_text(&ground.bootstrap.plan, "", 0, &text);
	assert_string_equal(text.data,
		"   5  directory:a\n"
		"   6  link:b       requires directory:a\n"
		"   6  link:c       not enabled\n");
	list_json(&ground.bootstrap.plan, "", &none_wrong, &json);
	value_is(json.data, "steps[1].requires[0]", "directory:a");
	value_is(json.data, "steps[2].enabled", "false");
	buf_truncate(&json, 0);
	ground_load("", NULL);
	list_json(&ground.bootstrap.plan, "", &none_wrong, &json);
	value_is(json.data, "steps", "[]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(a_report_has_it_all),
		GROUND(a_report_has_the_failure),
		GROUND(a_report_has_what_is_wrong_with_the_configuration),
		GROUND(a_report_is_written_whole),
		GROUND(a_plan_is_printed),
		GROUND(a_list_is_printed),
	};

	return cmocka_run_group_tests_name("plan/report", tests, NULL, NULL);
}
