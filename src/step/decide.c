/* SPDX-License-Identifier: MIT */
/* What is decided of a step before the first one runs. */
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "step/beside.h"
#include "step/clash.h"
#include "step/exports.h"
#include "step/helper.h"
#include "step/owed.h"
#include "step/remember.h"
#include "step/source.h"
#include "step/step.h"
#include "step/when.h"

/* Stands for values that are known only later: says at once which never will be. */
static int later(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	struct ctx *ctx = user;
	const struct step *step;
	const char *why;

	(void)ret;
	if (expand_is_path(word) ||
		(ctx->unknown &&
			list_has(ctx->unknown,
				arena_printf(ctx->arena, "%s:%s", word, name))))
		return EXPAND_LATER;
	step = step_with_value(ctx, word, name, err);
	if (!step)
		return -1;
	why = step->draft && step->kind->no_value ? step->kind->no_value(step->draft)
						  : NULL;
	return why ? err_config(err, "%s: %s", step->id, why) : EXPAND_LATER;
}

struct expander step_early_expander(struct ctx *ctx)
{
	struct expander expander = step_expander(ctx);

	expander.reference = later;
	expander.settled = true;
	expander.doubtful = NULL; /* at the step's turn */
	return expander;
}

static bool judge(const struct field *fields, enum field_which which, struct step *step,
	struct ctx *ctx, void *target, struct problems *problems)
{
	struct expander expander = step_early_expander(ctx);
	struct field_context context = {
		.arena = ctx->arena, .base = ctx->base, .expander = &expander};

	return fields_judge(fields, which, step->section, &context, target, problems);
}

/* Is it in place, so that nothing can be wrong with keys that nobody will read? */
static bool is_there(struct step *step, struct ctx *ctx)
{
	CLEANUP_BUF struct buf ignored = BUF_INIT;
	DECLARE_ERR(err);

	return step_there(step, ctx, &ignored, &err) == IN_PLACE;
}

/* May it run, as far as that is known? */
static bool decide_when(struct step *step, struct ctx *ctx, struct problems *problems)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	size_t before = problems_total(problems);
	int answer;
	DECLARE_ERR(err);

	step->when_known =
		judge(step_when_field, FIELDS_LATE, step, ctx, &step->keys, problems);
	if (!step->when_known)
		return problems_total(problems) == before;
	answer = when_decide(&step->keys.when, ctx, &why, &err);
	if (err.kind) {
		(void)step_locate_key(step, "when", &err); /* always -1 */
		problems_add_err(problems, &err);
	}
	step->certain = answer == CONDITION_YES;
	return answer > 0;
}

/* What is wrong with one step: `problems` from here on. */
struct wrong {
	size_t count, left_out, total;
};

static struct wrong wrong_begin(const struct problems *problems)
{
	return (struct wrong){.count = problems->count,
		.left_out = problems->left_out,
		.total = problems_total(problems)};
}

static void wrong_drop(struct problems *problems, const struct wrong *wrong)
{
	problems_truncate(problems, wrong->count);
	problems->left_out = wrong->left_out;
}

/* Is the path of a key missing, or a directory where only `files` can be read? */
static void check_one_beside(const struct step *step, const struct ctx *ctx,
	const struct setting *setting, const char *path, bool files,
	struct problems *problems)
{
	const char *key = setting->key;
	const char *start = source_start(step->section, key);
	struct stat st;
	DECLARE_ERR(ignored);
	int rc;

	if ((!*start && !beside_is_default(setting, path, ctx->arena)) ||
		!step_may_read(ctx, step->section, key, path))
		return;
	rc = fs_lookup(&ctx->fs, path, FS_ANY, &st, &ignored);
	if (rc == 1)
		problems_add(problems, setting->at, "[%s] %s: '%s' is missing%s",
			step->id, key, path, start);
	else if (rc == 0 && files && S_ISDIR(st.st_mode))
		problems_add(problems, setting->at,
			"[%s] %s: '%s' is a directory, not a file; name the files in "
			"it%s",
			step->id, key, path, start);
}

/* For `check`: does `when` ask of the path that a key reads, which starts elsewhere? */
static void warn_of_when(
	const struct step *step, const struct field *field, const struct ctx *ctx)
{
	const struct conditions *when = &step->keys.when;
	const struct setting *setting = section_get(step->section, field->name);
	struct log_event event = {.level = LOG_WARN};

	if (field->type != FIELD_READ_PATH || !setting)
		return;
	for (size_t i = 0; i < when->count; i++) {
		if (!condition_is_relative(&when->list[i]) ||
			!str_equal(when->list[i].what, setting->value->flat))
			continue;
		event.at = section_place(step->section, "when");
		event.message = arena_printf(ctx->arena,
			"[%s] when: '%s' starts at --base, and the same path in `%s` at "
			"the directory of the drop-in",
			step->id, when->list[i].text, field->name);
		log_event(ctx->log, &event);
	}
}

/*
 * For `check`, which asks for no other file: is what is to be read beside the drop-in
 * missing, and does no earlier step make it?
 */
static void check_beside(
	const struct step *step, const struct ctx *ctx, struct problems *problems)
{
	for (const struct field *field = step->kind->fields; field->name; field++) {
		const struct setting *setting = section_get(step->section, field->name);
		const void *member = (const char *)step->conf + field->offset;
		const char *const *path = member;
		const struct list *paths = member;

		warn_of_when(step, field, ctx);
		if (setting && field->type == FIELD_READ_PATH)
			check_one_beside(step, ctx, setting, *path, false, problems);
		if (!setting || field->type != FIELD_READ_PATHS)
			continue;
		for (size_t i = 0; i < paths->count; i++)
			if (*paths->items[i] != '-') /* it may be missing */
				check_one_beside(step, ctx, setting, paths->items[i],
					true, problems);
	}
}

/* It would be passed over, and what was meant is a name in that directory. */
static void check_slash(const struct step *step, struct problems *problems)
{
	struct making making = {0};
	const char *key;

	if (step->kind->making)
		making = step->kind->making(step);
	if (!making.type || making.type == S_IFDIR)
		return;
	for (size_t i = 0; step_path_of(step, step->conf, i, &key); i++) {
		const struct setting *setting = section_get(step->section, key);

		if (setting && str_ends(setting->value->flat, "/"))
			problems_add(problems, setting->at,
				"[%s] %s: the path of a %s does not end in '/'; write "
				"its name behind that",
				step->id, key, fs_type_name(making.type));
	}
}

static void decide_keys(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct wrong wrong = wrong_begin(problems);
	void *conf = arena_alloc(ctx->arena, step->kind->size);
	DECLARE_ERR(err);
	bool common =
		judge(step_late_fields, FIELDS_LATE, step, ctx, &step->keys, problems);
	bool own = judge(step->kind->fields, FIELDS_ALL, step, ctx, conf, problems);

	step->draft = conf;
	steps_add_made(ctx->steps, step);
	if (problems_total(problems) > wrong.total && !ctx->tolerant &&
		is_there(step, ctx))
		wrong_drop(problems, &wrong);
	if (remember_check(step, ctx, &err) < 0)
		problems_add_err(problems, &err);
	if (!common || !own) {
		if (step->kind->prepare_draft)
			step->kind->prepare_draft(step, ctx, problems);
		return;
	}
	step->conf = conf;
	check_slash(step, problems);
	owed_warn(step, ctx);
	helper_prepare(step, ctx, problems);
	if (ctx->tolerant)
		check_beside(step, ctx, problems);
	if (step->kind->prepare)
		step->kind->prepare(step, ctx, problems);
}

/* Of a step that is not critical, it is the step's alone. */
static void wrong_end(struct step *step, struct ctx *ctx, struct problems *problems,
	const struct wrong *wrong)
{
	if (problems_total(problems) == wrong->total)
		return;
	step->wrong = arena_alloc(ctx->arena, sizeof *step->wrong);
	(void)problems_raise(problems, wrong->count, step->wrong); /* always -1 here */
	if (!step->keys.critical)
		wrong_drop(problems, wrong);
}

void step_decide(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct wrong wrong = wrong_begin(problems);

	step_enter(step, ctx);
	ctx->unknown = &step->unknown;
	if (decide_when(step, ctx, problems)) {
		decide_keys(step, ctx, problems);
		exports_prepare(step, ctx, problems);
		exports_expect(ctx, step);
		ctx->files_change |= step->kind->commands;
	}
	ctx->unknown = NULL;
	wrong_end(step, ctx, problems, &wrong);
}

void step_reject(struct step *step, struct ctx *ctx, struct problems *problems,
	struct place at, const char *why)
{
	const struct wrong wrong = wrong_begin(problems);

	problems_add(problems, at, "[%s] %s", step->id, why);
	wrong_end(step, ctx, problems, &wrong);
}

void step_decided(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct wrong wrong = wrong_begin(problems);

	/* One error of a step is enough. */
	if (!step->draft || step->wrong || !step->kind->decided)
		return;
	step_enter(step, ctx);
	step->kind->decided(step, ctx, problems);
	wrong_end(step, ctx, problems, &wrong);
}
